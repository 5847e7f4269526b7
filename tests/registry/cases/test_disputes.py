"""Does a dispute keep its lock until it has an outcome, and is then registered what a document orders and no more?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from registry import cases
from registry.cases import Actor, SaidMalformedError, StepNotOpenError
from registry.cases.disputes import OVER, last_day_to_sue
from registry.holding.model import HOLDING, HOLDING_VERSION
from registry.holding.read import members
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.restrictions.model import RESTRICTION
from registry.rights import acts as rights
from registry.rights.model import RIGHT
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.walking import NEWCOMER, PAPER, Example
from tests.registry.made_up import CLERK, SIGNED, id_number

if TYPE_CHECKING:
    from registry.cases.disputes import Dispute
    from tests.registry.cases.walking import Walker

HEARD: dict[str, Any] = {"source": PAPER}


def opened(walker: Walker) -> str:
    """A dispute whose lock was registered."""
    return walker.walk("disputed", walker.example("disputed"), "registered")


def standing(walker: Walker, case_id: str) -> Dispute:
    """Where a dispute stands."""
    found = walker.look(case_id)[2].dispute
    assert found is not None
    return found


def open_steps(walker: Walker, case_id: str) -> set[str]:
    """The steps that the first officer may take."""
    return {each.step for each in walker.look(case_id)[1] if each.open}


def closing(walker: Walker, case_id: str, ground: str) -> Example:
    """The end of the lock of a dispute."""
    return Example([walker.lock_of(case_id)], {"ground": ground, "document": "1号"})


def days(walker: Walker, day: str) -> None:
    """Set the clock to the day after another."""
    walker.clock.ahead += dt.date.fromisoformat(day) - dt.date.fromisoformat(walker.today()) + dt.timedelta(days=1)


@pytest.mark.rule("RLCL/disputes")
def test_award_is_final_the_day_after_the_last_day_to_sue(walker: Walker) -> None:
    """C30: thirty days to sue; until then the lock stays, and after it a suit comes too late."""
    case_id = opened(walker)
    walker.step(case_id, "mediated", outcome="failed", day=walker.today(), **HEARD)
    walker.step(case_id, "awarded", document="裁1号", day=walker.today(), **HEARD)
    until = standing(walker, case_id).until
    assert (standing(walker, case_id).state, until) == ("awarded", last_day_to_sue(walker.today()))
    refused(walker, "dispute-closed", closing(walker, case_id, "final"), "ground")
    with pytest.raises(StepNotOpenError, match="还可以起诉"):
        walker.step(case_id, "delivered")
    days(walker, until)
    assert standing(walker, case_id).state == "final"
    assert "sued" not in open_steps(walker, case_id)
    with pytest.raises(StepNotOpenError, match="锁还没有解"):
        walker.step(case_id, "delivered")
    walker.walk("dispute-closed", closing(walker, case_id, "final"))
    walker.step(case_id, "delivered")
    assert walker.look(case_id)[1] == ()


def test_suit_keeps_the_dispute_open_until_it_is_judged(walker: Walker) -> None:
    """Sued in time, an award decides nothing; dated after the last day a suit is refused, a judgment never is."""
    case_id = opened(walker)
    walker.step(case_id, "awarded", document="裁1号", day="2026-01-05", **HEARD)
    assert standing(walker, case_id).state == "final"
    walker.step(case_id, "judged", document="民初1号", day=walker.today(), **HEARD)
    assert standing(walker, case_id).state == "judged"
    other = opened(walker)
    walker.step(other, "awarded", document="裁2号", day=walker.today(), **HEARD)
    walker.step(other, "sued", day=walker.today(), **HEARD)
    days(walker, standing(walker, other).until)
    assert standing(walker, other).state == "suing"
    refused(walker, "dispute-closed", closing(walker, other, "final"), "ground")
    walker.step(other, "judged", document="民初2号", day=walker.today(), **HEARD)
    assert standing(walker, other).state == "judged"


def test_suit_that_comes_too_late_is_refused_by_its_day(walker: Walker) -> None:
    """Recorded in time or not: what counts is the day of the suit."""
    case_id = opened(walker)
    walker.step(case_id, "awarded", document="裁1号", day=walker.today(), **HEARD)
    facts = walker.look(case_id)[2]
    assert facts.dispute is not None
    late = {"day": facts.dispute.until, **HEARD}
    assert cases.steps.said_by("sued", late, _on(facts, facts.dispute.until))["day"] == facts.dispute.until
    after = (dt.date.fromisoformat(facts.dispute.until) + dt.timedelta(days=1)).isoformat()
    with pytest.raises(SaidMalformedError, match="judged"):
        cases.steps.said_by("sued", {**late, "day": after}, _on(facts, after))
    with pytest.raises(SaidMalformedError, match="还没有到"):
        cases.steps.said_by("sued", {**late, "day": after}, facts)


def _on(facts: cases.Facts, day: str) -> cases.Facts:
    return cases.Facts(day, facts.desks, facts.touched, dispute=facts.dispute)


@pytest.mark.parametrize(("step", "said", "ground"), [
    ("mediated", {"outcome": "agreed"}, "agreed"),
    ("judged", {"document": "民初1号"}, "judged"),
    ("dropped", {"reasons": "撤回"}, "dropped"),
])  # fmt: skip
def test_each_outcome_opens_its_own_end_of_the_lock_and_no_other(
    walker: Walker, step: str, said: dict[str, Any], ground: str
) -> None:
    """A lock is lifted by what its file came to; a dispute without an outcome keeps it."""
    case_id = opened(walker)
    refused(walker, "dispute-closed", closing(walker, case_id, ground), "ground")
    told: dict[str, Any] = {**said, **HEARD} if step == "dropped" else {**said, **HEARD, "day": walker.today()}
    walker.step(case_id, step, **told)
    for other in OVER - {ground}:
        refused(walker, "dispute-closed", closing(walker, case_id, other), "ground")
    walker.walk("dispute-closed", closing(walker, case_id, ground))
    assert not standing(walker, case_id).locked
    walker.step(case_id, "delivered")


def test_what_is_in_dispute_is_not_disposed_of_and_holders_are_told(walker: Walker) -> None:
    """C30: no mortgage while it lasts; a claim without anybody who took it up locks nothing."""
    opened(walker)
    refused(walker, "mortgaged", walker.example("mortgaged"), "subject")
    case_id = walker.walk("disputed", walker.example("disputed"), "noticed")
    walker.step(case_id, "evidence-added", paper="application", source=PAPER)
    walker.ask(case_id)
    assert set(walker.look(case_id)[2].touched.people) == set(walker.village.people)
    with pytest.raises(StepNotOpenError, match="受理通知书"):
        walker.step(case_id, "reviewed", opinion="齐全")


def test_whoever_is_in_the_dispute_records_no_outcome(walker: Walker) -> None:
    """An officer of the family takes no step of it."""
    case_id = opened(walker)
    own = Actor("x", "某人", "农牧业局", "agriculture", walker.village.people[1])
    with pytest.raises(cases.NotByYouError, match="利害关系"):
        walker.step(case_id, "dropped", own, reasons="撤回", **HEARD)


def test_lock_that_came_without_a_file_is_lifted_by_the_paper(walker: Walker) -> None:
    """From an import: what it came to is not on file here. What is no dispute is not lifted as one."""
    grass = walker.village.rights["contract-grass"]
    with desk(walker.store, CLERK) as at:
        act = at.act("disputed", SIGNED, ActFields(basis="旧档案"))
        lock = rights.burden(act, grass, restriction_kind="dispute", parties={"claimant": "巴图"}, document="旧1号")
        at.commit()
    walker.walk("dispute-closed", Example([lock], {"ground": "judged", "document": "民初9号"}))
    assert head(walker, RESTRICTION, lock).status == "ended"
    objection = walker.example("objection-closed").subject
    refused(walker, "dispute-closed", Example(objection, {"ground": "judged", "document": "1号"}), "subject")


def test_judgment_enters_a_woman_from_the_day_on_which_it_took_effect(walker: Walker) -> None:
    """民法典 229: not from its registration; every other line stays."""
    before = members(head(walker, HOLDING, walker.village.holding))
    walker.walk("judgment-registered", walker.example("judgment-registered"))
    now = head(walker, HOLDING, walker.village.holding)
    assert members(now)[:5] == before
    assert (len(members(now)), now.valid_from, now.cause_kind) == (6, "2026-01-05", "court-ordered")
    again = {"orders": "enters", "document": "1号", "day": "2026-01-06", "person": members(now)[5].person_id, "relation": "20"}
    refused(walker, "judgment-registered", Example([walker.village.holding], again), "person")


def test_judgment_gives_the_land_to_another_household_and_takes_nothing_else(walker: Walker) -> None:
    """The right goes on under its id, with its parcels and term, in the hands of whom the court names."""
    walker.walk("contract-divided", walker.example("contract-divided"))
    other = walker.ids(HOLDING_VERSION)[-1]
    grass = walker.village.rights["contract-grass"]
    before = head(walker, RIGHT, grass)
    request = {"orders": "holder", "document": "民初1号", "day": walker.today(), "to": other}
    for wrong in (walker.village.holding, grass):
        bad = Example([grass], {**request, "to": wrong})
        case_id = walker.open("judgment-registered", bad)
        with pytest.raises(cases.CaseError):
            walker.step(case_id, "submitted")
    walker.walk("judgment-registered", Example([grass], request))
    now = head(walker, RIGHT, grass)
    assert now.columns["holding_id"] == other
    same = ("term_start", "term_end", "unit_code", "certificate_number", "burdens")
    assert [now.columns[name] for name in same] == [before.columns[name] for name in same]
    lines = [[(line["parcel_id"], line["contract_area_m2"]) for line in v.children["right_parcel"]] for v in (now, before)]
    assert lines[0] == lines[1]


def test_judgment_ends_a_right_and_another_restores_it_under_its_id(walker: Walker) -> None:
    """I14: an unbroken chain; what stands is not restored, what is burdened is not ended before that is settled."""
    other = walker.village.rights["contract-other"]
    ends = {"orders": "ends", "document": "民初1号", "day": "2026-01-05"}
    restores = {"orders": "restores", "document": "民终1号", "day": "2026-03-02"}
    refused(walker, "judgment-registered", Example([other], restores), "orders")
    walker.walk("judgment-registered", Example([other], ends))
    assert head(walker, RIGHT, other).status == "ended"
    walker.walk("judgment-registered", Example([other], restores))
    assert (head(walker, RIGHT, other).status, head(walker, RIGHT, other).valid_from) == ("live", "2026-03-02")
    opened(walker)
    refused(walker, "judgment-registered", Example([walker.village.rights["contract-grass"]], ends), "subject")
    refused(walker, "judgment-registered", Example([walker.village.holding], ends), "orders")
    entering = {**ends, "orders": "enters", **NEWCOMER, "id_number": id_number("19790815", 644), "relation": "20"}
    refused(walker, "judgment-registered", Example([other], entering), "orders")


def test_award_is_registered_only_when_nobody_can_sue_any_more(walker: Walker) -> None:
    """RLCL/disputes: it holds from the day after; everybody concerned is told, nobody's will is asked for."""
    example = walker.example("award-registered")
    today = {**example.request, "served": walker.today()}
    refused(walker, "award-registered", Example(example.subject, today), "served")
    case_id = walker.walk("award-registered", example)
    facts = walker.look(case_id)[2]
    assert (set(facts.touched.people), facts.touched.consents) == (set(walker.village.people), frozenset())
    now = head(walker, RIGHT, example.subject[0])
    assert now.valid_from > last_day_to_sue("2026-01-05")
    assert now.children["right_parcel"][0]["contract_area_m2"] == "31001.00"


def test_order_that_says_what_nobody_asked_is_refused(walker: Walker) -> None:
    """What is left over is refused; a judgment that is still to come, too."""
    example = walker.example("judgment-registered")
    for change, field in (({"day": "2099-01-01"}, "day"), ({"to": "0" * 32}, "…"), ({"orders": "confiscates"}, "orders")):
        refused(walker, "judgment-registered", Example(example.subject, {**example.request, **change}), field)
    correcting = {**walker.example("award-registered").request, "day": "2026-01-05", "orders": "corrects", "more": "x"}
    refused(walker, "judgment-registered", Example([walker.village.rights["contract-arable"]], correcting), "…")
