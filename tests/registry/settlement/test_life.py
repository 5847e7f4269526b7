"""Births, deaths, divorces, where people live, numbers and doubles: recorded, and no right moves by any of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry import parties, residence
from registry.audit import audit
from registry.ledger.commit import desk
from registry.membership import acts as memberships
from registry.membership_queries import MEMBERSHIP_QUERY, queries
from registry.parties import Identity
from registry.residence import ActualResidence
from registry.same_person import same_as
from registry.settlement import Event, record
from registry.settlement.life import (
    AFTER_DEATH,
    Desk,
    NotDecidedError,
    change_number,
    link_people,
    record_birth,
    record_death,
    record_divorce,
    record_residence,
)
from registry.store.engines import owner_engine
from tests.guarantee.village import everything, registered, state_root
from tests.registry import made_up
from tests.registry.made_up import CLERK, id_number

if TYPE_CHECKING:
    from registry.settlement import Recorded
    from registry.store.engines import Store
    from tests.registry.made_up import Village

AT = Desk("王警官")
CHILD = Identity("乌兰", id_number("20240301", 618))
PAPER = "d" * 64


def born(store: Store, village: Village, key: str = "") -> Recorded:
    """A child of the family is born and registered in the 嘎查 with its parents."""
    row = made_up.rural("", "30", "2024-03-05")
    return record_birth(store, CHILD, village.people[:2], replace(row, former_type=""), AT, evidence=(PAPER,), key=key)


def test_birth_opens_a_question_and_gives_no_share(store: Store) -> None:
    """II.1.3, M2: the parents' collective is asked, once; nothing guarded is written until it answers by its own act."""
    village = registered(store)
    before, root = everything(store), state_root(store)
    done = born(store, village)
    assert (everything(store), state_root(store)) == (before, root)
    with store.reading() as connection:
        (asked,) = queries(connection)
    assert (asked.person_id, asked.collective_id, asked.answered) == (done.newcomers[0], village.collective, False)
    with desk(store, CLERK) as at:
        act = at.act("membership-confirmed", "2025-06-01")
        memberships.begin(act, person_id=asked.person_id, collective_id=asked.collective_id, basis="成员大会决议2号")
        at.commit()
    with store.reading() as connection:
        assert [query.answered for query in queries(connection)] == [True]
        assert [query.answered for query in queries(connection, known_at=done.idx + 1)] == [False]
        assert queries(connection, known_at=done.idx) == []
    assert audit(store).findings == ()


def test_birth_sent_twice_asks_once(store: Store) -> None:
    """I28: the same birth is one event, one child and one question; a cancelled one asks nothing."""
    village = registered(store)
    first, again = born(store, village, "b1"), born(store, village, "b1")
    assert (again.idx, again.repeated) == (first.idx, True)
    with store.reading() as connection:
        assert len(queries(connection)) == 1
    record(store, Event("event-cancelled", "2024-04-01", (), cancels=first.idx), "王警官", "公安局")
    with store.reading() as connection:
        assert queries(connection) == []
        assert len(queries(connection, known_at=first.idx + 1)) == 1


def test_death_cancels_the_registration_and_touches_nothing_else(store: Store) -> None:
    """Policy-map section 5: the household goes on; what a death does to each thing is told, and done by acts of their own."""
    village = registered(store)
    before = everything(store)
    mother = village.people[4]
    record(
        store,
        Event("permit-issued", "2018-01-01", (mother,), permits={mother: ("issued", "150626")}),
        "王警官",
        "公安局",
    )
    record_death(store, mother, "2018-06-01", AT, evidence=(PAPER,))
    with store.reading() as connection:
        here = residence.registration_at(connection, store.vault, mother, "2019-01-01")
        steps = [step["status"] for step in residence.permits(connection, mother)]
    assert here is not None
    assert (here.status, here.division_code, steps) == ("cancelled", "150626100210", ["issued", "lapsed"])
    assert everything(store) == before
    assert {word for word, _, _ in AFTER_DEATH} == {"contract", "homestead", "income", "membership", "benefit"}


def test_divorce_moves_whom_it_moves_and_no_right(store: Store) -> None:
    """Policy-map section 5: marriage and divorce do nothing to land, homestead, share or membership."""
    village = registered(store)
    before = everything(store)
    wife = village.people[1]
    done = record_divorce(store, (village.people[0], wife), "2019-03-01", AT, moved=(made_up.town(wife, "2019-03-01"),))
    with store.reading() as connection:
        here = residence.registration_at(connection, store.vault, wife, "2020-01-01")
        assert residence.people_of(connection, done.idx) == sorted(village.people[:2])
    assert here is not None
    assert here.division_code == "150626100010"
    assert everything(store) == before


@pytest.mark.rule("WS-2016/II.2.3-residence", "WS-2016/I.3")
def test_registered_address_residence_and_membership_are_three_facts(store: Store) -> None:
    """II.2.3, I.3: recording where somebody really lives moves neither the registration nor the village of membership."""
    village = registered(store)
    before, person = everything(store), village.people[0]
    done = record_residence(store, [ActualResidence(person, "", "150626100010", "文苑社区2栋202")], "2017-03-01", AT)
    with store.reading() as connection:
        here = residence.registration_at(connection, store.vault, person, "2017-04-01")
        lives = residence.residence_at(connection, store.vault, person, "2017-04-01")
        assert residence.residence_at(connection, store.vault, person, "2017-02-28") is None
        assert residence.residence_at(connection, store.vault, person, "2017-04-01", done.idx) is None
        assert residence.residence_at(connection, store.vault, village.people[1], "2017-04-01") is None
    assert here is not None
    assert lives is not None
    assert (here.division_code, lives.division_code, lives.address) == (
        "150626100210",
        "150626100010",
        "文苑社区2栋202",
    )
    assert everything(store) == before
    assert "202" not in repr(lives)
    assert audit(store).findings == ()


def test_old_number_is_linked_to_the_new_one_and_stays_findable(store: Store) -> None:
    """II.2.3: 15 to 18 digits when number, name, birthday and sex agree; every old certificate stays findable."""
    registered(store)
    old = Identity("巴特尔", "150699740312301", sex="1")
    row = replace(made_up.town("new:0", "2016-10-01"))
    event = Event("registered-first", "2016-10-01", (), (row,), newcomers=(old,))
    person = record(store, event, "王警官", "公安局").newcomers[0]
    new = Identity("巴特尔", id_number("19740312", 301), sex="1")
    for wrong in (replace(new, sex="2"), replace(new, name="别人"), replace(new, id_number=id_number("19740312", 303))):
        with pytest.raises(NotDecidedError):
            change_number(store, person, wrong, "2017-01-01", AT)
    decision, _ = change_number(store, person, new, "2017-01-01", AT)
    assert decision.result == "eligible"
    with store.reading() as connection:
        for number in (old.id_number, new.id_number):
            assert parties.find_by_number(connection, store.vault, number) == [person]


def test_number_is_corrected_by_the_police_alone(store: Store) -> None:
    """II.2.3: without a decision nothing changes; one that somebody else has, or that is badly built, is held."""
    village = registered(store)
    person = village.people[0]
    right = Identity("达楞太", id_number("19740313", 113), sex="1")
    with pytest.raises(NotDecidedError):
        change_number(store, person, right, "2017-01-01", AT)
    doubled = Identity("达楞太", id_number(made_up.PEOPLE[1][1], made_up.PEOPLE[1][2]), sex="1")
    for wrong in (doubled, replace(right, id_number=right.id_number[:-1] + "?")):
        with pytest.raises(NotDecidedError):
            change_number(store, person, wrong, "2017-01-01", AT, police_decision=PAPER)
    change_number(store, person, right, "2017-01-01", AT, police_decision=PAPER)
    with store.reading() as connection:
        first = id_number(made_up.PEOPLE[0][1], made_up.PEOPLE[0][2])
        assert parties.find_by_number(connection, store.vault, first) == [person]
        assert parties.find_by_number(connection, store.vault, right.id_number) == [person]


def test_two_rows_are_one_person_by_decision_only_and_both_stay(store: Store) -> None:
    """II.2.3: linked by the police, never by number; what hangs on either row stays; a cancelled link is none."""
    village = registered(store)
    before = everything(store)
    one, other, third = village.people[:3]
    with pytest.raises(NotDecidedError):
        link_people(store, one, other, "2017-01-01", AT)
    _, done = link_people(store, other, one, "2017-01-01", AT, police_decision=PAPER)
    link_people(store, other, third, "2017-01-02", AT, police_decision=PAPER)
    with store.reading() as connection:
        assert same_as(connection, one) == same_as(connection, third) == tuple(sorted((one, other, third)))
        assert same_as(connection, one, known_at=done.idx + 1) == tuple(sorted((one, other)))
        assert same_as(connection, one, known_at=done.idx) == (one,)
    record(store, Event("event-cancelled", "2017-02-01", (), cancels=done.idx), "王警官", "公安局")
    with store.reading() as connection:
        assert same_as(connection, one) == (one,)
    assert everything(store) == before
    assert audit(store).findings == ()


@pytest.mark.parametrize("table", ["actual_residence", "membership_query", "same_person"])
def test_row_that_is_taken_out_or_edited_is_named_by_the_audit(store: Store, table: str) -> None:
    """Each row that an event brings is committed by its digest: who forces the locks is found."""
    village = registered(store)
    born(store, village)
    link_people(store, village.people[0], village.people[1], "2017-01-01", AT, police_decision=PAPER)
    record_residence(store, [ActualResidence(village.people[0], "", "150626100010", "甲")], "2017-03-01", AT)
    assert audit(store).findings == ()
    engine = owner_engine(store.settings)
    with engine.begin() as connection:
        if store.on_postgresql:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER {table}_refuses_delete")
        connection.exec_driver_sql(f"DELETE FROM {table}")
        if not store.on_postgresql:
            assert connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0
    engine.dispose()
    assert any(finding.table == "ledger_entry" for finding in audit(store).findings)


def test_question_is_put_to_each_collective_once(store: Store) -> None:
    """Both parents are members of one collective: it is asked once."""
    village = registered(store)
    done = born(store, village)
    with store.reading() as connection:
        rows = connection.execute(sa.select(MEMBERSHIP_QUERY).where(MEMBERSHIP_QUERY.c.event_idx == done.idx)).all()
    assert len(rows) == 1


@pytest.mark.rule("WS-2016/II.2.3", "COL/12")
def test_question_follows_a_parent_to_their_other_row(store: Store) -> None:
    """II.2.3: a parent under a second row of no collective is a member under the first, once the police linked the two."""
    village = registered(store)
    double = Identity("达楞太", id_number("19680312", 901), sex="1")
    first = Event("registered-first", "2016-09-14", (), (made_up.town("new:0", "2016-09-14"),), newcomers=(double,))
    (second,) = record(store, first, "王警官", "公安局").newcomers

    def asked(key: str) -> set[str]:
        child = Identity("乌兰", id_number("20240301", 618 if key == "before" else 620))
        done = record_birth(store, child, [second], made_up.town("", "2024-03-05"), AT, key=key)
        with store.reading() as connection:
            return {query.collective_id for query in queries(connection) if query.event_idx == done.idx}

    assert asked("before") == set()
    link_people(store, second, village.people[0], "2024-01-01", AT, police_decision=PAPER)
    assert asked("after") == {village.collective}
