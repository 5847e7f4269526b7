"""Are the questions beyond the move, the deadlines and the reviews the same through service and command, and traceless?"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from api.answers.decisions import ASKED
from api.answers.facts import form_of
from api.cli.deciding import Asked
from api.v1 import models, settlement_models
from registry.decisions.asking import QUESTIONS
from registry.decisions.deadlines import SORTS, deadline
from registry.decisions.further import FURTHER
from registry.law.book import BANNER, book
from registry.law.reviewing import supporting
from registry.ledger.read import size
from tests.registry.decisions.further_cases import FURTHER_CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.decisions.cases import Case

PLAN = dt.date(2016, 9, 14)


def asked(case: Case) -> dict[str, Any]:
    """A case as a document, through JSON and back."""
    told = {f.name: _plain(getattr(case.facts, f.name)) for f in dataclasses.fields(case.facts)}
    return {"day": case.day.isoformat(), "facts": json.loads(form_of(type(case.facts))(**told).model_dump_json())}


def _plain(value: Any) -> Any:  # noqa: ANN401  (any fact)
    return value.isoformat() if isinstance(value, dt.date) else value


@pytest.mark.parametrize("word", FURTHER)
def test_every_case_is_answered_over_http_as_it_is_decided(caller: Caller, word: str) -> None:
    """Each case through its route gives the rule's result, and that asking changed nothing stands beside it."""
    for name, case in FURTHER_CASES.items():
        if case.question == word:
            got = caller.post(f"/v1/decisions/{word}", json=asked(case))
            assert got.status_code == 200, (name, got.text)
            answer = settlement_models.Decision.model_validate(got.json())
            assert (answer.result, answer.question) == (case.result, word), name
            assert "什么也没有登记" in answer.unchanged.zh
            assert {key: answer.told[key] for key in case.told} == case.told


def test_the_command_knows_every_question_that_the_service_does() -> None:
    """The words are the same; a deadline alone is no question with a result."""
    assert {each.value for each in Asked} == {*ASKED, "deadline"}
    assert {*QUESTIONS, *FURTHER} <= ASKED.keys()


def test_asking_records_nothing_and_the_command_says_what_nobody_has_read(
    caller: Caller, command: Callable[..., Ended], store: Store
) -> None:
    """The same answer through both doors; a rule without a text says so in words; the log is as long as before."""
    with store.reading() as connection:
        before = size(connection)
    sent = asked(FURTHER_CASES["EXIT/E13 the same hand"])
    document = json.dumps(sent)
    ended = command("decide", "exit-registration", "-", "--json", typed=document)
    assert ended.code == 1
    assert ended.json == caller.post("/v1/decisions/exit-registration", json=sent).json()
    shown = command("decide", "exit-registration", "-", typed=document).out
    assert "收申请的人不能自己登记" in shown
    assert "没有核对过原文" in shown
    with store.reading() as connection:
        assert size(connection) == before


@pytest.mark.parametrize(
    ("word", "facts"),
    [
        ("take-part", {"all_members": -1}),
        ("take-part", {"agreed": "six"}),
        ("quarrel", {}),
        ("exit-registration", {"thing": "share", "posted": "2026-02-30"}),
        ("exchange-listing", {"thing": "share", "hukou": "town"}),
    ],
)
def test_a_malformed_question_is_a_problem(caller: Caller, word: str, facts: dict[str, Any]) -> None:
    """An unknown fact, where the holder is registered above all, has no place in a question."""
    got = caller.post(f"/v1/decisions/{word}", json={"day": "2026-11-26", "facts": facts})
    assert (got.status_code, got.headers["content-type"]) == (422, "application/problem+json"), got.text


@pytest.mark.parametrize("sort", SORTS)
def test_a_deadline_is_the_same_through_both_doors(
    caller: Caller, command: Callable[..., Ended], sort: Any  # noqa: ANN401  (one of the words)
) -> None:
    """`/v1/decisions/deadlines` and `sanquan decide deadline`: the last day, why, and what is not sure."""
    sent = {"kind": sort, "day": "2026-09-16"}
    told = models.Deadline.model_validate(caller.post("/v1/decisions/deadlines", json=sent).json())
    assert told.last_day == deadline(sort, dt.date(2026, 9, 16)).last_day.isoformat()
    ended = command("decide", "deadline", "-", "--json", typed=json.dumps(sent))
    assert (ended.code, models.Deadline.model_validate(ended.json)) == (0, told)
    shown = command("decide", "deadline", "-", typed=json.dumps(sent)).out
    assert told.last_day in shown
    assert all(doubt.zh in shown.replace("\n", "") for doubt in told.doubts)


def test_a_deadline_that_is_none_is_refused(caller: Caller, command: Callable[..., Ended]) -> None:
    """An unknown kind or day is malformed; a day before the rule is not in force, and says from when it is."""
    for sent in ({"kind": "wedding", "day": "2026-09-16"}, {"kind": "objection", "day": "2026-02-30"}, {"kind": "objection"}):
        assert caller.post("/v1/decisions/deadlines", json=sent).status_code == 422
    early = {"kind": "objection", "day": "2020-12-31"}
    got = caller.post("/v1/decisions/deadlines", json=early)
    assert (got.status_code, got.json()["type"]) == (404, "urn:sanquan:problem:not-in-force")
    ended = command("decide", "deadline", "-", typed=json.dumps(early))
    assert ended.code == 2
    assert "2021-01-01" in ended.err
    assert "/v1/decisions/deadlines" in command("decide", "deadline", "-", typed='{"kind": "wedding"}').err


@pytest.mark.rule("WS-2016/III.2.13", "WS-2016/III.2.15")
def test_who_must_make_and_who_must_review_the_banners_rules_is_told(
    caller: Caller, command: Callable[..., Ended]
) -> None:
    """III.2.13, III.2.15: 各有关部门 make them, 政府法制办 reviews them; the book holds proposals that nobody reviewed."""
    told = models.RuleReviews.model_validate(caller.answer("/v1/law/reviews?on=2026-11-26"))
    assert (told.must_make, told.must_review) == (["各有关部门"], ["政府法制办"])
    assert told.rules
    assert {rule.place.code for rule in told.rules} == {BANNER}
    assert not [rule.id for rule in told.rules if rule.id.startswith("WS-2016/")]
    assert told.unreviewed == [rule.id for rule in told.rules if rule.reviewed is None]
    assert command("law", "reviews", "--on", "2026-11-26", "--json").json == told.model_dump(by_alias=True)
    shown = command("law", "reviews").out
    assert "政府法制办" in shown
    assert f"{len(told.unreviewed)} 条没有人审查过" in shown
    one = caller.answer("/v1/law/rules/EXIT/E13")["rule"]
    assert "政府法制办" in one["unreviewed"]["zh"]


@pytest.mark.rule("WS-2016/III.2.13", "WS-2016/III.2.15")
def test_reviews_begin_with_the_plan(caller: Caller) -> None:
    """Issue 5, Show: on the day before, of and after 2016-09-14."""
    assert caller.get("/v1/law/reviews?on=2016-09-13").status_code == 404
    for day in (PLAN, PLAN + dt.timedelta(days=1)):
        found = supporting(day)
        assert found.office == book().words("WS-2016/III.2.13", "bureaus", day)
        assert set(found.unreviewed) <= {rule.id for rule in found.rules}
