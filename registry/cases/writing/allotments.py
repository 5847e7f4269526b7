"""Cases about the shares of a collective's income: first allotted (股份量化), counted anew (调整), passed to a member (转让).

A share is an exact part of all that the collective distributes; with what the collective keeps they make one. Nobody's share
ends here: it is given up for pay, inherited, or left without an heir, each a case of its own. Where anybody is registered or
lives is no input, and who has moved is counted like everybody else.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.shares import others_of, share_of
from registry.cases.writing.writer import (
    issuer_of,
    known_party,
    looking,
    only_one,
    refuse_encumbered,
    refuse_stopped,
    seen_of,
    standing,
    terms_of,
)
from registry.holding import acts as holdings
from registry.law.deciding import keeps
from registry.membership import read as memberships_read
from registry.membership.model import MEMBERSHIP
from registry.rights import acts as rights
from registry.rights import read as rights_read
from registry.rights.acts import Holder, Terms
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from registry.ledger.act import Act, ActFields
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version

_MOST = 5_000
"""Members of one collective in one case."""


class SharesAllotted:
    """股份量化: about a membership of the collective; `code` of the share ledger, `resolution`, and `shares` of every member.

    Each member (`person`) has a part `numerator`/`denominator`; what is left stays the collective's. Who is on the roll and not
    on the list, or the other way round, refuses it whole: nobody is left out, and nobody is let in by the way.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Every member."""
        shares, *_ = self._read(at, subject, request, day)
        people = holdings.minors(looking(at, "", day), sorted(shares))
        return Touched(seen_of(at, (MEMBERSHIP, only_one(subject))), people, gains=frozenset(people))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The ledger, the allotment, and a right of each member."""
        shares, collective, code = self._read(at, subject, request, day)
        act = at.act("shares-allotted", day, fields)
        unit = rights.unit(act, kind="share-ledger", code=code, issuer_id=collective, method="", signed_on=day)
        allotment = _allot(act, shares, collective)
        for person, share in sorted(shares.items()):
            terms = Terms(unit, code, book="collective", book_number=code)
            rights.begin(act, "income", Holder(None, person, allotment, *share.as_integer_ratio()), terms)

    def _read(
        self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str
    ) -> tuple[dict[str, Fraction], str, str]:
        said = Said(request)
        said.text("resolution")
        code, shares = said.text("code"), _shares(at, said)
        said.done()
        collective = str(standing(at, MEMBERSHIP, only_one(subject), day).columns["collective_id"])
        known = at.position.size
        there = rights_read.page(
            at.connection, valid_at=day, known_at=known, limit=1, things=["income"], issuer_ids=[collective]
        )
        if there:
            said.refuse("subject", "这个集体已经量化过: 办股份量化调整", "its shares are allotted already: count them anew instead")
        members = memberships_read.members(at.connection, collective, valid_at=day, known_at=known)
        _refuse_left_out(said, shares, {member.person_id for member in members})
        return shares, collective, code


class SharesRequantified:
    """股份量化调整: about any share of the ledger; `resolution`, and `shares` of everybody who holds one or is to have one.

    Whoever comes anew is a member. Everybody may become less by the same part, because others came; whoever becomes less than
    the others agrees to it, alone.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everybody on the list; those who lose more than others agree."""
        _, own, shares = self._read(at, subject, request, day)
        people = holdings.minors(looking(at, "", day), sorted(shares))
        seen = seen_of(at, *((RIGHT, right.thing_id) for right in own.values()))
        kept = {person: shares[person] / share_of(right) for person, right in own.items()}
        most = max(kept.values())
        losing = frozenset(person for person, part in kept.items() if part < min(most, Fraction(1)))
        gaining = frozenset(person for person in shares if person not in own or kept[person] > 1)
        return Touched(seen, people, losing, gaining)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """One allotment of the whole; each right changes its share, whoever comes anew begins one."""
        any_right, own, shares = self._read(at, subject, request, day)
        act = at.act("shares-requantified", day, fields)
        allotment = _allot(act, shares, issuer_of(at, any_right))
        for person, share in sorted(shares.items()):
            holder = Holder(None, person, allotment, *share.as_integer_ratio())
            if person in own:
                rights.change(act, own[person].thing_id, holder=holder)
            else:
                rights.begin(act, "income", holder, terms_of(any_right))

    def _read(
        self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str
    ) -> tuple[Version, dict[str, Version], dict[str, Fraction]]:
        said = Said(request)
        said.text("resolution")
        shares = _shares(at, said)
        said.done()
        right = standing(at, RIGHT, only_one(subject), day)
        own = _held(at, said, right, day)
        _refuse_left_out(said, shares, own.keys(), more=True)
        members = memberships_read.members(at.connection, issuer_of(at, right), valid_at=day, known_at=at.position.size)
        if shares.keys() - own.keys() - {member.person_id for member in members}:
            said.refuse("shares", "新增的人要先是本集体成员", "whoever comes anew is a member of the collective first")
        for each in own.values():
            refuse_stopped(at, said, each.thing_id, day)
        return right, own, shares


class ShareTransferred:
    """股份转让: a part (`numerator`/`denominator`) of one's share `to` another member, for `payment` as agreed.

    `cap`: the most that the charter lets one member hold, `cap_numerator`/`cap_denominator` of the whole. Both sides agree, each
    apart, and may think better of it while the notice stands.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Who gives and who gets; both agree."""
        right, to, _, own = self._read(at, subject, request, day)
        people = holdings.minors(looking(at, "", day), [str(right.columns["party_id"]), to])
        there = [(RIGHT, own[to].thing_id)] if to in own else []
        return Touched(seen_of(at, (RIGHT, right.thing_id), *there), people, frozenset(people), frozenset(people))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """One allotment of the whole: two shares of it change, everybody else's stands."""
        right, to, part, own = self._read(at, subject, request, day)
        act = at.act("share-transferred", day, fields)
        giver = str(right.columns["party_id"])
        whole = {person: share_of(each) for person, each in own.items()}
        whole[giver] -= part
        whole[to] = whole.get(to, Fraction(0)) + part
        allotment = _allot(act, whole, issuer_of(at, right))
        rights.change(act, right.thing_id, holder=Holder(None, giver, allotment, *whole[giver].as_integer_ratio()))
        got = Holder(None, to, allotment, *whole[to].as_integer_ratio())
        if to in own:
            rights.change(act, own[to].thing_id, holder=got)
        else:
            rights.begin(act, "income", got, terms_of(right))

    def _read(
        self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str
    ) -> tuple[Version, str, Fraction, dict[str, Version]]:
        said = Said(request)
        right = standing(at, RIGHT, only_one(subject), day)
        to, own = known_party(at, said, "to"), _held(at, said, right, day)
        part = _part(said, "numerator", "denominator") * share_of(right)
        if part == share_of(right):
            zh = "整份不这样转: 整份不要了, 办自愿有偿退出, 有反悔期"
            said.refuse("numerator", zh, "the whole share is given up by a paid exit, which leaves time to think it over")
        cap = _part(said, "cap_numerator", "cap_denominator")
        said.amount("payment")
        said.done()
        refuse_encumbered(at, said, right, day)
        _refuse_outside(at, said, right, to, day)
        if to in own:
            refuse_stopped(at, said, own[to].thing_id, day)
        if (share_of(own[to]) if to in own else Fraction(0)) + part > cap:
            said.refuse("cap_numerator", "超过章程准许一个人持有的上限", "more than the charter lets one member hold")
        return right, to, part, own


@keeps("EXCHANGE/no-urban-buyer")
def _refuse_outside(at: Desk, said: Said, right: Version, to: str, day: str) -> None:
    """A share stays inside its collective; it is never sold to town."""
    members = memberships_read.members(at.connection, issuer_of(at, right), valid_at=day, known_at=at.position.size)
    if to == right.columns["party_id"] or to not in {member.person_id for member in members}:
        said.refuse("to", "只能转给本集体的另一个成员", "to another member of the collective only")


def _refuse_left_out(said: Said, shares: Iterable[str], wanted: Iterable[str], *, more: bool = False) -> None:
    """Everybody who must be there is there; `more`: others may be."""
    listed, must = set(shares), set(wanted)
    if must - listed or (listed - must and not more):
        out, over = len(must - listed), 0 if more else len(listed - must)
        zh = f"有 {out} 人漏了, 多了 {over} 人: 一个成员也不能漏, 人在哪里都一样"
        said.refuse("shares", zh, f"{out} are left out, {over} are too many: nobody is left out, wherever they live")


def _shares(at: Desk, said: Said) -> dict[str, Fraction]:
    """Parts by person; they make one at most, and the rest is the collective's. SaidMalformedError."""
    found: dict[str, Fraction] = {}
    for row in said.rows("shares", most=_MOST):
        person = known_party(at, row, "person")
        if person in found:
            row.refuse("person", "同一人写了两次", "the same person twice")
        found[person] = _part(row, "numerator", "denominator")
        row.done()
    if sum(found.values()) > 1:
        said.refuse("shares", "各人的份加起来超过了一", "the parts make more than one")
    return found


def _part(said: Said, numerator: str, denominator: str) -> Fraction:
    part = Fraction(said.whole(numerator), said.whole(denominator))
    if part > 1:
        said.refuse(numerator, "不能大于一", "no more than the whole")
    return part


def _held(at: Desk, said: Said, right: Version, day: str) -> dict[str, Version]:
    """Every share of the ledger that stands, by holder. Who holds two has them put right first. SaidMalformedError."""
    every = {str(right.columns["holder_id"]): [right]}
    for person, held in others_of(at, right, day).items():
        every.setdefault(person, []).extend(held)
    if any(len(held) > 1 for held in every.values()):
        said.refuse("subject", "有人名下有两份股: 先更正", "somebody holds two shares: correct that first")
    return {person: held[0] for person, held in every.items()}


def _allot(act: Act, shares: Mapping[str, Fraction], collective: str) -> str:
    whole = dict(shares)
    rest = 1 - sum(whole.values(), Fraction(0))
    if rest > 0:
        whole[collective] = whole.get(collective, Fraction(0)) + rest
    return rights.allot(act, [(party, *share.as_integer_ratio()) for party, share in sorted(whole.items())])
