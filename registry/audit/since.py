"""What has changed since the last audit that found nothing: does that agree with the log?

A clean audit leaves a note: how many entries under which root. The next one may then look at what came after, for the cost of
what came after. The note lies beside the log's keys, sealed under the registry's key file. `UNSEEN` says what such a
run does not look at; only a whole audit finds an old row that was edited since.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from registry import catalogue
from registry.audit.guards import judge_guards
from registry.audit.log import Log, Logged, judge_log
from registry.audit.rows import disagreement
from registry.ledger import read, state_map
from registry.ledger.chain import read_chains
from registry.ledger.check import Act, Disagreement, check_chains
from registry.ledger.entry import EntryError, b64u, parse_entry
from registry.ledger.merkle import Tree
from registry.ledger.tables import HEAD, LEDGER_ENTRY
from registry.ledger.verify.replay import replay
from registry.store import durable
from registry.store.keys import SealBrokenError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Noun
    from registry.ledger.verify.replay import Loss
    from registry.store.engines import Store

NOTE_FILE: Final = "audited"
_PLACE: Final = b"audited"
UNSEEN: Final = (
    "没有看: 以前的行与开启值、清单、户籍事件的行、状态历史、证据、公布的文件",
    "not looked at: older rows, openings, lists, rows of household events, the history of states, papers, published files",
)


@dataclass(frozen=True, slots=True)
class Audited:
    """Up to which size, under which root (32 bytes), an audit found nothing."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class SinceReport:
    """What was found among what came after `since` entries; `size` and `root` of the log as it is.

    `losses` are those that the log has named since.
    """

    findings: tuple[Disagreement, ...]
    since: int
    size: int
    root: bytes
    st: str
    checked: dict[str, int]
    losses: tuple[Loss, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing disagrees."""
        return not self.findings


def remember(store: Store, size: int, root: bytes) -> None:
    """Note that an audit found nothing up to here."""
    folder = store.settings.signing
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sealed = store.vault.seal(json.dumps({"size": size, "root": root.hex()}).encode(), _PLACE)
    durable.write(folder / NOTE_FILE, sealed, mode=durable.PRIVATE, durable=store.settings.durable)


def last_audited(store: Store) -> Audited | None:
    """The note; None where there is none, or it does not open: then a whole audit is due."""
    path = store.settings.signing / NOTE_FILE
    try:
        told = json.loads(store.vault.open(path.read_bytes(), _PLACE))
    except (FileNotFoundError, SealBrokenError):
        return None
    return Audited(told["size"], bytes.fromhex(told["root"]))


def audit_since(store: Store, last: Audited) -> SinceReport:
    """Look at entries, versions, heads and the state after the last clean audit, and at every guard of the schema."""
    with store.reading() as connection:
        tree = read.catch_up(connection, Tree())
        findings = list(_beginning(tree, last))
        log = _entries_since(connection, last.size)
        first = min(log.entries, default=0)
        # The first is the state before, which is there to be compared with; what a whole log begins with is not asked.
        findings += [each for each in judge_log(log) if each.entry_idx != first]
        versions = 0
        for noun in catalogue.NOUNS:
            found, count = _versions(connection, noun, last.size, log)
            findings += found
            versions += count
        findings += _missing(connection, log, last.size)
        st = _last_state(log)
        findings += _state(connection, st, first)
        findings += judge_guards(store, connection)
    checked = {"entries": tree.size - last.size, "versions": versions}
    return SinceReport(tuple(findings), last.size, tree.size, tree.root(), st, checked, log.replayed.losses)


def _beginning(tree: Tree, last: Audited) -> Iterator[Disagreement]:
    if tree.size < last.size or tree.root(last.size) != last.root:
        zh = f"前 {last.size} 条账目的哈希已不是上次核对时的: 做一次完整核对"
        en = f"the hashes of the first {last.size} entries are not those of the last audit: run a whole one"
        yield disagreement(LEDGER_ENTRY, {"idx": last.size - 1}, last.size - 1, ("leaf_hash",), zh, en)


def _entries_since(connection: Connection, size: int) -> Log:
    """The entries from the last state before `size` on."""
    before = connection.scalar(
        sa.select(sa.func.max(LEDGER_ENTRY.c.idx)).where(LEDGER_ENTRY.c.cls == "S", LEDGER_ENTRY.c.idx < size)
    )
    log = Log()
    query = sa.select(LEDGER_ENTRY).where(LEDGER_ENTRY.c.idx >= (before or 0)).order_by(LEDGER_ENTRY.c.idx)
    for row in connection.execute(query).mappings():
        leaf = str(row["leaf"]).encode()
        try:
            entry = parse_entry(leaf)
        except EntryError:
            entry = None
        log.entries[row["idx"]] = Logged({**row, "leaf_hash": bytes(row["leaf_hash"])}, leaf, entry)
        if entry is not None and entry.cls == "R":
            log.acts[row["idx"]] = Act(entry.kind or "", frozenset(map(b64u, entry.rv)))
    log.replayed = replay((logged.leaf for logged in log.entries.values()), first=before or 0)
    return log


def _versions(connection: Connection, noun: Noun, size: int, log: Log) -> tuple[list[Disagreement], int]:
    """Whole chains of the things that changed: digests made again, each in its entry, heads the newest."""
    table = noun.table
    changed = set(connection.scalars(sa.select(table.c.thing_id).where(table.c.cause_idx >= size)))
    chains = read_chains(connection, noun, changed, geometry=noun.has_geometry)
    found = check_chains(connection, [(noun, chain) for chain in chains.values()])
    for thing_id, chain in chains.items():
        head = connection.execute(sa.select(HEAD.c.ver, HEAD.c.digest).where(HEAD.c.thing_id == thing_id)).first()
        if head is None or (head.ver, bytes(head.digest)) != (chain[-1].ver, chain[-1].digest):
            zh, en = "当前状态行不是最新版本的", "it is not the newest version's"
            found.append(disagreement(HEAD, {"thing_id": thing_id}, chain[-1].cause_idx, ("ver", "digest"), zh, en))
    return found, sum(version.cause_idx in log.entries for chain in chains.values() for version in chain)


def _missing(connection: Connection, log: Log, size: int) -> Iterator[Disagreement]:
    """New digests of the log that no version has."""
    owned: set[str] = set()
    for noun in catalogue.NOUNS:
        query = sa.select(noun.table.c.digest).where(noun.table.c.cause_idx >= size)
        owned.update(b64u(bytes(digest)) for digest in connection.scalars(query))
    for idx, act in log.acts.items():
        if idx >= size and not act.rv <= owned:
            zh, en = "账目中的一个版本已不在表里", "a version of this entry is no longer in its table"
            yield disagreement(LEDGER_ENTRY, {"idx": idx}, idx, ("rv",), zh, en)


def _last_state(log: Log) -> str:
    states = [each.entry.st for each in log.entries.values() if each.entry is not None and each.entry.cls == "S"]
    return (states[-1] if states else None) or ""


def _state(connection: Connection, st: str, first: int) -> Iterator[Disagreement]:
    """The newest state follows from the heads."""
    heads = connection.execute(sa.select(HEAD.c.map_key, HEAD.c.digest))
    _, root = state_map.full_root((bytes(key), bytes(digest)) for key, digest in heads)
    if b64u(root) != st:
        zh, en = "最新的状态根与当前各版本不符", "the newest state root does not follow from the heads"
        yield disagreement(LEDGER_ENTRY, {"idx": first}, None, ("st",), zh, en)
