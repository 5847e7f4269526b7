"""A log that goes on after a loss, as the administrator types it and as strangers read it over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.settings import ApiSettings
from registry.ledger.publishing import keys, publish, successor
from registry.ledger.publishing.appending import append_keys
from registry.ledger.verify import tiles
from registry.ledger.verify.replay import replay
from tests.api.conftest import TOKEN, caller_of
from tests.registers import drop
from tests.registry.ledger.publishing.restored import Restored, restored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Ended
    from tests.registry.made_up import Village

ORIGIN, NAME = "log.example/sanquan", "log.example/sanquan-2"
WHY = "机房的磁盘坏了"


@pytest.fixture
def loss(store: Store, village: Village, tmp_path: Path) -> Iterator[Restored]:
    """Two entries are lost."""
    assert village.people
    keys.create(store, ORIGIN)
    publish(store)
    found = restored(store, tmp_path / "restored", lambda whole: append_keys(whole, ["# more"]))
    found.store.close()
    yield found
    drop(found.store.settings)


def test_administrator_is_told_the_range_and_must_say_it(
    command: Callable[..., Ended], loss: Restored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the refusal to publish, to the range, to the successor; replay and audit say plainly what was lost."""
    settings = loss.store.settings
    monkeypatch.setenv("SANQUAN_REGISTRY", str(settings.folder))
    assert "sanquan ledger succeed" in command("ledger", "publish").err
    asked = command("ledger", "succeed", NAME, "--because", WHY)
    assert (asked.code, f"--lost {loss.said}" in asked.err) == (2, True)
    done = command("ledger", "succeed", NAME, "--because", WHY, "--lost", loss.said)
    assert done.code == 0, done.err
    assert all(text in done.out for text in (ORIGIN, WHY, "K 1, S 1", "witness successor"))
    for arguments in (("replay",), ("replay", str(settings.published)), ("audit",)):
        said = command(*arguments)
        assert (said.code, "已丢失" in said.out, WHY in said.out) == (0, True, True), said.out
        (told,) = command(*arguments, "--json").json["losses"]
        assert (told["first"], told["last"], told["origin"]) == (loss.first, loss.signed - 1, ORIGIN)
    assert command("audit", "--since-last").code == 0
    old = settings.published_before / successor.address(ORIGIN)
    assert command("replay", str(old), "--json").json["size"] == loss.signed
    assert command("ledger", "succeed", f"{NAME}-3", "--because", WHY, "--json").code == 2


def test_successor_as_json_and_without_the_old_files(
    command: Callable[..., Ended], loss: Restored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the disk took with it can't be counted: said in words, null for programs."""
    settings = loss.store.settings
    monkeypatch.setenv("SANQUAN_REGISTRY", str(settings.folder))
    settings.published.rename(settings.folder / "gone")
    words = ("ledger", "succeed", NAME, "--because", WHY, "--lost", loss.said)
    told = command(*words, "--json").json
    assert (told["lost_classes"], told["last"], told["checkpoint"].startswith(f"{NAME}\n")) == (None, loss.signed - 1, True)


def test_files_of_the_old_log_are_served_and_the_policy_says_what_was_lost(loss: Restored) -> None:
    """Under /ledger/before/ADDRESS as they were; nothing else is reachable that way."""
    done = successor.succeed(loss.store, NAME, WHY, loss.said)
    loss.store.close()
    caller = caller_of(ApiSettings(loss.store.settings.folder, token=TOKEN))
    (told,) = caller.answer("/v1/ledger/policy")["losses"]
    assert (told["first"], told["size"], told["note"]) == (loss.first, loss.signed, done.loss.note.decode())
    where = f"/ledger/before/{successor.address(ORIGIN)}"
    assert told["files"] == where
    assert caller.get(f"{where}/checkpoint").text.startswith(f"{ORIGIN}\n{loss.signed}\n")
    leaves = [
        leaf
        for tile in tiles.tiles(loss.signed)
        if tile.level == tiles.ENTRIES
        for leaf in tiles.parse_bundle(caller.get(f"{where}/{tile.path}").content, tile.width)
    ]
    assert (len(leaves), replay(leaves).root) == (loss.signed, done.loss.root)
    assert caller.get("/ledger/checkpoint").text.startswith(f"{NAME}\n")
    assert caller.get(f"/ledger/before/{'0' * 64}/checkpoint").status_code == 404
    for outside in ("%2e%2e%2fledger", successor.address(ORIGIN).upper(), "x"):
        assert caller.get(f"/ledger/before/{outside}/checkpoint").status_code == 404
    assert caller.get(f"{where}/cosigned/7").status_code == 404
    caller.close()
