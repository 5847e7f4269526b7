"""Can a stranger take the whole log over HTTP and check it?"""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING

from api.v1 import models
from registry.ledger.verify.replay import replay

if TYPE_CHECKING:
    from tests.api.conftest import Caller


def test_leaves_read_page_by_page_replay_to_the_root(caller: Caller) -> None:
    """Leaves come as they are stored: who hashes them gets the root that the head names, and no rule is broken."""
    leaves: list[bytes] = []
    first: int | None = 0
    while first is not None:
        page = models.Entries.model_validate(caller.answer("/v1/ledger/entries", params={"from": first, "limit": 3}))
        leaves += [entry.leaf.encode() for entry in page.entries]
        assert [entry.idx for entry in page.entries] == list(range(first, first + len(page.entries)))
        first = page.next
    head = models.LedgerHead.model_validate(caller.answer("/v1/ledger"))
    report = replay(leaves)
    assert report.ok
    assert (report.size, report.root) == (head.size, b64decode(head.root))


def test_head_at_a_size_is_that_of_then(caller: Caller) -> None:
    """Known_at gives the log as it was: its size, its root, and no entry beyond it."""
    head = caller.answer("/v1/ledger", params={"known_at": 3})
    leaves = [e["leaf"].encode() for e in caller.answer("/v1/ledger/entries", params={"known_at": 3})["entries"]]
    report = replay(leaves)
    assert (head["size"], b64decode(head["root"])) == (3, report.root)


def test_entries_beyond_the_log_are_none(caller: Caller) -> None:
    """A page past the end is empty and has no next."""
    got = caller.answer("/v1/ledger/entries", params={"from": 10**6})
    assert (got["entries"], got["next"]) == ([], None)


def test_size_and_instant_that_the_log_never_had_are_refused(caller: Caller) -> None:
    """Known_at within the log only; before its first second nothing was known."""
    for given in ("0", "99999", "2001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2026-11-25", "now", "-1"):
        got = caller.get("/v1/ledger", params={"known_at": given})
        assert (got.status_code, got.json()["errors"][0]["field"]) == (422, "known_at")
