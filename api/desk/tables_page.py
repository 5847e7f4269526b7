"""报表与核对: the office's tables and packages at a desk: `/desk/tables`.

The same functions as the commands and `/v1`: compared with the authoritative book, a payment list checked, the six 汇总表, the
hand-in, job packages, exports. What takes long is made beside the service (`api.jobs`), and its page says how far it is.
"""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api import asked, media, plain
from api.access import MOST_FIELDS, MOST_FIELDS_BESIDE, MOST_FILES
from api.answers.exports import ExportIn, scope_of
from api.desk.acting import at_desk, opens, page
from api.desk.pasted import SUFFIXES, brought
from api.jobs import Export, HandIn, Kept, SubsidyList
from api.problems import kind_of
from api.v1.uploads import uploaded_with
from gis.errors import GisError
from registry import comparison, papers, parties, subsidies
from registry.blank_tables import SETS
from registry.comparison import dump
from registry.comparison.books import BOOKS
from registry.comparison.sheet import KINDS
from registry.delivery.part_names import NAMES
from registry.errors import SanquanError
from registry.exports.job import make_job
from registry.looks.keeping import listed
from registry.same_person import one_person
from registry.subsidies.model import SETTLED, STATES
from registry.ways_out import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.desk.pasted import Brought
    from api.jobs import Job, Jobs
    from registry.cases import Actor

router = APIRouter(include_in_schema=False)
PATH = "/desk/tables"
MadeId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{32}$")]
ComparisonId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
MOST_LINES = 500
"""Of a table on a page; all of it is in the file."""
_LONGEST = 400
_MEDIA = {**media.TABLES, "zip": media.ZIP}
_MAY = {
    "compare": "POST /v1/comparisons", "subsidies": "POST /v1/subsidy-checks", "summaries": "GET /v1/summaries",
    "hand_in": "POST /v1/hand-ins", "job": "POST /v1/jobs", "export": "POST /v1/exports", "deliveries": "GET /desk/deliveries",
}  # fmt: skip


@router.get(PATH)
def overview(request: Request) -> Response:
    """What may be asked for, and what lies here already."""
    return _overview(request, at_desk(request))


@router.post(f"{PATH}/comparisons")
async def compare(request: Request) -> Response:
    """Compare with an export of the authoritative book; what was found has a page of its own."""
    actor = at_desk(request)
    try:
        async with uploaded_with(request, MOST_FILES, (*dump.SUFFIXES, ".cpg", ".zip"), ("csrf",)) as (paths, _):
            found = await run_in_threadpool(comparison.compare, request.app.state.store, paths)
    except SanquanError as refusal:
        return await run_in_threadpool(_overview, request, actor, {}, refusal)
    return _to(f"{PATH}/comparisons/{found['id']}")


@router.get(f"{PATH}/comparisons/{{comparison}}")
def compared(request: Request, comparison: ComparisonId) -> Response:
    """A comparison as it was found: counts first, then each line, the book's value beside ours."""
    return _compared(request, at_desk(request), comparison)


@router.post(f"{PATH}/subsidies")
async def check(request: Request) -> Response:
    """Check a payment list before it is paid."""
    actor = at_desk(request)
    sent = await brought(request)
    return await run_in_threadpool(_checked, request, actor, sent)


@router.post(f"{PATH}/jobs")
async def job(request: Request) -> Response:
    """A job package for a surveyor."""
    actor = at_desk(request)
    async with request.form(max_files=0, max_fields=MOST_FIELDS_BESIDE) as form:
        villages = [each for each in form.getlist("villages") if isinstance(each, str)]
        said = {"deadline": str(form.get("deadline", ""))[:_LONGEST]}
    return await run_in_threadpool(_packed, request, actor, villages, said)


@router.post(f"{PATH}/exports")
async def export(request: Request) -> Response:
    """Start an export."""
    actor = at_desk(request)
    said = await _said(request, "village", "format", "encoding", "purpose")
    return await run_in_threadpool(_exported, request, actor, said)


@router.post(f"{PATH}/hand-ins")
async def hand_in(request: Request) -> Response:
    """Start a hand-in, names included, for a purpose that is written down."""
    actor = at_desk(request)
    said = await _said(request, "purpose")
    return await run_in_threadpool(_handed_in, request, actor, said["purpose"])


@router.get(f"{PATH}/made/{{made}}")
def made(request: Request, made: MadeId) -> Response:
    """How far it is, and then what there is to fetch; of a payment list each line with its verdict."""
    actor, jobs = at_desk(request), _jobs(request)
    job = jobs.mine(Kept, actor.id, made)
    with request.app.state.store.reading() as connection:
        if isinstance(job, SubsidyList):
            lines = sorted(job.found.lines, key=lambda line: line.state in SETTLED)
            return page(
                request, connection, "desk_subsidies.html", actor, made=job, check=job.found, lines=lines[:MOST_LINES],
                states=STATES, settled=SETTLED, most=MOST_LINES,
            )  # fmt: skip
        under_way = job.expires is None  # before it is written: what ends meanwhile has ended
        return page(request, connection, "desk_made.html", actor, made=job, under_way=under_way, what=_named(job), part_names=NAMES)


@router.get(f"{PATH}/made/{{made}}/sheet")
def sheet(request: Request, made: MadeId, form: Annotated[Literal["xlsx", "csv"], Query()] = "xlsx") -> Response:
    """The 补贴核对表 of a list that was checked here."""
    found = _jobs(request).mine(SubsidyList, at_desk(request).id, made).found
    return _file(subsidies.sheet(found, form), form, f"subsidies-{found.year}.{form}")


def _compared(request: Request, actor: Actor, comparison_id: str) -> Response:
    store = request.app.state.store
    with store.reading() as connection:
        found = comparison.read_comparison(store, connection, comparison_id)
        listed(store, actor.officer, "", "list-check", "与权威登记簿核对")
        return page(
            request, connection, "desk_comparison.html", actor, found=found, lines=found["differences"][:MOST_LINES],
            most=MOST_LINES, kinds=KINDS,
        )  # fmt: skip


def _checked(request: Request, actor: Actor, sent: Brought) -> Response:
    store = request.app.state.store
    try:
        with sent.table() as path:
            found = subsidies.check_list(store, path, one_person)
    except SanquanError as refusal:
        return _overview(request, actor, sent.texts, refusal)
    listed(store, actor.officer, "", "list-check", "补贴核对表")
    return _to(f"{PATH}/made/{_jobs(request).keep(SubsidyList(account=actor.id, found=found)).id}")


def _packed(request: Request, actor: Actor, villages: Sequence[str], said: dict[str, Any]) -> Response:
    try:
        codes, due = [asked.text("village", code) for code in villages], asked.day(said["deadline"], "deadline")
        if not codes:
            raise asked.InputError(asked.FIELDS["village"])
        with tempfile.TemporaryDirectory(prefix="sanquan-") as folder:
            package = make_job(request.app.state.store, codes, due, FilePath(folder) / "job.zip")
            return _file(package.path.read_bytes(), "zip", "job.zip")
    except (SanquanError, GisError) as refusal:
        return _overview(request, actor, {**said, "villages": villages}, refusal)


def _exported(request: Request, actor: Actor, said: dict[str, str]) -> Response:
    store = request.app.state.store
    try:
        asked.text("village", said["village"])
        try:
            sent = ExportIn.model_validate({name: said[name] for name in ("village", "format", "encoding")})
        except ValidationError as malformed:
            raise asked.InputError(asked.FIELDS[str(malformed.errors()[0]["loc"][-1])]) from None
        scope = scope_of(store, sent)
        listed(store, actor.officer, said["village"], "place-export", said["purpose"])
        return _started(request, Export(account=actor.id, sent=sent, scope=scope))
    except (SanquanError, GisError) as refusal:
        return _overview(request, actor, said, refusal)


def _handed_in(request: Request, actor: Actor, purpose: str) -> Response:
    try:
        papers.stated(purpose)
        return _started(
            request, HandIn(account=actor.id, store=request.app.state.store, officer=actor.officer, purpose=purpose)
        )
    except SanquanError as refusal:
        return _overview(request, actor, {"hand_in": purpose}, refusal)


def _started(request: Request, job: Job) -> Response:
    return _to(f"{PATH}/made/{_jobs(request).start(job).id}")


def _overview(
    request: Request, actor: Actor, given: Mapping[str, Any] | None = None, refusal: SanquanError | GisError | None = None
) -> Response:
    with request.app.state.store.reading() as connection:
        may = {word: opens(request, route) for word, route in _MAY.items()}
        return page(
            request, connection, "desk_tables.html", actor, 200 if refusal is None else kind_of(refusal).status,
            may=may, past=comparison.past(connection) if may["compare"] else [], refusal=refusal,
            faults=getattr(refusal, "faults", ()), given=given or {}, formats=FORMATS, suffixes=",".join(SUFFIXES),
            compared_with=BOOKS, tables=SETS,
            villages={each.code: each.name for each in parties.collectives(connection)},
            mine=[(each, _named(each)) for each in _jobs(request).of(actor.id)],
        )  # fmt: skip


def _named(job: Kept) -> tuple[str, str]:
    """What a job makes, in words."""
    if isinstance(job, Export):
        return f"导出 {job.sent.format} {job.scope.title_zh}", f"export {job.sent.format} {job.scope.title_en}"
    if isinstance(job, SubsidyList):
        return f"补贴核对表 {job.found.year}", f"payment list {job.found.year}, checked"
    return "汇交包", "hand-in"


async def _said(request: Request, *names: str) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: str(form.get(name, ""))[:_LONGEST].strip() for name in names}


def _file(raw: bytes, form: str, name: str) -> Response:
    return Response(raw, 200, {**plain.HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}, _MEDIA[form])


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


def _to(path: str) -> Response:
    return RedirectResponse(path, 303, plain.HEADERS)
