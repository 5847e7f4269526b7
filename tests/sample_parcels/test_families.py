"""Are the sample's households, codes, sums and rosters such as a delivery without a fault has?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from sample_parcels.land import in_mu
from sample_parcels.people import id_number
from tests.sample_parcels.conftest import Read

STORY = ("达楞太", "敖登", "朝鲁", "诺敏", "莲花")
ARABLE, GRASS = "150626100210000001", "150626100210004001"


def test_sample_has_three_villages_sixty_households_and_412_parcels(clean: Read) -> None:
    """`./run demo` prints 3 个嘎查 · 60 户 · 412 块地 (users.md 5)."""
    assert len(clean.rows["FBF"]) == 3
    assert sum(int(row["CBFBM"][14:]) <= 4000 for row in clean.rows["CBF"]) == 60
    assert len(clean.rows["DK"]) + len(clean.rows["ZD"]) == 412


def test_codes_have_the_structure_of_the_standards(clean: Read) -> None:
    """GB/T 35958-2018 and GB/T 37346-2019 (standards.md 1 and 3.1)."""
    forms = {
        ("FBF", "FBFBM"): r"150626\d{8}",
        ("CBF", "CBFBM"): r"150626\d{12}",
        ("DK", "DKBM"): r"150626\d{13}",
        ("CBHT", "CBHTBM"): r"150626\d{12}[JQ]",
        ("ZD", "BDCDYH"): r"150626\d{6}JC\d{5}(F\d{8}|W0{8})",
    }
    for (table, field), form in forms.items():
        codes = [row[field] for row in clean.rows[table]]
        assert all(re.fullmatch(form, code) for code in codes)
        assert len(set(codes)) == len(codes)
    for row in clean.rows["CBDKXX"]:
        assert row["FBFBM"] == row["CBFBM"][:14] == row["DKBM"][:14]
        assert row["CBHTBM"] == row["CBJYQZBM"] == row["CBFBM"] + "J"
    assert all(1 <= int(row["CBFBM"][14:]) <= 8000 and row["CBFLX"] == "1" for row in clean.rows["CBF"])


def test_every_reference_finds_its_row(clean: Read) -> None:
    """References are what turns a village back first (docs/delivery.md 5)."""
    codes = {
        name: {row[key] for row in clean.rows[name]}
        for name, key in (
            ("FBF", "FBFBM"),
            ("CBF", "CBFBM"),
            ("CBHT", "CBHTBM"),
            ("DK", "DKBM"),
            ("ZD", "BDCDYH"),
        )
    }
    contracted = [row["DKBM"] for row in clean.rows["CBDKXX"]]
    assert set(contracted) == {row["DKBM"] for row in clean.rows["DK"] if row["DKLB"] == "10"}
    assert len(set(contracted)) == len(contracted)
    assert {row["CBHTBM"] for row in clean.rows["CBDKXX"]} == codes["CBHT"]
    assert {row["CBFBM"] for row in clean.rows["CBHT"]} < codes["CBF"]
    assert {row["CBFBM"] for row in clean.rows["CBF_JTCY"]} == codes["CBF"]
    assert {row["QLRCBFBM"] for row in clean.rows["ZD"]} <= codes["CBF"] | {""}
    assert {row["GLCBFBM"] for row in clean.rows["CBF"]} <= codes["CBF"] | {""}
    assert {row["标的代码"] for row in clean.rows["限制与义务"]} <= codes["DK"] | codes["CBHT"] | codes["ZD"]
    assert {row["发包方编码"] for row in clean.rows["成员名册"]} == codes["FBF"]


def test_members_count_and_representative_agree_with_cbf(clean: Read) -> None:
    """One representative a holding, and CBFCYSL says how many rows it has."""
    members = defaultdict(list)
    for row in clean.rows["CBF_JTCY"]:
        members[row["CBFBM"]].append(row)
    for household in clean.rows["CBF"]:
        rows = members[household["CBFBM"]]
        assert len(rows) == int(household["CBFCYSL"])
        assert 2 <= len(rows) <= 6
        heads = [row for row in rows if row["YHZGX"] in {"01", "02"}]
        assert [(row["CYXM"], row["CYZJHM"]) for row in heads] == [(household["CBFMC"], household["CBFZJHM"])]


def test_contract_sums_and_twins_are_exact(clean: Read) -> None:
    """HTZMJ is the sum of the parcels' HTMJ; a 亩 twin is m² × 0.0015, half up (standards.md 5.2)."""
    areas = defaultdict(list)
    for row in clean.rows["CBDKXX"]:
        areas[row["CBHTBM"]].append(Decimal(row["HTMJ"]))
        assert Decimal(row["HTMJM"]) == in_mu(Decimal(row["HTMJ"]))
    for row in clean.rows["CBHT"]:
        assert sum(areas[row["CBHTBM"]]) == Decimal(row["HTZMJ"])
        assert len(areas[row["CBHTBM"]]) == int(row["CBDKZS"])
        assert Decimal(row["HTZMJM"]) == in_mu(Decimal(row["HTZMJ"]))
        assert row["CBQXQ"] < row["QDSJ"] < row["CBQXZ"]
    for row in clean.rows["DK"]:
        assert Decimal(row["SCMJM"]) == in_mu(Decimal(row["SCMJ"]))


def test_shares_of_each_collective_make_its_total(clean: Read) -> None:
    """Shares are exact: the lines of an allotment make 1 (design.md)."""
    held: Counter[tuple[str, str]] = Counter()
    for row in clean.rows["股权台账"]:
        held[row["发包方编码"], row["总股数"]] += int(row["份数"])
    assert held == {("15062610021000", "6000"): 6000, ("15062610120600", "4800"): 4800}


def test_id_numbers_are_well_formed_nobodys_and_of_one_person(clean: Read) -> None:
    """Region 150699 is no county; one number is one name; sex and birth agree (standards.md 4.1)."""
    people: dict[str, str] = {}
    named = [(row["CYXM"], row["CYZJHM"]) for row in clean.rows["CBF_JTCY"]]
    named += [(row["姓名"], row["证件号码"]) for name in ("成员名册", "户籍") for row in clean.rows[name]]
    named += [(row["股东姓名"], row["证件号码"]) for row in clean.rows["股权台账"] if row["证件类型"] == "1"]
    for name, number in named:
        assert number.startswith("150699")
        assert number == id_number(number[:17])
        assert people.setdefault(number, name) == name
    for row in clean.rows["CBF_JTCY"]:
        assert int(row["CYZJHM"][16]) % 2 == int(row["CYXB"]) % 2
        assert "19200101" < row["CYZJHM"][6:14] <= "20160901"


def test_both_books_of_a_household_name_each_other_and_the_same_people(clean: Read) -> None:
    """Arable and grassland books are kept apart; GLCBFBM links them (docs/delivery.md 3, CBF)."""
    linked = {row["CBFBM"]: row["GLCBFBM"] for row in clean.rows["CBF"] if row["GLCBFBM"]}
    assert len(linked) == 100
    people = defaultdict(set)
    for row in clean.rows["CBF_JTCY"]:
        people[row["CBFBM"]].add(row["CYZJHM"])
    for code, other in linked.items():
        assert linked[other] == code
        assert people[code] == people[other]


def test_story_family_has_exactly_the_figures_of_the_demo(clean: Read) -> None:
    """达楞太's family to the figure (users.md 5)."""
    assert tuple(row["CYXM"] for row in clean.rows["CBF_JTCY"] if row["CBFBM"] == GRASS) == STORY
    assert [row["CYZJHM"][6:10] for row in clean.rows["CBF_JTCY"] if row["CBFBM"] == ARABLE] == [
        "1974",
        "1976",
        "2003",
        "2011",
        "1949",
    ]
    areas = {row["DKBM"]: (row["SCMJ"], row["SCMJM"], row["TDLYLX"]) for row in clean.rows["DK"]}
    land = [
        (row["CBFBM"], row["HTMJM"], *areas[row["DKBM"]])
        for row in clean.rows["CBDKXX"]
        if row["CBFBM"] in {ARABLE, GRASS}
    ]
    assert sorted(land) == [
        (ARABLE, "31.20", "20800.0", "31.2", "012"),
        (ARABLE, "46.50", "31000.0", "46.5", "012"),
        (GRASS, "3860.00", "2561446.67", "3842.17", "041"),
    ]
    terms = {row["CBFBM"]: (row["CBQXQ"], row["CBQXZ"], row["QDSJ"]) for row in clean.rows["CBHT"]}
    assert terms[ARABLE] == ("19980101", "20271231", "20161130")
    assert terms[GRASS] == ("19980101", "20471231", "20161130")
    homes = [row for row in clean.rows["ZD"] if row["QLRCBFBM"] in {ARABLE, GRASS}]
    assert [(row["ZDMJ"], row["DJRQ"]) for row in homes] == [("413.33", "20161130")]


@pytest.mark.parametrize(
    ("roster", "field", "count"), [("成员名册", "姓名", 5), ("股权台账", "股东姓名", 5), ("户籍", "姓名", 5)]
)
def test_story_family_stands_in_the_rosters(clean: Read, roster: str, field: str, count: int) -> None:
    """Five memberships, 5 × 12 of 6,000 shares, five registrations at the pasture (users.md 5)."""
    numbers = {row["CYZJHM"] for row in clean.rows["CBF_JTCY"] if row["CBFBM"] == ARABLE}
    rows = [row for row in clean.rows[roster] if row["证件号码"] in numbers]
    assert len(rows) == count
    assert {row[field] for row in rows} == set(STORY)
    assert {row.get("份数", "12") for row in rows} == {"12"}


def test_story_family_has_one_benefit_and_it_is_the_grass_award(clean: Read) -> None:
    """The grass award is the family's benefit (users.md 5)."""
    rows = [row for row in clean.rows["惠农牧补贴"] if row["承包方编码"] in {ARABLE, GRASS}]
    assert [(row["政策"], row["计发依据"], row["计发数量"]) for row in rows] == [("草畜平衡奖励", "地块", "3860.00")]


def test_restrictions_are_one_seizure_two_mortgages_one_ban_and_several_limits(clean: Read) -> None:
    """Mortgages are of 2019 or later (causes.md); the story's family has a stocking limit only."""
    rows = clean.rows["限制与义务"]
    kinds = Counter(row["类别"] for row in rows)
    assert (kinds["查封"], kinds["抵押"], kinds["禁牧"]) == (1, 2, 1)
    assert kinds["草畜平衡"] >= 3
    assert all(row["登记日期"] >= "20190101" for row in rows if row["类别"] == "抵押")
    assert [row["类别"] for row in rows if row["标的代码"][:18] in {ARABLE, GRASS}] == ["草畜平衡"]


def test_divorced_woman_stands_in_the_contract_and_in_two_registrations(clean: Read) -> None:
    """斯琴 1985 of 巴图湾村: divorced 2019, hukou apart, her place in the contract as it was (users.md 5)."""
    rows = [row for row in clean.rows["CBF_JTCY"] if row["CYXM"] == "斯琴"]
    assert {(row["CBFBM"][:12], row["CYZJHM"][6:10], row["SFGYR"]) for row in rows} == {("150626104213", "1985", "1")}
    since = [row["登记日期"] for row in clean.rows["户籍"] if row["证件号码"] == rows[0]["CYZJHM"]]
    assert since == ["20080516", "20190820"]


def test_remarks_mark_students_and_the_deceased(clean: Read) -> None:
    """Some rows carry C.18 remarks; who died stands in no roster of the living."""
    remarks = Counter(row["CYBZ"] for row in clean.rows["CBF_JTCY"])
    assert remarks["3"] >= 3
    assert remarks["7"] >= 2
    dead = {row["CYZJHM"] for row in clean.rows["CBF_JTCY"] if row["CYBZ"] == "7"}
    assert not dead & {row["证件号码"] for row in clean.rows["成员名册"] + clean.rows["户籍"]}
