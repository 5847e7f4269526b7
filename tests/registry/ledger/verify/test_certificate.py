"""Certificates: every vector gives its verdict or fails at its step, and nothing altered is taken for another thing."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from registry.ledger.verify.certificate import verify
from registry.ledger.verify.note import parse_policy
from registry.ledger.verify.steps import CertificateError, Step
from registry.ledger.verify.told import plain
from registry.ledger.verify.verdict import CHANGED, UNCHANGED, verdict
from tests.vectors import make_certificates, small_register

NAMES = sorted(path.stem for path in make_certificates.FOLDER.glob("*.json"))


def read(name: str) -> tuple[bytes, str, dict[str, Any]]:
    """The bytes, the policy and the expectation of a vector."""
    vector = json.loads((make_certificates.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    raw = vector["certificate"].encode() if "certificate" in vector else base64.b64decode(vector["certificate_b64"])
    return raw, vector["policy"], vector["expected"]


@pytest.mark.parametrize("name", NAMES)
def test_every_vector_has_its_verdict_or_fails_at_its_step(name: str) -> None:
    """ledger.md section 9: the order of the steps, and one exit code for each."""
    raw, policy, expected = read(name)
    if "word" in expected:
        assert json.loads(json.dumps(plain(verify(raw, parse_policy(policy))))) == expected
        return
    with pytest.raises(CertificateError) as refused:
        verify(raw, parse_policy(policy))
    found = refused.value
    assert {"step": found.step.name, "exit": int(found.step), "undecided": found.undecided} == expected


def test_vectors_are_what_their_script_writes() -> None:
    """Generated files are regenerated and must not differ."""
    made = {name: make_certificates.file_of(vector) for name, vector in make_certificates.vectors().items()}
    kept = {path.stem: path.read_text(encoding="utf-8") for path in Path(make_certificates.FOLDER).glob("*.json")}
    assert made == kept


def test_every_step_has_a_vector_that_fails_there() -> None:
    """A step that no damage reaches would prove nothing. The code on paper is no part of a file: test_saying has it."""
    assert {read(name)[2].get("step") for name in NAMES} - {None} == {step.name for step in Step} - {Step.CODE.name}


def test_more_than_a_mebibyte_is_refused() -> None:
    """No vector: it would be as long as all others together."""
    document = json.loads(read("unchanged")[0])
    document["entries"][0]["open"][0]["value"] = "x" * (1 << 20)
    with pytest.raises(CertificateError, match="1048576") as refused:
        verify(small_register.written(document), parse_policy(small_register.POLICY))
    assert refused.value.step is Step.FORM


@pytest.mark.parametrize(("before", "after", "word"), [(1, True, CHANGED), (0, False, CHANGED), (1, 1, UNCHANGED)])
def test_what_is_equal_in_python_alone_is_a_change(before: object, after: object, word: str) -> None:
    """The browser's verifier says the same of it: values are compared by their bytes."""
    act, latest = (
        {"chain": ["D-1", "duty", ver, None], "facts": {"cap": cap}, "valid": ["2017-01-01", None, "live"]}
        for ver, cap in ((1, before), (2, after))
    )
    assert verdict(act, latest, (), same=False).word == word
