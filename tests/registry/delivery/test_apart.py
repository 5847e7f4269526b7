"""A delivery is opened in a child: what comes back is what reading in place gives, and the child can do nothing else."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import os
import socket
import struct
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.delivery import apart, child
from registry.delivery.apart import looked_through, read_into
from registry.delivery.check import check_delivery
from registry.delivery.child import shut_in
from registry.delivery.faults import Fault, Faults
from registry.delivery.handover import is_flat
from registry.delivery.inspection import inspect_delivery
from registry.delivery.read import Delivery, read_delivery
from registry.errors import SanquanError
from registry.store.ahead import MakerLostError, copy_of_this_process, made_ahead
from tests.registry.delivery.conftest import Copy

NOW = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)


def looked(root: Path, monkeypatch: pytest.MonkeyPatch, *, forked: bool) -> tuple[Delivery, list[Fault], list[str]]:
    """A delivery, its faults and the steps that were told, read in a copy of this process or in a new one."""
    monkeypatch.setattr(child, "can_fork", lambda: forked)
    faults, steps = Faults(), []

    def step(name: str) -> contextlib.AbstractContextManager[None]:
        steps.append(name)
        return contextlib.nullcontext()

    return looked_through(root, faults, NOW, step)[0], faults.found, steps


@pytest.mark.parametrize("forked", [True, False], ids=["a copy", "a new process"])
@pytest.mark.parametrize("which", ["sound", "faulty"])
def test_child_hands_back_what_reading_in_place_gives(
    which: str, forked: bool, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every column, shape, row, mark, village and fault, and what was said of the whole."""
    root = request.getfixturevalue(which)
    one, faults, steps = looked(root, monkeypatch, forked=forked)
    here = Faults()
    other = read_delivery(root, here)
    check_delivery(other, here, NOW)
    assert faults == here.found
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


def test_overlaps_come_back_explained(faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With cause and repair, to the bit, whichever process looked."""
    told = []
    for forked in (True, False):
        monkeypatch.setattr(child, "can_fork", lambda forked=forked: forked)
        told.append(inspect_delivery(faulty, NOW).overlaps)
    here = Faults()
    drawn = check_delivery(read_delivery(faulty, here), here, NOW)
    assert drawn is not None
    assert drawn.beside.overlaps
    assert told == [drawn.beside.overlaps] * 2


def test_reader_that_is_lost_names_the_file(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash in a library: the delivery comes back, with the file that was open; nobody waits for ever."""

    def crash(_path: Path) -> None:
        os.kill(os.getpid(), 11)

    monkeypatch.setattr("registry.delivery.read_layers.read_layer", crash)
    delivery, faults, _ = looked(copy.root, monkeypatch, forked=True)
    assert delivery.frames == {}
    assert [(fault.id, fault.severity) for fault in faults] == [("reader-lost", "refuse")]
    assert faults[0].file.startswith("矢量数据/")
    assert faults[0].file.endswith(".shp")


def test_new_process_knows_no_secret_of_this_one(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither passwords nor the addresses of servers go along, and nothing that lies in the delivery is imported."""
    monkeypatch.setenv("SANQUAN_TEST_SECRET", "canary")
    (copy.root / "json.py").write_text("raise SystemExit(1)")
    seen = []
    started = subprocess.Popen

    def watched(command: list[str], **how: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401  (as Popen has it)
        seen.append((command, how["env"]))
        return started(command, **how)

    monkeypatch.setattr(subprocess, "Popen", watched)
    monkeypatch.chdir(copy.root)
    monkeypatch.setenv("PYTHONPATH", str(Path(apart.__file__).parents[2]))
    _, faults, _ = looked(copy.root, monkeypatch, forked=False)
    ((command, environment),) = seen
    assert "-P" in command
    assert "canary" not in environment.values()
    assert [fault.id for fault in faults] == ["part-unread"]


def _answers(root: Path, change: Callable[[bytes], bytes]) -> Faults:
    """What is made of a reader's answer that was changed on its way."""
    raw, faults = _raw(root), Faults()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart, "_reader", lambda *_of: contextlib.nullcontext(io.BytesIO(change(raw))))
        delivery, overlaps = looked_through(root, faults, NOW, lambda _name: contextlib.nullcontext())
    if "reader-lost" in {fault.id for fault in faults.found}:
        assert (delivery.frames, overlaps) == ({}, None)
    return faults


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"dk-code-structure"', b'"no-such-rule-here"'),
        (b'"refuse", "village"', b'"refuse", "nowhere"'),
        (b'"part": "DK"', b'"part": "XX"'),
        (b'"twice": []', b'"twice": [9999999]'),
        (b'"below": [', b'"below": [[],'),
        (b'"sliver"', b'"sneeze"'),
        (b'"drawn-over"', b'"drawn-ever"'),
        (b'"year": "2016"', b'"year": 20160 '),
    ],
)  # fmt: skip
def test_what_no_reader_says_is_not_taken_in(faulty: Path, old: bytes, new: bytes) -> None:
    """A rule, a scope, a part, a row, a cause that there is none of: the delivery comes back, nothing raises."""
    spoilt: list[int] = []

    def change(raw: bytes) -> bytes:
        spoilt.append(raw.count(old))
        longer = raw.replace(old, new, 1)
        at = longer.index(b'{"folder"')
        size = int.from_bytes(raw[at - 8 : at], "big") + len(longer) - len(raw)
        return longer[: at - 8] + size.to_bytes(8, "big") + longer[at:]

    said = {fault.id for fault in _answers(faulty, change).found}
    assert said == {"reader-lost"} if spoilt[0] else len(said) > 1


def test_stream_that_breaks_off_or_never_ends_is_a_reader_lost(sound: Path) -> None:
    """At whichever byte; and a length past all measure is believed by nobody."""
    whole = len(_raw(sound))
    for end in (0, 5, 200, whole // 2, whole - 3):
        cut = _raw(sound)[:end]
        assert [fault.id for fault in _answers(sound, lambda _whole, cut=cut: cut).found] == ["reader-lost"]  # type: ignore[misc]  # bound now
    huge = _answers(sound, lambda raw: b"d" + b"\xff" * 8 + raw)
    assert [fault.id for fault in huge.found] == ["reader-lost"]
    assert _answers(sound, bytes).found == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 0.9999), byte=st.integers(0, 255))
def test_one_byte_changed_raises_nothing(sound: Path, at: float, byte: int) -> None:
    """Whatever a child that was taken over writes, a report comes of it."""
    raw = bytearray(_raw(sound))
    raw[int(at * len(raw))] = byte
    _answers(sound, lambda _raw: bytes(raw))


def _nested(inner: bytes, kind: int, depth: int) -> bytes:
    return struct.pack("<BII", 1, kind, 1) * depth + inner


def test_collections_in_collections_are_not_given_to_geos() -> None:
    """It would call itself once a level, until the process ends: at the top, below a multipolygon, behind a sound part."""
    square = shapely.to_wkb(shapely.box(0, 0, 1, 1))
    deep = _nested(square, 7, 200_000)
    several = struct.pack("<BII", 1, 6, 2)
    for wkb in (deep, _nested(deep, 6, 1), several + square + deep, _nested(square, 6, 1_000), several + square, b"", b"\1"):
        assert not is_flat(wkb)
    holed = shapely.Polygon([(0, 0), (9, 0), (9, 9)], [[(5, 1), (6, 1), (6, 2)]])
    shapes = [
        shapely.box(0, 0, 1, 1), holed, shapely.MultiPolygon([holed, shapely.box(20, 0, 21, 1)]), shapely.Polygon(),
        shapely.MultiPolygon(), shapely.Point(1, 2), shapely.Point(1, 2, 3), shapely.LineString([(0, 0), (1, 1)]),
        shapely.MultiLineString([[(0, 0, 1), (1, 1, 1)], [(2, 2, 1), (3, 3, 1)]]), shapely.MultiPoint([(0, 0), (1, 1)]),
    ]  # fmt: skip
    assert all(is_flat(shapely.to_wkb(shape)) for shape in shapes)


_RAW: dict[Path, bytes] = {}


def _raw(root: Path) -> bytes:
    if root not in _RAW:
        with copy_of_this_process(partial(read_into, root, NOW)) as pipe:
            _RAW[root] = pipe.read()
    return _RAW[root]


def test_what_a_maker_raises_comes_as_words() -> None:
    """Class and words, built by no code of the class; one that is not known here is a RuntimeError."""

    def make(error: Exception) -> list[str]:
        raise error

    with pytest.raises(UploadRefused, match="中文 / English"):
        list(made_ahead(lambda: make(UploadRefused("中文", "English"))))
    with pytest.raises(ValueError, match="no"):
        list(made_ahead(lambda: make(ValueError("no"))))
    child = made_ahead(lambda: make(_renamed()))
    with pytest.raises(RuntimeError, match="x"):
        list(child)


class UploadRefused(SanquanError):
    """A refusal of this test's own."""


def _renamed() -> Exception:
    made: Exception = type("MadeInTheChild", (Exception,), {})("x")
    return made


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
    monkeypatch.setattr(child, "_BASE_SECONDS", 1)
    monkeypatch.setattr(child, "_BYTES_A_SECOND", 1 << 40)

    def turn(_folder: Path) -> str:
        until = time.process_time() + 60
        while time.process_time() < until:
            pass
        return "ended by itself"

    with pytest.raises(MakerLostError):
        _attempt(turn, copy.root)
