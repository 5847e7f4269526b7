"""What does anybody see of the villages: names, counts, an outline where the county shows outlines?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import shapely

from api.asked import Moment
from gis.cartography import LAND_USE_STYLES
from registry import masks
from registry.china import today
from registry.ledger.log import head_of
from registry.public_map import public_villages, shown_on
from registry.statistics.sheet import LEGEND

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.public_map import PublicVillage
    from registry.store.engines import Store

Answer = dict[str, Any]


def villages(store: Store, connection: Connection) -> Answer:
    """Every village as a GeoJSON feature, the same for whoever asks; no box, no zoom and no day can be asked for.

    PublicMapError where the county's file is malformed.
    """
    day = dt.date.fromisoformat(today(store))
    shown, limits = shown_on(store.settings.folder, day), masks.limits_on(day)
    found = public_villages(store, connection, outlined=shown is not None)
    size = head_of(store, connection).size
    return {
        "type": "FeatureCollection",
        "as_of": Moment(day.isoformat(), size, size).facts(),
        "sketch": {"zh": "示意图，不作权属依据", "en": "a sketch: not evidence of any right"},
        "hidden": {"zh": LEGEND[0], "en": LEGEND[1]},
        "outlines": {
            "shown": shown is not None,
            "approval_number": shown.approval_number if shown else "",
            "precision_m": limits.precision_m,
            "unbroken_km2": limits.unbroken_km2,
            "rule": masks.OUTLINES,
        },
        "features": [_feature(village) for village in found],
    }


def _feature(village: PublicVillage) -> Answer:
    uses = [
        {
            "land_use": use.land_use,
            "zh": LAND_USE_STYLES[use.land_use].zh,
            "en": LAND_USE_STYLES[use.land_use].en,
            "households": use.households,
            "area_mu": use.area_mu,
        }
        for use in village.uses
    ]
    return {
        "type": "Feature",
        "id": village.code,
        "properties": {"code": village.code, "name": village.name, "uses": uses},
        "geometry": None if village.outline is None else shapely.geometry.mapping(village.outline),
    }
