"""Household events: recorded once, wholly or not at all, of a kind on the closed list, about people who are known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from registry import parties, residence
from registry.parties import Identity
from registry.residence import Registration
from registry.settlement import (
    Event,
    NotCancellableError,
    UnknownEventError,
    UnknownPersonError,
    record,
)
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.settlement import Recorded
    from registry.store.engines import Store


def recorded(store: Store, event: Event) -> Recorded:
    """Record at the police desk."""
    return record(store, event, "王警官", "公安局")


def test_same_event_sent_twice_acts_once(store: Store) -> None:
    """I28: the second sending finds the first by its content, or by the sender's key."""
    village = made_up.register_village(store)
    event = Event("study-move", "2020-09-01", (village.people[2],), key="K-1")
    first = recorded(store, event)
    again = recorded(store, replace(event, day="2020-09-02"))
    assert (again.idx, again.repeated, first.repeated) == (first.idx, True, False)
    by_content = Event("study-move", "2021-09-01", (village.people[2],))
    assert recorded(store, by_content).idx == recorded(store, by_content).idx


def test_unknown_kind_and_unknown_person_are_refused(store: Store) -> None:
    """A kind of class R is no household event; nothing is half-written."""
    village = made_up.register_village(store)
    with pytest.raises(UnknownEventError):
        recorded(store, Event("exited", "2020-01-01", (village.people[0],)))
    with pytest.raises(UnknownPersonError):
        recorded(store, Event("study-move", "2020-01-01", ("nobody",)))
    with store.reading() as connection:
        assert residence.events_of(connection, village.people[0]) == []


def test_newborn_is_registered_with_the_event(store: Store) -> None:
    """A birth brings a person and their registration; membership or a share is another matter and does not follow."""
    made_up.register_village(store)
    born = Identity("乌兰", made_up.id_number("20240301", 618))
    row = Registration("new:0", "2024-03-05", "R-1", "30", "150626100210", "呼和陶勒盖嘎查", "1号")
    done = recorded(store, Event("birth-registered", "2024-03-05", (), (row,), newcomers=(born,)))
    with store.reading() as connection:
        assert parties.find_by_number(connection, store.vault, born.id_number) == list(done.newcomers)
        here = residence.registration_at(connection, store.vault, done.newcomers[0], "2024-04-01")
    assert here is not None
    assert here.division_code == "150626100210"


def test_corrected_number_stays_findable_by_the_old_one(store: Store) -> None:
    """Policy-map section 4: every old certificate stays findable by the old number."""
    village = made_up.register_village(store)
    old = made_up.id_number(made_up.PEOPLE[0][1], made_up.PEOPLE[0][2])
    new = Identity("达楞太", made_up.id_number("19740313", 113))
    recorded(
        store, Event("identity-corrected", "2020-01-01", (village.people[0],), identities={village.people[0]: new})
    )
    with store.reading() as connection:
        for number in (old, new.id_number):
            assert parties.find_by_number(connection, store.vault, number) == [village.people[0]]
        assert parties.identities(connection, store.vault, village.people[:1])[village.people[0]].origin == "police"


def test_cancelled_event_leaves_the_registration_of_before(store: Store) -> None:
    """I14: cancelling restores household facts; rights, which it never touched, need no repair."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    done = made_up.settle(store, village)
    recorded(store, Event("event-cancelled", "2017-06-01", tuple(village.people), cancels=done.idx))
    with store.reading() as connection:
        here = residence.registration_at(connection, store.vault, village.people[0], "2020-01-01")
        events = residence.events_of(connection, village.people[0])
    assert here is not None
    assert here.division_code == "150626100210"
    assert [e.cancelled_by is not None for e in events] == [False, True, False]


@pytest.mark.parametrize("cancels", [None, 0, 999])
def test_cancelling_what_is_no_event_is_refused(store: Store, cancels: int | None) -> None:
    """A cancellation names one household event that stands."""
    village = made_up.register_village(store)
    with pytest.raises(NotCancellableError):
        recorded(store, Event("event-cancelled", "2017-06-01", tuple(village.people), cancels=cancels))


def test_event_is_cancelled_once(store: Store) -> None:
    """A second cancellation, and a naming without cancelling, are refused."""
    village = made_up.register_village(store)
    done = made_up.settle(store, village)
    recorded(store, Event("event-cancelled", "2017-06-01", tuple(village.people), cancels=done.idx))
    with pytest.raises(NotCancellableError):
        recorded(store, Event("event-cancelled", "2017-06-02", tuple(village.people), cancels=done.idx))
    with pytest.raises(NotCancellableError):
        recorded(store, Event("study-move", "2017-06-02", tuple(village.people), cancels=done.idx))


def test_permit_lapses_are_states_not_erasures(store: Store) -> None:
    """II.2.2: a residence permit that lapses keeps its history."""
    village = made_up.register_village(store)
    person = village.people[0]
    for kind, status in (("permit-issued", "issued"), ("permit-endorsed", "endorsed"), ("permit-lapsed", "lapsed")):
        recorded(store, Event(kind, "2019-01-01", (person,), permits={person: (status, "150626100010")}, key=kind))
    with store.reading() as connection:
        assert [p["status"] for p in residence.permits(connection, person)] == ["issued", "endorsed", "lapsed"]


def test_reprs_hold_no_personal_value() -> None:
    """A repr ends in a log: it shows no name, number or address."""
    row = made_up.rural("p", "02")
    text = f"{row!r} {Event('study-move', '2020-01-01', ('p',), (row,))!r} {Identity('张三', '1')!r}"
    assert "1号" not in text
    assert "张三" not in text


def test_move_of_a_day_before_the_rules_is_recorded_too(store: Store) -> None:
    """A settlement and a permit dated before Order 663 (in force 2016-01-01) are entered late: the permit lapses all the same."""
    village = made_up.register_village(store)
    person = village.people[0]
    issued = Event("permit-issued", "2009-01-01", (person,), permits={person: ("issued", "150626100010")})
    record(store, issued, "王警官", "公安局")
    moved = Event("settled-from-outside", "2010-06-01", (person,), (made_up.town(person, "2010-06-01"),))
    record(store, moved, "王警官", "公安局")
    with store.reading() as connection:
        steps = [step["status"] for step in residence.permits(connection, person)]
    assert steps == ["issued", "lapsed"]
