"""What do the figures of a day say: all, some, one quarter's, or what came soon after a settlement?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.statistics import figures
from registry.statistics.coincidences import as_json, coincidences
from registry.statistics.quarter import SHOWN, office, quarter
from registry.statistics.sheet import LEGEND, sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.store.engines import Store

Answer = dict[str, Any]


def statistics(store: Store, connection: Connection, at: Moment, only: Sequence[str] = ()) -> Answer:
    """The figures of a day, small cells hidden. NoSuchFigureError."""
    found = figures(store, connection, valid_at=at.valid_at, known_at=at.known_at, only=only)
    return {
        "as_of": at.facts(),
        "hidden": {"zh": LEGEND[0], "en": LEGEND[1]},
        "figures": [figure.as_json() for figure in found],
    }


def as_sheet(store: Store, connection: Connection, at: Moment, form: str, only: Sequence[str] = ()) -> bytes:
    """The same as csv or xlsx."""
    found = figures(store, connection, valid_at=at.valid_at, known_at=at.known_at, only=only)
    return sheet(found, form, at.valid_at, at.known_at)


def of_quarter(store: Store, connection: Connection, at: Moment, text: str) -> Answer:
    """What the leading group sees of a quarter, as of its last day, as known at the moment. NoSuchQuarterError."""
    wanted = quarter(text)
    found = figures(store, connection, valid_at=wanted.last_day, known_at=at.known_at, only=SHOWN)
    return {
        "quarter": {"zh": wanted.zh, "en": wanted.en},
        "office": list(office(wanted.last_day)),
        "as_of": {"valid_at": wanted.last_day, "known_at": at.known_at},
        "hidden": {"zh": LEGEND[0], "en": LEGEND[1]},
        "figures": [figure.as_json() for figure in found],
    }


def soon_after(connection: Connection, at: Moment) -> Answer:
    """Exits, leases and lost memberships soon after a settlement, for the inspectors."""
    rows = coincidences(connection, valid_at=at.valid_at, known_at=at.known_at)
    return {"as_of": at.facts(), **as_json(rows, at.valid_at)}
