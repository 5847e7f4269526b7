"""Settling through both doors: asked without recording, handed in, waiting, imported; and nothing personal comes back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from api.answers.facts import form_of
from api.v1 import settlement_models as models
from registry.decisions.asking import FACTS, QUESTIONS
from registry.ledger import read
from registry.parties import Identity
from registry.settlement.life import Desk, record_birth
from registry.settlement.membership_answers import answer
from tests.api.conftest import TOKEN
from tests.guarantee.village import burdened
from tests.registry import made_up
from tests.registry.decisions.cases import CASES, Case
from tests.registry.police.tables import SIGNED, birth, settles, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

BEARER = {"Authorization": f"Bearer {TOKEN}"}
OFFICER = {"name": "王警官", "bureau": "公安局"}
PLACE = {
    "hukou_household": "H-9",
    "division_code": "150626100010",
    "division_name": "文苑社区",
    "address": "文苑社区9栋909",
}
OWNED = {"in_town": True, "lives_there": True, "owned": True}
SHOWN = {path: ["e" * 64] for path in ("dwelling.in_town", "dwelling.lives_there", "dwelling.owned")}


def size(store: Store) -> int:
    """How long the log is."""
    with store.reading() as connection:
        return read.size(connection)


def asked(case: Case) -> dict[str, Any]:
    """A case as a document, through JSON and back."""
    return {
        "day": case.day.isoformat(),
        "facts": json.loads(form_of(type(case.facts))(**_plain(case.facts)).model_dump_json()),
    }


def _plain(facts: Any) -> dict[str, Any]:  # noqa: ANN401
    def told(value: Any) -> Any:  # noqa: ANN401
        if dataclasses.is_dataclass(value):
            return {f.name: told(getattr(value, f.name)) for f in dataclasses.fields(value)}
        if isinstance(value, tuple):
            return [told(each) for each in value]
        return value.isoformat() if isinstance(value, dt.date) else value

    found: dict[str, Any] = told(facts)
    return found


@pytest.mark.parametrize("word", QUESTIONS)
def test_every_row_of_the_tables_is_answered_over_http_as_it_is_decided(caller: Caller, word: str) -> None:
    """II.1.1 … II.2.3: each case through its route gives the table's result, and what will not change stands beside it."""
    for name, case in CASES.items():
        if case.question == word:
            got = caller.post(f"/v1/decisions/{word}", json=asked(case))
            assert got.status_code == 200, (name, got.text)
            answer = models.Decision.model_validate(got.json())
            assert (answer.result, answer.question) == (case.result, word), name
            assert "不变" in answer.unchanged.zh
            assert {key: answer.told[key] for key in case.told} == case.told


def test_asking_records_nothing_and_repeats_no_number(caller: Caller, store: Store, canaries: tuple[str, ...]) -> None:
    """A question leaves no trace; an ID number that is asked about is not in the answer, nor in a problem."""
    long = size(store)
    number = made_up.id_number("19740312", 101)
    for facts in (
        {"asks": "accept", "number": number},
        {"asks": "accept", "number": number + "x" * 30},
        {"asks": number},
    ):
        got = caller.post("/v1/decisions/identity-number", json={"day": "2017-05-08", "facts": facts})
        assert got.status_code in {200, 422}
        assert not [canary for canary in (*canaries, number) if canary in got.text]
    assert size(store) == long


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"day": "2017-05-08"},
        {"day": "2017-05-08", "facts": {"hukou": "moon"}},
        {"day": "2017-02-30", "facts": {}},
        {"day": "2017-05-08", "facts": {"dwelling": {"owned": "yes"}}},
        {"day": "2017-05-08", "facts": {"land_returned": True}},
        {"day": "2017-05-08", "facts": {"dwelling": {"homestead": True}}},
    ],
)
def test_malformed_question_is_a_problem(caller: Caller, body: dict[str, Any]) -> None:
    """An unknown fact, land above all, has no place in a question."""
    got = caller.post("/v1/decisions/settle-in-banner", json=body)
    assert (got.status_code, got.headers["content-type"]) == (422, "application/problem+json"), got.text


def test_day_before_the_plan_has_no_rule(caller: Caller) -> None:
    """0.1: the plan decides nothing before 2016-09-14, and the answer says so."""
    got = caller.post("/v1/decisions/settle-in-banner", json={"day": "2016-09-13", "facts": {}})
    assert (got.status_code, got.json()["type"]) == (404, "urn:sanquan:problem:not-in-force")


def test_no_form_has_a_fact_about_land() -> None:
    """I19: no fact of any question is about land, a right, a lease of land, a share, an exit."""
    words = (
        "land",
        "right",
        "share",
        "exit",
        "homestead",
        "contract",
        "membership",
        "pasture",
        "herd",
        "mortgage",
        "subsid",
    )
    names = {field for facts in FACTS for field in form_of(facts).model_fields}
    assert not [name for name in names for word in words if word in name]


def filing(village: Village, *people: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """The family hands in, each on their own application; the father signs for the children."""
    father = village.people[0]
    filed = [
        {
            "person": village.people[n],
            "question": "settle-in-banner",
            "facts": {"dwelling": OWNED},
            "papers": SHOWN,
            "application": {"paper": SIGNED, "signed_by": father if n in {2, 3} else village.people[n]},
        }
        for n in people
    ]
    return {"day": "2018-03-01", "officer": OFFICER, "place": PLACE, "people": filed, **more}


def test_filing_is_decided_then_recorded_once(
    caller: Caller, store: Store, village: Village, canaries: tuple[str, ...]
) -> None:
    """Without `record` nothing is kept; with it one event, once; the state root stands; nothing personal is answered."""
    before = caller.answer("/v1/ledger")
    for record, state in ((False, "would be recorded"), (True, "recorded"), (True, "recorded")):
        got = caller.post("/v1/settlements", json=filing(village, 0, 1, 2, record=record), headers=BEARER)
        assert got.status_code == 200, got.text
        answer = models.FilingAnswer.model_validate(got.json())
        assert [(each.decision.result, each.state) for each in answer.people] == [("eligible", state)] * 3
        assert (answer.recorded is not None) == record
        assert not [canary for canary in (*canaries, PLACE["address"]) if canary in got.text]
    after = caller.answer("/v1/ledger")
    assert (after["size"], after["state_root"]) == (before["size"] + 1, before["state_root"])
    assert caller.post("/v1/settlements", json=filing(village, 0)).status_code == 401


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"application": {"paper": SIGNED, "signed_by": 0}}, "applied-for-another"),
        ({"person": 3, "application": {"paper": SIGNED, "signed_by": 3}}, "guardian-missing"),
        ({"question": "guardian-signs"}, "invalid-input"),
        ({"papers": {"dwelling.castle": ["e" * 64]}}, "invalid-input"),
        ({"papers": {"达楞太": ["e" * 64]}}, "invalid-input"),
        ({"person": "new:4", "application": None}, "invalid-input"),
        ({"person": "0" * 32, "application": {"paper": SIGNED, "signed_by": "0" * 32}}, "unknown-person"),
        ({"question": "identity-number"}, "invalid-input"),
        ({"question": "residence-permit", "facts": {}}, "invalid-input"),
        ({"facts": {"land": "returned"}}, "invalid-input"),
    ],
)
def test_filing_that_can_not_be_is_a_problem_and_records_nothing(
    caller: Caller, store: Store, village: Village, change: dict[str, Any], name: str, canaries: tuple[str, ...]
) -> None:
    """Each refusal by its name, masked: an adult's application signed by another, a child's by itself, unknown papers."""

    def named(value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, dict):
            return {key: named(each) for key, each in value.items()}
        return village.people[value] if isinstance(value, int) and not isinstance(value, bool) else value

    body = filing(village, 0, 1, record=True)
    body["people"][1] |= named(change)
    long = size(store)
    got = caller.post("/v1/settlements", json=body, headers=BEARER)
    assert (got.status_code, got.json()["type"]) == (422, f"urn:sanquan:problem:{name}"), got.text
    assert not [canary for canary in canaries if canary in got.text]
    assert size(store) == long


def test_guardian_named_by_a_court_signs_for_an_adult(caller: Caller, store: Store, village: Village) -> None:
    """I.2.2, 民法典 21 to 24, 28: needs evidence without the court's decision, recorded with it, by either door."""
    guardian, ward = village.people[:2]
    body = filing(village, 1, record=True)
    signed = {"paper": SIGNED, "signed_by": guardian, "guardian": {"names_signer": True, "in_force_from": "2017-01-01"}}
    body["people"][0]["application"] = signed
    before = caller.answer("/v1/ledger")
    got = caller.post("/v1/settlements", json=body, headers=BEARER)
    (answer,) = models.FilingAnswer.model_validate(got.json()).people
    assert (answer.decision.question, answer.decision.result, got.json()["recorded"]) == ("guardian-signs", "needs evidence", None)
    event = {
        "kind": "settled-in-banner", "day": "2018-03-01", "officer": OFFICER, "people": [ward],
        "registrations": [{**PLACE, "person": ward, "valid_from": "2018-03-01"}], "applications": [{"person": ward, **signed}],
    }  # fmt: skip
    refused = caller.post("/v1/household-events", json=event, headers=BEARER)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:sanquan:problem:guardian-not-shown"), refused.text
    assert caller.answer("/v1/ledger")["size"] == before["size"]
    signed["guardian"] = {**signed["guardian"], "court_decision": "d" * 64}  # type: ignore[dict-item]  # plain values
    got = caller.post("/v1/settlements", json=body, headers=BEARER)
    assert got.json()["people"][0]["state"] == "recorded", got.text
    asked = {"day": "2018-03-01", "facts": {"names_signer": True, "in_force_from": "2018-03-01"}}
    assert caller.post("/v1/decisions/guardian-signs", json=asked).json()["result"] == "eligible"


def test_event_of_a_move_by_will_needs_the_applications(caller: Caller, village: Village) -> None:
    """I.2.2: the plain door for events moves nobody without their own application either."""
    person = village.people[1]
    row = {"person": person, "valid_from": "2018-03-01", **PLACE}
    event = {
        "kind": "settled-in-banner",
        "day": "2018-03-01",
        "officer": OFFICER,
        "people": [person],
        "registrations": [row],
    }
    got = caller.post("/v1/household-events", json=event, headers=BEARER)
    assert (got.status_code, got.json()["type"]) == (422, "urn:sanquan:problem:no-application")
    own = {"person": person, "paper": SIGNED, "signed_by": person}
    assert caller.post("/v1/household-events", json={**event, "applications": [own]}, headers=BEARER).status_code == 201


def test_residence_is_recorded_beside_the_registration(caller: Caller, village: Village) -> None:
    """II.2.3: where somebody lives is an event of its own; the registration answered is the one of before."""
    person = village.people[0]
    before = caller.answer(f"/v1/persons/{person}/registrations")["now"]
    home = {"person": person, "valid_from": "2018-03-01", "division_code": "150626100010", "address": "文苑社区2栋"}
    event = {
        "kind": "residence-recorded",
        "day": "2018-03-01",
        "officer": OFFICER,
        "people": [person],
        "residences": [home],
    }
    assert caller.post("/v1/household-events", json=event, headers=BEARER).status_code == 201
    assert caller.answer(f"/v1/persons/{person}/registrations")["now"] == before


def test_nationality_and_education_are_stated_with_a_move_and_never_answered(caller: Caller, village: Village) -> None:
    """Figure 2: with a filing, an event of any kind, or alone; answered is since when they are stated, and no code."""
    mother, daughter = village.people[1], village.people[2]
    sent = filing(village, 1, 2, record=True)
    sent["people"][0]["particulars"] = {"nationality": "02", "education": "71"}
    assert caller.post("/v1/settlements", json=sent, headers=BEARER).json()["recorded"]["repeated"] is False
    event = {
        "kind": "particulars-recorded",
        "day": "2019-09-01",
        "officer": OFFICER,
        "people": [mother, daughter],
        "particulars": {mother: {"education": "21"}, daughter: {"nationality": "02"}},
    }
    before = caller.answer("/v1/ledger")["state_root"]
    got = [caller.post("/v1/household-events", json=event, headers=BEARER) for _ in range(2)]
    assert [each.status_code for each in got] == [201, 200]
    assert caller.answer("/v1/ledger")["state_root"] == before
    told = [caller.answer(f"/v1/persons/{person}/registrations")["particulars"] for person in (mother, daughter)]
    assert told == [
        {"nationality_since": "2018-03-01", "education_since": "2019-09-01"},
        {"nationality_since": "2019-09-01", "education_since": None},
    ]


@pytest.mark.parametrize(
    "particulars",
    [{0: {"nationality": "57"}}, {0: {"education": "99"}}, {0: {"religion": "1"}}, {"new:0": {"nationality": "02"}}],
)
def test_particulars_that_can_not_be_are_a_problem_and_record_nothing(
    caller: Caller, store: Store, village: Village, particulars: dict[int | str, dict[str, str]]
) -> None:
    """A code of no list, a field that there is not, a newcomer whom the event does not bring: 422, and the log is no longer."""
    long = size(store)
    said = {village.people[who] if isinstance(who, int) else who: what for who, what in particulars.items()}
    event = {"kind": "particulars-recorded", "day": "2019-09-01", "officer": OFFICER, "particulars": said}
    got = caller.post("/v1/household-events", json=event, headers=BEARER)
    assert (got.status_code, got.json()["type"]) == (422, "urn:sanquan:problem:invalid-input")
    assert size(store) == long


def test_permit_is_answered_as_it_stands_on_the_day(caller: Caller, village: Village) -> None:
    """II.2.2: in force, suspended by itself when the year is over, endorsed late; as of a day, as known."""
    person = village.people[4]
    for day, kind, status in (("2018-03-01", "permit-issued", "issued"), ("2019-06-01", "permit-endorsed", "endorsed")):
        permit = {person: {"status": status, "division_code": "150626"}}
        event = {"kind": kind, "day": day, "officer": OFFICER, "people": [person], "permits": permit}
        assert caller.post("/v1/household-events", json=event, headers=BEARER).status_code == 201
    seen = {}
    for day in ("2018-02-28", "2018-03-01", "2019-03-01", "2019-03-02", "2019-06-01"):
        answer = models.Permit.model_validate(caller.answer(f"/v1/persons/{person}/permit", params={"valid_at": day}))
        seen[day] = (answer.state, answer.years_from)
    assert seen == {
        "2018-02-28": ("none", None),
        "2018-03-01": ("in force", "2018-03-01"),
        "2019-03-01": ("in force", "2018-03-01"),
        "2019-03-02": ("suspended", "2018-03-01"),
        "2019-06-01": ("in force", "2019-06-01"),
    }


def test_queue_is_kept_in_order_and_masked(caller: Caller, canaries: tuple[str, ...]) -> None:
    """I.2.1: taken in, listed in order, taken out once."""
    one = {"question": "settle-in-banner", "name": "达楞太", "paper": SIGNED}
    first = caller.post("/v1/settlement-applications", json=one, headers=BEARER)
    stock = {**one, "in_stock": "yes", "in_town_since": "2001-01-01"}
    second = caller.post("/v1/settlement-applications", json=stock, headers=BEARER)
    assert (first.status_code, second.status_code) == (201, 201)
    got = caller.get("/v1/settlement-applications", headers=BEARER)
    listed = models.WaitingApplications.model_validate(got.json()).applications
    assert [each.application for each in listed] == [second.json()["application"], first.json()["application"]]
    assert not [canary for canary in canaries if canary in got.text]
    assert caller.get("/v1/settlement-applications").status_code == 401
    gone = {"application": listed[0].application}
    assert caller.post("/v1/settlement-applications/done", json=gone, headers=BEARER).status_code == 200
    assert caller.post("/v1/settlement-applications/done", json=gone, headers=BEARER).status_code == 404
    assert (
        caller.post("/v1/settlement-applications", json={**one, "question": "land"}, headers=BEARER).status_code == 422
    )


def sent(path: Path) -> list[tuple[str, tuple[str, bytes, str]]]:
    """A table as a form."""
    return [("files", (path.name, path.read_bytes(), "application/octet-stream"))]


def test_table_of_the_police_network_comes_in_over_http(
    caller: Caller, store: Store, tmp_path: Path, canaries: tuple[str, ...]
) -> None:
    """A dry run by default, row by row; recorded with dry_run=false; the answer as xlsx; who fits nobody is listed."""
    path = written(tmp_path / "事件.xlsx", [*birth(), settles(0, "PN-7", 姓名="别人")])
    url, long = "/v1/household-events/imports?officer=%E7%8E%8B", size(store)
    got = caller.post(url, files=sent(path), headers=BEARER)
    assert got.status_code == 200, got.text
    answer = models.ImportedEvents.model_validate(got.json())
    assert (answer.dry_run, answer.counts) == (True, {"unmatched": 1, "would be recorded": 3})
    assert size(store) == long
    got = caller.post(f"{url}&dry_run=false", files=sent(path), headers=BEARER)
    assert got.json()["counts"] == {"recorded": 3, "unmatched": 1}
    assert not [canary for canary in canaries if canary in got.text]
    sheet = caller.post(f"{url}&form=xlsx", files=sent(path), headers=BEARER)
    assert sheet.content.startswith(b"PK")
    waits = models.UnmatchedRows.model_validate(caller.get("/v1/household-events/unmatched", headers=BEARER).json())
    assert [row.event for row in waits.rows] == ["PN-7"]
    put = models.MembershipQueries.model_validate(caller.answer("/v1/membership-queries"))
    assert [(query.answered, query.collective_name) for query in put.queries] == [(False, "呼和陶勒盖嘎查")]
    _collective_says_no(caller, put.queries[0])
    refused = caller.post(url, files=sent(written(tmp_path / "x.xlsx", [])), headers=BEARER)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:sanquan:problem:events-refused")
    assert caller.post(url, files=sent(path)).status_code == 401


def _collective_says_no(caller: Caller, query: models.MembershipQuery) -> None:
    """The collective's "no": kept once, shown with the way to object and without its reason; refused for what was not asked."""
    body = {
        "event": query.event, "person": query.person, "collective": query.collective, "said": "no", "dated": "2026-06-01",
        "paper": "e" * 64, "reason": "巴图不同意", "officer": {"name": "王警官"},
    }  # fmt: skip
    url, before = "/v1/membership-queries/answers", caller.answer("/v1/ledger")
    assert caller.post(url, json=body).status_code == 401
    got = [caller.post(url, json=body, headers=BEARER) for _ in range(2)]
    assert [each.status_code for each in got] == [201, 201], got[0].text
    assert models.AnswerKept.model_validate(got[0].json()) == models.AnswerKept.model_validate(got[1].json())
    told = caller.get("/v1/membership-queries")
    (shown,) = models.MembershipQueries.model_validate(told.json()).queries
    assert shown.answer is not None
    assert shown.answer.object is not None
    assert (shown.answered, shown.answer.said, shown.answer.object.rule) == (False, "no", "COL/57")
    assert "巴图" not in told.text
    assert caller.answer("/v1/ledger") == before
    for wrong, name in (({"event": query.event + 1}, "no-such-question"), ({"reason": ""}, "answer-ungrounded")):
        refused = caller.post(url, json={**body, **wrong}, headers=BEARER)
        assert (refused.status_code, refused.json()["type"]) == (422, f"urn:sanquan:problem:{name}"), refused.text


def test_why_a_collective_said_no_is_read_at_the_terminal_and_logged(
    command: Callable[..., Ended], store: Store, village: Village
) -> None:
    """Section 10, N: the list names the answer without its reason; the reason leaves one at a time, for a purpose."""
    child = Identity("那仁", made_up.id_number("20250510", 519), sex="1")
    born = record_birth(store, child, village.people[:2], made_up.town("new:0", "2025-05-10"), Desk("王警官"))
    question = (born.idx, born.newcomers[0], village.collective)
    kept = answer(store, question, "no", dated="2025-06-01", paper=SIGNED, reason="巴图不同意", desk=Desk("王警官"))
    listed = command("events", "asked", "--json")
    assert [query["answer"]["id"] for query in listed.json["queries"]] == [kept]
    assert "巴图" not in listed.out + command("events", "asked").out
    words = ("events", "collective-reason", kept, "--purpose", "调解")
    told = command(*words)
    assert told.code == 0
    assert "巴图不同意" in told.out
    assert "那仁" in told.out
    assert command(*words, "--json").json["person"]["id_number"] == child.id_number
    assert command("events", "collective-reason", "0" * 32, "--purpose", "调解").code == 2
    logged = command("sheet", "log", "--json").json
    assert [(row["what"], row["about"], row["purpose"]) for row in logged] == [("answer", kept, "调解")] * 2


def test_number_is_changed_and_two_rows_linked_by_decision(
    caller: Caller, village: Village, canaries: tuple[str, ...]
) -> None:
    """II.2.3: 409 without the police's decision; done with it; the old number still finds the person."""
    person = village.people[0]
    who = {"name": "达楞太", "id_number": made_up.id_number("19740313", 113), "sex": "1"}
    body = {"person": person, "identity": who, "day": "2018-03-01", "officer": OFFICER}
    refused = caller.post("/v1/identities", json=body, headers=BEARER)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:sanquan:problem:not-decided")
    got = caller.post("/v1/identities", json={**body, "police_decision": "d" * 64}, headers=BEARER)
    assert models.Changed.model_validate(got.json()).decision.result == "eligible"
    assert not [canary for canary in (*canaries, who["id_number"]) if canary in got.text + refused.text]
    for number in (made_up.id_number("19740312", 101), who["id_number"]):
        found = caller.post("/v1/persons/lookup", json={"id_number": number}).json()["persons"]
        assert [each["id"] for each in found] == [person]
    link = {"people": village.people[:2], "day": "2018-03-01", "officer": OFFICER, "police_decision": "d" * 64}
    assert caller.post("/v1/identities/links", json=link, headers=BEARER).status_code == 200


def test_decisions_filings_and_queue_at_a_terminal(
    command: Callable[..., Ended], village: Village, store: Store, canaries: tuple[str, ...]
) -> None:
    """The same documents as over HTTP; 0 when eligible, 1 otherwise, 2 when the document is none."""
    question = {"day": "2017-05-08"}
    ended = command(
        "decide",
        "settle-in-banner",
        "-",
        typed=json.dumps({**question, "facts": {"hukou": "banner", "dwelling": OWNED}}),
    )
    assert (ended.code, "符合" in ended.out, "不变" in ended.out) == (0, True, True)
    ended = command(
        "decide",
        "settle-in-banner",
        "-",
        "--json",
        typed=json.dumps({**question, "facts": {"hukou": "banner"}}),
    )
    assert (ended.code, ended.json["result"], len(ended.json["needs"]) > 0) == (1, "needs evidence", True)
    assert command("decide", "settle-in-banner", "-", typed='{"day": "x", "land": 1}').code == 2
    assert command("decide", "settle-in-banner", "-", typed=json.dumps({"day": "2016-09-13", "facts": {}})).code == 2
    ended = command("apply", "-", typed=json.dumps(filing(village, 0, 4, record=True)))
    assert (ended.code, "记下了" in ended.out) == (0, True)
    assert not [canary for canary in canaries if canary in ended.out]
    unsigned = filing(village, 1)
    unsigned["people"][0]["application"] = None
    ended = command("apply", "-", "--json", typed=json.dumps(unsigned))
    assert (ended.code, ended.json["people"][0]["state"], ended.json["recorded"]) == (1, "did not apply", None)
    ended = command("apply", "-", typed=json.dumps(unsigned))
    assert "什么都没有记" in ended.out
    one = {"question": "settle-in-banner", "name": "达楞太", "paper": SIGNED}
    assert command("queue", "add", "-", typed=json.dumps(one)).code == 0
    added = command("queue", "add", "-", "--json", typed=json.dumps(one)).json["application"]
    listed = command("queue", "list")
    assert (listed.code, "**太" in listed.out, "达楞太" in listed.out) == (0, True, False)
    assert len(command("queue", "list", "--json").json["applications"]) == 2
    assert command("queue", "done", "-", typed=json.dumps({"application": added})).code == 0
    assert command("queue", "done", "-", "--json", typed=json.dumps({"application": added})).code == 2
    ended = command("permit", "--person", village.people[0])
    assert (ended.code, "没有" in ended.out) == (0, True)
    permit = {village.people[0]: {"status": "issued", "division_code": "150626"}}
    event = {
        "kind": "permit-issued",
        "day": "2018-03-02",
        "officer": OFFICER,
        "people": [village.people[0]],
        "permits": permit,
    }
    assert command("settle", "-", typed=json.dumps(event)).code == 0
    ended = command("permit", "--person", village.people[0], "--valid-at", "2018-04-01")
    assert "有效" in ended.out
    assert command("permit", "--person", village.people[0], "--json").json["state"] == "suspended"


def test_numbers_at_a_terminal(command: Callable[..., Ended], village: Village) -> None:
    """Refused without the police's decision, done with it."""
    who = {"name": "达楞太", "id_number": made_up.id_number("19740313", 113), "sex": "1"}
    body = {"person": village.people[0], "identity": who, "day": "2018-03-01", "officer": OFFICER}
    ended = command("identity", "change", "-", typed=json.dumps(body))
    assert (ended.code, "认定" in ended.err) == (2, True)
    assert command("identity", "change", "-", typed=json.dumps({**body, "police_decision": "d" * 64})).code == 0
    link = {"people": village.people[:2], "day": "2018-03-01", "officer": OFFICER, "police_decision": "d" * 64}
    ended = command("identity", "link", "-", "--json", typed=json.dumps(link))
    assert (ended.code, ended.json["recorded"]["repeated"]) == (0, False)


def test_table_of_the_police_network_at_a_terminal(
    command: Callable[..., Ended], tmp_path: Path, canaries: tuple[str, ...]
) -> None:
    """0 every row in, 1 something to look at, 2 refused; the answers are written beside."""
    path, out = written(tmp_path / "事件.xlsx", birth()), tmp_path / "答复.xlsx"
    ended = command("events", "import", str(path), "--dry-run", "--out", str(out))
    assert (ended.code, "什么都没有记" in ended.out, out.read_bytes()[:2]) == (0, True, b"PK")
    assert command("events", "import", str(path), "--json").json["counts"] == {"recorded": 3}
    path = written(tmp_path / "别人.xlsx", [settles(0, "PN-7", 姓名="别人")])
    ended = command("events", "import", str(path))
    assert (ended.code, "unmatched" in ended.out) == (1, True)
    ended = command("events", "unmatched")
    assert (ended.code, "PN-7" in ended.out) == (0, True)
    assert not [canary for canary in canaries if canary in ended.out]
    assert len(command("events", "unmatched", "--json").json["rows"]) == 1
    ended = command("events", "asked")
    assert (ended.code, "还没答" in ended.out) == (0, True)
    assert len(command("events", "asked", "--json").json["queries"]) == 1
    assert command("events", "import", str(written(tmp_path / "x.xlsx", []))).code == 2


def test_land_lease_and_mortgage_change_no_answer_through_the_doors(caller: Caller, store: Store, village: Village) -> None:
    """I19, metamorphic: asked before and after a lease, a mortgage, a seizure and a dispute, each door answers the same."""

    def answers() -> list[Any]:
        told = [caller.post(f"/v1/decisions/{case.question}", json=asked(case)).json() for case in CASES.values()]
        return [*told, caller.post("/v1/settlements", json=filing(village, 0, 1, 2, 3, 4), headers=BEARER).json()]

    before = answers()
    burdened(store, village)
    assert answers() == before
