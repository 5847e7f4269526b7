"""`sanquan-verify` as a stranger types it: one file, a policy, an answer and an exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from registry.ledger.verify.command import MISUSED, main
from registry.ledger.verify.steps import Step
from tests.registry.ledger.verify.test_certificate import read

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_file_is_judged_by_the_policy_named_or_by_the_one_inside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 genuine, else the step that failed; JSON for programs, words for people."""
    raw, policy, expected = read("unchanged")
    (tmp_path / "proof.json").write_bytes(raw)
    (tmp_path / "policy.txt").write_text(policy, encoding="utf-8")
    named = [str(tmp_path / "proof.json"), "--policy", str(tmp_path / "policy.txt"), "--json"]
    assert main(named) == 0
    assert json.loads(capsys.readouterr().out) == expected
    assert main([str(tmp_path / "proof.json")], policy) == 0
    assert "真" in capsys.readouterr().out
    (tmp_path / "proof.json").write_bytes(raw.replace(b"2047", b"2048"))
    assert main([str(tmp_path / "proof.json")], policy) == Step.OPENINGS
    assert "不是真的" in capsys.readouterr().out


def test_what_cannot_be_read_is_a_misuse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No file, no policy, or one that is none."""
    (tmp_path / "proof.json").write_bytes(b"{}")
    assert main([str(tmp_path / "absent.json")], read("unchanged")[1]) == MISUSED
    assert main([str(tmp_path / "proof.json")]) == MISUSED
    assert main([str(tmp_path / "proof.json")], "nonsense") == MISUSED
    assert capsys.readouterr().err
