"""Who is meant, and what of a person is told: `/v1/persons`."""

from __future__ import annotations

import asyncio
import time

import orjson
from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from api import asked
from api.answers import entitlements as services
from api.answers import listings as lists
from api.answers import persons
from api.media import PDF
from api.officers import at_the_desk
from api.v1 import evidence_models, models, settlement_models
from api.v1 import models_of_figures as figures
from api.v1 import models_of_listings as of_lists
from api.v1.answering import Asked, AskedOfBooks, EventIdx, PersonPath
from api.v1.asker import Asking, reader_of
from api.v1.documents import ok, problems
from api.v1.token import token_required
from registry.looks.keeping import NOBODY, looked

router = APIRouter(prefix="/v1/persons", tags=["persons"])
# No answer comes sooner: how long a look-up takes would tell whether the number is known.
_SOONEST_S = 0.05


@router.post(
    "/lookup", summary="按证件号找人 / find a person by ID number", responses={**ok(models.Persons), **problems(422, 503)}
)
async def lookup(request: Request, wanted: models.Lookup, by: Asking) -> Response:
    """The number travels in the body, never in an address. Unknown numbers give the same answer, empty, as late."""
    began = time.monotonic()
    store = request.app.state.store
    with store.reading() as connection:
        found = persons.by_number(store, connection, wanted.id_number)
    # A number that nobody has is written down as well, of nobody: it would be told by the time that takes.
    people = [one["id"] for one in found["persons"]] or [NOBODY]
    await run_in_threadpool(looked, store, by.officer, people, "lookup", by.purpose)
    await asyncio.sleep(max(0.0, began + _SOONEST_S - time.monotonic()))
    return Response(orjson.dumps(found), 200, {"Cache-Control": "no-store"}, "application/json")


@router.get(
    "/{person}/statement",
    summary="权益保留证明 / retained-rights statement",
    responses={**ok(models.Statement), **problems(304, 404, 422, 503)},
)
async def statement(question: AskedOfBooks, person: PersonPath, by: Asking, event: EventIdx = None) -> Response:
    """One document: registration now and before, each right with its verdict, membership, benefits, the log."""
    who = asked.text("person", person)
    return await question.answer_about(
        who, "statement", by, lambda c, at, to: persons.statement(question.store, c, who, at, event, to)
    )


@router.get(
    "/{person}/rights", summary="名下权利 / rights", responses={**ok(models.PersonRights), **problems(304, 404, 422, 503)}
)
async def rights(question: AskedOfBooks, person: PersonPath, by: Asking) -> Response:
    """Every right within the person's reach on the day, ended ones marked so. A term that ran out ends nothing."""
    who = asked.text("person", person)
    return await question.answer_about(
        who, "rights", by, lambda c, at, to: persons.rights(question.store, c, who, at, to)
    )


@router.get(
    "/{person}/registrations",
    summary="户籍登记 / registrations",
    responses={**ok(models.Registrations), **problems(304, 404, 422, 503)},
)
async def registrations(question: Asked, person: PersonPath, by: Asking) -> Response:
    """Where the person was and is registered, permits, and the household events behind."""
    who = asked.text("person", person)
    return await question.answer_about(
        who, "registrations", by, lambda c, at, to: persons.registrations(question.store, c, who, at, to)
    )


@router.get(
    "/{person}/entitlements",
    summary="现在可以享受的服务 / services now",
    responses={**ok(figures.Entitlements), **problems(304, 404, 422, 503)},
)
async def entitlements(question: Asked, person: PersonPath, by: Asking) -> Response:
    """Which urban services the person now has, from which bureau, on which rule, since when; and each retained right: still
    yours. Services are the same with and without land.
    """
    who = asked.text("person", person)
    return await question.answer_about(
        who, "entitlements", by, lambda c, at, to: services.of_person(question.store, c, who, at, to)
    )


@router.get(
    "/{person}/permit",
    summary="居住证 / residence permit",
    responses={**ok(settlement_models.Permit), **problems(304, 404, 422, 503)},
)
async def permit(question: Asked, person: PersonPath, by: Asking) -> Response:
    """In force, suspended for want of the yearly endorsement, or lapsed; since when the years here count (Order 663)."""
    who = asked.text("person", person)
    return await question.answer_about(
        who, "permit", by, lambda c, at, to: persons.permit(question.store, c, who, at, to)
    )


@router.get(
    "/{person}/guarantee",
    summary="逐项比对 / the guarantee",
    responses={**ok(models.GuaranteeAnswer), **problems(304, 404, 422, 503)},
)
async def guarantee(question: Asked, person: PersonPath, by: Asking, event: EventIdx = None) -> Response:
    """Each thing just before one household event, as known then and now, against its state on the day."""
    who = asked.text("person", person)
    return await question.answer_about(
        who, "guarantee", by, lambda c, at, to: persons.guarantee(question.store, c, who, at, event, to)
    )


@router.get(
    "/{person}/listings",
    summary="哪天上了名单, 哪天不在了 / when listed, when no longer",
    responses={**ok(of_lists.Listings), **problems(304, 404, 422, 503)},
)
async def listings(question: Asked, person: PersonPath, by: Asking) -> Response:
    """Each act upon a list that names or named the person: from which day, when recorded, for which cause, on which paper, and
    whether their own will was recorded; children on the same lists; what stood each year. No answer depends on who represents
    the household, and nobody else's name stands in it.
    """
    who = asked.text("person", person)
    return await question.answer_about(
        who, "listings", by, lambda c, at, to: lists.listings(question.store, c, who, at, to)
    )


@router.post(
    "/{person}/dossier",
    summary="本人的卷宗 / the dossier of one person",
    dependencies=[Depends(token_required)],
    responses={**ok(of_lists.PersonDossierPdf, PDF), **problems(401, 404, 422, 503)},
)
def dossier(request: Request, person: PersonPath, wanted: of_lists.PersonDossierOrder) -> Response:
    """The same for a court, as PDF: a page with a box for the seal, every act with its entry of the log, every paper with its
    digest. Names are masked as the asker sees them. Logged with its purpose.
    """
    from registry.listings.dossier import dossier_of_person  # typesetting takes long to load

    who, officer = asked.text("person", person), at_the_desk(wanted.officer, wanted.bureau)
    pdf = dossier_of_person(request.app.state.store, who, officer, wanted.purpose, reader=reader_of(request, who))
    return Response(pdf, 200, {"Cache-Control": "no-store"}, PDF)


@router.get("/{person}/looks", summary="谁看过 / who looked", responses={**ok(evidence_models.Looks), **problems(404, 422, 503)})
async def looks(request: Request, person: PersonPath, by: Asking) -> Response:
    """Who read what of this person, for what, and who was refused when he would touch a right of theirs; newest first, one plain
    sentence each. This reading is written down, too.
    """
    who = asked.text("person", person)
    store = request.app.state.store
    told = await run_in_threadpool(persons.looks, store, who, reader_of(request, who))
    await run_in_threadpool(looked, store, by.officer, who, "looks", by.purpose)
    return Response(orjson.dumps(told), 200, {"Cache-Control": "no-store"}, "application/json")
