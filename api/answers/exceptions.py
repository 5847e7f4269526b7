"""Which explanations of faults wait for the bureau, and how is one approved or refused: to service and command alike?

Reason and signer can name people: no answer holds them. `sanquan exception show` does, on the register's own machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from api.answers.deliveries import VillageCode
from api.answers.events import Hash, OfficerIn, Strict, Words
from registry.delivery import decisions
from registry.ledger.commit import Officer

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.delivery.decisions import Explanation
    from registry.store.engines import Store

Answer = dict[str, Any]
State = Literal["waiting", "approved", "refused"]
_TOLD = ("id", "village", "fault", "layer", "code", "photo", "paper", "day", "kept_at", "state")


class DecisionIn(Strict):
    """What the bureau decides of one explanation. The reason of a refusal stands on the return sheet."""

    exception: Hash
    approved: bool
    reason: Words = Field(examples=["照片看不出围栏"])
    officer: OfficerIn


class Wanted(Strict):
    """Which explanations are asked for."""

    village: VillageCode | None = None
    state: State | None = None


def exceptions(store: Store, connection: Connection, wanted: Wanted) -> Answer:
    """Explanations in the order in which they came, by village and state where these are given."""
    found = [
        one
        for one in decisions.explanations(store, connection)
        if wanted.village in {None, one.village} and wanted.state in {None, one.state}
    ]
    return {"exceptions": [_told(one) for one in found]}


def decide(store: Store, sent: DecisionIn) -> Answer:
    """Approve or refuse. `ExplanationNotFoundError`, `AlreadyDecidedError`, `DecisionReasonError`."""
    who = Officer(sent.officer.name, sent.officer.bureau)
    return _told(decisions.decide(store, who, sent.exception, approved=sent.approved, reason=sent.reason))


def _told(one: Explanation) -> Answer:
    decided = one.decision
    decision = None if decided is None else {"at": decided.at, "bureau": decided.bureau, "reason": decided.reason}
    return {name: getattr(one, name) for name in _TOLD} | {"decision": decision}
