"""Public notices through both doors and on a plain page; the outbox told without addresses and texts."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from api.v1 import evidence_models as models
from registry.china import today
from registry.notices import outbox
from registry.notices.texts import Words
from tests.api.conftest import TOKEN
from tests.registry.evidence import hostile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended

BEARER = {"Authorization": f"Bearer {TOKEN}"}
OFFICER = {"name": "经办人甲", "bureau": "农牧业局"}
NUMBER = "150699197403186954"


def notice(begins: str, body: str = "第 3 组草场 12 块。\n图和表在公示栏 <b>。") -> dict[str, object]:
    """A notice that may be put up."""
    return {
        "kind": "first-notice", "village": "150626100210", "title": "首次登记公示", "body": body, "begins": begins,
        "officer": OFFICER,
    }  # fmt: skip


def test_notice_is_put_up_photographed_read_and_taken_down(caller: Caller, store: Store) -> None:
    """From the counter to the page that everybody reads, and off it; the photograph itself is not public."""
    now = today(store)
    up = caller.post("/v1/notices", json=notice(now), headers=BEARER)
    assert up.status_code == 201, up.text
    one = models.PublicNotice.model_validate(up.json())
    assert (one.begins, one.hangs, one.rule) == (now, True, "REG/first-notice")
    photo = caller.post(
        f"/v1/notices/{one.id}/photos", files={"file": ("x.jpg", hostile.photograph())}, headers=BEARER,
        data={"place": "嘎查公示栏", "taken": now, "officer": "经办人甲", "bureau": "农牧业局"},
    )  # fmt: skip
    assert photo.status_code == 201, photo.text
    kept = models.NoticePhotographed.model_validate(photo.json())
    listed = models.PublicNotices.model_validate(caller.answer("/v1/notices"))
    assert [each.id for each in listed.notices] == [one.id]
    assert listed.notices[0].photos[0].content_hash == kept.content_hash
    page = caller.get("/notices")
    assert page.status_code == 200
    left = (dt.date.fromisoformat(one.ends) - dt.date.fromisoformat(now)).days
    said = (
        *("呼和陶勒盖嘎查", f"还有 {left} 天", "首次登记公示"),
        *("第 3 组草场 12 块。", "&lt;b&gt;", "嘎查公示栏", one.id, kept.content_hash[:16]),
    )
    assert [words for words in said if words not in page.text] == []
    assert "经办人甲" not in page.text
    down = caller.post(f"/v1/notices/{one.id}/taking-down", json={"reason": "表上有错", "officer": OFFICER}, headers=BEARER)
    assert models.PublicNotice.model_validate(down.json()).hangs is False
    assert caller.answer("/v1/notices")["notices"] == []
    assert "首次登记公示" not in caller.get("/notices").text
    assert [each["id"] for each in caller.answer("/v1/notices?over=true")["notices"]] == [one.id]
    assert caller.answer(f"/v1/notices/{one.id}")["taken_down"]
    again = caller.post(f"/v1/notices/{one.id}/taking-down", json={"reason": "x", "officer": OFFICER}, headers=BEARER)
    assert again.status_code == 409


def test_notice_with_a_number_of_a_person_is_refused_and_not_repeated(caller: Caller) -> None:
    """422, and the number stands in no answer."""
    got = caller.post("/v1/notices", json=notice("2026-11-02", f"某人 {NUMBER}"), headers=BEARER)
    assert got.status_code == 422
    assert got.json()["type"] == "urn:sanquan:problem:unfit-words"
    assert NUMBER not in got.text
    assert caller.post("/v1/notices", json=notice("1950-01-01"), headers=BEARER).status_code == 404


@pytest.mark.parametrize("path", ["", f"/{'0' * 32}/photos", f"/{'0' * 32}/taking-down"])
def test_nobody_puts_a_notice_up_without_the_token(caller: Caller, path: str) -> None:
    """The board is for everybody to read, not to write."""
    assert caller.post(f"/v1/notices{path}", json={}).status_code == 401
    assert caller.get("/v1/outbox").status_code == 401
    assert caller.get("/v1/notices").status_code == 200


def test_unknown_notice_is_told_as_such(caller: Caller) -> None:
    """404 for one that is not there, 422 for what is no id."""
    assert caller.get(f"/v1/notices/{'0' * 32}").status_code == 404
    assert caller.get("/v1/notices/x").status_code == 422
    got = caller.post(
        f"/v1/notices/{'0' * 32}/photos", files={"file": ("x", hostile.photograph())}, headers=BEARER,
        data={"place": "墙", "taken": "2026-11-20", "officer": "甲", "bureau": "局"},
    )  # fmt: skip
    assert got.status_code == 404


def test_outbox_is_told_without_address_and_text(caller: Caller, store: Store) -> None:
    """Who waits for what stays sealed."""
    outbox.tell(store, "a" * 32, "sms", "13800138000", "step", Words("A-17", "柜台", "12345"))
    got = caller.get("/v1/outbox", headers=BEARER)
    (one,) = models.Outbox.model_validate(got.json()).messages
    assert (one.channel, one.state, one.tries) == ("sms", "waiting", 0)
    assert "13800138000" not in got.text
    assert "A-17" not in got.text


def test_notice_and_outbox_at_a_terminal(command: Callable[..., Ended], store: Store, tmp_path: Path) -> None:
    """`sanquan notice post|photo|list|down|outbox|send`, as a clerk types it."""
    now = today(store)
    body, photo = tmp_path / "body.txt", tmp_path / "wall.jpg"
    body.write_text("第 3 组草场 12 块。", "utf-8")
    photo.write_bytes(hostile.photograph())
    given = ("--kind", "exit-notice", "--village", "150626100210", "--title", "退出公示", "--body", str(body), "--begins", now)
    one = models.PublicNotice.model_validate(command("notice", "post", *given, "--json").json)
    assert one.rule == "EXIT/E9"
    assert one.ends > (dt.date.fromisoformat(now) + dt.timedelta(1)).isoformat()
    said = command("notice", "photo", one.id, str(photo), "--place", "公示栏", "--taken", now)
    assert (said.code, "2026-11-20T09:12:00+08:00" in said.out) == (0, True)
    assert "公示栏" in command("notice", "list").out
    assert command("notice", "down", one.id, "--reason", "重新公示").code == 0
    assert command("notice", "list", "--json").json["notices"] == []
    assert "撤下" in command("notice", "list", "--all").out
    assert command("notice", "down", one.id, "--reason", "重新公示").code == 2
    outbox.tell(store, "a" * 32, "sms", "13800138000", "step", Words("A-17", "柜台", "12345"))
    outbox.tell(store, "a" * 32, "log", "", "step", Words("A-18", "柜台", "12345"))
    assert command("notice", "send", "--json").json == {"delivered": 1, "failed": 0, "no_channel": 1}
    sent = command("notice", "send", "--sms", str(tmp_path / "sms"), "--smtp", "127.0.0.1:25")
    assert sent.code == 0, sent.err
    (path,) = (tmp_path / "sms").iterdir()
    assert json.loads(path.read_bytes())["to"] == "13800138000"
    assert "delivered" in command("notice", "outbox").out
    assert {one["state"] for one in command("notice", "outbox", "--json").json["messages"]} == {"delivered"}
    assert command("notice", "send", "--smtp", "nowhere").code == 2
