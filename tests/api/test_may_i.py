"""Does `/may-i` answer by taps alone, keep nothing, and say what stays at the same size as the answer?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from api import logs, may_i_page, plain, problems
from api.offices import OfficesError, offices
from api.settings import ApiSettings
from registry.decisions.may_i import UNKNOWN, Situation, situations
from tests.api.conftest import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]+)">')


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Caller]:
    """The pages alone: no registry is behind them."""
    app = FastAPI()
    app.state.settings = ApiSettings(tmp_path)
    problems.install(app)
    for module in (plain, may_i_page):
        app.include_router(module.router)
    client = Caller(app)
    yield client
    client.close()


def tapped(client: Caller, **fields: str) -> httpx.Response:
    """One tap: a form in the body."""
    return client.post("/may-i", content=urlencode(fields), headers=FORM)


def walked(client: Caller, situation: Situation, words: dict[str, str]) -> list[httpx.Response]:
    """From the first button to the sheet, sending what each page's own form holds; 不知道 where no word is given."""
    pages = [tapped(client, situation=situation.word)]
    while 'class="answer"' not in pages[-1].text:
        form = pages[-1].text.split("</form>")[0]
        hidden = dict(_HIDDEN.findall(form))
        assert f'value="{UNKNOWN}"' in form
        pages.append(tapped(client, **hidden, answer=words.get(hidden["asked"], UNKNOWN)))
        assert pages[-1].status_code == 200
    return pages


def test_the_first_page_asks_what_happened(client: Caller) -> None:
    """Twelve big buttons, Chinese first, and that nothing is stored."""
    page = client.get("/may-i")
    assert [page.text.index(each.zh) for each in situations().values()] == sorted(
        page.text.index(each.zh) for each in situations().values()
    )
    assert "您点的什么都不存" in page.text
    assert "都不会让您失去土地" in page.text


@pytest.mark.parametrize("word", situations())
def test_not_knowing_anything_leads_to_a_sheet_by_taps_alone(client: Caller, word: str) -> None:
    """At most six questions, one a screen; nothing is typed; the sheet has answer, papers, rule, what stays, where to go."""
    situation = situations()[word]
    pages = walked(client, situation, {})
    assert len(pages) <= 7
    for page in pages:
        assert "set-cookie" not in page.headers
        assert page.headers["cache-control"] == "no-store"
        assert '<input type="text"' not in page.text
        assert "<textarea" not in page.text
        assert "<script" not in page.text
    sheet = pages[-1].text
    assert situation.stays_zh in sheet
    for part in ("带什么", "哪条规定", "不会变的", "去哪里", "data-rule"):
        assert part in sheet
    assert situation.bring[0] in sheet or "还差" in sheet


def test_what_stays_is_as_large_as_the_answer(client: Caller) -> None:
    """users.md section 4: always, same size as the answer: one rule of the style sheet gives both their size."""
    style = client.get("/plain.css").text
    assert re.search(r"\.answer, \.stays \{[^}]*font-size", style)
    assert re.search(r"\.answer h2, \.stays h2 \{[^}]*font-size", style)
    assert not re.search(r"^\.stays[^,{]*\{[^}]*font-size", style, re.MULTILINE)


@pytest.mark.rule("WS-2016/III.2.1", "WS-2016/III.2.6")
def test_a_settlement_is_answered_with_its_rule_and_its_office(client: Caller) -> None:
    """One plain sentence, the article behind it, and the bureau that the plan names."""
    words = {"hukou": "banner", "in_town": "yes", "lives": "yes", "home": "owned"}
    sheet = walked(client, situations()["settle"], words)[-1].text
    assert "能落户" in sheet
    assert "二（一）1" in sheet
    assert 'href="/law/WS-2016/II.1.1?on=' in sheet
    assert "公安局" in sheet
    assert "住建局" in sheet
    assert "电话这里还没有填" in sheet


def test_results_of_other_levels_stand_beside(client: Caller) -> None:
    """Q1: where the plan refuses and Order 663 admits, both are shown and a person decides."""
    words = {"town": "yes", "home": "filed", "work": "no", "category": "none", "permit": "yes"}
    sheet = walked(client, situations()["from-outside"], words)[-1].text
    assert "工作人员要看一看" in sheet
    assert "别的规定怎么说" in sheet
    assert "RP-663/16" in sheet


def test_one_step_back_asks_the_last_question_again(client: Caller) -> None:
    """A wrong tap is taken back, from a question and from the sheet."""
    situation = situations()["born"]
    first, second, sheet = walked(client, situation, {"certificate": "yes", "member": "yes"})
    for page, asked in ((second, situation.questions[0]), (sheet, situation.questions[1])):
        back = page.text.split('<form action="/may-i" method="post">')[-1]
        again = tapped(client, **dict(_HIDDEN.findall(back.split("</form>")[0])))
        assert asked.zh in again.text
    assert "上一问" not in first.text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"situation": "gold"},
        {"situation": "born", "asked": "certificate", "answer": "150699199001011237"},
        {"situation": "born", "asked": "name", "answer": "x"},
        {"situation": "born", "member": "yes", "name": "达楞太"},
    ],
)
def test_what_is_none_of_our_words_is_refused_and_not_repeated(client: Caller, fields: dict[str, str]) -> None:
    """A number put in the wrong place is neither an answer nor shown again."""
    got = tapped(client, **fields)
    assert got.status_code == 422
    assert "150699199001011237" not in got.text
    assert "达楞太" not in got.text


def test_nothing_tapped_is_in_an_address_or_a_log_line(
    caller: Caller, logging_restored: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing typed is stored: the answers are in no log, and the register is as it was."""
    logs.configure()
    before = caller.answer("/v1/ledger")
    pages = walked(caller, situations()["taken"], {"reason": "moved", "when": "before", "where": "city", "proof": "handed"})
    assert "按当时的法律是收了的" in pages[-1].text
    assert caller.answer("/v1/ledger") == before
    logged = capsys.readouterr().err
    assert '"route": "/may-i"' in logged
    assert not [word for word in ("taken", "handed", "moved", "city") if word in logged]
    assert all("?" not in str(page.request.url) for page in pages)


def test_the_county_writes_where_its_offices_are(tmp_path: Path) -> None:
    """Nothing is shipped; what the county wrote is read strictly."""
    assert offices(tmp_path, ("公安局",))[0].telephone == ""
    (tmp_path / "offices.toml").write_text('[[office]]\nname = "公安局"\nwhere = "户政大厅"\ntelephone = "0477-0000000"\n', "utf-8")
    police, housing = offices(tmp_path, ("公安局", "住建局"))
    assert (police.where, police.telephone, housing.where) == ("户政大厅", "0477-0000000", "")
    (tmp_path / "offices.toml").write_text('[[office]]\nname = "国土局"\nwhere = "x"\ntelephone = "0477-0000001"\n', "utf-8")
    (land,) = offices(tmp_path, ("国土局", "自然资源局"))
    assert (land.name, land.telephone) == ("自然资源局", "0477-0000001")
    (tmp_path / "offices.toml").write_text('[[office]]\nname = "公安局"\nwhere = "x"\nphone = "1"\n', "utf-8")
    with pytest.raises(OfficesError, match="telephone is missing"):
        offices(tmp_path, ("公安局",))
