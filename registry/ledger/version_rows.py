"""Which rows of which tables is a version, with its lists and its shape?"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from gis.storage.gpkg import blobs_from_geoms, ewkb_from_geoms
from registry.ledger.nouns import COMMON
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from registry.ledger.nouns import Noun, Version

Rows: TypeAlias = tuple[str, tuple[str, ...], list[tuple[Any, ...]]]
"""A table's name (plain text: SQLAlchemy's own kind does not travel between processes), columns and rows."""


def version_rows(noun: Noun, versions: Sequence[Version], *, on_postgresql: bool) -> Iterator[Rows]:
    """The rows of versions of one noun, then those of its lists; a shape in what the engine takes."""
    own = noun.own_columns
    own_values = itemgetter(*own)
    columns: tuple[str, ...] = (*COMMON, *map(str, own))
    rows: list[tuple[Any, ...]] = [
        (
            v.thing_id, v.ver, v.ver + 1, v.prev_ver, v.prev_cause_idx, v.cause_idx, "R", v.cause_kind, v.thing,
            v.cause_from, v.cause_until, v.effect, v.act_day, v.valid_from, v.valid_to, v.status, v.digest, v.salt,
            _named_text(v.named),
            *own_values(v.columns),
        )
        for v in versions
    ]  # fmt: skip
    if noun.has_geometry:
        columns = (*columns, "geom")
        encode = ewkb_from_geoms if on_postgresql else blobs_from_geoms
        shapes = encode([v.geometry for v in versions], REGISTER_CRS)
        rows = [(*row, _plain(shape)) for row, shape in zip(rows, shapes, strict=True)]
    yield str(noun.table.name), columns, rows
    for child in noun.children:
        parts = [str(c.name) for c in child.columns if c.name not in {"thing_id", "ver", "cause_idx", "pos"}]
        lines = [
            (v.thing_id, v.ver, v.cause_idx, pos, *(line[part] for part in parts))
            for v in versions
            for pos, line in enumerate(v.children[child.name])
        ]
        yield str(child.name), ("thing_id", "ver", "cause_idx", "pos", *parts), lines


def _named_text(named: Mapping[str, str]) -> str:
    """`json.dumps(named, sort_keys=True)`: paths and base64url need no escape."""
    return "{" + ", ".join([f'"{path}": "{commitment}"' for path, commitment in sorted(named.items())]) + "}"


def _plain(shape: bytes | None) -> bytes | str | None:
    # COPY's text format takes hexadecimal EWKB as text; the embedded file takes the blob.
    return shape.decode("ascii") if shape is not None and shape[:2] in {b"01", b"00"} else shape
