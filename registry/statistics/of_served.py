"""How many people of rural origin have which urban service, by the report of the bureau that gives it (figure 6)?

Each service is a table of its own: one person can have several, so that services are no parts of a sum. Who of figure 4 stands
in no report is not said to have nothing: nobody reported them.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from registry.entitlements import services
from registry.service_reports.standing import last_reported, reported, whose
from registry.statistics import heads
from registry.statistics.count import Counted, Note
from registry.statistics.of_people import where_now
from registry.statistics.table import listed

if TYPE_CHECKING:
    from registry.statistics.count import Count


def served(at: Count) -> Counted:
    """Figure 6: of those of figure 4, settled, with a permit and the others apart."""
    last = last_reported(at.connection, at.known_at)
    if not last:
        return Counted([], [Note("还没有部门报来", "no bureau has reported")])
    who: dict[str, set[str]] = defaultdict(set)
    for one in reported(at.connection, **at.moment):
        who[one.service].add(at.persons.get(one.person_id, one.person_id))
    columns = heads.transferred().columns[:-1]
    everybody = [0] * len(columns)
    for group in at.groups:
        where = where_now(at, group)
        if where is not None:
            everybody[where[0]] += group.people
    column_of = {person: where[0] for person, one in at.each(whose(**at.moment)).items() if (where := where_now(at, one))}
    tables, notes = [], []
    for service in services():
        if not service.provider:
            continue
        if service.id not in last:
            notes.append(Note(f"{service.short}: {service.bureau}还没有报来", f"{service.id}: not reported yet"))
            continue
        has = [0] * len(columns)
        for person in who[service.id] & column_of.keys():
            has[column_of[person]] += 1
        lines = [
            (column.zh, column.en, [some, every - some, every])
            for column, some, every in zip(columns, has, everybody, strict=True)
        ]
        head = heads.served(service.id, f"{service.short}（{service.bureau}报）", service.en)
        tables.append(listed(head, lines, ("农牧业转移人口", "people of rural origin")))
        day = last[service.id]
        notes.append(Note(f"{service.short}: {service.bureau}最后一次报来 {day}", f"{service.id}: last reported on {day}"))
    return Counted(tables, notes)
