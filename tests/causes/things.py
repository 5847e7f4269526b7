"""Which thing of the made-up village stands for each of the thirteen words, and on which day is a cause tried?"""

from __future__ import annotations

import datetime as dt

from registry.law.causes import Cause
from tests.registry.made_up import Village

PLAIN_DAY = dt.date(2018, 6, 1)


def thing_ids(village: Village) -> dict[str, str]:
    """An id for each thing word."""
    rights = {f"contract-{use}": village.rights[f"contract-{use}"] for use in ("arable", "grass", "forest", "other")}
    return {
        **rights,
        "operating": village.rights["operating"],
        "homestead": village.rights["homestead"],
        "income": village.rights["income-0"],
        "holding": village.holding,
        "parcel": village.parcels["arable"],
        "membership": village.memberships[0],
        "restriction": village.rights["mortgage"],
        "duty": village.duty,
        "benefit": village.benefit,
    }


def day_in(cause: Cause) -> str:
    """A day on which a row is in force, after everything of the village has begun."""
    if cause.holds_on(PLAIN_DAY):
        return PLAIN_DAY.isoformat()
    if cause.in_force_from > PLAIN_DAY:
        return cause.in_force_from.isoformat()
    return (cause.in_force_until - dt.timedelta(days=1)).isoformat()
