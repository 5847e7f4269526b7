"""Whose are the cases and things that a page of the desk shows, and who is told that they were read?

A page is read again at each step: what an account reads of one person, or of one case, is written down once a day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry import china
from registry.looks import keeping
from registry.whose import together, whose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.case_files import Case
    from registry.cases import Actor
    from registry.store.engines import Store
    from registry.whose import Together, Whose

_KEPT = "desk_cases"
_ISSUER = 14


def whose_cases(store: Store, connection: Connection, actor: Actor, cases: Iterable[Case]) -> dict[str, Together]:
    """Village and masked holder of each case that is about something. `keeping.LookNotKeptError`: then nothing may be shown."""
    named = together(store, connection, {case.id: case.subject for case in cases})
    listed(store, actor, named.values())
    return named


def listed(store: Store, actor: Actor, named: Iterable[Together]) -> None:
    """Cases are about to be shown in a list, each with whose it is. `keeping.LookNotKeptError`: then nothing may be shown."""
    _looked(store, actor, [person for each in named for person in each.people])


def whose_things(store: Store, connection: Connection, actor: Actor, things: Sequence[str]) -> dict[str, Whose]:
    """The same of each of these things by its id."""
    found = whose(store, connection, things)
    _looked(store, actor, [each.person for each in found.values() if each.holder])
    return found


def read(store: Store, actor: Actor, told: Mapping[str, Any], named: Mapping[str, Whose], asker: str = "") -> None:
    """An office reads a case, and whose things it is about: told to all of them, to a village as one row. LookNotKeptError.

    `asker`: who asked in their own words, where those are shown.
    """
    case, why = told["id"], f"{told['zh']} {told['id']}"
    if told["rows"] is None:
        people = [each["id"] for each in told["people"]] + [each.person for each in named.values() if each.holder]
        people += [asker] if asker else []
        _looked(store, actor, people, case, why)
        return
    for place in sorted({row["code"][:_ISSUER] for row in told["rows"]["rows"]}):
        if (actor.id, place, case) not in (kept := _kept(store)):
            keeping.listed(store, actor.officer, place, "case", why)
            kept.add((actor.id, place, case))


def _looked(store: Store, actor: Actor, people: Iterable[str], case: str = "", why: str = "") -> None:
    kept = _kept(store)
    fresh = [person for person in dict.fromkeys(people) if (actor.id, person, case) not in kept]
    keeping.looked(store, actor.officer, fresh, "case", why)
    kept.update((actor.id, person, case) for person in fresh)


def _kept(store: Store) -> set[tuple[str, str, str]]:
    """What was written down today: account, person or place, case."""
    of_day: dict[str, set[tuple[str, str, str]]] = store.trees.setdefault(_KEPT, {})
    day = china.today(store)
    if day not in of_day:
        of_day.clear()
    return of_day.setdefault(day, set())
