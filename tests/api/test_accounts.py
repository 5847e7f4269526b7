"""Accounts, sessions and cards over HTTP, at the terminal and on the page: who opens, grants, confirms, ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import structlog

from registry.accounts import cards, keys, proofs
from tests.api.access_people import NUMBER, PIN, bearer, csrf, founders_by, service, session_of
from tests.registry import made_up
from tests.registry.accounts.people import PASSWORD, founders, granted, member

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

__all__ = ["service"]


def test_accounts_are_kept_over_http_by_two_administrators(service: Caller, store: Store, village: Village) -> None:
    """Open, propose, confirm, list, lock, reset, bind, seal: what one proposes another confirms."""
    one, two = (bearer(session_of(store, each.id)) for each in founders(store))
    service.app.state.access.look_now()

    def post(path: str, who: dict[str, str], **sent: Any) -> Any:  # noqa: ANN401  (JSON)
        got = service.post(f"/v1/accounts{path}", json=sent, headers=who)
        assert got.status_code == 200, got.text
        return got.json()

    made = post("", one, login="clerk", password=PASSWORD, name="张晓梅", bureau="农牧业局")
    account = made["account"]
    wanted = {"account": account, "role": "agriculture", "valid_from": "2016-01-01", "reason": "任命文件"}
    grant = post("/grants", one, **wanted)["id"]
    refused = service.post(f"/v1/accounts/grants/{grant}/confirm", headers=one)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:sanquan:problem:second-person")
    post(f"/grants/{grant}/confirm", two)
    assert [each["stands"] for each in service.answer("/v1/accounts/grants", headers=one)["grants"]] == [True] * 3
    post(f"/grants/{grant}/end", one, reason="调离")
    for reset in ({"what": "password", "password": "another horse 电池"}, {"what": "totp"}):
        post(f"/secrets/{post(f'/{account}/resets', one, **reset)['secret']}/confirm", two)
    post(f"/{account}/subjects", one, issuer="https://sso.example.cn", subject="1")
    post(f"/{account}/sealed-codes", one)
    key = post("/keys", one, name="desk-key", bureau="产权交易中心", only=["contract-right:yes-no"], days=10)
    listed = service.answer("/v1/accounts", headers=two)
    assert {each["what"] for each in listed["waiting"]} == {"subject", "break-glass", "key"}
    assert key["account"] in {each["id"] for each in listed["accounts"]}
    post(f"/{account}/steps", one, step="locked", reason="离岗")
    post(f"/{account}/steps", one, step="unlocked", reason="回岗")
    post(f"/{account}/steps", one, step="sessions-ended", reason="丢了手机")
    shown = str(service.answer("/v1/accounts", headers=one))
    assert not [secret for secret in (made["totp"], key["shown"], PASSWORD) if secret in shown]


def test_relative_is_named_at_the_counter_and_removed_by_one_call(service: Caller, store: Store, village: Village) -> None:
    """亲情代办: two officers of the counter name her, she sees, and one call of the person ends it."""
    both = founders(store)
    desks = [granted_desk(store, both, f"desk-{number}") for number in (1, 2)]
    person = session_of(store, cards.issue(store, founders_by(), NUMBER, PIN).account_id)
    daughter_number = made_up.id_number(*made_up.PEOPLE[2][1:])
    daughter = session_of(store, cards.issue(store, founders_by(), daughter_number, PIN).account_id)
    service.app.state.access.look_now()
    path = f"/v1/persons/{village.people[0]}/rights"
    sent = {"person": village.people[0], "id_number": daughter_number, "reason": "本人到场"}
    assert service.get(path, headers=bearer(daughter)).status_code == 404
    grant = service.post("/v1/accounts/relatives", json=sent, headers=bearer(desks[0])).json()["id"]
    assert service.post(f"/v1/accounts/relatives/{grant}/confirm", headers=bearer(desks[0])).status_code == 409
    assert service.post(f"/v1/accounts/relatives/{grant}/confirm", headers=bearer(desks[1])).status_code == 200
    assert service.get(path, headers=bearer(daughter)).status_code == 200
    mine = service.answer("/v1/accounts/relatives", headers=bearer(person))["relatives"]
    assert [(each["grant"], each["confirmed"]) for each in mine] == [(grant, True)]
    other = cards.issue(store, founders_by(), made_up.id_number(*made_up.PEOPLE[1][1:]), PIN)
    stranger = bearer(session_of(store, other.account_id))
    assert service.post(f"/v1/accounts/relatives/{grant}/end", headers=stranger).status_code == 404
    assert service.post(f"/v1/accounts/relatives/{grant}/end", headers=bearer(person)).status_code == 200
    assert service.get(path, headers=bearer(daughter)).status_code == 404


def granted_desk(store: Store, both: tuple[Any, Any], login: str) -> str:
    """The session of an officer at the counter."""
    who = member(store, login)
    granted(store, both, who.id, "agriculture")
    return session_of(store, who.id)


def test_page_signs_in_and_out_without_script(service: Caller, store: Store) -> None:
    """/sign-in: two forms, nothing from outside; refusals say the same; signed in, roles and a button that ends it."""
    who = member(store, "clerk")
    service.app.state.access.look_now()
    page = service.get("/sign-in")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "http" not in page.text.replace("http-equiv", "")
    assert page.text.index("我有一张纸卡") < page.text.index("我是工作人员")
    refused = service.post("/sign-in", data={"login": "clerk", "password": "x", "code": "1"})
    assert refused.status_code == 401
    assert "登录不成" in refused.text
    assert service.post("/sign-in/card", data={"id_number": NUMBER, "code": "x", "pin": "1"}).status_code == 401
    good = service.post("/sign-in", data={"login": "clerk", "password": PASSWORD, "code": who.code(store)})
    assert (good.status_code, good.headers["location"]) == (303, "/sign-in")
    inside = service.get("/sign-in").text
    word = inside.partition('name="csrf" value="')[2].partition('"')[0]
    assert service.post("/sign-out", data={"csrf": "x"}).status_code == 403
    assert service.post("/sign-out", data={"csrf": word}).status_code == 303
    assert "我有一张纸卡" in service.get("/sign-in").text


def test_own_password_is_changed_with_the_old_one_and_ends_every_session(service: Caller, store: Store) -> None:
    """A new password counts at once where its holder made it; the old one opens nothing any more."""
    who = member(store, "clerk")
    service.app.state.access.look_now()
    token = session_of(store, who.id)

    def change(old: str, new: str) -> int:
        sent = {"old": old, "new": new}
        return service.post("/v1/session/password", json=sent, headers=bearer(token)).status_code

    assert change("wrong horse", "my own horse 电池") == 401
    assert change(PASSWORD, "short") == 422
    assert change(PASSWORD, "my own horse 电池") == 200
    assert change("my own horse 电池", "another horse 电池") == 401
    old, new = (
        service.post("/v1/session", json={"login": "clerk", "password": each, "code": who.code(store)}).status_code
        for each in (PASSWORD, "my own horse 电池")
    )
    assert (old, new) == (401, 200)


def test_sealed_code_signs_in_once_over_http_and_stands_in_the_log(service: Caller, store: Store) -> None:
    """Break-glass is loud: one line in capitals, without the code."""
    one, two = founders(store)
    who = member(store, "duty")
    made = keys.seal_code(store, one.by, who.id)
    service.app.state.access.look_now()
    confirmed = service.post(f"/v1/accounts/secrets/{made.secret_id}/confirm", headers=bearer(session_of(store, two.id)))
    assert confirmed.status_code == 200
    sent = {"login": "duty", "code": made.shown}
    with structlog.testing.capture_logs() as lines:
        first, second = (service.post("/v1/session/sealed-code", json=sent).status_code for _ in range(2))
    assert (first, second) == (200, 401)
    loud = [line for line in lines if line["log_level"] == "critical"]
    assert [line["event"] for line in loud] == ["SEALED CODE USED"]
    assert made.shown not in str(lines)


def test_whoever_did_not_sign_in_has_nothing_of_their_own(service: Caller, store: Store) -> None:
    """Own relatives, sign-out, password: for an account with a session; the list of relatives is a person's."""
    one, _ = founders(store)
    service.app.state.access.look_now()
    for path in ("/v1/session/end", "/v1/session/end-everywhere"):
        assert service.post(path).status_code == 401
    assert service.get("/v1/accounts/relatives").status_code == 401
    staff = bearer(session_of(store, one.id))
    assert service.get("/v1/accounts/relatives", headers=staff).status_code == 404
    assert service.post(f"/v1/accounts/relatives/{'0' * 32}/end", headers=staff).status_code == 404
    assert service.get("/v1/session", headers={"Cookie": f"sanquan_session=x; {csrf('x')}"}).json()["kind"] == "anybody"


def test_accounts_are_kept_at_the_terminal(
    command: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    """The console makes two administrators and no third; then whoever stands there signs in, and another confirms."""
    steps = iter(range(10_000))
    monkeypatch.setattr(proofs, "totp_step", lambda _secret, code, _now: next(steps) if code == "123456" else None)
    me = f"{PASSWORD}\n123456\n"

    def made(ended: Ended) -> str:
        assert ended.code == 0, ended.err
        return next(word for word in ended.out.split() if len(word) == 32 and set(word) <= set("0123456789abcdef"))

    both = ("--officer", "张三", "--second", "李四")
    made(command("account", "first", "wang", "--name", "王一", *both, typed=f"{PASSWORD}\n"))
    alone = command("account", "first", "bao", "--name", "包二", "--officer", "张三", "--second", "张三", typed=f"{PASSWORD}\n")
    assert alone.code == 2
    made(command("account", "first", "bao", "--name", "包二", *both, typed=f"{PASSWORD}\n"))
    assert command("account", "first", "third", "--name", "丙", *both, typed=f"{PASSWORD}\n").code == 2

    def run(*words: str, as_: str = "wang", typed: str = "") -> Ended:
        return command("account", *words, "--as", as_, typed=me + typed)

    clerk = made(run("open", "clerk", "--name", "张晓梅", "--bureau", "农牧业局", typed=f"{PASSWORD}\n"))
    grant = made(run("propose", clerk, "agriculture", "--reason", "任命文件"))
    assert run("confirm", grant).code == 2
    assert run("confirm", grant, as_="bao").code == 0
    assert run("open", "x", "--name", "x", "--bureau", "x", as_="clerk", typed=f"{PASSWORD}\n").code == 2
    card = run("card", as_="clerk", typed=f"{NUMBER}\n{PIN}\n")
    assert card.code == 0
    assert card.out.count("-") >= 20
    key = run("key", "exchange-desk", "--bureau", "产权交易中心", "--only", "contract-right:yes-no")
    assert run("confirm", made_secret(key), as_="bao").code == 0
    assert run("bind", clerk, "https://sso.example.cn", "7").code == 0
    assert run("seal", clerk).code == 0
    for step in ("locked", "unlocked", "sessions-ended"):
        assert run("step", clerk, step, "--reason", "试").code == 0
    assert run("step", clerk, "painted", "--reason", "试").code == 2
    assert run("end", grant, "--reason", "调离").code == 0
    listed = command("account", "list", "--json").json
    assert [each["login"] for each in listed["accounts"] if each["kind"] == "staff"] == ["wang", "bao", "clerk"]
    assert [each["stands"] for each in listed["grants"]] == [True, True, False]
    assert {each["what"] for each in listed["waiting"]} == {"subject", "break-glass"}
    shown = command("account", "list")
    assert "终止了" in shown.out
    assert not [secret for secret in (PASSWORD, PIN, NUMBER) if secret in shown.out + str(listed) + key.out]


def made_secret(ended: Ended) -> str:
    """The id that another confirms."""
    return ended.out.partition("account confirm ")[2][:32]
