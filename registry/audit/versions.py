"""Does every version of every guarded thing agree with the entry that it cites, and has every digest one version?

Walks each table once. What it notes on the way serves the judges after it: which openings a version must have, which
day it gives for its act, which digest each thing had after each entry.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import orjson

from registry.audit.rows import Stored, disagreement, stored
from registry.audit.shapes import Shapes
from registry.errors import SanquanError
from registry.ledger.act import cause_window
from registry.ledger.chain import covers
from registry.ledger.check import Chain
from registry.ledger.entry import EntryError, b64u, canonical
from registry.ledger.nouns import Version
from registry.ledger.tables import LEDGER_ENTRY, THING
from registry.rights.model import RIGHT, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from registry.audit.log import Log
    from registry.ledger.check import Disagreement
    from registry.ledger.nouns import Noun, Row

_TYPED = (
    ("digest", bytes), ("salt", bytes), ("named", str), ("ver", int), ("cause_idx", int), ("thing", str),
    ("act_day", str), ("valid_from", str),
)  # fmt: skip
_Lists = dict[str, dict[tuple[str, int], list["Row"]]]


@dataclass(frozen=True, slots=True)
class Named:
    """The commitments (b64u, by path) of one version that openings must match."""

    table: Table
    row: Stored
    cause_idx: int
    commitments: Mapping[str, str]


@dataclass(slots=True)
class Walked:
    """What the walk noted.

    `made`: (thing, ver, digest) by entry. `days`: versions by entry and day of the act. `named`: what openings must
    match, by digest. `things`: noun and kind of each thing that has a version. `owners`: which version has a digest.
    """

    made: dict[int, list[tuple[str, int, bytes]]] = field(default_factory=lambda: defaultdict(list))
    days: dict[int, dict[str, list[tuple[Table, Stored]]]] = field(default_factory=lambda: defaultdict(dict))
    named: dict[bytes, Named] = field(default_factory=dict)
    things: dict[str, tuple[Table, str]] = field(default_factory=dict)
    owners: dict[str, tuple[str, int]] = field(default_factory=dict)
    versions: int = 0


def walk_versions(
    connection: Connection, nouns: tuple[Noun, ...], log: Log, walked: Walked, passed: Callable[[int], None]
) -> Iterator[Disagreement]:
    """Every version, list line and thing that disagrees. `passed` is told how many versions went by since last time."""
    for noun in nouns:
        yield from _walk_noun(connection, noun, log, walked, passed)
    for row in stored(connection, THING):
        known = walked.things.get(row["id"])
        if known is None or known[1] != row["thing"]:
            zh, en = "没有这一类的版本", "it has no version of its kind"
            yield disagreement(THING, row, None, ("id", "thing"), zh, en)


def without_version(log: Log, walked: Walked, heads: Mapping[str, Stored]) -> Iterator[Disagreement]:
    """Every digest of the log that no version has: a row went. `heads` says whose it was, if it was the newest."""
    by_digest = {b64u(row["digest"]): row for row in heads.values() if isinstance(row["digest"], bytes)}
    for idx, act in log.acts.items():
        for digest in [each for each in act.rv if each not in walked.owners]:
            zh, en = "账目中的一个版本已不在表里", "a version of this entry is no longer in its table"
            head = by_digest.get(digest)
            noun = None if head is None else walked.things.get(head["thing_id"])
            if head is not None and noun is not None:
                yield disagreement(noun[0], head, idx, ("digest",), zh, en)
            else:
                yield disagreement(LEDGER_ENTRY, {"idx": idx}, idx, ("rv",), zh, en)


def _walk_noun(
    connection: Connection, noun: Noun, log: Log, walked: Walked, passed: Callable[[int], None]
) -> Iterator[Disagreement]:
    lists = {child.name: _lines(connection, child) for child in noun.children}
    shapes = Shapes(noun.table, on_postgresql=connection.dialect.name == "postgresql")
    rows = stored(connection, noun.table, ("thing_id", "ver"))
    for thing_id, group in groupby(shapes.digested(rows) if noun.has_geometry else rows, key=itemgetter("thing_id")):
        walk = Chain(noun)
        before: list[Version] = []
        for row in group:
            version = _version(row, lists)
            if version is None:
                zh, en = "有的列不是应有的类型", "a column is not of its type"
                idx = row["cause_idx"] if isinstance(row["cause_idx"], int) else None
                yield disagreement(noun.table, row, idx, ("digest", "salt", "named", "ver"), zh, en)
                continue
            digest = walk.take(version, log.acts.get(version.cause_idx), row.get("shape_digest"))
            yield from _beside_the_digest(noun, row, version, before)
            yield from _note(noun, row, version, digest, log, walked)
            walked.things[thing_id] = noun.table, version.thing
            before.append(version)
        yield from walk.found
        passed(len(before))
    yield from shapes.found
    if noun.has_geometry and connection.dialect.name == "sqlite":
        yield from shapes.judge_index(connection)
    for child in noun.children:
        for lines in lists[child.name].values():
            for line in lines:
                zh, en = "该行不属于任何版本", "this line belongs to no version"
                yield disagreement(child, line, line["cause_idx"], ("thing_id", "ver"), zh, en)


def _lines(connection: Connection, child: Table) -> dict[tuple[str, int], list[Row]]:
    lines: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in stored(connection, child, ("thing_id", "ver", "pos")):
        lines[row["thing_id"], row["ver"]].append(row)
    return lines


def _version(row: Stored, lists: _Lists) -> Version | None:
    """The row as a version with its lists, which are taken out of `lists`; None where it can't be one.

    Built here and not by `chain.version_of`, which trusts the types: SQLite keeps whatever somebody put there.
    """
    if any(not isinstance(row[name], kind) for name, kind in _TYPED):
        return None
    named: dict[str, str] = {}
    if row["named"] != "{}":
        try:
            named = orjson.loads(row["named"])
            if not all(isinstance(text, str) for text in named.values()):
                return None
        except (ValueError, AttributeError):
            return None  # no JSON, or no table of commitments
    return Version(
        row["thing_id"], row["thing"], row["ver"], row["prev_ver"], row["prev_cause_idx"], row["cause_idx"],
        row["cause_kind"], row["cause_from"], row["cause_until"], row["effect"], row["act_day"], row["valid_from"],
        row["valid_to"], row["status"],
        columns=row,
        children={name: lines.pop((row["thing_id"], row["ver"]), []) for name, lines in lists.items()},
        digest=row["digest"],
        salt=row["salt"],
        named=named,
    )  # fmt: skip


def _beside_the_digest(noun: Noun, row: Stored, version: Version, before: list[Version]) -> Iterator[Disagreement]:
    """Columns that no commitment covers, each against what it must be."""
    if row["named"] != "{}" and row["named"] != json.dumps(version.named, sort_keys=True):
        zh, en = "承诺的写法被改动过", "the text of its commitments was altered"
        yield disagreement(noun.table, row, version.cause_idx, ("named",), zh, en)
    try:
        window = cause_window(version.thing, version.cause_kind, version.act_day, version.effect)
    except (SanquanError, ValueError, TypeError):
        window = None
    if window != (version.cause_from, version.cause_until):
        zh, en = "原因不在法定清单内, 或不是当日的那一条", "its cause is not on the list, or not the one of its day"
        fields = ("cause_kind", "cause_from", "cause_until", "effect", "act_day")
        yield disagreement(noun.table, row, version.cause_idx, fields, zh, en)
    if noun.name == RIGHT.name:
        yield from _burden(noun, row, version, before)


def _burden(noun: Noun, row: Stored, version: Version, before: list[Version]) -> Iterator[Disagreement]:
    if row["terms_digest"] != _terms_digest(version):
        zh, en = "条款摘要与条款不符", "the digest of its terms is not that of its terms"
        yield disagreement(noun.table, row, version.cause_idx, ("terms_digest",), zh, en)
    known = (v for v in reversed(before) if v.cause_idx < version.cause_idx and covers(v, version.valid_from))
    base = next(known, None) if version.effect == "follows" else None
    expected = (None, None) if base is None else (base.ver, base.columns["terms_digest"])
    if (row["base_ver"], row["same_terms"]) != expected:
        zh, en = "所依据的版本或条款不对", "it does not rest on the version in force on its first day"
        yield disagreement(noun.table, row, version.cause_idx, ("effect", "base_ver", "same_terms"), zh, en)


def _terms_digest(version: Version) -> bytes | None:
    try:
        return hashlib.sha256(canonical(terms(version.columns, version.children))).digest()
    except EntryError:
        return None


def _note(noun: Noun, row: Stored, version: Version, digest: bytes, log: Log, walked: Walked) -> Iterator[Disagreement]:
    """Keep what later judges need; a digest that another version has already is said at once."""
    idx, place = version.cause_idx, {"thing_id": version.thing_id, "ver": version.ver}
    walked.versions += 1
    walked.made[idx].append((version.thing_id, version.ver, digest))
    walked.days[idx].setdefault(version.act_day, []).append((noun.table, place))
    if version.named:
        walked.named[digest] = Named(noun.table, place, idx, version.named)
    text = b64u(digest)
    act = log.acts.get(idx)
    if act is not None and text in act.rv:
        if text in walked.owners:
            zh, en = "另一版本已有同一摘要", "another version has the same digest"
            yield disagreement(noun.table, row, idx, ("digest",), zh, en)
        walked.owners[text] = version.thing_id, version.ver
