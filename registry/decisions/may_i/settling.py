"""镇上落户、外地来的、没户口: the decisions of the police desk, asked by tapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from registry.decisions.categories import Grounds, Joining, Licence
from registry.decisions.facts import Dwelling, Known, Lease, Work, months_after
from registry.decisions.from_outside import FromOutside, settle_from_outside
from registry.decisions.in_banner import InBanner, settle_in_banner
from registry.decisions.unregistered import Case, Unregistered, register_unregistered
from registry.law.book import book

if TYPE_CHECKING:
    from datetime import date

    from registry.decisions.facts import Hukou
    from registry.decisions.may_i.model import Answers
    from registry.law.deciding import Decision

_YES: dict[str, Known] = {"yes": True, "no": False}
_NO_LEASE: Lease = "none"
_CASES = ("born-outside-plan", "no-birth-certificate", "de-facto-adoption", "declared-missing-or-dead")


def settle(answers: Answers, day: date) -> Decision:
    """我要在镇上落户."""
    hukou = answers["hukou"]
    known = cast("Hukou", hukou) if hukou in {"banner", "elsewhere", "none"} else None
    home = answers.get("home")
    return settle_in_banner(InBanner(known, _dwelling(home, answers.get("in_town"), answers.get("lives"))), day)


def from_outside(answers: Answers, day: date) -> Decision:
    """外地来的: what is tapped is taken as shown; the desk will want the papers."""
    town = answers["town"]
    facts = FromOutside(
        hukou="elsewhere",
        lives_in_town=_YES.get(town),
        dwelling=_dwelling(answers["home"], town, town),
        work=_work(answers["work"]),
        grounds=_grounds(answers, day),
        permit=_YES.get(answers["permit"]),
    )
    return settle_from_outside(facts, day)


def unregistered(answers: Answers, day: date) -> Decision:
    """没户口: whoever does not know the case goes the way of the police inquiry."""
    given = answers["case"]
    case = cast("Case", given if given in _CASES else "other")
    acted = _YES.get(answers.get("acted", ""))
    facts = Unregistered(
        case=case,
        birth_certificate=_YES.get(answers.get("certificate", "")),
        parent_book=_YES.get(answers.get("parent_book", "")),
        born_in_institution=_YES.get(answers.get("institution", "")),
        adoption_registered=acted,
        court_revoked=acted,
        inquiry_done=acted,
    )
    return register_unregistered(facts, day)


def _dwelling(home: str | None, in_town: str | None, lives: str | None) -> Dwelling:
    leases: dict[str | None, Lease] = {"filed": "filed", "not-filed": "not filed", "none": _NO_LEASE, "owned": _NO_LEASE}
    owned = None if home not in leases else home == "owned"
    return Dwelling(_YES.get(in_town or ""), _YES.get(lives or ""), owned, leases.get(home))


def _work(answered: str) -> Work:
    papers: dict[str, Literal["labour-contract", "other"]] = {"yes": "labour-contract", "other": "other"}
    return Work(_YES.get("yes" if answered in papers else answered), papers.get(answered))


def _grounds(answers: Answers, day: date) -> Grounds:
    category = answers["category"]
    if category == "unknown":
        return Grounds(None, None, None, None, None, None, None)
    sponsor = answers.get("sponsor")
    has = _YES.get(sponsor or "")
    home = {"yes": "owned", "no": "none"}.get(sponsor or "")
    joining = Joining("spouse", kinship_shown=True, sponsor_dwelling=_dwelling(home, sponsor, sponsor), sponsor_employed=has)
    paid = book().whole("WS-2016/II.1.2(2)", "insured_months", day)
    months = tuple(months_after(day, -n).strftime("%Y-%m") for n in range(paid))
    return {
        "bought": Grounds(house="commodity"),
        "insured": Grounds(insured_months=months),
        "joining": Grounds(joining=joining),
        "licence": Grounds(licence=Licence("sole-proprietor", months_after(day, -1), shown=True)),
        "appointed": Grounds(approved=True),
        "graduate": Grounds(qualified="college"),
        "employee": Grounds(qualified="enterprise-employee"),
        "talent": Grounds(talent=True),
        "none": Grounds(),
    }[category]
