"""公示、颁证: what of a village is printed, hung up, signed and still to be issued: `/desk/papers/villages/{village}`?

Sheets of a notice with a code on each, the scans that file themselves by it, what hangs on the wall with its photographs, the
contracts without a certificate and the case that issues them: what `sanquan sheet`, `notice` and `certificate` do, by forms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import asked, plain
from api.answers import certificates, evidence
from api.answers import printing as answers
from api.desk.acting import at_desk, page
from api.desk.papers_page import PATH as PAPERS
from api.desk.papers_page import villages
from api.desk.printer import file_of, shift_of
from api.desk.sent import sent_in
from api.media import PDF, ZIP
from api.problems import kind_of
from gis.errors import GisError
from registry import cases, china, printing
from registry.accounts.refusals import NotThereError
from registry.decisions.deadlines import KINDS
from registry.errors import SanquanError
from registry.notices import posting
from registry.sheets.filing import file_scan, sheets_of
from registry.sheets.notice import ROUNDS, Code, title_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from api.desk.sent import Sent
    from registry.cases import Actor
    from registry.store.engines import Store

    Act = Callable[[Request, Actor, str, Sent, str], Response | None]

router = APIRouter(include_in_schema=False)
PATH = f"{PAPERS}/villages/{{village}}"
VillageCode = Annotated[str, Path(pattern=r"^[0-9]{12}$")]
DayText = Annotated[str, Query(pattern=r"^\d{4}-\d{2}-\d{2}$|^$")]
RoundText = Annotated[str, Query(pattern=r"^[1-3]?$")]
NoticeId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
_SEE_OTHER = 303
_MOST_DUE_SHOWN = 20


@router.get(PATH)
def one(request: Request, village: VillageCode, begins: DayText = "", round: RoundText = "") -> Response:  # noqa: A002  (the field's name)
    """Everything of one village; with the day and the round of sheets that were printed, the form that puts their notice up."""
    return _page(request, at_desk(request), village, {"begins": begins, "round": round} if begins and round else None)


@router.post(f"{PATH}/print")
async def print_(request: Request, village: VillageCode) -> Response:
    """The sheets of a public notice as PDF, or all sheets or certificates of the village as zip; with names, logged."""
    return await _done(request, village, _printed)


@router.post(f"{PATH}/scans")
async def scans(request: Request, village: VillageCode) -> Response:
    """A pack of signed sheets, scanned: each files itself by the code on it."""
    return await _done(request, village, _filed)


@router.post(f"{PATH}/due")
async def issue(request: Request, village: VillageCode) -> Response:
    """One case that issues the certificates of every contract that has none: a draft of this desk's."""
    return await _done(request, village, _begun)


@router.post(f"{PATH}/notices")
async def post(request: Request, village: VillageCode) -> Response:
    """Put a notice up; a case's own is put up by its step."""
    return await _done(request, village, _posted)


@router.post(f"{PATH}/notices/{{notice}}/photos")
async def photograph(request: Request, village: VillageCode, notice: NoticeId) -> Response:
    """A photograph of the wall: where, and on which day."""
    return await _done(request, village, _photographed, notice)


@router.post(f"{PATH}/notices/{{notice}}/taking-down")
async def take_down(request: Request, village: VillageCode, notice: NoticeId) -> Response:
    """Take a notice down, with a reason."""
    return await _done(request, village, _taken_down, notice)


async def _done(request: Request, village: str, act: Act, notice: str = "") -> Response:
    """What a form asks for; then the village's page again, or what the form is answered with."""
    actor = at_desk(request)
    sent = await sent_in(request)
    return await run_in_threadpool(_tried, request, actor, village, sent, act, notice)


def _tried(request: Request, actor: Actor, village: str, sent: Sent, act: Act, notice: str) -> Response:
    store = request.app.state.store
    with store.reading() as connection:
        _refuse_elsewhere(store, connection, actor, village)
        if notice and posting.notice(store, connection, notice).village != village:
            raise posting.NoSuchNoticeError
    try:
        answer = act(request, actor, village, sent, notice)
    except (SanquanError, GisError) as refusal:
        given = {name: sent.one(name) for name in sent.own if name != "csrf"}
        return _page(request, actor, village, given, refusal)
    return answer or RedirectResponse(PATH.replace("{village}", village), _SEE_OTHER, plain.HEADERS)


def _printed(request: Request, actor: Actor, village: str, sent: Sent, _: str) -> Response:
    store, which, said = request.app.state.store, sent.one("which"), sent.one("round")
    paper = which if which in printing.OF_VILLAGES else "notice"
    round_number = int(said) if said.isdecimal() else 0
    order = printing.Order(paper, village, sent.one("purpose"), shift_of(request), round_number, sent.one("day"))
    if paper in printing.OF_VILLAGES:
        return file_of(answers.archive(store, actor, order), ZIP, f"{paper}-{village}.zip")
    return file_of(answers.pdf(store, actor, order), PDF, f"{paper}-{village}.pdf")


def _filed(request: Request, actor: Actor, _village: str, sent: Sent, _: str) -> None:
    file_scan(request.app.state.store, actor.officer, sent.files.get("scan", b""))


def _begun(request: Request, actor: Actor, village: str, _sent: Sent, _: str) -> Response:
    store = request.app.state.store
    with store.reading() as connection:
        due = certificates.due(store, connection, village, asked.moment(store, connection, None, None))
    found = due["cases"].get(actor.role) or {"kind": "certificate-issued", "subject": [], "request": {}}
    case = cases.open_case(store, actor, found["kind"], subject=found["subject"], request=found["request"])
    return RedirectResponse(f"/desk/cases/{case}", _SEE_OTHER, plain.HEADERS)


def _posted(request: Request, actor: Actor, village: str, sent: Sent, _: str) -> None:
    kind = next((each for each in posting.NOTICE_KINDS if each == sent.one("kind")), posting.NOTICE_KINDS[0])
    posting.post(
        request.app.state.store, actor.officer, kind, village=village, title=sent.one("title"), body=sent.one("body"),
        begins=asked.day(sent.one("begins"), "day"), parcels=sent.one("parcels").split(),
    )  # fmt: skip


def _photographed(request: Request, actor: Actor, _village: str, sent: Sent, notice: str) -> None:
    posting.photograph(
        request.app.state.store, actor.officer, notice, sent.files.get("photo", b""),
        place=sent.one("place"), taken=asked.day(sent.one("taken"), "day"),
    )  # fmt: skip


def _taken_down(request: Request, actor: Actor, _village: str, sent: Sent, notice: str) -> None:
    posting.take_down(request.app.state.store, actor.officer, notice, sent.one("reason"))


def _page(
    request: Request, actor: Actor, village: str, given: Mapping[str, str] | None = None,
    refusal: SanquanError | GisError | None = None,
) -> Response:  # fmt: skip
    store = request.app.state.store
    with store.reading() as connection:
        name = _refuse_elsewhere(store, connection, actor, village)
        every = evidence.notices(store, connection, over=True)["notices"]
        sheets = sheets_of(store, connection, village)
        due = certificates.due(store, connection, village, asked.moment(store, connection, None, None))
        return page(
            request, connection, "desk_papers_village.html", actor, 200 if refusal is None else kind_of(refusal).status,
            village=village, called=name, given=_titled(given or {}, name), refusal=refusal, shift=shift_of(request),
            today=china.today(store), sheets=sheets, printed=_printed_rounds(connection, village, [code for code, _ in sheets]),
            rounds=ROUNDS, of_villages=printing.OF_VILLAGES,
            of_notice=printing.PAPERS["notice"], due=due, issues=due["cases"].get(actor.role), most_due=_MOST_DUE_SHOWN,
            notices=sorted((each for each in every if each["village"] == village), key=lambda each: not each["hangs"]),
            kinds=[(each, KINDS[each]) for each in posting.NOTICE_KINDS],
        )  # fmt: skip


def _titled(given: Mapping[str, str], name: str) -> Mapping[str, str]:
    """What stands in the forms; a round that was printed and is to be put up has its title, too."""
    named_by_round = {"begins", "round"} <= given.keys()
    return {**given, "title": title_of(name, given["round"])} if named_by_round else given


def _printed_rounds(connection: Connection, village: str, codes: Sequence[str]) -> list[tuple[int, str, str]]:
    """Each round of which sheets were printed, its first day, and its last where it was put up."""
    rounds = dict.fromkeys((code.round_number, code.day) for code in map(Code.of, codes))
    return [(number, day, posting.hangs_until(connection, village, day, title_of("", number))) for number, day in rounds]


def _refuse_elsewhere(store: Store, connection: Connection, actor: Actor, village: str) -> str:
    """What the village is called. NotThereError where the role doesn't hold there, or there is none."""
    name = villages(store, connection, actor).get(village)
    if name is None:
        raise NotThereError
    return name
