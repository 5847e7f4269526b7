"""Each way in which a question about a right comes out: the facts, the result, and the rule that says so.

The name of a case begins with the row of law.md or policy-map.md that it proves. `day` is the day that is asked about.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from registry.decisions.land.commons import Dispute, OtherWay, Priority, Reserve
from registry.decisions.land.conditions import Vote, Will
from registry.decisions.land.content import ForestAsked, MarketTrade, RightAsked
from registry.decisions.land.contracts import ContractAsked, Extension, Representative, SoilImproved
from registry.decisions.land.grazing import PastureContract, Stocking
from registry.decisions.land.homestead import HomesteadAsked, HomesteadLost, HomesteadReceiver, OneHousehold
from registry.decisions.land.leases import LeaseEnd, LeasePrice
from registry.decisions.land.passing_on import Assignment, Exchange, Mortgage, Unregistered

if TYPE_CHECKING:
    from registry.law.deciding import Result

TODAY = date(2026, 11, 26)
OLD = date(2018, 12, 31)
SIGNED, REFUSED, FORCED = Will(every_adult=True), Will(every_adult=False), Will(every_adult=True, pressed=True)
CARRIED, SHORT = Vote(200, 300), Vote(199, 300)


@dataclass(frozen=True)
class LandCase:
    """What is asked, on which facts, how it comes out, on which rule; `told` is what more the answer says."""

    question: str
    facts: Any
    result: Result
    rule: str
    day: date = TODAY
    open_question: str | None = None
    told: dict[str, Any] = field(default_factory=dict)


def _content() -> dict[str, LandCase]:
    def power(result: Result, rule: str, thing: Any, asked: Any, claimant: Any = "household", **more: Any) -> LandCase:  # noqa: ANN401  (words of the facts)
        return LandCase("power-of-right", RightAsked(thing, asked, claimant), result, f"WS-2016/II.3.1-{rule}", **more)

    open_trade = MarketTrade("arable", results_public=True, same_rules_for_all=True, standard_contract=True)
    return {
        "P a land is the household's": power("eligible", "a", "grass", "use", told={"holder": "household"}),
        "P a each member has a part": power("eligible", "a", "arable", "use", "member"),
        "P a not the head's alone": power("not eligible", "a", "homestead", "use", "head"),
        "P a not the collective's": power("not eligible", "a", "forest", "use", "collective"),
        "P a a share is the member's": power("eligible", "a", "share", "benefit", "member", told={"holder": "member"}),
        "P a a share is not the head's": power("not eligible", "a", "share", "benefit", "head"),
        "P b transfer": power("eligible", "b", "other", "transfer"),
        "P b mortgage of the operating right": power("eligible", "b", "arable", "mortgage_of_operating_right"),
        "P b guarantee in 2018": power(
            "review", "b", "arable", "guarantee_of_operating_right", day=OLD, open_question="Q12"
        ),
        "P b never the contract right": power("not eligible", "b", "grass", "mortgage"),
        "P c homestead used": power("eligible", "c", "homestead", "possess"),
        "P c homestead not mortgaged": power("not eligible", "c", "homestead", "mortgage"),
        "P c homestead not let": power("not eligible", "c", "homestead", "transfer"),
        "P d share by its charter": power("needs evidence", "d", "share", "transfer", "member"),
        "P d share not used as land": power("not eligible", "d", "share", "use", "member"),
        "P d share not pledged before 2025-05-01": power(
            "not eligible", "d", "share", "mortgage", "member", day=date(2025, 4, 30)
        ),
        "M18 share pledged as its charter says": replace(
            power("needs evidence", "d", "share", "mortgage", "member", day=date(2025, 5, 1)), rule="COL/52"
        ),
        "P e open, just, orderly": LandCase("trade-in-the-open", open_trade, "eligible", "WS-2016/II.3.1-e"),
        "P e result not public": LandCase(
            "trade-in-the-open", replace(open_trade, results_public=False), "not eligible", "WS-2016/II.3.1-e"
        ),
        "P e rules not the same": LandCase(
            "trade-in-the-open", replace(open_trade, same_rules_for_all=False), "not eligible", "WS-2016/II.3.1-e"
        ),
        "P e contract not shown": LandCase(
            "trade-in-the-open", replace(open_trade, standard_contract=None), "needs evidence", "WS-2016/II.3.1-e"
        ),
        "P e homestead not there": LandCase(
            "trade-in-the-open", replace(open_trade, thing="homestead"), "not eligible", "EXCHANGE/homestead-not-listed"
        ),
        "P e share by its charter": LandCase(
            "trade-in-the-open", replace(open_trade, thing="share"), "needs evidence", "WS-2016/II.3.1-d"
        ),
        "F2 trees are the contractor's": LandCase(
            "forest-right", ForestAsked("trees", contract_says_otherwise=False), "eligible", "FL/17"
        ),
        "F2 trees by the contract": LandCase(
            "forest-right", ForestAsked("trees", contract_says_otherwise=True), "not eligible", "FL/17"
        ),
        "F2 contract not seen": LandCase("forest-right", ForestAsked("trees"), "needs evidence", "FL/17"),
        "F2 operating right transferred": LandCase(
            "forest-right", ForestAsked("transfer", will=SIGNED), "eligible", "FL/17"
        ),
        "F2 operating right, forced": LandCase(
            "forest-right", ForestAsked("transfer", will=FORCED), "not eligible", "RLCL/coercion-is-void"
        ),
    }


def _contracts() -> dict[str, LandCase]:
    def stands(result: Result, stands_as: Any, **more: Any) -> LandCase:  # noqa: ANN401  (words of the facts)
        return LandCase("representative", Representative(stands_as, **more), result, "RLCL/representative")

    signed = date(1998, 1, 1)
    whole = Extension("arable", date(2027, 12, 31), anybody_left=True, vote=CARRIED)
    new_term = {"extended_from": "2028-01-01", "extended_to": "2057-12-31"}

    def extended(result: Result, rule: str = "RLCL/extension", told: Any = None, **changed: Any) -> LandCase:  # noqa: ANN401  (fields of the facts)
        return LandCase("extension", replace(whole, **changed), result, rule, told=told or {})

    return {
        "C12 from the day of the contract": LandCase(
            "contract-right", ContractAsked(signed), "eligible", "RLCL/arises-by-contract"
        ),
        "C12 not before it": LandCase(
            "contract-right", ContractAsked(date(2027, 1, 1)), "not eligible", "RLCL/arises-by-contract"
        ),
        "C12 on the day itself": LandCase(
            "contract-right", ContractAsked(TODAY), "eligible", "RLCL/arises-by-contract"
        ),
        "C12 contract not found": LandCase(
            "contract-right", ContractAsked(), "needs evidence", "RLCL/arises-by-contract"
        ),
        "C31 on the certificate": stands("eligible", "on the certificate", is_named=True),
        "C31 another is on it": stands("not eligible", "on the certificate", is_named=False),
        "C31 certificate not seen": stands("needs evidence", "on the certificate"),
        "C31 signer, no certificate": stands("eligible", "signer of the contract", is_named=True, certified=False),
        "C31 signer after the certificate": stands(
            "not eligible", "signer of the contract", is_named=True, certified=True
        ),
        "C31 signer, certificate unknown": stands("needs evidence", "signer of the contract", is_named=True),
        "C31 elected": stands("eligible", "elected", is_named=True, first_unable=True),
        "C31 elected too early": stands("not eligible", "elected", is_named=True, first_unable=False),
        "C31 elected, why not shown": stands("needs evidence", "elected", is_named=True),
        "C9 EXT-1 thirty years, the day after": extended("eligible", told=new_term),
        "C9 EXT-1 from a leap day": extended(
            "eligible",
            told={"extended_from": "2028-02-29", "extended_to": "2058-02-28"},
            term_end=date(2028, 2, 28),
        ),
        "C9 EXT-1 long run out": extended(
            "eligible", told={"extended_from": "2023-01-01", "extended_to": "2052-12-31"}, term_end=date(2022, 12, 31)
        ),
        "C9 pasture correspondingly": extended("eligible", land="grass"),
        "C9 term not seen": extended("needs evidence", term_end=None),
        "C9 plan not carried": extended("not eligible", vote=SHORT),
        "C9 plan not shown": extended("needs evidence", vote=Vote()),
        "C9 plan with figures that cannot be": extended("needs evidence", vote=Vote(301, 300)),
        "C9 who is left not shown": extended("needs evidence", anybody_left=None),
        "EXT-1 nobody left": extended("review", "RLCL/inherit-last-member", anybody_left=False),
        "C5 handed back": LandCase(
            "soil-compensation", SoilImproved("handed back", improved=True), "eligible", "RLCL/soil-compensation"
        ),
        "C5 taken back": LandCase(
            "soil-compensation",
            SoilImproved("lawfully taken back", improved=True),
            "eligible",
            "RLCL/soil-compensation",
        ),
        "C5 nothing put in": LandCase(
            "soil-compensation", SoilImproved("handed back", improved=False), "not eligible", "RLCL/soil-compensation"
        ),
        "C5 not shown": LandCase(
            "soil-compensation", SoilImproved("handed back"), "needs evidence", "RLCL/soil-compensation"
        ),
        "C5 let is not handed back": LandCase(
            "soil-compensation", SoilImproved("let", improved=True), "not eligible", "RLCL/soil-compensation"
        ),
    }


def _passing_on() -> dict[str, LandCase]:
    two = Exchange(SIGNED, other_side_signed=True, one_collective=True)
    given = Assignment("arable", SIGNED, "household of the collective", "consents")
    before = replace(given, stable_income=True)
    bank = Mortgage("operating right", SIGNED, stopped=False)

    def exchanged(result: Result, rule: str = "RLCL/exchange", **changed: Any) -> LandCase:  # noqa: ANN401  (fields of the facts)
        return LandCase("exchange-land", replace(two, **changed), result, rule)

    def assigned(result: Result, rule: str = "RLCL/assign", **changed: Any) -> LandCase:  # noqa: ANN401  (fields of the facts)
        return LandCase("assign-land", replace(given, **changed), result, rule)

    def once(result: Result, **changed: Any) -> LandCase:  # noqa: ANN401  (fields of the facts)
        return LandCase("assign-land", replace(before, **changed), result, "RLCL/assign", OLD)

    def mortgaged(result: Result, rule: str = "RLCL/mortgage", **changed: Any) -> LandCase:  # noqa: ANN401  (fields of the facts)
        return LandCase("mortgage-land", replace(bank, **changed), result, rule)

    return {
        "C14 in one collective": exchanged("eligible"),
        "C14 of two collectives": exchanged("not eligible", one_collective=False),
        "C14 issuers not shown": exchanged("needs evidence", one_collective=None),
        "C14 the other side did not sign": exchanged("not eligible", other_side_signed=False),
        "C14 the other side not shown": exchanged("needs evidence", other_side_signed=None),
        "C29 exchange forced": exchanged("not eligible", "RLCL/coercion-is-void", will=FORCED),
        "C29 exchange against somebody's will": exchanged("not eligible", "RLCL/coercion-is-void", will=REFUSED),
        "C29 exchange, nobody asked yet": exchanged("needs evidence", "RLCL/coercion-is-void", will=Will()),
        "C15 in the collective": assigned("eligible"),
        "C15 outside the collective since 2019": assigned("not eligible", receiver="other farming household"),
        "C15 to somebody else": assigned("not eligible", receiver="somebody else"),
        "C15 receiver not shown": assigned("needs evidence", receiver=None),
        "C15 issuer not asked": assigned("needs evidence", issuer=None),
        "C15 issuer has a lawful ground": assigned("not eligible", issuer="refuses on a lawful ground"),
        "C15 issuer has none": assigned("eligible", issuer="refuses without a lawful ground"),
        "C15 issuer delays": assigned("eligible", issuer="delays"),
        "C15 income is asked no more": assigned("eligible", stable_income=False),
        "C15 forced": assigned("not eligible", "RLCL/coercion-is-void", will=FORCED),
        "C15 2018 outside, with income": once("eligible", receiver="other farming household"),
        "C15 2018 inside, with income": once("eligible"),
        "C15 2018 without income": once("not eligible", stable_income=False),
        "C15 2018 income not shown": once("needs evidence", stable_income=None),
        "C15 2018 to no farming household": once("not eligible", receiver="somebody else"),
        "G4 pasture to who keeps livestock": assigned("eligible", "GL/15", land="grass", keeps_livestock=True),
        "G4 pasture to who does not": assigned("not eligible", "GL/15", land="grass", keeps_livestock=False),
        "G4 livestock not shown": assigned("needs evidence", "GL/15", land="grass"),
        "C16 between the two": LandCase(
            "unregistered-transfer", Unregistered("the other party"), "eligible", "RLCL/registration-optional"
        ),
        "C16 against who knew": LandCase(
            "unregistered-transfer", Unregistered("who knew of it"), "eligible", "RLCL/registration-optional"
        ),
        "C16 stranger, registered": LandCase(
            "unregistered-transfer",
            Unregistered("a stranger in good faith", registered=True),
            "eligible",
            "RLCL/registration-optional",
        ),
        "C16 stranger, unregistered": LandCase(
            "unregistered-transfer",
            Unregistered("a stranger in good faith", registered=False),
            "not eligible",
            "RLCL/registration-optional",
        ),
        "C16 stranger, not looked up": LandCase(
            "unregistered-transfer",
            Unregistered("a stranger in good faith"),
            "needs evidence",
            "RLCL/registration-optional",
        ),
        "C24 operating right": mortgaged("eligible"),
        "C24 never the contract right": mortgaged("not eligible", what="contract right"),
        "H7 never the homestead": mortgaged("not eligible", "HOME/no-mortgage", what="homestead"),
        "C24 sealed or in dispute": mortgaged("not eligible", "EXCHANGE/transferable", stopped=True),
        "C24 not looked up": mortgaged("needs evidence", "EXCHANGE/transferable", stopped=None),
        "C24 rented, contractor consents": mortgaged(
            "eligible", what="operating right of rented land", contractor_consents=True
        ),
        "C24 rented, contractor does not": mortgaged(
            "not eligible", what="operating right of rented land", contractor_consents=False
        ),
        "C24 rented, not asked": mortgaged("needs evidence", what="operating right of rented land"),
        "Q12 in 2018": LandCase("mortgage-land", bank, "review", "RLCL/mortgage", OLD, "Q12"),
    }


def _leases() -> dict[str, LandCase]:
    agreed = LeasePrice("both sides", "contractor", deducted=False)

    def paid(result: Result, **changed: Any) -> LandCase:  # noqa: ANN401  (fields of the facts)
        return LandCase("lease-rent", replace(agreed, **changed), result, "RLCL/price")

    def ended(result: Result, ground: Any, **more: Any) -> LandCase:  # noqa: ANN401  (fields of the facts)
        return LandCase("end-lease", LeaseEnd(ground, **more), result, "RLCL/terminate")

    return {
        "C19 agreed, whole, to the contractor": paid("eligible"),
        "C19 by the contractor's order": paid("eligible", paid_to="by the contractor's written order"),
        "C19 set by somebody else": paid("not eligible", set_by="somebody else"),
        "C19 who set it not shown": paid("needs evidence", set_by=None),
        "C19 paid to somebody else": paid("not eligible", paid_to="somebody else"),
        "C19 to whom not shown": paid("needs evidence", paid_to=None),
        "C19 deducted": paid("not eligible", deducted=True),
        "C19 deduction not shown": paid("needs evidence", deducted=None),
        "C22 use changed": ended("eligible", "use changed", shown=True),
        "C22 badly damaged": ended("eligible", "badly damaged", shown=True),
        "C22 serious breach": ended("eligible", "serious breach", shown=True),
        "C22 breach found not so": ended("not eligible", "serious breach", shown=False),
        "C22 breach not shown": ended("needs evidence", "serious breach"),
        "C22 idle for two years": ended("eligible", "left idle", idle_since=date(2024, 11, 26)),
        "C22 idle for a day less": ended("not eligible", "left idle", idle_since=date(2024, 11, 27)),
        "C22 idle since when": ended("needs evidence", "left idle"),
        "C22 no other ground": ended("not eligible", "something else", shown=True),
    }


def _pasture_and_commons() -> dict[str, LandCase]:
    def pasture(result: Result, act: Any, by: Any, **more: Any) -> LandCase:  # noqa: ANN401  (words of the facts)
        return LandCase("contract-pasture", PastureContract(act, by, **more), result, "GL/13")

    def waste(result: Result, by: Any, **more: Any) -> LandCase:  # noqa: ANN401  (words of the facts)
        return LandCase("contract-waste-land", OtherWay(by, **more), result, "RLCL/other-ways")

    def kept(result: Result, **more: Any) -> LandCase:  # noqa: ANN401  (fields of the facts)
        facts = Reserve(2_000_000, 100_000, before_2003=True)
        return LandCase("reserve-land", replace(facts, **more), result, "RLCL/reserve-land")

    def first(result: Result, **more: Any) -> LandCase:  # noqa: ANN401  (fields of the facts)
        facts = Priority(member=True, equal_terms=True, notice_until=date(2026, 11, 30))
        return LandCase("members-first", replace(facts, **more), result, "RLCL/members-first-period")

    def disputed(result: Result, step: Any, received: date | None = None, last: str = "", **more: Any) -> LandCase:  # noqa: ANN401  (words of the facts)
        told = {"sue_by": last} if last else {}
        return LandCase(
            "land-dispute", Dispute(step, award_received=received, **more), result, "RLCL/disputes", told=told
        )

    outsider = {"vote": CARRIED, "township": True}
    no_notice = {"notice_until": None, "outsider_since": date(2026, 9, 26)}
    return {
        "G1 by a household": pasture("eligible", "contract", "household"),
        "G1 by joint households": pasture("eligible", "contract", "joint households"),
        "G2 outsider": pasture("eligible", "contract", "outsider", **outsider),
        "G2 outsider, not carried": pasture("not eligible", "contract", "outsider", vote=SHORT, township=True),
        "G2 outsider, township not shown": pasture("needs evidence", "contract", "outsider", vote=CARRIED),
        "G2 adjusted": pasture("eligible", "adjust", "household", **outsider, county=True),
        "G2 adjusted without the banner": pasture("not eligible", "adjust", "household", **outsider, county=False),
        "G2 adjusted without the township": pasture(
            "not eligible", "adjust", "household", vote=CARRIED, township=False, county=True
        ),
        "G2 adjusted, banner not shown": pasture("needs evidence", "adjust", "household", **outsider),
        "G5 within": LandCase("stocking", Stocking(120, 120), "eligible", "GL/33"),
        "G5 one too many": LandCase("stocking", Stocking(120, 121), "not eligible", "GL/33"),
        "G5 not counted": LandCase("stocking", Stocking(120), "needs evidence", "GL/33"),
        "G5 nothing approved": LandCase("stocking", Stocking(None, 80), "needs evidence", "GL/33"),
        "C25 by tender": waste("eligible", "household of the collective", openly=True),
        "C25 in secret": waste("not eligible", "household of the collective", openly=False),
        "C25 tender not shown": waste("needs evidence", "household of the collective"),
        "C25 to an outsider": waste("eligible", "outsider", openly=True, **outsider),
        "C25 outsider, not carried": waste("not eligible", "outsider", openly=True, vote=SHORT, township=True),
        "C25 outsider, township says no": waste("not eligible", "outsider", openly=True, vote=CARRIED, township=False),
        "C25 outsider, nothing shown": waste("needs evidence", "outsider", openly=True),
        "C27 a twentieth": kept("eligible"),
        "C27 a square metre more": kept("not eligible", reserve_m2=100_001),
        "C27 kept back anew": kept("not eligible", before_2003=False),
        "C27 since when not shown": kept("needs evidence", before_2003=None),
        "C27 areas not shown": kept("needs evidence", arable_m2=None),
        "C18 within the notice": first("eligible"),
        "C18 on its last day": first("eligible", notice_until=TODAY),
        "C18 said in time": first("eligible", notice_until=date(2026, 10, 1), said_on=date(2026, 10, 1)),
        "C18 said too late": first("not eligible", notice_until=date(2026, 10, 1), said_on=date(2026, 10, 2)),
        "C18 notice over, nothing shown": first("needs evidence", notice_until=date(2026, 10, 1)),
        "C18 no notice, two months": first("eligible", **no_notice),
        "C18 no notice, a day late": first(
            "not eligible", notice_until=None, outsider_since=date(2026, 9, 25), said_on=TODAY
        ),
        "C18 from when not shown": first("needs evidence", notice_until=None),
        "C18 not a member": first("not eligible", member=False),
        "C18 terms not equal": first("not eligible", equal_terms=False),
        "C30 mediation": disputed("eligible", "mediate"),
        "C30 arbitration": disputed("eligible", "arbitrate"),
        "C30 to court at once": disputed("eligible", "sue"),
        "C30 award not shown": disputed("needs evidence", "sue", arbitrated=True),
        "C30 arbitrated or not, unknown": disputed("needs evidence", "sue", arbitrated=None),
        "C30 the thirtieth day": disputed("eligible", "sue", date(2026, 10, 27), "2026-11-26", arbitrated=True),
        "C30 the day after": disputed("not eligible", "sue", date(2026, 10, 26), "2026-11-25", arbitrated=True),
    }


def _homesteads() -> dict[str, LandCase]:
    asked = HomesteadAsked(
        member=True, has_one=False, house="kept or never had", applied=True, discussed=True, posted=True, township=True
    )
    received = HomesteadReceiver("household of the collective", SIGNED, receiver_has_one=False, collective_agrees=True)

    def applied(result: Result, rule: str = "HOME/approval", **changed: Any) -> LandCase:  # noqa: ANN401  (fields of the facts)
        return LandCase("homestead-application", replace(asked, **changed), result, rule)

    def step_is(result: Result, step: str, *, known: bool | None) -> LandCase:
        changed: dict[str, Any] = {step: known}
        return LandCase("homestead-application", replace(asked, **changed), result, "HOME/approval")

    def passes(result: Result, rule: str = "HOME/no-city-buyers", **changed: Any) -> LandCase:  # noqa: ANN401  (fields of the facts)
        return LandCase("homestead-receiver", replace(received, **changed), result, rule)

    steps = ("member", "applied", "discussed", "posted", "township")
    return {
        "H5 all four steps": applied("eligible"),
        **{f"H5 without {step}": step_is("not eligible", step, known=False) for step in steps},
        **{f"H5 {step} not shown": step_is("needs evidence", step, known=None) for step in steps},
        "H2 has one": applied("not eligible", "HOME/one-household-one", has_one=True),
        "H2 not looked up": applied("needs evidence", "HOME/one-household-one", has_one=None),
        "H6 sold": applied("not eligible", "HOME/none-after-sale", house="sold"),
        "H6 let": applied("not eligible", "HOME/none-after-sale", house="let"),
        "H6 given away": applied("not eligible", "HOME/none-after-sale", house="given away"),
        "H6 not looked up": applied("needs evidence", "HOME/none-after-sale", house=None),
        "H2 one": LandCase("one-homestead", OneHousehold(1), "eligible", "HOME/one-household-one"),
        "H2 two": LandCase("one-homestead", OneHousehold(2), "not eligible", "HOME/one-household-one"),
        "H2 how many": LandCase("one-homestead", OneHousehold(), "needs evidence", "HOME/one-household-one"),
        "H8 destroyed": LandCase("homestead-lost", HomesteadLost(destroyed=True), "eligible", "HOME/lost-to-nature"),
        "H8 not destroyed": LandCase(
            "homestead-lost", HomesteadLost(destroyed=False), "not eligible", "HOME/lost-to-nature"
        ),
        "H8 not shown": LandCase("homestead-lost", HomesteadLost(), "needs evidence", "HOME/lost-to-nature"),
        "H11 inside the collective": passes("eligible"),
        "H11 city resident": passes("not eligible", receiver="city resident"),
        "E7 another collective": passes("not eligible", "EXIT/E7", receiver="another collective's household"),
        "H11 collective says no": passes("not eligible", collective_agrees=False),
        "H11 collective not asked": passes("needs evidence", collective_agrees=None),
        "H11 receiver has one": passes("not eligible", "HOME/one-household-one", receiver_has_one=True),
        "H11 receiver not looked up": passes("needs evidence", "HOME/one-household-one", receiver_has_one=None),
        "H11 forced": passes("not eligible", "RLCL/coercion-is-void", will=FORCED),
    }


CASES: dict[str, LandCase] = {
    **_content(), **_contracts(), **_passing_on(), **_leases(), **_pasture_and_commons(), **_homesteads(),
}  # fmt: skip
