"""What does a form of a case offer to choose from: the people of the list, the parcels of the contract, who issued it?

Read from the register on the day, for what the case is about. A choice is no rule: whether it fits is for the kind's writer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry import china, masks, parties
from registry.cases.beforehand import looking
from registry.cases.writing.households import held_by
from registry.cases.writing.shares import others_of
from registry.cases.writing.writer import contracted, issuer_of
from registry.catalogue import NOUN_OF_THING, heads, words_of
from registry.holding.model import HOLDING
from registry.holding.read import members, of_person
from registry.law import causes
from registry.membership import read as memberships_read
from registry.parcels import read as parcels_read
from registry.rights import read as rights_read
from registry.rights.compared import head_line, last_compared
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import Connection

    from registry.case_files import Case
    from registry.law.causes import Word
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version
    from registry.store.engines import Store

_CODES = ("unit_code", "code", "document")
_OF_ALL = ("shares-allotted", "shares-requantified", "share-transferred")


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person on the list: the name masked, and the year of birth, by which two of one name are told apart."""

    id: str
    name: str
    born: str


@dataclass(frozen=True, slots=True)
class Line:
    """A parcel under a right, with its contract area (m², 亩) as written."""

    parcel: str
    code: str
    right: str
    right_code: str
    m2: str
    mu: str


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that the case is about: its word, and the code by which people call it; "" where it has none."""

    id: str
    word: Word
    code: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from. `people`: whose it is before the rest of the family; `beside`: what else the household has
    on the register; `issuers`: ids and names of the collectives; `books`: of each right whose book decides, and when it was
    last compared.
    """

    subjects: tuple[Subject, ...] = ()
    beside: tuple[Subject, ...] = ()
    people: tuple[Somebody, ...] = ()
    lines: tuple[Line, ...] = ()
    issuers: tuple[tuple[str, str], ...] = ()
    books: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Found:
    """Ids, in the order in which they were met."""

    holdings: dict[str, None] = field(default_factory=dict)
    rights: dict[str, None] = field(default_factory=dict)
    people: dict[str, None] = field(default_factory=dict)


def choices(store: Store, connection: Connection, subject: Sequence[str], kind: str = "") -> Choices:
    """For a case of a kind about these things; ids that the register does not know give nothing.

    A kind that is about everybody's shares offers everybody of the collective.
    """
    at = looking(store, connection)
    word_of = words_of(connection, subject)
    heads = {thing: at.chain(NOUN_OF_THING[word_of[thing]], thing)[-1] for thing in subject if thing in word_of}
    found = _Found()
    for thing, head in heads.items():
        _meet(at, word_of[thing], head, found)
    for right in found.rights:
        holding = at.chain(RIGHT, right)[-1].columns["holding_id"]
        if holding is not None:
            found.holdings[holding] = None
    lists = [at.chain(HOLDING, holding)[-1] for holding in found.holdings]
    rights = found.rights | dict.fromkeys(right.thing_id for each in found.holdings for right in held_by(at, each))
    people = found.people | dict.fromkeys(line.person_id for head in lists for line in members(head) if line.alive)
    if kind in _OF_ALL:
        people |= _everybody(at, heads.values())
    issuers = dict.fromkeys(str(head.columns["issuer_id"]) for head in lists)
    names = parties.organisations(connection, issuers)
    every = tuple(_lines(at, rights))
    beside = [*lists, *(at.chain(RIGHT, right)[-1] for right in rights)]
    land = causes.thing_words()["parcel"]
    return Choices(
        tuple(map(_subject, heads.values())),
        (
            *(_subject(head) for head in beside if head.thing_id not in heads),
            *(Subject(line.parcel, land, line.code) for line in every if line.parcel not in heads),
        ),
        tuple(_people(store, connection, list(people))),
        tuple(line for line in every if line.right in found.rights),
        tuple((issuer, names[issuer].name) for issuer in issuers if issuer in names),
        _books(at, tuple(found.rights)),
    )


def _meet(at: Desk, word: str, head: Version, found: _Found) -> None:
    """Whose a thing is, and which rights it belongs to."""
    if word == "holding":
        found.holdings[head.thing_id] = None
        found.rights |= dict.fromkeys(right.thing_id for right in held_by(at, head.thing_id))
    elif word == "parcel":
        day, known = china.today(at.store), at.position.size
        lying = rights_read.on_parcel(at.connection, head.thing_id, valid_at=day, known_at=known)
        found.rights |= dict.fromkeys(right for right, _, status in lying if status != "ended")
    elif word == "membership":
        found.people[head.columns["person_id"]] = None
        found.holdings |= dict.fromkeys(of_person(at.connection, head.columns["person_id"]))
    elif word == "restriction":
        found.rights[head.columns["right_id"]] = None
    elif NOUN_OF_THING[word] is RIGHT:
        found.rights[head.thing_id] = None
        if head.columns["party_id"] is not None:
            found.people[head.columns["party_id"]] = None
            found.holdings |= dict.fromkeys(of_person(at.connection, head.columns["party_id"]))


def _everybody(at: Desk, heads: Iterable[Version]) -> dict[str, None]:
    """Every member of the collectives of these shares and memberships, and whoever holds a share beside."""
    day, known = china.today(at.store), at.position.size
    found: dict[str, None] = {}
    for head in heads:
        share = head.thing == "income"
        collective = issuer_of(at, head) if share else str(head.columns["collective_id"])
        members_of_it = memberships_read.members(at.connection, collective, valid_at=day, known_at=known)
        found |= dict.fromkeys(member.person_id for member in members_of_it)
        if share:
            found |= dict.fromkeys([str(head.columns["holder_id"]), *others_of(at, head, day)])
    return found


def _books(at: Desk, rights: Sequence[str]) -> tuple[tuple[str, str], ...]:
    compared = last_compared(at.connection, list(rights), at.position.size)
    lines = [head_line(at.chain(RIGHT, right)[-1].columns["book"], compared.get(right)) for right in rights]
    return tuple(dict.fromkeys(lines))


def _subject(head: Version) -> Subject:
    code = next((str(head.columns[name]) for name in _CODES if head.columns.get(name)), "")
    return Subject(head.thing_id, causes.thing_words()[head.thing], code)


def _people(store: Store, connection: Connection, people: Sequence[str]) -> Iterable[Somebody]:
    known = parties.identities(connection, store.vault, people)
    for person in people:
        if who := known.get(person):
            yield Somebody(person, masks.shown("name", who.name), masks.shown("birth_year", who.id_number))


def _lines(at: Desk, rights: Iterable[str]) -> Iterable[Line]:
    day, known = china.today(at.store), at.position.size
    lines = [(head, line) for head in (at.chain(RIGHT, right)[-1] for right in rights) for line in contracted(head)]
    parcels = list(dict.fromkeys(line.parcel_id for _, line in lines))
    states = parcels_read.by_ids(at.connection, parcels, valid_at=day, known_at=known)
    codes = {state.parcel_id: state.code for state in states}
    for head, line in lines:
        code = codes.get(line.parcel_id, "")
        yield Line(line.parcel_id, code, head.thing_id, str(head.columns["unit_code"]), line.area_m2, line.area_mu)


def subjects_of(connection: Connection, of_cases: Iterable[Case]) -> dict[str, Subject]:
    """What each case is about, by its id: the first thing of it; a case about no thing is absent."""
    first = {case.id: case.subject[0] for case in of_cases if case.subject}
    found = heads(connection, first.values())
    return {case: _subject(found[thing]) for case, thing in first.items()}
