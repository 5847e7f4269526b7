"""What does each kind write, whom does it touch, and what does it refuse before anybody is asked?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from registry import parties
from registry.cases import ActRefusedError, CaseError, SaidMalformedError
from registry.holding import acts as holdings
from registry.holding.model import HOLDING, HOLDING_VERSION, CoHolder
from registry.holding.read import members
from registry.ledger.act import ActFields
from registry.ledger.chain import read_chains, state_at
from registry.ledger.commit import desk
from registry.membership import acts as memberships
from registry.membership.model import MEMBERSHIP
from registry.parcels.model import PARCEL, PARCEL_VERSION
from registry.parties import Organisation
from registry.restrictions.model import RESTRICTION, RESTRICTION_VERSION
from registry.rights import acts as rights
from registry.rights.model import RIGHT, RIGHT_VERSION
from tests.registry.cases.walking import NEWCOMER, Example
from tests.registry.made_up import CLERK, SIGNED, id_number

if TYPE_CHECKING:
    from registry.ledger.nouns import Noun, Version
    from tests.registry.cases.walking import Walker

NOBODY = "0" * 32


def head(walker: Walker, noun: Noun, thing_id: str) -> Version:
    """The newest version of a thing."""
    with walker.store.reading() as connection:
        return read_chains(connection, noun, [thing_id])[thing_id][-1]


def touched(walker: Walker, kind: str, example: Example) -> tuple[set[str], frozenset[str]]:
    """Who is told and who must agree, once it is submitted."""
    case_id = walker.walk(kind, example, "submitted")
    facts = walker.look(case_id)[2]
    return set(facts.touched.people), facts.touched.consents


def test_woman_left_out_in_1998_is_entered_from_then_on(walker: Walker) -> None:
    """漏登补登: from the day of the first contract, with an older list as evidence; nobody else's line changes (C10)."""
    before = head(walker, HOLDING, walker.village.holding)
    walker.walk("omission-corrected", walker.example("omission-corrected"))
    with walker.store.reading() as connection:
        chain = read_chains(connection, HOLDING, [walker.village.holding])[walker.village.holding]
    then = state_at(chain, "1998-06-01")
    assert then is not None
    assert members(then)[:5] == members(before)
    assert members(then)[5].co_holder
    again = Example([walker.village.holding], {"person": members(then)[5].person_id, "relation": "20", "day": SIGNED})
    case_id = walker.open("omission-corrected", again)
    with pytest.raises(SaidMalformedError, match="名册"):
        walker.step(case_id, "submitted")


def test_death_marks_one_line_and_ends_one_membership(walker: Walker) -> None:
    """The household goes on; the land, the others and their memberships stay."""
    village = walker.village
    walker.walk("member-deceased", walker.example("member-deceased"))
    assert [line.alive for line in members(head(walker, HOLDING, village.holding))] == [True] * 4 + [False]
    ended = [head(walker, MEMBERSHIP, membership).status == "ended" for membership in village.memberships]
    assert ended == [False] * 4 + [True]
    case_id = walker.open("member-deceased", Example([village.holding], {"person": village.people[4], "day": "2021-01-01"}))
    with pytest.raises(SaidMalformedError):
        walker.step(case_id, "submitted")


def test_split_conserves_the_land_and_a_merger_brings_it_back(walker: Walker) -> None:
    """Two halves, joined again: one parcel of the same contract area (I27)."""
    walker.walk("parcel-merged", walker.example("parcel-merged"))
    lines = head(walker, RIGHT, walker.village.rights["contract-arable"]).children["right_parcel"]
    assert [line["contract_area_m2"] for line in lines] == ["31000.00"]


def test_division_gives_what_was_agreed_and_the_rest_stays(walker: Walker) -> None:
    """分户: the son leaves with the arable land; the pasture keeps its right, its id and its holder."""
    village = walker.village
    pasture = head(walker, RIGHT, village.rights["contract-grass"])
    walker.walk("contract-divided", walker.example("contract-divided"))
    assert head(walker, RIGHT, village.rights["contract-arable"]).status == "ended"
    (new,) = walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.cause_kind == "contract-divided", RIGHT_VERSION.c.ver == 1)
    right = head(walker, RIGHT, new)
    assert [line["parcel_id"] for line in right.children["right_parcel"]] == [village.parcels["arable"]]
    assert [line.person_id for line in members(head(walker, HOLDING, right.columns["holding_id"]))] == [village.people[2]]
    assert village.people[2] not in {line.person_id for line in members(head(walker, HOLDING, village.holding))}
    assert head(walker, RIGHT, village.rights["contract-grass"]) == pasture


def test_households_that_join_have_one_list_and_their_land(walker: Walker) -> None:
    """合户: everybody of both is on the list that goes on; the other list ends, no parcel is lost."""
    village = walker.village
    walker.walk("contracts-merged", walker.example("contracts-merged"))
    assert {line.person_id for line in members(head(walker, HOLDING, village.holding))} == set(village.people)
    live = [head(walker, RIGHT, right) for right in walker.ids(RIGHT_VERSION)]
    lying = [
        line["parcel_id"]
        for right in live
        if right.status != "ended" and right.columns["holding_id"] == village.holding
        for line in right.children["right_parcel"]
    ]
    assert sorted(lying) == sorted(village.parcels.values())


def test_heirs_hold_exact_shares(walker: Walker) -> None:
    """继承: the old right ends, each heir's begins with the same parcel; shares that do not make one are refused."""
    walker.first = replace(walker.first, role="realty")
    walker.second = replace(walker.second, role="realty")
    walker.walk("inherited", walker.example("inherited"))
    new = walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.cause_kind == "inherited", RIGHT_VERSION.c.ver == 1)
    shares = {(r.columns["share_numerator"], r.columns["share_denominator"]) for r in (head(walker, RIGHT, one) for one in new)}
    assert (len(new), shares) == (2, {(1, 2)})


def test_shares_that_do_not_make_one_are_refused_by_the_act(walker: Walker) -> None:
    """The act's own check holds as without a case."""
    walker.first = replace(walker.first, role="realty")
    walker.second = replace(walker.second, role="realty")
    example = walker.example("inherited")
    example.request["heirs"][0]["denominator"] = 3
    case_id = walker.walk("inherited", example, "approved")
    with pytest.raises(ActRefusedError, match="5/6"):
        walker.step(case_id, "registered")


def test_lease_binds_nobody_who_did_not_agree_and_stays_inside_the_term(walker: Walker) -> None:
    """Every holder agrees; past the contract, over land that is let already, or not theirs, it is refused."""
    example = walker.example("leased")
    people, agree = touched(walker, "leased", example)
    assert people == agree == set(walker.village.people)
    wrong: list[dict[str, Any]] = [
        {"until": "2099-12-31"},
        {"until": "2016-01-01"},
        {"parcels": [{"parcel": walker.village.parcels["arable"], "m2": "1.00", "mu": "0.00"}]},
        {"lessee": {"person": NOBODY}},
        {"lessee": {**NEWCOMER, "id_number": id_number("19740312", 101)}},
    ]
    for change in wrong:
        case_id = walker.open("leased", Example(example.subject, {**example.request, **change}))
        with pytest.raises(CaseError):
            walker.step(case_id, "submitted")
    walker.walk("leased", example)
    case_id = walker.open("leased", Example(example.subject, {**example.request, "lessee": {"name": "巴根"}}))
    with pytest.raises(SaidMalformedError, match="租出去"):
        walker.step(case_id, "submitted")


def test_end_of_a_lease_asks_both_sides_where_they_agreed_on_it(walker: Walker) -> None:
    """By law or court both are told; as expired only after its day."""
    example = walker.example("operating-ended")
    people, agree = touched(walker, "operating-ended", example)
    assert people == agree
    assert len(people) == 6
    by_court = Example(example.subject, {"ground": "court"})
    assert touched(walker, "operating-ended", by_court) == (people, frozenset())
    case_id = walker.open("operating-ended", Example(example.subject, {"ground": "expired"}))
    with pytest.raises(SaidMalformedError, match="到期"):
        walker.step(case_id, "submitted")


def test_discharge_needs_the_lender_and_tells_the_holders(walker: Walker) -> None:
    """The lender's will is recorded under the restriction's id; another restriction is no mortgage."""
    example = walker.example("mortgage-discharged")
    people, agree = touched(walker, "mortgage-discharged", example)
    assert agree == frozenset(example.subject)
    assert people == {*walker.village.people, *example.subject}
    case_id = walker.open("objection-closed", example)
    with pytest.raises(SaidMalformedError):
        walker.step(case_id, "submitted")


def test_what_is_burdened_is_not_divided_or_merged(walker: Walker) -> None:
    """A mortgage would be left behind: settle it first."""
    village = walker.village
    walker.walk("mortgaged", walker.example("mortgaged"))
    division = walker.example("contract-divided")
    division.request["parcels"] = [village.parcels["grass"]]
    case_id = walker.open("contract-divided", division)
    with pytest.raises(SaidMalformedError, match="抵押"):
        walker.step(case_id, "submitted")


def test_objection_lapses_on_the_last_day_to_sue(walker: Walker) -> None:
    """异议登记 runs until the day that REG/objection counts to."""
    walker.walk("objected", walker.example("objected"))
    (objection,) = walker.ids(RESTRICTION_VERSION)
    assert head(walker, RESTRICTION, objection).columns["until"] > walker.today()


@pytest.mark.parametrize(
    ("change", "needs"),
    [
        ({"changes": {"term_end": "2026-12-31"}}, True),
        ({"changes": {"term_end": "2028-12-31"}}, False),
        ({"areas": [{"parcel": "arable", "m2": "30999.00", "mu": "46.49"}]}, True),
        ({"areas": [{"parcel": "arable", "m2": "31001.00", "mu": "46.51"}]}, False),
    ],
)
def test_correction_that_takes_something_needs_those_it_takes_from(walker: Walker, change: dict[str, Any], needs: bool) -> None:
    """I17: notified always; consent where it takes something away."""
    asked = dict(change)
    if "areas" in change:
        asked["areas"] = [{**area, "parcel": walker.village.parcels[area["parcel"]]} for area in change["areas"]]
    example = Example([walker.village.rights["contract-arable"]], {"day": SIGNED, **asked})
    people, agree = touched(walker, "record-corrected", example)
    assert people == set(walker.village.people)
    assert agree == (people if needs else frozenset())
    walker.walk("record-corrected", example)
    assert head(walker, RIGHT, example.subject[0]).cause_kind == "record-corrected"


def test_line_is_taken_off_a_list_only_with_the_persons_own_will(walker: Walker) -> None:
    """Nobody is voted off: the one whose line it is agrees, or a court decides elsewhere."""
    example = Example([walker.village.holding], {"day": SIGNED, "remove": walker.village.people[4]})
    assert touched(walker, "record-corrected", example)[1] == frozenset({walker.village.people[4]})
    walker.walk("record-corrected", example)
    assert len(members(head(walker, HOLDING, walker.village.holding))) == 4


def test_parcel_is_corrected_and_slips_are_mended_in_their_own_fields(walker: Walker) -> None:
    """A smaller surveyed area asks the holders; a slip changes a code, a number or a text and nothing else."""
    parcel = walker.village.parcels["arable"]
    smaller = Example([parcel], {"day": SIGNED, "changes": {"surveyed_area_m2": "30000.00", "surveyed_area_mu": "45.00"}})
    assert touched(walker, "record-corrected", smaller)[1]
    walker.walk("record-corrected", smaller)
    assert head(walker, PARCEL, parcel).columns["surveyed_area_m2"] == "30000.00"
    for thing, field, to in (
        (parcel, "code", "1506261002100000009"),
        (walker.village.holding, "code", "150626100210000009"),
        (walker.village.rights["contract-arable"], "certificate_number", "NM-2"),
    ):
        walker.walk("clerical-slip", Example([thing], {"field": field, "to": to}))
    assert head(walker, PARCEL, parcel).columns["code"] == "1506261002100000009"
    case_id = walker.open("clerical-slip", Example([parcel], {"field": "surveyed_area_m2", "to": "1.00"}))
    with pytest.raises(SaidMalformedError):
        walker.step(case_id, "submitted")


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("representative-changed", {"representative": "people-0"}),
        ("representative-changed", {"representative": "people-3"}),
        ("representative-changed", {"representative": NOBODY}),
        ("omission-corrected", {"day": "2099-01-01"}),
        ("omission-corrected", {"co_holder": "perhaps"}),
        ("record-corrected", {"remove": "people-1"}),
        ("record-corrected", {"changes": {}}),
        ("record-corrected", {"areas": [{"parcel": NOBODY, "m2": "1.00", "mu": "0.00"}]}),
        ("contract-divided", {"members": ["people-0"], "representative": "people-0"}),
        ("contract-divided", {"representative": "people-1"}),
        ("contract-divided", {"code": "150626100210000001"}),
        ("contract-divided", {"parcels": [NOBODY]}),
        ("inherited", {"heirs": [{"person": NOBODY, "numerator": 1, "denominator": 1}]}),
        ("parcel-split", {"line": [["1", "2"]]}),
        ("survey-corrected", {"shape": [["574000", "4263000"], ["574176", "4263000"]]}),
        ("mortgaged", {"rank": 0}),
    ],
)
def test_request_that_does_not_fit_is_refused_before_anybody_is_asked(walker: Walker, kind: str, change: dict[str, Any]) -> None:
    """It stays a draft; no value is repeated."""
    people = dict(enumerate(walker.village.people))

    def meant(value: Any) -> Any:  # noqa: ANN401  (JSON)
        if isinstance(value, list):
            return [meant(each) for each in value]
        return people[int(value[-1])] if isinstance(value, str) and value.startswith("people-") else value

    example = walker.example(kind)
    case_id = walker.open(kind, Example(example.subject, {**example.request, **{k: meant(v) for k, v in change.items()}}))
    with pytest.raises(SaidMalformedError):
        walker.step(case_id, "submitted")


@pytest.mark.parametrize("kind", ["boundary-adjusted", "contracts-merged"])
def test_what_takes_two_is_not_done_with_one(walker: Walker, kind: str) -> None:
    """Two neighbours, two households."""
    line: dict[str, Any] = {"line": [["574080", "4262990"], ["574080", "4263190"]]}
    village = walker.village
    of_one = {
        "boundary-adjusted": Example([village.parcels["arable"]], line),
        "contracts-merged": Example([village.holding], {"into": NOBODY}),
    }
    case_id = walker.open(kind, of_one[kind])
    with pytest.raises(SaidMalformedError):
        walker.step(case_id, "submitted")


def test_survey_that_is_corrected_is_told_to_the_neighbours(walker: Walker) -> None:
    """测量更正: those who hold the parcels beside it are told, too; nobody's will is asked for."""
    west, east = walker.example("parcel-merged").subject
    shape = [["574000", "4263000"], ["574079", "4263000"], ["574079", "4263176"], ["574000", "4263176"], ["574000", "4263000"]]
    people, agree = touched(walker, "survey-corrected", Example([west], {"shape": shape}))
    assert (people, agree) == (set(walker.village.people), frozenset())
    assert east != west


def test_half_of_a_right_that_was_divided_off_comes_back_when_the_households_join(walker: Walker) -> None:
    """A contract of two parcels is divided between them; joined again, one right of the kind has both."""
    village = walker.village
    walker.walk("parcel-split", walker.example("parcel-split"))
    half, other = walker.ids(PARCEL_VERSION)[-2:]
    division = walker.example("contract-divided")
    division.request["parcels"] = [half]
    walker.walk("contract-divided", division)
    arable = village.rights["contract-arable"]
    assert [line["parcel_id"] for line in head(walker, RIGHT, arable).children["right_parcel"]] == [other]
    walker.walk("contracts-merged", Example(walker.ids(HOLDING_VERSION), {"into": village.holding}))
    assert {line["parcel_id"] for line in head(walker, RIGHT, arable).children["right_parcel"]} == {half, other}


def test_households_of_two_collectives_do_not_join(walker: Walker) -> None:
    """合户 is within one collective."""
    village = walker.village
    with desk(walker.store, CLERK) as at:
        act = at.act("first-registration", SIGNED, ActFields(basis="另一嘎查"))
        other = Organisation("15062610021100", "另一嘎查")
        issuer, rows = parties.organisation_rows(at.store.vault, at.randomness, act.idx, "collective", other)
        for table, row in rows:
            at.row(table, row)
        holding = holdings.begin(
            act,
            household_id=village.household,
            code="150626100211000001",
            issuer_id=issuer,
            representative_id=village.people[0],
            members=[CoHolder(village.people[0], "02")],
        )
        at.commit()
    case_id = walker.open("contracts-merged", Example([village.holding, holding], {"into": village.holding}))
    with pytest.raises(SaidMalformedError, match="同一个集体"):
        walker.step(case_id, "submitted")


def test_membership_that_ended_before_stays_as_it_ended(walker: Walker) -> None:
    """A death ends a membership once."""
    village = walker.village
    with desk(walker.store, CLERK) as at:
        memberships.end(at.act("membership-lost", "2026-01-05", ActFields(basis="章程")), village.memberships[4])
        at.commit()
    before = head(walker, MEMBERSHIP, village.memberships[4])
    walker.walk("member-deceased", Example([village.holding], {"person": village.people[4], "day": "2026-02-01"}))
    assert head(walker, MEMBERSHIP, village.memberships[4]) == before


def test_list_that_changed_later_is_not_overwritten(walker: Walker) -> None:
    """Somebody came in 2020: who was left out in 1998 is entered after that was put in order."""
    walker.walk("member-added", walker.example("member-added"))
    request = {"name": "斯琴", "relation": "20", "day": "1998-01-01"}
    case_id = walker.open("omission-corrected", Example([walker.village.holding], request))
    with pytest.raises(SaidMalformedError, match="还有变更"):
        walker.step(case_id, "submitted")


def test_somebody_whom_the_register_knows_is_named_by_id(walker: Walker) -> None:
    """The lessee of last year marries into the family: no second person begins."""
    walker.walk("leased", walker.example("leased"))
    (operating,) = walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.thing == "operating")
    lessee = head(walker, RIGHT, operating).columns["party_id"]
    request = {"person": lessee, "relation": "10", "day": "2026-01-05", "co_holder": "no"}
    walker.walk("member-added", Example([walker.village.holding], request))
    last = members(head(walker, HOLDING, walker.village.holding))[-1]
    assert (last.person_id, last.co_holder) == (lessee, False)


def test_what_is_seized_is_not_mortgaged_and_what_is_mortgaged_may_be_let(walker: Walker) -> None:
    """民法典 399: seized or in dispute, no mortgage; a mortgage leaves the use free."""
    walker.walk("mortgaged", walker.example("mortgaged"))
    walker.walk("leased", walker.example("leased"))
    grass = walker.village.rights["contract-grass"]
    with desk(walker.store, CLERK) as at:
        act = at.act("seized", walker.today(), ActFields(basis="法院文书"))
        rights.burden(act, grass, restriction_kind="seizure", parties={"court": "法院"}, document="1")
        at.commit()
    case_id = walker.open("mortgaged", Example([grass], {"lender": "行", "amount": "1.00", "rank": 2, "document": "2"}))
    with pytest.raises(SaidMalformedError, match="查封"):
        walker.step(case_id, "submitted")


def test_heir_stands_once_on_the_list_of_heirs(walker: Walker) -> None:
    """Twice the same person is a slip."""
    walker.first = replace(walker.first, role="realty")
    example = walker.example("inherited")
    example.request["heirs"] = example.request["heirs"][:1] * 2
    case_id = walker.open("inherited", example)
    with pytest.raises(SaidMalformedError, match="两次"):
        walker.step(case_id, "submitted")


def test_line_that_cuts_nothing_is_the_plannings_own_refusal(walker: Walker) -> None:
    """What the register's own planning refuses is told in its words."""
    beside = {"line": [["570000", "4263000"], ["570000", "4264000"]]}
    case_id = walker.open("parcel-split", Example([walker.village.parcels["arable"]], beside))
    with pytest.raises(ActRefusedError):
        walker.step(case_id, "submitted")


@pytest.mark.parametrize("kind", ["boundary-adjusted", "survey-corrected", "objection-closed", "clerical-slip"])
def test_kind_changes_what_it_is_for(walker: Walker, kind: str) -> None:
    """A boundary, a survey, an objection, a name: the newest version is made by the kind's own cause."""
    example = walker.example(kind)
    walker.walk(kind, example)
    noun = RESTRICTION if kind == "objection-closed" else PARCEL
    assert {head(walker, noun, thing_id).cause_kind for thing_id in example.subject} == {kind}


def test_right_that_ended_concerns_nobody_any_more(walker: Walker) -> None:
    """After a division the parcel is the new household's alone: a slip on it touches them and no former holder."""
    walker.walk("contract-divided", walker.example("contract-divided"))
    people, _ = touched(walker, "clerical-slip", walker.example("clerical-slip"))
    assert people == {walker.village.people[2]}


def test_land_is_put_into_a_cooperative_by_its_code(walker: Walker) -> None:
    """入股: the company comes onto the register with the act; the contract stays the household's; a wrong code is refused."""
    example = walker.example("contributed")
    lessee = example.request["lessee"]
    wrong = {**example.request, "lessee": {**lessee, "company": lessee["company"][:-1] + "?"}}
    case_id = walker.open("contributed", Example(example.subject, wrong))
    with pytest.raises(SaidMalformedError, match="信用代码"):
        walker.step(case_id, "submitted")
    walker.walk("contributed", example)
    operating = head(walker, RIGHT, walker.ids(RIGHT_VERSION)[-1])
    assert (operating.thing, operating.cause_kind) == ("operating", "contributed")
    with walker.store.reading() as connection:
        known = parties.organisations(connection, [operating.columns["party_id"]])
    assert known == {operating.columns["party_id"]: Organisation(lessee["company"], lessee["name"])}
    assert head(walker, RIGHT, example.subject[0]).columns["holding_id"] == walker.village.holding


@pytest.mark.parametrize("wrong", ["field", "twice", "nobodys"])
def test_house_is_recorded_on_a_homestead_that_somebody_holds(walker: Walker, wrong: str) -> None:
    """房地一体: on no field; each house once; on a plot of somebody's, who agrees."""
    walker.first, walker.second = walker.of_desk("realty")
    example = walker.example("building-recorded")
    (house,) = example.request["buildings"]
    if wrong == "nobodys":
        walker.walk("left-without-heir", _empty_yard(walker))
    subject = [walker.village.parcels["arable"]] if wrong == "field" else example.subject
    case_id = walker.open("building-recorded", Example(subject, {"buildings": [house] * (2 if wrong == "twice" else 1)}))
    with pytest.raises(SaidMalformedError) as told:
        walker.step(case_id, "submitted")
    assert told.value.field == ("buildings[1].number" if wrong == "twice" else "subject")


def _empty_yard(walker: Walker) -> Example:
    for person in (*walker.village.people[1:], walker.village.people[0]):
        walker.walk("member-deceased", Example([walker.village.holding], {"person": person, "day": walker.today()}))
    return Example([walker.village.rights["homestead"]], {"sought": "公告三个月"})
