"""Is a look listed exactly where it has one of the four signs, whatever else stands in the log of looks?"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.china import CHINA
from registry.looks.reading import Seen
from registry.supervision.odd_looks import AGAIN, MANY, OUTSIDE_HOURS, SAME_NAME, Odd, odd_looks
from registry.supervision.rules import Rules, rules_on

RULES = rules_on("2026-11-26")
FEW = replace(RULES, persons_a_day=3, times_one_person=4)
NOBODY: dict[tuple[str, str], frozenset[str]] = {}
WUYUN = ("乌云", "农牧业局")


def seen(at: str, whom: str = "a", what: str = "rights", who: tuple[str, str] = WUYUN) -> Seen:
    """One row; `at` in China."""
    utc = dt.datetime.fromisoformat(f"{at}+08:00").astimezone(dt.UTC)
    return Seen(0, f"{utc:%Y-%m-%dT%H:%M:%SZ}", whom, what, *who, "柜台查询")  # type: ignore[arg-type]  # one of the closed words


def signs(looks: list[Seen], rules: Rules = FEW) -> list[str]:
    """The signs that are listed."""
    return [odd.sign for odd in odd_looks(looks, rules, NOBODY)]


@pytest.mark.rule("STAT/odd-looks")
@pytest.mark.parametrize(
    ("at", "listed"),
    [
        ("2026-11-26T07:59:59", True),
        ("2026-11-26T08:00:00", False),
        ("2026-11-26T18:59:59", False),
        ("2026-11-26T19:00:00", True),
        ("2026-11-28T10:00:00", True),  # a Saturday
        ("2026-10-10T10:00:00", False),  # a Saturday that is worked for the National Day
        ("2026-10-01T10:00:00", True),
    ],
)
def test_a_look_outside_office_hours_is_listed_to_the_second(at: str, *, listed: bool) -> None:
    """From 8:00 on and before 19:00, in China, on the working days of the State Council's notice."""
    assert signs([seen(at)], RULES) == ([OUTSIDE_HOURS] if listed else [])


@pytest.mark.parametrize(("people", "listed"), [(3, False), (4, True)])
def test_more_people_in_a_day_than_the_rule_allows_are_listed_once(people: int, *, listed: bool) -> None:
    """Different people count, not looks; those of two days, or of two officers, are not added up."""
    day = [seen("2026-11-26T10:00:00", str(n)) for n in range(people)]
    assert signs([*day, *day]) == ([MANY] if listed else [])
    assert signs([*day[:2], *(seen("2026-11-25T10:00:00", f"x{n}") for n in range(2))]) == []
    assert signs([*day[:2], *(seen("2026-11-26T10:00:00", f"x{n}", who=("包二", "国土局")) for n in range(2))]) == []


def test_one_person_again_and_again_is_listed_unless_there_is_a_case() -> None:
    """A case of the same officer about the same person explains it; a case of somebody else does not."""
    again = [seen("2026-11-26T10:00:00")] * 4
    assert signs(again) == [AGAIN]
    assert signs(again[:3]) == []
    assert signs([*again, seen("2026-11-20T10:00:00", what="case")]) == []
    assert signs([*again, seen("2026-11-20T10:00:00", what="case", who=("包二", "国土局"))]) == [AGAIN]


def test_somebody_of_the_officers_own_name_in_the_household_is_a_sign() -> None:
    """It makes nobody a relative: the list says so."""
    related = {WUYUN: frozenset({"a"})}
    found = odd_looks([seen("2026-11-26T10:00:00", "a"), seen("2026-11-26T10:00:00", "b")], FEW, related)
    assert found == [Odd(SAME_NAME, "2026-11-26", *WUYUN, "a", 1)]


def test_who_reads_their_own_is_not_judged_and_a_refusal_is_no_look() -> None:
    """A person or a relative has no bureau in the log; what was refused showed nothing."""
    night = "2026-11-26T23:00:00"
    assert signs([seen(night, who=("达楞太", ""))] * 9) == []
    assert signs([seen(night, what="refused")] * 9) == []
    assert signs([seen(night, "")] * 9) == []


@given(
    st.lists(
        st.builds(
            lambda day, hour, whom, who: seen(f"2026-11-{day:02}T{hour:02}:30:00", whom, who=who),
            st.integers(1, 30), st.integers(0, 23), st.sampled_from("abcdef"), st.sampled_from([WUYUN, ("包二", "国土局")]),
        )
    )
)  # fmt: skip
def test_what_is_listed_does_not_depend_on_the_order_and_counts_every_look(looks: list[Seen]) -> None:
    """Counted another way: by a plain counter over days and people."""
    found = odd_looks(looks, FEW, NOBODY)
    assert odd_looks(looks[::-1], FEW, NOBODY) == found
    by_person = Counter((look.officer, look.whom) for look in looks)
    again = {(odd.officer, odd.person): odd.times for odd in found if odd.sign == AGAIN}
    assert again == {who: times for who, times in by_person.items() if times >= FEW.times_one_person}
    days = {(look.officer, dt.datetime.fromisoformat(look.at).astimezone(CHINA).date(), look.whom) for look in looks}
    people = Counter((officer, day.isoformat()) for officer, day, _ in days)
    many = {(odd.officer, odd.day): odd.times for odd in found if odd.sign == MANY}
    assert many == {who: count for who, count in people.items() if count > FEW.persons_a_day}
