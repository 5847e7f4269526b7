"""Figure 6: who of figure 4 has which service by the bureaus' own reports; the same with and without land; both engines."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from registry import residence
from registry.decisions.permits import held_here, standing
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.parties import Identity
from registry.residence import Registration
from registry.rights import acts as rights
from registry.same_person import same_as
from registry.service_reports.handing_in import hand_in_rows
from registry.settlement import Event, record
from registry.settlement.life import Desk, link_people
from registry.statistics import figures, of_served
from registry.statistics.count import Count
from registry.statistics.of_people import where_now
from registry.statistics.people import Group
from registry.statistics.rules import rules_on
from tests.guarantee.village import family_wills
from tests.registry import made_up
from tests.registry.made_up import CLERK
from tests.registry.service_reports.reports import row
from tests.registry.statistics.test_people import DAYS, PLACES

if TYPE_CHECKING:
    from registry.statistics.table import Table
    from registry.store.engines import Store

HR, DAY, TOWN = "human-resources", "2021-03-01", "150626100010"


def tables(store: Store, day: str = DAY, known: int | None = None) -> dict[str, Table]:
    """The figure's tables before anything is hidden."""
    with store.reading() as connection:
        told = of_served.served(Count(store, connection, day, known or size(connection), rules_on(day)))
    return {table.id: table for table in told.tables}


def values(table: Table) -> dict[str, list[int]]:
    """Rows by their words: reported, not reported, all."""
    return {row.en: [value for value in row.values if isinstance(value, int)] for row in table.rows}


def people(store: Store, number: int) -> list[tuple[str, Identity]]:
    """People of towns and villages, here and elsewhere, registered in 2016."""
    made = []
    for n in range(number):
        code, name = PLACES[n % len(PLACES)]
        who = Identity(f"张{n}", made_up.id_number("19800315", n + 1), sex="1")
        rows = (Registration("new:0", "2016-09-14", f"H{n}", "", code, name, "某处"),)
        event = Event("type-unified", "2016-09-14", (), rows, newcomers=(who,), key=f"first {n}")
        made.append((record(store, event, "王警官", "公安局").newcomers[0], who))
    return made


def report(store: Store, number: str, who: Identity, service: str, since: str, until: str = "") -> None:
    """One row of a bureau."""
    cells = {"编号": number, "姓名": who.name, "证件号码": who.id_number, "服务": service, "起始日期": since, "结束日期": until}
    hand_in_rows(store, {"社保": HR, "就业": HR, "上学": "education"}[service], [cells], "经办人甲")


def test_who_is_served_is_the_people_counted_one_by_one(store: Store) -> None:
    """Each service, each column: figure 6 is who has a report, asked person by person; linked rows are one; all agrees with #4."""
    rng, known = random.Random(6), people(store, 36)
    said: list[tuple[str, str, str, str]] = []
    for n in range(40):
        person, who = rng.choice(known)
        if n % 8 == 0:
            code, name = rng.choice(PLACES)
            rows = (Registration(person, "2018-06-01", f"M{n}", "", code, name, "某处"),)
            record(store, Event("moved-within", "2018-06-01", (person,), rows, key=f"m{n}"), "王警官", "公安局")
        if n % 5 == 1:
            permit = Event("permit-issued", "2020-02-29", (person,), permits={person: ("issued", TOWN)}, key=f"p{n}")
            record(store, permit, "王警官", "公安局")
        if n in {7, 21}:
            other = rng.choice([p for p, _ in known if p != person])
            link_people(store, person, other, "2018-06-01", Desk("王警官"), police_decision="b" * 64)
        service, since, until = rng.choice(("社保", "就业")), rng.choice(DAYS), rng.choice(("", "2019-12-31"))
        if not until or since <= until:
            report(store, f"N-{n}", who, service, since.replace("-", ""), until.replace("-", ""))
            said.append((service, person, since, until))
    for day in DAYS:
        with store.reading() as connection:
            at = Count(store, connection, day, size(connection), rules_on(day))
            one = {person: same_as(connection, person, at.known_at, day)[0] for person, _ in known}
            everybody = Counter(where[0] for group in at.groups for _ in range(group.people) if (where := where_now(at, group)))
            placed = {who: _alone(at, [row for row, of in one.items() if of == who]) for who in set(one.values())}
        for service, name in (("社保", "insurance"), ("就业", "jobs")):
            has = {one[p] for s, p, since, until in said if s == service and since <= day and (not until or day <= until)}
            counted = Counter(placed[person] for person in has)
            table = tables(store, day)[f"served-{name}"]
            assert [list(row.values) for row in table.rows[1:]] == [
                [counted[n], everybody[n] - counted[n], everybody[n]] for n in range(4)
            ]


def _alone(at: Count, rows: list[str]) -> int | None:
    """The column of one person: as `residence` and `decisions.permits` answer for each of their rows, one by one."""
    day, on = at.valid_at, dt.date.fromisoformat(at.valid_at)
    registrations, steps = [], []
    for person in rows:
        states = residence.registrations(at.connection, at.store.vault, person, at.known_at)
        registrations.append([state for state in states if state.valid_from <= day])
        steps.append([step for step in residence.permits(at.connection, person, at.known_at) if step["valid_from"] <= day])
    current = [state for states in registrations if (state := residence.registration_of(states, day))]
    last = max(current, key=lambda state: (state.valid_from, state.event_idx))
    rural = any(200 <= int(state.division_code[9:]) <= 399 for states in registrations for state in states)
    permit = any(standing(held_here(each, on, at.banner), on).state == "in force" for each in steps)
    where = where_now(at, Group(last.division_code, "", "in-force" if permit else "none", "", rural, 1))
    return None if where is None else where[0]


def test_nobody_reported_is_said_and_no_figure_is_made(store: Store) -> None:
    """Without a report there is no figure; with one, each bureau that has not reported is named."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    with store.reading() as connection:
        (figure,) = figures(store, connection, valid_at=DAY, known_at=size(connection), only=["served"])
    assert ([note.zh for note in figure.notes], list(figure.tables)) == (["还没有部门报来"], [])
    hand_in_rows(store, HR, [row(0, "A-1")], "经办人甲")
    with store.reading() as connection:
        (figure,) = figures(store, connection, valid_at=DAY, known_at=size(connection), only=["served"])
    assert [table.id for table in figure.tables] == ["served-insurance"]
    told = " ".join(note.zh for note in figure.notes)
    assert "上学: 教育局还没有报来" in told
    assert "社保: 人力资源和社会保障局最后一次报来" in told
    assert all(word in told for word in ("住房", "低保", "卫生", "就业"))


def test_service_is_counted_alike_with_and_without_land(store: Store) -> None:
    """I19: the family gives up every right; whom the bureaus serve stays what it was, cell by cell."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    made_up.settle(store, village)
    hand_in_rows(store, HR, [row(n, f"A-{n}") for n in range(3)], "经办人甲")
    before = {name: values(table) for name, table in tables(store).items()}
    assert before["served-insurance"]["settled in a town"] == [3, 2, 5]
    with desk(store, CLERK) as at:
        for right in village.rights.values():
            fields = ActFields(basis="退出协议", wills=family_wills(village), payment="1.00")
            rights.end(at.act("exited", "2019-06-01", fields), right)
        at.commit()
    assert {name: values(table) for name, table in tables(store).items()} == before


def test_few_people_are_hidden_and_no_sum_gives_them_away(store: Store) -> None:
    """STAT/small-cells: two of five with a service are not told, nor the three without."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    made_up.settle(store, village)
    hand_in_rows(store, HR, [row(n, f"A-{n}") for n in range(2)], "经办人甲")
    with store.reading() as connection:
        (figure,) = figures(store, connection, valid_at=DAY, known_at=size(connection), only=["served"])
    settled = next(row for row in figure.as_json()["tables"][0]["rows"] if row["en"] == "settled in a town")
    assert settled["values"][:2] == [None, None]


@pytest.mark.rule("WS-2016/II.2.3")
def test_who_is_reported_under_two_rows_of_theirs_is_one(store: Store) -> None:
    """A person whom two bureaus know by two rows has the service once."""
    known = people(store, 6)
    (one, who), (other, second) = known[1], known[2]
    report(store, "N-1", who, "社保", "20170101")
    report(store, "N-2", second, "社保", "20170101")
    assert tables(store)["served-insurance"].rows[0].values[0] == 2
    link_people(store, one, other, "2018-06-01", Desk("王警官"), police_decision="b" * 64)
    assert tables(store)["served-insurance"].rows[0].values[0] == 1
