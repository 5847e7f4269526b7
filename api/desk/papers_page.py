"""打印: how does a clerk print a sheet or a certificate with names, for a purpose that is written down: `/desk/papers`?

From a thing (a parcel, a right, a household, a case about them) with its codes filled in, or by a code that is typed. What may be
printed at which desk `registry.printing` says; the shift of the printer is the machine's own (`printer`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked
from api.answers import printing as answers
from api.desk.acting import at_desk, page
from api.desk.case_page import MOST_THINGS
from api.desk.named import whose_things
from api.desk.printer import file_of, keep_shift, shift_of
from api.desk.sent import sent_in
from api.media import PDF
from api.pages.navigation import sees_all
from api.problems import kind_of
from gis.errors import GisError
from gis.sheets import LARGEST_SHIFT_MM, adjustment_pdf
from registry import cases, parties, printing
from registry.accounts.authorise import lies_in
from registry.errors import SanquanError
from registry.exports.view import short_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from api.desk.sent import Sent
    from registry.cases import Actor
    from registry.store.engines import Store

router = APIRouter(include_in_schema=False)
PATH = "/desk/papers"
Thing = Annotated[str, Query(pattern=r"^[0-9a-f]{32}$")]
Things = Annotated[list[Thing] | None, Query(max_length=MOST_THINGS)]
ShortText = Annotated[str, Query(max_length=100)]
_TYPED = ("parcel", "household", "register", "certificate")
"""What can be printed by a code that is typed; a notice is its village's."""
_FIELDS_OF_SHIFT = ("向右挪", "向下挪")
"""As the page calls them; the sheet is in Chinese whatever the page's language."""
_VILLAGE = 12


@router.get(PATH)
def form(request: Request, thing: Things = None, sheet: ShortText = "", code: ShortText = "") -> Response:
    """What fits the things that are named, or by code; then the villages, certificates, the printer."""
    return _page(request, at_desk(request), tuple(dict.fromkeys(thing or ())), {"sheet": sheet, "code": code})


@router.post(PATH)
async def print_one(request: Request) -> Response:
    """One paper as PDF, with names; the row in the log of papers comes first."""
    actor = at_desk(request)
    sent = await sent_in(request)
    return await run_in_threadpool(_printed, request, actor, sent)


@router.post(f"{PATH}/test-page")
async def test_page(request: Request) -> Response:
    """The page by which a printer's shift is measured, printed with the shift that is typed, which this browser keeps."""
    actor = at_desk(request)
    sent = await sent_in(request)
    return await run_in_threadpool(_tested, request, actor, sent)


def _printed(request: Request, actor: Actor, sent: Sent) -> Response:
    paper, _, code = (
        sent.one("which").partition(" ") if sent.one("which") else (sent.one("sheet"), "", sent.one("code"))
    )
    given = {"sheet": paper, "code": code, "purpose": sent.one("purpose"), "spoiled": sent.one("spoiled")}
    try:
        word = asked.text("sheet", paper)
        order = printing.Order(
            word, code, given["purpose"], shift_of(request), spoiled=word == "certificate" and bool(given["spoiled"])
        )
        raw = answers.pdf(request.app.state.store, actor, order)
    except (SanquanError, GisError) as refusal:
        return _page(request, actor, tuple(sent.many("thing"))[:MOST_THINGS], given, refusal)
    return file_of(raw, PDF, f"{word}-{code}.pdf" if code.isascii() else f"{word}.pdf")


def _tested(request: Request, actor: Actor, sent: Sent) -> Response:
    try:
        across, down = (float(asked.text("shift", sent.one(name))) for name in ("shift_x", "shift_y"))
        raw = adjustment_pdf((across, down), _FIELDS_OF_SHIFT)
    except (SanquanError, GisError) as refusal:
        return _page(request, actor, (), {}, refusal)
    return keep_shift(request, file_of(raw, PDF, "test-page.pdf"), (across, down))


def _page(
    request: Request, actor: Actor, things: Sequence[str], given: Mapping[str, str], refusal: SanquanError | GisError | None = None
) -> Response:  # fmt: skip
    store = request.app.state.store
    with store.reading() as connection:
        about = cases.choices(store, connection, things).subjects if things else ()
        fits = printing.fitting(store, connection, actor, things) if things else []
        return page(
            request, connection, "desk_papers.html", actor, 200 if refusal is None else kind_of(refusal).status,
            about=about, fits=fits, printable=[each.id for each in about], given=given, refusal=refusal,
            whose=whose_things(store, connection, actor, [each.id for each in about]),
            kinds=printing.PAPERS, typed=_TYPED, shift=shift_of(request), most_mm=LARGEST_SHIFT_MM,
            villages=villages(store, connection, actor) if sees_all(request, f"GET {PATH}/certificates") else {},
        )  # fmt: skip


def villages(store: Store, connection: Connection, actor: Actor) -> dict[str, str]:
    """The villages (12 digits) in which this desk's role holds, each as its people call it."""
    every = {each.code[:_VILLAGE]: short_name(store, each.name) for each in reversed(parties.collectives(connection))}
    return {
        code: name for code, name in sorted(every.items())
        if not actor.within or any(lies_in(place, [code]) for place in actor.within)
    }  # fmt: skip
