"""Each delivery that was made to harm ends in a report that names the place: nothing half-registered, in bounded time and memory.

C10 of hazards.md: the command itself, in a process of its own. What is measured is CPU and the peak of memory of that process
and its children.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import sample_parcels
from tests import untraced
from tests.attacks.corpus import CORPUS, SECRET
from tests.registers import copy_of, drop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.store.settings import Settings

_ROOT = Path(sample_parcels.__file__).parents[1]
SOUND = Path(sample_parcels.__file__).parent / "delivery" / "150626乌审旗"
ALL_VILLAGES = {"150626100210", "150626101206", "150626104213"}
_MOST_CPU_S, _MOST_MIB = 60.0, 1792


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., dict[str, Any]]]:
    """The command in a process that copies itself; its scratch folder must be empty after each call."""
    scratch = tmp_path_factory.mktemp("scratch")
    # Each command runs in a copy of it, which coverage never hears of.
    environment = untraced.environment() | {"TMPDIR": str(scratch), "SANQUAN_OFFICER": "张晓梅", "PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.attacks.importer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, env=environment, cwd=tmp_path_factory.mktemp("empty"),
    ) as process:  # fmt: skip
        asked, answered = process.stdin, process.stdout
        assert asked is not None
        assert answered is not None

        def ask(*arguments: str) -> dict[str, Any]:
            asked.write(json.dumps(arguments) + "\n")
            asked.flush()
            answer: dict[str, Any] = json.loads(answered.readline())
            assert list(scratch.iterdir()) == []
            return answer

        yield ask
        asked.close()


def test_corpus_has_the_size_that_was_asked() -> None:
    """At least sixty files (hazards.md 4)."""
    assert len(CORPUS) >= 60


@pytest.mark.parametrize("name", CORPUS)
def test_hostile_delivery_ends_in_a_report(
    name: str, command: Callable[..., dict[str, Any]], file_template: Settings, tmp_path: Path
) -> None:
    """Real import into the embedded file."""
    _imported(name, command, copy_of(file_template, tmp_path / "registry"), tmp_path)


@pytest.mark.parametrize("name", ["zip: wrong CRC", "shp: cut in half", "shape: a bow tie", "csv: NUL"])
def test_hostile_delivery_ends_in_a_report_on_postgis(
    name: str, command: Callable[..., dict[str, Any]], postgis_template: Settings, tmp_path: Path
) -> None:
    """The same on the other engine."""
    settings = copy_of(postgis_template, tmp_path / "registry")
    try:
        _imported(name, command, settings, tmp_path)
    finally:
        drop(settings)


def _imported(name: str, command: Callable[..., dict[str, Any]], settings: Settings, tmp_path: Path) -> None:
    item = CORPUS[name]
    root = tmp_path / "delivered" / SOUND.name
    shutil.copytree(SOUND, root)
    delivery = item.make(root) or root
    before, register = _listing(tmp_path), _content(settings)
    answer = command("import", str(delivery), "--registry", str(settings.folder), "--json")
    assert answer["err"] == ""
    report = json.loads(answer["out"])
    named = [fault for fault in report["faults"] if item.place in fault["file"] + fault["layer"] + fault["zh"]]
    assert named, report["faults"][:5]
    went_in = {village["code"] for village in report["villages"] if village["state"] == "registered"}
    if item.is_noted:
        assert (answer["code"], went_in) == (0, ALL_VILLAGES)
    else:
        refusing = [fault for fault in named if fault["severity"] == "refuse"]
        assert refusing, named[:5]
        assert answer["code"] in {1, 2}
        assert not went_in & {fault["village"] for fault in refusing}
        if any(fault["scope"] == "delivery" for fault in refusing):
            assert went_in == set()
    if not went_in:
        assert _content(settings) == register
    assert SECRET not in answer["out"]
    assert _listing(tmp_path) == before
    assert answer["cpu"] <= _MOST_CPU_S
    assert answer["mib"] <= _MOST_MIB


def _listing(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if "-journal" not in path.name}


def _content(settings: Settings) -> bytes:
    return settings.database.read_bytes() if settings.engine == "file" else b""
