"""The log published at a terminal, by the service, and read by a stranger over HTTP."""

from __future__ import annotations

import time
from base64 import b64decode
from typing import TYPE_CHECKING

import pytest

from api.publishing import Schedule
from api.settings import ApiSettings
from api.v1 import models
from registry.ledger.publishing import keys, publish
from registry.ledger.publishing.appending import end_with_a_state
from registry.ledger.verify import tiles
from registry.ledger.verify.note import check, parse_policy
from registry.ledger.verify.replay import replay
from tests.api.conftest import TOKEN, Caller, caller_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Ended

ORIGIN = "log.example/sanquan"


def test_key_publish_policy_at_a_terminal(command: Callable[..., Ended], store: Store) -> None:
    """From no key to a signed checkpoint, a second key, the first one revoked; each refusal says what to do."""
    assert command("ledger", "publish").code == 2
    assert "sanquan key create" in command("ledger", "policy").err
    assert command("key", "create", ORIGIN).code == 0
    assert command("key", "create", ORIGIN).code == 2
    first = command("ledger", "publish", "--json").json
    assert first["new"] == first["size"]
    assert "0 new" in command("ledger", "publish").out
    (old,) = command("key", "list", "--json").json["keys"]
    assert command("key", "rotate").code == 0
    assert command("key", "revoke", old["vkey"].split("+")[1]).code == 0
    last = command("ledger", "publish", "--json").json
    policy = parse_policy(command("ledger", "policy").out)
    for note in (first["checkpoint"], last["checkpoint"]):
        check(note.encode(), policy)
    assert "revoked" in command("key", "list").out
    audited = command("audit", "--witness", str(store.settings.published / "checkpoint"))
    assert audited.code == 0, audited.out


def test_passphrase_of_a_file_or_typed(command: Callable[..., Ended], tmp_path: Path) -> None:
    """One line; an empty one is refused before anything is made."""
    word = tmp_path / "word"
    word.write_text("\n", encoding="utf-8")
    assert command("key", "create", ORIGIN, "--passphrase-file", str(word)).code == 2
    assert command("key", "list", "--json").json == {"keys": []}
    word.write_text("草原\n", encoding="utf-8")
    assert command("key", "create", ORIGIN, "--passphrase-file", str(word)).code == 0
    assert "passphrase" in command("ledger", "publish").err
    assert command("ledger", "publish", "--passphrase-file", "-", typed="草原\n").code == 0


def test_options_before_the_second_word_are_refused(command: Callable[..., Ended]) -> None:
    """They would be passed over: another registry would be published than was meant."""
    assert command("ledger", "--registry", "elsewhere", "publish").code == 2
    assert command("ledger", "--json").json["size"] > 1


def test_audit_names_what_the_witness_saw_and_the_log_has_not(command: Callable[..., Ended], tmp_path: Path) -> None:
    """A checkpoint of another history under the same name."""
    command("key", "create", ORIGIN)
    kept = tmp_path / "kept"
    done = command("ledger", "publish", "--json").json
    kept.write_text(done["checkpoint"].replace(f"\n{done['size']}\n", "\n5\n"), encoding="utf-8")
    ended = command("audit", "--witness", str(kept), "--json")
    assert ended.code == 1
    assert {finding["table"] for finding in ended.json["findings"]} == {"witness"}


def test_stranger_reads_and_checks_the_log_over_http(caller: Caller, store: Store) -> None:
    """Checkpoint, policy, tiles, bundles: with the content types and cache headers of c2sp.org/tlog-tiles."""
    assert caller.get("/ledger/checkpoint").json()["type"] == "urn:sanquan:problem:not-published"
    assert caller.answer("/v1/ledger/policy") | {"size": 0} == {"size": 0, "keys": [], "policy": "", "losses": []}
    keys.create(store, ORIGIN)
    size = publish(store).size
    got = caller.get("/ledger/checkpoint")
    assert got.headers["content-type"] == "text/plain; charset=utf-8"
    assert got.headers["cache-control"] == "public, max-age=5"
    told = models.LedgerPolicy.model_validate(caller.answer("/v1/ledger/policy"))
    checkpoint = check(got.content, parse_policy(told.policy)).checkpoint
    assert checkpoint.size == size == told.size

    def read(tile: tiles.Tile) -> bytes:
        answer = caller.get(f"/ledger/{tile.path}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "immutable" in answer.headers["cache-control"]
        return answer.content

    assert tiles.root_of(size, read) == checkpoint.root == b64decode(caller.answer("/v1/ledger")["root"])
    leaves = tiles.parse_bundle(read(next(tiles.tiles(size))), size)
    assert replay(leaves).ok
    earlier = caller.answer("/v1/ledger/policy", params={"known_at": 2})
    assert earlier["policy"] == ""


@pytest.mark.parametrize(
    "path", ["tile/0/001", "tile/0/000.p/0", "tile/../registry.toml", "tile/0/..%2f..%2fregistry.toml", "tile/x", "tile/"]
)
def test_nothing_but_files_of_the_log_is_handed_out(caller: Caller, store: Store, path: str) -> None:
    """One spelling a file, and no way out of the folder."""
    keys.create(store, ORIGIN)
    publish(store)
    assert caller.get(f"/ledger/{path}").status_code == 404


def test_service_publishes_at_once_and_again(store: Store, village: object) -> None:
    """Every few minutes, here every few hundredths of a second; the last publication ends before the service does."""
    keys.create(store, ORIGIN)
    caller = caller_of(ApiSettings(store.settings.folder, token=TOKEN, publishing=Schedule(0.02)))
    first = grown_past(caller, 0)
    keys.rotate(store)
    assert grown_past(caller, first) > first
    caller.close()


def grown_past(caller: Caller, size: int) -> int:
    """The size of the checkpoint, once it is larger; at most ten seconds are waited."""
    for _attempt in range(500):
        got = caller.get("/ledger/checkpoint")
        if got.status_code == 200 and int(got.text.split("\n")[1]) > size:
            return int(got.text.split("\n")[1])
        time.sleep(0.02)
    return size


def test_service_that_cannot_publish_goes_on(store: Store, village: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key yet, a refusal, a failure that nobody foresaw: it answers, and publishes when it can."""
    tried = 0

    def failing(*_: object) -> int:
        nonlocal tried
        tried += 1
        if tried == 1:
            raise OSError
        return end_with_a_state(store)

    monkeypatch.setattr("registry.ledger.publishing.publisher.end_with_a_state", failing)
    caller = caller_of(ApiSettings(store.settings.folder, token=TOKEN, publishing=Schedule(0.02)))
    time.sleep(0.1)
    assert caller.get("/ledger/checkpoint").status_code == 404
    keys.create(store, ORIGIN)
    for path in store.settings.signing.glob("*.key"):
        path.chmod(0o640)
    while tried < 2:
        time.sleep(0.02)
    assert caller.get("/v1/ledger").status_code == 200
    for path in store.settings.signing.glob("*.key"):
        path.chmod(0o600)
    assert grown_past(caller, 0)
    caller.close()


def test_writes_are_refused_over_http_where_the_database_is_behind(store: Store, village: object) -> None:
    """An older copy was restored: 503 with the missing range; what only reads is answered."""
    keys.create(store, ORIGIN)
    publish(store)
    head = store.settings.signing / "head"
    size = int(head.read_text(encoding="utf-8").split("\n")[1])
    head.write_text(head.read_text(encoding="utf-8").replace(f"\n{size}\n", f"\n{size + 2}\n"), encoding="utf-8")
    caller = caller_of(ApiSettings(store.settings.folder, token=TOKEN))
    sent = {"question": "settle-in-banner", "name": "达楞太", "paper": "d" * 64}
    got = caller.post("/v1/settlement-applications", json=sent, headers={"Authorization": f"Bearer {TOKEN}"})
    assert caller.get("/v1/ledger").status_code == 200
    caller.close()
    assert (got.status_code, got.json()["type"]) == (503, "urn:sanquan:problem:not-writable")
    assert str(size + 1) in got.json()["en"]
