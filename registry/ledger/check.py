"""Does a version's row agree with the entry that it cites, and does its chain close?

From row, salt and lists the commitments are made again, from these the digest; the digest must stand in rv of the
version's entry, and each version must commit the digest of the one before. An edit in place changes what every query
answers alike: only this finds it. What a row says about the act (its day, its people) needs openings: `registry.audit`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from registry.ledger.digest import digest_of
from registry.ledger.entry import EntryError, b64u
from registry.ledger.merkle import leaf_hash
from registry.ledger.tables import LEDGER_ENTRY
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Noun, Version

ENTRIES = sa.select(*(LEDGER_ENTRY.c[name] for name in ("idx", "cls", "kind", "leaf", "leaf_hash", "recorded_at")))
"""Entries as `acts_and_instants_in` takes them."""
_OF_INDEXES = Question(ENTRIES.where(among(LEDGER_ENTRY.c.idx, "entries")))

Key = tuple[tuple[str, str | int], ...]
"""The key columns of a row with their values, bytes as hexadecimal."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One row that does not agree with the log: which table, which row, which entry, which columns, what is wrong.

    `zh` and `en` are whole sentences without personal data; `entry_idx` is None where no entry is concerned.
    """

    table: str
    key: Key
    entry_idx: int | None
    fields: tuple[str, ...]
    zh: str
    en: str

    def __str__(self) -> str:
        """Where, then what, Chinese first."""
        key = ", ".join(f"{name}={value}" for name, value in self.key)
        entry = "" if self.entry_idx is None else f" [账目 entry {self.entry_idx}]"
        return f"{self.table}({key}){entry}: {self.zh} / {self.en}"


@dataclass(frozen=True, slots=True)
class Act:
    """What an R entry says about versions: its kind, and the digests (b64u) that it made."""

    kind: str
    rv: frozenset[str]


@dataclass(slots=True)
class Chain:
    """One chain being walked; `found` is what is wrong with it, `digest` what its next version must have committed."""

    noun: Noun
    previous: Version | None = None
    digest: bytes | None = None
    found: list[Disagreement] = field(default_factory=list)

    def take(self, version: Version, act: Act | None, shape_digest: bytes | None) -> bytes:
        """One more version. Returns the digest that the log has for it, or the stored one where the log has neither."""
        self._place(version)
        self._lists(version)
        digest = self._digest(version, shape_digest)
        if digest != version.digest:
            zh, en = "所记内容与摘要不符: 该行被改动过", "the row does not give its digest: it was altered"
            self._say(version, ("digest",), zh, en)
        if act is None:
            zh, en = "所引账目不存在、不是权利行为或已被改动", "its entry is absent, no act on rights, or was altered"
            self._say(version, ("cause_idx",), zh, en)
        else:
            if version.cause_kind != act.kind:
                zh, en = f"原因与账目({act.kind})不同", f"its cause is not that of the entry ({act.kind})"
                self._say(version, ("cause_kind",), zh, en)
            if b64u(version.digest) not in act.rv:
                zh, en = "摘要不在所引账目中", "its digest does not stand in the entry that it cites"
                self._say(version, ("digest", "cause_idx"), zh, en)
        # What the log vouches for leads on, so that one altered row is not reported as two.
        logged = act is not None and digest is not None and b64u(digest) in act.rv
        self.previous, self.digest = version, digest if logged and digest is not None else version.digest
        return self.digest

    def _place(self, version: Version) -> None:
        before = self.previous
        expected = (1, None, None) if before is None else (before.ver + 1, before.ver, before.cause_idx)
        if (version.ver, version.prev_ver, version.prev_cause_idx) != expected:
            zh, en = "不接在前一版本之后", "it does not follow the version before it"
            self._say(version, ("ver", "prev_ver", "prev_cause_idx"), zh, en)

    def _lists(self, version: Version) -> None:
        for table, lines in version.children.items():
            for place, line in enumerate(lines):
                if (line["pos"], line["cause_idx"]) != (place, version.cause_idx):
                    key = (("thing_id", version.thing_id), ("ver", version.ver), ("pos", line["pos"]))
                    zh, en = "不是该版本自己的一行", "this line is not one that came with its version"
                    fields = ("pos", "cause_idx")
                    self.found.append(Disagreement(table, key, version.cause_idx, fields, zh, en))

    def _digest(self, version: Version, shape_digest: bytes | None) -> bytes | None:
        try:
            return digest_of(self.noun, version, self.digest, shape_digest)
        except EntryError:
            return None  # a value that no writer could have committed

    def _say(self, version: Version, fields: tuple[str, ...], zh: str, en: str) -> None:
        key = (("thing_id", version.thing_id), ("ver", version.ver))
        self.found.append(Disagreement(self.noun.table.name, key, version.cause_idx, fields, zh, en))


def check_versions(connection: Connection, noun: Noun, chain: Sequence[Version]) -> list[Disagreement]:
    """What is wrong with one chain, read by `read_chains(…, geometry=noun.has_geometry)`; nothing if all agrees."""
    return check_chains(connection, [(noun, chain)])


def check_chains(
    connection: Connection, chains: Iterable[tuple[Noun, Sequence[Version]]], acts: Mapping[int, Act] | None = None
) -> list[Disagreement]:
    """`check_versions` for many chains: their entries are read once, here where the caller has not their `acts`."""
    pairs = list(chains)
    if acts is None:
        acts = acts_of(connection, {version.cause_idx for _, chain in pairs for version in chain})
    found: list[Disagreement] = []
    for noun, chain in pairs:
        walk = Chain(noun)
        for version in chain:
            walk.take(version, acts.get(version.cause_idx), version.shape_digest)
        found += walk.found
    return found


def acts_of(connection: Connection, indexes: Iterable[int]) -> dict[int, Act]:
    """The R entries of these indexes whose row agrees with its leaf; an altered one is absent."""
    return acts_and_instants(connection, indexes)[0]


def acts_and_instants(connection: Connection, indexes: Iterable[int]) -> tuple[dict[int, Act], dict[int, str]]:
    """`acts_of`, and when each entry was recorded, whatever its class; in one query."""
    return acts_and_instants_in(ask(connection, _OF_INDEXES, {"entries": sorted(set(indexes))}))


def acts_and_instants_in(rows: Iterable[tuple[Any, ...]]) -> tuple[dict[int, Act], dict[int, str]]:
    """`acts_and_instants` from rows of ENTRIES, where the caller asked for them together with other questions."""
    acts: dict[int, Act] = {}
    recorded: dict[int, str] = {}
    for idx, cls, kind, leaf, stored_hash, instant in rows:
        recorded[idx] = instant
        act = act_of(cls, kind, leaf.encode(), stored_hash)
        if act is not None:
            acts[idx] = act
    return acts, recorded


def act_of(cls: str, kind: str | None, leaf: bytes, stored_hash: bytes) -> Act | None:
    """What an R entry says; None where columns and leaf differ. The leaf's form is `verify.replay`'s to judge."""
    if cls != "R" or kind is None or leaf_hash(leaf) != stored_hash:
        return None
    try:
        document: Any = orjson.loads(leaf)
        agrees = document["cls"] == "R" and document["kind"] == kind
        return Act(kind, frozenset(document["rv"])) if agrees else None
    except (ValueError, KeyError, TypeError):
        return None  # rewritten with its hash, into something that is no entry
