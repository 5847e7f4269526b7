"""Figures 1 to 5, 12, 13: people counted at once are people counted one by one, on any day, as known at any size; both engines."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

import pytest

from registry import residence
from registry.born import age, birth_day, sex_of
from registry.decisions.permits import held_here, standing
from registry.decisions.unregistered import CLASSES
from registry.ledger.read import size
from registry.particulars import Particulars
from registry.parties import Identity
from registry.places import in_town
from registry.residence import ActualResidence, Registration
from registry.same_person import same_as
from registry.settlement import Event, queue, record
from registry.settlement.life import Desk, link_people
from registry.statistics import figures, of_people
from registry.statistics.count import Count
from registry.statistics.people import Group
from registry.statistics.rules import rules_on
from registry.statistics.structure import Born
from registry.statistics.table import Row, Table, Value
from registry.store.engines import Store
from tests.registry import made_up

PLACES = (
    ("150626100010", "文苑社区"),
    ("150626100210", "呼和陶勒盖嘎查"),
    ("150626101206", "布日都嘎查"),
    ("150626104213", "巴图湾村"),
    ("150102001001", "外地社区"),
    ("150102001201", "外地村"),
)
DAYS = ("2016-09-14", "2017-05-08", "2018-06-01", "2019-06-01", "2020-02-29", "2021-03-01")
BANNER = "150626"
NAMES = {"": "没有登记", "01": "汉族", "02": "蒙古族"}
LEVELS = {"": "没有登记", "2": "大学本科", "7": "初中", "9": "其他"}
LINKED_AT = (5, 15, 25, 30, 45, 60)
"""When two rows of the history are found to be one person."""
KINDS = ("settled-in-banner", "moved-out", "moved-within", "hukou-cancelled", "permit", "permit", "event-cancelled")


@dataclass
class History:
    """People and what was recorded of them, in the order of the log."""

    people: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


@pytest.fixture
def history(store: Store) -> History:
    """Sixty people move, marry away, are cancelled, hold permits; some events are cancelled, some dated back."""
    rng, made = random.Random(5), History()
    for n in range(12):
        code, name = rng.choice(PLACES)
        who = tuple(
            Identity(f"张{n}{m}", made_up.id_number(f"{rng.randint(1940, 2016)}0{rng.randint(1, 9)}15", n * 9 + m + 1), sex="")
            for m in range(5)
        )
        rows = tuple(Registration(f"new:{m}", "2016-09-14", f"H{n}", "", code, name, "某处") for m in range(5))
        event = Event("registered-first" if n == 0 else "type-unified", "2016-09-14", (), rows, newcomers=who, key=f"first {n}")
        made.people += record(store, event, "王警官", "公安局").newcomers
    recorded: list[int] = []
    for n in range(70):
        day, who_moves = rng.choice(DAYS), rng.sample(made.people, rng.randint(1, 3))
        if n in LINKED_AT:
            one, other = rng.sample(made.people, 2)
            _, linked = link_people(store, one, other, day, Desk("王警官"), police_decision="b" * 64)
            recorded.append(linked.idx)
            made.sizes.append(linked.idx + 1)
            continue
        kind = rng.choice(KINDS)
        code, name = rng.choice(PLACES)
        if kind == "event-cancelled":
            if not recorded:
                continue
            event = Event(kind, day, tuple(who_moves), cancels=recorded.pop(rng.randrange(len(recorded))), key=f"e{n}")
        elif kind == "permit":
            status = rng.choice(("issued", "endorsed", "suspended", "lapsed"))
            event = Event(f"permit-{status}", day, tuple(who_moves), permits=dict.fromkeys(who_moves, (status, code)), key=f"e{n}")
        else:
            status = "cancelled" if kind == "hukou-cancelled" else "registered"
            rows = tuple(Registration(p, day, f"M{n}", "", code, name, "某处", status=status) for p in who_moves)
            event = Event(kind, day, tuple(who_moves), rows, key=f"e{n}")
        done = record(store, event, "王警官", "公安局")
        if event.cancels is None:
            recorded.append(done.idx)
        made.sizes.append(done.idx + 1)
    return made


def one_by_one(store: Store, history: History, day: str, known: int) -> Counter[tuple[str, str, str, bool]]:
    """Each person's registration and permit as `residence` answers them: division, permit, its division, rural origin.

    Of several rows that are one person the one counts whose registration began last; a permit and the origin are the person's.
    """
    rows: dict[str, tuple[tuple[str, int], str, str, str, bool]] = {}
    persons: dict[str, list[str]] = {}
    on = dt.date.fromisoformat(day)
    with store.reading() as connection:
        for person in history.people:
            states = residence.registrations(connection, store.vault, person, known)
            now = residence.registration_of(states, day)
            here = now if now is not None and now.status == "registered" else None
            steps = [p for p in residence.permits(connection, person, known) if p["valid_from"] <= day]
            state = standing(held_here(steps, on, BANNER), on).state.replace(" ", "-")
            permit = state if state in {"in-force", "suspended"} else "none"
            # Of one day the later recorded stands; `permits` gives them in the order in which they were recorded.
            place = "" if permit == "none" else max(reversed(steps), key=lambda step: step["valid_from"])["division_code"]
            rural = any(r.valid_from <= day and 200 <= int(r.division_code[9:]) <= 399 for r in states)
            if here is not None or permit != "none":
                begun = ("", -1) if here is None else (here.valid_from, here.event_idx)
                rows[person] = (begun, "" if here is None else here.division_code, permit, place, rural)
                persons.setdefault(same_as(connection, person, known, day)[0], []).append(person)
    found: Counter[tuple[str, str, str, bool]] = Counter()
    for several in persons.values():
        of_one = sorted(rows[person] for person in several)
        held = [row for row in of_one if row[2] != "none"] or [of_one[-1]]
        found[of_one[-1][1], held[-1][2], held[-1][3], any(row[4] for row in of_one)] += 1
    return found


@pytest.mark.rule("STAT/village-codes")
def test_groups_are_the_people_counted_one_by_one(store: Store, history: History) -> None:
    """One pass over all gives what asking for each person gives, on each day, as known at each stage of the log."""
    last = history.sizes[-1]
    for day in (*DAYS, "2016-09-13", "2026-01-01"):
        for known in (history.sizes[10], history.sizes[35], last):
            with store.reading() as connection:
                found = Count(store, connection, day, known, rules_on(day)).groups
            counted: Counter[tuple[str, str, str, bool]] = Counter()
            for group in found:
                counted[group.division, group.permit, group.permit_division, group.rural] += group.people
            assert counted == one_by_one(store, history, day, known), (day, known)


def counted(store: Store, day: str, *, known: int | None = None) -> Count:
    """The count of a day, with every group read."""
    with store.reading() as connection:
        count = Count(store, connection, day, known or size(connection), rules_on(day))
        assert count.groups or day < "2016-09-14"
        assert count.born
        assert count.residents is not None
        return count


def test_totals_are_the_sum_of_their_parts_before_anything_is_hidden(store: Store, history: History) -> None:
    """Policy-map section 11: a total equals the sum of its parts; size, structure and places agree; each person once."""
    for day in DAYS:
        with store.reading() as connection:
            count = Count(store, connection, day, size(connection), rules_on(day))
            tables = {
                table.id: table
                for figure in (
                    of_people.population(count), of_people.structured(count), of_people.distribution(count),
                    of_people.transferred(count), of_people.fiscal_base(count), of_people.minors(count),
                )
                for table in figure.tables
            }  # fmt: skip
        whole = tables["population"].rows[0].values[0]
        assert [tables[name].rows[0].values[0] for name in ("ages", "sexes", "places")] == [whole] * 3
        for table in tables.values():
            _adds_up(table)
        base = tables["fiscal-base"]
        (permits, _, everybody), (permit_and_hukou, _, hukou) = (numbers(row) for row in base.rows[:2])
        assert hukou == whole
        assert everybody == hukou + permits - permit_and_hukou


def numbers(row: Row) -> list[int]:
    """Every value of a row of counts."""
    return [value for value in row.values if isinstance(value, int)]


def _adds_up(table: Table) -> None:
    for parent in {parent for parent in table.parents if parent is not None}:
        below = [row for row, of in zip(table.rows, table.parents, strict=True) if of == parent]
        for column in range(len(table.columns)):
            assert numbers(table.rows[parent])[column] == sum(numbers(row)[column] for row in below), table.id
    if table.crossed:
        for row in table.rows:
            assert numbers(row)[len(table.crossed) - 1] == sum(numbers(row)[: len(table.crossed) - 1]), table.id


def test_transferred_people_are_settled_hold_a_permit_or_neither() -> None:
    """Figure 4: of rural origin, each in one column: in a town of the banner; with a permit in force; else; gone."""

    class _Groups:
        banner, whole = BANNER, ("旗", "banner")
        names: ClassVar = {"150626100": "嘎鲁图镇"}
        groups: ClassVar = [
            Group("150626100010", "", "none", "", True, 1),
            Group("150626100010", "", "in-force", "150626100", True, 2),
            Group("150626100210", "", "in-force", "150626100010", True, 4),
            Group("150626100210", "", "suspended", "150626100010", True, 8),
            Group("150626100210", "", "none", "", True, 16),
            Group("150102001201", "", "in-force", "150626100010", True, 32),
            Group("150102001201", "", "none", "", True, 64),
            Group("150626100010", "", "none", "", False, 128),
        ]

    (table,) = of_people.transferred(_Groups()).tables  # type: ignore[arg-type]  # what the function reads of a count
    assert table.rows[0].values == [3, 36, 24, 64, 127]


@pytest.mark.rule("WS-2016/II.3.7", "RP-663/10")
def test_a_permit_that_nobody_endorsed_stands_apart_and_whoever_has_both_counts_once() -> None:
    """Figure 5, II.3.7, Order 663 art. 10: hukou and permits in force, the overlap shown, the suspended not counted."""

    class _Groups:
        banner, whole, rules = BANNER, ("旗", "banner"), rules_on("2020-01-01")
        groups: ClassVar = [
            Group("150626100010", "", "none", "", True, 100),
            Group("150626100010", "", "in-force", "150626100010", True, 7),
            Group("150102001201", "", "in-force", "150626100010", False, 20),
            Group("150102001201", "", "suspended", "150626100010", False, 9),
            Group("", "", "in-force", "150626100010", False, 5),
        ]

    told = of_people.fiscal_base(_Groups())  # type: ignore[arg-type]  # what the function reads of a count
    base, suspended = told.tables
    assert [row.values for row in base.rows] == [[32, 100, 132], [7, 100, 107], [25, 0, 25]]
    assert suspended.rows[0].values == [9]
    assert told.notes[0].zh == "折算比例 1（没有查到文件, 未确认）"
    assert told.notes[1].zh == "折算后 132.0 人"


@pytest.mark.rule("STAT/small-cells")
def test_small_numbers_are_hidden_in_what_leaves(store: Store, history: History) -> None:
    """Section 10: cells of fewer than five people are not shown, whatever the figure, and a hidden one is null."""
    with store.reading() as connection:
        for day in DAYS:
            for figure in figures(store, connection, valid_at=day, known_at=size(connection)):
                for table in figure.as_json()["tables"]:
                    counts = [n for n, column in enumerate(table["columns"]) if column["of"] == "count"]
                    for row in table["rows"]:
                        assert not [row["values"][n] for n in counts if row["values"][n] in (1, 2, 3, 4)], table["id"]


def test_where_people_really_live_stands_beside_where_they_are_registered(store: Store, history: History) -> None:
    """Figure 3, II.2.3: another fact, of those of whom it was recorded; the registration stays what it was."""
    before = counted(store, "2021-03-01")
    here = [r.person_id for r in before.residents][:7]
    lives = tuple(ActualResidence(person, "2021-01-01", "150626104213", "某处") for person in here)
    record(store, Event("residence-recorded", "2021-01-01", tuple(here), residences=lives, key="lives"), "王警官", "公安局")
    with store.reading() as connection:
        count = Count(store, connection, "2021-03-01", size(connection), rules_on("2021-03-01"))
        places, lived = of_people.distribution(count).tables
    assert lived.rows[0].values == [7]
    assert [row.values for row in lived.rows if row.code == "150626104213"] == [[7]]
    with store.reading() as connection:
        old = Count(store, connection, "2021-03-01", size(connection), rules_on("2021-03-01"))
        assert [row.values for row in of_people.distribution(old).tables[0].rows] == [row.values for row in places.rows]


def test_a_figure_as_known_then_does_not_change_when_the_past_is_recorded_later(store: Store, history: History) -> None:
    """I25: (valid_at, known_at) give the same answer for ever."""
    then = history.sizes[20]
    with store.reading() as connection:
        before = [f.as_json() for f in figures(store, connection, valid_at="2018-06-01", known_at=then)]
    rows = tuple(Registration(p, "2016-09-14", "X", "", "150626100010", "文苑社区", "某处") for p in history.people[:30])
    record(store, Event("moved-within", "2016-09-14", tuple(history.people[:30]), rows, key="late"), "王警官", "公安局")
    with store.reading() as connection:
        assert [f.as_json() for f in figures(store, connection, valid_at="2018-06-01", known_at=then)] == before
        assert [f.as_json() for f in figures(store, connection, valid_at="2018-06-01", known_at=size(connection))] != before


Said = tuple[str, int, str, tuple[str, str]]


def _last(said: list[Said], rows: tuple[str, ...], n: int) -> str:
    """The last code of one of the two that was stated of any row of a person."""
    return next((codes[n] for _, _, who, codes in reversed(said) if who in rows and codes[n]), "")


def test_nationality_and_education_are_counted_as_they_are_known_of_each(store: Store, history: History) -> None:
    """Figure 2: people counted at once are people asked one by one, linked rows together; who settled apart; nothing inferred."""
    rng, events = random.Random(8), list[Said]()
    for n in range(60):
        who = rng.choice(history.people)
        what = Particulars(rng.choice(("", "01", "02")), rng.choice(("", "20", "21", "71", "90")))
        event = Event("particulars-recorded", rng.choice(DAYS), (who,), particulars={who: what}, key=f"p{n}")
        done = record(store, event, "王警官", "公安局")
        if n % 7 == 0:
            record(store, Event("event-cancelled", event.day, (who,), cancels=done.idx, key=f"c{n}"), "王警官", "公安局")
        else:
            events.append((event.day, done.idx, who, (what.nationality, what.education)))
    for day in DAYS:
        with store.reading() as connection:
            known = size(connection)
            count = Count(store, connection, day, known, rules_on(day))
            *_, nationalities, educations = of_people.structured(count).tables
            settled = {one.person_id for one in count.settlements}
            said = sorted(each for each in events if each[0] <= day)
            told: Counter[tuple[str, bool]] = Counter()
            levels: Counter[tuple[str, bool]] = Counter()
            for one in count.residents:
                rows = same_as(connection, one.person_id, known, day)
                nationality, education = (_last(said, rows, n) for n in range(2))
                told[NAMES[nationality], rows[0] in settled] += 1
                levels[LEVELS[education[:1]], rows[0] in settled] += 1
        assert len(told) > 1 or day == DAYS[0]
        for table, expected in ((nationalities, told), (educations, levels)):
            found = {row.zh: row.values for row in table.rows[1:]}
            assert {zh for zh, _ in expected} <= found.keys()
            for zh, values in found.items():
                parts = expected[zh, True], expected[zh, False]
                assert values == [*parts, sum(parts)], (day, zh)
            assert table.rows[0].values[2] == len(count.residents)


def test_who_waits_to_be_registered_first_is_counted_on_the_day(store: Store) -> None:
    """Figure 12: from the day in China on which the application came until it is dealt with; other questions are none of it."""
    registered = record(store, Event("type-unified", "2016-09-14", key="x"), "王警官", "公安局").idx
    store.clock = lambda: dt.datetime(2026, 3, 1, 16, 30, tzinfo=dt.UTC)
    waits = [queue.apply(store, "register-unregistered", name="某", paper="d" * 64) for _ in range(3)]
    queue.apply(store, "settle-in-banner", name="某", paper="d" * 64)
    store.clock = lambda: dt.datetime(2026, 3, 5, 8, 0, tzinfo=dt.UTC)
    queue.leave(store, waits[0], reason="撤回")
    queue.leave(store, waits[1], event_idx=registered)

    def waiting(day: str) -> list[Value]:
        with store.reading() as connection:
            count = Count(store, connection, day, size(connection), rules_on(day))
            return of_people.unregistered(count).tables[1].rows[0].values

    assert [waiting(day) for day in ("2026-03-01", "2026-03-02", "2026-03-04", "2026-03-05")] == [[0], [3], [3], [1]]


@pytest.mark.rule("SC-2015-96/categories")
def test_who_waits_to_be_registered_first_is_counted_by_class(store: Store) -> None:
    """Figure 12: by the class of 国办发〔2015〕96号 that was stated on applying; who stated none stands apart."""
    store.clock = lambda: dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC)
    for category, number in (("de-facto-adoption", 6), ("child-of-a-foreigner", 5), ("", 7)):
        for _ in range(number):
            queue.apply(store, "register-unregistered", name="某", paper="d" * 64, category=category)
    with store.reading() as connection:
        (figure,) = figures(store, connection, valid_at="2026-03-01", known_at=size(connection), only=["unregistered"])
    told = {row.zh: row.values for row in figure.tables[1].rows}
    assert list(told) == ["没有办结", *(zh for zh, _ in CLASSES.values()), "没有登记"]
    stated = {zh: values for zh, values in told.items() if values != [0]}
    assert stated == {"没有办结": [18], "没办收养手续的事实收养": [6], "与外国人、无国籍人非婚生育": [5], "没有登记": [7]}


def test_what_was_stated_is_opened_once(store: Store, history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figure 2: the second question opens nothing; in memory stand codes by row, without a name."""
    who = history.people[0]
    event = Event("particulars-recorded", "2016-09-14", (who,), particulars={who: Particulars("02")})
    record(store, event, "王警官", "公安局")
    with store.reading() as connection:
        first = Count(store, connection, "2020-02-29", size(connection), rules_on("2020-02-29")).stated
    monkeypatch.setattr(store.vault.__class__, "open", None)
    with store.reading() as connection:
        assert Count(store, connection, "2021-03-01", size(connection), rules_on("2021-03-01")).stated == first
    assert {one.nationality for one in first.values()} == {"02"}


def test_birth_dates_are_opened_once_and_kept_with_no_name(store: Store, history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figure 2: the second question opens nothing; what is kept in memory is a day and a sex."""
    first = counted(store, "2020-02-29")
    monkeypatch.setattr(store.vault.__class__, "open", None)
    again = counted(store, "2021-03-01")
    assert again.born == first.born
    assert {type(each) for each in store.trees["statistics.born"].values()} == {Born}


def test_age_and_sex_are_those_of_the_number() -> None:
    """GB 11643: 18 and 15 digits; anything else is unknown, and a birth after the day as well."""
    number = made_up.id_number("20110718", 404)
    assert (birth_day("1", number), sex_of("1", number)) == ("20110718", "2")
    assert birth_day("1", "150699990231123") == birth_day("1", "150699") == birth_day("9", number) == ""
    assert (age("20110718", "2029-07-17"), age("20110718", "2029-07-18"), age("20110718", "2011-07-17")) == (17, 18, None)
    assert sex_of("9", number) == sex_of("1", "123") == ""


def test_communities_are_towns_and_villages_are_not() -> None:
    """The last three of the twelve digits."""
    assert [in_town(code) for code, _ in PLACES] == [True, False, False, False, True, False]
