"""How does a paper or photograph come in as evidence over HTTP, and how is it opened again: `/v1/sources`?

Cleaned in a process of its own; cited by the hash of what is kept. What comes out is an attachment that nothing may keep, for a
purpose that is logged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked
from api.answers import evidence
from api.asked import FIELDS
from api.officers import at_the_desk
from api.v1 import evidence_models as models
from api.v1.documents import answered, ok, problems
from api.v1.token import token_required
from api.v1.uploads import form_of_one, one_file
from registry.evidence import keeping
from registry.evidence.limits import SUFFIXES

if TYPE_CHECKING:
    from registry.store.engines import Store

router = APIRouter(prefix="/v1/sources", tags=["evidence"], dependencies=[Depends(token_required)])
HashPath = Annotated[str, Path(description=f"{FIELDS['hash'].zh} / {FIELDS['hash'].en}", examples=[FIELDS["hash"].example])]
_TEXTS = ("kind", "dated", "about", "officer", "bureau")


@router.post(
    "",
    summary="存一份材料 / keep a paper or photograph",
    status_code=201,
    openapi_extra=form_of_one(*_TEXTS),
    responses={201: {"model": models.SourceTold, "description": "存下了 / kept"}, **problems(401, 413, 422, 503)},
)
async def keep(request: Request) -> Response:
    """`file` is a PDF, JPEG, PNG or TIFF by its content. What a camera or a program put in beside the pages is taken out; both
    hashes are told, that of the file as it came and that of what is kept and cited.
    """
    async with one_file(request, _TEXTS, optional=("about",)) as (content, said):
        told = await run_in_threadpool(_kept, request.app.state.store, content, said)
    return answered(told, 201)


@router.get("/{hash}", summary="一份材料 / a paper", responses={**ok(models.SourceTold), **problems(401, 422)})
def describe(request: Request, hash: HashPath) -> Response:  # noqa: A002  (the word of the address)
    """What it is, never what it is about or what stands in it."""
    store = request.app.state.store
    with store.reading() as connection:
        told = evidence.source(store, connection, asked.text("hash", hash))
    return answered(told, 200)


_OCTETS = "application/octet-stream"


@router.post(
    "/{hash}/content",
    summary="打开一份材料 / open a paper",
    responses={**ok(models.SourceBytes, _OCTETS), **problems(401, 413, 422, 503)},
)
def content(request: Request, hash: HashPath, wanted: models.SourceReading) -> Response:  # noqa: A002  (as above)
    """The file as an attachment, checked against its hash. Who opens it and for what is written down first."""
    name = asked.text("hash", hash)
    who = at_the_desk(wanted.officer, wanted.bureau)
    _, raw, media_type = keeping.read(request.app.state.store, who, name, wanted.purpose)
    suffix = ".bin" if media_type is None else SUFFIXES[media_type]
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name[:16]}{suffix}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    # Never under a type that a browser would show: what is kept can still be read wrongly by what opens it.
    return Response(raw, 200, headers, _OCTETS)


def _kept(store: Store, content: bytes, said: dict[str, str]) -> evidence.Answer:
    who = at_the_desk(said["officer"], said["bureau"])
    dated = asked.day(said["dated"], "day")
    piece = keeping.receive(store, who, content, kind=said["kind"], dated=dated, about=said["about"])
    with store.reading() as connection:
        return evidence.source(store, connection, piece.content_hash)

