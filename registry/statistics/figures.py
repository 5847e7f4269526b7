"""Which figures are there, on any day, as known at any size of the log, each with how it was counted and for whom?

Policy-map section 11, figures 1 to 14. Nothing of a single person is in them. No figure is anybody's aim, and nothing is
ranked: places stand in the order of their codes (plan III.3).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry.errors import SanquanError
from registry.statistics import of_exits, of_leases, of_people, of_rights, of_served
from registry.statistics.count import Count
from registry.statistics.rules import rules_on
from registry.store.planning import plan_for_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.statistics.count import Counted, Note
    from registry.statistics.table import Table
    from registry.store.engines import Store

_FILE = Path(__file__).with_name("figures.toml")
_COUNTED: Mapping[str, Callable[[Count], Counted]] = {
    "population": of_people.population,
    "structure": of_people.structured,
    "distribution": of_people.distribution,
    "transferred": of_people.transferred,
    "fiscal-base": of_people.fiscal_base,
    "served": of_served.served,
    "confirmation": of_rights.confirmation,
    "retained": of_rights.retained,
    "transfers": of_leases.let,
    "exits": of_exits.exits,
    "breaches": of_rights.breached,
    "unregistered": of_people.unregistered,
    "minors": of_people.minors,
    "former-type": of_people.former_type,
}


class NoSuchFigureError(SanquanError):
    """Raised when a figure is asked for that there is not."""

    def __init__(self) -> None:
        """Name those that there are."""
        known = ", ".join(about.id for about in abouts())
        super().__init__(f"没有这项统计。有: {known}", f"there is no such figure; there are {known}")


@dataclass(frozen=True, slots=True)
class About:
    """What a figure is called, how it is counted, and which bureaus it is for."""

    number: int
    id: str
    zh: str
    en: str
    how_zh: str
    how_en: str
    bureaus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure on a day. Its tables are masked already; `notes` belong to this one answer."""

    about: About
    tables: Sequence[Table]
    notes: Sequence[Note]

    def as_json(self) -> dict[str, Any]:
        """The figure as plain values."""
        about = self.about
        return {
            "number": about.number,
            "id": about.id,
            "title": {"zh": about.zh, "en": about.en},
            "counted": {"zh": about.how_zh, "en": about.how_en},
            "bureaus": list(about.bureaus),
            "tables": [table.as_json() for table in self.tables],
            "notes": [note._asdict() for note in self.notes],
        }


@lru_cache(maxsize=1)
def abouts() -> tuple[About, ...]:
    """Every figure, by number."""
    rows = tomllib.loads(_FILE.read_text("utf-8"))["figure"]
    return tuple(About(**{name: value for name, value in row.items() if name != "for"}, bureaus=tuple(row["for"])) for row in rows)


def figures(
    store: Store, connection: Connection, *, valid_at: str, known_at: int, only: Sequence[str] = ()
) -> list[Figure]:
    """The figures of a day, all or those named, small cells hidden. Raises NoSuchFigureError."""
    if not set(only) <= set(_COUNTED):
        raise NoSuchFigureError
    rules = rules_on(valid_at)
    plan_for_values(connection)
    at = Count(store, connection, valid_at, known_at, rules)
    found = []
    for about in abouts():
        if only and about.id not in only:
            continue
        counted = _COUNTED[about.id](at)
        for table in counted.tables:
            table.mask(rules.limit)
        found.append(Figure(about, counted.tables, counted.notes))
    return found
