"""Are first certificates, new codes and a wrong delivery done for a whole village by one case, and only as they were shown?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from registry.audit import audit
from registry.cases import Actor, ActRefusedError, NotByYouError, SaidMalformedError, StepNotOpenError
from registry.certificates import contracts_without
from registry.duties import acts as duties
from registry.holding.model import HOLDING
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.rights.model import RIGHT
from registry.withdrawal import deliveries
from tests.registry.cases.delivering import wrong_delivery
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.walking import PAPER, SECOND, WILL, Example, Walker
from tests.registry.made_up import CLERK, VILLAGE_CODE

if TYPE_CHECKING:
    from tests.registry.cases.delivering import Wrong

ISSUED, RECODED, WITHDRAWN = "certificate-issued", "recoded", "delivery-withdrawn"
GRASS = "contract-grass"


def without(walker: Walker, village: str) -> list[str]:
    """The contracts of a village that wait for their certificate."""
    with walker.store.reading() as connection:
        return list(contracts_without(walker.store, connection, village, walker.today(), size(connection)))


def taken_back(wrong: Wrong, **changes: object) -> Example:
    """The case that takes a delivery back."""
    request = {"delivery": wrong.content_hash, "expect": 3, "reason": "整村图形偏移"}
    return Example([wrong.holding], request | changes)


def test_a_village_is_certified_in_one_case_with_numbers_on_end(walker: Walker) -> None:
    """颁证: an act a contract, on every right of it; who has a certificate is passed over by `contracts_without`."""
    wrong = wrong_delivery(walker.store, walker.village, VILLAGE_CODE[:12])
    assert without(walker, VILLAGE_CODE[:12]) == [f"{VILLAGE_CODE}0001J", f"{VILLAGE_CODE}0009J"]
    theirs = walker.ids(RIGHT.table, RIGHT.table.c.holding_id == wrong.holding)
    walker.walk(ISSUED, Example([walker.village.rights[GRASS], walker.village.rights["contract-arable"], *theirs]))
    assert without(walker, VILLAGE_CODE[:12]) == []
    numbers = {thing: head(walker, RIGHT, right).columns["certificate_number"] for thing, right in walker.village.rights.items()}
    assert len({number for thing, number in numbers.items() if thing.startswith("contract-")}) == 1
    assert numbers["homestead"] == "乌集用2016第1号"
    (other,) = {head(walker, RIGHT, right).columns["certificate_number"] for right in theirs}
    assert {numbers[GRASS][-7:], other[-7:]} == {"000001号", "000002号"}
    assert audit(walker.store).findings == ()


def test_a_contract_with_a_certificate_lets_none_of_the_village_be_issued(walker: Walker) -> None:
    """All or none: the case says which contract has one; a second paper is a case of another kind."""
    walker.walk(ISSUED, walker.example(ISSUED))
    wrong = wrong_delivery(walker.store, walker.village)
    theirs = walker.ids(RIGHT.table, RIGHT.table.c.holding_id == wrong.holding)
    case_id = walker.open(ISSUED, Example([walker.village.rights[GRASS], *theirs]))
    with pytest.raises(ActRefusedError, match="已颁证"):
        walker.step(case_id, "submitted")
    assert head(walker, RIGHT, theirs[0]).ver == 1


def test_an_officer_of_the_family_issues_it_no_certificate(walker: Walker) -> None:
    """Nobody is told of a paper that shows what is registered; whoever holds it decides nothing all the same."""
    case_id = walker.walk(ISSUED, walker.example(ISSUED), "reviewed")
    own = Actor("aodeng", "敖登", "农牧业局", "agriculture", walker.village.people[1])
    with pytest.raises(NotByYouError, match="利害关系"):
        walker.step(case_id, "approved", own, opinion="同意")


def test_codes_are_given_as_they_were_shown_or_not_at_all(walker: Walker) -> None:
    """区划变更: something came meanwhile, so another number of things would change: shown again, then registered."""
    case_id = walker.walk(RECODED, walker.example(RECODED), "reviewed")
    wrong_delivery(walker.store, walker.village, VILLAGE_CODE[:12])
    with pytest.raises(StepNotOpenError, match="重新预览"):
        walker.step(case_id, "approved", SECOND, opinion="同意")
    walker.step(case_id, "supplement-asked", reasons="数目变了")
    walker.step(case_id, "supplemented", request=walker.example(RECODED).request)
    walker.go_on(case_id)
    assert head(walker, HOLDING, walker.village.holding).columns["code"].startswith("15062610029900")
    assert walker.look(case_id)[2].touched.people == {}
    assert audit(walker.store).findings == ()


@pytest.mark.parametrize(
    ("changes", "field"), [({"day": "2999-01-01"}, "day"), ({"expect": 0}, "expect"), ({"expect": "9"}, "expect")]
)
def test_codes_of_a_day_to_come_or_without_a_count_are_refused(walker: Walker, changes: dict[str, Any], field: str) -> None:
    """Nobody knows what stands then."""
    found = walker.example(RECODED)
    refused(walker, RECODED, Example(found.subject, found.request | changes), field)


def test_codes_of_another_village_are_not_asked_for_through_this_household(walker: Walker) -> None:
    """What the case is about is where it is seen: it has the code that changes."""
    wrong = wrong_delivery(walker.store, walker.village)
    refused(walker, RECODED, Example([wrong.holding], walker.example(RECODED).request), "subject")


def test_who_moved_on_the_word_of_a_delivery_signs_before_it_is_taken_back(walker: Walker) -> None:
    """causes.md, losers: told is not enough; with the will it never stood, and the list of deliveries says so."""
    wrong = wrong_delivery(walker.store, walker.village)
    case_id = walker.walk(WITHDRAWN, taken_back(wrong), "noticed")
    walker.step(case_id, "evidence-added", paper="proof", source=PAPER)
    facts = walker.look(case_id)[2]
    assert (set(facts.touched.people), facts.touched.consents) == ({wrong.person}, frozenset({wrong.person}))
    walker.step(case_id, "told", person=wrong.person, how="in-person")
    with pytest.raises(StepNotOpenError, match="1 人的同意"):
        walker.step(case_id, "reviewed", opinion="同意")
    walker.step(case_id, "consented", person=wrong.person, source=WILL)
    walker.go_on(case_id)
    assert head(walker, HOLDING, wrong.holding).status == "ended"
    with walker.store.reading() as connection:
        (told,) = deliveries(walker.store, connection)
    assert [village.withdrawn is not None for village in told.villages] == [True]
    assert audit(walker.store).findings == ()


def test_what_was_built_on_a_delivery_meanwhile_stops_the_case(walker: Walker) -> None:
    """Approved, then a ban is laid on the field: nothing of the delivery is taken back."""
    wrong = wrong_delivery(walker.store, walker.village)
    case_id = walker.walk(WITHDRAWN, taken_back(wrong), "approved")
    with desk(walker.store, CLERK) as at:
        act = at.act("duty-set", walker.today(), ActFields(basis="禁牧"))
        duties.begin(act, duty_kind="grazing-ban", subject_id=wrong.parcel, quantity="", unit="", document="禁牧9号")
        at.commit()
    with pytest.raises(StepNotOpenError, match="没有可撤回的村"):
        walker.step(case_id, "registered")
    assert head(walker, HOLDING, wrong.holding).status == "live"


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"expect": 4}, "现在是 3 项"),
        ({"delivery": "0" * 64}, "没有登记过"),
        ({"village": "150626100999"}, "没有登记 150626100999"),
    ],
)
def test_withdrawal_that_is_not_as_it_was_shown_is_refused(walker: Walker, changes: dict[str, Any], match: str) -> None:
    """Another number of things, no such delivery, no such village of it."""
    case_id = walker.open(WITHDRAWN, taken_back(wrong_delivery(walker.store, walker.village), **changes))
    with pytest.raises(ActRefusedError, match=match):
        walker.step(case_id, "submitted")


@pytest.mark.parametrize(("changes", "field"), [({"reason": ""}, "reason"), ({"delivery": "x"}, "delivery")])
def test_withdrawal_says_which_delivery_and_why(walker: Walker, changes: dict[str, Any], field: str) -> None:
    """Names of fields only are repeated."""
    refused(walker, WITHDRAWN, taken_back(wrong_delivery(walker.store, walker.village), **changes), field)


def test_withdrawal_is_about_what_the_delivery_registered(walker: Walker) -> None:
    """Another household's thing would show the case to the wrong desks and people."""
    wrong = wrong_delivery(walker.store, walker.village)
    example = taken_back(wrong)
    example.subject = [walker.village.holding]
    case_id = walker.open(WITHDRAWN, example)
    with pytest.raises(SaidMalformedError, match="subject"):
        walker.step(case_id, "submitted")
