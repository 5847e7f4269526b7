"""How is a look written down: before the answer leaves, whoever asks, at small cost?

Those who come at once are written together: the first takes all that wait into one transaction, the others find theirs
done. When `looked` returns the rows are durable; where it raises, nothing may be handed out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.errors import SanquanError
from registry.looks import head
from registry.looks.model import COLUMNS, FIRST, LOOK, PLACE, digest, prepare_file
from registry.store.bulk import insert_rows
from registry.store.sealing import sealed_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.ledger.commit import Officer
    from registry.looks.words import What
    from registry.store.engines import Store

NOBODY = ""
"""For whom a look is written where nobody holds it, or there is no such thing: it stands in the log all the same."""
_LAST = f"SELECT {', '.join(COLUMNS)} FROM look ORDER BY seq DESC LIMIT 1"  # noqa: S608  (our own words)


class LookNotKeptError(SanquanError):
    """Raised when it can't be written down who looks: then nobody is shown anything."""

    def __init__(self) -> None:
        """What to look at."""
        super().__init__(
            "记不下是谁在看, 所以不给看: 检查磁盘空间和“谁看过”的文件(looks.sqlite), 再来一次",
            "who looks can't be written down, so nothing is shown: see whether the disk is full (looks.sqlite), then try again",
        )


@dataclass(slots=True)
class _Look:
    whom: Sequence[str]
    what: What
    told: dict[str, str]
    done: bool = False


@dataclass(slots=True)
class _Queue:
    """Of one opened registry: who waits, and who writes."""

    waiting: list[_Look] = field(default_factory=list)
    adding: Lock = field(default_factory=Lock)
    writing: Lock = field(default_factory=Lock)
    prepared: bool = False


def looked(store: Store, who: Officer, whom: str | Sequence[str], what: What, purpose: str = "") -> None:
    """Write down that `who` read of `whom` (ids of persons, or the hash of a paper), or was refused; durable on return."""
    people = [whom] if isinstance(whom, str) else list(dict.fromkeys(whom))
    if not people:
        return
    mine = _Look(people, what, {"officer": who.name, "bureau": who.bureau, "purpose": purpose})
    queue: _Queue = store.trees.setdefault("looks", _Queue())
    with queue.adding:
        queue.waiting.append(mine)
    with queue.writing:
        if mine.done:
            return
        with queue.adding:
            batch, queue.waiting = queue.waiting, []
        try:
            _write(store, queue, batch)
        except BaseException as failed:
            # Whoever waits behind writes their own, and is told of their own failure.
            with queue.adding:
                queue.waiting = [*(each for each in batch if each is not mine), *queue.waiting]
            if isinstance(failed, (OSError, sa.exc.SQLAlchemyError, store.engine("looks").dialect.loaded_dbapi.Error)):
                raise LookNotKeptError from failed
            raise
        for each in batch:
            each.done = True


def listed(store: Store, who: Officer, code: str, what: What, purpose: str = "") -> None:
    """Write down that `who` read a list of everybody in a place, as one row: whoever belongs there finds it.

    `code`: of a village, an issuer or a household; "" for the whole banner.
    """
    looked(store, who, PLACE + (code or store.settings.banner_code), what, purpose)


def _write(store: Store, queue: _Queue, batch: Sequence[_Look]) -> None:
    """Append after the last row, whoever wrote it: other processes append too."""
    # A file that is there may be another process's of a moment ago, without its table yet.
    if not store.on_postgresql and not (queue.prepared and store.settings.looks.exists()):
        prepare_file(store.settings)
        queue.prepared = True
    now = store.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
    with store.writing("looks") as connection:
        cursor = connection.connection.cursor()
        cursor.execute(_LAST)
        found = cursor.fetchone()
        last: dict[str, Any] = {} if found is None else dict(zip(COLUMNS, found, strict=True))
        seq, before, at = (last["seq"], digest(last), max(last["at"], now)) if last else (0, FIRST, now)
        rows = []
        for each in batch:
            for whom in each.whom:
                seq += 1
                row = {"seq": seq, "at": at, "whom": whom, "what": each.what, "before": before}
                row["sealed"] = sealed_row(store.vault, LOOK, row, each.told, store.randomness.nonce())
                before = digest(row)
                rows.append(tuple(row.values()))
        insert_rows(connection, LOOK, COLUMNS, rows)
        connection.commit()
    head.state(store, head.Head(seq, before))
