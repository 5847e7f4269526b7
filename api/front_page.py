"""What does `/` show: who are you, and where to? In the demonstration the story's cards and a bar of roles instead.

`POST /demo/{stop}` signs in without a password. It is a route only of a service that `sanquan demo` started, and there only for
this very machine; elsewhere its address is answered as any other that leads nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from api import plain
from api.access import COOKIE
from api.demo.proving import roll_back
from api.demo.stops import demo_of
from registry.accounts import sessions

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse

    from registry.store.engines import Store

router = APIRouter()


@router.get("/", include_in_schema=False)
def front(request: Request) -> HTMLResponse:
    """Who are you, and where to?"""
    demo = demo_of(request)
    if demo is None:
        return plain.page(request, "front.html")
    return plain.page(request, "story.html", due=demo.due, handed_in=demo.handed_in, rolls_back=bool(demo.older))


def with_demo(app: FastAPI) -> None:
    """Let the story's cards sign in. No rule of `routes_of_access` lets anybody through: the route is there or it is not."""
    app.router.add_route("/demo/older", _older, methods=["POST"])
    app.router.add_route("/demo/{stop}", _go, methods=["POST"])


async def _go(request: Request) -> RedirectResponse:
    demo = demo_of(request)
    stop = None if demo is None else demo.stops.get(request.path_params["stop"])
    if stop is None:
        raise HTTPException(404)
    answer = RedirectResponse(stop.path, 303, plain.HEADERS)
    token = await run_in_threadpool(_session, request.app.state.store, stop.account_id, request.cookies.get(COOKIE, ""))
    if token:
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/")
    else:
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


async def _older(request: Request) -> HTMLResponse:
    """The bureau's program signs the present log and is shown an older one, for real: what it said and kept."""
    demo = demo_of(request)
    if demo is None or not demo.older:
        raise HTTPException(404)
    told = await run_in_threadpool(roll_back, request.app.state.store, demo.older)
    return plain.page(request, "story_older.html", told=told)


def _session(store: Store, account_id: str, instead_of: str) -> str:
    """The token of a fresh session of this account; "" where the stop is nobody's, and the session before has ended."""
    if not account_id:
        sessions.end(store, instead_of)
        return ""
    with store.writing("desk") as connection:
        begun = sessions.begin(store, connection, account_id, "card", instead_of or None)
        connection.commit()
    return begun.token
