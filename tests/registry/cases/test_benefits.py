"""Is a benefit granted by its policy's own basis, and ended only when the register shows that policy or basis is gone?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.benefits.model import BENEFIT, BENEFIT_VERSION
from registry.cases.writing import benefits
from tests.registry import made_up
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.walking import Example

if TYPE_CHECKING:
    from tests.registry.cases.walking import Walker

TRAINING = {"policy": "农牧民技能培训补贴", "unit": "人", "quantity": "1", "year": "2026"}


def test_benefit_is_granted_on_its_policys_basis(walker: Walker) -> None:
    """By land, or by person through their membership; a policy that is none, or on another basis, is refused."""
    example = walker.example("benefit-granted")
    walker.walk("benefit-granted", example)
    columns = head(walker, BENEFIT, walker.ids(BENEFIT_VERSION)[-1]).columns
    assert (columns["basis"], columns["beneficiary_id"], columns["quantity"]) == ("parcel", example.subject[0], "46.50")
    walker.walk("benefit-granted", Example([walker.village.memberships[1]], TRAINING))
    columns = head(walker, BENEFIT, walker.ids(BENEFIT_VERSION)[-1]).columns
    assert (columns["basis"], columns["beneficiary_id"]) == ("person", walker.village.people[1])
    refused(walker, "benefit-granted", Example([walker.village.holding], example.request), "policy")
    refused(walker, "benefit-granted", Example(example.subject, {**example.request, "policy": "进城奖励"}), "policy")


@pytest.mark.rule("WS-2016/II.3.1-g")
def test_benefit_of_a_family_that_settled_in_town_is_not_ended(walker: Walker) -> None:
    """I11: the list stands and so does the policy: neither ground holds, and there is no third."""
    made_up.register_hukou(walker.store, walker.village)
    made_up.settle(walker.store, walker.village)
    for ground in ("policy-over", "basis-gone", "settled"):
        refused(walker, "benefit-ended", Example([walker.village.benefit], {"ground": ground}), "ground")


def test_benefit_ends_with_its_land_and_its_holders_are_told(walker: Walker) -> None:
    """The parcel was split: what rested on it ends, and those who held it then read of it."""
    example = walker.example("benefit-ended")
    case_id = walker.walk("benefit-ended", example)
    assert head(walker, BENEFIT, example.subject[0]).status == "ended"
    told = {step.said["person"] for step in walker.look(case_id)[0].steps if step.step == "told"}
    assert told == set(walker.village.people)


def test_benefit_of_a_person_ends_with_their_death(walker: Walker) -> None:
    """The dead are told nothing; while they live, it stands."""
    walker.walk("benefit-granted", Example([walker.village.memberships[4]], TRAINING))
    (benefit,) = walker.ids(BENEFIT_VERSION)[-1:]
    refused(walker, "benefit-ended", Example([benefit], {"ground": "basis-gone"}), "ground")
    walker.walk("benefit-adjusted", Example([benefit], {"quantity": "1", "year": "2027"}))
    walker.walk("member-deceased", walker.example("member-deceased"))
    walker.guardian = walker.village.people[1]
    walker.walk("benefit-ended", Example([benefit], {"ground": "basis-gone"}))
    assert head(walker, BENEFIT, benefit).status == "ended"


def test_benefit_ends_when_its_policy_is_over(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    """policies.toml has no row for the day any more: then, and not before."""
    monkeypatch.setattr(benefits, "policies", tuple)
    walker.walk("benefit-ended", Example([walker.village.benefit], {"ground": "policy-over"}))
    assert head(walker, BENEFIT, walker.village.benefit).status == "ended"
