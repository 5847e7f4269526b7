"""Does one entry stand in the log: a `.tlog-proof` (c2sp.org/tlog-proof), and the few characters of a printed code?

A proof is text: `c2sp.org/tlog-proof@v1`, an optional line `extra` (not authenticated), the index, the inclusion path, an empty
line, the checkpoint note. In `extra` we put the bytes of the entry, which the path then proves.
A code is `SQ1.` and base64url of 80 bytes: SHA-256 of the certificate, SHA-256 of the origin, size, earliest cosignature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from registry.ledger.verify import note
from registry.ledger.verify.certificate import Verdict
from registry.ledger.verify.proofs import included, leaf_hash
from registry.ledger.verify.replay import Entry, read_entry
from registry.ledger.verify.steps import CertificateError, Step, at, signed_under
from registry.ledger.verify.strict import MalformedError, b64, b64_text, b64u, b64u_text, number, utf8

HEADER: Final = "c2sp.org/tlog-proof@v1"
CODE: Final = "SQ1."
_EXTRA: Final = "extra "
_INDEX: Final = "index "
_CODE: Final = re.compile(r"SQ1\.[A-Za-z0-9_-]+", re.ASCII)
_CODE_BYTES: Final = 80
_HASH_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class ProvedEntry:
    """An entry, where it stands, and who signed the checkpoint over it."""

    index: int
    entry: Entry
    leaf: bytes
    signed: note.Witnessed


def proof_text(index: int, leaf: bytes, path: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The `.tlog-proof` of one entry, with the entry in `extra`."""
    lines = [HEADER, _EXTRA + b64_text(leaf), f"{_INDEX}{index}", *map(b64_text, path), "", ""]
    return "\n".join(lines).encode() + checkpoint


def verify_entry(raw: bytes, policy: note.Policy) -> ProvedEntry:
    """The entry that a `.tlog-proof` with its entry in `extra` proves. CertificateError: FORM, POLICY, INCLUSION, ENTRIES."""
    with at(Step.FORM):
        head, gap, checkpoint = utf8(raw).partition("\n\n")
        first, *rest = head.split("\n")
        if first != HEADER or not gap or len(rest) < len(("extra", "index")):
            raise MalformedError("不是 tlog-proof 文件", "not a tlog-proof")
        extra, where, *hashes = rest
        if not extra.startswith(_EXTRA) or not where.startswith(_INDEX):
            raise MalformedError("tlog-proof 里没有账目或序号", "a tlog-proof without the entry or its index")
        leaf, index = b64(extra.removeprefix(_EXTRA)), number(where.removeprefix(_INDEX))
        path = [b64(each, _HASH_BYTES) for each in hashes]
    signed = signed_under(checkpoint.encode(), policy)
    with at(Step.INCLUSION):
        included(index, signed.checkpoint.size, leaf_hash(leaf), path, signed.checkpoint.root)
    entry = read_entry(leaf)
    if entry is None:
        raise CertificateError(Step.ENTRIES, "账目不是规范形式", "an entry that is not in canonical form")
    return ProvedEntry(index, entry, leaf, signed)


def code_of(verdict: Verdict) -> str:
    """The characters that are printed on a certificate."""
    checkpoint = verdict.signed.checkpoint
    raw = verdict.digest + sha256(checkpoint.origin.encode()).digest()
    return CODE + b64u_text(raw + checkpoint.size.to_bytes(8, "big") + (verdict.as_of or 0).to_bytes(8, "big"))


def check_code(text: str, verdict: Verdict) -> None:
    """A printed code (or the address that holds it after #) is that of this certificate, or CertificateError (CODE)."""
    found = _CODE.search(text)
    with at(Step.CODE):
        if found is None:
            raise MalformedError("没有 SQ1 码", "no SQ1 code")
        b64u(found[0].removeprefix(CODE), _CODE_BYTES)
        if found[0] != code_of(verdict):
            raise MalformedError("纸上的码不是这份文件的", "the code on the paper is not that of this file")
