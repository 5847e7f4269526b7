"""Which farm policies are there, whom does the register say is paid, who is on the roster, what may a bureau be told?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.assembly import counted, roster
from registry.benefits.policies import policies
from registry.same_person import one_person
from registry.subsidies.payments import as_json, payments

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.store.engines import Store

Answer = dict[str, Any]


def all_policies() -> Answer:
    """Every policy as dated data."""
    return {
        "policies": [
            {
                "name": policy.name,
                "en": policy.en,
                "basis": policy.basis,
                "reads": list(policy.reads),
                "unit": policy.unit,
                "from": policy.in_force_from.isoformat(),
                "until": policy.in_force_until.isoformat(),
                "yuan": None if policy.yuan is None else f"{policy.yuan:.2f}",
                "document": policy.document,
                "source": policy.source,
                "confirmed": policy.confirmed,
            }
            for policy in policies()
        ]
    }


def payment_list(store: Store, connection: Connection, year: str, at: Moment) -> Answer:
    """The payment list of a year, people masked. YearMalformedError."""
    rows = payments(store, connection, year, one_person, known_at=at.known_at)
    return as_json(rows, year, at.known_at)


def assembly(store: Store, connection: Connection, code: str, at: Moment) -> Answer:
    """The roster of a collective's assembly with its quorum, people masked. NoSuchCollectiveError."""
    return roster(store, connection, code, valid_at=at.valid_at, known_at=at.known_at).as_json()


def attendance(store: Store, connection: Connection, code: str, raw: bytes, at: Moment) -> Answer:
    """Did enough come, by a list of attendance? NoSuchCollectiveError, AttendanceRefusedError."""
    of = roster(store, connection, code, valid_at=at.valid_at, known_at=at.known_at)
    return counted(connection, of, raw)._asdict()
