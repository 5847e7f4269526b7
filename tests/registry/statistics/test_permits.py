"""Permits of everybody at once stand as the decision says of each one, on any day, as known at any size; both engines."""

from __future__ import annotations

import datetime as dt
import random

import pytest
import sqlalchemy as sa

from registry import residence
from registry.decisions.permits import held_here, standing
from registry.parties import Identity
from registry.residence import RESIDENCE_PERMIT, Registration
from registry.settlement import Event, record
from registry.statistics.permits import permitted, values
from registry.statistics.rules import rules_on
from registry.store.engines import Store
from tests.registry import made_up

BANNER = "150626"
HERE, ALSO_HERE, ELSEWHERE = "150626100010", "150626101001", "150102001001"
ISSUED = ("2015-06-30", "2016-02-29", "2016-03-01", "2017-10-01", "2017-10-31", "2018-08-31", "2019-12-31")
PEOPLE, EVENTS = 60, 70


def around(day: str) -> list[str]:
    """Each anniversary of a day with the days before and after it, and those of the month before."""
    start, found = dt.date.fromisoformat(day), list[dt.date]()
    for year in range(start.year, start.year + 5):
        for month in (start.month, start.month - 1 or 12):
            first = dt.date(year, month, 1)
            found += [first + dt.timedelta(days=start.day - 1 + off) for off in (-1, 0, 1)]
    return sorted({each.isoformat() for each in found})


DAYS = sorted({each for day in ISSUED for each in around(day)})


@pytest.mark.rule("PERIODS/counting", "RP-663/10")
@pytest.mark.parametrize("seed", [1, 2])
def test_permits_of_all_stand_as_the_decision_says_of_each(store: Store, seed: int) -> None:
    """民法典 201, 202 and Order 663 art. 10, said once for one permit and once in SQL for all: the same, day by day."""
    rng = random.Random(seed)
    who = tuple(Identity(f"张{n}", made_up.id_number("19700101", n + 1), sex="") for n in range(PEOPLE))
    rows = tuple(Registration(f"new:{n}", "2014-01-01", f"H{n}", "", ELSEWHERE, "外地", "某处") for n in range(PEOPLE))
    first = Event("registered-first", "2014-01-01", (), rows, newcomers=who, key="who")
    people = record(store, first, "王警官", "公安局").newcomers
    sizes, done = [0], list[int]()
    for n in range(EVENTS):
        words, weights = ("issued", "endorsed", "suspended", "lapsed"), (6, 8, 1, 1)
        some = rng.sample(people, rng.randint(1, PEOPLE // 3))
        permits = {
            person: (rng.choices(words, weights)[0], rng.choices((HERE, ALSO_HERE, ELSEWHERE), (12, 4, 1))[0])
            for person in some
        }
        day = rng.choice(ISSUED if n < EVENTS // 3 else DAYS)
        event = Event("permit-issued", day, tuple(some), permits=permits, key=f"step {n}")
        if n % 20 == 19:
            event = Event("event-cancelled", day, tuple(some), cancels=done.pop(), key=f"step {n}")
        idx = record(store, event, "王警官", "公安局").idx
        if event.cancels is None:
            done.append(idx)
        sizes.append(idx + 1)
    seen: set[str] = set()
    with store.reading() as connection:
        for known in (sizes[25], sizes[-1]):
            told = {person: residence.permits(connection, person, known) for person in people}
            for day in DAYS:
                found = at_once(connection, day, known)
                on, each = dt.date.fromisoformat(day), {}
                for person, steps in told.items():
                    state = standing(held_here(steps, on, BANNER), on).state
                    if state in {"in force", "suspended"}:
                        each[person] = state.replace(" ", "-")
                assert found == each, (day, known)
                seen |= set(each.values())
    assert seen == {"in-force", "suspended"}


def at_once(connection: sa.Connection, day: str, known: int) -> dict[str, str]:
    """Who holds a permit as the figures read it."""
    cancelled = sa.select(residence.HOUSEHOLD_EVENT.c.cancels_idx).where(
        residence.HOUSEHOLD_EVENT.c.cancels_idx.is_not(None), residence.HOUSEHOLD_EVENT.c.event_idx < known
    )
    state = RESIDENCE_PERMIT.c
    begun = state.valid_from <= sa.bindparam("day", day, state.valid_from.type)
    holds = permitted(sa.and_(state.event_idx < known, begun, state.event_idx.not_in(cancelled)))
    months = rules_on(day).permit_months
    rows = connection.execute(sa.select(holds), values(day, BANNER, months))
    return {row.person_id: row.permit for row in rows}
