"""What is a person to the urban services on a day: settled in a town of the banner, holder of a permit, neither; since when?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from registry.decisions.permits import held_here, standing
from registry.places import in_town
from registry.residence import permits, registrations
from registry.same_person import registered_as, same_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.residence import Registration
    from registry.store.engines import Store

Kind = Literal["settled", "permit", "none"]

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
    """A person's status on a day, as known at a size of the log: from registrations and permits, and nothing else.

    Of several rows that the police found to be one person that counts whose registration began last, as in the figures; a
    permit is the person's, on whichever row.
    """
    banner = store.settings.banner_code
    row = registered_as(connection, store.vault, person_id, valid_at, known_at)
    since = settled_since(registrations(connection, store.vault, row, known_at), valid_at, banner)
    if since is not None:
        return Status("settled", since)
    rows = same_as(connection, person_id, known_at, valid_at)
    held = [permit_status(permits(connection, each, known_at), valid_at, banner) for each in rows]
    in_force = [each for each in held if each.since is not None]
    return min(in_force, key=lambda each: each.since or "") if in_force else max(held, key=lambda each: each.suspended)


def settled_since(rows: Sequence[Registration], day: str, banner: str) -> str | None:
    """The first day of the unbroken time in towns of the banner that covers the day; None where there is none."""
    states = sorted((row for row in rows if row.valid_from <= day), key=lambda row: (row.valid_from, row.event_idx))
    since = None
    for row in states:
        here = row.status == "registered" and row.division_code.startswith(banner) and in_town(row.division_code)
        since = (since or row.valid_from) if here else None
    return since


def permit_status(states: Sequence[dict[str, Any]], day: str, banner: str) -> Status:
    """A permit's status, as `decisions.permits.standing` decides: in use since when its years count, resting, or none."""
    on = dt.date.fromisoformat(day)
    now = standing(held_here(states, on, banner), on)
    if now.state == "in force" and now.years_from is not None:
        return Status("permit", now.years_from.isoformat())
    return Status("none", None, suspended=now.state == "suspended")
