"""Do services, payment lists, rosters and answers to bureaus leave through both doors, masked, and what is logged is logged?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from api.v1 import models_of_figures as models
from registry import bureaus
from registry.bureaus import BUREAUS, BureauFileError, read_bureaus
from registry.law.book import RuleNotInForceError
from registry.papers import papers
from tests.api.conftest import TOKEN
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

BEARER = {"Authorization": f"Bearer {TOKEN}"}


def leaked(told: Any, canaries: tuple[str, ...]) -> list[str]:  # noqa: ANN401  (JSON)
    """Which personal values are in an answer."""
    return [canary for canary in canaries if canary in str(told)]


def test_services_and_what_is_still_theirs_stand_side_by_side(
    caller: Caller, command: Callable[..., Ended], village: Village, canaries: tuple[str, ...]
) -> None:
    """Issue 5 item 4: each service with bureau, rule and first day; each retained right still yours; before the move none."""
    head = village.people[0]
    told = caller.answer(f"/v1/persons/{head}/entitlements?valid_at=2020-01-01")
    found = models.Entitlements.model_validate(told)
    assert (found.status.kind, found.status.since, found.status.months) == ("settled", "2017-05-08", 31)
    assert {one.bureau for one in found.services} >= {"教育局", "人力资源和社会保障局", "民政局", "住房和城乡建设局"}
    assert {one.thing for one in found.still_yours} >= {"contract-grass", "homestead", "income", "membership", "benefit", "duty"}
    assert {one.verdict for one in found.still_yours} == {"unchanged"}
    assert leaked(told, canaries) == []
    assert command("entitlements", "--person", head, "--valid-at", "2020-01-01", "--json").json == told
    assert "还是您的" in command("entitlements", "--person", head).out
    before = caller.answer(f"/v1/persons/{head}/entitlements?valid_at=2017-01-01")
    assert before["services"] == []
    assert {one["text"]["zh"] for one in before["still_yours"]} == {"还是您的, 没有变"}
    assert caller.get(f"/v1/persons/{'0' * 32}/entitlements").status_code == 404


def test_policies_and_the_payment_list_are_masked(
    caller: Caller, command: Callable[..., Ended], canaries: tuple[str, ...], tmp_path: Path
) -> None:
    """Both doors say the same; names only on a paper that says for what, on the register's own machine."""
    policies = caller.answer("/v1/benefits/policies")
    assert models.Policies.model_validate(policies).policies
    assert command("payments", "policies", "--json").json == policies
    assert "未确认" in command("payments", "policies").out
    told = caller.answer("/v1/benefits/payments?year=2017")
    (line,) = models.Payments.model_validate(told).payments
    assert (line.code, line.quantity, line.since_year) == (f"{VILLAGE_CODE}0001", "3842.17", "2016")
    assert leaked(told, canaries) == []
    assert command("payments", "list", "2017", "--json").json == told
    assert "合计" in command("payments", "list", "2017").out
    assert caller.get("/v1/benefits/payments?year=17").status_code == 422
    out = tmp_path / "名单.csv"
    assert command("payments", "list", "2017", "--out", str(out)).code == 2
    assert not out.exists()
    assert command("payments", "list", "2017", "--out", str(out), "--purpose", "一卡通发放").code == 0
    assert "达楞太" in out.read_text("utf-8-sig")


def test_the_roster_says_who_may_vote_and_how_many_must_come(
    caller: Caller, command: Callable[..., Ended], village: Village, canaries: tuple[str, ...], tmp_path: Path
) -> None:
    """The settled family is on it; a list of attendance is counted; names leave on a logged paper only."""
    told = caller.answer(f"/v1/rosters?collective={VILLAGE_CODE}&valid_at=2026-01-01")
    found = models.Roster.model_validate(told)
    assert (len(found.members), found.capable, found.quorum.attend, found.quorum.agree) == (5, 4, 3, 3)
    assert leaked(told, canaries) == []
    assert command("roster", "list", VILLAGE_CODE, "--valid-at", "2026-01-01", "--json").json == told
    assert "到会至少 3" in command("roster", "list", VILLAGE_CODE, "--valid-at", "2026-01-01").out
    assert caller.get(f"/v1/rosters?collective={'9' * 14}").status_code == 404
    assert caller.get("/v1/rosters?collective=x").status_code == 422
    came = tmp_path / "到会.csv"
    head, wife, son, _, _ = village.people
    came.write_text(f"成员编号,方式,受托人\n{head},本人,\n{wife},网上,\n{son},委托,{head}\n", "utf-8-sig")
    asked = ("roster", "count", VILLAGE_CODE, str(came), "--valid-at", "2026-01-01")
    assert command(*asked, "--json").json["quorate"] is True
    assert "quorate" in command(*asked).out
    sent = {"params": {"collective": VILLAGE_CODE, "valid_at": "2026-01-01"}, "headers": BEARER}
    files = [("files", ("到会.csv", came.read_bytes()))]
    assert caller.post("/v1/rosters/attendance", files=files, params=sent["params"]).status_code == 401
    for encoding in ("utf-8-sig", "gbk"):
        files = [("files", ("到会.csv", came.read_text("utf-8-sig").encode(encoding)))]
        counted = caller.post("/v1/rosters/attendance", files=files, **sent)
        assert models.Attendance.model_validate(counted.json()).quorate
        assert counted.json() == command(*asked, "--json").json
    for wrong in (b"\xff\xff", "成员编号,方式\nx,本人\n".encode(), b"a,b\n", b'\xe6\x88\x90"\0'):
        refused = caller.post("/v1/rosters/attendance", files=[("files", ("到会.csv", wrong))], **sent)
        assert (refused.status_code, refused.json()["type"]) == (422, "urn:sanquan:problem:list-refused")
    came.write_text(f"成员编号,方式,受托人\n{head},本人,\n", "gbk")
    assert command(*asked).code == 1
    came.write_text(f"成员编号,方式,受托人\n{head},飞,\n", "utf-8")
    assert command(*asked).code == 2
    out = tmp_path / "签到.csv"
    assert command("roster", "list", VILLAGE_CODE, "--out", str(out)).code == 2
    assert command("roster", "list", VILLAGE_CODE, "--out", str(out), "--purpose", "成员大会").code == 0
    assert "达楞太" in out.read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("bureau", "answers"),
    [
        ("education", {"settled": (True, "2017-05-08"), "permit": (False, None), "minor": (False, None)}),
        ("human-resources", {"settled": (True, "2017-05-08"), "permit": (False, None)}),
        ("agriculture", {"settled": (True, "2017-05-08")}),
    ],
)
def test_a_bureau_is_told_yes_or_no_and_since_when(
    caller: Caller,
    command: Callable[..., Ended],
    village: Village,
    canaries: tuple[str, ...],
    bureau: str,
    answers: dict[str, tuple[bool, str | None]],
) -> None:
    """Policy-map section 7: what its row owes it and nothing else; never parcel data, never a name."""
    asked = {"person": village.people[0], "purpose": "核对资格", "officer": "经办人乙", "valid_at": "2020-01-01"}
    got = caller.post(f"/v1/bureaus/{bureau}/answers", json=asked, headers=BEARER)
    assert got.status_code == 200, got.text
    found = models.BureauAnswer.model_validate(got.json())
    assert {one.question: (one.answer, one.since) for one in found.answers} == answers
    assert leaked(got.text, canaries) == []
    assert not [word for word in ("parcel", "area", "mu", "right") if f'"{word}' in got.text]
    words = ("answer", bureau, "--person", village.people[0], "--purpose", "核对", "--valid-at", "2020-01-01")
    assert {one["question"]: (one["answer"], one["since"]) for one in command(*words, "--json").json["answers"]} == answers
    assert "已记入登记库" in command(*words).out


def test_each_answer_to_a_bureau_is_logged_with_its_purpose(caller: Caller, store: Store, village: Village) -> None:
    """Section 10, N: one person at a time, purpose stated, logged; without a purpose, token or such a bureau nothing is told."""
    asked = {"person": village.people[3], "purpose": "入学", "officer": "经办人乙", "valid_at": "2020-01-01"}
    told = caller.post("/v1/bureaus/education/answers", json=asked, headers=BEARER).json()
    assert {one["question"]: one["answer"] for one in told["answers"]}["minor"] is True
    with store.reading() as connection:
        (paper,) = papers(store, connection, "education")
    assert (paper.id, paper.what, paper.detail["purpose"], paper.detail["person"], paper.detail["officer"]) == (
        told["logged"], "answer", "入学", village.people[3], "经办人乙",
    )  # fmt: skip
    for path, change, status, name in (
        ("education", {"purpose": "  "}, 422, "invalid-input"),
        ("education", {"person": "0" * 32}, 404, "person-not-found"),
        ("education", {"person": "达楞太"}, 422, "invalid-input"),
        ("finance", {}, 422, "aggregates-only"),
        ("ministry", {}, 404, "no-such-bureau"),
    ):
        got = caller.post(f"/v1/bureaus/{path}/answers", json=asked | change, headers=BEARER)
        assert (got.status_code, got.json()["type"]) == (status, f"urn:sanquan:problem:{name}")
    assert caller.post("/v1/bureaus/education/answers", json=asked).status_code == 401
    with store.reading() as connection:
        assert len(papers(store, connection, "education")) == 1


@pytest.mark.rule(
    *("WS-2016/III.2.2", "WS-2016/III.2.3", "WS-2016/III.2.4", "WS-2016/III.2.5", "WS-2016/III.2.6", "WS-2016/III.2.7"),
    *("WS-2016/III.2.8", "WS-2016/III.2.9", "WS-2016/III.2.10", "WS-2016/III.2.11", "WS-2016/III.2.12"),
)
def test_the_bureaus_are_those_of_the_plan() -> None:
    """III.2: each bureau of the file is the one that its clause names on a day of the plan; none is named before it."""
    named = bureaus.named_by_plan(dt.date(2016, 9, 14))
    assert set(named) == set(bureaus.bureaus())
    for name, words in named.items():
        assert any(set(word) - {"局"} <= set(bureaus.bureaus()[name].zh) for word in words), (name, words)
    with pytest.raises(RuleNotInForceError):
        bureaus.named_by_plan(dt.date(2016, 9, 13))


def test_each_bureau_has_its_rule_and_asks_known_questions_only(tmp_path: Path) -> None:
    """Section 7: every row stands on its clause of part III; an unknown question, rule or a second row does not load."""
    assert all(one.rule.startswith("WS-2016/III.2.") for one in bureaus.bureaus().values())
    good = BUREAUS.read_text("utf-8")
    path = tmp_path / "bureaus.toml"
    slips = (
        ('["settled", "permit", "minor"]', '["parcels"]'),
        ("WS-2016/III.2.4", "WS-2016/IX"),
        ('"education"', '"housing"'),
    )
    for old, new in slips:
        path.write_text(good.replace(old, new, 1), "utf-8")
        with pytest.raises(BureauFileError):
            read_bureaus(path)
