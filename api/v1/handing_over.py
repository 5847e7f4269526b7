"""Which papers and packages change hands with a delivery over HTTP: `/v1/jobs`, `/v1/receipts`, `/v1/village-sheets`?

The same bytes as the commands make. What is uploaded lies in a folder that is gone with the answer; people are shown masked.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from api import media
from api.answers.handing_over import JobIn
from api.v1 import delivery_models, models
from api.v1.documents import ok, problems
from api.v1.token import token_required
from api.v1.uploads import delivered, form_of_delivery
from registry.delivery.inspection import inspect_delivery
from registry.delivery.job import read_job
from registry.delivery.register import import_delivery
from registry.delivery.sheets import read_last, write_sheets
from registry.delivery.sheets import receipt as receipt_of
from registry.exports.job import make_job
from registry.ledger.commit import Officer

if TYPE_CHECKING:
    import datetime as dt

    from registry.delivery.job import Job
    from registry.store.engines import Store

router = APIRouter(prefix="/v1", tags=["handing over"], dependencies=[Depends(token_required)])
_OF_UPLOADS = problems(401, 413, 422, 503)


@router.post(
    "/jobs",
    summary="任务包 / a job package for a surveyor",
    responses={**ok(delivery_models.Archive, media.ZIP), **problems(401, 404, 413, 422, 503)},
)
def job(request: Request, sent: JobIn) -> Response:
    """Parcels, code lists, CRS, rules and deadline as one zip; nothing in it names a person. `ETag` is the package's digest."""
    with tempfile.TemporaryDirectory(prefix="sanquan-") as folder:
        made = make_job(request.app.state.store, sent.villages, sent.deadline, Path(folder) / "job.zip")
        return _file(made.path.read_bytes(), media.ZIP, "job.zip", {"ETag": f'"{made.digest}"'})


@router.post(
    "/receipts",
    summary="成果接收回执 / the receipt of a delivery",
    openapi_extra=form_of_delivery("job", texts=("by",)),
    responses={**ok(models.SheetPdf, media.PDF), **_OF_UPLOADS},
)
async def receipt(request: Request) -> Response:
    """What was handed over, by whom (`by`), under which job (`job`, its zip): content hash, rows, rules, digest of the verdict."""
    now = request.app.state.store.clock()
    async with delivered(request, {"job": ".zip"}, ("by",)) as (paths, said):
        raw = await run_in_threadpool(_receipt, paths, said["by"], now)
    return _file(raw, media.PDF, "receipt.pdf")


@router.post(
    "/village-sheets",
    summary="验收单和退件单 / an acceptance or return sheet for each village",
    openapi_extra=form_of_delivery("last"),
    responses={**ok(delivery_models.Archive, media.ZIP), **_OF_UPLOADS},
)
async def village_sheets(request: Request) -> Response:
    """A zip with one PDF a village, by the rules, the register and what the bureau decided; nothing is written.

    `last`, the verdict of the last time (JSON), makes known what is mended, still there and new.
    """
    async with delivered(request, {"last": ".json"}) as (paths, _said):
        raw = await run_in_threadpool(_sheets, request.app.state.store, paths)
    return _file(raw, media.ZIP, "sheets.zip")


def _receipt(paths: dict[str, Path], by: str, now: dt.datetime) -> bytes:
    given: Job | None = read_job(paths["job"]) if "job" in paths else None
    found = inspect_delivery(paths["files"], now, None, frozenset() if given is None else given.exceptions)
    return receipt_of(found, by, now, "" if given is None else given.digest)


def _sheets(store: Store, paths: dict[str, Path]) -> bytes:
    last = read_last(paths["last"]) if "last" in paths else None
    report = import_delivery(store, paths["files"], Officer("", ""), check_only=True)
    out = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="sanquan-") as folder, zipfile.ZipFile(out, "w") as archive:
        for path in write_sheets(report, Path(folder), store.clock(), last):
            archive.write(path, path.name)
    return out.getvalue()


def _file(raw: bytes, media_type: str, name: str, headers: dict[str, str] | None = None) -> Response:
    told = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"', **(headers or {})}
    return Response(raw, 200, told, media_type)
