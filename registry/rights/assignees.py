"""Who may receive contracted land that a household assigns (转让)? The act asks before it writes.

Another contracting household, never one person, a company or a buyer in town by themselves; since 2019-01-01 a household of
the collective whose land it is (农村土地承包法 34; before it art. 41 of the law of 2002: any farming household). Where the
household's people are registered is not asked: who settled in town stays of its collective.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.errors import SanquanError
from registry.holding.model import HOLDING
from registry.law.book import book
from registry.law.deciding import keeps
from registry.ledger.chain import state_at
from registry.parcels.model import PARCEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.ledger.act import Act
    from registry.rights.acts import Contracted, Holder

_RULE = "RLCL/assign"


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


@keeps("EXCHANGE/no-urban-buyer")
def check_assignee(act: Act, holder: Holder, parcels: Sequence[Contracted]) -> None:
    """Refuse whoever is no household, and from 2019-01-01 a household of another collective, on the act's day.

    Raises AssigneeNotAHouseholdError, AssigneeNotOfCollectiveError.
    """
    if holder.holding_id is None:
        raise AssigneeNotAHouseholdError
    if act.day < book().versions(_RULE)[-1].in_force_from.isoformat():
        return
    household = state_at(act.desk.chain(HOLDING, holder.holding_id), act.day)
    collective = None if household is None else household.columns["issuer_id"]
    land = [state_at(act.desk.chain(PARCEL, line.parcel_id), act.day) for line in parcels]
    if collective is None or {collective} != {parcel.columns["village_id"] for parcel in land if parcel is not None}:
        raise AssigneeNotOfCollectiveError
