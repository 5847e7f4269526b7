"""What does a verdict say as plain values: the same from every verifier and every door?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from registry.ledger.verify.certificate import Verdict
from registry.ledger.verify.single import ProvedEntry
from registry.ledger.verify.steps import CertificateError


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
