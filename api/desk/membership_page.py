"""是不是成员: what is a desk told of one person before a plot is granted, and on what paper: `/desk/membership`?

The same answer as `POST /v1/bureaus/land/answers` gives, of this one question: yes or no with basis and day, the purpose logged.
A number travels in the body of a POST, never in an address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked
from api.desk.acting import at_desk, page
from api.desk.sent import sent_in
from api.problems import kind_of
from registry import bureaus, masks, parties
from registry.accounts.authorise import lies_in
from registry.accounts.refusals import NotAllowedError
from registry.errors import SanquanError
from registry.looks.keeping import NOBODY, looked
from registry.membership.standing import ASK_FOR
from registry.papers import LONGEST_PURPOSE, stated
from registry.same_person import same_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import Connection

    from api.desk.sent import Sent
    from registry.cases import Actor

    Answer = dict[str, Any]

router = APIRouter(include_in_schema=False)
PATH = "/desk/membership"
_BUREAU, _QUESTION = "land", ("member",)


@router.get(PATH)
def blank(request: Request, person: Annotated[str, Query(pattern=r"^[0-9a-f]{32}$")] = "") -> Response:
    """Of whom, by number or as the search found them, and for what."""
    return _page(request, at_desk(request), person)


@router.post(PATH)
async def ask(request: Request) -> Response:
    """The answer; who asked, and for what, the person reads in 谁看过."""
    actor = at_desk(request)
    sent = await sent_in(request)
    return await run_in_threadpool(_asked, request, actor, sent)


def _asked(request: Request, actor: Actor, sent: Sent) -> Response:
    store, purpose = request.app.state.store, sent.one("purpose")
    person = sent.one("person")
    try:
        stated(purpose)
        with store.reading() as connection:
            at = asked.moment(store, connection, None, None)
            people = (
                [asked.text("person", person)] if person else _of_number(request, connection, sent.one("id_number"))
            )
        told = [
            bureaus.ask(
                store, _BUREAU, one, officer=actor.officer, purpose=purpose, valid_at=at.valid_at, known_at=at.known_at,
                questions=_QUESTION,
            )
            for one in people
        ]  # fmt: skip
        if actor.within and not all(_lies(actor, one["memberships"]) for one in told):
            raise NotAllowedError
    except SanquanError as refusal:
        return _page(request, actor, person, refusal=refusal, purpose=purpose)
    if not people:  # written down as well, of nobody: a number is not tried out unseen
        looked(store, actor.officer, NOBODY, "lookup", stated(purpose))
    return _page(request, actor, person, told, purpose=purpose)


def _of_number(request: Request, connection: Connection, number: str) -> list[str]:
    """Whoever has or had this number, each person once however many rows they are."""
    found: dict[tuple[str, ...], str] = {}
    for each in parties.find_by_number(connection, request.app.state.store.vault, asked.text("id_number", number)):
        found.setdefault(same_as(connection, each), each)
    return list(found.values())


def _lies(actor: Actor, memberships: Iterable[Answer]) -> bool:
    return all(any(lies_in(place, [one["code"]]) for place in actor.within) for one in memberships)


def _page(
    request: Request, actor: Actor, person: str, told: Sequence[Answer] | None = None, *,
    refusal: SanquanError | None = None, purpose: str = "",
) -> Response:  # fmt: skip
    store = request.app.state.store
    with store.reading() as connection:
        known = parties.identities(connection, store.vault, [one["person"] for one in told or ()] or [person])
        if person in known and told is None:
            request.app.state.finder.show(actor.officer, actor.id, [person])
        named = {
            each: f"{masks.shown('name', who.name)} {masks.shown('birth_year', who.id_number)}".strip()
            for each, who in known.items()
        }
        return page(
            request, connection, "desk_membership.html", actor, 200 if refusal is None else kind_of(refusal).status,
            person=person if person in known else "", named=named, told=told, refusal=refusal, purpose=purpose,
            ask_for=ASK_FOR, longest=LONGEST_PURPOSE,
        )  # fmt: skip
