"""Who shows where a parcel ends: whoever holds it, and whoever holds what lies beside it?

A household is asked through its representative, or whom they send with a signed proxy; the others are told, and may object.
Nothing is written: what a survey finds is delivered, or corrected by a case of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.cases.saying import Said
from registry.cases.touched import Lies, Touched
from registry.cases.writing.writer import holders, only_one, seen_of, standing
from registry.holding.model import HOLDING
from registry.neighbours import four_sides
from registry.parcels.model import PARCEL
from registry.rights import read as rights_read
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.commit import Desk


class BoundarySigned:
    """指界: each side signs; who lives far away sends somebody; who does not come is 缺席指界 (`registry.cases.boundaries`)."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everybody with a right on the parcel or beside it is told; one of each right signs."""
        Said(request).done()
        parcel = only_one(subject)
        around = four_sides(at.store, at.connection, parcel, valid_at=day, known_at=at.position.size)
        lying = {} if around is None else around.derived
        seen = seen_of(at, (PARCEL, parcel))
        beside: dict[str, list[str]] = {parcel: []}
        codes = {parcel: str(at.chain(PARCEL, parcel)[-1].columns["code"])}
        for side, there in lying.items():
            for each in there:
                beside.setdefault(each.parcel_id, []).append(side)
                codes[each.parcel_id] = each.code
        people: dict[str, bool] = {}
        lies: dict[str, list[Lies]] = {}
        signing: set[str] = set()
        for land, sides in sorted(beside.items()):
            for right_id, thing, status in rights_read.on_parcel(at.connection, land, valid_at=day, known_at=at.position.size):
                if status == "ended" or thing == "operating":
                    continue
                some, of_right = holders(at, right_id, day)
                people, seen = people | some, seen | of_right
                who, household = _who_signs(at, right_id, day)
                signing.add(who)
                for person in some:
                    lies.setdefault(person, []).append(Lies(codes[land], tuple(sides), household))
        where = {person: tuple(dict.fromkeys(each)) for person, each in lies.items()}
        return Touched(seen, people, frozenset(signing & people.keys()), lies=where)


def _who_signs(at: Desk, right_id: str, day: str) -> tuple[str, str]:
    """The representative of the household that holds a right, and its code; or whoever holds it alone."""
    columns = standing(at, RIGHT, right_id, day).columns
    if columns["holding_id"] is None:
        return str(columns["party_id"]), ""
    holding = standing(at, HOLDING, columns["holding_id"], day).columns
    return str(holding["representative_id"]), str(holding["code"])
