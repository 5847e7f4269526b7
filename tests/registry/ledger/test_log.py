"""How long was the log at an instant, and what is asked of it that it can't answer?"""

from __future__ import annotations

import datetime as dt

import pytest

from registry.ledger.log import InstantMalformedError, head_of, size_at
from registry.store.engines import Store
from tests.guarantee.village import registered, size
from tests.registry import made_up


def test_an_instant_becomes_the_size_of_the_log_then_in_any_time_zone(store: Store) -> None:
    """I25, known_at: an instant is the size at it, from recorded_at; the second itself counts."""
    store.clock = lambda: dt.datetime(2030, 11, 25, 8, 0, 0, tzinfo=dt.UTC)
    village = registered(store)
    before = size(store)
    store.clock = lambda: dt.datetime(2030, 11, 25, 9, 0, 0, tzinfo=dt.UTC)
    made_up.settle(store, village)
    with store.reading() as connection:
        assert size_at(connection, "2030-11-25T08:59:59Z") == before
        assert size_at(connection, "2030-11-25T16:59:59+08:00") == before
        assert size_at(connection, "2030-11-25T09:00:00Z") == before + 1
        assert head_of(store, connection, before).size == before
        assert head_of(store, connection).size == before + 1


@pytest.mark.parametrize("given", ["gestern", "2026-11-25", "2026-11-25T08:00:00", "1990-01-01T00:00:00Z"])
def test_what_is_no_instant_of_the_log_is_refused(store: Store, given: str) -> None:
    """An instant needs a time zone, and must not lie before the log began."""
    with store.reading() as connection, pytest.raises(InstantMalformedError):
        size_at(connection, given)


@pytest.mark.parametrize("beyond", [0, -1, 10_000])
def test_a_size_beyond_the_log_is_refused(store: Store, beyond: int) -> None:
    """A root exists for the sizes that the log has had."""
    with store.reading() as connection, pytest.raises(InstantMalformedError):
        head_of(store, connection, beyond)
