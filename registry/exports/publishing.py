"""What do colleagues get instead of the live register: which dated, read-only file, with which layers?

The live file never leaves the server: QGIS would switch its journal, and a file on a Windows share freezes everyone
(users.md 1.11). What is published has no personal field at all, and no rights: parcels by land use and villages as
points, for the register knows no village boundary. It is for the office: precise coordinates over a large area are
not for the public (users.md 1.12).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis.formats import write_geopackage
from registry.exports.beside import provenance
from registry.exports.furnish import furnish
from registry.exports.gather import parcels_of
from registry.exports.project import qgis_project
from registry.exports.scope import registry_scope
from registry.exports.write import replacing, write_layer
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from registry.store.engines import Store

_READ_ONLY = 0o444


def publish(store: Store, folder: Path) -> Path:
    """Write `<banner code>-<YYYYMMDD>-<ledger size>.gpkg` and a QGIS project of the same name; give the former's path.

    The state is today's, as known now. Publishing the same state again replaces the two files. Raises
    `NothingToExportError`.
    """
    with store.reading() as connection:
        scope = registry_scope(store, connection)
    parcels = parcels_of(scope)
    settings = store.settings
    stem = f"{settings.banner_code}-{scope.valid_at.replace('-', '')}-{scope.head.size}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}.gpkg"
    with replacing(path) as unfinished:
        write_layer([scope], unfinished, layer="parcels")
        write_geopackage(village_points(parcels), unfinished, epsg=REGISTER_CRS, layer="villages")
        furnish(unfinished, provenance(scope), styled=("parcels",))
        unfinished.chmod(_READ_ONLY)
        project = unfinished.with_suffix(".qgs")
        title = f"{settings.banner_name} {scope.valid_at}"
        project.write_text(
            qgis_project(path.name, title, shapely.total_bounds(parcels.geometry)), encoding="utf-8"
        )
        project.chmod(_READ_ONLY)
    return path


def village_points(parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row a village: code, name, how many parcels, their surveyed 亩 added up, and a point amid them."""
    import geopandas as gpd
    import pandas as pd

    rows, points = [], []
    for (code, name), group in parcels.groupby(["village_code", "village_name"], sort=True):
        areas = group["surveyed_area_mu"]
        total = sum((Decimal(area) for area in areas[areas != ""]), Decimal(0))
        rows.append({"village_code": code, "village_name": name, "parcels": len(group), "surveyed_mu": float(total)})
        inside = shapely.get_coordinates(shapely.point_on_surface(group.geometry.to_numpy()))
        points.append(shapely.Point(np.median(inside, axis=0)))
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=np.array(points, dtype=object), crs=REGISTER_CRS)
