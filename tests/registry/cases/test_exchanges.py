"""Does an exchange change which parcels lie under two contracts, and nothing else, with everybody's will of both households?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from registry import parties
from registry.cases import SaidMalformedError
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.parties import Organisation
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.rights.model import RIGHT
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.walking import Example
from tests.registry.made_up import CLERK, SIGNED

if TYPE_CHECKING:
    from tests.registry.cases.walking import Walker


def lines(walker: Walker, right: str) -> set[tuple[str, str, str]]:
    """The parcels of a right with their contract areas."""
    rows = head(walker, RIGHT, right).children["right_parcel"]
    return {(row["parcel_id"], row["contract_area_m2"], row["contract_area_mu"]) for row in rows}


@pytest.mark.rule("RLCL/exchange")
def test_each_contract_gets_what_the_other_gave(walker: Walker) -> None:
    """C14: areas as written go along; id, holder, term and paper of either stay."""
    example = walker.example("exchanged")
    family, son = example.subject
    before, was = (lines(walker, family), lines(walker, son)), [head(walker, RIGHT, each) for each in (family, son)]
    case_id = walker.walk("exchanged", example, "accepted")
    assert walker.look(case_id)[2].touched.consents == frozenset(walker.village.people)
    walker.go_on(case_id)
    assert (lines(walker, son), lines(walker, family)) == before
    stays = ("holding_id", "term_start", "term_end", "unit_id", "certificate_number")
    for old, new in zip(was, (head(walker, RIGHT, each) for each in (family, son)), strict=True):
        assert [old.columns[name] for name in stays] == [new.columns[name] for name in stays]


@pytest.mark.parametrize("wrong", ["one", "stranger", "parcel", "same-home", "kind", "filed"])
def test_exchange_that_is_none_is_refused_before_anybody_is_asked(walker: Walker, wrong: str) -> None:
    """Two contracts of two households, each with its own parcels, land of one kind."""
    example = walker.example("exchanged")
    family, son = example.subject
    mine, theirs = (row["parcels"] for row in example.request["gives"])
    other, grass = walker.village.rights["contract-other"], walker.village.rights["contract-grass"]
    of_other = {"right": other, "parcels": [walker.village.parcels["other"]]}
    of_family, of_son = ({"right": right, "parcels": parcels} for right, parcels in ((family, mine), (son, theirs)))
    asked: dict[str, tuple[list[str], list[dict[str, Any]], str]] = {
        "one": ([family], [of_family], "gives"),
        "stranger": ([family, son], [of_family, {"right": grass, "parcels": mine}], "gives"),
        "parcel": ([family, son], [{"right": family, "parcels": theirs}, of_son], "gives"),
        "same-home": ([family, other], [of_family, of_other], "subject"),
        "kind": ([son, other], [of_son, of_other], "subject"),
        "filed": ([family, son], [of_family, of_son], "filed"),
    }
    subject, gives, field = asked[wrong]
    filed = {"filed": "2099-01-01"} if wrong == "filed" else {}
    refused(walker, "exchanged", Example(subject, {"gives": gives, **filed}), field)


def test_what_is_burdened_is_not_exchanged(walker: Walker) -> None:
    """A lock or a lease would be left behind on land of another."""
    example = walker.example("exchanged")
    with desk(walker.store, CLERK) as at:
        act = at.act("seized", walker.today(), ActFields(basis="法院文书"))
        rights.burden(act, example.subject[0], restriction_kind="seizure", parties={"court": "法院"}, document="1")
        at.commit()
    refused(walker, "exchanged", example, "subject")


def test_land_of_two_collectives_is_not_exchanged(walker: Walker) -> None:
    """农村土地承包法 33: within one collective; others may let to each other."""
    village = walker.village
    with desk(walker.store, CLERK) as at:
        act = at.act("first-registration", SIGNED, ActFields(basis="另一嘎查"))
        beside = Organisation("15062610021100", "另一嘎查")
        issuer, rows = parties.organisation_rows(at.store.vault, at.randomness, act.idx, "collective", beside)
        household, more = parties.household_rows(at.randomness)
        for table, row in (*rows, *more):
            at.row(table, row)
        head_of_it, code = village.people[2], "150626100211000001"
        holding = holdings.begin(
            act,
            household_id=household,
            code=code,
            issuer_id=issuer,
            representative_id=head_of_it,
            members=[CoHolder(head_of_it, "02")],
        )
        unit = rights.unit(act, kind="contract", code=f"{code}J", issuer_id=issuer, method="110", signed_on=SIGNED)
        terms = Terms(unit, f"{code}J", "1998-01-01", "2027-12-31")
        land = [Contracted(village.parcels["forest"], "4000.00", "6.00")]
        theirs = rights.begin(act, "contract-arable", Holder(holding_id=holding), terms, land)
        at.commit()
    family = village.rights["contract-arable"]
    gives = [
        {"right": family, "parcels": [village.parcels["arable"]]},
        {"right": theirs, "parcels": [village.parcels["forest"]]},
    ]
    case_id = walker.open("exchanged", Example([family, theirs], {"gives": gives}))
    with pytest.raises(SaidMalformedError, match="不是一个集体"):
        walker.step(case_id, "submitted")
