"""延包: how does a village's roster become its case, and how is everybody told: `/desk/extensions`?

The roster is read as `sanquan case roster` reads it and laid beside the register; the case's own page has the rows, red first,
with what may be done about each (`case_page`). Who lives where is read nowhere.
"""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import asked, media, plain
from api.access import MOST_FIELDS
from api.answers import cases as answers
from api.desk.acting import at_desk, page
from api.desk.pasted import SUFFIXES, brought
from api.desk.sent import sent_in
from api.problems import kind_of
from registry import cases, parties
from registry.cases import roster
from registry.cases.rules import DRAFTED
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.desk.pasted import Brought
    from registry.cases import Actor

router = APIRouter(include_in_schema=False)
PATH = "/desk/extensions"
KIND = "extension"
CaseId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
_LANDS = (
    ("contract-arable", ("耕地", "arable land")),
    ("contract-grass", ("草地", "grassland")),
    ("contract-forest", ("林地", "forest land")),
)
_USUAL = {"land": "contract-arable", "until": "2027-12-31"}
_SEE_OTHER = 303
_LONGEST = 400


@router.get(PATH)
def overview(request: Request) -> Response:
    """The villages whose extension is under way, and where a roster comes in."""
    return _overview(request, at_desk(request), _USUAL)


@router.post(PATH)
async def begin(request: Request) -> Response:
    """A roster becomes its village's case, a draft of this desk's."""
    actor = at_desk(request)
    sent = await brought(request)
    return await run_in_threadpool(_begun, request, actor, sent)


@router.post(f"{PATH}/blank")
async def blank(request: Request) -> Response:
    """The roster as the register has it, with names, for a purpose that is written down: to be taken to the village."""
    actor = at_desk(request)
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        said = {name: str(form.get(name, ""))[:_LONGEST].strip() for name in ("collective", "land", "until", "purpose")}
    return await run_in_threadpool(_blank, request, actor, said)


@router.post(f"{PATH}/{{case}}/roster")
async def mended(request: Request, case: CaseId) -> Response:
    """A roster that the village has put right takes the place of the one before."""
    actor = at_desk(request)
    sent = await brought(request)
    return await run_in_threadpool(_mended, request, actor, case, sent)


@router.post(f"{PATH}/{{case}}/told")
async def told(request: Request, case: CaseId) -> Response:
    """Every adult of the households that are ticked was told, one entry each; a minor is told with their guardian, alone."""
    actor = at_desk(request)
    sent = await sent_in(request)
    return await run_in_threadpool(_told, request, actor, case, set(sent.many("row")), sent.one("how"))


def _begun(request: Request, actor: Actor, sent: Brought) -> Response:
    said = {name: sent.one(name) for name in ("collective", "land", "until", "years")}
    store = request.app.state.store
    try:
        with sent.table() as path:
            found = answers.of_roster(store, path, **_asked(said))
        case_id = cases.open_case(store, actor, found["kind"], subject=found["subject"], request=found["request"])
    except SanquanError as refusal:
        return _overview(request, actor, said, refusal)
    return _to(case_id)


def _blank(request: Request, actor: Actor, said: Mapping[str, str]) -> Response:
    store = request.app.state.store
    try:
        what = _asked({**said, "years": ""})
        with tempfile.TemporaryDirectory(prefix="sanquan-") as folder:
            path = FilePath(folder) / "roster.xlsx"
            roster.write_blank(store, actor.officer, what["collective"], what["land"], what["until"], path, said["purpose"])
            raw = path.read_bytes()
    except SanquanError as refusal:
        return _overview(request, actor, said, refusal)
    name = f"roster-{what['collective']}.xlsx"
    return Response(raw, 200, {**plain.HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}, media.XLSX)


def _mended(request: Request, actor: Actor, case_id: str, sent: Brought) -> Response:
    store = request.app.state.store
    with store.reading() as connection:
        case = cases.one(store, connection, case_id, actor)
    before = cases.request_of(case)
    what = {name: before[name] for name in ("collective", "land", "until", "years") if name in before}
    try:
        with sent.table() as path:
            found = answers.of_roster(store, path, **what)
        step = DRAFTED if case.steps[-1].step == DRAFTED else "supplemented"
        stated: dict[str, Any] = {"request": found["request"]}
        stated |= {"applicant": ""} if step == DRAFTED else {"note": ""}
        cases.take(store, case_id, step, actor, case.n, stated)
    except cases.NoSuchCaseError:
        raise
    except SanquanError as refusal:
        return _refused(request, actor, case_id, refusal)
    return _to(case_id)


def _told(request: Request, actor: Actor, case_id: str, rows: set[str], how: str) -> Response:
    store = request.app.state.store
    with store.reading() as connection:
        case, _, facts = cases.look(store, connection, case_id, actor)
    ticked = [row for row in facts.touched.rows or () if row.id in rows]
    people = [person for row in ticked for person, minor in row.people.items() if not minor]
    try:
        for n, person in enumerate(people, case.n):
            cases.take(store, case_id, "told", actor, n, {"person": person, "how": how})
    except SanquanError as refusal:
        return _refused(request, actor, case_id, refusal)
    return _to(case_id)


def _asked(said: Mapping[str, str]) -> dict[str, Any]:
    """What a roster is read by. InputError."""
    years = None if not said["years"] else int(asked.text("for_years", said["years"]))
    return {
        "collective": asked.text("collective", said["collective"]), "land": asked.text("land", said["land"]),
        "until": asked.day(said["until"], "until"), "years": years,
    }  # fmt: skip


def _overview(request: Request, actor: Actor, given: Mapping[str, str], refusal: SanquanError | None = None) -> Response:
    store = request.app.state.store
    with store.reading() as connection:
        villages = {each.code: each.name for each in parties.collectives(connection) if _within(each.code, actor)}
        open_ = [case for case in cases.visible(store, connection, actor) if case.kind == KIND]
        shown = [(case, cases.request_of(case), cases.phase(case, cases.kind_of(KIND))) for case in reversed(open_)]
        return page(
            request, connection, "desk_extensions.html", actor, 200 if refusal is None else kind_of(refusal).status,
            villages=villages, cases=shown, given=given, refusal=refusal, lands=_LANDS, steps=cases.book().steps,
            columns=roster.HEADER, suffixes=",".join(SUFFIXES), faults=getattr(refusal, "faults", ()),
        )  # fmt: skip


def _within(code: str, actor: Actor) -> bool:
    return not actor.within or any(code.startswith(place) for place in actor.within)


def _refused(request: Request, actor: Actor, case_id: str, refusal: SanquanError) -> Response:
    store = request.app.state.store
    with store.reading() as connection:
        return page(
            request, connection, "desk_refused.html", actor, kind_of(refusal).status,
            case_id=case_id, refusal=refusal, faults=getattr(refusal, "faults", ()),
        )  # fmt: skip


def _to(case_id: str) -> Response:
    return RedirectResponse(f"/desk/cases/{case_id}", _SEE_OTHER, plain.HEADERS)
