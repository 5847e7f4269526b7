"""Who may receive a homestead or contracted land that a household assigns (转让)? The act asks before it writes.

A homestead stays inside its collective: whoever receives one is a member of it and has none. A city resident may not buy
one (国办发〔1999〕39号, 〔2007〕71号: law H11, unconfirmed). An heir is no buyer: inheritance has a cause of its own.

Contracted land goes to another contracting household, never to one person, a company or a buyer in town by themselves; since
2019-01-01 to a household of the collective whose land it is (农村土地承包法 34; before it art. 41 of the law of 2002: any farming
household). Where the household's people are registered is not asked: who settled in town stays of its collective.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.errors import SanquanError
from registry.holding import acts as holdings
from registry.holding.model import HOLDING
from registry.law.book import book
from registry.law.deciding import keeps
from registry.ledger.chain import state_at
from registry.membership import read as memberships
from registry.parcels.model import PARCEL
from registry.rights import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.ledger.act import Act
    from registry.rights.acts import Contracted, Holder

_ASSIGNED = "RLCL/assign"


class ReceiverNotOfCollectiveError(SanquanError):
    """Raised when a homestead would pass to somebody outside the collective whose land it is."""

    def __init__(self) -> None:
        """Nobody is named: who it is stands in the act that was refused."""
        super().__init__(
            "院子只能转给本集体的成员，城里人不能买（HOME/no-city-buyers）。先看成员名册上有没有接手的人；继承另办",
            "a homestead passes to members of its own collective only; city residents may not buy one (HOME/no-city-buyers). "
            "See whether the receiver is on the roll of members; inheritance is an act of its own",
        )


class ReceiverHasHomesteadError(SanquanError):
    """Raised when a homestead would pass to a household that has one."""

    def __init__(self) -> None:
        """The rule is 土地管理法 art. 62 ¶1."""
        super().__init__(
            "接手的人家已经有一处院子，一户只能一处（《土地管理法》第62条）。先把原来那处办完退出",
            "the receiving household has a homestead: one household, one (土地管理法 art. 62). Complete the exit from it first",
        )


class AssigneeNotAHouseholdError(SanquanError):
    """Raised when contracted land would be assigned to somebody who is no contracting household."""

    def __init__(self) -> None:
        """Nobody is named: who it is stands in the act that was refused."""
        super().__init__(
            "承包地只能转让给农户（承包户），不能卖给单个人、公司、城里人（EXCHANGE/no-urban-buyer）。要给别人种，办出租",
            "contracted land is assigned to a contracting household only, never to a person, a company or an urban buyer "
            "(EXCHANGE/no-urban-buyer); let the operating right instead",
        )


class AssigneeNotOfCollectiveError(SanquanError):
    """Raised when contracted land would be assigned to a household of another collective, from 2019-01-01 on."""

    def __init__(self) -> None:
        """The law's article and what else can be done."""
        super().__init__(
            "承包地只能转让给本集体的别的农户（《农村土地承包法》第34条，2019年1月1日起）。给外面的人，可以出租",
            "contracted land is assigned to another household of the same collective (art. 34, since 2019-01-01); "
            "others may take a lease",
        )


def check_receiver(act: Act, thing: str, holder: Holder, parcels: Sequence[Contracted]) -> None:
    """Refuse whoever may not receive this thing by assignment, on the act's day. Raises any of the errors above."""
    check = _check_homestead if thing == "homestead" else _check_contracted
    check(act, holder, parcels)


@keeps("HOME/no-city-buyers")
def _check_homestead(act: Act, holder: Holder, parcels: Sequence[Contracted]) -> None:
    """Refuse a receiver who is no member of the collective of the land, or who holds a homestead, on the act's day.

    A household is the collective's when one of its co-holders is a member. Memberships and homesteads count as they were
    before this transaction: who is taken in is confirmed first.
    Raises ReceiverNotOfCollectiveError, ReceiverHasHomesteadError.
    """
    people = list(holdings.co_holders(act, holder.holding_id)) if holder.holding_id else [holder.party_id or ""]
    standing = [state_at(act.desk.chain(PARCEL, line.parcel_id), act.day) for line in parcels]
    collectives = {version.columns["village_id"] for version in standing if version is not None}
    known = act.desk.position.size
    of_them = [
        {
            member.person_id
            for member in memberships.members(act.desk.connection, each, valid_at=act.day, known_at=known)
        }
        for each in collectives
    ]
    if not of_them or any(members.isdisjoint(people) for members in of_them):
        raise ReceiverNotOfCollectiveError
    holders = [holder.holding_id or "", *people]
    if read.page(
        act.desk.connection, valid_at=act.day, known_at=known, limit=1, things=["homestead"], holder_ids=holders
    ):
        raise ReceiverHasHomesteadError


@keeps("EXCHANGE/no-urban-buyer")
def _check_contracted(act: Act, holder: Holder, parcels: Sequence[Contracted]) -> None:
    """Refuse whoever is no household, and from 2019-01-01 a household of another collective, on the act's day.

    Raises AssigneeNotAHouseholdError, AssigneeNotOfCollectiveError.
    """
    if holder.holding_id is None:
        raise AssigneeNotAHouseholdError
    if act.day < book().versions(_ASSIGNED)[-1].in_force_from.isoformat():
        return
    household = state_at(act.desk.chain(HOLDING, holder.holding_id), act.day)
    collective = None if household is None else household.columns["issuer_id"]
    land = [state_at(act.desk.chain(PARCEL, line.parcel_id), act.day) for line in parcels]
    if collective is None or {collective} != {parcel.columns["village_id"] for parcel in land if parcel is not None}:
        raise AssigneeNotOfCollectiveError
