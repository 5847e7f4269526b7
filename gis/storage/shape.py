"""How does a column hold a shapely geometry on both engines?

`Shape` is PostGIS `geometry(GEOMETRY, srid)` on PostgreSQL and a GeoPackage blob on SQLite. Python sees a
shapely geometry on both, two-dimensional, bit for bit what was bound; the SRID stands in the column, not in
the value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import Index, LargeBinary
from sqlalchemy.types import TypeDecorator

from gis.storage.gpkg import blobs_from_geoms, ewkb_from_geoms, geoms_from_blobs

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy import Column
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine


class Shape(TypeDecorator[Any]):
    """A geometry column: `Column("geom", Shape(4545))`. Reading and binding give and take shapely geometries
    or None.
    """

    impl = Geometry
    cache_ok = True

    def __init__(self, srid: int) -> None:
        """Take the EPSG code of the register's projection.

        GeoAlchemy2's own spatial index is off: it would put a plain index over the blobs on SQLite.
        `gist_index` and `gpkg.rtree_sql` are the two indexes.
        """
        super().__init__(geometry_type="GEOMETRY", srid=srid, spatial_index=False)
        self.srid = srid

    def load_dialect_impl(self, dialect: Dialect | None) -> TypeEngine[Any]:
        """Answer a blob for SQLite, else GeoAlchemy2's own type; GeoAlchemy2 also asks with None."""
        if dialect is not None and dialect.name == "sqlite":
            return dialect.type_descriptor(LargeBinary())
        geometry = Geometry(geometry_type="GEOMETRY", srid=self.srid, spatial_index=False)
        return geometry if dialect is None else dialect.type_descriptor(geometry)

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> bytes | str | None:
        """Encode for the engine: a GeoPackage blob, or hexadecimal EWKB, which ST_GeomFromEWKT takes without
        rounding.
        """
        if value is None:
            return None
        if dialect.name == "sqlite":
            return blobs_from_geoms([value], self.srid)[0]
        ewkb = ewkb_from_geoms([value], self.srid)[0]
        return None if ewkb is None else ewkb.decode("ascii")

    def process_result_value(self, value: bytes | WKBElement | None, dialect: Dialect) -> BaseGeometry | None:  # noqa: ARG002 - the value's type says which engine it came from
        """Decode what the engine gave; the SRID that PostGIS adds is taken off."""
        if value is None:
            return None
        if isinstance(value, WKBElement):
            data = value.data
            return shapely.set_srid(shapely.from_wkb(data if isinstance(data, str) else bytes(data)), 0)
        return geoms_from_blobs([value])[0]


def gist_index(column: Column[Any]) -> Index:
    """Give the GiST index of a `Shape` column that belongs to a table; it is created on PostgreSQL only."""
    return Index(f"gist_{column.table.name}_{column.name}", column, postgresql_using="gist").ddl_if(
        dialect="postgresql"
    )
