"""How does the delivered roster of hukou registrations come in, without ever touching a right?

Under the status session, after the desk's transaction: one event (kind type-unified) a hukou household and day. An event
carries a key made of its content, so an import that was cut off goes on where it stopped and a second one adds nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from registry.delivery.deeds import Person, person_of, roster_rows
from registry.delivery.identity import IDENTITY_CARD, flags
from registry.delivery.people import registered_people
from registry.ledger.status import status_session
from registry.parties import Identity
from registry.residence import Registration
from registry.settlement import Event, record_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.delivery.read import Delivery
    from registry.ledger.commit import Officer
    from registry.store.engines import Store

_KIND = "type-unified"
# The plan's own day (II.2.1): one type of registration since then. A registration may be older; its unification isn't.
_UNIFIED = "2016-09-14"
# A cut-off import loses at most so many events, which the next one records.
_TOGETHER = 500
_RESIDENT = "居民"
_FORMER = {"农业", "非农业"}


def record_roster(
    store: Store,
    delivery: Delivery,
    returned: set[str],
    officer: Officer,
    progress: Callable[[str], None] | None = None,
) -> int:
    """Record the rows of every village that did not come back; returns how many events are new."""
    frame = delivery.part("户籍")
    if frame is None:
        return 0
    rows = [row for index, row in roster_rows(frame) if frame.village[index] not in returned]
    grouped: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        grouped[row["登记日期"], row["户号"]].append(row)
    limits = delivery.part("CJQY")
    names = {} if limits is None else dict(zip(limits.values("CJQYDM"), limits.values("CJQYMC"), strict=True))
    with store.reading() as connection:
        people = registered_people(store, connection, {person_of(row) for row in rows})
    events = [
        ([person_of(row) for row in sorted(grouped[key], key=_order)], _event(key, grouped[key], names, delivery.content_hash))
        for key in sorted(grouped)
    ]
    recorded = 0
    for start in range(0, len(events), _TOGETHER):
        if progress is not None:
            progress("hukou")
        with status_session(store) as session:
            for who, make in events[start : start + _TOGETHER]:
                done = record_within(session, make(people), officer.name, officer.bureau)
                if done.repeated:
                    continue
                recorded += 1
                fresh = [person for person in dict.fromkeys(who) if person not in people]
                people.update(zip(fresh, done.newcomers, strict=True))
            session.connection.commit()
    return recorded


def _order(row: dict[str, str]) -> tuple[str, str]:
    return row["证件号码"], row["姓名"]


def _event(
    key: tuple[str, str], rows: list[dict[str, str]], names: dict[str, str], source: str
) -> Callable[[dict[Person, str]], Event]:
    """The event of one household and day, as soon as it is known which of its people are registered."""
    day, household = key
    ordered = sorted(rows, key=_order)
    content = json.dumps([_KIND, day, household, [sorted(row.items()) for row in ordered]], ensure_ascii=False)

    def make(people: dict[Person, str]) -> Event:
        fresh = [person for person in dict.fromkeys(person_of(row) for row in ordered) if person not in people]
        ids = people | {person: f"new:{n}" for n, person in enumerate(fresh)}
        return Event(
            kind=_KIND,
            day=max(day, _UNIFIED),
            people=tuple(dict.fromkeys(people[person_of(row)] for row in ordered if person_of(row) in people)),
            registrations=tuple(_registration(row, ids[person_of(row)], names) for row in ordered),
            newcomers=tuple(
                Identity(p.name, p.number, IDENTITY_CARD, "", flags(p.number, IDENTITY_CARD)) for p in fresh
            ),
            basis="户籍名册",
            evidence=(source,),
            key=f"delivery-roster {content}",
        )

    return make


def _registration(row: dict[str, str], person_id: str, names: dict[str, str]) -> Registration:
    kind = row["户口类别"]
    return Registration(
        person_id,
        row["登记日期"],
        row["户号"],
        row["与户主关系"],
        row["区划代码"],
        names.get(row["区划代码"], ""),
        row["住址"],
        kind if kind == _RESIDENT else _RESIDENT,
        row["原户口类别"] or (kind if kind in _FORMER else ""),
    )
