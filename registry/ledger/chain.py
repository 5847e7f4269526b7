"""What was the state of a thing on a day, as known at a size of the log?

A *chain* is the list of a thing's versions in order. Versions are never closed: each entry's last version is open, so
the state of a day is the first version, walking back from the newest known one, whose stretch covers the day. An end is
a version with status ended, never a `valid_to` (an end written so would bring the older open version back to life).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.ledger.nouns import Noun, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import Connection

_BATCH = 400


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
    wanted = list(dict.fromkeys(thing_ids))
    chains: dict[str, list[Version]] = {thing_id: [] for thing_id in wanted}
    columns = [c for c in noun.table.columns if c.name != "fid" and (geometry or c.name != "geom")]
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        rows = connection.execute(
            sa.select(*columns)
            .where(noun.table.c.thing_id.in_(batch))
            .order_by(noun.table.c.thing_id, noun.table.c.ver)
        )
        for row in rows.mappings():
            chains[row["thing_id"]].append(version_of(noun, row))
        for child in noun.children:
            lists = connection.execute(
                sa.select(child).where(child.c.thing_id.in_(batch)).order_by(child.c.thing_id, child.c.ver, child.c.pos)
            )
            for row in lists.mappings():
                chains[row["thing_id"]][row["ver"] - 1].children[child.name].append(dict(row))
    return {thing_id: chain for thing_id, chain in chains.items() if chain}


def version_of(noun: Noun, row: Any) -> Version:  # noqa: ANN401  (a mapping of the driver)
    """A row as a version, its lists still empty."""
    return Version(
        thing_id=row["thing_id"],
        thing=row["thing"],
        ver=row["ver"],
        prev_ver=row["prev_ver"],
        prev_cause_idx=row["prev_cause_idx"],
        cause_idx=row["cause_idx"],
        cause_kind=row["cause_kind"],
        cause_from=row["cause_from"],
        cause_until=row["cause_until"],
        effect=row["effect"],
        act_day=row["act_day"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        status=row["status"],
        columns={name: row[name] for name in noun.own_columns},
        children={child.name: [] for child in noun.children},
        digest=bytes(row["digest"]),
        salt=bytes(row["salt"]),
        named=json.loads(row["named"]),
        geometry=row.get("geom"),
    )


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
