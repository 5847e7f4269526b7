"""Which of GDAL's drivers may look at a file, and is that so?

TRAP: GDAL chooses a driver by a file's contents, not by its name: an upload `vrt.geojson` that holds an OGR
VRT, or `gdalg.geojson` that holds a GDALG pipeline, returns rows of any other file on the server (hazards.md
1.3, tried). So every vector driver but three is skipped before GDAL registers them, which happens when
pyogrio is first imported; hence pyogrio is imported here and, in this room, from here only: when it is first
asked for, because it takes as long as a small export.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from gis.errors import SourceError

__all__ = [
    "ALLOWED",
    "FEATURE_LIMIT_BYTES",
    "ForeignDriversLoaded",
    "pyogrio",  # noqa: F822 - given by __getattr__
    "require_only_allowed_drivers",
]

ALLOWED = frozenset({"ESRI Shapefile", "GPKG", "GeoJSON"})

# Every other vector driver of the pyogrio 0.13 wheel (GDAL 3.12.4); GDAL warns of names that it has not.
_SKIPPED = (
    "MEM,PCIDSK,PDS4,VICAR,PDF,MBTiles,EEDA,OGCAPI,GDALG,MapInfo File,LVBAG,S57,DGN,OGR_VRT,CSV,GML,"
    "GPX,LIBKML,KML,GeoJSONSeq,ESRIJSON,TopoJSON,OGR_GMT,SQLite,WAsP,OpenFileGDB,DXF,FlatGeobuf,"
    "GeoRSS,VFK,PGDUMP,OSM,GPSBabel,OGR_PDS,WFS,OAPIF,EDIGEO,Idrisi,ODS,XLSX,Elasticsearch,Carto,"
    "AmigoCloud,SXF,Selafin,JML,PLSCENES,CSW,VDV,MVT,NGW,MapML,GTFS,PMTiles,JSONFG,MiraMonVector,"
    "ADBC,AVCBin,AVCE00,AIVector,HTTP"
)
_FEATURE_LIMIT_MB = 50

FEATURE_LIMIT_BYTES = _FEATURE_LIMIT_MB * 1_000_000
"""Largest geometry that is read: a ring of a million vertices is 16 MB and takes 440 MB to check."""


class ForeignDriversLoaded(SourceError):
    """Raised when GDAL would let other formats read an upload; then nothing is read at all."""

    def __init__(self, names: frozenset[str]) -> None:
        """Name the drivers."""
        listed = ", ".join(sorted(names))
        super().__init__(
            f"GDAL 载入了不允许的驱动 ({listed})；"
            "请先载入 gis.formats 再载入 pyogrio，或把驱动名加入 gis/formats/drivers.py",
            f"GDAL has loaded drivers that are not allowed ({listed}): import gis.formats before pyogrio,"
            " or add their names to gis/formats/drivers.py",
        )


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module
    if name != "pyogrio":
        raise AttributeError(name)
    return _pyogrio()


@cache
def _pyogrio() -> Any:  # noqa: ANN401 - pyogrio has no types
    # Only while GDAL registers its drivers: a child process (ogr2ogr in a bench) must not inherit our list.
    inherited = os.environ.get("GDAL_SKIP")
    os.environ["GDAL_SKIP"] = _SKIPPED
    try:
        import pyogrio
    finally:
        if inherited is None:
            del os.environ["GDAL_SKIP"]
        else:
            os.environ["GDAL_SKIP"] = inherited
    pyogrio.set_gdal_config_options({"OGR_GEOJSON_MAX_OBJ_SIZE": _FEATURE_LIMIT_MB, "CPL_DEBUG": False})
    return pyogrio


@cache
def require_only_allowed_drivers() -> None:
    """Raise `ForeignDriversLoaded` unless the three are the only vector drivers of this process."""
    foreign = frozenset(_pyogrio().list_drivers()) - ALLOWED
    if foreign:
        raise ForeignDriversLoaded(foreign)
