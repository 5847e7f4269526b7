"""Who is a party: persons, contracting households, collectives, organisations; and who is meant by an ID number?

A *person* has a random id; names and numbers are sealed and found again by a blind index. An *identity* is one state of
knowledge about a person (a number corrected later stays findable). Two people with one number stay two people and are
flagged; nothing here merges, repairs a number or reads the place code in it (policy-map section 4).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table

from registry.law import id_number
from registry.store.among import among
from registry.store.asking import Question, ask
from registry.store.schema import METADATA, reference
from registry.store.types import Bytes, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.ledger.act import Act
    from registry.store.asking import Rows
    from registry.store.keys import Vault
    from registry.store.randomness import Randomness

Row = dict[str, Any]
candidate_number, check_digit = id_number.candidate_number, id_number.check_digit
KINDS = ("person", "contracting-household", "household-group", "collective", "organisation")

PARTY = Table(
    "party",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    CheckConstraint(f"kind IN ({', '.join(repr(k) for k in KINDS)})", name="party_kind_is_known"),
)

PERSON_IDENTITY = Table(
    "person_identity",
    METADATA,
    Column("person_id", Words, nullable=False),
    Column("seq", Whole, nullable=False),
    Column("entry_idx", Whole, nullable=False),
    Column("origin", Words, nullable=False),
    Column("name_index", Bytes, nullable=False),
    Column("number_index", Bytes, nullable=False),
    Column("candidate_index", Bytes),
    Column("flags", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    PrimaryKeyConstraint("person_id", "seq"),
    CheckConstraint("origin IN ('survey','police')", name="identity_says_where_it_comes_from"),
    reference(["person_id"], ["party.id"], name="identity_is_of_a_person"),
    reference(["entry_idx"], ["ledger_entry.idx"], name="identity_cites_its_entry"),
)
Index("person_identity_by_number", PERSON_IDENTITY.c.number_index)
Index("person_identity_by_candidate", PERSON_IDENTITY.c.candidate_index)
Index("person_identity_by_name", PERSON_IDENTITY.c.name_index)

ORGANISATION = Table(
    "organisation",
    METADATA,
    Column("party_id", Words, nullable=False),
    Column("seq", Whole, nullable=False),
    Column("entry_idx", Whole, nullable=False),
    Column("code", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("sealed", Bytes, nullable=False),
    PrimaryKeyConstraint("party_id", "seq"),
    reference(["party_id"], ["party.id"], name="organisation_is_a_party"),
    reference(["entry_idx"], ["ledger_entry.idx"], name="organisation_cites_its_entry"),
)
Index("organisation_by_code", ORGANISATION.c.code)

_READ = ("person_id", "seq", "flags", "origin", "sealed")
IDENTITIES = Question(
    sa.select(*(PERSON_IDENTITY.c[name] for name in _READ))
    .where(among(PERSON_IDENTITY.c.person_id, "persons"))
    .order_by(PERSON_IDENTITY.c.seq)
)
_PARTY = Question(sa.select(PARTY.c.id).where(PARTY.c.id == sa.bindparam("party")))
_ORGANISATIONS = Question(
    sa.select(ORGANISATION.c.party_id, ORGANISATION.c.code, ORGANISATION.c.name)
    .where(among(ORGANISATION.c.party_id, "parties"))
    .order_by(ORGANISATION.c.seq)
)
_BY_CODE = Question(
    sa.select(ORGANISATION.c.party_id)
    .where(ORGANISATION.c.code == sa.bindparam("code"))
    .order_by(ORGANISATION.c.seq.desc())
    .limit(1)
)
_BY_NUMBER = Question(
    sa.select(PERSON_IDENTITY.c.person_id)
    .where(
        sa.or_(
            PERSON_IDENTITY.c.number_index == sa.bindparam("blind"), PERSON_IDENTITY.c.candidate_index == sa.bindparam("blind")
        )
    )
    .order_by(PERSON_IDENTITY.c.person_id)
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is, as far as is known: `flags` say what a person of the police must look at (REVIEW)."""

    name: str
    id_number: str
    id_type: str = "1"
    sex: str = ""
    flags: tuple[str, ...] = ()
    origin: str = "survey"

    def __repr__(self) -> str:
        """Never the name or the number: a repr ends in logs."""
        return "Identity(…)"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A collective (code: FBFBM) or another organisation, with what can reach a person of it sealed."""

    code: str
    name: str
    contact: str = ""


def place(kind: str, party_id: str, seq: int) -> bytes:
    """Where a sealed identity belongs: it opens nowhere else."""
    return f"{kind}/{party_id}/{seq}".encode()


def sealed_identity(vault: Vault, person_id: str, seq: int, who: Identity, nonce: bytes) -> bytes:
    """The identity as ciphertext bound to its row."""
    value = [who.name, who.id_type, who.id_number, who.sex]
    return vault.seal(orjson.dumps(value), place("identity", person_id, seq), nonce)


def identities(connection: Connection, vault: Vault, person_ids: Iterable[str]) -> dict[str, Identity]:
    """The latest identity of each person. A person without one is absent from the answer."""
    wanted = list(dict.fromkeys(person_ids))
    return identities_in(vault, ask(connection, IDENTITIES, {"persons": wanted})) if wanted else {}


def names_since(connection: Connection, vault: Vault, since: int) -> dict[str, list[str]]:
    """Every name, oldest first, of everybody about whom something was entered at this size of the log or later."""
    fresh = sa.select(PERSON_IDENTITY.c.person_id).where(PERSON_IDENTITY.c.entry_idx >= since)
    query = sa.select(*(PERSON_IDENTITY.c[name] for name in _READ)).where(PERSON_IDENTITY.c.person_id.in_(fresh))
    found: dict[str, dict[str, None]] = {}
    for row in connection.execute(query.order_by(PERSON_IDENTITY.c.seq)):
        name = _opened(vault, tuple(row)).name
        names = found.setdefault(row.person_id, {})
        names.pop(name, None)  # who took an earlier name again has it last
        names[name] = None
    return {person: list(names) for person, names in found.items()}


def identities_of_act(act: Act, person_ids: Iterable[str]) -> dict[str, Identity]:
    """`identities` as an act sees them: those that its own transaction brought, and those of the register."""
    desk, wanted = act.desk, list(person_ids)
    brought = [(person_id, desk.people[person_id]) for person_id in wanted if person_id in desk.people]
    found = identities_in(desk.store.vault, [tuple(row[name] for name in _READ) for _, row in brought])
    others = [person_id for person_id in wanted if person_id not in found]
    return found | (identities(desk.connection, desk.store.vault, others) if others else {})


def identities_in(vault: Vault, rows: Rows) -> dict[str, Identity]:
    """The answer to IDENTITIES: the latest of each person, opened."""
    latest = {row[0]: row for row in rows}
    return {person_id: _opened(vault, row) for person_id, row in latest.items()}


def find_by_number(connection: Connection, vault: Vault, id_number: str) -> list[str]:
    """Ids of every person who has, had, or by an old 15-digit card may have this number. Usually one."""
    blind = vault.blind("number", id_number.strip().upper())
    return list(dict.fromkeys(person for (person,) in ask(connection, _BY_NUMBER, {"blind": blind})))


def find_by_name(connection: Connection, vault: Vault, name: str) -> list[str]:
    """Ids of every person with exactly this name; several people share one."""
    blind = vault.blind("name", name.strip())
    rows = connection.execute(
        sa.select(PERSON_IDENTITY.c.person_id)
        .where(PERSON_IDENTITY.c.name_index == blind)
        .order_by(PERSON_IDENTITY.c.person_id)
    )
    return list(dict.fromkeys(row.person_id for row in rows))


def person_rows(
    vault: Vault, randomness: Randomness, entry_idx: int, who: Identity
) -> tuple[str, list[tuple[Table, Row]]]:
    """A new person: the id, and the rows that whoever records an entry writes with it."""
    person_id = randomness.new_id()
    return person_id, [
        (PARTY, {"id": person_id, "kind": "person"}),
        (PERSON_IDENTITY, identity_row(vault, randomness, entry_idx, person_id, 1, who)),
    ]


def identity_row(vault: Vault, randomness: Randomness, entry_idx: int, person_id: str, seq: int, who: Identity) -> Row:
    """One state of knowledge about a person, sealed and findable by exact name and number."""
    candidate = candidate_number(who.id_number)
    return {
        "person_id": person_id,
        "seq": seq,
        "entry_idx": entry_idx,
        "origin": who.origin,
        "name_index": vault.blind("name", who.name),
        "number_index": vault.blind("number", who.id_number.upper()),
        "candidate_index": None if candidate is None else vault.blind("number", candidate),
        "flags": json.dumps(list(who.flags)),
        "sealed": sealed_identity(vault, person_id, seq, who, randomness.nonce()),
    }


def organisation_rows(
    vault: Vault, randomness: Randomness, entry_idx: int, kind: str, what: Organisation
) -> tuple[str, list[tuple[Table, Row]]]:
    """A new collective or organisation: the id, and the rows to be written with the entry."""
    party_id = randomness.new_id()
    sealed = vault.seal(what.contact.encode(), place("organisation", party_id, 1), randomness.nonce())
    return party_id, [
        (PARTY, {"id": party_id, "kind": kind}),
        (
            ORGANISATION,
            {
                "party_id": party_id,
                "seq": 1,
                "entry_idx": entry_idx,
                "code": what.code,
                "name": what.name,
                "sealed": sealed,
            },
        ),
    ]


@dataclass(frozen=True, slots=True)
class IssuerNow:
    """An organisation as last known: its party, how often it was recorded, its code, name and (opened) contact."""

    party_id: str
    seq: int
    code: str
    name: str
    contact: bytes


def issuers_of(connection: Connection, vault: Vault, code: str) -> list[IssuerNow]:
    """Every organisation whose latest code begins so, in the order of codes."""
    latest = sa.select(ORGANISATION.c.party_id, sa.func.max(ORGANISATION.c.seq).label("seq"))
    newest = latest.group_by(ORGANISATION.c.party_id).subquery()
    rows = connection.execute(
        sa.select(ORGANISATION)
        .join(newest, sa.and_(newest.c.party_id == ORGANISATION.c.party_id, newest.c.seq == ORGANISATION.c.seq))
        .where(ORGANISATION.c.code.startswith(code))
        .order_by(ORGANISATION.c.code)
    )
    return [
        IssuerNow(
            row.party_id,
            row.seq,
            row.code,
            row.name,
            vault.open(bytes(row.sealed), place("organisation", row.party_id, row.seq)),
        )
        for row in rows
    ]


def renamed_rows(
    vault: Vault, randomness: Randomness, entry_idx: int, issuer: IssuerNow, code: str, name: str
) -> list[tuple[Table, Row]]:
    """The next state of knowledge about an organisation: another code, and another name where one is given."""
    seq = issuer.seq + 1
    sealed = vault.seal(issuer.contact, place("organisation", issuer.party_id, seq), randomness.nonce())
    row = {"party_id": issuer.party_id, "seq": seq, "entry_idx": entry_idx, "code": code, "name": name or issuer.name}
    return [(ORGANISATION, {**row, "sealed": sealed})]


def household_rows(randomness: Randomness) -> tuple[str, list[tuple[Table, Row]]]:
    """A new contracting household: an id to which holdings of both books point."""
    party_id = randomness.new_id()
    return party_id, [(PARTY, {"id": party_id, "kind": "contracting-household"})]


def latest_seq(connection: Connection, person_id: str) -> int:
    """How many states of knowledge there are about a person."""
    return (
        connection.scalar(sa.select(sa.func.max(PERSON_IDENTITY.c.seq)).where(PERSON_IDENTITY.c.person_id == person_id))
        or 0
    )


def exists(connection: Connection, party_id: str) -> bool:
    """Whether a party of this id is registered."""
    return bool(ask(connection, _PARTY, {"party": party_id}))


def organisations(connection: Connection, party_ids: Iterable[str]) -> dict[str, Organisation]:
    """The latest code and name of each organisation; what is sealed stays sealed."""
    wanted = sorted(set(party_ids))
    rows = ask(connection, _ORGANISATIONS, {"parties": wanted}) if wanted else []
    return {party_id: Organisation(code, name) for party_id, code, name in rows}


def collectives(connection: Connection) -> list[Organisation]:
    """Every collective by its latest code, in the order of the codes."""
    every = connection.scalars(sa.select(PARTY.c.id).where(PARTY.c.kind == "collective")).all()
    return sorted(organisations(connection, every).values(), key=lambda each: each.code)


def organisation_by_code(connection: Connection, code: str) -> str | None:
    """The id of the collective or organisation that has, or had, this code."""
    return next((party for (party,) in ask(connection, _BY_CODE, {"code": code})), None)


def _opened(vault: Vault, row: tuple[Any, ...]) -> Identity:
    person_id, seq, flags, origin, sealed = row
    name, id_type, id_number, sex = json.loads(vault.open(sealed, place("identity", person_id, seq)))
    return Identity(name, id_number, id_type, sex, tuple(json.loads(flags)), origin)
