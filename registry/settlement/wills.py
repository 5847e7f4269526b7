"""Did everybody who is moved apply for themself (plan I.2.2)?

An adult is moved on their own signed application and on no other: no head of household applies for a wife. For somebody
under age a guardian of age signs; for an adult a guardian whom a court has named, on the court's decision. Whoever did not
apply is not moved, and nothing is held against them.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from registry import masks, parties
from registry.decisions.asking import as_shown, papers_asked
from registry.decisions.facts import is_of_age
from registry.decisions.family import FAMILY
from registry.decisions.guardian import Guardianship, sign_as_guardian
from registry.errors import SanquanError
from registry.law.book import book
from registry.law.deciding import decides
from registry.law.id_number import born_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.law.deciding import Decision
    from registry.parties import Identity
    from registry.settlement.event import Application, Event
    from registry.store.keys import Vault

WILLED = frozenset({
    "settled-in-banner", "settled-from-outside", "collective-household-joined", "placed-rural", "return-move", "study-move",
})  # fmt: skip
"""The kinds that the plan ties to a person's own will."""

_OF_COURT = tuple(path for path, _ in papers_asked(Guardianship))
"""The facts that a court's decision shows."""


class AppliedForAnotherError(SanquanError):
    """Raised when somebody signed the application of another adult."""

    def __init__(self, applicant: str, signer: str) -> None:
        """Both names, masked."""
        super().__init__(
            f"{applicant}的申请是{signer}签的: 成年人落户只凭自己签字的申请, 户主、配偶都不能代办"
            "(方案一(二)2)。请本人签字; 法院给本人指定了监护人的, 由监护人签字并交判决书(guardian, court_decision); "
            "什么都没有记",
            f"the application of {applicant} was signed by {signer}: an adult settles on their own signed application "
            "only, no head of household and no spouse applies for them (plan I.2.2). Where a court has named a guardian, the "
            "guardian signs and shows its decision (guardian, court_decision). Nothing was recorded",
        )


class GuardianMissingError(SanquanError):
    """Raised when the application of somebody under age was not signed by a guardian of age."""

    def __init__(self, applicant: str) -> None:
        """The name, masked."""
        super().__init__(
            f"{applicant}还没有成年: 申请要由成年的监护人签字; 什么都没有记",
            f"{applicant} is under age: a guardian of age signs the application. Nothing was recorded",
        )


class GuardianNotShownError(SanquanError):
    """Raised when a guardian signed for an adult and the court's decision does not bear it, or is not there."""

    def __init__(self, applicant: str, decision: Decision) -> None:
        """The name, masked, and why."""
        zh = "".join(reason.zh for reason in decision.reasons if reason.zh)
        needs = "、".join(dict.fromkeys(need for reason in decision.reasons for need in reason.needs))
        super().__init__(
            f"{applicant}的申请是监护人签的: {zh}{f'请补上: {needs}。' if needs else ''}什么都没有记",
            f"the application of {applicant} was signed by a guardian: {' '.join(r.en for r in decision.reasons)} "
            "Nothing was recorded",
        )


class NoApplicationError(SanquanError):
    """Raised when an event would move somebody who did not apply."""

    def __init__(self, applicant: str) -> None:
        """The name, masked."""
        super().__init__(
            f"没有{applicant}自己签字的申请: 没有申请的人不迁。applications 里写上申请书的摘要和签字人; 什么都没有记",
            f"there is no signed application of {applicant}: nobody is moved who did not apply. Put the paper's hash and who "
            "signed it into applications. Nothing was recorded",
        )


@decides("WS-2016/I.2.2")
def check_wills(connection: Connection, vault: Vault, event: Event) -> None:
    """Everybody whom the event moves by their will applied for themself.

    Raises NoApplicationError, AppliedForAnotherError, GuardianMissingError, GuardianNotShownError.
    """
    if event.kind not in WILLED:
        return
    moved = dict.fromkeys([*(row.person_id for row in event.registrations), *event.people])
    who = identities_of(connection, vault, [*moved, *(a.signed_by for a in event.applications)], event.newcomers)
    own = {application.person_id: application for application in event.applications}
    for person in moved:
        if person not in own:
            raise NoApplicationError(_named(who, person))
        check_application(own[person], who, dt.date.fromisoformat(event.day))


def check_application(application: Application, who: dict[str, Identity], day: dt.date) -> None:
    """Whether the right person signed. AppliedForAnotherError, GuardianMissingError, GuardianNotShownError."""
    applicant, signer = application.person_id, application.signed_by
    if of_age(who.get(applicant), day):
        if signer == applicant:
            return
        decision = by_guardian(application, who, day)
        if decision is None:
            raise AppliedForAnotherError(_named(who, applicant), _named(who, signer))
        if decision.result != "eligible":
            raise GuardianNotShownError(_named(who, applicant), decision)
    elif signer == applicant or not of_age(who.get(signer), day):
        raise GuardianMissingError(_named(who, applicant))


def by_guardian(application: Application, who: dict[str, Identity], day: dt.date) -> Decision | None:
    """What is decided of an adult's application that a guardian of age signed; None where that is not what happened."""
    applicant, signer = application.person_id, application.signed_by
    said = application.guardianship
    if said is None or signer == applicant or not of_age(who.get(applicant), day) or not of_age(who.get(signer), day):
        return None
    return sign_as_guardian(as_shown(said, dict.fromkeys(_OF_COURT, application.court_decision)), day)


def of_age(who: Identity | None, day: dt.date) -> bool:
    """Whether somebody is of age; who has no birthday in their number signs for themself."""
    born = None if who is None else born_on(who.id_number)
    return born is None or is_of_age(born, day, book().whole(FAMILY, "adult_age", day))


def identities_of(
    connection: Connection, vault: Vault, people: Iterable[str], newcomers: tuple[Identity, ...]
) -> dict[str, Identity]:
    """Who these people are; "new:0" is the first newcomer."""
    known = parties.identities(connection, vault, [person for person in people if not person.startswith("new:")])
    return known | {f"new:{n}": newcomer for n, newcomer in enumerate(newcomers)}


def _named(who: dict[str, Identity], person: str) -> str:
    return masks.shown("name", who[person].name) if person in who else "*"
