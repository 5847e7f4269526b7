"""How are the figures about people counted: population, structure, places, origin, fiscal base? figures.toml says it in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.decisions.unregistered import CLASSES
from registry.particulars import Particulars
from registry.places import TOWN_DIGITS, in_town
from registry.residence import EVENT_PERSON, HOUSEHOLD_EVENT
from registry.school_districts import UNKNOWN_DISTRICT, districts
from registry.settlement.queue import classes_waiting
from registry.statistics import heads, people, structure
from registry.statistics.count import Counted, Note
from registry.statistics.table import listed, placed, single

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.school_districts import Districts
    from registry.statistics.count import Count
    from registry.statistics.people import Group
    from registry.statistics.table import Table


def population(at: Count) -> Counted:
    """Figure 1."""
    here = sum(group.people for group in at.groups if group.division.startswith(at.banner))
    return Counted([single(heads.population(), *at.whole, [here])], [])


def structured(at: Count) -> Counted:
    """Figure 2."""
    told = _told(at)
    tables = [
        listed(heads.ages(), structure.by_age(at.residents, at.born, at.valid_at)),
        listed(heads.sexes(), structure.by_sex(at.residents, at.born)),
        listed(heads.households(), structure.by_size(at.residents)),
        listed(heads.nationalities(), structure.by_nationality(told)),
        listed(heads.educations(), structure.by_education(told)),
    ]
    return Counted(tables, [])


def distribution(at: Count) -> Counted:
    """Figure 3."""
    cells: Counter[str] = Counter()
    for group in at.groups:
        if group.division.startswith(at.banner):
            cells[group.division] += group.people
    lived = people.lived_in(at.connection, at.banner, at.valid_at, at.known_at, at.elsewhere)
    tables = [
        placed(heads.places(), {code: [n] for code, n in cells.items()}, at.names, at.whole),
        placed(heads.lived_in(), {code: [n] for code, n in lived.items()}, at.names, ("记录过的人", "recorded")),
    ]
    return Counted(tables, [])


def transferred(at: Count) -> Counted:
    """Figure 4."""
    cells: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for group in at.groups:
        where = where_now(at, group)
        if where is None:
            continue
        column, place = where
        for n in (column, 4):
            cells[_town(place)][n] += group.people
    names = at.names | {"": "本旗以外"}
    lines = [(names.get(code, code), names.get(code, code), values) for code, values in sorted(cells.items())]
    return Counted([listed(heads.transferred(), lines, at.whole)], [])


def where_now(at: Count, group: Group) -> tuple[int, str] | None:
    """In which column of figure 4 people stand, and by which division; None for those who are not of rural origin."""
    if not group.rural:
        return None
    here = group.division.startswith(at.banner)
    if here and in_town(group.division):
        return 0, group.division
    if group.permit == "in-force":
        return 1, group.permit_division
    return (2, group.division) if here else (3, "")


def fiscal_base(at: Count) -> Counted:
    """Figure 5."""
    counted = {True: [0, 0], False: [0, 0]}
    suspended = 0
    for group in at.groups:
        here = group.division.startswith(at.banner)
        permit = group.permit == "in-force"
        if here or permit:
            counted[here][not permit] += group.people
        if group.permit == "suspended":
            suspended += group.people
    rows = [
        ("户口在本旗", "registered in the banner", [*counted[True], sum(counted[True])]),
        ("户口不在本旗", "registered elsewhere", [*counted[False], sum(counted[False])]),
    ]
    table = listed(heads.fiscal_base(), rows, at.whole)
    tables = [table, single(heads.suspended(), "功能中止", "suspended", [suspended])]
    ratio = at.rules.ratio
    if ratio is None:
        return Counted(tables, [])
    notes = [Note(f"折算比例 {ratio.text}（{ratio.zh}）", f"conversion ratio {ratio.text} ({ratio.en})")]
    if any(0 < value < at.rules.limit for _, _, values in rows for value in values):
        notes.append(Note("有小于下限的数, 折算数不列", "a small number is among them: no converted figure"))
    else:
        converted = f"{float(sum(counted[True]) + ratio.value * counted[False][0]):.1f}"
        notes.append(Note(f"折算后 {converted} 人", f"converted: {converted}"))
    return Counted(tables, notes)


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
    # Instants are UTC to the second: the day in China ends at 16:00.
    waiting = Counter(classes_waiting(at.store, at.connection, f"{at.valid_at}T16:00:00Z"))
    words = {word: CLASSES[word] for word in CLASSES if word in at.rules.unregistered_classes or word in waiting}
    lines = [(*called, [waiting[word]]) for word, called in (words | {"": structure.NOT_STATED}).items()]
    tables = [
        single(heads.first_registrations(), "首次落户", "registered first", [found or 0]),
        listed(heads.unregistered_waiting(), lines, ("没有办结", "not dealt with")),
    ]
    return Counted(tables, [])


def minors(at: Count) -> Counted:
    """Figure 13."""
    found = structure.minors(at.residents, at.born, at.valid_at)
    known = districts(at.store)
    if known.rows:
        return Counted([_by_district(at, found, known)], [Note(*known.said())])
    years = Counter(year for year, _ in found)
    places = Counter(division for _, division in found)
    tables = [
        listed(heads.minors_by_year(), [(f"{year} 年", year, [years[year]]) for year in sorted(years)]),
        placed(heads.minors_by_place(), {code: [n] for code, n in places.items()}, at.names, at.whole),
    ]
    return Counted(tables, [Note(*known.said())])


def former_type(_at: Count) -> Counted:
    """Figure 14: not reported."""
    return Counted([], [])


def _by_district(at: Count, found: Sequence[tuple[str, str]], known: Districts) -> Table:
    """Districts by years of birth: the only table of figure 13 where districts are known, for two would give cells away."""
    years = sorted({year for year, _ in found})
    cells = Counter((known.name_of(division, at.valid_at), year) for year, division in found)
    names = [*known.names(at.valid_at), ""]
    lines = []
    for name in names:
        values = [cells[name, year] for year in years]
        lines.append((*((name, name) if name else UNKNOWN_DISTRICT), [*values, sum(values)]))
    return listed(heads.minors_by_district(years), lines, at.whole)


def _told(at: Count) -> list[tuple[Particulars, bool]]:
    """What is stated of each person who is registered in the banner, and whether they settled."""
    settled = {one.person_id for one in at.settlements}
    persons = [at.persons.get(one.person_id, one.person_id) for one in at.residents]
    nothing = Particulars()
    return [(at.stated.get(person, nothing), person in settled) for person in persons]


def _town(code: str) -> str:
    return code[:TOWN_DIGITS]
