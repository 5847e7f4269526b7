"""Does a clerk print with names, for a purpose, whatever is in a book of theirs, and nothing that is in none?"""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from registry import papers
from registry.accounts import proofs
from registry.looks import reading
from registry.looks.model import PLACE
from tests.api.access_people import csrf, service
from tests.api.desk.test_desk import Clerk, Office, office, paper, text_of
from tests.api.test_sheets import words
from tests.registry import made_up
from tests.registry.cases.walking import Example, Walker
from tests.registry.evidence import hostile

if TYPE_CHECKING:
    import httpx

    from registry.papers import Paper
    from registry.store.engines import Store

__all__ = ["office", "service"]
PATH = "/desk/papers"
VILLAGE = made_up.VILLAGE_CODE[:12]
HERE = f"{PATH}/villages/{VILLAGE}"
ARABLE = f"{made_up.VILLAGE_CODE}00001"
HOUSEHOLD = f"{made_up.VILLAGE_CODE}0001"
HOMESTEAD = f"{VILLAGE}JC00001F00010001"
WHY = "补证, 本人到柜台"


def ordered(clerk: Clerk, path: str = PATH, **said: Any) -> httpx.Response:  # noqa: ANN401  (what a form has)
    """A form whose answer is a file."""
    data = {"csrf": proofs.csrf(clerk.token), **said}
    got = clerk.caller.post(
        path, data=data, headers={"Cookie": f"sanquan_session={clerk.token}", "Accept": "text/html"}
    )
    clerk.page = got.text if got.headers["content-type"].startswith("text/html") else ""
    return got


def logged(store: Store) -> list[Paper]:
    """The log of papers."""
    with store.reading() as connection:
        return papers.papers(store, connection)


def number_of(office: Office) -> str:
    """The number of the family's certificate, after a case that issued it."""
    walker = Walker(office.store, office.village)
    walker.walk("certificate-issued", Example([office.village.rights["contract-grass"]], {}))
    return f"内（{walker.today()[:4]}）乌审旗农村土地承包经营权证第000001号"


def test_a_keeper_prints_with_names_and_the_log_says_who_and_for_what(office: Office) -> None:
    """From the parcel its sheet is one radio away; the row has the account's name and bureau, and the digest of the very file."""
    first, village = office.first, office.village
    page = first.read(f"{PATH}?thing={village.parcels['arable']}")
    assert f'value="parcel {ARABLE}" required checked' in page
    assert f'value="household {HOUSEHOLD}"' in page
    assert f"{PATH}?thing={village.parcels['arable']}" in first.read(f"/desk/new?thing={village.parcels['arable']}")
    got = ordered(first, which=f"parcel {ARABLE}", thing=village.parcels["arable"], purpose=WHY)
    assert (got.status_code, got.headers["content-type"], got.headers["cache-control"]) == (
        200,
        "application/pdf",
        "no-store",
    )
    read = words(got.content)
    assert ARABLE in read
    assert "达楞太" in read
    (row,) = logged(office.store)
    assert (row.what, row.about, row.detail["purpose"]) == ("sheet-parcel", ARABLE, WHY)
    assert (row.detail["officer"], row.detail["bureau"]) == ("张晓梅", "某局")
    assert len(row.digest) == 32
    (look,) = reading.looks(office.store, [f"{PLACE}{VILLAGE}"])
    assert (look.what, look.purpose) == ("sheets", WHY)


@pytest.mark.parametrize("purpose", ["", "  ", "长" * 201])
def test_without_a_purpose_nothing_is_printed(office: Office, purpose: str) -> None:
    """1 to 200 characters; the page comes back with what was chosen, and no row is written."""
    got = ordered(office.first, which=f"household {HOUSEHOLD}", thing=office.village.holding, purpose=purpose)
    assert got.status_code == 422
    assert f'value="household {HOUSEHOLD}" required checked' in office.first.page
    assert "什么都没有改动" in office.first.page
    assert logged(office.store) == []


@pytest.mark.parametrize(
    ("sheet", "code", "whose"),
    [
        ("parcel", HOMESTEAD, "realty"),
        ("register", HOMESTEAD, "realty"),
        ("parcel", ARABLE, "first"),
        ("household", HOUSEHOLD, "first"),
        ("register", f"{HOUSEHOLD}J", "first"),
    ],
)
def test_another_books_keeper_prints_nothing(office: Office, sheet: str, code: str, whose: str) -> None:
    """A homestead is 国土局's to print with names, a contract 农牧业局's; the other is told whose it is."""
    keeper, other = (office.realty, office.first) if whose == "realty" else (office.first, office.realty)
    refused = ordered(other, sheet=sheet, code=code, purpose=WHY)
    assert refused.status_code == 403
    assert "打印" in text_of(other.page)
    assert logged(office.store) == []
    got = ordered(keeper, sheet=sheet, code=code, purpose=WHY)
    assert got.status_code == 200, keeper.page
    assert "达楞太" in words(got.content)


def test_a_form_without_the_word_of_its_page_prints_nothing(office: Office) -> None:
    """A browser sends its cookie by itself."""
    assert ordered(office.first, which=f"parcel {ARABLE}", purpose=WHY, csrf="").status_code == 403
    assert logged(office.store) == []


def test_what_is_no_code_is_told_in_words(office: Office) -> None:
    """The kind, the code and the shift are asked for in their form; a code of nothing is told as such."""
    for sheet, code, status in (
        ("x", ARABLE, 422),
        ("parcel", "达", 422),
        ("parcel", f"{made_up.VILLAGE_CODE}99999", 404),
    ):
        assert ordered(office.first, sheet=sheet, code=code, purpose=WHY).status_code == status
        assert "什么都没有改动" in text_of(office.first.page)
    assert logged(office.store) == []


def test_the_shift_of_a_printer_is_kept_by_its_browser(office: Office) -> None:
    """试印页 with what is typed; then every paper is shifted so, and what is too far or no number is refused."""
    first = office.first
    for across in ("11", "x", "", "1e3"):
        assert ordered(first, f"{PATH}/test-page", shift_x=across, shift_y="0").status_code == 422
    got = ordered(first, f"{PATH}/test-page", shift_x="1.5", shift_y="-2")
    assert "写在“向下挪”" in words(got.content)
    assert "shift" not in words(got.content)
    (kept,) = [each for each in got.headers.get_list("set-cookie") if each.startswith("sanquan_shift=")]
    assert kept.startswith("sanquan_shift=1.5_-2;")
    assert all(word in kept for word in ("HttpOnly", "SameSite=strict", "Path=/desk"))
    headers = {"Cookie": f"sanquan_session={first.token}; sanquan_shift=1.5_-2", "Accept": "text/html"}
    page = text_of(first.caller.get(PATH, headers=headers).text)
    assert "向右 1.5 毫米，向下 -2 毫米" in page
    for forged in ("99_0", "x", "nan_0"):
        headers["Cookie"] = f"sanquan_session={first.token}; sanquan_shift={forged}"
        assert "套打：向右" not in first.caller.get(PATH, headers=headers).text.replace("套打：这台", "")


def test_a_certificate_is_printed_handed_over_and_spoiled_booklets_are_counted(office: Office) -> None:
    """(a) 5: a print that went wrong is counted; who signed for the certificate is on no page; the receipt is kept."""
    first, code = office.first, f"{HOUSEHOLD}J"
    assert "certificate " not in first.read(f"{PATH}?thing={office.village.rights['contract-grass']}")
    none = text_of(first.read(f"{PATH}/certificates?number={code}"))
    assert "不是现行的证" in none
    assert "没有颁证，没有内页可打" in none
    assert ordered(first, sheet="certificate", code=code, purpose="颁证", spoiled="1").status_code == 409
    assert "没有颁过的, 办颁证" in text_of(first.page)
    assert logged(office.store) == []
    number = number_of(office)
    page = first.read(f"{PATH}/certificates?number={number}")
    assert "现行" in text_of(page)
    assert f'value="certificate {number}" required checked' in first.read(
        f"{PATH}?thing={office.village.rights['contract-grass']}&sheet=certificate&code={number}"
    )
    said = {"which": f"certificate {number}", "thing": office.village.rights["contract-grass"], "purpose": "颁证"}
    assert number in words(ordered(first, **said).content)
    assert ordered(first, **said, spoiled="1").status_code == 200
    assert [row.detail.get("spoiled", False) for row in logged(office.store)] == [False, True]
    assert "作废的证书本 1" in text_of(first.read(f"{PATH}/certificates"))
    id_number = made_up.id_number(*made_up.PEOPLE[0][1:])
    handed: dict[str, Any] = {
        "number": number,
        "name": "达楞太",
        "id_type": "1",
        "id_number": id_number,
        "day": office.today(),
    }
    first.send(f"{PATH}/certificates/receipts", 422, **handed)
    assert id_number not in first.page
    first.send(f"{PATH}/certificates/receipts", files={"source": paper(3)}, **handed)
    assert "领取" in text_of(first.page)
    assert "登记领取" not in first.page
    assert "达楞太" not in first.page
    first.send(f"{PATH}/certificates/receipts", 409, files={"source": paper(3)}, **handed)
    assert id_number not in first.page


def test_the_list_of_a_household_leads_to_what_can_be_done_about_its_certificate(office: Office) -> None:
    """(a) 5: where a name leads; the first one where there is none, then another one; a holder of the right applies for that."""
    first, village = office.first, office.village

    def offered(clerk: Clerk) -> dict[str, str]:
        page = clerk.read(f"/desk/new?thing={village.holding}")
        return {kind: thing for thing, kind in re.findall(r"thing=([0-9a-f]{32})&amp;kind=(certificate-\w+)", page)}

    assert list(offered(first)) == ["certificate-issued"]
    assert "还没有颁证" in text_of(first.page)
    assert "kind=certificate-replaced" not in first.read(f"/desk/new?thing={village.rights['contract-grass']}")
    kind, thing = next(iter(offered(first).items()))
    assert '<option value="">本单位</option>' in first.read(f"/desk/new?thing={thing}&kind={kind}")
    number = number_of(office)
    links = offered(first)
    assert list(links) == ["certificate-replaced", "certificate-renewed", "certificate-cancelled"]
    assert number in text_of(first.page)
    assert offered(office.realty) == {}
    right = links["certificate-replaced"]
    assert "kind=certificate-issued" not in first.read(f"/desk/new?thing={right}")
    form = first.read(f"/desk/new?thing={right}&kind=certificate-replaced")
    who = re.findall(r'value="(\w*)"', form.partition('<select id="applicant"')[2].partition("</select>")[0])
    assert who == ["", *village.people]
    said: dict[str, Any] = {"kind": "certificate-replaced", "thing": right, "applicant": who[1], "f__reason": "lost"}
    first.step(first.send("/desk/cases", **said, then="submitted"), "accepted")


def test_a_villages_notice_is_printed_signed_and_filed(office: Office) -> None:
    """(a) 4: each sheet has a code and waits until its scan comes back; a pack files itself, what nobody printed files nothing."""
    first = office.first
    assert HERE in first.read(PATH)
    got = ordered(first, f"{HERE}/print", which="notice", round="1", day="2020-06-02", purpose="第一轮公示")
    assert got.status_code == 200, first.page
    assert "自2020-06-02起，至＿＿＿＿年" in words(got.content)
    codes = [code for row in logged(office.store) for code in row.detail["codes"]]
    assert codes
    page = text_of(first.read(HERE))
    assert f"{len(codes)}张，{len(codes)}张还没有签回来" in page
    first.send(f"{HERE}/scans", files={"scan": got.content}, status=422)
    assert "读不到" in text_of(first.page)
    # From what was printed to what hangs: neither the day nor the title is typed a second time, and the next print has its end.
    (link,) = re.findall(r'href="([^"]+)#post"', first.read(HERE))
    assert link == f"{HERE}?round=1&amp;begins=2020-06-02"
    form = first.read(unescape(link)).partition('id="post" open')[2]
    title = re.search(r'name="title"[^>]* value="([^"]+)"', form)
    assert title is not None
    assert title[1].endswith("嘎查农村土地承包经营权调查结果公示（第1轮）")
    assert 'value="2020-06-02"' in form
    first.send(f"{HERE}/notices", kind="first-notice", title=title[1], body="图和表贴在公示栏。", begins="2020-06-02")
    assert "第1轮，2020年6月2日起 · 已经贴出，到2020年6月" in text_of(first.page)
    again = ordered(first, f"{HERE}/print", which="notice", round="1", day="2020-06-02", purpose="第一轮公示")
    assert "自2020-06-02起，至2020-06-2" in words(again.content)
    for which, round_, status in (("notice", "4", 404), ("notice", "x", 404), ("notice", "1", 422)):
        day = "2020-06-31" if status == 422 else "2020-06-02"
        assert ordered(first, f"{HERE}/print", which=which, round=round_, day=day, purpose="公示").status_code == status


def test_all_sheets_and_certificates_of_a_village_come_as_zip(office: Office) -> None:
    """One file a contract and homestead, under the names of NY/T 2539; no certificate yet, no zip."""
    first = office.first
    assert ordered(first, f"{HERE}/print", which="certificates", purpose="颁证").status_code == 409
    number_of(office)
    for which, names in (
        ("village", {f"DKSYT{HOUSEHOLD}J.pdf", f"ZDT{HOMESTEAD}.pdf"}),
        ("certificates", {f"CBJYQZ{HOUSEHOLD}J.pdf"}),
    ):
        got = ordered(first, f"{HERE}/print", which=which, purpose="颁证")
        assert got.headers["content-type"] == "application/zip", first.page
        with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
            assert {f"{made_up.VILLAGE_CODE}/{name}" for name in names} <= set(archive.namelist())
    assert [row.what for row in logged(office.store)] == ["sheet-village", "certificate"]


def test_certificates_that_are_due_begin_as_one_case(office: Office) -> None:
    """The case that `certificate due --case` gives, as a draft of this desk's; a desk that issues none has no button."""
    first = office.first
    assert f"{HOUSEHOLD}J" in first.read(HERE)
    case = first.send(f"{HERE}/due")
    assert "颁证" in text_of(first.page)
    assert case in first.read("/desk")
    assert f"{HERE}/due" not in office.realty.read(HERE)
    office.realty.send(f"{HERE}/due", 403)


def test_a_notice_is_hung_photographed_and_taken_down(office: Office) -> None:
    """What `sanquan notice` does: its last day follows from the rule, no number of an ID may stand in it, nothing is deleted."""
    first = office.first
    said: dict[str, Any] = {
        "kind": "first-notice",
        "title": "首次登记公示",
        "body": "图和表贴在公示栏。",
        "begins": office.today(),
    }
    first.send(f"{HERE}/notices", 422, **{**said, "body": made_up.id_number(*made_up.PEOPLE[0][1:])})
    first.send(f"{HERE}/notices", **said, parcels=ARABLE)
    assert "还没有墙上的照片" in text_of(first.page)
    (notice,) = set(re.findall(r"/notices/([0-9a-f]{32})/photos", first.page))
    wall = {"place": "嘎查公示栏", "taken": said["begins"]}
    first.send(f"{HERE}/notices/{notice}/photos", 422, **wall)
    first.send(f"{HERE}/notices/{notice}/photos", files={"photo": hostile.photograph()}, **wall)
    assert "嘎查公示栏" in text_of(first.page)
    assert "还没有墙上的照片" not in text_of(first.page)
    elsewhere = f"{PATH}/villages/150626999999"
    first.send(f"{elsewhere}/notices/{notice}/taking-down", 404, reason="表上有错")
    first.send(f"{HERE}/notices/{notice}/taking-down", reason="表上有错, 重新公示")
    assert "撤下了" in text_of(first.page)
    assert f"{notice}/taking-down" not in first.page


def test_over_http_a_signed_in_keeper_gets_names_for_a_purpose(office: Office) -> None:
    """POST /v1/sheets, by the same function as the page; the masked GET is as it was, and who did not sign in gets neither."""
    caller, first = office.first.caller, office.first
    sent = {"sheet": "parcel", "code": ARABLE, "purpose": WHY}
    by = {"Authorization": f"Bearer {first.token}"}
    got = caller.post("/v1/sheets", json=sent, headers=by)
    assert got.status_code == 200, got.text
    assert "达楞太" in words(got.content)
    (row,) = logged(office.store)
    assert (row.detail["officer"], row.detail["purpose"]) == ("张晓梅", WHY)
    masked = caller.get(f"/v1/sheets/parcel?code={ARABLE}", headers=by)
    assert "达楞太" not in words(masked.content)
    wrongs: list[dict[str, Any]] = [{"purpose": ""}, {"code": "达"}, {"shift_x": 11}, {"sheet": "overview"}]
    for wrong, status in (*((each, 422) for each in wrongs), ({"code": HOMESTEAD}, 403)):
        assert caller.post("/v1/sheets", json=sent | wrong, headers=by).status_code == status, wrong
    assert caller.post("/v1/sheets", json=sent).status_code == 401
    cookie = {"Cookie": f"sanquan_session={first.token}"}
    assert caller.post("/v1/sheets", json=sent, headers=cookie).status_code == 403
    assert caller.post("/v1/sheets", json=sent, headers={**cookie, **csrf(first.token)}).status_code == 200
    whole = {"sheets": "village", "village": VILLAGE, "purpose": "颁证"}
    assert zipfile.ZipFile(io.BytesIO(caller.post("/v1/sheets/village", json=whole, headers=by).content)).namelist()
    assert len(logged(office.store)) == 3
