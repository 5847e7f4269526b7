"""From which register do the vectors of certificates come? One in memory, seeded, whose people are made up.

It writes leaves with the registry's own writers and keeps every state, so that a certificate can be made since any entry. It
writes unlawful entries, too, where a test asks for them: a dishonest registry has our code.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from registry.ledger import merkle, state_map
from registry.ledger.entry import (
    b64u,
    c_leaf,
    commitment,
    field_salt,
    h_leaf,
    r_leaf,
    s_leaf,
    version_digest,
)
from registry.ledger.signing import Signer, log_signer, note, witness_signer
from registry.ledger.verify.note import Checkpoint

ORIGIN = "log.example/sanquan"
LOG = log_signer(ORIGIN, bytes(range(32)))
WITNESS = witness_signer("witness.example/jiancha", bytes(range(32, 64)))
OTHERS = tuple(witness_signer(f"witness.example/{name}", bytes([n]) * 32) for n, name in enumerate(("a", "b", "c"), 1))
POLICY = f"log {LOG.key}\nwitness jiancha {WITNESS.key}\nquorum jiancha\n"
TIME = 1_796_000_000
SECRET = bytes(range(64, 96))
_ACT = ("act.basis", "act.day", "act.desk", "act.payment", "act.people", "act.rows", "act.sources")
_EVENT = (
    *("event.basis", "event.day", "event.desk", "event.evidence", "event.facts"),
    *("event.kind", "event.people", "event.unchanged"),
)


@dataclass(frozen=True)
class Made:
    """One version as it was made: what it commits, in the order of paths, and the entry."""

    thing_id: str
    entry: int
    values: dict[str, Any]
    master: bytes

    @property
    def commitments(self) -> list[bytes]:
        """In the order of their paths."""
        return [commitment(field_salt(self.master, path), path, self.values[path]) for path in sorted(self.values)]

    @property
    def digest(self) -> bytes:
        """What stands in the log."""
        return version_digest(self.commitments)

    def part(self, *paths: str) -> dict[str, Any]:
        """Commitments, and the openings of some paths."""
        opened = [
            {"path": path, "value": self.values[path], "salt": b64u(field_salt(self.master, path))}
            for path in sorted(paths)
            if path in self.values
        ]
        return {"commitments": [b64u(each) for each in self.commitments], "open": opened}


@dataclass
class SmallRegister:
    """Leaves, versions and states; every hour one transaction."""

    leaves: list[bytes] = field(default_factory=list)
    chains: dict[str, list[Made]] = field(default_factory=dict)
    states: list[str] = field(default_factory=list)
    fields: dict[int, dict[str, tuple[Any, bytes]]] = field(default_factory=dict)
    hour: int = 0

    def __post_init__(self) -> None:
        self._leaf(s_leaf(self.at, self.st))

    @property
    def at(self) -> str:
        """The present hour."""
        return f"2026-11-{1 + self.hour // 24:02}T{self.hour % 24:02}:00:00Z"

    @property
    def st(self) -> str:
        """The state root over the newest versions."""
        return b64u(state_map.full_root(self.pairs(len(self.leaves)))[1])

    def pairs(self, size: int) -> list[tuple[bytes, bytes]]:
        """Key and newest digest of each thing, from the first `size` entries."""
        found = []
        for thing_id, chain in self.chains.items():
            known = [made for made in chain if made.entry < size]
            if known:
                found.append((state_map.map_key(SECRET, thing_id), known[-1].digest))
        return sorted(found)

    def act(self, kind: str, *versions: dict[str, Any], wills: int = 0, close: bool = True, **fields: object) -> int:
        """One R entry. A version is {`id`, `thing`, `facts`, `valid`, …}: whatever else stands in it is a path of its own."""
        idx = len(self.leaves)
        made = [self._version(idx, dict(each)) for each in versions]
        values = {f"act.{name}": value for name, value in fields.items()}
        c = self._fields(idx, {path: values.get(path) for path in _ACT})
        count = -(-wills // 4) * 4
        ev = self._fields(
            idx, {f"evidence.{n + 1}": [f"P-{n}", "ab" * 32, None] if n < wills else None for n in range(count)}
        )
        self._leaf(r_leaf(self.at, kind, [each.digest for each in made], c, ev))
        if close:
            self.close()
        return idx

    def close(self) -> int:
        """The S that ends a transaction."""
        self._leaf(s_leaf(self.at, self.st))
        self.hour += 1
        return len(self.leaves) - 1

    def event(self, kind: str, day: str, **fields: object) -> int:
        """One H entry."""
        idx = len(self.leaves)
        values = {f"event.{name}": value for name, value in {"kind": kind, "day": day, **fields}.items()}
        paths = [*_EVENT, *(f"event.zz.{n}" for n in range(4))]
        self._leaf(h_leaf(self.at, self.st, self._fields(idx, {path: values.get(path) for path in paths})))
        self.hour += 1
        return idx

    def case(self) -> int:
        """One C entry."""
        idx = len(self.leaves)
        self._leaf(c_leaf(self.at, self._fields(idx, {f"case.{n}": None for n in range(10, 22)})))
        return idx

    def forged(self, leaf: bytes) -> int:
        """An entry that no honest writer would have made."""
        self._leaf(leaf)
        return len(self.leaves) - 1

    def checkpoint(self, size: int | None = None, witnesses: tuple[Signer, ...] = (WITNESS,)) -> str:
        """The signed note over the first `size` entries; each witness signs a minute after the one before."""
        hashes = [merkle.leaf_hash(leaf) for leaf in self.leaves[:size]]
        text = str(Checkpoint(ORIGIN, len(hashes), merkle.root(hashes)))
        lines = [LOG.sign(text), *(each.cosign(text, TIME + 60 * n) for n, each in enumerate(witnesses))]
        return note(text, lines).decode()

    def entry(self, index: int, *paths: str, size: int | None = None) -> dict[str, Any]:
        """An entry with its path, and some of its fields opened."""
        tree = merkle.Tree(merkle.leaf_hash(leaf) for leaf in self.leaves[:size])
        known = self.fields.get(index, {})
        return {
            "index": index,
            "leaf": _b64(self.leaves[index]),
            "path": [_b64(each) for each in tree.inclusion(index)],
            "open": [{"path": p, "value": known[p][0], "salt": b64u(known[p][1])} for p in sorted(paths)],
        }

    def placed(self, thing_id: str, index: int, *paths: str) -> dict[str, Any]:
        """The version of a thing under the state of an entry, with its place there."""
        made = [each for each in self.chains[thing_id] if each.entry < index][-1]
        return {**made.part("chain", "valid", *paths), "proof": self.proof(thing_id, index)}

    def proof(self, thing_id: str, index: int) -> dict[str, Any]:
        """The place of a thing in the state map under an entry."""
        key = state_map.map_key(SECRET, thing_id)
        pairs = self.pairs(index)
        bucket = state_map.bucket(key)
        of_bucket = [pair for pair in pairs if state_map.bucket(pair[0]) == bucket]
        at = [pair[0] for pair in of_bucket].index(key)
        roots = state_map.full_root(pairs)[0]
        tops = merkle.Tree(bytes(roots[n * 32 : n * 32 + 32]) for n in range(state_map.BUCKETS))
        leaves = merkle.Tree(sha256(b"\x00sanquan.map.v1\x00" + k + d).digest() for k, d in of_bucket)
        return {
            "of": len(of_bucket),
            "at": at,
            "path": [b64u(each) for each in leaves.inclusion(at)],
            "rows": [b64u(each) for each in tops.inclusion(bucket)],
        }

    def thing(self, thing_id: str, act: int, latest: int, *paths: str) -> dict[str, Any]:
        """One thing of a certificate; `paths` are opened on both sides."""
        between = [made for made in self.chains[thing_id] if act < made.entry < latest]
        return {
            "id": thing_id,
            "key": b64u(state_map.map_key(SECRET, thing_id)),
            "act": self.placed(thing_id, act, *paths),
            "latest": self.placed(thing_id, latest, *paths),
            "between": [{"entry": made.entry, **made.part("chain")} for made in between],
        }

    def certificate(
        self, act: int, things: dict[str, tuple[str, ...]], opened: dict[int, tuple[str, ...]] | None = None
    ) -> dict[str, Any]:
        """A certificate since an entry, over things with the paths to be opened; `opened` are paths of entries."""
        latest = len(self.leaves) - 1
        parts = [self.thing(thing_id, act, latest, *paths) for thing_id, paths in things.items()]
        paths_of = dict(opened or {})
        cited = {act, latest, *paths_of, *(each["entry"] for part in parts for each in part["between"])}
        return {
            "v": 1,
            "checkpoint": self.checkpoint(),
            "roles": {"act": act, "latest": latest},
            "entries": [self.entry(index, *paths_of.get(index, ())) for index in sorted(cited)],
            "things": parts,
        }

    def _version(self, idx: int, values: dict[str, Any]) -> Made:
        thing_id, thing = values.pop("id"), values.pop("thing")
        chain = self.chains.setdefault(thing_id, [])
        before = b64u(chain[-1].digest) if chain else None
        values.setdefault("chain", [thing_id, thing, len(chain) + 1, before])
        chain.append(Made(thing_id, idx, values, sha256(f"{thing_id}/{len(chain)}".encode()).digest()))
        return chain[-1]

    def _fields(self, idx: int, values: dict[str, Any]) -> list[bytes]:
        salts = {path: sha256(f"{idx}/{path}".encode()).digest() for path in values}
        self.fields.setdefault(idx, {}).update({path: (value, salts[path]) for path, value in values.items()})
        return [commitment(salts[path], path, value) for path, value in values.items()]

    def _leaf(self, leaf: bytes) -> None:
        self.leaves.append(leaf)


def written(certificate: object) -> bytes:
    """The one form in which a certificate is written."""
    return json.dumps(certificate, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
