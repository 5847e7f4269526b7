"""I25: is every answer a function of a day and of what was known, and is an old statement made again to the byte?"""

from __future__ import annotations

import itertools
import json

import pytest
import sqlalchemy as sa

from registry import parties, residence
from registry.guarantee.compare import EventNotKnownError, EventStillAheadError, guarantee
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.membership import acts as memberships
from registry.parties import Identity
from registry.rights import acts as rights
from registry.rights.model import RIGHT_VERSION
from registry.settlement import Event, record, settle_family
from registry.statement import statement
from registry.store.engines import Store
from tests.guarantee.village import family_wills, projections, registered, size, verdict
from tests.registry import made_up
from tests.registry.made_up import CLERK


def test_a_backdated_correction_changes_the_past_as_known_now_and_never_as_known_then(store: Store) -> None:
    """I25, four combinations: the day before or after the corrected one, known before or after the correction."""
    village = registered(store)
    made_up.settle(store, village)
    then = size(store)
    arable = village.rights["contract-arable"]
    with desk(store, CLERK) as at:
        rights.change(at.act("record-corrected", "2018-01-01", ActFields(basis="更正")), arable, term_end="2028-06-30")
        at.commit()
    now = size(store)
    ends = {
        (day, known): (projections(store, village.people[0], day, known)[arable] or {})["term_end"]
        for day in ("2017-12-31", "2018-01-01")
        for known in (then, now)
    }
    assert ends == {
        ("2017-12-31", then): "2027-12-31",
        ("2017-12-31", now): "2027-12-31",
        ("2018-01-01", then): "2027-12-31",
        ("2018-01-01", now): "2028-06-30",
    }


def test_a_correction_dated_back_writes_one_version_for_each_stretch(store: Store) -> None:
    """Ledger section 7: each stretch from the act's first day on, in the order of days, the last one open."""
    village = registered(store)
    arable = village.rights["contract-arable"]
    signed = ActFields(basis="抵押", wills=family_wills(village))
    with desk(store, CLERK) as at:
        lender = {"lender": "信用社"}
        rights.burden(
            at.act("mortgaged", "2020-01-01", signed),
            arable,
            restriction_kind="mortgage",
            parties=lender,
            document="抵9",
        )
        at.commit()
    with desk(store, CLERK) as at:
        rights.change(at.act("extended", "2028-01-01", ActFields(basis="延包")), arable, term_end="2057-12-31")
        at.commit()
    with desk(store, CLERK) as at:
        act = at.act("record-corrected", "2016-12-01", ActFields(basis="更正"))
        rights.change(act, arable, certificate_number="更正后")
        at.commit()
    with store.reading() as connection:
        rows = connection.execute(
            sa.select(RIGHT_VERSION.c.valid_from, RIGHT_VERSION.c.valid_to, RIGHT_VERSION.c.act_day)
            .where(RIGHT_VERSION.c.thing_id == arable, RIGHT_VERSION.c.cause_idx == act.idx)
            .order_by(RIGHT_VERSION.c.ver)
        ).all()
    days = ["2016-12-01", "2017-01-01", "2017-02-01", "2020-01-01", "2028-01-01", None]
    assert [(str(r.valid_from), r.valid_to and str(r.valid_to)) for r in rows] == list(itertools.pairwise(days))
    assert {str(r.act_day) for r in rows} == {"2016-12-01"}
    found = projections(store, village.people[0], "2030-01-01")[arable]
    assert found is not None
    assert (found["term_end"], found["certificates"][0], len(found["burdens"])) == ("2057-12-31", "更正后", 3)


def test_a_statement_issued_earlier_is_made_again_to_the_byte(store: Store) -> None:
    """I25: with the day and the ledger size of then the same document comes out, whatever was recorded since."""
    village = registered(store)
    moved = made_up.settle(store, village)
    known = size(store)
    issued = _statement(store, village.people[0], known)
    with desk(store, CLERK) as at:
        rights.change(
            at.act("record-corrected", "2016-12-01", ActFields(basis="更正")),
            village.rights["contract-arable"],
            term_end="2028-06-30",
        )
        rights.end(at.act("court-ordered", "2017-06-01", ActFields(basis="判决")), village.rights["income-0"])
        memberships.end(at.act("membership-lost", "2025-06-01", ActFields(basis="决议")), village.memberships[0])
        at.commit()
    cancel = Event("event-cancelled", "2018-01-01", (village.people[0],), cancels=moved.idx)
    record(store, cancel, "王警官", "公安局")
    assert _statement(store, village.people[0], known) == issued
    assert _statement(store, village.people[0], None) != issued


def test_a_correction_after_the_move_is_told_apart_from_an_act_after_it(store: Store) -> None:
    """Issue 3 item 6: first and second state differ by corrections of the record, second and third by later acts."""
    village = registered(store)
    moved = made_up.settle(store, village)
    arable = village.rights["contract-arable"]
    with desk(store, CLERK) as at:
        rights.change(at.act("record-corrected", "2016-12-01", ActFields(basis="更正")), arable, term_end="2028-06-30")
        rights.change(
            at.act("certificate-reissued", "2020-01-01", ActFields(basis="补证")), arable, certificate_number="新"
        )
        at.commit()
    told = next(t for t in verdict(store, village.people[0], moved.idx).things if t.thing_id == arable)
    assert told.then is not None
    assert told.then_known_now is not None
    assert told.now is not None
    assert [p["term_end"] for p in (told.then, told.then_known_now, told.now)] == [
        "2027-12-31",
        "2028-06-30",
        "2028-06-30",
    ]
    assert told.then_known_now["certificates"] != told.now["certificates"]
    assert [(c.kind, c.fields) for c in told.changes] == [
        ("record-corrected", ("term_end",)),
        ("certificate-reissued", ("certificates",)),
    ]


def test_acts_on_the_day_of_the_move_are_before_it_or_after_it_by_their_place_in_the_log(store: Store) -> None:
    """Issue 3 item 6: before e = valid before e's day, or on it and earlier in the ledger; also under a correction."""
    village = registered(store)
    other, arable = village.rights["contract-other"], village.rights["contract-arable"]
    with desk(store, CLERK) as at:
        rights.change(at.act("extended", made_up.MOVED, ActFields(basis="延包")), other, term_end="2057-12-31")
        rights.change(at.act("extended", made_up.MOVED, ActFields(basis="延包")), arable, term_end="2057-12-31")
        at.commit()
    moved = made_up.settle(store, village)
    with desk(store, CLERK) as at:
        rights.change(
            at.act("certificate-reissued", made_up.MOVED, ActFields(basis="补")), arable, certificate_number="新"
        )
        at.commit()
    with desk(store, CLERK) as at:
        for right in (other, arable):
            rights.change(at.act("record-corrected", "2016-12-01", ActFields(basis="更正")), right, unit_code="更正")
        at.commit()
    things = {t.thing_id: t for t in verdict(store, village.people[0], moved.idx).things}
    assert things[other].verdict == "unchanged"
    then = things[other].then
    assert then is not None
    assert then["term_end"] == "2057-12-31"
    assert things[arable].verdict == "changed lawfully"
    assert things[arable].differs == ()


def test_what_was_recorded_only_after_the_move_says_so_and_since_when_the_log_vouches(store: Store) -> None:
    """Issue 3 item 6: `recorded after the move`: no first state but a second; the verdict says since which day."""
    village = registered(store)
    with desk(store, CLERK) as at:
        act = at.act("first-registration", made_up.SIGNED)
        person = parties.person_rows(
            store.vault, store.randomness, act.idx, Identity("巴图", made_up.id_number("19800101", 331))
        )
        for table, row in person[1]:
            at.row(table, row)
        act.fields = ActFields(basis="补登", people=((person[0], "巴图", made_up.id_number("19800101", 331)),))
        memberships.begin(act, person_id=person[0], collective_id=village.collective, basis="决议")
        at.commit()
    moved = settle_family(store, [person[0]], day=made_up.MOVED, town=made_up.town(), officer_name="王警官")
    assert verdict(store, person[0], moved.idx).verdict == "unchanged"
    with desk(store, CLERK) as at:
        act = at.act("omission-corrected", made_up.SIGNED, ActFields(basis="补登"))
        memberships.begin(act, person_id=person[0], collective_id=village.collective, basis="补登")
        memberships.begin(
            at.act("membership-gained", "2020-01-01"), person_id=person[0], collective_id=village.collective, basis="新"
        )
        at.commit()
    answer = verdict(store, person[0], moved.idx)
    assert answer.verdict == "recorded after the move"
    assert [t.verdict for t in answer.things].count("recorded after the move") == 1
    assert answer.vouched is not None
    assert len(answer.begun_since) == 1


def test_a_person_of_whom_nothing_is_recorded_is_told_what_was_looked_for(store: Store) -> None:
    """Issue 3 item 6: `nothing recorded` only if there is nothing; what was looked for is said."""
    registered(store)
    born = Identity("苏日娜", made_up.id_number("20170501", 600))
    event = Event("birth-registered", made_up.MOVED, newcomers=(born,), registrations=(made_up.town("new:0"),))
    done = record(store, event, "王警官", "公安局")
    answer = verdict(store, done.newcomers[0], done.idx)
    assert answer.verdict == "nothing recorded"
    assert answer.things == answer.begun_since == ()
    assert answer.left_out.zh


def test_an_event_can_not_be_asked_about_before_it_was_known_or_before_its_day(store: Store) -> None:
    """I25: an answer as known before the event, or as of a day before it, has no event to compare across."""
    village = registered(store)
    before = size(store)
    moved = made_up.settle(store, village)
    with store.reading() as connection:
        told = statement(store, connection, village.people[0], valid_at="2017-05-07", event_idx=moved.idx)
        assert told["verdict"] is None
        told = statement(store, connection, village.people[0], valid_at="2017-05-09", event_idx=moved.idx)
        assert told["verdict"] == "unchanged"
    with pytest.raises(EventStillAheadError):
        verdict(store, village.people[0], moved.idx, "2017-05-07")
    with store.reading() as connection:
        event = next(e for e in residence.events_of(connection, village.people[0]) if e.idx == moved.idx)
        with pytest.raises(EventNotKnownError):
            guarantee(store, connection, village.people[0], event, valid_at="2026-01-01", known_at=before)


def _statement(store: Store, person: str, known: int | None) -> bytes:
    with store.reading() as connection:
        told = statement(store, connection, person, valid_at="2026-01-01", known_at=known)
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
