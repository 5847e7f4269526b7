"""How does a delivery come in, which were registered, what would taking one back end: `/v1/deliveries`, `/v1/withdrawals`?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.answers import deliveries
from api.officers import at_the_desk
from api.v1 import delivery_models as models
from api.v1 import models as forms
from api.v1.documents import answered, ok, problems
from api.v1.token import token_required
from api.v1.uploads import delivered, form_of_delivery
from registry.delivery.register import import_delivery

router = APIRouter(prefix="/v1", tags=["deliveries"])


CheckOnly = Annotated[bool, Query(description="只检查, 什么也不写 / check, and write nothing", examples=[True])]
Only = Annotated[
    list[deliveries.VillageCode] | None,
    Query(alias="village", description="只登记这些村, 各 12 位 / register these villages alone", examples=[["150626100210"]]),
]


@router.post(
    "/deliveries",
    summary="收成果 / take in a delivery",
    dependencies=[Depends(token_required)],
    openapi_extra=form_of_delivery(texts=("officer",)),
    responses={**ok(forms.DeliveryReport), **problems(401, 413, 422, 503)},
)
async def take_in(request: Request, check_only: CheckOnly = True, only: Only = None) -> Response:  # noqa: FBT002  (a word of the address)
    """The report that `sanquan import` gives: what differs from the register, village by village what passed, every fault.
    Only checked, unless `check_only=false`: then the villages that pass are registered in one transaction, by `officer`;
    with `village` those of them alone, and the others wait for another time.
    """
    async with delivered(request, texts=("officer",)) as (paths, said):
        who = at_the_desk(said["officer"], "农牧局")
        found = await run_in_threadpool(
            import_delivery, request.app.state.store, paths["files"], who, check_only=check_only, only=frozenset(only or ())
        )
    return answered(found.as_json())


@router.get(
    "/deliveries",
    summary="登记过的成果 / the deliveries that were registered",
    dependencies=[Depends(token_required)],
    responses={**ok(models.Deliveries), **problems(401, 422, 503)},
)
def every(request: Request) -> Response:
    """By content hash, oldest first: which villages, by which acts, and which of them were withdrawn since."""
    store = request.app.state.store
    with store.reading() as connection:
        return answered(deliveries.deliveries(store, connection))


@router.post(
    "/withdrawals/preview",
    summary="撤回成果会改什么 / what withdrawing a delivery would change",
    dependencies=[Depends(token_required)],
    responses={**ok(models.Withdrawal), **problems(401, 404, 409, 413, 422, 503)},
)
def preview(request: Request, sent: deliveries.WithdrawalIn) -> Response:
    """Of each village: what would end, which later act stops it, who moved since and must sign. Nothing is written: `case`
    goes into `POST /v1/cases`, with the reason.
    """
    return answered(deliveries.preview(request.app.state.store, sent))

