"""Cases about who is a member of a collective: confirmed or taken in by its resolution, or left by one's own will.

Where anybody is registered, lives or works is asked nowhere. Leaving ends the membership and nothing else: the three rights
stay unless each is exited apart (I21).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry import parties
from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing import newcomers
from registry.cases.writing.writer import looking, newest, not_after, only_one, seen_of, standing
from registry.catalogue import words_of
from registry.holding import acts as holdings
from registry.holding.model import HOLDING
from registry.law.book import book
from registry.law.deciding import keeps
from registry.membership import acts as memberships
from registry.membership import read as memberships_read
from registry.membership.model import MEMBERSHIP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.cases.writing.newcomers import Somebody
    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Noun, Version

LOSSES = ("nationality-lost", "member-elsewhere", "civil-servant")
"""What 农村集体经济组织法 17 ¶1 names beside death; (5), what law and charter add, has no word: a person decides (Q11)."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """成员确认, 成员取得: `person` (or `name`, `id_number`, `sex`) by the collective's `resolution` of a `day`.

    About the household or the member through whom they come: that names the collective. `grounds`: on which of them.
    """

    cause: str
    grounds: tuple[str, ...]

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Whoever comes, where the register knows them; they gain."""
        who, *_ = self._read(at, subject, request, day)
        people = holdings.minors(looking(at, "", day), sorted(who.known))
        return Touched(seen_of(at, _through(at, subject)), people, gains=who.known)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """One membership begins."""
        who, collective, resolution, since = self._read(at, subject, request, day)
        act = at.act(self.cause, since, fields)
        memberships.begin(act, person_id=who.enter(act), collective_id=collective, basis=resolution)

    def _read(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> tuple[Somebody, str, str, str]:
        said = Said(request)
        who = newcomers.read(at, said)
        said.word("ground", self.grounds)
        resolution, since = said.text("resolution"), not_after(said, said.day("day"), day)
        said.done()
        noun, thing_id = _through(at, subject)
        columns = standing(at, noun, thing_id, day).columns
        collective = str(columns["issuer_id"] if noun is HOLDING else columns["collective_id"])
        members = memberships_read.members(at.connection, collective, valid_at=day, known_at=at.position.size)
        if who.known & {member.person_id for member in members}:
            said.refuse("person", "已经是本集体的成员", "they are a member of the collective already")
        return who, collective, resolution, since


class MembershipExited:
    """自愿退出成员: the person's own written application, the collective's consent; `payment` as agreed, or none.

    Nobody leaves for a child, and nobody signs on the day of a settlement of theirs (`settlings`).
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """The person alone, and they must agree."""
        said = Said(request)
        said.amount("payment", empty=True)
        said.done()
        member = standing(at, MEMBERSHIP, only_one(subject), day)
        person = str(member.columns["person_id"])
        if holdings.minors(looking(at, "", day), [person])[person]:
            said.refuse("subject", "未成年人的成员身份谁也不能替他退", "nobody gives up a child's membership for them")
        return Touched(seen_of(at, (MEMBERSHIP, member.thing_id)), {person: False}, frozenset({person}))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:  # noqa: ARG002  (as every writer takes it)
        """The membership ends; no right does."""
        memberships.end(at.act("membership-exited", day, fields), only_one(subject))


class MembershipLost:
    """成员丧失: what the law itself ends a membership by. `ground`, the `document` that proves it, and its `day`.

    Of a member elsewhere: `elsewhere`, the code of that collective.

    Death is entered on the list (成员死亡). Settling, study, the army, work, prison, marriage and divorce are no grounds, and a
    charter that names one goes to a person (M7): there is no word for it here. No right ends; whatever stays for a while by
    agreement is written in the document (M8). The person is told and may object, and the case waits for that.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """The person: told, and not asked."""
        self._read(at, subject, request, day)
        person = str(standing(at, MEMBERSHIP, only_one(subject), day).columns["person_id"])
        return Touched(seen_of(at, (MEMBERSHIP, only_one(subject))), holdings.minors(looking(at, "", day), [person]))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The membership ends on the day of what ended it; no right does."""
        memberships.end(at.act("membership-lost", self._read(at, subject, request, day), fields), only_one(subject))

    @keeps("COL/18")
    def _read(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> str:
        said = Said(request)
        ground, since = said.word("ground", LOSSES), not_after(said, said.day("day"), day)
        said.text("document")
        elsewhere = said.text("elsewhere") if ground == "member-elsewhere" else ""
        said.done()
        if not book().holds("COL/17", dt.date.fromisoformat(since)):
            zh = "农村集体经济组织法 2025-05-01 才施行: 以前的按当时的章程, 由人审核, 有判决的登记判决"
            said.refuse("day", zh, "the law is in force since 2025-05-01: what was before goes by the charter, and to a person")
        member = newest(at, said, MEMBERSHIP, only_one(subject), since)
        if elsewhere:
            _refuse_no_other(at, said, member, elsewhere, since)
        return since


def _refuse_no_other(at: Desk, said: Said, member: Version, elsewhere: str, day: str) -> None:
    """Who is said to be a member of another collective of this register is one on record (a marriage makes nobody one: M9).

    Of a collective that this register does not keep, the document speaks, and the review looks at it.
    """
    other = parties.organisation_by_code(at.connection, elsewhere)
    if other == member.columns["collective_id"]:
        said.refuse("elsewhere", "要是别的集体", "another collective is wanted")
    if other is None:
        return
    members = memberships_read.members(at.connection, other, valid_at=day, known_at=at.position.size)
    if member.columns["person_id"] not in {each.person_id for each in members}:
        zh = "登记簿里他那天还不是那个集体的成员: 先登记那边的成员取得"
        said.refuse("elsewhere", zh, "they are on record as no member there on that day: enter that first")


def _through(at: Desk, subject: Sequence[str]) -> tuple[Noun, str]:
    """The household or the membership that the case is about."""
    thing_id = only_one(subject)
    word = words_of(at.connection, [thing_id])[thing_id]
    return (HOLDING if word == "holding" else MEMBERSHIP), thing_id
