"""权证: found by any number that it ever had, handed over, and how many booklets went wrong: `/desk/papers/certificates`?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import asked, plain
from api.answers import certificates as answers
from api.desk.acting import at_desk, page
from api.desk.papers_page import PATH as PAPERS
from api.desk.sent import sent_in
from api.problems import kind_of
from registry import certificates, china
from registry.errors import SanquanError
from registry.evidence import keeping
from registry.law import causes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.desk.sent import Sent
    from registry.cases import Actor

router = APIRouter(include_in_schema=False)
PATH = f"{PAPERS}/certificates"
Number = Annotated[str, Query(max_length=100)]
_ID_TYPES = (
    ("1", ("居民身份证", "identity card")),
    ("2", ("军官证", "officer's card")),
    ("4", ("户口簿", "household register")),
    ("5", ("护照", "passport")),
    ("9", ("其他证件", "another paper")),
)
"""NY/T 2539-2016, C.15, those of a person."""


@router.get(PATH)
def find(request: Request, number: Number = "") -> Response:
    """Whose number was it, is it valid, was it signed for; and the booklets of this bureau that went wrong."""
    return _page(request, at_desk(request), number.strip())


@router.post(f"{PATH}/receipts")
async def receive(request: Request) -> Response:
    """领取: who signed for it, with the signed receipt, which is kept as evidence. No page repeats the number of the ID."""
    actor = at_desk(request)
    sent = await sent_in(request)
    return await run_in_threadpool(_received, request, actor, sent)


def _received(request: Request, actor: Actor, sent: Sent) -> Response:
    store, number = request.app.state.store, sent.one("number")
    try:
        wanted, day = asked.text("number", number), asked.day(sent.one("day"), "day")
        id_type = next((word for word, _ in _ID_TYPES if word == sent.one("id_type")), _ID_TYPES[0][0])
        id_number = asked.text("id_number", sent.one("id_number"))
        receipt = keeping.receive(
            store, actor.officer, sent.files.get("source", b""), kind=certificates.RECEIPT, dated=day
        )
        certificates.receive(
            store, actor.officer, wanted, day=day, name=sent.one("name"), id_type=id_type, id_number=id_number,
            source=receipt.content_hash,
        )  # fmt: skip
    except SanquanError as refusal:
        return _page(request, actor, number, {"name": sent.one("name"), "day": sent.one("day")}, refusal)
    return RedirectResponse(f"{PATH}?number={quote(wanted)}", 303, plain.HEADERS)


def _page(
    request: Request, actor: Actor, number: str, given: Mapping[str, str] | None = None, refusal: SanquanError | None = None
) -> Response:  # fmt: skip
    store = request.app.state.store
    found: Mapping[str, Any] | None = None
    received = ""
    with store.reading() as connection:
        if number:
            try:
                found = answers.certificate(
                    connection, asked.text("number", number), asked.moment(store, connection, None, None)
                )
                received = certificates.received_on(store, connection, number)
            except SanquanError as none:
                refusal = refusal or none
        spoiled = [each for each in answers.spoiled(store, connection)["spoiled"] if each["bureau"] == actor.bureau]
        return page(
            request, connection, "desk_certificates.html", actor, 200 if refusal is None else kind_of(refusal).status,
            number=number, found=found, lines=_lines(found["rights"] if found else ()),
            received=received, given=given or {}, refusal=refusal, spoiled=spoiled,
            today=china.today(store), id_types=_ID_TYPES, acts=causes.kinds(),
        )  # fmt: skip


def _lines(rights: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """One line for what was the same of all rights of a contract."""
    of_same = {(each["code"], str(each["since"]), str(each["until"]), each["next_number"]): each for each in reversed(rights)}
    return list(reversed(of_same.values()))
