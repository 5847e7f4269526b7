"""`sanquan-verify` as a stranger types it: one file, a policy, an answer and an exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from registry.ledger.verify.command import MISUSED, main
from registry.ledger.verify.statement import MAX_STATEMENT_BYTES
from registry.ledger.verify.steps import Step
from registry.ledger.verify.told import NO_CERTIFICATE
from registry.ledger.verify.words import SAID
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


def test_statement_is_judged_by_the_certificate_inside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same verdict and the same codes as for the certificate alone; what the statement says by itself is not believed."""
    raw, policy, expected = read("unchanged")
    file = tmp_path / "statement.json"

    def judged(*options: str, certificate: object = raw.decode(), **told: object) -> tuple[int, str]:
        stated = {"document": {"zh": "权益保留证明"}, "verdict": "unchanged", "proof": {"certificate": certificate}, **told}
        file.write_text(json.dumps(stated, indent=1), encoding="utf-8")
        code = main([str(file), *options], policy)
        return code, capsys.readouterr().out

    code, said = judged()
    assert (code, "真" in said, SAID["statement"][0] in said, SAID["differs"][0] in said) == (0, True, True, False)
    code, said = judged("--json")
    assert (code, json.loads(said)) == (0, expected)
    for claimed in ("changed lawfully", "\x1b[2J", None):
        code, said = judged(verdict=claimed)
        assert (code, SAID["differs"][0] in said, "\x1b" in said) == (0, True, False)
    assert judged(certificate=raw.decode().replace("2047", "2048"))[0] == Step.OPENINGS
    for broken in ("{}", "\ud800", "x" * MAX_STATEMENT_BYTES):
        assert judged(certificate=broken)[0] == Step.FORM
    absent: tuple[object, ...] = (None, 7, {})
    for nothing in absent:
        code, said = judged(certificate=nothing)
        assert (code, SAID["no-proof"][0] in said) == (NO_CERTIFICATE, True)
    code, said = judged("--json", proof=None)
    assert (code, json.loads(said)["exit"], json.loads(said)["undecided"]) == (NO_CERTIFICATE, NO_CERTIFICATE, True)


def test_what_is_neither_certificate_nor_statement_has_not_the_form(tmp_path: Path) -> None:
    """Exit 11, as before there were statements."""
    file = tmp_path / "file.json"
    for raw in (b"", b"[]", b'"document"', b"[" * 100_000, b"\xff", b"{}"):
        file.write_bytes(raw)
        assert main([str(file)], read("unchanged")[1]) == Step.FORM
