"""`/desk/supervision/cosign`: what does a cosignature state, and how do the files go to the bureau's own program and back?

The page hands out the request as it stands on a stick, and takes back the note that the witness signed. It signs nothing: key and
program are the bureau's, on another machine (docs/witness.md).
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import media, plain
from api.access import MOST_FIELDS
from api.answers import ledger
from api.signed_in import caller
from registry import witnessing
from registry.accounts import proofs
from registry.accounts.refusals import NotSignedInError
from registry.witnessing import CosignatureRefusedError, NothingPublishedError

if TYPE_CHECKING:
    from registry.errors import SanquanError
    from registry.store.engines import Store

router = APIRouter(include_in_schema=False)
PATH = "/desk/supervision/cosign"
_LONGEST_NOTE = 64 << 10


@router.get(PATH)
def page(request: Request) -> Response:
    """What a signature states, how far each witness has signed, and the two ways of the files."""
    return _page(request)


@router.get(f"{PATH}/request")
def hand_out(request: Request) -> Response:
    """The request folder as an archive: for the bureau alone, its pairs link the entries of one right."""
    store, out = _store(request), io.BytesIO()
    try:
        with tempfile.TemporaryDirectory(prefix="sanquan-") as place, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            folder = Path(place) / "qingqiu"
            _, size = witnessing.write_out(store, folder)
            for file in sorted(folder.iterdir()):
                archive.write(file, f"qingqiu-{size}/{file.name}")
    except (CosignatureRefusedError, NothingPublishedError) as refusal:
        return _page(request, refusal)
    headers = {**plain.HEADERS, "Content-Disposition": f'attachment; filename="qingqiu-{size}.zip"'}
    return Response(out.getvalue(), 200, headers, media.ZIP)


@router.post(PATH)
async def take_back(request: Request) -> Response:
    """Keep the witness's line; the published checkpoint gets it where it is still that head."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        # A form sends each line with \r\n; a note has \n alone.
        note = str(form.get("note", ""))[:_LONGEST_NOTE].replace("\r\n", "\n").strip("\n") + "\n"
    store = _store(request)
    try:
        await run_in_threadpool(ledger.take, store, note)
    except CosignatureRefusedError as refusal:
        return await run_in_threadpool(_page, request, refusal)
    return RedirectResponse(PATH, 303, plain.HEADERS)


def _page(request: Request, refusal: SanquanError | None = None) -> Response:
    store, found = _store(request), caller(request)
    told = ledger.witnesses(store)
    return plain.page(
        request, "cosigning.html", 422 if refusal else 200, told=told, refusal=refusal, csrf=proofs.csrf(found.token)
    )  # fmt: skip


def _store(request: Request) -> Store:
    """The registry, where somebody signed in. NotSignedInError."""
    if not request.app.state.access.enforced():
        raise NotSignedInError
    store: Store = request.app.state.store
    return store
