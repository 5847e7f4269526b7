"""How does the registry get its published head cosigned by a witness, over a line or on a stick, and keep what it got?

The witness itself is `registry.witness`, another program under another roof. Here are the request that it asks for (`request`), the
two ways to it (`online`, `folder`), what comes back (`cosigned`), and the receipt as paper (`paper`).
"""

from registry.witnessing.cosigned import (
    CosignatureRefusedError,
    NoWitnessError,
    Taken,
    best,
    cosigned_size,
    take,
    trust,
    witnesses,
)
from registry.witnessing.folder import NoAnswerError, bring_back, write_out
from registry.witnessing.online import WitnessAbsentError, WitnessAheadError, WitnessRefusedError, ask
from registry.witnessing.paper import receipt_pdf
from registry.witnessing.request import NothingPublishedError

__all__ = [
    "CosignatureRefusedError",
    "NoAnswerError",
    "NoWitnessError",
    "NothingPublishedError",
    "Taken",
    "WitnessAbsentError",
    "WitnessAheadError",
    "WitnessRefusedError",
    "ask",
    "best",
    "bring_back",
    "cosigned_size",
    "receipt_pdf",
    "take",
    "trust",
    "witnesses",
    "write_out",
]
