"""I23: does no exit pass over a live lease, mortgage, seizure or objection without its party's recorded consent or discharge?"""

from __future__ import annotations

import pytest

from registry.cases import SaidMalformedError
from registry.ledger.act import ActFields
from registry.ledger.chain import read_chains
from registry.ledger.commit import desk
from registry.restrictions.model import RESTRICTION
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.rights.model import RIGHT
from tests.guarantee.leaving import guarded
from tests.guarantee.village import family_wills
from tests.registry.cases.leaving import LAND, brought_to, desks, missing
from tests.registry.cases.walking import Walker
from tests.registry.made_up import CLERK

KIND_OF = {"mortgage": "mortgaged", "objection": "objected", "seizure": "seized", "dispute": "disputed"}
ENDED_BY = {"mortgage": "mortgage-discharged", "objection": "objection-closed", "lease": "operating-ended"}


def laid(walker: Walker, sort: str) -> str:
    """A burden of this sort on the arable land; its id."""
    village, day = walker.village, "2020-01-01"
    right = village.rights["contract-arable"]
    with desk(walker.store, CLERK) as at:
        fields = ActFields(basis="合同", wills=family_wills(village))
        if sort == "lease":
            act = at.act("leased", day, fields)
            unit = rights.unit(act, kind="contract", code="L-1", issuer_id=village.collective, method="", signed_on=day)
            plot = [Contracted(village.parcels["arable"], "31000.00", "46.50")]
            lessee = Holder(party_id=village.collective)
            burden = rights.let(act, right, lessee, Terms(unit, "L-1", day, "2026-12-31"), plot)
        else:
            act = at.act(KIND_OF[sort], day, fields)
            burden = rights.burden(act, right, restriction_kind=sort, parties={"lender": "信用社"}, document="1")
        at.commit()
    return burden


@pytest.mark.parametrize("sort", ["seizure", "dispute"])
def test_what_is_seized_or_in_dispute_is_given_up_with_nobodys_consent(walker: Walker, sort: str) -> None:
    """I23, E1: only a discharge lifts these: the exit is refused while they last."""
    laid(walker, sort)
    before = guarded(walker)
    desks(walker, LAND)
    case_id = walker.open(LAND, walker.example(LAND))
    with pytest.raises(SaidMalformedError, match="查封"):
        walker.step(case_id, "submitted")
    assert guarded(walker) == before


@pytest.mark.parametrize("sort", ["mortgage", "lease", "objection"])
def test_burden_ends_by_its_partys_consent_before_the_right_does(walker: Walker, sort: str) -> None:
    """I23: without the party's will nothing is posted; with it the burden ends by its own act, and then the right."""
    burden = laid(walker, sort)
    case_id = brought_to(walker, "draft", LAND)
    party = walker.village.collective if sort == "lease" else burden
    assert party in walker.look(case_id)[2].touched.consents
    for person in walker.village.people:
        guardian = {"guardian": walker.village.people[4]} if person == walker.village.people[3] else {}
        walker.step(case_id, "consented", **walker.will(case_id, person, **guardian))
    assert "还缺 1 人的同意" in missing(walker, case_id, "posted")
    walker.step(case_id, "consented", person=party, source=walker.paper("同意解除"))
    walker.go_on(case_id, "registered")
    right = walker.village.rights["contract-arable"]
    with walker.store.reading() as connection:
        noun = RIGHT if sort == "lease" else RESTRICTION
        ended = read_chains(connection, noun, [burden])[burden][-1]
        land = read_chains(connection, RIGHT, [right])[right][-1]
    assert (ended.status, ended.cause_kind) == ("ended", ENDED_BY[sort])
    assert (land.status, land.cause_kind, land.columns["burdens"]) == ("ended", "exited", "[]")
    assert ended.cause_idx < land.cause_idx


def test_burden_that_is_laid_after_the_signatures_asks_everybody_again(walker: Walker) -> None:
    """I23: a mortgage of the last day is not passed over: back to the notice, and its lender is asked."""
    case_id = brought_to(walker, "ready", LAND)
    burden = laid(walker, "mortgage")
    assert "要重新告知" in missing(walker, case_id, "reviewed")
    walker.step(case_id, "noticed", where="嘎查")
    assert walker.state(case_id) == "draft"
    assert burden in walker.look(case_id)[2].touched.consents


def test_lease_over_a_mortgage_asks_the_lender_and_over_an_objection_the_lessee(walker: Walker) -> None:
    """I23, transfer: the mortgagee's consent under the restriction's id; the lessee's written word that the objection is known."""
    desks(walker, LAND)
    example = walker.example("leased")
    example.subject, plot = [walker.village.rights["contract-arable"]], walker.village.parcels["arable"]
    example.request |= {"parcels": [{"parcel": plot, "m2": "100.00", "mu": "0.15"}], "until": "2027-10-31"}
    mortgage = laid(walker, "mortgage")
    case_id = walker.walk("leased", example, "noticed")
    assert mortgage in walker.look(case_id)[2].touched.consents
    laid(walker, "objection")
    blind = walker.open("leased", example)
    with pytest.raises(SaidMalformedError, match="objection_known"):
        walker.step(blind, "submitted")
    example.request["objection_known"] = "c" * 64
    walker.walk("leased", example)


@pytest.mark.parametrize(("state", "open_"), [("cooling", True), ("ready", False), ("paid", False)])
def test_land_that_is_about_to_be_given_up_is_not_let_or_mortgaged(walker: Walker, state: str, open_: bool) -> None:
    """Policy-map 9.4: not transferable while an exit is READY or PAID; before that it is the holder's to use."""
    brought_to(walker, state, LAND)
    mortgage = walker.example("mortgaged")
    mortgage.subject = [walker.village.rights["contract-arable"]]
    case_id = walker.walk("mortgaged", mortgage, "noticed")
    assert ("先了结退出" in missing(walker, case_id, "reviewed")) != open_
