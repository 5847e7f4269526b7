"""What does the public log say of itself, and which leaves stand in it: `/v1/ledger`."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.answers import ledger
from api.v1 import models
from api.v1.answering import AskedOfLog, First, Limit
from api.v1.documents import ok, problems

router = APIRouter(prefix="/v1/ledger", tags=["ledger"])


@router.get("", summary="账本 / the log", responses={**ok(models.LedgerHead), **problems(304, 422)})
async def head(question: AskedOfLog) -> Response:
    """Its size, the root of its tree (base64), the root of the state (base64url)."""
    return question.answer(lambda c, at: ledger.head(question.store, c, at))


@router.get("/policy", summary="信任名单 / policy", responses={**ok(models.LedgerPolicy), **problems(304, 422)})
async def policy(question: AskedOfLog) -> Response:
    """Every key that the log names, and the policy (c2sp.org/tlog-policy) that asks for its signature; empty without a key."""
    return question.answer(ledger.policy)


@router.get("/entries", summary="账目 / entries", responses={**ok(models.Entries), **problems(304, 422)})
async def entries(question: AskedOfLog, first: First = 0, limit: Limit = 100) -> Response:
    """Leaves as they are stored; `next` is the `from` of the page that follows."""
    return question.answer(lambda c, at: ledger.entries(c, first, limit, at))
