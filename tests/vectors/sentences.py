"""Which sentences must a person find about a verdict, wherever it is read: on paper, in the terminal, on the page `/verify`?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.ledger.verify import saying
from registry.ledger.verify.words import SAID, THINGS, VERDICTS

if TYPE_CHECKING:
    from registry.ledger.verify.certificate import Verdict
    from registry.ledger.verify.words import Words


def sentences_of(verdict: Verdict) -> list[Words]:
    """Chinese and English of each, from the table of registry/ledger/verify/words.py."""
    found = [VERDICTS[verdict.word], SAID["unproved"], SAID["left-out"]]
    found += [] if verdict.signed.cosigned else [SAID["uncosigned"]]
    for thing in verdict.things:
        found += [saying.happened(change) for change in thing.changes]
        if saying.stands_alone(verdict, thing):
            found += [THINGS[thing.thing], VERDICTS[thing.whole]]
            found += [SAID["ended"]] if thing.status == "ended" else []
            found += [SAID["alone"]] if thing.rests_on is None or thing.not_shown else []
    return found


def squeezed(text: str) -> str:
    """Without white space, which paper breaks lines with, and without capitals."""
    return "".join(text.split()).casefold()


def missing(said: str, wanted: list[Words], *, chinese_only: bool = False) -> list[str]:
    """The sentences that a text lacks."""
    found = squeezed(said)
    return [text for words in wanted for text in words[: 1 if chinese_only else 2] if squeezed(text) not in found]
