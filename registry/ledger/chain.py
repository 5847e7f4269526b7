"""What was the state of a thing on a day, as known at a size of the log?

A *chain* is the list of a thing's versions in order. Versions are never closed: each entry's last version is open, so
the state of a day is the first version, walking back from the newest known one, whose stretch covers the day. An end is
a version with status ended, never a `valid_to` (an end written so would bring the older open version back to life).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from gis.storage.many import as_stored, geoms_from_stored
from registry.ledger.digest import geometry_digests
from registry.ledger.nouns import Noun, Version
from registry.store.among import among
from registry.store.asking import Question, ask_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from registry.store.asking import Rows

# The columns of a version by the order of its fields; `_version` relies on it.
_FIELDS = (
    *("thing_id", "thing", "ver", "prev_ver", "prev_cause_idx", "cause_idx", "cause_kind", "cause_from", "cause_until"),
    *("effect", "act_day", "valid_from", "valid_to", "status"),
)
_KEPT = ("digest", "salt", "named")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days [start, end) on which one version is the state; `end` None is open."""

    start: str
    end: str | None
    version: Version


def covers(version: Version, day: str) -> bool:
    """Whether a day lies in the version's own stretch."""
    return version.valid_from <= day and (version.valid_to is None or day < version.valid_to)


def state_at(chain: Sequence[Version], valid_at: str, known_at: int | None = None) -> Version | None:
    """The version in force on a day, as known at a ledger size (None: now); None when there was none."""
    for version in reversed(chain):
        if (known_at is None or version.cause_idx < known_at) and covers(version, valid_at):
            return version
    return None


def state_before(chain: Sequence[Version], day: str, entry: int, known_at: int | None = None) -> Version | None:
    """The state just before an event: days before its day, and acts of that day that stand earlier in the log.

    Acts of one day on both sides of the event, then an act dated back over all of them: no version holds the earlier
    ones without the later, and the stretch that ends on the day is the answer.
    """
    for version in reversed(chain):
        if known_at is not None and version.cause_idx >= known_at:
            continue
        # Where a stretch ends on the day itself, the one that follows it was asked first.
        if begun_before(chain, version, day, entry) and (version.valid_to is None or version.valid_to >= day):
            return version
    return None


def begun_before(chain: Sequence[Version], version: Version, day: str, entry: int) -> bool:
    """Whether a version's stretch had begun before an event.

    An act dated back over the event's day has a stretch that begins on it, too: that one had begun if the older version
    had with which the day became a border.
    """
    if version.valid_from != day or version.act_day == day:
        return (version.valid_from, version.cause_idx) < (day, entry)
    older = state_at(chain, day, version.cause_idx)
    return older is not None and begun_before(chain, older, day, entry)


def timeline(chain: Sequence[Version], known_at: int | None = None) -> list[Stretch]:
    """The stretches that follow one another, oldest first, as known at a ledger size."""
    known = [v for v in chain if known_at is None or v.cause_idx < known_at]
    cuts = sorted({v.valid_from for v in known} | {v.valid_to for v in known if v.valid_to is not None})
    out: list[Stretch] = []
    for place, start in enumerate(cuts):
        version = state_at(known, start)
        end = cuts[place + 1] if place + 1 < len(cuts) else None
        if version is None:
            continue
        if out and out[-1].version is version and out[-1].end == start:
            out[-1] = Stretch(out[-1].start, end, version)
        else:
            out.append(Stretch(start, end, version))
    return out


def read_chains(
    connection: Connection, noun: Noun, thing_ids: Iterable[str], *, geometry: bool = False
) -> dict[str, list[Version]]:
    """Every version of each thing, with its lists; `geometry` reads the shapes too (shapely, register's CRS)."""
    return read_all_chains(connection, [(noun, thing_ids)], geometry=geometry)[noun.name]


def read_all_chains(
    connection: Connection, wanted: Iterable[tuple[Noun, Iterable[str]]], *, geometry: bool = False
) -> dict[str, dict[str, list[Version]]]:
    """`read_chains` for several nouns together, by the noun's name; nothing is asked where no thing is wanted."""
    things = [(noun, list(dict.fromkeys(ids))) for noun, ids in wanted]
    answers = iter(ask_all(connection, *(q for noun, ids in things for q in asked_for(noun, ids, geometry=geometry))))
    return {noun.name: chains_in(noun, ids, answers, geometry=geometry) for noun, ids in things}


def asked_for(
    noun: Noun, thing_ids: list[str], *, geometry: bool = False
) -> list[tuple[Question, dict[str, list[str]]]]:
    """The questions of `read_chains`, to be put together with others; none where no thing is wanted."""
    if not thing_ids:
        return []
    question = _versions(noun.table, noun.own_columns, noun.children, geometry=geometry and noun.has_geometry)
    return [(question, {"things": thing_ids})]


def chains_in(
    noun: Noun, thing_ids: list[str], answers: Iterator[Rows], *, geometry: bool = False
) -> dict[str, list[Version]]:
    """What `read_chains` gives, from the answers to `asked_for` of the same things."""
    if not thing_ids:
        return {}
    own = noun.own_columns
    after = len(_FIELDS) + len(_KEPT) + len(own)
    chains: dict[str, list[Version]] = {thing_id: [] for thing_id in thing_ids}
    versions: list[Version] = []
    shapes: list[bytes] = []
    lists = [(child.name, child.columns.keys()) for child in noun.children]
    for row in next(answers):
        if not versions or (versions[-1].thing_id, versions[-1].ver) != (row[0], row[2]):
            versions.append(_version(noun, own, row))
            chains[row[0]].append(versions[-1])
            shapes.append(row[after])
        for name, columns in lists:
            if row[after] is not None:
                versions[-1].children[name].append(dict(zip(columns, row[after:], strict=True)))
    if geometry and noun.has_geometry:
        read = geoms_from_stored(shapes)
        for version, shape, digest in zip(versions, read, geometry_digests(read), strict=True):
            version.geometry, version.shape_digest = shape, digest
    return {thing_id: chain for thing_id, chain in chains.items() if chain}


@cache
def _versions(table: Table, own: tuple[str, ...], lists: tuple[Table, ...], *, geometry: bool) -> Question:
    """Versions in order: each on a row of its own, or, where its noun has a list, on one for each line.

    No noun has both a list and a shape, or two lists: the rows would multiply.
    """
    query = sa.select(*(table.c[name] for name in (*_FIELDS, *_KEPT, *own)))
    order = [table.c.thing_id, table.c.ver]
    if geometry:
        query = query.add_columns(as_stored(table.c.geom))
    for lines in lists:
        of_version = sa.and_(lines.c.thing_id == table.c.thing_id, lines.c.ver == table.c.ver)
        query = query.add_columns(*lines.c).outerjoin_from(table, lines, of_version)
        order.append(lines.c.pos)
    if not geometry and not lists:
        query = query.add_columns(sa.null())
    return Question(query.where(among(table.c.thing_id, "things")).order_by(*order))


def _version(noun: Noun, own: tuple[str, ...], row: Sequence[Any]) -> Version:
    """A row as a version, its lists still empty."""
    fields, kept = len(_FIELDS), len(_FIELDS) + len(_KEPT)
    named = row[kept - 1]
    values: list[Any] = [
        *row[:fields],
        dict(zip(own, row[kept : kept + len(own)], strict=True)),
        {child.name: [] for child in noun.children},
        *row[fields : kept - 1],
        {} if named == "{}" else orjson.loads(named),
    ]
    return Version(*values)


def stretches_from(chain: Sequence[Version], day: str, extend_back: bool) -> list[Stretch]:  # noqa: FBT001
    """The stretches that an act beginning on `day` rewrites: from that day on, in the order of days.

    `extend_back`: the act may begin before the thing's first day (a correction of the beginning); then the first
    stretch reaches back to it.
    """
    out = []
    for stretch in timeline(chain):
        if stretch.end is not None and stretch.end <= day:
            continue
        out.append(Stretch(max(stretch.start, day), stretch.end, stretch.version))
    if extend_back and out and out[0].start > day and out[0].version is timeline(chain)[0].version:
        out[0] = Stretch(day, out[0].end, out[0].version)
    return out
