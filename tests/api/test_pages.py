"""Does every text of a page have its English, and does the switch of languages lead nowhere else?"""

from __future__ import annotations

import ast
import doctest
import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import pytest
from fastapi import FastAPI
from starlette.middleware import Middleware

import api
from api import may_i_page, plain, problems
from api.doors import Doors
from api.pages import language as languages
from api.pages import navigation
from api.routes_of_access import ROUTES
from api.settings import ApiSettings
from registry.cases import book
from tests.api.conftest import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = resources.files("api") / "pages"
IN_BOTH = ("inspection.html", "verify.html")
"""These stand as files of their own and say everything in both languages at once."""
STORED = {"亲情代办", "在手机上看", "本人", "本人取消", "本人存一份", "没有交成", "给别人看"}
"""Words that are written down beside what somebody did: data, not a text of a page."""
OFFICES = {role.zh for role in book().roles.values() if role.zh.endswith("局")} | {"公安局"}
"""Offices that a page names: those of cases, and the police."""
_CHINESE = re.compile(r"[㐀-鿿]")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Caller]:
    """A few pages alone: no registry is behind them."""
    app = FastAPI(middleware=[Middleware(Doors, problem_of=problems.problem_of)])
    app.state.settings = ApiSettings(tmp_path)
    app.add_api_route("/breaks", _breaks)
    problems.install(app)
    for module in (plain, may_i_page):
        app.include_router(module.router)
    client = Caller(app)
    yield client
    client.close()


async def _breaks() -> None:
    raise ValueError("达楞太")


def templates() -> list[Path]:
    """Every template that says its texts in one language at a time."""
    return [each for each in sorted(Path(str(PAGES)).rglob("*.html")) if each.name not in IN_BOTH]


def texts_of_templates() -> set[str]:
    """What the templates ask the catalogue for."""
    reader = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found: set[str] = set()
    for path in templates():
        for _, _, message in reader.extract_translations(path.read_text("utf-8")):  # type: ignore[attr-defined]  # of the i18n extension
            words = message if isinstance(message, tuple) else (message,)
            found |= {word for word in words if word is not None}
    return found


def texts_of_modules() -> set[str]:
    """Every Chinese string of a module that writes pages, docstrings left out; a pair with its English is none."""
    found: set[str] = set()
    folder = Path(api.__file__).parent
    modules = [each for each in folder.glob("*_page.py") if each.with_suffix(".html").name.replace("_page", "") not in IN_BOTH]
    behind = [path for room in ("my", "counsel", "desk") for path in (folder / room).glob("*.py")]
    for path in [*modules, folder / "pages" / "navigation.py", *behind]:
        found |= _strings(ast.parse(path.read_text("utf-8")))
    return found


def _strings(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # a docstring
        return set()
    if isinstance(node, ast.Tuple) and len(node.elts) == 2:
        zh, en = node.elts
        if all(isinstance(each, ast.Constant | ast.JoinedStr) for each in (zh, en)) and not _CHINESE.search(ast.unparse(en)):
            return set()
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CHINESE.search(node.value):
        return {node.value}
    return set().union(*(_strings(child) for child in ast.iter_child_nodes(node)))


def test_every_text_has_its_english_and_nothing_else_is_kept() -> None:
    """Chinese first, English complete: templates and the modules behind them; the catalogue holds none that nobody says."""
    said = texts_of_templates() | (texts_of_modules() - STORED)
    said |= OFFICES
    english = languages.texts("en")
    assert sorted(said - set(english)) == []
    assert sorted(set(english) - said) == []
    assert [text for text in english.values() if _CHINESE.search(text)] == []
    assert set(languages.texts("mn_Mong")) <= said


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_no_template_says_chinese_past_the_catalogue(path: Path) -> None:
    """A bare Chinese word would stand on an English page; the name of the draft and its warning are meant for all."""
    tokens = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True).lex(path.read_text("utf-8"))
    bare = [text for _, kind, text in tokens if kind == "data" and _CHINESE.search(text)]
    assert [text for text in bare if "Draft, to be checked by a translator" not in text] == []


def test_placeholders_are_the_same_in_every_language() -> None:
    """A figure that is told in Chinese is told in every language."""
    place = re.compile(r"%\((\w+)\)s")
    for catalogue in ("en", "mn_Mong"):
        for chinese, text in languages.texts(catalogue).items():
            assert sorted(place.findall(chinese)) == sorted(place.findall(text)), chinese


def test_days_and_areas_are_written_as_the_reader_writes_them() -> None:
    """Glossary and users.md section 3: 亩 first, m² second; 2027年12月31日, inside a sentence as well; no number is a day."""
    result = doctest.testmod(languages)
    assert (result.attempted > 0, result.failed) == (True, 0)
    chinese, english = languages.LANGUAGES["zh-CN"], languages.LANGUAGES["en"]
    assert (chinese.day("2027-12-31"), english.day("2027-12-31")) == ("2027年12月31日", "31 December 2027")
    assert (chinese.mu("3842.17"), english.mu("77.70"), english.m2("413.3")) == ("3,842.17 亩", "77.70 mu", "413.3 m²")
    for no_day in ("1999-02-30", "乌-2027-12-31", "15062620-27-12-31"):
        assert (chinese.said((no_day, "")), english.said(("", no_day))) == (no_day, no_day)
    assert (chinese.number("1234567"), chinese.moment("2026-11-23T01:12:05Z")) == ("1,234,567", "2026年11月23日 09:12")


@pytest.mark.parametrize(
    ("tag", "shows", "hides"), [("zh-CN", "出了什么事", "What happened"), ("en", "What happened", "出了什么事")]
)
def test_the_switch_stays_until_it_is_set_again(client: Caller, tag: str, shows: str, hides: str) -> None:
    """One language at a time; the cookie has the language and nothing else."""
    switched = client.get(f"/language/{tag}?back=/may-i")
    assert (switched.status_code, switched.headers["location"]) == (303, "/may-i")
    cookie = switched.headers["set-cookie"]
    assert cookie.startswith(f"sanquan_language={tag};")
    page = client.get("/may-i", headers={"Cookie": cookie.split(";")[0]})
    assert f'<html lang="{tag}">' in page.text
    assert shows in page.text
    assert hides not in page.text


def test_the_draft_of_mongolian_says_so(client: Caller) -> None:
    """A label that no translator saw is marked; what has none yet stands in Chinese."""
    page = client.get("/may-i", headers={"Cookie": "sanquan_language=mn-Mong"}).text
    assert '<html lang="mn-Mong">' in page
    assert "Draft, to be checked by a translator" in page
    assert "出了什么事" in page


@pytest.mark.parametrize("back", ["https://example.com/", "//example.com", "/\\example.com", "javascript:x", "/a\r\nx:y", ""])
def test_the_switch_leads_to_no_other_site(client: Caller, back: str) -> None:
    """An address of another site would make ours a door for them."""
    assert client.get("/language/en", params={"back": back}).headers["location"] == "/"


def test_an_unknown_language_and_script_are_none(client: Caller) -> None:
    """Nothing is set, nothing is served."""
    assert "set-cookie" not in client.get("/language/xx").headers
    assert client.get("/scripts/none.js").status_code == 404
    assert client.get("/scripts/htmx.js").headers["content-type"].startswith("text/javascript")


def test_every_link_of_the_head_is_a_route_with_a_rule() -> None:
    """A page that is not built is absent, not grey."""
    assert [each.path for each in navigation.ENTRIES if f"GET {each.path}" not in ROUTES] == []


def test_what_goes_wrong_is_told_in_words_on_a_page(client: Caller) -> None:
    """A person is told what happened, that nothing was changed and whom to ask; a program gets the document."""
    browser = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
    page = client.post("/may-i", content="situation=gold", headers=browser)
    assert (page.status_code, page.headers["content-type"]) == (422, "text/html; charset=utf-8")
    for words in ("什么都没有改动", "农牧局", "电话"):
        assert words in page.text
    assert client.post("/may-i").headers["content-type"] == "application/problem+json"
    nowhere = client.get("/nowhere", headers=browser)
    assert (nowhere.status_code, "没有这一页" in nowhere.text) == (404, True)


def test_a_failure_of_ours_is_told_in_words_and_tells_nothing_else(client: Caller) -> None:
    """users.md section 2(c): no bare 500; what was in the error stays inside."""
    page = client.get("/breaks", headers={"Accept": "text/html"})
    assert (page.status_code, "什么都没有改动" in page.text, "达楞太" in page.text) == (500, True, False)
    assert client.get("/breaks").json()["type"] == "urn:sanquan:problem:internal"
