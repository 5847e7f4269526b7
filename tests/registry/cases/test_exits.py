"""Is each of E1 to E13 asked of every paid exit, and does the right stand until all of them hold (policy-map 9.1 to 9.3)?"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from registry import cases, paid_exits, parties
from registry.audit import audit
from registry.cases import Actor, NotByYouError, SaidMalformedError, StepNotOpenError
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields
from registry.ledger.chain import read_chains
from registry.ledger.commit import desk
from registry.ledger.position import position
from registry.parties import Identity
from registry.rights import acts as rights
from registry.rights.model import RIGHT, RIGHT_VERSION
from tests.registry import made_up
from tests.registry.cases.leaving import LAND, SHARE, STATES, YARD, brought_to, desks, missing, on_last_day_of
from tests.registry.cases.walking import EXITS, Example
from tests.registry.made_up import CLERK, SIGNED, id_number

if TYPE_CHECKING:
    from registry.ledger.nouns import Version
    from tests.registry.cases.walking import Walker

NOBODY = "0" * 32


def head(walker: Walker, right_id: str) -> Version:
    """The newest version of a right."""
    with walker.store.reading() as connection:
        return read_chains(connection, RIGHT, [right_id])[right_id][-1]


def refused_at_submission(walker: Walker, kind: str, example: Example, says: str) -> None:
    """The case stays a draft, and the refusal says why."""
    desks(walker, kind)
    case_id = walker.open(kind, example)
    with pytest.raises(SaidMalformedError, match=says):
        walker.step(case_id, "submitted")


def act_on(walker: Walker, kind: str, right: str, **burden: Any) -> str:  # noqa: ANN401  (what lies on it)
    """Something lies on a right by an act of the register."""
    with desk(walker.store, CLERK) as at:
        fields = ActFields(basis="合同", wills=made_up.wills(*walker.village.people, guardian=walker.village.people[4]))
        act = at.act(kind, walker.today(), fields)
        laid = rights.burden(act, walker.village.rights[right], parties={"lender": "行"}, document="1", **burden)
        at.commit()
    return laid


def neighbours(walker: Walker, collective: str = "") -> str:
    """A second household of the collective, of one person: its holding's id."""
    farmer = walker.villager(Identity("宝音", id_number("19700202", 753), sex="1"))
    with desk(walker.store, CLERK) as at:
        act = at.act("first-registration", SIGNED, ActFields(basis="承包合同"))
        household, rows = parties.household_rows(at.randomness)
        for table, row in rows:
            at.row(table, row)
        holding = holdings.begin(
            act,
            household_id=household,
            code=f"{made_up.VILLAGE_CODE}0099",
            issuer_id=collective or walker.village.collective,
            representative_id=farmer,
            members=[CoHolder(farmer, "02")],
        )
        at.commit()
    return holding


@pytest.mark.rule("EXIT/E1")
@pytest.mark.parametrize("sort", ["seizure", "dispute"])
def test_e1_what_is_seized_or_in_dispute_is_not_given_up(walker: Walker, sort: str) -> None:
    """E1: the right is not in dispute and not frozen."""
    act_on(walker, {"seizure": "seized", "dispute": "disputed"}[sort], "contract-arable", restriction_kind=sort)
    refused_at_submission(walker, LAND, walker.example(LAND), "查封")


@pytest.mark.rule("EXIT/E1")
def test_e1_what_is_not_confirmed_is_not_given_up(walker: Walker) -> None:
    """E1: certificate or register entry first."""
    with desk(walker.store, CLERK) as at:
        act = at.act("record-corrected", SIGNED, ActFields(basis="证书有误"))
        rights.change(act, walker.village.rights["contract-arable"], certificate_number="", book_number="")
        at.commit()
    refused_at_submission(walker, LAND, walker.example(LAND), "确权")


@pytest.mark.rule("EXIT/E2")
def test_e2_only_who_holds_it_applies_and_each_adult_signs_a_paper_of_their_own(walker: Walker) -> None:
    """E2: every adult apart; one paper for two is refused, and so is a stranger's application."""
    desks(walker, LAND)
    example = walker.example(LAND)
    foreign = cases.open_case(
        walker.store, walker.first, LAND, subject=example.subject, request=example.request, applicant=walker.witness
    )
    with pytest.raises(StepNotOpenError, match="权利人本人"):
        walker.step(foreign, "submitted")
    case_id = brought_to(walker, "draft")
    one, other = walker.village.people[:2]
    will = walker.will(case_id, one)
    walker.step(case_id, "consented", **will)
    with pytest.raises(SaidMalformedError, match="别人的"):
        walker.step(case_id, "consented", **walker.will(case_id, other, source=will["source"]))
    assert walker.state(case_id) == "draft"
    assert "还缺 4 人的同意" in missing(walker, case_id, "posted")


@pytest.mark.rule("EXIT/E2")
def test_e2_guardian_who_gets_the_money_too_makes_it_a_review(walker: Walker) -> None:
    """E2: a guardian only where it does not harm the child; who gains themself is answered for, child by child."""
    case_id = brought_to(walker, "ready")
    walker.step(case_id, "reviewed", opinion="齐全")
    assert "监护人自己得利" in missing(walker, case_id, "approved")
    walker.step(case_id, "returned", reasons="写明孩子的事")
    walker.go_on(case_id, "noticed")
    assert walker.state(case_id) == "draft"
    child = walker.village.people[3]
    for person in walker.village.people:
        guardian = {"guardian": walker.witness} if person == child else {}
        other = {"witness": walker.villager(Identity("吉雅", id_number("19680303", 775)))} if person == child else {}
        walker.step(case_id, "consented", **walker.will(case_id, person, **guardian, **other))
    walker.step(case_id, "posted", where="公示栏")
    walker.clock.ahead += dt.timedelta(days=60)
    walker.step(case_id, "reviewed", opinion="齐全")
    assert missing(walker, case_id, "approved") == ""


@pytest.mark.rule("EXIT/E3")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sheet": None}, "sheet"),
        ({"sheet": "c" * 64}, "sheet"),
        ({"source": "c" * 64}, "source"),
        ({"language": "en"}, "language"),
        ({"witness": NOBODY}, "witness"),
        ({"witness": "wife"}, "见证人"),
    ],
)
def test_e3_who_signs_was_told_before_a_witness_of_neither_side(walker: Walker, change: dict[str, Any], says: str) -> None:
    """E3, 9.3: the sheet, its language, who stood by; a paper that is not kept here is no signed paper."""
    case_id = brought_to(walker, "draft")
    will = walker.will(case_id, walker.village.people[0])
    for field, value in change.items():
        will[field] = walker.village.people[1] if value == "wife" else value
    with pytest.raises(SaidMalformedError, match=says):
        walker.step(case_id, "consented", **{field: value for field, value in will.items() if value is not None})


@pytest.mark.rule("EXIT/E4", "EXIT/apart-from-settling")
def test_e4_nobody_signs_on_the_day_of_a_settlement_and_soon_after_a_person_looks(walker: Walker) -> None:
    """E4, 9.3: refused on the day itself; within 30 days a sign of pressure, which the review answers; on the 31st none."""
    made_up.settle(walker.store, walker.village, walker.today())
    desks(walker, SHARE)
    case_id = walker.walk(SHARE, walker.example(SHARE), "noticed")
    person = walker.village.people[0]
    with pytest.raises(SaidMalformedError, match="落户当天"):
        walker.step(case_id, "consented", **walker.will(case_id, person))
    walker.clock.ahead += dt.timedelta(days=30)
    walker.step(case_id, "consented", **walker.will(case_id, person))
    assert walker.signs(case_id) == {"near-settling"}
    walker.clock.ahead += dt.timedelta(days=1)
    walker.step(case_id, "consented", **walker.will(case_id, person))
    assert walker.signs(case_id) == frozenset()


@pytest.mark.rule("EXIT/red-flags")
def test_signs_of_pressure_are_answered_one_by_one_before_it_is_approved(walker: Walker) -> None:
    """9.3: a price far below the reference, a proxy, several of a village in a week: REVIEW, never a refusal by itself."""
    example = walker.example(SHARE)
    example.request["payment"] = "1000.00"
    desks(walker, SHARE)
    case_id = walker.walk(SHARE, example, "noticed")
    person = walker.village.people[0]
    walker.step(case_id, "consented", **walker.will(case_id, person, identity="notarised-proxy"))
    for n in (1, 2):
        right = Example([walker.village.rights[f"income-{n}"]], example.request)
        case = cases.open_case(
            walker.store, walker.first, SHARE, subject=right.subject, request=right.request, applicant=walker.village.people[n]
        )
        walker.step(case, "submitted")
    every = {"below-reference", "by-proxy", "many-of-a-village"}
    assert walker.signs(case_id) == every
    walker.step(case_id, "posted", where="公示栏")
    walker.clock.ahead += dt.timedelta(days=40)
    assert walker.signs(case_id) == every - {"many-of-a-village"}
    walker.step(case_id, "reviewed", opinion="问过", signs={"by-proxy": "公证处核对过"})
    assert missing(walker, case_id, "approved") == "价钱比参考价低很多: 审核要写明为什么是自愿的"


@pytest.mark.rule("EXIT/E5")
def test_e5_who_gives_up_the_homestead_shows_another_home(walker: Walker) -> None:
    """E5: without proof of another stable home it is not reviewed."""
    desks(walker, YARD)
    case_id = walker.walk(YARD, walker.example(YARD), "accepted")
    walker.step(case_id, "noticed", where="嘎查")
    walker.ask(case_id)
    walker.step(case_id, "posted", where="公示栏")
    assert "另有稳定住处" in missing(walker, case_id, "reviewed")
    walker.step(case_id, "evidence-added", paper="dwelling", source=walker.paper("租房合同备案"))
    assert "另有稳定住处" not in missing(walker, case_id, "reviewed")


@pytest.mark.rule("EXIT/E6")
def test_e6_who_has_a_lease_or_a_mortgage_on_it_agrees_and_both_end_with_it(walker: Walker) -> None:
    """E6: the recorded consent of the lender and the lessee; then they end by their own acts, before the right does."""
    example = walker.example("leased")
    walker.walk("leased", example)
    mortgage = walker.walk("mortgaged", walker.example("mortgaged"))
    assert mortgage
    grass = walker.village.rights["contract-grass"]
    leaving = walker.example(LAND)
    leaving.subject = [grass]
    case_id = brought_to(walker, "draft", example=leaving)
    facts = walker.look(case_id)[2]
    assert len(facts.touched.consents) == 5 + 2
    for person in walker.village.people:
        guardian = {"guardian": walker.village.people[4]} if person == walker.village.people[3] else {}
        walker.step(case_id, "consented", **walker.will(case_id, person, **guardian))
    assert "还缺 2 人的同意" in missing(walker, case_id, "posted")
    walker.ask(case_id)
    walker.go_on(case_id)
    assert head(walker, grass).status == "ended"
    (operating,) = walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.thing == "operating")
    assert (head(walker, operating).status, head(walker, operating).cause_kind) == ("ended", "operating-ended")
    assert head(walker, grass).columns["burdens"] == "[]"


@pytest.mark.rule("EXIT/E7")
def test_e7_land_goes_to_the_collective_or_a_household_of_it_and_a_share_to_the_collective(walker: Walker) -> None:
    """E7: nobody else receives it, not oneself either; in town or not is never asked."""
    household = neighbours(walker)
    for kind, receiver in ((LAND, walker.village.people[1]), (LAND, NOBODY), (LAND, walker.village.holding), (SHARE, household)):
        example = walker.example(kind)
        example.request["receiver"] = receiver
        refused_at_submission(walker, kind, example, "receiver")


@pytest.mark.rule("EXIT/E7")
def test_e7_household_of_the_collective_receives_the_land_under_its_terms(walker: Walker) -> None:
    """E7, 承包法 34: the old right ends, one of the same terms and parcels begins; no half year, for nothing is handed back."""
    example = walker.example(LAND)
    example.request["receiver"] = neighbours(walker)
    desks(walker, LAND)
    case_id = walker.walk(LAND, example)
    old = head(walker, walker.village.rights["contract-arable"])
    (new,) = walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.cause_kind == "assigned", RIGHT_VERSION.c.ver == 1)
    begun = head(walker, new)
    assert (old.status, old.cause_kind, begun.status) == ("ended", "assigned", "live")
    assert begun.columns["holding_id"] == example.request["receiver"]
    for term in ("term_start", "term_end", "unit_id"):
        assert begun.columns[term] == old.columns[term]
    assert [line["parcel_id"] for line in begun.children["right_parcel"]] == [walker.village.parcels["arable"]]
    with walker.store.reading() as connection:
        exit_ = paid_exits.of_case(connection, case_id)
    assert exit_ is not None
    assert exit_.cause_kind == "assigned"


@pytest.mark.rule("EXIT/E8")
@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("payment", "0.00", "有偿"),
        ("payment", "-1.00", "payment"),
        ("reference", "0.00", "参考价"),
        ("improvements", "x", "improvements"),
    ],
)
def test_e8_price_is_written_above_zero_beside_a_reference(walker: Walker, field: str, value: str, says: str) -> None:
    """E8: in writing, above zero, the reference shown, the soil apart."""
    example = walker.example(LAND)
    example.request[field] = value
    refused_at_submission(walker, LAND, example, says)


@pytest.mark.rule("EXIT/E9")
def test_e9_public_notice_ends_before_it_is_reviewed_and_an_objection_stops_it(walker: Walker) -> None:
    """E9: on the last day not yet, on the day after it is over; an open objection is OBJECTED, answered it goes on."""
    case_id = brought_to(walker, "notice", SHARE)
    posted = walker.today()
    on_last_day_of(walker, "exit-notice", posted)
    assert (walker.state(case_id), "公示到" in missing(walker, case_id, "reviewed")) == ("notice", True)
    walker.clock.ahead += dt.timedelta(days=1)
    assert (walker.state(case_id), "公示到" in missing(walker, case_id, "reviewed")) == ("cooling", False)
    objection = walker.open("objection", Example(challenges=case_id))
    walker.step(objection, "submitted")
    assert walker.state(case_id) == "objected"
    assert "异议" in missing(walker, case_id, "reviewed")
    walker.step(objection, "answered", walker.second, outcome="not-upheld", reasons="不实")
    assert walker.state(case_id) == "cooling"


@pytest.mark.rule("RLCL/hand-back")
def test_e10_land_is_handed_back_half_a_year_after_the_written_notice(walker: Walker) -> None:
    """E10, 承包法 30: without the dated notice not at all, on the last day of the half year not yet, then it may."""
    desks(walker, LAND)
    case_id = walker.walk(LAND, walker.example(LAND), "accepted")
    walker.step(case_id, "noticed", where="嘎查")
    walker.ask(case_id)
    walker.step(case_id, "posted", where="公示栏")
    walker.clock.ahead += dt.timedelta(days=60)
    assert "提前半年的通知" in missing(walker, case_id, "reviewed")
    with pytest.raises(SaidMalformedError, match="还没有到"):
        walker.step(case_id, "issuer-told", day="2099-01-01", source=walker.paper("通知"))
    walker.step(case_id, "issuer-told", day=walker.today(), source=walker.paper("通知"))
    told = walker.today()
    on_last_day_of(walker, "hand-back", told)
    assert "提前半年的通知到" in missing(walker, case_id, "reviewed")
    assert walker.state(case_id) == "cooling"
    walker.clock.ahead += dt.timedelta(days=1)
    assert "提前半年的通知" not in missing(walker, case_id, "reviewed")
    assert walker.state(case_id) == "ready"


@pytest.mark.rule("EXIT/E11")
def test_e11_cooling_off_runs_from_the_last_signature(walker: Walker) -> None:
    """E11: on its last day not yet; a signature that is given anew begins it anew."""
    case_id = brought_to(walker, "signed", SHARE)
    signed = walker.today()
    walker.step(case_id, "posted", where="公示栏")
    on_last_day_of(walker, "cooling-off", signed)
    assert "反悔期到" in missing(walker, case_id, "reviewed")
    walker.clock.ahead += dt.timedelta(days=1)
    assert walker.state(case_id) == "ready"
    walker.step(case_id, "consented", **walker.will(case_id, walker.village.people[0]))
    assert walker.state(case_id) == "cooling"


@pytest.mark.rule("EXIT/E12")
def test_e12_part_payment_is_no_payment_and_only_a_holder_is_paid(walker: Walker) -> None:
    """E12: in full, soil included, to an adult who holds the right; a child or a stranger is nobody to pay."""
    case_id = brought_to(walker, "ready")
    child, stranger = walker.village.people[3], walker.witness
    for to in (child, stranger, walker.village.collective):
        said: dict[str, Any] = {"to": to, "amount": "1.00", "day": walker.today(), "source": walker.paper("凭证")}
        with pytest.raises(SaidMalformedError, match="to"):
            walker.step(case_id, "paid", **said)
    walker.pay(case_id, "120000.00")
    assert walker.state(case_id) == "ready"
    walker.pay(case_id, "2999.99")
    assert walker.state(case_id) == "ready"
    walker.pay(case_id, "0.01")
    assert walker.state(case_id) == "paid"


@pytest.mark.rule("EXIT/E13")
def test_e13_who_took_the_application_does_not_register_it(walker: Walker) -> None:
    """E13: two hands, by the account."""
    case_id = brought_to(walker, "paid", SHARE)
    walker.go_on(case_id, "approved")
    with pytest.raises(NotByYouError, match="收申请的人"):
        walker.step(case_id, "registered", replace(walker.first, name="别名"))
    walker.step(case_id, "registered", walker.second)
    assert head(walker, walker.village.rights["income-0"]).status == "ended"


@pytest.mark.parametrize("kind", EXITS)
def test_exit_runs_through_its_states_and_says_for_how_much(walker: Walker, kind: str) -> None:
    """9.2: DRAFT to REGISTERED; the price, the receiver and the case stand in one committed row."""
    desks(walker, kind)
    case_id = walker.open(kind, walker.example(kind))
    assert walker.state(case_id) == "draft"
    walker.go_on(case_id, "registered")
    assert walker.state(case_id) == "registered"
    (right,) = walker.look(case_id)[0].subject
    assert (head(walker, right).status, head(walker, right).cause_kind) == ("ended", "exited")
    with walker.store.reading() as connection:
        (found,) = paid_exits.paid_exits(connection, valid_at=walker.today(), known_at=position(connection).size)
    assert (found.right_id, str(found.price), str(found.improvements)) == (right, "120000.00", "3000.00")
    assert (found.receiver_id, found.case_id) == (walker.village.collective, case_id)


def test_person_changes_their_own_mind_and_nobody_elses(walker: Walker) -> None:
    """9.2: any signer, without a reason, in their own name; a relative or a neighbour can't."""
    case_id = brought_to(walker, "cooling")
    wife, head_of_family = walker.village.people[1], walker.village.people[0]
    herself = Actor("wife", "敖登", "本人", "person", wife)
    with pytest.raises(SaidMalformedError, match="自己反悔"):
        walker.step(case_id, "revoked", herself, person=head_of_family)
    relative = replace(herself, id="son", role="relative", person=walker.village.people[2])
    with pytest.raises(NotByYouError):
        walker.step(case_id, "revoked", relative, person=wife)
    with pytest.raises(SaidMalformedError, match="签字"):
        walker.step(case_id, "revoked", person=walker.witness)
    walker.step(case_id, "revoked", herself, person=wife)
    assert walker.state(case_id) == "revoked"
    assert walker.look(case_id)[1] == ()


def test_mind_is_changed_until_the_later_of_cooling_off_and_payment(walker: Walker) -> None:
    """9.2: paid within the cooling-off, it still may be; cooled off and unpaid, too; both over, no longer."""
    early = brought_to(walker, "cooling", SHARE)
    walker.pay(early)
    assert missing(walker, early, "revoked") == ""
    walker.clock.ahead += dt.timedelta(days=60)
    assert (walker.state(early), missing(walker, early, "revoked")) == ("paid", "反悔期已满, 钱也付清了")


@pytest.mark.rule("EXIT/lapse")
def test_exit_without_progress_for_a_year_lapses(walker: Walker) -> None:
    """9.2 LAPSED: on the matching day of the twelfth month not yet; after it nothing but the lapse is open."""
    case_id = brought_to(walker, "ready", SHARE)
    stood = walker.look(case_id)[0].steps[-1].day
    same_day = dt.date.fromisoformat(stood).replace(year=int(stood[:4]) + 1)
    walker.clock.ahead += same_day - dt.date.fromisoformat(walker.today())
    assert walker.state(case_id) == "ready"
    walker.clock.ahead += dt.timedelta(days=1)
    assert walker.state(case_id) == "lapsed"
    assert [each.step for each in walker.look(case_id)[1]] == ["lapsed"]
    walker.step(case_id, "lapsed")
    assert head(walker, walker.village.rights["income-0"]).status == "live"


@pytest.mark.parametrize("state", STATES)
def test_exit_found_not_to_be_free_is_void_in_every_state(walker: Walker, state: str) -> None:
    """9.2 VOID: pressure or a forged will, paid or not: the right stands."""
    case_id = brought_to(walker, state, SHARE)
    proof = walker.paper("监察局认定书")
    walker.step(case_id, "voided", walker.second, ground="pressed", source=proof, reasons="有人施压")
    assert walker.state(case_id) == "void"
    assert head(walker, walker.village.rights["income-0"]).status == "live"


@pytest.mark.parametrize("kind", EXITS)
def test_exit_found_void_after_its_registration_gives_the_right_back_under_its_id(walker: Walker, kind: str) -> None:
    """9.2 VOID after REGISTERED: restored, the same id and terms, from the day of the exit on; once."""
    desks(walker, kind)
    example = walker.example(kind)
    (right,) = example.subject
    before = head(walker, right)
    exited = walker.walk(kind, example)
    voiding = Example([right], {"ground": "pressed"})
    walker.walk("exit-voided", voiding)
    now = head(walker, right)
    assert (now.status, now.cause_kind, now.thing_id) == ("live", "restored", right)
    assert now.columns["terms_digest"] == before.columns["terms_digest"]
    assert walker.state(exited) == "void"
    again = walker.open("exit-voided", voiding)
    with pytest.raises(SaidMalformedError, match="没有退出过"):
        walker.step(again, "submitted")


def test_land_that_is_anothers_by_now_is_not_restored_over_them(walker: Walker) -> None:
    """VOID: a household received it: a judgment on their right comes first."""
    example = walker.example(LAND)
    example.request["receiver"] = neighbours(walker)
    desks(walker, LAND)
    walker.walk(LAND, example)
    case_id = walker.open("exit-voided", Example(example.subject, {"ground": "pressed"}))
    with pytest.raises(SaidMalformedError, match="判决"):
        walker.step(case_id, "submitted")


def test_exit_of_a_right_that_ended_meanwhile_goes_no_further(walker: Walker) -> None:
    """Two exits of one right: the second finds it gone and writes nothing."""
    first = brought_to(walker, "paid", SHARE)
    second = brought_to(walker, "notice", SHARE)
    walker.go_on(first)
    assert "还没有这项登记" in missing(walker, second, "reviewed")


# --- some parcels of a contract (I21) ---


def two_fields(walker: Walker) -> tuple[str, list[str]]:
    """The arable contract after its land was split: the right, and its two parcels."""
    walker.walk("parcel-split", walker.example("parcel-split"))
    right = walker.village.rights["contract-arable"]
    return right, [line["parcel_id"] for line in head(walker, right).children["right_parcel"]]


@pytest.mark.rule("EXIT/scope")
def test_exit_in_part_ends_exactly_its_parcels_and_void_brings_them_back(walker: Walker) -> None:
    """I21, 9.2 VOID: the right goes on under its id with the other field; found forged, the field comes back to it."""
    right, (given, kept) = two_fields(walker)
    before = head(walker, right)
    example = walker.example("contract-exited")
    walker.walk("contract-exited", Example([right], {**example.request, "parcels": [given]}))
    after = head(walker, right)
    assert (after.status, [line["parcel_id"] for line in after.children["right_parcel"]]) == ("live", [kept])
    stays = ("holding_id", "term_start", "term_end", "unit_id", "certificate_number", "burdens")
    assert [before.columns[name] for name in stays] == [after.columns[name] for name in stays]
    walker.walk("exit-voided", Example([right], {"ground": "forged"}))
    rows = {line["parcel_id"]: line["contract_area_m2"] for line in head(walker, right).children["right_parcel"]}
    assert rows == {line["parcel_id"]: line["contract_area_m2"] for line in before.children["right_parcel"]}
    refused_at_submission(walker, "exit-voided", Example([right], {"ground": "forged"}), "没有退出过")
    assert audit(walker.store).findings == ()


@pytest.mark.rule("RLCL/assign")
def test_household_that_receives_a_field_has_a_contract_of_its_own_about_it(walker: Walker) -> None:
    """转让: under its own code, for the rest of the term; without a code, or of all parcels by the way, it is refused."""
    right, (given, kept) = two_fields(walker)
    terms = walker.example("contract-exited").request | {"receiver": neighbours(walker), "parcels": [given]}
    refused_at_submission(walker, "contract-exited", Example([right], terms), "自己的合同编码")
    code = f"{made_up.VILLAGE_CODE}0099J"
    refused_at_submission(walker, "contract-exited", Example([right], {**terms, "code": code, "parcels": [given, kept]}), "一部分")
    refused_at_submission(walker, SHARE, Example([walker.village.rights["income-0"]], {**terms, "code": code}), "一部分")
    walker.walk("contract-exited", Example([right], {**terms, "code": code}))
    new = head(walker, walker.ids(RIGHT_VERSION)[-1])
    assert (new.columns["holding_id"], new.columns["unit_code"]) == (terms["receiver"], code)
    assert new.columns["term_end"] == head(walker, right).columns["term_end"]
    assert [line["parcel_id"] for line in new.children["right_parcel"]] == [given]
    assert audit(walker.store).findings == ()
