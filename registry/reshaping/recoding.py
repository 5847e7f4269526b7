"""How do codes change when villages are merged, renamed or renumbered, while nothing else does?

Division codes change every year and are never keys: parcels, holdings and contracts keep their ids, and get the new code
by an act of its own (causes.md, recoded: code attribute only). Old codes stay with the old versions and with the issuer's
earlier name, where they are found for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry import parties
from registry.holding import acts as holdings
from registry.holding.model import HOLDING
from registry.ledger.in_force import in_force
from registry.parcels import acts as parcels
from registry.parcels.model import PARCEL
from registry.reshaping.refusals import CodesNotAlike, CodesTaken, NothingHasThisCode
from registry.rights import acts as rights
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk, Step
    from registry.ledger.nouns import Noun

# A village code has 12 digits, an issuer's 14; a longer one would be a single household's.
_LENGTHS = {12, 14}
_LAND_CODE = 19
_TOGETHER = 400
_ASKED = 500
_COLUMN = {PARCEL.name: "code", HOLDING.name: "code", RIGHT.name: "unit_code"}


@dataclass(frozen=True, slots=True)
class Recoding:
    """What would get another code: issuers (party id, code, name), and things (noun, id, code) with codes as they are."""

    old: str
    new: str
    name: str
    day: str
    issuers: tuple[parties.IssuerNow, ...]
    things: tuple[tuple[Noun, str, str], ...]

    def renewed(self, code: str) -> str:
        """A code with its beginning replaced; one that begins otherwise stays."""
        return self.new + code[len(self.old) :] if code.startswith(self.old) else code


def plan_recoding(at: Desk, old: str, new: str, *, day: str, name: str = "") -> Recoding:
    """Whatever has a code that begins with `old` (12 or 14 digits) on the day; `name` is the issuers' new name, if any.

    Codes of homestead parcels are the realty office's and stay. Raises `CodesNotAlike`, `NothingHasThisCode`, `CodesTaken`.
    """
    if len(old) != len(new) or len(old) not in _LENGTHS or not (old + new).isdecimal() or old == new:
        raise CodesNotAlike
    issuers = parties.issuers_of(at.connection, at.store.vault, old)
    things = tuple(thing for noun in (PARCEL, HOLDING, RIGHT) for thing in _coded(at, noun, old, day))
    if not issuers and not things:
        raise NothingHasThisCode(old)
    recoding = Recoding(old, new, name, day, tuple(issuers), things)
    _refuse_taken(at, recoding)
    return recoding


def recode_steps(at: Desk, recoding: Recoding, fields: ActFields) -> list[Step]:
    """The acts in order, up to 400 things each; the issuers' new codes come with the first."""
    things = recoding.things
    groups = [things[start : start + _TOGETHER] for start in range(0, len(things), _TOGETHER)]
    return [partial(_recode, at, recoding, fields, group, first=number == 0) for number, group in enumerate(groups)]


def _recode(
    at: Desk, recoding: Recoding, fields: ActFields, group: tuple[tuple[Noun, str, str], ...], *, first: bool
) -> None:
    act = at.act("recoded", recoding.day, fields)
    if first:
        for issuer in recoding.issuers:
            code = recoding.renewed(issuer.code)
            for table, row in parties.renamed_rows(at.store.vault, at.randomness, act.idx, issuer, code, recoding.name):
                at.row(table, row)
    for noun, thing_id, code in group:
        if noun is PARCEL:
            parcels.change(act, thing_id, {"code": recoding.renewed(code)})
        elif noun is HOLDING:
            holdings.change(act, thing_id, code=recoding.renewed(code))
        else:
            number = at.chain(RIGHT, thing_id)[-1].columns["book_number"]
            rights.change(
                act, thing_id, unit_code=recoding.renewed(code), book_number=recoding.renewed(number)
            )


def _coded(at: Desk, noun: Noun, old: str, day: str) -> Iterator[tuple[Noun, str, str]]:
    table = noun.table
    code = table.c[_COLUMN[noun.name]]
    query = sa.select(table.c.thing_id, code).where(
        code.startswith(old), table.c.status != "ended", in_force(table)
    )
    if noun is PARCEL:
        query = query.where(sa.func.length(code) == _LAND_CODE)
    if noun is RIGHT:
        query = query.where(table.c.thing != "homestead")
    rows = at.connection.execute(query.order_by(code, table.c.thing_id), {"valid_at": day, "known_at": at.position.size})
    return ((noun, row[0], row[1]) for row in rows.all())


def _refuse_taken(at: Desk, recoding: Recoding) -> None:
    """A code that another parcel or holding has, or once had, is not given again: papers name things by it."""
    taken: set[str] = set()
    for noun in (PARCEL, HOLDING):
        column: Any = noun.table.c[_COLUMN[noun.name]]
        ids = {thing_id for own, thing_id, _ in recoding.things if own is noun}
        codes = sorted(recoding.renewed(code) for own, _, code in recoding.things if own is noun)
        for start in range(0, len(codes), _ASKED):
            query = sa.select(noun.table.c.thing_id, column).where(column.in_(codes[start : start + _ASKED])).distinct()
            taken |= {code for thing_id, code in at.connection.execute(query) if thing_id not in ids}
    if taken:
        raise CodesTaken(sorted(taken))
