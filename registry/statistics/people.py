"""How many people are registered where, hold a permit, come from the country: on a day, as known at a size of the log?

One pass over registrations and permits gives groups: people counted by where they are registered, by the permit that they
hold, and by whether they are of rural origin. Every figure about the size of the population is a sum of groups, so that
figures agree with one another. Nobody's name is opened for it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from registry.membership.read import once_a_member
from registry.places import TOWN_DIGITS
from registry.residence import ACTUAL_RESIDENCE, HOUSEHOLD_EVENT, HUKOU_REGISTRATION, RESIDENCE_PERMIT
from registry.same_person import one_person
from registry.statistics import permits
from registry.store.types import Day, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import CTE, ColumnElement, FromClause, Row, Select, Subquery, Table
    from sqlalchemy.engine import Connection

_DAY = sa.bindparam("day", type_=Day)
_KNOWN = sa.bindparam("known", type_=Whole)
_FIRST_VILLAGE, _LAST_VILLAGE = (sa.bindparam(name, type_=Words) for name in ("first_village", "last_village"))
_KNOWN_DIGITS = 12


class Group(NamedTuple):
    """People who are registered, and hold a permit, alike.

    `division` is "" where nobody knows of a registration; `permit` is "in-force", "suspended" or "none" (a permit of another
    place is none), and `permit_division` says where it was issued. `rural`: of rural origin.
    """

    division: str
    name: str
    permit: str
    permit_division: str
    rural: bool
    people: int


def standing(table: Table, day: ColumnElement[str] = _DAY, known: ColumnElement[int] = _KNOWN) -> Select[tuple[str]]:
    """The rows of a table of states of people that are in force: of each person the last begun, as `residence` picks it."""
    later = table.alias()
    outdone = sa.exists().where(
        later.c.person_id == table.c.person_id,
        sa.tuple_(later.c.valid_from, later.c.event_idx, -later.c.seq)
        > sa.tuple_(table.c.valid_from, table.c.event_idx, -table.c.seq),
        _counts(later, day, known),
    )
    return sa.select(table).where(_counts(table, day, known), ~outdone)


def _counts(table: FromClause, day: ColumnElement[str], known: ColumnElement[int]) -> ColumnElement[bool]:
    """Known by then, begun by the day, and of an event that nobody had cancelled by then."""
    annulled = sa.select(HOUSEHOLD_EVENT.c.cancels_idx).where(
        HOUSEHOLD_EVENT.c.cancels_idx.is_not(None), HOUSEHOLD_EVENT.c.event_idx < known
    )
    return sa.and_(table.c.event_idx < known, table.c.valid_from <= day, table.c.event_idx.not_in(annulled))


def is_village(code: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a division is a village (嘎查、村): the last three of its twelve digits are in the range of villages."""
    number = sa.func.substr(code, TOWN_DIGITS + 1, _KNOWN_DIGITS - TOWN_DIGITS)
    return sa.and_(number >= _FIRST_VILLAGE, number <= _LAST_VILLAGE)


def registered(*also: str) -> CTE:
    """Who is registered anywhere: person, division and its name, and what else is asked for. Narrow, for it is kept aside."""
    state = HUKOU_REGISTRATION.c
    names = ("person_id", "division_code", "division_name", *also)
    return (
        standing(HUKOU_REGISTRATION)
        .where(state.status == "registered")
        .with_only_columns(*(state[name] for name in names))
        .cte("registered")
    )


def of_rural_origin(person: ColumnElement[str], code: ColumnElement[str]) -> ColumnElement[bool]:
    """Registered in a village now or on an earlier day, or a member of a collective, now or once."""
    before = HUKOU_REGISTRATION.alias()
    once = sa.exists().where(
        before.c.person_id == person, is_village(before.c.division_code), _counts(before, _DAY, _KNOWN)
    )
    return sa.or_(is_village(code), once, once_a_member(person, _DAY, _KNOWN))


def _told(*also: str) -> Subquery:
    """Everybody who is registered anywhere or holds a permit of the banner; `also`: columns of the registration."""
    here, permit = registered(*also), permits.permitted(_counts(RESIDENCE_PERMIT, _DAY, _KNOWN))
    nowhere = sa.literal("", Words)
    return sa.union_all(
        sa.select(
            here.c.person_id,
            here.c.division_code.label("division"),
            here.c.division_name.label("name"),
            sa.func.coalesce(permit.c.permit, "none").label("permit"),
            sa.func.coalesce(permit.c.division_code, "").label("place"),
            *(here.c[name] for name in also),
        ).join_from(here, permit, permit.c.person_id == here.c.person_id, isouter=True),
        sa.select(
            permit.c.person_id, nowhere.label("division"), nowhere.label("name"), permit.c.permit, permit.c.division_code,
            *(sa.cast(sa.null(), here.c[name].type) for name in also),
        ).where(~sa.exists().where(here.c.person_id == permit.c.person_id)),
    ).subquery("told")  # fmt: skip


def _groups() -> Select[Any]:
    told = _told()
    each = sa.select(
        told.c.division, told.c.name, told.c.permit, told.c.place,
        of_rural_origin(told.c.person_id, told.c.division).label("rural"),
    ).subquery("each")  # fmt: skip
    alike = (each.c.division, each.c.permit, each.c.place, each.c.rural)
    return sa.select(
        each.c.division, sa.func.max(each.c.name), each.c.permit, each.c.place, each.c.rural, sa.func.count()
    ).group_by(*alike)


def _rows_of(persons: Select[tuple[str]] | ColumnElement[Any]) -> Select[Any]:
    told = _told("valid_from", "event_idx")
    return sa.select(
        told.c.person_id, told.c.valid_from, told.c.event_idx, told.c.division, told.c.name, told.c.permit, told.c.place,
        of_rural_origin(told.c.person_id, told.c.division).label("rural"),
    ).where(told.c.person_id.in_(persons))  # fmt: skip


GROUPS = _groups()
_ROWS_OF_SOME = _rows_of(sa.bindparam("persons", expanding=True))


def _lived_in() -> Select[Any]:
    lives = standing(ACTUAL_RESIDENCE).with_only_columns(
        ACTUAL_RESIDENCE.c.person_id, ACTUAL_RESIDENCE.c.division_code
    ).cte("lives")
    state = HUKOU_REGISTRATION.c
    # Person by person: those of whom it was recorded are few among all who are registered.
    here = (
        standing(HUKOU_REGISTRATION)
        .where(
            state.person_id == lives.c.person_id,
            state.status == "registered",
            state.division_code.startswith(sa.bindparam("banner", type_=Words)),
        )
        .correlate(lives)
        .exists()
    )
    return (
        sa.select(lives.c.division_code, sa.func.count().label("people"))
        .where(here, lives.c.person_id.not_in(sa.bindparam("elsewhere", expanding=True)))
        .group_by(lives.c.division_code)
    )


_LIVED_IN = _lived_in()


def asked(
    banner: str, valid_at: str, known_at: int, villages: Sequence[str], months: int | None
) -> dict[str, str | int]:
    """What `linked` and `groups` are asked with.

    `villages`: the first and the last of the last three digits of a village's code; a permit holds for `months` after it
    was issued or endorsed (None: for ever).
    """
    return values(valid_at, known_at, villages) | permits.values(valid_at, banner, months)


def linked(connection: Connection, given: dict[str, str | int]) -> list[list[Row[Any]]]:
    """The counted rows of each person who has several, in the order in which their registrations began: the last one counts."""
    persons = one_person(connection, valid_at=str(given["day"]), known_at=int(given["known"]))
    if not persons:
        return []
    together = defaultdict(list)
    for row in connection.execute(_ROWS_OF_SOME, {**given, "persons": list(persons)}):
        together[persons[row.person_id]].append(row)
    return [
        sorted(rows, key=lambda row: (row.valid_from or "", -1 if row.event_idx is None else row.event_idx))
        for rows in together.values()
    ]


def groups(connection: Connection, given: dict[str, str | int], several: Iterable[list[Row[Any]]]) -> list[Group]:
    """Everybody who is registered or holds a permit of the banner, in groups, in the order of divisions, each person once.

    `several`: the rows of `linked`, which are one person each time.
    """
    found = {
        (division, permit, place, bool(rural)): (name, count)
        for division, name, permit, place, rural, count in connection.execute(GROUPS, given)
    }
    for key, name, more in _corrected(several):
        named, count = found.get(key, (name, 0))
        found[key] = (named, count + more)
    return sorted(
        Group(division, name, permit, place, rural, count)
        for (division, permit, place, rural), (name, count) in found.items()
        if count
    )


def _corrected(several: Iterable[list[Row[Any]]]) -> Iterator[tuple[tuple[str, str, str, bool], str, int]]:
    """What is counted too often, or in the wrong group, where several rows are one person: a group, its name, how many more."""
    for rows in several:
        for row in rows:
            yield (row.division, row.permit, row.place, bool(row.rural)), row.name, -1
        one = _person(rows)
        yield (one.division, one.permit, one.permit_division, one.rural), one.name, 1


def each(
    connection: Connection,
    given: dict[str, str | int],
    persons: Select[tuple[str]],
    several: Iterable[list[Row[Any]]],
    linked_as: Mapping[str, str],
) -> dict[str, Group]:
    """Each person of whom a query finds a row, alone in their group; absent where nobody knows of registration or permit.

    `several`: the rows of `linked`; `linked_as`: the person whom each of those rows is.
    """
    rows = connection.execute(_rows_of(persons), given)
    found = {row.person_id: _person([row]) for row in rows if row.person_id not in linked_as}
    return found | {linked_as[together[-1].person_id]: _person(together) for together in several}


def _person(rows: Sequence[Row[Any]]) -> Group:
    """One person by the rows that they have: registered by the last, with whichever permit, of rural origin by any."""
    kept = rows[-1]
    held = next((row for row in reversed(rows) if row.permit != "none"), kept)
    return Group(kept.division, kept.name, held.permit, held.place, any(row.rural for row in rows), 1)


def lived_in(
    connection: Connection, banner: str, valid_at: str, known_at: int, elsewhere: Iterable[str]
) -> dict[str, int]:
    """Where those of the people registered in the banner really live of whom that was ever recorded, by division.

    `elsewhere`: rows of people who are counted by another one of theirs.
    """
    asked = {"day": valid_at, "known": known_at, "banner": banner, "elsewhere": list(elsewhere)}
    rows = connection.execute(_LIVED_IN, asked)
    return {row.division_code: row.people for row in rows}


def values(valid_at: str, known_at: int, villages: Sequence[str]) -> dict[str, str | int]:
    """What the statements of this page are asked with, permits apart."""
    return {"day": valid_at, "known": known_at, "first_village": villages[0], "last_village": villages[1]}
