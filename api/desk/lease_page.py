"""录老的流转: how do the leases of a village's ledger become cases, pasted from Excel or as a file: `/desk/leases`?

Every row is judged by the register before anything is opened; one faulty row, and none is, or by a button of its own those
without a fault. What is wrong can be taken away as a table.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import media, plain
from api.desk.acting import at_desk, page
from api.desk.pasted import block_of, brought, rows_of
from api.problems import kind_of
from registry import cases
from registry.cases import lease_list, lease_table
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.desk.pasted import Brought
    from registry.cases import Actor
    from registry.cases.lease_list import Row
    from registry.store.engines import Store

router = APIRouter(include_in_schema=False)
PATH = "/desk/leases"
_OPEN, _GOOD, _FAULTS = "open", "good", "faults"
_SUBMITTED = "submitted"
_AS_FILE = {**plain.HEADERS, "Content-Disposition": 'attachment; filename="leases-faults.csv"'}


@router.get(PATH)
def blank(request: Request) -> Response:
    """Where the ledger is pasted."""
    return _page(request, at_desk(request))


@router.post(PATH)
async def judge(request: Request) -> Response:
    """Each row's verdict; by the button that was pressed what is wrong as a table, or a case for each row, handed in."""
    actor = at_desk(request)
    sent = await brought(request)
    return await run_in_threadpool(_judged, request, actor, sent)


def _judged(request: Request, actor: Actor, sent: Brought) -> Response:
    store, then = request.app.state.store, sent.one("then")
    rows: Sequence[Row] = ()
    try:
        with sent.table() as path:
            rows = lease_list.read_leases(store, path)
        if then == _FAULTS:
            return Response(lease_list.sheet(rows), 200, _AS_FILE, media.CSV)
        if then not in {_OPEN, _GOOD}:
            return _page(request, actor, sent, rows)
        drafted = lease_list.open_leases(store, actor, rows, only_good=then == _GOOD)
    except SanquanError as refusal:
        return _page(request, actor, sent, rows, refusal)
    opened, left = _handed_in(store, actor, drafted), [row for row in rows if row.faults]
    if left:
        return _page(request, actor, _only(sent, left), left, opened=opened, drafts=len(drafted) - opened)
    if opened < len(drafted):
        return _page(request, actor, opened=opened, drafts=len(drafted) - opened)
    return RedirectResponse(f"/desk?opened={opened}", 303, plain.HEADERS)


def _handed_in(store: Store, actor: Actor, drafted: Sequence[str]) -> int:
    """How many could be handed in: whose thing moved in between stays its author's draft."""
    opened = 0
    for case_id in drafted:
        with suppress(SanquanError):
            cases.take(store, case_id, _SUBMITTED, actor, 1, {})
            opened += 1
    return opened


def _only(sent: Brought, left: Sequence[Row]) -> Brought:
    """What was pasted without the rows that are cases now: what stays is to be mended."""
    if sent.content:
        return sent
    header, *lines = rows_of(sent.texts["pasted"])
    return replace(sent, texts={"pasted": block_of([header, *(lines[row.number - 2] for row in left)])})


def _page(
    request: Request, actor: Actor, sent: Brought | None = None, rows: Sequence[Row] = (), refusal: SanquanError | None = None,
    opened: int = 0, drafts: int = 0,
) -> Response:  # fmt: skip
    store = request.app.state.store
    with store.reading() as connection:
        asked = any(row.case for row in rows)
        seen = {case.id for case in cases.visible(store, connection, actor)} if asked else set[str]()
        return page(
            request, connection, "desk_leases.html", actor, 200 if refusal is None else kind_of(refusal).status,
            rows=rows, wrong=sum(bool(row.faults) for row in rows), refusal=refusal, columns=lease_table.HEADER, opened=opened,
            drafts=drafts, seen=seen,
            faults=() if rows else getattr(refusal, "faults", ()), pasted="" if sent is None else sent.texts.get("pasted", ""),
            from_file=sent is not None and bool(sent.content),
        )  # fmt: skip
