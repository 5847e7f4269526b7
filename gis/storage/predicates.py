"""Which features lie in a box, asked in one way of both engines?

Every value is bound. On PostgreSQL the GiST index answers `&&`; on SQLite the R*Tree of `gpkg.rtree_sql`.
Both compare bounding boxes, rounded outwards to single precision by the indexes: a feature may be answered
that misses the box by half a metre, none that touches it is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Float, Integer, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from gis.storage.shape import Shape

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, ColumnElement, FromClause
    from sqlalchemy.sql.compiler import SQLCompiler


class _IntersectsBox(FunctionElement[bool]):
    """The five arguments are: the geometry column, the key column, then minx, miny, maxx, maxy and the SRID,
    bound.
    """

    name = "intersects_box"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> _IntersectsBox:  # noqa: ARG002 - SQLAlchemy's signature
        """Stay as it is: SQLite has no boolean, so SQLAlchemy would write `(...) = 1`, which no index answers."""
        return self


def intersects_box(
    feature_table: FromClause, minx: float, miny: float, maxx: float, maxy: float
) -> ColumnElement[bool]:
    """Say whether a feature's bounding box meets the box, edges included; coordinates in the column's own
    CRS.

    `feature_table` (or an alias of it) has one `Shape` column and the key column `fid`. Raises `TypeError`
    for a table that has not: that is a mistake in the program.
    """
    return _intersects(feature_table, [bindparam(None, float(bound), type_=Float(53)) for bound in (minx, miny, maxx, maxy)])


def intersects_bound_box(feature_table: FromClause) -> ColumnElement[bool]:
    """`intersects_box` for a statement that is made once: the box is bound as minx, miny, maxx and maxy."""
    return _intersects(feature_table, [bindparam(name, type_=Float(53)) for name in ("minx", "miny", "maxx", "maxy")])


def _intersects(feature_table: FromClause, bounds: list[BindParameter[float]]) -> ColumnElement[bool]:
    shapes = [(column, column.type.srid) for column in feature_table.c if isinstance(column.type, Shape)]
    if len(shapes) != 1:
        message = f"{feature_table} has {len(shapes)} Shape columns, intersects_box needs one"
        raise TypeError(message)
    srid = bindparam(None, shapes[0][1], type_=Integer())
    return _IntersectsBox(shapes[0][0], feature_table.c.fid, *bounds, srid)


@compiles(_IntersectsBox, "postgresql")
def _on_postgresql(element: _IntersectsBox, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    geometry, _fid, *box = element.clauses
    bound = ", ".join(compiler.process(each, **options) for each in box)
    # A bare column: GeoAlchemy2 wraps only what stands in a SELECT list.
    return f"({compiler.process(geometry, **options)} && ST_MakeEnvelope({bound}))"


@compiles(_IntersectsBox, "sqlite")
def _on_sqlite(element: _IntersectsBox, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    geometry, fid, *box = element.clauses
    minx, miny, maxx, maxy = (compiler.process(each, **options) for each in box[:4])
    table = getattr(geometry.table, "element", geometry.table)  # an alias's index is that of its table
    index = compiler.preparer.quote_identifier(f"rtree_{table.name}_{geometry.name}")
    meeting = f"maxx >= {minx} AND maxy >= {miny} AND minx <= {maxx} AND miny <= {maxy}"
    key = compiler.process(fid, **options)
    return f"({key} IN (SELECT id FROM {index} WHERE {meeting}))"  # noqa: S608 - quoted names and placeholders
