"""Can an inspector do it all with his own program, and does it stop where it must?"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.witness import command
from registry.witness.words import STATEMENT_ZH
from tests.registry.witness.made_up_log import LOG, ORIGIN, sound
from tests.registry.witness.test_stick import written

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
WORDS = "ten herders and a dog"
Run = "Callable[..., tuple[int, str, str]]"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Code, stdout and stderr of one command; the passphrase comes from a file."""
    (tmp_path / "words").write_text(f"{WORDS}\n")
    monkeypatch.setenv(command.PASSPHRASE_VARIABLE, str(tmp_path / "words"))

    def go(*words: object) -> tuple[int, str, str]:
        code = command.main([str(word) for word in words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return go


@pytest.fixture
def folder(tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> Path:
    """A witness that was set up."""
    made = tmp_path / "w"
    assert run("init", made, "--name", "bureau.example/jiancha", "--log", LOG.key, "--log-private-key", tmp_path / "x")[0] == 0
    return made


def test_inspector_goes_from_key_to_receipt(
    tmp_path: Path, folder: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    """About, check, cosign, status, evidence: each ends as it says."""
    code, told, _ = run("about", folder)
    assert (code, STATEMENT_ZH in told, "witness jiancha bureau.example/jiancha+" in told) == (0, True, True)
    assert run("status", folder)[1] == f"{ORIGIN}: 还没有签过 nothing cosigned yet\n"
    request = written(tmp_path / "request", sound())
    assert run("check", folder, request)[0] == 0
    assert run("cosign", folder, request)[0] == 0
    code, told, _ = run("status", folder)
    assert (code, told.split("\n")[0]) == (0, f"{ORIGIN}: 9 条 entries")
    assert run("evidence", folder)[:2] == (0, "没有 none\n")


def test_refusal_ends_with_one_and_is_evidence(
    tmp_path: Path, folder: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    """Nothing signed; status and evidence end with 1 until somebody has looked."""
    bad = written(tmp_path / "bad", sound().act("right-1", kind="moved-to-town").state())
    assert run("cosign", folder, bad)[0] == 1
    assert run("status", folder)[0] == 1
    assert "EVIDENCE 1" in run("evidence", folder)[1]
    assert run("evidence", folder, 1)[0] == 1
    assert run("evidence", folder, 2)[:2] == (0, "没有 none\n")


def test_readable_log_key_stops_it(tmp_path: Path, folder: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    """Whatever is asked of its key, and at its birth: 2, with what to do."""
    (tmp_path / "x").write_text("secret")
    request = written(tmp_path / "request", sound())
    for words in (("check", folder, request), ("cosign", folder, request), ("serve", folder, "--port", "0")):
        code, _, told = run(*words)
        assert (code, "chmod 600" in told) == (2, True)
    born = ("init", tmp_path / "v", "--name", "n", "--log", LOG.key, "--log-private-key", tmp_path / "x")
    assert run(*born)[0] == 2
    assert not (tmp_path / "v").exists()


def test_wrong_passphrase_a_short_one_and_no_witness_stop_it(
    tmp_path: Path, folder: Path, run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """2, in words, never a traceback; a name that can be none leaves nothing behind that a second try would meet."""
    assert run("init", tmp_path / "u", "--name", "a b", "--log", LOG.key, "--log-private-key", tmp_path / "x")[0] == 2
    assert run("init", tmp_path / "u", "--name", "a", "--log", LOG.key, "--log-private-key", tmp_path / "x")[0] == 0
    request = written(tmp_path / "request", sound())
    (tmp_path / "words").write_text("another one\n")
    assert run("check", folder, request)[0] == 2
    born = ("init", tmp_path / "v", "--name", "n", "--log", LOG.key, "--log-private-key", tmp_path / "x")
    assert run(*born)[0] == 2
    assert run("status", tmp_path / "nowhere")[0] == 2
    monkeypatch.setenv(command.PASSPHRASE_VARIABLE, str(tmp_path / "absent"))
    assert run("check", folder, request)[0] == 2


def test_passphrase_is_typed_twice_at_birth(
    tmp_path: Path, run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that differ make no key."""
    monkeypatch.delenv(command.PASSPHRASE_VARIABLE)
    typed = iter([WORDS, "another", WORDS, WORDS, WORDS])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    born = ("init", tmp_path / "v", "--name", "n", "--log", LOG.key, "--log-private-key", tmp_path / "x")
    assert run(*born)[0] == 2
    assert run(*born)[0] == 0
    assert run("check", tmp_path / "v", written(tmp_path / "request", sound()))[0] == 0


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_program_serves_until_it_is_stopped(
    tmp_path: Path, folder: Path, run: Callable[..., tuple[int, str, str]], stop: signal.Signals
) -> None:
    """A process of its own that says where it answers, and ends well when interrupted, also where SIGINT was ignored before."""
    program = [sys.executable, "-m", "registry.witness", "serve", str(folder), "--port", "0"]
    process = subprocess.Popen(
        ["sh", "-c", "trap '' INT; exec \"$@\"", "sh", *program],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert isinstance(process.stdout, io.TextIOWrapper)
        assert "http://127.0.0.1:" in process.stdout.readline()
        process.send_signal(stop)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()
