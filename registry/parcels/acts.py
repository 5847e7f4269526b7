"""Who can write a parcel: its boundary, code and recorded areas?

A survey correction brings a new geometry or surveyed area; the contract area belongs to the right and stays. No
recorded area is ever computed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.ledger import allowed
from registry.ledger.allowed import ANYTHING, May, only
from registry.parcels.model import PARCEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    import shapely

    from registry.ledger.act import Act

_MEASURE = ("geom", "surveyed_area_m2", "surveyed_area_mu", "area_method", "texts")

MAY = {
    "first-registration": May(begins=True),
    "record-corrected": ANYTHING,
    "clerical-slip": only("code", "texts"),
    "recoded": only("code"),
    "survey-corrected": only(*_MEASURE),
    "parcel-split": May(begins=True, ends=True, fields=frozenset({*_MEASURE})),
    "parcel-merged": May(begins=True, ends=True, fields=frozenset({*_MEASURE})),
    "boundary-adjusted": only(*_MEASURE),
    "building-recorded": only("buildings"),
    "readjusted": May(begins=True, ends=True, fields=frozenset({*_MEASURE})),
    "expropriated": May(ends=True, fields=frozenset({*_MEASURE})),
    "land-lost": May(ends=True, fields=frozenset({*_MEASURE})),
    "court-ordered": ANYTHING,
    "arbitrated": ANYTHING,
    "restored": May(restores=True),
}


@dataclass(frozen=True, slots=True)
class ParcelFacts:
    """What is recorded of a parcel. Areas are text with two decimals, m² and 亩, as delivered; "" where not given.

    `land_use` is arable, grass, forest, other or homestead; `buildings` and `parents` are canonical JSON lists.
    """

    code: str
    village_id: str
    land_use: str
    category: str
    land_type: str
    surveyed_area_m2: str
    surveyed_area_mu: str
    area_method: str = "plane"
    approved_area_m2: str = ""
    excess_area_m2: str = ""
    buildings: str = "[]"
    parents: str = "[]"

    def columns(self) -> dict[str, Any]:
        """The row's columns of the same names."""
        return {name: getattr(self, name) for name in self.__slots__}


def begin(
    act: Act,
    facts: ParcelFacts,
    shape: shapely.Geometry,
    texts: Mapping[str, str],
    *,
    shape_digest: bytes | None = None,
) -> str:
    """Register a parcel. `shape` is the surveyed one, EPSG:4545, easting and northing in metres.

    `texts` (local name, 四至, 指界人, remark, 坐落) can name people: sealed. `shape_digest` saves computing
    `geometry_digest(shape)` again in long lists.
    """
    allowed.may_begin(MAY, act.kind)
    return act.begin(
        PARCEL, "parcel", facts.columns(), named={"texts": dict(texts)}, shape=shape, shape_digest=shape_digest
    )


def change(
    act: Act,
    parcel_id: str,
    columns: Mapping[str, Any],
    *,
    shape: shapely.Geometry | None = None,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Change what the act's kind may change of the columns of `ParcelFacts`, the shape and the texts."""
    named = None if texts is None else {"texts": dict(texts)}
    allowed.change(act, PARCEL, MAY, parcel_id, columns, shape=shape, named=named)


def end(act: Act, parcel_id: str) -> None:
    """End a parcel: split, merged, expropriated or lost as a whole."""
    allowed.end(act, PARCEL, MAY, parcel_id)


def restore(act: Act, parcel_id: str) -> None:
    """Bring back a parcel that was ended in error."""
    allowed.restore(act, PARCEL, MAY, parcel_id)
