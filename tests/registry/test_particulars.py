"""民族 and 文化程度 as the police desk states them: household facts of a day, sealed, of which no right knows; both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from api.answers import persons
from api.asked import moment
from registry.audit import audit
from registry.particulars import (
    PARTICULARS,
    Particulars,
    Since,
    UnknownParticularError,
    educations,
    levels,
    nationalities,
    stated,
    stated_since,
)
from registry.parties import Identity
from registry.settlement import Event, UnknownPersonError, record
from registry.settlement.life import Desk, link_people
from registry.store.engines import owner_engine
from registry.store.keys import SealBrokenError
from tests.guarantee.village import everything, projections, registered, state_root
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store

MONGOL, JUNIOR, UNIVERSITY = "02", "71", "21"


def said(store: Store, person: str, day: str, what: Particulars, *, key: str = "") -> int:
    """The desk states this of a person; the entry."""
    event = Event("particulars-recorded", day, (person,), particulars={person: what}, key=key)
    return record(store, event, "王警官", "公安局").idx


def known(store: Store, person: str, day: str = "2026-01-01", size: int = 2**62) -> Particulars:
    """What is known of a person on a day."""
    with store.reading() as connection:
        return stated(store, connection, valid_at=day, known_at=size).get(person, Particulars())


def since(store: Store, person: str, day: str = "2026-01-01") -> Since:
    """Since when it is stated."""
    with store.reading() as connection:
        return stated_since(store, connection, [person], valid_at=day, known_at=2**62)


def test_what_is_stated_holds_from_its_day_and_is_known_from_its_entry(store: Store) -> None:
    """Figure 2: the last that was stated of each by the day, as known at a size; nothing before, and nothing is inferred."""
    person, *others = registered(store).people
    first = said(store, person, "2017-05-08", Particulars(MONGOL, JUNIOR))
    later = said(store, person, "2021-07-01", Particulars(education=UNIVERSITY))
    assert (known(store, person, "2017-05-07"), since(store, person, "2017-05-07")) == (Particulars(), Since())
    assert known(store, person, "2021-06-30") == Particulars(MONGOL, JUNIOR)
    assert since(store, person, "2021-06-30") == Since("2017-05-08", "2017-05-08")
    assert known(store, person) == Particulars(MONGOL, UNIVERSITY)
    assert since(store, person) == Since("2017-05-08", "2021-07-01")
    assert known(store, person, size=first) == Particulars()
    assert known(store, person, size=later).education == JUNIOR
    assert [known(store, other) for other in others] == [Particulars()] * len(others)


@pytest.mark.rule("WS-2016/II.3.1-g")
def test_stating_it_touches_no_right_and_no_part_of_what_is_compared(store: Store) -> None:
    """I1: neither is part of π; the state root and everything guarded stay, for everybody of the family."""
    village = registered(store)
    before, root = everything(store), state_root(store)
    held = {person: projections(store, person) for person in village.people}
    for number, person in enumerate(village.people):
        said(store, person, f"2017-05-0{number + 1}", Particulars(MONGOL, "80"))
        said(store, person, f"2018-05-0{number + 1}", Particulars("01", "61"))
    assert (everything(store), state_root(store)) == (before, root)
    assert {person: projections(store, person) for person in village.people} == held
    assert audit(store).findings == ()


def test_cancelled_event_states_nothing_any_more(store: Store) -> None:
    """What a cancelled event stated does not hold; as known before the cancellation it did."""
    person = registered(store).people[0]
    said(store, person, "2017-05-08", Particulars(MONGOL))
    wrong = said(store, person, "2018-05-08", Particulars("01"))
    cancelling = record(store, Event("event-cancelled", "2018-06-01", (person,), cancels=wrong), "王警官", "公安局")
    assert known(store, person).nationality == MONGOL
    assert known(store, person, size=cancelling.idx).nationality == "01"


def test_it_comes_with_a_settlement_and_with_a_newcomer_and_twice_is_once(store: Store) -> None:
    """II.1.1: stated with the move itself; another statement makes another event, the same one is recorded once."""
    village = registered(store)
    who = village.people[0]
    moves = Event("settled-in-banner", "2017-05-08", (who,), (made_up.town(who, "2017-05-08"),))
    with_it = Event(moves.kind, moves.day, moves.people, moves.registrations, particulars={who: Particulars(MONGOL)})
    assert not record(store, moves, "王警官", "公安局").repeated
    assert not record(store, with_it, "王警官", "公安局").repeated
    assert record(store, with_it, "王警官", "公安局").repeated
    child = Identity("苏日娜", made_up.id_number("20180226", 644), sex="2")
    birth = Event(
        "birth-registered", "2018-03-01", registrations=(made_up.town("new:0", "2018-03-01"),), newcomers=(child,),
        particulars={"new:0": Particulars(MONGOL)},
    )  # fmt: skip
    (newborn,) = record(store, birth, "王警官", "公安局").newcomers
    assert (known(store, who).nationality, known(store, newborn)) == (MONGOL, Particulars(MONGOL))


def test_one_person_of_two_rows_has_what_was_stated_under_either(store: Store) -> None:
    """II.2.3: several rows that are one person are asked together, from the day of the link on."""
    people = registered(store).people
    said(store, people[0], "2017-05-08", Particulars(MONGOL))
    said(store, people[1], "2018-05-08", Particulars(education=JUNIOR))
    link_people(store, people[0], people[1], "2019-01-01", Desk("王警官"), police_decision="b" * 64)
    with store.reading() as connection:
        told = persons.registrations(store, connection, people[1], moment(store, connection, "2020-01-01", None))
        apart = persons.registrations(store, connection, people[1], moment(store, connection, "2018-12-31", None))
    assert told["particulars"] == {"nationality_since": "2017-05-08", "education_since": "2018-05-08"}
    assert apart["particulars"] == {"nationality_since": None, "education_since": "2018-05-08"}


def test_unknown_people_and_codes_are_refused_and_nothing_is_written(store: Store) -> None:
    """A code that is in no list is refused by name of its standard, without the code; a stranger has nothing stated of them."""
    registered(store)
    with pytest.raises(UnknownParticularError, match="GB/T 3304") as refused:
        Particulars("57")
    assert "57" not in str(refused.value)
    with pytest.raises(UnknownParticularError, match="GB/T 4658"):
        Particulars("", "99")
    with pytest.raises(UnknownPersonError):
        said(store, "f" * 32, "2017-05-08", Particulars(MONGOL))
    with store.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(PARTICULARS)) == 0


def test_it_is_sealed_and_an_edited_row_is_named(store: Store) -> None:
    """At rest it is ciphertext bound to its row: one that was put under another person does not open, and the audit names it."""
    people = registered(store).people
    said(store, people[0], "2017-05-08", Particulars(MONGOL, JUNIOR))
    assert "02" not in repr(Particulars(MONGOL, JUNIOR))
    with owner_engine(store.settings).begin() as connection:
        if store.on_postgresql:
            connection.exec_driver_sql("ALTER TABLE person_particulars DISABLE TRIGGER USER")
        else:
            connection.exec_driver_sql("DROP TRIGGER person_particulars_refuses_update")
        row = connection.execute(sa.select(PARTICULARS)).one()
        assert MONGOL.encode() not in bytes(row.sealed)
        connection.execute(sa.update(PARTICULARS).values(person_id=people[1]))
    with pytest.raises(SealBrokenError):
        known(store, people[1])
    assert any(finding.table == "person_particulars" for finding in audit(store).findings)


@given(st.text(max_size=3) | st.sampled_from(sorted({*nationalities(), *educations()})))
@settings(max_examples=200)
def test_a_code_is_taken_exactly_where_its_list_has_it(code: str) -> None:
    """GB/T 3304: 01 to 56, 97, 98. GB/T 4658: two digits, the first of which is a level."""
    numbers = {f"{n:02d}" for n in (*range(1, 57), 97, 98)}
    assert _taken(nationality=code) == (code in numbers or code == "")
    assert _taken(education=code) == (code in educations() or code == "")
    if code in educations():
        assert educations()[code] in levels()


def _taken(**said: str) -> bool:
    try:
        Particulars(**said)
    except UnknownParticularError:
        return False
    return True
