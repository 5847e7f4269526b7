"""Which kinds of cases may somebody at the desk begin about these things? What the book of kinds says of their role, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.desk.forms import forms
from registry import cases
from registry.cases.kinds import BREACH, CASE

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from registry.cases import Actor


def offered(actor: Actor, about: AbstractSet[str], challenges: str = "") -> list[cases.Kind]:
    """Kinds with a form that this role applies for, about all of these thing words; whose desk decides it is asked later."""
    return [kind for kind in cases.kinds().values() if _fits(kind, actor, about, challenges)]


def _fits(kind: cases.Kind, actor: Actor, about: AbstractSet[str], challenges: str) -> bool:
    if actor.role not in kind.applies or kind.kind not in forms().kinds:
        return False
    if challenges or kind.about == (CASE,):
        return bool(challenges) and kind.about == (CASE,)
    return bool(about) and about <= set(kind.about) if BREACH not in kind.about else not about
