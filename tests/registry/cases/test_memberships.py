"""Does a resolution make a member, and does only the member's own will end it, without taking a right along?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from registry.cases import Actor, NoSuchCaseError, NotByYouError, SaidMalformedError, StepNotOpenError
from registry.membership.model import MEMBERSHIP, MEMBERSHIP_VERSION
from registry.rights.model import RIGHT, RIGHT_VERSION
from tests.registry import made_up
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.walking import FIRST, PAPER, WILL, Example, Walker


@pytest.mark.rule("COL/12")
@pytest.mark.parametrize("kind", ["membership-confirmed", "membership-gained"])
def test_member_is_taken_in_by_resolution_and_once(walker: Walker, kind: str) -> None:
    """M2: the resolution and its day stand in the register; where anybody is registered is not asked."""
    example = walker.example(kind)
    walker.walk(kind, example)
    new = head(walker, MEMBERSHIP, walker.ids(MEMBERSHIP_VERSION)[-1])
    assert (new.columns["collective_id"], new.valid_from) == (walker.village.collective, "2026-01-05")
    assert new.columns["basis"] == example.request["resolution"]
    again = {key: value for key, value in example.request.items() if key not in {"name", "id_number", "sex"}}
    refused(walker, kind, Example(example.subject, {**again, "person": new.columns["person_id"]}), "person")


def test_membership_is_the_agriculture_bureaus_and_the_collectives_matter(walker: Walker) -> None:
    """Policy-map 10: also where it is about a household, whose list another desk keeps, too."""
    case_id = walker.walk("membership-gained", walker.example("membership-gained"), "submitted")
    with pytest.raises(NoSuchCaseError):
        walker.look(case_id, replace(FIRST, id="x", role="realty"))
    assert walker.look(case_id, Actor("y", "某人", "嘎查", "collective"))[2].desks == frozenset({"agriculture"})


@pytest.mark.parametrize(("change", "field"), [({"ground": "settled"}, "ground"), ({"day": "2099-01-01"}, "day")])
def test_ground_is_one_of_the_kinds_own(walker: Walker, change: dict[str, str], field: str) -> None:
    """Confirmed or gained, each on its grounds; a day to come is none."""
    example = walker.example("membership-confirmed")
    refused(walker, "membership-confirmed", Example(example.subject, {**example.request, **change}), field)


@pytest.mark.rule("COL/16")
def test_leaving_the_collective_ends_no_right(walker: Walker) -> None:
    """I21: membership alone; contract, homestead and share stand, version for version."""
    rights = walker.ids(RIGHT_VERSION)
    before = [head(walker, RIGHT, each) for each in rights]
    example = walker.example("membership-exited")
    walker.walk("membership-exited", example)
    assert head(walker, MEMBERSHIP, example.subject[0]).status == "ended"
    assert [head(walker, RIGHT, each) for each in rights] == before


def test_nobody_leaves_but_by_their_own_will_and_may_change_their_mind(walker: Walker) -> None:
    """M6: their own signature, no relative's; until the notice has stood and after it, taken back it is no will."""
    example = walker.example("membership-exited")
    with pytest.raises(NotByYouError):
        walker.open("membership-exited", example, Actor("r", "某人", "", "relative", walker.village.people[0]))
    case_id = walker.walk("membership-exited", example, "noticed")
    for paper in ("application", "resolution"):
        walker.step(case_id, "evidence-added", paper=paper, source=PAPER)
    own = walker.village.people[1]
    walker.step(case_id, "consented", person=own, source=WILL)
    with pytest.raises(StepNotOpenError, match="公示到"):
        walker.step(case_id, "reviewed", opinion="齐全")
    walker.step(case_id, "consent-withdrawn", person=own)
    with pytest.raises(StepNotOpenError, match="还缺 1 人的同意"):
        walker.step(case_id, "reviewed", opinion="齐全")


def test_childs_membership_is_given_up_by_nobody(walker: Walker) -> None:
    """A guardian signs for what does not harm a child: this does."""
    refused(walker, "membership-exited", Example([walker.village.memberships[3]]), "subject")


@pytest.mark.rule("EXIT/E4")
def test_nobody_signs_to_leave_the_collective_on_the_day_of_their_settlement(walker: Walker) -> None:
    """I19: the two are never one matter at one desk; another day it may be signed."""
    case_id = walker.walk("membership-exited", walker.example("membership-exited"), "noticed")
    made_up.register_hukou(walker.store, walker.village)
    made_up.settle(walker.store, walker.village)
    own = walker.village.people[1]
    with pytest.raises(SaidMalformedError, match="落户当天"):
        walker.step(case_id, "consented", person=own, source=WILL)
    walker.clock.ahead += dt.timedelta(days=1)
    walker.step(case_id, "consented", person=own, source=WILL)


@pytest.mark.rule("COL/17")
@pytest.mark.parametrize(("day", "lost"), [("2025-04-30", False), ("2025-05-01", True)])
def test_law_takes_a_membership_since_2025_and_no_right(walker: Walker, day: str, lost: bool) -> None:
    """M7: a civil servant since that day; the three rights stand, version for version, and the person is told first."""
    rights = walker.ids(RIGHT_VERSION)
    before = [head(walker, RIGHT, each) for each in rights]
    example = walker.example("membership-lost")
    example.request["day"] = day
    if not lost:
        refused(walker, "membership-lost", example, "day")
        return
    case_id = walker.walk("membership-lost", example, "noticed")
    touched = walker.look(case_id)[2].touched
    assert (set(touched.people), touched.consents) == ({walker.village.people[1]}, frozenset())
    walker.go_on(case_id)
    ended = head(walker, MEMBERSHIP, example.subject[0])
    assert (ended.status, ended.act_day) == ("ended", day)
    assert [head(walker, RIGHT, each) for each in rights] == before


@pytest.mark.rule("COL/18")
@pytest.mark.parametrize("ground", ["settled", "study", "army", "work", "divorce", "prison", "marriage", "charter"])
def test_nothing_else_takes_a_membership(walker: Walker, ground: str) -> None:
    """M9: not settling in town, not what a village rule adds: there is no word for it."""
    example = walker.example("membership-lost")
    refused(walker, "membership-lost", Example(example.subject, {**example.request, "ground": ground}), "ground")


def test_member_of_another_collective_is_one_on_its_roll(walker: Walker) -> None:
    """M9: a marriage makes nobody a member elsewhere; this register's own roll must say so, another banner's paper may."""
    example = walker.example("membership-lost")
    elsewhere = {**example.request, "ground": "member-elsewhere"}
    refused(walker, "membership-lost", Example(example.subject, elsewhere), "elsewhere")
    walker.example("shares-allotted")
    for code in ("15062610021100", made_up.VILLAGE_CODE):
        refused(walker, "membership-lost", Example(example.subject, {**elsewhere, "elsewhere": code}), "elsewhere")
    walker.walk("membership-lost", Example(example.subject, {**elsewhere, "elsewhere": "15062710021100"}), "submitted")
