"""Cases in which the share of a member who has died comes to the heirs (方案二(三)1-d; its law says nothing of where they live).

A share is a fraction of all that the collective distributes: the heirs' fractions are exact parts of it, everybody else's
stay, and together with the collective's rest they make one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.households import heirs_of
from registry.cases.writing.writer import issuer_of, looking, only_one, refuse_encumbered, seen_of, standing, terms_of
from registry.holding import acts as holdings
from registry.ledger.chain import read_chains
from registry.rights import acts as rights
from registry.rights.acts import Holder
from registry.rights.model import RIGHT, RIGHT_VERSION
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version

_OF_UNIT = Question(sa.select(RIGHT_VERSION.c.thing_id).where(RIGHT_VERSION.c.unit_id == sa.bindparam("unit")).distinct())


class ShareInherited:
    """股份继承: `heirs`, each with an exact part of the share. The death is on the register; every heir agrees, each apart.

    An heir who has a share already has one of both together.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """The heirs, who all agree and gain; nobody else's share changes."""
        old, parts, own = self._read(at, subject, request, day)
        people = holdings.minors(looking(at, "", day), sorted(parts))
        mine = [(RIGHT, right.thing_id) for heir in parts for right in own.get(heir, ())]
        return Touched(seen_of(at, (RIGHT, old.thing_id), *mine), people, frozenset(people), frozenset(people))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The old right ends; each heir's begins, or grows by the part, under one allotment of the whole."""
        old, parts, own = self._read(at, subject, request, day)
        act = at.act("inherited", day, fields)
        rights.end(act, old.thing_id)
        whole = {party: sum(map(share_of, held), Fraction(0)) for party, held in own.items()}
        for heir, part in parts.items():
            whole[heir] = whole.get(heir, Fraction(0)) + part * share_of(old)
        issuer = issuer_of(at, old)
        rest = 1 - sum(whole.values(), Fraction(0))
        if rest > 0:
            whole[issuer] = whole.get(issuer, Fraction(0)) + rest
        allotment = rights.allot(act, [(party, *share.as_integer_ratio()) for party, share in whole.items()])
        for heir in parts:
            holder = Holder(None, heir, allotment, *whole[heir].as_integer_ratio())
            if heir in own:
                rights.change(act, own[heir][0].thing_id, holder=holder)
            else:
                rights.begin(act, "income", holder, terms_of(old))

    def _read(
        self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str
    ) -> tuple[Version, dict[str, Fraction], dict[str, list[Version]]]:
        said = Said(request)
        old = standing(at, RIGHT, only_one(subject), day)
        parts = {heir: Fraction(*share) for heir, share in heirs_of(at, Said(request)).items()}
        if sum(parts.values()) != 1:
            said.refuse("heirs", "各人的份加起来要正好是一", "the parts of the heirs make one")
        died = str(old.columns["party_id"])
        if not holdings.has_died(looking(at, "", day), died):
            said.refuse("subject", "持股的人没有登记死亡: 先办成员死亡", "its holder is not on record as dead: enter that first")
        refuse_encumbered(at, said, old, day)
        own = others_of(at, old, day)
        if any(len(own.get(heir, ())) > 1 for heir in parts) or died in parts:
            said.refuse("heirs", "继承人是死者本人, 或已有两份股: 先更正", "the dead themselves, or an heir with two shares")
        return old, parts, own


def others_of(at: Desk, old: Version, day: str) -> dict[str, list[Version]]:
    """Every other share of the same ledger that stands, by who holds it."""
    of_unit = ask(at.connection, _OF_UNIT, {"unit": old.columns["unit_id"]})
    ids = sorted({each for (each,) in of_unit} - {old.thing_id})
    at.remember(read_chains(at.connection, RIGHT, ids))
    found: dict[str, list[Version]] = {}
    for right_id in ids:
        right = at.chain(RIGHT, right_id)[-1]
        if right.status != "ended" and right.valid_from <= day:
            found.setdefault(str(right.columns["holder_id"]), []).append(right)
    return found


def share_of(right: Version) -> Fraction:
    """What a right is of the whole."""
    return Fraction(right.columns["share_numerator"], right.columns["share_denominator"])
