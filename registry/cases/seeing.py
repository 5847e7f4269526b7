"""Whose desk is a case, and who sees it?

A draft is its author's. Then it is seen by its author, the desks concerned, township, collective and surveyor, by whoever
applied and everyone whom it touches. What has an office of its own (kinds.toml) is seen there and by who applied, and by
nobody else: a report about a village is not shown to the village.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from gis.errors import GisError
from registry import case_files, statement
from registry.cases.kinds import book, kind_of
from registry.cases.places import lie_within
from registry.cases.touched import Touched
from registry.cases.writing import READERS
from registry.errors import SanquanError
from registry.ledger.tables import THING
from registry.store.among import among

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any

    from registry.case_files import Case
    from registry.cases.actors import Actor
    from registry.cases.kinds import Kind
    from registry.cases.rules import Why
    from registry.ledger.commit import Desk

_BESIDE_THE_DESK = ("township", "collective", "surveyor")


def request_of(case: Case) -> Mapping[str, Any]:
    """What a case asks for, as it was drafted or supplemented last."""
    return next(step.said["request"] for step in reversed(case.steps) if step.said.get("request") is not None)


def may_see(at: Desk, case: Case, actor: Actor) -> bool:
    """Whether this actor may know that there is such a case."""
    of = contested(at, case)
    return sees(
        actor,
        case,
        of,
        lambda: desks(at, case),
        lambda: lie_within(at.connection, of.subject, actor.within),
        lambda: touched_now(at, case, kind_of(case.kind))[0].people,
    )


def sees(
    actor: Actor,
    case: Case,
    of: Case,
    keepers: Callable[[], Collection[str]],
    lies: Callable[[], bool],
    people: Callable[[], Collection[str]],
) -> bool:
    """The rule of `may_see`. `of`: the case itself, or the one that it contests in the end; `keepers`: the roles of its desks;
    `lies`: whether all that `of` is about lies within the actor's places; `people`: whom the case touches.
    """
    author = case.steps[0].desk[:1] == (actor.id,)
    if author or case.last("submitted") is None:
        return author
    if actor.role in {*keepers(), *(() if of.kind in book().offices else _BESIDE_THE_DESK)}:
        return not actor.within or (of.subject != () and lies())
    if not actor.whose:
        return False
    return actor.whose in {*people(), case.steps[0].said.get("applicant")}


def desks(at: Desk, case: Case) -> frozenset[str]:
    """Who keeps the book of all that the case, or the one that it contests in the end, is about or begins; or its own office."""
    of = contested(at, case)
    if of.kind in book().offices:
        return frozenset(book().offices[of.kind])
    if of.kind in book().begins:
        return frozenset(book().desks[book().begins[of.kind]])
    query = sa.select(THING.c.thing).where(among(THING.c.id, "things"))
    words = at.connection.scalars(query, {"things": list(of.subject)}).all()
    return frozenset.intersection(*(frozenset(book().desks[word]) for word in words))


def touched_now(at: Desk, case: Case, kind: Kind) -> tuple[Touched, Why | None]:
    """What the case touches now; where that can't be told any more, why."""
    if kind.kind not in READERS:
        return Touched(), None
    try:
        return READERS[kind.kind].touched(at, case.subject, request_of(case), statement.today(at.store)), None
    except (SanquanError, GisError) as gone:
        return Touched(), (gone.zh, gone.en)


def contested(at: Desk, case: Case) -> Case:
    """The case itself, or the one that it contests in the end."""
    of = case
    while of.challenges is not None:
        (of,) = case_files.cases(at.connection, at.store.vault, [of.challenges])
    return of
