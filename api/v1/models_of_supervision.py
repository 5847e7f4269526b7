"""What `/v1/supervision` answers, as the OpenAPI document says it."""

from __future__ import annotations

from typing import Literal

from api.v1.models import AsOf, Words, _Form


class Tile(_Form):
    """One list in short: how many rows, and how they were counted."""

    id: str
    title: Words
    counted: Words
    count: int


class Overview(_Form):
    """Every list."""

    as_of: AsOf
    lists: list[Tile]


class Column(_Form):
    """What a column is called, and how a page writes what stands in it."""

    name: str
    zh: str
    en: str
    form: Literal["text", "number", "day", "moment", "id"]


class Listed(Tile):
    """One list; a cell in both languages has `zh` and `en`."""

    as_of: AsOf
    columns: list[Column]
    rows: list[list[int | str | Words]]


class Sealed(_Form):
    """A seal as it stands in the log."""

    month: str
    entry: int
    families: int
    drawn: int
    line: str


class DrawnFamily(_Form):
    """One family: its id in the list, its settlement, its households (承包方编码), the ids of its people."""

    id: str
    event: int
    settled_on: str
    households: list[str]
    people: list[str]


class Drawn(_Form):
    """The sample in the order of the draw."""

    month: str
    line: str
    families: list[DrawnFamily]
