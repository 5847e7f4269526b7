"""What is the register on one day, as known at one size of the log, to whoever counts it?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from registry.particulars import stated
from registry.places import towns
from registry.rights import counted as rights
from registry.same_person import one_person
from registry.statistics import people, settled, structure

if TYPE_CHECKING:
    from sqlalchemy import Row, Select
    from sqlalchemy.engine import Connection

    from registry.particulars import Particulars
    from registry.statistics.people import Group
    from registry.statistics.rules import Rules
    from registry.statistics.table import Table
    from registry.store.engines import Store


class Note(NamedTuple):
    """A sentence that belongs to one answer and not to the way of counting: a ratio, a percentage, what is missing."""

    zh: str
    en: str


@dataclass(slots=True)
class Counted:
    """A figure as it was counted: its tables, before any cell is hidden, and what is to be said with them."""

    tables: list[Table]
    notes: list[Note]


class Count:
    """The register on one day, as known at one size of the log; what several figures need is read once."""

    def __init__(self, store: Store, connection: Connection, valid_at: str, known_at: int, rules: Rules) -> None:
        self.store, self.connection = store, connection
        self.valid_at, self.known_at, self.rules = valid_at, known_at, rules
        self.banner = store.settings.banner_code
        self.whole = (store.settings.banner_name, "the banner")

    @cached_property
    def groups(self) -> list[Group]:
        """Everybody who is registered or holds a permit, in groups."""
        return people.groups(self.connection, self._asked, self._linked)

    def each(self, persons: Select[tuple[str]]) -> dict[str, Group]:
        """Where each person is registered and by which permit they are here of whom a query finds a row."""
        return people.each(self.connection, self._asked, persons, self._linked, self.persons)

    @cached_property
    def elsewhere(self) -> frozenset[str]:
        """Rows of people who are counted by another row of theirs."""
        return frozenset(row.person_id for rows in self._linked for row in rows[:-1])

    @cached_property
    def _linked(self) -> list[list[Row[Any]]]:
        return people.linked(self.connection, self._asked)

    @property
    def _asked(self) -> dict[str, str | int]:
        rules = self.rules
        return people.asked(self.banner, self.valid_at, self.known_at, rules.villages, rules.permit_months)

    @cached_property
    def names(self) -> dict[str, str]:
        """What divisions are called: towns, and those that people are registered in."""
        found = {code: town.name for code, town in towns().items()}
        return found | {group.division: group.name for group in self.groups if group.name}

    @cached_property
    def residents(self) -> list[structure.Resident]:
        """Everybody who is registered in the banner, each person once."""
        found = structure.residents(self.connection, self.banner, self.valid_at, self.known_at, self.rules.villages)
        return [one for one in found if one.person_id not in self.elsewhere]

    @cached_property
    def born(self) -> dict[str, structure.Born]:
        """Birth dates and sexes."""
        return structure.born(self.store, self.connection, self.known_at)

    @cached_property
    def persons(self) -> dict[str, str]:
        """Each row that is one of several of a person, and who that is."""
        return one_person(self.connection, **self.moment)

    @cached_property
    def stated(self) -> dict[str, Particulars]:
        """What is stated of people: nationality, education."""
        return stated(self.store, self.connection, persons=self.persons, **self.moment)

    @cached_property
    def settlements(self) -> list[settled.Settlement]:
        """Settlements since the plan."""
        return settled.settlements(
            self.connection, since=self.rules.since, valid_at=self.valid_at, known_at=self.known_at
        )

    @cached_property
    def standing(self) -> list[rights.StandingLine]:
        """Rights that stand, a line for each parcel."""
        return rights.lines(self.connection, valid_at=self.valid_at, known_at=self.known_at)

    @property
    def moment(self) -> dict[str, Any]:
        """Day and size, as the reading functions take them."""
        return {"valid_at": self.valid_at, "known_at": self.known_at}
