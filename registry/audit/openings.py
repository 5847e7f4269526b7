"""Does every sealed value open to what was committed, and is none missing but by an erasure on the log?

An *opening* is kept under the digest of a version (paths that can name a person) or the hash of an act's or event's
leaf (its fields). Returns the fields of acts and events, for whoever judges rows against them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from registry.audit.rows import Stored, disagreement, stored
from registry.ledger.act import ACT_PATHS
from registry.ledger.check import Disagreement
from registry.ledger.entry import H_COMMITMENTS, EntryError, b64u, commitment
from registry.ledger.position import seal_place
from registry.ledger.status import EVENT_PATHS
from registry.ledger.stepping import PATHS as STEP_PATHS
from registry.ledger.tables import ERASURE, OPENING
from registry.store.keys import SealBrokenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import Connection

    from registry.audit.log import Log, Logged
    from registry.audit.versions import Walked
    from registry.ledger.check import Key
    from registry.store.keys import Vault

_H_PATHS = (*EVENT_PATHS, *(f"event.zz.{n}" for n in range(H_COMMITMENTS - len(EVENT_PATHS))))


@dataclass(slots=True)
class _Expected:
    """What must open under one subject: commitments (b64u) by path; the row that a finding names."""

    table: str
    key: Key
    entry_idx: int
    commitments: dict[str, str]


@dataclass(slots=True)
class Opened:
    """The fields of acts and events that open, by index of their entry and path."""

    fields: dict[int, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))


def judge_openings(
    connection: Connection, vault: Vault, log: Log, walked: Walked, opened: Opened, passed: Callable[[int], None]
) -> Iterator[Disagreement]:
    """Every opening and erasure that disagrees, every commitment without an opening. `passed` counts openings."""
    expected = _expected(log, walked)
    erased = {(row["subject"], row["path"]): row for row in stored(connection, ERASURE)}
    yield from _judge_erasures(log, expected, erased)
    for row in stored(connection, OPENING):
        passed(1)
        yield from _judge_opening(vault, row, expected, erased, opened)
    for subject, rest in expected.items():
        for path in rest.commitments:
            if (subject, path) not in erased:
                fields = (f"opening.{path}",)
                zh = f"{path} 的开启值(subject {subject.hex()})不见了, 账上没有销毁记录"
                en = f"the opening of {path} (subject {subject.hex()}) is gone, and no erasure is on the log"
                yield Disagreement(rest.table, rest.key, rest.entry_idx, fields, zh, en)


def _expected(log: Log, walked: Walked) -> dict[bytes, _Expected]:
    """Each commitment that can be opened, by subject. Taken out one by one as openings go by."""
    expected = {}
    for idx, logged in log.entries.items():
        commitments = _of_entry(logged)
        if commitments:
            expected[logged.subject] = _Expected("ledger_entry", (("idx", idx),), idx, commitments)
    for digest, named in walked.named.items():
        key = (("thing_id", named.row["thing_id"]), ("ver", named.row["ver"]))
        expected[digest] = _Expected(named.table.name, key, named.cause_idx, dict(named.commitments))
    return expected


def _of_entry(logged: Logged) -> dict[str, str]:
    entry = logged.entry
    if entry is None:
        return {}
    paths = {"R": ACT_PATHS, "H": _H_PATHS, "C": STEP_PATHS}.get(entry.cls, ())
    evidence = {f"evidence.{n + 1}": b64u(each) for n, each in enumerate(entry.ev)}
    return dict(zip(paths, map(b64u, entry.c), strict=False)) | evidence


def _judge_opening(
    vault: Vault, row: Stored, expected: dict[bytes, _Expected], erased: dict[Any, Stored], opened: Opened
) -> Iterator[Disagreement]:
    subject, path = row["subject"], row["path"]
    place = expected.get(subject)
    committed = place.commitments.pop(path, None) if place is not None else None
    if place is None or committed is None:
        zh, en = "没有对应的承诺", "nothing was committed that it could open"
        yield disagreement(OPENING, row, None, ("subject", "path"), zh, en)
        return
    if (subject, path) in erased:
        zh, en = "已销毁的值又出现了", "an erased value is back"
        yield disagreement(OPENING, row, place.entry_idx, ("sealed",), zh, en)
    try:
        value = orjson.loads(vault.open(row["sealed"], seal_place(subject, path)))
        found = b64u(commitment(row["salt"], path, value))
    except (SealBrokenError, EntryError, ValueError, TypeError):
        value = found = None
    if found != committed:
        zh, en = "打不开, 或不是所承诺的值", "it does not open, or not to the value that was committed"
        yield disagreement(OPENING, row, place.entry_idx, ("salt", "sealed"), zh, en)
    elif place.table == "ledger_entry":
        opened.fields[place.entry_idx][path] = value


def _judge_erasures(
    log: Log, expected: dict[bytes, _Expected], erased: dict[tuple[bytes, str], Stored]
) -> Iterator[Disagreement]:
    by_entry: dict[int, set[bytes]] = defaultdict(set)
    for (subject, path), row in erased.items():
        idx = row["entry_idx"]
        by_entry[idx].add(subject)
        logged = log.entries.get(idx)
        subjects = logged.entry.subjects if logged is not None and logged.entry is not None else ()
        if subject not in subjects:
            zh, en = "账目没有销毁这一项", "its entry does not erase this subject"
            yield disagreement(ERASURE, row, idx, ("subject", "entry_idx"), zh, en)
        if subject not in expected or path not in expected[subject].commitments:
            zh, en = "没有可销毁的承诺", "nothing was committed that could be erased"
            yield disagreement(ERASURE, row, idx, ("subject", "path"), zh, en)
    for idx, logged in log.entries.items():
        for subject in set(logged.entry.subjects if logged.entry is not None else ()) - by_entry[idx]:
            zh, en = f"销毁记录(subject {subject.hex()})不见了", f"the erasure of {subject.hex()} is gone"
            yield Disagreement("ledger_entry", (("idx", idx),), idx, ("erasure",), zh, en)
