"""What does the log keep in the database, and which keys tie every version to a lawful entry of it?

*Entry*: one leaf of the log. *Thing*: one guarded right, restriction, duty, membership, benefit, parcel or holding.
*Opening*: salt and sealed value behind a commitment. The exact duties of each column: docs/ledger.md.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)

from registry.store.schema import METADATA, day_check
from registry.store.types import Bytes, Day, Whole, Words

THINGS = (
    "contract-arable",
    "contract-grass",
    "contract-forest",
    "contract-other",
    "operating",
    "homestead",
    "income",
    "holding",
    "parcel",
    "membership",
    "restriction",
    "duty",
    "benefit",
)
RIGHT_THINGS = THINGS[:7]


def words(values: tuple[str, ...]) -> str:
    """A SQL list of words of ours; never called with anything a person typed."""
    return ", ".join(f"'{value}'" for value in values)


LEDGER_ENTRY = Table(
    "ledger_entry",
    METADATA,
    Column("idx", Whole, primary_key=True, autoincrement=False),
    Column("cls", Words, nullable=False),
    Column("kind", Words),
    Column("leaf", Words, nullable=False),
    Column("leaf_hash", Bytes, nullable=False),
    Column("recorded_at", Words, nullable=False),
    Column("closed_by", Whole),
    Column("closes", Words),
    UniqueConstraint("idx", "cls", "kind", name="entry_has_one_class_and_kind"),
    UniqueConstraint("idx", "cls", name="entry_has_one_class"),
    CheckConstraint("cls IN ('R','H','S','K','E','C')", name="entry_class_is_known"),
    CheckConstraint("(kind IS NULL) = (cls IN ('S','K','E','C'))", name="entry_kind_stands_in_acts_and_events_only"),
    CheckConstraint("length(leaf_hash) = 32", name="entry_leaf_hash_has_32_bytes"),
    CheckConstraint("length(recorded_at) = 20", name="entry_time_is_to_the_second"),
    CheckConstraint("(cls = 'R') = (closed_by IS NOT NULL)", name="act_is_closed_by_a_state"),
    CheckConstraint("(closed_by IS NULL) = (closes IS NULL)", name="act_names_what_closes_it"),
    CheckConstraint("closes = 'S'", name="only_a_state_closes_an_act"),
    CheckConstraint("closed_by > idx", name="state_stands_after_its_act"),
    ForeignKeyConstraint(
        ["closed_by", "closes"],
        ["ledger_entry.idx", "ledger_entry.cls"],
        name="act_has_its_state_at_commit",
        deferrable=True,
        initially="DEFERRED",
    ),
)
# Without it each act inserted scans every open act before it for a claim on its number (0.2 ms a row at 4,000).
Index("ledger_entry_closed_by", LEDGER_ENTRY.c.closed_by, LEDGER_ENTRY.c.closes)
# Without it an import pays 1.4 ms a row to find the last state (measured before this was written).
Index(
    "ledger_entry_states",
    LEDGER_ENTRY.c.idx,
    postgresql_where=text("cls = 'S'"),
    sqlite_where=text("cls = 'S'"),
)

THING = Table(
    "thing",
    METADATA,
    Column("id", Words, nullable=False, primary_key=True),
    Column("thing", Words, nullable=False),
    UniqueConstraint("id", "thing", name="thing_never_changes_its_kind"),
    CheckConstraint(f"thing IN ({words(THINGS)})", name="thing_is_guarded"),
    sqlite_with_rowid=False,
)

LAWFUL_CAUSE = Table(
    "lawful_cause",
    METADATA,
    Column("thing", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("in_force_from", Day, nullable=False),
    Column("in_force_until", Day, nullable=False),
    Column("effect", Words, nullable=False),
    Column("needs_consent", Whole, nullable=False),
    Column("needs_payment", Whole, nullable=False),
    Column("review", Whole, nullable=False),
    Column("basis", Words, nullable=False),
    PrimaryKeyConstraint("thing", "kind", "in_force_from", "in_force_until", "effect"),
    CheckConstraint("effect IN ('own','follows')", name="cause_effect_is_known"),
    CheckConstraint(f"thing IN ({words(THINGS)})", name="cause_thing_is_guarded"),
    *day_check("lawful_cause", "in_force_from", "in_force_until"),
)

OPENING = Table(
    "opening",
    METADATA,
    Column("subject", Bytes, nullable=False),
    Column("path", Words, nullable=False),
    Column("salt", Bytes, nullable=False),
    Column("sealed", Bytes, nullable=False),
    PrimaryKeyConstraint("subject", "path"),
    CheckConstraint("length(subject) = 32", name="opening_subject_is_a_digest"),
    CheckConstraint("length(salt) = 32", name="opening_salt_has_32_bytes"),
    sqlite_with_rowid=False,
)

ERASURE = Table(
    "erasure",
    METADATA,
    Column("subject", Bytes, nullable=False),
    Column("path", Words, nullable=False),
    Column("entry_idx", Whole, nullable=False),
    Column("cls", Words, nullable=False),
    PrimaryKeyConstraint("subject", "path"),
    CheckConstraint("cls = 'E'", name="erasure_cites_an_erasing_entry"),
    ForeignKeyConstraint(["entry_idx", "cls"], ["ledger_entry.idx", "ledger_entry.cls"], name="erasure_has_its_entry"),
)

HEAD = Table(
    "head",
    METADATA,
    Column("thing_id", Words, primary_key=True),
    Column("ver", Whole, nullable=False),
    Column("digest", Bytes, nullable=False),
    Column("map_key", Bytes, nullable=False),
    Column("bucket", Whole, nullable=False),
    sqlite_with_rowid=False,
)
Index("head_bucket", HEAD.c.bucket)

STATE_BUCKETS = Table(
    "state_buckets",
    METADATA,
    Column("part", Whole, primary_key=True, autoincrement=False),
    Column("roots", Bytes, nullable=False),
    CheckConstraint("part BETWEEN 0 AND 15", name="state_has_16_parts"),
    CheckConstraint("length(roots) = 8192", name="state_part_has_256_roots"),
)

SOURCE = Table(
    "source",
    METADATA,
    Column("content_hash", Bytes, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("dated", Day, nullable=False),
    Column("size_bytes", Whole, nullable=False),
    Column("about", Bytes, nullable=False),
    CheckConstraint("length(content_hash) = 32", name="source_is_named_by_its_content"),
    *day_check("source", "dated"),
)
