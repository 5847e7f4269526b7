"""Rows that are appended to the log arrive as they were, whatever their texts hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.parties import PARTY
from registry.store.bulk import _array, insert_all, insert_rows

if TYPE_CHECKING:
    from registry.store.engines import Store

# PostgreSQL has no text with a NUL byte; a lone surrogate is no text at all.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0")) | st.sampled_from(["", "NULL", '{"a":"\\"}', "a,b", " x "])
WHOLE = st.integers(-(2**63), 2**63 - 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(TEXTS | st.none(), max_size=5),
    raw=st.lists(st.binary(max_size=40) | st.none(), max_size=5),
    whole=st.lists(WHOLE | st.none(), max_size=5),
)
def test_array_reads_back_on_the_server(postgis_admin_url: str, texts: list[Any], raw: list[Any], whole: list[Any]) -> None:
    """Quotes, backslashes, braces, the word NULL and NULL itself: the server takes each for what it is."""
    with psycopg.connect(postgis_admin_url) as connection:
        found = connection.execute(
            "SELECT %s::text[], %s::bytea[], %s::bigint[]", [_array(texts), _array(raw), _array(whole)]
        ).fetchone()
    assert found == (texts, raw, whole)


@pytest.mark.parametrize("many", [3, 120])
def test_rows_of_several_tables_arrive_in_their_order(store: Store, many: int) -> None:
    """Few travel together, many by COPY between them; a table without rows asks nothing. A refused row refuses with its reason."""
    ids = [f"{n:032x}" for n in range(many)]
    columns = ("id", "kind")
    with store.writing("desk") as connection:
        before = connection.scalars(sa.select(sa.func.count()).select_from(PARTY)).one()
        insert_all(
            connection,
            [
                (PARTY, columns, [("a" * 32, "person")]),
                (PARTY, columns, [(each, "person") for each in ids]),
                (PARTY, columns, []),
                (PARTY, columns, [("b" * 32, "person"), ("c" * 32, "person")]),
            ],
        )
        assert connection.scalars(sa.select(sa.func.count()).select_from(PARTY)).one() == before + many + 3
        with pytest.raises(store.engine("desk").dialect.loaded_dbapi.IntegrityError):
            insert_rows(connection, PARTY, columns, [("a" * 32, "person")])
