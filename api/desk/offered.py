"""Which kinds of cases may somebody at the desk begin about these things? What the book of kinds says of their role, no more.

About the certificates of a household's contracts it is what their papers leave to do: the first one, or another one for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.desk.forms import forms
from registry import cases
from registry.cases.kinds import BREACH, CASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from registry.cases import Actor
    from registry.certificates import OfContract

_FIRST, _ANOTHER = ("certificate-issued",), ("certificate-replaced", "certificate-renewed", "certificate-cancelled")


def offered(actor: Actor, about: AbstractSet[str], challenges: str = "") -> list[cases.Kind]:
    """Kinds with a form that this role applies for, about all of these thing words; whose desk decides it is asked later."""
    return [kind for kind in cases.kinds().values() if _fits(kind, actor, about, challenges)]


def of_certificates(actor: Actor, contracts: Iterable[OfContract]) -> list[tuple[OfContract, str, list[cases.Kind]]]:
    """Each contract with a right of it that this desk keeps, and the kinds about its paper; what it keeps nothing of is absent."""
    found = []
    for each in contracts:
        own = next((right for right in each.rights if actor.role in cases.book().desks[right.thing]), None)
        if own is not None:
            words = _ANOTHER if each.number else _FIRST
            found.append((each, own.id, [kind for kind in offered(actor, {own.thing}) if kind.kind in words]))
    return found


def not_moot(kinds: Iterable[cases.Kind], contracts: Sequence[OfContract]) -> list[cases.Kind]:
    """Kinds without those about a paper that none of these contracts has, or that all of them have already."""
    of_papers = [bool(each.number) for each in contracts]
    moot = {*(_FIRST if of_papers and all(of_papers) else ()), *(_ANOTHER if of_papers and not any(of_papers) else ())}
    return [kind for kind in kinds if kind.kind not in moot]


def _fits(kind: cases.Kind, actor: Actor, about: AbstractSet[str], challenges: str) -> bool:
    if actor.role not in kind.applies or kind.kind not in forms().kinds:
        return False
    if challenges or kind.about == (CASE,):
        return bool(challenges) and kind.about == (CASE,)
    return bool(about) and about <= set(kind.about) if BREACH not in kind.about else not about
