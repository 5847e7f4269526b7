"""`/desk/supervision/person`: one petition, one person, once: everything that the register has of them, and for what it is read.

A purpose is asked each time, and stands in that person's 谁看过 before anything is shown. A name or a number travels in the form,
never in an address. Names are masked as for a desk; where somebody lives is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked, plain
from api.access import MOST_FIELDS
from api.acting import acting
from api.answers import one_person, persons
from api.media import PDF
from api.signed_in import caller, signed_in
from registry.accounts import proofs
from registry.cases import dossier_of
from registry.cases.inspecting import INSPECTS
from registry.listings.refusals import NothingListedError
from registry.papers import LONGEST_PURPOSE, PurposeMissingError
from registry.supervision.one_person import open_, search

if TYPE_CHECKING:
    from registry.errors import SanquanError
    from registry.store.engines import Store

router = APIRouter(include_in_schema=False)


@router.get("/desk/supervision/person")
def asking(request: Request, id: Annotated[str, Query(pattern="^([0-9a-f]{32})?$")] = "") -> Response:  # noqa: A002  (as an address has it)
    """The form: of whom, and for what."""
    return _page(request, {"id": id})


@router.post("/desk/supervision/person")
async def read(request: Request) -> Response:
    """One person; those of a name or number, where there are several or none."""
    return await run_in_threadpool(_read, request, await _form(request))


@router.post("/desk/supervision/dossier")
async def dossier(request: Request) -> Response:
    """卷宗 of the person, or of a case: masked, for the purpose that was stated."""
    return await run_in_threadpool(_dossier, request, await _form(request))


def _read(request: Request, sent: dict[str, str]) -> Response:
    actor, store = acting(signed_in(request).actor, INSPECTS), _store(request)
    purpose, person = sent.get("purpose", ""), sent.get("id", "")
    try:
        if not person:
            found = search(store, actor.officer, sent.get("asked", ""), purpose)
            if len(found) != 1:
                with store.reading() as connection:
                    several = persons.persons(store, connection, found)["persons"]
                return _page(request, sent, several=several)
            (person,) = found
        open_(store, actor.officer, person, purpose)
    except PurposeMissingError as refusal:
        return _page(request, sent, refusal, 422)
    with store.reading() as connection:
        told = one_person.everything(store, connection, person, asked.moment(store, connection, None, None))
    return _page(request, {"id": person, "purpose": purpose.strip()}, told=told)


def _dossier(request: Request, sent: dict[str, str]) -> Response:
    from registry.listings.dossier import dossier_of_person  # typesetting takes long to load

    actor, store, purpose = acting(signed_in(request).actor, INSPECTS), _store(request), sent.get("purpose", "")
    try:
        if sent.get("case"):
            pdf = dossier_of(store, sent["case"], actor, purpose, reader="desk")
        else:
            pdf = dossier_of_person(store, sent.get("id", ""), actor.officer, purpose, reader="desk")
    except (PurposeMissingError, NothingListedError) as refusal:
        return _page(request, {"id": sent.get("id", "")}, refusal, 422)
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="sanquan-dossier.pdf"'}
    return Response(pdf, 200, headers, PDF)


def _page(
    request: Request, sent: dict[str, str], refusal: SanquanError | None = None, status: int = 200,
    told: one_person.Answer | None = None, several: list[one_person.Answer] | None = None,
) -> Response:  # fmt: skip
    word, most = proofs.csrf(caller(request).token), LONGEST_PURPOSE
    return plain.page(
        request, "one_person.html", status, csrf=word, sent=sent, refusal=refusal, most=most, told=told, several=several
    )


async def _form(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: value[: LONGEST_PURPOSE + 1] for name, value in form.items() if isinstance(value, str)}


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store
