"""How are leases counted (figure 9): who lets, for how long, on what land, for which rent? In words: figures.toml.

What is paid is the payment of the act that began the lease: the rent of the whole term in yuan, "0" where the land is lent
for nothing. Where the act says nothing, nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from registry.ledger.evidence import payments
from registry.rights import counted as rights
from registry.statistics import heads, settled
from registry.statistics.count import Counted
from registry.statistics.table import added, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from registry.statistics.count import Count
    from registry.statistics.table import Table, Value

LETTING = ("leased", "subleased", "contributed")
_LANDS = {
    "contract-arable": ("耕地", "arable land"),
    "contract-grass": ("草地", "grassland"),
    "contract-forest": ("林地", "forest land"),
    "contract-other": ("其他农用地", "other land in farm use"),
    "": ("承包权不在册的地", "land whose contract right does not stand"),
}
_TERMS = (
    (1, "不满 1 年", "under 1 year"),
    (5, "1–5 年", "1 to 5 years"),
    (10, "5–10 年", "5 to 10 years"),
    (20, "10–20 年", "10 to 20 years"),
)
_LONGEST = ("20 年以上", "20 years and over")
_NO_TERM = ("没有写期限", "no term written")
_NO_RENT, _FREE = ("没有登记租金", "no rent recorded"), ("不收租金", "lent for nothing")
_NOT_A_YEAR = ("租金算不到每亩每年", "not to be told by mu and year")
_DAYS_A_YEAR = Decimal("365.25")
_YUAN = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?", re.ASCII)


class Lease(NamedTuple):
    """An operating right that stands: whether anybody of the household that lets has settled, on what land, its term and rent.

    `years` None: no term is written. `paid` in yuan for the whole term, "" where the act says nothing, None where one act
    began several rights for one payment.
    """

    settled: bool
    land: str
    m2: Decimal
    mu: Decimal
    years: Decimal | None
    paid: str | None


def let(at: Count) -> Counted:
    """Figure 9."""
    leases = list(_leases(at))
    return Counted([_by_term(leases), _by_rent(leases, at.rules.rent_bands)], [])


def _by_term(leases: Iterable[Lease]) -> Table:
    bands: dict[tuple[str, str], list[Value]] = {(zh, en): _nothing() for _, zh, en in _TERMS}
    bands |= {_LONGEST: _nothing(), _NO_TERM: _nothing()}
    for lease in leases:
        band = _term(lease.years)
        bands[band] = added(bands[band], _values(lease))
    return listed(heads.let(), [(*band, values) for band, values in bands.items()])


def _by_rent(leases: Iterable[Lease], edges: Sequence[Decimal]) -> Table:
    """A row for each land and band that there is, lands in one table: what is hidden in one can't be had from another."""
    bands = [_NO_RENT, _FREE, *(_from(edges, n) for n in range(len(edges) + 1)), _NOT_A_YEAR]
    found: dict[tuple[str, int], list[Value]] = defaultdict(_nothing)
    for lease in leases:
        key = lease.land, bands.index(_rent(lease, edges))
        found[key] = added(found[key], _values(lease))
    lines = [
        (f"{zh}：{bands[n][0]}", f"{en}: {bands[n][1]}", found[land, n])
        for land, (zh, en) in _LANDS.items()
        for n in range(len(bands))
        if (land, n) in found
    ]
    return listed(heads.rents(), lines)


def _leases(at: Count) -> Iterable[Lease]:
    """Each once, with the area of all its parcels."""
    lines: dict[str, list[rights.StandingLine]] = defaultdict(list)
    for line in at.standing:
        lines[line.right_id].append(line)
    moved = {one.person_id: one.rows for one in at.settlements}
    as_whom = settled.holders_of(at.connection, moved, **at.moment)
    families = {holder for each in as_whom.values() for holder in each}
    paid = _payments(at)
    for right, of_right in lines.items():
        one = of_right[0]
        if one.thing == "operating":
            lessor = lines.get(one.within_id or "")
            yield Lease(
                settled=lessor is not None and lessor[0].holder_id in families,
                land=_land(lines, one),
                m2=sum((Decimal(line.m2 or 0) for line in of_right), Decimal()),
                mu=sum((Decimal(line.mu or 0) for line in of_right), Decimal()),
                years=_years(one.term_start, one.term_end),
                paid=paid.get(right, ""),
            )


def _payments(at: Count) -> dict[str, str | None]:
    """What was paid for each operating right, by the act that began it."""
    began: dict[str, int] = {}
    for act in rights.acts(at.connection, LETTING, **at.moment):
        if act.thing == "operating":
            began.setdefault(act.right_id, act.entry)
    alone = {entry for entry, begun in Counter(began.values()).items() if begun == 1}
    paid = payments(at.store, at.connection, began.values())
    return {right: paid.get(entry, "") if entry in alone or entry not in paid else None for right, entry in began.items()}


def _land(lines: dict[str, list[rights.StandingLine]], lease: rights.StandingLine) -> str:
    """The contract right under a lease, a sublease included; "" where it does not stand."""
    one: rights.StandingLine = lease
    while one.thing == "operating":
        above = lines.get(one.within_id or "")
        if above is None:
            return ""
        one = above[0]
    return one.thing


def _years(start: str, end: str) -> Decimal | None:
    if not start or not end:
        return None
    return Decimal((dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days + 1) / _DAYS_A_YEAR


def _term(years: Decimal | None) -> tuple[str, str]:
    if years is None:
        return _NO_TERM
    return next(((zh, en) for below, zh, en in _TERMS if years < below), _LONGEST)


def _rent(lease: Lease, edges: Sequence[Decimal]) -> tuple[str, str]:
    """The band of a lease's rent by 亩 and year."""
    if lease.paid == "":
        return _NO_RENT
    if lease.paid is None or not _YUAN.fullmatch(lease.paid):
        return _NOT_A_YEAR
    yuan = Decimal(lease.paid)
    if not yuan:
        return _FREE
    if not lease.mu or not lease.years:
        return _NOT_A_YEAR
    each = yuan / lease.mu / lease.years
    return _from(edges, sum(edge <= each for edge in edges))


def _from(edges: Sequence[Decimal], n: int) -> tuple[str, str]:
    """The words of the n-th band: below the first edge, between two, from the last on."""
    if n == 0:
        return f"不满 {edges[0]} 元/亩·年", f"under {edges[0]} yuan per mu and year"
    if n == len(edges):
        return f"{edges[-1]} 元/亩·年以上", f"{edges[-1]} yuan per mu and year and over"
    return f"{edges[n - 1]}–{edges[n]} 元/亩·年", f"{edges[n - 1]} to {edges[n]} yuan per mu and year"


def _values(lease: Lease) -> list[Value]:
    return [int(lease.settled), int(not lease.settled), 1, lease.m2, lease.mu]


def _nothing() -> list[Value]:
    return [0, 0, 0, Decimal(), Decimal()]
