"""A registry whose database was restored from an older copy; head, keys and published files, which lie outside it, are of today."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.catalogue import PRIVILEGES
from registry.ledger import read
from registry.ledger.publishing import policy_text, publish, read_head, refuse_behind
from registry.store.engines import Store
from registry.store.keys import load_key_file
from tests.registers import copy_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass
class Restored:
    """The registry as it is now; how many entries it has, how many were signed; the policy and the leaves as they were."""

    store: Store
    first: int
    signed: int
    policy: str
    leaves: list[bytes]

    @property
    def said(self) -> str:
        """The missing range, as it must be said."""
        return f"{self.first}-{self.signed - 1}"


def leaves_of(store: Store) -> list[bytes]:
    """All entries."""
    with store.reading() as connection:
        return list(read.leaves(connection))


def policy_of(store: Store) -> str:
    """The policy file of the log as it is."""
    with store.reading() as connection:
        return policy_text(connection)


def restored(store: Store, folder: Path, go_on: Callable[[Store], object]) -> Restored:
    """Copy the database, let the log `go_on` and be published, then put the copy under today's head and files."""
    first = len(leaves_of(store))
    store.close()  # PostgreSQL copies no database that somebody is connected to
    settings = copy_of(store.settings, folder)
    go_on(store)
    publish(store)
    shutil.copytree(store.settings.sources, settings.sources, dirs_exist_ok=True)
    shutil.copytree(store.settings.signing, settings.signing)
    shutil.copytree(store.settings.published, settings.published)
    head = read_head(settings)
    assert head is not None
    back = Store(settings, load_key_file(settings.key_file), PRIVILEGES, before_writing=refuse_behind)
    return Restored(back, first, head.checkpoint.size, policy_of(store), leaves_of(store))
