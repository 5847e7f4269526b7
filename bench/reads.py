"""How long does a question take at that size, in process: a parcel by its code, a person's statement, a box of parcels?

Each draw is all that the service does but for HTTP: a reading session, the moment, the answer, its bytes; and what is
loaded is kept as the service keeps it. Everything is warm, and who or what is asked about is drawn with a seed.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import sqlalchemy as sa

from api import asked
from api.answers import parcels, persons, written
from api.main import keep_loaded
from bench.registers import gather_statistics
from migrations.upgrade import open_registry
from registry.holding.model import HOLDING_MEMBER
from registry.parcels import read
from registry.parcels.box import Box
from registry.parcels.model import PARCEL_VERSION
from registry.residence import Registration
from registry.settlement import settle_family

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.store.engines import Store
    from registry.store.settings import EngineName, Settings

WARM_UP = 100
FAMILIES = 200
LARGEST_BOX, PAGE = 200, 100
_BOX = (1080.0, 1320.0)  # metres: twelve cells of the generated mesh each way, so that at most 14 × 14 meet it
_BOXES = 300
_SETTLED_ON = "2017-05-08"

Ask: TypeAlias = Callable[["Connection", "Moment"], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One kind of question on one engine: milliseconds of the median and of the 99th percentile of all draws."""

    engine: EngineName
    question: str
    p50_ms: float
    p99_ms: float


def measure(settings: Settings, draws: int, tell: Callable[[str], None]) -> list[Reading]:
    """Settle some families in town, then ask. The registry is a throwaway one: it keeps the household events."""
    rng = random.Random(20161130)
    store = open_registry(settings.folder)
    try:
        tell(f"{settings.engine}: {FAMILIES} families settle in town")
        people = _settle(store, rng)
        gather_statistics(settings)
        keep_loaded()
        tell(f"{settings.engine}: {draws} draws of each question")
        return [
            Reading(settings.engine, name, *_timed(store, questions))
            for name, questions in _questions(store, people, draws, rng).items()
        ]
    finally:
        gc.unfreeze()
        store.close()


def _settle(store: Store, rng: random.Random) -> list[str]:
    """Record that families took up an urban registration; the ids of their people."""
    with store.reading() as connection:
        ids = sorted(connection.scalars(sa.select(HOLDING_MEMBER.c.thing_id).distinct()))
        chosen = rng.sample(ids, min(FAMILIES, len(ids)))
        families: dict[str, list[str]] = {holding: [] for holding in chosen}
        rows = connection.execute(
            sa.select(HOLDING_MEMBER.c.thing_id, HOLDING_MEMBER.c.person_id).where(
                HOLDING_MEMBER.c.thing_id.in_(chosen)
            )
        )
        for row in rows:
            families[row.thing_id].append(row.person_id)
    for number, people in enumerate(families.values()):
        town = Registration("", "", f"城{number:04}", "", "150626100010", "嘎鲁图镇", f"嘎鲁图镇 {number} 号")
        settle_family(store, people, day=_SETTLED_ON, town=town, officer_name="民警甲")
    return [person for people in families.values() for person in people]


def _questions(store: Store, people: Sequence[str], draws: int, rng: random.Random) -> dict[str, list[Ask]]:
    with store.reading() as connection:
        codes = sorted(connection.scalars(sa.select(PARCEL_VERSION.c.code)))
        boxes = _boxes(connection, asked.moment(store, connection, None, None), codes, rng)

    def by_code(code: str) -> Ask:
        return lambda connection, at: parcels.parcels(connection, at, code=code)

    def statement(person: str) -> Ask:
        return lambda connection, at: persons.statement(store, connection, person, at)

    def in_box(box: Box) -> Ask:
        return lambda connection, at: parcels.parcels(connection, at, box=box, limit=PAGE)

    asked_in_all = draws + WARM_UP
    return {
        "parcel": [by_code(code) for code in rng.choices(codes, k=asked_in_all)],
        "statement": [statement(person) for person in rng.choices(people, k=asked_in_all)],
        "box": [in_box(box) for box in rng.choices(boxes, k=asked_in_all)],
    }


def _boxes(connection: Connection, at: Moment, codes: Sequence[str], rng: random.Random) -> list[Box]:
    """Boxes around parcels drawn at random, none of which more than `LARGEST_BOX` parcels meet."""
    boxes = []
    for code in rng.choices(codes, k=_BOXES):
        middle = read.by_code(connection, code, valid_at=at.valid_at, known_at=at.known_at)[0].shape.centroid
        half_width, half_height = (side / 2 for side in _BOX)
        box = Box(middle.x - half_width, middle.y - half_height, middle.x + half_width, middle.y + half_height)
        met = read.page(connection, valid_at=at.valid_at, known_at=at.known_at, box=box, limit=LARGEST_BOX + 1)
        if len(met) <= LARGEST_BOX:
            boxes.append(box)
    return boxes


def _timed(store: Store, questions: Sequence[Ask]) -> tuple[float, float]:
    seconds = []
    for question in questions:
        began = time.perf_counter()
        with store.reading() as connection:
            written(question(connection, asked.moment(store, connection, None, None)))
        seconds.append(time.perf_counter() - began)
    p50, p99 = np.percentile(np.array(seconds[WARM_UP:]) * 1e3, (50, 99))
    return float(p50), float(p99)
