"""What will be asked of the register about a case, so that it is asked in one travel to the database?

What the last look at it asked, as this process remembers it: questions, never answers. Whoever then asks one by one has the
answer already, as it is in their own view; what is new is asked as ever, what is no longer wanted was asked in vain.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from registry import case_files
from registry.ledger.commit import Desk, Officer
from registry.ledger.position import END, position
from registry.rights.compared import OF_BOOKS
from registry.store.asking import ask_again, ask_all, put_so_far, writing_nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.store.asking import Put
    from registry.store.engines import Store

_KEPT = "asked_of_cases"
_MOST_REMEMBERED, _MOST_QUESTIONS, _MOST_VALUES = 1_000, 80, 200


def looking(store: Store, connection: Connection) -> Desk:
    """A desk that only looks: the connection can't write."""
    return Desk(store, connection, Officer("", ""), position(connection))


def beforehand(store: Store, connection: Connection, case_id: str = "") -> None:
    """Ask what every page of a desk asks, and what the page of this case asked the last time. `connection` only reads."""
    ask_all(connection, (END, {}), (OF_BOOKS, {}), *(case_files.asked_for(case_id) if case_id else ()))
    if case_id:
        size = position(connection).size
        ask_again(connection, _remembered(store).get(f"page {case_id}", ()), known_at=size, known=size)


@contextmanager
def deciding(at: Desk, case_id: str) -> Iterator[None]:
    """While a step of a case is checked, before any of it is written: what the last look asked is asked together."""
    with writing_nothing(at.connection):
        size, puts = at.position.size, _remembered(at.store).get(f"look {case_id}", ())
        ask_again(at.connection, puts, *case_files.asked_for(case_id), known_at=size, known=size)
        yield


def looked_at(store: Store, connection: Connection, case_id: str) -> None:
    """A look at a case is done: what was asked so far is what its next step will ask."""
    _remember(store, f"look {case_id}", put_so_far(connection))


def shown(store: Store, connection: Connection, case_id: str) -> None:
    """A page of a case is done: what was asked so far is what the next one will ask."""
    _remember(store, f"page {case_id}", put_so_far(connection))


def _remember(store: Store, name: str, puts: tuple[Put, ...]) -> None:
    kept = _remembered(store)
    small = [each for each in puts if all(len(value) <= _MOST_VALUES for _, value in each[1:] if isinstance(value, tuple))]
    kept.pop(name, None)
    kept[name] = tuple(small[:_MOST_QUESTIONS])
    for oldest in list(kept)[:-_MOST_REMEMBERED]:
        kept.pop(oldest, None)


def _remembered(store: Store) -> dict[str, tuple[Put, ...]]:
    found: dict[str, tuple[Put, ...]] = store.trees.setdefault(_KEPT, {})
    return found
