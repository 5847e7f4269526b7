"""What lies there, what would a line make of it, what differed on another day: the map beside the desk's forms?

`/desk/parcels` and `/desk/history` are pages that say it in words, without script too; the map of a form takes its parts out of
them. `/desk/map/…` answers the map alone. Nothing is written but who looked at 四至, once a day for each village.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked, media, plain
from api.answers import drawing, parcel_changes, parcels, written
from api.desk.acting import at_desk, page
from api.desk.land import of_parcels
from api.desk.offered import offered
from api.desk.sent import sent_in
from gis.cartography import LAND_USE_STYLES
from registry import china
from registry.accounts.authorise import lies_in
from registry.dossier import explain
from registry.law import causes
from registry.ledger.chain import read_chains
from registry.ledger.position import position
from registry.looks import keeping
from registry.parcels import read
from registry.parcels.box import Box, box
from registry.remarks import remarks_of
from registry.rights import read as rights
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi.responses import HTMLResponse
    from sqlalchemy.engine import Connection

    from registry.cases import Actor
    from registry.parcels.read import ParcelState
    from registry.store.engines import Store

router = APIRouter()
Thing = Annotated[str, Query(pattern=r"^[0-9a-f]{32}$")]
Things = Annotated[list[Thing], Query(min_length=1, max_length=20)]
BoxText = Annotated[str, Query(max_length=120)]
DayText = Annotated[str, Query(max_length=10)]
MOST_EXPLAINED = 20
MOST_SHOWN = 3_000
"""A view with more parcels than this is answered by that alone."""
_MARGIN_M = 300.0
_KEPT = "desk_four_sides"
_THING = re.compile(r"[0-9a-f]{32}")


@router.get("/desk/map/parcels", include_in_schema=False)
def around(request: Request, bbox: BoxText, on: DayText = "") -> Response:
    """The parcels of a day in a box "west,south,east,north" of EPSG:4490, with their ids; too many: none, and `too_many`."""
    store, actor, wanted = _store(request), at_desk(request), box(bbox)
    with store.reading() as connection:
        at = asked.moment(store, connection, on or None, None)
        found = parcels.parcels(connection, at, box=wanted, limit=MOST_SHOWN)
        if found["next"]:
            return _json({"type": "FeatureCollection", "too_many": True, "features": []})
        seen = [each for each in found["features"] if _within(actor, each["properties"])]
    return _json({"type": "FeatureCollection", "too_many": False, "features": seen})


@router.get("/desk/parcels", include_in_schema=False)
def chosen(request: Request, thing: Things) -> HTMLResponse:
    """What is registered of these parcels, who lies around the last of them, and which cases may begin about them."""
    store, actor = _store(request), at_desk(request)
    ids = list(dict.fromkeys(thing))
    with store.reading() as connection:
        drawing.refuse_elsewhere(connection, actor, ids)
        at = asked.moment(store, connection, None, None)
        states = [state for each in ids for state in read.by_id(connection, each, valid_at=at.valid_at, known_at=at.known_at)]
        if len(states) != len(ids):
            raise parcels.ParcelNotFoundError
        stands = all(state.status != "ended" for state in states)
        sides = parcels.neighbours(store, connection, ids[-1], at) if states[-1].status != "ended" else None
        answer = page(
            request, connection, "desk_parcels.html", actor,
            states=states, sides=sides, uses=LAND_USE_STYLES, lines=_lines(store, connection, ids, at),
            kinds=offered(actor, {"parcel"}) if stands else [], land=of_parcels(connection, ids, "", at.valid_at), printable=ids,
        )  # fmt: skip
    _looked(request, actor, states[-1:])
    return answer


@router.get("/desk/history", include_in_schema=False)
def history(request: Request, thing: Things, bbox: BoxText = "", a: DayText = "", b: DayText = "") -> HTMLResponse:
    """The register as of two days around these parcels (or in a box), both as known now: what differs, in words."""
    store, actor = _store(request), at_desk(request)
    with store.reading() as connection:
        drawing.refuse_elsewhere(connection, actor, thing)
        today = china.today(store)
        land = of_parcels(connection, thing, "", today)
        if land is None:
            raise parcels.ParcelNotFoundError
        first, second = sorted((asked.day(a or land.first, "day"), asked.day(b or today, "day")))
        days = parcel_changes.Days(first, second, position(connection).size)
        found = parcel_changes.changes(connection, days, box(bbox) if bbox else _box_of(land.parcels))
        if actor.within:
            found["parcels"] = [each for each in found["parcels"] if any(lies_in(place, [each["code"]]) for place in actor.within)]
            found["rights"] = [each for each in found["rights"] if any(lies_in(place, [each["code"]]) for place in actor.within)]
        return page(request, connection, "desk_history.html", actor, land=land, found=found, things=thing)


@router.post("/desk/explanation", include_in_schema=False)
async def explained(request: Request) -> Response:
    """情况说明 of these things as PDF, to sign: with a purpose names are whole, without one masked."""
    actor = at_desk(request)
    sent = await sent_in(request)
    things = [thing for thing in sent.many("thing")[:MOST_EXPLAINED] if _THING.fullmatch(thing)]
    return await run_in_threadpool(_explained, request, actor, things, sent.one("purpose"))


def _explained(request: Request, actor: Actor, things: Sequence[str], purpose: str) -> Response:
    store = _store(request)
    with store.reading() as connection:
        drawing.refuse_elsewhere(connection, actor, things)
    pdf = explain(store, actor.officer, things, purpose)
    return Response(pdf, 200, {**plain.HEADERS, "Content-Disposition": 'attachment; filename="explanation.pdf"'}, media.PDF)


@router.post("/desk/map/preview", include_in_schema=False)
def preview(request: Request, sent: drawing.ProposedIn) -> Response:
    """What a line would make: each part's 亩 and 四至 as words for the page, its shape for the map; nothing is written."""
    store, actor = _store(request), at_desk(request)
    with store.reading() as connection:
        found = drawing.proposed(store, connection, actor, sent, china.today(store))
        known = position(connection).size
        day = china.today(store)
        states = read.by_ids(connection, sent.parcels, valid_at=day, known_at=known)
    if found["parts"]:
        _looked(request, actor, states)
    told = plain.page(request, "desk_drawn.html", found=found, what=sent.what, states=states)
    return _json(
        {
            "line": found["line"],
            "lonlat": found["lonlat"],
            "place": found["place"],
            "good": found["plan"] is not None,
            "parts": [_feature(each) for each in found["parts"]],
            "html": bytes(told.body).decode(),
        }
    )


@router.post("/desk/map/measure", include_in_schema=False)
def measure(request: Request, sent: drawing.DrawnIn) -> Response:
    """The length of a line and the area within it, in words, on the register's grid. Nothing is kept."""
    at_desk(request)
    try:
        found = drawing.measured(sent)
    except drawing.CornersMalformedError as refusal:
        told = plain.page(request, "desk_measured.html", found=None, refusal=refusal)
        return _json({"line": sent.typed, "lonlat": [], "html": bytes(told.body).decode()})
    told = plain.page(request, "desk_measured.html", found=found, refusal=None)
    return _json({"line": found["line"], "lonlat": found["lonlat"], "html": bytes(told.body).decode()})


def _lines(store: Store, connection: Connection, ids: Sequence[str], at: asked.Moment) -> dict[str, list[dict[str, Any]]]:
    """The rights on each parcel: what they are called, contract area and term, 附记, and whether something lies on them."""
    found = rights.lines_on(connection, ids, valid_at=at.valid_at, known_at=at.known_at)
    heads = read_chains(connection, RIGHT, [line.right_id for line in found])
    words, said = causes.thing_words(), remarks_of(store, connection, heads, at.known_at)
    told: dict[str, list[dict[str, Any]]] = {}
    for line in found:
        burdened = heads[line.right_id][-1].columns["burdens"] not in ("", "[]")
        told.setdefault(line.parcel_id, []).append(
            {"word": words[line.thing], "line": line, "burdened": burdened, "remarks": said.get(line.right_id, ())}
        )
    return told


def _looked(request: Request, actor: Actor, states: Sequence[ParcelState]) -> None:
    """Who reads 四至 is written down before they leave: once a day for an account and a village, for a line is drawn click by
    click.
    """
    store = _store(request)
    kept: dict[tuple[str, str], str] = store.trees.setdefault(_KEPT, {})
    day = china.today(store)
    for place in sorted({parcels.village_of(state.code) for state in states}):
        if kept.get((actor.id, place)) != day:
            keeping.listed(store, actor.officer, place, "neighbours")
            kept[actor.id, place] = day


def _box_of(states: Sequence[ParcelState]) -> Box:
    bounds = [state.shape.bounds for state in states]
    west, south = (min(each[at] for each in bounds) - _MARGIN_M for at in (0, 1))
    east, north = (max(each[at] for each in bounds) + _MARGIN_M for at in (2, 3))
    return Box(west, south, east, north)


def _within(actor: Actor, properties: dict[str, Any]) -> bool:
    codes = (properties["code"], properties["village"]["code"] or "")
    return not actor.within or any(lies_in(place, codes) for place in actor.within)


def _feature(part: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"number": part["number"], "mu": part["mu"]}, "geometry": part["geometry"]}


def _json(answer: dict[str, Any]) -> Response:
    return Response(written(answer), media_type="application/json", headers=plain.HEADERS)


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store
