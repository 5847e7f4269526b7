"""Which reports say that land was asked for as a condition of a settlement, a school place or a home (policy-map 9.5)?

A list of cases of that one kind: day, state, what was tied to what. Not the words of the report, nor who made it: those are
in the case, which an inspector opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import sqlalchemy as sa

from registry import case_files
from registry.cases.kinds import book, kind_of
from registry.cases.reports import CONDITION
from registry.cases.rules import ended, phase
from registry.cases.seeing import request_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

SAID: Final[Mapping[str, tuple[str, str]]] = {
    "contract-land": ("承包地", "contracted land"),
    "homestead": ("宅基地", "the homestead"),
    "share": ("集体的股", "shares of the collective"),
    "membership": ("成员身份", "membership"),
    "benefit": ("补贴", "a benefit"),
    "settlement": ("落户", "a settlement"),
    "school": ("上学", "a school place"),
    "housing": ("住房", "a home"),
    "service": ("办事", "a service"),
    "payment": ("给钱", "a payment"),
    "contract": ("合同", "a contract"),
    "village-rule": ("村规民约", "a village rule"),
    "form": ("表格", "a form"),
    "notice": ("通知", "a notice"),
    "spoken": ("口头说的", "spoken"),
    "other": ("其他", "other"),
}
"""The words of a report, as `cases.reports` asks for them."""


class Condition(NamedTuple):
    """One report: the case, the day on which it was handed in, its state, what was demanded, for what, written where."""

    case: str
    day: str
    state: tuple[str, str]
    demanded: tuple[str, str]
    tied: tuple[str, str]
    written: tuple[str, str]


def conditions(store: Store, connection: Connection, since: str) -> list[Condition]:
    """Every report that was handed in since a day, and every older one that still waits for its answer; the latest first."""
    ids = list(connection.scalars(sa.select(case_files.CASE_FILE.c.id).where(case_files.CASE_FILE.c.kind == CONDITION)))
    found = []
    for case in case_files.cases(connection, store.vault, ids):
        handed_in, kind = case.last("submitted"), kind_of(case.kind)
        if handed_in is None or (handed_in.day < since and ended(case, kind)):
            continue
        word, asks = book().steps[phase(case, kind)], request_of(case)
        words = (SAID[str(asks[name])] for name in ("demanded", "tied", "written"))
        found.append(Condition(case.id, handed_in.day, (word.zh, word.en), *words))
    return sorted(found, key=lambda each: (each.day, each.case), reverse=True)
