"""Is nobody passed over: each step only to whom it belongs, only when what it needs is there?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from registry import cases, sources
from registry.case_files import CASE_STEP
from registry.cases import (
    Actor,
    CaseMovedError,
    NoSuchCaseError,
    NotByYouError,
    SaidMalformedError,
    StepNotOpenError,
)
from registry.holding import acts as holdings
from registry.holding.model import HOLDING, CoHolder
from registry.holding.read import members
from registry.law.working_days import not_on_a_day_off
from registry.ledger.act import ActFields
from registry.ledger.chain import read_chains
from registry.ledger.commit import desk
from registry.ledger.stepping import ActsBeforeStepError, append_step
from registry.ledger.tables import LEDGER_ENTRY
from tests.registry.cases.walking import FIRST, PAPER, SECOND, WILL, Example
from tests.registry.made_up import CLERK

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.registry.cases.walking import Walker

CHANGE = "representative-changed"
WHO: dict[str, Any] = {"where": "嘎查公示栏"}


def log_size(walker: Walker) -> int:
    """How many entries the log has."""
    with walker.store.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(LEDGER_ENTRY)) or 0)


def refused(walker: Walker, error: type[Exception], doing: Callable[[], object]) -> str:
    """What a refusal says; it leaves the log as it was."""
    size = log_size(walker)
    with pytest.raises(error) as told:
        doing()
    assert log_size(walker) == size
    return str(told.value)


def noticed(walker: Walker) -> str:
    """A change of the representative, with its paper, at its notice."""
    case_id = walker.walk(CHANGE, walker.example(CHANGE), "noticed")
    walker.step(case_id, "evidence-added", paper="application", source=PAPER)
    return case_id


def missing(walker: Walker, case_id: str, word: str) -> str:
    """What is missing for a step, in Chinese."""
    return "; ".join(zh for each in walker.look(case_id)[1] if each.step == word for zh, _ in each.missing)


def test_every_adult_consents_alone_and_the_representative_signs_for_nobody(walker: Walker) -> None:
    """A wife is not signed away: a guardian for an adult is refused, and without her will nothing goes on (C31)."""
    case_id = noticed(walker)
    head, wife, son, child, grandmother = walker.village.people
    for person in (head, son, grandmother):
        walker.step(case_id, "consented", person=person, source=WILL)
    for_wife: dict[str, Any] = {"person": wife, "source": WILL, "guardian": head}
    assert "guardian" in refused(walker, SaidMalformedError, lambda: walker.step(case_id, "consented", **for_wife))
    assert "还缺 2 人的同意" in missing(walker, case_id, "reviewed")
    alone: dict[str, Any] = {"person": child, "source": WILL}
    assert "guardian" in refused(walker, SaidMalformedError, lambda: walker.step(case_id, "consented", **alone))
    for guardian in (child, "0" * 32):
        by = {**alone, "guardian": guardian}
        refused(walker, SaidMalformedError, lambda by=by: walker.step(case_id, "consented", **by))  # type: ignore[misc]  # bound in the same line
    walker.step(case_id, "consented", person=child, source=WILL, guardian=head)
    walker.step(case_id, "told", person=wife, how="by-letter", day="2026-01-05")
    assert missing(walker, case_id, "reviewed") == "还缺 1 人的同意"
    refused(walker, StepNotOpenError, lambda: walker.step(case_id, "reviewed", opinion="齐全"))
    walker.step(case_id, "consented", person=wife, source=WILL)
    assert missing(walker, case_id, "reviewed") == ""
    walker.step(case_id, "consent-withdrawn", person=wife)
    assert missing(walker, case_id, "reviewed") == "还缺 1 人的同意"


def test_a_will_of_a_day_to_come_is_none(walker: Walker) -> None:
    """Issue 4, item 5: the day of a will is that of its paper, as it was kept."""
    case_id = noticed(walker)
    later = sources.keep(walker.store, b"signed tomorrow", kind="will", dated="2999-01-01")
    wife = walker.village.people[1]
    assert "2999-01-01" in refused(
        walker, SaidMalformedError, lambda: walker.step(case_id, "consented", person=wife, source=later)
    )


def test_nobody_outside_the_list_can_be_told_in_a_co_holders_place(walker: Walker) -> None:
    """Only those whom the case touches count, and only once the notice was given."""
    case_id = noticed(walker)
    refused(walker, SaidMalformedError, lambda: walker.step(case_id, "told", person="0" * 32, how="in-person"))
    early = walker.walk(CHANGE, walker.example(CHANGE), "accepted")
    refused(walker, StepNotOpenError, lambda: walker.step(early, "told", person=walker.village.people[0], how="in-person"))


def test_whoever_drafted_or_reviewed_does_not_approve(walker: Walker) -> None:
    """Four eyes, by the account and not by the name."""
    case_id = walker.walk(CHANGE, walker.example(CHANGE), "reviewed")
    other_name = replace(FIRST, name="别名")
    for actor in (FIRST, other_name):
        refused(walker, NotByYouError, lambda actor=actor: walker.step(case_id, "approved", actor, opinion="同意"))  # type: ignore[misc]  # bound in the same line
    walker.step(case_id, "approved", SECOND, opinion="同意")


def test_whoever_has_a_stake_decides_nothing(walker: Walker) -> None:
    """An officer of the family, or on a list with one of them, takes the case in but neither reviews nor approves it."""
    case_id = noticed(walker)
    walker.ask(case_id)
    own = replace(SECOND, person=walker.village.people[3])
    said = refused(walker, NotByYouError, lambda: walker.step(case_id, "reviewed", own, opinion="齐全"))
    assert "利害关系" in said
    refused(walker, NotByYouError, lambda: walker.step(case_id, "refused", own, reasons="不行"))
    walker.step(case_id, "evidence-added", own, paper="proof", source=PAPER)


@pytest.mark.parametrize("role", ["forestry", "person", "surveyor"])
def test_another_desk_does_not_decide(walker: Walker, role: str) -> None:
    """Whoever does not keep the book of a holding takes no step of its desk."""
    case_id = walker.walk(CHANGE, walker.example(CHANGE), "submitted")
    other = Actor("other", "某人", "某单位", role, walker.village.people[0])
    refused(walker, NotByYouError, lambda: walker.step(case_id, "accepted", other))


def test_somebody_who_came_onto_the_list_meanwhile_is_asked_before_anything_is_registered(walker: Walker) -> None:
    """Reviewed and approved, then a daughter-in-law joins: back to the notice, everybody is asked anew."""
    case_id = walker.walk(CHANGE, walker.example(CHANGE), "approved")
    walker.walk("member-added", walker.example("member-added"))
    assert "增加家庭成员" in missing(walker, case_id, "registered")
    said = refused(walker, StepNotOpenError, lambda: walker.step(case_id, "registered"))
    assert "增加家庭成员" in said
    walker.step(case_id, "noticed", **WHO)
    assert "还有 6 人没有告知到" in missing(walker, case_id, "reviewed")
    walker.go_on(case_id)
    assert cases.phase(walker.look(case_id)[0], cases.kind_of(CHANGE)) == "delivered"


def test_case_whose_thing_has_ended_can_only_be_given_back(walker: Walker) -> None:
    """What it touches can't be told any more: it says why, and every way back stays open."""
    case_id = walker.walk("operating-ended", walker.example("operating-ended"), "approved")
    (operating,) = walker.look(case_id)[0].subject
    other = walker.walk("operating-ended", Example([operating], {"ground": "agreed"}))
    assert other != case_id
    words = {each.step for each in walker.look(case_id)[1] if each.open}
    assert {"returned", "withdrawn"} <= words
    assert "registered" not in words
    assert walker.look(case_id)[2].changed is not None
    with walker.store.reading() as connection:
        assert case_id in {case.id for case in cases.visible(walker.store, connection, FIRST, thing=operating)}


def test_guardian_who_gains_makes_it_a_question_for_the_review(walker: Walker) -> None:
    """The mother becomes representative and signs for the child: the review says why it does not harm the child."""
    case_id = noticed(walker)
    _, mother, _, child, _ = walker.village.people
    walker.ask(case_id)
    walker.step(case_id, "consented", person=child, source=WILL, guardian=mother)
    walker.step(case_id, "reviewed", opinion="齐全")
    assert "未成年人" in refused(walker, StepNotOpenError, lambda: walker.step(case_id, "approved", SECOND, opinion="同意"))
    walker.step(case_id, "returned", reasons="写明对孩子的影响")
    for word in ("submitted", "accepted"):
        walker.step(case_id, word)
    walker.step(case_id, "noticed", **WHO)
    walker.ask(case_id)
    walker.step(case_id, "consented", person=child, source=WILL, guardian=mother)
    walker.step(case_id, "reviewed", opinion="齐全", findings={child: "份额不变"})
    walker.step(case_id, "approved", SECOND, opinion="同意")


def test_posted_notice_stands_its_working_days(walker: Walker) -> None:
    """漏登: fifteen working days, and the case goes on the day after the last."""
    case_id = walker.walk("omission-corrected", walker.example("omission-corrected"), "noticed")
    for paper in ("application", "list"):
        walker.step(case_id, "evidence-added", paper=paper, source=PAPER)
    walker.ask(case_id)
    until = dt.date.fromisoformat(walker.look(case_id)[2].notice_until or "")
    assert "公示到" in missing(walker, case_id, "reviewed")
    walker.clock.ahead += dt.timedelta(days=(until - dt.date.fromisoformat(walker.today())).days)
    assert "公示到" in missing(walker, case_id, "reviewed")
    walker.clock.ahead += dt.timedelta(days=1)
    assert missing(walker, case_id, "reviewed") == ""


def test_notice_in_days_ends_on_a_day_that_is_worked(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    """民法典 203: a last day off moves to the next working day."""
    case_id = noticed(walker)
    kinds = cases.book()
    wait = replace(kinds.waits[0], kinds=(CHANGE,), unit="days", value=1)
    monkeypatch.setattr(cases.rules, "book", lambda: replace(kinds, waits=(wait,)))
    until = dt.date.fromisoformat(walker.look(case_id)[2].notice_until or "")
    given = dt.date.fromisoformat(walker.today())
    assert until == not_on_a_day_off(given + dt.timedelta(days=1)).day


def test_neighbours_who_changed_are_told_before_a_survey_is_corrected(walker: Walker) -> None:
    """No version of the parcel is newer, but somebody else holds beside it: back to the notice."""
    west, _ = walker.example("parcel-merged").subject
    shape = [["574000", "4263000"], ["574079", "4263000"], ["574079", "4263176"], ["574000", "4263176"], ["574000", "4263000"]]
    case_id = walker.walk("survey-corrected", Example([west], {"shape": shape}), "approved")
    walker.walk("member-added", walker.example("member-added"))
    assert "受影响的人变了" in missing(walker, case_id, "registered")
    walker.step(case_id, "noticed", **WHO)
    walker.go_on(case_id)


def test_objection_stops_its_case_until_it_is_answered(walker: Walker) -> None:
    """Open: nothing decides. Not upheld: it goes on. Upheld: returned, refused or withdrawn, and after a return it goes on."""
    case_id = walker.walk(CHANGE, walker.example(CHANGE), "reviewed")
    own = Actor("aodeng", "敖登", "本人", "person", walker.village.people[1])
    draft = walker.open("objection", Example(challenges=case_id), own)
    assert missing(walker, case_id, "approved") == ""
    walker.step(draft, "submitted", own)
    assert "异议" in missing(walker, case_id, "approved")
    refused(walker, NotByYouError, lambda: walker.step(draft, "answered", own, outcome="upheld", reasons="x"))
    walker.step(draft, "answered", outcome="not-upheld", reasons="与名册相符")
    assert missing(walker, case_id, "approved") == ""
    again = walker.open("objection", Example(challenges=case_id), own)
    walker.step(again, "submitted", own)
    walker.step(again, "answered", outcome="upheld", reasons="代表没有同意")
    assert "异议成立" in missing(walker, case_id, "approved")
    walker.step(case_id, "returned", reasons="重新征求")
    third = walker.open("objection", Example(challenges=case_id), own)
    walker.step(third, "submitted", own)
    walker.step(third, "withdrawn", own, reasons="不再坚持")
    walker.go_on(case_id)


def test_objection_to_an_objection_is_the_same_desks(walker: Walker) -> None:
    """Whoever contests an objection is answered by whoever keeps the book of what all of it is about."""
    case_id = noticed(walker)
    first = walker.walk("objection", Example(challenges=case_id), "submitted")
    second = walker.walk("objection", Example(challenges=first), "submitted")
    assert walker.look(second)[2].desks == walker.look(case_id)[2].desks


def test_objection_names_a_case_that_is_under_way(walker: Walker) -> None:
    """Not a thing, not an ended case, not one's neighbour's draft."""
    refused(walker, SaidMalformedError, lambda: walker.open("objection", Example()))
    refused(walker, SaidMalformedError, lambda: walker.open(CHANGE, Example(challenges="0" * 32)))
    ended = walker.walk(CHANGE, walker.example(CHANGE))
    refused(walker, SaidMalformedError, lambda: walker.open("objection", Example(challenges=ended)))
    draft = walker.open("member-added", walker.example("member-added"))
    refused(walker, NoSuchCaseError, lambda: walker.open("objection", Example(challenges=draft), SECOND))


def test_supplement_is_asked_for_and_waited_for(walker: Walker) -> None:
    """补正: the route waits for it; one that changes what is asked for leads back to before the notice."""
    case_id = walker.walk(CHANGE, walker.example(CHANGE), "submitted")
    walker.step(case_id, "supplement-asked", reasons="缺身份证复印件")
    assert "补正" in missing(walker, case_id, "accepted")
    walker.step(case_id, "supplemented", note="已补")
    walker.go_on(case_id, "reviewed")
    other = {"representative": walker.village.people[2]}
    walker.step(case_id, "supplement-asked", reasons="换一个人")
    walker.step(case_id, "supplemented", request=other)
    case, _, _ = walker.look(case_id)
    assert (cases.phase(case, cases.kind_of(CHANGE)), cases.request_of(case)) == ("accepted", other)
    walker.go_on(case_id)


def test_draft_may_be_written_again(walker: Walker) -> None:
    """What is asked for is what was drafted last; incomplete it can't be submitted."""
    case_id = walker.open(CHANGE, Example([walker.village.holding]))
    refused(walker, SaidMalformedError, lambda: walker.step(case_id, "submitted"))
    walker.step(case_id, "drafted", request={"representative": walker.village.people[2]})
    walker.step(case_id, "submitted")
    refused(walker, StepNotOpenError, lambda: walker.step(case_id, "drafted", request={}))


def test_slip_is_mended_within_its_day_by_two_officers(walker: Walker) -> None:
    """The next day it is no slip any more, but a correction."""
    case_id = walker.walk("clerical-slip", walker.example("clerical-slip"), "submitted")
    refused(walker, NotByYouError, lambda: walker.step(case_id, "approved", opinion="同意"))
    walker.clock.ahead += dt.timedelta(days=1)
    assert "当天" in refused(walker, StepNotOpenError, lambda: walker.step(case_id, "approved", SECOND, opinion="同意"))


def test_step_of_an_older_view_is_told_what_happened(walker: Walker) -> None:
    """The number of the last step that was seen goes with each step."""
    case_id = walker.walk(CHANGE, walker.example(CHANGE), "accepted")
    said = refused(walker, CaseMovedError, lambda: cases.take(walker.store, case_id, "returned", SECOND, 2, {"reasons": "x"}))
    assert "受理" in said
    assert FIRST.name not in said


def test_ended_case_takes_no_step(walker: Walker) -> None:
    """Withdrawn is withdrawn."""
    case_id = walker.walk(CHANGE, walker.example(CHANGE), "accepted")
    walker.step(case_id, "withdrawn", reasons="不办了")
    said = refused(walker, StepNotOpenError, lambda: walker.step(case_id, "accepted"))
    assert "撤回" in said


@pytest.mark.parametrize(
    ("kind", "subject"),
    [(CHANGE, ["0" * 32]), (CHANGE, []), ("leased", ["holding"]), ("clerical-slip", ["holding", "holding"])],
)
def test_case_is_about_what_its_kind_is_about(walker: Walker, kind: str, subject: list[str]) -> None:
    """Ids of the register, of the things that the kind names, each once."""
    ids = [walker.village.holding if each == "holding" else each for each in subject]
    if len(ids) == 2:
        case_id = walker.open(kind, Example(sorted({*ids, walker.village.parcels["grass"]}), {"field": "code", "to": "x"}))
        refused(walker, SaidMalformedError, lambda: walker.step(case_id, "submitted"))
        return
    refused(walker, SaidMalformedError, lambda: walker.open(kind, Example(ids, {})))


def test_whose_role_does_not_apply_opens_no_draft(walker: Walker) -> None:
    """A bank asks for mortgages, not for another representative."""
    bank = Actor("bank", "某人", "某银行", "bank")
    refused(walker, NotByYouError, lambda: walker.open(CHANGE, walker.example(CHANGE), bank))


def test_person_sees_the_cases_that_touch_them(walker: Walker) -> None:
    """The wife sees it once it was submitted; a stranger, or an account without a person, never."""
    case_id = walker.walk(CHANGE, walker.example(CHANGE), "submitted")
    seen = Actor("aodeng", "敖登", "本人", "person", walker.village.people[1])
    assert walker.look(case_id, seen)[0].id == case_id
    for person in ("", "0" * 32):
        with pytest.raises(NoSuchCaseError):
            walker.look(case_id, replace(seen, person=person))


def test_step_stands_before_its_acts(walker: Walker) -> None:
    """A desk that has gathered acts takes no step any more: their places in the log are taken."""
    with desk(walker.store, CLERK) as at:
        act = at.act("member-added", walker.today(), ActFields())
        lines = members(at.chain(HOLDING, walker.village.holding)[-1])
        holdings.change(act, walker.village.holding, members=[*lines[:4], CoHolder(lines[4].person_id, "52", remark="长辈")])
        with pytest.raises(ActsBeforeStepError):
            append_step(at, {}, "2030-01-01T00:00:00Z")


def test_registration_that_fails_leaves_neither_act_nor_step(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Step and acts are one transaction: what the register refuses takes the step with it."""
    case_id = walker.walk(CHANGE, walker.example(CHANGE), "approved")
    before = _version(walker)
    monkeypatch.setattr(cases.engine, "_fields", lambda _case, _kind: ActFields())
    said = refused(walker, cases.ActRefusedError, lambda: walker.step(case_id, "registered"))
    assert "同意" in said
    assert _version(walker) == before


def test_numbers_of_steps_are_a_key_of_the_database(walker: Walker) -> None:
    """Whoever writes past the engine meets the key: a number is taken once, and none is left out."""
    case_id = walker.walk(CHANGE, walker.example(CHANGE), "submitted")
    row: dict[str, Any] = {"case_id": case_id, "step": "accepted", "at": "x", "entry_idx": 0, "cls": "C"}
    for n, follows in ((2, 1), (4, 3), (3, 1)):
        with walker.store.writing("desk") as connection, pytest.raises(sa.exc.DBAPIError):
            connection.execute(sa.insert(CASE_STEP).values({**row, "n": n, "follows": follows}))


def test_nothing_of_a_step_is_in_clear(walker: Walker) -> None:
    """Rows and log name nobody; a repr says no more than the word."""
    case_id = walker.walk("omission-corrected", walker.example("omission-corrected"), "submitted")
    with walker.store.reading() as connection:
        rows = str(connection.execute(sa.select(CASE_STEP)).all())
        leaves = str(connection.scalars(sa.select(LEDGER_ENTRY.c.leaf)).all())
    case, _, _ = walker.look(case_id)
    shown = rows + leaves + repr(case) + repr(FIRST)
    assert not [name for name in ("其其格", FIRST.name, "王建国", "达楞太") if name in shown]


def _version(walker: Walker) -> int:
    with walker.store.reading() as connection:
        return read_chains(connection, HOLDING, [walker.village.holding])[walker.village.holding][-1].ver


def test_a_step_is_checked_by_what_the_register_says_then_and_not_when_the_case_was_looked_at(walker: Walker) -> None:
    """What the last look asked is asked together at the step; its answers are those of the step, on whichever day it is."""
    case_id = walker.walk(CHANGE, walker.example(CHANGE), "noticed")
    assert walker.look(case_id)[2].changed is None
    other = walker.walk(CHANGE, walker.example(CHANGE), "registered")
    assert other != case_id
    refused(walker, StepNotOpenError, lambda: walker.step(case_id, "reviewed", opinion="齐全"))
    assert walker.look(case_id)[2].changed is not None
