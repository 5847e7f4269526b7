"""I18: does an exit take effect only with the valid signed will of every adult co-holder, and a guardian's for each minor?

Valid: a paper of the signer's own that is kept here, signed after being told, before a witness of neither side, for this one
act, and not on the day of a settlement (tests/registry/cases/test_exits.py, E2 to E4).
"""

from __future__ import annotations

from typing import Any

import pytest

from registry.cases import SaidMalformedError, StepNotOpenError
from registry.ledger.act import ActFields, ConsentMissingError
from registry.ledger.commit import desk
from registry.rights import acts as rights
from registry.store.engines import Store
from tests.guarantee.leaving import guarded
from tests.guarantee.village import family_wills
from tests.registry import made_up
from tests.registry.cases.leaving import LAND, brought_to, missing
from tests.registry.cases.walking import Walker
from tests.registry.made_up import CLERK


def test_exit_goes_nowhere_while_one_signature_is_missing(walker: Walker) -> None:
    """I18: drop one signature: whoever's it is, the representative's or the child's guardian's, the case stands still."""
    before = guarded(walker)
    case_id = brought_to(walker, "draft", LAND)
    child = walker.village.people[3]

    def sign(person: str) -> None:
        guardian = {"guardian": walker.village.people[4]} if person == child else {}
        walker.step(case_id, "consented", **walker.will(case_id, person, **guardian))

    for left_out in walker.village.people:
        for person in walker.village.people:
            if person != left_out:
                sign(person)
        assert "还缺 1 人的同意" in missing(walker, case_id, "posted")
        with pytest.raises(StepNotOpenError):
            walker.step(case_id, "posted", where="公示栏")
        # Whoever signed changes nothing for the others: a new notice asks everybody again.
        walker.step(case_id, "noticed", where="嘎查")
    assert guarded(walker)[0] == before[0]


def test_will_of_an_adult_is_nobody_elses_to_give(walker: Walker) -> None:
    """I18: neither the representative nor a guardian signs for an adult; a minor never signs alone."""
    case_id = brought_to(walker, "draft", LAND)
    head, wife, _, child, _ = walker.village.people
    wrong: list[dict[str, Any]] = [
        walker.will(case_id, wife, guardian=head),
        walker.will(case_id, child),
        walker.will(case_id, child, guardian=child),
        walker.will(case_id, walker.witness),
    ]
    for will in wrong:
        with pytest.raises(SaidMalformedError):
            walker.step(case_id, "consented", **will)
    assert walker.state(case_id) == "draft"


def test_act_itself_asks_for_each_will_where_no_case_does(store: Store) -> None:
    """I18: behind the case the act refuses, too: one will missing, and the right stands."""
    village = made_up.register_village(store)
    for missing_one in range(len(village.people)):
        given = tuple(will for n, will in enumerate(family_wills(village)) if n != missing_one)
        with desk(store, CLERK) as at:
            act = at.act("exited", "2025-06-01", ActFields(wills=given, payment="80000.00"))
            with pytest.raises(ConsentMissingError):
                rights.end(act, village.rights["contract-arable"])
