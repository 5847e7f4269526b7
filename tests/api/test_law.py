"""Is the rule book the same through every door, and does each door say what is unconfirmed?"""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

from api import law_page, plain, problems
from api.cli import run
from api.pages.language import LANGUAGES
from api.v1 import law as v1_law
from api.v1 import models
from registry.law.book import book
from tests.api.conftest import Caller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.api.conftest import Ended

DAY = "2026-11-26"


@pytest.fixture
def client() -> Iterator[Caller]:
    """The rule book's routes and pages alone: no registry is behind them."""
    app = FastAPI()
    problems.install(app)
    for module in (v1_law, plain, law_page):
        app.include_router(module.router)
    client = Caller(app)
    yield client
    client.close()


def test_rules_of_a_day_are_listed(client: Caller) -> None:
    """Every rule in force, narrowed by place and class; with a day before the plan, none of the plan."""
    whole = models.Rules.model_validate(client.get("/v1/law", params={"on": DAY}).json())
    # A rule that ended is in the book, and not among these.
    assert [rule.id for rule in whole.rules] == [rule.id for rule in book().in_force(date.fromisoformat(DAY))]
    forbidden = client.get("/v1/law", params={"on": DAY, "class": "prohibition", "place": "nation"}).json()
    assert {rule["class"] for rule in forbidden["rules"]} == {"prohibition"}
    assert {rule["place"]["code"] for rule in forbidden["rules"]} == {"nation"}
    before = client.get("/v1/law", params={"on": "2016-09-13"}).json()["rules"]
    assert before
    assert not [rule for rule in before if rule["id"].startswith("WS-2016/")]


def test_a_rule_says_what_is_unconfirmed_and_that_nobody_reviewed_it(client: Caller) -> None:
    """III.2.13 and the marks of our pages reach the reader in words, at every door."""
    sure = models.RuleAnswer.model_validate(client.get("/v1/law/rules/WS-2016/II.1.1", params={"on": DAY}).json())
    assert sure.rule.unconfirmed is None
    assert sure.rule.unreviewed is not None
    doubtful = client.get("/v1/law/rules/EXIT/E11").json()["rule"]
    assert "没有核对过原文" in doubtful["unconfirmed"]["zh"]
    assert doubtful["parameters"][0]["unconfirmed"]
    page = client.get("/law/EXIT/E11").text
    assert doubtful["unconfirmed"]["zh"] in page
    assert "合法性还没有人审查" in page
    assert "《本系统" not in page  # a proposal of ours is no instrument


def test_changes_between_two_days_name_rules_and_figures(client: Caller) -> None:
    """The law of 2018 came into force on 2019-01-01: what it changed, and nothing that it did not."""
    found = client.get("/v1/law/changes", params={"since": "2018-12-31", "on": "2019-01-01"}).json()
    changes = {each.rule: each for each in models.RuleChanges.model_validate(found).changes}
    assert changes["RLCL/lease"].before is None
    moved = changes["RLCL/settled-in-town"]
    assert moved.before is not None
    assert moved.after is not None
    assert moved.before.until == moved.after.from_ == "2019-01-01"
    assert "WS-2016/II.1.1" not in changes
    same = client.get("/v1/law/changes", params={"since": "2019-01-01", "on": "2019-01-01"}).json()
    assert same["changes"] == []
    back = client.get("/v1/law/changes", params={"since": "2019-01-01", "on": "2018-12-31"}).json()
    assert {each["rule"] for each in back["changes"]} == set(changes)


def test_the_open_questions_are_told(client: Caller) -> None:
    """Q1 to Q14, and what happens until a person answers."""
    told = models.RuleQuestions.model_validate(client.get("/v1/law/questions").json()).questions
    assert [each.number for each in told] == [f"Q{n}" for n in range(1, 15)]
    page = client.get("/law/questions").text
    assert all(each.asks.zh in page and each.until_answered.zh in page for each in told)


def test_each_rule_has_its_page(client: Caller) -> None:
    """Style 13: from a rule to the page that shows it; quote, citation and days stand there, in Chinese first."""
    for name in book().ids():
        version = book().versions(name)[-1]
        got = client.get(f"/law/{name}", params={"on": version.in_force_from.isoformat()})
        assert got.status_code == 200, name
        assert f'data-rule="{name}"' in got.text.replace("&#39;", "'")
        assert version.cites[0].instrument in got.text
        assert version.quote is None or version.quote in got.text
        assert "没有核对过原文" in got.text or version.confirmed


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_figures_and_notes_are_read_in_the_language_of_the_page(client: Caller, language: str) -> None:
    """What a figure is counted in, the words of a list and what is noted about a source: in Chinese nothing of it in English."""
    for name in book().ids():
        version = book().versions(name)[-1]
        asked = {"params": {"on": version.in_force_from.isoformat()}, "headers": {"Cookie": f"sanquan_language={language}"}}
        main = client.get(f"/law/{name}", **asked).text.partition("<main")[2]
        page = unescape(re.sub('<span class="id">[^<]*|<[^>]*>', "", main))
        told = [(version.note_zh, version.note_en)] if version.note_zh else []
        for each in version.parameters:
            told += each.words or [each.unit]
        assert [both for both in told if LANGUAGES[language].said(both) not in page] == [], name
        assert [both for both in told if language == "zh-CN" and re.search(rf"\b{re.escape(both[1])}\b", page)] == [], name


def test_a_changed_figure_is_named_in_words(client: Caller) -> None:
    """The name that programs know it by is for `/v1`."""
    days = {"since": "2018-12-31", "on": DAY}
    page = client.get("/law/changes", params=days).text
    names = {name for each in client.get("/v1/law/changes", params=days).json()["changes"] for name in each["parameters"]}
    assert names
    assert [name for name in names if name in page or book().parameters[name].zh not in page] == []


def test_pages_need_nothing_from_outside_and_no_script(client: Caller) -> None:
    """Readable without script; no address but our own; no cookie."""
    for path in ("/law", "/law/changes", "/law/questions", "/law/WS-2016/II.1.1", "/law/GUARANTEE/SC-2014-25"):
        got = client.get(path)
        assert got.status_code == 200, path
        assert "<script" not in got.text
        assert "set-cookie" not in got.headers
        assert "default-src 'none'" in got.headers["content-security-policy"]
        assert not re.findall(r'(?:src|href)="https?:', got.text)
        assert 'lang="zh-CN"' in got.text
    assert client.get("/plain.css").headers["content-type"].startswith("text/css")


def test_a_rule_that_has_ended_is_shown_as_it_last_was(client: Caller) -> None:
    """An address without a day leads somewhere even when a rule holds no more, or not yet on the day asked."""
    assert client.get("/law/WS-2016/II.1.1?on=2016-09-13").status_code == 404
    assert client.get("/law/WS-2016/II.9").status_code == 404
    assert client.get("/law?on=gestern").status_code == 422


def test_the_service_answers_as_the_routes_alone_do(caller: Caller) -> None:
    """The routes are wired into the service that `sanquan serve` runs."""
    assert caller.answer("/v1/law/rules/WS-2016/II.3.1-g")["rule"]["class"] == "prohibition"
    assert caller.get("/law").status_code == 200


def test_the_command_says_what_the_service_says(command: Callable[..., Ended], client: Caller) -> None:
    """`sanquan law list|show|diff --json` is what `/v1/law` answers; the tables are for people."""
    assert command("law", "list", "--on", DAY, "--json").json == client.get("/v1/law", params={"on": DAY}).json()
    shown = command("law", "show", "WS-2016/II.1.2(2)", "--on", DAY)
    assert "满两年" in shown.out
    assert "没有查到写明这个数的条文" in shown.out
    assert "Q3" in shown.out
    diff = command("law", "diff", "2018-12-31", "--on", "2019-01-01")
    assert "RLCL/settled-in-town" in diff.out
    assert "changed 2019-01-01" in diff.out
    assert "not yet, from" in command("law", "diff", "2019-01-01", "--on", "2002-01-01").out
    listed = command("law", "list", "--class", "prohibition", "--place", "150626")
    assert "没有核对过原文" in listed.out


MOVE = {
    "moved": "2010-05-01",
    "whole_household": True,
    "to": "city with districts",
    "became_non_agricultural": True,
    "land": "grass",
    "proof": {"act": "taken back", "day": "2012-01-01"},
}


def test_an_old_taking_back_is_judged_through_both_doors(
    caller: Caller, command: Callable[..., Ended], tmp_path: Path
) -> None:
    """Policy-map 9.6: by the law of the act's own day; a bad document and a day without a rule are refused by name."""
    got = caller.post("/v1/decisions/taking-back", json=MOVE)
    told = models.LandFate.model_validate(got.json())
    assert (told.fate, told.judged_by_the_law_of) == ("ended", "2012-01-01")
    unproved = caller.post("/v1/decisions/taking-back", json=MOVE | {"proof": None}).json()
    assert unproved["fate"] == "lives on"
    early = caller.post("/v1/decisions/taking-back", json=MOVE | {"proof": {"act": "taken back", "day": "2003-02-28"}})
    assert (early.status_code, early.json()["type"]) == (404, "urn:sanquan:problem:not-in-force")
    assert caller.post("/v1/decisions/taking-back", json=MOVE | {"land": "gold"}).status_code == 422
    path = tmp_path / "move.json"
    path.write_text(json.dumps(MOVE), "utf-8")
    assert command("law", "taking-back", str(path), "--json").json == got.json()
    shown = command("law", "taking-back", str(path)).out
    assert "按当时的法律终止了" in shown
    assert "没有核对过原文" in command("law", "taking-back", "-", typed=json.dumps(MOVE | {"proof": None})).out
    refused = command("law", "taking-back", "-", typed=json.dumps(MOVE | {"land": "gold"}))
    assert (refused.code, "land" in refused.err, "gold" in refused.err) == (2, True, False)


def test_the_command_refuses_what_it_does_not_know(capfd: pytest.CaptureFixture[str]) -> None:
    """A day, a class, a place, a rule that is none ends with 2 and says what is valid; no registry is needed."""
    for words in (["list", "--on", "x"], ["list", "--class", "aim"], ["list", "--place", "1"], ["show", "II.9"]):
        assert run(["law", *words]) == 2
    assert "WS-2016/II.1.1" in capfd.readouterr().err
