"""Questions about the rights themselves, through both doors: answered as decided, nothing recorded, nobody's address asked."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest

from api.answers.decisions import ASKED
from api.answers.facts import form_of
from api.cli.deciding import Asked
from api.v1 import settlement_models as models
from registry.decisions.land.asking import LAND_QUESTIONS
from tests.attacks.refusals import fingerprint
from tests.registry.decisions.land.cases import CASES, LandCase

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended


def document(case: LandCase) -> dict[str, Any]:
    """A case as it is sent."""
    return {"day": case.day.isoformat(), "facts": json.loads(json.dumps(dataclasses.asdict(case.facts), default=str))}


@pytest.mark.parametrize("word", LAND_QUESTIONS)
def test_every_case_is_answered_over_http_as_it_is_decided_and_nothing_is_written(
    caller: Caller, store: Store, word: str
) -> None:
    """Each case through its route: the law's result, its rule with the citation; every table is as it was."""
    before = fingerprint(store)
    for name, case in CASES.items():
        if case.question == word:
            got = caller.post(f"/v1/decisions/{word}", json=document(case))
            assert got.status_code == 200, (name, got.text)
            answer = models.Decision.model_validate(got.json())
            assert (answer.result, answer.question) == (case.result, word), name
            assert case.rule in {reason.rule for reason in answer.reasons}
            assert "户口在哪里，都不影响" in answer.unchanged.zh
            assert {key: answer.told[key] for key in case.told} == case.told
    assert fingerprint(store) == before


def test_where_somebody_lives_has_no_place_in_a_question(caller: Caller) -> None:
    """II.3.1-g: a form that asked for it would tie land to a move: the field is refused by name, and so is a wrong word."""
    for facts in ({"thing": "grass", "power": "use", "hukou": "elsewhere"}, {"thing": "grass", "power": "sell"}, {}):
        got = caller.post("/v1/decisions/power-of-right", json={"day": "2026-11-26", "facts": facts})
        assert (got.status_code, got.headers["content-type"]) == (422, "application/problem+json")
    names = {field for question in LAND_QUESTIONS.values() for field in form_of(question.facts).model_fields}
    assert not names & {"hukou", "dwelling", "lives_in_town", "lives_here_since", "registered_at"}


def test_a_day_before_the_rule_is_no_answer(caller: Caller) -> None:
    """The law of the act's own day decides: before it the problem says which days the rule covers."""
    case = CASES["C19 agreed, whole, to the contractor"]
    got = caller.post("/v1/decisions/lease-rent", json=document(case) | {"day": "2018-12-31"})
    assert (got.status_code, got.json()["type"]) == (404, "urn:sanquan:problem:not-in-force")
    assert "2019-01-01" in got.json()["detail"]


def test_the_command_knows_the_questions_of_the_service(command: Callable[..., Ended]) -> None:
    """The same words and documents at a terminal: 0 when eligible, 1 otherwise, 2 when the document is none."""
    assert {each.value for each in Asked} - {"deadline"} == set(ASKED) >= set(LAND_QUESTIONS)
    ended = command(
        "decide", "extension", "-", typed=json.dumps(document(CASES["C9 EXT-1 thirty years, the day after"]))
    )
    assert (ended.code, "再延30年" in ended.out, "什么也没有登记" in ended.out) == (0, True, True)
    ended = command(
        "decide", "homestead-receiver", "-", "--json", typed=json.dumps(document(CASES["H11 city resident"]))
    )
    assert (ended.code, ended.json["reasons"][0]["confirmed"]) == (1, False)
    ended = command(
        "decide", "stocking", "-", typed=json.dumps({"day": "2026-11-26", "facts": {"kept_sheep_units": -1}})
    )
    assert (ended.code, "land-decisions.md" in ended.err) == (2, True)
