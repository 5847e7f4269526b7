"""How old are the people of the banner, how many of each sex, in households of which size, and which minors moved in?

Birth date and sex are sealed with the name. They are opened once for each state of knowledge and kept in memory, never on
disk and never with a name, so that the second question of a day costs no more than a count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from registry.born import ADULT, age, birth_day, sex_of
from registry.particulars import educations, levels, nationalities
from registry.parties import PERSON_IDENTITY, identities_in
from registry.residence import HOUSEHOLD_EVENT
from registry.statistics.people import is_village, registered, values
from registry.store.among import among
from registry.store.asking import Question, ask
from registry.store.types import Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import Connection

    from registry.particulars import Particulars
    from registry.store.engines import Store

SETTLEMENTS = ("settled-in-banner", "settled-from-outside", "collective-household-joined")
BANDS = ((0, 5), (6, 14), (15, 17), (18, 34), (35, 59), (60, 79), (80, 150))
"""Ages of the table: before school, compulsory school, minors after it, adults."""
NOT_STATED = ("没有登记", "not stated")
_LARGEST_HOUSEHOLD = 6
_MEMORY = "statistics.born"

_SEQS = Question(
    sa.select(PERSON_IDENTITY.c.person_id, sa.func.max(PERSON_IDENTITY.c.seq))
    .where(PERSON_IDENTITY.c.entry_idx < sa.bindparam("known", type_=Whole))
    .group_by(PERSON_IDENTITY.c.person_id)
)
_SEALED = Question(
    sa.select(*(PERSON_IDENTITY.c[name] for name in ("person_id", "seq", "flags", "origin", "sealed"))).where(
        among(PERSON_IDENTITY.c.person_id, "persons")
    )
)


def _residents() -> sa.Select[Any]:
    here = registered("hukou_household", "event_idx")
    return (
        sa.select(
            here.c.person_id,
            here.c.division_code,
            here.c.hukou_household,
            HOUSEHOLD_EVENT.c.kind,
            is_village(here.c.division_code).label("village"),
        )
        .join(HOUSEHOLD_EVENT, HOUSEHOLD_EVENT.c.event_idx == here.c.event_idx)
        .where(here.c.division_code.startswith(sa.bindparam("banner", type_=Words)))
    )


_RESIDENTS = _residents()


class Born(NamedTuple):
    """The birth date ("YYYYMMDD", "" unknown) and the sex ("1" 男, "2" 女, "" unknown) of one person."""

    day: str
    sex: str


class Resident(NamedTuple):
    """One person who is registered in the banner: where, in which hukou book, by which kind of event."""

    person_id: str
    division: str
    household: str
    kind: str
    village: bool


def residents(
    connection: Connection, banner: str, valid_at: str, known_at: int, villages: Sequence[str]
) -> list[Resident]:
    """Every row of somebody who is registered in the banner on the day."""
    asked = values(valid_at, known_at, villages)
    rows = connection.execute(_RESIDENTS, {**asked, "banner": banner})
    return [Resident(person, code, book, kind, bool(village)) for person, code, book, kind, village in rows]


def born(store: Store, connection: Connection, known_at: int) -> dict[str, Born]:
    """Birth date and sex of everybody known, as known at a size of the log."""
    memory: dict[tuple[str, int], Born] = store.trees.setdefault(_MEMORY, {})
    latest: list[tuple[str, int]] = [(person, seq) for person, seq in ask(connection, _SEQS, {"known": known_at})]
    missing = sorted({person for person, seq in latest if (person, seq) not in memory})
    if missing:
        for row in ask(connection, _SEALED, {"persons": missing}):
            memory[row[0], row[1]] = _born(store, row)
    return {person: memory[person, seq] for person, seq in latest}


def _born(store: Store, row: tuple[Any, ...]) -> Born:
    who = identities_in(store.vault, [row])[row[0]]
    return Born(birth_day(who.id_type, who.id_number), who.sex or sex_of(who.id_type, who.id_number))


def by_age(people: Iterable[Resident], known: dict[str, Born], day: str) -> list[tuple[str, str, list[int]]]:
    """Bands of age with their numbers of people, those of unknown age last."""
    ages = Counter(_band(age(known[one.person_id].day, day)) for one in people)
    rows = [(*_words(low, high), [ages[low]]) for low, high in BANDS]
    return [*rows, ("不详", "unknown", [ages[None]])]


def by_sex(people: Iterable[Resident], known: dict[str, Born]) -> list[tuple[str, str, list[int]]]:
    """Men, women, unknown."""
    sexes = Counter(known[one.person_id].sex for one in people)
    return [
        ("男", "men", [sexes["1"]]),
        ("女", "women", [sexes["2"]]),
        ("不详", "unknown", [sexes.total() - sexes["1"] - sexes["2"]]),
    ]


def by_size(people: Iterable[Resident]) -> list[tuple[str, str, list[int]]]:
    """Hukou books by the number of their people."""
    sizes = Counter(min(n, _LARGEST_HOUSEHOLD) for n in Counter(one.household for one in people).values())
    rows = [(f"{n} 人", f"of {n}", [sizes[n]]) for n in range(1, _LARGEST_HOUSEHOLD)]
    return [*rows, (f"{_LARGEST_HOUSEHOLD} 人以上", f"of {_LARGEST_HOUSEHOLD} and more", [sizes[_LARGEST_HOUSEHOLD]])]


def by_nationality(told: Iterable[tuple[Particulars, bool]]) -> list[tuple[str, str, list[int]]]:
    """Each nationality that anybody is stated to be of, in the order of GB/T 3304; those of whom none is stated last."""
    counted = _counted((one.nationality, settled) for one, settled in told)
    names = {code: words for code, words in nationalities().items() if code in counted} | {"": NOT_STATED}
    return [(*words, counted[code]) for code, words in names.items()]


def by_education(told: Iterable[tuple[Particulars, bool]]) -> list[tuple[str, str, list[int]]]:
    """The levels of GB/T 4658; those of whom none is stated last, children among them: nothing is inferred from an age."""
    counted = _counted((educations().get(one.education, ""), settled) for one, settled in told)
    return [(*words, counted[code]) for code, words in (levels() | {"": NOT_STATED}).items()]


def _counted(classes: Iterable[tuple[str, bool]]) -> defaultdict[str, list[int]]:
    """By class: people who settled, others, all."""
    counted: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (code, settled), people in Counter(classes).items():
        counted[code][not settled] += people
        counted[code][2] += people
    return counted


def minors(people: Iterable[Resident], known: dict[str, Born], day: str) -> list[tuple[str, str]]:
    """(year of birth, division) of each person under 18 whom a settlement registered in a town."""
    found = []
    for one in people:
        if one.kind not in SETTLEMENTS or one.village:
            continue
        birth = known[one.person_id].day
        years = age(birth, day)
        if years is not None and years < ADULT:
            found.append((birth[:4], one.division))
    return found


def _band(years: int | None) -> int | None:
    return None if years is None else next((low for low, high in BANDS if low <= years <= high), None)


def _words(low: int, high: int) -> tuple[str, str]:
    if high == BANDS[-1][1]:
        return f"{low} 岁以上", f"{low} and over"
    return f"{low}–{high} 岁", f"{low} to {high}"
