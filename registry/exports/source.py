"""What leaves as a file: batches of rows, with the day and the state of the log that they are of.

A *source* is a scope of the register (`scope.Scope`), or what stands of one in the flat copy (`flat.Standing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from registry.store.settings import Settings


BATCH = 10_000
"""Parcels at once: some ten megabytes."""


@dataclass(frozen=True, slots=True)
class Batch:
    """`parcels` has one row a parcel, `rights` one for each parcel and right on it; `geometry` is WKB as surveyed.

    A parcel without a right has one row in `rights`, its right's columns missing. Both have the columns of `columns.py`
    in their order. `keys` has of each row of `rights` the ids that `flat.KEYS` names, which never leave.
    """

    parcels: pa.RecordBatch
    rights: pa.RecordBatch
    keys: pa.RecordBatch


class Head(Protocol):
    """The log at a size: its Merkle root (base64), the last state root (b64u), when its last entry was recorded."""

    @property
    def size(self) -> int: ...  # noqa: D102  (said above)
    @property
    def root(self) -> str: ...  # noqa: D102  (said above)
    @property
    def st(self) -> str: ...  # noqa: D102  (said above)
    @property
    def recorded_at(self) -> str: ...  # noqa: D102  (said above)


class Source(Protocol):
    """Must give the same rows each time, in the order of codes; `told` hears how many parcels are done, of how many."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102  (whose)
    @property
    def valid_at(self) -> str: ...  # noqa: D102  (the day)
    @property
    def head(self) -> Head: ...  # noqa: D102  (the log)
    def batches(self, told: Callable[[int, int], None]) -> Iterator[Batch]: ...  # noqa: D102  (said above)
