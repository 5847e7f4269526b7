"""In which files does geography come in and go out: Shapefile, GeoPackage and GeoJSON, and no other."""

from gis.formats.dbf import DbfField
from gis.formats.reading import Layer, RowFault, read_layer
from gis.formats.writing import write_geojson, write_geopackage, write_shapefile

__all__ = [
    "DbfField",
    "Layer",
    "RowFault",
    "read_layer",
    "write_geojson",
    "write_geopackage",
    "write_shapefile",
]
