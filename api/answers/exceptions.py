"""Which explanations of faults wait for the bureau, and how is one approved or refused: to service and command alike?

Reason and signer can name people: no answer holds them. `sanquan exception show` does, on the register's own machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from api.answers.events import Hash, OfficerIn, Strict, Words
from registry.delivery import decisions

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.delivery.decisions import Explanation
    from registry.store.engines import Store

Answer = dict[str, Any]
_VILLAGE = 12
State = Literal["waiting", "approved", "refused"]
_TOLD = ("id", "village", "fault", "layer", "code", "photo", "paper", "day", "kept_at", "state")


class DecisionIn(Strict):
    """What the bureau decides of one explanation. The reason of a refusal stands on the return sheet."""

    exception: Hash
    approved: bool
    reason: Words = Field(examples=["照片看不出围栏"])
    officer: OfficerIn


def exceptions(store: Store, connection: Connection, village: str | None, state: State | None) -> Answer:
    """Explanations in the order in which they came, by village (a group of 14 digits stands for its own) and state."""
    code = None if village is None else village[:_VILLAGE]
    found = [
        one
        for one in decisions.explanations(store, connection)
        if code in {None, one.village} and state in {None, one.state}
    ]
    return {"exceptions": [_told(one) for one in found]}


def decide(store: Store, sent: DecisionIn) -> Answer:
    """Approve or refuse. `ExplanationNotFoundError`, `AlreadyDecidedError`, `DecisionReasonError`."""
    who = sent.officer.officer()
    return _told(decisions.decide(store, who, sent.exception, approved=sent.approved, reason=sent.reason))


def _told(one: Explanation) -> Answer:
    decided = one.decision
    decision = None if decided is None else {"at": decided.at, "bureau": decided.bureau, "reason": decided.reason}
    return {name: getattr(one, name) for name in _TOLD} | {"decision": decision}
