"""Who stands at the desk: who signed in, in the role of theirs that keeps a book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api import acting, plain
from api.pages.navigation import Entry
from api.routes_of_access import ROUTES
from api.signed_in import caller, signed_in
from registry.accounts import proofs
from registry.accounts.authorise import EVERYTHING, may_any
from registry.cases import book
from registry.rights.compared import foot_lines

if TYPE_CHECKING:
    from fastapi import Request
    from fastapi.responses import HTMLResponse
    from sqlalchemy.engine import Connection

    from registry.cases import Actor

SCRIPTS = ("htmx.js", "desk.js")
TABS = (
    *(Entry("/desk", "待办"), Entry("/desk/deliveries", "收成果"), Entry("/desk/extensions", "延包")),
    *(Entry("/desk/leases", "录流转台账"), Entry("/desk/papers", "打印"), Entry("/desk/membership", "是不是成员")),
    *(Entry("/desk/tables", "报表与核对"), Entry("/desk/today", "我今天办的")),
)


def at_desk(request: Request) -> Actor:
    """The first desk whose role the account holds. NotSignedInError, NotAllowedError."""
    return acting.at_desk(signed_in(request).actor)


def opens(request: Request, route: str) -> bool:
    """Whether the table of access lets the reader through a route, whatever it is asked about."""
    return may_any(caller(request).actor, ROUTES[route].asked, EVERYTHING).allowed


def page(
    request: Request, connection: Connection, name: str, actor: Actor, status: int = 200,
    scripts: tuple[str, ...] = (), **said: Any,  # noqa: ANN401  (what the template shows)
) -> HTMLResponse:  # fmt: skip
    """A page of the desk: who works there, its tabs, the word against forgery for its forms, and whose books decide.

    `scripts`: what it names beside those of every page of the desk. `printable`, where it is said: the things of which its foot
    leads to the papers.
    """
    head = {
        "tabs": [tab for tab in TABS if opens(request, f"GET {tab.path}")],
        "csrf": proofs.csrf(caller(request).token),
        "clerk": actor.name,
        "bureau": actor.bureau,
        "role": book().roles[actor.role],
        "books": foot_lines(connection),
        "printable": (),
    }
    mapped = said.get("land") is not None
    return plain.page(request, name, status, scripts=SCRIPTS + scripts, mapped=mapped, **{**head, **said})
