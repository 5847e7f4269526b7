"""Whose certificate is it, and since when is compared?

A *subject* is a person, with every other id that the police found to be the same person, or a contracting household. It is compared
since the latest settlement in town; where there is none, since the state that closed the first registration of what they have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry import parties, residence
from registry.benefits.model import BENEFIT
from registry.duties.model import DUTY
from registry.guarantee.reach import Reach, reach
from registry.holding import read as holdings
from registry.holding.model import HOLDING
from registry.ledger import read
from registry.ledger.chain import read_chains
from registry.membership.model import MEMBERSHIP
from registry.restrictions.model import RESTRICTION
from registry.rights.model import RIGHT
from registry.same_person import same_as
from registry.sheets.refusals import NoSuchHousehold
from registry.statement import PersonNotFoundError, choose_event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.residence import HouseholdEvent


@dataclass(frozen=True, slots=True)
class Subject:
    """`name` is a person's id or a household's code, `people` the ids of whoever it is, `reach` what is theirs."""

    name: str
    people: frozenset[str]
    reach: Reach = field(repr=False)


@dataclass(frozen=True, slots=True)
class Since:
    """The entry since which is compared, and the household event that it is; None where it is a state."""

    idx: int
    event: HouseholdEvent | None


def person(connection: Connection, person_id: str) -> Subject:
    """Everything within reach of a person, under each of their ids. PersonNotFoundError."""
    if not parties.exists(connection, person_id):
        raise PersonNotFoundError
    ids = same_as(connection, person_id)
    return Subject(person_id, frozenset(ids), _together(reach(connection, each) for each in ids))


def household(connection: Connection, code: str, day: str) -> Subject:
    """What a contracting household holds: its holdings, the rights on them, and what lies on these. NoSuchHousehold."""
    holding = holdings.by_code(connection, code)
    if holding is None:
        raise NoSuchHousehold(code, day)
    chain = read_chains(connection, HOLDING, [holding])[holding]
    household_id = chain[-1].columns["household_id"]
    books = read_chains(connection, HOLDING, holdings.of_household(connection, household_id))
    people = {m.person_id for of_book in books.values() for version in of_book for m in holdings.members(version)}
    found = _together(reach(connection, each) for each in sorted(people))
    _keep_only(found, {household_id, *books})
    return Subject(code, frozenset(people), found)


def _keep_only(found: Reach, own: set[str]) -> None:
    """Leave out what is a member's alone: shares, membership, and what rests on other rights."""
    rights = found.chains[RIGHT.name]
    held = {i for i, chain in rights.items() if own & {version.columns["holding_id"] for version in chain}}
    held |= {i for i, chain in rights.items() if held & {version.columns["within_id"] for version in chain}}
    parcels = {line["parcel_id"] for i in held for version in rights[i] for line in version.children["right_parcel"]}
    of_household = own | held | parcels
    found.chains[HOLDING.name] = {i: chain for i, chain in found.chains[HOLDING.name].items() if i in own}
    found.chains[RIGHT.name] = {i: rights[i] for i in held}
    found.chains[MEMBERSHIP.name] = {}
    for noun, column in ((RESTRICTION, "right_id"), (DUTY, "subject_id"), (BENEFIT, "beneficiary_id")):
        found.chains[noun.name] = {
            i: chain for i, chain in found.chains[noun.name].items() if chain[0].columns[column] in of_household
        }


def _together(reaches: Iterable[Reach]) -> Reach:
    """Everything that is within one of these."""
    all_of_them = Reach(())
    for each in reaches:
        for noun, chains in each.chains.items():
            all_of_them.chains.setdefault(noun, {}).update(chains)
    return all_of_them


def since(connection: Connection, subject: Subject, size: int, event_idx: int | None = None) -> Since:
    """The latest settlement of the subject's people under this size, the event asked for, or the first state with everything."""
    events = {e.idx: e for one in sorted(subject.people) for e in residence.events_of(connection, one, size)}
    ordered = sorted(events.values(), key=lambda e: (e.event_day, e.idx))
    event = choose_event(ordered) if event_idx is None else events.get(event_idx)
    if event is not None:
        return Since(event.idx, event)
    begun = [chain[0].cause_idx for noun, i in subject.reach.things() if (chain := subject.reach.chain(noun, i))]
    known = [idx for idx in begun if idx < size]
    if not known:
        return Since(size, None)
    (row,) = read.page(connection, max(known), 1)
    return Since(row.closed_by if row.closed_by is not None else size, None)
