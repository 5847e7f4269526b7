"""Figures 7 to 11 and the coincidences: what settled people still hold, what was let, left, broken; both engines."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from registry import breaches
from registry.audit import audit
from registry.ledger.act import ActFields
from registry.ledger.check import Disagreement
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.membership import acts as memberships
from registry.parties import Identity
from registry.rights import acts as rights
from registry.settlement import Event, record
from registry.settlement.life import Desk, link_people
from registry.statistics import NoSuchFigureError, figures, of_exits, of_leases, of_rights
from registry.statistics.coincidences import coincidences
from registry.statistics.count import Count
from registry.statistics.figures import abouts
from registry.statistics.rules import rules_on
from registry.statistics.table import Value
from registry.store.engines import Store
from tests.guarantee.village import burdened, family_wills
from tests.registry import made_up
from tests.registry.made_up import CLERK, Village

ROOT = Path(__file__).parents[3]
DAY = "2020-01-01"


@pytest.fixture
def village(store: Store) -> Village:
    """The family with all its rights, registered in the village."""
    found = made_up.register_village(store)
    made_up.register_hukou(store, found)
    return found


def rows(store: Store, figure: str, day: str = DAY, known: int | None = None) -> dict[str, dict[str, list[Value]]]:
    """The rows of a figure's tables before anything is hidden."""
    of: Any = {
        "confirmation": of_rights.confirmation,
        "retained": of_rights.retained,
        "let": of_leases.let,
        "exits": of_exits.exits,
        "breaches": of_rights.breached,
    }[figure]
    with store.reading() as connection:
        told = of(Count(store, connection, day, known or size(connection), rules_on(day)))
    return {table.id: {row.zh: row.values for row in table.rows} for table in told.tables}


def test_parcels_are_certified_disputed_or_without_a_right(store: Store, village: Village) -> None:
    """Figure 7: by use and village; the recorded areas, uses never added; a dispute is counted while it is registered."""
    before = rows(store, "confirmation")
    assert set(before) == {f"confirmation-{use}" for use in ("arable", "grass", "forest", "other", "homestead")}
    grass = [str(value) for value in before["confirmation-grass"]["乌审旗"]]
    assert grass == ["1", "0", "0", "0", "0", "1", "1", "2561446.67", "3842.17"]
    with desk(store, CLERK) as at:
        act = at.act("disputed", "2018-02-01", ActFields(basis="争议", wills=family_wills(village)))
        rights.burden(
            act, village.rights["contract-grass"], restriction_kind="dispute", parties={}, document="d1", amount="0", rank=1
        )
        at.commit()
    assert rows(store, "confirmation")["confirmation-grass"]["乌审旗"][1] == 1
    assert rows(store, "confirmation", "2018-01-31")["confirmation-grass"]["乌审旗"][1] == 0


def test_settled_people_hold_what_they_held(store: Store, village: Village) -> None:
    """Figure 8: five settled, five held before, five hold now; areas of each kind once, whoever of the family is asked."""
    assert rows(store, "retained")["retained"]["落户的人"] == [0]
    made_up.settle(store, village)
    told = rows(store, "retained")
    assert told["retained"]["落户前有，现在还有"] == told["retained"]["落户的人"] == [5]
    assert [str(value) for value in told["retained-contract-grass"]["土地承包经营权（草地）"]] == ["1", "2561446.67", "3842.17"]
    assert told["retained-income"]["集体收益分配权（份）"][0] == 5


def test_an_exit_is_told_apart_from_a_loss_without_a_cause(store: Store, village: Village) -> None:
    """Figure 8: who gave up everything lawfully is no breach of the promise; the share of the others stays whole."""
    made_up.settle(store, village)
    with desk(store, CLERK) as at:
        for right in village.rights.values():
            fields = ActFields(basis="退出协议", wills=family_wills(village), payment="1000.00")
            rights.end(at.act("exited", "2019-06-01", fields), right)
        at.commit()
    assert rows(store, "exits")["exits"]["自愿有偿退出"] == [len(village.rights), 1000]
    told = rows(store, "retained")["retained"]
    assert (told["落户前有，现在还有"], told["落户前有，现在没有：登记了退出"]) == ([0], [5])
    assert rows(store, "retained", "2019-05-31")["retained"]["落户前有，现在还有"] == [5]


def test_leases_are_counted_by_who_lets_and_for_how_long(store: Store, village: Village) -> None:
    """Figure 9: one lease of ten years; the household that lets it counts as settled from its settlement on."""
    burdened(store, village)
    assert rows(store, "let")["let"]["5–10 年"][:3] == [0, 1, 1]
    made_up.settle(store, village)
    assert [str(value) for value in rows(store, "let")["let"]["5–10 年"]] == ["1", "0", "1", "31000.00", "46.50"]
    assert rows(store, "let", "2016-12-31")["let"]["合计"][:3] == [0, 0, 0]


@pytest.mark.rule("WS-2016/II.2.3")
def test_who_settled_under_another_row_of_theirs_holds_what_they_held(store: Store, village: Village) -> None:
    """Figures 8 and 9, coincidences: from the link's day on one person, with the rights of both rows; before it a stranger."""
    double = Identity("达楞太", made_up.id_number("19680312", 901), sex="1")
    first = Event("registered-first", "2016-09-14", (), (made_up.rural("new:0", "02"),), newcomers=(double,))
    (second,) = record(store, first, "王警官", "公安局").newcomers
    record(store, Event("settled-in-banner", "2016-12-15", (second,), (made_up.town(second),)), "王警官", "公安局")
    burdened(store, village)
    link_people(store, second, village.people[0], "2019-06-01", Desk("王警官"), police_decision="b" * 64)
    apart, once = rows(store, "retained", "2019-05-31"), rows(store, "retained")
    assert (apart["retained"]["落户前没有权利"], apart["retained"]["落户前有，现在还有"]) == ([1], [0])
    assert (once["retained"]["落户前没有权利"], once["retained"]["落户前有，现在还有"]) == ([0], [1])
    assert rows(store, "let", "2019-05-31")["let"]["5–10 年"][:2] == [0, 1]
    assert rows(store, "let")["let"]["5–10 年"][:2] == [1, 0]
    with store.reading() as connection:
        assert coincidences(connection, valid_at="2019-05-31", known_at=size(connection)) == []
        (row,) = coincidences(connection, valid_at=DAY, known_at=size(connection))
    assert (row.kind, row.people) == ("leased", 1)
    made_up.settle(store, village)
    assert rows(store, "retained")["retained"]["落户的人"] == [5]
    assert rows(store, "retained", "2019-05-31")["retained"]["落户的人"] == [6]


@pytest.mark.rule("STAT/coincidences")
def test_acts_soon_after_a_settlement_are_listed_without_a_name(store: Store, village: Village) -> None:
    """Users 2(e)2: a lease and a lost membership within 90 days after the settlement; later ones are none."""
    made_up.settle(store, village, "2025-06-01")
    with desk(store, CLERK) as at:
        wills = made_up.wills(village.people[0])
        act = at.act("membership-exited", "2025-07-01", ActFields(basis="申请和集体同意", wills=wills))
        memberships.end(act, village.memberships[0])
        late = at.act("membership-exited", "2025-08-31", ActFields(basis="申请", wills=made_up.wills(village.people[1])))
        memberships.end(late, village.memberships[1])
        at.commit()
    with store.reading() as connection:
        found = coincidences(connection, valid_at="2026-01-01", known_at=size(connection))
        assert [(row.kind, row.act_day, row.days, row.people) for row in found] == [("membership-exited", "2025-07-01", 30, 1)]
        assert coincidences(connection, valid_at="2016-01-01", known_at=size(connection)) == []
    cancelled = found[0].event
    record(store, Event("event-cancelled", "2025-09-01", tuple(village.people), cancels=cancelled, key="x"), "王警官", "公安局")
    with store.reading() as connection:
        assert coincidences(connection, valid_at="2026-01-01", known_at=size(connection)) == []


def test_a_lease_by_the_household_names_the_household_once(store: Store, village: Village) -> None:
    """The household's code stands in the line, and how many of the settled people it concerns."""
    made_up.settle(store, village, "2016-12-15")
    burdened(store, village)
    with store.reading() as connection:
        (row,) = coincidences(connection, valid_at=DAY, known_at=size(connection))
    assert (row.kind, row.household, row.people, row.days) == ("leased", f"{made_up.VILLAGE_CODE}0001", 5, 17)


def test_a_recorded_breach_is_open_until_somebody_writes_what_came_of_it(store: Store, village: Village) -> None:
    """Figure 11: one row a finding, twice is once; closed with its outcome; a damaged row of the list is named by the audit."""
    finding = Disagreement("right_version", (("thing_id", "x"), ("ver", 1)), 3, ("term_end",), "不符", "differs")
    with store.reading() as connection:
        known = size(connection)
    assert (breaches.record(store, [finding], known), breaches.record(store, [finding], known)) == (1, 0)
    today = store.clock().date().isoformat()
    assert rows(store, "breaches", "2999-01-01")["breaches"]["right_version"] == [1, 0]
    with store.reading() as connection:
        (one,) = breaches.breaches(store, connection)
    assert (one.place, one.found["zh"], one.outcome) == ("right_version", "不符", None)
    assert "不符" not in repr(one)
    for wrong, outcome in (("0" * 32, "查清"), (one.id, " ")):
        with pytest.raises(breaches.NoSuchBreachError):
            breaches.close(store, CLERK, wrong, outcome)
    breaches.close(store, CLERK, one.id, "硬盘坏道, 从备份恢复")
    with pytest.raises(breaches.NoSuchBreachError):
        breaches.close(store, CLERK, one.id, "再写一次")
    assert rows(store, "breaches", "2999-01-01")["breaches"]["right_version"] == [0, 1]
    assert rows(store, "breaches", "2020-01-01")["breaches"] == {"合计": [0, 0]}
    assert today > "2020-01-01"
    assert breaches.record(store, [finding], known) == 1
    assert audit(store).findings == ()


def test_every_figure_says_how_it_was_counted_in_both_languages(store: Store, village: Village) -> None:
    """Policy-map section 11: fourteen figures, each with its way of counting and its bureaus; a name that is none is refused."""
    with store.reading() as connection:
        found = figures(store, connection, valid_at=DAY, known_at=size(connection))
        with pytest.raises(NoSuchFigureError, match="fiscal-base"):
            figures(store, connection, valid_at=DAY, known_at=1, only=["ranking"])
    assert [figure.about.number for figure in found] == list(range(1, 15))
    for about in abouts():
        assert len(about.how_zh) > 20
        assert len(about.how_en) > 20
    assert all(about.bureaus for about in abouts() if about.number != 14)


AIMS = re.compile("target|quota|rank|goal|league|score|任务|指标|目标|排名|名次|完成率|考核", re.IGNORECASE)


def test_no_figure_has_a_target_a_quota_or_a_ranking() -> None:
    """Plan III.3 (不定任务指标): no name, column, template or file of this room has one, but to say that there is none."""
    heads = tomllib.loads((ROOT / "registry/statistics/figures.toml").read_text("utf-8"))["figure"]
    texts = [str(row[name]) for row in heads for name in ("id", "zh", "en")]
    texts += re.findall(r"Column\([^)]*\)|head\([^)]*\)", (ROOT / "registry/statistics/heads.py").read_text("utf-8"))
    for path in (ROOT / "registry/statistics").glob("*.py"):
        source = path.read_text("utf-8")
        texts += re.findall(r"\b(?:def|class) (\w+)", source) + re.findall(r"^\s*(\w+)(?:: [^=\n]+)? = ", source, re.MULTILINE)
    for path in (ROOT / "api/pages").glob("statistics*"):
        texts.append(path.read_text("utf-8"))
    assert [text for text in texts if AIMS.search(text)] == []
