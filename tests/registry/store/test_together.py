"""Do columns that travel together hold what the rows hold, on both engines, whatever stands in a text?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.store.asking import Question
from registry.store.together import ask_columns, joined

if TYPE_CHECKING:
    from registry.store.engines import Store

# The separator itself, an empty text, one that is missing, two scripts.
ROWS = [("a", "x\x1fy"), ("b", ""), ("c", None), ("d", "敖包 ᠤᠷᠳᠤᠰ\n\x1f\x1f")]


def question(rows: list[tuple[str, str | None]]) -> Question:
    """Their two columns, then a whole number."""
    each = [
        sa.select(
            sa.literal(key, sa.Text()).label("k"),
            (sa.cast(sa.null(), sa.Text()) if value is None else sa.literal(value, sa.Text())).label("v"),
        )
        for key, value in rows
    ]
    read = sa.union_all(*each).subquery()
    answers: tuple[Any, ...] = sa.func.count(), joined(read.c.k), joined(read.c.v), sa.literal_column("7")
    asked: sa.Select[*tuple[Any, ...]] = sa.select(*answers).where(read.c.k != "z")
    return Question(asked, binary=True)


def test_columns_hold_what_the_rows_hold(store: Store) -> None:
    """A text with the separator inside comes back whole, a missing one as the empty text; in one order."""
    with store.reading() as connection:
        keys, values, seven = ask_columns(connection, question(ROWS), {})
    assert dict(zip(keys.to_pylist(), values.to_pylist(), strict=True)) == {key: value or "" for key, value in ROWS}
    assert seven == 7


def test_columns_of_no_row_are_empty(store: Store) -> None:
    """Neither engine joins nothing to an empty text: there is no column then, not one of a single text."""
    with store.reading() as connection:
        keys, values, _ = ask_columns(connection, question([("z", "x")]), {})
    assert keys.to_pylist() == values.to_pylist() == []
