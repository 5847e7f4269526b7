"""Which cells of a table of people must not be shown, so that nobody is recognised by being one of few?

A cell of 1 to 4 people (the limit is a dated parameter) is hidden, and with it as many others as are needed so that sums and
differences of what is shown give none of them away. Cells are arcs of a network in which what flows into a node flows out of
it: a total is the arc that leaves where its parts come in. A hidden cell is *safe* when the hidden arcs let another amount
round the network: a small one up to the limit, any other by one. Where a cell of nobody is shown, that a hidden one has
somebody in it is reckoned with; a table that can't be kept so is withheld but for its grand total.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

_OUTSIDE = "outside"
_NO_END = 2**31


class Cell(NamedTuple):
    """How many people, between which two sums. `whole`: the grand total, which is hidden only where it is small itself."""

    value: int
    start: Hashable
    end: Hashable
    whole: bool = False


def tree(values: Sequence[int], parents: Sequence[int | None]) -> list[Cell]:
    """The cells of a column in which each inner row is the sum of the rows that name it as their parent."""
    inner = set(parents)
    return [
        Cell(
            value,
            ("sum", row) if row in inner else _OUTSIDE,
            _OUTSIDE if parent is None else ("sum", parent),
            whole=parent is None,
        )
        for row, (value, parent) in enumerate(zip(values, parents, strict=True))
    ]


def cross(values: Sequence[Sequence[int]]) -> list[Cell]:
    """The cells, row by row, of a table whose last row and last column are the totals."""
    last_row, last_column = len(values) - 1, len(values[0]) - 1
    cells = []
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            start: Hashable = ("column", column)
            end: Hashable = ("row", row)
            if column == last_column:
                start, end = ("row", row), "rows"
            if row == last_row:
                start, end = "columns", ("column", column)
            if (row, column) == (last_row, last_column):
                start, end = "rows", "columns"
            cells.append(Cell(value, start, end, (row, column) == (last_row, last_column)))
    return cells


def hidden(cells: Sequence[Cell], limit: int) -> set[int]:
    """The places of the cells to hide: those of 1 to `limit` - 1, and the fewest found beside them that keep them so."""
    if any(cell.whole and 0 < cell.value < limit for cell in cells):
        return set(range(len(cells)))
    out = {place for place, cell in enumerate(cells) if 0 < cell.value < limit}
    while True:
        least = 0 if any(cells[place].value == 0 for place in out) else 1
        bare = next((place for place in sorted(out) if not _safe(cells, out, place, limit, least)), None)
        if bare is None:
            return out
        more = _beside(cells, out, bare)
        if more is None:
            return _withheld(cells, limit)
        out.add(more)


def _withheld(cells: Sequence[Cell], limit: int) -> set[int]:
    """Everything but the grand total, and but what equals it anyway: a banner with one town."""
    out = {place for place, cell in enumerate(cells) if not cell.whole}
    return out - {place for place in out if cells[place].value >= limit and not _safe(cells, out, place, limit, 0)}


def _beside(cells: Sequence[Cell], out: set[int], bare: int) -> int | None:
    """The smallest cell still shown in a sum with the one that can be worked out; cells of nobody last."""
    nodes = {cells[bare].start, cells[bare].end} - {_OUTSIDE}
    shown = [
        (cell.value == 0, cell.value, place)
        for place, cell in enumerate(cells)
        if place not in out and not cell.whole and nodes & {cell.start, cell.end}
    ]
    return min(shown)[-1] if shown else None


def _safe(cells: Sequence[Cell], out: set[int], place: int, limit: int, least: int) -> bool:
    cell = cells[place]
    rest = {other: cells[other] for other in out if other != place}
    up = max(limit - cell.value, 1)
    if _flow(rest, cell.end, cell.start, up, least) == up:
        return True
    return cell.value >= limit and _flow(rest, cell.start, cell.end, 1, least) == 1


def _flow(rest: Mapping[int, Cell], source: Hashable, target: Hashable, wanted: int, least: int) -> int:
    """How much of `wanted` the hidden cells can carry: more of a cell without end, less of it down to `least`."""
    moved = dict.fromkeys(rest, 0)
    sent = 0
    while sent < wanted:
        came: dict[Hashable, tuple[Hashable, int, bool]] = {source: (source, -1, True)}
        queue = deque([source])
        while queue and target not in came:
            node = queue.popleft()
            for place, cell in rest.items():
                if cell.start == node and cell.end not in came:
                    came[cell.end] = (node, place, True)
                    queue.append(cell.end)
                if cell.end == node and cell.start not in came and cell.value + moved[place] > least:
                    came[cell.start] = (node, place, False)
                    queue.append(cell.start)
        if target not in came:
            return sent
        path = []
        node = target
        while node != source:
            node, place, forward = came[node]
            path.append((place, forward))
        room = [_NO_END if forward else rest[place].value + moved[place] - least for place, forward in path]
        step = min(wanted - sent, *room)
        for place, forward in path:
            moved[place] += step if forward else -step
        sent += step
    return sent
