"""I22: has no exit any effect before notice, objections, cooling-off and payment are done, and does revoking leave no trace?"""

from __future__ import annotations

import pytest

from registry.cases import StepNotOpenError
from tests.guarantee.leaving import guarded
from tests.registry.cases.leaving import LAND, SHARE, STATES, brought_to
from tests.registry.cases.walking import Example, Walker


@pytest.fixture
def walker(walker: Walker) -> Walker:
    """Somebody who walks cases of the family; the witness is a member already, as before any exit."""
    assert walker.witness
    return walker


@pytest.mark.parametrize("state", [state for state in STATES if state != "paid"])
def test_revoking_in_time_leaves_pi_as_if_there_had_been_no_exit(walker: Walker, state: str) -> None:
    """I22: revoke at each state up to the later of cooling-off and payment: π, every row and the state root are what they were."""
    before = guarded(walker)
    case_id = brought_to(walker, state, LAND)
    assert guarded(walker) == before
    walker.step(case_id, "revoked", person=walker.village.people[1])
    assert walker.state(case_id) == "revoked"
    assert guarded(walker) == before


@pytest.mark.parametrize("state", STATES)
def test_right_stands_in_every_state_before_the_registration(walker: Walker, state: str) -> None:
    """I22: no step but the registration writes an act, and no state before PAID and approved opens it."""
    before = guarded(walker)
    case_id = brought_to(walker, state, SHARE)
    with pytest.raises(StepNotOpenError):
        walker.step(case_id, "registered", walker.second)
    assert guarded(walker) == before


def test_objection_that_is_open_stops_an_exit_that_is_paid(walker: Walker) -> None:
    """I22: objections first, even when the money is there; upheld, the case can only end."""
    case_id = brought_to(walker, "paid", SHARE)
    walker.go_on(case_id, "approved")
    before = guarded(walker)
    objection = walker.open("objection", Example(challenges=case_id))
    walker.step(objection, "submitted")
    with pytest.raises(StepNotOpenError, match="异议"):
        walker.step(case_id, "registered", walker.second)
    walker.step(objection, "answered", walker.second, outcome="upheld", reasons="不是自愿")
    with pytest.raises(StepNotOpenError, match="异议成立"):
        walker.step(case_id, "registered", walker.second)
    assert guarded(walker) == before
