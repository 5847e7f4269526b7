"""Is this the very content of a village that was registered before, whatever the order of its rows and their encoding?

A *fingerprint* is SHA-256 over everything that a delivery says of one village: rows sorted, values stripped, numbers and
days in one form, shapes by their bytes. Feature ids and codes (BSM, YSDM), which mean nothing here, are left out.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING

from gis.storage.gpkg import wkb_digest
from registry.delivery.deeds import two_decimals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.delivery.fields import Column
    from registry.delivery.frames import Frame
    from registry.delivery.read import Delivery

_MEANINGLESS = {"BSM", "YSDM"}
_LABEL = b"sanquan.delivery.village.v1\n"


def fingerprints(delivery: Delivery, villages: set[str]) -> dict[str, bytes]:
    """The fingerprint of each of these villages, 32 bytes."""
    lines: dict[str, list[bytes]] = defaultdict(list)
    for frame in delivery.frames.values():
        inside = [index for index, village in enumerate(frame.village) if village in villages]
        for index, line in zip(inside, row_lines(frame, inside), strict=True):
            lines[frame.village[index]].append(line)
    return {village: _hashed(lines[village]) for village in villages}


def row_lines(frame: Frame, rows: Sequence[int]) -> list[bytes]:
    """All that these rows say, one line each: part, digest of the shape, values in one form. A shape that is missing raises."""
    columns = [normal_values(frame, column) for column in frame.part.columns if column.name not in _MEANINGLESS]
    # A village that comes back may lack shapes: only those that are asked for are hashed.
    shapes = [""] * len(rows) if frame.shapes is None else [d.hex() for d in wkb_digest(frame.shapes[list(rows)])]
    return [
        "\x1f".join((frame.part.name, shape, *(column[index] for column in columns))).encode()
        for index, shape in zip(rows, shapes, strict=True)
    ]


def normal_values(frame: Frame, column: Column) -> list[str]:
    """A column in the one form in which contents are compared: days YYYY-MM-DD, numbers with two decimals or more."""
    values = frame.days.get(column.name) or frame.values(column.name)
    if column.kind in {"number", "positive", "whole", "shares"}:
        return [two_decimals(value) for value in values]
    return values


def _hashed(lines: list[bytes]) -> bytes:
    digest = hashlib.sha256(_LABEL)
    for line in sorted(lines):
        digest.update(len(line).to_bytes(4, "big"))
        digest.update(line)
    return digest.digest()
