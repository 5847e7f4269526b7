"""录老的流转: how do the leases of a village's ledger become cases, pasted from Excel or as a file: `/desk/leases`?

Every row is judged by the register before anything is opened; one faulty row, and none is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import plain
from api.desk.acting import at_desk, page
from api.desk.pasted import brought
from api.problems import kind_of
from registry import cases
from registry.cases import lease_list
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.desk.pasted import Brought
    from registry.cases import Actor
    from registry.cases.lease_list import Row

router = APIRouter(include_in_schema=False)
PATH = "/desk/leases"
_OPEN, _SUBMITTED = "open", "submitted"


@router.get(PATH)
def blank(request: Request) -> Response:
    """Where the ledger is pasted."""
    return _page(request, at_desk(request))


@router.post(PATH)
async def judge(request: Request) -> Response:
    """Each row's verdict; where that button was pressed and no row is at fault, a case for each, handed in."""
    actor = at_desk(request)
    sent = await brought(request)
    return await run_in_threadpool(_judged, request, actor, sent)


def _judged(request: Request, actor: Actor, sent: Brought) -> Response:
    store = request.app.state.store
    rows: Sequence[Row] = ()
    try:
        with sent.table() as path:
            rows = lease_list.read_leases(store, path)
        if sent.one("then") != _OPEN:
            return _page(request, actor, sent, rows)
        for case_id in cases.open_cases(store, actor, lease_list.drafts_of(rows)):
            cases.take(store, case_id, _SUBMITTED, actor, 1, {})
    except SanquanError as refusal:
        return _page(request, actor, sent, rows, refusal)
    return RedirectResponse("/desk", 303, plain.HEADERS)


def _page(
    request: Request, actor: Actor, sent: Brought | None = None, rows: Sequence[Row] = (), refusal: SanquanError | None = None
) -> Response:  # fmt: skip
    store = request.app.state.store
    with store.reading() as connection:
        return page(
            request, connection, "desk_leases.html", actor, 200 if refusal is None else kind_of(refusal).status,
            rows=rows, wrong=sum(bool(row.faults) for row in rows), refusal=refusal, columns=lease_list.HEADER,
            faults=() if rows else getattr(refusal, "faults", ()), pasted="" if sent is None else sent.texts.get("pasted", ""),
            from_file=sent is not None and bool(sent.content),
        )  # fmt: skip
