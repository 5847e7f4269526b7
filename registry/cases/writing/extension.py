"""延包 of one village and one kind of land: which households are its rows, and what is written for each?

The rows are read from the register at every step: every household of the collective with a contract on that land whose own
term ends by a day. What the village hands in can add a difference to a row and can take none away. Each contract goes on from
the day after its old end, same holders, same parcels (law C9, EXT-1), by an act of its own; extended, it is no row any more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry import parties
from registry.cases.rows import Contract, Difference, Row
from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.writer import looking
from registry.decisions.land.contracts import EXTENSION, term_after
from registry.holding import acts as holdings
from registry.holding.model import HOLDING, HOLDING_VERSION
from registry.holding.read import members
from registry.law import causes
from registry.law.book import book
from registry.law.parameters import terms
from registry.ledger.allowed import EVERYTHING
from registry.ledger.chain import read_chains, timeline
from registry.rights import acts as rights
from registry.rights.model import RIGHT, RIGHT_VERSION
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.cases.rows import Why
    from registry.ledger.act import ActFields
    from registry.ledger.allowed import May
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version
    from registry.parties import Identity
    from registry.store.keys import Vault

LANDS = ("contract-arable", "contract-grass", "contract-forest")
ARABLE = "contract-arable"
MOST_HOUSEHOLDS = 2_000
_ISSUER, _AHEAD_YEARS = 14, 3
_MARK = 16
NOBODY_LEFT = (
    "户里没有在世的人: 不延包, 先人工审核 (户消亡另走案件)",
    "nobody of the household is alive: not extended, a person reviews it (extinct, a case of its own)",
)
NO_END = ("合同没有写到哪天: 先更正登记", "the contract names no last day: have the record corrected first")
BEGAN_LATER = ("新期限开始以后才有登记: 先更正登记", "registered from a day after the new term begins: correct the record first")
_COME, _GONE = frozenset({"member-added", "omission-corrected", "restored"}), frozenset({"member-deceased"})

_LISTS = Question(
    sa.select(HOLDING_VERSION.c.thing_id).where(HOLDING_VERSION.c.issuer_id == sa.bindparam("issuer")).distinct()
)
_HELD = Question(
    sa.select(RIGHT_VERSION.c.thing_id)
    .where(among(RIGHT_VERSION.c.holding_id, "holdings"), RIGHT_VERSION.c.thing == sa.bindparam("land"))
    .distinct()
)
_CODES_WITH_LAND = Question(
    sa.select(HOLDING_VERSION.c.code).where(
        HOLDING_VERSION.c.issuer_id == sa.bindparam("issuer"),
        HOLDING_VERSION.c.thing_id.in_(
            sa.select(RIGHT_VERSION.c.holding_id).where(RIGHT_VERSION.c.thing == sa.bindparam("land"))
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a case asks for. `roster`: what the village handed in, marks of people and 亩 by contract code, by household code."""

    collective: str
    issuer: str
    land: str
    until: str
    years: int
    roster: Mapping[str, tuple[frozenset[str], Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Household:
    """A household with contracts that end by the day: its list's newest version, the contracts, and all codes that it ever had.

    `since`: the day from which the register has all of these contracts.
    """

    holding: Version
    contracts: tuple[Version, ...]
    since: str
    codes: frozenset[str]


class Extension:
    """延包: `collective` (14 digits), `land`, `until`, `roster`; for grass and forest `years`; for arable land the law says."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everybody of every row is told; nobody's will is asked for, and none is voted away."""
        asked = self._read(at, request, day)
        households = due(at.connection, asked.issuer, asked.land, asked.until)
        self._refuse_others(at, subject, asked)
        lines = {each.holding.thing_id: members(each.holding) for each in households}
        known = parties.identities(at.connection, at.store.vault, [m.person_id for some in lines.values() for m in some])
        alive = {holding: [m.person_id for m in some if m.alive and m.co_holder] for holding, some in lines.items()}
        minor = holdings.minors(looking(at, "", day), [person for some in alive.values() for person in some])
        rows: list[Row] = []
        met: set[str] = set()
        for each in households:
            holding = each.holding.thing_id
            met |= each.codes
            people = {person: minor[person] for person in alive[holding]}
            listed = {m.person_id: marks_of(at.store.vault, known.get(m.person_id)) for m in lines[holding]}
            told = [asked.roster[code] for code in sorted(each.codes & asked.roster.keys())]
            never = () if people else (NOBODY_LEFT,)
            lacks = self._lacks(each, asked)
            rows.append(
                Row(
                    holding,
                    each.holding.columns["code"],
                    people,
                    max(version.cause_idx for version in (each.holding, *each.contracts)),
                    () if lacks else tuple(self._contract(right, asked) for right in each.contracts),
                    tuple(differences(each, asked.land, listed, people, told)),
                    lacks,
                    never,
                )
            )
        everyone = {person: is_minor for row in rows for person, is_minor in row.people.items()}
        strangers = tuple(sorted(asked.roster.keys() - met - _codes_with_land(at, asked)))
        return Touched(people=everyone, rows=tuple(rows), strangers=strangers)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """Each contract of each row that is ready goes on for its new term: one act each, the last day is the contract's own."""
        asked = self._read(at, request, day)
        for each in due(at.connection, asked.issuer, asked.land, asked.until):
            if each.holding.thing_id not in subject:
                continue
            for right in each.contracts:
                term = self._contract(right, asked)
                act = at.act("extended", term.begins, fields)
                rights.change(
                    act, right.thing_id, term_start=term.begins, term_end=term.ends, extension=f"延包{asked.years}年"
                )

    def _lacks(self, household: Household, asked: Asked) -> tuple[Why, ...]:
        if any(not right.columns["term_end"] for right in household.contracts):
            return (NO_END,)
        begins = min(self._contract(right, asked).begins for right in household.contracts)
        return (BEGAN_LATER,) if household.since > begins else ()

    def _contract(self, right: Version, asked: Asked) -> Contract:
        row = right.columns
        begins, ends = term_after(dt.date.fromisoformat(row["term_end"]), asked.years)
        return Contract(
            right.thing_id, row["unit_code"], row["term_start"], row["term_end"], begins.isoformat(), ends.isoformat()
        )

    def _read(self, at: Desk, request: Mapping[str, Any], day: str) -> Asked:
        said = Said(request)
        collective, land, until = said.text("collective"), said.word("land", LANDS), said.day("until")
        issuer = parties.organisation_by_code(at.connection, collective) if len(collective) == _ISSUER else None
        if issuer is None:
            said.refuse("collective", "没有这个集体: 用发包方编码 14 位", "no such collective: the 14 digits of its code")
        # A slip of the year would extend what runs for decades yet.
        if int(until[:4]) > int(day[:4]) + _AHEAD_YEARS:
            said.refuse("until", f"最多提前 {_AHEAD_YEARS} 年办", f"at most {_AHEAD_YEARS} years ahead")
        years = _years(said, land, dt.date.fromisoformat(day))
        said.hash("source")
        roster: dict[str, tuple[frozenset[str], Mapping[str, str]]] = {}
        for line in said.rows("roster", MOST_HOUSEHOLDS):
            code = line.text("code")
            if code in roster:
                line.refuse("code", "同一户写了两次", "the same household twice")
            people = frozenset(line.ids("people")) if line.has("people") else frozenset()
            contracts = {}
            for contract in line.rows("contracts") if line.has("contracts") else ():
                contracts[contract.text("code")] = contract.amount("mu", empty=True)
                contract.done()
            line.done()
            roster[code] = (people, contracts)
        said.done()
        return Asked(collective, issuer, land, until, years, roster)

    def _refuse_others(self, at: Desk, subject: Sequence[str], asked: Asked) -> None:
        """The case is about contracts of this village and land, so that each is found with it."""
        chains = read_chains(at.connection, RIGHT, subject)
        held = read_chains(at.connection, HOLDING, {str(chain[-1].columns["holding_id"]) for chain in chains.values()})
        for chain in chains.values():
            of = held.get(str(chain[-1].columns["holding_id"]))
            if of is None or of[-1].columns["issuer_id"] != asked.issuer or chain[-1].thing != asked.land:
                Said({}).refuse("subject", "要是这个村、这种地的承包", "contracts of this village on this kind of land are wanted")


def due(connection: Connection, issuer: str, land: str, until: str) -> list[Household]:
    """The households of a collective with contracts on this land whose term ends by a day, in the order of their codes.

    Settled in town or not is read nowhere. A contract without a last day is one of them: somebody has to look.
    """
    of_issuer = read_chains(connection, HOLDING, [each for (each,) in ask(connection, _LISTS, {"issuer": issuer})])
    held = ask(connection, _HELD, {"holdings": sorted(of_issuer), "land": land})
    found: dict[str, list[Version]] = {}
    since: dict[str, str] = {}
    for chain in read_chains(connection, RIGHT, sorted(each for (each,) in held)).values():
        # The last state: what was extended already begins anew in a stretch to come.
        stretches = timeline(chain)
        last = stretches[-1].version
        holding = str(last.columns["holding_id"])
        if last.status != "ended" and holding in of_issuer and last.columns["term_end"] <= until:
            found.setdefault(holding, []).append(last)
            since[holding] = max(since.get(holding, ""), stretches[0].start)
    households = [
        Household(
            of_issuer[holding][-1],
            tuple(found[holding]),
            since[holding],
            frozenset(str(version.columns["code"]) for version in of_issuer[holding]),
        )
        for holding in found
        if of_issuer[holding][-1].columns["issuer_id"] == issuer
    ]
    return sorted(households, key=lambda each: (each.holding.columns["code"], each.holding.thing_id))


def differences(
    household: Household,
    land: str,
    listed: Mapping[str, frozenset[str]],
    living: Iterable[str],
    told: Sequence[tuple[frozenset[str], Mapping[str, str]]],
) -> list[Difference]:
    """Where the roster (the entries of this household on it) is not what the register says.

    `listed`: the marks of everybody on the list, `living` those who hold with the others. Nobody is named.
    """
    ends = _ending(land)
    if not told:
        return [Difference("missing", "名册上没有这户", "the roster has no such household", ends, waits=True)]
    marks = frozenset[str]().union(*(people for people, _ in told))
    areas = {code: mu for _, contracts in told for code, mu in contracts.items()}
    lists = _changing(holdings.MAY, "holding", "holding_member")
    found = [
        Difference(f"person-missing-{person}", f"名册上少了一个人 {person}", f"the roster lacks {person}", lists - _COME)
        for person in living
        if not listed[person] & marks
    ]
    found += [
        Difference(f"person-more-{mark}", "名册上多了一个人", "the roster has a person more", lists - _GONE)
        for mark in sorted(marks - frozenset[str]().union(*listed.values()))
    ]
    held = {right.columns["unit_code"]: right for right in household.contracts}
    for code, right in held.items():
        registered = sum((Decimal(line["contract_area_mu"] or "0") for line in right.children["right_parcel"]), Decimal(0))
        if code not in areas:
            zh, en = f"名册上没有合同 {code}", f"the roster lacks contract {code}"
            found.append(Difference(f"contract-missing-{right.thing_id}", zh, en, ends, waits=True))
        elif areas[code] and Decimal(areas[code]) != registered:
            zh = f"合同 {code} 登记 {registered} 亩, 名册 {areas[code]} 亩"
            en = f"contract {code}: {registered} mu registered, {areas[code]} on the roster"
            area = _changing(rights.MAY, land, "right_parcel")
            found.append(Difference(f"area-{right.thing_id}", zh, en, area))
    return found


def mark_of(vault: Vault, name: str, number: str) -> str:
    """By what a line of a roster is found again without saying who it is: the number, or the name where there is none."""
    number = number.strip().upper()
    told = parties.candidate_number(number) or number
    return (vault.blind("number", told) if told else vault.blind("name", name.strip()))[:_MARK].hex()


def marks_of(vault: Vault, who: Identity | None) -> frozenset[str]:
    """The marks under which a person of the register can stand on a roster."""
    if who is None:
        return frozenset()
    return frozenset({mark_of(vault, who.name, who.id_number), mark_of(vault, who.name, "")})


def _years(said: Said, land: str, day: dt.date) -> int:
    """The law's thirty years for arable land; the plan's for the rest, within what the law gives such a contract (C9)."""
    if land == ARABLE:
        return book().whole(EXTENSION, "extension_years", day)
    years = said.whole("years")
    term = next(term for term in terms() if term.thing == land and term.holds_on(day))
    if not term.min_years <= years <= term.max_years:
        said.refuse("years", f"{term.min_years} 到 {term.max_years} 年", f"{term.min_years} to {term.max_years} years")
    return years


@lru_cache(maxsize=8)
def _lawful(thing: str) -> frozenset[str]:
    """The kinds of the closed list for acts on such a thing itself. No household event is among them."""
    return frozenset(cause.kind for cause in causes.lawful_causes() if cause.thing == thing and cause.effect == "own")


@lru_cache(maxsize=8)
def _ending(land: str) -> frozenset[str]:
    """The kinds that may end a contract on such land."""
    return frozenset(kind for kind, each in rights.MAY.items() if each.ends and kind in _lawful(land))


def _changing(may: Mapping[str, May], thing: str, field: str) -> frozenset[str]:
    """The kinds that may change a field of such a thing."""
    return frozenset(kind for kind, each in may.items() if kind in _lawful(thing) and each.fields & {field, *EVERYTHING})


def _codes_with_land(at: Desk, asked: Asked) -> frozenset[str]:
    """Codes of households of the collective with any contract on this land, ended ones too: no strangers."""
    rows = ask(at.connection, _CODES_WITH_LAND, {"issuer": asked.issuer, "land": asked.land})
    return frozenset(code for (code,) in rows)
