"""Is this file a 权益保留证明 (the register's own statement), and which certificate does it carry?

A statement is JSON with a `document`; whoever made it as a file under a published checkpoint finds the certificate in
`proof.certificate` (registry/proofs/retained.py). Only that is proved: every other word in it can be altered, so none is believed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from registry.ledger.verify.strict import VerifyError
from registry.ledger.verify.words import SAID, VERDICTS, Words

MAX_STATEMENT_BYTES: Final = 4 << 20
"""A certificate of 1 MiB, in which each quotation mark becomes two characters, and what the statement says besides."""


class NoProofInsideError(VerifyError):
    """Raised when a statement carries no certificate: it is the registry's own word alone."""

    def __init__(self) -> None:
        """How to get one."""
        super().__init__(*SAID["no-proof"])


@dataclass(frozen=True, slots=True)
class Statement:
    """What counts of a statement: the bytes of its certificate; `says` is the verdict that it claims, for comparison only."""

    certificate: bytes
    says: object


def statement_in(raw: bytes) -> Statement | None:
    """The statement behind the bytes of a file, None where it is none. NoProofInsideError."""
    found = _document(raw)
    if found is None:
        return None
    proof = found.get("proof")
    text = proof.get("certificate") if isinstance(proof, dict) else None
    if not isinstance(text, str):
        raise NoProofInsideError
    # Half of a surrogate pair has no UTF-8: what comes out then is refused as no text.
    return Statement(text.encode("utf-8", "surrogatepass"), found.get("verdict"))


def lines(statement: Statement, word: str) -> Iterator[Words]:
    """What to say besides the verdict `word` that is proved."""
    yield SAID["statement"]
    if statement.says != word:
        claimed = VERDICTS.get(str(statement.says), ("?", "?"))
        zh, en = SAID["differs"]
        yield f"⚠ {zh}：{claimed[0]} ≠ {VERDICTS[word][0]}", f"{en}: {claimed[1]} ≠ {VERDICTS[word][1]}"


def _document(raw: bytes) -> dict[str, Any] | None:
    if len(raw) > MAX_STATEMENT_BYTES:
        return None
    try:
        found = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and "document" in found else None
