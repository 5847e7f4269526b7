"""Whose desk is a case, and who sees it?

A draft is its author's. Then it is seen by its author, the desks concerned, township, collective and surveyor, by whoever
applied and everyone whom it touches. What has an office of its own (kinds.toml) is seen there and by who applied, and by
nobody else: a report about a village is not shown to the village.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis.errors import GisError
from registry import case_files, china
from registry.cases.kinds import DESK, book, kind_of
from registry.cases.places import lying_within
from registry.cases.touched import Touched
from registry.cases.writing import READERS
from registry.catalogue import words_of
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
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
    return bool(seen_by(at, [case], actor))


def seen_by(at: Desk, cases: Sequence[Case], actor: Actor) -> list[Case]:
    """Those of these cases of which the actor may know. Who has an office is answered for all together, others case by case.

    Words and places of everything that they are about are read once.
    """
    own = {case.id for case in cases if case.steps[0].desk[:1] == (actor.id,)}
    handed_in = [case for case in cases if case.id not in own and case.last("submitted") is not None]
    of = _contested(at, handed_in)
    words = _words(at, of.values())
    official = [
        case
        for case in handed_in
        if actor.role in {*_desks(of[case.id], words), *(() if of[case.id].kind in book().offices else _BESIDE_THE_DESK)}
    ]
    found = {case.id for case in official}
    if actor.within:
        here = lying_within(at.connection, {thing for case in official for thing in of[case.id].subject}, actor.within)
        found = {case.id for case in official if of[case.id].subject and here.issuperset(of[case.id].subject)}
    offices = {case.id for case in official}
    if actor.whose:
        found |= {case.id for case in handed_in if case.id not in offices and _concerns(at, case, actor.whose)}
    return [case for case in cases if case.id in own | found]


def desks(at: Desk, case: Case) -> frozenset[str]:
    """Who keeps the book of all that the case, or the one that it contests in the end, is about or begins; or its own office."""
    of = _contested(at, [case])[case.id]
    return _desks(of, _words(at, [of]))


def _desks(of: Case, words: Mapping[str, str]) -> frozenset[str]:
    offices = book().offices.get(of.kind, (DESK,))
    if offices != (DESK,):
        return frozenset(offices)
    if of.kind in book().begins:
        return frozenset(book().desks[book().begins[of.kind]])
    return frozenset.intersection(*(frozenset(book().desks[words[thing]]) for thing in of.subject))


def _words(at: Desk, cases: Iterable[Case]) -> dict[str, str]:
    """The thing words of everything that these cases are about."""
    return words_of(at.connection, {thing for case in cases for thing in case.subject})


def _concerns(at: Desk, case: Case, person: str) -> bool:
    return person in {*touched_now(at, case, kind_of(case.kind))[0].people, case.steps[0].said.get("applicant")}


def touched_now(at: Desk, case: Case, kind: Kind) -> tuple[Touched, Why | None]:
    """What the case touches now; where that can't be told any more, why."""
    if kind.kind not in READERS:
        return Touched(), None
    try:
        return READERS[kind.kind].touched(at, case.subject, request_of(case), china.today(at.store)), None
    except (SanquanError, GisError) as gone:
        return Touched(), (gone.zh, gone.en)


def _contested(at: Desk, cases: Iterable[Case]) -> dict[str, Case]:
    """By the id of each case the case itself, or the one that it contests in the end."""
    of = {case.id: case for case in cases}
    while challenged := {case.challenges for case in of.values() if case.challenges is not None}:
        known = {case.id: case for case in case_files.cases(at.connection, at.store.vault, challenged)}
        of = {each: case if case.challenges is None else known[case.challenges] for each, case in of.items()}
    return of
