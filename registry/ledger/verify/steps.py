"""At which step does a certificate fail, and is it then false, or only not to be decided here?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Final

from registry.ledger.verify import note
from registry.ledger.verify.strict import VerifyError

# Beyond the year 9999 no calendar of ours can show a cosignature's time.
_LAST_TIME: Final = 253_402_300_799


class Step(IntEnum):
    """The steps in order; the number is the exit code of `sanquan verify` where that one fails."""

    FORM = 11
    POLICY = 12
    INCLUSION = 13
    LATEST = 14
    ENTRIES = 15
    OPENINGS = 16
    DIGESTS = 17
    STATE = 18
    CHAIN = 19
    CODE = 20


class CertificateError(VerifyError):
    """Raised when a certificate fails at a step.

    `undecided`: not false, but not decidable here (a log that the policy does not name, too few cosignatures).
    """

    def __init__(self, step: Step, zh: str, en: str, *, undecided: bool = False) -> None:
        """Which step, and what is wrong there."""
        super().__init__(zh, en)
        self.step = step
        self.undecided = undecided


def signed_under(checkpoint: bytes, policy: note.Policy) -> note.Witnessed:
    """A checkpoint note under a policy. CertificateError (POLICY), undecided where the policy lacks the log or the quorum."""
    try:
        signed = note.check(checkpoint, policy)
    except VerifyError as failed:
        undecided = isinstance(failed, note.PolicyError)
        raise CertificateError(Step.POLICY, failed.zh, failed.en, undecided=undecided) from failed
    if any(each.time is not None and each.time > _LAST_TIME for each in signed.cosigned):
        raise CertificateError(Step.POLICY, "联署时间不可能", "an impossible time of a cosignature")
    return signed


@contextmanager
def at(step: Step) -> Iterator[None]:
    """Whatever is refused inside is refused at this step."""
    try:
        yield
    except VerifyError as failed:
        raise CertificateError(step, failed.zh, failed.en) from failed
