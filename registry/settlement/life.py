"""What is recorded when a child is born, somebody dies, a couple parts, where people really live, and who is whom?

None of these makes, moves or ends a right. A birth opens a question to the collective about membership and gives no share.
A death cancels the registration; what it does to anything else is in no event but in the law's own acts (`AFTER_DEATH`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from registry import parties, residence
from registry.decisions.asking import QUESTIONS
from registry.decisions.identity import NumberAsked
from registry.errors import SanquanError
from registry.law.deciding import decides
from registry.ledger.status import status_session
from registry.settlement.event import Event
from registry.settlement.known import holds_permit
from registry.settlement.recording import record, record_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.law.deciding import Decision
    from registry.parties import Identity
    from registry.residence import ActualResidence, Registration
    from registry.settlement.event import Recorded
    from registry.store.engines import Store

AFTER_DEATH = (
    ("contract", "承包地: 户里的人接着承包, 承包收益依法继承", "contract land: the household goes on; its income is inherited"),
    ("homestead", "宅基地: 家里人接着用, 房子依法继承", "homestead: it stays with the household; the house is inherited"),
    ("income", "集体的股: 依法继承, 另办(inherited)", "the share: inherited, by an act of its own (inherited)"),
    ("membership", "成员身份: 这个人的终止, 另办(membership-lost)", "membership: this person's ends, by an act of its own"),
    ("benefit", "补贴: 只有按人发的停这个人的", "subsidies: only what is paid per head stops, for that person"),
)
"""Policy-map section 5: what a death does to each thing. Told with the record, and written by none of it."""


class NotDecidedError(SanquanError):
    """Raised when an identity is to be changed and the decision is not in favour. `decision` says why."""

    def __init__(self, decision: Decision) -> None:
        """The first reason."""
        reason = decision.reasons[-1]
        super().__init__(f"{reason.zh} 什么都没有记", f"{reason.en} Nothing was recorded")
        self.decision = decision


@dataclass(frozen=True, slots=True)
class Desk:
    """Who records it: the officer's name and the bureau."""

    officer: str
    bureau: str = "公安局"


def record_birth(
    store: Store,
    child: Identity,
    parents: Sequence[str],
    registered: Registration,
    desk: Desk,
    *,
    kind: str = "birth-registered",
    evidence: tuple[str, ...] = (),
    key: str = "",
) -> Recorded:
    """A newborn (or, with kind adoption-registered, an adopted child) with the registration; each parent's collective is asked."""
    event = Event(
        kind=kind,
        day=registered.valid_from,
        people=tuple(parents),
        registrations=(replace(registered, person_id="new:0"),),
        newcomers=(child,),
        basis="SC-2015-96/categories",
        evidence=evidence,
        key=key,
    )
    return record(store, event, desk.officer, desk.bureau)


def record_death(
    store: Store, person: str, day: str, desk: Desk, *, evidence: tuple[str, ...] = (), key: str = ""
) -> Recorded:
    """The registration is cancelled, and a permit that was held lapses. Nothing that the person held is touched."""
    with status_session(store) as session:
        connection = session.connection
        here = residence.registration_at(connection, store.vault, person, day)
        rows = () if here is None else (replace(here, valid_from=day, status="cancelled", event_idx=-1),)
        division = store.settings.banner_code if here is None else here.division_code
        event = Event(
            kind="hukou-cancelled",
            day=day,
            people=(person,),
            registrations=rows,
            permits={person: ("lapsed", division)} if holds_permit(store, connection, person, day) else {},
            basis="HR-1958/7",
            evidence=evidence,
            key=key,
        )
        done = record_within(session, event, desk.officer, desk.bureau)
        session.connection.commit()
    return done


def record_divorce(
    store: Store,
    couple: tuple[str, str],
    day: str,
    desk: Desk,
    *,
    moved: tuple[Registration, ...] = (),
    evidence: tuple[str, ...] = (),
    key: str = "",
) -> Recorded:
    """The divorce, and where either is registered from then on, if that changes. Land and membership stay (law art. 31)."""
    event = Event("divorce-recorded", day, couple, moved, basis="HR-1958/19", evidence=evidence, key=key)
    return record(store, event, desk.officer, desk.bureau)


@decides("WS-2016/II.2.3-residence", "WS-2016/I.3")
def record_residence(
    store: Store, homes: Sequence[ActualResidence], day: str, desk: Desk, *, evidence: tuple[str, ...] = (), key: str = ""
) -> Recorded:
    """Where people really live (II.2.3): beside the registered address and the village of membership, which both stay."""
    event = Event(
        kind="residence-recorded",
        day=day,
        people=tuple(home.person_id for home in homes),
        residences=tuple(replace(home, valid_from=day) for home in homes),
        basis="WS-2016/II.2.3-residence",
        evidence=evidence,
        key=key,
    )
    return record(store, event, desk.officer, desk.bureau)


def change_number(
    store: Store, person: str, who: Identity, day: str, desk: Desk, *, police_decision: str = "", key: str = ""
) -> tuple[Decision, Recorded]:
    """A 15-digit number upgraded, or a number corrected: the old one stays findable. NotDecidedError.

    Which of the two it is, is told by the number that is known; `police_decision` is the content hash of the paper.
    """
    with status_session(store) as session:
        known = parties.identities(session.connection, store.vault, [person]).get(person)
        old = "" if known is None else known.id_number
        upgrade = parties.candidate_number(old) is not None
        others = set(parties.find_by_number(session.connection, store.vault, who.id_number)) - {person}
        facts = NumberAsked(
            "upgrade" if upgrade else "correct",
            old,
            who.id_number,
            others_with_it=len(others),
            same_name=known is not None and known.name == who.name,
            same_sex=known is not None and (known.sex or who.sex) == who.sex,
            police_decision=True if police_decision else None,
        )
        decision = _in_favour(facts, day)
        event = Event(
            kind="identity-corrected",
            day=day,
            people=(person,),
            identities={person: who},
            basis="WS-2016/II.2.3",
            evidence=(police_decision,) if police_decision else (),
            key=key,
        )
        done = record_within(session, event, desk.officer, desk.bureau)
        session.connection.commit()
    return decision, done


def link_people(
    store: Store, one: str, other: str, day: str, desk: Desk, *, police_decision: str = "", key: str = ""
) -> tuple[Decision, Recorded]:
    """Two rows are one person, by decision of the police alone. NotDecidedError. Both stay, and so do all their numbers."""
    decision = _in_favour(NumberAsked("same-person", police_decision=True if police_decision else None), day)
    event = Event(
        kind="identity-merged",
        day=day,
        people=(one, other),
        same_as=((one, other),),
        basis="WS-2016/II.2.3",
        evidence=(police_decision,),
        key=key,
    )
    return decision, record(store, event, desk.officer, desk.bureau)


def _in_favour(facts: NumberAsked, day: str) -> Decision:
    decision = QUESTIONS["identity-number"].decide(facts, _date(day))
    if decision.result != "eligible":
        raise NotDecidedError(decision)
    return decision


def _date(day: str) -> dt.date:
    return dt.date.fromisoformat(day)
