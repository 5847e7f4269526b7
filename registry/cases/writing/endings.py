"""Cases in which a right ends because nobody is left to hold it, or because an act before 2019 ended it long ago.

That a household moved, does not answer or can't be found ends nothing: its people must be on record as dead, each by a case
of their own, or the old act must be proved and fit the law of its day. Others may object while the notice hangs.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.households import all_held_by
from registry.cases.writing.writer import (
    holders,
    looking,
    newest,
    not_after,
    only_one,
    refuse_encumbered,
    seen_of,
    standing,
)
from registry.holding import acts as holdings
from registry.holding.model import HOLDING
from registry.holding.read import members
from registry.law.deciding import keeps
from registry.ledger.act import Act, ActFields
from registry.parcels.model import PARCEL
from registry.rights import acts as rights
from registry.rights.model import RIGHT
from registry.rights.old_law import OldHouseholdMove, require_old_law

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version

_ENDING = ("contract-arable", "contract-grass", "contract-other")
_PAPERS_OF_THE_CASE = ("proof",)
_DESTINATIONS = ("small town", "city with districts", "elsewhere")


class HouseholdExtinct:
    """户消亡: everybody of the list is on record as dead. Its field and pasture contracts end, and the list with them.

    `sought` says how heirs and people who were left out were looked for. Forest and a homestead are inherited first, or go by
    `left-without-heir`; what the land earned is the heirs' (农村土地承包法 32).
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Nobody is left to be told: the notice is for whoever has something to say."""
        ended, holding = self._read(at, subject, request, day), only_one(subject)
        return Touched(seen_of(at, (HOLDING, holding), *((RIGHT, right.thing_id) for right in ended)))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The contracts, then the list."""
        act = at.act("extinct", day, fields)
        for right in self._read(at, subject, request, day):
            rights.end(act, right.thing_id)
        holdings.end(act, only_one(subject))

    def _read(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> list[Version]:
        said = Said(request)
        said.text("sought")
        said.done()
        holding = only_one(subject)
        _refuse_living(at, said, holding, day)
        held = all_held_by(at, holding)
        if any(right.thing not in _ENDING for right in held):
            zh = "还有林地或院子: 先办继承, 没有继承人的另办"
            said.refuse("subject", zh, "it holds forest or a homestead: inheritance comes first, or the case for no heir")
        for right in held:
            refuse_encumbered(at, said, right, day)
        return held


class LeftWithoutHeir:
    """无人继承: a homestead on which no house is left, or a share, whose holders are dead and have no heir (`sought`).

    The right ends; the plot is the collective's, and the share comes to it by the next requantification (民法典 1160).
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Nobody is left to be told."""
        right = self._read(at, subject, request, day)
        return Touched(seen_of(at, (RIGHT, right.thing_id)))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The right ends."""
        rights.end(at.act("left-without-heir", day, fields), self._read(at, subject, request, day).thing_id)

    def _read(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Version:
        said = Said(request)
        said.text("sought")
        said.done()
        right = standing(at, RIGHT, only_one(subject), day)
        refuse_encumbered(at, said, right, day)
        if right.columns["holding_id"] is not None:
            _refuse_living(at, said, str(right.columns["holding_id"]), day)
        elif not holdings.has_died(looking(at, "", day), str(right.columns["party_id"])):
            said.refuse("subject", "权利人没有登记死亡: 先办成员死亡", "its holder is not on record as dead: enter that first")
        plots = [standing(at, PARCEL, line["parcel_id"], day) for line in right.children["right_parcel"]]
        if any(json.loads(plot.columns["buildings"]) for plot in plots):
            said.refuse("subject", "院子里登记有房屋: 房屋连同院子先办继承", "a house is on record: it is inherited with the plot")
        return right


@dataclass(frozen=True, slots=True)
class EndedBefore2019:
    """旧法交回, 收回 (`cause`): a dated act before 2019 ended the right; proved late, registered from its own `day` on.

    `moved` (a day), `whole` (yes, no), `to` (small town, city with districts, elsewhere) and `became` (yes, no: non-agricultural)
    say which household moved whereto. The law of the act's day decides (policy-map 9.6); what it leaves open is a court's.
    """

    cause: str

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everybody who holds it: they are told, and may object."""
        self._read(at, subject, request, day)
        people, seen = holders(at, only_one(subject), day)
        return Touched(seen, people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The end, from the day of the old act on."""
        since, moved = self._read(at, subject, request, day)
        rights.end(at.act(self.cause, since, fields), only_one(subject), moved=moved)

    def _read(
        self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str
    ) -> tuple[str, OldHouseholdMove]:
        said = Said(request)
        since = not_after(said, said.day("day"), day)
        moved = OldHouseholdMove(
            dt.date.fromisoformat(said.day("moved")),
            said.word("whole", ("yes", "no")) == "yes",
            said.word("to", _DESTINATIONS),  # type: ignore[arg-type]  # one of the words that the decision knows
            said.word("became", ("yes", "no")) == "yes",
        )
        said.done()
        right = newest(at, said, RIGHT, only_one(subject), since)
        refuse_encumbered(at, said, right, day)
        # Asked before anybody is told. The papers come with the case, and the act asks again for them.
        require_old_law(Act(at, -1, self.cause, since, ActFields(sources=_PAPERS_OF_THE_CASE)), right.thing, moved)
        return since, moved


@keeps("RLCL/inherit-last-member")
def _refuse_living(at: Desk, said: Said, holding: str, day: str) -> None:
    """One who lives, anywhere, and the household goes on (law C26)."""
    lines = members(standing(at, HOLDING, holding, day))
    if any(line.alive for line in lines):
        zh = "名册上还有在世的人(没有登记死亡): 人在哪里都一样, 这一户还在"
        said.refuse("subject", zh, "somebody of the list is not on record as dead: wherever they are, the household goes on")
