"""Which official sheets are drawn over HTTP: masked for who may read, with names for who keeps the book: `/v1/sheets`.

Drawing takes a tenth of a second, of a whole banner some seconds: in a thread of its own, so that nobody waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request, Response

from api import asked
from api.acting import at_desk
from api.answers import printing
from api.media import PDF, ZIP
from api.signed_in import signed_in
from api.v1 import models
from api.v1.answering import Asked, Day, HouseholdCode, NoticeVillage, ParcelCode, Round, UnitCode
from api.v1.asker import Asking
from api.v1.documents import ok, problems
from api.v1.token import token_required
from gis.sheets import sheets_pdf
from registry import sheets
from registry.certificates import register_sheet
from registry.dossier import explanation_pdf, things_of_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from gis.sheets import Sheet
    from registry.sheets import AsOf

_VILLAGE = 12
router = APIRouter(prefix="/v1/sheets", tags=["sheets"])
_ANSWERS = {**ok(models.SheetPdf, PDF), **problems(304, 404, 422, 503)}
_NO_STORE = {"Cache-Control": "no-store"}


@router.get("/parcel", summary="地块示意图、宗地图 / the sheet of a parcel", responses=_ANSWERS)
def parcel(question: Asked, code: ParcelCode, by: Asking) -> Response:
    """A PDF of A4. Names are masked, local names and 四至 left out: with names by POST, and logged."""
    wanted = asked.text("code", code)
    return question.listed(_drawn(question, lambda at: sheets.of_parcel(at, wanted)), wanted[:_VILLAGE], "sheets", by)


@router.get("/household", summary="承包地块分布图 / all parcels of a household", responses=_ANSWERS)
def household(question: Asked, household: HouseholdCode, by: Asking) -> Response:
    """A PDF of A4, masked. The totals are the sums of the rows."""
    wanted = asked.text("household", household)
    return question.listed(_drawn(question, lambda at: sheets.of_household(at, wanted)), wanted, "sheets", by)


@router.get("/register", summary="登记簿摘录 / an extract of the register", responses=_ANSWERS)
def register(question: Asked, unit: UnitCode, by: Asking) -> Response:
    """A PDF of A4, masked: one contract, or one homestead. It says that who is not on it may still have a right."""
    wanted = asked.text("unit", unit)
    place = wanted[:-1] if wanted[:-1].isdecimal() else wanted[:_VILLAGE]
    return question.listed(_drawn(question, lambda at: [register_sheet(at, wanted)]), place, "sheets", by)


@router.get("/history", summary="情况说明 / an account of what was registered of a thing", responses=_ANSWERS)
def history(question: Asked, code: ParcelCode, by: Asking) -> Response:
    """A PDF of A4 to sign, masked: every act upon a parcel and what lies on it, a contract, a homestead or a list."""
    wanted = asked.text("code", code)

    def drawn(connection: Connection, at: asked.Moment) -> bytes:
        view = sheets.AsOf.of(question.store, connection, at.valid_at, at.known_at, reader="desk")
        return explanation_pdf(view, things_of_code(view, wanted))

    return question.listed(question.answer_bytes(drawn, PDF), wanted[:_VILLAGE], "sheets", by)


@router.get("/notice", summary="公示图和公示表 / a village's public notice", responses=_ANSWERS)
def notice(
    question: Asked,
    village: NoticeVillage,
    by: Asking,
    round: Round = 1,  # noqa: A002
    day: Day = None,
) -> Response:
    """A PDF of A4, masked. Its codes are not those of sheets that are put up: no signed scan files itself by them."""
    wanted = asked.text("village", village)
    begins = None if day is None else asked.day(day, "day")
    drawn = _drawn(question, lambda at: sheets.of_notice(at, wanted, round, begins or at.day))
    return question.listed(drawn, wanted, "sheets", by)


@router.get("/overview", summary="全旗登记地块一览图 / the banner on one sheet", responses=_ANSWERS)
def overview(question: Asked) -> Response:
    """A PDF of A4: registered land, no outline of a village."""
    return _drawn(question, sheets.of_banner)


@router.post(
    "",
    summary="打印一份, 带姓名 / one paper with names",
    dependencies=[Depends(token_required)],
    responses={**ok(models.SheetPdf, PDF), **problems(401, 403, 404, 413, 422, 429, 503)},
)
def named(request: Request, sent: printing.SheetOrder) -> Response:
    """For whoever signed in at the desk that keeps the book: a PDF of A4, logged with its purpose before it leaves."""
    actor = at_desk(signed_in(request).actor)
    return Response(printing.pdf(request.app.state.store, actor, sent.order()), 200, _NO_STORE, PDF)


@router.post(
    "/village",
    summary="一个村的图件或权证, 带姓名 / all sheets or certificates of a village, with names",
    dependencies=[Depends(token_required)],
    responses={**ok(models.SheetsZip, ZIP), **problems(401, 403, 404, 413, 422, 429, 503)},
)
def of_village(request: Request, sent: printing.VillageOrder) -> Response:
    """A zip, all or nothing, as `sanquan sheet village` and `sanquan certificate village` write it: one row of the log for all."""
    actor = at_desk(signed_in(request).actor)
    return Response(printing.archive(request.app.state.store, actor, sent.order()), 200, _NO_STORE, ZIP)


def _drawn(question: Asked, build: Callable[[AsOf], list[Sheet]]) -> Response:
    return question.answer_bytes(
        lambda connection, at: sheets_pdf(
            build(sheets.AsOf.of(question.store, connection, at.valid_at, at.known_at, reader="desk"))
        ),
        PDF,
    )
