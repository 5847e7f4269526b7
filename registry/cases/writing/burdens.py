"""Cases that lay something on a right or take it off: an objection on the record, a mortgage, a lease.

Each keeps every term of the right that it lies on. The lender, or whoever objects, can be a person's name: sealed.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing import newcomers
from registry.cases.writing.writer import (
    burdens_on,
    holders,
    issuer_of,
    lying_on,
    only_one,
    refuse_stopped,
    seen_of,
    standing,
)
from registry.decisions.deadlines import deadline
from registry.ledger.chain import read_chains
from registry.restrictions.model import RESTRICTION
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.rights.model import RIGHT
from registry.transferability import transferability

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk

_GROUNDS = ("expired", "agreed", "law", "court")


class Objected:
    """异议登记: an objection on the record of a right, until the last day to sue; never stops the holder's use.

    `objector` is who objects, `document` the number of the objection's paper. The holders are not asked: it warns others.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Who holds the right has a stake."""
        said = Said(request)
        said.text("objector"), said.text("document")
        said.done()
        people, seen = holders(at, only_one(subject), day)
        return Touched(seen, people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The restriction, and the right's new version that follows it."""
        said = Said(request)
        rights.burden(
            at.act("objected", day, fields),
            only_one(subject),
            restriction_kind="objection",
            parties={"objector": said.text("objector")},
            document=said.text("document"),
            until=deadline("objection", dt.date.fromisoformat(day)).last_day.isoformat(),
        )


@dataclass(frozen=True, slots=True)
class Secured:
    """抵押, 质押 (`cause`, `sort`): `lender`, `amount` (yuan), `rank`, `document`, `until`. Every holder agrees, each apart."""

    cause: str
    sort: str

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Every holder, and each must agree."""
        said = Said(request)
        said.text("lender"), said.text("document"), said.amount("amount"), said.whole("rank"), said.day("until", empty=True)
        said.done()
        refuse_stopped(at, said, only_one(subject), day)
        people, seen = holders(at, only_one(subject), day)
        return Touched(seen, people, frozenset(people))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The restriction, and the right's new version that follows it."""
        said = Said(request)
        rights.burden(
            at.act(self.cause, day, fields),
            only_one(subject),
            restriction_kind=self.sort,
            parties={"lender": said.text("lender")},
            document=said.text("document"),
            amount=said.amount("amount"),
            rank=said.whole("rank"),
            until=said.day("until", empty=True),
        )


@dataclass(frozen=True, slots=True)
class Lifted:
    """解押, 异议注销: what lies on a right is taken off it. `sort` is the kind of restriction.

    `by_lender`: the lender agrees; their will is recorded under the id of the restriction, which names them.
    """

    kind: str
    sort: str
    by_lender: bool

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """The holders are told; the lender agrees."""
        Said(request).done()
        restriction = only_one(subject)
        lying = standing(at, RESTRICTION, restriction, day)
        if lying.columns["restriction_kind"] != self.sort:
            Said(request).refuse("subject", f"不是 {self.sort}", f"it is no {self.sort}")
        people, seen = holders(at, lying.columns["right_id"], day)
        seen |= seen_of(at, (RESTRICTION, restriction))
        if not self.by_lender:
            return Touched(seen, people)
        return Touched(seen, people | {restriction: False}, frozenset({restriction}))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:  # noqa: ARG002  (as every writer takes it)
        """The end of the restriction, and the right's new version that is free of it."""
        rights.unburden(at.act(self.kind, day, fields), only_one(subject))


@dataclass(frozen=True, slots=True)
class Leased:
    """出租, 转包, 入股 (`cause`): `lessee` (an id, or who it is), the contract's `code`, `from`, `until`, `parcels` with areas.

    The operating right begins inside the contract right and its term, and only where the land may be let now. A lender agrees
    (under the restriction's id); under an open objection `objection_known` is the paper in which the lessee says to know it.
    """

    cause: str

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Every holder, and each must agree; the lessee gains."""
        right_id = only_one(subject)
        who, _, terms, lines = self._read(at, right_id, request, day)
        years = int(terms[1][:4]) - int(day[:4]) + 1
        right = standing(at, RIGHT, right_id, day)
        lying = json.loads(right.columns["burdens"])
        found = transferability(
            right,
            read_chains(at.connection, RESTRICTION, lying),
            read_chains(at.connection, RIGHT, lying),
            day=day,
            years=years,
            kind=self.cause,
        )
        let_whole = {reason.word for reason in found.reasons} == {"let-already"}
        if found.answer == "refused" and not let_whole:
            Said(request).refuse("subject", "; ".join(r.zh for r in found.reasons), "; ".join(r.en for r in found.reasons))
        _refuse_let(at, request, right_id, lines, day)
        if not request.get("objection_known") and "objection" in lying_on(at, right, day):
            zh, en = "有异议登记: 要承租人书面确认知道", "an objection is open: the lessee confirms in writing to know it"
            Said(request).refuse("objection_known", zh, en)
        people, seen = holders(at, right_id, day)
        lenders = {burden: False for burden, sort in burdens_on(at, right, day).items() if sort == "mortgage"}
        return Touched(seen, people | lenders, frozenset({*people, *lenders}), who.known)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The unit, the operating right, and the contract right's new version that follows it."""
        right_id = only_one(subject)
        who, code, (start, end), lines = self._read(at, right_id, request, day)
        issuer = issuer_of(at, standing(at, RIGHT, right_id, day))
        act = at.act(self.cause, day, fields)
        lessee = Holder(party_id=who.enter(act))
        unit = rights.unit(act, kind="contract", code=code, issuer_id=issuer, method="", signed_on=day)
        rights.let(act, right_id, lessee, Terms(unit, code, start, end), lines)

    def _read(
        self, at: Desk, right_id: str, request: Mapping[str, Any], day: str
    ) -> tuple[newcomers.Somebody, str, tuple[str, str], list[Contracted]]:
        said = Said(request)
        inner = Said(said.any("lessee"), "lessee.")
        who = newcomers.read_with_companies(at, inner)
        inner.done()
        code, start, end = said.text("code"), said.day("from"), said.day("until")
        lines = [Contracted(row.id("parcel"), row.amount("m2"), row.amount("mu")) for row in said.rows("parcels")]
        said.amount("payment", empty=True), said.hash("objection_known", empty=True)
        said.done()
        if start > end or end < day:
            said.refuse("until", "到期日在开始以前或已经过了", "it ends before it begins, or has ended")
        held = {line["parcel_id"] for line in standing(at, RIGHT, right_id, day).children["right_parcel"]}
        if {line.parcel_id for line in lines} - held:
            said.refuse("parcels", "这份承包合同里没有这块地", "the contract has no such parcel")
        return who, code, (start, end), lines


class OperatingEnded:
    """经营权终止: `ground` is expired, agreed, law (C22) or court. Agreed: both sides agree; else both are told."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Those who let and those who rent."""
        said = Said(request)
        ground = said.word("ground", _GROUNDS)
        said.done()
        operating = standing(at, RIGHT, only_one(subject), day)
        if ground == "expired" and (not operating.columns["term_end"] or operating.columns["term_end"] >= day):
            said.refuse("ground", "还没有到期", "the term has not run out")
        renting, seen = holders(at, operating.thing_id, day)
        letting, of_parent = holders(at, str(operating.columns["within_id"]), day)
        people = renting | letting
        return Touched(seen | of_parent, people, frozenset(people) if ground == "agreed" else frozenset())

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:  # noqa: ARG002  (as every writer takes it)
        """The end of the operating right, and the contract right's new version that is free of it."""
        rights.end_letting(at.act("operating-ended", day, fields), only_one(subject))


def _refuse_let(at: Desk, request: Mapping[str, Any], right_id: str, lines: Sequence[Contracted], day: str) -> None:
    """A parcel that is let already is not let again."""
    for burden in json.loads(standing(at, RIGHT, right_id, day).columns["burdens"]):
        # Not through the desk, which keeps what it read by id: a burden may be a restriction.
        chain = read_chains(at.connection, RIGHT, [burden]).get(burden, [])
        taken = {line["parcel_id"] for line in chain[-1].children["right_parcel"]} if chain else set()
        if chain and chain[-1].status != "ended" and taken & {line.parcel_id for line in lines}:
            Said(request).refuse("parcels", "这块地已经租出去了", "the parcel is let already")
