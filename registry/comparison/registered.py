"""What does the register itself say of the rights whose authoritative book is this one?

Read in bulk from one unchanging view, as of a day and as known at a size of the log; names are opened only to be compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from registry import parties
from registry.holding.model import HOLDING_MEMBER, HOLDING_VERSION
from registry.ledger.in_force import in_force
from registry.ledger.position import seal_place
from registry.ledger.tables import OPENING
from registry.parcels.model import PARCEL_VERSION
from registry.rights.model import BA_UNIT, RIGHT_PARCEL, RIGHT_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.parties import Identity
    from registry.store.engines import Store

_R, _P, _H = RIGHT_VERSION, PARCEL_VERSION, HOLDING_VERSION


@dataclass(slots=True)
class Line:
    """A parcel under a right: its code, contract area (m², 亩) and surveyed area (m²), its opened texts."""

    code: str
    m2: str
    mu: str
    surveyed_m2: str
    texts: dict[str, str]


@dataclass(slots=True)
class Held:
    """A right in its state on the day, ended or not."""

    id: str
    thing: str
    status: str
    unit_code: str
    issuer: str
    method: str
    signed_on: str
    holding_id: str | None
    start: str
    end: str
    certificate: str
    book_number: str
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Member:
    """One line of a household's list."""

    who: Identity
    relation: str
    co_holder: bool


@dataclass(slots=True)
class Household:
    """A holding: its code, its representative, its list."""

    code: str
    representative: Identity
    members: list[Member]


@dataclass(slots=True)
class Registered:
    """The rights of a book by their ids, and the households that hold them by the holdings' ids."""

    rights: dict[str, Held]
    households: dict[str, Household]

    def by_unit(self) -> dict[str, list[Held]]:
        """The rights of each contract or certificate."""
        found: dict[str, list[Held]] = {}
        for right in self.rights.values():
            found.setdefault(right.unit_code, []).append(right)
        return found


def registered(
    store: Store, connection: Connection, book: str, *, valid_at: str, known_at: int, with_people: bool
) -> Registered:
    """Every right of land whose authoritative book is `book`; `with_people`: also who holds, else where it lies."""
    at = {"valid_at": valid_at, "known_at": known_at}
    rights = {right.id: right for right in _rights(connection, book, at)}
    for right_id, line in _lines(store, connection, book, at, with_texts=not with_people):
        rights[right_id].lines.append(line)
    return Registered(rights, _households(store, connection, book, at) if with_people else {})


def _of_book(book: str) -> sa.ColumnElement[bool]:
    return sa.and_(in_force(_R), _R.c.book == book, _R.c.thing.not_in(("income", "operating")))


def _rights(connection: Connection, book: str, at: dict[str, Any]) -> Iterator[Held]:
    names = (
        *("thing_id", "thing", "status", "unit_code", "holding_id"),
        *("term_start", "term_end", "certificate_number", "book_number"),
    )
    query = (
        sa.select(*(_R.c[name] for name in names), BA_UNIT.c.issuer_id, BA_UNIT.c.method, BA_UNIT.c.signed_on)
        .join(BA_UNIT, BA_UNIT.c.id == _R.c.unit_id)
        .where(_of_book(book))
        .order_by(_R.c.unit_code, _R.c.thing, _R.c.thing_id)
    )
    rows = connection.execute(query, at).all()
    issuers = parties.organisations(connection, {row.issuer_id for row in rows})
    for row in rows:
        yield Held(
            row.thing_id, row.thing, row.status, row.unit_code, issuers[row.issuer_id].code, row.method, row.signed_on,
            row.holding_id, row.term_start, row.term_end, row.certificate_number, row.book_number,
        )  # fmt: skip


def _lines(
    store: Store, connection: Connection, book: str, at: dict[str, Any], *, with_texts: bool
) -> Iterator[tuple[str, Line]]:
    query = (
        sa.select(
            _R.c.thing_id, _P.c.code, RIGHT_PARCEL.c.contract_area_m2, RIGHT_PARCEL.c.contract_area_mu,
            _P.c.surveyed_area_m2, _P.c.digest, *((OPENING.c.sealed,) if with_texts else (sa.null().label("sealed"),)),
        )
        .join(RIGHT_PARCEL, sa.and_(RIGHT_PARCEL.c.thing_id == _R.c.thing_id, RIGHT_PARCEL.c.ver == _R.c.ver))
        .join(_P, _P.c.thing_id == RIGHT_PARCEL.c.parcel_id)
        .where(_of_book(book), in_force(_P))
        .order_by(_R.c.thing_id, RIGHT_PARCEL.c.pos)
    )  # fmt: skip
    if with_texts:
        query = query.outerjoin(OPENING, sa.and_(OPENING.c.subject == _P.c.digest, OPENING.c.path == "texts"))
    for row in connection.execute(query, at):
        texts: dict[str, str] = {}
        if row.sealed is not None:
            place = seal_place(bytes(row.digest), "texts")
            texts = orjson.loads(store.vault.open(bytes(row.sealed), place)) or {}
        yield row.thing_id, Line(row.code, row.contract_area_m2, row.contract_area_mu, row.surveyed_area_m2, texts)


def _households(store: Store, connection: Connection, book: str, at: dict[str, Any]) -> dict[str, Household]:
    wanted = sa.select(_R.c.holding_id).where(_of_book(book), _R.c.holding_id.is_not(None))
    query = (
        sa.select(
            _H.c.thing_id, _H.c.code, _H.c.representative_id,
            HOLDING_MEMBER.c.person_id, HOLDING_MEMBER.c.relation, HOLDING_MEMBER.c.co_holder,
        )
        .outerjoin(HOLDING_MEMBER, sa.and_(HOLDING_MEMBER.c.thing_id == _H.c.thing_id, HOLDING_MEMBER.c.ver == _H.c.ver))
        .where(in_force(_H), _H.c.thing_id.in_(wanted))
        .order_by(_H.c.thing_id, HOLDING_MEMBER.c.pos)
    )  # fmt: skip
    rows = connection.execute(query, at).all()
    people = {row.person_id for row in rows} | {row.representative_id for row in rows}
    known = parties.identities(connection, store.vault, people - {None})
    found: dict[str, Household] = {}
    for row in rows:
        household = found.setdefault(row.thing_id, Household(row.code, known[row.representative_id], []))
        if row.person_id is not None:
            household.members.append(Member(known[row.person_id], row.relation, bool(row.co_holder)))
    return found
