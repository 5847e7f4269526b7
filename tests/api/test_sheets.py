"""Does the service draw sheets without names only, and the command those with names only with a purpose?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdf
import pytest

from api.v1.models import FiledSheets, ReturnedSheets
from tests.api.conftest import TOKEN
from tests.registry import made_up
from tests.registry.sheets.test_making import notice, scanned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

ARABLE = f"{made_up.VILLAGE_CODE}00001"
HOUSEHOLD = f"{made_up.VILLAGE_CODE}0001"
VILLAGE = made_up.VILLAGE_CODE[:12]
PATHS = {
    "parcel": f"/v1/sheets/parcel?code={ARABLE}",
    "homestead": "/v1/sheets/parcel?code=150626100210JC00001F00010001",
    "household": f"/v1/sheets/household?household={HOUSEHOLD}",
    "notice": f"/v1/sheets/notice?village={VILLAGE}&round=2&day=2020-06-02",
    "overview": "/v1/sheets/overview",
}
HEIGHT_PT = {"parcel": 841.89, "homestead": 841.89, "household": 841.89, "notice": 595.28, "overview": 841.89}


def words(pdf: bytes) -> str:
    """All words of a PDF without spaces, as pypdf reads them."""
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("what", PATHS)
def test_service_draws_each_sheet_with_every_name_masked(caller: Caller, canaries: tuple[str, ...], what: str) -> None:
    """/v1/sheets: the same sheet as the command makes, on A4, and no personal value on it."""
    got = caller.get(PATHS[what])
    assert (got.status_code, got.headers["content-type"]) == (200, "application/pdf")
    page = pypdf.PdfReader(io.BytesIO(got.content)).pages[0]
    assert float(page.mediabox[3]) == pytest.approx(HEIGHT_PT[what], abs=0.1)
    read = words(got.content)
    assert not [canary for canary in canaries if canary in read]
    again = caller.get(PATHS[what], headers={"If-None-Match": got.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/v1/sheets/parcel?code=1", 404, "nothing-to-draw"),
        ("/v1/sheets/parcel", 422, "invalid-input"),
        ("/v1/sheets/parcel?code=达", 422, "invalid-input"),
        ("/v1/sheets/household?household=150626100210009999", 404, "nothing-to-draw"),
        ("/v1/sheets/household?household=1", 422, "invalid-input"),
        ("/v1/sheets/notice?village=150626999999", 404, "village-not-found"),
        (f"/v1/sheets/notice?village={VILLAGE}&round=4", 422, "invalid-input"),
        (f"/v1/sheets/notice?village={VILLAGE}&day=2020-02-30", 422, "invalid-input"),
        ("/v1/sheets/overview?valid_at=1990-01-01", 404, "nothing-to-draw"),
    ],
)
def test_sheet_that_cannot_be_drawn_is_a_problem(caller: Caller, path: str, status: int, name: str) -> None:
    """RFC 9457, Chinese and English, as every refusal."""
    got = caller.get(path)
    assert (got.status_code, got.json()["type"]) == (status, f"urn:sanquan:problem:{name}")


def test_command_makes_sheets_with_names_and_logs_each(
    command: Callable[..., Ended], village: Village, tmp_path: Path
) -> None:
    """On the register's own machine the sheet has its names; the log says who made which, and for what."""
    made = {
        "parcel": ("parcel", ARABLE),
        "household": ("household", HOUSEHOLD),
        "notice": ("notice", VILLAGE, "--round", "1", "--day", "2020-06-02"),
        "overview": ("overview",),
    }
    for name, call in made.items():
        ended = command(
            "sheet", *call, "--purpose", "第一轮公示", "-o", str(tmp_path / f"{name}.pdf"), "--officer", "张晓梅"
        )
        assert ended.code == 0, ended.err
        read = words((tmp_path / f"{name}.pdf").read_bytes())
        assert ("达楞太" in read) == (name != "overview"), name
    ended = command("sheet", "village", VILLAGE, "--purpose", "颁证", "-o", str(tmp_path / "all"), "--shift-x", "1.5")
    assert ended.code == 0, ended.err
    assert len(list((tmp_path / "all").rglob("*.pdf"))) == 2
    log = command("sheet", "log", "--json").json
    assert [row["what"] for row in log] == [
        *("sheet-parcel", "sheet-household", "sheet-notice", "sheet-overview", "sheet-village")
    ]
    assert {row["purpose"] for row in log} == {"第一轮公示", "颁证"}
    assert "第一轮公示" in command("sheet", "log").out


def test_command_without_a_purpose_makes_nothing(
    command: Callable[..., Ended], village: Village, tmp_path: Path
) -> None:
    """The option is asked for; a blank one is refused in both languages."""
    out = tmp_path / "sheet.pdf"
    assert command("sheet", "parcel", ARABLE, "-o", str(out)).code == 2
    ended = command("sheet", "parcel", ARABLE, "--purpose", " ", "-o", str(out))
    assert ended.code == 2
    assert "用途" in ended.err
    assert "purpose" in ended.err
    assert not out.exists()
    assert command("sheet", "log", "--json").json == []


def test_sheets_that_did_not_come_back_are_listed(
    command: Callable[..., Ended], village: Village, tmp_path: Path
) -> None:
    """`sanquan sheet back` ends with 1 while a signed sheet is missing; `sheet file` takes no file that is no scan."""
    made = ("sheet", "notice", VILLAGE, "--purpose", "公示", "-o", str(tmp_path / "n.pdf"))
    assert command(*made).code == 0
    ended = command("sheet", "back", VILLAGE, "--json")
    assert ended.code == 1
    assert all(not row["scans"] for row in ended.json)
    assert "没有 missing" in command("sheet", "back", VILLAGE).out
    assert command("sheet", "file", str(tmp_path / "n.pdf")).code == 2


def test_scan_comes_back_over_http(
    caller: Caller, store: Store, village: Village, command: Callable[..., Ended], tmp_path: Path
) -> None:
    """The signed sheet files itself, cleaned; what came back and what is missing is the terminal's own answer."""
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    sheet, *others = notice(store, tmp_path)
    form = {"officer": "张晓梅", "bureau": "农牧业局"}
    scan = {"file": ("扫描.png", scanned(sheet, "PNG"))}
    got = [caller.post("/v1/sheets/scans", headers=bearer, data=form, files=scan) for _ in range(2)]
    assert [each.status_code for each in got] == [201, 201]
    (filed,), (again,) = (FiledSheets.model_validate(each.json()).filed for each in got)
    assert (filed.code, filed.again, again) == (sheet.code.text, False, filed.model_copy(update={"again": True}))
    told = caller.get("/v1/sheets/notice/returned", params={"village": VILLAGE}, headers=bearer).json()
    assert [each.scans for each in ReturnedSheets.model_validate(told).sheets] == [[filed.source], *([] for _ in others)]
    assert command("sheet", "back", VILLAGE, "--json").json == told["sheets"]
    junk = caller.post("/v1/sheets/scans", headers=bearer, data=form, files={"file": ("x.png", b"no picture")})
    assert (junk.status_code, junk.json()["type"]) == (422, "urn:sanquan:problem:scan-unreadable")


def test_adjustment_page_needs_no_registry(command: Callable[..., Ended], store: Store, tmp_path: Path) -> None:
    """A printer is adjusted before anything is registered; nothing of it is logged."""
    out = tmp_path / "page.pdf"
    assert command("sheet", "test-page", "-o", str(out), "--shift-y", "-1").code == 0
    assert "套打测试页" in words(out.read_bytes())
