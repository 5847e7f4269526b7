"""The sample delivery, and copies of it that a test may change."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sample_parcels
from registry.ledger.commit import Officer

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = Path(sample_parcels.__file__).parent
CLERK = Officer("张晓梅", "乌审旗农牧业局")
GACHA, OTHER_GACHA, FARMERS = "150626100210", "150626101206", "150626104213"

Rows = list[dict[str, str]]


class Copy:
    """A copy of a sample delivery: tables can be edited, files touched."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def tables(self) -> Path:
        """The folder of tables."""
        return self.root / "权属数据"

    @property
    def layers(self) -> Path:
        """The folder of layers."""
        return self.root / "矢量数据"

    def edit(self, table: str, change: Callable[[Rows], object], encoding: str = "gbk") -> None:
        """Change the rows of a CSV table and write it again in an encoding."""
        path = self.tables / f"{table}.csv"
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("gbk")
        rows = list(csv.DictReader(io.StringIO(text)))
        change(rows)
        out = io.StringIO()
        lines = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
        lines.writeheader()
        lines.writerows(rows)
        path.write_bytes(out.getvalue().encode(encoding))

    def put(self, table: str, row: int, **values: str) -> None:
        """Set values in one row, counted from 0."""
        self.edit(table, lambda rows: rows[row].update(values))


@pytest.fixture
def sound() -> Path:
    """The sample delivery: no fault, no note."""
    return SAMPLES / "delivery" / "150626乌审旗"


@pytest.fixture
def faulty() -> Path:
    """The sample delivery with twenty faults."""
    return SAMPLES / "faults" / "150626乌审旗"


@pytest.fixture
def copy(tmp_path: Path, sound: Path) -> Copy:
    """A copy of the sound delivery."""
    root = tmp_path / "copied" / sound.name
    shutil.copytree(sound, root)
    return Copy(root)
