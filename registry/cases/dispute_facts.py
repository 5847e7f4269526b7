"""What does the register know about a dispute that its file does not say: whether its lock lies, and which file laid it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry import case_files
from registry.case_files import CASE_STEP
from registry.cases.disputes import CAUSE, dispute_of
from registry.ledger.chain import read_chains
from registry.restrictions.model import RESTRICTION, RESTRICTION_VERSION

if TYPE_CHECKING:
    from registry.case_files import Case
    from registry.cases.disputes import Dispute
    from registry.cases.kinds import Kind
    from registry.ledger.commit import Desk


def find(at: Desk, case: Case, kind: Kind, today: str) -> Dispute | None:
    """Where a dispute stands; None for every other kind, and before it was registered."""
    registered = case.last("registered")
    if kind.cause != CAUSE or registered is None:
        return None
    of_act = sa.select(RESTRICTION_VERSION.c.thing_id).where(RESTRICTION_VERSION.c.cause_idx == registered.act_idx)
    lock = at.connection.scalars(of_act).one()
    return dispute_of(case, today, locked=read_chains(at.connection, RESTRICTION, [lock])[lock][-1].status != "ended")


def of_lock(at: Desk, restriction: str, today: str) -> Dispute | None:
    """The dispute whose file laid a restriction; None where it came without a file."""
    first = at.chain(RESTRICTION, restriction)[0].cause_idx
    laid_by = at.connection.scalar(sa.select(CASE_STEP.c.case_id).where(CASE_STEP.c.act_idx == first))
    case = None if laid_by is None else case_files.case_of(at.connection, at.store.vault, laid_by)
    return None if case is None else dispute_of(case, today, locked=True)
