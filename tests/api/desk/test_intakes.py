"""Does a delivery go from the stick to the register at a desk: dropped, told village by village, mended or excepted, registered?"""

from __future__ import annotations

import io
import re
import time
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from pyogrio import read_info
from pypdf import PdfReader

from api.settings import ApiSettings
from registry import withdrawal
from registry.accounts import proofs
from registry.audit import audit
from registry.delivery.register import import_delivery
from registry.holding.model import HOLDING_VERSION
from registry.ledger.position import position
from registry.ledger.tables import LEDGER_ENTRY
from tests.api.access_people import session_of
from tests.api.conftest import TOKEN, Caller, caller_of
from tests.api.desk.test_desk import Clerk, text_of
from tests.registry.accounts.people import founders, granted, member
from tests.registry.delivery.conftest import CLERK, FARMERS, GACHA, OTHER_GACHA, Copy, copy, sound
from tests.registry.delivery.test_exceptions import OVERLAP, explain, overlapping, overlaps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from registry.delivery.report import ImportReport
    from registry.store.engines import Store

__all__ = ["copy", "overlapping", "sound"]
PATH = "/desk/deliveries"
STATE = r'villages/(\d{12})">[^<]*</a>.*?(可以登记|不登记|登记了|早已登记)'
VIEW = re.compile(r'viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"')


@dataclass
class Desk:
    """Two clerks of 农牧业局 over an empty register."""

    caller: Caller
    first: Clerk
    second: Clerk
    store: Store

    def drop(self, files: list[tuple[str, bytes]], clerk: Clerk | None = None, **beside: str) -> httpx.Response:
        """The form, with files under the names that a browser gives them."""
        by = clerk or self.first
        sent: list[Any] = [("files", (name, content)) for name, content in files]
        sent += [(name, (f"{name}.json", content)) for name, content in beside.items()]
        headers = {"Cookie": f"sanquan_session={by.token}", "Accept": "text/html"}
        return self.caller.post(PATH, data={"csrf": proofs.csrf(by.token)}, files=sent, headers=headers)

    def done(self, path: str) -> str:
        """The page of an intake once nothing is being done with it."""
        for _ in range(600):
            page = self.first.read(path)
            if 'hx-trigger="every' not in page:
                return page
            time.sleep(0.1)
        raise TimeoutError(path)

    def file(self, path: str, status: int = 200) -> bytes:
        """What is handed out."""
        got = self.caller.get(path, headers={"Cookie": f"sanquan_session={self.first.token}"})
        assert got.status_code == status, got.text
        return got.content


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    """Accounts of their own."""
    caller = caller_of(ApiSettings(store.settings.folder, token=TOKEN))
    both = founders(store)
    accounts = [member(store, name).id for name in ("first", "second")]
    for account in accounts:
        granted(store, both, account, "agriculture")
    caller.app.state.access.look_now()
    first, second = (Clerk(caller, account, session_of(store, account)) for account in accounts)
    yield Desk(caller, first, second, store)
    caller.close()


def folder(root: Path) -> list[tuple[str, bytes]]:
    """Every file as a browser sends a folder."""
    return [(f"{root.name}/{each.relative_to(root)}", each.read_bytes()) for each in sorted(root.rglob("*")) if each.is_file()]


def look_at_the_faults(desk: Desk, at: str, expected: ImportReport) -> None:
    """Each lies in the middle of the map when it is picked; its sentence has places and clause."""
    faults = desk.first.read(f"{at}/villages/{GACHA}")
    links = re.findall(r'data-x="([-\d.]+)" data-y="([-\d.]+)" href="([^"#]+)#', faults)
    assert links
    for x, y, link in links[:3]:
        west, north, wide, high = map(float, VIEW.search(desk.first.read(link)).groups())  # type: ignore[union-attr]  # fails where there is no map
        assert [west + wide / 2, north + high / 2] == pytest.approx([float(x), float(y)])
        assert 'class="lit"' in desk.first.page
    mine = [each for each in expected.faults if each.village == GACHA]
    told = text_of(faults)
    for each in mine:
        assert each.zh in told
        assert each.clause in told
        assert each.place is None or f"{each.place[0]:.3f}, {each.place[1]:.3f}" in told
    desk.first.read(f"{at}/villages/{'9' * 12}", 404)


def hand_out_the_papers(desk: Desk, at: str, expected: ImportReport, path: Path) -> None:
    """For the surveyor: the sheet, the faults to draw with, the verdict."""
    with zipfile.ZipFile(io.BytesIO(desk.file(f"{at}/returned"))) as archive:
        assert sorted(archive.namelist()) == ["report.gpkg", "report.xlsx", "verdict.json", f"退件单-{GACHA}.pdf"]
        assert archive.read("verdict.json") == expected.verdict()
        path.write_bytes(archive.read("report.gpkg"))
    assert read_info(path, layer="faults")["features"] == len(expected.faults)
    assert desk.file(f"{at}/villages/{FARMERS}/sheet").startswith(b"%PDF")
    desk.first.send(f"{at}/receipt", 422, by=" ")
    got = desk.caller.post(
        f"{at}/receipt",
        data={"csrf": proofs.csrf(desk.first.token), "by": "某某测绘公司"},
        headers={"Cookie": f"sanquan_session={desk.first.token}"},
    )
    assert expected.verdict_digest()[:16] in "".join(PdfReader(io.BytesIO(got.content)).pages[0].extract_text().split())


def register_one_alone(desk: Desk, at: str) -> None:
    """Unit of all-or-nothing = 嘎查: one of the villages that pass goes in, the other still may; a village that is none is told."""
    for wrong, status in (("1", 422), ("9" * 12, 303)):
        desk.first.send(f"{at}/register?village={wrong}", status)
    assert "这份成果里没有要登记的那个村" in text_of(desk.done(at))
    desk.first.send(f"{at}/register?village={FARMERS}")
    states = dict(re.findall(STATE, desk.done(at), re.DOTALL))
    assert states == {GACHA: "不登记", OTHER_GACHA: "可以登记", FARMERS: "登记了"}
    assert "只登记这个村" not in desk.first.page


def test_a_delivery_goes_from_the_stick_to_the_register(desk: Desk, overlapping: Copy) -> None:
    """users.md 2(a) 1, section 4: villages 合格 / 退回, each fault zooms, 退件单 by one button, never half."""
    explain(overlapping, *overlaps(desk.store, overlapping))
    expected = import_delivery(desk.store, overlapping.root, CLERK, check_only=True)
    got = desk.drop(folder(overlapping.root))
    assert got.status_code == 303, got.text
    at = got.headers["location"]
    page = desk.done(at)
    states = dict(re.findall(STATE, page, re.DOTALL))
    assert states == {GACHA: "不登记", OTHER_GACHA: "可以登记", FARMERS: "可以登记"}
    assert desk.second.read(at, 404)
    assert at not in desk.second.read(PATH)
    look_at_the_faults(desk, at, expected)
    hand_out_the_papers(desk, at, expected, overlapping.root.with_suffix(".gpkg"))
    assert page.count("只登记这个村</button>") == 2
    register_one_alone(desk, at)
    # The rest that passes goes in together; the other one waits for its explanation.
    desk.first.send(f"{at}/register")
    assert "登记了，账目到第" in desk.done(at)
    with desk.store.reading() as connection:
        (registered,) = withdrawal.deliveries(desk.store, connection)
        assert {each.code for each in registered.villages} == {OTHER_GACHA, FARMERS}
    waiting = re.findall(r'name="exception" value="([0-9a-f]{64})"', desk.first.page)
    desk.first.send(f"{at}/exceptions", 422, exception=waiting[0], outcome="approved", reason=" ")
    assert "写明理由" in text_of(desk.first.page)
    for explained in waiting:
        desk.first.send(f"{at}/exceptions", exception=explained, outcome="approved", reason="看过照片")
    assert desk.first.page.count("已批准") == len(waiting)
    desk.first.send(f"{at}/again")
    assert "可以登记" in desk.done(at)
    desk.first.send(f"{at}/exceptions", 409, exception=waiting[0], outcome="refused", reason="再看")
    desk.first.send(f"{at}/register")
    assert "不登记" not in desk.done(at)
    with desk.store.reading() as connection:
        villages = {each.code for one in withdrawal.deliveries(desk.store, connection) for each in one.villages}
    assert villages == {GACHA, OTHER_GACHA, FARMERS}
    post_a_case_that_is_objected_to(desk)
    assert audit(desk.store).findings == ()
    # The same once more, as a zip: nothing to register, nothing written.
    with desk.store.reading() as connection:
        size = position(connection).size
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in folder(overlapping.root):
            archive.writestr(name, content)
    again = desk.drop([("成果.zip", packed.getvalue())], last=expected.verdict().decode()).headers["location"]
    assert "没有户有变化" in text_of(desk.done(again))
    with desk.store.reading() as connection:
        assert position(connection).size == size
    assert OVERLAP in desk.first.read(f"{again}/villages/{GACHA}")
    desk.first.send(f"{again}/aside")
    desk.first.read(again, 404)
    assert "登记过的成果" in desk.first.read(PATH)


def post_a_case_that_is_objected_to(desk: Desk) -> None:
    """Somebody was left off the list of a household that went in: it is posted, and an objection stops it until it is answered."""
    with desk.store.reading() as connection:
        household = connection.scalars(sa.select(HOLDING_VERSION.c.thing_id).order_by(HOLDING_VERSION.c.code).limit(1)).one()
    asked: dict[str, Any] = {"f__name": "其其格", "f__relation": "20", "f__day": "1998-01-01", "then": "submitted"}
    case = desk.first.send("/desk/cases", kind="omission-corrected", thing=household, **asked)
    desk.first.step(case, "accepted")
    desk.first.step(case, "noticed", where="嘎查公示栏")
    assert "公示到" in text_of(desk.first.page)
    desk.second.send("/desk/cases", kind="objection", challenges=case, then="submitted")
    assert "有异议" in text_of(desk.first.read("/desk"))
    desk.first.step(case, "reviewed", 409, opinion="齐全")
    with desk.store.reading() as connection:
        kinds = list(connection.scalars(sa.select(LEDGER_ENTRY.c.kind).order_by(LEDGER_ENTRY.c.idx)))
    assert "omission-corrected" not in kinds


def test_what_is_no_delivery_is_told_and_nothing_is_kept(desk: Desk) -> None:
    """Neither a zip nor a folder: refused in words; what is made to harm meets the checks of a zip."""
    for files in ([("一张照片.jpg", b"x")], [("a/b", b"1"), ("a/b", b"2")], [("", b"")]):
        got = desk.drop(files)
        assert (got.status_code, "放一个成果 zip" in got.text) == (422, True)
    assert desk.drop([("a/b.csv", b"x")], last="no verdict").status_code == 422
    out = desk.drop([("150626乌审旗/../../x.csv", b"x"), ("150626乌审旗/y.csv", b"y")]).headers["location"]
    page = text_of(desk.done(out))
    assert "整份成果的错误" in page
    assert "没有读出哪个村" in page
    assert desk.file(f"{out}/returned").startswith(b"PK")
    desk.first.send(f"{PATH}/{'x' * 32}/register", 404)
    assert {desk.drop([("a.zip", b"no zip")]).status_code for _ in range(11)} == {303, 429}
