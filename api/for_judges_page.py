"""`/for-judges`: what does a paper of this register prove in court, what not, and how is it checked? No mathematics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request

from api import plain
from registry.ledger.verify.words import SAID

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse

router = APIRouter()


@router.get("/for-judges", include_in_schema=False)
def page(request: Request) -> HTMLResponse:
    """The page; it reads nothing of the register."""
    return plain.page(request, "for_judges.html", statement=SAID["cosigned"])
