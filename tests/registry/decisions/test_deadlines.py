"""Is the last day of each notice, objection and term that of 民法典 201 to 203 and of the rule in force when it began?"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.decisions.deadlines import COUNTING, KINDS, SORTS, Deadline, Sort, deadline
from registry.decisions.facts import months_after
from registry.law.book import BANNER, RuleNotInForceError, book, holds_at

GOLDEN = Path(__file__).with_name("golden") / "deadlines.txt"
A_DAY = timedelta(days=1)
KNOWN = st.dates(date(2021, 3, 1), date(2026, 9, 1))
"""Days of which every rule holds but those of 2023 and 2025, and every notice of days off is known to the end of the term."""


def last(sort: Sort, since: date) -> date:
    """The last day."""
    return deadline(sort, since).last_day


@pytest.mark.rule("PERIODS/counting", "REG/objection")
def test_the_first_day_is_not_counted_and_a_last_day_off_moves() -> None:
    """民法典 201, 203: 15 days from Friday 2024-09-20 end on 5 October, in the holiday of 1 to 7: the 8th is the last."""
    found = deadline("objection", date(2024, 9, 20))
    assert (found.counted_to, found.last_day) == (date(2024, 10, 5), date(2024, 10, 8))
    assert [reason.rule for reason in found.reasons] == ["REG/objection", COUNTING]
    assert "最晚2024年10月5日就办" in found.reasons[1].zh
    assert any("星期六" in zh for zh, _ in found.doubts)
    plain = deadline("objection", date(2024, 5, 7))
    assert (plain.counted_to, plain.last_day, plain.doubts) == (date(2024, 5, 22), date(2024, 5, 22), ())


@pytest.mark.rule("REG/20", "REG/first-notice", "REG/lease-review")
def test_working_days_leave_out_days_off_and_count_make_up_days() -> None:
    """From 2024-09-27: Sunday the 29th and Saturday 12 October are worked, 1 to 7 October are not."""
    assert last("first-notice", date(2024, 9, 27)) == date(2024, 10, 23)
    assert last("lease-review", date(2024, 9, 27)) == date(2024, 10, 30)
    assert last("registration", date(2024, 9, 27)) == date(2024, 11, 13)


@pytest.mark.rule("REG/contract-notice", "REG/advance-notice", "HR-1958/13", "HR-1958/7", "COL/46", "RLCL/hand-back")
@pytest.mark.parametrize(
    ("sort", "since", "day"),
    [
        ("contract-notice", date(2024, 3, 5), date(2024, 3, 20)),
        ("advance-notice", date(2024, 1, 31), date(2024, 4, 30)),
        ("arrival-city", date(2024, 3, 5), date(2024, 3, 8)),
        ("arrival-rural", date(2024, 3, 5), date(2024, 3, 15)),
        ("birth", date(2024, 1, 31), date(2024, 2, 29)),
        ("death", date(2023, 1, 31), date(2023, 2, 28)),
        ("report-open", date(2026, 11, 20), date(2026, 11, 10)),
        ("hand-back", date(2024, 8, 31), date(2025, 2, 28)),
        ("exit-notice", date(2024, 3, 5), date(2024, 3, 20)),
        ("cooling-off", date(2024, 3, 5), date(2024, 4, 7)),  # 4 to 6 April were off, Sunday the 7th worked
        ("legatee", date(2024, 3, 5), date(2024, 5, 6)),  # 4 May is a Saturday, 5 May a Sunday
    ],
)
def test_days_and_months_end_as_the_code_says(sort: Sort, since: date, day: date) -> None:
    """民法典 201, 202: the first day is not counted; months end on the matching day, or on the month's last."""
    assert last(sort, since) == day


@given(sort=st.sampled_from(["registration", "first-notice", "lease-review"]), since=KNOWN)
def test_between_start_and_end_lie_exactly_so_many_working_days(sort: Sort, since: date) -> None:
    """Against the notices themselves: the days after the first, up to the last, hold the number, and the last is worked."""
    found = deadline(sort, since)
    days = [since + A_DAY * n for n in range(1, (found.last_day - since).days + 1)]
    assert sum(map(chinese_calendar.is_workday, days)) == found.length
    assert chinese_calendar.is_workday(found.last_day)


@given(sort=st.sampled_from(["registration", "first-notice", "lease-review"]), since=st.dates(date(2027, 1, 1), date(2060, 1, 1)))
def test_a_year_without_a_notice_is_counted_by_weekends_and_says_so(sort: Sort, since: date) -> None:
    """What nobody has published is not made up: numpy's weekdays, and a doubt."""
    found = deadline(sort, since)
    assert np.busday_count(since + A_DAY, found.last_day + A_DAY) == found.length
    assert any("放假安排还没有查到" in zh for zh, _ in found.doubts)


@given(sort=st.sampled_from(["objection", "advance-notice", "arrival-city", "birth", "legatee"]), since=KNOWN)
def test_a_last_day_is_worked_and_only_days_off_were_skipped(sort: Sort, since: date) -> None:
    """民法典 203: the day after the holiday's end, never later; and never before the day that was counted to."""
    found = deadline(sort, since)
    units = months_after(since, found.length) if found.unit == "months" else since + timedelta(days=found.length)
    assert found.counted_to == units
    skipped = [units + A_DAY * n for n in range((found.last_day - units).days)]
    assert not any(map(chinese_calendar.is_workday, skipped))
    assert chinese_calendar.is_workday(found.last_day)


@given(sort=st.sampled_from([s for s in SORTS if KINDS[s].rule not in {"REG/contract-notice", "COL/46"}]), since=KNOWN)
def test_a_day_later_never_ends_earlier(sort: Sort, since: date) -> None:
    """Metamorphic: what begins later ends no earlier."""
    assert last(sort, since) <= last(sort, since + A_DAY)


EDGES = [(sort, version.in_force_from) for sort in SORTS for version in book().versions(KINDS[sort].rule)]


@pytest.mark.rule(*("REG/20", "REG/first-notice", "REG/contract-notice", "REG/objection", "REG/advance-notice"))
@pytest.mark.rule("REG/lease-review", "HR-1958/13", "COL/46")
@pytest.mark.parametrize(("sort", "first"), EDGES)
def test_each_deadline_runs_from_the_first_day_of_its_rule_and_not_before(sort: Sort, first: date) -> None:
    """Issue 5, Show: every rule on the day before, of and after each of its dates; the reasons rest on rules in force then."""
    for day in (first, first + A_DAY):
        found = deadline(sort, day)
        assert isinstance(found, Deadline)
        assert KINDS[sort].rule in found.rules
        for rule in (*found.rules, *(reason.rule for reason in found.reasons)):
            assert book().rule(rule, day).holds_on(day)
            assert holds_at(book().rule(rule, day), BANNER)
    if first == book().versions(KINDS[sort].rule)[0].in_force_from:
        with pytest.raises(RuleNotInForceError, match=first.isoformat()):
            deadline(sort, first - A_DAY)


@pytest.mark.rule("PERIODS/counting")
@pytest.mark.parametrize("first", [version.in_force_from for version in book().versions(COUNTING)])
def test_how_days_are_counted_is_that_of_the_day_from_which_they_run(first: date) -> None:
    """1987, 2017, 2021: on the day before, of and after each; before 1987 the book holds no rule of counting, and says so."""
    for day in (first - A_DAY, first, first + A_DAY):
        found = deadline("arrival-rural", day)
        if book().holds(COUNTING, day):
            assert COUNTING in found.rules
            assert any("数日子" in zh for zh, _ in found.doubts) == (not book().rule(COUNTING, day).confirmed)
        else:
            assert found.rules == ("HR-1958/13",)
            assert any("数日子" in zh for zh, _ in found.doubts)


@pytest.mark.parametrize("sort", SORTS)
def test_what_was_not_confirmed_is_a_doubt(sort: Sort) -> None:
    """A rule with no text behind it says so in the answer (lease review, exit notice, cooling-off)."""
    since = date(2026, 3, 4)
    unread = not book().rule(KINDS[sort].rule, since).confirmed
    assert any("没有核对过原文" in zh for zh, _ in deadline(sort, since).doubts) == unread


def test_lateness_at_the_police_desk_costs_nothing() -> None:
    """户口登记条例: its days are warnings; each says that late ones are registered too."""
    for sort in ("arrival-city", "arrival-rural", "birth", "death"):
        assert "迟了也给登记" in deadline(sort, date(2024, 3, 5)).reasons[0].zh


def test_explanations_of_deadlines_are_the_golden_ones() -> None:
    """Each kind on a plain day and before a long holiday; SANQUAN_GOLDEN=write rewrites them, to be read by eye."""
    lines = []
    for sort in SORTS:
        for since in (date(2026, 3, 4), date(2026, 9, 16), date(2026, 12, 1)):
            found = deadline(sort, since)
            lines.append(f"## {sort} {since}: {found.last_day}")
            lines += [f"  {r.rule}\n    {r.zh}\n    {r.en}" for r in found.reasons]
            lines += [f"    ? {zh} / {en}" for zh, en in found.doubts]
    text = "\n".join(lines) + "\n"
    if os.environ.get("SANQUAN_GOLDEN") == "write":
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")
