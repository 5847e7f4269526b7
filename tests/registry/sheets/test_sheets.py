"""Does each official sheet say what the register says, name whom it must, and nobody where names are masked?"""

from __future__ import annotations

import doctest
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from gis.sheets import ROUND_SCALES, Sheet, sheets_pdf
from registry.exports import VillageNotFoundError
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.notices import posting
from registry.parcels import acts as parcels
from registry.sheets import AsOf, SheetError, notice, of_banner, of_household, of_notice, of_parcel
from registry.sheets.overview import NO_OUTLINES
from registry.sheets.refusals import NoSuchHousehold, NoSuchParcel, NothingToShow, RoundMalformed
from tests.registry import made_up
from tests.registry.sheets.conftest import (
    ARABLE,
    BESIDE,
    HOMESTEAD,
    HOUSEHOLD,
    NEIGHBOUR,
    SEALED,
    UNHELD,
    VILLAGE,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.masks import Reader
    from registry.store.engines import Store
    from tests.registry.made_up import Village

DAY = "2020-06-01"


def drawn(store: Store, build: Callable[[AsOf], list[Sheet]], *, reader: Reader = "paper", day: str = DAY) -> list[Sheet]:
    """The sheets of a day."""
    with store.reading() as connection:
        return build(AsOf.of(store, connection, day, None, reader=reader))


def test_parcel_sheet_says_what_the_register_says(store: Store, village: Village) -> None:
    """地块示意图: code, holder, every co-holder, both areas in both units, term, contract, 四至, reference system, as of."""
    (sheet,) = drawn(store, lambda at: of_parcel(at, ARABLE))
    read = words(sheets_pdf([sheet]))
    assert sheet.title == "地块示意图"
    for said in (
        ARABLE,
        "达楞太、敖登、朝鲁、诺敏、莲花（5人）",
        "31000.00m²（46.50亩）",
        "1998-01-01至2027-12-31",
        f"{HOUSEHOLD}J",
        "西梁",
        "EPSG:4545",
        f"登记内容截至{DAY}",
        "2016-11-30首次登记",
        "审图号",
        "示意图",
        "测绘日期",
        "登记机构（盖章）",
        "北N",
    ):
        assert said in read, said
    assert sheet.map is not None
    assert sheet.map.layout.denominator in ROUND_SCALES
    assert f"比例尺1:{sheet.map.layout.denominator}" in read


def test_sides_of_a_parcel_name_who_adjoins_them(store: Store, village: Village) -> None:
    """户主名[地块名] stands on the side that is shared, on no other, and on the neighbour's land on the map."""
    (sheet,) = drawn(store, lambda at: of_parcel(at, ARABLE))
    beside = {row[0]: row[-1] for row in sheet.tables[0].rows}
    # A square: J1 is its north-western corner, so the second side is the eastern one.
    assert beside == {"J1": "", "J2": f"{NEIGHBOUR}[柳树湾]", "J3": "", "J4": ""}
    assert sheet.map is not None
    assert [label.text for label in sheet.map.labels if label.kind == "neighbour"] == [f"{NEIGHBOUR}[柳树湾]"]
    (other,) = drawn(store, lambda at: of_parcel(at, BESIDE))
    assert {row[-1] for row in other.tables[0].rows} == {"", "达楞太[西梁]"}


def test_homestead_sheet_has_what_the_realty_office_asks(store: Store, village: Village) -> None:
    """宗地图: 28-character unit number, 坐落, plot, approved and excess area, whose book decides."""
    (sheet,) = drawn(store, lambda at: of_parcel(at, HOMESTEAD))
    read = words(sheets_pdf([sheet]))
    assert sheet.title == "宗地图"
    for said in (
        HOMESTEAD,
        "呼和陶勒盖嘎查1号",
        "413.33m²（0.62亩）",
        "400.00m²",
        "13.33m²",
        "乌集用2016第1号",
        "不动产登记平台",
    ):
        assert said in read, said
    assert [row[3] for row in sheet.tables[0].rows] == ["20.33"] * 4
    assert sheet.map is not None
    assert [label.text for label in sheet.map.labels if label.kind == "length"] == ["20.33"] * 4


def test_household_sheet_adds_up(store: Store, village: Village) -> None:
    """I4: the totals are the sums of the rows as printed, in m² and in 亩, surveyed and contracted each on its own."""
    (sheet,) = drawn(store, lambda at: of_household(at, HOUSEHOLD))
    *rows, total = sheet.tables[0].rows
    assert [row[3] for row in rows] == ["耕地", "草地", "林地", "其他", "宅基地"]
    for column in range(4, 8):
        assert sum(Decimal(row[column]) for row in rows) == Decimal(total[column])
    assert words(sheets_pdf([sheet])).count("宅基地") >= 1
    assert dict(sheet.facts)["共有人"].endswith("（5 人）")


def test_notice_lists_every_household_and_every_parcel_once(store: Store, village: Village) -> None:
    """Nobody is lost between two sheets: each parcel stands in one row, whoever holds it, and the sums are the village's."""
    sheets = drawn(store, lambda at: of_notice(at, VILLAGE, 1, "2020-06-02"))
    rows = [row for sheet in sheets for table in sheet.tables for row in table.rows]
    assert [row[1] for row in rows] == ["达楞太", NEIGHBOUR]
    listed = [code for row in rows for code in re.findall(r"(\w+)\s[\d.]+/[\d.]+", row[3])]
    assert sorted(listed) == sorted(["00001", "00002", "00003", "00004", "00050", "JC00001"])
    total = sum(Decimal(row[4]) for row in rows)
    assert f"实测合计 {total:.2f} 亩" in " ".join(note for sheet in sheets for note in sheet.notes)
    assert all(row[-2] == row[-1] == "" for row in rows), "room to sign is left empty"


def test_notice_tells_its_first_and_its_last_day_or_leaves_room_for_it(store: Store, village: Village) -> None:
    """users.md 2(a)4: whoever stands before the wall reads until when; printed before it is put up, a hand writes it in."""

    def told() -> set[str]:
        return {dict(sheet.facts)["公示"] for sheet in drawn(store, lambda at: of_notice(at, VILLAGE, 1, "2020-06-02"))}

    def codes() -> list[str]:
        return notice.codes(drawn(store, lambda at: of_notice(at, VILLAGE, 1, "2020-06-02")))

    def hang(title: str) -> str:
        said = {"village": VILLAGE, "body": "图和表。", "begins": "2020-06-02"}
        return posting.post(store, made_up.CLERK, "first-notice", title=title, **said).ends

    blank, before = {"第 1 轮，自 2020-06-02 起，至 ＿＿＿＿年＿＿月＿＿日 止"}, codes()
    assert told() == blank
    hang("一户宅基地的公告")
    hang(notice.title_of("布日都嘎查", 2))
    assert told() == blank
    ends = hang(notice.title_of("布日都嘎查", 1))
    assert told() == {f"第 1 轮，自 2020-06-02 起，至 {ends} 止"}
    assert codes() == before


def test_household_with_many_parcels_has_several_rows_and_unheld_land_its_own(
    store: Store, with_more_land: Village
) -> None:
    """A row holds eight parcels: more go on in a row marked 续; land that nobody contracted is listed as such."""
    sheets = drawn(store, lambda at: of_notice(at, VILLAGE, 1, DAY))
    rows = [row for sheet in sheets for table in sheet.tables for row in table.rows]
    assert [row[1] for row in rows] == ["达楞太", "达楞太（续）", NEIGHBOUR, "未发包"]
    assert rows[-1][3:6] == ("00090\xa014.99", "14.99", "—")
    listed = [code for row in rows for code in re.findall(r"(?:^|  )(\w{5,7})\xa0", row[3])]
    assert len(listed) == len(set(listed)) == 17


def test_parcel_with_a_hole_says_where_each_side_leads(store: Store, with_more_land: Village) -> None:
    """The hole's points go on counting; the last side of each ring leads back to its first point."""
    (sheet,) = drawn(store, lambda at: of_parcel(at, UNHELD))
    leads = [(row[0], row[4]) for row in sheet.tables[0].rows]
    assert leads == [
        *(("J1", "J2"), ("J2", "J3"), ("J3", "J4"), ("J4", "J1")),
        *(("J5", "J6"), ("J6", "J7"), ("J7", "J8"), ("J8", "J5")),
    ]
    facts = dict(sheet.facts)
    assert (facts["承包方代表"], facts["地块名称"]) == ("未发包", "井滩")


def test_each_sheet_of_a_notice_has_one_page_and_a_code_of_its_own(store: Store, village: Village) -> None:
    """Village, round, sheet n of m, day and a digest of what is printed; another content gives another digest."""
    sheets = drawn(store, lambda at: of_notice(at, VILLAGE, 2, "2020-06-02"))
    codes = [sheet.code.text for sheet in sheets if sheet.code is not None]
    assert len(codes) == len(sheets)
    form = re.compile(rf"SQN1 {VILLAGE} R2 (\d+)/{len(sheets)} 2020-06-02 [0-9a-f]{{16}}")
    assert [form.fullmatch(code)[1] for code in codes] == [str(n + 1) for n in range(len(sheets))]  # type: ignore[index]
    assert words(sheets_pdf(sheets)).count("第1页共1页") == len(sheets) + 1, (
        "each sheet, and the list's own page 1 of 1"
    )
    with desk(store, made_up.CLERK) as at:
        act = at.act("survey-corrected", "2020-01-01", ActFields(basis="复测", wills=made_up.wills(*village.people)))
        columns = {"surveyed_area_m2": "31000.10"}
        parcels.change(act, village.parcels["arable"], {**columns, "surveyed_area_mu": "46.51"})
        at.commit()
    later = drawn(store, lambda at: of_notice(at, VILLAGE, 2, "2020-06-02"))
    assert {s.code.text for s in later if s.code} & set(codes) == set()


def test_overview_counts_everything_and_draws_no_border(store: Store, village: Village) -> None:
    """Villages' lines are not registered: none is drawn, and the sheet says so."""
    (sheet,) = drawn(store, of_banner)
    assert NO_OUTLINES in sheet.notes
    assert dict(sheet.facts)["地块总数"] == "6 块"
    assert sheet.map is not None
    assert {entry["zh"] for entry in sheet.map.legend} <= {"耕地", "草地", "林地", "其他", "宅基地"}
    *rows, total = sheet.tables[0].rows
    assert Decimal(total[3]) == sum(Decimal(row[3]) for row in rows)
    assert "呼和陶勒盖嘎查" in words(sheets_pdf([sheet]))


@pytest.mark.parametrize("what", ["parcel", "homestead", "household", "notice", "overview"])
def test_sheet_with_masked_names_holds_no_personal_value(store: Store, village: Village, what: str) -> None:
    """Until sign-in exists nothing personal goes out over HTTP: names masked, local names, 四至 and 坐落 left out."""
    builds: dict[str, Callable[[AsOf], list[Sheet]]] = {
        "parcel": lambda at: of_parcel(at, ARABLE),
        "homestead": lambda at: of_parcel(at, HOMESTEAD),
        "household": lambda at: of_household(at, HOUSEHOLD),
        "notice": lambda at: of_notice(at, VILLAGE, 1, DAY),
        "overview": of_banner,
    }
    named = words(sheets_pdf(drawn(store, builds[what])))
    masked = words(sheets_pdf(drawn(store, builds[what], reader="desk")))
    assert not [value for value in SEALED if value in masked]
    if what != "overview":
        assert "达楞太" in named
        assert "**太" in masked


@pytest.mark.parametrize("what", ["parcel", "household", "notice", "overview"])
def test_sheet_known_then_is_the_same_for_ever(store: Store, village: Village, what: str) -> None:
    """Day and size of the log given, whatever is registered later leaves every byte as it was."""
    builds: dict[str, Callable[[AsOf], list[Sheet]]] = {
        "parcel": lambda at: of_parcel(at, ARABLE),
        "household": lambda at: of_household(at, HOUSEHOLD),
        "notice": lambda at: of_notice(at, VILLAGE, 1, DAY),
        "overview": of_banner,
    }
    with store.reading() as connection:
        known = AsOf.of(store, connection, DAY, None, reader="paper").head.size
        then = sheets_pdf(builds[what](AsOf.of(store, connection, DAY, known, reader="paper")))
    with desk(store, made_up.CLERK) as at:
        act = at.act("survey-corrected", "2018-01-01", ActFields(basis="复测", wills=made_up.wills(*village.people)))
        columns = {"surveyed_area_m2": "31006.67", "surveyed_area_mu": "46.51"}
        shape = made_up.square(574_000, 4_263_000, 176.0)
        parcels.change(act, village.parcels["arable"], columns, shape=shape)
        at.commit()
    with store.reading() as connection:
        again = sheets_pdf(builds[what](AsOf.of(store, connection, DAY, known, reader="paper")))
        now = sheets_pdf(builds[what](AsOf.of(store, connection, DAY, None, reader="paper")))
    assert again == then
    assert now != then


def test_sheet_of_an_earlier_day_is_that_of_then(store: Store, village: Village) -> None:
    """As of: a correction that came later is not on it."""
    with desk(store, made_up.CLERK) as at:
        act = at.act("survey-corrected", "2021-01-01", ActFields(basis="复测", wills=made_up.wills(*village.people)))
        columns = {"surveyed_area_m2": "31006.67", "surveyed_area_mu": "46.51"}
        shape = made_up.square(574_000, 4_263_000, 176.0)
        parcels.change(act, village.parcels["arable"], columns, shape=shape)
        at.commit()
    then, now = (
        words(sheets_pdf(drawn(store, lambda at: of_parcel(at, ARABLE), day=day))) for day in (DAY, "2021-06-01")
    )
    assert "46.50亩" in then
    assert "2016-11-30首次登记" in then
    assert "46.51亩" in now
    assert "2021-01-01" in now
    assert "176.00" in now
    assert "176.00" not in then


def test_doctests() -> None:
    """The example of a sheet's code holds."""
    assert doctest.testmod(notice).failed == 0


def test_sheet_of_nothing_is_refused_by_name(store: Store, village: Village) -> None:
    """A wrong code or day is said in words; nothing is drawn."""
    cases: list[tuple[str, type[SheetError], Callable[[AsOf], list[Sheet]]]] = [
        (DAY, NoSuchParcel, lambda at: of_parcel(at, "15062610021000999")),
        (DAY, NoSuchHousehold, lambda at: of_household(at, "150626100210009999")),
        (DAY, RoundMalformed, lambda at: of_notice(at, VILLAGE, 9, DAY)),
        ("1990-01-01", NoSuchHousehold, lambda at: of_household(at, HOUSEHOLD)),
        ("1990-01-01", NothingToShow, lambda at: of_notice(at, VILLAGE, 1, DAY)),
        ("1990-01-01", NothingToShow, of_banner),
    ]
    for day, refusal, build in cases:
        with pytest.raises(refusal):
            drawn(store, build, day=day)
    with pytest.raises(VillageNotFoundError):
        drawn(store, lambda at: of_notice(at, "150626999999", 1, DAY))
