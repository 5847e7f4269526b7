"""Which part of a thing may an act of a kind touch? The second half of a cause: not only whether, but what.

The database refuses a cause that is not on the closed list; here an act of a listed cause is held to its own words
("representative only", "new term; same holders, same parcels"). Each noun's `acts.py` states its table `MAY`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.errors import SanquanError
from registry.law import causes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import shapely

    from registry.ledger.act import Act
    from registry.ledger.nouns import Noun, Row

EVERYTHING = frozenset({"*"})
# A correction may show that a thing began earlier than recorded; no other cause reaches back before the beginning.
_REACHES_BACK = {"record-corrected", "omission-corrected", "court-ordered", "arbitrated"}


@dataclass(frozen=True, slots=True)
class May:
    """What acts of one kind may do to one noun: begin it, end it, bring it back, change these fields."""

    begins: bool = False
    ends: bool = False
    restores: bool = False
    fields: frozenset[str] = frozenset()


ANYTHING = May(begins=True, ends=True, restores=True, fields=EVERYTHING)


def only(*fields: str) -> May:
    """A kind that changes these fields and nothing else."""
    return May(fields=frozenset(fields))


class NotByThisCauseError(SanquanError):
    """Raised when an act's cause is lawful for the thing but not for what the act would do to it."""

    def __init__(self, kind: str, what_zh: str, what_en: str) -> None:
        """The kind, and what it may not do."""
        zh = causes.kinds()[kind].zh if kind in causes.kinds() else kind
        super().__init__(
            f"“{zh}”这一原因不能{what_zh}。请按真实发生的事选原因, 登记没有改动",
            f"the cause {kind} may not {what_en}. Name the act that really happened; nothing was changed",
        )


class AlreadyEndedError(SanquanError):
    """Raised when an act would end or change what has ended, or bring back what stands."""

    def __init__(self, thing_id: str, *, ended: bool) -> None:
        """The thing, and whether it had ended."""
        zh, en = (
            ("已经终止", "has ended") if ended else ("没有终止, 不需恢复", "has not ended: there is nothing to restore")
        )
        super().__init__(f"这项登记({thing_id}){zh}", f"this thing ({thing_id}) {en}")


def may_begin(may: Mapping[str, May], kind: str) -> None:
    """Refuse a kind that begins nothing of this noun."""
    if not may.get(kind, May()).begins:
        raise NotByThisCauseError(kind, "产生新的登记", "begin anything here")


def change(  # noqa: PLR0913  (one change says everything it touches)
    act: Act,
    noun: Noun,
    may: Mapping[str, May],
    thing_id: str,
    columns: Mapping[str, Any],
    *,
    children: Mapping[str, list[Row]] | None = None,
    named: Mapping[str, Any] | None = None,
    shape: shapely.Geometry | None = None,
    finish: Callable[[Row, Mapping[str, list[Row]]], None] | None = None,
) -> None:
    """Change fields that the kind may change. `finish` recomputes what a noun derives from its facts."""
    lists = children or {}
    touched = [*columns, *lists, *(named or {}), *(("geom",) if shape is not None else ())]
    _refuse_fields(may.get(act.kind, May()), act.kind, touched)

    def edit(row: Row, rows: dict[str, list[Row]], status: str) -> str:
        if status == "ended":
            raise AlreadyEndedError(thing_id, ended=True)
        row.update(columns)
        rows.update({name: [dict(line) for line in lines] for name, lines in lists.items()})
        if finish is not None:
            finish(row, rows)
        return status

    act.change(noun, thing_id, edit, extend_back=act.kind in _REACHES_BACK, named=named, shape=shape)


def end(act: Act, noun: Noun, may: Mapping[str, May], thing_id: str) -> None:
    """End a thing from the act's day on. Its parts stay as they were: the end is a status, not a loss of facts."""
    if not may.get(act.kind, May()).ends:
        raise NotByThisCauseError(act.kind, "终止这项登记", "end this")

    def edit(_row: Row, _rows: dict[str, list[Row]], status: str) -> str:
        if status == "ended":
            raise AlreadyEndedError(thing_id, ended=True)
        return "ended"

    act.change(noun, thing_id, edit)


def restore(act: Act, noun: Noun, may: Mapping[str, May], thing_id: str) -> None:
    """Bring back what had ended, under its old id and on its unbroken chain (invariant I14)."""
    if not may.get(act.kind, May()).restores:
        raise NotByThisCauseError(act.kind, "恢复已终止的登记", "restore what has ended")

    def edit(_row: Row, _rows: dict[str, list[Row]], status: str) -> str:
        if status != "ended":
            raise AlreadyEndedError(thing_id, ended=False)
        return "live"

    act.change(noun, thing_id, edit)


def _refuse_fields(may: May, kind: str, touched: Iterable[str]) -> None:
    if may.fields == EVERYTHING:
        return
    beyond = sorted(set(touched) - may.fields)
    if beyond:
        raise NotByThisCauseError(kind, f"改动 {'、'.join(beyond)}", f"change {', '.join(beyond)}")
