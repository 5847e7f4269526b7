"""Shares, quarrels, estates, books, exits, the exchange, one registration: is each decided as its rule says, on each day?"""

from __future__ import annotations

import ast
import itertools
import os
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.decisions.asking import as_shown
from registry.decisions.dividends import last_day_to_set_aside
from registry.decisions.facts import months_after
from registry.decisions.further import FURTHER, FURTHER_FACTS
from registry.decisions.may_i import answer
from registry.decisions.rural import RuralPlacement, place_rural
from registry.law.book import BANNER, RuleNotInForceError, book, holds_at
from registry.law.deciding import RESULTS
from tests.registry.decisions.further_cases import DAY, FURTHER_CASES

if TYPE_CHECKING:
    from registry.law.deciding import Decision
    from tests.registry.decisions.cases import Case

GOLDEN = Path(__file__).with_name("golden") / "further.txt"
ROOT = Path(__file__).parents[3]
A_DAY = timedelta(days=1)
PLAN, COLLECTIVE_LAW = date(2016, 9, 14), date(2025, 5, 1)
# For each rule: a case, and the first day on which its question is answered at all.
FIRST_DAYS = {
    "HR-1958/5": ("HR-1958/5 registered nowhere else", date(1958, 1, 9)),
    "WS-2016/I.2.3": ("WS-2016/I.2.3 in the banner", PLAN),
    "COL/40": ("COL/40 member, operating asset", COLLECTIVE_LAW),
    "COL/15": ("COL/15 three quarters of all", COLLECTIVE_LAW),
    "COL/42": ("COL/42 reserve first, the rest by shares", COLLECTIVE_LAW),
    "COL/46": ("COL/46 open ten days before", COLLECTIVE_LAW),
    "COL/57": ("COL/57 distribution", COLLECTIVE_LAW),
    "REG/register-prevails": ("REG/register-prevails they differ", date(2021, 1, 1)),
    "CC/no-heir": ("CC/no-heir member of the collective", date(2021, 1, 1)),
    "EXIT/E13": ("EXIT/E13 the same hand", PLAN),
    "EXCHANGE/open": ("EXCHANGE/open listed in public, nobody named", PLAN),
    "EXCHANGE/fair": ("EXCHANGE/fair bidder is a member", PLAN),
    "EXCHANGE/orderly": ("EXCHANGE/orderly standard, dated, checked again", PLAN),
    "EXCHANGE/no-urban-buyer": ("EXCHANGE/no-urban-buyer sale to town", PLAN),
}


def decided(case: Case) -> Decision:
    """The decision of a case."""
    return FURTHER[case.question].decide(case.facts, case.day)


@pytest.mark.rule(
    *("HR-1958/5", "WS-2016/I.2.3", "COL/15", "COL/40", "COL/42", "COL/46", "COL/52", "COL/57", "REG/register-prevails"),
    *("CC/no-heir", "EXIT/E13", "EXCHANGE/open", "EXCHANGE/fair", "EXCHANGE/orderly", "EXCHANGE/no-urban-buyer"),
)
@pytest.mark.parametrize("name", FURTHER_CASES)
def test_case_is_decided_as_its_rule_says(name: str) -> None:
    """The result, and what more is told; the rule of the case is among those that were read, unless another stopped it first."""
    case = FURTHER_CASES[name]
    decision = decided(case)
    assert decision.result == case.result, decision.reasons
    told = FURTHER[case.question].told(case.facts, case.day)
    assert {key: told[key] for key in case.told} == case.told


def test_every_rule_decides_the_case_that_bears_its_name() -> None:
    """For each rule at least one of its cases gives it as the reason."""
    by_rule: dict[str, set[str]] = {}
    for name, case in FURTHER_CASES.items():
        by_rule.setdefault(name.split()[0], set()).update(reason.rule for reason in decided(case).reasons)
    assert not [rule for rule, reasons in by_rule.items() if rule not in reasons]


@pytest.mark.parametrize("name", FURTHER_CASES)
def test_reasons_name_rules_in_force_on_the_day_at_the_place(name: str) -> None:
    """Issue 5, Show: each outcome's reasons rest on rules that hold there and then."""
    case = FURTHER_CASES[name]
    decision = decided(case)
    for rule in (*decision.rules, *(reason.rule for reason in decision.reasons)):
        version = book().rule(rule, case.day)
        assert version.holds_on(case.day)
        assert holds_at(version, BANNER)


@pytest.mark.parametrize("rule", FIRST_DAYS)
def test_rule_decides_on_its_first_day_and_after_and_not_the_day_before(rule: str) -> None:
    """Issue 5, Show: every rule on the day before, of and after each of its dates."""
    name, first = FIRST_DAYS[rule]
    case = FURTHER_CASES[name]
    assert [v.in_force_from for v in book().versions(rule)] == [first]
    for day in (first, first + A_DAY):
        decision = FURTHER[case.question].decide(case.facts, day)
        assert decision.result in RESULTS
        assert rule in decision.rules
    with pytest.raises(RuleNotInForceError):
        FURTHER[case.question].decide(case.facts, first - A_DAY)


@pytest.mark.rule("COL/52")
@pytest.mark.parametrize(
    ("day", "result", "rule"),
    [
        (COLLECTIVE_LAW - A_DAY, "not eligible", "WS-2016/II.3.1-d"),
        (COLLECTIVE_LAW, "eligible", "COL/52"),
        (COLLECTIVE_LAW + A_DAY, "eligible", "COL/52"),
    ],
)
def test_a_share_may_be_pledged_from_2025_05_01_on(day: date, result: str, rule: str) -> None:
    """Law M18 and policy-map 9.4: no pledge by the plan's powers, a pledge by art. 52 since 2025-05-01."""
    case = FURTHER_CASES["COL/52 pledge"]
    decision = FURTHER[case.question].decide(case.facts, day)
    assert (decision.result, decision.reasons[-1].rule) == (result, rule)


@pytest.mark.rule("OR-2016/notice")
def test_who_is_refused_by_the_citys_notice_is_told_that_nobody_here_has_read_it() -> None:
    """II.1.4 applies the notice of 2016-07-13; the plan that applies it holds from 2016-09-14, and nothing does before it."""
    wish = RuralPlacement(event="other", wish="rural")
    for day in (PLAN, PLAN + A_DAY):
        decision = place_rural(wish, day)
        told = {reason.rule: reason.zh for reason in decision.reasons}
        assert decision.result == "not eligible"
        assert "没有核对过通知原文" in told["OR-2016/notice"]
    assert "OR-2016/notice" in place_rural(RuralPlacement(event="other"), PLAN).rules
    for day in (date(2016, 7, 12), date(2016, 7, 13), date(2016, 7, 14), PLAN - A_DAY):
        with pytest.raises(RuleNotInForceError):
            place_rural(wish, day)


def test_no_further_question_is_reviewed_for_no_text_leaves_one_open() -> None:
    """Issue 5, Show: `review` only where policy-map says REVIEW or [?]; it says so of none of these, so none has a Q number."""
    results = {decided(case).result for case in FURTHER_CASES.values()}
    assert results == {"eligible", "not eligible", "needs evidence"}
    assert not [r for case in FURTHER_CASES.values() for r in decided(case).reasons if r.question is not None]


@pytest.mark.parametrize("word", FURTHER)
@given(data=st.data())
def test_any_facts_are_decided_and_a_missing_paper_is_never_a_no(word: str, data: st.DataObject) -> None:
    """Whatever is known: one of three results; who is eligible and shows nothing is not refused, and is told which paper."""
    asked = FURTHER[word]
    facts = data.draw(st.from_type(asked.facts).filter(_in_the_days_of_the_book))
    day = data.draw(st.dates(COLLECTIVE_LAW, date(2030, 1, 1)))
    decision = asked.decide(facts, day)
    assert decision.result in set(RESULTS) - {"review"}
    bare = asked.decide(as_shown(facts, {}), day)
    assert decision.result == "not eligible" or bare.result != "not eligible"
    for each in (decision, bare):
        if each.result == "needs evidence":
            assert any(reason.needs for reason in each.reasons)


def _in_the_days_of_the_book(facts: Any) -> bool:  # noqa: ANN401  (any facts)
    """Days of which the book holds every rule, and counts that are counts."""
    values = [getattr(facts, field.name) for field in fields(facts)]
    days = all(COLLECTIVE_LAW <= v <= date(2030, 1, 1) for v in values if isinstance(v, date))
    return days and all(v >= 0 for v in values if isinstance(v, int))


@pytest.mark.parametrize("name", FURTHER_CASES)
def test_one_paper_more_never_turns_a_yes_into_a_question(name: str) -> None:
    """Metamorphic: of a case that is eligible, taking one claim away makes it wait for evidence or leaves it as it is."""
    case = FURTHER_CASES[name]
    if case.result != "eligible":
        return
    for field in fields(case.facts):
        if "paper" in field.metadata:
            less = FURTHER[case.question].decide(replace(case.facts, **{field.name: None}), case.day)
            assert less.result in {"eligible", "needs evidence"}, field.name


@pytest.mark.rule("COL/57")
@given(
    made=st.dates(COLLECTIVE_LAW, date(2035, 1, 1)),
    after=st.integers(0, 3000),
)
def test_set_aside_ends_a_year_after_knowing_and_five_after_the_decision(made: date, after: int) -> None:
    """农村集体经济组织法 57 ¶2: 自知道之日起一年内, 自决定作出之日起五年内, whichever ends first; the day itself is in time."""
    learnt = made + timedelta(days=after)
    last = last_day_to_set_aside(made, learnt)
    assert last == min(months_after(learnt, 12), months_after(made, 60))
    ask = FURTHER["quarrel"].decide
    facts = replace(FURTHER_CASES["COL/57 decision not shown"].facts, decided=made, learnt=learnt)
    assert (ask(facts, last).result, ask(facts, last + A_DAY).result) == ("eligible", "not eligible")


@pytest.mark.rule("COL/57")
def test_a_decision_before_the_law_of_2025_is_judged_by_no_rule_of_it() -> None:
    """The law of the day of the act: on 2025-04-30 art. 57 did not hold, and the refusal names its first day."""
    facts = replace(FURTHER_CASES["COL/57 decision not shown"].facts, decided=COLLECTIVE_LAW - A_DAY)
    with pytest.raises(RuleNotInForceError, match="2025-05-01"):
        FURTHER["quarrel"].decide(facts, DAY)
    assert FURTHER["quarrel"].decide(replace(facts, decided=COLLECTIVE_LAW), COLLECTIVE_LAW).result == "eligible"


@pytest.mark.rule("EXIT/E13", "EXIT/E9", "EXIT/E11", "EXIT/E12", "RLCL/hand-back")
def test_one_condition_that_is_missing_keeps_the_right_alive() -> None:
    """Policy-map 9.1: any of E9 to E13 false, the right stays; every subset but the whole is not eligible."""
    met = FURTHER_CASES["EXIT/E13 two hands, every clock run out"].facts
    unmet = {
        "posted": date(2026, 11, 20), "objections_answered": False, "signed": date(2026, 11, 1),
        "issuer_told": date(2026, 5, 27), "paid_in_full": False, "other_officer": False,
    }  # fmt: skip
    ask = FURTHER["exit-registration"].decide
    for count in range(len(unmet) + 1):
        for names in itertools.combinations(unmet, count):
            result = ask(replace(met, **{name: unmet[name] for name in names}), DAY).result
            assert result == ("not eligible" if names else "eligible"), names


@pytest.mark.rule("CC/no-heir", "EXIT/E13", "COL/57")
@pytest.mark.parametrize(
    ("situation", "given", "result", "rule", "said"),
    [
        ("death", {"thing": "share", "agreed": "nobody"}, "needs evidence", "CC/no-heir", "在外面的也要找"),
        (
            "death", {"thing": "home", "left": "no", "house": "yes", "agreed": "nobody"},
            "needs evidence", "CC/no-heir", "在外面的也要找",
        ),
        ("death", {"thing": "waste", "agreed": "nobody"}, "needs evidence", "CC/no-heir", "在外面的也要找"),
        (
            "give-up",
            {"thing": "land", "pressed": "no", "agree": "yes", "confirmed": "yes", "burden": "no"},
            "eligible", "EXIT/E13", "不是同一个人",
        ),
        ("taken", {"thing": "member", "reason": "married"}, "not eligible", "COL/57", "1年之内"),
    ],
)  # fmt: skip
def test_may_i_answers_from_the_same_decisions(
    situation: str, given: dict[str, str], result: str, rule: str, said: str
) -> None:
    """Issue 5: `/may-i` answers from them now: nobody inherits, two hands in an exit, where a quarrel goes."""
    decision = answer(situation, given, DAY).decision
    told = {reason.rule: reason.zh for reason in decision.reasons}
    assert decision.result == result
    assert said in told[rule]


def test_no_settlement_decision_loads_a_further_one() -> None:
    """I19: what decides a move can't so much as import what decides shares, exits, estates or the exchange."""
    program = (
        "import sys, registry.decisions.asking, registry.decisions.queue;"
        "print(sorted(m for m in sys.modules if m.startswith('registry.decisions.')))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.removeprefix("registry.decisions.") for name in ast.literal_eval(done.stdout)}
    further = {question.facts.__module__.removeprefix("registry.decisions.") for question in FURTHER.values()}
    assert loaded
    assert not loaded & (further | {"further"})


def test_no_fact_asks_where_a_holder_lives_or_is_registered() -> None:
    """Policy-map 9.4 and I7: never "no because the holder lives in town"; of a buyer and of a registration it may be asked."""
    for facts in FURTHER_FACTS:
        assert is_dataclass(facts)
        if not facts.__module__.endswith("registering"):
            names = [field.name for field in fields(facts)]
            assert not [name for name in names for word in ("hukou", "lives", "address", "settled") if word in name]


def test_further_explanations_are_the_golden_ones() -> None:
    """Every explanation of every case, as people read it; SANQUAN_GOLDEN=write rewrites them, to be read by eye."""
    lines = []
    for name, case in FURTHER_CASES.items():
        decision = decided(case)
        lines.append(f"## {name}: {decision.result}")
        lines += [f"  {r.rule}\n    {r.zh}\n    {r.en}" for r in decision.reasons]
        lines += [f"    还差: {need}" for reason in decision.reasons for need in reason.needs]
    text = "\n".join(lines) + "\n"
    if os.environ.get("SANQUAN_GOLDEN") == "write":
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")
