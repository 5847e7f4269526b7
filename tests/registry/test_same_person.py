"""Two rows that the police found to be one person: what hangs on either stands in every answer about them; both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from api.answers import persons
from api.asked import moment
from registry import residence
from registry.guarantee.compare import guarantee
from registry.guarantee.reach import within_reach
from registry.ledger.evidence import stated
from registry.parties import Identity
from registry.residence import Registration
from registry.rights.model import RIGHT
from registry.same_person import Linked, linked_in, linked_to
from registry.settlement import Event, record
from registry.settlement.life import Desk, link_people
from registry.statement import statement
from registry.store import travelling
from tests.attacks.locks_off import damaged
from tests.guarantee.village import everything, registered
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.engines import Store

AT, PAPER, LINKED = Desk("王警官"), "b" * 64, "2017-06-01"
DOUBLE = Identity("达楞太", made_up.id_number("19680312", 901), sex="1")


def doubled(store: Store, village: made_up.Village | None = None) -> tuple[str, str, int]:
    """The head of the family, his second row, registered in a town, and the entry that links the two."""
    village = village or registered(store)
    row = Registration("new:0", "2016-09-14", "T-1", "02", "150626100010", "嘎鲁图镇文苑社区", "文苑社区2栋")
    event = Event("registered-first", "2016-09-14", (), (row,), newcomers=(DOUBLE,))
    (second,) = record(store, event, "王警官", "公安局").newcomers
    _, done = link_people(store, second, village.people[0], LINKED, AT, police_decision=PAPER)
    return village.people[0], second, done.idx


def told(store: Store, person: str, day: str = "2018-01-01", known: int | None = None) -> dict[str, Any]:
    """A statement."""
    with store.reading() as connection:
        return statement(store, connection, person, valid_at=day, known_at=known)


def moved(store: Store, person: str, day: str = "2017-09-01") -> int:
    """This row alone moves to another town."""
    rows = (made_up.town(person, day),)
    return record(store, Event("settled-in-banner", day, (person,), rows), "王警官", "公安局").idx


def ids(answer: dict[str, Any]) -> set[str]:
    """The rights of a statement."""
    return {right["id"] for right in answer["rights"]}


@pytest.mark.rule("WS-2016/II.2.3")
def test_a_statement_of_either_row_has_the_rights_of_both(store: Store) -> None:
    """II.2.3: one person, one set of rights, whichever number they ask under; it says that rows are linked, and since when."""
    first, second, idx = doubled(store)
    own, other = told(store, first), told(store, second)
    assert ids(own) == ids(other) != set()
    assert other["linked"] == [{"id": first, "since": LINKED, "event": idx}]
    assert own["linked"] == [{"id": second, "since": LINKED, "event": idx}]
    assert own["registration"] == other["registration"]


@pytest.mark.rule("WS-2016/II.2.3")
def test_a_link_counts_from_its_day_and_from_when_it_was_known_until_it_is_cancelled(store: Store) -> None:
    """The day before the link, and as known before it, the rows stand apart; so they do after its event was cancelled."""
    first, second, idx = doubled(store)
    cases = (("2017-05-31", None, False), (LINKED, None, True), ("2018-01-01", idx, False), (LINKED, idx + 1, True))
    for day, known, linked in cases:
        answer = told(store, second, day, known)
        assert bool(answer["linked"]) == bool(ids(answer)) == linked, (day, known)
    before = everything(store)
    record(store, Event("event-cancelled", "2017-08-01", (), cancels=idx), "王警官", "公安局")
    assert (told(store, second)["linked"], ids(told(store, second))) == ([], set())
    assert ids(told(store, first))
    assert ids(told(store, second, known=idx + 1))
    assert everything(store) == before


def test_a_move_states_and_compares_what_hangs_on_every_row(store: Store) -> None:
    """I1 for a double: the move of one row states the rights of the other, and the verdict is about all of them, from either."""
    first, second, _ = doubled(store)
    idx = moved(store, second)
    with store.reading() as connection:
        assert stated(store, connection, idx, first) == within_reach(connection, first) != {}
        assert stated(store, connection, idx, second) == {}
        (event,) = (e for e in residence.events_of(connection, second) if e.idx == idx)
        answers = [guarantee(store, connection, row, event, valid_at="2018-01-01") for row in (first, second)]
        at = moment(store, connection, "2018-01-01", None)
        asked = [persons.guarantee(store, connection, row, at) for row in (first, second)]
        rights = [persons.rights(store, connection, row, at) for row in (first, second)]
    assert {answer.verdict for answer in answers} == {"unchanged"}
    assert answers[0].things == answers[1].things != ()
    assert [each["event"]["idx"] for each in asked] == [idx, idx]
    assert rights[0]["rights"] == rights[1]["rights"]
    for row in (first, second):
        answer = told(store, row)
        assert (answer["verdict"], answer["event"]["idx"]) == ("unchanged", idx)
        assert answer["registration"]["now"]["since"] == "2017-09-01"


def test_what_a_move_stated_of_the_other_row_is_missed_when_it_is_gone(store: Store) -> None:
    """I1: a right torn off the other row behind the register's back is a violation in the statement of this one."""
    _, second, _ = doubled(store)
    moved(store, second)
    right = next(thing["id"] for thing in told(store, second)["things"] if thing["thing"] == "contract-forest")
    tables = [RIGHT.table, *RIGHT.children]

    def edit(connection: sa.Connection) -> None:
        for table in tables:
            connection.execute(sa.delete(table).where(table.c.thing_id == right))

    with damaged(store, edit, *(table.name for table in tables)) as connection:
        answer = statement(store, connection, second, valid_at="2018-01-01")
    assert answer["verdict"] == "violated"
    assert right in {thing["id"] for thing in answer["things"] if thing["verdict"] == "violated"}


def test_an_unlinked_row_is_not_told_what_the_move_stated_of_the_other(store: Store) -> None:
    """A link made in error: after it is cancelled nothing of the other person stands in the answer, the move's own included."""
    _, second, idx = doubled(store)
    moved(store, second)
    record(store, Event("event-cancelled", "2017-10-01", (), cancels=idx), "王警官", "公安局")
    answer = told(store, second)
    assert (answer["linked"], answer["things"], answer["rights"]) == ([], [], [])


def test_another_row_costs_one_round_trip_and_nobody_else_any(
    make_store: Callable[[str], Store], postgis_admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether somebody is linked travels with the first question; only who is goes once more."""
    store = make_store("postgis")
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    first, second, _ = doubled(store, village)
    moved(store, second)
    trips: list[int] = []
    sent = travelling._sent  # noqa: SLF001  (what is counted)

    def counted(driver: Any, questions: Any, binary: Any) -> Any:  # noqa: ANN401  (its own)
        trips.append(len(questions))
        return sent(driver, questions, binary)

    told(store, first)  # once the log's tree is in memory
    monkeypatch.setattr(travelling, "_sent", counted)
    counts = []
    for day in ("2018-01-01", "2017-05-31"):
        trips.clear()
        told(store, first, day)
        counts.append(len(trips))
    assert counts == [4, 3]


PEOPLE = st.sampled_from("abcdef")
LINKS = st.lists(st.tuples(PEOPLE, PEOPLE, st.sampled_from(("2017-01-01", "2017-01-02", "2017-01-03"))), max_size=8)


@given(LINKS, PEOPLE)
def test_two_rows_are_one_since_the_first_day_on_which_links_lead_from_one_to_the_other(
    made: list[tuple[str, str, str]], person: str
) -> None:
    """Link by link in the order of days: whoever is reached is linked since the link that reached them."""
    rows = [(one, other, day, idx) for idx, (one, other, day) in enumerate(made) if one != other]
    expected: dict[str, Linked] = {}
    for n, (_, _, day, idx) in enumerate(sorted(rows, key=lambda row: row[2:]), 1):
        reached, before = {person}, set[str]()
        while reached != before:
            before = set(reached)
            for one, other, *_ in sorted(rows, key=lambda row: row[2:])[:n]:
                if {one, other} & reached:
                    reached |= {one, other}
        for each in reached - {person} - expected.keys():
            expected[each] = Linked(each, day, idx)
    assert linked_in(rows, person) == tuple(expected[each] for each in sorted(expected))
    first = tuple(each for each in linked_in(rows, person, "2017-01-01"))
    assert first == tuple(expected[each] for each in sorted(expected) if expected[each].since == "2017-01-01")


def test_nobody_is_linked_who_was_not(store: Store) -> None:
    """A number or a name alone links nobody."""
    village = registered(store)
    with store.reading() as connection:
        assert linked_to(connection, village.people[0]) == ()
