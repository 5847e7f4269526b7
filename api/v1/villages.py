"""What does anybody see of the land over HTTP: `/v1/villages`?

Nothing can be asked for: the answer is the same for everybody, so that many questions tell no more than one. It reads every parcel,
and is made once until a guarded thing changes, a day begins or the county's file is another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from api.answers import written
from api.answers.villages import villages
from api.v1 import models
from api.v1.documents import ok, problems
from registry.china import today
from registry.ledger.log import head_of
from registry.public_map import FILE

if TYPE_CHECKING:
    from registry.store.engines import Store

router = APIRouter(prefix="/v1/villages", tags=["parcels"])
GEOJSON = "application/geo+json"


@router.get("", summary="嘎查村 / villages", responses={**ok(models.Villages, GEOJSON), **problems(422, 503)})
def everybody(request: Request) -> Response:
    """Villages with names and counts, small counts hidden as in the statistics; outlines in coarse cells where the county
    shows them, broken into blocks. No parcel and no holder: a parcel is shown to everybody only once it is listed.
    """
    return Response(for_everybody(request), media_type=GEOJSON, headers={"Cache-Control": "no-cache"})


def for_everybody(request: Request) -> bytes:
    """The answer as it was made last, or made now. PublicMapError."""
    store: Store = request.app.state.store
    with store.reading() as connection:
        key = (head_of(store, connection).st, today(store), _written_by_the_county(store))
        kept: tuple[tuple[str, str, bytes], bytes] | None = getattr(request.app.state, "villages_for_all", None)
        if kept is None or kept[0] != key:
            kept = (key, written(villages(store, connection)))
            request.app.state.villages_for_all = kept
    return kept[1]


def _written_by_the_county(store: Store) -> bytes:
    path = store.settings.folder / FILE
    return path.read_bytes() if path.exists() else b""
