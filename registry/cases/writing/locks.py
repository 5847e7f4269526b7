"""Cases that lock a right, and that take the lock off it again: 查封 by a court's document, 争议 while it is fought over.

The holder keeps the right and its use; what is locked is not disposed of. Nobody is told of a seizure before: what is
announced first could be sold first, and the court serves its document itself.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from registry.cases import dispute_facts
from registry.cases.disputes import CAUSE, OVER, STATES
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
_CLAIMS = ("holder", "boundary", "area", "list", "share", "other")


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


class Disputed:
    """争议登记: `claimant`, what is disputed (`claim`), the `document` by which a mediator, arbitrator or court took it up.

    A claim alone locks nothing, or anybody could lock a neighbour's land: for that there is the objection, which lapses.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Who holds the right is told."""
        said = Said(request)
        said.text("claimant"), said.text("document"), said.word("claim", _CLAIMS)
        said.done()
        people, seen = holders(at, only_one(subject), day)
        return Touched(seen, people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The restriction, and the right's new version that follows it."""
        said = Said(request)
        rights.burden(
            at.act(CAUSE, day, fields),
            only_one(subject),
            restriction_kind="dispute",
            parties={"claimant": said.text("claimant")},
            document=said.text("document"),
        )


class DisputeClosed:
    """争议解除: `ground` is what its file came to (agreed, final, judged, dropped), `document` the paper's number.

    Before the file has an outcome the lock stays; one that was laid without a file is lifted by the paper alone.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Who holds the right is told."""
        said = Said(request)
        ground = said.word("ground", tuple(sorted(OVER)))
        said.text("document")
        said.done()
        lying = standing(at, RESTRICTION, only_one(subject), day)
        if lying.columns["restriction_kind"] != "dispute":
            said.refuse("subject", "不是争议", "it is no dispute")
        of_file = dispute_facts.of_lock(at, lying.thing_id, day)
        if of_file is not None and of_file.state != ground:
            zh, en = STATES[of_file.state]
            said.refuse("ground", f"争议{zh}", f"the dispute: {en}")
        people, seen = holders(at, lying.columns["right_id"], day)
        return Touched(seen | seen_of(at, (RESTRICTION, lying.thing_id)), people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:  # noqa: ARG002  (as every writer takes it)
        """The end of the restriction, and the right's new version that is free of it."""
        rights.unburden(at.act("dispute-closed", day, fields), only_one(subject))
