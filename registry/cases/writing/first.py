"""Cases that enter by hand what no delivery brought: a household that is on no list, one contract, one homestead.

A right exists since its contract took effect or the plot was allotted; the first registration writes it down from that day
on. Whoever holds land beside it is told, and anybody may object while the notice stands (REG/first-notice).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from registry import parties, reshaping
from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing import newcomers
from registry.cases.writing.corrections import concerned
from registry.cases.writing.households import refuse_taken
from registry.cases.writing.writer import (
    co_holders,
    looking,
    not_after,
    only_one,
    remark_of,
    seen_of,
    standing,
)
from registry.holding import acts as holdings
from registry.holding.model import HOLDING, CoHolder
from registry.holding.read import listed_in
from registry.law.deciding import keeps
from registry.membership.model import MEMBERSHIP
from registry.parcels import acts as parcels
from registry.parcels import read as parcels_read
from registry.parcels.acts import ParcelFacts
from registry.parcels.box import Box
from registry.parcels.model import PARCEL
from registry.remarks import with_remark
from registry.reshaping import NewParcel
from registry.rights import acts as rights
from registry.rights import read as rights_read
from registry.rights.acts import Contracted, Holder, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.cases.writing.newcomers import Somebody
    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk

HOMESTEAD = "homestead"
_HOUSEHOLD = 18
_BESIDE_M = 2.0
"""Land nearer than this lies beside it: its holders are told."""


@dataclass(frozen=True, slots=True)
class _Entered:
    """What the paper says: the right's thing, its terms (without the unit's id), and its parcels with contract areas."""

    thing: str
    signed: str
    method: str
    terms: Terms
    land: tuple[NewParcel, ...]
    areas: tuple[tuple[str, str], ...]
    remark: str


@dataclass(frozen=True, slots=True)
class FirstRegistered:
    """首次登记: `land`, `code` of the contract or certificate, `signed`, `parcels` (code, `shape`, surveyed and contract areas).

    A contract has `from`, `until` and `method`; a homestead has neither, and its parcel the approved area; `remark` is the
    word of a 附记 sentence beside it. The member list
    stays as it is: who is missing on it is 漏登.
    """

    uses: tuple[str, ...]

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """The household, whose right it is, and whoever holds land beside it; all are told."""
        holding = only_one(subject)
        entered = self._read(at, holding, request, day)
        own = co_holders(at, holding, day)
        return Touched(seen_of(at, (HOLDING, holding)), _beside(at, entered.land, day) | own, gains=frozenset(own))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The parcels, the contract or certificate, and the right."""
        holding = only_one(subject)
        entered = self._read(at, holding, request, day)
        issuer = standing(at, HOLDING, holding, day).columns["issuer_id"]
        act = at.act("first-registration", entered.signed, with_remark(fields, entered.remark, day))
        made = [parcels.begin(act, new.facts, new.shape, new.texts) for new in entered.land]
        kind = "certificate" if entered.thing == HOMESTEAD else "contract"
        code, terms = entered.terms.unit_code, entered.terms
        unit = rights.unit(act, kind=kind, code=code, issuer_id=issuer, method=entered.method, signed_on=entered.signed)
        lines = [Contracted(parcel, *area) for parcel, area in zip(made, entered.areas, strict=True)]
        of_unit = Terms(unit, code, terms.term_start, terms.term_end, book=terms.book, book_number=terms.book_number)
        rights.begin(act, entered.thing, Holder(holding_id=holding), of_unit, lines)

    def _read(self, at: Desk, holding: str, request: Mapping[str, Any], day: str) -> _Entered:
        said = Said(request)
        land = said.word("land", self.uses)
        code, signed = said.text("code"), not_after(said, said.day("signed"), day, "signed")
        terms, method, thing = Terms("", code, book="realty-platform", book_number=code), "", HOMESTEAD
        if land != HOMESTEAD:
            start, end, method = said.day("from"), said.day("until"), said.text("method")
            if end < start:
                said.refuse("until", "到期日在开始以前", "it ends before it begins")
            terms, thing = Terms("", code, start, end), f"contract-{land}"
        remark = remark_of(said, thing)
        home = standing(at, HOLDING, holding, signed)
        rows = [_parcel(row, land, str(home.columns["issuer_id"])) for row in said.rows("parcels")]
        said.done()
        if land == HOMESTEAD:
            _refuse_second(at, said, holding, len(rows), day)
        new = tuple(parcel for parcel, _ in rows)
        reshaping.plan_first(at, new, day=day)
        return _Entered(thing, signed, method, terms, new, tuple(area for _, area in rows), remark)


class HouseholdEntered:
    """首次登记 of a household that is on no list: `code` (承包方编码), `signed`, and its `members`, the representative first.

    Each member is a `person`, or has `name`, `id_number`, `sex`; with `relation` and `co_holder` (left out: yes). About the
    membership of one of them, which names the collective. Its land is entered by cases of their own, about the list begun here.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Those of the household whom the register knows; they gain."""
        lines, *_ = self._read(at, subject, request, day)
        known = {person for who, _, _ in lines for person in who.known}
        people = holdings.minors(looking(at, "", day), sorted(known))
        return Touched(seen_of(at, (MEMBERSHIP, only_one(subject))), people, gains=frozenset(people))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The household and its list."""
        lines, code, signed = self._read(at, subject, request, day)
        collective = str(standing(at, MEMBERSHIP, only_one(subject), day).columns["collective_id"])
        act = at.act("first-registration", signed, fields)
        household, rows = parties.household_rows(at.randomness)
        for table, row in rows:
            at.row(table, row)
        listed = [CoHolder(who.enter(act), relation, co_holder) for who, relation, co_holder in lines]
        holdings.begin(
            act,
            household_id=household,
            code=code,
            issuer_id=collective,
            representative_id=listed[0].person_id,
            members=listed,
        )

    def _read(
        self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str
    ) -> tuple[list[tuple[Somebody, str, bool]], str, str]:
        said = Said(request)
        code, signed = said.text("code"), not_after(said, said.day("signed"), day, "signed")
        lines = []
        for row in said.rows("members"):
            co_holder = row.word("co_holder", ("yes", "no")) == "yes" if row.has("co_holder") else True
            lines.append((newcomers.read(at, row), row.text("relation"), co_holder))
            row.done()
        said.done()
        refuse_taken(at, said, code)
        columns = standing(at, MEMBERSHIP, only_one(subject), day).columns
        village = parties.organisations(at.connection, [columns["collective_id"]])[columns["collective_id"]].code
        if not (code.isdecimal() and len(code) == _HOUSEHOLD and code.startswith(village)):
            said.refuse("code", f"承包方编码要 18 位, 以 {village} 开头", f"18 digits that begin with {village} are wanted")
        people = [person for who, _, _ in lines for person in who.known]
        if len(set(people)) != len(people) or columns["person_id"] not in people:
            zh = "同一人写了两次, 或案件写的那个成员不在里面"
            said.refuse("members", zh, "the same person twice, or not the one whom the case is about")
        _refuse_listed(at, said, people, day)
        return lines, code, signed


@keeps("RLCL/household-holds")
def _refuse_listed(at: Desk, said: Said, people: Sequence[str], day: str) -> None:
    """Who is on a list already leaves it by 分户, by contract and with everybody's will: not by a second list."""
    if listed_in(at.connection, people, valid_at=day, known_at=at.position.size):
        zh = "有人已经在别的承包户名册上: 先办分户或更正"
        said.refuse("members", zh, "somebody is on another household's list: division comes first")


def _parcel(row: Said, land: str, village: str) -> tuple[NewParcel, tuple[str, str]]:
    """One parcel as it was surveyed, and its area by the contract."""
    code, vertices = row.text("code"), row.vertices("shape")
    surveyed, contracted = (row.amount("surveyed_m2"), row.amount("surveyed_mu")), (row.amount("m2"), row.amount("mu"))
    approved, excess = (row.amount("approved_m2"), row.amount("excess_m2")) if land == HOMESTEAD else ("", "")
    category, land_type = row.text("category", empty=True), row.text("land_type", empty=True)
    texts = {"local_name": row.text("local_name")} if row.has("local_name") else {}
    row.done()
    if len(vertices) < 4:  # noqa: PLR2004  (three corners and the first again)
        row.refuse("shape", "至少三个角, 首尾相接", "at least three corners, the first one again at the end")
    facts = ParcelFacts(
        code, village, land, category, land_type, *surveyed, approved_area_m2=approved, excess_area_m2=excess
    )
    return NewParcel(facts, shapely.Polygon(vertices), texts), contracted


@keeps("HOME/one-household-one")
def _refuse_second(at: Desk, said: Said, holding: str, plots: int, day: str) -> None:
    """One household, one homestead (土地管理法 62): a second one is no first registration."""
    holders = [holding, *co_holders(at, holding, day)]
    known = at.position.size
    held = rights_read.page(at.connection, valid_at=day, known_at=known, limit=1, things=[HOMESTEAD], holder_ids=holders)
    if held or plots != 1:
        said.refuse("parcels", "一户一处院子, 这一户已经登记过", "one household, one homestead: it has one on file")


def _beside(at: Desk, land: Sequence[NewParcel], day: str) -> dict[str, bool]:
    """Whoever has a right on a parcel that lies beside one of these."""
    people: dict[str, bool] = {}
    for new in land:
        west, south, east, north = new.shape.bounds
        box = Box(west - _BESIDE_M, south - _BESIDE_M, east + _BESIDE_M, north + _BESIDE_M)
        for state in parcels_read.page(at.connection, valid_at=day, known_at=at.position.size, limit=10_000, box=box):
            if shapely.dwithin(state.shape, new.shape, _BESIDE_M):
                people |= concerned(at, PARCEL, state.parcel_id, day)[0]
    return people
