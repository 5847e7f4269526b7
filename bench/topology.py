"""How long does the search for invalid shapes, overlaps, gaps and duplicates take, beside PostGIS and beside shapely?

All work on the same parcels in memory or in a table with its index (loading is outside the timing), in turn, A B C A B C:
what disturbs the machine disturbs all. Each contender's answer is held to what was planted. `python -m bench.topology SIDE`
measures one search in a process of its own, for its memory.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import psycopg
import shapely

from bench import coverage as drawn
from bench.registers import cluster, fresh_database
from gis.topology import TOLERANCE_M2, XY_TOLERANCE_M, Faults, coverage_faults, geometry_faults
from gis.topology.coverage import LOOSE_SHARE, Route, by_village, sharing
from gis.topology.edges import about_loose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bench.coverage import Coverage

LARGE = 1_000_000
CROSSING_PARCELS = 10_000
SHARES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
_KIB_PER_GIB = 1024**2
_PARCELS_PER_FAULT = 1_000  # of each of the six kinds
_RELATE = "2********"


class Found(NamedTuple):
    """What one contender says: rows that are no valid shape, pairs that share land, pairs of one shape, gaps (outlines)."""

    invalid: set[int]
    pairs: set[tuple[int, int]]
    twins: set[tuple[int, int]]
    gaps: NDArray[Any]


@dataclass(slots=True)
class Compared:
    """Our seconds beside a peer's, run by run, under the `name` of its limit; recall and precision, the worst of what is
    looked for.
    """

    name: str
    what: str
    parcels: int
    peer: str
    ours_s: list[float] = field(default_factory=list)
    peer_s: list[float] = field(default_factory=list)
    recall: float = 1.0
    precision: float = 1.0
    peer_recall: float = 1.0
    peer_precision: float = 1.0

    @property
    def ratio(self) -> float:
        """Our median time over the peer's."""
        return median(self.ours_s) / median(self.peer_s)


class Crossing(NamedTuple):
    """Seconds of both ways by share of shifted parcels; `loose`: the share of loose edges at which they take equal time
    (None: they don't cross); `chosen`: the share from which the engine compares pairs.
    """

    parcels: int
    shares: list[float]
    loose_shares: list[float]
    edges_s: list[float]
    pairs_s: list[float]
    loose: float | None
    chosen: float


class Alone(NamedTuple):
    """One search in a process of its own: its seconds, those of all processors together, the peak memory of the process and
    what it held before, in GiB.
    """

    parcels: int
    seconds: float
    processor_s: float
    memory_gib: float
    before_gib: float


def measure(parcels: int, runs: int, *, postgis: bool, tell: Callable[[str], None]) -> list[Compared]:
    """Everything beside its peers; PostGIS only where asked for and there."""
    ours = "validity, overlaps, gaps, duplicates"
    side = math.isqrt(parcels)
    made = drawn.faulty(side, max(1, parcels // _PARCELS_PER_FAULT))
    out = [Compared("shapely", ours, len(made.geoms), "is_valid, STRtree + relate_pattern, union_all")]
    if postgis and cluster():
        out.append(Compared("postgis", ours, len(made.geoms), "ST_IsValid, ST_Relate self-join (GiST), ST_Union"))
        with fresh_database(f"topology_{uuid.uuid4().hex[:12]}") as url, psycopg.connect(url) as connection:
            _load(connection, made)
            _faults(made, out, runs, [partial(_by_shapely, made), partial(_by_postgis, connection)], tell)
    else:
        _faults(made, out, runs, [partial(_by_shapely, made)], tell)
    return [*out, *_shifted(drawn.shifted(side), runs, tell)]


def crossing(parcels: int, runs: int, tell: Callable[[str], None]) -> Crossing:
    """At which share of loose edges do both ways take equal time? Between two measured shares a straight line is drawn."""
    side = math.isqrt(min(parcels, CROSSING_PARCELS))
    ways: dict[Route, list[float]] = {"edges": [], "pairs": []}
    loose_shares = []
    for share in SHARES:
        tell(f"topology: both ways, {share:.0%} of the parcels shifted")
        made = drawn.shifted(side, share=share)
        seconds: dict[Route, list[float]] = {"edges": [], "pairs": []}
        for _ in range(runs):
            for way, taken in seconds.items():
                taken.append(_timed(coverage_faults, made.geoms, made.villages, route=way)[0])
        for way, taken in seconds.items():
            ways[way].append(median(taken))
        loose_shares.append(coverage_faults(made.geoms, made.villages).loose)
    edges_s, pairs_s = ways["edges"], ways["pairs"]
    ahead = np.array(edges_s) - np.array(pairs_s)
    over = np.flatnonzero((ahead[:-1] <= 0) & (ahead[1:] > 0))
    at = None
    if len(over):
        first = int(over[-1])
        part = -ahead[first] / (ahead[first + 1] - ahead[first])
        at = float(loose_shares[first] + part * (loose_shares[first + 1] - loose_shares[first]))
    return Crossing(side * side, list(SHARES), loose_shares, edges_s, pairs_s, at, LOOSE_SHARE)


def alone(parcels: int) -> Alone:
    """Search so many parcels in a process of its own."""
    command = [sys.executable, "-m", "bench.topology", str(math.isqrt(parcels))]
    return Alone(*json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def growth(small: Alone, large: Alone) -> float:
    """The exponent: 1 where twice as many parcels take twice the work (of processors: who else is at work does not count)."""
    return math.log(large.processor_s / small.processor_s) / math.log(large.parcels / small.parcels)


def _faults(
    made: Coverage,
    out: Sequence[Compared],
    runs: int,
    peers: Sequence[Callable[[], Found]],
    tell: Callable[[str], None],
) -> None:
    for run in range(runs):
        tell(f"topology: {len(made.geoms):,} parcels with planted faults, {run + 1}/{runs}")
        seconds, ours = _timed(_by_us, made)
        for compared, peer in zip(out, peers, strict=True):
            took, theirs = _timed(peer)
            compared.ours_s.append(seconds)
            compared.peer_s.append(took)
            compared.recall, compared.precision = _score(made, ours)
            compared.peer_recall, compared.peer_precision = _score(made, theirs)


def _shifted(made: Coverage, runs: int, tell: Callable[[str], None]) -> list[Compared]:
    """Every parcel moved: what finds the pairs beside what finds them, and the whole answer beside what gives one."""
    search = Compared("relate", "the pairs, all shifted", len(made.geoms), "STRtree + relate_pattern")
    whole = Compared(
        "whole", "areas and gaps, all shifted", len(made.geoms), "relate_pattern, intersection, union_all"
    )
    for run in range(runs):
        tell(f"topology: {len(made.geoms):,} parcels, each shifted, {run + 1}/{runs}")
        took, ours = _timed(_search, made)
        search.ours_s.append(took)
        took, theirs = _timed(_related, made.geoms)
        search.peer_s.append(took)
        took, faults = _timed(coverage_faults, made.geoms, made.villages)
        whole.ours_s.append(took)
        took, measured = _timed(_measured_by_shapely, made.geoms)
        whole.peer_s.append(took)
        if run == runs - 1:  # the same answers each time, and judging them takes long
            search.recall, search.precision = _agreement(_set(ours), _set(theirs))
            whole.recall, whole.precision = _agreement(*_named(faults, measured, made.geoms))
    return [search, whole]


def _by_us(made: Coverage) -> Found:
    invalid = {fault.row for fault in geometry_faults(made.geoms) if fault.code == "invalid"}
    faults = coverage_faults(made.geoms, made.villages)
    pairs = np.array([(one.i, one.j) for one in faults.overlaps], dtype=np.int64).reshape(-1, 2)
    same = shapely.equals(made.geoms[pairs[:, 0]], made.geoms[pairs[:, 1]])
    gaps = np.array([gap.outline for gap in faults.gaps], dtype=object)
    return Found(invalid, _set(pairs), _set(pairs[same]), gaps)


def _by_shapely(made: Coverage) -> Found:
    valid = shapely.is_valid(made.geoms)
    rows = np.flatnonzero(valid)
    shapes = made.geoms[rows]
    pairs = _related(shapes)
    same = shapely.equals(shapes[pairs[:, 0]], shapes[pairs[:, 1]])
    pairs = rows[pairs]
    holes = shapely.get_parts(shapely.union_all(shapes))
    return Found(set(np.flatnonzero(~valid).tolist()), _set(pairs), _set(pairs[same]), _holes(holes))


def _by_postgis(connection: psycopg.Connection[Any]) -> Found:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM parcel WHERE NOT ST_IsValid(shape) RETURNING row")
        invalid = {row for (row,) in cursor.fetchall()}
        cursor.execute(
            "SELECT a.row, b.row, ST_Equals(a.shape, b.shape) FROM parcel a JOIN parcel b ON a.shape && b.shape"
            " AND a.row < b.row WHERE ST_Relate(a.shape, b.shape, %s)",
            (_RELATE,),
        )
        rows = cursor.fetchall()
        cursor.execute("SELECT ST_AsBinary(ST_Union(shape)) FROM parcel")
        ((union,),) = cursor.fetchall()
    connection.rollback()
    together = shapely.get_parts(shapely.from_wkb(union))
    return Found(invalid, {(a, b) for a, b, _ in rows}, {(a, b) for a, b, same in rows if same}, _holes(together))


def _load(connection: psycopg.Connection[Any], made: Coverage) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION postgis")
        cursor.execute("CREATE TABLE parcel (row int, shape geometry)")
        with cursor.copy("COPY parcel FROM STDIN") as copy:
            for row, shape in enumerate(shapely.to_wkb(made.geoms, hex=True).tolist()):
                copy.write_row((row, shape))
        cursor.execute("CREATE INDEX ON parcel USING gist (shape)")
        connection.commit()
        cursor.execute("ANALYZE parcel")
        connection.commit()


def _search(made: Coverage) -> NDArray[np.int64]:
    """What finds the pairs on the way that is chosen for shifted parcels, the choice by village included."""
    for rows in by_village(made.villages):
        edges, loose = about_loose(made.geoms[rows])
        if loose <= LOOSE_SHARE * edges:
            message = "shifted parcels were taken for a mesh"
            raise AssertionError(message)
    return np.stack(sharing(made.geoms), axis=1)


def _related(geoms: NDArray[Any]) -> NDArray[np.int64]:
    left, right = shapely.STRtree(geoms).query(geoms)
    once = left < right
    left, right = left[once], right[once]
    meet = shapely.relate_pattern(geoms[left], geoms[right], _RELATE)
    return np.stack([left[meet], right[meet]], axis=1)


def _measured_by_shapely(geoms: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[Any]]:
    pairs = _related(geoms)
    areas = shapely.area(shapely.intersection(geoms[pairs[:, 0]], geoms[pairs[:, 1]]))
    return pairs, areas, _holes(shapely.get_parts(shapely.union_all(geoms)))


def _named(
    faults: Faults, measured: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[Any]], geoms: NDArray[Any]
) -> tuple[set[Any], set[Any]]:
    """What we name, and what should be named: above the tolerance and somewhere wider than a millimetre."""
    pairs, areas, holes = measured
    large = pairs[areas > TOLERANCE_M2]
    shared = shapely.intersection(geoms[large[:, 0]], geoms[large[:, 1]])
    holes = holes[shapely.area(holes) > TOLERANCE_M2]
    wide, open_land = (~shapely.is_empty(shapely.buffer(land, -XY_TOLERANCE_M / 2)) for land in (shared, holes))
    ours = {(one.i, one.j) for one in faults.overlaps} | {_place(gap.outline) for gap in faults.gaps}
    return ours, _set(large[wide]) | {_place(hole) for hole in holes[open_land]}


def _place(land: shapely.Polygon) -> tuple[float, ...]:
    """The box to the tenth of a millimetre: unions of different order round differently."""
    return tuple(round(side, 4) for side in land.bounds)


def _holes(polygons: NDArray[Any]) -> NDArray[Any]:
    rings, of = shapely.get_rings(polygons, return_index=True)
    inner = np.concatenate([[False], of[1:] == of[:-1]])
    return np.asarray(shapely.polygons(rings[inner]), dtype=object)


def _score(made: Coverage, found: Found) -> tuple[float, float]:
    """The worst recall and the worst precision of invalid shapes, pairs, twins and gaps; of gaps only where no ring is crossed."""
    crossed = shapely.STRtree(shapely.box(*shapely.bounds(made.geoms[made.crossed]).T))
    gaps = np.delete(found.gaps, np.unique(crossed.query(found.gaps, predicate="intersects")[0]))
    hit, of = shapely.STRtree(gaps).query(shapely.points([place for _, place in made.gaps]), predicate="intersects")
    told = [
        _agreement(found.invalid, set(made.crossed)),
        _agreement(found.pairs, set(made.overlaps)),
        _agreement(found.twins, set(made.twins)),
        (len(set(hit.tolist())) / len(made.gaps), len(set(of.tolist())) / max(1, len(gaps))),
    ]
    return min(recall for recall, _ in told), min(precision for _, precision in told)


def _agreement(found: set[Any], true: set[Any]) -> tuple[float, float]:
    """Recall and precision."""
    both = len(found & true)
    return both / max(1, len(true)), both / max(1, len(found))


def _set(pairs: NDArray[np.int64]) -> set[tuple[int, int]]:
    return {(i, j) for i, j in pairs.tolist()}


def _timed(what: Callable[..., Any], *of: Any, **how: Any) -> tuple[float, Any]:  # noqa: ANN401  (whatever is timed)
    began = time.perf_counter()
    answer = what(*of, **how)
    return time.perf_counter() - began, answer


def _memory_gib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_GIB


def main(side: int) -> None:
    """Search one mesh with planted faults; JSON of what `Alone` holds."""
    made = drawn.faulty(side, side * side // _PARCELS_PER_FAULT)
    before = _memory_gib()
    began = time.process_time()
    seconds, found = _timed(_by_us, made)
    processor_s = time.process_time() - began
    peak = _memory_gib()
    if _score(made, found) != (1.0, 1.0):
        message = "planted faults were missed or others invented"
        raise AssertionError(message)
    print(json.dumps([len(made.geoms), seconds, processor_s, peak, before]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
