"""Which exits, leases and lost memberships came soon after the people concerned had settled: what the inspectors look at?

That two things lie near each other in time proves nothing: the list says where to ask. It has days, kinds and places in the
log, and the code of the contracting household, never a name; the inspectors open one person at a time, with a purpose.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from registry.holding.read import listed_in
from registry.law import causes
from registry.membership import read as memberships
from registry.rights import counted as rights
from registry.statistics.rules import rules_on
from registry.statistics.settled import settlements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.statistics.settled import Settlement

OF_RIGHTS = ("exited", "leased", "subleased", "contributed")
OF_MEMBERSHIP = ("membership-lost", "membership-exited")


class Coincidence(NamedTuple):
    """An act within so many days after a settlement of somebody whom it concerns.

    `household` is the 承包方编码 ("" for a membership or a share of a person's own); `people` how many of those who settled by
    this event it concerns.
    """

    settled_on: str
    event: int
    kind: str
    zh: str
    en: str
    act_day: str
    entry: int
    days: int
    household: str
    people: int


def coincidences(connection: Connection, *, valid_at: str, known_at: int) -> list[Coincidence]:
    """Every such act up to the day, the latest first; none before the rule has a first day."""
    rules = rules_on(valid_at)
    if rules.coincidence_days is None:
        return []
    moved = settlements(connection, since=rules.since, valid_at=valid_at, known_at=known_at)
    found: dict[tuple[int, int, str], set[str]] = defaultdict(set)
    about: dict[tuple[int, int, str], tuple[Settlement, str, str]] = {}
    for settlement, household, kind, act_day, entry in _acts_beside(connection, moved, valid_at, known_at):
        days = (dt.date.fromisoformat(act_day) - dt.date.fromisoformat(settlement.day)).days
        if 0 <= days <= rules.coincidence_days:
            key = (settlement.event, entry, household)
            found[key].add(settlement.person_id)
            about[key] = settlement, kind, act_day
    words = causes.kinds()
    rows = []
    for (event, entry, household), concerned in found.items():
        settlement, kind, act_day = about[event, entry, household]
        days = (dt.date.fromisoformat(act_day) - dt.date.fromisoformat(settlement.day)).days
        zh, en = words[kind].zh, words[kind].en
        rows.append(Coincidence(settlement.day, event, kind, zh, en, act_day, entry, days, household, len(concerned)))
    return sorted(rows, key=lambda row: (row.act_day, row.entry, row.household), reverse=True)


def as_json(rows: list[Coincidence], valid_at: str) -> dict[str, Any]:
    """The list as plain values, with how it was made."""
    days = rules_on(valid_at).coincidence_days
    return {
        "counted": {
            "zh": f"落户（未撤销）之后 {days} 天以内、涉及同一人或其承包户的退出、出租转包入股、丧失或退出成员身份。"
            "挨得近不说明有问题。",
            "en": f"Exits, leases, and memberships lost or given up within {days} days after a settlement that stands, of "
            "the same person or household. That they lie near each other proves nothing.",
        },
        "rows": [row._asdict() for row in rows],
    }


def _acts_beside(
    connection: Connection, moved: list[Settlement], valid_at: str, known_at: int
) -> Iterator[tuple[Settlement, str, str, str, int]]:
    """Each settlement with each act on a right or membership of that person: household, kind, day, entry."""
    of_person: dict[str, list[Settlement]] = defaultdict(list)
    for settlement in moved:
        for row in settlement.rows:
            of_person[row].append(settlement)
    moment: dict[str, Any] = {"valid_at": valid_at, "known_at": known_at}
    holders: dict[str, list[tuple[Settlement, str]]] = defaultdict(list)
    for person, each in of_person.items():
        holders[person] += [(settlement, "") for settlement in each]
    for person, holding, code in listed_in(connection, of_person, **moment):
        holders[holding] += [(settlement, code) for settlement in of_person[person]]
    for act in rights.acts(connection, OF_RIGHTS, **moment):
        for settlement, code in holders.get(act.holder_id, ()):
            yield settlement, code, act.kind, act.act_day, act.entry
    for lost in memberships.acts(connection, OF_MEMBERSHIP, **moment):
        for settlement in of_person.get(lost.person_id, ()):
            yield settlement, "", lost.kind, lost.act_day, lost.entry
