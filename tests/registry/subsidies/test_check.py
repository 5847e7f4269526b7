"""I11: a subsidy list is held to the register, each difference has its reason, and no household event is one; both engines."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from registry.benefits import acts as benefits
from registry.benefits.model import BENEFIT_VERSION
from registry.catalogue import count_versions
from registry.holding import read as holdings
from registry.holding.model import HOLDING
from registry.ledger.chain import read_chains
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.parcels import acts as parcels
from registry.parcels.model import PARCEL_VERSION
from registry.residence import Registration
from registry.same_person import one_person
from registry.settlement import settle_family
from registry.store.engines import Store
from registry.subsidies import HukouColumnError, Line, ListRefusedError, SubsidyCheck, check_list, sheet, write_sheet
from registry.subsidies.sheet import HEADER
from sample_parcels.books import DELIVERY
from tests.registry.delivery.conftest import CLERK

Rows = list[dict[str, str]]
FAMILY = ("150626100210000001", "150626100210004001")
"""The codes of 达楞太's household in the two books."""
YEAR = "2017"


@pytest.fixture
def banner(store: Store, delivered: Path) -> Store:
    """The sample delivery, with the entitlements of 2016."""
    return store


@pytest.fixture(scope="module")
def roster() -> Rows:
    """The roster of 2016, as the list of 2017."""
    header, *lines = openpyxl.load_workbook(DELIVERY / "权属数据" / "惠农牧补贴.xlsx").active.iter_rows(values_only=True)
    return [dict(zip(header, (cell or "" for cell in line), strict=True)) | {"年度": YEAR} for line in lines]


def listed(rows: Rows, path: Path) -> Path:
    """The rows as a csv."""
    text = io.StringIO()
    lines = csv.DictWriter(text, list(rows[0]))
    lines.writeheader()
    lines.writerows(rows)
    path.write_text(text.getvalue(), "utf-8-sig")
    return path


def of(found: SubsidyCheck, code: str) -> list[Line]:
    """The lines of a household."""
    return [line for line in found.lines if line.who == code]


def states(found: SubsidyCheck) -> Counter[str]:
    """How many lines are in which state."""
    return Counter(line.state for line in found.lines)


def settle(store: Store) -> None:
    """The whole family of the story registers in town in 2017."""
    with store.reading() as connection:
        holding = holdings.by_code(connection, FAMILY[1])
        assert holding is not None
        chain = read_chains(connection, HOLDING, [holding])[holding]
        people = [member.person_id for member in holdings.members(chain[-1])]
    town = Registration("", "2017-05-08", "H-1", "", "150626100010", "嘎鲁图镇文苑社区", "文苑社区1栋101")
    settle_family(store, people, day="2017-05-08", town=town, officer_name="王警官")


def test_the_same_list_is_the_same_whoever_moved_to_town(banner: Store, roster: Rows, tmp_path: Path) -> None:
    """Each line as last year; a settlement changes no line and nothing is written."""
    path = listed(roster, tmp_path / "list.csv")
    before = check_list(banner, path, one_person)
    assert set(states(before)) == {"same"}
    assert sum(Decimal(line.listed or "0") for line in before.lines) == sum(Decimal(row["计发数量"]) for row in roster)
    settle(banner)
    with banner.reading() as connection:
        written = count_versions(connection), size(connection)
    after = check_list(banner, path, one_person)
    assert after.lines == before.lines
    assert not after.open
    with banner.reading() as connection:
        assert (count_versions(connection), size(connection)) == written


def test_who_settled_and_was_left_off_is_the_first_line(banner: Store, roster: Rows, tmp_path: Path) -> None:
    """On the register, not on the list, nothing ended it: pay. The move is no reason and is not named."""
    settle(banner)
    own = [row for row in roster if row["承包方编码"] in FAMILY]
    path = listed([row for row in roster if row not in own], tmp_path / "list.csv")
    found = check_list(banner, path, one_person)
    assert own
    assert {(line.who, line.state, line.listed) for line in found.open} == {
        (row["承包方编码"], "left-out", None) for row in own
    }
    assert all(line.reasons == [] for line in found.open)
    top = next(csv.DictReader(io.StringIO(sheet(found, "csv").decode("utf-8-sig"))))
    assert top["结论"].startswith("登记簿上有, 名单上没有")


def test_another_figure_needs_a_reason_of_the_register(banner: Store, roster: Rows, tmp_path: Path) -> None:
    """After a corrected survey: look at it; without any act: find out; registered so: explained; otherwise: contradicts."""
    rows = [dict(row) for row in roster]
    area = [row for row in rows if row["计发依据"] == "地块"]
    surveyed, bare, granted, wrong = area[:4]
    with banner.reading() as connection:
        parcel = connection.scalar(sa.select(PARCEL_VERSION.c.thing_id).where(PARCEL_VERSION.c.code == surveyed["地块代码"]))
        holding = {row["承包方编码"]: holdings.by_code(connection, row["承包方编码"]) for row in (granted, wrong)}
    with desk(banner, CLERK) as at:
        parcels.change(at.act("survey-corrected", "2017-03-01"), str(parcel), {"surveyed_area_mu": "2000.00"})
        act = at.act("benefit-granted", "2017-04-01")
        for row in (granted, wrong):
            benefits.begin(
                act, policy=row["政策"], basis="parcel", beneficiary_id=str(holding[row["承包方编码"]]),
                quantity="1500.00", unit="亩", policy_year=YEAR,
            )  # fmt: skip
        at.commit()
    for row, quantity in ((surveyed, "2000.00"), (bare, "1.00"), (granted, "1500"), (wrong, "1499.99")):
        row["计发数量"] = quantity
    found = check_list(banner, listed(rows, tmp_path / "list.csv"), one_person)
    said = {row["承包方编码"]: next(line for line in of(found, row["承包方编码"]) if line.basis == "地块") for row in area[:4]}
    assert [said[row["承包方编码"]].state for row in area[:4]] == ["review", "unexplained", "explained", "contradicts"]
    assert [(r.kind, r.day) for r in said[surveyed["承包方编码"]].reasons] == [("survey-corrected", "2017-03-01")]
    assert [(r.kind, r.zh) for r in said[granted["承包方编码"]].reasons] == [("benefit-granted", "惠农牧政策享受")]
    line = said[wrong["承包方编码"]]
    assert (line.last_year, line.registered, line.listed) == ("2016", "1500.00", "1499.99")
    assert states(found).total() == len(found.lines) == states(found)["same"] + 4


def test_what_ended_may_leave_the_list_and_what_is_new_needs_a_grant(banner: Store, roster: Rows, tmp_path: Path) -> None:
    """benefit-ended explains an absence and contradicts a payment; whoever is not registered is named so."""
    rows = [dict(row) for row in roster]
    sheep = [row for row in rows if row["计发依据"] == "畜群"]
    gone, paid = sheep[:2]
    with banner.reading() as connection:
        of_policy = sa.select(BENEFIT_VERSION.c.thing_id, BENEFIT_VERSION.c.beneficiary_id).where(
            BENEFIT_VERSION.c.policy == gone["政策"]
        )
        things = {row.beneficiary_id: row.thing_id for row in connection.execute(of_policy)}
        ended = [things[str(holdings.by_code(connection, row["承包方编码"]))] for row in (gone, paid)]
    with desk(banner, CLERK) as at:
        act = at.act("benefit-ended", "2017-02-01")
        for thing in ended:
            benefits.end(act, thing)
        at.commit()
    person = next(row for row in rows if row["计发依据"] == "个人")
    fresh = paid | {"政策": "新政策"}
    stranger = paid | {"承包方编码": "150626100210003999"}
    nobody = person | {"姓名": "没有这人", "证件号码": "150699189901010011"}
    rows = [row for row in rows if row is not gone] + [fresh, stranger, nobody]
    found = check_list(banner, listed(rows, tmp_path / "list.csv"), one_person)
    by = {(line.who, line.policy): line for line in found.lines}
    assert [r.kind for r in by[gone["承包方编码"], gone["政策"]].reasons] == ["benefit-ended"]
    assert by[gone["承包方编码"], gone["政策"]].state == "explained"
    assert by[paid["承包方编码"], paid["政策"]].state == "contradicts"
    assert by[paid["承包方编码"], "新政策"].state == "unexplained"
    assert [line.state for line in of(found, "150626100210003999")] == ["unknown"]
    assert [line.state for line in found.lines if line.who.startswith("***人")] == ["unknown"]
    # A year later nobody expects what ended the year before.
    later = listed([row | {"年度": "2018"} for row in roster if row not in (gone, paid)], tmp_path / "2018.csv")
    assert not {line.who for line in check_list(banner, later, one_person).open}
    assert not [line for line in of(check_list(banner, later, one_person), gone["承包方编码"]) if line.policy == gone["政策"]]


HUKOU_COLUMNS = ("户口", "户籍类别", "是否城镇", "户口所在地", "是否进城落户", "农转非日期", "迁入地", "hukou_type")


@pytest.mark.parametrize("column", HUKOU_COLUMNS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_with_a_column_about_the_registration_is_refused(
    make_store: Callable[[str], Store], roster: Rows, tmp_path: Path, column: str, form: str
) -> None:
    """Before anything of it is looked at, with the reason (2016 plan II.3.1-g); its cells are not repeated."""
    rows = [row | {column: "城镇居民甲"} for row in roster[:3]]
    path = listed(rows, tmp_path / "list.csv")
    if form == "xlsx":
        book = openpyxl.Workbook()
        for cells in ([*rows[0]], *([*row.values()] for row in rows)):
            book.active.append(cells)
        path = tmp_path / "list.xlsx"
        book.save(path)
    with pytest.raises(HukouColumnError, match="二（三）1") as refused:
        check_list(make_store("file"), path, one_person)
    assert f"第 {len(rows[0])} 列" in refused.value.zh
    assert "居民甲" not in str(refused.value)


def test_a_bad_list_is_refused_with_every_fault(make_store: Callable[[str], Store], roster: Rows, tmp_path: Path) -> None:
    """A basis that is none, two years in one list, a figure that is none; a list without a row; no table at all. What was
    typed is told as it is, but for what could be somebody's name.
    """
    store = make_store("file")
    rows = [dict(row) for row in roster[:5]]
    rows[0]["计发依据"], rows[1]["年度"], rows[2]["计发数量"] = "户籍", "2016", "许多"
    rows[3]["计发数量"], rows[3]["计发单位"], rows[4]["计发单位"] = "46.5亩", "公顷", "达楞太"
    rows[4]["姓名"] = "达楞太"
    with pytest.raises(ListRefusedError) as refused:
        check_list(store, listed(rows, tmp_path / "list.csv"), one_person)
    assert [(f.row, f.field) for f in sorted(refused.value.faults, key=lambda f: f.row or 0)] == [
        (2, "计发依据"), (3, "年度"), (4, "计发数量"), (5, "计发数量"), (5, "计发单位"), (6, "计发单位"),
    ]  # fmt: skip
    told = "".join(fault.zh for fault in refused.value.faults)
    assert all(typed in told for typed in ("户籍", "2016", "*多", "46.5亩", "公顷", "**太"))
    assert "达楞太" not in told
    slipped = [rows[0] | {"计发单位": "那仁花", "计发依据": "农户", "起始日期": "5.00"}]
    with pytest.raises(ListRefusedError) as refused:
        check_list(store, listed(slipped, tmp_path / "list.csv"), one_person)
    assert "那仁花" not in str([fault.zh for fault in refused.value.faults])
    for content in (",".join(roster[0]), "", "甲,乙\n1,2\n"):
        (tmp_path / "x.csv").write_text(content, "utf-8")
        with pytest.raises(ListRefusedError):
            check_list(store, tmp_path / "x.csv", one_person)


def test_the_sheet_has_no_column_about_the_registration_and_runs_nothing(
    banner: Store, roster: Rows, tmp_path: Path
) -> None:
    """Both forms say the same; a policy that looks like a formula is disarmed; no name and no number is in it."""
    rows = [dict(row) for row in roster]
    rows[0]["政策"] = "+草畜平衡"
    found = check_list(banner, listed(rows, tmp_path / "list.csv"), one_person)
    assert not [name for name in HEADER if any(word in name for word in ("户口", "户籍", "城镇"))]
    write_sheet(found, tmp_path / "out.xlsx")
    write_sheet(found, tmp_path / "out.csv")
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    cells = [["" if cell is None else str(cell) for cell in row] for row in page.iter_rows(values_only=True)]
    plain = list(csv.reader(io.StringIO((tmp_path / "out.csv").read_text("utf-8-sig"))))
    assert len(cells) == len(plain) == len(found.lines) + 1
    assert [row[2] for row in cells] == [row[2] for row in plain]
    assert "'+草畜平衡" in {row[2] for row in plain}
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    text = (tmp_path / "out.csv").read_text("utf-8-sig")
    assert not [row for row in roster if row["姓名"] and (row["姓名"] in text or row["证件号码"] in text)]
