"""A delivery is opened in a child: what comes back is what reading in place gives, and the child can do nothing else."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from registry.delivery import apart
from registry.delivery.apart import looked_through, shut_in
from registry.delivery.faults import Fault, Faults
from registry.delivery.read import Delivery
from registry.store.ahead import MakerLostError, made_ahead
from tests.registry.delivery.conftest import Copy

NOW = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)


def looked(root: Path, monkeypatch: pytest.MonkeyPatch, *, apart_: bool) -> tuple[Delivery, list[Fault], list[str]]:
    """A delivery, its faults and the steps that were told, read in the child or in place."""
    monkeypatch.setattr(apart, "can_fork", lambda: apart_)
    faults, steps = Faults(), []

    def step(name: str) -> contextlib.AbstractContextManager[None]:
        steps.append(name)
        return contextlib.nullcontext()

    return looked_through(root, faults, NOW, step), faults.found, steps


@pytest.mark.parametrize("which", ["sound", "faulty"])
def test_child_hands_back_what_reading_in_place_gives(
    which: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every column, shape, row, mark, village and fault, and what was said of the whole."""
    root = request.getfixturevalue(which)
    one, faults, steps = looked(root, monkeypatch, apart_=True)
    other, expected, _ = looked(root, monkeypatch, apart_=False)
    assert faults == expected
    assert steps == ["read", "check"]
    for name in ("folder", "county", "year", "content_hash", "zone_prefix", "attachments", "remarks"):
        assert getattr(one, name) == getattr(other, name), name
    assert list(one.frames) == list(other.frames)
    for name, frame in one.frames.items():
        twin = other.frames[name]
        assert {key: column.to_pylist() for key, column in frame.columns.items()} == {
            key: column.to_pylist() for key, column in twin.columns.items()
        }
        for field in ("part", "files", "present", "village", "days", "twice", "at_fault"):
            assert getattr(frame, field) == getattr(twin, field), (name, field)
        for field in ("row", "file_of"):
            assert np.array_equal(getattr(frame, field), getattr(twin, field)), (name, field)
        assert {key: where.tolist() for key, where in frame.marked.items()} == {
            key: where.tolist() for key, where in twin.marked.items()
        }
        if twin.shapes is not None:
            assert shapely.to_wkb(frame.shapes).tolist() == shapely.to_wkb(twin.shapes).tolist()


def test_reader_that_is_lost_names_the_file(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash in a library: the delivery comes back, with the file that was open; nobody waits for ever."""

    def crash(_path: Path) -> None:
        os.kill(os.getpid(), 11)

    monkeypatch.setattr("registry.delivery.read_layers.read_layer", crash)
    delivery, faults, _ = looked(copy.root, monkeypatch, apart_=True)
    assert delivery.frames == {}
    assert [(fault.id, fault.severity) for fault in faults] == [("reader-lost", "refuse")]
    assert faults[0].file.startswith("矢量数据/")
    assert faults[0].file.endswith(".shp")


def _write(folder: Path) -> str:
    with (folder.parent / "out").open("wb", buffering=0) as out:
        out.write(b"x")
    return "written"


def _reach(_folder: Path) -> str:
    with socket.socket() as one:
        one.settimeout(5)
        one.connect(("127.0.0.1", _reach.port))  # type: ignore[attr-defined]
    return "reached"


def _swell(_folder: Path) -> str:
    return str(len(bytearray(4 << 30)))


def _attempt(what: Callable[[Path], str], folder: Path) -> str:
    """What the child ends with that tries this after it was shut in."""

    def make() -> list[str]:
        shut_in(folder)
        return [what(folder)]

    (answer,) = made_ahead(make)
    return answer


def test_child_writes_no_file_reaches_no_service_and_takes_no_memory(copy: Copy) -> None:
    """Each attempt fails in the child; this process can do all three."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        _reach.port = server.getsockname()[1]  # type: ignore[attr-defined]
        with pytest.raises(OSError, match="unreachable"):
            _attempt(_reach, copy.root)
        assert _reach(copy.root) == "reached"
    with pytest.raises(OSError, match="File too large"):
        _attempt(_write, copy.root)
    assert _write(copy.root) == "written"
    with pytest.raises(MemoryError):
        _attempt(_swell, copy.root)


def test_child_that_never_ends_is_ended(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is bounded by CPU seconds."""
    monkeypatch.setattr(apart, "_BASE_SECONDS", 1)
    monkeypatch.setattr(apart, "_BYTES_A_SECOND", 1 << 40)

    def turn(_folder: Path) -> str:
        until = time.process_time() + 60
        while time.process_time() < until:
            pass
        return "ended by itself"

    with pytest.raises(MakerLostError):
        _attempt(turn, copy.root)
