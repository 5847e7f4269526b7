"""Is a demand to give up land reported without the village seeing by whom, and does a breach end in what was found out?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry import breaches, cases
from registry.audit import audit
from registry.cases import Actor, NoSuchCaseError, NotByYouError, SaidMalformedError
from registry.ledger.commit import Officer
from tests.registry.cases.test_locks import refused
from tests.registry.cases.walking import FIRST, PAPER, SECOND, Example, Walker

REPORT, BREACH = "unlawful-condition", "breach"
WATCH = Actor("su", "苏德", "监察局", "supervision")


def found(walker: Walker, breach_id: str) -> breaches.Breach:
    """One breach as it stands."""
    with walker.store.reading() as connection:
        return next(each for each in breaches.breaches(walker.store, connection) if each.id == breach_id)


def test_report_is_seen_by_its_offices_and_by_who_made_it_and_by_nobody_else(walker: Walker) -> None:
    """9.5: for 农牧业局 and 监察局. The village wrote the condition: it learns from nobody here who reported it."""
    reporter = Actor("aodeng", "敖登", "本人", "person", walker.village.people[1])
    case_id = walker.open(REPORT, walker.example(REPORT), reporter)
    walker.step(case_id, "submitted", reporter)
    for sees in (FIRST, WATCH, reporter):
        assert walker.look(case_id, sees)[0].id == case_id
    roles = ("collective", "township", "surveyor", "realty", "forestry", "auditor")
    others = [Actor("x", "某人", "某单位", role) for role in roles]
    for other in (*others, replace(reporter, id="husband", person=walker.village.people[0])):
        with pytest.raises(NoSuchCaseError):
            walker.look(case_id, other)
        with walker.store.reading() as connection:
            assert cases.visible(walker.store, connection, other) == []


def test_report_is_answered_by_another_than_who_handed_it_in(walker: Walker) -> None:
    """Taken in by one office, answered by the other; nothing of the register moves."""
    case_id = walker.walk(REPORT, walker.example(REPORT), "accepted")
    with pytest.raises(NotByYouError):
        walker.step(case_id, "answered", outcome="upheld", reasons="村规民约无效")
    walker.step(case_id, "answered", WATCH, outcome="upheld", reasons="村规民约这一条无效, 已责令改正")
    case, following, _ = walker.look(case_id, WATCH)
    assert (case.steps[-1].said["outcome"], following) == ("upheld", ())


@pytest.mark.parametrize(("field", "value", "named"), [("tied", "weather", "tied"), ("words", "", "words"), ("more", "x", "…")])
def test_report_says_what_is_tied_to_what(walker: Walker, field: str, value: str, named: str) -> None:
    """A demand, for what, where it is written; nothing else is taken."""
    example = walker.example(REPORT)
    refused(walker, REPORT, Example(example.subject, {**example.request, field: value}), named)


def test_breach_is_closed_with_the_answer_to_its_case(walker: Walker) -> None:
    """What happened is said by one, answered by another, and the row names the case; it is never taken back."""
    auditor = Actor("he", "核对人", "审计局", "auditor")
    example = walker.example(BREACH)
    breach_id = example.request["breach"]
    case_id = walker.open(BREACH, example, auditor)
    walker.step(case_id, "submitted", auditor)
    walker.step(case_id, "accepted", WATCH)
    walker.step(case_id, "evidence-added", WATCH, paper="proof", source=PAPER)
    walker.step(case_id, "reviewed", WATCH, opinion="有人直接改了库")
    with pytest.raises(NotByYouError):
        walker.step(case_id, "answered", WATCH, outcome="upheld", reasons="已报案")
    assert found(walker, breach_id).closed_at is None
    walker.step(case_id, "answered", SECOND, outcome="upheld", reasons="已报案, 按备份恢复")
    assert found(walker, breach_id).outcome == f"属实 a breach: 案件 case {case_id}"
    assert audit(walker.store).findings == ()
    refused(walker, BREACH, example, "breach")


def test_breach_that_was_closed_meanwhile_is_not_answered_again(walker: Walker) -> None:
    """At the terminal somebody wrote what came of it: the case can only be given back."""
    example = walker.example(BREACH)
    case_id = walker.walk(BREACH, example, "reviewed")
    breaches.close(walker.store, Officer("某人", "农牧业局"), example.request["breach"], "查清了")
    with pytest.raises(SaidMalformedError, match="未结"):
        walker.step(case_id, "answered", SECOND, outcome="upheld", reasons="x")
    assert found(walker, example.request["breach"]).outcome == "查清了"
    walker.step(case_id, "withdrawn", reasons="已结")


def test_breach_is_about_no_thing_and_seen_by_no_role_that_is_held_to_a_place(walker: Walker) -> None:
    """It lies nowhere: who sees a village only does not see it. A case about a thing is none."""
    example = walker.example(BREACH)
    with pytest.raises(SaidMalformedError):
        walker.open(BREACH, Example([walker.village.holding], example.request))
    case_id = walker.walk(BREACH, example, "submitted")
    for other in (replace(WATCH, within=frozenset({"150626100"})), Actor("x", "某人", "某嘎查", "collective")):
        with pytest.raises(NoSuchCaseError):
            walker.look(case_id, other)


def test_objection_to_a_report_is_seen_by_the_offices_of_the_report_only(walker: Walker) -> None:
    """What contests a report is as confidential as the report."""
    case_id = walker.walk(REPORT, walker.example(REPORT), "submitted")
    objection = walker.open("objection", Example(challenges=case_id), SECOND)
    walker.step(objection, "submitted", SECOND)
    assert walker.look(objection, WATCH)[0].id == objection
    with pytest.raises(NoSuchCaseError):
        walker.look(objection, Actor("x", "某人", "某嘎查", "collective"))
