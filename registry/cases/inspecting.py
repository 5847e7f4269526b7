"""Which cases are about what one person has or had, for the bureau that supervises: where each stands, and which did they ask for?

The bureau reads one person at a time, with a purpose that is written down before (policy-map 10: N); whoever opens this writes it.
What somebody drafted and did not hand in is nobody else's, the bureau's neither. What a step said stays sealed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import case_files
from registry.cases.beforehand import looking
from registry.cases.engine import facts_now
from registry.cases.kinds import kind_of
from registry.cases.refusals import NoSuchCaseError
from registry.cases.rules import next_steps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.case_files import Case
    from registry.cases.actors import Actor
    from registry.cases.rules import Facts, Next
    from registry.store.engines import Store

INSPECTS = "supervision"
"""The role that reads any case that was handed in, masked."""


def concerning(store: Store, connection: Connection, things: Iterable[str]) -> list[Case]:
    """Every case about these things, and every objection to one of them, as far as they were handed in; oldest first."""
    ids = {case for thing in things for case in case_files.about(connection, thing)}
    found = {case.id: case for case in case_files.cases(connection, store.vault, ids)}
    for case in list(found.values()):
        found |= {each.id: each for each in case_files.challenging(connection, store.vault, case.id)}
    handed_in = [case for case in found.values() if case.last("submitted") is not None]
    return sorted(handed_in, key=lambda case: case.steps[0].entry_idx)


def asked_by(case: Case, persons: Iterable[str]) -> bool:
    """Whether one of these ids applied, themself or through whoever acts for them."""
    return case.steps[0].said.get("applicant") in set(persons)


def inspected(store: Store, connection: Connection, case_id: str, actor: Actor) -> tuple[Case, tuple[Next, ...], Facts]:
    """A case that was handed in, as `look` has it, for the role that inspects. NoSuchCaseError."""
    at = looking(store, connection)
    case = case_files.case_of(connection, store.vault, case_id)
    if case is None or case.last("submitted") is None:
        raise NoSuchCaseError
    kind = kind_of(case.kind)
    facts = facts_now(at, case, kind)
    return case, next_steps(case, kind, actor, facts), facts
