"""What would a withdrawal end, what builds on it since, and who moved in between?

A village is withdrawn as a unit, or not at all. What it registered ends by a correction of a proved error
(record-corrected: 民法典 art. 220, invariant I17), from the first day on that it was said to hold, so that no day shows it
any more; a burden that it laid on a right of before comes off that right, which is then as it was. Whatever a later act
did to it or laid on it stops its village and is named. A household event states what a person holds; who moved on that
word signs before it is taken back (the will of those who lose by a correction, causes.md), or the village stops.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.benefits.model import BENEFIT, BENEFIT_VERSION
from registry.catalogue import NOUNS
from registry.delivery.withdrawn import withdrawn_of
from registry.duties.model import DUTY, DUTY_VERSION
from registry.holding import acts as holdings
from registry.law import causes
from registry.ledger.act import Act, ActFields
from registry.ledger.chain import read_all_chains
from registry.ledger.position import seal_place
from registry.ledger.tables import LEDGER_ENTRY, OPENING
from registry.papers import PAPER, RECEIVED
from registry.residence import HOUSEHOLD_EVENT
from registry.restrictions.model import RESTRICTION, RESTRICTION_VERSION
from registry.rights.model import RIGHT, RIGHT_PARCEL, RIGHT_VERSION
from registry.withdrawal.history import delivery
from registry.withdrawal.refusals import VillageNotInDelivery

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from sqlalchemy import ColumnElement, Table

    from registry.ledger.act import Will
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Noun, Version
    from registry.withdrawal.history import Registered, Village

CORRECTED = "record-corrected"
_BATCH = 400
_LIES_ON = {"restriction": "right_id", "duty": "subject_id", "benefit": "beneficiary_id"}
# What may lie on a thing of a delivery without any version of that thing: noun, its column, the table of the column.
_LEANING: tuple[tuple[Noun, ColumnElement[str], Table], ...] = (
    (RIGHT, RIGHT_VERSION.c.holding_id, RIGHT_VERSION),
    (RIGHT, RIGHT_PARCEL.c.parcel_id, RIGHT_PARCEL),
    (RESTRICTION, RESTRICTION_VERSION.c.right_id, RESTRICTION_VERSION),
    (DUTY, DUTY_VERSION.c.subject_id, DUTY_VERSION),
    (BENEFIT, BENEFIT_VERSION.c.beneficiary_id, BENEFIT_VERSION),
)
_NO_ENTRY = -1
_KNOWN_BEFORE = ("已经撤回", "it was withdrawn before")


@dataclass(frozen=True, slots=True)
class Stop:
    """What stops a village: a later act or move by its name and day, and the code of what it is about ("" for a move)."""

    zh: str
    en: str
    day: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A person of whom a household event since then states what the village registered; `signed` where their will came."""

    person: str
    kind: str
    day: str
    minor: bool
    signed: bool


@dataclass(slots=True)
class VillagePlan:
    """One village: what would end, by noun; rights of before that lose a burden; what stops it; who moved since.

    `begun` gives what each act began, `stated` the things of the village that a move since then states, by person.
    """

    village: Village
    begun: dict[int, list[tuple[Noun, str]]] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    freed: list[str] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    stated: dict[str, set[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many things would end."""
        return sum(self.ends.values())


@dataclass(slots=True)
class Plan:
    """A withdrawal as it would be. `going` are the villages that nothing stops."""

    delivery: Registered
    villages: list[VillagePlan]
    chains: dict[str, list[Version]] = field(default_factory=dict)

    @property
    def going(self) -> list[VillagePlan]:
        """The villages that would be withdrawn."""
        return [each for each in self.villages if not each.stops]

    @property
    def expect(self) -> int:
        """How many things would end in all: it comes back with the order."""
        return sum(each.count for each in self.going)


@dataclass(frozen=True, slots=True)
class _Use:
    """One later act on something of a village."""

    entry: int
    stop: Stop


def plan_withdrawal(at: Desk, content_hash: str, village: str = "", wills: Iterable[Will] | None = None) -> Plan:
    """What withdrawing a delivery, or one village of it, would do. Writes nothing.

    `wills` are those of people who moved since, by whom the record is corrected knowingly; None while they are still to be
    asked. Raises `HashMalformed`, `DeliveryNotRegistered`, `VillageNotInDelivery`.
    """
    found = delivery(at.store, at.connection, content_hash)
    asked = [each for each in found.villages if village in {"", each.code}]
    if not asked:
        raise VillageNotInDelivery(village, [each.code for each in found.villages])
    plan = Plan(found, [VillagePlan(each) for each in asked])
    given = {will.person_id: will for will in wills or ()}
    withdrawn = withdrawn_of(at.store, at.connection)
    past = [span for one in withdrawn for span in (one.entries, one.by)]
    for each in plan.villages:
        if each.village.withdrawn is not None:
            zh, en = _KNOWN_BEFORE
            each.stops = [Stop(zh, en, each.village.withdrawn.day)]
            continue
        chains = _begun(at, each)
        plan.chains |= chains
        each.moved = list(_moved(at, each, chains.keys(), given))
        # What was withdrawn since stands on nothing any more.
        uses = (*_changed(each, chains), *_leaning(at, chains), *_signed_for(at, chains))
        stops = [use.stop for use in uses if not any(use.entry in span for span in past)]
        stops += [_unsigned(moved) for moved in each.moved if wills is not None and not moved.signed]
        each.stops = list(dict.fromkeys(stops))
    return plan


def _unsigned(moved: Moved) -> Stop:
    kind = causes.status_kinds()[moved.kind]
    return Stop(
        f"户籍事件“{kind.zh}”载明了这里登记的权利: 要此人({moved.person})书面同意更正",
        f"a household event ({kind.en}) states what was registered here: it takes the will of that person ({moved.person})",
        moved.day,
    )


def _begun(at: Desk, each: VillagePlan) -> dict[str, list[Version]]:
    """The chains of all that the village's acts began, and which act began what."""
    entries, wanted = each.village.entries, []
    begun: dict[int, list[tuple[Noun, str]]] = defaultdict(list)
    for noun in NOUNS:
        table = noun.table
        query = sa.select(table.c.thing_id, table.c.cause_idx).where(
            table.c.ver == 1, table.c.cause_idx >= entries.start, table.c.cause_idx < entries.stop
        )
        rows = at.connection.execute(query.order_by(table.c.cause_idx, table.c.thing_id)).all()
        for thing_id, entry in rows:
            begun[entry].append((noun, thing_id))
        each.ends[noun.name] = len(rows)
        wanted.append((noun, [row.thing_id for row in rows]))
    chains = {
        thing_id: chain
        for of_noun in read_all_chains(at.connection, wanted, geometry=True).values()
        for thing_id, chain in of_noun.items()
    }
    burdens = [chains[thing_id][0].columns["right_id"] for noun, ids in wanted if noun is RESTRICTION for thing_id in ids]
    freed = {right for right in burdens if right not in chains}
    codes = sa.select(RIGHT_VERSION.c.unit_code).where(RIGHT_VERSION.c.thing_id.in_(sorted(freed))).distinct()
    each.freed = sorted(at.connection.scalars(codes))
    each.begun = dict(begun)
    return chains


def _changed(each: VillagePlan, chains: Mapping[str, list[Version]]) -> Iterator[_Use]:
    for chain in chains.values():
        for version in chain:
            if version.cause_idx not in each.village.entries:
                yield _Use(version.cause_idx, _named(version, chains))


def _leaning(at: Desk, chains: Mapping[str, list[Version]]) -> Iterator[_Use]:
    """What was registered later on a parcel, holding or right of the village, without a version of that thing itself."""
    ids = sorted(chains)
    for noun, column, table in _LEANING:
        others: set[tuple[str, int]] = set()
        for start in range(0, len(ids), _BATCH):
            query = sa.select(table.c.thing_id, table.c.cause_idx).where(column.in_(ids[start : start + _BATCH]))
            others |= {(row[0], row[1]) for row in at.connection.execute(query) if row[0] not in chains}
        found = read_all_chains(at.connection, [(noun, sorted({thing_id for thing_id, _ in others}))])[noun.name]
        for thing_id, entry in sorted(others):
            leaning = next(version for version in found[thing_id] if version.cause_idx == entry)
            yield _Use(entry, _named(leaning, chains))


def _signed_for(at: Desk, chains: Mapping[str, list[Version]]) -> Iterator[_Use]:
    """Certificates that somebody signed for: that is no act, and the paper is out."""
    numbers = {chain[0].columns["certificate_number"] for chain in chains.values() if chain[0].thing in RIGHT.things}
    received = sa.select(PAPER.c.about, PAPER.c.at).where(PAPER.c.what == RECEIVED)
    for number, instant in at.connection.execute(received.order_by(PAPER.c.at)):
        if number in numbers:
            yield _Use(_NO_ENTRY, Stop("权证已经领取", "its certificate was handed over", instant[:10], number))


def _named(version: Version, chains: Mapping[str, list[Version]]) -> Stop:
    """A later act as a clerk knows it: its kind, its day, the code of what it is about."""
    kind = causes.kinds()[version.cause_kind]
    about = version
    while (lies_on := _LIES_ON.get(about.thing)) is not None and about.columns[lies_on] in chains:
        about = chains[about.columns[lies_on]][0]
    code = str(about.columns.get("code") or about.columns.get("unit_code") or "")
    return Stop(f"后来办了“{kind.zh}”", f"{kind.en} was registered since", version.act_day, code)


def _moved(at: Desk, each: VillagePlan, own: AbstractSet[str], wills: Mapping[str, Will]) -> Iterator[Moved]:
    """Who moved since, of whom the event states something that the village registered. A cancelled event states nothing."""
    stating = (
        sa.select(HOUSEHOLD_EVENT.c.kind, HOUSEHOLD_EVENT.c.event_day, OPENING.c.subject, OPENING.c.sealed)
        .join(LEDGER_ENTRY, LEDGER_ENTRY.c.idx == HOUSEHOLD_EVENT.c.event_idx)
        .join(OPENING, OPENING.c.subject == LEDGER_ENTRY.c.leaf_hash)
        .where(HOUSEHOLD_EVENT.c.event_idx >= each.village.entries.stop, OPENING.c.path == "event.unchanged")
        .where(HOUSEHOLD_EVENT.c.cancels_idx.is_(None), HOUSEHOLD_EVENT.c.event_idx.not_in(_cancelled()))
        .order_by(HOUSEHOLD_EVENT.c.event_idx)
    )
    found: dict[tuple[str, str, str], None] = {}
    for kind, day, subject, sealed in at.connection.execute(stating).all():
        told = json.loads(at.store.vault.open(bytes(sealed), seal_place(bytes(subject), "event.unchanged")))
        for person, stated in told:
            things = own & {thing_id for thing_id, _ in stated}
            if things:
                found[person, kind, day] = None
                each.stated.setdefault(person, set()).update(things)
    for person, kind, day in found:
        minor = holdings.minors(Act(at, -1, CORRECTED, day, ActFields()), [person])[person]
        will = wills.get(person)
        signed = will is not None and (not minor or will.guardian_id is not None)
        yield Moved(person, kind, day, minor, signed)


def _cancelled() -> sa.ScalarSelect[int]:
    cancels = HOUSEHOLD_EVENT.c.cancels_idx
    return sa.select(cancels).where(cancels.is_not(None)).scalar_subquery()
