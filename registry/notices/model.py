"""Public notices, the parcels that they are about, photographs that show them on the wall, the outbox: six tables that only grow.

What is put up is public and stands as it is read. To whom something is sent, and what, is sealed; every seal is bound to the
other columns of its row.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table

from registry.ledger.tables import words
from registry.store.schema import METADATA, day_check
from registry.store.types import Bytes, Day, Words

CHANNELS = ("log", "smtp", "sms")
STEPS = ("tried", "delivered", "failed")

PUBLIC_NOTICE = Table(
    "public_notice",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("village", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("begins", Day, nullable=False),
    Column("ends", Day, nullable=False),
    Column("at", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    CheckConstraint("begins <= ends", name="notice_ends_after_it_began"),
    *day_check("public_notice", "begins", "ends"),
)
Index("public_notice_by_end", PUBLIC_NOTICE.c.ends)

NOTICE_PARCEL = Table(
    "notice_parcel",
    METADATA,
    Column("notice_id", Words, nullable=False),
    Column("parcel_code", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    PrimaryKeyConstraint("notice_id", "parcel_code"),
    ForeignKeyConstraint(["notice_id"], ["public_notice.id"], name="parcel_stands_in_a_notice"),
)
"""By its code, which is what hangs on the wall: at a first notice the parcel is in no register yet."""

NOTICE_PHOTO = Table(
    "notice_photo",
    METADATA,
    Column("notice_id", Words, nullable=False),
    Column("content_hash", Bytes, nullable=False),
    Column("taken", Day, nullable=False),
    Column("at", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    PrimaryKeyConstraint("notice_id", "content_hash"),
    ForeignKeyConstraint(["notice_id"], ["public_notice.id"], name="photo_is_of_a_notice"),
    ForeignKeyConstraint(["content_hash"], ["source.content_hash"], name="photo_is_kept_as_a_source"),
    *day_check("notice_photo", "taken"),
)

NOTICE_TAKEN_DOWN = Table(
    "notice_taken_down",
    METADATA,
    Column("notice_id", Words, primary_key=True),
    Column("at", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    ForeignKeyConstraint(["notice_id"], ["public_notice.id"], name="taking_down_is_of_a_notice"),
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("at", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    CheckConstraint(f"channel IN ({words(CHANNELS)})", name="outbox_channel_is_known"),
)

OUTBOX_STEP = Table(
    "outbox_step",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("outbox_id", Words, nullable=False),
    Column("at", Words, nullable=False),
    Column("step", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="step_is_of_a_message"),
    CheckConstraint(f"step IN ({words(STEPS)})", name="outbox_step_is_known"),
)
Index("outbox_step_by_message", OUTBOX_STEP.c.outbox_id)
TABLES = (PUBLIC_NOTICE, NOTICE_PARCEL, NOTICE_PHOTO, NOTICE_TAKEN_DOWN, OUTBOX, OUTBOX_STEP)
