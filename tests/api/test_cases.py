"""Do both doors of a case say the same, show nobody's name, and tell who comes second what happened?"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

from api.v1 import case_models as models
from registry import masks
from registry.cases import Actor
from registry.looks.reading import looks
from tests.api.test_cases_walked import HEADERS, ServiceWalker, actor_in
from tests.registry.cases.walking import SECOND, Example
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village


@pytest.fixture
def walker(store: Store, village: Village, caller: Caller, canaries: tuple[str, ...]) -> ServiceWalker:
    """Somebody who walks cases through the service."""
    return ServiceWalker(store, village, caller, canaries)


def test_kinds_are_told_alike_by_both_doors(caller: Caller, command: Callable[..., Ended]) -> None:
    """Every kind with its route; a wait that nobody confirmed says so."""
    told = caller.get("/v1/cases/kinds", headers=HEADERS).json()
    found = models.CaseKinds.model_validate(told)
    assert command("case", "kinds", "--json").json == told
    waits = [notice for kind in found.kinds for notice in kind.notices]
    assert waits
    assert {notice.confirmed for notice in waits} == {True, False}  # 实施细则 17 names first registrations; the rest is unconfirmed
    assert "变更承包方代表" in command("case", "kinds").out


def test_case_at_the_terminal_is_the_one_of_the_service(
    walker: ServiceWalker, command: Callable[..., Ended], tmp_path: Path, canaries: tuple[str, ...]
) -> None:
    """Opened, listed, shown and moved on by the command; the service answers the same."""
    example = walker.example("representative-changed")
    file = tmp_path / "case.json"
    file.write_text(json.dumps({"kind": "representative-changed", "subject": example.subject, "request": example.request}))
    me = ("case", "--role", "agriculture", "--account", "zhang", "--officer", "张晓梅")
    opened = command(*me, "open", str(file), "--json")
    case_id = opened.json["id"]
    assert command(*me, "step", case_id, "submitted", "--seen", "1", "--json").json["n"] == 2
    moved = command(*me, "step", case_id, "accepted", "--seen", "1")
    assert (moved.code, "请重新查看" in moved.err) == (2, True)
    answer = walker.post(f"/v1/cases/{case_id}/lookup", {"actor": actor_in(walker.first)}, 200)
    shown = command(*me, "show", case_id, "--json").json
    assert shown == answer
    text = command(*me, "show", case_id)
    assert "下一步" in text.out
    refused = command(*me, "step", case_id, "refused", "--seen", "2", "--said", "-", typed='{"reasons": "重复申请"}')
    assert refused.code == 0
    assert "重复申请" in command(*me, "show", case_id).out
    listed = command(*me, "list", "--thing", walker.village.holding, "--json").json["cases"]
    assert [each["id"] for each in listed] == [case_id]
    assert case_id in command(*me, "list").out
    printed = text.out + moved.err
    assert not [canary for canary in canaries if canary in printed]


def test_dossier_is_had_from_both_doors(
    walker: ServiceWalker, caller: Caller, command: Callable[..., Ended], tmp_path: Path, canaries: tuple[str, ...]
) -> None:
    """Over HTTP nobody is named while nobody signs in; at the terminal, on the register's own machine, a court's paper names."""
    case_id = walker.walk("representative-changed", walker.example("representative-changed"))
    asks = {"actor": actor_in(walker.first), "purpose": "法院调卷"}
    answer = caller.post(f"/v1/cases/{case_id}/dossier", json=asks, headers=HEADERS)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    over_http = text_of(answer.content)
    assert not [canary for canary in canaries if canary in over_http]
    out = tmp_path / "卷宗.pdf"
    me = ("case", "--role", "agriculture", "--account", "zhang", "--officer", "张晓梅")
    assert command(*me, "dossier", case_id, str(out), "--purpose", "法院调卷").code == 0
    assert "达楞太" in text_of(out.read_bytes())
    refused = command(*me, "dossier", case_id, str(out), "--purpose", "")
    assert (refused.code, "用途" in refused.err) == (2, True)


def text_of(pdf: bytes) -> str:
    """The words of all pages, spaces left out."""
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("open", "-"), '{"kind": "representative-changed", "who": "达楞太"}'),
        (("step", "0" * 32, "accepted", "--seen", "0"), ""),
        (("step", "0" * 32, "accepted", "--seen", "1", "--said", "-"), "{"),
    ],
)
def test_command_refuses_what_is_no_case_and_repeats_no_value(
    command: Callable[..., Ended], words: tuple[str, ...], typed: str
) -> None:
    """A malformed document, number or JSON ends with 2 and names the field."""
    ended = command("case", "--role", "agriculture", *words, typed=typed)
    assert ended.code == 2
    assert "不合规定" in ended.err
    assert "达楞太" not in ended.err


def test_command_asks_as_whom(command: Callable[..., Ended], village: Village) -> None:
    """Without a role nobody acts; where it is said, is told."""
    ended = command("case", "list", "--thing", village.holding)
    assert (ended.code, "--role" in ended.err) == (2, True)


def test_draft_is_its_authors(walker: ServiceWalker) -> None:
    """Nobody else sees a draft, lists it or moves it: to them there is no such case (hazards: never told apart)."""
    case_id = walker.open("representative-changed", walker.example("representative-changed"))
    other = {"actor": actor_in(SECOND)}
    nothing = walker.caller.post(f"/v1/cases/{'0' * 32}/lookup", json=other, headers=HEADERS)
    hidden = walker.caller.post(f"/v1/cases/{case_id}/lookup", json=other, headers=HEADERS)
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.content == nothing.content
    assert walker.post("/v1/cases/lookup", other, 200)["cases"] == []
    step = {"step": {"step": "submitted", "seen": 1}, **other}
    assert walker.caller.post(f"/v1/cases/{case_id}/steps", json=step, headers=HEADERS).content == nothing.content
    walker.step(case_id, "submitted")
    assert walker.post(f"/v1/cases/{case_id}/lookup", other, 200)["n"] == 2


def test_second_of_two_is_told_what_happened(walker: ServiceWalker) -> None:
    """Both saw step 2; one accepts, the other is told who took which step, when: 409, the name masked."""
    case_id = walker.walk("representative-changed", walker.example("representative-changed"), "submitted")
    body = {"step": {"step": "accepted", "seen": 2}, "actor": actor_in(SECOND)}
    walker.post(f"/v1/cases/{case_id}/steps", body)
    refused = {"step": {"step": "returned", "seen": 2, "said": {"reasons": "不齐"}}, "actor": actor_in(walker.first)}
    problem = walker.post(f"/v1/cases/{case_id}/steps", refused, 409)
    assert problem["type"] == "urn:sanquan:problem:moved-on"
    assert "农牧业局 **国" in problem["zh"]
    assert "受理" in problem["zh"]


@pytest.mark.parametrize(
    ("step", "actor", "status", "name"),
    [
        ({"step": "approved", "seen": 2, "said": {"opinion": "x"}}, SECOND, 409, "step-not-open"),
        ({"step": "accepted", "seen": 2}, Actor("x", "某", "镇", "township"), 403, "not-yours"),
        ({"step": "accepted", "seen": 2, "said": {"who": "x"}}, SECOND, 422, "invalid-input"),
        ({"step": "accepted", "seen": 2}, Actor("x", "某", "银行", "bank"), 404, "case-not-found"),
    ],
)
def test_refusal_of_a_step_is_a_problem_of_its_kind(
    walker: ServiceWalker, step: dict[str, Any], actor: Actor, status: int, name: str
) -> None:
    """Not now 409, not you 403, malformed 422; who may not see it finds nothing."""
    case_id = walker.walk("representative-changed", walker.example("representative-changed"), "submitted")
    problem = walker.post(f"/v1/cases/{case_id}/steps", {"step": step, "actor": actor_in(actor)}, status)
    assert problem["type"] == f"urn:sanquan:problem:{name}"


def test_request_names_nobody_in_an_answer(walker: ServiceWalker) -> None:
    """A newcomer's name and number are in the case, sealed; an answer shows stars in their place."""
    case_id = walker.open("omission-corrected", walker.example("omission-corrected"))
    answer = walker.post(f"/v1/cases/{case_id}/lookup", {"actor": actor_in(walker.first)}, 200)
    assert answer["request"] == {"name": "*", "id_number": "*", "sex": "2", "relation": "20", "day": "1998-01-01"}
    assert masks.anonymous({"heirs": [{"person": "0" * 32, "numerator": 1}], "达楞太": "x"}) == {
        "heirs": [{"person": "0" * 32, "numerator": 1}],
        "*": "x",
    }


def test_unknown_kind_is_refused(walker: ServiceWalker) -> None:
    """A kind that is not there is named with those that are."""
    body = {"case": {"kind": "taken-back"}, "actor": actor_in(walker.first)}
    assert "representative-changed" in walker.post("/v1/cases", body, 422)["zh"]


def test_act_that_the_register_refuses_is_told_in_its_own_words(walker: ServiceWalker) -> None:
    """A line that does not cut the parcel is the planning's own refusal: 409, and nothing was written."""
    beside = {"line": [["570000", "4263000"], ["570000", "4264000"]]}
    case_id = walker.open("parcel-split", Example([walker.village.parcels["arable"]], beside))
    body = {"step": {"step": "submitted", "seen": 1}, "actor": actor_in(walker.first)}
    assert walker.post(f"/v1/cases/{case_id}/steps", body, 409)["type"] == "urn:sanquan:problem:act-refused"
    assert walker.look(case_id)[0].n == 1


def test_exit_tells_its_state_by_both_doors(walker: ServiceWalker, command: Callable[..., Ended]) -> None:
    """Policy-map 9.2: the state and the signs of pressure, computed; a case of another kind has none."""
    example = walker.example("share-exited")
    example.request["payment"] = "100.00"
    case_id = walker.walk("share-exited", example, "posted")
    answer = walker.post(f"/v1/cases/{case_id}/lookup", {"actor": actor_in(walker.first)}, 200)
    told = models.CaseAnswer.model_validate(answer)
    assert told.exit is not None
    assert (told.exit.word, [sign.word for sign in told.exit.signs]) == ("notice", ["below-reference"])
    assert told.notice_until is not None
    # The command's clock is the machine's own: to it the signatures lie ahead, which changes no word of the state.
    me = ("case", "--role", "agriculture", "--account", "zhang", "--officer", "张晓梅")
    shown = command(*me, "show", case_id).out
    assert "退出: 公示中" in shown
    assert "价钱比参考价低很多" in shown
    other = walker.walk("leased", walker.example("leased"), "submitted")
    assert walker.post(f"/v1/cases/{other}/lookup", {"actor": actor_in(walker.first)}, 200)["exit"] is None


def test_office_that_reads_a_case_is_told_to_everybody_whom_it_touches(walker: ServiceWalker, store: Store) -> None:
    """Issue 7, item 9: with the kind and the case as the reason; taking a step shows the case too, and stands in it itself."""
    case_id = walker.walk("representative-changed", walker.example("representative-changed"), "submitted")
    before = {person: len(looks(store, [person])) for person in walker.village.people}
    walker.post(f"/v1/cases/{case_id}/lookup", {"actor": actor_in(walker.first)}, 200)
    for person in walker.village.people:
        look, *others = looks(store, [person])
        assert len(others) == before[person]
        assert (look.what, look.officer, look.bureau) == ("case", walker.first.name, walker.first.bureau)
        assert look.purpose == f"变更承包方代表 {case_id}"


def test_office_that_reads_the_extension_of_a_village_is_one_row(walker: ServiceWalker, store: Store) -> None:
    """延包: everybody of the village finds it by the village, not by a row each."""
    case_id = walker.walk("extension", walker.example("extension"), "submitted")
    before = len(looks(store, [], [VILLAGE_CODE]))
    walker.post(f"/v1/cases/{case_id}/lookup", {"actor": actor_in(walker.first)}, 200)
    for person in walker.village.people:
        assert looks(store, [person]) == []
        look, *others = looks(store, [person], [VILLAGE_CODE])
        assert len(others) == before
        assert (look.what, look.place) == ("case", VILLAGE_CODE)
