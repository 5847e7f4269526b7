"""What does the map in the browser show: which parcels, which villages, and where is the town of a registration?

Longitude, latitude of CGCS2000 in degrees; 8 decimals are a millimetre. Kinds, areas, terms and whether a right is
restricted are shown, names and neighbours never.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.cartography import LAND_USE_STYLES
from gis.crs import to_lonlat
from registry import residence
from registry.exports.gather import of_registry
from registry.exports.publishing import village_points
from registry.guarantee.explain import thing_words
from registry.places import TOWN_DIGITS, Town, in_town, towns
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.exports.gather import Selection
    from registry.store.engines import Store

_DECIMALS = 8
_FORMS = ("股份经济合作社", "经济合作社", "村民委员会", "村委员会", "委员会")


@dataclass(frozen=True, slots=True)
class Village:
    """A village on the map, by its short name, and the box around its parcels in degrees."""

    code: str
    name: str
    parcels: int
    area_mu: str
    bounds: tuple[float, float, float, float]


def villages_on_map(store: Store, connection: Connection) -> list[Village]:
    """Every village that has parcels today, with its extent; this reads every parcel."""
    parcels = of_registry(store, connection).parcels
    found = []
    for row in village_points(parcels).itertuples():
        here = parcels["village_code"] == row.village_code
        corners = to_lonlat(np.array([shapely.box(*parcels.geometry[here].total_bounds)]), REGISTER_CRS)
        west, south, east, north = (round(float(edge), 6) for edge in shapely.total_bounds(corners))
        name = short_name(store, row.village_name)
        bounds = (west, south, east, north)
        found.append(Village(row.village_code, name, row.parcels, f"{row.surveyed_mu:.2f}", bounds))
    return found


def short_name(store: Store, name: str) -> str:
    """A village as its people call it: without banner and town before it and the collective's form after it."""
    short = name.removeprefix(store.settings.banner_name)
    for town in towns().values():
        short = short.removeprefix(town.name)
    for form in _FORMS:
        short = short.removesuffix(form)
    return short or name


def features(store: Store, selection: Selection, *, highlighted: bool) -> list[dict[str, Any]]:
    """The parcels of a selection as GeoJSON features, each with the rights that lie on it."""
    lonlat = to_lonlat(selection.parcels.geometry.to_numpy(), REGISTER_CRS)
    rounded = shapely.transform(shapely.force_2d(lonlat), lambda degrees: np.round(degrees, _DECIMALS))
    rights: dict[str, list[dict[str, Any]]] = {}
    for row in selection.rights[selection.rights["right"].notna()].to_dict("records"):
        words = thing_words(row["right"])
        rights.setdefault(row["parcel_code"], []).append(
            {
                "zh": words.zh,
                "en": words.en,
                "area_mu": row["contract_area_mu"],
                "term": [row["term_start"], row["term_end"]],
                "extension_due": bool(row["extension_due"]),
                "restricted": bool(row["restricted"]),
                "let": bool(row["let"]),
            }
        )
    return [
        {
            "type": "Feature",
            "id": row["parcel_code"],
            "properties": {
                "code": row["parcel_code"],
                "land_use": row["land_use"],
                "zh": LAND_USE_STYLES[row["land_use"]].zh,
                "en": LAND_USE_STYLES[row["land_use"]].en,
                "village": short_name(store, row["village_name"]),
                "area_mu": row["surveyed_area_mu"],
                "area_m2": row["surveyed_area_m2"],
                "restricted": any(right["restricted"] for right in rights.get(row["parcel_code"], ())),
                "rights": rights.get(row["parcel_code"], []),
                "highlighted": highlighted,
            },
            "geometry": shapely.geometry.mapping(shape),
        }
        for row, shape in zip(
            selection.parcels.drop(columns="geometry").to_dict("records"), rounded.tolist(), strict=True
        )
    ]


def town_of(store: Store, connection: Connection, selection: Selection) -> Town | None:
    """The town in which the person of a selection is registered; None in a village, elsewhere, or without one."""
    if selection.person_id is None:
        return None
    row = residence.registration_at(
        connection, store.vault, selection.person_id, selection.valid_at, selection.head.size
    )
    if row is None or not in_town(row.division_code):
        return None
    town = towns().get(row.division_code[:TOWN_DIGITS])
    return None if town is None else Town(row.division_name, town.lonlat)
