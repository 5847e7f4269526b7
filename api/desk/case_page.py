"""How does a clerk open a case, look at it and take its next step: `/desk/new`, `/desk/cases/{case}`?

Forms that work without script: each POST ends at the page of the case, or writes its page again with what was typed and the
refusal in words. What a step may be, and whose, the engine says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import plain
from api.desk import filled
from api.desk.acting import at_desk, page
from api.desk.forms import forms
from api.desk.land import land_of
from api.desk.named import read, whose_things
from api.desk.offered import not_moot, of_certificates, offered
from api.desk.seen import absence_of, changing_of, seen, usual
from api.desk.sent import sent_in
from api.problems import kind_of
from gis.errors import GisError
from registry import cases, certificates, china, homesteads
from registry.cases.rows import MENDED
from registry.cases.rules import DRAFTED
from registry.errors import SanquanError
from registry.law import causes
from registry.rights.model import CONTRACTS
from registry.whose import whose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from api.desk.forms import Option
    from api.desk.sent import Sent
    from registry.case_files import Case
    from registry.cases import Actor, Choices
    from registry.cases.choosing import Subject
    from registry.store.engines import Store

router = APIRouter()
CaseId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
MOST_THINGS = 20
Things = Annotated[list[str] | None, Query(max_length=MOST_THINGS)]
_SUBMIT = "submitted"
_SEE_OTHER = 303


@router.get("/desk/new", include_in_schema=False)
def new(request: Request, thing: Things = None, kind: str = "", challenges: str = "") -> Response:
    """What is it about, which kind, and then its form."""
    return _new(request, at_desk(request), tuple(dict.fromkeys(thing or ())), kind, challenges)


@router.post("/desk/cases", include_in_schema=False)
async def draft(request: Request) -> Response:
    """Save a draft; submit it at once where that button was pressed."""
    actor, store = at_desk(request), _store(request)
    sent = await sent_in(request)
    return await run_in_threadpool(_drafted, request, store, actor, sent)


@router.get("/desk/cases/{case}", include_in_schema=False)
def case(request: Request, case: CaseId) -> Response:
    """The case, and its next steps as forms."""
    return _case(request, at_desk(request), case)


@router.post("/desk/cases/{case}/undo", include_in_schema=False)
async def undo(request: Request, case: CaseId) -> Response:
    """What the draft asked for before it was last saved. It is one more step: nothing of a draft is lost."""
    actor = at_desk(request)
    return await run_in_threadpool(_undone, request, actor, case)


@router.post("/desk/cases/{case}/steps/{step}", include_in_schema=False)
async def take(request: Request, case: CaseId, step: Annotated[str, Path(pattern=r"^[a-z-]{1,40}$")]) -> Response:
    """One step with what its form says."""
    actor = at_desk(request)
    sent = await sent_in(request)
    return await run_in_threadpool(_taken, request, actor, case, step, sent)


def _drafted(request: Request, store: Store, actor: Actor, sent: Sent) -> Response:
    kind, things, challenges = sent.one("kind"), tuple(sent.many("thing")), sent.one("challenges")
    try:
        fields = forms().kinds.get(kind, ())
        said = filled.values(fields, sent.with_papers(store, actor, fields, china.today(store)))
        applicant = sent.one("applicant")
        case_id = cases.open_case(
            store, actor, kind, subject=things, challenges=challenges or None, request=said, applicant=applicant
        )
    except (SanquanError, GisError) as refusal:
        return _new(request, actor, things, kind, challenges, sent.fields, refusal, sent.one("applicant"))
    if sent.one("then") == _SUBMIT:
        return _step(request, actor, case_id, _SUBMIT, 1, {}, {})
    return _to(case_id)


def _taken(request: Request, actor: Actor, case_id: str, step: str, sent: Sent) -> Response:
    store = _store(request)
    with store.reading() as connection:
        found = cases.one(store, connection, case_id, actor)
    drafts = step == DRAFTED
    fields = forms().kinds.get(found.kind, ()) if drafts else forms().of_step(found.kind, step) if step in forms().steps else ()
    try:
        said = filled.values(fields, sent.with_papers(store, actor, fields, china.today(store)))
    except (SanquanError, GisError) as refusal:
        return _case(request, actor, case_id, {step: sent.fields}, refusal)
    number = int(sent.one("seen")) if sent.one("seen").isdigit() else 0
    if not drafts:
        return _step(request, actor, case_id, step, number, said, sent.fields)
    return _draft_again(request, actor, found, number, said, sent)


def _draft_again(
    request: Request, actor: Actor, found: Case, number: int, asked: Mapping[str, Any], sent: Sent
) -> Response:
    """Saved where something changed, and handed in where that button was pressed."""
    answer = _to(found.id)
    if asked != cases.request_of(found):
        said = {"request": asked, "applicant": found.steps[0].said.get("applicant", "")}
        answer = _step(request, actor, found.id, DRAFTED, number, said, sent.fields)
        number += 1
    if sent.one("then") == _SUBMIT and answer.status_code == _SEE_OTHER:
        return _step(request, actor, found.id, _SUBMIT, number, {}, {})
    return answer


def _step(
    request: Request, actor: Actor, case_id: str, step: str, number: int, said: Mapping[str, Any],
    typed: Mapping[str, Sequence[str]],
) -> Response:  # fmt: skip
    try:
        cases.take(_store(request), case_id, step, actor, number, said)
    except cases.NoSuchCaseError:
        raise
    except (SanquanError, GisError) as refusal:
        return _case(request, actor, case_id, {step: typed}, refusal)
    return _to(case_id)


def _undone(request: Request, actor: Actor, case_id: str) -> Response:
    store = _store(request)
    with store.reading() as connection:
        found = cases.one(store, connection, case_id, actor)
    drafts = [step for step in found.steps if step.step == DRAFTED]
    before = drafts[-2] if len(drafts) > 1 else drafts[0]
    said = {"request": before.said["request"], "applicant": before.said.get("applicant", "")}
    return _step(request, actor, case_id, DRAFTED, found.n, said, {})


def _case(
    request: Request,
    actor: Actor,
    case_id: str,
    typed: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    refusal: SanquanError | GisError | None = None,
) -> Response:
    store = _store(request)
    with store.reading() as connection:
        cases.beforehand(store, connection, case_id)
        shown = seen(store, connection, case_id, actor, typed or {})
        status = 200 if refusal is None else kind_of(refusal).status
        by_rows, land = shown.kind.by_rows, None
        if not by_rows:  # a village's rows stand where the map would be
            land = land_of(connection, shown.choices, shown.kind.kind, china.today(store), shown.line)
        about = [each.id for each in shown.choices.subjects]
        if by_rows:
            about = [each["contracts"][0]["right"] for each in shown.answer["rows"]["rows"] if each["contracts"]]
        named = whose(store, connection, about)
        answer = page(
            request, connection, "desk_case.html", actor, status, scripts=("desk-paste.js",), land=land,
            whose=named, **_plots(store, connection, actor, shown.choices, shown.kind.kind), case=shown, refusal=refusal,
            typed=tuple(typed or ()), papers=cases.book().papers, signs=cases.SIGNS,
            causes=causes.kinds(), mended=MENDED, how=_how(), printable=() if by_rows else about[:MOST_THINGS],
        )  # fmt: skip
        cases.shown(store, connection, case_id)
    read(store, actor, shown.answer, named, "" if shown.asked is None else shown.asked.by)
    return answer


def _new(
    request: Request,
    actor: Actor,
    things: tuple[str, ...],
    kind: str,
    challenges: str,
    typed: Mapping[str, Sequence[str]] | None = None,
    refusal: SanquanError | GisError | None = None,
    applicant: str = "",
) -> Response:
    store = _store(request)
    with store.reading() as connection:
        cases.beforehand(store, connection)
        found = cases.choices(store, connection, things, kind)
        about = {each.word.word for each in found.subjects}
        possible = offered(actor, about, challenges)
        chosen = next((each for each in possible if each.kind == kind), None)
        today = china.today(store)
        fields = forms().kinds.get(kind, ()) if chosen is not None else ()
        asks_for_papers = about == {"holding"} and chosen is None
        return page(
            request, connection, "desk_new.html", actor, 200 if refusal is None else kind_of(refusal).status,
            whose=whose_things(store, connection, actor, [each.id for each in found.subjects]),
            scripts=("desk-paste.js",), land=land_of(connection, found, kind, today), choices=found, things=things,
            **_plots(store, connection, actor, found, kind),
            challenges=challenges, kind=chosen, fields=fields,
            kinds=not_moot(possible, _contracts(connection, found.subjects)) if chosen is None else possible,
            changing=None if chosen is None else changing_of(connection, chosen, found, things, today),
            absence=None if chosen is None else absence_of(chosen, today),
            given=typed if typed is not None else usual(fields, today), refusal=refusal, today=today,
            papers=cases.book().papers, printable=[each.id for each in found.subjects], applicant=applicant,
            certificates=of_certificates(actor, _contracts(connection, found.beside if asks_for_papers else ())),
        )  # fmt: skip


def _plots(store: Store, connection: Connection, actor: Actor, found: Choices, kind: str) -> dict[str, Any]:
    """What else the household has where a case is about a homestead; who is shown as its holder is written down."""
    things, people = [each.id for each in found.subjects], [each.id for each in found.people]
    plots = homesteads.others(store, connection, things, kind, people)
    held = [each.right for each in plots.held] if plots else []
    return {"plots": plots, "plots_of": whose_things(store, connection, actor, held)}


def _contracts(connection: Connection, things: Iterable[Subject]) -> list[certificates.OfContract]:
    """The contracts among these things, each with its certificate."""
    return certificates.of_contracts(connection, [each.id for each in things if each.word.word in CONTRACTS])


def _how() -> tuple[Option, ...]:
    """In which ways somebody is told."""
    return next(field.options for field in forms().steps["told"] if field.name == "how")


def _to(case_id: str) -> Response:
    return RedirectResponse(f"/desk/cases/{case_id}", _SEE_OTHER, plain.HEADERS)


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store
