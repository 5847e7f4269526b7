"""Is a stored geometry the one that was committed, in the one form that writers use, and does the index find it?

The digest of a version covers the shape (little-endian OGC WKB, XY). What lies around it in the column, envelope and
reference system, must be what a writer would have put there; the R*Tree of the embedded file must hold each envelope.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import sqlalchemy as sa

from gis.errors import GisError
from gis.storage import blobs_from_geoms, ewkb_from_geoms, geoms_from_blobs, wkb_digest
from registry.audit.rows import Stored, disagreement
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from registry.ledger.check import Disagreement

_CHUNK = 2_000
# The index keeps single precision (24 bits), rounded outwards: it may hold a little more, never less.
_INDEX_SLACK = 2.0**-22


class Shapes:
    """The shapes of one table going by. `found` is what is wrong with their form."""

    def __init__(self, table: Table, *, on_postgresql: bool) -> None:
        self.found: list[Disagreement] = []
        self._table = table
        self._on_postgresql = on_postgresql
        self._boxes: dict[Any, tuple[str, int, list[float]]] = {}

    def digested(self, rows: Iterable[Stored]) -> Iterator[Stored]:
        """The rows again, each with `shape_digest`: None where the column holds no geometry."""
        rows = iter(rows)
        while chunk := list(islice(rows, _CHUNK)):
            try:
                self._digest(chunk)
            except (GisError, shapely.errors.GEOSException, TypeError, ValueError):
                for row in chunk:
                    self._digest_alone(row)
            yield from chunk

    def judge_index(self, connection: Connection) -> Iterator[Disagreement]:
        """Every shape whose envelope the R*Tree has not, every envelope without a shape. Embedded file only."""
        query = f"SELECT id, minx, miny, maxx, maxy FROM rtree_{self._table.name}_geom"  # noqa: S608  (a name of ours)
        indexed = {row[0]: row[1:] for row in connection.execute(sa.text(query))}
        for fid, (thing_id, ver, bounds) in self._boxes.items():
            box = indexed.pop(fid, None)
            if box is None or not _holds(box, bounds):
                zh, en = "空间索引与图形不符", "the spatial index is not that of the shape"
                row = {"thing_id": thing_id, "ver": ver}
                yield disagreement(self._table, row, None, ("fid", "rtree"), zh, en)
        for fid in indexed:
            zh, en = f"空间索引第 {fid} 项没有对应的行", f"item {fid} of the spatial index has no row"
            yield disagreement(self._table, {"thing_id": "", "ver": 0}, None, ("fid", "rtree"), zh, en)

    def _digest(self, chunk: Sequence[Stored]) -> None:
        held = [row["geom"] for row in chunk]
        if self._on_postgresql:
            shapes = shapely.set_srid(shapely.from_wkb(np.array(held, dtype=object)), 0)
            written = [bytes.fromhex((text or b"").decode()) for text in ewkb_from_geoms(shapes, REGISTER_CRS)]
        else:
            shapes = geoms_from_blobs(held)
            written = [blob or b"" for blob in blobs_from_geoms(shapes, REGISTER_CRS)]
        parts = zip(chunk, held, written, wkb_digest(shapes), shapely.bounds(shapes).tolist(), strict=True)
        for row, found, expected, digest, bounds in parts:
            row["shape_digest"] = digest
            self._boxes[row["fid"]] = (row["thing_id"], row["ver"], bounds)
            if found != expected:
                self._say(row, "图形的存储形式被改动过", "what lies around the shape in its column was altered")

    def _digest_alone(self, row: Stored) -> None:
        try:
            self._digest([row])
        except (GisError, shapely.errors.GEOSException, TypeError, ValueError):
            row["shape_digest"] = None
            self._say(row, "图形读不出来", "the shape can't be read")

    def _say(self, row: Stored, zh: str, en: str) -> None:
        self.found.append(disagreement(self._table, row, row["cause_idx"], ("geom",), zh, en))


def _holds(box: Sequence[float], bounds: Sequence[float]) -> bool:
    """Whether the box of the index is that of the shape, rounded outwards by no more than its precision."""
    slack = [abs(bound) * _INDEX_SLACK for bound in bounds]
    low = all(bounds[n] - slack[n] <= box[n] <= bounds[n] for n in (0, 1))
    return low and all(bounds[n] <= box[n] <= bounds[n] + slack[n] for n in (2, 3))
