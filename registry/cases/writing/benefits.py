"""Cases about 惠农牧政策: who is entitled by a policy's own dated basis (land, herd, household, person), to how much, until when.

No basis reads where anybody is registered (二(三)1-g; I11): a benefit ends when its policy is over or its basis is gone, which the
register itself must show, and by nothing that anybody says.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from registry.benefits import acts as benefits
from registry.benefits.model import BENEFIT
from registry.benefits.policies import UNITS, policies, policy_on
from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.corrections import concerned, noun_of
from registry.cases.writing.writer import looking, only_one, seen_of, standing
from registry.catalogue import words_of
from registry.holding import acts as holdings
from registry.membership.model import MEMBERSHIP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version

_THING_OF = {"parcel": "parcel", "herd": "holding", "household": "holding", "person": "membership"}
_GROUNDS = ("policy-over", "basis-gone")


class BenefitGranted:
    """惠农牧政策享受: `policy` and `unit` as policies.toml has them on the day, `quantity`, `year`; about what its basis is."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Those who would have it."""
        self._read(at, only_one(subject), request, day)
        if _word_of(at, only_one(subject)) == "membership":
            member = standing(at, MEMBERSHIP, only_one(subject), day)
            return Touched(seen_of(at, (MEMBERSHIP, member.thing_id)), _person(at, str(member.columns["person_id"]), day))
        people, seen = concerned(at, *noun_of(at, only_one(subject)), day)
        return Touched(seen, people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """One entitlement."""
        benefits.begin(at.act("benefit-granted", day, fields), **self._read(at, only_one(subject), request, day))

    def _read(self, at: Desk, thing_id: str, request: Mapping[str, Any], day: str) -> dict[str, str]:
        said = Said(request)
        name, unit = said.text("policy"), said.word("unit", UNITS)
        quantity, year = said.amount("quantity"), said.text("year")
        said.done()
        word, on = _word_of(at, thing_id), dt.date.fromisoformat(day)
        fitting = [basis for basis, thing in _THING_OF.items() if thing == word and policy_on(name, basis, unit, on)]
        if not fitting:
            said.refuse("policy", "今天没有这项政策, 或它不按这种依据", "no such policy today, or not on that basis in that unit")
        whose = str(standing(at, MEMBERSHIP, thing_id, day).columns["person_id"]) if word == "membership" else thing_id
        terms = {"policy": name, "basis": fitting[0], "beneficiary_id": whose}
        return {**terms, "quantity": quantity, "unit": unit, "policy_year": year}


class BenefitAdjusted:
    """惠农牧政策调整: another `quantity`, or the same for another `year`."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Those who have it."""
        self._read(request)
        benefit = standing(at, BENEFIT, only_one(subject), day)
        return Touched(seen_of(at, (BENEFIT, benefit.thing_id)), _entitled(at, benefit, day))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The figure of the year."""
        quantity, year = self._read(request)
        benefits.change(at.act("benefit-adjusted", day, fields), only_one(subject), quantity=quantity, policy_year=year)

    def _read(self, request: Mapping[str, Any]) -> tuple[str, str]:
        said = Said(request)
        read = said.amount("quantity"), said.text("year")
        said.done()
        return read


class BenefitEnded:
    """惠农牧政策终止: `ground` is policy-over or basis-gone, and the register shows it; a move to town is neither."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Those who have it, or had it when its basis went."""
        said = Said(request)
        ground = said.word("ground", _GROUNDS)
        said.done()
        benefit = standing(at, BENEFIT, only_one(subject), day)
        gone = _gone_since(at, benefit, day)
        on = dt.date.fromisoformat(day)
        in_force = any(policy.name == benefit.columns["policy"] and policy.holds_on(on) for policy in policies())
        if (ground == "basis-gone" and gone is None) or (ground == "policy-over" and in_force):
            zh, en = "政策还在, 依据也还在: 进城落户不停发", "policy and basis both stand: a move to town ends no benefit"
            said.refuse("ground", zh, en)
        before = day if gone is None else (dt.date.fromisoformat(gone) - dt.timedelta(days=1)).isoformat()
        return Touched(seen_of(at, (BENEFIT, benefit.thing_id)), _entitled(at, benefit, before))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:  # noqa: ARG002  (as every writer takes it)
        """The end of the entitlement."""
        benefits.end(at.act("benefit-ended", day, fields), only_one(subject))


def _word_of(at: Desk, thing_id: str) -> str:
    return words_of(at.connection, [thing_id])[thing_id]


def _entitled(at: Desk, benefit: Version, day: str) -> dict[str, bool]:
    """Whoever has a benefit: the person, or everybody with the land or on the list that it rests on."""
    whose = str(benefit.columns["beneficiary_id"])
    if benefit.columns["basis"] == "person":
        return _person(at, whose, day)
    return concerned(at, *noun_of(at, whose), day)[0]


def _person(at: Desk, person: str, day: str) -> dict[str, bool]:
    return {} if holdings.has_died(looking(at, "", day), person) else holdings.minors(looking(at, "", day), [person])


def _gone_since(at: Desk, benefit: Version, day: str) -> str | None:
    """Since when the land or the list has ended, or today for a person who has died; None where the basis stands."""
    whose = str(benefit.columns["beneficiary_id"])
    if benefit.columns["basis"] == "person":
        return day if holdings.has_died(looking(at, "", day), whose) else None
    noun, thing_id = noun_of(at, whose)
    newest = at.chain(noun, thing_id)[-1]
    return newest.valid_from if newest.status == "ended" and newest.valid_from <= day else None
