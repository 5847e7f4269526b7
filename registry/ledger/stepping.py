"""How is a step of a case appended, and how does it stand in one transaction with the acts that it writes?

A *step* is one C entry: it makes no version. It stands before the acts of its desk, so that whoever reads the log in order
meets the decision first and then what was written by it; where an act is refused, the step goes with it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from registry.ledger.entry import C_COMMITMENTS, c_leaf, canonical, commitment, hour
from registry.ledger.merkle import leaf_hash
from registry.ledger.position import Position, seal_place, second
from registry.ledger.tables import LEDGER_ENTRY, OPENING
from registry.store.bulk import Insert, insert_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from registry.ledger.commit import Desk

STEP_PATHS = ("step.case", "step.desk", "step.n", "step.rows", "step.said", "step.word")
PATHS = (*STEP_PATHS, *(f"step.zz.{n}" for n in range(C_COMMITMENTS - len(STEP_PATHS))))


class ActsBeforeStepError(AssertionError):
    """Raised when a desk has gathered acts already: their places in the log are taken, and the step comes first."""


def moment_of_step(at: Desk) -> str:
    """The second in which a step is taken, in UTC; never before the entry before it."""
    return second(at.position.recorded_at, at.store.clock())


def append_step(at: Desk, values: Mapping[str, Any], recorded_at: str, beside: Iterable[Insert] = ()) -> int:
    """Append one C entry with its openings, then the rows `beside` it; returns its index. `values` gives each of `STEP_PATHS`.

    Every C entry carries the same number of commitments, filled up with null, or their count would tell the step. The desk
    goes on from the new end of the log; the caller commits.
    """
    if at.acts:
        raise ActsBeforeStepError
    end, store = at.position, at.store
    made = [(path, at.randomness.salt(), values.get(path)) for path in PATHS]
    at_hour = hour(end.at, dt.datetime.fromisoformat(recorded_at))
    leaf = c_leaf(at_hour, [commitment(salt, path, value) for path, salt, value in made])
    subject = leaf_hash(leaf)
    columns = ("idx", "cls", "kind", "leaf", "leaf_hash", "recorded_at", "closed_by", "closes")
    row = (end.size, "C", None, leaf.decode(), subject, recorded_at, None, None)
    sealed = [
        (subject, path, salt, store.vault.seal(canonical(value), seal_place(subject, path), at.randomness.nonce()))
        for path, salt, value in made
    ]
    opening = (OPENING, ("subject", "path", "salt", "sealed"), sealed)
    insert_all(at.connection, [(LEDGER_ENTRY, columns, [row]), opening, *beside])
    at.position = Position(end.size + 1, at_hour, recorded_at, end.st)
    return end.size
