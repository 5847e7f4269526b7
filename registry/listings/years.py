"""What had a person each year: which land of which list, which share, and what is registered of it being let?

A year is told by its last day, the current one by the day asked about. Of money the register knows what the act of a lease says
was paid, for the whole term and to the household. It knows no dividend and whom the rent reached: that is told, not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from registry.holding.model import HOLDING
from registry.ledger.chain import state_at
from registry.ledger.evidence import payments
from registry.listings.history import on_list
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.guarantee.reach import Reach
    from registry.ledger.nouns import Version
    from registry.store.engines import Store

NOT_KNOWN = (
    "分红登记簿不记；租金只知道合同写的、整个租期付给户里的数，到没到本人手里不知道",
    "the register keeps no dividends; of rent it knows what a lease says was paid for its whole term, not whom it reached",
)


@dataclass(frozen=True, slots=True)
class Held:
    """One right on a day. `mu`: contracted, 亩; None where it is a share. `share`: numerator and denominator."""

    right_id: str
    thing: str
    mu: Decimal | None
    share: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Let:
    """An operating right within one of theirs: its term and what its act says was paid for it, yuan; "" where nothing."""

    right_id: str
    term_start: str
    term_end: str
    paid: str


@dataclass(frozen=True, slots=True)
class Year:
    """One year by its day: what was held, what was let."""

    day: str
    held: tuple[Held, ...]
    let: tuple[Let, ...]


def years(store: Store, connection: Connection, found: Reach, *, valid_at: str, known_at: int) -> list[Year]:
    """Every year from the first in which they had something, oldest first; empty where they never had anything."""
    chains, persons = found.chains[RIGHT.name], frozenset(found.persons)
    begun = [version.valid_from for chain in chains.values() for version in chain[:1] if version.cause_idx < known_at]
    if not begun:
        return []
    first, last = int(min(begun)[:4]), int(valid_at[:4])
    paid = payments(store, connection, {chain[0].cause_idx for chain in chains.values() if chain})
    told = [
        _year(found, persons, paid, f"{year}-12-31" if year < last else valid_at, known_at) for year in range(first, last + 1)
    ]
    return [year for year in told if year.held or year.let]


def _year(found: Reach, persons: frozenset[str], paid: Mapping[int, str], day: str, known_at: int) -> Year:
    held, let = [], []
    for right_id, chain in found.chains[RIGHT.name].items():
        state = state_at(chain, day, known_at)
        if state is None or state.status == "ended":
            continue
        within = state.columns["within_id"]
        if _theirs(found, state, persons, day, known_at):
            held.append(Held(right_id, state.thing, _mu(state), _share(state)))
        elif within is not None and _theirs(found, _state(found, within, day, known_at), persons, day, known_at):
            term = (state.columns["term_start"], state.columns["term_end"])
            let.append(Let(right_id, *term, paid.get(chain[0].cause_idx, "")))
    return Year(day, tuple(held), tuple(let))


def _state(found: Reach, right_id: str, day: str, known_at: int) -> Version | None:
    return state_at(found.chain(RIGHT, right_id), day, known_at)


def _theirs(found: Reach, state: Version | None, persons: frozenset[str], day: str, known_at: int) -> bool:
    """Held by them alone, or by a list that names them on the day."""
    if state is None:
        return False
    holding = state.columns["holding_id"]
    if holding is None:
        return state.columns["holder_id"] in persons
    return on_list(HOLDING, state_at(found.chain(HOLDING, holding), day, known_at), persons)


def _mu(state: Version) -> Decimal | None:
    lines: Sequence[Mapping[str, str]] = state.children["right_parcel"]
    return sum((Decimal(line["contract_area_mu"] or 0) for line in lines), Decimal(0)) if lines else None


def _share(state: Version) -> tuple[int, int] | None:
    columns = state.columns
    return None if columns["share_numerator"] is None else (columns["share_numerator"], columns["share_denominator"])
