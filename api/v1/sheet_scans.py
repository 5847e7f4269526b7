"""How does a signed sheet come back over HTTP, and which are still missing: `/v1/sheets/scans`, `/v1/sheets/notice/returned`?"""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked
from api.officers import at_the_desk
from api.v1 import models
from api.v1.answering import NoticeVillage
from api.v1.documents import answered, ok, problems
from api.v1.token import token_required
from api.v1.uploads import form_of_one, one_file
from registry.sheets.filing import file_scan, sheets_of

router = APIRouter(prefix="/v1/sheets", tags=["sheets"], dependencies=[Depends(token_required)])
_TEXTS = ("officer", "bureau")


@router.post(
    "/scans",
    summary="签过字的公示图表归档 / the scan of a signed sheet files itself",
    status_code=201,
    openapi_extra=form_of_one(*_TEXTS),
    responses={201: {"model": models.FiledSheets, "description": "归档了 / filed"}, **problems(401, 413, 422, 503)},
)
async def scan(request: Request) -> Response:
    """`file` is a PDF, JPEG, PNG or TIFF; which sheets it is, the codes on it say. The same scan twice is filed once."""
    async with one_file(request, _TEXTS) as (content, said):
        officer = at_the_desk(said["officer"], said["bureau"])
        filed = await run_in_threadpool(file_scan, request.app.state.store, officer, content)
    return answered({"filed": [{"code": one.code, "source": one.source, "again": one.again} for one in filed]}, 201)


@router.get(
    "/notice/returned",
    summary="哪些公示图表签回来了 / which sheets of a village's notices came back",
    responses={**ok(models.ReturnedSheets), **problems(401, 422)},
)
def returned(request: Request, village: NoticeVillage) -> Response:
    """Every sheet of notice that was made of a village, each with the hashes of the scans that came back; none: missing."""
    wanted = asked.text("village", village)
    store = request.app.state.store
    with store.reading() as connection:
        found = sheets_of(store, connection, wanted)
    return answered({"sheets": [{"code": code, "scans": [scan.source for scan in scans]} for code, scans in found]}, 200)

