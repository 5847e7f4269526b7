"""Cases about the member list of a contracting household: its representative, who was left out, who came, who died.

Nothing here changes land or another co-holder: the list keeps every other line as it was, and the household goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing import newcomers
from registry.cases.writing.writer import co_holders, not_after, only_one, seen_of, standing
from registry.holding import acts as holdings
from registry.holding.model import HOLDING, CoHolder
from registry.holding.read import members
from registry.ledger.chain import timeline
from registry.membership import acts as memberships
from registry.membership.model import MEMBERSHIP, MEMBERSHIP_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.cases.writing.newcomers import Somebody
    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk


class RepresentativeChanged:
    """变更承包方代表: `representative`, a living adult of the list. Every co-holder agrees; nothing else changes."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Every co-holder, and each must agree."""
        said = Said(request)
        new = said.id("representative")
        said.done()
        holding = only_one(subject)
        people = co_holders(at, holding, day)
        if people.get(new) is not False:
            said.refuse("representative", "要是名册上在世的成年共有人", "a living adult co-holder of the list is wanted")
        if standing(at, HOLDING, holding, day).columns["representative_id"] == new:
            said.refuse("representative", "已经是代表了", "they are the representative already")
        return Touched(seen_of(at, (HOLDING, holding)), people, frozenset(people), frozenset({new}))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The representative, and nothing else."""
        act = at.act("representative-changed", day, fields)
        holdings.change(act, only_one(subject), representative_id=request["representative"])


@dataclass(frozen=True, slots=True)
class Entered:
    """漏登补登, 增加家庭成员: somebody comes onto the list from `day` on, with a `relation` (GB/T 4761).

    A day before the list began reaches back to it, where the cause allows that; a list that changed after the day is first
    put in order, or one act would overwrite another.
    """

    kind: str

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """The other co-holders are told; whoever comes gains."""
        who, *_ = self._read(at, subject, request, day)
        holding = only_one(subject)
        return Touched(seen_of(at, (HOLDING, holding)), co_holders(at, holding, day), gains=who.known)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """One more line, the last."""
        who, relation, since, co_holder = self._read(at, subject, request, day)
        holding = only_one(subject)
        lines = members(standing(at, HOLDING, holding, day))
        act = at.act(self.kind, since, fields)
        holdings.change(act, holding, members=[*lines, CoHolder(who.enter(act), relation, co_holder)])

    def _read(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> tuple[Somebody, str, str, bool]:
        said = Said(request)
        who = newcomers.read(at, said)
        relation, since = said.text("relation"), not_after(said, said.day("day"), day)
        co_holder = said.word("co_holder", ("yes", "no")) == "yes" if said.has("co_holder") else True
        said.done()
        holding = only_one(subject)
        if who.known & {line.person_id for line in members(standing(at, HOLDING, holding, day))}:
            said.refuse("person", "已经在名册上", "they are on the list already")
        refuse_changed_later(at, said, holding, since)
        return who, relation, since, co_holder


class MemberDeceased:
    """成员死亡: `person` of the list died on `day`. The line stays, marked; a membership of the person ends with it."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Those who live on are told."""
        person, _ = self._read(at, subject, request, day)
        holding = only_one(subject)
        people = {other: minor for other, minor in co_holders(at, holding, day).items() if other != person}
        return Touched(seen_of(at, (HOLDING, holding)), people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """One line is marked; nobody else's changes."""
        person, died = self._read(at, subject, request, day)
        holding = only_one(subject)
        lines = members(standing(at, HOLDING, holding, day))
        act = at.act("member-deceased", died, fields)
        holdings.change(
            act, holding, members=[replace(line, alive=False) if line.person_id == person else line for line in lines]
        )
        own = sa.select(MEMBERSHIP_VERSION.c.thing_id).where(MEMBERSHIP_VERSION.c.person_id == person).distinct()
        for membership_id in sorted(at.connection.scalars(own)):
            if at.chain(MEMBERSHIP, membership_id)[-1].status != "ended":
                memberships.end(act, membership_id)

    def _read(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> tuple[str, str]:
        said = Said(request)
        person, died = said.id("person"), not_after(said, said.day("day"), day)
        said.done()
        holding = only_one(subject)
        if person not in {line.person_id for line in members(standing(at, HOLDING, holding, day)) if line.alive}:
            said.refuse("person", "名册上没有这个在世的人", "nobody of this id who lives is on the list")
        refuse_changed_later(at, said, holding, died)
        return person, died


def refuse_changed_later(at: Desk, said: Said, holding: str, day: str) -> None:
    """One act writes one list from its day on: it may not overwrite what was registered for a later day."""
    if any(stretch.start > day for stretch in timeline(at.chain(HOLDING, holding))[1:]):
        said.refuse("day", "名册在这一天以后还有变更: 选以后的日期", "the list changed after that day: choose a later one")
