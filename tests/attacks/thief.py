"""An administrator with every key but the witness's, who makes good what he altered: digests, entries, states, files, head.

`resealed` openings open under their new subject, `restated` makes every S and H say the state that follows from the tables,
`republished` makes all tiles anew and signs them with the log's own key.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from registry.catalogue import NOUNS
from registry.ledger import state_map
from registry.ledger.chain import read_chains
from registry.ledger.digest import digest_of
from registry.ledger.entry import b64u, canonical, un_b64u
from registry.ledger.merkle import Tree, leaf_hash
from registry.ledger.position import seal_place
from registry.ledger.publishing import key_files, keys, keys_on_log, tile_bytes
from registry.ledger.signing import Signer, note
from registry.ledger.tables import HEAD, LEDGER_ENTRY, OPENING, STATE_BUCKETS
from registry.ledger.verify import tiles
from registry.ledger.verify.note import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Noun
    from registry.store.engines import Store

TABLES = ("ledger_entry", "opening", "head", "state_buckets", *(noun.table.name for noun in NOUNS))
"""Whose locks come off."""


@dataclass(slots=True)
class Thief:
    """The store as he has it: the database through one connection, a copy of every file, the log's private key."""

    store: Store
    signer: Signer

    @property
    def published(self) -> Path:
        """The folder of the published log."""
        return self.store.settings.published

    def head(self) -> Path:
        """The head file."""
        return self.store.settings.signing / "head"

    def rewrite(
        self,
        connection: Connection,
        idx: int,
        change: Callable[[dict[str, Any]], None],
        **columns: Any,  # noqa: ANN401  (columns of the log)
    ) -> None:
        """Another leaf for an entry, its hash and its openings with it."""
        row = connection.execute(sa.select(LEDGER_ENTRY).where(LEDGER_ENTRY.c.idx == idx)).one()
        document = orjson.loads(row.leaf)
        change(document)
        leaf = canonical(document)
        values = {"leaf": leaf.decode(), "leaf_hash": leaf_hash(leaf), **columns}
        connection.execute(sa.update(LEDGER_ENTRY).where(LEDGER_ENTRY.c.idx == idx).values(values))
        self.reseal(connection, bytes(row.leaf_hash), leaf_hash(leaf))

    def reseal(self, connection: Connection, old: bytes, new: bytes) -> None:
        """Openings of one subject, sealed again for another."""
        vault = self.store.vault
        for path, sealed in connection.execute(
            sa.select(OPENING.c.path, OPENING.c.sealed).where(OPENING.c.subject == old)
        ).all():
            value = vault.open(bytes(sealed), seal_place(old, path))
            changed = {"subject": new, "sealed": vault.seal(value, seal_place(new, path))}
            connection.execute(
                sa.update(OPENING).where(OPENING.c.subject == old, OPENING.c.path == path).values(changed)
            )

    def redigest(self, connection: Connection, noun: Noun, thing_id: str) -> None:
        """The newest version of a thing as its row is now: its digest, its entry, its openings, its head."""
        *before, version = read_chains(connection, noun, [thing_id], geometry=noun.has_geometry)[thing_id]
        old = version.digest
        new = digest_of(noun, version, before[-1].digest if before else None, version.shape_digest)
        table = noun.table
        connection.execute(
            sa.update(table).where(table.c.thing_id == thing_id, table.c.ver == version.ver).values(digest=new)
        )

        def change(document: dict[str, Any]) -> None:
            raw = sorted(new if b64u(old) == text else un_b64u(text) for text in document["rv"])
            document["rv"] = [b64u(each) for each in raw]

        self.rewrite(connection, version.cause_idx, change)
        self.reseal(connection, old, new)
        connection.execute(sa.update(HEAD).where(HEAD.c.thing_id == thing_id).values(digest=new))

    def restate(self, connection: Connection) -> None:
        """Every state of the log, and the buckets, as they follow from the versions."""
        made: dict[int, list[tuple[str, int, bytes]]] = defaultdict(list)
        for noun in NOUNS:
            columns = (noun.table.c[name] for name in ("cause_idx", "thing_id", "ver", "digest"))
            for idx, thing_id, ver, digest in connection.execute(sa.select(*columns)):
                made[idx].append((thing_id, ver, bytes(digest)))
        pairs: dict[bytes, bytes] = {}
        roots, root = state_map.full_root([])
        for idx, cls in connection.execute(
            sa.select(LEDGER_ENTRY.c.idx, LEDGER_ENTRY.c.cls).order_by(LEDGER_ENTRY.c.idx)
        ).all():
            for thing_id, _, digest in sorted(made[idx], key=lambda each: each[1]):
                pairs[state_map.map_key(self.store.vault.state_key, thing_id)] = digest
            if cls == "S":
                roots, root = state_map.full_root(pairs.items())
            if cls in {"S", "H"}:
                self.rewrite(connection, idx, _say_state(b64u(root)))
        for part in range(16):
            slice_ = bytes(roots[part * 8192 : (part + 1) * 8192])
            connection.execute(sa.update(STATE_BUCKETS).where(STATE_BUCKETS.c.part == part).values(roots=slice_))

    def republish(self, connection: Connection) -> None:
        """All files anew from the entries as they are now, head and checkpoint signed by the log's own key."""
        leaves = [
            leaf.encode() for leaf in connection.scalars(sa.select(LEDGER_ENTRY.c.leaf).order_by(LEDGER_ENTRY.c.idx))
        ]
        tree = Tree(map(leaf_hash, leaves))
        shutil.rmtree(self.published)
        for tile in tiles.tiles(tree.size):
            path = self.published / tile.path
            path.parent.mkdir(parents=True, exist_ok=True)
            entries = leaves[tile.first : tile.first + tile.width]
            path.write_bytes(tiles.bundle(entries) if tile.level == tiles.ENTRIES else tile_bytes(tree, tile))
        self.sign(tree.size, tree.root())

    def sign(self, size: int, root: bytes, signer: Signer | None = None) -> None:
        """Head and checkpoint of this size and root."""
        text = str(Checkpoint(self.signer.key.name, size, root))
        raw = note(text, [(signer or self.signer).sign(text)])
        self.head().write_bytes(raw)
        (self.published / "checkpoint").write_bytes(raw)


def thief_of(store: Store, folder: Path) -> Thief:
    """A copy of the files to alter, the database as it is, and the private key opened."""
    settings = store.settings
    copied = replace(settings, folder=folder / "data", key_file=folder / "x.key")
    shutil.copytree(settings.published, copied.published)
    shutil.copytree(settings.signing, copied.signing)
    shutil.copytree(settings.sources, copied.sources)
    with store.reading() as connection:
        (signer,) = keys.signers(store, keys_on_log(connection), None)
    assert list(key_files.key_files(store))
    for session in store.privileges:
        store.engine(session)  # to the database as it is: a store shares its engines with its copy, whose folder has none
    return Thief(replace(store, settings=copied, trees={}), signer)


def _say_state(st: str) -> Callable[[dict[str, Any]], None]:
    return lambda document: document.update(st=st)
