"""Are the papers of a reshaping kept here, and was each will signed by today? A hash alone proves neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import sources, statement
from registry.reshaping.refusals import WillOfLaterError

if TYPE_CHECKING:
    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk


def refuse_unkept(at: Desk, fields: ActFields) -> None:
    """The day of a will is that of its paper, stated when it was kept. Raises SourceMissingError, WillOfLaterError."""
    today = statement.today(at.store)
    for paper in fields.sources:
        sources.describe(at.store, at.connection, paper)
    for will in fields.wills:
        dated = sources.describe(at.store, at.connection, will.source).dated
        if dated > today:
            raise WillOfLaterError(will.person_id, dated)
