"""An .mdb is read whole or refused: by files that Jackcess made, against mdbtools, and against damage."""

from __future__ import annotations

import csv
import gzip
import io
import random
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from gis.formats.jet import JetFile, JetUnreadable

FILES = Path(__file__).with_name("jet")
_PAGE = 4096


def unpacked(name: str, folder: Path) -> Path:
    """One of the committed databases, laid out."""
    path = folder / name
    path.write_bytes(gzip.decompress((FILES / f"{name}.gz").read_bytes()))
    return path


def test_each_type_is_read_to_its_last_digit(tmp_path: Path) -> None:
    """Numbers, money, days, times, texts with and without compression, memos of one and of several pages."""
    database = JetFile(unpacked("corners.mdb", tmp_path))
    assert database.names == ["corners", "empty"]
    assert not database.is_geodatabase
    table = database.table("corners")
    assert table.names == ["number", "yes", "text", "memo", "money", "exact", "single", "moment"]
    assert table.rows[0] == ["1", "1", "plain ASCII", "short", "12.3456", "-31000.05", "0.5", "20161130"]
    assert table.rows[1] == [
        "2", "0", "嘎查 café 草场", "长" * 300, "-0.0001", "0.01", "-1.25", "1899-12-29T06:30:00",
    ]  # fmt: skip
    assert table.rows[2] == ["3", "0", None, "四至" * 5000, None, None, None, None]
    assert database.table("empty").rows == []


def test_deleted_row_is_gone_and_a_moved_one_is_there(tmp_path: Path) -> None:
    """Row 4 was deleted, row 6 grew past its page; the others are all there, once."""
    rows = JetFile(unpacked("corners.mdb", tmp_path)).table("corners").rows
    assert sorted(int(row[0] or 0) for row in rows) == [n for n in range(1, 400) if n != 4]
    assert next(row[2] for row in rows if row[0] == "6") == "长" * 100


def test_personal_geodatabase_is_known(tmp_path: Path) -> None:
    """ArcGIS keeps its own tables beside the layers."""
    assert JetFile(unpacked("geodatabase.mdb", tmp_path)).is_geodatabase


@pytest.mark.skipif(shutil.which("mdb-export") is None, reason="mdbtools, an independent reader, is not installed")
def test_tables_are_those_that_mdbtools_reads(tmp_path: Path) -> None:
    """Every cell of every table, compared with another program that knows the format."""
    path = unpacked("1506262016.mdb", tmp_path)
    database = JetFile(path)
    assert len(database.names) == 14
    for name in database.names:
        command = ["mdb-export", "-D", "%Y%m%d", "-T", "%Y%m%d", str(path), name]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        header, *lines = csv.reader(io.StringIO(told))
        table = database.table(name)
        assert header == table.names
        assert lines == [[_as_mdbtools(cell) for cell in row] for row in table.rows]


def _as_mdbtools(cell: str | None) -> str:
    """Mdbtools writes nothing for an empty cell, as CSV does, and loses its way in the year 9999."""
    return "19000100" if cell == "99990101" else cell or ""


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"x" * 20_000,
        lambda raw: raw[: len(raw) // 2 + 100],
        lambda raw: raw[: len(raw) // 2 // _PAGE * _PAGE],
        lambda raw: raw[:0x14] + b"\0" + raw[0x15:],
        lambda raw: raw[: 2 * _PAGE] + b"\x7f" * _PAGE + raw[3 * _PAGE :],
    ],
    ids=["empty", "other", "cut", "half", "access97", "encrypted"],
)
def test_database_that_is_none_or_is_cut_is_refused(tmp_path: Path, damage: object) -> None:
    """Nothing is guessed from half a file."""
    path = unpacked("corners.mdb", tmp_path)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(JetUnreadable):
        JetFile(path).table("corners")


def test_table_with_a_row_less_than_it_says_is_refused(tmp_path: Path) -> None:
    """As many rows must come out as the definition announces: a page that was lost is noticed."""
    path = unpacked("corners.mdb", tmp_path)
    raw = bytearray(path.read_bytes())
    place = raw.find(struct.pack("<I", 398), 3 * _PAGE)
    while raw[place // _PAGE * _PAGE] != 2 or place % _PAGE != 0x10:
        place = raw.find(struct.pack("<I", 398), place + 1)
    struct.pack_into("<I", raw, place, 399)
    path.write_bytes(bytes(raw))
    with pytest.raises(JetUnreadable, match="399"):
        JetFile(path).table("corners")


def test_random_damage_reads_or_is_refused_and_nothing_else(tmp_path: Path) -> None:
    """Bytes changed at random: one class of refusal, never another error and never an endless chain."""
    path = unpacked("corners.mdb", tmp_path)
    whole = path.read_bytes()
    rng = random.Random(2016)
    refused = 0
    for _ in range(300):
        raw = bytearray(whole)
        for _ in range(rng.randint(1, 30)):
            raw[rng.randrange(0x15, len(raw))] = rng.randrange(256)
        path.write_bytes(bytes(raw))
        try:
            database = JetFile(path)
            for name in database.names:
                database.table(name)
        except JetUnreadable:
            refused += 1
    assert 0 < refused < 300
