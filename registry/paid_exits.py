"""Which rights were given up for pay, for what price, to whom, in which case?

One row an exit, brought by the very act that ended the right and committed with it (`act.rows`). The row can't stand
without its act, at no price, or beside a household event: the database refuses each (I19, I20). Statistics read the prices
here; who gave the right up stands in the right itself.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint

from registry.ledger.tables import words
from registry.store.schema import METADATA, day_check
from registry.store.types import Day, Whole, Words

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

THINGS = ("contract-arable", "contract-grass", "contract-forest", "contract-other", "homestead", "income")
KINDS = ("exited", "assigned")

PAID_EXIT = Table(
    "paid_exit",
    METADATA,
    Column("right_id", Words, nullable=False),
    Column("thing", Words, nullable=False),
    Column("case_id", Words, nullable=False),
    Column("price", Words, nullable=False),
    Column("improvements", Words, nullable=False),
    Column("receiver_id", Words, nullable=False),
    Column("exit_day", Day, nullable=False),
    Column("cause_idx", Whole, nullable=False),
    Column("cause_cls", Words, nullable=False),
    Column("cause_kind", Words, nullable=False),
    PrimaryKeyConstraint("right_id", "cause_idx"),
    UniqueConstraint("case_id", name="exit_is_once_a_case"),
    CheckConstraint(f"thing IN ({words(THINGS)})", name="exit_is_from_one_of_the_three_rights"),
    # EXIT/E4, I19: no exit hangs on a settlement. A household event is of class H and has a kind of its own.
    CheckConstraint(
        f"cause_cls = 'R' AND cause_kind IN ({words(KINDS)})",
        name="exit_is_an_act_and_no_settlement",
        info={"rule": ("WS-2016/II.3.1-h", "EXIT/E4")},
    ),
    # Two ends: on PostgreSQL NaN is a number, and above every other.
    CheckConstraint(
        "CAST(price AS NUMERIC) BETWEEN 0.01 AND 999999999999.99", name="exit_is_paid", info={"rule": ("EXIT/E8",)}
    ),
    CheckConstraint(
        "CAST(improvements AS NUMERIC) BETWEEN 0 AND 999999999999.99", name="exit_takes_nothing_for_the_soil"
    ),
    ForeignKeyConstraint(["right_id", "thing"], ["thing.id", "thing.thing"], name="exit_is_from_a_guarded_right"),
    ForeignKeyConstraint(["case_id"], ["case_file.id"], name="exit_is_of_a_case"),
    ForeignKeyConstraint(["receiver_id"], ["party.id"], name="exit_goes_to_a_party"),
    ForeignKeyConstraint(
        ["cause_idx", "cause_cls", "cause_kind"],
        ["ledger_entry.idx", "ledger_entry.cls", "ledger_entry.kind"],
        name="exit_cites_its_act",
    ),
    *day_check("paid_exit", "exit_day"),
)
_P = PAID_EXIT.c


class PaidExit(NamedTuple):
    """One exit: `price` and `improvements` (paid apart, EXIT/E8) in yuan; `receiver_id` the collective or household."""

    right_id: str
    thing: str
    case_id: str
    price: Decimal
    improvements: Decimal
    receiver_id: str
    exit_day: str
    cause_idx: int
    cause_kind: str


def paid_exits(connection: Connection, *, valid_at: str, known_at: int) -> list[PaidExit]:
    """Every exit dated on the day or before, as known at a size of the log, oldest first; those found void since, too.

    Whether one was found void is asked of its right: a later version with the cause `restored`.
    """
    return _read(connection, _P.exit_day <= valid_at, _P.cause_idx < known_at)


def of_case(connection: Connection, case_id: str) -> PaidExit | None:
    """The exit that a case registered, or None."""
    return next(iter(_read(connection, _P.case_id == case_id)), None)


def _read(connection: Connection, *where: sa.ColumnElement[bool]) -> list[PaidExit]:
    query = sa.select(PAID_EXIT).where(*where).order_by(_P.cause_idx, _P.right_id)
    return [
        PaidExit(
            row.right_id, row.thing, row.case_id, Decimal(row.price), Decimal(row.improvements), row.receiver_id,
            row.exit_day, row.cause_idx, row.cause_kind,
        )
        for row in connection.execute(query)
    ]  # fmt: skip
