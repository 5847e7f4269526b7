"""Cases that mend a record: a slip of the pen by two officers within the day, an error by proof, with notice to all.

What a slip may touch is the closed list's: a code, a number, a text. A correction that takes something from somebody (a
smaller area, an earlier end, a line of a list) needs the will of those from whom it takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.writer import co_holders, holders, not_after, only_one, seen_of, standing
from registry.catalogue import words_of
from registry.holding import acts as holdings
from registry.holding.model import HOLDING
from registry.holding.read import members
from registry.parcels import acts as parcels
from registry.parcels.model import PARCEL
from registry.rights import acts as rights
from registry.rights import read as rights_read
from registry.rights.acts import Contracted
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import Act, ActFields
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Noun

_TEXTS = ("local_name", "east", "south", "west", "north", "location", "remark")
_SLIPS = {PARCEL.name: ("code", *_TEXTS), HOLDING.name: ("code",), RIGHT.name: ("unit_code", "certificate_number", "book_number")}
_FIGURES = ("surveyed_area_m2", "surveyed_area_mu", "approved_area_m2", "excess_area_m2")
_CORRECTED = {
    PARCEL.name: ("code", "category", "land_type", *_FIGURES),
    RIGHT.name: (
        *("unit_code", "term_start", "term_end", "book_number"),
        *("certificate_number", "certificate_book", "certificate_date"),
    ),
}


class ClericalSlip:
    """笔误更正: `field` is mended `to` another text, today."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Nobody's right is touched; those who hold it have a stake all the same."""
        noun, thing_id = noun_of(at, only_one(subject))
        said = Said(request)
        said.word("field", _SLIPS[noun.name])
        said.text("to")
        said.done()
        people, seen = concerned(at, noun, thing_id, day)
        return Touched(seen, people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The one text."""
        noun, thing_id = noun_of(at, only_one(subject))
        act = at.act("clerical-slip", day, fields)
        field, to = request["field"], Said(request).text("to")
        if field in _TEXTS:
            head = at.chain(PARCEL, thing_id, geometry=True)[-1]
            texts = at.opened(head.digest, PARCEL.named_paths).get("texts") or {}
            parcels.change(act, thing_id, {}, texts={**texts, field: to})
        else:
            _change(act, noun, thing_id, {field: to})


@dataclass(frozen=True, slots=True)
class RecordCorrected:
    """更正登记, from `day` on: `changes` of a parcel's or a right's fields, `areas` of a right's parcels, or `remove` of a line.

    Proof is among the papers, and everyone concerned is told; what takes something away needs their will.
    A judgment that corrects a record is written by it, too, under its own `cause`.
    """

    cause: str = "record-corrected"

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everyone concerned; consent where it takes something away."""
        noun, thing_id = noun_of(at, only_one(subject))
        changes, areas, remove, _ = self._read(at, noun, thing_id, request, day)
        people, seen = concerned(at, noun, thing_id, day)
        if remove:
            # Whoever is said not to belong on the list decides about it, or a court does: nobody is voted off it.
            return Touched(seen, people, frozenset({remove}) & people.keys())
        now = standing(at, noun, thing_id, day)
        smaller = any(_less(text, now.columns[name]) for name, text in changes.items() if name in _FIGURES)
        earlier = "term_end" in changes and changes["term_end"] < now.columns["term_end"]
        held = {line["parcel_id"]: line["contract_area_m2"] for line in now.children.get("right_parcel", ())}
        shrunk = any(_less(each.area_m2, held[each.parcel_id]) for each in areas)
        return Touched(seen, people, frozenset(people) if smaller or earlier or shrunk else frozenset())

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """What the request names, from its day on; everything else stays."""
        noun, thing_id = noun_of(at, only_one(subject))
        changes, areas, remove, since = self._read(at, noun, thing_id, request, day)
        act = at.act(self.cause, since, fields)
        if remove:
            lines = members(standing(at, HOLDING, thing_id, day))
            holdings.change(act, thing_id, members=[line for line in lines if line.person_id != remove])
            return
        if areas:
            new = {each.parcel_id: each for each in areas}
            held = standing(at, RIGHT, thing_id, day).children["right_parcel"]
            old = [Contracted(line["parcel_id"], line["contract_area_m2"], line["contract_area_mu"]) for line in held]
            columns: dict[str, Any] = changes
            rights.change(act, thing_id, parcels=[new.get(each.parcel_id, each) for each in old], **columns)
        else:
            _change(act, noun, thing_id, changes)

    def _read(
        self, at: Desk, noun: Noun, thing_id: str, request: Mapping[str, Any], day: str
    ) -> tuple[dict[str, str], list[Contracted], str, str]:
        said = Said(request)
        since = not_after(said, said.day("day"), day)
        remove = said.id("remove", empty=True)
        lines = said.rows("areas") if said.has("areas") else ()
        areas = [Contracted(row.id("parcel"), row.amount("m2"), row.amount("mu")) for row in lines]
        inner = Said(said.any("changes") if said.has("changes") else {}, "changes.")
        changes = {name: inner.text(name) for name in _CORRECTED.get(noun.name, ()) if inner.has(name)}
        inner.done()
        said.done()
        if bool(remove) == bool(changes or areas) or (areas and noun is not RIGHT) or (remove and noun is not HOLDING):
            said.refuse("changes", "写明要改什么: changes、areas 或 remove", "say what is corrected: changes, areas or remove")
        now = standing(at, noun, thing_id, day)
        if {each.parcel_id for each in areas} - {line["parcel_id"] for line in now.children.get("right_parcel", ())}:
            said.refuse("areas", "这项权利不在这块地上", "the right does not lie on that parcel")
        if remove and remove not in {line.person_id for line in members(now)} - {now.columns["representative_id"]}:
            said.refuse("remove", "名册上没有这个人, 或他是代表", "not on the list, or its representative")
        return changes, areas, remove, since


def noun_of(at: Desk, thing_id: str) -> tuple[Noun, str]:
    """Which of parcel, holding and right a thing is."""
    word = words_of(at.connection, [thing_id])[thing_id]
    return {"parcel": PARCEL, "holding": HOLDING}.get(word, RIGHT), thing_id


def concerned(at: Desk, noun: Noun, thing_id: str, day: str) -> tuple[dict[str, bool], dict[str, int]]:
    """Whoever's right a change of the record concerns, and the newest versions of what was looked at."""
    standing(at, noun, thing_id, day)
    if noun is HOLDING:
        return co_holders(at, thing_id, day), seen_of(at, (HOLDING, thing_id))
    if noun is RIGHT:
        return holders(at, thing_id, day)
    people: dict[str, bool] = {}
    seen = seen_of(at, (PARCEL, thing_id))
    known = at.position.size
    for right_id, _, status in rights_read.on_parcel(at.connection, thing_id, valid_at=day, known_at=known):
        if status != "ended":
            some, of_right = holders(at, right_id, day)
            people, seen = people | some, seen | of_right
    return people, seen


def _change(act: Act, noun: Noun, thing_id: str, changes: Mapping[str, Any]) -> None:
    if noun is PARCEL:
        parcels.change(act, thing_id, changes)
    elif noun is RIGHT:
        rights.change(act, thing_id, **changes)
    else:
        holdings.change(act, thing_id, code=changes["code"])


def _less(one: str, other: str) -> bool:
    return other != "" and (one == "" or Decimal(one) < Decimal(other))
