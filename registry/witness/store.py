"""What does a witness keep, and how does it never sign two histories? One SQLite file of its own.

*Deposit*: entries handed over and not judged yet. *Head*: the newest one cosigned of each log, with all that judging goes on from.
*Signed*: every head ever cosigned; the schema itself refuses a second root at a size, a smaller size, a change, a removal. *Entry*:
the leaves below the head. *Pair*: the copy of the state map (the private pairs of a deposit go into it and are not kept beside).
*Evidence*: what was refused, with the note that proves it. All changes of one answer are one transaction, durable when it ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from registry.ledger.verify.proofs import HASH_BYTES
from registry.ledger.verify.replay import Standing
from registry.witness.material import Handed
from registry.witness.state import EMPTY_ROOTS, StateMap

_WAIT_SECONDS: Final = 300
# Older ones can corrupt a WAL database with two connections (sqlite.org, WAL-reset bug).
_WAL_IS_SAFE: Final = (3, 51, 3)
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS head (
  origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL, peaks BLOB NOT NULL,
  last_at TEXT NOT NULL, last_st TEXT, roots BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS signed (
  origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, time INTEGER NOT NULL, note BLOB NOT NULL,
  PRIMARY KEY (origin, size), CHECK (length(root) = 32)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS signed_only_grows BEFORE INSERT ON signed
WHEN NEW.size <= (SELECT max(size) FROM signed WHERE origin = NEW.origin)
BEGIN SELECT RAISE(ABORT, 'a head of this size or a larger one was cosigned'); END;
CREATE TRIGGER IF NOT EXISTS signed_refuses_update BEFORE UPDATE ON signed BEGIN SELECT RAISE(ABORT, 'signed for good'); END;
CREATE TRIGGER IF NOT EXISTS signed_refuses_delete BEFORE DELETE ON signed BEGIN SELECT RAISE(ABORT, 'signed for good'); END;
CREATE TABLE IF NOT EXISTS entry (
  origin TEXT NOT NULL, idx INTEGER NOT NULL, leaf BLOB NOT NULL, PRIMARY KEY (origin, idx)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deposit (
  origin TEXT NOT NULL, idx INTEGER NOT NULL, leaf BLOB NOT NULL, pairs BLOB NOT NULL, PRIMARY KEY (origin, idx)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pair (
  origin TEXT NOT NULL, key BLOB NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (origin, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS evidence (
  id INTEGER PRIMARY KEY, origin TEXT NOT NULL, time INTEGER NOT NULL, kind TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL,
  ours BLOB NOT NULL, theirs BLOB NOT NULL, UNIQUE (origin, kind, theirs)
);
"""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest head cosigned of a log: size and root, the note with our line, and where the walk over its entries stands."""

    size: int
    root: bytes
    note: bytes
    standing: Standing


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was refused: its number, when (POSIX seconds), of which kind, in words; our last note and the one refused."""

    number: int
    origin: str
    time: int
    kind: str
    zh: str
    en: str
    ours: bytes
    theirs: bytes


class Store:
    """The file. Every connection is one transaction: `changing` holds the file's write lock from its first statement."""

    def __init__(self, file: Path) -> None:
        """Make the file where it is absent."""
        self._file = file
        with self.changing() as change:
            change.prepare()

    @contextmanager
    def changing(self) -> Iterator[Change]:
        """One transaction: committed and on the disk when the block ends well, undone when it is left by an exception."""
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Change(connection)
            except BaseException:
                # A full disk has undone it already.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Change]:
        """One consistent look; nothing that is done in it stays."""
        with self._connected() as connection:
            connection.execute("BEGIN")
            try:
                yield Change(connection)
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._file, isolation_level=None, timeout=_WAIT_SECONDS)
        try:
            wanted = "WAL" if sqlite3.sqlite_version_info >= _WAL_IS_SAFE else "TRUNCATE"
            connection.execute(f"PRAGMA journal_mode={wanted}")
            connection.execute("PRAGMA synchronous=FULL")
            yield connection
        finally:
            connection.close()


class Change:
    """What can be asked and written inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """On a connection that has begun its transaction."""
        self._connection = connection

    def prepare(self) -> None:
        """Make what is absent."""
        for statement in _statements():
            self._connection.execute(statement)

    def head(self, origin: str) -> Head | None:
        """The newest head cosigned; None where there is none yet."""
        row = self._connection.execute(
            "SELECT size, root, note, peaks, last_at, last_st FROM head WHERE origin = ?", (origin,)
        ).fetchone()
        if row is None:
            return None
        size, root, note, peaks, last_at, last_st = row
        split = tuple(peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES))
        return Head(size, root, note, Standing(size, split, last_at, last_st))

    def state(self, origin: str) -> StateMap:
        """The copy of the state map at that head; what is put into it stays only by `sign`."""
        row = self._connection.execute("SELECT roots FROM head WHERE origin = ?", (origin,)).fetchone()
        return StateMap(lambda number: self._bucket(origin, number), bytearray(EMPTY_ROOTS if row is None else row[0]))

    def leaves(self, origin: str, size: int) -> Iterator[bytes]:
        """The first entries of a log that were cosigned."""
        query = "SELECT leaf FROM entry WHERE origin = ? AND idx < ? ORDER BY idx"
        return (leaf for (leaf,) in self._connection.execute(query, (origin, size)))

    def deposited(self, origin: str) -> int:
        """Up to which size entries are here, cosigned or handed over."""
        (last,) = self._connection.execute("SELECT max(idx) FROM deposit WHERE origin = ?", (origin,)).fetchone()
        head = self.head(origin)
        return max(0 if head is None else head.size, 0 if last is None else last + 1)

    def deposit(self, origin: str, start: int, entries: Iterable[Handed]) -> None:
        """Keep what is handed over until it is judged, in the place of what was handed over before from `start` on."""
        self._connection.execute("DELETE FROM deposit WHERE origin = ? AND idx >= ?", (origin, start))
        self._connection.executemany(
            "INSERT INTO deposit VALUES (?, ?, ?, ?)",
            (
                (origin, index, each.leaf, b"".join(key + digest for key, digest in each.pairs))
                for index, each in enumerate(entries, start)
            ),
        )

    def handed(self, origin: str, start: int, size: int) -> Iterator[Handed]:
        """The entries of a deposit in order."""
        query = "SELECT leaf, pairs FROM deposit WHERE origin = ? AND idx >= ? AND idx < ? ORDER BY idx"
        for leaf, pairs in self._connection.execute(query, (origin, start, size)):
            both = 2 * HASH_BYTES
            yield Handed(
                leaf,
                tuple((pairs[at : at + HASH_BYTES], pairs[at + HASH_BYTES : at + both]) for at in range(0, len(pairs), both)),
            )

    def drop_deposit(self, origin: str) -> None:
        """Forget what was handed over: it belongs to no head of this log."""
        self._connection.execute("DELETE FROM deposit WHERE origin = ?", (origin,))

    def sign(self, origin: str, head: Head, time: int, state: StateMap) -> None:
        """A larger head: its entries and pairs move out of the deposit. sqlite3.IntegrityError for a size that is not larger."""
        change = self._connection
        change.execute("INSERT INTO signed VALUES (?, ?, ?, ?, ?)", (origin, head.size, head.root, time, head.note))
        change.execute(
            "INSERT INTO entry SELECT origin, idx, leaf FROM deposit WHERE origin = ? AND idx < ?", (origin, head.size)
        )
        self.drop_deposit(origin)
        change.executemany(
            "INSERT OR REPLACE INTO pair VALUES (?, ?, ?)", ((origin, key, one) for key, one in state.changed.items())
        )
        change.execute(
            "INSERT OR REPLACE INTO head VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(origin, head.size, head.root, head.note, b"".join(head.standing.peaks)),
                *(head.standing.last_at, head.standing.last_st, bytes(state.roots)),
            ),
        )

    def sign_again(self, origin: str, note: bytes) -> None:
        """The same head under a newer time."""
        self._connection.execute("UPDATE head SET note = ? WHERE origin = ?", (note, origin))

    def refused(self, origin: str, time: int, kind: str, words: tuple[str, str], notes: tuple[bytes, bytes]) -> None:
        """Keep evidence, each once: `notes` are our last one and the one refused."""
        self._connection.execute(
            "INSERT OR IGNORE INTO evidence (origin, time, kind, zh, en, ours, theirs) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (origin, time, kind, *words, *notes),
        )

    def evidence(self) -> list[Evidence]:
        """Everything refused, oldest first."""
        query = "SELECT id, origin, time, kind, zh, en, ours, theirs FROM evidence ORDER BY id"
        return [Evidence(*row) for row in self._connection.execute(query)]

    def _bucket(self, origin: str, number: int) -> dict[bytes, bytes]:
        # The 12 bits lead the key, so a bucket is one range of it; no key is 33 bytes long.
        low, high = (bytes([at >> 4, (at & 15) << 4]) if at < 1 << 12 else b"\xff" * 33 for at in (number, number + 1))
        query = "SELECT key, digest FROM pair WHERE origin = ? AND key >= ? AND key < ?"
        return dict(self._connection.execute(query, (origin, low, high)).fetchall())


def _statements() -> Iterator[str]:
    """The schema statement by statement: `executescript` would end the transaction."""
    gathered = ""
    for line in _SCHEMA.strip().split("\n"):
        gathered += line + "\n"
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
