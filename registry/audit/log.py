"""Does each row of the log agree with its own leaf, and does the log as a whole keep the public rules?

Each leaf is hashed again, the columns beside it are compared with it, the numbering must have no gap, each act must be
closed by the next state, and `verify.replay` judges the leaves alone (P1, P2, P3, P5, P6).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from registry.audit.rows import Stored, disagreement, stored
from registry.ledger.check import Act
from registry.ledger.entry import Entry, EntryError, b64u, parse_entry
from registry.ledger.merkle import leaf_hash
from registry.ledger.tables import LEDGER_ENTRY
from registry.ledger.verify.replay import replay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from registry.ledger.check import Disagreement
    from registry.ledger.verify.replay import ReplayReport

_SECOND: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_NO_LEAF: Final = b""


@dataclass(slots=True)
class Logged:
    """One entry as its leaf has it (None where the leaf is none), beside what its row says."""

    row: Stored
    leaf: bytes
    entry: Entry | None

    @property
    def cls(self) -> str | None:
        """The class that the leaf says."""
        return self.entry.cls if self.entry is not None else None

    @property
    def subject(self) -> bytes:
        """What the openings of this entry are kept under."""
        return leaf_hash(self.leaf)


@dataclass(slots=True)
class Log:
    """The whole log in memory (about 2 KB an entry): entries by index, R entries as `Act`, the replay's report."""

    entries: dict[int, Logged] = field(default_factory=dict)
    acts: dict[int, Act] = field(default_factory=dict)
    replayed: ReplayReport = field(default_factory=lambda: replay([]))


def read_log(connection: Connection) -> Log:
    """Read the log and replay its leaves. What is wrong is `judge_log`'s to say."""
    log = Log()
    for row in stored(connection, LEDGER_ENTRY):
        idx = row["idx"]
        leaf = row["leaf"].encode() if isinstance(row["leaf"], str) else _NO_LEAF
        try:
            entry = parse_entry(leaf)
        except EntryError:
            entry = None  # the replay names it: rule FORM
        log.entries[idx] = Logged(row, leaf, entry)
        if entry is not None and entry.cls == "R":
            log.acts[idx] = Act(entry.kind or "", frozenset(map(b64u, entry.rv)))
    log.replayed = replay(logged.leaf for logged in log.entries.values())
    return log


def judge_log(log: Log) -> Iterator[Disagreement]:
    """Every row of the log that disagrees with its leaf or its neighbours, then every broken rule."""
    closing = _closing(log)
    before: Stored | None = None
    for idx, logged in log.entries.items():
        row = logged.row
        for fields, zh, en in (
            *_numbering(row, before),
            *_columns(logged),
            *_closed(row, logged.cls, closing.get(idx)),
            *_time(logged, before),
            *_time_of_state(row, log, closing.get(idx)),
        ):
            yield disagreement(LEDGER_ENTRY, row, idx, fields, zh, en)
        before = row
    places = list(log.entries)
    for failure in log.replayed.failures:
        idx = places[failure.index] if failure.index < len(places) else failure.index
        yield disagreement(LEDGER_ENTRY, {"idx": idx}, idx, ("leaf", failure.rule), failure.zh, failure.en)
    if log.replayed.open_since is not None:
        idx = places[log.replayed.open_since]
        zh, en = "该行为之后没有状态条目", "no state closes this act"
        yield disagreement(LEDGER_ENTRY, {"idx": idx}, idx, ("closed_by",), zh, en)


_Said = tuple[tuple[str, ...], str, str]


def _numbering(row: Stored, before: Stored | None) -> Iterator[_Said]:
    expected = 0 if before is None else before["idx"] + 1
    if row["idx"] != expected:
        zh, en = (
            f"序号应为 {expected}: 缺条目或编号被改",
            f"it should be number {expected}: an entry is missing or renumbered",
        )
        yield ("idx",), zh, en


def _columns(logged: Logged) -> Iterator[_Said]:
    row, entry = logged.row, logged.entry
    if row["leaf_hash"] != logged.subject:
        yield ("leaf_hash", "leaf"), "叶哈希与叶不符", "the hash is not that of the leaf"
    if entry is None:
        return
    if row["cls"] != entry.cls:
        yield ("cls",), f"类别与叶({entry.cls})不同", f"the class is not the leaf's ({entry.cls})"
    if (row["kind"] is None) != (entry.cls not in {"R", "H"}) or (entry.cls == "R" and row["kind"] != entry.kind):
        yield ("kind",), "事由与叶不同", "the kind is not the leaf's"


def _closed(row: Stored, cls: str | None, state: int | None) -> Iterator[_Said]:
    expected = (state, "S") if cls == "R" else (None, None)
    if (row["closed_by"], row["closes"]) != expected:
        yield ("closed_by", "closes"), "所记的结束状态不对", "it does not name the state that closes it"


def _time(logged: Logged, before: Stored | None) -> Iterator[_Said]:
    at = logged.row["recorded_at"]
    if not isinstance(at, str) or not _SECOND.fullmatch(at):
        yield ("recorded_at",), "记录时间不是时刻", "the time of recording is no time"
        return
    if before is not None and at < str(before["recorded_at"]):
        yield ("recorded_at",), "记录时间早于前一条", "the time of recording is before that of the entry before"
    if logged.entry is not None and f"{at[:13]}:00:00Z" != logged.entry.at:
        yield (
            ("recorded_at",),
            "记录时间不在叶所载的整点内",
            "the time of recording is not within the hour that the leaf has",
        )


def _time_of_state(row: Stored, log: Log, state: int | None) -> Iterator[_Said]:
    """An act and the state that closes it are written at one moment; the act's own is committed with its fields."""
    if state is not None and row["recorded_at"] != log.entries[state].row["recorded_at"]:
        zh, en = "记录时间与其结束状态不同", "the time of recording is not that of the state that closes it"
        yield ("recorded_at",), zh, en


def _closing(log: Log) -> dict[int, int]:
    """The next S after each R."""
    closing: dict[int, int] = {}
    state: int | None = None
    for idx in reversed(log.entries):
        if log.entries[idx].cls == "S":
            state = idx
        elif log.entries[idx].cls == "R" and state is not None:
            closing[idx] = state
    return closing
