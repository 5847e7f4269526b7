"""What would withdrawing a registered delivery end, at a desk: `/desk/deliveries/registered/{delivery}`? The case does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import plain
from api.access import MOST_FIELDS
from api.answers import deliveries
from api.desk.acting import at_desk, page
from api.problems import kind_of
from registry import cases
from registry.errors import SanquanError
from registry.withdrawal import NothingToWithdraw

if TYPE_CHECKING:
    from registry.cases import Actor

router = APIRouter(include_in_schema=False)
PATH = "/desk/deliveries/registered/{delivery}"
ContentHash = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
OneVillage = Annotated[str | None, Query(pattern=r"^[0-9]{12}$")]
_LONGEST = 400


@router.get(PATH)
def preview(request: Request, delivery: ContentHash, village: OneVillage = None) -> Response:
    """Of each village: what would end, what stops it, who moved since and must sign. Nothing is written."""
    return _page(request, at_desk(request), deliveries.WithdrawalIn(delivery=delivery, village=village))


@router.post(PATH)
async def begin(request: Request, delivery: ContentHash, village: OneVillage = None) -> Response:
    """The case that withdraws it, a draft of this desk's, with the reason."""
    actor = at_desk(request)
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        reason = str(form.get("reason", ""))[:_LONGEST].strip()
    sent = deliveries.WithdrawalIn(delivery=delivery, village=village)
    return await run_in_threadpool(_begun, request, actor, sent, reason)


def _begun(request: Request, actor: Actor, sent: deliveries.WithdrawalIn, reason: str) -> Response:
    store = request.app.state.store
    try:
        found = deliveries.preview(store, sent)
        case = found["case"]
        if case is None:
            raise NothingToWithdraw([each["code"] for each in found["villages"]])
        said = {**case["request"], "reason": reason}
        case_id = cases.open_case(store, actor, case["kind"], subject=case["subject"], request=said)
    except SanquanError as refusal:
        return _page(request, actor, sent, reason, refusal)
    return RedirectResponse(f"/desk/cases/{case_id}", 303, plain.HEADERS)


def _page(
    request: Request, actor: Actor, sent: deliveries.WithdrawalIn, reason: str = "", refusal: SanquanError | None = None
) -> Response:
    store = request.app.state.store
    found = deliveries.preview(store, sent)
    with store.reading() as connection:
        return page(
            request, connection, "desk_withdrawal.html", actor, 200 if refusal is None else kind_of(refusal).status,
            found=found, village=sent.village, reason=reason, refusal=refusal,
        )  # fmt: skip
