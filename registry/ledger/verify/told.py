"""What does a verdict say as plain values: the same from every verifier and every door?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from registry.ledger.verify.certificate import Verdict
from registry.ledger.verify.single import ProvedEntry
from registry.ledger.verify.steps import CertificateError
from registry.ledger.verify.strict import VerifyError

NO_CERTIFICATE: Final = 10
"""The exit code of `sanquan verify` where there is nothing to judge."""


def plain(verdict: Verdict) -> dict[str, Any]:
    """A verdict for JSON; what the vectors in tests/vectors/certificates expect."""
    signed = verdict.signed
    return {
        "word": verdict.word,
        "things": [
            asdict(each) | {"rests_on": each.rests_on if each.rests_on is None else list(each.rests_on)}
            for each in verdict.things
        ],
        "opened": {str(index): dict(opened) for index, opened in verdict.opened.items()},
        "act": verdict.act,
        "act_at": verdict.act_at,
        "latest": signed.checkpoint.size - 1,
        "latest_at": verdict.latest_at,
        "log": signed.log.name,
        "cosigned": [{"name": each.key.name, "time": each.time} for each in signed.cosigned],
        "as_of": verdict.as_of,
        "digest": verdict.digest.hex(),
    }


def refused(error: CertificateError) -> dict[str, Any]:
    """A refusal for JSON."""
    return {
        "step": error.step.name,
        "exit": int(error.step),
        "undecided": error.undecided,
        "zh": error.zh,
        "en": error.en,
    }


def no_certificate(nothing: VerifyError) -> dict[str, Any]:
    """For JSON, that nothing in a file can be judged."""
    return {"step": None, "exit": NO_CERTIFICATE, "undecided": True, "zh": nothing.zh, "en": nothing.en}


def plain_entry(proved: ProvedEntry) -> dict[str, Any]:
    """A proof of one entry for JSON."""
    checkpoint = proved.signed.checkpoint
    return {
        "index": proved.index,
        "entry": json.loads(proved.leaf),
        "log": checkpoint.origin,
        "size": checkpoint.size,
        "cosigned": [{"name": each.key.name, "time": each.time} for each in proved.signed.cosigned],
    }
