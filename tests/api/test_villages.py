"""Is `/v1/villages` the same whatever anybody asks, the only way out of land for the public, and what is their `/map`?"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from api.routes_of_access import OPEN, ROUTES
from api.v1 import models
from registry.public_map import FILE
from registry.store.settings import REGISTER_CRS
from tests.api.access_people import address_of, bearer, holder_of_role, of_family, service, session_of
from tests.api.chromium import CHROMIUM, browsing, serving
from tests.registry.accounts.people import founders
from tests.registry.cases.extending import register_homes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.accounts.people import Member
    from tests.registry.made_up import Village

__all__ = ["service"]
SWITCHED_ON = '[[outlines]]\nfrom = 2016-09-14\nuntil = 9999-12-31\napproval_number = "{}"\nbasis = "国土局"\n'
DEGREES = st.floats(-180, 180)
_PLACE = re.compile(r"10[89]\.\d{3}|\b(?:4[12]\d{5}|5[5-9]\d{4})\.\d")
"""A longitude of the banner, a northing or an easting, finer than a hundred metres."""


@pytest.fixture
def both(store: Store) -> tuple[Member, Member]:
    """The two administrators: from here on people sign in."""
    return founders(store)


@pytest.fixture
def public(service: Caller, store: Store, village: Village, both: tuple[Member, Member]) -> Caller:
    """A village of six, outlines switched on, and somebody who did not sign in."""
    register_homes(store, village, 6)
    (store.settings.folder / FILE).write_text(SWITCHED_ON.format("蒙S（2026）001号"), "utf-8")
    service.app.state.access.look_now()
    return service


@given(asked=st.lists(st.tuples(DEGREES, DEGREES, DEGREES, DEGREES, st.integers(0, 22)), max_size=3))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_is_answered_alike_in_whole_cells_within_the_limit(
    public: Caller, asked: list[tuple[float, float, float, float, int]]
) -> None:
    """users.md 1.12: boxes, zooms and days change nothing, so all that the public ever got together is one coarse answer."""
    plain = public.get("/v1/villages")
    queries = [{"bbox": f"{w},{s},{e},{n}", "zoom": str(zoom), "valid_at": "2016-12-01"} for w, s, e, n, zoom in asked]
    assert {public.get("/v1/villages", params=each).content for each in queries} <= {plain.content}
    answer = models.Villages.model_validate(plain.json())
    shapes = [shapely.geometry.shape(each.geometry) for each in answer.features if each.geometry]
    to_metres = Transformer.from_crs(4490, REGISTER_CRS, always_xy=True).transform
    metres = shapely.transform(np.array(shapes, dtype=object), to_metres, interleaved=False)
    off_the_grid = np.abs(shapely.get_coordinates(metres) / answer.outlines.precision_m % 1 - 0.5)
    assert len(shapes) == 1
    assert (off_the_grid > 0.49).all()  # six decimals of a degree are a tenth of a metre
    together = shapely.get_parts(shapely.union_all(metres))
    assert max(part.area for part in together) <= answer.outlines.unbroken_km2 * 1.0001e6


def test_no_other_open_route_tells_the_public_where_land_lies(public: Caller, village: Village) -> None:
    """One way out: every other route that anybody may ask is asked, and no answer has a place in it."""
    asked = [route.partition(" ")[2] for route, rule in ROUTES.items() if rule is OPEN and route.startswith("GET ")]
    scripts = ("/map/assets/", "/scripts/", "/verify", "/sign-in/oidc", "/plain.css")
    for path in (*asked, "/statistics", "/v1/statistics"):
        if path != "/v1/villages" and not path.startswith(scripts):
            address, query = address_of(path, of_family(village, 0))
            assert not _PLACE.search(public.get(address, params=query).text), path
    assert _PLACE.search(public.get("/v1/villages").text)


def test_map_for_everybody_has_villages_and_no_parcel_and_the_desk_has_its_own(
    public: Caller, store: Store, village: Village, both: tuple[Member, Member]
) -> None:
    """users.md section 4: 示意图, a place for the 审图号, nothing listed; who asks for one village is refused as before."""
    page = public.get("/map")
    said = ("示意图，不作权属依据", "审图号：蒙S（2026）001号", "现在没有", "呼和陶勒盖嘎查", "6 户", "太少，不显示", "没有核对过")
    assert [words for words in said if words not in page.text] == []
    assert "150626100210000" not in page.text
    asked = ("/map?village=150626100210", f"/map?person={village.people[0]}", "/map/parcels.geojson?bbox=1,2,3,4")
    assert [public.get(each).status_code for each in asked] == [401, 401, 401]
    assert 'href="/map"' in public.get("/law").text
    desk = public.get("/map", headers=bearer(session_of(store, holder_of_role(store, both, "agriculture", village))))
    assert "查地块" in desk.text
    assert "审图号：" not in desk.text


def test_outlines_are_off_by_default_and_the_page_says_so(service: Caller, store: Store, village: Village) -> None:
    """No file of the county: names and counts, no shape; an empty number of approval is said to be missing."""
    register_homes(store, village, 6)
    founders(store)
    service.app.state.access.look_now()
    answer = models.Villages.model_validate(service.answer("/v1/villages"))
    assert (answer.outlines.shown, [each.geometry for each in answer.features]) == (False, [None])
    assert "轮廓没有对公众开放" in service.get("/map").text
    (store.settings.folder / FILE).write_text(SWITCHED_ON.format(""), "utf-8")
    assert models.Villages.model_validate(service.answer("/v1/villages")).outlines.shown
    assert "审图号：还没有" in service.get("/map").text


def test_command_says_what_the_route_says(caller: Caller, command: Callable[..., Ended], store: Store) -> None:
    """`sanquan villages`: counts as the public has them, whether outlines are shown, limits with their rule."""
    assert json.loads(command("villages", "--json").out) == caller.answer("/v1/villages")
    told = command("villages").out
    for words in ("呼和陶勒盖嘎查", "轮廓: 关", "审图号 无", "SURVEY/public-outlines", "*"):
        assert words in told
    (store.settings.folder / FILE).write_text("x = 1\n", "utf-8")
    assert (command("villages").code, caller.get("/v1/villages").status_code) == (2, 500)


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")
def test_browser_draws_outlines_for_somebody_who_did_not_sign_in(public: Caller, store: Store, tmp_path: Path) -> None:
    """Drawn under the page's own policy, nothing asked outside; the page fits a telephone."""
    if store.on_postgresql:
        pytest.skip("the page is the same whichever engine answers it")
    with serving(public.app) as at, browsing(tmp_path) as tab:
        tab.visit(f"{at}/map")
        assert tab.wait_for("document.getElementById('map').dataset.drawn") == "1"
        labels = tab.evaluate("[...document.querySelectorAll('.maplibregl-marker')].map(m => m.textContent).join('|')")
        assert "呼和陶勒盖嘎查" in labels
        assert "嘎鲁图镇" in labels
        tab.whole_picture(360)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
        assert tab.complaints == []
        assert [each for each in tab.requested if not each.startswith((at, "data:", f"blob:{at}"))] == []
