"""What is a table of a figure: rows of places or classes, columns of counts and areas, totals, and what is not shown?

A table is a *tree* (banner, towns, villages: each row the sum of those below it) or a *cross* (places by classes with both
totals). Everything is counted first and added up; only then are small cells hidden, so that totals are those of all people.
What is no number of people or acts (parcels, areas) goes with one that is: where that is hidden, so is it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from registry.statistics.masking import cross, hidden, tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Of = Literal["count", "beside"]
Value = int | Decimal | None
"""A count, an area or a price; None where there is none, such as the median of nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its words, and `beside`, the id of the count with which it is hidden where it is none of its own."""

    id: str
    zh: str
    en: str
    beside: str = ""

    @property
    def of(self) -> Of:
        """A count of people, households or acts, or what stands beside one: parcels, areas."""
        return "beside" if self.beside else "count"


@dataclass(slots=True)
class Row:
    """A row: its code ("" for the total and for classes), its words, how far it lies below the total, its values."""

    code: str
    zh: str
    en: str
    level: int
    values: list[Value]
    hidden: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Table:
    """A table of a figure, the total first. `parents` are places of rows; `crossed` are the columns that add up to the last."""

    id: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    rows: list[Row]
    parents: list[int | None]
    crossed: tuple[str, ...] = ()

    def mask(self, limit: int) -> None:
        """Hide small cells, and those from which they could be worked out."""
        places = {column.id: number for number, column in enumerate(self.columns)}
        if self.crossed:
            self._mask_cross([places[name] for name in self.crossed], limit)
        for number, column in enumerate(self.columns):
            if column.of == "count" and column.id not in self.crossed:
                cells = tree([_whole(row.values[number]) for row in self.rows], self.parents)
                for row in hidden(cells, limit):
                    self.rows[row].hidden.add(number)
        for number, column in enumerate(self.columns):
            for line in self.rows:
                if column.beside and places[column.beside] in line.hidden:
                    line.hidden.add(number)

    def _mask_cross(self, columns: Sequence[int], limit: int) -> None:
        total, *rows = self.rows
        ordered = [*rows, total]
        found = hidden(cross([[_whole(row.values[column]) for column in columns] for row in ordered]), limit)
        for place in found:
            row, column = divmod(place, len(columns))
            ordered[row].hidden.add(columns[column])

    def as_json(self) -> dict[str, Any]:
        """The table as plain values; a hidden cell is null, an area a text with two decimals, none an empty text."""
        return {
            "id": self.id,
            "title": {"zh": self.zh, "en": self.en},
            "columns": [{"id": column.id, "of": column.of, "zh": column.zh, "en": column.en} for column in self.columns],
            "rows": [
                {
                    "code": row.code,
                    "zh": row.zh,
                    "en": row.en,
                    "level": row.level,
                    "values": [None if n in row.hidden else _plain(value) for n, value in enumerate(row.values)],
                }
                for row in self.rows
            ],
        }


def listed(
    head: Table, lines: Iterable[tuple[str, str, Sequence[Value]]], whole: tuple[str, str] = ("合计", "all")
) -> Table:
    """A table of classes: the total, then each line (zh, en, values)."""
    rows = [Row("", zh, en, 1, list(values)) for zh, en, values in lines]
    head.rows = [Row("", *whole, 0, _summed(head, rows)), *rows]
    head.parents = [None, *[0] * len(rows)]
    return head


def text(value: Value) -> str:
    """A value as it is written, "" where there is none."""
    return "" if value is None else str(value) if isinstance(value, int) else f"{value:.2f}"


def nested(
    head: Table, lines: Iterable[tuple[int, str, str, Sequence[Value]]], whole: tuple[str, str], values: Sequence[Value]
) -> Table:
    """A tree of classes, the total first with `values`: (level, zh, en, values), each below the last line of a lower level.

    Nothing is added up here: a median is no sum of medians.
    """
    head.rows, head.parents = [Row("", *whole, 0, list(values))], [None]
    above = {0: 0}
    for level, zh, en, line in lines:
        head.parents.append(above[level - 1])
        head.rows.append(Row("", zh, en, level, list(line)))
        above[level] = len(head.rows) - 1
    return head


def single(head: Table, zh: str, en: str, values: Sequence[Value]) -> Table:
    """A table of one row: nothing in it is a part of anything else."""
    head.rows, head.parents = [Row("", zh, en, 0, list(values))], [None]
    return head


def placed(
    head: Table,
    cells: Mapping[str, Sequence[Value]],
    names: Mapping[str, str],
    whole: tuple[str, str],
    inner: Sequence[int] = (9,),
) -> Table:
    """A table of places: the total, then each place by its code with what lies in it below it.

    `inner`: how many digits the codes of the places between the total and `cells` have; those outside of all stand apart.
    """
    head.rows, head.parents = [Row("", *whole, 0, [])], [None]
    stack: list[tuple[str, int]] = [("", 0)]
    for code in sorted(cells):
        for digits in inner:
            town = code[:digits]
            while len(stack) > 1 and not town.startswith(stack[-1][0]):
                stack.pop()
            if len(code) > digits and (len(stack) == 1 or stack[-1][0] != town):
                _add(head, stack, town, names, [])
        _add(head, stack, code, names, list(cells[code]))
        stack.pop()
    for place in range(len(head.rows) - 1, -1, -1):
        below = [row for row, parent in zip(head.rows, head.parents, strict=True) if parent == place]
        if below or not head.rows[place].values:
            head.rows[place].values = _summed(head, below)
    return head


def _add(head: Table, stack: list[tuple[str, int]], code: str, names: Mapping[str, str], values: list[Value]) -> None:
    name = names.get(code, code)
    head.rows.append(Row(code, name, name, len(stack), values))
    head.parents.append(stack[-1][1])
    stack.append((code, len(head.rows) - 1))


def added(one: Sequence[Value], other: Sequence[Value]) -> list[Value]:
    """Two rows in one."""
    return [(a or 0) + (b or 0) for a, b in zip(one, other, strict=True)]


def _summed(head: Table, rows: Sequence[Row]) -> list[Value]:
    return [sum(row.values[n] or 0 for row in rows) for n in range(len(head.columns))]


def _whole(value: Value) -> int:
    return int(value or 0)


def _plain(value: Value) -> int | str:
    return value if isinstance(value, int) else text(value)
