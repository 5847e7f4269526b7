"""Every row of every decision table of policy-map.md sections 3 and 4, as facts and the result that the table gives.

The name of a case begins with its clause and row. `question` is a word of `registry.decisions.asking.QUESTIONS`. What a
row leaves open ("–") is left unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from registry.decisions.categories import Grounds, Joining, Licence
from registry.decisions.facts import Dwelling, Work
from registry.decisions.family import CollectivePlace, Companion
from registry.decisions.from_outside import FromOutside
from registry.decisions.guardian import Guardianship
from registry.decisions.identity import NumberAsked
from registry.decisions.in_banner import InBanner
from registry.decisions.permits import PermitAsked, PermitHeld
from registry.decisions.rural import RuralPlacement
from registry.decisions.unregistered import Unregistered
from tests.registry.made_up import id_number

if TYPE_CHECKING:
    from registry.law.deciding import Result

MOVED = date(2017, 5, 8)
OWNED = Dwelling(in_town=True, lives_there=True, owned=True)
LET = Dwelling(in_town=True, lives_there=True, owned=False, lease="filed")
UNFILED = Dwelling(in_town=True, lives_there=True, owned=False, lease="not filed")
AWAY = Dwelling(in_town=False)
HIRED, IDLE = Work(employed=True, paper="labour-contract"), Work(employed=False)
BOUGHT, NOTHING = Grounds(house="commodity"), Grounds()


def paid(count: int, first: int = 2015 * 12) -> tuple[str, ...]:
    """So many paid months without a break, from January 2015 on."""
    return tuple(f"{month // 12}-{month % 12 + 1:02d}" for month in range(first, first + count))


BROKEN = (*paid(14, 2014 * 12), *paid(12, 2015 * 12 + 6))
"""26 months in all, 14 without a break."""
OUTSIDER = FromOutside("elsewhere", lives_in_town=True, dwelling=OWNED, work=HIRED, grounds=BOUGHT)


def outsider(**changed: Any) -> FromOutside:  # noqa: ANN401  (fields of the facts)
    """Somebody from outside whom the plan admits, but for what is changed."""
    return replace(OUTSIDER, **changed)


def category(**grounds: Any) -> FromOutside:  # noqa: ANN401  (fields of the grounds)
    """Dwelling and work, and these grounds alone."""
    return outsider(grounds=Grounds(**grounds))


@dataclass(frozen=True)
class Case:
    """What is asked, on which facts, and what the table answers; `told` is what more the answer says."""

    question: str
    facts: Any
    result: Result
    open_question: str | None = None
    told: dict[str, Any] = field(default_factory=dict)
    day: date = MOVED


def _in_banner() -> dict[str, Case]:
    def case(result: Result, hukou: Any, dwelling: Dwelling = Dwelling()) -> Case:  # noqa: ANN401, B008
        return Case("settle-in-banner", InBanner(hukou, dwelling), result)

    return {
        "II.1.1-a owns": case("eligible", "banner", OWNED),
        "II.1.1-b filed lease": case("eligible", "banner", LET),
        "II.1.1-c lease not filed": case("needs evidence", "banner", UNFILED),
        "II.1.1-d does not live there": case("not eligible", "banner", replace(OWNED, lives_there=False)),
        "II.1.1-d does not live there, rented": case("not eligible", "banner", replace(LET, lives_there=False)),
        "II.1.1-e no dwelling in town": case("not eligible", "banner", AWAY),
        "II.1.1-f registered elsewhere": case("not eligible", "elsewhere"),
        "II.1.1-g registered nowhere": case("not eligible", "none"),
        "II.1.1 registration not shown": case("needs evidence", None, OWNED),
        "II.1.1 town not shown": case("needs evidence", "banner", replace(OWNED, in_town=None)),
        "II.1.1 living not shown": case("needs evidence", "banner", replace(OWNED, lives_there=None)),
        "II.1.1 neither title nor lease shown": case("needs evidence", "banner", replace(OWNED, owned=None)),
        "II.1.1 neither owned nor let": case("not eligible", "banner", replace(OWNED, owned=False, lease="none")),
    }


def _from_outside() -> dict[str, Case]:
    def case(result: Result, facts: FromOutside, question: str | None = None, *categories: int) -> Case:
        told = {"categories": [f"WS-2016/II.1.2({n})" for n in categories]} if categories else {}
        return Case("settle-from-outside", facts, result, question, told)

    sponsored = Joining("spouse", kinship_shown=True, sponsor_dwelling=OWNED, sponsor_employed=True)
    minor = Joining(
        "minor-child", kinship_shown=True, born=date(2005, 1, 1), sponsor_dwelling=OWNED, sponsor_employed=True
    )
    licensed = Licence("sole-proprietor", date(2015, 1, 1), shown=True)
    short = replace(OUTSIDER, grounds=Grounds(insured_months=paid(23)))
    return {
        "II.1.2-a dwelling, work and a category": case("eligible", OUTSIDER, None, 1),
        "II.1.2-b no category": case("review", outsider(grounds=NOTHING), "Q1"),
        "II.1.2-b no category, permit holder": case("review", outsider(grounds=NOTHING, permit=True), "Q1"),
        "II.1.2-c no work, category 1": case("review", outsider(work=IDLE), "Q1", 1),
        "II.1.2-d no dwelling, category 4": case(
            "review", outsider(dwelling=AWAY, grounds=Grounds(licence=licensed)), "Q1", 4
        ),
        "II.1.2-e work of the sponsor only": case(
            "review", outsider(work=IDLE, grounds=Grounds(joining=sponsored)), "Q2", 3
        ),
        "II.1.2-e dwelling of the sponsor only": case(
            "review", outsider(dwelling=AWAY, grounds=Grounds(joining=sponsored)), "Q2", 3
        ),
        "II.1.2-e sponsor's work not shown": case(
            "needs evidence", outsider(work=IDLE, grounds=Grounds(joining=replace(sponsored, sponsor_employed=None)))
        ),
        "II.1.2-e sponsor's dwelling not shown": case(
            "needs evidence",
            outsider(dwelling=AWAY, grounds=Grounds(joining=replace(sponsored, sponsor_dwelling=Dwelling()))),
        ),
        "II.1.2-e sponsor has neither": case(
            "not eligible",
            outsider(
                work=IDLE,
                dwelling=AWAY,
                grounds=Grounds(joining=replace(sponsored, sponsor_employed=False, sponsor_dwelling=AWAY)),
            ),
        ),
        "II.1.2-f 23 months paid": case("review", short, "Q1"),
        "II.1.2-f 23 months paid, another category holds": case(
            "eligible", outsider(grounds=Grounds(insured_months=paid(23), qualified="college")), None, 6
        ),
        "II.1.2-g dwelling unknown": case("needs evidence", outsider(dwelling=Dwelling())),
        "II.1.2-g dwelling unknown, no work": case("needs evidence", outsider(dwelling=Dwelling(), work=IDLE)),
        "II.1.2 neither dwelling nor work": case("not eligible", outsider(dwelling=AWAY, work=IDLE)),
        "II.1.2 does not live in town": case("not eligible", outsider(lives_in_town=False)),
        "II.1.2 living in town not shown": case("needs evidence", outsider(lives_in_town=None)),
        "II.1.2 registered in the banner": case("not eligible", outsider(hukou="banner")),
        "II.1.2 registered nowhere": case("not eligible", outsider(hukou="none")),
        "II.1.2 registration not shown": case("needs evidence", outsider(hukou=None)),
        "II.1.2 work not shown": case("needs evidence", outsider(work=Work())),
        "II.1.2 work shown by another paper": case("review", outsider(work=Work(employed=True, paper="other"))),
        "II.1.2 permit not shown, no category": case("review", outsider(grounds=NOTHING, permit=None), "Q1"),
        "II.1.2 permit holder without work": case("review", outsider(work=IDLE, grounds=NOTHING, permit=True), "Q1"),
        "II.1.2(1) commodity housing": case("eligible", category(house="commodity"), None, 1),
        "II.1.2(1) commercial premises": case("eligible", category(house="commercial"), None, 1),
        "II.1.2(1) second-hand": case("eligible", category(house="second-hand"), None, 1),
        "II.1.2(1) self-built": case("eligible", category(house="self-built"), None, 1),
        "II.1.2(1) not shown": case("needs evidence", category(house=None)),
        "II.1.2(2) 24 months": case("eligible", category(insured_months=paid(24)), "Q3", 2),
        "II.1.2(2) 26 months with a break": case("eligible", category(insured_months=BROKEN), "Q3", 2),
        "II.1.2(2) not shown": case("needs evidence", category(insured_months=None)),
        "II.1.2(3) spouse with work": case("eligible", category(joining=sponsored), None, 3),
        "II.1.2(3) parent to child": case("eligible", category(joining=Joining("parent", kinship_shown=True)), None, 3),
        "II.1.2(3) minor, sponsor's work": case("review", outsider(work=IDLE, grounds=Grounds(joining=minor)), "Q2", 3),
        "II.1.2(3) child of age": case("review", category(joining=replace(minor, born=date(1999, 5, 8))), "Q1"),
        "II.1.2(3) birthday not shown": case("needs evidence", category(joining=replace(minor, born=None))),
        "II.1.2(3) kinship not shown": case("needs evidence", category(joining=replace(minor, kinship_shown=None))),
        "II.1.2(3) no kin": case("review", category(joining=replace(minor, kinship_shown=False)), "Q1"),
        "II.1.2(4) licence in force": case("eligible", outsider(work=IDLE, grounds=Grounds(licence=licensed)), None, 4),
        "II.1.2(4) licence cancelled": case("review", category(licence=replace(licensed, cancelled=MOVED)), "Q1"),
        "II.1.2(4) licence not shown": case("needs evidence", category(licence=replace(licensed, shown=None))),
        "II.1.2(4) licence of a later day": case(
            "needs evidence", category(licence=replace(licensed, granted=date(2018, 1, 1)))
        ),
        "II.1.2(5) approved, which shows the work": case(
            "eligible", outsider(work=Work(), grounds=Grounds(approved=True)), None, 5
        ),
        "II.1.2(5) approval not shown": case("needs evidence", category(approved=None)),
        "II.1.2(6) college": case("eligible", category(qualified="college"), None, 6),
        "II.1.2(6) vocational": case("eligible", category(qualified="vocational"), None, 6),
        "II.1.2(6) technical worker": case("eligible", category(qualified="technical-worker"), None, 6),
        "II.1.2(6) industrial worker": case("eligible", category(qualified="industrial-worker"), None, 6),
        "II.1.2(6) returned student": case("eligible", category(qualified="returned-student"), None, 6),
        "II.1.2(6) ordinary employee": case("review", category(qualified="enterprise-employee"), "Q14"),
        "II.1.2(6) others": case("review", category(qualified="other"), "Q14"),
        "II.1.2(6) not shown": case("needs evidence", category(qualified=None)),
        "II.1.2(7) assessed talent": case("review", category(talent=True)),
        "II.1.2(7) not shown": case("needs evidence", category(talent=None)),
        "II.1.2 all categories that hold are told": case(
            "eligible", category(house="commodity", insured_months=paid(24), licence=licensed), "Q3", 1, 2, 4
        ),
    }


def _family() -> dict[str, Case]:
    def case(result: Result, relation: Any, question: str | None = None, **facts: Any) -> Case:  # noqa: ANN401
        known = {"lives_together": True, "same_address": True, "principal": OUTSIDER, **facts}
        return Case("settle-along", Companion(relation, **known), result, question)

    def placed(result: Result, **facts: Any) -> Case:  # noqa: ANN401
        household = facts.pop("at", None)
        told = {} if household is None else {"registered_at": household}
        return Case("collective-household", CollectivePlace(**{"principal": OUTSIDER, **facts}), result, None, told)

    return {
        "II.1.2-F spouse": case("eligible", "spouse", marriage_valid=True),
        "II.1.2-F spouse, not living together": case(
            "not eligible", "spouse", lives_together=False, marriage_valid=True
        ),
        "II.1.2-F spouse, no valid marriage": case("not eligible", "spouse", marriage_valid=False),
        "II.1.2-F spouse, marriage not shown": case("needs evidence", "spouse"),
        "II.1.2-F child under 18": case("eligible", "child", born=date(1999, 5, 9)),
        "II.1.2-F child of 18": case("not eligible", "child", born=date(1999, 5, 8)),
        "II.1.2-F child, birthday not shown": case("needs evidence", "child"),
        "II.1.2-F parent with two years": case("eligible", "parent", "Q3", insured_months=paid(24)),
        "II.1.2-F parent with less": case("not eligible", "parent", "Q3", insured_months=paid(23)),
        "II.1.2-F parent, insurance not shown": case("needs evidence", "parent"),
        "II.1.2-F parent-in-law": case("review", "parent-in-law", "Q1"),
        "II.1.2-F sibling": case("review", "sibling", "Q1"),
        "II.1.2-F grandparent": case("review", "grandparent", "Q1"),
        "II.1.2-F grandchild": case("review", "grandchild", "Q1"),
        "II.1.2-F living together contradicted": case("review", "spouse", same_address=False, marriage_valid=True),
        "II.1.2-F living together not shown": case("needs evidence", "spouse", same_address=None, marriage_valid=True),
        "II.1.2-F principal not eligible": case(
            "not eligible", "spouse", marriage_valid=True, principal=outsider(lives_in_town=False)
        ),
        "II.1.2-F principal under review": case(
            "review", "spouse", "Q1", marriage_valid=True, principal=outsider(work=IDLE)
        ),
        "II.1.2-C can register at the address": placed("eligible", can_register_at_address=True, at="address"),
        "II.1.2-C employer first": placed(
            "eligible", can_register_at_address=False, accepted_by=("talent-market", "employer"), at="employer"
        ),
        "II.1.2-C community": placed(
            "eligible", can_register_at_address=False, accepted_by=("community",), at="community"
        ),
        "II.1.2-C talent market": placed(
            "eligible", can_register_at_address=False, accepted_by=("talent-market",), at="talent-market"
        ),
        "II.1.2-C nobody accepts yet": placed("needs evidence", can_register_at_address=False, at=""),
        "II.1.2-C address not asked about": placed("needs evidence"),
        "II.1.2-C not eligible": placed(
            "not eligible",
            can_register_at_address=False,
            accepted_by=("employer",),
            principal=outsider(lives_in_town=False),
        ),
    }


def _unregistered() -> dict[str, Case]:
    def case(result: Result, kind: Any, question: str | None = None, **facts: Any) -> Case:  # noqa: ANN401
        where = "as-before" if kind == "declared-missing-or-dead" else "with-parent-or-carer"
        return Case("register-unregistered", Unregistered(kind, **facts), result, question, {"placement": where})

    born: dict[str, Any] = {"birth_certificate": True, "parent_book": True, "marriage_or_statement": True}
    return {
        "II.1.3 outside the birth plan": case("eligible", "born-outside-plan", "Q5", **born),
        "II.1.3 outside the birth plan, certificate missing": case(
            "needs evidence", "born-outside-plan", **{**born, "birth_certificate": None}
        ),
        "II.1.3 outside the birth plan, said not to have the book": case(
            "needs evidence", "born-outside-plan", **{**born, "parent_book": False}
        ),
        "II.1.3 unmarried father, tested": case(
            "eligible", "born-outside-plan", "Q5", **born, joins="father", father_unmarried=True, kinship_test=True
        ),
        "II.1.3 unmarried father, not tested": case(
            "needs evidence", "born-outside-plan", **born, joins="father", father_unmarried=True
        ),
        "II.1.3 no certificate, born in an institution": case(
            "needs evidence", "no-birth-certificate", parent_book=True, born_in_institution=True
        ),
        "II.1.3 no certificate, born at home": case("needs evidence", "no-birth-certificate", parent_book=True),
        "II.1.3 no certificate, tested": case(
            "needs evidence", "no-birth-certificate", parent_book=True, kinship_test=True
        ),
        "II.1.3 no certificate, issued since": case(
            "eligible", "no-birth-certificate", "Q5", birth_certificate=True, parent_book=True
        ),
        "II.1.3 de-facto adoption, registered": case("eligible", "de-facto-adoption", "Q5", adoption_registered=True),
        "II.1.3 de-facto adoption, not registered yet": case("needs evidence", "de-facto-adoption"),
        "II.1.3 declared dead, back, court revoked": case("eligible", "declared-missing-or-dead", court_revoked=True),
        "II.1.3 declared dead, back, court has not revoked": case("needs evidence", "declared-missing-or-dead"),
        "II.1.3 another case, inquired": case("eligible", "other", "Q5", inquiry_done=True),
        "II.1.3 another case, not inquired yet": case("needs evidence", "other"),
        "II.1.3 registered already": case("not eligible", "other", already_registered=True),
    }


def _rural() -> dict[str, Case]:
    def case(result: Result, event: Any, question: str | None = None, **facts: Any) -> Case:  # noqa: ANN401
        told = {"places": facts.pop("places")} if "places" in facts else {}
        return Case("rural-placement", RuralPlacement(event, **facts), result, question, told)

    graduate: dict[str, Any] = {"own_will": True, "graduated": True, "came_from_banner_rural": True}
    of_three = ["origin", "habitual", "work"]
    return {
        "II.1.4-a graduate, choice of three": case("eligible", "graduation", **graduate, places=of_three),
        "II.1.4-a graduate, back to the origin": case("eligible", "graduation", wish="origin", **graduate),
        "II.1.4-a graduate, habitual residence": case("eligible", "graduation", wish="habitual", **graduate),
        "II.1.4-a graduate, place of work": case("eligible", "graduation", wish="work", **graduate),
        "II.1.4-a graduate, diploma missing": case(
            "needs evidence", "graduation", **{**graduate, "graduated": None}, places=[]
        ),
        "II.1.4-a graduate, not by own will": case("not eligible", "graduation", **{**graduate, "own_will": False}),
        "II.1.4-b student, choice": case(
            "eligible", "admission", own_will=True, school_in_region=True, places=["school", "stay"]
        ),
        "II.1.4-b student, school not shown": case("needs evidence", "admission", own_will=True),
        "II.1.4-b student, school outside the region": case(
            "not eligible", "admission", own_will=True, school_in_region=False
        ),
        "II.1.4-c marriage, receiving side non-agricultural": case(
            "eligible", "marriage", "Q13", receiving_type="non-agricultural", places=["town"]
        ),
        "II.1.4-c marriage, rural wished": case(
            "not eligible", "marriage", "Q13", receiving_type="non-agricultural", wish="rural"
        ),
        "II.1.4-d marriage, receiving side agricultural": case(
            "eligible", "marriage", "Q13", receiving_type="agricultural", wish="rural", places=["rural", "town"]
        ),
        "II.1.4-e marriage, no former type": case("review", "marriage", "Q4", receiving_type="none", places=[]),
        "II.1.4 marriage, archive not looked into": case("needs evidence", "marriage"),
        "II.1.4-f anything else": case("eligible", "other", places=["town"]),
        "II.1.4-f anything else, rural wished": case("not eligible", "other", wish="rural"),
        "II.1.4-f graduate from elsewhere": case(
            "eligible", "graduation", **{**graduate, "came_from_banner_rural": False}, places=["town"]
        ),
    }


def _permits() -> dict[str, Case]:
    asked = PermitAsked("elsewhere", lives_here_since=date(2016, 11, 8), work=HIRED)
    issued = (date(2016, 3, 1), "issued")

    def case(result: Result, **changed: Any) -> Case:  # noqa: ANN401
        return Case("residence-permit", replace(asked, **changed), result)

    def held(result: Result, state: str, day: date, *steps: Any) -> Case:  # noqa: ANN401
        return Case("permit-endorsement", PermitHeld(steps), result, None, {"state": state}, day)

    return {
        "II.2.2 half a year and work": case("eligible"),
        "II.2.2 half a year and a dwelling": case("eligible", work=IDLE, dwelling=LET),
        "II.2.2 half a year and study": case("eligible", work=IDLE, dwelling=AWAY, studies=True),
        "II.2.2 none of the three grounds": case("not eligible", work=IDLE, dwelling=AWAY),
        "II.2.2 ground not shown": case("needs evidence", work=Work(), dwelling=AWAY),
        "II.2.2 study not shown": case("needs evidence", work=IDLE, dwelling=AWAY, studies=None),
        "II.2.2 a day under half a year": case("not eligible", lives_here_since=date(2016, 11, 9)),
        "II.2.2 since when not shown": case("needs evidence", lives_here_since=None),
        "II.2.2 registered in the banner": case("not eligible", hukou="banner"),
        "II.2.2 registered nowhere": case("not eligible", hukou="none"),
        "II.2.2 registration not shown": case("needs evidence", hukou=None),
        "II.2.2 endorsement too early": held("not eligible", "in force", date(2017, 1, 31), issued),
        "II.2.2 endorsement in the month before": held("eligible", "in force", date(2017, 2, 1), issued),
        "II.2.2 endorsement on the last day": held("eligible", "in force", date(2017, 3, 1), issued),
        "II.2.2 endorsement late": held("eligible", "suspended", date(2017, 3, 2), issued),
        "II.2.2 nothing to endorse": held("not eligible", "none", MOVED),
        "II.2.2 lapsed": held("not eligible", "lapsed", MOVED, issued, (date(2016, 9, 1), "lapsed")),
    }


def _identity() -> dict[str, Case]:
    good, old = id_number("19740312", 101), "150699740312101"
    new = id_number("19740312", 101)

    def case(result: Result, asks: Any, number: str, **facts: Any) -> Case:  # noqa: ANN401
        return Case("identity-number", NumberAsked(asks, number, **facts), result)

    wrong = good[:17] + ("0" if good[17] != "0" else "1")
    return {
        "II.2.3 well formed": case("eligible", "accept", good),
        "II.2.3 check digit wrong": case("needs evidence", "accept", wrong),
        "II.2.3 badly built": case("needs evidence", "accept", "1506"),
        "II.2.3 birthday in no calendar": case("needs evidence", "accept", id_number("19740230", 101)),
        "II.2.3 fifteen digits kept": case("eligible", "accept", old),
        "II.2.3 fifteen digits linked": case("eligible", "upgrade", old, new_number=new, same_name=True, same_sex=True),
        "II.2.3 fifteen digits, another sex": case(
            "needs evidence", "upgrade", old, new_number=new, same_name=True, same_sex=False
        ),
        "II.2.3 fifteen digits, another number": case(
            "needs evidence", "upgrade", old, new_number=id_number("19740312", 103), same_name=True, same_sex=True
        ),
        "II.2.3 two people, one number": case("needs evidence", "accept", good, others_with_it=1),
        "II.2.3 one person, two numbers, by number alone": case("needs evidence", "same-person", good, new_number=new),
        "II.2.3 one person, two numbers, police have decided": case(
            "eligible", "same-person", good, new_number=new, police_decision=True
        ),
        "II.2.3 place code of another region": case("eligible", "accept", "11010519491231002X"),
        "II.2.3 corrected": case("eligible", "correct", good, new_number=new, police_decision=True),
        "II.2.3 corrected without a decision": case("needs evidence", "correct", good, new_number=new),
    }


def _guardians() -> dict[str, Case]:
    def case(result: Result, *facts: Any) -> Case:  # noqa: ANN401
        return Case("guardian-signs", Guardianship(*facts), result)

    before, after = MOVED - timedelta(days=1), MOVED + timedelta(days=1)
    return {
        "I.2.2 guardian named by a court": case("eligible", True, before),
        "I.2.2 guardian named on the day": case("eligible", True, MOVED),
        "I.2.2 guardian named from the day after": case("not eligible", True, after),
        "I.2.2 another guardian named": case("not eligible", False, before),
        "I.2.2 court's decision not shown": case("needs evidence"),
        "I.2.2 court's decision, since when not shown": case("needs evidence", True),
        "I.2.2 restored by a court the day before": case("not eligible", True, before, before),
        "I.2.2 restored by a court on the day": case("not eligible", True, before, MOVED),
        "I.2.2 restored by a court the day after": case("eligible", True, before, after),
    }


CASES: dict[str, Case] = {
    **_in_banner(), **_from_outside(), **_family(), **_unregistered(), **_rural(), **_permits(), **_identity(), **_guardians(),
}  # fmt: skip
