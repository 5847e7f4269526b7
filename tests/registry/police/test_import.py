"""Household events from a table: row by row answered, a family's event a unit, twice once, and nobody lost who fits nobody."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry import parties, residence
from registry.audit import audit
from registry.membership_queries import queries
from registry.particulars import Particulars, stated
from registry.police import EventTableRefusedError, import_events, sheet, unmatched
from registry.police.reading import KINDS, read_events
from registry.waiting import UNMATCHED_ROW
from tests.guarantee.village import everything, registered, size, state_root
from tests.registry import made_up
from tests.registry.police.tables import HEADER, SIGNED, TOWN, birth, person, settles, states_of, written
from tests.registry.settlement.filings import kept

if TYPE_CHECKING:
    from pathlib import Path

    from registry.police import Imported
    from registry.store.engines import Store

FAMILY = [settles(n) for n in range(5)]


def brought(store: Store, path: Path, rows: list[dict[str, str]], *, dry_run: bool = False) -> Imported:
    """Import these rows."""
    return import_events(store, written(path / "事件.xlsx", rows), "王警官", "公安局", dry_run=dry_run)


def states(found: Imported) -> list[str]:
    """What became of each row."""
    return [answer.state for answer in found.answers]


def test_family_comes_in_as_one_event_and_touches_no_right(store: Store, tmp_path: Path) -> None:
    """II.1.1: five rows, one event, each with their own application; the state of the rights stands."""
    village = registered(store)
    before, root, long = everything(store), state_root(store), size(store)
    found = brought(store, tmp_path, FAMILY)
    assert states(found) == ["recorded"] * 5
    assert {answer.idx for answer in found.answers} == {long}
    assert (size(store), state_root(store), everything(store)) == (long + 1, root, before)
    with store.reading() as connection:
        here = [residence.registration_at(connection, store.vault, p, "2018-01-01") for p in village.people]
    assert {row and row.division_code for row in here} == {"150626100010"}
    assert not found.to_look_at
    assert audit(store).findings == ()


def test_twice_is_once(store: Store, tmp_path: Path) -> None:
    """I28: the same table again records nothing; a birth's child is not born twice, its question not put twice."""
    registered(store)
    rows = [*FAMILY, *birth()]
    first = brought(store, tmp_path, rows)
    long = size(store)
    again = brought(store, tmp_path, rows)
    assert states(first) == ["recorded"] * 8
    assert states(again) == ["repeated"] * 8
    assert [a.idx for a in again.answers] == [a.idx for a in first.answers]
    assert size(store) == long
    with store.reading() as connection:
        assert len(parties.find_by_number(connection, store.vault, birth()[0]["证件号码"])) == 1
        assert len(queries(connection)) == 1


def test_dry_run_answers_the_same_and_keeps_nothing(store: Store, tmp_path: Path) -> None:
    """A dry run tells what would be recorded and who fits nobody, and writes neither an event nor the queue."""
    registered(store)
    rows = [*FAMILY, *birth(), settles(0, "PN-3", 姓名="别人")]
    long = size(store)
    found = brought(store, tmp_path, rows, dry_run=True)
    assert states(found) == [*["would be recorded"] * 8, "unmatched"]
    assert size(store) == long
    with store.reading() as connection:
        assert unmatched(store, connection) == []
    assert states(brought(store, tmp_path, rows))[:8] == ["recorded"] * 8


def test_bad_row_holds_its_whole_event_and_no_other(store: Store, tmp_path: Path) -> None:
    """One family's event is a unit: a bad row is named, the others of it wait, the next event goes in."""
    village = registered(store)
    bad = settles(1, 区划代码="嘎鲁图")
    found = brought(store, tmp_path, [settles(0), bad, *birth()])
    assert states(found) == ["waits for its event", "refused", "recorded", "recorded", "recorded"]
    assert "区划代码" in found.answers[1].zh
    assert "3" in found.answers[0].zh
    with store.reading() as connection:
        here = residence.registration_at(connection, store.vault, village.people[0], "2018-01-01")
    assert here is not None
    assert here.division_code == "150626100210"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (settles(0, 事件编号=""), "事件编号"),
        (settles(0, 事项="收回土地"), "事项"),
        (settles(0, 日期="20170230"), "日期"),
        (settles(0, 日期="20990101"), "日期"),
        (settles(0, 证件号码=""), "证件号码"),
        (settles(0, 姓名="=1+1"), "姓名"),
        (settles(0, 申请书="申请"), "申请书"),
        (settles(0, 区划代码=""), "区划代码"),
        (settles(0, 住址=""), "住址"),
        (settles(0, 申请书=""), "签字的申请"),
        (settles(1, 签字人证件号码=person(0)["证件号码"]), "成年人落户只凭自己签字的申请"),
        (settles(3, 签字人证件号码=""), "监护人"),
        (settles(3, 签字人证件号码="150699190001010018"), "签字人"),
        ({**settles(0), **dict.fromkeys(("区划代码", "户号", "区划名称", "住址"), "")}, "登记到哪里"),
    ],
)
def test_bad_row_says_what_is_wrong_and_repeats_no_value(
    store: Store, tmp_path: Path, row: dict[str, str], told: str
) -> None:
    """Bad rows are named, in both languages, masked; nothing is recorded."""
    registered(store)
    long = size(store)
    (answer,) = brought(store, tmp_path, [row]).answers
    assert (answer.state, answer.row) == ("refused", 2)
    assert told in answer.zh
    assert answer.en
    assert size(store) == long
    assert not [v for v in (*(p[0] for p in made_up.PEOPLE), person(0)["证件号码"], "文苑社区1栋") if v in f"{answer}"]


def test_rows_of_one_event_agree(store: Store, tmp_path: Path) -> None:
    """Two days or two kinds under one number are two events: both named."""
    registered(store)
    found = brought(store, tmp_path, [settles(0), settles(1, 日期="20170509"), settles(4, 事项="旗内户口迁移")])
    assert states(found) == ["waits for its event", "refused", "refused"]


def test_number_of_another_event_is_refused(store: Store, tmp_path: Path) -> None:
    """A number that comes again with another day or other people is a mistake of the sender's."""
    registered(store)
    brought(store, tmp_path, [settles(0)])
    for other in (settles(0, 日期="20170509"), settles(1)):
        assert states(brought(store, tmp_path, [other])) == ["refused"]


def test_who_fits_nobody_waits_and_is_found_when_they_fit(store: Store, tmp_path: Path) -> None:
    """The queue of unmatched people: each row once, sealed; it leaves when its event was recorded."""
    registered(store)
    stranger = settles(0, 姓名="达楞泰")
    for _ in range(2):
        assert states(brought(store, tmp_path, [stranger, settles(1)])) == ["unmatched", "waits for its event"]
    with store.reading() as connection:
        (one,) = unmatched(store, connection)
        raw = connection.execute(sa.select(UNMATCHED_ROW)).one()
    assert (one.event, one.kind, one.cells["姓名"]) == ("PN-1", "本旗城镇落户", "达楞泰")
    assert one.shown()["who"].startswith("**泰")
    assert "达楞泰" not in f"{one!r}{tuple(raw)!r}"
    assert audit(store).findings == ()
    assert states(brought(store, tmp_path, [settles(0), settles(1)])) == ["recorded", "recorded"]
    with store.reading() as connection:
        assert unmatched(store, connection) == []


@pytest.mark.parametrize(
    "changed",
    [{"新登记": ""}, {"证件号码": "150699201802012240"}, {"证件号码": "1506"}, {"证件号码": person(4)["证件号码"]}],
)
def test_newcomer_in_doubt_waits_and_is_never_repaired(store: Store, tmp_path: Path, changed: dict[str, str]) -> None:
    """II.2.3: a badly built number, or one that somebody else has, is held as it came; nobody is merged by number."""
    registered(store)
    found = brought(store, tmp_path, birth(**changed))
    assert states(found) == ["unmatched", "waits for its event", "waits for its event"]
    with store.reading() as connection:
        (one,) = unmatched(store, connection)
    assert one.cells["证件号码"] == changed.get("证件号码", birth()[0]["证件号码"])


def test_old_number_of_fifteen_digits_is_taken(store: Store, tmp_path: Path) -> None:
    """II.2.3: fifteen digits are kept, and the person is findable by the number it would have become."""
    registered(store)
    row = {**birth()[0], "事项": "无户口人员首次登记户口", "证件号码": "150699740312301"}
    assert states(brought(store, tmp_path, [row])) == ["recorded"]
    with store.reading() as connection:
        assert parties.find_by_number(connection, store.vault, made_up.id_number("19740312", 301))


def test_person_who_stands_twice_in_one_event_is_refused_and_the_others_go_on(store: Store, tmp_path: Path) -> None:
    """An event says of each person once what becomes of them: the second row is answered, its event waits, another is recorded."""
    registered(store)
    rows = [settles(0), settles(0, 住址="别处"), settles(1, "PN-2")]
    found = brought(store, tmp_path, rows)
    assert states(found) == ["waits for its event", "refused", "recorded"]
    assert "row 2 of the same event" in found.answers[1].en


def test_nationality_and_education_come_with_a_move_or_alone(store: Store, tmp_path: Path) -> None:
    """Figure 2: optional columns; a row that leaves them empty states nothing, and a later table states the rest."""
    village = registered(store)
    moved = [settles(0, 民族="02", 文化程度="71"), settles(1, 民族="01"), *(settles(n) for n in range(2, 5))]
    assert states(brought(store, tmp_path, moved)) == ["recorded"] * 5
    assert states(brought(store, tmp_path, [states_of(1, 民族="", 文化程度="80")])) == ["recorded"]
    with store.reading() as connection:
        known = stated(store, connection, valid_at="2026-01-01", known_at=size(store))
    assert known == {
        village.people[0]: Particulars("02", "71"),
        village.people[1]: Particulars("01", "80"),
    }


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"民族": "57"}, "GB/T 3304"),
        ({"民族": "蒙古族"}, "GB/T 3304"),
        ({"文化程度": "99"}, "GB/T 4658"),
        ({"民族": "", "文化程度": ""}, "neither 民族 nor 文化程度"),
        (TOWN, "moves nobody"),
    ],
)
def test_particulars_that_no_list_has_are_refused(
    store: Store, tmp_path: Path, changed: dict[str, str], why: str
) -> None:
    """A code of no list, a word, none at all, or a place beside it: refused row by row; a word is masked, no guess is made."""
    registered(store)
    long = size(store)
    (answer,) = brought(store, tmp_path, [states_of(0, **changed)]).answers
    assert answer.state == "refused"
    assert why in answer.en
    assert "蒙古" not in answer.zh + answer.en
    assert size(store) == long


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_comes_in_and_moves_no_right(store: Store, tmp_path: Path, kind: str) -> None:
    """I1: whatever the police network records, the rights stand as they stood."""
    village = registered(store)
    before, root = everything(store), state_root(store)
    row = settles(0, 事项=kind)
    if kind in {"出生登记", "收养登记"}:
        row = birth(事项=kind)[0]
    if kind == "民族、文化程度登记":
        row = states_of(0)
    found = brought(store, tmp_path, [row])
    assert states(found) == ["recorded"], found.answers
    assert (everything(store), state_root(store)) == (before, root)
    with store.reading() as connection:
        if kind == "实际居住地登记":
            assert residence.residence_at(connection, store.vault, village.people[0], "2018-01-01") is not None
        if kind == "户口注销":
            here = residence.registration_at(connection, store.vault, village.people[0], "2018-01-01")
            assert here is not None
            assert here.status == "cancelled"
        if kind.startswith("居住证"):
            assert len(residence.permits(connection, village.people[0])) == 1
    assert audit(store).findings == ()


@pytest.mark.parametrize(
    ("rows", "header"),
    [([], None), ([settles(0)], [n for n in HEADER if n != "事件编号"]), ([settles(0)], [*HEADER, "姓名"])],
)
def test_table_that_is_none_is_refused_whole(
    store: Store, tmp_path: Path, rows: list[dict[str, str]], header: list[str] | None
) -> None:
    """No rows, a column missing, a column twice: refused, with the faults."""
    path = written(tmp_path / "x.xlsx", rows, header)
    with pytest.raises(EventTableRefusedError) as refusal:
        import_events(store, path, "王警官", "公安局")
    assert refusal.value.faults
    (tmp_path / "y.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(EventTableRefusedError):
        import_events(store, tmp_path / "y.xlsx", "王警官", "公安局")


def test_answers_leave_as_a_table_with_what_is_to_be_looked_at_first(store: Store, tmp_path: Path) -> None:
    """The xlsx answer has each row of the file once, masked, those not recorded on top."""
    registered(store)
    found = brought(store, tmp_path, [*FAMILY, settles(0, "PN-9", 姓名="别人")])
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet(found))).worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [7, 2, 3, 4, 5, 6]
    assert rows[1][4] == "找不到人"
    text = repr(rows)
    assert not [name for name, _, _ in made_up.PEOPLE if name in text]
    assert found.as_json()["counts"] == {"recorded": 5, "unmatched": 1}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    cells=st.lists(st.dictionaries(st.sampled_from(HEADER), st.text(max_size=12), max_size=15), min_size=1, max_size=4)
)
def test_any_table_is_read_or_refused(tmp_path: Path, cells: list[dict[str, str]]) -> None:
    """Whatever stands in the cells: rows with what is wrong with them, or a refusal of the table."""
    rows = [{name: "".join(c for c in text if c.isprintable()) for name, text in row.items()} for row in cells]
    path = written(tmp_path / "any.xlsx", rows)
    try:
        found = read_events(path, "150626", "2026-11-26")
    except EventTableRefusedError:
        return
    assert all(row.wrong or row["事项"] in KINDS for group in found.values() for row in group)


def test_permit_steps_follow_the_rows_day(store: Store, tmp_path: Path) -> None:
    """Four rows of four events: issued, endorsed, suspended, lapsed, each on its day."""
    village = registered(store)
    kinds = (
        ("居住证发放", "20170101"),
        ("居住证签注", "20180101"),
        ("居住证功能中止", "20190101"),
        ("居住证失效", "20190601"),
    )
    rows = [
        {"事件编号": f"P-{n}", "事项": kind, "日期": day, **person(4), "区划代码": TOWN["区划代码"]}
        for n, (kind, day) in enumerate(kinds)
    ]
    assert states(brought(store, tmp_path, rows)) == ["recorded"] * 4
    with store.reading() as connection:
        held = residence.permits(connection, village.people[4])
    assert [step["status"] for step in held] == ["issued", "endorsed", "suspended", "lapsed"]
    assert SIGNED not in repr(held)


COURT = "6" * 64


def by_guardian(**changed: str) -> dict[str, str]:
    """The wife settles on an application that the husband signed as the guardian whom a court named."""
    named = {"签字人证件号码": person(0)["证件号码"], "监护判决书": COURT, "判决书生效日期": "20170508"}
    return settles(1, "PN-20", **{**named, **changed})


@pytest.mark.rule("PERSON/adult-guardian", "WS-2016/I.2.2")
def test_guardians_court_decision_comes_with_the_row(store: Store, tmp_path: Path) -> None:
    """民法典 21 to 24, 28: with the decision in force on the day the row is recorded, and the decision is its evidence."""
    registered(store)
    before = everything(store)
    found = brought(store, tmp_path, [by_guardian()])
    assert states(found) == ["recorded"], found.answers
    idx = found.answers[0].idx
    assert idx is not None
    assert COURT in kept(store, idx, "event.evidence")
    assert everything(store) == before
    assert states(brought(store, tmp_path, [by_guardian()])) == ["repeated"]
    assert audit(store).findings == ()


@pytest.mark.rule("PERSON/adult-guardian")
@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"监护判决书": ""}, "判决书"),
        ({"判决书生效日期": ""}, "生效"),
        ({"判决书生效日期": "20170509"}, "没有生效"),
        ({"监护判决书": "", "判决书生效日期": ""}, "成年人落户只凭自己签字的申请"),
        ({"监护判决书": "判决"}, "SHA-256"),
        ({"恢复行为能力日期": "20170508"}, "由本人签字"),
        ({"恢复行为能力日期": "20170506"}, "由本人签字"),
        ({"恢复行为能力日期": "29990101"}, "恢复行为能力日期"),
        ({"恢复行为能力日期": "去年"}, "恢复行为能力日期"),
        ({"监护判决书": "", "判决书生效日期": "", "恢复行为能力日期": "20170508"}, "由本人签字"),
        ({"签字人证件号码": ""}, "签字人证件号码"),
        ({"申请书": ""}, "申请书"),
    ],
)
def test_guardian_in_a_row_without_the_whole_decision_is_refused(
    store: Store, tmp_path: Path, changed: dict[str, str], word: str
) -> None:
    """I.2.2: no decision, none in force on the day, none that names anybody: told which paper is short, nothing recorded."""
    registered(store)
    long = size(store)
    (answer,) = brought(store, tmp_path, [by_guardian(**changed)]).answers
    assert answer.state == "refused"
    assert word in answer.zh
    assert person(0)["证件号码"] not in answer.zh + answer.en
    assert size(store) == long


@pytest.mark.rule("PERSON/adult-guardian", "WS-2016/I.2.2")
def test_guardian_signs_until_the_day_on_which_a_court_restored_them(store: Store, tmp_path: Path) -> None:
    """民法典 24: a later decision counts from its own day; a guardian's signature of the day before it stands."""
    registered(store)
    assert states(brought(store, tmp_path, [by_guardian(恢复行为能力日期="20170509")])) == ["recorded"]


def test_table_without_the_columns_of_the_court_is_taken_as_before(store: Store, tmp_path: Path) -> None:
    """A network that sends no court decisions sends its tables as it always did."""
    registered(store)
    header = [name for name in HEADER if name not in {"监护判决书", "判决书生效日期", "恢复行为能力日期"}]
    found = import_events(store, written(tmp_path / "old.xlsx", FAMILY, header), "王警官", "公安局")
    assert states(found) == ["recorded"] * 5


@pytest.mark.rule("WS-2016/II.2.2")
def test_permit_of_somebody_new_comes_in(store: Store, tmp_path: Path) -> None:
    """II.2.2: whoever holds a permit comes from outside, and is seldom in the register before it."""
    registered(store)
    new = {"姓名": "赵一", "证件号码": made_up.id_number("19850101", 121), "新登记": "是", "性别": "1"}
    row = {"事件编号": "PN-30", "事项": "居住证发放", "日期": "20170508", "区划代码": "150626100010", **new}
    assert states(brought(store, tmp_path, [row])) == ["recorded"]
    with store.reading() as connection:
        (who,) = parties.find_by_number(connection, store.vault, new["证件号码"])
        assert [state["status"] for state in residence.permits(connection, who)] == ["issued"]
    assert states(brought(store, tmp_path, [row])) == ["repeated"]
    assert audit(store).findings == ()
