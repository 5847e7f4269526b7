"""What does an order for a job package look like? The same villages and deadline as `sanquan job make`."""

from __future__ import annotations

from pydantic import Field

from api.answers.deliveries import VillageCode
from api.answers.events import Day, Strict


class JobIn(Strict):
    """Villages (12 digits) and the day by which their delivery is due."""

    villages: list[VillageCode] = Field(min_length=1, max_length=200)
    deadline: Day
