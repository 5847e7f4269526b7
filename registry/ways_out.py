"""In which formats, reference systems and encodings do exports leave? Apart from `exports`, which loads
all that draws and writes, for whoever only asks.
"""

from __future__ import annotations

from typing import Literal, get_args

Format = Literal["gpkg", "geojson", "shp", "fgb", "parquet", "pmtiles", "pdf", "png", "svg"]
Encoding = Literal["UTF-8", "GBK"]
Epsg = Literal[4545, 4524, 4490]
"""The register's own, the same with its zone number in front of the easting (36,574,148.470), longitude and latitude."""
FORMATS: tuple[Format, ...] = get_args(Format)
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)
OFFERED_EPSG: tuple[Epsg, ...] = get_args(Epsg)
PAGES = frozenset({"pdf", "png", "svg"})
"""One map page."""
MEDIA_TYPES: dict[str, str] = {
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "fgb": "application/flatgeobuf",
    "parquet": "application/vnd.apache.parquet",
    "pmtiles": "application/vnd.pmtiles",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "zip": "application/zip",
}
"""A Shapefile is several files: where one is wanted it goes as zip."""
