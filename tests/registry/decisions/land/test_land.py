"""Is every question about a right decided as the law says, by rules in force on the day, and never by where people live?"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answers.decisions import asking, decide
from registry.decisions.asking import as_shown
from registry.decisions.land.asking import LAND_FACTS, LAND_QUESTIONS
from registry.decisions.land.content import POWERS
from registry.law.book import BANNER, RuleNotInForceError, book, holds_at
from registry.law.deciding import RESULTS, Decision
from registry.rights import acts as rights
from tests.registry.decisions.land.cases import CASES, OLD, TODAY, LandCase

ROOT = Path(__file__).parents[4]
GOLDEN = Path(__file__).parents[1] / "golden" / "land.txt"
DAY = timedelta(days=1)
# What policy-map leaves open: Q12, and the last member of a household who died (section 5, REVIEW without a number).
OPEN = {("RLCL/mortgage", "Q12"), ("WS-2016/II.3.1-b", "Q12"), ("RLCL/inherit-last-member", None)}
# The rule that decides a question last comes into force on its first day; before, the question is not answered.
FIRST_DAYS = {
    "power-of-right": ("WS-2016/II.3.1-a", "P b transfer"),
    "trade-in-the-open": ("WS-2016/II.3.1-e", "P e open, just, orderly"),
    "forest-right": ("FL/17", "F2 trees are the contractor's"),
    "contract-right": ("RLCL/arises-by-contract", "C12 from the day of the contract"),
    "representative": ("RLCL/representative", "C31 on the certificate"),
    "extension": ("RLCL/extension", "C9 EXT-1 thirty years, the day after"),
    "soil-compensation": ("RLCL/soil-compensation", "C5 handed back"),
    "exchange-land": ("RLCL/exchange", "C14 in one collective"),
    "assign-land": ("RLCL/assign", "C15 2018 inside, with income"),
    "unregistered-transfer": ("RLCL/registration-optional", "C16 stranger, registered"),
    "mortgage-land": ("RLCL/mortgage", "Q12 in 2018"),
    "lease-rent": ("RLCL/price", "C19 agreed, whole, to the contractor"),
    "end-lease": ("RLCL/terminate", "C22 use changed"),
    "contract-pasture": ("GL/13", "G2 adjusted"),
    "stocking": ("GL/33", "G5 within"),
    "contract-waste-land": ("RLCL/other-ways", "C25 to an outsider"),
    "reserve-land": ("RLCL/reserve-land", "C27 a twentieth"),
    "members-first": ("RLCL/members-first-period", "C18 within the notice"),
    "land-dispute": ("RLCL/disputes", "C30 to court at once"),
    "one-homestead": ("HOME/one-household-one", "H2 one"),
    "homestead-application": ("HOME/approval", "H5 all four steps"),
    "homestead-lost": ("HOME/lost-to-nature", "H8 destroyed"),
    "homestead-receiver": ("HOME/no-city-buyers", "H11 inside the collective"),
}
EARLIER = {"homestead-receiver": "RLCL/coercion-is-void"}
"""Where the will of the household is judged by a rule that is younger than the question's own."""


def decided(case: LandCase) -> Decision:
    """The decision of a case."""
    return LAND_QUESTIONS[case.question].decide(case.facts, case.day)


@pytest.mark.rule(
    "WS-2016/II.3.1-a", "WS-2016/II.3.1-b", "WS-2016/II.3.1-c", "WS-2016/II.3.1-e", "GL/13", "GL/33", "FL/17"
)
@pytest.mark.rule("RLCL/arises-by-contract", "RLCL/representative", "RLCL/extension", "RLCL/soil-compensation")
@pytest.mark.rule(
    "RLCL/exchange", "RLCL/assign", "RLCL/registration-optional", "RLCL/mortgage", "RLCL/coercion-is-void"
)
@pytest.mark.rule("RLCL/price", "RLCL/terminate", "RLCL/other-ways", "RLCL/reserve-land", "RLCL/members-first-period")
@pytest.mark.rule(
    "RLCL/disputes", "HOME/one-household-one", "HOME/approval", "HOME/none-after-sale", "HOME/lost-to-nature"
)
@pytest.mark.rule("HOME/no-city-buyers")
@pytest.mark.parametrize("name", CASES)
def test_row_is_decided_as_the_law_says(name: str) -> None:
    """Law.md sections 2 to 4, policy-map 9.4 and II.3.1-a to e: result, rule, open question, and what more is told."""
    case = CASES[name]
    decision = decided(case)
    assert decision.result == case.result, decision.reasons
    assert case.rule in {reason.rule for reason in decision.reasons}, decision.reasons
    assert case.open_question is None or case.open_question in {reason.question for reason in decision.reasons}
    told = LAND_QUESTIONS[case.question].told(case.facts, case.day)
    assert {key: told[key] for key in case.told} == case.told


def test_every_rule_that_is_decided_here_has_a_case_that_names_it() -> None:
    """A mark alone proves nothing: each rule of these questions stands in the reasons of some case, first and last."""
    of_these = {rule for rule, _ in FIRST_DAYS.values()} | {
        "WS-2016/II.3.1-b",
        "WS-2016/II.3.1-c",
        "RLCL/coercion-is-void",
    }
    of_these |= {"HOME/none-after-sale"}
    assert {case.rule for case in CASES.values()} >= of_these


def test_every_question_is_met_with_each_result_that_it_can_have() -> None:
    """No question without a yes, a no and a missing paper among the cases."""
    for word in LAND_QUESTIONS:
        met = {case.result for case in CASES.values() if case.question == word}
        assert met >= {"eligible", "not eligible", "needs evidence"}, word


@pytest.mark.parametrize("name", CASES)
def test_reasons_name_rules_in_force_on_the_day_at_the_place(name: str) -> None:
    """Issue 5, Show: each outcome's reasons rest on rules that hold there and then; a missing paper is named."""
    decision = decided(CASES[name])
    for rule in decision.rules:
        assert holds_at(book().rule(rule, decision.day), BANNER)
    assert decision.result != "needs evidence" or any(reason.needs for reason in decision.reasons)


@pytest.mark.parametrize("name", CASES)
def test_review_is_said_only_where_the_texts_leave_it_open(name: str) -> None:
    """Issue 5, Show: Q12 and the last member who died; nothing else goes to a person, and both are met."""
    decision = decided(CASES[name])
    asked = {(reason.rule, reason.question) for reason in decision.reasons}
    assert (decision.result == "review") == bool(asked & OPEN)


def test_everything_that_is_left_open_is_met() -> None:
    """The list of what goes to a person has no row that nothing meets."""
    met = {(r.rule, r.question) for c in CASES.values() if c.result == "review" for r in decided(c).reasons}
    assert met >= OPEN


@pytest.mark.rule("WS-2016/II.3.1-a", "WS-2016/II.3.1-e", "GL/13", "GL/33", "FL/17", "RLCL/arises-by-contract")
@pytest.mark.rule("RLCL/representative", "RLCL/extension", "RLCL/soil-compensation", "RLCL/exchange", "RLCL/assign")
@pytest.mark.rule("RLCL/registration-optional", "RLCL/mortgage", "RLCL/price", "RLCL/terminate", "RLCL/other-ways")
@pytest.mark.rule("RLCL/reserve-land", "RLCL/members-first-period", "RLCL/disputes", "HOME/one-household-one")
@pytest.mark.rule("HOME/approval", "HOME/none-after-sale", "HOME/lost-to-nature", "HOME/no-city-buyers")
@pytest.mark.parametrize("question", FIRST_DAYS)
def test_question_is_not_answered_before_its_rule_and_from_its_day_on_it_is(question: str) -> None:
    """The day before, of and after: a rule decides nothing of the days before its own, and says which days it covers."""
    rule, name = FIRST_DAYS[question]
    first = book().versions(EARLIER.get(question, rule))[0].in_force_from
    case, ask = CASES[name], LAND_QUESTIONS[question].decide
    with pytest.raises(RuleNotInForceError):
        ask(case.facts, first - DAY)
    assert ask(case.facts, first).result == ask(case.facts, first + DAY).result
    if question not in EARLIER:
        assert rule in ask(case.facts, first).rules


def test_first_days_are_asked_of_every_question() -> None:
    """No question is left out of the test of days."""
    assert set(FIRST_DAYS) == set(LAND_QUESTIONS)


@pytest.mark.rule("RLCL/assign")
def test_assignment_outside_the_collective_ends_with_2018() -> None:
    """C15: on 2018-12-31 to any farming household by who has another living, on 2019-01-01 and after inside alone."""
    facts = CASES["C15 2018 outside, with income"].facts
    results = [LAND_QUESTIONS["assign-land"].decide(facts, OLD + DAY * n).result for n in range(3)]
    assert results == ["eligible", "not eligible", "not eligible"]
    assert book().versions("RLCL/assign")[1].in_force_from == OLD + DAY


@pytest.mark.rule("RLCL/mortgage", "WS-2016/II.3.1-b")
def test_mortgage_goes_to_a_person_until_2018_ends() -> None:
    """C24, Q12: reviewed on 2018-12-31, allowed on 2019-01-01 and after; the contract right on no day."""
    for question, name in (("mortgage-land", "Q12 in 2018"), ("power-of-right", "P b guarantee in 2018")):
        facts = CASES[name].facts
        results = [LAND_QUESTIONS[question].decide(facts, OLD + DAY * n).result for n in range(3)]
        assert results == ["review", "eligible", "eligible"]
    never = CASES["C24 never the contract right"].facts
    assert {LAND_QUESTIONS["mortgage-land"].decide(never, OLD + DAY * n).result for n in range(3)} == {"not eligible"}


@pytest.mark.rule("WS-2016/II.3.1-a", "WS-2016/II.3.1-b", "WS-2016/II.3.1-c")
def test_powers_are_those_that_the_register_writes() -> None:
    """II.3.1-a to d: what is told of a right is what stands beside it in the register, by one list of words."""
    for thing, powers in POWERS.items():
        named = {"homestead": "homestead", "share": "income"}.get(thing, f"contract-{thing}")
        assert ",".join(powers) == rights.POWERS[named]


def test_where_anybody_lives_is_no_fact_of_any_question() -> None:
    """II.3.1-g: a settlement changes none of this. No field has a word for a move, a registration or a dwelling."""
    for facts in LAND_FACTS:
        names = [field.name for field in dataclasses.fields(facts)]
        assert not [
            n
            for n in names
            if any(word in n for word in ("hukou", "in_town", "dwelling", "lives_", "settled", "moved"))
        ]


def test_no_settlement_decision_knows_these() -> None:
    """I19: a land right that is added changes no decision that does not ask for it: those of a move load none of this."""
    program = (
        "import sys, registry.decisions.asking, registry.decisions.queue;"
        "print([m for m in sys.modules if m.startswith('registry.decisions.land')])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("question", LAND_QUESTIONS)
@given(data=st.data())
def test_any_facts_are_decided_and_a_missing_paper_is_never_a_no(question: str, data: st.DataObject) -> None:
    """Whatever is known: one of four results, a review with its ground, and what is not shown is refused to nobody."""
    asked = LAND_QUESTIONS[question]
    facts = data.draw(_facts(asked.facts))
    day = data.draw(st.dates(date(2021, 9, 1), date(2040, 1, 1)))
    decision = asked.decide(facts, day)
    assert decision.result in RESULTS
    grounds = {(reason.rule, reason.question) for reason in decision.reasons}
    assert (decision.result == "review") <= bool(grounds & OPEN)
    bare = asked.decide(as_shown(facts, {}), day)
    assert decision.result == "not eligible" or bare.result != "not eligible"


def _facts(of: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401  (a type)
    """Any facts of a class, with days and numbers as doors let them in."""
    if dataclasses.is_dataclass(of) and isinstance(of, type):
        hints = get_type_hints(of)
        return st.builds(of, **{field.name: _facts(hints[field.name]) for field in dataclasses.fields(of)})
    if of is date:
        return st.dates(date(1990, 1, 1), date(2060, 1, 1))
    if of is int:
        return st.integers(0, 10**6)
    if of is NoneType:
        return st.none()
    if get_origin(of) is not None and not any(isinstance(each, str) for each in get_args(of)):
        return st.one_of([_facts(each) for each in get_args(of)])
    return st.from_type(of)


@given(name=st.sampled_from(sorted(CASES)), data=st.data())
def test_evidence_in_any_order_comes_to_the_same(name: str, data: st.DataObject) -> None:
    """Metamorphic: the facts of a case in any order, through the door's own form."""
    case = CASES[name]
    plain = json.loads(json.dumps(dataclasses.asdict(case.facts), default=str))
    shuffled = dict(data.draw(st.permutations(list(plain.items()))))
    first, second = (
        decide(case.question, asking(case.question).model_validate({"day": case.day.isoformat(), "facts": facts}))
        for facts in (plain, shuffled)
    )
    assert first == second
    assert first["result"] == case.result


def test_explanations_are_the_golden_ones() -> None:
    """Every explanation of every case, as people read it; SANQUAN_GOLDEN=write rewrites them, to be read by eye."""
    lines = []
    for name, case in CASES.items():
        decision = decided(case)
        lines.append(f"## {case.question}, {name}" + ("" if case.day == TODAY else f", {case.day}"))
        lines += [f"  {r.rule} {r.question or ''}".rstrip() + f"\n    {r.zh}\n    {r.en}" for r in decision.reasons]
        lines += [f"    还差: {need}" for reason in decision.reasons for need in reason.needs]
        lines.append(f"  = {decision.result}")
    text = "\n".join(lines) + "\n"
    if os.environ.get("SANQUAN_GOLDEN") == "write":
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")
