"""Rows that are appended to the log arrive as they were, whatever their texts hold."""

from __future__ import annotations

from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.store.bulk import _array

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
