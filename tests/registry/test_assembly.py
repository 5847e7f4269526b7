"""M14, M15, I12: the roster is the list of members wherever they live; the quorum is that of the day; proxies count as coming."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from registry.assembly import (
    AttendanceRefusedError,
    Count,
    NoSuchCollectiveError,
    Roster,
    counted,
    quorum,
    roster,
    write_roster,
)
from registry.ledger.read import size
from registry.masks import Reader
from registry.papers import papers
from registry.settlement.life import Desk, link_people
from registry.store.engines import Store
from tests.registry import made_up
from tests.registry.made_up import CLERK, VILLAGE_CODE, Village


@pytest.fixture
def village(store: Store) -> Village:
    """The family, registered in the village."""
    found = made_up.register_village(store)
    made_up.register_hukou(store, found)
    return found


def of(store: Store, day: str = "2026-01-01", known: int | None = None, reader: Reader = "desk") -> Roster:
    """The roster of the made-up collective."""
    with store.reading() as connection:
        return roster(store, connection, VILLAGE_CODE, valid_at=day, known_at=known or size(connection), reader=reader)


def attended(store: Store, *lines: tuple[str, ...]) -> Count:
    """Count a list of attendance."""
    text = "成员编号,方式,受托人\n" + "\n".join(",".join(line) for line in lines)
    with store.reading() as connection:
        return counted(connection, of(store), text.encode())


@pytest.mark.rule("COL/27", "VC-2010/22")
@pytest.mark.parametrize(
    ("capable", "day", "attend", "agree", "rule"),
    [
        (30, date(2025, 5, 1), 20, 20, "COL/27"),
        (31, date(2025, 5, 1), 21, 21, "COL/27"),
        (1, date(2025, 5, 1), 1, 1, "COL/27"),
        (30, date(2025, 4, 30), 16, None, "VC-2010/22"),
        (31, date(2025, 4, 30), 16, None, "VC-2010/22"),
    ],
)
def test_the_quorum_is_that_of_the_day(capable: int, day: date, attend: int, agree: int | None, rule: str) -> None:
    """M14: two thirds of the capable members attend and two thirds of all agree, since 2025-05-01; before that unconfirmed."""
    found = quorum(capable, day)
    assert (found.attend, found.agree, found.rule, found.of) == (attend, agree, rule, capable)
    assert found.confirmed is (rule == "COL/27")


def test_two_rows_that_are_one_person_are_on_the_roster_once(store: Store, village: Village) -> None:
    """II.2.3: from the day of the decision on, and only as it is known; both rows stay in the register."""
    head, wife = village.people[:2]
    known = of(store).known_at
    link_people(store, head, wife, "2020-06-01", Desk("王警官"), police_decision="b" * 64)
    once = of(store)
    assert {row.person_id for row in once.rows} == set(village.people) - {max(head, wife)}
    assert once.quorum.of == of(store, known=known).quorum.of - 1
    assert len(of(store, "2020-05-31").rows) == len(village.people)


def test_whoever_settled_in_town_is_on_the_roster_as_before(store: Store, village: Village) -> None:
    """I12: a settlement changes no line of it, for any day; a minor is on it and has no vote."""
    before = of(store)
    assert [row.capable for row in before.rows].count(False) == 1
    assert {row.person_id for row in before.rows} == set(village.people)
    made_up.settle(store, village)
    assert of(store).rows == before.rows
    assert of(store).quorum == before.quorum
    assert [row.capable for row in of(store, "2018-01-01").rows].count(False) == 2
    with store.reading() as connection, pytest.raises(NoSuchCollectiveError):
        roster(store, connection, "150626100210", valid_at="2026-01-01", known_at=size(connection))


def test_on_line_and_by_a_proxy_of_the_household_is_attendance(store: Store, village: Village) -> None:
    """Art. 27: whoever lives in town need not come; two in person, one on line, one by proxy are four of four."""
    made_up.settle(store, village)
    head, wife, son, _daughter, mother = village.people
    found = attended(store, (head, "本人", ""), (wife, "网上", ""), (son, "委托", head), (mother, "委托", wife))
    assert found == Count(1, 1, 2, 4, 3, quorate=True, agree=3)
    assert attended(store, (head, "本人", ""), (wife, "网上", "")).quorate is False


def test_a_list_of_attendance_with_faults_is_not_counted(store: Store, village: Village) -> None:
    """Each line that is wrong is named by its number, and no value of it is repeated."""
    head, wife, son, daughter, mother = village.people
    with pytest.raises(AttendanceRefusedError) as refused:
        attended(
            store, (head, "本人", ""), (head, "网上", ""), (daughter, "本人", ""), ("0" * 32, "本人", ""),
            (wife, "飞", ""), (son, "委托", ""), (mother, "委托", son),
        )  # fmt: skip
    assert [line for line, _, _ in refused.value.faults] == [3, 4, 5, 6, 7, 8]
    assert head not in str(refused.value)
    with store.reading() as connection, pytest.raises(AttendanceRefusedError):
        counted(connection, of(store), "姓名\n达楞太\n".encode())


@pytest.mark.rule("COL/28")
def test_the_representatives_are_bounded_by_law(store: Store, village: Village) -> None:
    """M15: more than 20, one for 5 to 15 households; what they may not decide is listed; no rule before the law."""
    told = of(store).as_json()
    assert told["representatives"]["least"] == 21
    assert (told["representatives"]["households"], told["representatives"]["most"]) == (1, 0)
    assert len(told["representatives"]["may_not_decide"]) == 5
    assert of(store, "2025-04-30").as_json()["representatives"] is None


def test_the_roster_with_names_is_a_logged_paper(store: Store, village: Village, tmp_path: Path) -> None:
    """Users 1.5: names leave on the register's own machine only, with a purpose; what is answered is masked."""
    path = tmp_path / "roster.csv"
    assert write_roster(store, CLERK, VILLAGE_CODE, path, "成员大会签到", "2026-01-01") == 5
    assert "达楞太" in path.read_text("utf-8-sig")
    assert "达楞太" not in str(of(store).as_json())
    with store.reading() as connection:
        (paper,) = papers(store, connection, VILLAGE_CODE)
    assert (paper.what, paper.detail["purpose"], paper.detail["members"]) == ("roster", "成员大会签到", 5)
