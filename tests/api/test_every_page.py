"""Is every page of the service one that everybody can read: at every width, in both languages, with nothing serious for axe?

Which pages there are is not written here: each role follows every link from where it begins, and a page of the app that nobody
came to fails the test.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from api.routes_of_access import ROUTES
from registry.ledger.publishing import create, publish
from tests.api.access_people import one_of_each_role, service
from tests.api.chromium import CHROMIUM, browsing, serving
from tests.api.looking import faults_of, looked_through, pictures
from tests.registry.cases.walking import Walker

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.chromium import Tab
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

__all__ = ["service"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")

BEGINS: dict[str, tuple[str, ...]] = {
    "": ("/", "/my/closed", "/sign-in", "/map", "/law", "/may-i", "/notices", "/verify", "/for-judges", "/statistics"),
    "the-person": ("/my", "/map"),
    "agriculture": ("/desk", "/map"),
    "land": ("/desk", "/map"),
    "supervision": ("/desk/supervision",),
    "counsel": ("/counsel",),
}
WALKED = ("representative-changed", "leased", "omission-corrected", "extension")
IN_THEIR_STORIES = {
    "GET /desk/supervision/cosign", "GET /desk/deliveries/{intake}", "GET /desk/deliveries/{intake}/villages/{village}",
    "GET /desk/deliveries/registered/{delivery}", "GET /desk/tables/comparisons/{comparison}", "GET /desk/tables/made/{made}",
}  # fmt: skip
"""Where nothing was published to be signed, no delivery was brought and nothing compared or made, they are not there:
test_supervision_browser.py, desk/test_tabs_browser.py and desk/test_tables_browser.py look at them.
"""
NO_PAGES = re.compile(
    r"GET /(v1|ledger|scripts|map/(assets|parcels)|language|sign-in/oidc|plain\.css|v$)|"
    r".*(/cosign/request|/desk/map/parcels|/returned|/sheet)$"
)
"""Answers for programs, files, and what only leads elsewhere."""
_LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')


def pattern_of(route: str) -> re.Pattern[str]:
    """Which addresses a route answers."""
    return re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(route.partition(" ")[2])))


PAGES = {route: pattern_of(route) for route in ROUTES if route.startswith("GET ") and not NO_PAGES.match(route)}


def reached(service: Caller, token: str, begins: tuple[str, ...], known: set[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """The pages that nobody came to before, each with the address by which this role came to it: a page is a route, and what is
    asked of it. Where a role begins it looks in any case.
    """
    headers = {"Accept": "text/html", **({"Cookie": f"sanquan_session={token}"} if token else {})}
    found: dict[tuple[str, ...], str] = {}
    waiting, seen = list(begins), set(begins)
    while waiting:
        address = waiting.pop(0)
        path, _, asked = address.partition("?")
        route = next((each for each, pattern in PAGES.items() if pattern.fullmatch(path)), None)
        page = (route or "", *sorted({each.partition("=")[0] for each in asked.split("&") if each}))
        if address in begins and page in found:
            page = (*page, path)
        if route is None or page in found or (page in known and address not in begins):
            continue
        got = service.get(address, headers=headers)
        if got.status_code != 200 or not got.headers["content-type"].startswith("text/html"):
            continue
        found[page] = address
        links = [unescape(each) for each in _LINK.findall(got.text)]
        waiting += [each for each in links if each not in seen]
        seen.update(links)
    return found


def test_every_page_can_be_read_by_everybody(service: Caller, store: Store, village: Village, tmp_path: Path) -> None:
    """Each role's pages, looked at once; nothing is asked from outside, and nothing is complained of."""
    if store.on_postgresql:
        pytest.skip("the pages are the same whichever engine answers them")
    create(store, "log.example/sanquan")
    publish(store)
    walker = Walker(store, village)
    walked = [walker.walk(kind, walker.example(kind), until="noticed") for kind in WALKED]
    cases = [f"/desk/cases/{case}" for case in walked]
    begins = BEGINS | {"agriculture": (*BEGINS["agriculture"], *cases, f"/desk/history?thing={village.parcels['arable']}")}
    tokens = one_of_each_role(store, village)
    service.app.state.access.look_now()
    kept, known, faults = pictures(tmp_path), set[tuple[str, ...]](), []
    with serving(service.app) as address, browsing(tmp_path) as tab:
        for role, first in begins.items():
            tab.call("Network.clearBrowserCookies")
            if role:
                tab.call("Network.setCookie", name="sanquan_session", value=tokens[role], url=address)
            found = reached(service, tokens.get(role, ""), first, known)
            faults += faults_of(tab, address, [(_named(role, page), at) for page, at in found.items()], kept)
            known |= set(found)
            if role == "the-person":
                faults += _in_the_dark(tab, address, kept)
        assert faults == []
        assert tab.complaints == []
        assert [each for each in tab.requested if not each.startswith((address, "data:", "about:", "blob:"))] == []
        tab.evaluate("document.querySelector('main').append(document.createElement('select'))")
        assert any(each.startswith("select-name") for each in looked_through(tab))  # it does look
    assert set(PAGES) - {page[0] for page in known} == IN_THEIR_STORIES


def _named(role: str, page: tuple[str, ...]) -> str:
    """The name of a picture."""
    words = "-".join((role or "public", page[0].partition(" ")[2], *page[1:]))
    return re.sub(r"\W+", "-", words).strip("-")[:80]


def _in_the_dark(tab: Tab, address: str, kept: Path) -> list[tuple[str, ...]]:
    """What a device that asks for dark pages gets; then light ones again."""
    tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    tab.visit(f"{address}/my")
    (kept / "the-person-my-dark-360.jpg").write_bytes(tab.whole_picture(360))
    found: list[tuple[str, ...]] = [("/my", "dark", each) for each in looked_through(tab)]
    tab.call("Emulation.setEmulatedMedia", features=[])
    return found
