"""A bureau's report: whole or not at all, each row once, a correction a row of its own, nobody guessed, and nothing about land."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry.audit import audit
from registry.service_reports.handing_in import HandedIn, NotReportingError, hand_in_rows, hand_in_table, unmatched
from registry.service_reports.reading import COLUMN_NAMES, ReportRefusedError
from registry.service_reports.standing import last_reported, reported
from registry.service_reports.tables import SERVICE_REPORT, SERVICE_REPORT_UNMATCHED
from registry.store.engines import owner_engine
from tests.guarantee.village import everything, registered, size, state_root
from tests.registry import made_up
from tests.registry.service_reports.reports import row, written

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store

BUREAU = "human-resources"
DAY = "2020-01-01"


def sent(store: Store, *rows: dict[str, str], dry_run: bool = False) -> list[str]:
    """Hand rows in; what became of each."""
    return states(hand_in_rows(store, BUREAU, rows, "经办人甲", dry_run=dry_run))


def states(found: HandedIn) -> list[str]:
    """What became of each row."""
    return [answer.state for answer in found.answers]


def served(store: Store, day: str = DAY, known_at: int | None = None) -> set[tuple[str, str]]:
    """Who is reported to have what on a day."""
    known = size(store) if known_at is None else known_at
    with store.reading() as connection:
        return {(each.service, each.person_id) for each in reported(connection, valid_at=day, known_at=known)}


def faults(store: Store, *rows: dict[str, str]) -> list[tuple[int | None, str]]:
    """Where a report that is refused is wrong. Nothing of it is kept, the queue included."""
    before = kept(store)
    with pytest.raises(ReportRefusedError) as refusal:
        sent(store, *rows)
    assert kept(store) == before
    assert all(fault.zh and fault.en for fault in refusal.value.faults)
    told = f"{refusal.value} {refusal.value.faults}"
    assert not [name for name, born, n in made_up.PEOPLE if name in told or made_up.id_number(born, n) in told]
    return [(fault.row, fault.field) for fault in refusal.value.faults]


def kept(store: Store) -> tuple[int, int]:
    """How many reports, and how many rows that wait."""
    with store.reading() as connection:
        one, other = (
            connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in (SERVICE_REPORT, SERVICE_REPORT_UNMATCHED)
        )
    return one, other


def test_report_comes_in_once_and_touches_no_right(store: Store, tmp_path: Path) -> None:
    """II.3.5: a table is taken, the same again is kept once; log and state of the rights stand as they stood."""
    village = registered(store)
    before, root, long = everything(store), state_root(store), size(store)
    path = written(tmp_path / "报表.xlsx", [row(0, "A-1"), row(1, "A-2", "insurance"), row(0, "A-3", "就业")])
    assert states(hand_in_table(store, BUREAU, path, "经办人甲")) == ["recorded"] * 3
    assert states(hand_in_table(store, BUREAU, path, "经办人甲")) == ["repeated"] * 3
    assert served(store) == {
        ("insurance", village.people[0]), ("insurance", village.people[1]), ("jobs", village.people[0]),
    }  # fmt: skip
    assert kept(store) == (3, 0)
    assert (size(store), state_root(store), everything(store)) == (long, root, before)
    assert audit(store).findings == ()


def test_service_is_had_from_its_first_day_to_its_last(store: Store) -> None:
    """Figure 6: on the day before, on both days themselves, and on the day after."""
    registered(store)
    sent(store, row(0, "A-1", since="20180301", 结束日期="20180630"))
    days = ("2018-02-28", "2018-03-01", "2018-06-30", "2018-07-01")
    assert [bool(served(store, day)) for day in days] == [False, True, True, False]


def test_correction_is_another_row_and_the_first_stays_known_as_it_was(store: Store) -> None:
    """I25: corrected once, by a row of its own number; withdrawn by another; as known before, the first still stands."""
    village = registered(store)
    sent(store, row(0, "A-1"))
    before = size(store)
    made_up.settle(store, village)  # the log grows: what is reported from here on was not known before
    assert sent(store, row(1, "A-2", 更正编号="A-1")) == ["recorded"]
    assert served(store) == {("insurance", village.people[1])}
    assert served(store, known_at=before) == {("insurance", village.people[0])}
    assert faults(store, row(1, "A-3", 更正编号="A-1")) == [(1, "更正编号")]
    assert sent(store, row(1, "A-4", 更正编号="A-2", 撤回="是")) == ["recorded"]
    assert served(store) == set()
    assert sent(store, row(0, "A-1"), row(1, "A-2", 更正编号="A-1")) == ["repeated", "repeated"]
    assert served(store) == set()
    assert kept(store) == (3, 0)
    assert audit(store).findings == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"编号": ""}, "编号"),
        ({"编号": "三百亩"}, "编号"),
        ({"姓名": ""}, "姓名"),
        ({"证件号码": ""}, "证件号码"),
        ({"服务": "收回土地"}, "服务"),
        ({"服务": "上学"}, "服务"),
        ({"服务": "permit-services"}, "服务"),
        ({"起始日期": "20180230"}, "起始日期"),
        ({"起始日期": "20990101"}, "起始日期"),
        ({"结束日期": "20180228"}, "结束日期"),
        ({"撤回": "是"}, "撤回"),
        ({"撤回": "否"}, "撤回"),
        ({"更正编号": "A-9"}, "更正编号"),
        ({"更正编号": "甲"}, "更正编号"),
        ({"更正编号": "B-1"}, "更正编号"),
    ],
)
def test_one_bad_row_turns_the_whole_report_back(store: Store, changed: dict[str, str], field: str) -> None:
    """Bad input is refused as a unit: the good rows beside it are not taken either, and nobody of them waits."""
    registered(store)
    stranger = row(3, "B-3", 姓名="别人")
    assert faults(store, row(0, "B-0"), {**row(1, "B-1"), **changed}, stranger) == [(2, field)]


def test_every_fault_is_named_at_once(store: Store) -> None:
    """The clerk mends once: each row that is wrong has its line, a number that stands twice among them."""
    registered(store)
    found = faults(store, row(0, "A-1", "上学"), row(1, "A-1", since="20990101"), row(2, "", "上学"))
    assert found == [(1, "服务"), (2, "起始日期"), (3, "服务"), (3, "编号")]
    assert faults(store, row(0, "A-1"), row(1, "A-1")) == [(2, "编号")]


def test_number_of_another_row_is_refused(store: Store) -> None:
    """A number names one row for ever: what differs under it is a correction without its own number."""
    registered(store)
    sent(store, row(0, "A-1"))
    assert faults(store, row(0, "A-1", since="20180302")) == [(1, "编号")]
    assert faults(store, row(1, "A-1")) == [(1, "编号")]
    assert states(hand_in_rows(store, "education", [row(0, "A-1", "上学")], "经办人乙")) == ["recorded"]


@pytest.mark.parametrize("column", ["地块代码", "承包面积", "住址", "家庭收入", "户号"])
def test_column_about_anything_else_is_refused_with_its_table(store: Store, tmp_path: Path, column: str) -> None:
    """I19: nothing about land, address or income can come in beside: the table is refused, not the column left unread."""
    registered(store)
    path = written(tmp_path / "报表.xlsx", [row(0, "A-1", **{column: "1"})], (*COLUMN_NAMES, column))
    with pytest.raises(ReportRefusedError) as refusal:
        hand_in_table(store, BUREAU, path, "经办人甲")
    assert [fault.row for fault in refusal.value.faults] == [None]
    assert column not in f"{refusal.value.faults}"
    assert kept(store) == (0, 0)


def test_report_has_no_place_for_land() -> None:
    """I19: a person, a service of the catalogue, days, who reported; every other column would be seen here."""
    assert set(SERVICE_REPORT.columns.keys()) == {
        *("row_key", "corrects", "bureau", "service", "person_id", "since", "until", "stated", "log_size", "at", "sealed"),
    }


def test_table_without_a_row_or_a_column_is_refused(store: Store, tmp_path: Path) -> None:
    """An empty table, one without a needed column, and a file that is none."""
    registered(store)
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04")
    for path in (
        written(tmp_path / "空.xlsx", []),
        written(tmp_path / "缺.xlsx", [row(0, "A-1")], COLUMN_NAMES[:5]),
        broken,
    ):
        with pytest.raises(ReportRefusedError):
            hand_in_table(store, BUREAU, path, "经办人甲")


def test_who_fits_nobody_waits_sealed_until_the_row_fits(store: Store) -> None:
    """II.2.3: number and name decide, never the number alone; the row waits once and leaves when it is taken."""
    registered(store)
    for _ in range(2):
        assert sent(store, row(0, "A-1", 姓名="达楞泰"), row(1, "A-2")) in (["unmatched", "recorded"], ["unmatched", "repeated"])
    with store.reading() as connection:
        (one,) = unmatched(store, connection, BUREAU)
        assert unmatched(store, connection, "education") == []
        raw = connection.execute(sa.select(SERVICE_REPORT_UNMATCHED)).one()
    assert one.shown()["number"] == "A-1"
    assert one.shown()["who"].startswith("**泰")
    assert "达楞泰" not in f"{one!r}{tuple(raw)!r}"
    assert audit(store).findings == ()
    assert sent(store, row(0, "A-1")) == ["recorded"]
    with store.reading() as connection:
        assert unmatched(store, connection, BUREAU) == []


def test_dry_run_answers_the_same_and_keeps_nothing(store: Store) -> None:
    """What would be taken and who fits nobody is told; neither is written."""
    registered(store)
    rows = (row(0, "A-1"), row(1, "A-2", 更正编号="A-1"), row(2, "A-3", 姓名="别人"))
    assert sent(store, *rows, dry_run=True) == ["would be recorded", "would be recorded", "unmatched"]
    assert kept(store) == (0, 0)
    assert sent(store, *rows) == ["recorded", "recorded", "unmatched"]


def test_bureau_without_a_service_reports_nothing(store: Store) -> None:
    """II.3: who serves reports; finance and police have nothing to report here."""
    registered(store)
    for bureau in ("finance", "public-security", "nobody"):
        with pytest.raises(NotReportingError):
            hand_in_rows(store, bureau, [row(0, "A-1")], "经办人甲")
    with store.reading() as connection, pytest.raises(NotReportingError):
        unmatched(store, connection, "finance")


def test_many_reports_stand_as_a_plain_list_of_them_would(store: Store) -> None:
    """Sixty reports, corrected and taken back at random, some sent again: who stands is what a dict of them says."""
    village, rng = registered(store), random.Random(6)
    said: dict[str, tuple[int, str, str, bool]] = {}
    rows: dict[str, dict[str, str]] = {}
    for n in range(60):
        if rows and rng.random() < 0.2:
            assert sent(store, rows[rng.choice(sorted(rows))]) == ["repeated"]
            continue
        who, year = rng.randrange(5), rng.randint(2016, 2024)
        open_ones = sorted(number for number in said if number not in {r.get("更正编号") for r in rows.values()})
        corrects = rng.choice(open_ones) if open_ones and rng.random() < 0.4 else ""
        gone = bool(corrects) and rng.random() < 0.3
        since, until = f"{year}0901", f"{year + 1}0831" if rng.random() < 0.5 and year < 2024 else ""
        number = f"N-{n}"
        rows[number] = row(who, number, since=since, 结束日期=until, 更正编号=corrects, 撤回="是" if gone else "")
        assert sent(store, rows[number]) == ["recorded"]
        said.pop(corrects, None)
        said[number] = (who, since, until, gone)
    for year in range(2016, 2027):
        day = f"{year}0301"
        expected = {
            ("insurance", village.people[who])
            for who, since, until, gone in said.values()
            if not gone and since <= day and (not until or day <= until)
        }
        assert served(store, f"{year}-03-01") == expected
    assert audit(store).findings == ()


def test_edited_report_is_named(store: Store) -> None:
    """Lock 4 beside the log: the seal is bound to the other columns, so that an edited row does not open."""
    registered(store)
    sent(store, row(0, "A-1"))
    with owner_engine(store.settings).begin() as connection:
        if store.on_postgresql:
            connection.exec_driver_sql("ALTER TABLE service_report DISABLE TRIGGER USER")
        else:
            connection.exec_driver_sql("DROP TRIGGER service_report_refuses_update")
        connection.exec_driver_sql("UPDATE service_report SET service = 'jobs'")
    assert [finding.table for finding in audit(store).findings if finding.fields == ("sealed",)] == ["service_report"]


def test_last_report_of_each_service_is_known(store: Store) -> None:
    """Each figure says when a bureau last reported; one that never did is absent."""
    registered(store)
    sent(store, row(0, "A-1"))
    with store.reading() as connection:
        assert set(last_reported(connection, size(store))) == {"insurance"}
        assert last_reported(connection, 0) == {}
