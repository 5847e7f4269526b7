"""Does one click on the desk make a 情况说明, and do command, API and page make the same of it?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdf

from registry.accounts import proofs
from tests.api.access_people import service
from tests.api.desk.test_desk import Office, office, text_of
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.api.conftest import Caller, Ended
    from tests.api.desk.test_desk import Clerk
    from tests.registry.made_up import Village

__all__ = ["office", "service"]
GRASS = f"{VILLAGE_CODE}00002"


def text(pdf: bytes) -> str:
    """What is read on the pages, lines joined."""
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def asked(service: Caller, clerk: Clerk, things: list[str], purpose: str = "", word: str | None = None) -> tuple[int, bytes]:
    """The form, sent: status and what came back."""
    data = {"thing": things, "purpose": purpose, "csrf": proofs.csrf(clerk.token) if word is None else word}
    headers = {"Cookie": f"sanquan_session={clerk.token}", "Accept": "text/html"}
    got = service.post("/desk/explanation", data=data, headers=headers)
    return got.status_code, got.content


def test_one_click_makes_it_masked_and_a_purpose_makes_it_whole(office: Office, service: Caller) -> None:
    """users.md 2(a) 9: from the history, from a parcel and from a right; nobody else's page makes one."""
    village, clerk = office.village, office.first
    parcel, right = village.parcels["grass"], village.rights["contract-grass"]
    for path in (f"/desk/history?thing={parcel}", f"/desk/parcels?thing={parcel}", f"/desk/new?thing={right}"):
        assert "做情况说明（PDF）" in text_of(clerk.read(path)), path
    for thing in (parcel, right):
        status, pdf = asked(service, clerk, [thing])
        assert (status, pdf[:4]) == (200, b"%PDF")
        assert "达楞太" not in text(pdf)
        assert "**太" in text(pdf)
    status, pdf = asked(service, clerk, [parcel], "答复来访")
    assert "达楞太" in text(pdf)
    assert asked(service, clerk, ["f" * 32])[0] == 404
    assert asked(service, clerk, [])[0] == 404
    assert asked(service, clerk, [parcel], word="")[0] == 403


def test_command_and_api_make_the_same_page(
    caller: Caller, command: Callable[..., Ended], village: Village, tmp_path: Path
) -> None:
    """`sanquan sheet history CODE` with names and logged; `GET /v1/sheets/history` masked."""
    assert village.parcels
    out = tmp_path / "history.pdf"
    assert command("sheet", "history", GRASS, "--purpose", "答复来访", "--out", str(out)).code == 0
    assert "达楞太" in text(out.read_bytes())
    assert "答复来访" in command("sheet", "log").out
    for nothing in ("", " "):
        assert command("sheet", "history", GRASS, "--purpose", nothing, "--out", str(out)).code != 0
    got = caller.get("/v1/sheets/history", params={"code": GRASS})
    assert got.status_code == 200, got.text
    assert "达楞太" not in text(got.content)
    assert "草地承包经营权" in text(got.content)
    assert caller.get("/v1/sheets/history", params={"code": "150626100210999999"}).status_code == 404
