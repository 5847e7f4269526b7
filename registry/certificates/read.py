"""What is known of a certificate by its number, old ones and cancelled ones included, for ever (invariant I9)?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from registry import papers
from registry.certificates.paper import is_a_paper, papers_among
from registry.certificates.refusals import NoSuchCertificate
from registry.certificates.series import is_of_a_series
from registry.law import causes
from registry.ledger import read as ledger
from registry.ledger.chain import read_chains
from registry.ledger.in_force import in_force
from registry.rights.model import CONTRACTS, RIGHT, RIGHT_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Version
    from registry.papers import Paper
    from registry.store.engines import Store

FOREST = "contract-forest"


class OneOf(NamedTuple):
    """One right of a contract, and what it is on."""

    id: str
    thing: str


@dataclass(frozen=True, slots=True)
class OfContract:
    """A contract with those of its rights that were asked for, and the number of its certificate; "" where it has none."""

    code: str
    rights: tuple[OneOf, ...]
    number: str


@dataclass(frozen=True, slots=True)
class Step:
    """An act that put a number on a right or took it off: its kind, Chinese name, day and place in the log."""

    kind: str
    zh: str
    day: str
    entry: int


@dataclass(frozen=True, slots=True)
class OnRight:
    """A number on one right: since which act, until which (None: it is valid now), which number came after it."""

    right_id: str
    thing: str
    code: str
    book: str
    dated: str
    since: Step
    until: Step | None
    next_number: str
    status: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as the register knows it. `issued`: a paper has this number; that of a delivered contract is its code alone."""

    number: str
    rights: tuple[OnRight, ...]
    issued: bool

    @property
    def valid(self) -> bool:
        """Whether it is the paper of any right now."""
        return self.issued and any(each.until is None and each.status != "ended" for each in self.rights)


def of_contracts(connection: Connection, right_ids: Sequence[str]) -> list[OfContract]:
    """Those of these rights that stand now and are a contract's, contract by contract."""
    found: dict[str, list[Version]] = defaultdict(list)
    for chain in read_chains(connection, RIGHT, right_ids).values():
        if chain[-1].thing in CONTRACTS and chain[-1].status != "ended":
            found[chain[-1].columns["unit_code"]].append(chain[-1])
    numbers = {code: {str(head.columns["certificate_number"]) for head in heads} for code, heads in found.items()}
    issued = papers_among(connection, {number for some in numbers.values() for number in some})
    return [
        OfContract(code, tuple(OneOf(head.thing_id, head.thing) for head in heads), max(numbers[code] & issued, default=""))
        for code, heads in found.items()
    ]


def find(connection: Connection, number: str, known_at: int) -> Certificate:
    """The certificate of a number that any right has, or ever had, as known at a size of the log.

    Raises `NoSuchCertificate`.
    """
    column = RIGHT_VERSION.c
    query = (
        sa.select(column.thing_id).where(column.certificate_number == number, column.cause_idx < known_at).distinct()
    )
    ids = sorted(connection.scalars(query)) if number else []
    if not ids:
        raise NoSuchCertificate(number)
    chains = read_chains(connection, RIGHT, ids)
    known = {right_id: [v for v in chain if v.cause_idx < known_at] for right_id, chain in chains.items()}
    rights = tuple(_on_right(known[right_id], number) for right_id in ids)
    return Certificate(number, rights, is_a_paper(connection, number))


def received_on(store: Store, connection: Connection, number: str) -> str:
    """The day on which somebody signed for a certificate; "" where nobody did."""
    days = [p.detail["day"] for p in papers.papers(store, connection, number) if p.what == papers.RECEIVED]
    return str(days[0]) if days else ""


def spoiled(store: Store, connection: Connection) -> list[Paper]:
    """Certificates whose print before went wrong (作废证书本), oldest first: one row of the log of papers a spoiled one."""
    return [
        paper
        for paper in papers.papers(store, connection)
        if paper.what == "certificate" and paper.detail.get("spoiled")
    ]


def is_valid(connection: Connection, number: str, day: str) -> bool:
    """Whether this number is that of a right's paper on a day, as known now."""
    column = RIGHT_VERSION.c
    query = sa.select(column.thing_id).where(column.certificate_number == number, in_force(RIGHT_VERSION))
    bound = {"valid_at": day, "known_at": ledger.size(connection)}
    return is_a_paper(connection, number) and connection.execute(query, bound).first() is not None


def contracts_without(store: Store, connection: Connection, village: str, day: str, known_at: int) -> dict[str, OneOf]:
    """A village's contracts that stand on a day without a certificate of the series: a right of each by its code, in order.

    A forest one only where the contract has no other: another desk keeps that.
    """
    rights, numbers = _contracts(store, connection, village, day, known_at)
    return {code: rights[code] for code in sorted(rights.keys() - numbers.keys())}


def certificates_of(store: Store, connection: Connection, village: str, day: str, known_at: int) -> dict[str, str]:
    """The certificates of the series that a village's contracts have on a day: number by contract code, in order."""
    return dict(sorted(_contracts(store, connection, village, day, known_at)[1].items()))


def _contracts(
    store: Store, connection: Connection, village: str, day: str, known_at: int
) -> tuple[dict[str, OneOf], dict[str, str]]:
    """A right of each of a village's contracts that stand, by its code, and the number of the series of each that has one."""
    column = RIGHT_VERSION.c
    query = sa.select(column.thing_id, column.thing, column.unit_code, column.certificate_number).where(
        column.thing.startswith("contract-"),
        column.status != "ended",
        column.unit_code.startswith(village, autoescape=True),
        in_force(RIGHT_VERSION),
    )
    rows = connection.execute(query.order_by(column.thing_id), {"valid_at": day, "known_at": known_at}).all()
    numbers = {row.unit_code: row.certificate_number for row in rows if is_of_a_series(store.settings, row.certificate_number)}
    forest_first = sorted(rows, key=lambda row: row.thing != FOREST)
    return {row.unit_code: OneOf(row.thing_id, row.thing) for row in forest_first}, numbers


def _on_right(chain: Sequence[Version], number: str) -> OnRight:
    with_it = [version for version in chain if version.columns["certificate_number"] == number]
    first, last = with_it[0], with_it[-1]
    after = next((version for version in chain if version.ver > last.ver), None)
    return OnRight(
        first.thing_id,
        first.thing,
        last.columns["unit_code"],
        last.columns["certificate_book"],
        last.columns["certificate_date"],
        _step(first),
        None if after is None else _step(after),
        "" if after is None else after.columns["certificate_number"],
        chain[-1].status,
    )


def _step(version: Version) -> Step:
    kind = version.cause_kind
    return Step(kind, causes.kinds()[kind].zh, version.act_day, version.cause_idx)
