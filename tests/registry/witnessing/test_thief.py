"""An administrator with every key but the witness's rewrites history and makes all of it good: does the witness sign it?"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry import witnessing
from registry.ledger import publishing
from registry.ledger.published import place, read_published
from registry.ledger.publishing import policy_text
from registry.ledger.verify.note import parse_policy
from registry.rights.model import RIGHT, RIGHT_VERSION
from registry.witness.server import Server
from registry.witnessing import WitnessAheadError, WitnessRefusedError
from registry.witnessing.request import published_head
from tests.attacks.locks_off import damage
from tests.attacks.thief import TABLES, thief_of
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from tests.attacks.thief import Thief
    from tests.registry.witnessing.conftest import Both


@pytest.fixture
def url(both: Both) -> Iterator[str]:
    """Where the witness answers."""
    with Server(both.witness, port=0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.url
        server.shutdown()
        thread.join()


def kinds(both: Both) -> list[str]:
    """What the witness kept."""
    with both.witness.store.reading() as change:
        return [each.kind for each in change.evidence()]


def stolen(both: Both, folder: Path) -> Thief:
    """A right of the family in another hand since ever: digest, entry, openings, states, tiles, head and signature made good."""
    thief = thief_of(both.store, folder)
    right = both.village.rights["homestead"]

    def edit(connection: Connection) -> None:
        newest = connection.scalar(sa.select(sa.func.max(RIGHT_VERSION.c.ver)).where(RIGHT_VERSION.c.thing_id == right))
        where = (RIGHT_VERSION.c.thing_id == right, RIGHT_VERSION.c.ver == newest)
        connection.execute(sa.update(RIGHT_VERSION).where(*where).values(valid_from="2016-11-29", act_day="2016-11-29"))
        thief.redigest(connection, RIGHT, right)
        thief.restate(connection)
        thief.republish(connection)

    damage(both.store, edit, *TABLES)
    return thief


def test_history_rewritten_and_signed_again_is_a_fork_to_the_witness(both: Both, url: str, tmp_path: Path) -> None:
    """To every public rule the new history is sound; the witness has seen another root there, and keeps both notes."""
    signed = witnessing.ask(both.store, url)
    thief = stolen(both, tmp_path / "thief")
    with both.store.reading() as connection:
        own = parse_policy(policy_text(connection).replace("quorum jiancha", "quorum none"))
    assert read_published(place(str(thief.published)), own).ok
    found = read_published(place(str(thief.published)), own, signed.note)
    assert "two histories" in found.faults[0][1]
    with pytest.raises(WitnessRefusedError, match="fork"):
        witnessing.ask(thief.store, url)
    assert kinds(both) == ["fork"]
    assert both.witness.checkpoint("log.example/sanquan").body == signed.note


def test_rewritten_history_that_grows_on_is_never_signed(both: Both, url: str, tmp_path: Path) -> None:
    """Past the size that the witness has seen no proof leads from its root to the new one."""
    witnessing.ask(both.store, url)
    thief = stolen(both, tmp_path / "thief")
    made_up.settle(thief.store, both.village, "2019-06-01")
    publishing.publish(thief.store)
    with pytest.raises(WitnessRefusedError, match="proof"):
        witnessing.ask(thief.store, url)
    assert kinds(both) == ["no-proof"]


def test_last_entries_cut_off_and_signed_again_are_found(both: Both, url: str, tmp_path: Path) -> None:
    """No row says that they were there; the witness does, and names the range."""
    before = thief_of(both.store, tmp_path / "thief")
    size = published_head(both.store).checkpoint.size
    made_up.settle(both.store, both.village, "2019-06-01")
    publishing.publish(both.store)
    witnessing.ask(both.store, url)
    with pytest.raises(WitnessAheadError, match=f"entries {size} to"):
        witnessing.ask(before.store, url)
    assert kinds(both) == ["rollback"]
