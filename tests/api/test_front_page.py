"""Does `/` tell everybody where to go, and is the demonstration's bar of roles there alone, on this machine alone?"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from api.demo import stops
from api.demo.proving import prove, published
from api.demo.story import CLERK, FAMILY, HOUSEHOLD_CODE, MOVED, TOWN
from api.main import create_app
from api.routes_of_access import ROUTES
from api.settings import ApiSettings
from registry import cases, parties
from registry.delivery.register import import_delivery
from registry.ledger.read import leaves
from registry.ledger.verify.replay import replay
from registry.settlement import settle_family
from tests.api.chromium import CHROMIUM, browsing, serving
from tests.api.conftest import HOST, Caller
from tests.api.looking import LANGUAGES, faults_of, faults_shown, looked_through, pictures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.store.engines import Store

BROWSER = {"Accept": "text/html"}
NOWHERE = "/demo/nothing"
FOR_EVERYBODY = (("story", "/"), ("public-map", "/map"))


@pytest.fixture
def prepared_again(demo: tuple[Caller, stops.Demo], store: Store) -> Iterator[Caller]:
    """The same, of a log that was published and cosigned before the rest was prepared, as `sanquan demo` does."""
    prove(store, HOUSEHOLD_CODE, CLERK)
    older = published(store)
    with store.reading() as connection:
        person = parties.find_by_name(connection, store.vault, "斯琴")[0]
    settle_family(store, [person], day=MOVED, town=TOWN, officer_name="王警官", key="later")
    caller = Caller(create_app(ApiSettings(store.settings.folder, demo=replace(demo[1], older=older))))
    yield caller
    caller.close()


@pytest.fixture
def demo(store: Store) -> Iterator[tuple[Caller, stops.Demo]]:
    """The sample's three villages, the story's family in town, and what `sanquan demo` prepares before it serves."""
    with resources.as_file(resources.files("sample_parcels") / "delivery" / "150626乌审旗") as delivery:
        import_delivery(store, delivery, CLERK)
    with store.reading() as connection:
        person = parties.find_by_name(connection, store.vault, FAMILY)[0]
    settle_family(store, [person], day=MOVED, town=TOWN, officer_name="王警官", key="test")
    prepared = stops.prepare(store, person)
    caller = Caller(create_app(ApiSettings(store.settings.folder, demo=prepared)))
    yield caller, prepared
    caller.close()


def test_front_page_leads_everybody_somewhere_that_is_there(caller: Caller) -> None:
    """In every other mode `/` asks who you are; each of its links is a route with a rule, and no bar of roles is on it."""
    page = caller.get("/")
    assert page.status_code == 200
    links = [part.partition('"')[0] for part in page.text.partition("<main")[2].split('href="')[1:]]
    assert len(links) == 10
    assert [link for link in links if f"GET {link}" not in ROUTES] == []
    assert "/demo/" not in page.text
    assert "演示" not in page.text


def test_card_of_the_older_log_is_there_where_one_was_published(
    demo: tuple[Caller, stops.Demo], prepared_again: Caller
) -> None:
    """users.md section 5, card 8: really signed, really refused, in both languages; without a published log no card, no route."""
    assert "/demo/older" not in demo[0].get("/").text
    assert demo[0].post("/demo/older").status_code == 404
    assert 'action="/demo/older"' in prepared_again.get("/").text
    chinese, english = (
        prepared_again.post("/demo/older", headers={"Cookie": f"sanquan_language={lang}"}) for lang in ("zh-CN", "en")
    )
    for page, words in ((chinese, ("不予签名", "rollback", "监察局已经签到")), (english, ("Going back would lose", "rollback"))):
        assert page.status_code == 200
        assert [each for each in words if each not in page.text] == []


def test_without_the_demonstration_its_route_is_as_no_route(caller: Caller) -> None:
    """Another mode: the same status, headers and body as an address that leads nowhere."""
    for headers in ({}, BROWSER):
        there, nowhere = caller.post("/demo/herder", headers=headers), caller.post("/none/herder", headers=headers)
        assert (there.status_code, there.headers) == (404, nowhere.headers)
        assert there.text.replace("/demo/", "/none/") == nowhere.text
    assert not [route for route in caller.app.router.routes if getattr(route, "path", "").startswith("/demo")]


def test_story_is_there_in_the_demonstration_and_each_card_leads_where_it_says(
    demo: tuple[Caller, stops.Demo], store: Store
) -> None:
    """users.md section 5: 18 of 20 on the roster, two red rows, both in town; a tap is a session, and nobody's role ends it."""
    caller, prepared = demo
    story = caller.get("/").text
    assert (prepared.due, prepared.handed_in) == (20, 18)
    assert "到期的 20 户，交来的只有 18 户" in story
    assert {f'action="/demo/{stop}"' in story for stop in prepared.stops} == {True}
    told = {
        "herder": "没变", "agriculture": "待办 2", "counsel": "延包：这一户的这一行",
        "land": "办公桌", "supervision": "监督台", "judge": "给法官的说明",
        "public": "公众看到的", "family": "户口在这里", "verify": "这张证明是真的吗", "roster": "逐户",
    }  # fmt: skip
    for stop, word in told.items():
        sent = caller.post(f"/demo/{stop}")
        assert (sent.status_code, sent.headers["location"]) == (303, prepared.stops[stop].path)
        assert word in caller.get(sent.headers["location"].partition("#")[0]).text, stop
    caller.post("/demo/roster")
    page = caller.get(prepared.stops["roster"].path.partition("#")[0]).text
    assert page.count('class="red"') == 2
    caller.post("/demo/public")
    assert caller.get("/desk").status_code == 401
    assert caller.post(NOWHERE).status_code == 404
    with store.reading() as connection:
        assert replay(leaves(connection)).ok
        clerk = cases.Actor(prepared.stops["agriculture"].account_id, "张晓梅", "农牧业局", "agriculture")
        both = cases.visible(store, connection, clerk)
    assert [[step.step for step in case.steps] for case in both] == [["drafted", "submitted", "accepted", "noticed"]] * 2
    caller.post("/demo/counsel")
    page = caller.get("/counsel").text
    assert "*琴" in page
    assert "名册上没有这户: 要写明合法原因" in page


def test_in_the_demonstration_another_machine_and_another_host_find_nothing(demo: tuple[Caller, stops.Demo]) -> None:
    """A client that is not loopback, another host header: the bar is not there, and its route answers as one that leads nowhere."""
    caller, _ = demo

    async def asked(verb: str, path: str, client: str, host: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=caller.app, client=(client, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url=HOST) as away:
            return await away.request(verb, path, headers={"Host": host})

    def ask(verb: str, path: str, client: str = "127.0.0.1", host: str = "127.0.0.1:8765") -> httpx.Response:
        return asyncio.run(asked(verb, path, client, host))

    for away in ({"client": "10.0.0.5"}, {"client": "::ffff:10.0.0.5"}, {"client": "testclient"}, {"host": "register.example"}):
        there, nowhere = ask("POST", "/demo/herder", **away), ask("POST", "/none/herder", **away)
        assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content), away
        assert "set-cookie" not in there.headers
        assert "/demo/" not in ask("GET", "/", **away).text
    assert ask("POST", "/demo/herder").status_code == 303
    assert ask("GET", "/demo/herder").status_code == 405


def test_serving_without_the_demonstration_never_has_it(tmp_path: Path) -> None:
    """`sanquan serve` has no way to ask for it: the setting is empty unless the demonstration's own command fills it."""
    assert ApiSettings(tmp_path).demo is None


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")
@pytest.mark.parametrize("engine_name", ["file"], indirect=True)
def test_pages_for_everybody_and_the_story_fit_every_screen(demo: tuple[Caller, stops.Demo], tmp_path: Path) -> None:
    """Telephone, old PC, large screen, both languages: nothing runs past the edge, nothing serious for axe; pictures are kept.

    Then the story's first card in a real browser: a tap, and the line from the pasture to the town is drawn.
    """
    caller, _ = demo
    with serving(caller.app) as at, browsing(tmp_path) as tab:
        assert faults_of(tab, at, FOR_EVERYBODY, pictures(tmp_path)) == []
        tab.call("Network.setCookie", name="sanquan_language", value="zh-CN", url=at)
        tab.visit(f"{at}/")
        tab.tap('form[action="/demo/family"] button')
        assert tab.wait_for("document.getElementById('map').dataset.drawn") == "4"
        labels = tab.evaluate("[...document.querySelectorAll('.end')].map(each => each.textContent).join('|')")
        assert labels == "户口在这里 嘎鲁图镇文苑社区 (示意)|地在那里"
        assert looked_through(tab) == []
        assert tab.complaints == []
        assert [each for each in tab.requested if not each.startswith((at, "data:", f"blob:{at}"))] == []


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")
@pytest.mark.parametrize("engine_name", ["file"], indirect=True)
def test_refusal_of_the_older_log_is_read_on_every_screen(prepared_again: Caller, tmp_path: Path) -> None:
    """The card is tapped in a real browser; what the program printed scrolls by itself on a telephone."""
    with serving(prepared_again.app) as at, browsing(tmp_path) as tab:
        for language in LANGUAGES:
            tab.call("Network.setCookie", name="sanquan_language", value=language, url=at)
            tab.visit(f"{at}/")
            tab.goes("document.querySelector('form[action=\"/demo/older\"] button').click()")
            assert "rollback" in tab.evaluate("document.querySelector('main').innerText")
            assert faults_shown(tab, "story-older", language, pictures(tmp_path)) == []
