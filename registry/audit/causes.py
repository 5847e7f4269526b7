"""Is the table of lawful causes still the list that the law files give?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from registry.audit.rows import disagreement, key_of, stored
from registry.law.causes import lawful_causes
from registry.ledger.tables import LAWFUL_CAUSE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.audit.rows import Stored
    from registry.ledger.check import Disagreement, Key


def judge_causes(connection: Connection) -> Iterator[Disagreement]:
    """Every row that is not on the list, every cause on the list without its row."""
    listed = dict(_listed())
    for row in stored(connection, LAWFUL_CAUSE):
        lawful = listed.pop(key_of(LAWFUL_CAUSE, row), None)
        if lawful is None:
            yield disagreement(LAWFUL_CAUSE, row, None, ("kind",), "法定清单没有这一条", "the list has no such cause")
        elif wrong := [name for name, value in lawful.items() if row[name] != value]:
            yield disagreement(LAWFUL_CAUSE, row, None, wrong, "与法定清单不同", "it is not as the list has it")
    for row in listed.values():
        yield disagreement(
            LAWFUL_CAUSE, row, None, ("kind",), "法定清单的这一条不见了", "this cause of the list is gone"
        )


@cache
def _listed() -> dict[Key, Stored]:
    """The list as rows: the law files are the same for as long as the program runs."""
    listed: dict[Key, Stored] = {}
    for cause in lawful_causes():
        row = {
            "thing": cause.thing,
            "kind": cause.kind,
            "in_force_from": cause.in_force_from.isoformat(),
            "in_force_until": cause.in_force_until.isoformat(),
            "effect": cause.effect,
            "needs_consent": int(cause.needs_consent),
            "needs_payment": int(cause.needs_payment),
            "review": int(cause.review),
            "basis": cause.basis,
        }
        listed[key_of(LAWFUL_CAUSE, row)] = row
    return listed
