"""In which order are applications to settle dealt with (plan I.2.1)?

存量 before 增量, and among them who has lived in town for long and is able to work there. It orders, and refuses nobody. The
plan gives no number for 进城时间长 and none is made up: the day since which somebody says that they live in town.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.decisions.facts import Known
from registry.law.book import book

PRIORITY = "WS-2016/I.2.1"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an applicant declares, as declared; `received` orders what is otherwise equal."""

    in_stock: Known
    able_in_town: Known
    in_town_since: date | None
    received: str


def priority_class(waiting: Waiting) -> str:
    """The class: `stock-long-resident`, `stock` or `increment`. Who says nothing is last in order, and is not refused."""
    if not waiting.in_stock:
        return "increment"
    return "stock" if waiting.in_town_since is None else "stock-long-resident"


def place_in_queue(waiting: Waiting, day: date) -> tuple[int, bool, date, str]:
    """By what the queue is sorted, smallest first: class, able to work in town, in town since, received."""
    order = book().words(PRIORITY, "queue_order", day)
    since = waiting.in_town_since or date.max
    return order.index(priority_class(waiting)), not waiting.able_in_town, since, waiting.received
