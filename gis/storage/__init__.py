"""How does a geometry lie in an embedded GeoPackage and in PostGIS, and how is it asked for on both?"""

from gis.storage.gpkg import (
    blobs_from_geoms,
    ewkb_from_geoms,
    feature_table_sql,
    geoms_from_blobs,
    gpkg_sql,
    register_functions,
    rtree_sql,
    wkb_digest,
)
from gis.storage.predicates import intersects_box
from gis.storage.shape import Shape, gist_index

__all__ = [
    "Shape",
    "blobs_from_geoms",
    "ewkb_from_geoms",
    "feature_table_sql",
    "geoms_from_blobs",
    "gist_index",
    "gpkg_sql",
    "intersects_box",
    "register_functions",
    "rtree_sql",
    "wkb_digest",
]
