"""Does the whole way to a cosignature run at the terminal and over /v1, with the bureau's own program on the other side?"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
import structlog

from api.publishing import Publisher, Schedule
from api.v1 import models
from registry import witnessing
from registry.ledger import publishing
from registry.ledger.publishing import policy_text
from registry.witness import keys
from registry.witness import settings as witness_settings
from registry.witness.command import PASSPHRASE_VARIABLE
from registry.witness.protocol import Witness
from registry.witness.server import Server
from registry.witness.stick import cosign
from registry.witness.store import Store as WitnessStore
from registry.witness.words import STATEMENT_ZH
from tests.api.conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

WORDS = "ten herders and a dog"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def witness(store: Store, village: Village, tmp_path: Path) -> Witness:
    """A witness that the published log names."""
    vkey = publishing.create(store, "log.example/sanquan", None)
    folder = tmp_path / "bureau"
    folder.mkdir()
    signer = keys.create(folder / keys.KEY_FILE, "bureau.example/jiancha", WORDS)
    settings = witness_settings.create(folder, str(vkey), tmp_path / "elsewhere")
    witnessing.trust(store, str(signer.key), "jiancha", quorum=True)
    publishing.publish(store)
    return Witness(settings, WitnessStore(settings.store_file), signer)


@pytest.fixture
def url(witness: Witness) -> Iterator[str]:
    """Where it answers."""
    with Server(witness, port=0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.url
        server.shutdown()
        thread.join()


def test_stick_goes_out_and_comes_back_at_the_terminal(
    store: Store, command: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Key, publish, init, trust, out, check, cosign, back, receipt, replay: each word once, as docs/witness.md has them."""
    (tmp_path / "words").write_text(f"{WORDS}\n")
    monkeypatch.setenv(PASSPHRASE_VARIABLE, str(tmp_path / "words"))
    bureau, stick = str(tmp_path / "bureau"), str(tmp_path / "stick")

    def well(*words: str) -> str:
        ended = command(*words)
        assert ended.code == 0, ended.err
        return ended.out

    well("key", "create", "log.example/sanquan")
    vkey = well("ledger", "policy").split("\n")[0].removeprefix("log ")
    near = ("--log-private-key", str(store.settings.signing))
    assert command("witness", "init", bureau, "--name", "b/jiancha", "--log", vkey, *near).code == 2
    told = well("witness", "init", bureau, "--name", "b/jiancha", "--log", vkey, "--log-private-key", str(tmp_path / "x"))
    assert STATEMENT_ZH in told
    well("ledger", "witness", "trust", "jiancha", told.split("witness jiancha ")[1].split("\n")[0], "--quorum")
    well("ledger", "publish")
    well("ledger", "witness", "out", stick)
    assert command("ledger", "witness", "back", stick).code == 2
    well("witness", "check", bureau, stick)
    well("witness", "cosign", bureau, stick)
    assert "b/jiancha" in well("ledger", "witness", "back", stick)
    (tmp_path / "policy").write_text(well("ledger", "policy"))
    checkpoint = f"{stick}/answer/checkpoint"
    well("ledger", "witness", "receipt", checkpoint, "--policy", str(tmp_path / "policy"), "-o", str(tmp_path / "r.pdf"))
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    published = str(store.settings.published)
    options = ("--policy", str(tmp_path / "policy"), "--earlier", checkpoint)
    assert "proved:" in well("replay", published, *options)
    found = command("replay", published, *options, "--json").json
    assert (found["ok"], found["origin"], found["faults"], len(found["proved"])) == (True, "log.example/sanquan", [], 3)
    (store.settings.published / "tile" / "0").rename(tmp_path / "gone")
    assert command("replay", published).code == 2
    assert command("replay", *options).code == 2


def test_damaged_published_log_ends_the_replay_with_one(
    store: Store, witness: Witness, command: Callable[..., Ended]
) -> None:
    """A tile that the leaves do not give is named."""
    tile = next((store.settings.published / "tile" / "0").rglob("*.p/*"))
    tile.write_bytes(bytes(len(tile.read_bytes())))
    ended = command("replay", str(store.settings.published))
    assert ended.code == 1
    assert "does not hold what the leaves hash to" in ended.out


def test_line_is_asked_for_and_shown_over_http(
    store: Store, witness: Witness, url: str, command: Callable[..., Ended], caller: Caller
) -> None:
    """At the terminal as JSON; /v1/ledger/witnesses then names size and time, and the note is handed out as a file."""
    before = models.Witnesses.model_validate(caller.answer("/v1/ledger/witnesses"))
    assert [(each.name, each.size, each.cosigned_at) for each in before.witnesses] == [("jiancha", 0, None)]
    taken = models.Cosigned.model_validate(command("ledger", "witness", "ask", url, "--json").json)
    after = models.Witnesses.model_validate(caller.answer("/v1/ledger/witnesses"))
    assert (after.statement.zh, after.witnesses[0].size) == (STATEMENT_ZH, taken.size)
    assert after.witnesses[0].cosigned_at == taken.witnesses[0].cosigned_at
    assert caller.get(f"/ledger/cosigned/{taken.size}").text == taken.checkpoint == caller.get("/ledger/checkpoint").text
    assert [caller.get(f"/ledger/cosigned/{name}").status_code for name in ("1", "01", "x")] == [404] * 3


def test_answer_comes_back_over_v1(store: Store, witness: Witness, caller: Caller, tmp_path: Path) -> None:
    """With the token only; what is no cosigned head of this log is a problem and changes nothing."""
    witnessing.write_out(store, tmp_path / "stick")
    assert cosign(witness, tmp_path / "stick").cosigned
    note = (tmp_path / "stick" / "answer" / "checkpoint").read_text()
    assert caller.post("/v1/ledger/cosignatures", json={"checkpoint": note}).status_code == 401
    for wrong in ("x", note.replace("log.example", "log.another"), note.rpartition("— ")[0]):
        got = caller.post("/v1/ledger/cosignatures", json={"checkpoint": wrong}, headers=BEARER)
        assert (got.status_code, got.json()["type"].rpartition(":")[2]) == (422, "cosignature-refused"), got.text
    assert witnessing.cosigned_size(store) == 0
    got = caller.post("/v1/ledger/cosignatures", json={"checkpoint": note}, headers=BEARER)
    assert models.Cosigned.model_validate(got.json()).published


def test_schedule_asks_the_witness_after_each_publication(
    store: Store, witness: Witness, url: str, logging_restored: None
) -> None:
    """Step 9: the published head has the line soon after, and is not asked about twice."""
    publisher = Publisher(store, Schedule(0.05, None, url))
    deadline = time.monotonic() + 60
    while witnessing.cosigned_size(store) == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    publisher.close()
    assert b"bureau.example/jiancha" in (store.settings.published / "checkpoint").read_bytes()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://10.0.0.5"])
def test_absent_or_unfit_witness_stops_no_publication(
    store: Store, witness: Witness, address: str, logging_restored: None
) -> None:
    """Said in the log of the service, and that is all."""
    with structlog.testing.capture_logs() as told:
        publisher = Publisher(store, Schedule(600, None, address))
        publisher.close()
    assert [each["event"] for each in told] == ["not cosigned"]
    with store.reading() as connection:
        assert "quorum jiancha" in policy_text(connection)
