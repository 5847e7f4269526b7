"""How does anybody read what hangs on the notice board in a browser: `/notices`?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request

from api import plain
from api.answers import evidence

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse

router = APIRouter()


@router.get("/notices", include_in_schema=False)
def board(request: Request) -> HTMLResponse:
    """What hangs today, whole, on one page."""
    store = request.app.state.store
    with store.reading() as connection:
        return plain.page(request, "notices.html", answer=evidence.notices(store, connection, over=False))
