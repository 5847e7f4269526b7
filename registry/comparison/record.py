"""How is the register compared with a book, and what stays of it: when, which dump, what each right came to?

Nothing guarded is written: no version, no entry of the log. What stays is one row of `comparison`, sealed, and one line a
right of `book_comparison`, from which "last compared" is read.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from registry.china import today
from registry.comparison.books import BOOKS, REALTY
from registry.comparison.contracts import compare_contracts
from registry.comparison.differences import WORDS
from registry.comparison.dump import exported, read_dump
from registry.comparison.realty import compare_realty
from registry.comparison.registered import registered
from registry.errors import SanquanError
from registry.ledger.read import size
from registry.rights.model import BOOK_COMPARISON, COMPARISON
from registry.store.bulk import insert_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.comparison.differences import Difference, Findings
    from registry.comparison.dump import Dump
    from registry.store.engines import Store

Answer = dict[str, Any]


class ComparisonNotFoundError(SanquanError):
    """Raised when no comparison has this id."""

    def __init__(self) -> None:
        """The id is in the question."""
        super().__init__("没有这次核对: 核对编号", "no comparison has this id: check it")


def compare(store: Store, paths: Sequence[Path]) -> Answer:
    """Compare with an export: a folder, a zip, or its tables as files. DumpRefusedError, then nothing is recorded.

    Gives what `read_comparison` gives afterwards.
    """
    with exported(paths) as files:
        dump = read_dump(files, store.settings.banner_code, today(store))
    with store.reading() as connection:
        valid_at, known_at = today(store), size(connection)
        said = registered(
            store, connection, dump.book.name, valid_at=valid_at, known_at=known_at, with_people=dump.book is not REALTY
        )
    found = compare_realty(dump, said) if dump.book is REALTY else compare_contracts(dump, said)
    return _record(store, dump, found, valid_at, known_at)


def read_comparison(store: Store, connection: Connection, comparison_id: str) -> Answer:
    """A comparison as it was found. ComparisonNotFoundError."""
    row = connection.execute(sa.select(COMPARISON).where(COMPARISON.c.id == comparison_id)).first()
    if row is None:
        raise ComparisonNotFoundError
    answer: Answer = orjson.loads(store.vault.open(bytes(row.sealed), _place(comparison_id)))
    return answer


def past(connection: Connection) -> list[Answer]:
    """Every comparison that was made, newest first: its id, its instant, its book."""
    kept = COMPARISON.c
    rows = connection.execute(sa.select(kept.id, kept.compared_at, kept.book).order_by(kept.compared_at.desc()))
    named = {book.name: {"name": book.name, "zh": book.zh, "en": book.en} for book in BOOKS}
    return [{"id": row.id, "compared_at": row.compared_at, "book": named[row.book]} for row in rows]


def _record(store: Store, dump: Dump, found: Findings, valid_at: str, known_at: int) -> Answer:
    outcomes = found.outcomes()
    comparison_id = store.randomness.new_id()
    with store.writing("desk") as connection:
        at = _instant(store, connection)
        answer = {"id": comparison_id, "compared_at": at, **_told(dump, found, outcomes, valid_at, known_at)}
        sealed = store.vault.seal(orjson.dumps(answer), _place(comparison_id))
        row = (comparison_id, at, dump.book.name, dump.digest, valid_at, known_at, sealed)
        insert_rows(connection, COMPARISON, list(COMPARISON.columns.keys()), [row])
        lines = [(right, at, outcome) for right, outcome in sorted(outcomes.items())]
        insert_rows(connection, BOOK_COMPARISON, ("right_id", "compared_at", "outcome"), lines)
        connection.commit()
    return answer


def _instant(store: Store, connection: Connection) -> str:
    """Now, but after every earlier comparison: its lines are found again by their instant."""
    now = store.clock().astimezone(dt.UTC)
    last = connection.scalar(sa.select(sa.func.max(COMPARISON.c.compared_at)))
    if last is not None:
        now = max(now, dt.datetime.fromisoformat(last) + dt.timedelta(microseconds=1))
    return now.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _told(dump: Dump, found: Findings, outcomes: dict[str, str], valid_at: str, known_at: int) -> Answer:
    equal = sum(outcome == "equal" for outcome in outcomes.values())
    absent = sum(outcome == "absent" for outcome in outcomes.values())
    return {
        "book": {"name": dump.book.name, "zh": dump.book.zh, "en": dump.book.en},
        "as_of": {"valid_at": valid_at, "known_at": known_at},
        "dump": {"digest": dump.digest.hex(), "files": list(dump.files), "unread": list(dump.unread)},
        "rights": {
            "compared": len(outcomes),
            "equal": equal,
            "differ": len(outcomes) - equal - absent,
            "not_in_book": absent,
        },
        "untouched": [{"place": place, "rights": count} for place, count in sorted(found.untouched.items())],
        "skipped": [{"table": table, "rows": count} for table, count in sorted(found.skipped.items())],
        "differences": [_difference(one) for one in found.differences],
    }


def _difference(one: Difference) -> Answer:
    zh, en = WORDS[one.field]
    return asdict(one) | {"rights": list(one.rights), "what": {"zh": zh, "en": en}}


def _place(comparison_id: str) -> bytes:
    return f"comparison/{comparison_id}".encode()
