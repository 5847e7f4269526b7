"""Policy-map section 11: small cells are hidden, and no hidden cell can be worked out from those that are shown."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.statistics.masking import cross, hidden, tree

LIMIT = 5
COUNTS = st.one_of(st.integers(0, 7), st.integers(0, 2), st.integers(20, 30))


def totals(inner: Sequence[Sequence[int]]) -> list[list[int]]:
    """The table with its sums: rows, then the last row."""
    rows = [[*row, sum(row)] for row in inner]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def explanations(inner: Sequence[int | None], sums: Sequence[tuple[Sequence[int], int | None]]) -> Iterator[tuple[int, ...]]:
    """Every filling of the inner cells (None: hidden) that gives the sums that are shown, by trying all of them."""
    bound = max((total for _, total in sums if total is not None), default=0)
    choices = [range(bound + 1) if value is None else (value,) for value in inner]
    for filling in itertools.product(*choices):
        if all(total is None or sum(filling[place] for place in places) == total for places, total in sums):
            yield filling


def judge(values: Sequence[int], out: set[int], inner: Sequence[int], sums: Sequence[tuple[Sequence[int], int]]) -> None:
    """An attacker who knows the rule: whatever he tries, each hidden inner cell has several values, a small one one of 5."""
    shown = [None if place in out else values[place] for place in inner]
    told = [([inner.index(p) for p in places], None if total in out else values[total]) for places, total in sums]
    withheld = set(inner) <= out
    least = 0 if withheld or any(values[place] == 0 for place in out) else 1
    fitting = [
        filling
        for filling in explanations(shown, told)
        if all(value is not None or filling[place] >= least for place, value in enumerate(shown))
    ]
    for place, cell in enumerate(inner):
        if cell in out:
            possible = {filling[place] for filling in fitting}
            assert len(possible) > 1, (values, out, cell)
            assert values[cell] >= LIMIT or max(possible) >= LIMIT, (values, out, cell)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_no_hidden_cell_of_a_column_can_be_worked_out(counts: list[int]) -> None:
    """One column and its total: every filling is tried."""
    values = [sum(counts), *counts]
    out = hidden(tree(values, [None, *[0] * len(counts)]), LIMIT)
    assert {place for place, value in enumerate(values) if 0 < value < LIMIT} <= out
    if 0 not in out:
        judge(values, out, range(1, len(values)), [(range(1, len(values)), 0)])


@given(st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=2, max_size=2))
def test_no_hidden_cell_of_a_cross_table_can_be_worked_out(inner: list[list[int]]) -> None:
    """Rows and columns with both totals: every filling is tried."""
    rows = totals(inner)
    values = list(itertools.chain.from_iterable(rows))
    out = hidden(cross(rows), LIMIT)
    if 8 in out:
        assert out == set(range(9))
        return
    sums = [([0, 1], 2), ([3, 4], 5), ([0, 3], 6), ([1, 4], 7), ([0, 1, 3, 4], 8)]
    judge(values, out, [0, 1, 3, 4], sums)


@given(st.lists(st.lists(COUNTS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_hidden_cells_of_places_within_places_have_two_lives(places: list[list[int]]) -> None:
    """Village, town, banner: for each hidden cell another whole table is shown alike (a small one there has five or more)."""
    values: list[int] = [sum(map(sum, places))]
    parents: list[int | None] = [None]
    for villages in places:
        values.append(sum(villages))
        parents.append(0)
        town = len(values) - 1
        values += villages
        parents += [town] * len(villages)
    out = hidden(tree(values, parents), LIMIT)
    shown = {place: value for place, value in enumerate(values) if place not in out}
    assert not any(0 < value < LIMIT for value in shown.values())
    if 0 in shown:
        for row in {parent for parent in parents if parent is not None}:
            parts = [place for place, parent in enumerate(parents) if parent == row]
            lost = [place for place in (row, *parts) if place in out]
            assert len(lost) != 1, (values, parents, out)


@given(st.lists(st.lists(COUNTS, min_size=3, max_size=3), min_size=2, max_size=5))
def test_no_line_of_a_cross_table_has_one_hidden_cell(inner: list[list[int]]) -> None:
    """One missing number in a sum is no missing number."""
    rows = totals(inner)
    out = hidden(cross(rows), LIMIT)
    width = len(rows[0])
    for row in range(len(rows)):
        assert sum(row * width + column in out for column in range(width)) != 1
    for column in range(width):
        assert sum(row * width + column in out for row in range(len(rows))) != 1


@pytest.mark.parametrize(
    ("counts", "out"),
    [
        ([40, 30, 20], set()),
        ([40, 30, 3], {2, 3}),
        ([40, 3, 3], {2, 3}),
        ([40, 1, 1], {1, 2, 3}),
        ([40, 0, 3], {1, 3}),
        ([1, 1, 1, 1, 1], {1, 2, 3, 4, 5}),
    ],
)
def test_the_second_cell_is_the_smallest_that_helps(counts: list[int], out: set[int]) -> None:
    """As little as possible is lost: a sum of hidden cells that is itself small takes one more."""
    values = [sum(counts), *counts]
    found = hidden(tree(values, [None, *[0] * len(counts)]), LIMIT)
    assert found == out


def test_a_small_total_hides_its_whole_table() -> None:
    """Four people in all: where they live would say who they are."""
    assert hidden(tree([4, 4, 0], [None, 0, 0]), LIMIT) == {0, 1, 2}


@given(st.lists(st.lists(COUNTS, min_size=2, max_size=6), min_size=2, max_size=6).filter(lambda t: len({len(r) for r in t}) == 1))
def test_no_hidden_cell_of_a_larger_table_follows_from_the_shown_ones(inner: list[list[int]]) -> None:
    """An attacker who solves every sum of the table at once, exactly: no hidden cell has one value in all solutions."""
    rows = totals(inner)
    width, flat = len(rows[0]), list(itertools.chain.from_iterable(rows))
    out = sorted(hidden(cross(rows), LIMIT))
    assert {place for place, value in enumerate(flat) if 0 < value < LIMIT} <= set(out)
    lines = [[row * width + column for column in range(width)] for row in range(len(rows))]
    lines += [[row * width + column for row in range(len(rows))] for column in range(width)]
    # Of each sum what is hidden in it: parts plus, its total minus. What is shown is a number and tells nothing more.
    sums = [[Fraction((place != line[-1]) - (place == line[-1]) if place in line else 0) for place in out] for line in lines]
    solved = reduced(sums)
    for n, place in enumerate(out):
        alone = [Fraction(other == n) for other in range(len(out))]
        assert len(reduced([*solved, alone])) > len(solved), (rows, out, place)


def reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """The rows that say something, by elimination over exact fractions: as many as the rank."""
    left, found = [list(row) for row in rows], list[list[Fraction]]()
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        found.append(pivot)
        left = [[a - row[column] / pivot[column] * b for a, b in zip(row, pivot, strict=True)] for row in left]
    return found
