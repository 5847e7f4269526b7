"""Is every right as it was when the person moved: unchanged, changed lawfully, or violated, and why?

For a household event three states are compared: just before it as known then, just before it as known now, and now. A
difference between the first two is explained by later corrections of the record; one between the last two by acts that
hold from the event's day on. Before anything is compared, every version that is used is checked against the ledger: an
edit in place would change all three states alike.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from registry import masks
from registry.benefits.model import BENEFIT
from registry.china import day_of
from registry.duties.model import DUTY
from registry.errors import SanquanError
from registry.guarantee import explain
from registry.guarantee.explain import Change, Finding, Text
from registry.guarantee.projection import FIELDS_OF_FACT, Projection, chain_of, project_in, used
from registry.guarantee.reach import Reach, reach
from registry.holding.model import HOLDING
from registry.ledger.chain import begun_before, state_at, state_before
from registry.ledger.check import acts_and_instants, acts_and_instants_in, check_chains
from registry.ledger.evidence import Behind, behind, stated
from registry.ledger.position import position
from registry.ledger.tables import THINGS
from registry.membership.model import MEMBERSHIP
from registry.parcels.model import PARCEL
from registry.parties import identities
from registry.restrictions.model import RESTRICTION
from registry.rights.model import RIGHT
from registry.same_person import same_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.engine import Connection

    from registry.ledger.check import Act
    from registry.ledger.nouns import Noun, Version
    from registry.residence import HouseholdEvent
    from registry.store.engines import Store

UNCHANGED, CHANGED, VIOLATED, NOTHING, AFTER = explain.VERDICTS
_ORDER = (VIOLATED, CHANGED, AFTER, UNCHANGED)
# Acts by entry, each with the fields of π that it may explain.
_Acts = dict[int, tuple[set[str], Change]]
# What π of a thing is read from: noun, id, chain.
_Parts = list[tuple["Noun", str, list["Version"]]]


class EventNotKnownError(SanquanError):
    """Raised when an event is asked about that was not yet known at the ledger size in question."""

    def __init__(self, idx: int, known_at: int) -> None:
        """The event's place and the size asked for."""
        super().__init__(
            f"第 {idx} 条在账本只有 {known_at} 条时还没有: 换一个较晚的时刻",
            f"entry {idx} was not known when the log had {known_at} entries: ask for a later moment",
        )


class EventStillAheadError(SanquanError):
    """Raised when a day before the event is asked about: nothing can have changed across it yet."""

    def __init__(self, event_day: str, valid_at: str) -> None:
        """The event's day and the day asked for."""
        super().__init__(
            f"{valid_at} 时这件事({event_day})还没有发生: 问 {event_day} 或以后的日子",
            f"on {valid_at} this event ({event_day}) had not happened: ask for {event_day} or a later day",
        )


@dataclass(frozen=True, slots=True)
class ThingVerdict:
    """The verdict on one thing across one event, with the states that were compared and what explains a difference."""

    noun: str
    thing_id: str
    thing: str
    verdict: str
    then: Projection | None
    then_known_now: Projection | None
    now: Projection | None
    changes: tuple[Change, ...]
    differs: tuple[str, ...]
    row: str | None
    extension_due: bool
    vouched_since: dt.date | None
    text: Text


@dataclass(frozen=True, slots=True)
class Guarantee:
    """The answer for one person and one event. `begun_since`: things that began only after it, no part of the verdict."""

    person_id: str
    event: HouseholdEvent
    valid_at: str
    known_at: int
    verdict: str
    things: tuple[ThingVerdict, ...]
    begun_since: tuple[ThingVerdict, ...]
    compares: Text
    left_out: Text
    vouched: Text | None


@dataclass(slots=True)
class _Case:
    """What the comparison of one person's things needs again and again."""

    store: Store
    connection: Connection
    reach: Reach
    event: HouseholdEvent
    valid_at: str
    known_at: int
    instants: Mapping[int, str]
    faults: Mapping[str, str]
    acts: dict[int, Behind] = field(default_factory=dict)


def guarantee(
    store: Store,
    connection: Connection,
    person_id: str,
    event: HouseholdEvent,
    *,
    valid_at: str,
    known_at: int | None = None,
    found: Reach | None = None,
    entries: Iterable[tuple[Any, ...]] = (),
) -> Guarantee:
    """Compare everything within a person's reach across one event: what hangs on any row that is this person on the day.

    `found` is what is within reach, `entries` the answer to `reach.behind`, where the caller has them.
    Raises EventNotKnownError when it lies beyond `known_at`, EventStillAheadError when `valid_at` is before its day.
    """
    known = position(connection).size if known_at is None else known_at
    if event.idx >= known:
        raise EventNotKnownError(event.idx, known)
    if valid_at < event.event_day:
        raise EventStillAheadError(event.event_day, valid_at)
    if found is None:
        persons = same_as(connection, person_id, known, valid_at)
        once = {i: thing for person in persons for i, thing in stated(store, connection, event.idx, person).items()}
        found = reach(connection, *persons, stated=once)
    cited = {v.cause_idx for chains in found.chains.values() for chain in chains.values() for v in chain} | {event.idx}
    acts, recorded = acts_and_instants_in(entries)
    if cited - recorded.keys():
        acts, recorded = acts_and_instants(connection, cited)
    faults = _faults(connection, found, acts)
    case = _Case(store, connection, found, event, valid_at, known, recorded, faults)
    verdicts = [v for noun, thing_id in found.things() if (v := _thing(case, noun, thing_id)) is not None]
    verdicts.sort(key=lambda v: (THINGS.index(v.thing), v.thing_id))
    verdicts += [_gone(case, thing_id) for thing_id in found.gone]
    held = tuple(v for v in verdicts if v.then is not None or v.then_known_now is not None or v.verdict == VIOLATED)
    since = tuple(v for v in verdicts if v not in held)
    overall = next((word for word in _ORDER if any(v.verdict == word for v in held)), NOTHING)
    day = dt.date.fromisoformat(event.event_day)
    young = [v.vouched_since for v in held if v.vouched_since is not None]
    return Guarantee(
        person_id=person_id,
        event=event,
        valid_at=valid_at,
        known_at=known,
        verdict=overall,
        things=held,
        begun_since=since,
        compares=explain.what_is_compared(event.kind, day),
        left_out=explain.what_is_not_compared(),
        vouched=explain.vouched_since(max(young)) if young else None,
    )


def _thing(case: _Case, noun: Noun, thing_id: str) -> ThingVerdict | None:
    event, found = case.event, case.reach
    views = (
        partial(state_before, day=event.event_day, entry=event.idx, known_at=event.idx),
        partial(state_before, day=event.event_day, entry=event.idx, known_at=case.known_at),
        partial(state_at, valid_at=case.valid_at, known_at=case.known_at),
    )
    parts = [(part, part_id, chain_of(found, part, part_id)) for part, part_id in used(noun, found, thing_id)]
    then, then_now, now = project_in(noun, found, thing_id, views, [of_part for _, _, of_part in parts])
    chain = found.chain(noun, thing_id)
    known = [v for v in chain if v.cause_idx < case.known_at]
    row = next((case.faults[part_id] for _, part_id, _ in parts if part_id in case.faults), None)
    if not known or (now is None and then is None and then_now is None and row is None):
        return None
    if row is None and all(p is None or p["status"] == "ended" for p in (then, then_now, now)):
        # Ended before the event and never back: nothing that the event could have touched.
        return None
    corrections, later = _explaining(case, noun, thing_id, parts)
    unexplained = sorted(_differing(then, then_now) - _fields(corrections) | _differing(then_now, now) - _fields(later))
    told = (corrections | later).values()
    changes = tuple(sorted((c for _, c in told), key=lambda c: (c.act_day, c.recorded_at)))
    if row is not None or unexplained:
        verdict = VIOLATED
    elif then is None and then_now is not None:
        verdict = AFTER
        changes = (_change(case, known[0]), *(c for c in changes if c.kind != known[0].cause_kind))
    elif then is None and then_now is None:
        verdict = UNCHANGED
    else:
        verdict = UNCHANGED if then == then_now == now else CHANGED
    finding = Finding(
        verdict,
        chain[0].thing,
        event.kind,
        dt.date.fromisoformat(event.event_day),
        changes if verdict != VIOLATED else (),
        tuple(unexplained),
        row,
    )
    return ThingVerdict(
        noun=noun.name,
        thing_id=thing_id,
        thing=chain[0].thing,
        verdict=verdict,
        then=then,
        then_known_now=then_now,
        now=now,
        changes=changes,
        differs=tuple(unexplained),
        row=row,
        extension_due=bool(
            now and now["status"] != "ended" and now.get("term_end") and now["term_end"] < case.valid_at
        ),
        vouched_since=_vouched(case, parts),
        text=explain.explain(finding),
    )


def _gone(case: _Case, thing_id: str) -> ThingVerdict:
    """What the event stated to be the person's, and the register no longer has."""
    thing, event = case.reach.gone[thing_id], case.event
    row = f"thing(id={thing_id}) [账目 entry {event.idx}]: 户籍事件载明的登记不见了 / the event states it, and it is gone"
    day = dt.date.fromisoformat(event.event_day)
    return ThingVerdict(
        noun="right" if thing in RIGHT.things else thing,
        thing_id=thing_id,
        thing=thing,
        verdict=VIOLATED,
        then=None,
        then_known_now=None,
        now=None,
        changes=(),
        differs=(),
        row=row,
        extension_due=False,
        vouched_since=None,
        text=explain.explain(Finding(VIOLATED, thing, event.kind, day, (), (), row)),
    )


def _faults(connection: Connection, found: Reach, acts: Mapping[int, Act]) -> dict[str, str]:
    """The first row of each chain that disagrees with the ledger, in words, by thing id."""
    nouns = {noun.name: noun for noun in (RIGHT, HOLDING, PARCEL, MEMBERSHIP, RESTRICTION, DUTY, BENEFIT)}
    chains = [(nouns.get(name, HOLDING), chain) for name, of_noun in found.chains.items() for chain in of_noun.values()]
    faults: dict[str, str] = {}
    for disagreement in check_chains(connection, chains, acts):
        faults.setdefault(str(dict(disagreement.key)["thing_id"]), str(disagreement))
    return faults


def _explaining(case: _Case, noun: Noun, thing_id: str, parts: _Parts) -> tuple[_Acts, _Acts]:
    """Acts after the event: corrections of what held before it, and acts that hold from its day on, by entry."""
    corrections: _Acts = {}
    later: _Acts = {}
    event = case.event
    for part, part_id, of_part in parts:
        own = part is noun and part_id == thing_id
        chain = [v for v in of_part if v.cause_idx < case.known_at]
        for version in chain:
            before = begun_before(chain, version, event.event_day, event.idx)
            if before and version.cause_idx < event.idx:
                continue
            earlier = state_at(chain, version.valid_from, version.cause_idx)
            fields = _changed_fields(part, earlier, version, own=own)
            if before and version.valid_to == event.event_day:
                # It may hide acts of the event's own day (see state_before): they are its difference, too.
                known_then = state_before(chain, event.event_day, event.idx, event.idx)
                fields |= _changed_fields(part, known_then, version, own=own)
            # A stretch that begins before the event and lasts beyond it explains both differences.
            places = (corrections, later) if before else (later,)
            for place in places:
                known = place.get(version.cause_idx)
                merged = fields | (known[0] if known else set())
                change = known[1] if known else _change(case, version)
                place[version.cause_idx] = (merged, replace(change, fields=tuple(sorted(merged))))
    return corrections, later


def _changed_fields(noun: Noun, earlier: Version | None, version: Version, *, own: bool) -> set[str]:
    """Which fields of π an act changed: its version against what held on its first day before it was known."""
    # A holding compared by itself is named by its own facts; as part of a right, by fields of π.
    names = FIELDS_OF_FACT.get(noun.name, {}) if noun is RIGHT or not own else {}
    if not own and noun.name not in {"holding", "parcel"}:
        return {"burdens"}
    if earlier is None:
        begun = {
            "parcel": {"parcels", "geometry", "contract_area", "surveyed_area", "land_use"},
            "holding": {"co_holders"},
        }
        return begun.get(noun.name, set()) if not own else _all_fields(noun, version)
    old, new = noun.facts(earlier.columns, earlier.children), noun.facts(version.columns, version.children)
    out = {names.get(fact, fact) for fact in new if new[fact] != old[fact]}
    if own and version.status != earlier.status:
        out.add("status")
    if "holder" in out:
        out.add("co_holders")
    if "parcels" in out:
        out |= {"contract_area", "geometry", "surveyed_area", "land_use"}
    if noun.has_geometry and not _same_shape(earlier.geometry, version.geometry):
        out.add("geometry")
    if not own:
        out &= {"co_holders", "geometry", "surveyed_area", "land_use"}
    return out


def _all_fields(noun: Noun, version: Version) -> set[str]:
    names = FIELDS_OF_FACT["right"] if noun is RIGHT else {}
    facts = {names.get(fact, fact) for fact in noun.facts(version.columns, version.children)} | {"status"}
    if noun is not RIGHT:
        return facts
    return facts | {"kind", "land_use", "co_holders", "geometry", "contract_area", "surveyed_area"}


def _same_shape(one: Any, other: Any) -> bool:  # noqa: ANN401  (shapely has no types)
    return bool(one is other or (one is not None and other is not None and one.equals_exact(other, 0.0)))


def _differing(one: Projection | None, other: Projection | None) -> set[str]:
    if one is None:
        return set()
    return {name for name in one if other is None or one[name] != other[name]}


def _fields(acts: _Acts) -> set[str]:
    return {name for fields, _ in acts.values() for name in fields}


def _change(case: _Case, version: Version) -> Change:
    act = case.acts.get(version.cause_idx)
    if act is None:
        act = case.acts[version.cause_idx] = behind(case.store, case.connection, version.cause_idx)
    who = identities(case.connection, case.store.vault, act.persons)
    family = {
        m["person_id"] for c in case.reach.chains["holding"].values() for v in c for m in v.children["holding_member"]
    }
    return Change(
        kind=version.cause_kind,
        act_day=dt.date.fromisoformat(version.act_day),
        recorded_at=_instant(case, version.cause_idx),
        fields=(),
        evidence=act.papers,
        consents=tuple(masks.shown("name", who[p].name) if p in who else "…" for p in act.persons),
        payment=act.payment,
        effect="follows" if version.effect == "follows" else "own",
        by_family=any(p in family or p in case.reach.persons for p in act.persons),
    )


def _vouched(case: _Case, parts: _Parts) -> dt.date | None:
    """Since which day the log vouches for what held at the event, when that is later than the event's own day."""
    event = case.event
    entries = {event.idx}
    for _, _, of_part in parts:
        state = state_before(of_part, event.event_day, event.idx, case.known_at)
        if state is not None:
            entries.add(state.cause_idx)
    # Instants of one form, UTC to the second, sort as they read.
    newest = day_of(max(case.instants[idx] for idx in entries))
    return newest if newest.isoformat() > event.event_day else None


def _instant(case: _Case, idx: int) -> dt.datetime:
    return dt.datetime.fromisoformat(case.instants[idx])
