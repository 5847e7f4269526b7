"""Does an office get its tables, packages and comparisons at the desk, as by command, and nobody what is not theirs?"""

from __future__ import annotations

import io
import re
import time
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from api.v1 import delivery_models
from registry import cases, papers
from registry.accounts import proofs
from registry.comparison.differences import WORDS
from registry.delivery.register import import_delivery
from registry.handin import summary_tables
from registry.looks import reading
from sample_parcels.books import CONTRACT_BOOK, write_books
from tests.api.access_people import bearer, service
from tests.api.desk.test_desk import Clerk, Office, office, text_of
from tests.api.desk.test_intakes import Desk, desk
from tests.api.test_comparisons import tables
from tests.api.test_subsidies import LIST
from tests.registry.delivery.conftest import CLERK, GACHA, copy, sound
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

__all__ = ["copy", "desk", "office", "service", "sound"]
PATH = "/desk/tables"
NAMES = (
    "按地块汇总表",
    "按承包地土地用途汇总表",
    "按非承包地地块类别汇总表",
    "按承包地是否基本农田汇总表",
    "按权证信息汇总表",
    "按承包方汇总表",
)


def sends(clerk: Clerk, path: str, files: list[Any], status: int = 303) -> httpx.Response:
    """A form with files under the names of a browser."""
    headers = {"Cookie": f"sanquan_session={clerk.token}", "Accept": "text/html"}
    got = clerk.caller.post(path, data={"csrf": proofs.csrf(clerk.token)}, files=files, headers=headers)
    assert got.status_code == status, text_of(got.text)
    return got


def fetched(clerk: Clerk, path: str, status: int = 200) -> bytes:
    """What is handed out to whoever signed in."""
    got = clerk.caller.get(path, headers={"Cookie": f"sanquan_session={clerk.token}"})
    assert got.status_code == status, got.text
    return got.content


def made(clerk: Clerk) -> tuple[str, str]:
    """The page of a job that the last form began once nothing is being done, and the address of its file."""
    for _ in range(600):
        if 'hx-trigger="every' not in clerk.page:
            break
        time.sleep(0.1)
        at = re.search(r'hx-get="([^"]+)"', clerk.page)
        assert at is not None
        clerk.read(at[1])
    file = re.search(r'href="([^"]+/file)"', clerk.page)
    return clerk.page, file[1] if file else ""


def test_a_comparison_stands_line_by_line_and_the_foot_says_when(office: Office) -> None:
    """users.md 1.7, 2(b) 5: counts first, the book's value beside ours, the csv, the foot; nothing is changed; past ones stay."""
    first = office.first
    read = text_of(first.read(PATH))
    assert "承包合同簿 · 未核对过" in read
    assert "KTT_ZDJBXX 宗地基本信息" in read
    assert "BDCDYH 不动产单元号 必须有" in read
    assert "计发单位 必须有 亩 · 羊单位 · 头 · 户 · 人" in read
    blanks = re.findall(r'href="(/v1/blank-tables/[^"]+)"', first.page)
    assert len(blanks) == 16
    assert all(fetched(first, each.replace("&amp;", "&")) for each in blanks)
    fetched(first, "/v1/blank-tables/CBHT2", 404)
    sends(first, f"{PATH}/comparisons", [("files", ("CBHT.csv", b"x", "text/csv"))], 422)
    sends(first, f"{PATH}/comparisons", [("files", ("", b"", "application/octet-stream"))], 422)
    at = sends(first, f"{PATH}/comparisons", tables()).headers["location"]
    told = text_of(first.read(at))
    assert "2 不一致" in told
    assert re.search(r"比了\d+项权利；没有比的：0项权利、导出里0行。", told)
    assert re.search(r"承包期止 不一致 2047-12-31 2027-12-31", told)
    assert "承包合同簿 · 本系统核对于" in told
    assert "2 处不一致" in told
    csv = re.search(r'href="(/v1/comparisons/[^"]+)"', first.page)
    assert csv is not None
    assert len(fetched(first, csv[1]).decode("utf-8-sig").splitlines()) == 3
    assert at in office.second.read(PATH)
    assert "2 不一致" in text_of(office.second.read(at))
    assert reading.seen_since(office.store, "2000-01-01T00:00:00Z", "list-check")
    first.read(f"{PATH}/comparisons/{'0' * 32}", 404)


def test_a_payment_list_is_checked_before_it_is_paid_and_never_by_hukou(office: Office) -> None:
    """users.md 2(a) 10, I11: open lines first, with the reason; a column about the registration refuses the list; its own alone."""
    first = office.first
    first.send(f"{PATH}/subsidies", 422)
    assert "选一个 csv" in text_of(first.page)
    hukou = LIST.replace("年度,起始", "户口类别,起始")
    sends(first, f"{PATH}/subsidies", [("table", ("名单.csv", hukou.encode(), "text/csv"))], 422)
    first.send(f"{PATH}/subsidies", 422, pasted=hukou.replace(",", "\t"))
    assert "各项惠农牧政策不变" in text_of(first.page)
    first.send(f"{PATH}/subsidies", 422, pasted=LIST.replace("农户", "户籍").replace(",", "\t"))
    assert "计发依据" in text_of(first.page)
    at = sends(
        first, f"{PATH}/subsidies", [("table", ("名单.csv", LIST.replace("3842.17", "3000.00").encode(), "text/csv"))]
    )
    told = text_of(first.read(at.headers["location"]))
    assert "1行，要看的1行" in told
    assert "没有登记的原因" in told
    assert fetched(first, f"{at.headers['location']}/sheet").startswith(b"PK")
    assert "没有登记的原因" in fetched(first, f"{at.headers['location']}/sheet?form=csv").decode("utf-8-sig")
    office.second.read(at.headers["location"], 404)
    office.realty.send(f"{PATH}/subsidies", 403, pasted="x")
    office.realty.send(f"{PATH}/hand-ins", 403, purpose="x")


def test_the_six_tables_by_name_and_the_hand_in_for_a_purpose(desk: Desk, sound: Path) -> None:
    """users.md 2(a) 8: the six 汇总表 as workbook and csv, of the banner or a village, nobody in them; the hand-in asks for its
    purpose, is logged, is in 谁看过, and is its account's alone.
    """
    first = desk.first
    first.send(f"{PATH}/hand-ins", purpose="向自治区汇交")
    assert "没有可汇交的" in text_of(made(first)[0])
    import_delivery(desk.store, sound, CLERK)
    csv = fetched(first, f"/v1/summaries?village={GACHA}&form=csv")
    with zipfile.ZipFile(io.BytesIO(csv)) as archive:
        assert archive.namelist() == [f"{name}.csv" for name in NAMES]
        lines = archive.read(archive.namelist()[0]).decode("utf-8-sig").splitlines()
    every = summary_tables(desk.store)
    assert [table.name for table in every] == list(NAMES)
    assert ("150626100", "嘎鲁图镇") in {(line[0], line[1]) for line in every[0].lines}
    assert lines[1:] == [",".join(line) for line in every[0].lines if line[0].startswith(GACHA)]
    assert fetched(first, "/v1/summaries").startswith(b"PK")
    fetched(first, "/v1/summaries?village=150626999999", 404)
    first.send(f"{PATH}/hand-ins", 422, purpose=" ")
    assert "写明用途" in text_of(first.page)
    first.send(f"{PATH}/hand-ins", purpose="向自治区汇交")
    page, file = made(first)
    assert "没有界址点（JZD）图层的资料，未写" in page
    assert "地块 DK" in text_of(page)
    raw = fetched(first, file)
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert any(name.endswith("权属数据/CBF.csv") for name in archive.namelist())
        assert "建mdb.ps1" in archive.namelist()
    jobs = desk.caller.app.state.jobs
    kept = [path.read_bytes() for path in jobs._folder.rglob("*") if path.is_file()]  # noqa: SLF001  (what lies on the disk)
    assert [each[12:14] != b"PK" and len(each) > len(raw) for each in kept] == [True]
    fetched(desk.second, file, 404)
    asks = bearer(first.token)
    assert desk.caller.post("/v1/hand-ins", headers=asks).status_code == 422
    got = desk.caller.post("/v1/hand-ins", headers={**asks, "sanquan-purpose": quote("再交")})
    assert got.status_code == 202, got.text
    at = got.headers["location"]
    told = delivery_models.HandIn.model_validate(desk.caller.get(at, headers=asks).json())
    while told.expires_at is None:
        time.sleep(0.1)
        told = delivery_models.HandIn.model_validate(desk.caller.get(at, headers=asks).json())
    assert told.made is not None
    assert told.made.records["DK"] > 0
    assert fetched(first, told.made.href).startswith(b"PK")
    assert desk.caller.get(at, headers=bearer(desk.second.token)).status_code == 404
    with desk.store.reading() as connection:
        logged = papers.papers(desk.store, connection)
    assert [(each.what, each.detail["purpose"]) for each in logged] == [("hand-in", each) for each in ("向自治区汇交", "再交")]
    assert reading.seen_since(desk.store, "2000-01-01T00:00:00Z", "place-export")


def test_a_job_package_and_an_export_of_a_village(office: Office) -> None:
    """users.md 2(g) 1: parcels, rules and deadline in a zip; an export shows how far it is and ends with its file."""
    first = office.first
    first.send(f"{PATH}/jobs", 422, deadline="2027-06-30")
    first.send(f"{PATH}/jobs", 422, villages=VILLAGE_CODE, deadline="2027-02-30")
    first.send(f"{PATH}/jobs", 200, villages=VILLAGE_CODE, deadline="2027-06-30")
    first.send(f"{PATH}/exports", 422, village="", format="geojson", encoding="UTF-8")
    first.send(f"{PATH}/exports", 422, village=VILLAGE_CODE, format="mdb", encoding="UTF-8")
    first.send(f"{PATH}/exports", village=VILLAGE_CODE, format="geojson", encoding="UTF-8")
    page, file = made(first)
    assert "做好了" in text_of(page)
    assert b'"provenance"' in fetched(first, file)
    assert "geojson" in first.read(PATH)
    assert "geojson" not in text_of(office.second.read(PATH)).partition("与权威登记簿")[0]


def test_what_a_withdrawal_would_end_is_seen_before_the_case_begins(desk: Desk, sound: Path) -> None:
    """docs/delivery.md 9: counts of what would end, then a draft of the case with the reason; nothing is withdrawn by that."""
    import_delivery(desk.store, sound, CLERK)
    first = desk.first
    link = re.search(r'href="(/desk/deliveries/registered/[^"]+)"', first.read("/desk/deliveries"))
    assert link is not None
    told = text_of(first.read(link[1]))
    assert "可以撤" in told
    assert "地块" in told
    first.read(f"/desk/deliveries/registered/{'0' * 64}", 404)
    case = first.send(link[1], reason="坐标错了一带")
    assert "坐标错了一带" in first.page
    with desk.store.reading() as connection:
        found = cases.look(desk.store, connection, case, cases.Actor(first.account, "x", "x", "agriculture"))[0]
    assert (found.kind, cases.request_of(found)["village"]) == ("delivery-withdrawn", GACHA)
    assert "可以撤" in text_of(first.read(link[1]))


def test_a_whole_book_of_planted_differences_is_read_at_the_desk(desk: Desk, sound: Path, tmp_path: Path) -> None:
    """Every planted difference of the sample's contract book is a line of the page; names are masked."""
    import_delivery(desk.store, sound, CLERK)
    planted = [each for each in write_books(tmp_path / "books") if each.book == CONTRACT_BOOK]
    files = [
        ("files", (each.name, each.read_bytes())) for each in sorted((tmp_path / "books" / CONTRACT_BOOK).iterdir())
    ]
    at = sends(desk.first, f"{PATH}/comparisons", files).headers["location"]
    page = desk.first.read(at)
    lines = fetched(desk.first, f"/v1{at.removeprefix(PATH)}?form=csv").decode("utf-8-sig").splitlines()
    assert page.count('<tr><td class="id">') == len(lines) - 1
    shown = re.findall(r'<tr><td class="id">([^<]*)</td><td>([^<]*)', page)
    assert {(each.code, WORDS[each.field][0]) for each in planted} <= set(shown)
    assert "另一人" not in page
