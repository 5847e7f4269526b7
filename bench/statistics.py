"""How long do the figures of a past day take over 100,000 people, beside the same question in plain SQL?

Ours is all that the service does but for HTTP: a reading session, figures 1, 3, 4 and 5 with their masks, the answer's bytes.
The peer is one SELECT written by hand, through the engine's own driver, that gives the groups those figures are made of.
Both are warm and take turns; the register keeps moves, permits, cancelled events and entries later than the day.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

import orjson

from api import asked
from api.answers.statistics import statistics
from bench.registers import fresh_registry, gather_statistics
from migrations.upgrade import open_registry
from registry.decisions.facts import months_after
from registry.ledger.status import status_session
from registry.parties import Identity, check_digit
from registry.residence import Registration
from registry.settlement import Event, record_within
from registry.statistics.people import values
from registry.statistics.rules import rules_on
from registry.store.planning import plan_for_values

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from registry.store.settings import EngineName

PEOPLE, DAY = 100_000, "2020-06-01"
ASKED = ("population", "distribution", "transferred", "fiscal-base")
_TOGETHER = 500
_MOVED, _PERMITS = 0.2, 0.05
_VILLAGES = [f"150626{town}{village}" for town in (100, 101, 102, 103, 104, 200) for village in range(200, 212)]
_TOWNS = [f"150626{town}{community:03}" for town in (100, 101, 104) for community in range(1, 9)]
_PLAIN = """
WITH annulled AS (
  SELECT cancels_idx AS idx FROM household_event WHERE cancels_idx IS NOT NULL AND event_idx < {known}
), here AS (
  SELECT r.person_id, r.division_code, r.division_name FROM hukou_registration r
  WHERE r.event_idx < {known} AND r.valid_from <= {day} AND r.event_idx NOT IN (SELECT idx FROM annulled)
    AND r.status = 'registered' AND NOT EXISTS (
      SELECT 1 FROM hukou_registration n WHERE n.person_id = r.person_id
        AND (n.valid_from, n.event_idx) > (r.valid_from, r.event_idx)
        AND n.event_idx < {known} AND n.valid_from <= {day} AND n.event_idx NOT IN (SELECT idx FROM annulled))
), permit AS (
  SELECT p.person_id, p.division_code,
    CASE WHEN p.status IN ('issued','endorsed') AND p.valid_from >= {endorsed} THEN 'in-force' ELSE 'suspended' END AS permit
  FROM residence_permit p
  WHERE p.event_idx < {known} AND p.valid_from <= {day} AND p.event_idx NOT IN (SELECT idx FROM annulled)
    AND p.status <> 'lapsed' AND NOT EXISTS (
      SELECT 1 FROM residence_permit n WHERE n.person_id = p.person_id
        AND (n.valid_from, n.event_idx) > (p.valid_from, p.event_idx)
        AND n.event_idx < {known} AND n.valid_from <= {day} AND n.event_idx NOT IN (SELECT idx FROM annulled))
), people AS (
  SELECT h.person_id, h.division_code AS division, h.division_name AS name, coalesce(p.permit, 'none') AS permit,
    coalesce(p.division_code, '') AS place
  FROM here h LEFT JOIN permit p ON p.person_id = h.person_id
  UNION ALL
  SELECT p.person_id, '', '', p.permit, p.division_code FROM permit p
  WHERE NOT EXISTS (SELECT 1 FROM here h WHERE h.person_id = p.person_id)
), told AS (
  SELECT division, name, permit, place, substr(division, 10, 3) BETWEEN '200' AND '399'
    OR EXISTS (
      SELECT 1 FROM hukou_registration b WHERE b.person_id = people.person_id
        AND substr(b.division_code, 10, 3) BETWEEN '200' AND '399' AND b.event_idx < {known} AND b.valid_from <= {day}
        AND b.event_idx NOT IN (SELECT idx FROM annulled))
    OR EXISTS (
      SELECT 1 FROM membership_version m
      WHERE m.person_id = people.person_id AND m.valid_from <= {day} AND m.cause_idx < {known}) AS rural
  FROM people
)
SELECT division, max(name), permit, place, rural, count(*) FROM told GROUP BY division, permit, place, rural
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures on one engine: seconds of each run, ours and the plain SELECT's, and how many people they counted."""

    engine: EngineName
    people: int
    ours_s: list[float]
    peer_s: list[float]

    @property
    def seconds(self) -> float:
        """Our median."""
        return median(self.ours_s)

    @property
    def ratio(self) -> float:
        """Our median over the peer's."""
        return median(self.ours_s) / median(self.peer_s)


def measure(engine: EngineName, people: int, runs: int, below: Path, tell: Callable[[str], None]) -> Counted:
    """Make a register of so many people, then ask in turns. Raises ValueError where the two disagree."""
    with fresh_registry(engine, below) as settings:
        store = open_registry(settings.folder)
        try:
            tell(f"{engine}: {people:,} people are registered")
            known = _people(store, people)
            gather_statistics(settings)
            tell(f"{engine}: {runs} runs of the figures of {DAY}")
            plain, told = _plain(store, known), _ours(store, known)  # warms both
            ours, peer = [], []
            for _run in range(runs):
                began = time.perf_counter()
                _plain(store, known)
                between = time.perf_counter()
                _ours(store, known)
                peer.append(between - began)
                ours.append(time.perf_counter() - between)
            counted = sum(row[-1] for row in plain if row[0].startswith("150626"))
            whole = orjson.loads(told)["figures"][0]["tables"][0]["rows"][0]["values"][0]
            if counted != whole:
                raise ValueError(counted, whole)
        finally:
            store.close()
    return Counted(engine, whole, ours, peer)


def _ours(store: Store, known: int) -> bytes:
    with store.reading() as connection:
        at = asked.moment(store, connection, DAY, str(known))
        return orjson.dumps(statistics(store, connection, at, ASKED))


def _plain(store: Store, known: int) -> list[tuple[Any, ...]]:
    # Each permit of this register has one step: the peer need not walk along them.
    bound = values(DAY, known, rules_on(DAY).villages) | {"endorsed": months_after(dt.date.fromisoformat(DAY), -12).isoformat()}
    names = ("known", "day", "endorsed")
    placeholders = {name: f"%({name})s" if store.on_postgresql else f":{name}" for name in names}
    with store.reading() as connection:
        connection.begin()
        plan_for_values(connection)  # the same session settings as ours
        driver: Any = connection.connection.driver_connection
        rows: list[tuple[Any, ...]] = driver.execute(
            _PLAIN.format(**placeholders), {name: bound[name] for name in names}
        ).fetchall()
        return rows


def _people(store: Store, count: int) -> int:
    """Register, move, permit and cancel; the size of the log before what was recorded last."""
    rng = random.Random(2020)
    ids: list[str] = []
    for start in range(0, count, _TOGETHER):
        here = range(start, min(start + _TOGETHER, count))
        rows = tuple(_registered(f"new:{n}", "2016-09-14", rng.choice(_VILLAGES), one) for n, one in enumerate(here))
        who = tuple(Identity("某", _number(one)) for one in here)
        ids += _record(store, Event("type-unified", "2016-09-14", (), rows, newcomers=who, key=f"first {start}"))[1]
    moving = rng.sample(ids, int(count * _MOVED))
    holding = rng.sample(ids, int(count * _PERMITS))
    known = 0
    for start in range(0, len(moving), _TOGETHER):
        some = moving[start : start + _TOGETHER]
        day = f"20{17 + start // _TOGETHER % 8}-05-08"
        rows = tuple(_registered(person, day, rng.choice(_TOWNS), start) for person in some)
        known = _record(store, Event("type-unified", day, tuple(some), rows, key=f"move {start}"))[0] + 1
    for start in range(0, len(holding), _TOGETHER):
        some = holding[start : start + _TOGETHER]
        permits = {person: ("issued", rng.choice(_TOWNS)) for person in some}
        _record(store, Event("type-unified", "2019-12-01", tuple(some), permits=permits, key=f"permit {start}"))
    _record(store, Event("event-cancelled", "2020-01-01", (moving[0],), cancels=known - 1, key="cancelled"))
    return known + len(range(0, len(holding), _TOGETHER)) + 1


def _record(store: Store, event: Event) -> tuple[int, tuple[str, ...]]:
    with status_session(store) as session:
        done = record_within(session, event, "民警甲", "公安局")
        session.connection.commit()
    return done.idx, tuple(done.newcomers)


def _registered(person: str, day: str, division: str, one: int) -> Registration:
    return Registration(person, day, f"H{one // 4}", "", division, f"区划{division}", "某处")


def _number(one: int) -> str:
    body = f"150699{1940 + one % 70}0{one % 9 + 1}{one // 70 % 28 + 1:02}{one // 2000:03}"
    return body + check_digit(body)
