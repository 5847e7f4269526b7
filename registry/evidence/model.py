"""What is stated of each file that came in as evidence: its own hash, and the hash of what was kept of it?

One row a file that came, written with the source that was kept of it and never changed. The source alone is cited by acts,
events and cases; whoever still has the file can show by its hash that it is the one.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, Table

from registry.evidence.limits import MEDIA_TYPES
from registry.ledger.tables import words
from registry.store.schema import METADATA
from registry.store.types import Bytes, Whole, Words

EVIDENCE = Table(
    "evidence",
    METADATA,
    Column("original_hash", Bytes, primary_key=True),
    Column("content_hash", Bytes, nullable=False),
    Column("original_bytes", Whole, nullable=False),
    Column("media_type", Words, nullable=False),
    Column("received_at", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    ForeignKeyConstraint(["content_hash"], ["source.content_hash"], name="evidence_is_kept_as_a_source"),
    CheckConstraint("length(original_hash) = 32", name="evidence_is_named_by_what_came"),
    CheckConstraint(f"media_type IN ({words(MEDIA_TYPES)})", name="evidence_type_is_known"),
)
Index("evidence_by_content", EVIDENCE.c.content_hash)
