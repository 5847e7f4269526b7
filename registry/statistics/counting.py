"""How is each figure counted on a day, as known at a size of the log? One function a figure; figures.toml says it in words."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from registry import breaches, parties
from registry.ledger.tables import RIGHT_THINGS
from registry.membership import read as memberships
from registry.parcels import counted as parcels
from registry.places import TOWN_DIGITS, in_town, towns
from registry.residence import EVENT_PERSON, HOUSEHOLD_EVENT
from registry.restrictions.read import rights_under
from registry.rights import counted as rights
from registry.statistics import heads, people, settled, structure
from registry.statistics.table import Table, Value, listed, placed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import Connection

    from registry.statistics.people import Group
    from registry.statistics.rules import Rules
    from registry.store.engines import Store

EXITS = ("exited", "membership-exited", "handed-back-before-2019", "taken-back-before-2019")
_KINDS_OF_EXIT = {
    "exited": ("自愿有偿退出", "voluntary paid exit"),
    "membership-exited": ("自愿退出成员", "voluntary exit from membership"),
    "handed-back-before-2019": ("2019 年前交回", "handed back before 2019"),
    "taken-back-before-2019": ("2019 年前收回", "taken back before 2019"),
}
_USES = {
    "arable": ("耕地", "arable land"),
    "grass": ("草地", "grassland"),
    "forest": ("林地", "forest land"),
    "other": ("其他农用地", "other land in farm use"),
    "homestead": ("宅基地", "homesteads"),
}
_THINGS = {
    "contract-arable": ("土地承包经营权（耕地）", "contract right, arable"),
    "contract-grass": ("土地承包经营权（草地）", "contract right, grass"),
    "contract-forest": ("土地承包经营权（林地）", "contract right, forest"),
    "contract-other": ("土地承包经营权（其他）", "contract right, other"),
    "operating": ("租入的经营权", "operating right of others' land"),
    "homestead": ("宅基地使用权", "homestead use right"),
    "income": ("集体收益分配权（份）", "share of collective income"),
}
_TERMS = ((1, "不满 1 年", "under 1 year"), (5, "1–5 年", "1 to 5 years"), (10, "5–10 年", "5 to 10 years"), (20, "10–20 年", "10 to 20 years"))
_LONGEST = ("20 年以上", "20 years and over")
_NO_TERM = ("没有写期限", "no term written")
_VILLAGE_DIGITS = 12
_DAYS_A_YEAR = Decimal("365.25")


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
        return people.groups(
            self.connection, self.valid_at, self.known_at, self.rules.villages, self.rules.permit_months
        )

    @cached_property
    def names(self) -> dict[str, str]:
        """What divisions are called: towns, and those that people are registered in."""
        found = {code: town.name for code, town in towns().items()}
        return found | {group.division: group.name for group in self.groups if group.name}

    @cached_property
    def residents(self) -> list[structure.Resident]:
        """Everybody who is registered in the banner."""
        return structure.residents(self.connection, self.banner, self.valid_at, self.known_at, self.rules.villages)

    @cached_property
    def born(self) -> dict[str, structure.Born]:
        """Birth dates and sexes."""
        return structure.born(self.store, self.connection, self.known_at)

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


def population(at: Count) -> Counted:
    """Figure 1."""
    here = sum(group.people for group in at.groups if group.division.startswith(at.banner))
    return Counted([listed(heads.population(), [("户籍人口", "registered", [here])], at.whole)], [])


def structured(at: Count) -> Counted:
    """Figure 2."""
    tables = [
        listed(heads.ages(), structure.by_age(at.residents, at.born, at.valid_at)),
        listed(heads.sexes(), structure.by_sex(at.residents, at.born)),
        listed(heads.households(), structure.by_size(at.residents)),
    ]
    return Counted(tables, [Note("民族、文化程度: 登记簿没有", "nationality and education: not in the register")])


def distribution(at: Count) -> Counted:
    """Figure 3."""
    cells: Counter[str] = Counter()
    for group in at.groups:
        if group.division.startswith(at.banner):
            cells[group.division] += group.people
    return Counted([placed(heads.places(), {code: [n] for code, n in cells.items()}, at.names, at.whole)], [])


def transferred(at: Count) -> Counted:
    """Figure 4."""
    cells: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for group in at.groups:
        if not group.rural:
            continue
        here = group.division.startswith(at.banner)
        permit = group.permit == "in-force" and group.permit_division.startswith(at.banner)
        if here and in_town(group.division):
            column, place = 0, group.division
        elif permit:
            column, place = 1, group.permit_division
        else:
            column, place = (2, group.division) if here else (3, "")
        for n in (column, 4):
            cells[_town(place)][n] += group.people
    names = at.names | {"": "本旗以外"}
    lines = [(names.get(code, code), names.get(code, code), values) for code, values in sorted(cells.items())]
    return Counted([listed(heads.transferred(), lines, at.whole)], [])


def fiscal_base(at: Count) -> Counted:
    """Figure 5."""
    counted = {True: [0, 0], False: [0, 0]}
    suspended = 0
    for group in at.groups:
        here = group.division.startswith(at.banner)
        issued = group.permit_division.startswith(at.banner)
        permit = group.permit == "in-force" and issued
        if here or permit:
            counted[here][not permit] += group.people
        if group.permit == "suspended" and issued:
            suspended += group.people
    rows = [
        ("户口在本旗", "registered in the banner", [*counted[True], sum(counted[True])]),
        ("户口不在本旗", "registered elsewhere", [*counted[False], sum(counted[False])]),
    ]
    table = listed(heads.fiscal_base(), rows, at.whole)
    ratio = at.rules.ratio
    tables = [table, listed(heads.suspended(), [("功能中止", "suspended", [suspended])])]
    note = Note(
        f"折算比例 {ratio.text}（{ratio.zh}）", f"conversion ratio {ratio.text} ({ratio.en})"
    )
    small = any(0 < value < at.rules.limit for _, _, values in rows for value in values)
    if small:
        return Counted(tables, [note, Note("有小于下限的数, 折算数不列", "a small number is among them: no converted figure")])
    converted = sum(counted[True]) + ratio.value * counted[False][0]
    return Counted(tables, [note, Note(f"折算后 {float(converted):.1f} 人", f"converted: {float(converted):.1f}")])


def served(_at: Count) -> Counted:
    """Figure 6: reported by the bureaus that serve."""
    return Counted([], [Note("还没有部门报来", "no bureau has reported")])


def confirmation(at: Count) -> Counted:
    """Figure 7."""
    on: dict[str, list[rights.StandingLine]] = defaultdict(list)
    for line in at.standing:
        if line.parcel_id is not None and line.thing != "operating":
            on[line.parcel_id].append(line)
    disputed = rights_under(at.connection, "dispute", **at.moment)
    cells: dict[str, dict[str, list[Value]]] = {use: {} for use in _USES}
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for parcel in parcels.standing(at.connection, **at.moment):
        lines = on[parcel.parcel_id]
        holders[parcel.land_use, parcel.village_id].update(line.holder_id for line in lines)
        state = 0 if not lines else 2 if all(line.certificate_number for line in lines) else 1
        under = any(line.right_id in disputed for line in lines)
        values = [int(state == n) for n in range(3)] + [1, int(under), 0, Decimal(parcel.m2), Decimal(parcel.mu)]
        known = cells[parcel.land_use].get(parcel.village_id)
        cells[parcel.land_use][parcel.village_id] = values if known is None else _added(known, values)
    names = parties.organisations(at.connection, {village for rows in cells.values() for village in rows})
    tables = []
    for use, (zh, en) in _USES.items():
        lines_of_use = []
        for village, values in cells[use].items():
            values[5] = len(holders[use, village])
            lines_of_use.append((names[village].name, names[village].name, values))
        if lines_of_use:
            tables.append(listed(heads.confirmation(use, zh, en), sorted(lines_of_use, key=lambda line: line[0]), at.whole))
    return Counted(tables, [])


def retained(at: Count) -> Counted:
    """Figure 8."""
    first = settled.first_of_each(at.settlements)
    before, as_whom = settled.held_before(at.connection, first, at.known_at)
    now, as_whom_now = settled.who_holds(at.connection, first, **at.moment)
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
            kinds[line.thing] = _added(kinds.get(line.thing, [0, Decimal(), Decimal()]), values)
    by_kind = [
        listed(heads.head(f"retained-{thing}", *_THINGS[thing], *heads.retained_rights().columns), [(*_THINGS[thing], kinds[thing])])
        for thing in RIGHT_THINGS
        if thing in kinds
    ]
    return Counted([listed(heads.retained(), rows, ("落户的人", "people who settled")), *by_kind], _share(before, now, gone, at))


def let(at: Count) -> Counted:
    """Figure 9."""
    moved = {one.person_id for one in at.settlements}
    as_whom = settled.holders_of(at.connection, moved, **at.moment)
    families = {holder for each in as_whom.values() for holder in each}
    holder_of = {line.right_id: line.holder_id for line in at.standing}
    bands: dict[tuple[str, str], list[Value]] = {(zh, en): [0, 0, 0, Decimal(), Decimal()] for _, zh, en in _TERMS}
    bands |= {_LONGEST: [0, 0, 0, Decimal(), Decimal()], _NO_TERM: [0, 0, 0, Decimal(), Decimal()]}
    seen: set[str] = set()
    for line in at.standing:
        if line.thing != "operating":
            continue
        lessor = holder_of.get(line.within_id or "", "")
        new = line.right_id not in seen
        seen.add(line.right_id)
        values: list[Value] = [int(new and lessor in families), int(new and lessor not in families), int(new)]
        values += [Decimal(line.m2 or 0), Decimal(line.mu or 0)]
        band = _band(line.term_start, line.term_end)
        bands[band] = _added(bands[band], values)
    return Counted([listed(heads.let(), [(*band, values) for band, values in bands.items()])], [])


def exits(at: Count) -> Counted:
    """Figure 10."""
    counted = Counter({(act.kind, act.entry) for act in rights.acts(at.connection, EXITS, **at.moment)})
    counted += Counter({(act.kind, act.entry) for act in memberships.acts(at.connection, EXITS, **at.moment)})
    kinds = Counter(kind for kind, _entry in counted)
    return Counted([listed(heads.exits(), [(*_KINDS_OF_EXIT[kind], [kinds[kind]]) for kind in EXITS])], [])


def breached(at: Count) -> Counted:
    """Figure 11."""
    found = breaches.counted(at.connection, at.valid_at, at.known_at)
    lines = [(place, place, list(counts)) for place, counts in sorted(found.items())]
    return Counted([listed(heads.breaches(), lines)], [])


def unregistered(at: Count) -> Counted:
    """Figure 12."""
    cancelling = HOUSEHOLD_EVENT.alias()
    found = at.connection.scalar(
        sa.select(sa.func.count())
        .select_from(EVENT_PERSON)
        .join(HOUSEHOLD_EVENT, HOUSEHOLD_EVENT.c.event_idx == EVENT_PERSON.c.event_idx)
        .where(
            HOUSEHOLD_EVENT.c.kind == "registered-first",
            HOUSEHOLD_EVENT.c.event_day <= at.valid_at,
            HOUSEHOLD_EVENT.c.event_idx < at.known_at,
            ~sa.exists().where(
                cancelling.c.cancels_idx == HOUSEHOLD_EVENT.c.event_idx, cancelling.c.event_idx < at.known_at
            ),
        )
    )
    return Counted([listed(heads.first_registrations(), [("首次落户", "registered first", [found or 0])])], [])


def minors(at: Count) -> Counted:
    """Figure 13."""
    found = structure.minors(at.residents, at.born, at.valid_at)
    years = Counter(year for year, _ in found)
    places = Counter(division for _, division in found)
    tables = [
        listed(heads.minors_by_year(), [(f"{year} 年", year, [years[year]]) for year in sorted(years)]),
        placed(heads.minors_by_place(), {code: [n] for code, n in places.items()}, at.names, at.whole),
    ]
    return Counted(tables, [])


def former_type(_at: Count) -> Counted:
    """Figure 14: not reported."""
    return Counted([], [])


def _town(code: str) -> str:
    return code[:TOWN_DIGITS]


def _added(one: Sequence[Value], other: Sequence[Value]) -> list[Value]:
    return [a + b for a, b in zip(one, other, strict=True)]


def _band(start: str, end: str) -> tuple[str, str]:
    if not start or not end:
        return _NO_TERM
    years = Decimal((dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days + 1) / _DAYS_A_YEAR
    return next(((zh, en) for below, zh, en in _TERMS if years < below), _LONGEST)


def _gone(at: Count, people_gone: Iterable[str], as_whom: dict[str, list[str]]) -> Counter[str]:
    """Why people hold nothing any more: an exit, another act that ended a right of theirs, or nothing that is registered."""
    gone = sorted(people_gone)
    if not gone:
        return Counter()
    ended = [act for act in rights.endings(at.connection, {h for p in gone for h in as_whom[p]}, **at.moment)]
    by_holder: dict[str, set[str]] = defaultdict(set)
    for act in ended:
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
    return [Note(f"落户前有权利、没有登记退出或别的原因的人里, 现在还有的占 {share:.1f}%", f"of those without a registered act, {share:.1f} % still hold some")]
