"""Is a writer whose turn does not come told so, in words, instead of failing?"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry.store import engines
from registry.store.engines import StoreBusyError
from registry.store.sqlite import sqlite3

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.engines import Store


def test_writer_of_the_file_whose_turn_does_not_come_is_told_to_try_again(
    make_store: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite keeps no queue (hazard C5): nothing was written, and once the lock is free the same goes through."""
    monkeypatch.setattr(engines, "_BUSY_MS", 50)
    store = make_store("file")
    with closing(sqlite3.connect(store.settings.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError, match="再办一次"), store.writing("desk"):
            pass
        with store.reading() as connection:
            assert connection.scalar(sa.text("SELECT 1")) == 1
        other.execute("ROLLBACK")
    with store.writing("desk") as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1
