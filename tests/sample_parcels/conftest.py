"""The two sample deliveries as they lie in the folder, read by strangers' libraries."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from gis.formats.drivers import pyogrio

SAMPLE = Path(__file__).parents[2] / "sample_parcels"
Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Read:
    """A delivery as read: rows by table and layer, shapes by layer (eastings with zone prefix)."""

    rows: dict[str, Rows]
    shapes: dict[str, Any]
    epsg: dict[str, str]


@pytest.fixture(scope="session")
def clean() -> Read:
    """The delivery without faults."""
    return _read(SAMPLE / "delivery" / "150626乌审旗")


@pytest.fixture(scope="session")
def faulty() -> Read:
    """The delivery with twenty faults."""
    return _read(SAMPLE / "faults" / "150626乌审旗")


@pytest.fixture(scope="session")
def listed() -> Rows:
    """The list of the twenty faults."""
    return list(csv.DictReader(io.StringIO((SAMPLE / "faults" / "FAULTS.csv").read_text("utf-8"))))


def _read(folder: Path) -> Read:
    rows: dict[str, Rows] = {}
    shapes, epsg = {}, {}
    for path in sorted((folder / "权属数据").iterdir()):
        if path.suffix == ".csv":
            rows[path.stem] = list(csv.DictReader(io.StringIO(path.read_bytes().decode("gbk"))))
        else:
            header, *lines = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
            rows[path.stem] = [{name: value or "" for name, value in zip(header, line, strict=True)} for line in lines]
    for path in sorted((folder / "矢量数据").glob("*.shp")):
        name = path.stem.removesuffix("1506262016")
        meta, _, geometry, columns = pyogrio.raw.read(path, encoding="GBK")
        texts = [["" if value is None else str(value) for value in column] for column in columns]
        rows[name] = [dict(zip(meta["fields"], line, strict=True)) for line in zip(*texts, strict=True)]
        shapes[name] = shapely.from_wkb(geometry)
        epsg[name] = meta["crs"]
    return Read(rows, shapes, epsg)
