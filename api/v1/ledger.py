"""What does the public log say of itself, and which leaves stand in it: `/v1/ledger`."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api.answers import ledger
from api.v1 import models
from api.v1.answering import AskedOfLog, First, Limit
from api.v1.documents import answered, ok, problems
from api.v1.token import token_required

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


@router.get("/witnesses", summary="监督机构 / witnesses", responses={**ok(models.Witnesses), **problems(422)})
def witnesses(request: Request) -> Response:
    """Who watches this log, what a cosignature states, and how far each has signed. Not of a moment: a line may come days later."""
    return answered(ledger.witnesses(request.app.state.store))


@router.post(
    "/cosignatures",
    summary="带回监督签名 / bring back a cosignature",
    dependencies=[Depends(token_required)],
    responses={**ok(models.Cosigned), **problems(401, 413, 422, 503)},
)
def cosignature(request: Request, sent: models.CosignatureIn) -> Response:
    """Keep the line of a witness that the log names, over a head that this log has. Nothing is written on the log."""
    return answered(ledger.take(request.app.state.store, sent.checkpoint))

