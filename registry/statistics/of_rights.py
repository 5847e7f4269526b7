"""How are the figures about rights counted: confirmation, what settled people hold, breaches? In words: figures.toml."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from registry import breaches, parties
from registry.ledger.tables import RIGHT_THINGS
from registry.parcels import counted as parcels
from registry.restrictions.read import rights_under
from registry.rights import counted as rights
from registry.statistics import heads, in_notice, settled
from registry.statistics.count import Counted, Note
from registry.statistics.table import Value, added, listed, single

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.statistics.count import Count

EXITS = ("exited", "membership-exited", "handed-back-before-2019", "taken-back-before-2019")
_USES = {
    "arable": ("耕地", "arable land"),
    "grass": ("草地", "grassland"),
    "forest": ("林地", "forest land"),
    "other": ("其他农用地", "other land in farm use"),
    "homestead": ("宅基地", "homesteads"),
}
THINGS = {
    "contract-arable": ("土地承包经营权（耕地）", "contract right, arable"),
    "contract-grass": ("土地承包经营权（草地）", "contract right, grass"),
    "contract-forest": ("土地承包经营权（林地）", "contract right, forest"),
    "contract-other": ("土地承包经营权（其他）", "contract right, other"),
    "operating": ("租入的经营权", "operating right of others' land"),
    "homestead": ("宅基地使用权", "homestead use right"),
    "income": ("集体收益分配权（份）", "share of collective income"),
}


def confirmation(at: Count) -> Counted:
    """Figure 7."""
    on: dict[str, list[rights.StandingLine]] = defaultdict(list)
    for line in at.standing:
        if line.parcel_id is not None and line.thing != "operating":
            on[line.parcel_id].append(line)
    disputed = rights_under(at.connection, "dispute", **at.moment)
    noticed = in_notice.noticed(at)
    cells: dict[str, dict[str, list[Value]]] = {use: {} for use in _USES}
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for parcel in parcels.standing(at.connection, **at.moment):
        lines = on[parcel.parcel_id]
        holders[parcel.land_use, parcel.village_id].update(line.holder_id for line in lines)
        state = 0 if not lines else 2 if all(line.certificate_number for line in lines) else 1
        under = any(line.right_id in disputed for line in lines)
        counted = (int(under), int(noticed.covers(parcel)), *(int(state == n) for n in range(3)), 1)
        values: list[Value] = [0, *counted, Decimal(parcel.m2), Decimal(parcel.mu)]
        known = cells[parcel.land_use].get(parcel.village_id)
        cells[parcel.land_use][parcel.village_id] = values if known is None else added(known, values)
    names = parties.organisations(at.connection, {village for rows in cells.values() for village in rows})
    tables = []
    for use, (zh, en) in _USES.items():
        lines_of_use = []
        for village, values in cells[use].items():
            values[0] = len(holders[use, village])
            lines_of_use.append((names[village].name, names[village].name, values))
        if lines_of_use:
            tables.append(listed(heads.confirmation(use, zh, en), sorted(lines_of_use, key=lambda line: line[0]), at.whole))
    return Counted(tables, noticed.notes())


def retained(at: Count) -> Counted:
    """Figure 8."""
    first = settled.first_of_each(at.settlements)
    before, as_whom = settled.held_before(at.connection, first, at.known_at)
    now, as_whom_now = settled.who_holds(at.connection, {p: one.rows for p, one in first.items()}, **at.moment)
    gone = _gone(at, before - now, as_whom)
    rows = [
        ("落户前没有权利", "held none before", [len(first) - len(before)]),
        ("落户前有，现在还有", "held some before, hold some now", [len(before & now)]),
        ("落户前有，现在没有：登记了退出", "held some before, none now: an exit is registered", [gone["exit"]]),
        ("落户前有，现在没有：登记了别的原因", "held some before, none now: another act is registered", [gone["act"]]),
        ("落户前有，现在没有：没有登记的原因", "held some before, none now: no act is registered", [gone["none"]]),
    ]
    owners = {holder for person in before & now for holder in as_whom_now[person]}
    seen: set[str] = set()
    kinds: dict[str, list[Value]] = {}
    for line in at.standing:
        if line.holder_id in owners and line.thing != "operating":
            values: list[Value] = [int(line.right_id not in seen), Decimal(line.m2 or 0), Decimal(line.mu or 0)]
            seen.add(line.right_id)
            kinds[line.thing] = added(kinds.get(line.thing, [0, Decimal(), Decimal()]), values)
    by_kind = [
        single(heads.retained_rights(thing, *THINGS[thing]), *THINGS[thing], kinds[thing])
        for thing in RIGHT_THINGS
        if thing in kinds
    ]
    return Counted([listed(heads.retained(), rows, ("落户的人", "people who settled")), *by_kind], _share(before, now, gone, at))


def breached(at: Count) -> Counted:
    """Figure 11."""
    found = breaches.counted(at.connection, at.valid_at, at.known_at)
    lines = [(place, place, list(counts)) for place, counts in sorted(found.items())]
    return Counted([listed(heads.breaches(), lines)], [])


def _gone(at: Count, people_gone: Iterable[str], as_whom: dict[str, list[str]]) -> Counter[str]:
    """Why people hold nothing any more: an exit, another act that ended a right of theirs, or nothing that is registered."""
    gone = sorted(people_gone)
    if not gone:
        return Counter()
    by_holder: dict[str, set[str]] = defaultdict(set)
    for act in rights.endings(at.connection, {h for p in gone for h in as_whom[p]}, **at.moment):
        by_holder[act.holder_id].add(act.kind)
    why: Counter[str] = Counter()
    for person in gone:
        kinds = set().union(*(by_holder[holder] for holder in as_whom[person]))
        why["exit" if kinds & set(EXITS) else "act" if kinds else "none"] += 1
    return why


def _share(before: set[str], now: set[str], gone: Counter[str], at: Count) -> list[Note]:
    """The share of those who held any and left none by a registered act who still hold some: it should be all of them."""
    base = len(before) - gone["exit"] - gone["act"]
    if base < at.rules.limit:
        return []
    share = Decimal(len(before & now)) * 100 / base
    zh = f"落户前有权利、没有登记退出或别的原因的人里, 现在还有的占 {share:.1f}%"
    return [Note(zh, f"of those who held some before and left none by an act, {share:.1f} % still hold some")]
