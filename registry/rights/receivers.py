"""May this household receive a homestead that another one assigns to it? The act asks before it writes.

A homestead stays inside its collective: whoever receives one is a member of it and has none. A city resident may not buy
one (国办发〔1999〕39号, 〔2007〕71号: law H11, unconfirmed). An heir is no buyer: inheritance has a cause of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.errors import SanquanError
from registry.holding import acts as holdings
from registry.law.deciding import keeps
from registry.ledger.chain import state_at
from registry.membership import read as memberships
from registry.parcels.model import PARCEL
from registry.rights import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.ledger.act import Act
    from registry.rights.acts import Contracted, Holder


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


@keeps("HOME/no-city-buyers")
def check_receiver(act: Act, holder: Holder, parcels: Sequence[Contracted]) -> None:
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
