"""Cases that lock a right by a court's document, and that take the lock off it again: 查封, 解封.

The holder keeps the right and its use; what is locked is not disposed of. Nobody is told before: what is announced first
could be sold first, and the court serves its document itself.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.writer import burdens_on, holders, only_one, seen_of, standing
from registry.decisions.facts import months_after
from registry.law.book import book
from registry.restrictions.model import RESTRICTION
from registry.rights import acts as rights
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk

_LONGEST = "REG/seizure"
_GROUNDS = ("ordered", "expired")


class Seized:
    """查封: `court`, the `document`'s number, `until` (its last day, at most as long as REG/seizure says).

    A seizure of what is seized already waits behind it (轮候查封): its `rank` says in which place.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Who holds the right has a stake."""
        self._read(request, day)
        people, seen = holders(at, only_one(subject), day)
        return Touched(seen, people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The restriction, and the right's new version that follows it."""
        right = standing(at, RIGHT, only_one(subject), day)
        court, document, until = self._read(request, day)
        before = [sort for sort in burdens_on(at, right, day).values() if sort == "seizure"]
        rights.burden(
            at.act("seized", day, fields),
            right.thing_id,
            restriction_kind="seizure",
            parties={"court": court},
            document=document,
            rank=len(before) + 1,
            until=until,
        )

    def _read(self, request: Mapping[str, Any], day: str) -> tuple[str, str, str]:
        said = Said(request)
        court, document, until = said.text("court"), said.text("document"), said.day("until")
        said.done()
        today = dt.date.fromisoformat(day)
        latest = months_after(today, 12 * book().whole(_LONGEST, "seizure_years", today)).isoformat()
        if not day <= until <= latest:
            said.refuse("until", f"要在今天到 {latest} 之间", f"a day from today to {latest} is wanted")
        return court, document, until


class SeizureLifted:
    """解封: `ground` is ordered (by the court's `document`) or expired (its last day has passed, by the document that says so)."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Who holds the right has a stake."""
        said = Said(request)
        ground = said.word("ground", _GROUNDS)
        said.text("document")
        said.done()
        lying = standing(at, RESTRICTION, only_one(subject), day)
        if lying.columns["restriction_kind"] != "seizure":
            said.refuse("subject", "不是查封", "it is no seizure")
        if ground == "expired" and not "" < lying.columns["until"] < day:
            said.refuse("ground", "查封还没有到期", "the seizure has not run out")
        people, seen = holders(at, lying.columns["right_id"], day)
        return Touched(seen | seen_of(at, (RESTRICTION, lying.thing_id)), people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:  # noqa: ARG002  (as every writer takes it)
        """The end of the restriction, and the right's new version that is free of it; another seizure stays."""
        rights.unburden(at.act("seizure-lifted", day, fields), only_one(subject))
