"""In which files does geography come in and go out?

In: Shapefile, GeoPackage and GeoJSON, and no other. Out: these, and FlatGeobuf, GeoParquet and PMTiles.
"""

from gis.formats.dbf import DbfField
from gis.formats.flowing import (
    Rows,
    Waiting,
    flow_to_flatgeobuf,
    flow_to_geojson,
    flow_to_geopackage,
    flow_to_geoparquet,
    flow_to_pmtiles,
    flow_to_shapefile,
)
from gis.formats.reading import Layer, RowFault, read_layer
from gis.formats.writing import write_geojson, write_geopackage, write_geopackage_table, write_shapefile

__all__ = [
    "DbfField",
    "Layer",
    "RowFault",
    "Rows",
    "Waiting",
    "flow_to_flatgeobuf",
    "flow_to_geojson",
    "flow_to_geopackage",
    "flow_to_geoparquet",
    "flow_to_pmtiles",
    "flow_to_shapefile",
    "read_layer",
    "write_geojson",
    "write_geopackage",
    "write_geopackage_table",
    "write_shapefile",
]
