"""How does anybody read what hangs on the notice board in a browser: `/notices`?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request

from api import plain
from api.answers import evidence
from registry import parties
from registry.exports.view import short_name

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

router = APIRouter()
_ISSUER = 14


@router.get("/notices", include_in_schema=False)
def board(request: Request) -> HTMLResponse:
    """What hangs today, whole, on one page."""
    store = request.app.state.store
    with store.reading() as connection:
        answer = evidence.notices(store, connection, over=False)
        names = _villages(store, connection, {one["village"] for one in answer["notices"]})
    now = dt.date.fromisoformat(answer["as_of"])
    left = {one["id"]: (dt.date.fromisoformat(one["ends"]) - now).days for one in answer["notices"]}
    return plain.page(request, "notices.html", answer=answer, names=names, left=left)


def _villages(store: Store, connection: Connection, codes: set[str]) -> dict[str, str]:
    """What the villages of these codes (12 digits) are called, where one issuer is theirs."""
    found = {code: parties.organisation_by_code(connection, code.ljust(_ISSUER, "0")) for code in codes}
    known = parties.organisations(connection, [party for party in found.values() if party])
    return {code: short_name(store, known[party].name) for code, party in found.items() if party in known}
