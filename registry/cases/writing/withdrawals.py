"""Cases that take back a delivery which was registered by mistake, village by village: by 更正登记, nothing is deleted.

Everybody who holds what would end is told; who moved on the word of it signs. A village on which something was built since
stays, and is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry import withdrawal
from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.corrections import concerned, noun_of
from registry.cases.writing.writer import everybody, looking
from registry.catalogue import NOUN_OF_THING
from registry.holding import acts as holdings
from registry.holding.model import HOLDING
from registry.ledger.tables import THING
from registry.membership.model import MEMBERSHIP
from registry.rights.model import RIGHT
from registry.store.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from registry.ledger.act import ActFields, Will
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version
    from registry.withdrawal import Plan

_LIES_ON = ("right_id", "subject_id", "beneficiary_id")


class DeliveryWithdrawn:
    """撤回登错的成果: `delivery` by its content hash, one `village` or all, how many things end (`expect`), the `reason`."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Whoever holds what would end; the will of those who moved since is asked for.

        Whatever is registered on it meanwhile stops its village, so another number of things would end than was shown.
        """
        plan, _ = self._plan(at, subject, request, None)
        begun = [chain[0] for chain in plan.chains.values()]
        people = everybody(at, [each for each in begun if each.thing in RIGHT.things], day)
        lines = [line for each in begun if each.thing in HOLDING.things for line in each.children["holding_member"]]
        named = {line["person_id"] for line in lines} | {
            each.columns["person_id"] for each in begun if each.thing in MEMBERSHIP.things
        }
        known, persons = _leaning_on(at, begun)
        for thing_id in known:
            people |= concerned(at, *noun_of(at, thing_id), day)[0]
        died = {line["person_id"] for line in lines if not line["alive"]}
        people |= holdings.minors(looking(at, "", day), sorted((named | persons) - died))
        # As old as on the day of the move: the plan asks for the will of whoever signs for them then.
        moved = {each.person: each.minor for village in plan.going for each in village.moved}
        return Touched(people=people | moved, consents=frozenset(moved))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:  # noqa: ARG002  (as every writer takes it)
        """Act for act, from the last to the first, on the days of those that they take back."""
        plan, reason = self._plan(at, subject, request, fields.wills)
        withdrawal.withdraw(at, plan, reason, fields)

    def _plan(
        self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], wills: Iterable[Will] | None
    ) -> tuple[Plan, str]:
        said = Said(request)
        content_hash, village = said.hash("delivery"), said.text("village", empty=True)
        reason, expect = said.text("reason"), said.whole("expect")
        said.done()
        plan = withdrawal.plan_withdrawal(at, content_hash, village, wills)
        if not set(subject) <= plan.chains.keys():
            said.refuse("subject", "要是这份成果登记的", "what this delivery registered is wanted")
        if not plan.going:
            raise withdrawal.NothingToWithdraw([each.village.code for each in plan.villages])
        if plan.expect != expect:
            raise withdrawal.WithdrawalMovedOn(expect, plan.expect)
        return plan, reason


def _leaning_on(at: Desk, begun: Sequence[Version]) -> tuple[list[str], set[str]]:
    """What was there before and stands, and lost or gained something by the delivery; and people, where a payment is theirs."""
    own = {each.thing_id for each in begun}
    ids = {each.columns[name] for each in begun for name in _LIES_ON if each.columns.get(name)} - own
    words = at.connection.execute(sa.select(THING.c.id, THING.c.thing).where(among(THING.c.id, "ids")), {"ids": sorted(ids)})
    nouns = {row.id: NOUN_OF_THING[row.thing] for row in words}
    standing_now = [thing_id for thing_id, noun in sorted(nouns.items()) if at.chain(noun, thing_id)[-1].status != "ended"]
    return standing_now, ids - nouns.keys()
