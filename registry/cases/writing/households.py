"""Cases in which a right comes to others of the family: it is divided by contract, two households join, heirs inherit.

By agreement and a document, never by an event: a death, a marriage or a move writes nothing here. Every share is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry import parties
from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.writer import (
    co_holders,
    contracted,
    holders,
    known_party,
    looking,
    only_one,
    refuse_encumbered,
    remark_of,
    seen_of,
    standing,
    terms_of,
)
from registry.holding import acts as holdings
from registry.holding.model import HOLDING, CoHolder
from registry.holding.read import by_code, members
from registry.remarks import with_remark
from registry.rights import acts as rights
from registry.rights.acts import Holder, Terms
from registry.rights.model import CONTRACTS, RIGHT, RIGHT_VERSION
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version

# A list that holds a right is its holder: by that column there is an index.
_HELD = Question(
    sa.select(RIGHT_VERSION.c.thing_id)
    .where(RIGHT_VERSION.c.holder_id == sa.bindparam("holding"))
    .distinct()
    .order_by(RIGHT_VERSION.c.thing_id)
)


class Inherited:
    """继承: a homestead with its house, or a forest contract, comes to `heirs`, each with an exact share.

    `remark`: the word of a 附记 sentence, of a homestead's heir who is registered in a town.
    All heirs agree, each apart, and so does whoever still holds the right; the old right ends, one begins for each heir.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """The heirs, who all agree and gain, and whoever else holds it."""
        old = standing(at, RIGHT, only_one(subject), day)
        heirs, _ = self._read(at, request, old)
        refuse_encumbered(at, Said(request), old, day)
        people, seen = holders(at, only_one(subject), day)
        of_age = holdings.minors(looking(at, "", day), list(heirs))
        return Touched(seen, people | of_age, frozenset({*people, *of_age}), frozenset(heirs))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The old right ends; the heirs' rights begin with the same terms and parcels."""
        right_id = only_one(subject)
        old = standing(at, RIGHT, right_id, day)
        heirs, remark = self._read(at, request, old)
        act = at.act("inherited", day, with_remark(fields, remark, day))
        rights.end(act, right_id)
        allotment = rights.allot(act, [(heir, *share) for heir, share in heirs.items()])
        for heir, (numerator, denominator) in heirs.items():
            rights.begin(act, old.thing, Holder(None, heir, allotment, numerator, denominator), terms_of(old), contracted(old))

    def _read(self, at: Desk, request: Mapping[str, Any], old: Version) -> tuple[dict[str, tuple[int, int]], str]:
        said = Said(request)
        remark = remark_of(said, old.thing)
        return heirs_of(at, said), remark


def heirs_of(at: Desk, said: Said) -> dict[str, tuple[int, int]]:
    """Each heir with an exact part (numerator, denominator). SaidMalformedError."""
    heirs: dict[str, tuple[int, int]] = {}
    for row in said.rows("heirs"):
        heir = known_party(at, row, "person")
        if heir in heirs:
            row.refuse("person", "同一人写了两次", "the same person twice")
        heirs[heir] = (row.whole("numerator"), row.whole("denominator"))
        row.done()
    said.done()
    return heirs


@dataclass(frozen=True, slots=True)
class _Part:
    """What a division asks for: who leaves, whom they name, the new codes, and which parcels go with them by right."""

    people: tuple[str, ...]
    representative: str
    code: str
    unit_code: str
    parcels: tuple[str, ...]


class ContractDivided:
    """分户分割承包: `members` leave with `parcels` under a new contract; `representative`, `code` and `unit_code` are theirs.

    Every co-holder of the household agrees. What stays keeps its ids; the members who leave hold on as a household of their own.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """All co-holders, and each must agree; those who leave and those who stay both gain, so no guardian is neutral."""
        holding = only_one(subject)
        self._read(at, holding, request, day)
        people = co_holders(at, holding, day)
        seen = seen_of(at, (HOLDING, holding), *((RIGHT, right.thing_id) for right in held_by(at, holding)))
        return Touched(seen, people, frozenset(people), frozenset(people))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """A new household, list, contract and rights; the old list and rights go on with the rest."""
        holding = only_one(subject)
        part = self._read(at, holding, request, day)
        old = standing(at, HOLDING, holding, day)
        act = at.act("contract-divided", day, fields)
        household, rows = parties.household_rows(at.randomness)
        for table, row in rows:
            at.row(table, row)
        lines = members(old)
        new = holdings.begin(
            act,
            household_id=household,
            code=part.code,
            issuer_id=old.columns["issuer_id"],
            representative_id=part.representative,
            members=[line for line in lines if line.person_id in part.people],
        )
        unit = rights.unit(
            act, kind="contract", code=part.unit_code, issuer_id=old.columns["issuer_id"], method="", signed_on=day
        )
        for right in held_by(at, holding):
            every = contracted(right)
            leaving = [each for each in every if each.parcel_id in part.parcels]
            if not leaving:
                continue
            staying = [each for each in every if each not in leaving]
            if staying:
                rights.change(act, right.thing_id, parcels=staying)
            else:
                rights.end(act, right.thing_id)
            terms = Terms(unit, part.unit_code, right.columns["term_start"], right.columns["term_end"])
            rights.begin(act, right.thing, Holder(holding_id=new), terms, leaving)
        # Last: whose will the rights ask for is read off the list as it was.
        holdings.change(act, holding, members=[line for line in lines if line.person_id not in part.people])

    def _read(self, at: Desk, holding: str, request: Mapping[str, Any], day: str) -> _Part:
        said = Said(request)
        part = _Part(said.ids("members"), said.id("representative"), said.text("code"), said.text("unit_code"), said.ids("parcels"))
        said.done()
        old = standing(at, HOLDING, holding, day)
        listed = {line.person_id for line in members(old) if line.alive}
        if not set(part.people) < listed or old.columns["representative_id"] in part.people:
            said.refuse("members", "要是名册上在世的人, 代表和至少一人留下", "living people of the list; its representative stays")
        if part.representative not in part.people:
            said.refuse("representative", "要是分出去的人", "one of those who leave is wanted")
        refuse_taken(at, said, part.code)
        held = {each.parcel_id: right for right in held_by(at, holding) for each in contracted(right)}
        for right in {held[parcel].thing_id: held[parcel] for parcel in part.parcels if parcel in held}.values():
            refuse_encumbered(at, said, right, day)
        if not set(part.parcels) <= held.keys():
            said.refuse("parcels", "这户的承包合同里没有这块地", "the household's contracts have no such parcel")
        return part


class ContractsMerged:
    """合户: the second household of the subject joins the first, with its people and its land. `into` is the first.

    Every co-holder of both agrees. The rights of the first take in the parcels; those of the second end.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """All co-holders of both, and each must agree."""
        into, other = self._read(at, subject, request, day)
        people = co_holders(at, into, day) | co_holders(at, other, day)
        touched_rights = [*held_by(at, into), *held_by(at, other)]
        seen = seen_of(at, (HOLDING, into), (HOLDING, other), *((RIGHT, right.thing_id) for right in touched_rights))
        return Touched(seen, people, frozenset(people), frozenset(people))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """Each right of the second goes into the first's of its kind, or begins there; then the lists are one."""
        into, other = self._read(at, subject, request, day)
        act = at.act("contracts-merged", day, fields)
        own = {right.thing: right for right in held_by(at, into)}
        for right in held_by(at, other):
            rights.end(act, right.thing_id)
            if right.thing in own:
                first = own[right.thing]
                rights.change(act, first.thing_id, parcels=[*contracted(first), *contracted(right)])
            else:
                rights.begin(act, right.thing, Holder(holding_id=into), terms_of(right), contracted(right))
        joined = [*members(standing(at, HOLDING, into, day)), *_joining(at, into, other, day)]
        holdings.end(act, other)
        holdings.change(act, into, members=joined)

    def _read(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> tuple[str, str]:
        said = Said(request)
        into = said.id("into")
        said.done()
        if len(subject) != 2 or into not in subject:  # noqa: PLR2004  (two households)
            said.refuse("into", "要两户, into 是其中留下的一户", "two households, and into is the one that goes on")
        other = next(each for each in subject if each != into)
        for right in held_by(at, other):
            refuse_encumbered(at, said, right, day)
        issuers = {standing(at, HOLDING, each, day).columns["issuer_id"] for each in subject}
        if len(issuers) > 1:
            said.refuse("subject", "两户要是同一个集体的", "both are of one collective")
        return into, other


def held_by(at: Desk, holding: str) -> list[Version]:
    """The contract rights that a holding has now, in the order of their ids."""
    return [right for right in all_held_by(at, holding) if right.thing in CONTRACTS]


def all_held_by(at: Desk, holding: str) -> list[Version]:
    """Every right that a holding has now, in the order of their ids: a homestead is among them."""
    ids = [right_id for (right_id,) in ask(at.connection, _HELD, {"holding": holding})]
    at.gather(RIGHT, ids)
    heads = [at.chain(RIGHT, right_id)[-1] for right_id in ids]
    return [head for head in heads if head.status != "ended" and head.columns["holding_id"] == holding]


def _joining(at: Desk, into: str, other: str, day: str) -> list[CoHolder]:
    there = {line.person_id for line in members(standing(at, HOLDING, into, day))}
    return [line for line in members(standing(at, HOLDING, other, day)) if line.person_id not in there]


def refuse_taken(at: Desk, said: Said, code: str) -> None:
    """A code of a household is used once. SaidMalformedError."""
    if by_code(at.connection, code) is not None:
        said.refuse("code", "这个承包方编码用过了", "that code was used before")
