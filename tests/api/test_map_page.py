"""Does `/map` show the land to a browser and to one without script, ask nothing from outside and name nobody?"""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import FastAPI

from api import map_page, plain
from api.v1 import parcels
from registry.parcels.box import BoxMalformedError
from registry.statement import PersonNotFoundError
from tests.api.chromium import CHROMIUM, browsing, serving
from tests.registers import store
from tests.registry import made_up
from tests.registry.exports.conftest import NEIGHBOUR, leaked, village

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.store.engines import Store

__all__ = ["store", "village"]

EVERYWHERE = "108.29,37.64,109.68,39.40"


@pytest.fixture
def app(store: Store, village: made_up.Village) -> FastAPI:
    """The page alone, over the made-up village."""
    made = FastAPI()
    made.state.store = store
    for module in (plain, map_page, parcels):
        made.include_router(module.router)
    return made


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """The page served on loopback, as `sanquan serve` does."""
    with serving(app) as at:
        yield at


def ask(app: FastAPI, path: str) -> httpx.Response:
    """One request, in process."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path)

    return asyncio.run(asked())


def test_page_of_a_family_lists_its_land_without_script(app: FastAPI, village: made_up.Village) -> None:
    """Users 4: what the map shows stands in the list too: kinds, 亩, terms; and where the household is registered."""
    page = ask(app, f"/map?person={village.people[0]}")
    assert page.status_code == 200
    for words in (
        "**太 家的地",
        "3,842.17 亩",
        "到2047年12月31日",
        "户口在这里: 嘎鲁图镇文苑社区 (示意)",
        "没有限制",
        "<noscript>",
    ):
        assert words in page.text
    assert NEIGHBOUR not in page.text


def test_page_names_nobody(app: FastAPI, village: made_up.Village) -> None:
    """Until sign-in exists every personal field is masked, on the page and in what it loads."""
    for path in (
        *("/map", "/map?village=150626100210", "/map?code=00002", f"/map/parcels.geojson?bbox={EVERYWHERE}"),
        f"/map?person={village.people[0]}",
    ):
        assert leaked(ask(app, path).content) == []


def test_page_asks_nothing_from_outside(app: FastAPI) -> None:
    """No base map, no tiles, no fonts from elsewhere: every address is this server's, and the policy says so too."""
    page = ask(app, "/map")
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', page.text)
    assert addresses
    assert [each for each in addresses if not re.match(r"/(?!/)|data:|#main", each)] == []
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    for name in ("map.js", "map.css", "maplibre-gl.js", "maplibre-gl.css", "noto-sans-cjk.otf"):
        assert ask(app, f"/map/assets/{name}").status_code == 200
    assert ask(app, "/map/assets/map.html").status_code == 404


def test_search_by_code_finds_the_parcel_or_says_so(app: FastAPI) -> None:
    """The last five digits of a code are enough; markup that was typed stays text."""
    assert NEIGHBOUR in ask(app, "/map?code=00099").text
    assert "没有这个编码的地块" in ask(app, "/map?code=99999").text
    assert "<b>x" not in ask(app, "/map?code=%3Cb%3Ex").text


def test_parcels_in_a_box_come_as_geojson_and_too_many_as_a_number(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view of the whole banner must not load it: past the limit the answer is how many there are."""
    answer = ask(app, f"/map/parcels.geojson?bbox={EVERYWHERE}")
    assert answer.headers["content-type"] == "application/geo+json"
    assert len(answer.json()["features"]) == 6
    monkeypatch.setattr(map_page, "MOST_PARCELS", 5)
    assert ask(app, f"/map/parcels.geojson?bbox={EVERYWHERE}").json() == {
        "type": "FeatureCollection",
        "too_many": 6,
        "features": [],
    }


def test_unknown_person_and_broken_box_are_refusals_of_the_registry(app: FastAPI) -> None:
    """The page words no refusal of its own: the one table of problems answers them."""
    with pytest.raises(PersonNotFoundError):
        ask(app, "/map?person=nobody")
    with pytest.raises(BoxMalformedError):
        ask(app, "/map/parcels.geojson?bbox=1,2,3")


def test_empty_register_shows_a_page(store: Store) -> None:
    """A register without land is a page that says so."""
    made = FastAPI()
    made.state.store = store
    made.include_router(map_page.router)
    assert "还没有登记地块" in ask(made, "/map").text


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium (Debian: apt install chromium): the picture is not looked at")
def test_browser_draws_the_family_and_the_line_to_town(
    address: str,
    village: made_up.Village,
    tmp_path: Path,
    store: Store,
) -> None:
    """In a real browser, under the page's own policy: parcels are drawn, a click tells, nothing is asked outside."""
    if store.on_postgresql:
        pytest.skip("the page is the same whichever engine answers it")
    with browsing(tmp_path) as tab:
        tab.visit(f"{address}/map?person={village.people[0]}")
        assert tab.wait_for("document.getElementById('map')?.dataset.drawn") == "6"
        labels = tab.evaluate("[...document.querySelectorAll('.maplibregl-marker')].map(m => m.textContent).join('|')")
        for words in ("户口在这里 嘎鲁图镇文苑社区 (示意)", "地在那里", "呼和陶勒盖嘎查"):
            assert words in labels
        tab.evaluate("document.getElementById('family').click()")
        told = ""
        # The map still flies: the middle of the pasture is where the label's pointer is once it has landed.
        for _ in range(40):
            place = tab.evaluate(
                "(() => { const box = [...document.querySelectorAll('.end')].at(-1).getBoundingClientRect();"
                " return [box.x + box.width / 2, box.y - 10]; })()"
            )
            for kind in ("mousePressed", "mouseReleased"):
                tab.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)
            time.sleep(0.5)
            told = tab.evaluate("document.querySelector('.maplibregl-popup-content')?.innerText ?? ''")
            if told:
                break
        assert "草地 3,842.17 亩" in told
        assert "到2047年12月31日" in told
        beside = tab.wait_for("document.querySelector('.beside').innerText")
        assert "四至" in beside
        assert leaked(beside.encode()) == []
        assert tab.complaints == []
        outside = [each for each in tab.requested if not each.startswith((address, "data:", f"blob:{address}"))]
        assert outside == []
        assert tab.picture().startswith(b"\x89PNG")
