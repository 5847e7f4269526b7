"""What does a household event look like when it is sent in, and what is told about one that is recorded?

The same document for `POST /v1/household-events` and `sanquan settle FILE.json`. What is sent in is not masked and is
logged nowhere; what is answered is.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal
from unicodedata import normalize

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StringConstraints
from pydantic_core import PydanticCustomError

from api import asked
from api.answers.persons import EventNotFoundError, ledger_facts
from api.officers import at_the_desk
from registry import residence, settlement
from registry import statement as statements
from registry.decisions.guardian import Guardianship
from registry.errors import SanquanError
from registry.ledger.commit import Officer
from registry.particulars import Particulars
from registry.parties import Identity
from registry.residence import ActualResidence, Registration
from registry.settlement import Application, Event
from registry.settlement.wills import check_wills

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.store.engines import Store

_ID = asked.FIELDS["person"].form.pattern


def _plain(value: str) -> str:
    if re.search(r"[\x00-\x1f\x7f]", value):
        raise PydanticCustomError("control_characters", "control characters")
    return normalize("NFC", value)


def _day(value: str) -> str:
    try:
        return asked.day(value)
    except asked.InputError as malformed:
        raise PydanticCustomError("no_day", "no day") from malformed


Words = Annotated[str, StringConstraints(max_length=200), AfterValidator(_plain)]
Day = Annotated[str, StringConstraints(max_length=10), AfterValidator(_day), Field(examples=["2017-05-08"])]
PersonId = Annotated[str, StringConstraints(pattern=f"^{_ID}$"), Field(examples=[asked.FIELDS["person"].example])]
PersonOrNew = Annotated[str, StringConstraints(pattern=f"^(?:{_ID}|new:[0-9]{{1,2}})$"), Field(examples=["new:0"])]
Division = Annotated[str, StringConstraints(pattern="^[0-9]{6,12}$"), Field(examples=["150626100010"])]
Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class KeyReusedError(SanquanError):
    """Raised when an Idempotency-Key comes again with another event than the one that it recorded."""

    def __init__(self, idx: int) -> None:
        """Where the first one stands."""
        super().__init__(
            f"这个 Idempotency-Key 已经用在账本第 {idx} 条的另一件事上: 换一个键, 什么都没有记",
            f"this Idempotency-Key recorded another event, entry {idx}: use a new key; nothing was recorded",
        )
        self.idx = idx


class NewcomerError(SanquanError):
    """Raised when a registration names a newcomer whom the event does not bring."""

    def __init__(self) -> None:
        """Say how newcomers are counted."""
        super().__init__(
            "registrations 里的 new:N 要对应 newcomers 的第 N 人, 从 0 数起",
            "new:N in registrations stands for the N-th of newcomers, counted from 0",
        )


class NamedTwiceError(SanquanError):
    """Raised when an event says twice where one person is registered, or lives."""

    def __init__(self) -> None:
        """Nobody is repeated."""
        super().__init__(
            "registrations 和 residences 里一个人各只写一次",
            "registrations and residences name each person once",
        )


class Strict(BaseModel):
    """What is sent in has no field that is not asked for."""

    model_config = ConfigDict(extra="forbid")


class OfficerIn(Strict):
    """Who records it; committed with the event, not public."""

    name: Words = Field(min_length=1)
    bureau: Words = Field(default="公安局", min_length=1)

    def officer(self) -> Officer:
        """Who it is: who signed in, where somebody did."""
        return at_the_desk(self.name, self.bureau)


class IdentityIn(Strict):
    """Who somebody is. `id_type` and `sex` are codes of NY/T 2539 (1: resident identity card; 1 male, 2 female)."""

    name: Words = Field(min_length=1)
    id_number: Words = Field(min_length=1, max_length=40)
    id_type: Words = "1"
    sex: Literal["", "1", "2"] = ""


class RegistrationIn(Strict):
    """Where a person is registered from a day on; `relation` is GB/T 4761."""

    person: PersonOrNew
    valid_from: Day
    hukou_household: Words
    relation: Words = ""
    division_code: Division
    division_name: Words
    address: Words
    registration_type: Words = "居民"
    former_type: Words = ""
    status: Literal["registered", "cancelled"] = "registered"


class PermitIn(Strict):
    """A state of a residence permit."""

    status: Literal["issued", "endorsed", "suspended", "lapsed"]
    division_code: Division


class ResidenceIn(Strict):
    """Where somebody really lives from a day on: neither where they are registered nor whose member they are (II.2.3)."""

    person: PersonOrNew
    valid_from: Day
    division_code: Division
    address: Words


class ParticularsIn(Strict):
    """What the desk states of a person: codes of GB/T 3304 (民族) and GB/T 4658 (文化程度); left out where it is not known."""

    nationality: Annotated[str, StringConstraints(max_length=2), Field(examples=["02"])] = ""
    education: Annotated[str, StringConstraints(max_length=2), Field(examples=["71"])] = ""

    def said(self) -> Particulars:
        """As the register takes it. UnknownParticularError."""
        return Particulars(self.nationality, self.education)


class GuardianIn(Strict):
    """For an adult for whom a guardian signs: what the court's decision says, and the hash of it."""

    court_decision: Hash | Literal[""] = ""
    names_signer: StrictBool | None = None
    in_force_from: Day | None = None
    restored_on: Day | None = None

    def said(self) -> Guardianship:
        """As the decision takes it."""
        days = [None if day is None else dt.date.fromisoformat(day) for day in (self.in_force_from, self.restored_on)]
        return Guardianship(self.names_signer, *days)


class SignedIn(Strict):
    """A signed application: the hash of the paper and who signed it (a guardian for somebody under age, or named by a court)."""

    paper: Hash
    signed_by: PersonOrNew
    guardian: GuardianIn | None = None

    def of(self, person: str) -> Application:
        """As the register takes it, of this person."""
        if self.guardian is None:
            return Application(person, self.paper, self.signed_by)
        return Application(person, self.paper, self.signed_by, self.guardian.said(), self.guardian.court_decision)


class OwnApplicationIn(SignedIn):
    """Somebody's own signed application."""

    person: PersonOrNew


class HouseholdEventIn(Strict):
    """A household event to record: its kind is one of class H; it can change no right."""

    kind: Words = Field(examples=["settled-in-banner"])
    day: Day
    officer: OfficerIn
    people: list[PersonId] = Field(default_factory=list, max_length=100)
    registrations: list[RegistrationIn] = Field(default_factory=list, max_length=100)
    permits: dict[PersonId, PermitIn] = Field(default_factory=dict, max_length=100)
    identities: dict[PersonId, IdentityIn] = Field(default_factory=dict, max_length=100)
    newcomers: list[IdentityIn] = Field(default_factory=list, max_length=100)
    basis: Words = ""
    evidence: list[Hash] = Field(default_factory=list, max_length=100)
    cancels: int | None = Field(default=None, ge=0, le=asked.LARGEST_INDEX)
    residences: list[ResidenceIn] = Field(default_factory=list, max_length=100)
    applications: list[OwnApplicationIn] = Field(default_factory=list, max_length=100)
    particulars: dict[PersonOrNew, ParticularsIn] = Field(default_factory=dict, max_length=100)

    def event(self, key: str) -> Event:
        """The event as the register takes it; NewcomerError, NamedTwiceError, UnknownParticularError."""
        placed = [[row.person for row in rows] for rows in (self.registrations, self.residences)]
        if any(len(set(people)) != len(people) for people in placed):
            raise NamedTwiceError
        named = [person for people in placed for person in people]
        named += [who for a in self.applications for who in (a.person, a.signed_by)] + list(self.particulars)
        if any(who.startswith("new:") and int(who[4:]) >= len(self.newcomers) for who in named):
            raise NewcomerError
        return Event(
            kind=self.kind,
            day=self.day,
            people=tuple(dict.fromkeys(self.people)),
            registrations=tuple(_registration(row) for row in self.registrations),
            permits={person: (p.status, p.division_code) for person, p in self.permits.items()},
            identities={person: _identity(who) for person, who in self.identities.items()},
            newcomers=tuple(_identity(who) for who in self.newcomers),
            basis=self.basis,
            evidence=tuple(self.evidence),
            cancels=self.cancels,
            key=key,
            residences=tuple(
                ActualResidence(row.person, row.valid_from, row.division_code, row.address) for row in self.residences
            ),
            applications=tuple(a.of(a.person) for a in self.applications),
            particulars={person: stated.said() for person, stated in self.particulars.items()},
        )


def record(store: Store, sent: HouseholdEventIn, key: str = "") -> dict[str, Any]:
    """Record the event, once however often it is sent.

    Raises UnknownEventError, UnknownPersonError, NotCancellableError, NewcomerError, NamedTwiceError, UnknownParticularError,
    KeyReusedError, and as `settlement.wills` does: whom the event moves by their will has applied for themself.
    """
    event = sent.event(key)
    with store.reading() as connection:
        check_wills(connection, store.vault, event)
    who = sent.officer.officer()
    done = settlement.record(store, event, who.name, who.bureau)
    with store.reading() as connection:
        stands = residence.event_at(connection, done.idx)
        if stands is None or (stands.kind, stands.event_day) != (sent.kind, sent.day):
            raise KeyReusedError(done.idx)
    return {"idx": done.idx, "repeated": done.repeated, "newcomers": list(done.newcomers)}


def event(store: Store, connection: Connection, idx: int, at: Moment) -> dict[str, Any]:
    """One recorded event with the ids of its people; EventNotFoundError."""
    found = residence.event_at(connection, idx, at.known_at)
    if found is None:
        raise EventNotFoundError
    return {
        **statements.event_facts(found),
        "cancels": found.cancels_idx,
        "people": residence.people_of(connection, idx),
        "ledger": ledger_facts(store, connection, at),
    }


def _registration(row: RegistrationIn) -> Registration:
    return Registration(
        person_id=row.person,
        valid_from=row.valid_from,
        hukou_household=row.hukou_household,
        relation=row.relation,
        division_code=row.division_code,
        division_name=row.division_name,
        address=row.address,
        registration_type=row.registration_type,
        former_type=row.former_type,
        status=row.status,
    )


def _identity(who: IdentityIn) -> Identity:
    return Identity(who.name, who.id_number, who.id_type, who.sex)
