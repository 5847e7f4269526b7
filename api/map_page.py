"""How does one look at the land in a browser: parcels by kind, one family lit up, and the line to the town?

`/map` has MapLibre out of its wheel. Nothing is asked from outside: no base map, no tiles, no fonts. It shows kinds, areas,
terms and whether a right is restricted; holders' and neighbours' names never. Without script the list beside the map says the same.

Who has no word on parcels, and asks about nothing in particular, has the map for everybody: villages with counts and outlines as
`/v1/villages` gives them, and no parcel.
"""

from __future__ import annotations

import math
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import shapely
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api import plain
from api.pages.legend import legend
from api.pages.navigation import sees_all
from api.v1.asker import Asking
from api.v1.villages import for_everybody
from gis.cartography import maplibre_layers, pattern_tiles
from gis.cartography.style import HIGHLIGHT
from registry.china import today
from registry.exports.gather import count_in_box, of_box, of_person, of_village, with_code
from registry.exports.view import features, town_of, villages_on_map
from registry.ledger.log import head_of
from registry.looks import keeping
from registry.parcels.box import box
from registry.places import towns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.exports.view import Village
    from registry.store.engines import Store

router = APIRouter()

MOST_PARCELS = 3_000
"""A view with more parcels than this is answered by their number alone."""
_LISTED = 500
"""Parcels in the list beside the map; a whole village is on the map and in its export."""
_PADDING = 0.02
_ASSETS = {
    "map.css": "text/css; charset=utf-8",
    "map.js": "text/javascript; charset=utf-8",
    "maplibre-gl.css": "text/css; charset=utf-8",
    "maplibre-gl.js": "text/javascript; charset=utf-8",
    "noto-sans-cjk.otf": "font/otf",
}
_IN_PACKAGES = {
    "maplibre-gl.css": ("maplibre", "srcjs/maplibre-gl.css"),
    "maplibre-gl.js": ("maplibre", "srcjs/maplibre-gl.js"),
    "noto-sans-cjk.otf": ("cvttf_NotoSansCJK_Regular", "NotoSansCJKtc-Regular.otf"),
}
"""What others made lies in their wheels and is served from there: package, place in it."""


@router.get("/map", response_class=HTMLResponse, include_in_schema=False)
def page(
    request: Request,
    by: Asking,
    person: Annotated[str, Query(max_length=64)] = "",
    village: Annotated[str, Query(max_length=14)] = "",
    code: Annotated[str, Query(max_length=28)] = "",
) -> HTMLResponse:
    """The page: of one family, one village, the parcels with a code (or its last digits), or the whole registry.

    `PersonNotFoundError` and `VillageNotFoundError` are answered by the one table of refusals.
    """
    store: Store = request.app.state.store
    if getattr(request.state, "for_everybody", False):
        return _page_for_everybody(request, store)
    known = _villages(request, store)
    family: list[dict[str, Any]] = []
    listed: list[dict[str, Any]] = []
    town = None
    title = (f"{store.settings.banner_name} 地图", f"{store.settings.banner_name} map")
    listing = ("找到的地块", "Parcels found")
    with store.reading() as connection:
        head = head_of(store, connection)
        if person:
            mine = of_person(store, connection, person)
            title, listing = (mine.title_zh, mine.title_en), ("这一户的地块", "Parcels of this household")
            town = town_of(store, connection, mine)
            family = listed = features(store, mine, highlighted=True)
        if code.strip():
            found = with_code(store, connection, code.strip())
            listed, listing = features(store, found, highlighted=False), ("找到的地块", "Parcels found")
        elif village and not person:
            whole = of_village(store, connection, village)
            title, listing = (whole.title_zh, whole.title_en), ("这个村的地块", "Parcels of this village")
            listed = features(store, whole, highlighted=False)
    if person:
        keeping.looked(store, by.officer, person, "map", by.purpose)
    elif village:
        keeping.listed(store, by.officer, village, "place-map", by.purpose)
    # A family sees its own land; what lies around it is drawn for whoever may see that, too.
    alone = not sees_all(request, "GET /map/parcels.geojson")
    extents = {each["id"]: shapely.geometry.shape(each["geometry"]).bounds for each in listed}
    data = {
        "bounds": _bounds(list(extents.values()), known, None if town is None else town.lonlat),
        "layers": maplibre_layers(),
        "tiles": pattern_tiles(),
        "highlight": HIGHLIGHT,
        "villages": [] if alone else [{"name": each.name, "bounds": each.bounds} for each in known],
        "family": family,
        "alone": alone,
        "listed": extents,
        "town": None if town is None else {"name": town.name, "lonlat": town.lonlat},
        "outlines": None,
    }
    return plain.page(
        request,
        "map.html",
        mapped=True,
        title=title,
        lies_in=sorted({each["properties"]["village"] for each in family}),
        person_id=person,
        alone=alone,
        code=code,
        legend=legend(),
        town=town,
        listing=listing,
        parcels=[each["properties"] for each in listed[:_LISTED]],
        count=len(listed),
        villages=[] if alone else known,
        valid_at=today(store),
        size=head.size,
        data=data,
    )


def _page_for_everybody(request: Request, store: Store) -> HTMLResponse:
    """Villages and their counts; outlines where the county shows them. PublicMapError."""
    answer = orjson.loads(for_everybody(request))
    outlined = [each for each in answer["features"] if each["geometry"]]
    boxes = [shapely.geometry.shape(each["geometry"]).bounds for each in outlined]
    data = {
        "bounds": _around(boxes),
        "layers": [each for each in maplibre_layers() if each.get("source") != "parcels"],
        "tiles": pattern_tiles(),
        "highlight": HIGHLIGHT,
        "villages": [
            {"name": each["properties"]["name"], "bounds": bounds} for each, bounds in zip(outlined, boxes, strict=True)
        ],
        "family": [],
        "alone": True,
        "listed": dict(zip((each["id"] for each in outlined), boxes, strict=True)),
        "town": None,
        "towns": [{"name": each.name, "lonlat": each.lonlat} for each in towns().values()],
        "outlines": "/v1/villages",
    }
    return plain.page(
        request,
        "map_for_everybody.html",
        mapped=True,
        banner=store.settings.banner_name,
        villages=[each["properties"] for each in answer["features"]],
        valid_at=answer["as_of"]["valid_at"],
        size=answer["as_of"]["known_at"],
        outlines=answer["outlines"],
        data=data,
    )


@router.get("/map/parcels.geojson", include_in_schema=False)
def parcels(request: Request, bbox: Annotated[str, Query(max_length=120)]) -> Response:
    """The parcels in a box "west,south,east,north" of EPSG:4490 as GeoJSON; too many: only `too_many`, their number.

    `BoxMalformedError` is answered by the one table of refusals.
    """
    store: Store = request.app.state.store
    wanted = box(bbox)
    with store.reading() as connection:
        found = count_in_box(store, connection, wanted)
        shown = [] if found > MOST_PARCELS else features(store, of_box(store, connection, wanted), highlighted=False)
    answer = {"type": "FeatureCollection", "too_many": found if found > MOST_PARCELS else 0, "features": shown}
    return Response(orjson.dumps(answer), media_type="application/geo+json", headers=plain.MAPPED)


@router.get("/map/assets/{name}", include_in_schema=False)
def asset(name: str) -> Response:
    """Scripts, styles and the font: ours out of this package, the others' out of theirs."""
    if name not in _ASSETS:
        return Response(status_code=404)
    headers = plain.MAPPED | {"Cache-Control": "no-cache"}
    return Response(_asset(name), media_type=_ASSETS[name], headers=headers)


@cache
def _asset(name: str) -> bytes:
    if name not in _IN_PACKAGES:
        return (resources.files("api") / "pages" / name).read_bytes()
    package, place = _IN_PACKAGES[name]
    # find_spec runs nothing of the package: importing MapLibre's would load its notebook parts, and warn.
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name=package)
    return (Path(spec.origin).parent / place).read_bytes()


def _villages(request: Request, store: Store) -> list[Village]:
    """The villages, read again only when a guarded thing has changed or a new day has begun."""
    with store.reading() as connection:
        key = (head_of(store, connection).st, today(store))
        kept: tuple[tuple[str, str], list[Village]] | None = getattr(request.app.state, "villages_on_map", None)
        if kept is None or kept[0] != key:
            kept = (key, villages_on_map(store, connection))
            request.app.state.villages_on_map = kept
    return kept[1]


def _bounds(
    extents: list[tuple[float, ...]], villages: list[Village], town: tuple[float, float] | None
) -> tuple[float, ...] | None:
    """What the page opens on: the parcels listed (and the town), else every village."""
    boxes = extents or [each.bounds for each in villages]
    return _around([*boxes, (*town, *town)] if boxes and town is not None else boxes)


def _around(boxes: Sequence[tuple[float, ...]]) -> tuple[float, ...] | None:
    """A box around boxes with some room; None around none."""
    if not boxes:
        return None
    west, south = (min(each[at] for each in boxes) for at in (0, 1))
    east, north = (max(each[at] for each in boxes) for at in (2, 3))
    pad = math.hypot(east - west, north - south) * _PADDING
    return west - pad, south - pad, east + pad, north + pad
