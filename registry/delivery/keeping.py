"""Which rows of a delivery are kept as they came, because no guarded noun has a place for them?

Whole parts (`kept_parts`), and of the register's own parts the few fields that it does not hold: earlier totals of a
contract, and the row of a person or unit that holds without a list of members.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from gis.areas import mu_from_m2
from registry.delivery.fields import HOUSEHOLD
from registry.delivery.fingerprint import normal_values
from registry.records import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from registry.delivery.fields import Column
    from registry.delivery.frames import Frame
    from registry.delivery.read import Delivery

COUNTY = ""
"""The village of what belongs to the county as a whole."""
EASTINGS = frozenset({"Y2000", "Y80", "YZBZ", "ZJDZXJYZB"})
_MORE_OF_CONTRACT = ("YCBHTBM", "HTZMJM", "YHTZMJ", "YHTZMJM")


def batches_of(delivery: Delivery, villages: set[str]) -> Iterator[Batch]:
    """What is to be kept of these villages; `COUNTY` among them stands for the county's own rows."""
    for frame in delivery.frames.values():
        if frame.part.kept:
            yield from _batches(delivery, frame, frame.part.name, villages, range(len(frame)))
    contracts = delivery.frames["CBHT"]
    yield from _batches(delivery, contracts, "CBHT", villages, _with_more(contracts), ("CBHTBM", *_MORE_OF_CONTRACT))
    households = delivery.frames["CBF"]
    yield from _batches(delivery, households, "CBF", villages, _alone(households, delivery.frames["CBF_JTCY"]))


def _batches(
    delivery: Delivery, frame: Frame, part: str, villages: set[str], rows: Iterable[int], names: tuple[str, ...] = ()
) -> Iterator[Batch]:
    columns = [
        (column.name, _kept_values(delivery, frame, column))
        for column in frame.part.columns
        if column.name in frame.present and (not names or column.name in names)
    ]
    codes = frame.values(frame.part.belongs[0]) if frame.part.belongs else [""] * len(frame)
    inside: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if frame.village[row] in villages:
            inside[frame.village[row]].append(row)
    for village, mine in inside.items():
        yield Batch(
            part,
            village,
            [codes[row] for row in mine],
            [{name: values[row] for name, values in columns if values[row]} for row in mine],
            None if frame.shapes is None else frame.shapes[mine],
        )


def _kept_values(delivery: Delivery, frame: Frame, column: Column) -> list[str]:
    """A column in one form, whatever file it came in: whole numbers without a point, eastings without zone prefix."""
    values = normal_values(frame, column)
    if column.kind == "whole":
        return [value.split(".")[0] for value in values]
    if column.name in EASTINGS and delivery.zone_prefix is not None:
        return [_without_prefix(value, delivery.zone_prefix) for value in values]
    return values


def _without_prefix(value: str, prefix: int) -> str:
    head = str(prefix)
    return value[len(head) :] if re.fullmatch(rf"{head}\d{{6}}(?:\.\d+)?", value) else value


def _with_more(contracts: Frame) -> list[int]:
    """Contracts that say more than their parcels do; 亩 that is the twin of m² says nothing more."""
    more = np.logical_or.reduce([contracts.filled(name) for name in _MORE_OF_CONTRACT if name != "HTZMJM"])
    m2, mu = contracts.values("HTZMJ"), contracts.values("HTZMJM")
    own = np.asarray([bool(b) and b != str(mu_from_m2(a)) for a, b in zip(m2, mu, strict=True)], dtype=np.bool_)
    return [int(row) for row in np.flatnonzero(more | own)]


def _alone(households: Frame, members: Frame) -> list[int]:
    """Persons and units without a list: their row is nowhere else."""
    listed = set(members.values("CBFBM"))
    kinds, codes = households.values("CBFLX"), households.values("CBFBM")
    return [row for row, kind in enumerate(kinds) if kind != HOUSEHOLD and codes[row] not in listed]
