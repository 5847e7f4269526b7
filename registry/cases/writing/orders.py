"""Cases that register what a court's judgment or an arbitration award orders, and no more (民法典 229).

It holds from the day on which it took effect, not from its registration. Nobody's will is asked for: whoever was a party was
heard there; here all are told.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.cases.disputes import last_day_to_sue
from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing import newcomers
from registry.cases.writing.corrections import RecordCorrected, concerned, noun_of
from registry.cases.writing.lists import refuse_changed_later
from registry.cases.writing.writer import (
    co_holders,
    looking,
    not_after,
    only_one,
    refuse_encumbered,
    seen_of,
    standing,
)
from registry.holding import acts as holdings
from registry.holding.model import HOLDING, CoHolder
from registry.holding.read import members
from registry.rights import acts as rights
from registry.rights import read as rights_read
from registry.rights.acts import Holder
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Noun

_OF_RIGHTS = ("holder", "ends", "restores")
_ORDERS = ("corrects", "enters", *_OF_RIGHTS)
_OF_DOCUMENT = ("orders", "document", "day", "served")


@dataclass(frozen=True, slots=True)
class Ordered:
    """判决、裁决登记: `orders` says which, `document` its number, `day` since when it holds (an award: when it was `served`).

    corrects (`changes`, `areas` or `remove`, as 更正登记), enters (`person` or `name` onto the list, with `relation`), holder (the
    right is another household's: `to`), ends, restores.
    """

    cause: str

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everyone concerned, and whoever gets something by it."""
        noun, thing_id = noun_of(at, only_one(subject))
        orders, since = self._read(at, noun, thing_id, request, day)
        if orders == "corrects":
            corrected = RecordCorrected(self.cause).touched(at, subject, _correction(request, since), day)
            return Touched(corrected.seen, corrected.people)
        if orders == "restores":
            ended = at.chain(RIGHT, thing_id)[-1]
            return Touched(seen_of(at, (RIGHT, thing_id)), rights.consenting(looking(at, "", ended.act_day), thing_id))
        people, seen = concerned(at, noun, thing_id, day)
        if orders == "holder":
            receiving = co_holders(at, request["to"], day)
            return Touched(seen | seen_of(at, (HOLDING, request["to"])), people | receiving, gains=frozenset(receiving))
        gains = newcomers.read(at, Said(request)).known if orders == "enters" else frozenset()
        return Touched(seen, people, gains=gains)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """What is ordered, from its day on."""
        noun, thing_id = noun_of(at, only_one(subject))
        orders, since = self._read(at, noun, thing_id, request, day)
        if orders == "corrects":
            RecordCorrected(self.cause).write(at, subject, _correction(request, since), day, fields)
            return
        act = at.act(self.cause, since, fields)
        if orders == "enters":
            said = Said(request)
            who = newcomers.read(at, said)
            lines = members(standing(at, HOLDING, thing_id, day))
            holdings.change(act, thing_id, members=[*lines, CoHolder(who.enter(act), said.text("relation"))])
        elif orders == "holder":
            rights.change(act, thing_id, holder=Holder(holding_id=request["to"]))
        elif orders == "ends":
            rights.end(act, thing_id)
        else:
            rights.restore(act, thing_id)

    def _read(self, at: Desk, noun: Noun, thing_id: str, request: Mapping[str, Any], day: str) -> tuple[str, str]:
        """What is ordered, and since when. SaidMalformedError."""
        said = Said(request)
        orders = said.word("orders", _ORDERS)
        said.text("document")
        since = self._since(said, day)
        if (orders in _OF_RIGHTS and noun is not RIGHT) or (orders == "enters" and noun is not HOLDING):
            said.refuse("orders", "对这种登记不能这样判", "that is not ordered of such a thing")
        if orders == "corrects":
            return orders, since
        if orders == "enters":
            self._read_newcomer(at, said, thing_id, since, day)
        elif orders == "holder":
            to = said.id("to")
            standing(at, HOLDING, to, day)
            if standing(at, RIGHT, thing_id, day).columns["holding_id"] in {None, to}:
                said.refuse("to", "要是另一个承包户, 而且原来由承包户持有", "from one contracting household to another")
        elif orders == "ends":
            refuse_encumbered(at, said, standing(at, RIGHT, thing_id, day), day)
        else:
            _refuse_taken(at, said, thing_id, day)
        said.done()
        return orders, since

    def _since(self, said: Said, day: str) -> str:
        if self.cause == "court-ordered":
            return not_after(said, said.day("day"), day)
        until = last_day_to_sue(not_after(said, said.day("served"), day, "served"))
        if day <= until:
            said.refuse("served", f"{until} 以前还可以起诉, 裁决没有生效", f"a suit is open until {until}: the award is not final")
        return (dt.date.fromisoformat(until) + dt.timedelta(days=1)).isoformat()

    def _read_newcomer(self, at: Desk, said: Said, holding: str, since: str, day: str) -> None:
        who = newcomers.read(at, said)
        said.text("relation")
        if who.known & {line.person_id for line in members(standing(at, HOLDING, holding, day))}:
            said.refuse("person", "已经在名册上", "they are on the list already")
        refuse_changed_later(at, said, holding, since)


def _correction(request: Mapping[str, Any], since: str) -> dict[str, Any]:
    """As 更正登记 takes it, which refuses what it does not know."""
    return {name: value for name, value in request.items() if name not in _OF_DOCUMENT} | {"day": since}


def _refuse_taken(at: Desk, said: Said, right: str, day: str) -> None:
    """What ended is restored, and only where no other right of its kind lies on the land by now."""
    head = at.chain(RIGHT, right)[-1]
    parcels = [line["parcel_id"] for line in head.children["right_parcel"]]
    lines = rights_read.lines_on(at.connection, parcels, valid_at=day, known_at=at.position.size)
    if head.status != "ended" or any(line.thing == head.thing for line in lines):
        said.refuse("orders", "没有终止, 或地已登记给别人", "it has not ended, or the land is another's by now")
