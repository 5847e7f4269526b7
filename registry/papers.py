"""Which papers with names on them were made, by whom, for what purpose; which were handed over, which came back signed?

A *paper* here is a sheet, a certificate or a hand-in that carries personal data and leaves the register's own machine.
Each making has one row, written before the file is, and never changed. Purpose and people are sealed, and the seal is
bound to every other column of its row: one that is edited does not open, and the audit names it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, Table

from registry.errors import SanquanError
from registry.ledger import read as ledger
from registry.store.bulk import insert_rows
from registry.store.schema import METADATA
from registry.store.types import Bytes, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Officer
    from registry.store.engines import Store
    from registry.store.keys import Vault

MADE = (
    *("sheet-parcel", "sheet-household", "sheet-notice", "sheet-overview", "sheet-village", "certificate", "hand-in"),
    *("roster", "payment-list"),
)
FILED, RECEIVED = "sheet-filed", "certificate-received"
ANSWER = "answer"
"""A bureau asked about one person and was answered, or an officer read what a collective wrote back: logged like a paper."""
WHATS = (*MADE, FILED, RECEIVED, ANSWER)
LONGEST_PURPOSE = 200

PAPER = Table(
    "paper",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("at", Words, nullable=False),
    Column("what", Words, nullable=False),
    Column("about", Words, nullable=False),
    Column("log_size", Whole, nullable=False),
    Column("digest", Bytes, nullable=False),
    Column("sealed", Bytes, nullable=False),
    CheckConstraint(f"what IN ({', '.join(repr(word) for word in WHATS)})", name="paper_what_is_known"),
    CheckConstraint("length(digest) = 32", name="paper_is_named_by_its_content"),
)
Index("paper_by_about", PAPER.c.about)
_COLUMNS = ("id", "at", "what", "about", "log_size", "digest", "sealed")


class PurposeMissingError(SanquanError):
    """Raised when a paper with names is to be made and nobody says for what, or in too many words."""

    def __init__(self) -> None:
        """Show a valid example."""
        super().__init__(
            f"写明用途(--purpose)，1 到 {LONGEST_PURPOSE} 个字，例如“第一轮公示张贴”；带姓名的图表每次制作都要记",
            f"say the purpose (--purpose), 1 to {LONGEST_PURPOSE} characters, for example “first public notice”: "
            "each making of a paper with names is logged",
        )


@dataclass(frozen=True, slots=True)
class Paper:
    """One row. `about` is the code of a parcel, household, village or bureau, the number of a certificate, an id: no name.

    `digest` is that of the file; `detail` is what was sealed: `purpose`, `officer`, `bureau` and what the kind adds.
    """

    id: str
    at: str
    what: str
    about: str
    log_size: int
    digest: bytes
    detail: Mapping[str, Any]

    def __repr__(self) -> str:
        """Never what was sealed: a repr ends in logs."""
        return f"Paper({self.what}, {self.at})"


def stated(purpose: str) -> str:
    """A purpose as it is logged. Raises `PurposeMissingError`."""
    if not 1 <= len(purpose.strip()) <= LONGEST_PURPOSE:
        raise PurposeMissingError
    return purpose.strip()


def enter(
    store: Store,
    officer: Officer,
    what: str,
    about: str,
    digest: bytes,
    purpose: str,
    detail: Mapping[str, Any] | None = None,
) -> str:
    """Log a paper before it is handed out; returns the row's id. Raises `PurposeMissingError`."""
    told = {"purpose": stated(purpose), "officer": officer.name, "bureau": officer.bureau, **(detail or {})}
    with store.writing("desk") as connection:
        row = {
            "id": store.randomness.new_id(),
            "at": store.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "what": what,
            "about": about,
            "log_size": ledger.size(connection),
            "digest": digest,
        }
        sealed = store.vault.seal(json.dumps(told, ensure_ascii=False).encode(), place(row))
        insert_rows(connection, PAPER, _COLUMNS, [(*row.values(), sealed)])
        connection.commit()
    return str(row["id"])


def papers(store: Store, connection: Connection, about: str | None = None) -> list[Paper]:
    """Every paper, or those about a code or number, oldest first."""
    query = sa.select(PAPER).order_by(PAPER.c.at, PAPER.c.id)
    if about is not None:
        query = query.where(PAPER.c.about == about)
    return [opened(store.vault, dict(row)) for row in connection.execute(query).mappings()]


def opened(vault: Vault, row: Mapping[str, Any]) -> Paper:
    """A row with what was sealed; SealBrokenError where any column of it was edited."""
    detail = json.loads(vault.open(bytes(row["sealed"]), place(row)))
    digest = bytes(row["digest"])
    return Paper(row["id"], row["at"], row["what"], row["about"], row["log_size"], digest, detail)


def place(row: Mapping[str, Any]) -> bytes:
    """Where a row's sealed part belongs: under these very values of its other columns."""
    values = [row[name] for name in ("id", "at", "what", "about", "log_size")]
    return b"paper/" + json.dumps([*values, bytes(row["digest"]).hex()], ensure_ascii=False).encode()
