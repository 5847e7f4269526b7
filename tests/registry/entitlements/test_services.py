"""II.3.2 to II.3.6, I19: services follow status and length of residence, and are the same with and without land; both engines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.entitlements import Entitled, Status, entitled, services, status_of
from registry.entitlements.services import SERVICES, ServiceFileError, read_services
from registry.entitlements.status import permit_status, settled_since
from registry.ledger.read import size
from registry.parties import Identity
from registry.residence import Registration
from registry.settlement import Event, record
from registry.settlement.life import Desk, link_people
from registry.store.engines import Store
from tests.guarantee.village import burdened
from tests.registry import made_up

BANNER = "150626"
TOWN, VILLAGE, ELSEWHERE = "150626100010", "150626100210", "150102001001"


def held(store: Store, person: str, day: str = "2020-01-01") -> list[Entitled]:
    """What a person is entitled to on a day."""
    with store.reading() as connection:
        return entitled(status_of(store, connection, person, valid_at=day, known_at=size(connection)), day)


def test_services_are_the_same_with_and_without_land(store: Store) -> None:
    """I19: a family with every right and burden, and somebody with none, who settle on one day have the same services."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    stranger = Event(
        "type-unified", "2016-09-14", (), (Registration("new:0", "2016-09-14", "Z", "", VILLAGE, "村", "某处"),),
        newcomers=(Identity("张三", made_up.id_number("19800101", 901)),),
    )  # fmt: skip
    (landless,) = record(store, stranger, "王警官", "公安局").newcomers
    made_up.settle(store, village)
    record(store, Event("settled-in-banner", made_up.MOVED, (landless,), (made_up.town(landless),)), "王警官", "公安局")
    assert held(store, landless)
    assert held(store, village.people[0]) == held(store, landless)
    burdened(store, village)
    assert held(store, village.people[0]) == held(store, landless)


@pytest.mark.rule("WS-2016/II.3.2", "WS-2016/II.3.3", "WS-2016/II.3.4", "WS-2016/II.3.5", "WS-2016/II.3.6")
def test_who_settled_has_each_service_of_the_plan_since_that_day(store: Store) -> None:
    """Each clause of II.3.2 to II.3.6 gives at least one service, from its bureau, from the day of the settlement on."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    head = village.people[0]
    assert held(store, head) == []
    made_up.settle(store, village)
    found = held(store, head)
    assert {one.service.rule for one in found} == {f"WS-2016/II.3.{n}" for n in range(2, 7)}
    assert {one.since for one in found} == {made_up.MOVED}
    assert all(one.rule_zh and one.article.startswith("《") for one in found)
    assert held(store, head, "2017-05-07") == []
    assert {one.service.bureau for one in found if one.service.own} == {"民政局", "住房和城乡建设局"}


@pytest.mark.rule("RP-663/10")
@pytest.mark.parametrize(
    ("states", "day", "status"),
    [
        ([("issued", "2018-03-01")], "2019-02-28", Status("permit", "2018-03-01")),
        ([("issued", "2018-03-01")], "2019-03-01", Status("permit", "2018-03-01")),
        ([("issued", "2018-03-01")], "2019-03-02", Status("none", None, suspended=True)),
        ([("issued", "2018-03-01"), ("endorsed", "2019-03-01")], "2020-03-01", Status("permit", "2018-03-01")),
        ([("issued", "2018-03-01"), ("endorsed", "2019-02-15")], "2020-03-02", Status("none", None, suspended=True)),
        ([("issued", "2018-03-01"), ("endorsed", "2019-02-15")], "2019-12-01", Status("permit", "2018-03-01")),
        ([("issued", "2018-03-01"), ("endorsed", "2019-06-01")], "2019-12-01", Status("permit", "2019-06-01")),
        ([("issued", "2018-03-01"), ("suspended", "2018-09-01")], "2018-10-01", Status("none", None, suspended=True)),
        (
            [("issued", "2018-03-01"), ("suspended", "2018-09-01"), ("endorsed", "2018-11-01")],
            "2018-12-01",
            Status("permit", "2018-11-01"),
        ),
        ([("issued", "2018-03-01"), ("lapsed", "2018-09-01")], "2018-10-01", Status("none", None)),
        ([("issued", "2018-03-01")], "2018-02-28", Status("none", None)),
        ([("issued", "2014-03-01")], "2015-12-31", Status("permit", "2014-03-01")),
        ([("issued", "2014-03-01")], "2016-01-01", Status("none", None, suspended=True)),
        ([("issued", "2016-02-29")], "2017-02-28", Status("permit", "2016-02-29")),
        ([("issued", "2016-02-29")], "2017-03-01", Status("none", None, suspended=True)),
        ([], "2018-01-01", Status("none", None)),
    ],
)
def test_a_permit_holds_for_its_year_and_its_years_count_from_a_late_endorsement(
    states: list[tuple[str, str]], day: str, status: Status
) -> None:
    """Order 663 art. 10: endorsed every year; late, its use is suspended and the years begin anew."""
    told = [{"status": word, "valid_from": start, "division_code": TOWN} for word, start in states]
    assert permit_status(told, day, BANNER) == status


def test_a_permit_of_another_place_gives_nothing_here() -> None:
    """The permit is for the place that issued it."""
    told = [{"status": "issued", "valid_from": "2018-03-01", "division_code": ELSEWHERE}]
    assert permit_status(told, "2018-06-01", BANNER).kind == "none"


@given(st.lists(st.tuples(st.sampled_from((TOWN, VILLAGE, ELSEWHERE)), st.integers(1, 28)), max_size=6), st.integers(1, 28))
def test_settled_since_is_the_first_day_without_a_break(moves: list[tuple[str, int]], day: int) -> None:
    """Whoever left the town and came back is settled from the day of coming back on; judged day by day."""
    rows = [
        Registration("p", f"2018-01-{start:02}", "H", "", code, "", "", event_idx=n) for n, (code, start) in enumerate(moves)
    ]
    rows.sort(key=lambda row: (row.valid_from, row.event_idx))
    where = {
        each: next((row for row in reversed(rows) if row.valid_from <= f"2018-01-{each:02}"), None)
        for each in range(1, day + 1)
    }
    first = None
    for each in range(day, 0, -1):
        row = where[each]
        if row is None or row.division_code != TOWN:
            break
        first = f"2018-01-{each:02}"
    found = settled_since(rows, f"2018-01-{day:02}", BANNER)
    # Out and back within one day is a break too, which no day shows: the later start is the answer then.
    assert (found is None) == (first is None)
    assert found is None or first is None or found >= first


@pytest.mark.rule("RP-663/12", "RP-663/13")
def test_a_permit_gives_what_the_regulation_lists() -> None:
    """Order 663 arts. 12, 13: the words of the rule stand with the service; before 2016 there is none."""
    found = {one.service.rule: one for one in entitled(Status("permit", "2018-03-01"), "2018-06-01")}
    assert "compulsory-education" in found["RP-663/12"].covers
    assert "driving-licence" in found["RP-663/13"].covers
    assert "WS-2016/II.3.6" not in found
    assert entitled(Status("permit", "2015-03-01"), "2015-06-01") == []


def test_a_service_that_asks_for_months_begins_when_they_are_over() -> None:
    """II.2.2: length of residence is a condition where a rule gives one."""
    late = replace(services()[0], months=24)
    status = Status("settled", "2017-05-08")
    assert entitled(status, "2019-05-07", [late]) == []
    assert [one.since for one in entitled(status, "2019-05-08", [late])] == ["2019-05-08"]


def test_a_service_without_a_rule_of_the_book_is_refused(tmp_path: Path) -> None:
    """Each service stands on a rule; an unknown key, such as one about land, does not load."""
    good = SERVICES.read_text("utf-8")
    path = tmp_path / "services.toml"
    slips = (
        ('"WS-2016/II.3.2"', '"WS-2016/II.9"'),
        ("own = false", 'own = false\nland = "none"'),
        ('["settled"]', '["landless"]'),
    )
    for old, new in slips:
        path.write_text(good.replace(old, new, 1), "utf-8")
        with pytest.raises(ServiceFileError):
            read_services(path)


def status(store: Store, person: str, day: str = "2020-01-01") -> Status:
    """A person's status as known now."""
    with store.reading() as connection:
        return status_of(store, connection, person, valid_at=day, known_at=size(connection))


@pytest.mark.rule("WS-2016/II.2.3")
def test_two_rows_that_are_one_person_have_one_status(store: Store) -> None:
    """II.2.3: by either number the same answer from the link's day on, and a cancelled double takes nothing away."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    one, other = village.people[:2]
    moved = Event("settled-in-banner", made_up.MOVED, (other,), (made_up.town(other),))
    record(store, moved, "王警官", "公安局")
    link_people(store, one, other, "2018-06-01", Desk("王警官"), police_decision="b" * 64)
    settled = Status("settled", made_up.MOVED)
    assert [status(store, person, "2018-05-31").kind for person in (one, other)] == ["none", "settled"]
    assert [status(store, person, "2018-06-01") for person in (one, other)] == [settled, settled]
    cancelled = replace(made_up.rural(one, "02", "2019-01-01"), status="cancelled")
    record(store, Event("hukou-cancelled", "2019-01-01", (one,), (cancelled,)), "王警官", "公安局")
    assert [status(store, person) for person in (one, other)] == [settled, settled]


@pytest.mark.rule("WS-2016/II.2.3")
def test_a_permit_on_either_row_is_the_persons(store: Store) -> None:
    """II.2.2, II.2.3: whoever holds a permit under one number holds it under the other."""
    village = made_up.register_village(store)
    one, other = village.people[:2]
    given = Event("permit-issued", "2019-06-01", (other,), permits={other: ("issued", BANNER)})
    record(store, given, "王警官", "公安局")
    link_people(store, one, other, "2019-07-01", Desk("王警官"), police_decision="b" * 64)
    assert [status(store, person) for person in (one, other)] == [Status("permit", "2019-06-01")] * 2
    assert status(store, one, "2022-01-01") == Status("none", None, suspended=True)
