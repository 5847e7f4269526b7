"""Tables that come by themselves are opened in a child: what comes back is what reading in place gives, and nothing else."""

from __future__ import annotations

import contextlib
import io
import os
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.comparison.dump import DumpRefusedError, read_dump
from registry.delivery import child, tables_apart
from registry.delivery.containers import TableFile, Unreadable
from registry.delivery.faults import Faults
from registry.delivery.fields import Part
from registry.delivery.parts import BENEFITS, CBHT
from registry.delivery.read_tables import Cells, cells_of, frame_of
from registry.delivery.tables_apart import cells_apart, read_tables_into
from registry.errors import SanquanError
from registry.police.reading import EVENTS, EventTableRefusedError, read_events
from registry.store.ahead import copy_of_this_process
from registry.subsidies.read import ListRefusedError, read_list
from tests.registry.delivery.conftest import Copy


@pytest.fixture
def tables(copy: Copy, tmp_path: Path) -> list[Path]:
    """Every table of the sample, one with a number that a spreadsheet rounded and a formula, and three that can't be read."""
    book = openpyxl.Workbook()
    for line in (["姓名", "证件号码"], ["甲", 150699195406023238], ["=1+1", "x"]):
        book.active.append(line)
    book.save(tmp_path / "rounded.xlsx")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "none.csv").write_bytes(b"a,b\r\n\xff\xff,\x80\r\n")
    (tmp_path / "half.dbf").write_bytes(b"\3" * 40)
    return [*sorted(copy.tables.iterdir()), *(tmp_path / name for name in ("rounded.xlsx", "empty.csv", "none.csv", "half.dbf"))]


def in_place(path: Path) -> Cells | Unreadable:
    """A table as this process reads it."""
    try:
        return cells_of(TableFile(path, path.name))
    except Unreadable as bad:
        return bad


def plainly(cells: Cells | Unreadable) -> object:
    """What a table holds, or why it can't be read, as values to compare."""
    if isinstance(cells, Unreadable):
        return cells.fault, cells.values
    columns = [["" if cell is None else cell.strip() for cell in column.to_pylist()] for column in cells.columns]
    return cells.header, columns, cells.rows.tolist(), cells.rounded, cells.formulas


@pytest.mark.parametrize("forked", [True, False], ids=["a copy", "a new process"])
def test_child_hands_back_the_cells_that_reading_in_place_gives(
    tables: list[Path], forked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Header, columns, numbers of rows, what was rounded, formulas; of what can't be read, why."""
    monkeypatch.setattr(child, "can_fork", lambda: forked)
    found = cells_apart(tables)
    assert [path for path, _ in found] == tables
    for path, cells in found:
        assert plainly(cells) == plainly(in_place(path)), path.name
    told = dict(found)[tables[-4]]
    assert isinstance(told, Cells)
    assert (len(told.rounded), len(told.formulas)) == (1, 1)
    assert all(isinstance(cells, Unreadable) for _, cells in found[-3:])


def _write(path: Path) -> None:
    (path.parent / "out").write_bytes(b"x" * 10)


def _reach(_path: Path) -> None:
    with socket.socket() as one:
        one.connect(("127.0.0.1", _reach.port))  # type: ignore[attr-defined]  # set by the test


def _swell(_path: Path) -> None:
    assert bytearray(4 << 30)


def _crash(_path: Path) -> None:
    os.kill(os.getpid(), 11)


@pytest.mark.parametrize("harm", [_write, _reach, _swell, _crash])
def test_harm_that_a_file_does_ends_in_a_fault_that_names_it(
    harm: Callable[[Path], None], tables: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file is written, no service reached, no memory taken; what came before was read, what comes after is not."""

    def cells(source: TableFile) -> Cells:
        if source.path == tables[1]:
            harm(source.path)
        return cells_of(source)

    monkeypatch.setattr(tables_apart, "cells_of", cells)
    with socket.create_server(("127.0.0.1", 0)) as server:
        _reach.port = server.getsockname()[1]  # type: ignore[attr-defined]
        server.settimeout(0)
        (_, first), (path, lost) = cells_apart(tables)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert isinstance(first, Cells)
    assert path == tables[1]
    assert isinstance(lost, Unreadable)
    faults = Faults()
    assert frame_of(BENEFITS, path.name, lost, faults) is None
    assert [(fault.id, fault.severity, fault.file) for fault in faults.found] == [("reader-lost", "refuse", path.name)]
    written = path.parent / "out"
    assert not written.exists() or written.stat().st_size == 0


_RAW: dict[str, bytes] = {}


def _answer(tables: list[Path], change: Callable[[bytes], bytes]) -> list[tuple[Path, Cells | Unreadable]]:
    """What is made of a reader's answer that was changed on its way."""
    if "raw" not in _RAW:
        with copy_of_this_process(partial(read_tables_into, tables)) as pipe:
            _RAW["raw"] = pipe.read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables_apart, "_reader", lambda _paths: contextlib.nullcontext(io.BytesIO(change(_RAW["raw"]))))
        return cells_apart(tables)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"file-unreadable"', b'"file-unknowable"'),
        (b'"values": {"reason"', b'"values": {"raison"'),
        (b'"rounded": [[0,', b'"rounded": [[9,'),
        (b'"formulas": [[1,', b'"formulas": [[8,'),
        (b'"header": ["', b'"header": ["x", "'),
        (b'"header": [', b'"heading":['),
    ],
)
def test_what_no_reader_says_is_not_taken_in(tables: list[Path], old: bytes, new: bytes) -> None:
    """A fault that there is none of, other words than its sentence needs, a cell past the table, a column too many."""

    def change(raw: bytes) -> bytes:
        at = raw.index(old)
        frame = raw.rindex(b'{"', 0, at + 2)
        size = int.from_bytes(raw[frame - 8 : frame], "big") + len(new) - len(old)
        return raw[: frame - 8] + size.to_bytes(8, "big") + raw[frame:at] + new + raw[at + len(old) :]

    *_, (_, last) = _answer(tables, change)
    assert isinstance(last, Unreadable)
    assert last.fault == "reader-lost"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 0.9999), byte=st.integers(0, 255), is_cut=st.booleans())
def test_one_byte_changed_or_all_after_it_lost_raises_nothing(tables: list[Path], at: float, byte: int, is_cut: bool) -> None:
    """Whatever a child that was taken over writes, each table is read or said to be lost, and none after a lost one."""

    def change(raw: bytes) -> bytes:
        place = int(at * len(raw))
        return raw[:place] if is_cut else raw[:place] + bytes([byte]) + raw[place + 1 :]

    found = _answer(tables, change)
    lost = [isinstance(cells, Unreadable) and cells.fault == "reader-lost" for _, cells in found]
    assert True not in lost[:-1]
    assert lost[-1] == (len(found) < len(tables)) or len(found) == len(tables)


def test_so_many_faults_of_a_table_are_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of a million wrong rows would fill the memory with sentences: it is refused by the first of them, and says so."""
    doors: tuple[tuple[str, Part, Callable[..., object], type[SanquanError]], ...] = (
        ("registry.comparison.dump", CBHT, lambda path, *of: read_dump([path], *of), DumpRefusedError),
        ("registry.subsidies.read", BENEFITS, read_list, ListRefusedError),
        ("registry.police.reading", EVENTS, read_events, EventTableRefusedError),
    )
    for module, part, read, refusal in doors:
        path = tmp_path / f"{part.name}.csv"
        header = ",".join(column.name for column in part.columns)
        path.write_text(f"{header}\n" + f"?{',' * header.count(',')}\n" * 40, "utf-8")
        monkeypatch.setattr(f"{module}.MOST_OF_A_TABLE", 30)
        with pytest.raises(refusal) as refused:
            read(path, "150626", "2026-01-15")
        assert len(refused.value.faults) == 30  # type: ignore[attr-defined]  # each of the three has them
        assert {fault.severity for fault in refused.value.faults} == {"refuse"}  # type: ignore[attr-defined]  # as above


@pytest.mark.parametrize(
    ("columns", "rows", "words"),
    [
        (16_384, 1, None),
        (16_385, 1, ("超过 16384 列", "it has more than 16384 columns")),
        (1, 1_048_575, None),
        (1, 1_048_576, ("超过 1048576 行", "it has more than 1048576 rows")),
    ],
)
def test_csv_is_at_most_as_large_as_a_spreadsheet(tmp_path: Path, columns: int, rows: int, words: tuple[str, str] | None) -> None:
    """The header counts as a row. Refused by name: else the memory that the reader may take would decide, and so chance."""
    path = tmp_path / "FBF.csv"
    path.write_bytes(b"x," * (columns - 1) + b"x\r\n" + b"1\r\n" * rows)
    read = in_place(path)
    assert isinstance(read, Unreadable) is (words is not None)
    if isinstance(read, Unreadable):
        assert read.values["reason"] == words
