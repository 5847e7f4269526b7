"""What does the supervision bureau look at: the lists of its page at a terminal, as tables, JSON, csv or xlsx?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import shown
from api.cli.options import HERE, Json, KnownAt, OnlyShownError, Registry, ValidAt, form_of, opened
from registry.errors import SanquanError

if TYPE_CHECKING:
    from registry.supervision.lists import Cell

_LISTS = "refused, soon-after, odd-looks, conditions, sample"
Name = Annotated[str | None, typer.Argument(metavar="LIST", help=f"{_LISTS}; 不写则只报数 how many")]


class NoSuchListError(SanquanError):
    """Raised when a list is asked for that there is not."""

    def __init__(self, known: str) -> None:
        """Name those that there are."""
        super().__init__(f"没有这一项。有: {known}", f"there is no such list; there are {known}")


def supervision(
    name: Name = None,
    *,
    registry: Registry = HERE,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.xlsx|.csv", help="写成表 as a table")] = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """监督台的各项: 被拒的尝试、落户后的变动、查阅异常、村规线索。The supervision bureau's lists, each with how it was counted."""
    from api import asked
    from api.answers import supervision as answers
    from registry.supervision import LISTS

    if name is not None and name not in LISTS:
        raise NoSuchListError(", ".join(LISTS))
    if out is not None and name is None:
        raise OnlyShownError
    with opened(registry) as store, store.reading() as connection:
        at = asked.moment(store, connection, valid_at, known_at)
        if name is None:
            overview = answers.overview(store, connection, at)
            shown.as_json(overview) if json else _overview(overview)
            return
        if out is not None:
            form = form_of(out, "xlsx", "csv")
            out.write_bytes(answers.as_sheet(store, connection, at, name, form))
            shown.say(f"写好了 {out}", "written")
            return
        if json:
            shown.as_json(answers.told(store, connection, at, name))
            return
        one = answers.one(store, connection, at, name)
    header = [f"{column.zh} {column.en}" for column in one.columns]
    shown.table(f"{one.zh} {one.en}", header, [[_text(cell) for cell in row] for row in one.rows])
    shown.say(f"怎么数的: {one.counted[0]}", one.counted[1])


def _overview(answer: dict[str, Any]) -> None:
    for each in answer["lists"]:
        shown.say(f"{each['count']} {each['title']['zh']}", f"{each['title']['en']} ({each['id']})")
        shown.say(f"  怎么数的: {each['counted']['zh']}", each["counted"]["en"])


def _text(cell: Cell) -> str:
    return " ".join(cell) if isinstance(cell, tuple) else str(cell)
