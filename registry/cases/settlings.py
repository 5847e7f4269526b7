"""On which days did somebody settle in a town? Asked only where something is given up, to stop or review it (I19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry import residence
from registry.cases.refusals import SaidMalformedError
from registry.china import day_of
from registry.law.deciding import keeps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.ledger.commit import Desk

_SETTLEMENTS = ("settled-in-banner", "settled-from-outside", "collective-household-joined")


def settled_on(at: Desk, person: str) -> set[str]:
    """The days on which somebody settled in a town, or had it recorded; a cancelled event counts: its day was that day."""
    events = [event for event in residence.events_of(at.connection, person) if event.kind in _SETTLEMENTS]
    return {event.event_day for event in events} | {day_of(event.recorded_at).isoformat() for event in events}


def who_signs(will: Mapping[str, Any]) -> set[str]:
    """The person of a will, and the guardian who signed it."""
    return {will["person"], will.get("guardian", "")} - {""}


@keeps("EXIT/E4")
def refuse_beside_settling(at: Desk, will: Mapping[str, Any], day: str) -> None:
    """9.3: nobody signs an exit on the day of a settlement of theirs: the two are never one matter at one desk."""
    if day in {on for person in who_signs(will) for on in settled_on(at, person)}:
        zh, en = "落户当天不签退出: 落户不需要退, 改天再来", "no exit is signed on the day of a settlement, which asks for none"
        raise SaidMalformedError("person", zh, en)
