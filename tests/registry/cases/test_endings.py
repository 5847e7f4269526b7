"""Does a right end for want of people only when all are on record as dead, and by an old act only as the law of its day had it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.audit import audit
from registry.cases import ActRefusedError
from registry.holding.model import HOLDING
from registry.rights.model import RIGHT, RIGHT_VERSION
from tests.registry import made_up
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.walking import Example

if TYPE_CHECKING:
    from tests.registry.cases.walking import Walker

SOUGHT = {"sought": "公告三个月"}


@pytest.mark.rule("RLCL/inherit-last-member")
def test_household_of_which_nobody_lives_ends_with_its_fields(walker: Walker) -> None:
    """C26: the last one's death is on record; the contract and the list end, and nobody is left to be told."""
    example = walker.example("extinct")
    (right,) = walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.holding_id == example.subject[0])
    case_id = walker.walk("extinct", example, "noticed")
    assert walker.look(case_id)[2].touched.people == {}
    walker.go_on(case_id)
    assert (head(walker, RIGHT, right).status, head(walker, HOLDING, example.subject[0]).status) == ("ended", "ended")
    assert audit(walker.store).findings == ()


@pytest.mark.rule("RLCL/settled-in-town", "RLCL/inherit-last-member")
def test_household_that_settled_in_town_is_not_extinct(walker: Walker) -> None:
    """I17: whoever moved, is away or does not answer lives; not even four deaths of five end anything."""
    village = walker.village
    made_up.register_hukou(walker.store, village)
    made_up.settle(walker.store, village)
    refused(walker, "extinct", Example([village.holding], SOUGHT), "subject")
    refused(walker, "left-without-heir", Example([village.rights["homestead"]], SOUGHT), "subject")
    refused(walker, "left-without-heir", Example([village.rights["income-4"]], SOUGHT), "subject")
    walker.walk("member-deceased", walker.example("member-deceased"))
    refused(walker, "extinct", Example([village.holding], SOUGHT), "subject")


@pytest.mark.rule("CC/no-heir")
def test_share_without_an_heir_ends_and_no_other(walker: Walker) -> None:
    """民法典 1160: the dead member's share ends; it comes to the collective with the next counting."""
    example = walker.example("left-without-heir")
    others = [walker.village.rights[f"income-{n}"] for n in range(4)]
    before = [head(walker, RIGHT, each) for each in others]
    walker.walk("left-without-heir", example)
    assert head(walker, RIGHT, example.subject[0]).status == "ended"
    assert [head(walker, RIGHT, each) for each in others] == before


def test_forest_and_homestead_are_inherited_before_a_household_is_no_more(walker: Walker) -> None:
    """C26, H10: heirs may continue a forest contract, a house goes with its plot; neither goes back by the way."""
    village = walker.village
    for person in (*village.people[1:], village.people[0]):
        walker.walk("member-deceased", Example([village.holding], {"person": person, "day": walker.today()}))
    refused(walker, "extinct", Example([village.holding], SOUGHT), "subject")
    yard = Example([village.rights["homestead"]], SOUGHT)
    walker.walk("left-without-heir", yard, "submitted")


@pytest.mark.rule("RLCL/proved-acts-before-2019", "RLCL/moved-to-a-city")
@pytest.mark.parametrize(
    ("kind", "allowed", "not_any_more"),
    [
        ("taken-back-before-2019", "2014-07-23", "2014-07-24"),
        ("handed-back-before-2019", "2018-12-31", "2019-01-01"),
    ],
)
def test_old_act_ends_a_right_by_the_law_of_its_day(walker: Walker, kind: str, allowed: str, not_any_more: str) -> None:
    """9.6: on the day before the law changed it ended the right, from that day on; on the day itself nothing does."""
    example = walker.example(kind)
    late = walker.open(kind, Example(example.subject, {**example.request, "day": not_any_more}))
    with pytest.raises(ActRefusedError):
        walker.step(late, "submitted")
    part = walker.open(kind, Example(example.subject, {**example.request, "day": allowed, "whole": "no"}))
    with pytest.raises(ActRefusedError, match="一部分"):
        walker.step(part, "submitted")
    walker.walk(kind, Example(example.subject, {**example.request, "day": allowed}))
    ended = head(walker, RIGHT, example.subject[0])
    assert (ended.status, ended.act_day) == ("ended", allowed)
    assert audit(walker.store).findings == ()


def test_small_town_is_no_city_with_districts(walker: Walker) -> None:
    """C1: who moved to the banner's seat kept the land, whatever the collective wrote then."""
    example = walker.example("taken-back-before-2019")
    case_id = walker.open("taken-back-before-2019", Example(example.subject, {**example.request, "to": "small town"}))
    with pytest.raises(ActRefusedError):
        walker.step(case_id, "submitted")


def test_house_on_record_goes_with_its_plot(walker: Walker) -> None:
    """房地一体: a plot on which a house stands is not left without an heir."""
    village = walker.village
    walker.first, walker.second = walker.of_desk("realty")
    walker.walk("building-recorded", walker.example("building-recorded"))
    for person in (*village.people[1:], village.people[0]):
        walker.walk("member-deceased", Example([village.holding], {"person": person, "day": walker.today()}))
    refused(walker, "left-without-heir", Example([village.rights["homestead"]], SOUGHT), "subject")
