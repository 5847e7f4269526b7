"""Which layers do the tests of files write, and how are the bytes of a Shapefile damaged on purpose?"""

from __future__ import annotations

import datetime as dt
import struct
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import strategies as st

from gis.formats import DbfField, write_shapefile
from tests.gis.polygons import parcels

DK_FIELDS = (
    DbfField("BSM", "N", 10),
    DbfField("DKBM", "C", 19),
    DbfField("DKMC", "C", 50),
    DbfField("SCMJ", "N", 16, 2),
)

# What GBK, UTF-8 and a name in the banner share; a text in a table neither ends in a space nor holds a line feed.
NAMES = st.text(st.sampled_from("巴图苏和乌兰草场东滩·（）ＡAz09- _'\"\\"), max_size=12).map(str.strip)


@st.composite
def frames(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """Draw a small layer with a text, a whole number, an area of two decimals, a float, a day and a yes/no."""
    size = draw(st.integers(1, 6))

    def column(strategy: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(strategy, min_size=size, max_size=size))

    return gpd.GeoDataFrame(
        {
            "DKMC": column(st.none() | NAMES.map(lambda name: name or None)),
            "BSM": np.array(column(st.integers(-(10**9), 10**9)), dtype=np.int64),
            "SCMJ": np.array(column(st.integers(1, 10**12).map(lambda cents: cents / 100)), dtype=np.float64),
            "X": np.array(column(st.floats(-1e15, 1e15, allow_subnormal=False)), dtype=np.float64),
            "QDSJ": column(st.dates(dt.date(1900, 1, 1), dt.date(9999, 1, 1))),
            "SFJBNT": np.array(column(st.booleans()), dtype=np.bool_),
        },
        geometry=np.array(column(parcels()), dtype=object),
    )


def delivery(folder: Path, size: int = 4, *, encoding: str = "GBK", text: str = "东滩草场") -> Path:
    """Write a Shapefile of squares as a county tool does, and give the .shp."""
    west = 574_000.0 + 20.0 * np.arange(size)
    frame = gpd.GeoDataFrame(
        {
            "BSM": np.arange(1, size + 1),
            "DKBM": [f"15062610020100{row:05d}" for row in range(size)],
            "DKMC": [f"{text}{row}" for row in range(size)],
            "SCMJ": np.full(size, 100.0),
        },
        geometry=shapely.box(west, 4_263_000.0, west + 10, 4_263_010.0),
    )
    path = folder / "DK1506262016.shp"
    write_shapefile(frame, path, epsg=4545, encoding="GBK" if encoding == "GBK" else "UTF-8", fields=DK_FIELDS)
    return path


def poke(path: Path, offset: int, form: str, *values: float) -> None:
    """Overwrite some bytes of a file."""
    raw = bytearray(path.read_bytes())
    struct.pack_into(form, raw, offset, *values)
    path.write_bytes(bytes(raw))


def record_offset(shp: Path, row: int) -> int:
    """Give where the content of a record begins, out of the index."""
    (words,) = struct.unpack_from(">i", shp.with_suffix(".shx").read_bytes(), 100 + 8 * row)
    return int(words) * 2 + 8
