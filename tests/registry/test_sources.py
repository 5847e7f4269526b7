"""Evidence is kept encrypted, named by its content, and is that paper or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry import sources
from registry.sources import SourceMissingError, SourceTooLargeError
from registry.store.keys import SealBrokenError

if TYPE_CHECKING:
    from registry.store.engines import Store

PAPER = "张三签字: 同意".encode()


def test_paper_comes_back_to_the_byte_and_lies_encrypted(store: Store) -> None:
    """A source is named by its content hash and unreadable on disk."""
    name = sources.keep(store, PAPER, kind="consent", dated="2016-11-30", about="张三")
    assert sources.keep(store, PAPER, kind="consent", dated="2016-11-30") == name
    assert sources.open_source(store, name) == PAPER
    on_disk = (store.settings.sources / name).read_bytes()
    assert "张三".encode() not in on_disk
    with store.reading() as connection:
        known = sources.describe(store, connection, name)
    assert (known.kind, known.dated, known.size_bytes, known.about) == ("consent", "2016-11-30", len(PAPER), "张三")


def test_paper_altered_on_disk_is_refused(store: Store) -> None:
    """One flipped bit and the paper does not open."""
    name = sources.keep(store, PAPER, kind="consent", dated="2016-11-30")
    path = store.settings.sources / name
    broken = bytearray(path.read_bytes())
    broken[20] ^= 1
    path.write_bytes(bytes(broken))
    with pytest.raises(SealBrokenError):
        sources.open_source(store, name)


def test_paper_that_is_not_kept_is_named_missing(store: Store) -> None:
    """An unknown or malformed hash is no source; nothing else is told."""
    with pytest.raises(SourceMissingError):
        sources.open_source(store, "0" * 64)
    with pytest.raises(SourceMissingError):
        sources.open_source(store, "../../etc/passwd")
    with store.reading() as connection, pytest.raises(SourceMissingError):
        sources.describe(store, connection, "ff" * 32)


def test_paper_of_more_than_fifty_megabytes_is_refused(store: Store) -> None:
    """Nothing that large is a scanned paper."""
    with pytest.raises(SourceTooLargeError):
        sources.keep(store, b"x" * (50 * 1024 * 1024 + 1), kind="scan", dated="2016-11-30")
