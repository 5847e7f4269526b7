"""The rule book: what is in force where and when, each sentence of the plan word for word, each day with one version."""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from fractions import Fraction

import pytest

from registry.law.book import (
    BANNER,
    PLACES,
    RULES,
    Rule,
    RuleNotInForceError,
    UnknownParameterError,
    UnknownPlaceError,
    UnknownRuleError,
    book,
    holds_at,
)
from registry.law.parameters import terms, trades
from registry.law.strict import OPEN_END

DAY = timedelta(days=1)
PLAN = (RULES / "WS-2016" / "text.zh.txt").read_text("utf-8")
VERSIONS = [version for rule in book().ids() for version in book().versions(rule)]
EDGES = sorted({(v.id, edge) for v in VERSIONS for edge in (v.in_force_from, v.in_force_until) if edge != OPEN_END})
# Every clause of policy-map section 1 that decides, forbids or fixes something.
CLAUSES = {
    *("I.2.1", "I.2.2", "I.2.3", "I.2.4", "I.3"),
    *("II.1.1", "II.1.2", *(f"II.1.2({n})" for n in range(1, 8)), "II.1.2-F", "II.1.2-C", "II.1.3"),
    *(f"II.1.4-{row}" for row in "abcdf"),
    *("II.2.1", "II.2.2", "II.2.3"),
    *(f"II.3.1-{row}" for row in "abcdefgh"),
    *(f"II.3.{n}" for n in range(2, 8)),
    *("III.1", *(f"III.2.{n}" for n in range(1, 16)), "III.3"),
}


def test_every_clause_of_the_plan_is_a_rule() -> None:
    """Policy-map section 1: each clause of the plan that decides something is in the book, under its own number."""
    assert {f"WS-2016/{clause}" for clause in CLAUSES} <= set(book().ids())


@pytest.mark.parametrize("version", [v for v in VERSIONS if v.id.startswith("WS-2016/")], ids=lambda v: v.id)
def test_each_quoted_sentence_of_the_plan_is_found_character_for_character(version: Rule) -> None:
    """Issue 5, Show: the quote is the plan's own, not a paraphrase."""
    assert version.quote is not None
    assert version.quote in PLAN


def test_every_sentence_of_the_plan_is_quoted_or_said_to_be_left_out() -> None:
    """Style 2: say of each sentence left out that it is left out, and why."""
    left_out = tomllib.loads((RULES / "left-out.toml").read_text("utf-8"))["WS-2016"]
    quotes = [v.quote for v in VERSIONS if v.id.startswith("WS-2016/") and v.quote]
    pieces = [piece for quote in quotes for piece in re.split("[。；]", quote) if piece]
    said = [each.strip("　 ") for each in re.split("[。；\n]", PLAN[PLAN.index("（二）基本原则") :])]
    heading = re.compile(r"(?:[一二三]、|（[一二三]）|[1-7]\.).*")
    unquoted = {
        each for each in said if each and not any(piece in each or each in piece for piece in pieces)
    }
    assert {each for each in unquoted if not heading.fullmatch(each)} == set(left_out)
    assert all(left_out.values())


def test_the_quotes_of_terms_and_trades_are_the_plans_too() -> None:
    """Every other file of law that quotes the plan quotes it right."""
    quotes = [quote for quote in (*(t.quote for t in terms()), *(t.quote for t in trades())) if quote]
    assert quotes
    assert all(quote in PLAN for quote in quotes)


@pytest.mark.parametrize(("rule", "edge"), EDGES)
def test_each_rule_has_at_most_one_version_around_each_of_its_days(rule: str, edge: date) -> None:
    """Issue 5, Show: every rule on the day before, of and after each of its dates. A gap between versions fails."""
    versions = book().versions(rule)
    begins, ends = versions[0].in_force_from, versions[-1].in_force_until
    for day in (edge - DAY, edge, edge + DAY):
        holding = [v for v in versions if v.holds_on(day)]
        assert len(holding) == (1 if begins <= day < ends else 0)
        assert holding == [v for v in book().in_force(day) if v.id == rule]
        if holding:
            assert book().rule(rule, day) is holding[0]
        else:
            with pytest.raises(RuleNotInForceError):
                book().rule(rule, day)


def test_the_edges_of_a_rule_are_where_its_answer_changes() -> None:
    """Old law and new: art. 26 of 2002 on its last day, art. 27 on its first (policy-map 9.6)."""
    old, new = (book().rule("RLCL/settled-in-town", date(2018, 12, 31) + DAY * n) for n in (0, 1))
    assert "第26条" in old.cites[0].article
    assert "第27条" in new.cites[0].article


def test_rules_of_four_levels_hold_side_by_side() -> None:
    """Nation, region, city and banner can all be in force at one place on one day; elsewhere fewer are."""
    day = date(2026, 11, 26)
    assert {v.place for v in book().in_force(day, BANNER)} == {"nation", "150000", "150600", BANNER}
    assert {v.place for v in book().in_force(day, "150600")} == {"nation", "150000", "150600"}
    assert {v.place for v in book().in_force(day, "150000")} == {"nation", "150000"}
    assert {v.place for v in book().in_force(day, "nation")} == {"nation"}
    assert set(book().in_force(day)) == set(book().in_force(day, BANNER))
    assert all(holds_at(v, BANNER) for v in VERSIONS)
    assert {v.cls for v in book().in_force(day, BANNER, "prohibition")} == {"prohibition"}
    assert set(PLACES) == {v.place for v in VERSIONS}


def test_a_parameter_has_a_value_on_a_day() -> None:
    """A value is asked for by rule, name and day, and comes as what it is declared to be."""
    day = date(2026, 11, 26)
    assert book().whole("WS-2016/II.1.2(2)", "insured_months", day) == 24
    assert book().fraction("COL/27", "all_members_share", day) == Fraction(2, 3)
    assert book().words("WS-2016/III.2.1", "bureaus", day) == ("公安局",)
    assert book().value("WS-2016/II.3.7", "conversion_ratio", day) == 1


def test_what_is_not_in_the_book_is_refused_by_name() -> None:
    """An unknown rule, parameter, kind of value or place is named; a day without a version says the days that have one."""
    day = date(2026, 11, 26)
    with pytest.raises(UnknownRuleError, match=r"WS-2016/II\.9"):
        book().rule("WS-2016/II.9", day)
    with pytest.raises(UnknownParameterError, match="insured_months"):
        book().value("WS-2016/II.1.2(2)", "insured_years", day)
    with pytest.raises(UnknownParameterError, match="fraction"):
        book().fraction("WS-2016/II.1.2(2)", "insured_months", day)
    with pytest.raises(UnknownPlaceError, match="110000"):
        book().in_force(day, "110000")
    with pytest.raises(RuleNotInForceError, match="2016-09-14"):
        book().rule("WS-2016/II.1.1", date(2016, 9, 13))


def test_every_parameter_that_is_declared_is_some_rules() -> None:
    """No name is declared that nothing uses."""
    assert {p.name for v in VERSIONS for p in v.parameters} == set(book().parameters)


def test_the_fourteen_questions_name_their_rules_and_are_named_by_them() -> None:
    """Q1 to Q14 of policy-map section 12: each stands where it arises, both ways."""
    assert list(book().questions) == [f"Q{n}" for n in range(1, 15)]
    for number, question in book().questions.items():
        for rule in question.rules:
            assert number in {q for v in book().versions(rule) for q in v.questions}
    for version in VERSIONS:
        for number in version.questions:
            assert version.id in book().questions[number].rules


def test_nobody_has_reviewed_what_nobody_has_reviewed() -> None:
    """III.2.13: each rule says who reviewed its legality; nobody has yet, and the book says so."""
    assert {v.reviewed for v in VERSIONS} == {None}


def test_what_rests_on_memory_is_not_called_confirmed() -> None:
    """A rule with no text behind it is unconfirmed, and so is each figure of this system's own."""
    assert all(not v.confirmed for v in VERSIONS if "recalled" in v.source or "[D]" in v.source or "[K]" in v.source)
    own = ("exit_notice_days", "cooling_off_days", "lapse_months", "red_flag_days", "conversion_ratio", "insured_months")
    assert not any(p.confirmed for v in VERSIONS for p in v.parameters if p.name in own)
    assert all(v.checked is not None for v in VERSIONS if v.confirmed)
