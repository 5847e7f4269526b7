"""Cases in which a right is given up for pay, and in which an exit that was not free is undone.

An exit ends exactly the right that it names (I21); who holds it signs, each apart. Whether the household settled in town is
asked nowhere. What stands beside (clocks, payments, signs of pressure) is judged in `registry.cases.exits`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from registry.cases.exits import GROUNDS
from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.writer import (
    burdens_on,
    co_holders,
    contracted,
    holders,
    issuer_of,
    looking,
    only_one,
    refuse_encumbered,
    refuse_stopped,
    seen_of,
    standing,
    terms_of,
)
from registry.holding.model import HOLDING
from registry.law.deciding import decides, keeps
from registry.ledger.chain import state_at
from registry.paid_exits import KINDS
from registry.rights import acts as rights
from registry.rights import read as rights_read
from registry.rights.acts import Holder, Terms
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version
    from registry.rights.acts import Contracted

# What lies on a right and whose party may agree that it ends: the act that ends it.
_ENDED_BY = {"mortgage": "mortgage-discharged", "pledge": "pledge-discharged", "objection": "objection-closed"}


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the parties wrote down. `receiver`: the collective, or a contracting household of it (its holding's id).

    `parcels`: which parcels of a contract, none where the right is given up whole; a household that receives some has a contract
    of its own about them, `code`. `price`, `reference` and `improvements` (what was put into the soil, paid apart: EXIT/E8) are
    yuan.
    """

    receiver: str
    price: Decimal
    reference: Decimal
    improvements: Decimal
    parcels: frozenset[str] = frozenset()
    code: str = ""

    @property
    def total(self) -> Decimal:
        """What must reach the holders."""
        return self.price + self.improvements


def agreed(request: Mapping[str, Any]) -> Agreed:
    """What an exit asks for. SaidMalformedError, also at a price of nothing (EXIT/E8)."""
    said = Said(request)
    receiver = said.id("receiver")
    price, reference = Decimal(said.amount("payment")), Decimal(said.amount("reference"))
    improvements = Decimal(said.amount("improvements"))
    parcels = frozenset(said.ids("parcels")) if said.has("parcels") else frozenset[str]()
    code = said.text("code") if said.has("code") else ""
    said.done()
    if price <= 0:
        said.refuse("payment", "退出必须有偿: 价款要大于零", "an exit is paid for: the price is above zero")
    if reference <= 0:
        said.refuse("reference", "写明给权利人看过的参考价", "the reference value that the holders were shown is wanted")
    return Agreed(receiver, price, reference, improvements, parcels, code)


class Exited:
    """自愿有偿退出: to the collective, which ends the right; or to a household of it (转让), whose right begins.

    `receiver`, `payment`, `reference`, `improvements`. Every holder agrees, each apart, and everybody whose mortgage, lease
    or objection lies on the right; those end with it. Seized or in dispute, nothing is given up. With `parcels` exactly those
    are given up (I21), and nothing may lie on the contract, whose other parcels stay.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Holders, who sign and gain the price; the receiving household; whoever has something on it."""
        terms, right = agreed(request), standing(at, RIGHT, only_one(subject), day)
        said = Said(request)
        _refuse_unconfirmed(at, said, right, day)
        _refuse_no_part(at, said, right, terms, day)
        burdens = _lying(at, right, day)
        own, seen = holders(at, right.thing_id, day)
        receiving, of_receiver = _receiving(at, said, right, terms.receiver, day)
        if own.keys() & receiving.keys():
            said.refuse("receiver", "不能退给自己家", "nobody gives a right up to themselves")
        party = {who: minor for _, people in burdens.values() for who, minor in people.items()}
        adults = frozenset(person for person, minor in own.items() if not minor)
        return Touched(
            seen | of_receiver,
            receiving | party | own,
            frozenset({*own, *party, *(person for person, minor in receiving.items() if not minor)}),
            adults | frozenset(receiving),
            frozenset(own),
        )

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """What lies on the right ends by its party's will; then the right ends, or goes to the household that receives it."""
        terms, right = agreed(request), standing(at, RIGHT, only_one(subject), day)
        for burden, (sort, _) in sorted(_lying(at, right, day).items()):
            if sort == "operating":
                rights.end_letting(at.act("operating-ended", day, fields), burden)
            else:
                rights.unburden(at.act(_ENDED_BY[sort], day, fields), burden)
        collective = issuer_of(at, right)
        act = at.act("exited" if terms.receiver == collective else "assigned", day, fields)
        given = [line for line in contracted(right) if not terms.parcels or line.parcel_id in terms.parcels]
        if terms.parcels:
            rights.change(act, right.thing_id, parcels=[line for line in contracted(right) if line not in given])
        else:
            rights.end(act, right.thing_id)
        if terms.receiver == collective:
            return
        stated = terms_of(right)
        if terms.parcels:
            unit = rights.unit(act, kind="contract", code=terms.code, issuer_id=collective, method="", signed_on=day)
            stated = Terms(unit, terms.code, stated.term_start, stated.term_end)
        rights.begin(act, right.thing, Holder(holding_id=terms.receiver), stated, given)


class ExitVoided:
    """退出无效: pressure, a forged will or the like was found after the registration; `ground` says which.

    The right comes back under its old id from the day of the exit on, so that no day shows it gone. The money goes back
    outside the register. Those who held it are told, and whoever holds the land by the exit; nobody's will is asked for.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everybody who held the right when it was given up."""
        exited = self._read(at, subject, request, day)
        people = rights.consenting(looking(at, "", exited.act_day), exited.thing_id)
        return Touched(seen_of(at, (RIGHT, exited.thing_id)), people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The right stands again, on its unbroken chain."""
        exited = self._read(at, subject, request, day)
        act = at.act("restored", exited.act_day, fields)
        if exited.status == "ended":
            rights.restore(act, exited.thing_id)
        else:
            rights.change(act, exited.thing_id, parcels=[*contracted(exited), *_given(at, exited)])

    def _read(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Version:
        said = Said(request)
        said.word("ground", GROUNDS)
        said.done()
        head = at.chain(RIGHT, only_one(subject))[-1]
        if head.cause_kind not in KINDS or not (head.status == "ended" or _given(at, head)):
            said.refuse("subject", "这项权利没有退出过, 或已经恢复", "this right was not given up, or was restored")
        parcels = [line.parcel_id for line in (contracted(head) if head.status == "ended" else _given(at, head))]
        known = at.position.size
        standing_now = rights_read.lines_on(at.connection, parcels, valid_at=day, known_at=known)
        if any(line.thing == head.thing for line in standing_now):
            said.refuse("subject", "地已登记给别人: 先由判决了结那项权利", "the land is another's by now: a judgment on that first")
        return head


@keeps("EXIT/scope")
def _refuse_no_part(at: Desk, said: Said, right: Version, terms: Agreed, day: str) -> None:
    """I21: a part are some parcels of a contract, and never all of it by the way."""
    if not terms.parcels:
        return
    if not right.thing.startswith("contract-") or not terms.parcels < {line.parcel_id for line in contracted(right)}:
        said.refuse("parcels", "只能是这份承包合同的一部分地块", "some parcels of that contract, not all, are wanted")
    if not terms.code and terms.receiver != issuer_of(at, right):
        said.refuse("code", "接手的一户要有自己的合同编码", "the household that receives them has a contract of its own: its code")
    refuse_encumbered(at, said, right, day)


def _given(at: Desk, exited: Version) -> list[Contracted]:
    """The parcels that an exit in part took off a right, with their contract areas as they were; none of any other version."""
    chain = at.chain(RIGHT, exited.thing_id)
    before = contracted(chain[exited.ver - 2]) if exited.ver > 1 else []
    return [line for line in before if line not in contracted(exited)]


@decides("EXIT/E1")
def _refuse_unconfirmed(at: Desk, said: Said, right: Version, day: str) -> None:
    """E1: confirmed by a certificate or a book, not in dispute, not seized."""
    if not (right.columns["certificate_number"] or right.columns["book_number"]):
        said.refuse("subject", "还没有确权登记: 先登记, 再谈退出", "it is not confirmed yet: register it first")
    refuse_stopped(at, said, right.thing_id, day)


@decides("EXIT/E7")
def _receiving(at: Desk, said: Said, right: Version, receiver: str, day: str) -> tuple[dict[str, bool], dict[str, int]]:
    """The people of the household that receives the right, none where the collective does; and its list's newest version.

    EXIT/E7: the collective, or for land and a homestead a household of it; a share goes to the collective. What more a
    household must be, the act itself asks (`rights.receivers`).
    """
    issuer = issuer_of(at, right)
    if receiver == issuer:
        return {}, {}
    chain = at.chain(HOLDING, receiver)
    household = state_at(chain, day)
    if right.thing == "income" or household is None or household.columns["issuer_id"] != issuer:
        said.refuse(
            "receiver",
            "只能退给本集体, 承包地和院子还可以转给本集体的农户",
            "the collective receives it; land and a homestead may also go to a household of it",
        )
    return co_holders(at, receiver, day), seen_of(at, (HOLDING, receiver))


@decides("EXIT/E6")
def _lying(at: Desk, right: Version, day: str) -> dict[str, tuple[str, dict[str, bool]]]:
    """What lies on the right: its sort, and who must agree that it ends; the party of a restriction goes by its id."""
    return {
        burden: (sort, rights.consenting(looking(at, "", day), burden) if sort == "operating" else {burden: False})
        for burden, sort in burdens_on(at, right, day).items()
    }
