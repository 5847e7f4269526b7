"""What is a household event that is to be recorded, and how is one refused?

An event sets registrations, permits, identities, where people live and what is stated of them. It has no field for a right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from registry.errors import SanquanError
from registry.law import causes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.decisions.guardian import Guardianship
    from registry.particulars import Particulars
    from registry.parties import Identity
    from registry.residence import ActualResidence, Registration

BIRTHS = ("birth-registered", "adoption-registered")
"""The kinds that bring a child: its parents' collectives are asked about membership."""


class UnknownEventError(SanquanError):
    """Raised when an event's kind is not on the closed list of class H."""

    def __init__(self, kind: str) -> None:
        """The kind that was given."""
        known = "、".join(causes.status_kinds())
        super().__init__(
            f"没有“{kind}”这种户籍事件。只有: {known}", f"{kind} is no household event; the kinds are: {known}"
        )


class UnknownPersonError(SanquanError):
    """Raised when an event names a person who is not in the register."""

    def __init__(self) -> None:
        """Nothing of the person is repeated: the request held it."""
        super().__init__(
            "登记库里没有这个人: 核对编号, 或先登记此人(registered-first)",
            "no such person in the register: check the id, or register the person first (registered-first)",
        )


class NotCancellableError(SanquanError):
    """Raised when a cancellation names no event, or one that was cancelled before."""

    def __init__(self, idx: int | None) -> None:
        """The place in the log that was named."""
        super().__init__(
            f"第 {idx} 条不是可以撤销的户籍事件", f"entry {idx} is no household event that can be cancelled"
        )


@dataclass(frozen=True, slots=True)
class Application:
    """A person's own signed application (plan I.2.2): `paper` is its content hash, `signed_by` who signed it.

    An adult signs for themself; for somebody under 18 a guardian does. For an adult a guardian does whom a court has named:
    `guardianship` is what is said of that, `court_decision` the content hash of the paper that shows it.
    """

    person_id: str
    paper: str
    signed_by: str
    guardianship: Guardianship | None = None
    court_decision: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A household event to record.

    `people` are the ids of those it concerns; `registrations` what they are registered as from then on; `permits` maps a
    person to (status, division code); `identities` to what is now known of them; `newcomers` are people not yet in the
    register (a birth, a first registration), whose registrations name them "new:0", "new:1" … in that order.
    `residences` are where people really live; `particulars` what is stated of somebody (or of a newcomer) from the event's day
    on; `queries` maps a person to the collectives that are asked about their membership; `same_as` are pairs of ids of one
    person. `applications` are who applied; `decided` is what was decided, in plain values. `evidence` are content hashes of
    papers. `key` makes a repeated message the same event; without one it is derived from the whole content.
    """

    kind: str
    day: str
    people: tuple[str, ...] = ()
    registrations: tuple[Registration, ...] = ()
    permits: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    identities: Mapping[str, Identity] = field(default_factory=dict)
    newcomers: tuple[Identity, ...] = ()
    basis: str = ""
    evidence: tuple[str, ...] = ()
    cancels: int | None = None
    key: str = ""
    residences: tuple[ActualResidence, ...] = ()
    queries: tuple[tuple[str, str], ...] = ()
    same_as: tuple[tuple[str, str], ...] = ()
    applications: tuple[Application, ...] = ()
    decided: tuple[Mapping[str, Any], ...] = ()
    particulars: Mapping[str, Particulars] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Only what is no person's: a repr ends in logs."""
        return f"Event({self.kind}, {self.day}, {len(self.people)} people)"


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where the event stands in the log, whether it stood there before, and the ids of newcomers."""

    idx: int
    repeated: bool
    newcomers: tuple[str, ...] = ()
