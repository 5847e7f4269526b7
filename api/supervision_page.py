"""`/desk/supervision`: what is red this morning, for the inspector: tiles, each a list, each figure with how it was counted?

Only for who holds the role; without accounts there is none, so nobody opens it. No name of a herder stands here: an inspector
opens one person at a time, with a purpose, elsewhere.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api import asked, media, plain
from api.access import MOST_FIELDS
from api.answers import supervision
from api.signed_in import caller
from api.v1.answering import KnownAt, ValidAt
from registry import china
from registry.accounts import proofs
from registry.accounts.refusals import NotSignedInError
from registry.supervision import sampling
from registry.supervision.refusals import SampleRefusedError
from registry.witnessing.cosigned import NoWitnessError

if TYPE_CHECKING:
    from api.asked import Moment
    from registry.errors import SanquanError
    from registry.store.engines import Store
    from registry.supervision import Listing

router = APIRouter(include_in_schema=False)
ListName = Literal["refused", "soon-after", "odd-looks", "conditions", "sample"]
_LONGEST = 64
Form = Annotated[Literal["", "csv", "xlsx"], Query()]


@router.get("/desk/supervision")
def overview(request: Request, valid_at: ValidAt = None, known_at: KnownAt = None) -> Response:
    """The tiles."""
    store = _store(request)
    with store.reading() as connection:
        at = asked.moment(store, connection, valid_at, known_at)
        answer = supervision.overview(store, connection, at)
    return plain.page(request, "supervision.html", answer=answer, quarter=_last_quarter(at.valid_at))


@router.get("/desk/supervision/{which}")
def one(
    request: Request, which: ListName, valid_at: ValidAt = None, known_at: KnownAt = None, form: Form = ""
) -> Response:
    """One list, as a page or as a table to take along."""
    store = _store(request)
    with store.reading() as connection:
        at = asked.moment(store, connection, valid_at, known_at)
        if form:
            headers = {**plain.HEADERS, "Content-Disposition": f'attachment; filename="{which}.{form}"'}
            return Response(supervision.as_sheet(store, connection, at, which, form), 200, headers, media.TABLES[form])
        listed = supervision.one(store, connection, at, which)
    return _shown(request, listed, at)


@router.post("/desk/supervision/sample")
async def sample(request: Request) -> Response:
    """Seal the number of next month, or reveal this month's and draw."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        what, given = (str(form.get(name, ""))[:_LONGEST].strip().lower() for name in ("what", "given"))
    store = _store(request)
    today = china.today(store)
    try:
        if what == "seal":
            await run_in_threadpool(sampling.seal, store, _next_month(today), given)
        else:
            await run_in_threadpool(sampling.draw, store, today[:7], given)
    except (SampleRefusedError, NoWitnessError) as refusal:
        return await run_in_threadpool(_list, request, "sample", refusal)
    return RedirectResponse("/desk/supervision/sample", 303, plain.HEADERS)


def _list(request: Request, which: str, refusal: SanquanError | None = None) -> Response:
    store = _store(request)
    with store.reading() as connection:
        at = asked.moment(store, connection, None, None)
        listed = supervision.one(store, connection, at, which)
    return _shown(request, listed, at, refusal)


def _shown(request: Request, listed: Listing, at: Moment, refusal: SanquanError | None = None) -> Response:
    found = caller(request)
    said: dict[str, Any] = {"refusal": refusal, "csrf": proofs.csrf(found.token), "this_month": at.valid_at[:7]}
    if listed.id == "sample":
        said["sealed"] = sampling.sample(request.app.state.store, at.valid_at[:7]).seal is not None
    status = 422 if refusal else 200
    template = "supervision_sample.html" if listed.id == "sample" else "supervision_list.html"
    return plain.page(request, template, status, listed=listed, at=at, next_month=_next_month(at.valid_at), **said)


def _next_month(day: str) -> str:
    """The month after that of a day.

    >>> _next_month("2026-11-26"), _next_month("2026-12-01")
    ('2026-12', '2027-01')
    """
    return f"{dt.date.fromisoformat(day).replace(day=1) + dt.timedelta(days=31):%Y-%m}"


def _store(request: Request) -> Store:
    """The registry, where somebody signed in. NotSignedInError."""
    if not request.app.state.access.enforced():
        raise NotSignedInError
    store: Store = request.app.state.store
    return store


def _last_quarter(valid_at: str) -> str:
    """The last quarter that is over, for the leading group's page.

    >>> _last_quarter("2026-11-26"), _last_quarter("2026-03-31")
    ('2026-3', '2025-4')
    """
    before = dt.date.fromisoformat(valid_at).replace(day=1)
    before = before.replace(month=(before.month - 1) // 3 * 3 + 1) - dt.timedelta(days=1)
    return f"{before.year}-{(before.month - 1) // 3 + 1}"
