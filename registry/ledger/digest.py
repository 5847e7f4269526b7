"""Which bytes of a version are committed, and how is its digest found again from a row and its salt?

The same function serves whoever writes a version and whoever checks it, so that the two can't drift apart.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from gis.storage.gpkg import wkb_digest
from registry.ledger.entry import b64u, canonical, commit_paths, un_b64u, version_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import shapely
    from numpy.typing import NDArray

    from registry.ledger.nouns import Noun, Version

_MANY = 1 << 31


def geometry_digest(shape: shapely.Geometry) -> bytes:
    """SHA-256 over the little-endian OGC WKB (XY) of a shape as stored."""
    return wkb_digest([shape])[0]


def geometry_digests(shapes: Sequence[shapely.Geometry] | NDArray[Any]) -> list[bytes]:
    """`geometry_digest` of many: one call costs nearly as much as that of one."""
    return wkb_digest(shapes)


def digest_of(
    noun: Noun,
    version: Version,
    previous: bytes | None,
    shape_digest: bytes | None,
    named: Mapping[str, bytes] | None = None,
) -> bytes:
    """The digest of a version: over its commitments, in the order of their paths.

    `previous` is the digest of the version before, or None for the first. `shape_digest` is `geometry_digest` for a
    noun that has geometry. Named paths enter by the commitments in `version.named`, or by `named`, the same in bytes, where the
    caller has just made them.
    """
    items = items_of(noun, version, previous, shape_digest)
    commitments = commit_paths(version.salt, items)
    if version.named:
        raw = named or {path: un_b64u(text) for path, text in version.named.items()}
        made = sorted([*zip((path for path, _ in items), commitments, strict=True), *raw.items()])
        commitments = [commitment for _, commitment in made]
    return version_digest(commitments)


def items_of(
    noun: Noun, version: Version, previous: bytes | None, shape_digest: bytes | None
) -> list[tuple[str, bytes]]:
    """Each path under the row's own salt with its value in canonical bytes, in the order of paths; arguments as `digest_of`."""
    items = [("chain", _chain(version, previous)), ("facts", canonical(noun.facts(version.columns, version.children)))]
    if noun.has_geometry and shape_digest is not None:
        items.append(("geometry", b'"' + b64u(shape_digest).encode() + b'"'))
    items.append(("valid", _valid(version.valid_from, version.valid_to, version.status)))
    return items


def _chain(version: Version, previous: bytes | None) -> bytes:
    chain = [version.thing_id, version.thing, version.ver, None if previous is None else b64u(previous)]
    # Ids and words in ASCII beside a small number need no closer look, which for a mixed list takes longer than writing it.
    plain = version.thing_id.isascii() and version.thing.isascii() and 0 < version.ver < _MANY
    return orjson.dumps(chain) if plain else canonical(chain)


@lru_cache(maxsize=1024)
def _valid(start: str, end: str | None, status: str) -> bytes:
    # A delivery writes a hundred thousand versions of a few days.
    return canonical([start, end, status])
