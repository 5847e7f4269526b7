"""The verifier for strangers: one file, beside `cryptography` and nothing else of ours, answers as ours does."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from house.verifier import build
from tests.registry.ledger.verify.test_certificate import NAMES, read
from tests.vectors.small_register import POLICY

_NEEDED = ("cryptography", "cffi", "pycparser")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that finds cryptography (with what that needs) and no other package of ours."""
    folder = tmp_path_factory.mktemp("alone")
    venv.create(folder / "env", symlinks=True)
    packages = next((folder / "env" / "lib").glob("python3*")) / "site-packages"
    for name in _NEEDED:
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        for top in {file.parts[0] for file in found.files or () if not file.parts[0].startswith(("..", "__pycache__"))}:
            (packages / top).symlink_to(Path(str(found.locate_file(top))))
    return folder / "env" / "bin" / "python"


def run(python: Path, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run it, away from this checkout and its path."""
    return subprocess.run(
        [python, "-I", *arguments],
        capture_output=True,
        check=False,
        cwd="/",
        timeout=120,
        env={"PYTHONIOENCODING": "utf-8"},
    )


def test_one_file_and_cryptography_answer_every_step_alike(alone: Path, tmp_path: Path) -> None:
    """Ledger.md section 9: no network, no import from the server. One vector a step, the verdict as ours prints it."""
    verifier = build(tmp_path / "sanquan-verify.pyz", POLICY)
    assert run(alone, "-c", "import sqlalchemy").returncode != 0
    seen = set()
    for name in NAMES:
        raw, policy, expected = read(name)
        code = expected.get("exit", 0)
        if policy != POLICY or code in seen:
            continue
        seen.add(code)
        (tmp_path / "file.json").write_bytes(raw)
        ended = run(alone, verifier, tmp_path / "file.json", "--json")
        assert (ended.returncode, ended.stderr) == (code, b""), name
        told = json.loads(ended.stdout)
        assert {key: told[key] for key in expected} == expected
    assert seen == {0, *range(11, 20)}


def test_without_a_policy_inside_it_asks_for_one(alone: Path, tmp_path: Path) -> None:
    """Whose signatures count is never taken from the paper; any terminal prints the answer, whatever its characters."""
    verifier = build(tmp_path / "sanquan-verify.pyz")
    raw, policy, _ = read("unchanged")
    (tmp_path / "file.json").write_bytes(raw)
    (tmp_path / "policy").write_text(policy, encoding="utf-8")
    assert run(alone, verifier, tmp_path / "file.json").returncode == 2
    assert run(alone, verifier, tmp_path / "absent", "--policy", tmp_path / "policy").returncode == 2
    good = run(alone, verifier, tmp_path / "file.json", "--policy", tmp_path / "policy")
    assert (good.returncode, good.stdout.decode().split(maxsplit=1)[0]) == (0, "真")
    # Not -I, which would leave out the variable: a terminal that speaks GBK.
    old = subprocess.run(
        [alone, "-s", "-P", verifier, tmp_path / "file.json", "--policy", tmp_path / "policy"],
        capture_output=True,
        check=False,
        cwd="/",
        env={"PYTHONIOENCODING": "gbk"},
    )
    assert (old.returncode, old.stderr, old.stdout.decode("gbk")[0]) == (0, b"", "真")


def test_packed_by_its_command(tmp_path: Path) -> None:
    """`python -m house.verifier OUT` says what it wrote."""
    out = tmp_path / "v.pyz"
    ended = subprocess.run([sys.executable, "-m", "house.verifier", out], capture_output=True, check=True, timeout=120)
    assert str(out.stat().st_size) in ended.stdout.decode().replace(",", "")
