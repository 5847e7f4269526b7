"""What forms do figures and answers to bureaus have, field by field? For the OpenAPI document; tests hold answers to it."""

from __future__ import annotations

from typing import Literal

from api.v1.models import AsOf, Words, _Form


class FigureColumn(Words):
    """A column: a count, or what stands beside one and is hidden with it."""

    id: str
    of: Literal["count", "beside"]


class FigureRow(Words):
    """A row; `level` is how far it lies below the total. A value is null where it is not shown, areas are texts."""

    code: str
    level: int
    values: list[int | str | None]


class FigureTable(_Form):
    """A table, the total first."""

    id: str
    title: Words
    columns: list[FigureColumn]
    rows: list[FigureRow]


class Figure(_Form):
    """A figure with how it was counted, for whom, and what belongs to this answer."""

    number: int
    id: str
    title: Words
    counted: Words
    bureaus: list[str]
    tables: list[FigureTable]
    notes: list[Words]


class Statistics(_Form):
    """The figures of a day; `hidden` says what a null stands for."""

    as_of: AsOf
    hidden: Words
    figures: list[Figure]


class QuarterFigures(Statistics):
    """The figures of a quarter, as of its last day."""

    quarter: Words


class Coincidence(_Form):
    """An act within some days after a settlement; `household` is a 承包方编码, "" where it concerns one person alone."""

    settled_on: str
    event: int
    kind: str
    zh: str
    en: str
    act_day: str
    entry: int
    days: int
    household: str
    people: int


class Coincidences(_Form):
    """Acts soon after a settlement, the latest first."""

    as_of: AsOf
    counted: Words
    rows: list[Coincidence]
