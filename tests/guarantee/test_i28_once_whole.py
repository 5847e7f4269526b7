"""I28: does an event sent twice act once, is it stored whole or not at all, and does the order of two matter?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from registry import residence
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.ledger.status import status_session
from registry.residence import EVENT_PERSON, HOUSEHOLD_EVENT, HUKOU_REGISTRATION
from registry.rights import acts as rights
from registry.settlement import Event, Recorded, UnknownPersonError, record, record_within
from registry.store.engines import Store
from tests.guarantee.village import everything, registered, size, state_root
from tests.registry import made_up
from tests.registry.made_up import CLERK, Village

Make = Callable[[str], Store]
_STATUS = (HOUSEHOLD_EVENT, EVENT_PERSON, HUKOU_REGISTRATION)


def test_the_same_event_sent_twice_acts_once(store: Store) -> None:
    """I28, idempotency key: the second sending answers with the first one's entry and writes nothing."""
    village = registered(store)
    first = made_up.settle(store, village)
    before, rows = size(store), _rows(store)
    again = made_up.settle(store, village)
    assert (again.idx, again.repeated, size(store), _rows(store)) == (first.idx, True, before, rows)


def test_an_event_that_fails_half_way_leaves_nothing(store: Store) -> None:
    """I28: an event is stored wholly or not at all: refused, or killed before COMMIT after everything was written."""
    village = registered(store)
    before, rows = size(store), _rows(store)
    stranger = _move(village, village.people[0], "key")
    with pytest.raises(UnknownPersonError):
        record(store, replace(stranger, people=(*stranger.people, "0" * 32)), "王警官", "公安局")
    with status_session(store) as session:
        record_within(session, stranger, "王警官", "公安局")
    assert (size(store), _rows(store)) == (before, rows)
    assert not record(store, stranger, "王警官", "公安局").repeated


def test_an_act_that_fails_half_way_leaves_nothing(store: Store) -> None:
    """I28: the same for acts: a desk left without commit has written nothing, whatever stood in it."""
    village = registered(store)
    before, rows = size(store), everything(store)
    with desk(store, CLERK) as at:
        rights.change(at.act("record-corrected", "2018-01-01", ActFields()), village.rights["homestead"], unit_code="x")
    assert (size(store), everything(store)) == (before, rows)


def test_a_race_of_one_event_leaves_one_entry(store: Store) -> None:
    """I28, race: eight threads send one event at once; one entry stands, and everybody is told of that one."""
    village = registered(store)
    before = size(store)
    answers: list[Recorded] = []
    event = _move(village, village.people[0], "race")
    threads = [
        threading.Thread(target=lambda: answers.append(record(store, event, "王警官", "公安局"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert size(store) == before + 1
    assert {answer.idx for answer in answers} == {before}
    assert sum(not answer.repeated for answer in answers) == 1


def test_independent_events_commute(make_store: Make, engine_name: str) -> None:
    """I28: independent events commute: either order gives the same registrations, and neither moves the state."""
    seen = []
    for order in ((0, 1), (1, 0)):
        store = make_store(engine_name)
        village = registered(store)
        root = state_root(store)
        for person in order:
            record(store, _move(village, village.people[person], f"key {person}"), "王警官", "公安局")
        with store.reading() as connection:
            seen.append(
                [
                    _told(residence.registration_at(connection, store.vault, village.people[n], "2018-01-01"))
                    for n in (0, 1, 2)
                ]
            )
        assert state_root(store) == root
    assert seen[0] == seen[1]


def _told(row: residence.Registration | None) -> tuple[str, str] | None:
    return None if row is None else (row.division_code, row.valid_from)


def _move(village: Village, person: str, key: str) -> Event:
    assert person in village.people
    return Event("moved-within", "2017-05-08", (person,), (made_up.town(person),), key=key)


def _rows(store: Store) -> list[int]:
    with store.reading() as connection:
        return [connection.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in _STATUS]
