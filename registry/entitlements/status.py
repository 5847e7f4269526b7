"""What is a person to the urban services on a day: settled in a town of the banner, holder of a permit, neither; since when?"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from registry.law.book import RuleNotInForceError, book
from registry.places import in_town
from registry.residence import permits, registrations
from registry.store.types import LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.residence import Registration
    from registry.store.engines import Store

Kind = Literal["settled", "permit", "none"]
_ENDORSEMENT = "RP-663/10"


class Status(NamedTuple):
    """The kind and the first day of it without a break; `suspended`: a permit that nobody endorsed in time (Order 663 art. 10)."""

    kind: Kind
    since: str | None
    suspended: bool = False

    def months(self, day: str) -> int:
        """Whole months that it has lasted on a day.

        >>> Status("settled", "2017-05-08").months("2018-05-07"), Status("none", None).months("2018-05-07")
        (11, 0)
        """
        if self.since is None:
            return 0
        start, end = dt.date.fromisoformat(self.since), dt.date.fromisoformat(day)
        return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def status_of(
    store: Store, connection: Connection, person_id: str, *, valid_at: str, known_at: int
) -> Status:
    """A person's status on a day, as known at a size of the log: from registrations and permits, and nothing else."""
    banner = store.settings.banner_code
    since = settled_since(registrations(connection, store.vault, person_id, known_at), valid_at, banner)
    if since is not None:
        return Status("settled", since)
    return permit_status(permits(connection, person_id, known_at), valid_at, banner)


def settled_since(rows: Sequence[Registration], day: str, banner: str) -> str | None:
    """The first day of the unbroken time in towns of the banner that covers the day; None where there is none."""
    states = sorted((row for row in rows if row.valid_from <= day), key=lambda row: (row.valid_from, row.event_idx))
    since = None
    for row in states:
        here = row.status == "registered" and row.division_code.startswith(banner) and in_town(row.division_code)
        since = (since or row.valid_from) if here else None
    return since


def permit_status(states: Sequence[dict[str, Any]], day: str, banner: str) -> Status:
    """A permit's status: years count from the issue, or anew from an endorsement that came too late (art. 10)."""
    since, last = None, None
    for state in sorted((each for each in states if each["valid_from"] <= day), key=lambda each: each["valid_from"]):
        if state["status"] in ("lapsed", "suspended") or not state["division_code"].startswith(banner):
            since, last = None, None if state["status"] == "lapsed" else state["valid_from"]
            continue
        late = last is not None and since is not None and state["valid_from"] > _until(last, day)
        since = state["valid_from"] if since is None or late else since
        last = state["valid_from"]
    if since is None or last is None:
        return Status("none", None, suspended=last is not None)
    return Status("none", None, suspended=True) if day > _until(last, day) else Status("permit", since)


def _until(last: str, asked: str) -> str:
    """The last day on which a permit that was issued or endorsed is in force, by the rule of the day that is asked about."""
    start = dt.date.fromisoformat(last)
    try:
        months = book().whole(_ENDORSEMENT, "endorsement_months", dt.date.fromisoformat(asked))
    except RuleNotInForceError:
        return LAST_DAY
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    longest = monthrange(year, month + 1)[1]
    if start.day > longest:
        return dt.date(year, month + 1, longest).isoformat()
    return (dt.date(year, month + 1, start.day) - dt.timedelta(days=1)).isoformat()
