"""What is a parcel (地块, 宗地): one boundary, its code, its use and its recorded areas?

Areas are recorded facts (text, m² and 亩 with two decimals, as delivered) and are never recomputed from geometry; the
geometry is the surveyed one in the register's CRS (easting, northing, metres) and never reprojected. 四至, 指界人, local
names and 坐落 can name people: they are the named path "texts".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column, Text

from gis.storage.shape import Shape, gist_index
from registry.ledger.nouns import Noun, Row, index, version_table
from registry.store.schema import reference
from registry.store.settings import REGISTER_CRS
from registry.store.types import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

THINGS = ("parcel",)
LAND_USES = ("arable", "grass", "forest", "other", "homestead")

PARCEL_VERSION = version_table(
    "parcel_version",
    THINGS,
    Column("code", Words, nullable=False),
    Column("village_id", Words, nullable=False),
    Column("land_use", Words, nullable=False),
    Column("category", Words, nullable=False),
    Column("land_type", Words, nullable=False),
    Column("surveyed_area_m2", Words, nullable=False),
    Column("surveyed_area_mu", Words, nullable=False),
    Column("area_method", Words, nullable=False),
    Column("approved_area_m2", Words, nullable=False),
    Column("excess_area_m2", Words, nullable=False),
    Column("buildings", Text, nullable=False),
    Column("parents", Text, nullable=False),
    Column("geom", Shape(srid=REGISTER_CRS), nullable=False),
    reference(["village_id"], ["party.id"], name="parcel_lies_in_a_village"),
    CheckConstraint("land_use IN ('arable','grass','forest','other','homestead')", name="parcel_use_is_known"),
    CheckConstraint("area_method IN ('plane','ellipsoid')", name="parcel_area_method_is_known"),
    feature=True,
)
index(PARCEL_VERSION, "code")
index(PARCEL_VERSION, "village_id")
gist_index(PARCEL_VERSION.c.geom)


def _facts(columns: Row, children: Mapping[str, list[Row]]) -> Row:  # noqa: ARG001  (a parcel has no lists)
    return {
        "code": columns["code"],
        "village": columns["village_id"],
        "land_use": columns["land_use"],
        "category": columns["category"],
        "land_type": columns["land_type"],
        "surveyed_area_m2": columns["surveyed_area_m2"],
        "surveyed_area_mu": columns["surveyed_area_mu"],
        "area_method": columns["area_method"],
        "approved_area_m2": columns["approved_area_m2"],
        "excess_area_m2": columns["excess_area_m2"],
        "buildings": columns["buildings"],
        "parents": columns["parents"],
    }


PARCEL = Noun("parcel", PARCEL_VERSION, THINGS, _facts, (), ("texts",), has_geometry=True)
