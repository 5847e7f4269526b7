"""Whom does a case touch, as the register stands at this moment, and who has a stake in it?

Computed anew at every step that decides: somebody who came onto a list since the notice is told and asked before the case
goes on. Where anybody lives is no input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from registry.holding import read as holdings_read
from registry.holding.model import HOLDING
from registry.ledger.chain import read_chains

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.cases.rows import Row
    from registry.ledger.commit import Desk

_NONE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Lies:
    """A parcel of somebody: its code, on which sides it lies (none: its own boundary is shown), the household's code."""

    parcel: str
    sides: tuple[str, ...]
    household: str


@dataclass(frozen=True, slots=True)
class Touched:
    """What a case touches.

    `seen`: the newest version of each thing. `people`: whose right it touches, each with whether they are a minor; all are
    told. `consents`: those whose will it needs besides. `gains`: who gets something by it that the others do not. `signers`:
    who gives a right up by it, where it is a paid exit. `lies`: of a boundary, where whose land lies. `rows`: of a case that
    goes row by row, each with what holds it alone; `strangers`: what was handed in and is no row of the register.
    """

    seen: Mapping[str, int] = field(default_factory=lambda: _NONE)
    people: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    consents: frozenset[str] = frozenset()
    gains: frozenset[str] = frozenset()
    signers: frozenset[str] = frozenset()
    lies: Mapping[str, tuple[Lies, ...]] = field(default_factory=lambda: MappingProxyType({}))
    rows: tuple[Row, ...] | None = None
    strangers: tuple[str, ...] = ()

    def said(self) -> dict[str, object]:
        """As a step commits it."""
        return {"seen": dict(self.seen), "people": sorted(self.people)}


def reached_with(at: Desk, people: Mapping[str, bool]) -> dict[str, str]:
    """Of each minor among these people an adult of the same member list who is among them, too: who hears it for the child.

    The representative before others. A child with no such adult is absent, and is told by name.
    """
    minors = {person for person, minor in people.items() if minor}
    found: dict[str, str] = {}
    for chain in read_chains(at.connection, HOLDING, holdings_read.of_people(at.connection, minors)).values():
        head = chain[-1]
        listed = [line["person_id"] for line in head.children["holding_member"] if line["alive"]]
        adults = [person for person in (head.columns["representative_id"], *listed) if people.get(person) is False]
        if head.status != "ended" and adults:
            found |= dict.fromkeys(minors.intersection(listed), adults[0])
    return found


def stake_in(at: Desk, touched: Touched, others: Iterable[str] = ()) -> frozenset[str]:
    """Everybody with a stake: who is touched, gains or applies, and whoever stands on a member list with one of them."""
    near = {*touched.people, *touched.gains, *(person for person in others if person)}
    # Lists of every day: a family is not left by a newer version of one.
    held = holdings_read.of_people(at.connection, near)
    at.gather(HOLDING, held)
    for holding in held:
        near |= {line["person_id"] for line in at.chain(HOLDING, holding)[-1].children["holding_member"]}
    return frozenset(near)
