"""`/counsel`: a lawyer with a letter or an order reads what the register has of one person, until its day, and begins what asks.

When was she listed, when did she vanish, on whose paper, did she sign; her children; year by year; the 延包 row of her household.
All of it is answered by her own id: no route and no function here asks who represents the household, and nobody else's name
stands on it. An address never does. Each look is written down, with the letter or order; she reads it.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from api import asked, plain
from api.access import MOST_FIELDS
from api.answers import listings as answers
from api.counsel.clients import Client, clients, purpose, reader
from api.media import PDF
from api.my import matters
from api.offices import offices
from api.signed_in import signed_in
from registry import china
from registry import statement as statements
from registry.accounts import proofs
from registry.cases import CaseError
from registry.holding import read as holdings
from registry.law.book import book
from registry.listings.refusals import NothingListedError
from registry.looks.keeping import looked

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse
    from sqlalchemy.engine import Connection

    from api.my.whose import Reader
    from registry.errors import SanquanError
    from registry.store.engines import Store

router = APIRouter(include_in_schema=False)
Of = Annotated[str, Query(max_length=32)]
Answer = dict[str, Any]
_UNPROCESSABLE = 422
_NO_SUCH_LIST = (
    "没有这个编号的承包户: 看合同或证书上的承包方编码, 18 位",
    "no household has this code: see the contract or the certificate, 18 digits",
)


class NoSuchListError(CaseError):
    """Raised when no household's list has the code that was written."""

    def __init__(self) -> None:
        """Where it stands."""
        super().__init__(*_NO_SUCH_LIST)


@router.get("/counsel")
def first(request: Request, of: Of = "") -> HTMLResponse:
    """The person's lists, children and years, and what is under way."""
    store, who, client = _who(request, of)
    with store.reading() as connection:
        told = answers.listings(store, connection, who.person, asked.moment(store, connection, None, None), "counsel")
        found, _ = matters.found_about(store, connection, who, _things(store, connection, who, told))
        every = clients(store, connection, who.actor)
    looked(store, who.officer, who.person, "listings", purpose(client))
    return _page(
        request,
        who,
        client,
        "counsel.html",
        told=told,
        acts=_acts(told["lines"]),
        spans=_spans(told["years"]),
        others=[each for each in every if each.person != who.person],
        cases=[matters.summary(case, who.person) for case in found],
        rosters=matters.roster_rows(store, who, found),
    )


@router.get("/counsel/case/{case}")
def one_case(request: Request, case: str, of: Of = "") -> HTMLResponse:
    """A matter that touches the person: where it stands, which step came when, at which office it lies."""
    store, who, client = _who(request, of)
    told = matters.whole(store, who, case)
    looked(store, who.officer, who.person, "case", purpose(client))
    desks = offices(request.app.state.settings.registry, told["offices"])
    return _page(request, who, client, "counsel_case.html", case=told, desks=desks)


@router.post("/counsel/dossier")
def dossier(request: Request, of: Of = "") -> Response:
    """The 卷宗 of the person, with a box for the seal."""
    from registry.listings.dossier import dossier_of_person  # typesetting takes long to load

    store, who, client = _who(request, of)
    try:
        pdf = dossier_of_person(store, who.person, who.officer, purpose(client), reader="counsel")
    except NothingListedError as refusal:
        return _ask_page(request, of, {}, refusal)
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="sanquan-dossier.pdf"'}
    return Response(pdf, 200, headers, PDF)


@router.get("/counsel/ask")
def asking(
    request: Request,
    of: Of = "",
    about: Annotated[str, Query(max_length=32)] = "",
    row: Annotated[str, Query(max_length=32)] = "",
) -> HTMLResponse:
    """Object, or have the person entered who was left out."""
    return _ask_page(request, of, {"about": about, "row": row})


@router.post("/counsel/ask")
async def ask(request: Request, of: Of = "") -> Response:
    """It becomes a case with a number and an office that answers."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    sent = {name: value[:2_000] for name, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_ask, request, of, sent)


def _ask(request: Request, of: str, sent: dict[str, str]) -> Response:
    store, who, _ = _who(request, of)
    kind = sent.get("kind", "")
    with store.reading() as connection:
        things = frozenset(_things(store, connection, who, _told(store, connection, who)))
        name = matters.name_of(store, connection, who.person)
        coded = holdings.by_code(connection, sent.get("code", "").strip()) if kind == matters.LEFT_OUT else None
    try:
        if kind == matters.LEFT_OUT:
            if coded is None:
                raise NoSuchListError
            request_ = {"person": who.person, **{word: sent.get(word, "").strip() for word in ("relation", "day")}}
            case_id = matters.hand_in(store, who, kind, coded, request_)
        else:
            case_id = matters.ask(store, who, name, kind, sent, things)
    except CaseError as refusal:
        return _ask_page(request, of, sent, refusal, _UNPROCESSABLE)
    return RedirectResponse(f"/counsel/case/{case_id}?of={who.person}", 303, plain.HEADERS)


def _ask_page(
    request: Request, of: str, sent: dict[str, str], refusal: SanquanError | None = None, status: int = 200
) -> HTMLResponse:
    store, who, client = _who(request, of)
    with store.reading() as connection:
        told = _told(store, connection, who)
        rights = statements.statement(store, connection, who.person, reader="counsel")["rights"]
        found, _ = matters.found_about(store, connection, who, _things(store, connection, who, told))
    looked(store, who.officer, who.person, "rights", purpose(client))
    return _page(
        request,
        who,
        client,
        "counsel_ask.html",
        status,
        sent=sent,
        refusal=refusal,
        rights=[right for right in rights if right["status"] != "ended"],
        cases=[matters.summary(case, who.person) for case in found],
        codes=list(dict.fromkeys(line["code"] for line in told["lines"] if line["noun"] == "holding")),
        relations=matters.RELATIONS,
        days=_days_to_sue(store),
    )


def _who(request: Request, of: str) -> tuple[Store, Reader, Client]:
    """Whoever signed in, for whom, and on what. NotSignedInError, NotThereError."""
    actor = signed_in(request).actor
    store: Store = request.app.state.store
    with store.reading() as connection:
        return store, *reader(store, connection, actor, of)


def _told(store: Store, connection: Connection, who: Reader) -> Answer:
    return answers.listings(store, connection, who.person, asked.moment(store, connection, None, None), "counsel")


def _things(store: Store, connection: Connection, who: Reader, told: Answer) -> list[str]:
    """What a case of theirs can be about: what they hold now, and every list on which they ever stood."""
    now = matters.things_of(statements.statement(store, connection, who.person, reader="counsel"))
    return list(dict.fromkeys([*now, *(line["id"] for line in told["lines"])]))


def _acts(lines: list[Answer]) -> list[tuple[Answer, list[Answer]]]:
    """Lines of one act that did the same to the person, together: the first, and every list of it."""
    alike = itertools.groupby(lines, lambda line: (line["entry"], line["text"]["zh"], line["signed"], line["signed_for"]))
    return [(group[0], group) for _, lines_alike in alike if (group := list(lines_alike))]


def _spans(years: list[Answer]) -> list[tuple[str, str, Answer]]:
    """Years that tell the same, together: first, last, what stood."""
    alike = itertools.groupby(years, lambda year: (year["held"], year["let"]))
    return [(group[0]["day"][:4], group[-1]["day"][:4], group[-1]) for _, same in alike if (group := list(same))]


def _days_to_sue(store: Store) -> int:
    """Within how many days a suit follows an objection on the record (民法典 220: REG/objection)."""
    return book().whole("REG/objection", "objection_days", dt.date.fromisoformat(china.today(store)))


def _page(request: Request, who: Reader, client: Client, name: str, status: int = 200, **said: Any) -> HTMLResponse:  # noqa: ANN401  (whatever the template shows)
    word = proofs.csrf(request.state.caller.token)
    return plain.page(request, name, status, client=client, csrf=word, of=f"?of={who.person}", **said)
