"""Does the wheel stand alone? Built, installed in a new environment, run from an empty folder."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.delivery.register import import_delivery
from registry.exports.job import make_job
from tests.registry.delivery.conftest import CLERK, FARMERS, GACHA, OTHER_GACHA, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.engines import Store

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("gis", "registry", "api", "migrations", "sample_parcels")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built with the hatchling that is already here."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = out.glob("sanquan-*.whl")
    return built


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, and no way to this source tree.

    The third-party packages are lent by this environment through a .pth line. Such a line adds one folder and
    does not read the .pth files in it, so the editable installation of the tree stays out.
    """
    home = tmp_path_factory.mktemp("alone") / "venv"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel],
        check=True,
        capture_output=True,
    )
    (own,) = home.glob("lib/python*/site-packages")
    (own / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home


def run(program: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of the new environment with nothing of ours in its surroundings."""
    surroundings = {"PATH": os.defpath, "HOME": str(cwd), "LANG": "C.UTF-8"}
    return subprocess.run(
        [program, *words], cwd=cwd, env=surroundings, capture_output=True, text=True, timeout=600, check=False
    )


def test_wheel_carries_every_file_of_the_rooms(wheel: Path) -> None:
    """Migrations and samples ship inside the wheel (design.md, "Rooms"), as do rules, pages and layouts."""
    shipped = set(zipfile.ZipFile(wheel).namelist())
    tracked = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert tracked - shipped == set()
    assert any(name.startswith("migrations/") for name in shipped)
    assert any(name.startswith("sample_parcels/") and not name.endswith(".py") for name in shipped)
    assert {name.partition("/")[0] for name in shipped if not name.startswith("sanquan-")} == set(ROOMS)


def test_wheel_installed_alone_tells_the_story(alone: Path, tmp_path: Path) -> None:
    """`sanquan demo --once` needs the wheel, nothing of the source tree; it ends well in an empty folder."""
    where = run(alone / "bin" / "python", "-c", "import api; print(api.__file__)", cwd=tmp_path)
    assert str(alone) in where.stdout, where.stderr
    done = run(alone / "bin" / "sanquan", "demo", "--once", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_surveyor_at_home_gets_the_verdict_of_the_county(
    alone: Path, tmp_path: Path, make_store: Callable[[str], Store]
) -> None:
    """With the wheel and the job package alone, byte for byte, while the county compares with registered land, too."""
    county = make_store("file")
    import_delivery(county, SAMPLES / "delivery" / "150626乌审旗", CLERK)
    make_job(county, [GACHA, OTHER_GACHA], "2026-12-31", tmp_path / "job.zip")
    stick = tmp_path / "stick" / "150626乌审旗"
    shutil.copytree(SAMPLES / "faults" / "150626乌审旗", stick)
    at_home = run(
        alone / "bin" / "sanquan", "inspect", str(stick), "--job", "job.zip", "--report", "verdict.json", cwd=tmp_path
    )
    assert at_home.returncode == 1, at_home.stderr
    in_county = import_delivery(county, SAMPLES / "faults" / "150626乌审旗", CLERK, check_only=True)
    assert len(in_county.faults) >= 20
    assert (tmp_path / "verdict.json").read_bytes() == in_county.verdict()
    assert in_county.verdict_digest() in at_home.stdout
    assert FARMERS in at_home.stdout  # outside the job


def test_every_imported_distribution_is_declared() -> None:
    """What the rooms import stands in pyproject.toml by name, in an extra too: a neighbour's libraries may go tomorrow."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["region"], *extras["gm"]]
    declared = {_plain(re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0]) for line in lines}
    owners = packages_distributions()
    undeclared = {
        f"{path.relative_to(ROOT)}: {package}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for package in _imported(path) - set(sys.stdlib_module_names) - set(ROOMS)
        if not declared & {_plain(name) for name in owners.get(package, [package])}
    }
    assert undeclared == set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found
