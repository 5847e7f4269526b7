"""Cases in which land goes: taken by the state for pay (征收), destroyed by nature (灭失), or passed to who lost theirs (调整).

What is left stays: a parcel taken in part goes on under its id, a right with other land under its own. Nobody's will is asked
for; everybody whose right lies on the land is told, and a person reviews it. Where the household lives is asked nowhere.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import shapely
import sqlalchemy as sa

from registry import assembly, parties
from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.corrections import concerned
from registry.cases.writing.writer import (
    burdens_on,
    co_holders,
    contracted,
    newest,
    not_after,
    only_one,
    refuse_encumbered,
    seen_of,
    standing,
)
from registry.holding.model import HOLDING
from registry.law.book import book
from registry.law.deciding import decides, keeps
from registry.parcels import acts as parcels
from registry.parcels.model import PARCEL
from registry.reshaping.burdens import carry
from registry.rights import acts as rights
from registry.rights import read as rights_read
from registry.rights.acts import Contracted
from registry.rights.model import RIGHT, RIGHT_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version

LOST, TAKEN = "land-lost", "expropriated"
_READJUSTMENT = "RLCL/readjustment"
_SLIVER_M2 = 0.01
"""What is left may stick out of what was there by less than a hand's breadth: rounding of a new line."""
_BODIES = ("assembly", "representatives")


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left of a parcel: its shape, surveyed areas, and the contract areas by right."""

    shape: shapely.Polygon
    m2: str
    mu: str
    areas: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Gone:
    """One parcel, the rights on it, the day, and what is left of it, if anything."""

    parcel: Version
    rights: tuple[Version, ...]
    since: str
    rest: _Rest | None


@dataclass(frozen=True, slots=True)
class LandGone:
    """征收, 灭失 (`cause`) of one parcel since `day`, by `document`; 征收 with its `compensation` (yuan, above 0).

    `rest`, where something is left: its `shape`, surveyed `m2` and `mu`, and `areas` (of each `right` its contract `m2`, `mu`).
    """

    cause: str

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everybody with a right on the parcel, and whoever has lent on one."""
        gone = self._read(at, only_one(subject), request, day)
        people, seen = concerned(at, PARCEL, gone.parcel.thing_id, day)
        for right in gone.rights:
            people |= {burden: False for burden, sort in burdens_on(at, right, day).items() if sort == "mortgage"}
        return Touched(seen, people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The parcel ends, or goes on with what is left; a right ends only where no other land is under it."""
        gone = self._read(at, only_one(subject), request, day)
        act, parcel_id = at.act(self.cause, gone.since, fields), gone.parcel.thing_id
        for right in gone.rights:
            lines = [line for line in contracted(right) if line.parcel_id != parcel_id]
            if gone.rest is not None:
                left = Contracted(parcel_id, *gone.rest.areas[right.thing_id])
                lines = [left if line.parcel_id == parcel_id else line for line in contracted(right)]
            if lines:
                rights.change(act, right.thing_id, parcels=lines)
            else:
                rights.end(act, right.thing_id)
        if gone.rest is None:
            parcels.end(act, parcel_id)
        else:
            figures = {"surveyed_area_m2": gone.rest.m2, "surveyed_area_mu": gone.rest.mu}
            parcels.change(act, parcel_id, figures, shape=gone.rest.shape)

    def _read(self, at: Desk, parcel_id: str, request: Mapping[str, Any], day: str) -> _Gone:
        said = Said(request)
        since = not_after(said, said.day("day"), day)
        said.text("document")
        if self.cause == TAKEN:
            _refuse_unpaid(said)
        rest = _rest(Said(said.any("rest"), "rest.")) if said.has("rest") else None
        said.done()
        at.chain(PARCEL, parcel_id, geometry=True)
        parcel = newest(at, said, PARCEL, parcel_id, since)
        known = at.position.size
        on_it = [
            newest(at, said, RIGHT, right, since)
            for right, _, status in rights_read.on_parcel(at.connection, parcel_id, valid_at=day, known_at=known)
            if status != "ended"
        ]
        if any(right.thing == "operating" for right in on_it):
            said.refuse("subject", "这块地租出去了: 先办经营权终止", "the parcel is let: end that first")
        # A mortgage or an objection goes on with a right that goes on; a seizure, a dispute or a grazing ban is settled first.
        carry(at, self.cause, since, [parcel_id], {right.thing_id: right for right in on_it})
        for right in on_it:
            if rest is None and len(right.children["right_parcel"]) == 1:
                refuse_encumbered(at, said, right, day)
        if rest is not None:
            _refuse_no_part(said, parcel, on_it, rest)
        return _Gone(parcel, tuple(on_it), since, rest)


class Readjusted:
    """承包地调整: after a disaster `parcels` come from one contract (`gives`) to another, whose household's land was destroyed.

    About both contracts. `body` (assembly, representatives) voted on `day`: `of` so many `agreed`; two approvals are among the
    papers. The household that gets it has a 灭失 on record: for anything else nothing is readjusted.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everybody of both households; those who get land gain."""
        giving, getting, _ = self._read(at, subject, request, day)
        people: dict[str, bool] = {}
        seen = seen_of(at, (RIGHT, giving.thing_id), (RIGHT, getting.thing_id))
        for right in (giving, getting):
            home = str(right.columns["holding_id"])
            people |= co_holders(at, home, day)
            seen |= seen_of(at, (HOLDING, home))
        return Touched(seen, people, gains=frozenset(co_holders(at, str(getting.columns["holding_id"]), day)))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The two lists of parcels, contract areas as written; nothing else of either."""
        giving, getting, given = self._read(at, subject, request, day)
        act = at.act("readjusted", day, fields)
        moved = [line for line in contracted(giving) if line.parcel_id in given]
        rights.change(act, giving.thing_id, parcels=[line for line in contracted(giving) if line not in moved])
        rights.change(act, getting.thing_id, parcels=[*contracted(getting), *moved])

    def _read(
        self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str
    ) -> tuple[Version, Version, frozenset[str]]:
        said = Said(request)
        gives, given = said.id("gives"), frozenset(said.ids("parcels"))
        body, voted, of, agreed = said.word("body", _BODIES), said.day("day"), said.whole("of"), said.whole("agreed")
        said.done()
        if len(subject) != 2 or gives not in subject:  # noqa: PLR2004  (two contracts)
            said.refuse("gives", "要两份合同, gives 是给出地的一份", "two contracts, and gives is the one that gives land")
        getting = standing(at, RIGHT, next(each for each in subject if each != gives), day)
        giving = standing(at, RIGHT, gives, day)
        if not given < {line.parcel_id for line in contracted(giving)}:
            said.refuse("parcels", "要是这份合同的地, 而且要给它留地", "parcels of that contract, and some must stay with it")
        _refuse_unlike(at, said, giving, getting, day)
        refuse_encumbered(at, said, giving, day)
        _refuse_no_vote(at, said, getting, body, not_after(said, voted, day), (of, agreed))
        return giving, getting, given


@keeps("REG/expropriation")
def _refuse_unpaid(said: Said) -> None:
    """征收 without compensation is none (民法典 243, law G-14)."""
    if Decimal(said.amount("compensation")) <= 0:
        said.refuse("compensation", "征收要补偿: 写明数额", "an expropriation is compensated: state how much")


def _rest(said: Said) -> _Rest:
    vertices = said.vertices("shape")
    m2, mu = said.amount("m2"), said.amount("mu")
    areas: dict[str, tuple[str, str]] = {}
    for row in said.rows("areas"):
        areas[row.id("right")] = (row.amount("m2"), row.amount("mu"))
        row.done()
    said.done()
    if len(vertices) < 4 or not shapely.Polygon(vertices).is_valid:  # noqa: PLR2004  (three corners and the first again)
        zh = "至少三个角, 首尾相接, 不能自己相交"
        said.refuse("shape", zh, "at least three corners, the first again at the end, and lines that do not cross")
    return _Rest(shapely.Polygon(vertices), m2, mu, areas)


def _refuse_no_part(said: Said, parcel: Version, on_it: Sequence[Version], rest: _Rest) -> None:
    """What is left is a part of what was there: in shape, and in each contract area."""
    outside = shapely.area(shapely.difference(rest.shape, parcel.geometry))
    if outside > _SLIVER_M2 or Decimal(rest.m2) >= Decimal(parcel.columns["surveyed_area_m2"] or "Infinity"):
        said.refuse("rest", "剩下的要在原来的地块里面, 而且更小", "what is left lies inside the parcel as it was, and is smaller")
    if set(rest.areas) != {right.thing_id for right in on_it}:
        zh = "这块地上的每项权利都要写剩下的合同面积"
        said.refuse("rest", zh, "of each right on the parcel the contract area that is left is wanted")
    for right in on_it:
        (line,) = [each for each in contracted(right) if each.parcel_id == parcel.thing_id]
        if Decimal(rest.areas[right.thing_id][0]) > Decimal(line.area_m2 or "Infinity"):
            said.refuse("rest", "剩下的合同面积不会比原来大", "what is left of a contract area is no larger than it was")


@decides(_READJUSTMENT)
def _refuse_no_vote(at: Desk, said: Said, getting: Version, body: str, day: str, votes: tuple[int, int]) -> None:
    """C7: a disaster on record, and two thirds of the whole body by the law of the day of the vote."""
    of, agreed = votes
    home = at.chain(HOLDING, str(getting.columns["holding_id"]))[-1]
    lost = sa.select(RIGHT_VERSION.c.cause_idx).where(
        RIGHT_VERSION.c.holder_id == home.thing_id, RIGHT_VERSION.c.cause_kind == LOST
    )
    if at.connection.scalar(lost.limit(1)) is None:
        zh = "接地的这一户没有登记过灭失: 没有遭灾的不调整, 先登记灭失"
        said.refuse("subject", zh, "the household that would get land has lost none on record: enter the loss first, or nothing")
    share = book().fraction(_READJUSTMENT, "assembly_share", dt.date.fromisoformat(day))
    whole = of
    if body == "assembly":
        village = parties.organisations(at.connection, [home.columns["issuer_id"]])[home.columns["issuer_id"]]
        whole = assembly.roster(at.store, at.connection, village.code, valid_at=day, known_at=at.position.size).quorum.of
    if of != whole or agreed > of or Fraction(agreed, of) < share:
        zh = f"要全体 {whole} 人的 {share} 以上同意, 不是到会的"
        said.refuse("agreed", zh, f"{share} of all {whole} are wanted, not of those who came")


def _refuse_unlike(at: Desk, said: Said, giving: Version, getting: Version, day: str) -> None:
    homes = {giving.columns["holding_id"], getting.columns["holding_id"]}
    if len(homes) != 2 or None in homes or giving.thing != getting.thing:  # noqa: PLR2004  (two households)
        said.refuse("subject", "要是两户的、同一种地的承包合同", "contracts of two households on one kind of land are wanted")
    if len({standing(at, HOLDING, str(home), day).columns["issuer_id"] for home in homes}) > 1:
        said.refuse("subject", "两户要是同一个集体的", "both are of one collective")
