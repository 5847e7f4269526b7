"""What does a cosignature of this witness state, and what not? The additional statement tied to its key (tlog-cosignature)."""

from __future__ import annotations

from typing import Final

from registry.ledger.verify.words import SAID

STATEMENT_ZH: Final = SAID["cosigned"][0]
STATEMENT_EN: Final = SAID["cosigned"][1]
