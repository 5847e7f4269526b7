"""Who waits: applications to settle in the order of the plan (I.2.1), and rows of the police network that fit nobody yet?

Neither is an event: nothing on the log says that somebody applied. Rows only grow; who and which paper are sealed, and the
seal is bound to the other columns of the row, so that an edited one does not open. Priority orders, it refuses nobody.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table

from registry.store.schema import METADATA, day_check
from registry.store.types import Bytes, Day, Whole, Words

STEPS = ("recorded", "withdrawn")
SAID = ("yes", "no", "unknown")
_SAID = ", ".join(repr(word) for word in SAID)

APPLICATION = Table(
    "settlement_application",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("received_at", Words, nullable=False),
    Column("question", Words, nullable=False),
    Column("in_stock", Words, nullable=False),
    Column("able_in_town", Words, nullable=False),
    Column("in_town_since", Day),
    Column("sealed", Bytes, nullable=False),
    CheckConstraint(f"in_stock IN ({_SAID})", name="application_says_whether_it_is_stock"),
    CheckConstraint(f"able_in_town IN ({_SAID})", name="application_says_whether_able_in_town"),
    *day_check("settlement_application", "in_town_since"),
)
APPLICATION_STEP = Table(
    "settlement_application_step",
    METADATA,
    Column("application_id", Words, nullable=False),
    Column("step", Words, nullable=False),
    Column("at", Words, nullable=False),
    Column("event_idx", Whole),
    Column("sealed", Bytes, nullable=False),
    PrimaryKeyConstraint("application_id", "step"),
    CheckConstraint("step IN ('recorded','withdrawn')", name="application_step_is_known"),
    CheckConstraint("(step = 'recorded') = (event_idx IS NOT NULL)", name="recorded_application_names_its_event"),
    ForeignKeyConstraint(["application_id"], ["settlement_application.id"], name="step_is_of_an_application"),
    ForeignKeyConstraint(["event_idx"], ["household_event.event_idx"], name="step_names_an_event"),
)
UNMATCHED_ROW = Table(
    "unmatched_row",
    METADATA,
    Column("row_key", Bytes, primary_key=True),
    Column("event_key", Bytes, nullable=False),
    Column("at", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
)
TABLES = (APPLICATION, APPLICATION_STEP, UNMATCHED_ROW)
