"""Whom does the register say is to be paid a farm policy in a year, how much of what, at which rate?

The list is made from entitlements alone: each beneficiary's latest policy year up to the one asked for, nothing that ended. Who
settled in town stands where they stood (plan II.3.1-g, invariant I11): no registration is read, and an import contract keeps
them out of reach. What is paid per head is paid once to one person, however many rows the register has of them. Where the rate
is known the amount is quantity times rate, to the cent, half up.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from registry import masks, papers
from registry.benefits.policies import policy_on
from registry.benefits.read import standing
from registry.delivery.parts import BASES, BENEFITS
from registry.delivery.report import disarmed
from registry.errors import SanquanError
from registry.ledger.read import size
from registry.looks.keeping import listed
from registry.subsidies.beneficiaries import named
from registry.subsidies.model import added
from registry.subsidies.per_head import Key, of_person
from registry.subsidies.per_head import standing as standing_per_head

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Officer
    from registry.masks import Reader
    from registry.store.engines import Store
    from registry.subsidies.per_head import OnePerson

_BASIS = dict(zip(("parcel", "herd", "household", "person"), BASES, strict=True))
_FIRST_YEAR, _LAST_YEAR = 1900, 9999
_PER_HEAD = "person"
_CENT = Decimal("0.01")
HEADER = tuple(column.name for column in BENEFITS.columns)
"""The columns of the roster 惠农牧补贴 (docs/delivery.md 4): `sanquan subsidies check` reads what is written here."""


class YearMalformedError(SanquanError):
    """Raised when a policy year is none."""

    def __init__(self) -> None:
        """Show one."""
        super().__init__("年度是四位数字, 例如 2026", "a policy year has four digits, for example 2026")


class Payment(NamedTuple):
    """One line: quantities and amounts as text, "" where no rate is known; `since_year` is the year it was last registered for.

    `name` and `id_number` are a person's, or the name of a household's representative: as the reader sees them.
    """

    issuer: str
    policy: str
    basis: str
    code: str
    name: str
    id_number: str
    quantity: str
    unit: str
    yuan: str
    amount: str
    since_year: str
    document: str
    confirmed: bool


def payments(
    store: Store, connection: Connection, year: str, one_person: OnePerson, *, known_at: int, reader: Reader = "desk"
) -> list[Payment]:
    """The payment list of a year, as known at a size of the log, by issuer and code. Raises YearMalformedError."""
    last_day = _last_day(year)
    grouped: dict[Key, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in standing(connection, valid_at=last_day.isoformat(), known_at=known_at):
        if one.policy_year <= year:
            key = Key(one.beneficiary_id, one.policy, one.basis, one.unit)
            grouped[key][one.policy_year].append(one.quantity)
    persons = one_person(connection, valid_at=last_day.isoformat(), known_at=known_at)
    once = standing_per_head(persons, {key: max(years) for key, years in grouped.items() if key.basis == _PER_HEAD})
    who = named(store, connection, {key.beneficiary for key in grouped})
    found = []
    for key, years in grouped.items():
        beneficiary, policy, basis, unit = key
        if basis == _PER_HEAD and once[of_person(persons, key)] != key:
            continue
        latest = max(years)
        quantity = added(years[latest]) or "0"
        rule = policy_on(policy, basis, unit, last_day)
        rate = None if rule is None else rule.yuan
        one_of = who[beneficiary]
        name, number = one_of.name, one_of.id_number
        name, number = masks.shown("name", name, reader) if name else "", masks.shown("id_number", number, reader)
        found.append(
            Payment(
                one_of.issuer, policy, _BASIS[basis], one_of.code, name, number, quantity, unit,
                "" if rate is None else f"{rate:.2f}",
                "" if rate is None else str((Decimal(quantity) * rate).quantize(_CENT, ROUND_HALF_UP)),
                latest, "" if rule is None else rule.document, rule is not None and rule.confirmed,
            )
        )  # fmt: skip
    return sorted(found)


def as_json(rows: list[Payment], year: str, known_at: int) -> dict[str, Any]:
    """The list as plain values, with the sums of each policy."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row.policy, row.unit] += Decimal(row.quantity)
    return {
        "year": year,
        "known_at": known_at,
        "sums": [{"policy": policy, "unit": unit, "quantity": f"{total:f}"} for (policy, unit), total in sorted(sums.items())],
        "payments": [row._asdict() for row in rows],
    }


def sheet(rows: list[Payment], year: str) -> bytes:
    """The list in the columns of the roster 惠农牧补贴, as csv (UTF-8 with BOM)."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(HEADER)
    for row in rows:
        cells = (
            row.issuer, row.policy, row.basis, row.code, row.name, row.id_number, "", row.quantity, row.unit, row.yuan,
            row.amount, year, f"{year}0101", "", row.document,
        )  # fmt: skip
        lines.writerow([disarmed(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def write_list(store: Store, officer: Officer, year: str, path: Path, purpose: str, one_person: OnePerson) -> int:
    """Write the list with names and log it like every paper with names; how many lines. PurposeMissingError."""
    papers.stated(purpose)
    with store.reading() as connection:
        known_at = size(connection)
        rows = payments(store, connection, year, one_person, known_at=known_at, reader="paper")
    made = sheet(rows, year)
    papers.enter(store, officer, "payment-list", year, hashlib.sha256(made).digest(), purpose, {"lines": len(rows)})
    listed(store, officer, "", "payment-list", purpose.strip())
    path.write_bytes(made)
    return len(rows)


def _last_day(year: str) -> dt.date:
    if not (year.isascii() and year.isdigit() and _FIRST_YEAR <= int(year) < _LAST_YEAR):
        raise YearMalformedError
    return dt.date(int(year), 12, 31)
