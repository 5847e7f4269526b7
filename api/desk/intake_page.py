"""收成果: how does a delivery go from the stick to the register at a desk: `/desk/deliveries`?

It is checked as `sanquan import --check` checks and registered as `sanquan import` registers, beside the service (`api.intakes`);
here it is dropped, told village by village, each fault shown where it lies, explanations decided, and its papers handed out.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import asked, media, plain
from api.access import MOST_FIELDS
from api.answers import deliveries
from api.desk.acting import at_desk, page
from api.desk.dropped import dropped
from api.intakes import IntakeNotFoundError, NothingDroppedError, TooManyIntakesError
from api.problems import kind_of
from registry import masks
from registry.delivery import decisions
from registry.delivery.exceptions import keep_exceptions
from registry.delivery.sheets import LastVerdictUnreadableError, is_returned, receipt_of, village_sheet, write_sheets
from registry.errors import SanquanError

if TYPE_CHECKING:
    from api.inspection_page import Drawing
    from api.intakes import Checked, Intake, Intakes
    from registry.cases import Actor
    from registry.delivery.report import ImportReport, VillageReport

router = APIRouter(include_in_schema=False)
PATH = "/desk/deliveries"
IntakeId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{32}$")]
VillageCode = Annotated[str, Path(pattern=r"^[0-9]{12}$")]
OneVillage = Annotated[str | None, Query(pattern=r"^[0-9]{12}$")]
FaultNumber = Annotated[int | None, Query(ge=0)]
_AROUND_M = 80.0
"""How much ground is shown around a fault, at least."""
_LONGEST_NAME = 100
_LONGEST_REASON = 2 * decisions.LONGEST_REASON


@router.get(PATH)
def overview(request: Request) -> Response:
    """Where a delivery is dropped, what lies at this desk, and what was registered before."""
    return _overview(request, at_desk(request))


@router.post(PATH)
async def drop(request: Request) -> Response:
    """A zip or the files of a folder; it is checked when its turn comes."""
    actor, intakes = at_desk(request), _intakes(request)
    try:
        async with dropped(request) as brought:
            intake = await run_in_threadpool(intakes.take_in, actor, *brought)
    except (NothingDroppedError, TooManyIntakesError, LastVerdictUnreadableError) as refusal:
        return await run_in_threadpool(_overview, request, actor, refusal)
    return _to(intake)


@router.get(f"{PATH}/{{intake}}")
def one(request: Request, intake: IntakeId) -> Response:
    """How far it is; then what differs from the register, village by village what passes, and what may be done."""
    actor = at_desk(request)
    return _one(request, actor, _intakes(request).get(actor, intake))


@router.post(f"{PATH}/{{intake}}/again")
def again(request: Request, intake: IntakeId) -> Response:
    """Check it once more."""
    return _begun(request, intake, check_only=True)


@router.post(f"{PATH}/{{intake}}/register")
def register(request: Request, intake: IntakeId, village: OneVillage = None) -> Response:
    """Register every village that passes, in one transaction, as an import does; or the one that is named alone."""
    return _begun(request, intake, check_only=False, only=frozenset() if village is None else frozenset((village,)))


@router.post(f"{PATH}/{{intake}}/aside")
def aside(request: Request, intake: IntakeId) -> Response:
    """Take it off the desk."""
    actor, intakes = at_desk(request), _intakes(request)
    intakes.put_aside(intakes.get(actor, intake))
    return RedirectResponse(PATH, 303, plain.HEADERS)


@router.post(f"{PATH}/{{intake}}/exceptions")
async def decide(request: Request, intake: IntakeId) -> Response:
    """Approve or refuse one explanation of this delivery, with a reason; it is kept first, as an import keeps it."""
    actor = at_desk(request)
    found = _intakes(request).get(actor, intake)
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        wanted, outcome, reason = (str(form.get(name, ""))[:_LONGEST_REASON] for name in ("exception", "outcome", "reason"))
    return await run_in_threadpool(_decided, request, actor, found, wanted, outcome, reason)


@router.post(f"{PATH}/{{intake}}/receipt")
async def receipt(request: Request, intake: IntakeId) -> Response:
    """接收回执 for who brought it, to be signed by both sides."""
    actor = at_desk(request)
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        by = str(form.get("by", ""))[:_LONGEST_NAME].strip()
    return await run_in_threadpool(_received, request, actor, intake, by)


@router.get(f"{PATH}/{{intake}}/returned")
def returned(request: Request, intake: IntakeId) -> Response:
    """For the surveyor: the 退件单 of each village that comes back, the faults as GeoPackage and workbook, and the verdict."""
    found, checked = _checked(request, intake)
    now, out = request.app.state.store.clock(), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with tempfile.TemporaryDirectory(prefix="sanquan-") as folder:
            back = replace(checked.report, villages=list(filter(is_returned, checked.report.villages)))
            for path in write_sheets(back, FilePath(folder), now, found.last):
                archive.write(path, path.name)
        for name, raw in checked.files:
            archive.writestr(name, raw)
    return _file(out.getvalue(), media.ZIP, "returned.zip")


@router.get(f"{PATH}/{{intake}}/villages/{{village}}")
def faults(request: Request, intake: IntakeId, village: VillageCode, fault: FaultNumber = None) -> Response:
    """The faults of a village, each with its places, tolerance and clause; the one that is asked for in the middle of the map."""
    actor = at_desk(request)
    found, checked = _checked(request, intake)
    report = _village(checked.report, village)
    drawn = checked.drawings[village]
    chosen = next((row for row in drawn.rows if row["number"] == fault), None)
    store = request.app.state.store
    with store.reading() as connection:
        return page(
            request, connection, "desk_faults.html", actor, scripts=("fault-view.js", "desk-faults.js"),
            intake=found, village=report, drawn=drawn, chosen=None if chosen is None else chosen["number"],
            box=_box(drawn, None if chosen is None else chosen["at"]), around=_AROUND_M, in_all=_counted(checked.report, village),
        )  # fmt: skip


@router.get(f"{PATH}/{{intake}}/villages/{{village}}/sheet")
def sheet(request: Request, intake: IntakeId, village: VillageCode) -> Response:
    """The 验收单 of a village that passed, or the 退件单 of one that comes back."""
    found, checked = _checked(request, intake)
    of = _village(checked.report, village)
    name = f"{'return' if is_returned(of) else 'acceptance'}-{of.code}.pdf"
    return _file(village_sheet(checked.report, of, request.app.state.store.clock(), found.last), media.PDF, name)


def _received(request: Request, actor: Actor, intake: str, by: str) -> Response:
    found, checked = _checked(request, intake)
    try:
        raw = receipt_of(checked.report, checked.rows, asked.text("by", by), request.app.state.store.clock())
    except SanquanError as refusal:
        return _one(request, actor, found, refusal)
    return _file(raw, media.PDF, "receipt.pdf")


def _overview(request: Request, actor: Actor, refusal: SanquanError | None = None) -> Response:
    store = request.app.state.store
    with store.reading() as connection:
        return page(
            request, connection, "desk_deliveries.html", actor, 200 if refusal is None else kind_of(refusal).status,
            scripts=("desk-drop.js",), mine=_intakes(request).of(actor), refusal=refusal,
            before=list(reversed(deliveries.deliveries(store, connection)["deliveries"])),
        )  # fmt: skip


def _one(request: Request, actor: Actor, intake: Intake, refusal: SanquanError | None = None) -> Response:
    store = request.app.state.store
    under_way, checked = intake.under_way, intake.checked  # in this order: what ends meanwhile has found something
    explained = [] if checked is None else [(each, _signer(each.sealed)) for each in checked.report.exceptions]
    with store.reading() as connection:
        return page(
            request, connection, "desk_delivery.html", actor, 200 if refusal is None else kind_of(refusal).status,
            intake=intake, under_way=under_way, checked=checked, explained=explained, refusal=refusal or intake.refusal,
            back=[] if checked is None else list(filter(is_returned, checked.report.villages)),
        )  # fmt: skip


def _signer(sealed: dict[str, str]) -> str:
    return masks.shown("name", sealed["signer"]) if sealed else ""


def _begun(request: Request, intake: str, *, check_only: bool, only: frozenset[str] = frozenset()) -> Response:
    actor, intakes = at_desk(request), _intakes(request)
    found = intakes.get(actor, intake)
    intakes.again(found, actor, check_only=check_only, only=only)
    return _to(found)


def _decided(request: Request, actor: Actor, intake: Intake, wanted: str, outcome: str, reason: str) -> Response:
    report = None if intake.checked is None else intake.checked.report
    told = [] if report is None else [each for each in report.exceptions if each.id == wanted]
    store = request.app.state.store
    try:
        if report is None or not told:
            raise decisions.ExplanationNotFoundError
        keep_exceptions(store, told)
        done = decisions.decide(store, actor.officer, wanted, approved=outcome == "approved", reason=reason)
    except SanquanError as refusal:
        return _one(request, actor, intake, refusal)
    said = "" if outcome == "approved" else reason.strip()
    report.exceptions = [replace(each, state=done.state, refusal=said) if each.id == wanted else each for each in report.exceptions]
    return _to(intake)


def _box(drawn: Drawing, at: tuple[float, float] | None) -> tuple[float, float, float, float] | None:
    """What the map shows at first, as SVG says it: around one fault, or all that lie somewhere; None where none does."""
    points = [row["at"] for row in drawn.rows if row["at"] is not None]
    if not points:
        return None
    shown = points if at is None else [at]
    (west, north), (east, south) = (tuple(map(which, zip(*shown, strict=True))) for which in (min, max))
    edge = max(_AROUND_M, 0.1 * (east - west), 0.1 * (south - north))
    return west - edge, north - edge, east - west + 2 * edge, south - north + 2 * edge


def _checked(request: Request, intake: str) -> tuple[Intake, Checked]:
    """What was found. IntakeNotFoundError, also where nothing was found yet."""
    found = _intakes(request).get(at_desk(request), intake)
    if found.checked is None:
        raise IntakeNotFoundError
    return found, found.checked


def _village(report: ImportReport, code: str) -> VillageReport:
    found = next((each for each in report.villages if each.code == code), None)
    if found is None:
        raise IntakeNotFoundError
    return found


def _counted(report: ImportReport, code: str) -> int:
    return sum(fault.village == code for fault in report.faults)


def _file(raw: bytes, media_type: str, name: str) -> Response:
    return Response(raw, 200, {**plain.HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}, media_type)


def _to(intake: Intake) -> Response:
    return RedirectResponse(f"{PATH}/{intake.id}", 303, plain.HEADERS)


def _intakes(request: Request) -> Intakes:
    intakes: Intakes = request.app.state.intakes
    return intakes
