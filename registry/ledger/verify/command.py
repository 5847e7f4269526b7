"""`sanquan verify` for strangers: one file, a policy, an answer and an exit code. Public keys only; nothing is asked of anybody.

0 genuine, 2 misused, 10 no certificate in the file (can't be decided), 11 to 20 the step that failed (`steps.Step`).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from registry.ledger.verify import saying, statement
from registry.ledger.verify.certificate import verify
from registry.ledger.verify.note import Policy, parse_policy
from registry.ledger.verify.single import HEADER, check_code, verify_entry
from registry.ledger.verify.steps import CertificateError
from registry.ledger.verify.strict import VerifyError, utf8
from registry.ledger.verify.told import NO_CERTIFICATE, no_certificate, plain, plain_entry, refused

MISUSED = 2


def main(arguments: Sequence[str] | None = None, policy: str | None = None) -> int:
    """Verify what the arguments name; `policy` is the text that stands in for a missing --policy. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="sanquan-verify", description=__doc__)
    parser.add_argument("file", type=Path, help="证明 .json(权益不变、权益保留)或 .tlog-proof: the certificate")
    parser.add_argument("--policy", type=Path, help="信任名单: whose signatures are asked for")
    parser.add_argument("--code", help="纸上的码, 或手机扫出的网址: the code on the paper, or the address behind it")
    parser.add_argument("--details", action="store_true", help="技术部分: the technical part")
    parser.add_argument("--json", action="store_true", help="JSON")
    asked = parser.parse_args(arguments)
    try:
        text = policy if asked.policy is None else utf8(asked.policy.read_bytes())
        trusted = parse_policy(text or "")
        raw = asked.file.read_bytes()
    except (OSError, VerifyError) as unreadable:
        sys.stderr.write(f"{unreadable}\n")
        return MISUSED
    return answer(raw, trusted, code=asked.code, details=asked.details, as_json=asked.json)


def answer(raw: bytes, policy: Policy, *, code: str | None = None, details: bool = False, as_json: bool = False) -> int:
    """Print what the bytes of a certificate, a statement with one or a `.tlog-proof` prove; returns the exit code."""
    try:
        stated = statement.statement_in(raw)
    except statement.NoProofInsideError as nothing:
        _print(json.dumps(no_certificate(nothing), ensure_ascii=False) if as_json else _text(list(saying.nothing_inside(nothing))))
        return NO_CERTIFICATE
    try:
        if raw.startswith(HEADER.encode()):
            proved = verify_entry(raw, policy)
            facts, lines = plain_entry(proved), list(saying.entry_lines(proved))
        else:
            verdict = verify(raw if stated is None else stated.certificate, policy)
            if code is not None:
                check_code(code, verdict)
            facts, lines = plain(verdict), list(saying.lines(verdict, details=details))
            lines += [] if stated is None else statement.lines(stated, verdict.word)
    except CertificateError as error:
        _print(json.dumps(refused(error), ensure_ascii=False) if as_json else _text(list(saying.refusal(error))))
        return int(error.step)
    _print(json.dumps(facts, ensure_ascii=False) if as_json else _text(lines))
    return 0


def _text(lines: list[tuple[str, str]]) -> str:
    return "\n".join(f"{zh}   {en}" for zh, en in lines)


def _print(text: str) -> None:
    # A terminal of an old office speaks GBK, and not every character of ours.
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
