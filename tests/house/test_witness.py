"""Is the witness one file that runs where nothing of the registry is installed, and are its bytes those of its source?"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from house.witness import pack
from registry.witness.words import STATEMENT_ZH
from tests.registry.witness.made_up_log import LOG, sound
from tests.registry.witness.test_stick import written


@pytest.fixture(scope="module")
def only_cryptography(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages that holds `cryptography` and what it is made of, nothing else."""
    folder = tmp_path_factory.mktemp("packages")
    for name in ("cryptography", "cffi", "_cffi_backend", "pycparser"):
        found = importlib.util.find_spec(name)
        if found is not None and found.origin is not None:
            source = Path(found.origin).parent if Path(found.origin).name == "__init__.py" else Path(found.origin)
            (folder / source.name).symlink_to(source)
    return folder


def test_single_file_cosigns_beside_cryptography_alone(tmp_path: Path, only_cryptography: Path) -> None:
    """init, about, cosign from the packed file, in an environment without site-packages."""
    program = tmp_path / "sanquan-witness.pyz"
    pack(program)
    (tmp_path / "words").write_text("ten herders and a dog\n")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(only_cryptography),
        "PYTHONUTF8": "1",
        "SANQUAN_WITNESS_PASSPHRASE_FILE": str(tmp_path / "words"),
    }

    def run(*words: object) -> str:
        command = [sys.executable, "-S", "-P", str(program), *map(str, words)]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    folder = tmp_path / "w"
    assert STATEMENT_ZH in run("init", folder, "--name", "n/jiancha", "--log", LOG.key, "--log-private-key", tmp_path / "x")
    request = written(tmp_path / "request", sound())
    run("cosign", folder, request)
    assert (request / "answer" / "checkpoint").exists()


def test_same_source_packs_to_the_same_bytes(tmp_path: Path) -> None:
    """No time and no order of the builder's machine goes in."""
    assert pack(tmp_path / "a.pyz") == pack(tmp_path / "b.pyz")
