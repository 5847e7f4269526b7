"""Which rows were found to disagree with the log, since when, and what came of each?

A *breach* is one finding of a recorded audit (policy-map section 8): which row, found when, at which size of the log. It is
never repaired here and never taken back: it is closed by whoever writes what came of it. Both rows only grow. What
was found and what came of it can name things of people: sealed, and bound to every other column of the row.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, Table

from registry.china import CHINA
from registry.errors import SanquanError
from registry.store.bulk import insert_rows
from registry.store.schema import METADATA
from registry.store.sealing import opened_row, sealed_row
from registry.store.types import Bytes, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.check import Disagreement
    from registry.ledger.commit import Officer
    from registry.store.engines import Store

LONGEST_OUTCOME = 400

BREACH = Table(
    "breach",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("found_at", Words, nullable=False),
    Column("log_size", Whole, nullable=False),
    Column("place", Words, nullable=False),
    Column("mark", Bytes, nullable=False),
    Column("sealed", Bytes, nullable=False),
    CheckConstraint("length(mark) = 32", name="breach_mark_has_32_bytes"),
)
Index("breach_by_mark", BREACH.c.mark)

BREACH_CLOSED = Table(
    "breach_closed",
    METADATA,
    Column("breach_id", Words, primary_key=True),
    Column("at", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    ForeignKeyConstraint(["breach_id"], ["breach.id"], name="closing_is_of_a_breach"),
)
TABLES = (BREACH, BREACH_CLOSED)


class NoSuchBreachError(SanquanError):
    """Raised when a breach is to be closed that is none, or closed already, or without a word about what came of it."""

    def __init__(self) -> None:
        """What to check."""
        super().__init__(
            f"没有这条未结的记录, 或没有写结果(1 到 {LONGEST_OUTCOME} 个字): sanquan breach list 列出未结的",
            f"no open breach of this id, or no outcome (1 to {LONGEST_OUTCOME} characters): sanquan breach list has the open ones",
        )


@dataclass(frozen=True, slots=True)
class Breach:
    """One finding: `place` is the table; `found` has the row's key, the fields and both sentences; `outcome` once closed."""

    id: str
    found_at: str
    log_size: int
    place: str
    found: Mapping[str, Any]
    closed_at: str | None = None
    outcome: str | None = None

    def __repr__(self) -> str:
        """Never what was sealed: a repr ends in logs."""
        return f"Breach({self.place}, {self.found_at})"


def record(store: Store, findings: Sequence[Disagreement], log_size: int) -> int:
    """Write each finding that is not an open breach already; how many are new. One transaction."""
    now = store.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
    with store.writing("desk") as connection:
        closed = set(connection.scalars(sa.select(BREACH_CLOSED.c.breach_id)))
        known = connection.execute(sa.select(BREACH.c.id, BREACH.c.mark)).all()
        still = {bytes(row.mark) for row in known if row.id not in closed}
        rows = []
        for finding in findings:
            told = {
                "key": [[name, str(value)] for name, value in finding.key],
                "fields": list(finding.fields),
                "entry": finding.entry_idx,
                "zh": finding.zh,
                "en": finding.en,
            }
            mark = store.vault.blind("breach", json.dumps([finding.table, told], ensure_ascii=False))
            if mark in still:
                continue
            still.add(mark)
            row = {
                "id": store.randomness.new_id(),
                "found_at": now,
                "log_size": log_size,
                "place": finding.table,
                "mark": mark,
            }
            rows.append((*row.values(), sealed_row(store.vault, BREACH, row, told, store.randomness.nonce())))
        insert_rows(connection, BREACH, BREACH.columns.keys(), rows)
        connection.commit()
    return len(rows)


def close(store: Store, officer: Officer, breach_id: str, outcome: str) -> None:
    """Say what came of an open breach. Raises `NoSuchBreachError`."""
    with store.writing("desk") as connection:
        close_within(store, connection, officer, breach_id, outcome)
        connection.commit()


def close_within(store: Store, connection: Connection, officer: Officer, breach_id: str, outcome: str) -> None:
    """The same within a transaction that the caller ends."""
    said = outcome.strip()
    if not is_open(connection, breach_id) or not 1 <= len(said) <= LONGEST_OUTCOME:
        raise NoSuchBreachError
    row = {"breach_id": breach_id, "at": store.clock().strftime("%Y-%m-%dT%H:%M:%SZ")}
    told = {"outcome": said, "officer": officer.name, "bureau": officer.bureau}
    sealed = sealed_row(store.vault, BREACH_CLOSED, row, told, store.randomness.nonce())
    insert_rows(connection, BREACH_CLOSED, (*row, "sealed"), [(*row.values(), sealed)])


def is_open(connection: Connection, breach_id: str) -> bool:
    """Whether there is a breach of this id that nobody closed."""
    closed = sa.exists().where(BREACH_CLOSED.c.breach_id == BREACH.c.id)
    return connection.scalar(sa.select(BREACH.c.id).where(BREACH.c.id == breach_id, ~closed)) is not None


def breaches(store: Store, connection: Connection) -> list[Breach]:
    """Every breach with what came of it, oldest first."""
    ended = {
        row["breach_id"]: (row["at"], opened_row(store.vault, BREACH_CLOSED, dict(row))["outcome"])
        for row in connection.execute(sa.select(BREACH_CLOSED)).mappings()
    }
    return [
        Breach(
            row["id"], row["found_at"], row["log_size"], row["place"], opened_row(store.vault, BREACH, dict(row)),
            *ended.get(row["id"], (None, None)),
        )
        for row in connection.execute(sa.select(BREACH).order_by(BREACH.c.found_at, BREACH.c.id)).mappings()
    ]  # fmt: skip


def counted(connection: Connection, day: str, known_at: int) -> dict[str, tuple[int, int]]:
    """How many were open and how many closed at the end of a day in China, by table; found at a size up to `known_at`."""
    end = dt.datetime.combine(dt.date.fromisoformat(day), dt.time.max, CHINA).astimezone(dt.UTC)
    until = end.strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = connection.execute(
        sa.select(BREACH.c.place, BREACH_CLOSED.c.at)
        .outerjoin(BREACH_CLOSED, BREACH_CLOSED.c.breach_id == BREACH.c.id)
        .where(BREACH.c.found_at <= until, BREACH.c.log_size <= known_at)
    )
    found: dict[str, tuple[int, int]] = {}
    for place, at in rows:
        still, over = found.get(place, (0, 0))
        closed = at is not None and at <= until
        found[place] = (still + (not closed), over + closed)
    return found
