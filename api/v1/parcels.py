"""Which parcels are there, where, and what happened to one: `/v1/parcels`."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Depends, Response
from starlette.concurrency import run_in_threadpool

from api import asked
from api.answers import parcel_changes, parcels
from api.v1 import answering, models
from api.v1.answering import GEOJSON, After, Asked, BoxText, Code, Crs, Limit, ParcelPath, Since, Village, WantedBox
from api.v1.asker import Asking
from api.v1.documents import ok, problems
from api.v1.token import token_required
from registry.parcels.box import box as read_box

router = APIRouter(prefix="/v1/parcels", tags=["parcels"])


@router.get(
    "",
    summary="查地块 / parcels by code, village or box",
    responses={**ok(models.ParcelPage, GEOJSON), **problems(304, 422)},
)
async def page(
    *,
    question: Asked,
    code: Code = None,
    village: Village = None,
    bbox: BoxText = None,
    crs: Crs = "EPSG:4490",
    after: After = None,
    limit: Limit = 100,
) -> Response:
    """A GeoJSON FeatureCollection in the order of ids. A box may also give a parcel that just misses it.

    With `code` the other filters are not looked at, and ended parcels are shown too.
    """
    code = None if code is None else asked.text("code", code)
    where = answering.village(village), answering.box(bbox, crs), answering.after(after)
    return question.answer(
        lambda c, at: parcels.parcels(c, at, code=code, village=where[0], box=where[1], after=where[2], limit=limit),
        GEOJSON,
    )


@router.get(
    "/topology",
    summary="全库拓扑 / overlaps and gaps among all parcels",
    dependencies=[Depends(token_required)],
    responses={**ok(models.ParcelTopology), **problems(304, 401, 422)},
)
def topology(question: Asked) -> Response:
    """Every piece of land that two parcels share or that lies in none between them, and what lies below the tolerance,
    counted. It takes as long as the register is large; whoever asks meanwhile does not wait for it.
    """
    return question.answer(parcels.topology)


@router.get(
    "/changes",
    summary="两天之间哪里不同 / what differs between two days",
    responses={**ok(models.ParcelChanges), **problems(304, 422)},
)
async def changes(question: Asked, since: Since, bbox: WantedBox, crs: Crs = "EPSG:4490") -> Response:
    """Parcels and rights of a box as of `since` and as of `valid_at`, both as known at one moment; too many: none of them."""
    day, where = asked.day(since, "since"), read_box(bbox, asked.CRSS[crs])
    return question.answer(lambda c, at: parcel_changes.between(c, day, at, where))


@router.get(
    "/{parcel}",
    summary="一块地和它的历史 / one parcel with its history",
    responses={**ok(models.ParcelAnswer, GEOJSON), **problems(304, 404, 422)},
)
async def one(question: Asked, parcel: ParcelPath) -> Response:
    """A GeoJSON Feature; `history` has each stretch of time with the act that made it."""
    wanted = asked.text("parcel", parcel)
    return question.answer(lambda c, at: parcels.parcel(c, wanted, at), GEOJSON)


@router.get(
    "/{parcel}/neighbours",
    summary="四至 / who lies to the east, south, west and north",
    responses={**ok(models.FourSides), **problems(304, 404, 422, 503)},
)
async def neighbours(question: Asked, by: Asking, parcel: ParcelPath) -> Response:
    """As the survey recorded them, and written from the shapes and holders of the day; names masked."""
    wanted = asked.text("parcel", parcel)
    answered = question.answer(lambda c, at: parcels.neighbours(question.store, c, wanted, at))
    place = parcels.village_of(orjson.loads(answered.body)["code"]) if answered.status_code == answering.OK else ""
    return await run_in_threadpool(question.listed, answered, place, "neighbours", by)
