"""What is on my desk today: `/desk`, by days left, and `/desk/today`, what I did? And who is meant: `/desk/search`?

What is searched for can be a name: it travels in the body of a POST, never in an address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from api.desk.acting import at_desk, page
from api.desk.named import listed, whose_cases
from api.desk.sent import sent_in
from registry import cases
from registry.cases import lease_table
from registry.cases.choosing import subjects_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi.responses import HTMLResponse

    from registry.cases import Actor

router = APIRouter()
SOON_DAYS = 3
"""With as few days left as this a case counts as 快到期 (our choice)."""
AT_FIRST = 30
"""So many cases of each list are shown until all are asked for (our choice): more than a morning's work."""
_THING = re.compile(r"[0-9a-f]{32}")
_SORTS = ("returned", "todo", "draft", "waits")
Every = Annotated[str, Query(max_length=10)]
Opened = Annotated[int, Query(ge=0, le=lease_table.MOST)]


@router.get("/desk", include_in_schema=False)
def work(request: Request, every: Every = "", opened: Opened = 0) -> HTMLResponse:
    """The work list: what was returned, what is my turn, my drafts, what waits; the fewest days first.

    Of a long list its beginning; `every`: the one that is wanted whole. `opened`: how many cases a ledger just became.
    """
    actor = at_desk(request)
    store = request.app.state.store
    with store.reading() as connection:
        cases.beforehand(store, connection)
        found = request.app.state.worklists.of(connection, actor)
        lists = {sort: [each for each in found if each.sort == sort] for sort in _SORTS}
        shown = {sort: works if sort == every else works[:AT_FIRST] for sort, works in lists.items()}
        listed(store, actor, [each.named for works in shown.values() for each in works])
        return page(
            request,
            connection,
            "desk.html",
            actor,
            opened=opened,
            lists=lists,
            shown=shown,
            soon=[each for each in found if each.days_left is not None and each.days_left <= SOON_DAYS],
            soon_days=SOON_DAYS,
            steps=cases.book().steps,
        )


@router.get("/desk/today", include_in_schema=False)
def today(request: Request) -> HTMLResponse:
    """Every step that this account took today, newest first."""
    store, actor = request.app.state.store, at_desk(request)
    with store.reading() as connection:
        taken = cases.taken_today(store, connection, actor)
        every = [case for case, _ in taken]
        about, named = subjects_of(connection, every), whose_cases(store, connection, actor, every)
        shown = [(case, cases.kind_of(case.kind), step, cases.book().steps[step.step]) for case, step in taken]
        return page(request, connection, "desk_today.html", actor, taken=shown, about=about, whose=named)


@router.post("/desk/search", include_in_schema=False)
async def search(request: Request) -> HTMLResponse:
    """People, parcels and rights by a few letters, each the beginning of a case; while typing only the hits are written anew."""
    actor = at_desk(request)
    sent = await sent_in(request)
    beside = [thing for thing in sent.many("beside") if _THING.fullmatch(thing)]
    return await run_in_threadpool(_found, request, actor, sent.one("asked"), beside)


def _found(request: Request, actor: Actor, asked: str, beside: Sequence[str]) -> HTMLResponse:
    """`beside`: what the case is about already, where somebody else's is to be put beside it (互换)."""
    store = request.app.state.store
    with store.reading() as connection:
        finder = request.app.state.finder
        hits = finder.find(connection, asked, actor.within)
        finder.show(actor.officer, actor.id, [hit.person for hit in hits if hit.person])
        name = "desk_hits.html" if request.headers.get("hx-request") else "desk_found.html"
        return page(request, connection, name, actor, hits=hits, asked=asked, beside=beside)
