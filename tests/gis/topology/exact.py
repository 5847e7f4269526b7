"""What do parcels share and leave empty, in exact arithmetic? An oracle with nothing in common with GEOS.

The plane is cut into upright slabs at every vertex and every crossing, so that no two edges cross inside a slab: between
two neighbouring edges lies a trapezoid, covered by whoever has entered and not yet left. All numbers are exact: vertices in
whole steps of their common denominator, what is reckoned from them in fractions.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations, pairwise
from math import lcm
from typing import NamedTuple, TypeAlias

Point: TypeAlias = tuple[Fraction, Fraction]
Ring: TypeAlias = list[Point]


class Cover(NamedTuple):
    """`shared`: area by pair (i < j); `empty`: the areas of the pieces that are enclosed and covered by nobody."""

    shared: dict[tuple[int, int], Fraction]
    empty: list[Fraction]


class _Edge(NamedTuple):
    owner: int
    left: tuple[int, int]
    right: tuple[int, int]

    def at(self, x: Fraction | int) -> Fraction:
        (x0, y0), (x1, y1) = self.left, self.right
        whole = y0 * (x1 - x0) * x.denominator + (y1 - y0) * (x.numerator - x0 * x.denominator)
        return Fraction(whole, (x1 - x0) * x.denominator)


class _Cell(NamedTuple):
    low: tuple[Fraction, Fraction]  # the heights of its floor at the left and the right side of the slab
    high: tuple[Fraction, Fraction]
    owners: frozenset[int]
    area: Fraction


def cover(rings: list[Ring]) -> Cover:
    """Rings without their closing point, each simple, no holes."""
    scale = lcm(*(value.denominator for ring in rings for place in ring for value in place))
    whole = [[(int(x * scale), int(y * scale)) for x, y in ring] for ring in rings]
    edges = [
        _Edge(owner, *sorted((ring[k - 1], ring[k])))
        for owner, ring in enumerate(whole)
        for k in range(len(ring))
        if ring[k - 1][0] != ring[k][0]
    ]
    cuts: set[Fraction | int] = {x for ring in whole for x, _ in ring}
    for one, other in combinations(edges, 2):
        cuts |= _crossing(one, other)
    at = sorted(cuts)
    place_of = {x: n for n, x in enumerate(at)}
    spans = [(place_of[edge.left[0]], place_of[edge.right[0]], edge) for edge in edges]
    slabs = [
        _cells([edge for first, last, edge in spans if first <= n < last], x0, x1) for n, (x0, x1) in enumerate(pairwise(at))
    ]
    shared: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for cell in (cell for slab in slabs for cell in slab):
        for pair in combinations(sorted(cell.owners), 2):
            shared[pair] += cell.area
    return Cover({pair: area / scale**2 for pair, area in shared.items()}, [area / scale**2 for area in _enclosed(slabs)])


def _crossing(one: _Edge, other: _Edge) -> set[Fraction]:
    low, high = max(one.left[0], other.left[0]), min(one.right[0], other.right[0])
    if low >= high:
        return set()
    at_low, at_high = _above(one, other, low), _above(one, other, high)
    if at_low * at_high >= 0:
        return set()
    return {low + Fraction((high - low) * at_low, at_low - at_high)}


def _above(one: _Edge, other: _Edge, x: int) -> int:
    """How far one edge lies above another there, in steps that depend on the two alone."""
    (ax, ay), (bx, by) = one.left, other.left
    a_wide, b_wide = one.right[0] - ax, other.right[0] - bx
    a_at, b_at = ay * a_wide + (one.right[1] - ay) * (x - ax), by * b_wide + (other.right[1] - by) * (x - bx)
    return a_at * b_wide - b_at * a_wide


def _cells(across: list[_Edge], x0: Fraction | int, x1: Fraction | int) -> list[_Cell]:
    lines = sorted(((edge.at(x0), edge.at(x1), edge.owner) for edge in across), key=lambda line: (line[0] + line[1], line))
    cells: list[_Cell] = []
    inside: set[int] = set()
    for line, after in pairwise(lines):
        inside ^= {line[2]}
        area = (after[0] - line[0] + after[1] - line[1]) * (x1 - x0) / 2
        if area:
            cells.append(_Cell((line[0], line[1]), (after[0], after[1]), frozenset(inside), area))
    return cells


def _enclosed(slabs: list[list[_Cell]]) -> list[Fraction]:
    """Join empty cells that touch along a stretch of a slab's side; leave out what reaches the open."""
    empty = [(s, c) for s, slab in enumerate(slabs) for c, cell in enumerate(slab) if not cell.owners]
    names = {name: name for name in empty}

    def root(name: tuple[int, int]) -> tuple[int, int]:
        while names[name] != name:
            name = names[name]
        return name

    in_the_open = []
    for s, c in empty:
        for step, here in ((-1, 0), (1, 1)):
            there = slabs[s + step] if 0 <= s + step < len(slabs) else []
            beside, closed = _beside(slabs[s][c], there, here)
            for d in beside:
                names[root((s, c))] = root((s + step, d))
            if not closed:
                in_the_open.append((s, c))
    outside = {root(name) for name in in_the_open}
    areas: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    for s, c in empty:
        if root((s, c)) not in outside:
            areas[root((s, c))] += slabs[s][c].area
    return list(areas.values())


def _beside(cell: _Cell, there: list[_Cell], here: int) -> tuple[list[int], bool]:
    """Which empty cells of the next slab share a stretch of this side, and whether cells stand along all of it."""
    low, high = cell.low[here], cell.high[here]
    empty, met = [], Fraction(0)
    for d, other in enumerate(there):
        stretch = min(high, other.high[1 - here]) - max(low, other.low[1 - here])
        if stretch > 0:
            met += stretch
            if not other.owners:
                empty.append(d)
    return empty, met == high - low
