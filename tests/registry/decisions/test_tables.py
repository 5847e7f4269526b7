"""Is every row of the decision tables of policy-map.md decided as the table says, by rules in force on the day?"""

from __future__ import annotations

import dataclasses
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.decisions.asking import QUESTIONS, as_shown, papers_asked
from registry.decisions.permits import PermitHeld, standing
from registry.decisions.queue import Waiting, place_in_queue, priority_class
from registry.law.book import BANNER, RuleNotInForceError, book, holds_at
from registry.law.deciding import RESULTS, Decision
from tests.registry.decisions.cases import CASES, OUTSIDER, Case

GOLDEN = Path(__file__).with_name("golden") / "explanations.txt"
PLAN = date(2016, 9, 14)
# What policy-map marks REVIEW or [?] without a number: the rule, and the fact that is undefined.
UNNUMBERED = {
    ("WS-2016/II.1.2", "work.paper"),
    ("WS-2016/II.1.2(7)", "grounds.talent"),
    ("WS-2016/II.1.2-F", "lives_together"),
}
NUMBERED = {"Q1", "Q2", "Q4", "Q14"}


def decided(case: Case) -> Decision:
    """The decision of a case."""
    return QUESTIONS[case.question].decide(case.facts, case.day)


@pytest.mark.rule(
    *("WS-2016/II.1.1", "WS-2016/II.1.1-dwelling", "WS-2016/II.1.2", "WS-2016/II.1.2(1)", "WS-2016/II.1.2(2)"),
    *("WS-2016/II.1.2(3)", "WS-2016/II.1.2(4)", "WS-2016/II.1.2(5)", "WS-2016/II.1.2(6)", "WS-2016/II.1.2(7)"),
    *("WS-2016/II.1.2-F", "WS-2016/II.1.2-C", "WS-2016/II.1.3", "WS-2016/II.1.4-a", "WS-2016/II.1.4-b"),
    *("WS-2016/II.1.4-c", "WS-2016/II.1.4-d", "WS-2016/II.1.4-f", "WS-2016/II.2.2", "WS-2016/II.2.3"),
    *("PERSON/adult-guardian", "RP-663/2", "RP-663/10", "SC-2015-96/categories", "GB-11643/check"),
)
@pytest.mark.parametrize("name", CASES)
def test_row_is_decided_as_its_table_says(name: str) -> None:
    """Each row of policy-map.md sections 3 and 4: result, open question, and what more is told."""
    case = CASES[name]
    decision = decided(case)
    assert decision.result == case.result, decision.reasons
    asked = {reason.question for reason in decision.reasons}
    assert case.open_question is None or case.open_question in asked
    told = QUESTIONS[case.question].told(case.facts, case.day)
    assert {key: told[key] for key in case.told} == case.told


def test_every_clause_and_row_of_the_tables_has_its_case() -> None:
    """II.1.1 a–g, II.1.2 a–g and its seven categories, II.1.2-F, II.1.2-C, II.1.3, II.1.4 a–f, II.2.2, II.2.3."""
    wanted = {f"II.1.1-{row}" for row in "abcdefg"} | {f"II.1.2-{row}" for row in "abcdefg"}
    wanted |= {f"II.1.2({n})" for n in range(1, 8)} | {"II.1.2-F", "II.1.2-C", "II.1.3", "II.2.2", "II.2.3"}
    wanted |= {f"II.1.4-{row}" for row in "abcdef"}
    assert wanted <= {name.split()[0] for name in CASES}


@pytest.mark.parametrize("name", CASES)
def test_reasons_name_rules_in_force_on_the_day_at_the_place(name: str) -> None:
    """Issue 5, Show: each outcome's reasons, and those beside it, rest on rules that hold there and then."""
    case = CASES[name]
    decision = decided(case)
    for each in (decision, *decision.beside):
        for rule in (*each.rules, *(reason.rule for reason in each.reasons)):
            version = book().rule(rule, case.day)
            assert version.holds_on(case.day)
            assert holds_at(version, BANNER)


@pytest.mark.parametrize(
    "question", ["settle-in-banner", "settle-from-outside", "rural-placement", "register-unregistered"]
)
def test_plan_decides_nothing_before_its_day(question: str) -> None:
    """0.1: the plan holds from 2016-09-14 on, and not the day before; the law of the event's day decides."""
    case = next(c for c in CASES.values() if c.question == question)
    assert QUESTIONS[question].decide(case.facts, PLAN).result in RESULTS
    with pytest.raises(RuleNotInForceError):
        QUESTIONS[question].decide(case.facts, PLAN - timedelta(days=1))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.result == "review"])
def test_review_is_said_only_where_the_texts_leave_it_open(name: str) -> None:
    """Each review, with its Q number, or the undefined word of the plan where policy-map has no number."""
    decision = decided(CASES[name])
    assert any(_is_open(reason) for reason in decision.reasons), decision.reasons


def _is_open(reason: Any) -> bool:  # noqa: ANN401
    if reason.question in NUMBERED:
        return True
    return any((reason.rule, fact.removeprefix("principal.")) in UNNUMBERED for fact in reason.facts)


def test_every_question_that_lets_a_person_decide_is_met() -> None:
    """Q1, Q2, Q4 and Q14 go to a person; Q3, Q5 and Q13 are read as policy-map section 12 says, and say so."""
    met = {r.question for c in CASES.values() for r in decided(c).reasons if decided(c).result == "review"}
    assert met >= NUMBERED
    read = {r.question for c in CASES.values() for r in decided(c).reasons if decided(c).result == "eligible"}
    assert read >= {"Q3", "Q5", "Q13"}


@pytest.mark.parametrize("question", QUESTIONS)
@given(data=st.data())
def test_any_facts_are_decided_and_a_missing_paper_is_never_a_no(question: str, data: st.DataObject) -> None:
    """Whatever is known: one of the four results; a review has its ground; who is eligible and shows nothing is not refused."""
    asked = QUESTIONS[question]
    facts = data.draw(st.from_type(asked.facts).filter(lambda f: not _months(f)))
    day = data.draw(st.dates(PLAN, date(2030, 1, 1)))
    decision = asked.decide(facts, day)
    assert decision.result in RESULTS
    assert decision.result != "review" or any(map(_is_open, decision.reasons))
    bare = asked.decide(as_shown(facts, {}), day)
    assert decision.result == "not eligible" or bare.result != "not eligible"
    if bare.result == "needs evidence":
        assert any(reason.needs for reason in bare.reasons)


def _months(facts: Any) -> bool:  # noqa: ANN401
    """Whether some text stands for a month: doors let in "YYYY-MM" only."""
    values = [getattr(facts, field.name) for field in dataclasses.fields(facts)]
    nested = [value for value in values if dataclasses.is_dataclass(value)]
    return bool(getattr(facts, "insured_months", None)) or any(_months(value) for value in nested)


@pytest.mark.rule("NM-2016-36/dwelling-or-work", "RP-663/16")
def test_plan_region_and_order_stand_side_by_side() -> None:
    """Q1: three results beside the answer, and a higher rule that admits makes a plain refusal impossible."""
    for name, plan, region, order in (
        ("II.1.2-a dwelling, work and a category", "eligible", "eligible", "not eligible"),
        ("II.1.2-b no category", "not eligible", "eligible", "not eligible"),
        ("II.1.2-b no category, permit holder", "not eligible", "eligible", "eligible"),
        ("II.1.2-c no work, category 1", "not eligible", "eligible", "not eligible"),
        ("II.1.2-d no dwelling, category 4", "not eligible", "eligible", "not eligible"),
        ("II.1.2 neither dwelling nor work", "not eligible", "not eligible", "not eligible"),
        ("II.1.2 permit holder without work", "not eligible", "eligible", "eligible"),
    ):
        assert tuple(each.result for each in decided(CASES[name]).beside) == (plan, region, order), name


def test_nobody_is_refused_whom_a_higher_rule_admits() -> None:
    """Q1, over every case of II.1.2: not eligible only where all three rules say so."""
    for case in CASES.values():
        if case.question == "settle-from-outside" and (decision := decided(case)).result == "not eligible":
            assert {each.result for each in decision.beside} <= {"not eligible"}


def test_two_years_are_told_in_all_and_without_a_break() -> None:
    """Q3: paid months in all decide, the longest run stands beside."""
    case = CASES["II.1.2(2) 26 months with a break"]
    assert QUESTIONS[case.question].told(case.facts, case.day)["insured_months"] == {"total": 26, "longest_run": 14}


def test_unregistered_are_asked_for_nothing_beyond_the_registration_rules() -> None:
    """II.1.3: no fine, no birth-planning paper, no land, no membership: the facts have no such field."""
    names = {field.name for field in dataclasses.fields(QUESTIONS["register-unregistered"].facts)}
    assert names == {
        "already_registered", "case", "birth_certificate", "parent_book", "marriage_or_statement", "joins",
        "father_unmarried", "kinship_test", "born_in_institution", "adoption_registered", "court_revoked", "inquiry_done",
    }  # fmt: skip


def test_missing_paper_of_an_unregistered_person_names_the_agency_that_must_act() -> None:
    """II.1.3: nobody stays unregistered because another agency has not acted: it is named."""
    agencies = ("公安局", "卫计局", "民政局", "法院", "鉴定机构", "说明")
    for name, case in CASES.items():
        if name.startswith("II.1.3") and case.result == "needs evidence":
            needs = [need for reason in decided(case).reasons for need in reason.needs]
            assert needs, name
            assert all(any(agency in need for agency in agencies) for need in needs), needs


def test_mover_has_no_say_in_the_type_that_counts() -> None:
    """II.1.4, Q13: the receiving side's archived type is asked for, and nothing about the mover's."""
    names = {field.name for field in dataclasses.fields(QUESTIONS["rural-placement"].facts)}
    assert [name for name in names if "type" in name] == ["receiving_type"]


def test_late_endorsement_starts_the_years_anew_and_one_in_time_does_not() -> None:
    """II.2.2, Order 663 art. 10: years count from the late endorsement; until then the use rests."""
    issued: tuple[date, Any] = (date(2016, 3, 1), "issued")
    late = PermitHeld((issued, (date(2017, 6, 1), "endorsed")))
    assert standing(late, date(2017, 5, 1)).state == "suspended"
    assert (standing(late, date(2017, 6, 1)).state, standing(late, date(2017, 6, 1)).years_from) == (
        "in force",
        date(2017, 6, 1),
    )
    in_time = PermitHeld((issued, (date(2017, 2, 10), "endorsed")))
    now = standing(in_time, date(2018, 2, 28))
    assert (now.state, now.years_from, now.endorse_by) == ("in force", date(2016, 3, 1), date(2018, 3, 1))
    recorded = PermitHeld((issued, (date(2016, 6, 1), "suspended"), (date(2016, 7, 1), "endorsed")))
    assert standing(recorded, date(2016, 6, 15)).state == "suspended"
    assert standing(recorded, date(2016, 7, 2)).years_from == date(2016, 7, 1)


@pytest.mark.rule("PERIODS/counting")
@pytest.mark.parametrize(
    ("issued", "last_day"),
    [("2017-10-01", "2018-10-01"), ("2016-02-29", "2017-02-28"), ("2017-02-28", "2018-02-28"), ("2018-08-31", "2019-08-31")],
)
def test_the_anniversary_is_the_last_day_of_a_permits_year(issued: str, last_day: str) -> None:
    """民法典 201, 202: the first day is not counted, the corresponding day is the last, or the last of a month without it."""
    held, last = PermitHeld(((date.fromisoformat(issued), "issued"),)), date.fromisoformat(last_day)
    states = [standing(held, last + timedelta(days=off)).state for off in (-1, 0, 1)]
    assert states == ["in force", "in force", "suspended"]
    assert standing(held, last).endorse_by == last


def test_a_second_endorsement_within_a_year_adds_none() -> None:
    """Order 663 art. 10: endorsed every year; whoever endorses twice in the window has one year more, not two."""
    steps: tuple[Any, ...] = ((date(2016, 2, 29), "issued"), (date(2017, 2, 10), "endorsed"), (date(2017, 2, 20), "endorsed"))
    assert standing(PermitHeld(steps), date(2017, 6, 1)).endorse_by == date(2018, 2, 28)
    again = (*steps, (date(2018, 2, 1), "endorsed"), (date(2019, 2, 1), "endorsed"))
    assert standing(PermitHeld(again), date(2019, 6, 1)).endorse_by == date(2020, 2, 29)


@pytest.mark.rule("RP-663/4", "RP-663/9", "RP-663/12", "RP-663/13", "RP-663/21")
def test_permit_says_what_it_opens_and_what_it_costs() -> None:
    """Order 663 arts 4, 9, 12, 13, 21: what stands on it, issued within 15 days (30 at most), which services, free."""
    case = CASES["II.2.2 half a year and work"]
    told = QUESTIONS[case.question].told(case.facts, case.day)
    assert (told["issued_within_days"], told["issued_within_days_at_most"]) == (15, 30)
    assert told["free_of_charge"] == ["first-permit", "endorsement"]
    assert {"compulsory-education", "social-insurance"} <= set(told["services"])
    assert "driving-licence" in told["conveniences"]
    assert not [name for name in told["fields"] if "land" in name or "income" in name]


@given(st.permutations([(date(2016, 3, 1), "issued"), (date(2017, 2, 10), "endorsed"), (date(2017, 9, 1), "lapsed")]))
def test_order_in_which_permit_steps_are_told_is_nothing(steps: list[Any]) -> None:
    """Metamorphic: a history is its days."""
    assert standing(PermitHeld(tuple(steps)), date(2018, 1, 1)).state == "lapsed"


@pytest.mark.rule("WS-2016/I.2.1")
def test_queue_takes_stock_first_and_leaves_nobody_out() -> None:
    """I.2.1: stock before increment, long-resident and able to work first; it orders and refuses nobody."""
    waiting = [
        Waiting(None, None, None, "2017-01-01T00:00:00Z"),
        Waiting(True, None, None, "2017-01-02T00:00:00Z"),
        Waiting(True, False, date(2000, 1, 1), "2017-01-03T00:00:00Z"),
        Waiting(True, True, date(2010, 1, 1), "2017-01-04T00:00:00Z"),
        Waiting(True, True, date(2005, 1, 1), "2017-01-05T00:00:00Z"),
        Waiting(False, True, date(1990, 1, 1), "2017-01-06T00:00:00Z"),
    ]
    ordered = sorted(waiting, key=lambda each: place_in_queue(each, date(2017, 5, 8)))
    assert [each.received[8:10] for each in ordered] == ["05", "04", "03", "02", "06", "01"]
    assert len(ordered) == len(waiting)
    assert [priority_class(each) for each in ordered] == [
        *(["stock-long-resident"] * 3),
        "stock",
        "increment",
        "increment",
    ]


def test_claims_without_paper_are_unknown_when_something_is_recorded() -> None:
    """A claim counts with its paper: without one the decision needs evidence, with all of them it is what it was."""
    question = QUESTIONS["settle-from-outside"]
    assert question.decide(as_shown(OUTSIDER, {}), date(2017, 5, 8)).result == "needs evidence"
    papers = dict.fromkeys(dict(papers_asked(question.facts)), ("a" * 64,))
    assert as_shown(OUTSIDER, papers) == OUTSIDER
    assert question.decide(as_shown(OUTSIDER, papers), date(2017, 5, 8)).result == "eligible"


def test_explanations_are_the_golden_ones() -> None:
    """Every explanation of every case, as people read it; SANQUAN_GOLDEN=write rewrites them, to be read by eye."""
    lines = []
    for name, case in CASES.items():
        decision = decided(case)
        lines.append(f"## {name}: {decision.result}")
        for each in (decision, *decision.beside):
            lines += [f"  {r.rule} {r.question or ''}\n    {r.zh}\n    {r.en}" for r in each.reasons]
            lines += [f"    还差: {need}" for reason in each.reasons for need in reason.needs]
            lines.append(f"  = {each.result}")
    text = "\n".join(lines) + "\n"
    if os.environ.get("SANQUAN_GOLDEN") == "write":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")
