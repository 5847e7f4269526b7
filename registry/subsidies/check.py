"""How does a subsidy list compare with the register: last year, this year, and why it differs?

Lines are added up by beneficiary, policy, basis and unit. *Last year* is the latest earlier policy year that the register has
of such an entitlement, *registered* the list's own year. A difference is explained only by an act on the entitlement itself
that leads to the listed figure; acts on land or household since are shown as possible reasons; nothing else is a reason.
What is paid per head is one line for one person: a list that pays two rows of somebody is a list with another figure.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from registry import china, masks, parties
from registry.benefits.model import BENEFIT, BENEFIT_VERSION
from registry.delivery.parts import BASES
from registry.holding.model import HOLDING_VERSION
from registry.ledger.chain import read_chains
from registry.ledger.read import size
from registry.parties import ORGANISATION
from registry.store.among import among
from registry.store.asking import Question, ask
from registry.subsidies.beneficiaries import places_of
from registry.subsidies.model import Line, SubsidyCheck, added
from registry.subsidies.per_head import Key, of_person, standing
from registry.subsidies.read import read_list
from registry.subsidies.reasons import acts_beside, reason_of, since

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.delivery.frames import Frame
    from registry.ledger.nouns import Version
    from registry.store.engines import Store
    from registry.subsidies.model import Reason, State
    from registry.subsidies.per_head import OnePerson

_PERSON = "个人"
_BASIS = dict(zip(("parcel", "herd", "household", "person"), BASES, strict=True))
_HOLDINGS = Question(
    sa.select(HOLDING_VERSION.c.code, HOLDING_VERSION.c.thing_id).where(among(HOLDING_VERSION.c.code, "codes")).distinct()
)
_PARTIES = Question(sa.select(ORGANISATION.c.code, ORGANISATION.c.party_id).where(among(ORGANISATION.c.code, "codes")).distinct())
_BENEFITS = Question(
    sa.select(BENEFIT_VERSION.c.thing_id).where(among(BENEFIT_VERSION.c.policy, "policies")).distinct().order_by("thing_id")
)


@dataclass(slots=True)
class _Asked:
    """What the list says under one key."""

    issuer: str
    who: str
    quantities: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Entitled:
    """What the register has under one key: the latest version of each policy year, and ends, by thing."""

    years: dict[str, list[Version]] = field(default_factory=lambda: defaultdict(list))
    ends: list[Version] = field(default_factory=list)

    def quantity(self, year: str | None) -> str | None:
        """All of a year, added up."""
        return added([str(version.columns["quantity"]) for version in self.years.get(year or "", ())])

    def before(self, year: str) -> str | None:
        """The latest earlier year."""
        return max((each for each in self.years if each < year), default=None)


def check_list(store: Store, path: Path, one_person: OnePerson) -> SubsidyCheck:
    """Check a list (csv, xlsx); writes nothing. HukouColumnError, ListRefusedError."""
    today = china.today(store)
    year, frame = read_list(path, store.settings.banner_code, today)
    with store.reading() as connection:
        known_at = size(connection)
        persons = one_person(connection, valid_at=f"{year}-12-31", known_at=known_at)
        asked = _asked(store, connection, frame)
        entitled = _entitled(connection, sorted(set(frame.values("政策"))))
        asked, entitled = _once(persons, asked, entitled)
        places = places_of(store, connection, {key.beneficiary for key in entitled})
        issuers = set(frame.values("发包方编码"))
        for key in entitled:
            issuer, who = places.get(key.beneficiary, ("", ""))
            if issuer in issuers:
                asked.setdefault(key, _Asked(issuer, who))
        beside = acts_beside(connection, {key.beneficiary for key in asked if not key.beneficiary.startswith("?")})
        lines = [
            _line(key, one, entitled.get(key, _Entitled()), beside.get(key.beneficiary, []), year)
            for key, one in asked.items()
        ]
    told = [line for line in lines if line is not None]
    told.sort(key=lambda line: (line.issuer, line.who, line.policy, line.unit))
    return SubsidyCheck(year, path.name, known_at, told)


def _asked(store: Store, connection: Connection, frame: Frame) -> dict[Key, _Asked]:
    """The list's rows by whom they are for; whom the register does not know stands under "?" and its code."""
    columns = ("发包方编码", "政策", "计发依据", "承包方编码", "姓名", "证件号码", "计发数量", "计发单位")
    codes = sorted(set(frame.values("承包方编码")) - {""})
    named = {"codes": codes}
    known: dict[str, str] = dict((*ask(connection, _PARTIES, named), *ask(connection, _HOLDINGS, named)))
    people: dict[tuple[str, str], str | None] = {}
    found: dict[Key, _Asked] = {}
    for row, cells in zip(frame.row.tolist(), zip(*(frame.values(name) for name in columns), strict=True), strict=True):
        issuer, policy, basis, code, name, number, quantity, unit = cells
        if basis == _PERSON or code not in known:
            person = (number.upper(), name)
            if number and person not in people:
                people[person] = _person(store, connection, *person)
            beneficiary = people.get(person)
            who = masks.in_a_line(name, number) if basis == _PERSON else code
        else:
            beneficiary, who = known[code], code
        key = Key(beneficiary or f"?{code or number}", policy, basis, unit)
        one = found.setdefault(key, _Asked(issuer, who))
        one.quantities.append(quantity)
        one.rows.append(row)
    return found


def _person(store: Store, connection: Connection, number: str, name: str) -> str | None:
    """The person of this number and name; a number alone names nobody where two people have it."""
    ids = parties.find_by_number(connection, store.vault, number)
    who = parties.identities(connection, store.vault, ids)
    return next((each for each in ids if who[each].name == name), None)


def _entitled(connection: Connection, policies: list[str]) -> dict[Key, _Entitled]:
    found: dict[Key, _Entitled] = {}
    ids = [thing for (thing,) in ask(connection, _BENEFITS, {"policies": policies})]
    for chain in read_chains(connection, BENEFIT, ids).values():
        columns = chain[-1].columns
        key = Key(columns["beneficiary_id"], columns["policy"], _BASIS[columns["basis"]], columns["unit"])
        one = found.setdefault(key, _Entitled())
        for year, version in {v.columns["policy_year"]: v for v in chain if v.status != "ended"}.items():
            one.years[year].append(version)
        if chain[-1].status == "ended":
            one.ends.append(chain[-1])
    return found


def _once(
    persons: dict[str, str], asked: dict[Key, _Asked], entitled: dict[Key, _Entitled]
) -> tuple[dict[Key, _Asked], dict[Key, _Entitled]]:
    """What is paid per head, once for one person: the rows of a list add up, of the register's entitlements one stands."""
    years = {key: "" if one.ends else max(one.years) for key, one in entitled.items() if key.basis == _PERSON}
    stands = standing(persons, years)
    told: dict[Key, _Asked] = {}
    for key, one in asked.items():
        person = of_person(persons, key) if key.basis == _PERSON else key
        under = told.setdefault(stands.get(person, person), _Asked(one.issuer, one.who))
        under.quantities += one.quantities
        under.rows = sorted(under.rows + one.rows)
    return told, {key: one for key, one in entitled.items() if key not in years or key in stands.values()}


class _Said(NamedTuple):
    """The quantities of the latest earlier year, of the list's year in the register, and of the list."""

    last_year: str | None
    last: str | None
    registered: str | None
    listed: str | None


def _line(key: Key, asked: _Asked, entitled: _Entitled, beside: list[Version], year: str) -> Line | None:
    last_year = entitled.before(year)
    said = _Said(last_year, entitled.quantity(last_year), entitled.quantity(year), added(asked.quantities))
    if said.listed is None and said.registered is None and _long_over(entitled, last_year, year):
        return None
    known = not key.beneficiary.startswith("?")
    state, reasons = _judged(entitled, beside, said, year) if known else ("unknown", [])
    return Line(asked.issuer, asked.who, key.policy, key.basis, key.unit, *said, asked.rows, state, reasons)


def _long_over(entitled: _Entitled, last_year: str | None, year: str) -> bool:
    """Whether it ended before the list's year and was not there the year before: nobody expects it any more."""
    if last_year is None or last_year >= str(int(year) - 1):
        return last_year is None
    return bool(entitled.ends) and all(end.act_day[:4] < year for end in entitled.ends)


def _judged(entitled: _Entitled, beside: list[Version], said: _Said, year: str) -> tuple[State, list[Reason]]:
    own = [reason_of(version) for version in (*entitled.years.get(year, ()), *entitled.ends)]
    ended = said.registered is None and bool(entitled.ends)
    if said.listed is None:
        return ("explained", own) if ended else ("left-out", [])
    if ended or (said.registered is not None and not _equal(said.registered, said.listed)):
        return "contradicts", own
    if said.last is not None and _equal(said.last, said.listed):
        return "same", []
    if said.registered is not None:
        return "explained", own
    possible = [] if said.last is None else since(beside, _known_on(entitled, said.last_year))
    return ("review", possible) if possible else ("unexplained", [])


def _known_on(entitled: _Entitled, last_year: str | None) -> str:
    return min(version.act_day for version in entitled.years[last_year or ""])


def _equal(one: str, other: str) -> bool:
    return Decimal(one) == Decimal(other)
