"""Which exceptions wait for the bureau, and how is one approved or refused at a terminal?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli import shown
from api.cli.options import BUREAU, HERE, Bureau, By, Json, Registry, officer_of, opened

if TYPE_CHECKING:
    from registry.ledger.commit import Officer

app = typer.Typer(
    help="例外说明: 等审批的, 批准, 不批准。Exceptions: which wait; approve or refuse one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Id = Annotated[str, typer.Argument(metavar="ID", help="例外说明的编号, 见 list its id")]
Reason = Annotated[str, typer.Option("--reason", help="理由, 不写姓名 why, without names")]
_STATES = {"waiting": "等审批 waiting", "approved": "批准 approved", "refused": "不批准 refused"}


@app.command("list")
def every(
    *,
    village: Annotated[str | None, typer.Option("--village", help="哪个村, 12 位 of which village")] = None,
    state: Annotated[
        Literal["waiting", "approved", "refused"] | None, typer.Option(help="等审批、批准、不批准 in which state")
    ] = None,
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """例外说明和审批结果, 先来的在前。Explanations with what was decided, oldest first."""
    from api import asked
    from api.answers import exceptions

    code = None if village is None else asked.text("village", village)
    with opened(registry) as store, store.reading() as connection:
        found = exceptions.exceptions(store, connection, code, state)
    if json:
        shown.as_json(found)
        return
    columns = ("编号 id", "村 village", "错误 fault", "哪里 where", "状态 state", "理由 reason")
    rows = [
        (
            each["id"],
            each["village"],
            each["fault"],
            f"{each['layer']} {each['code']}",
            _STATES[each["state"]],
            "" if each["decision"] is None else f"{each['decision']['at'][:10]} {each['decision']['reason']}",
        )
        for each in found["exceptions"]
    ]
    shown.table("例外说明 exceptions", columns, rows)


@app.command("show")
def show(*, exception: Id, registry: Registry = HERE) -> None:
    """一条例外说明的理由、签字人和材料摘要, 审批前看。What it says and who signed, in clear: to be read before deciding."""
    from registry.delivery.decisions import ExplanationNotFoundError, explanations

    with opened(registry) as store, store.reading() as connection:
        found = next((one for one in explanations(store, connection) if one.id == exception), None)
    if found is None:
        raise ExplanationNotFoundError
    shown.say(f"{found.fault}: {found.layer} {found.code}", _STATES[found.state])
    shown.say(f"理由 {found.reason}", "the reason")
    shown.say(f"签字人 {found.signer}, {found.day}", "who signed, when")
    shown.say(f"照片 {found.photo}, 签字件 {found.paper}", "SHA-256 of photo and signed paper, in 其他资料 of the delivery")


@app.command("approve")
def approve(
    *, exception: Id, reason: Reason, registry: Registry = HERE, officer: By = None, bureau: Bureau = BUREAU, json: Json = False
) -> None:
    """批准: 这处错误以后不再问。Approve: its fault is not asked again."""
    _decide({"exception": exception, "approved": True, "reason": reason}, registry, officer_of(officer, bureau), json=json)


@app.command("refuse")
def refuse(
    *, exception: Id, reason: Reason, registry: Registry = HERE, officer: By = None, bureau: Bureau = BUREAU, json: Json = False
) -> None:
    """不批准: 理由印在退件单上。Refuse: the return sheet says why."""
    _decide({"exception": exception, "approved": False, "reason": reason}, registry, officer_of(officer, bureau), json=json)


def _decide(what: dict[str, Any], registry: Path, who: Officer, *, json: bool) -> None:
    from pydantic import ValidationError

    from api.answers import exceptions
    from registry.delivery.decisions import DecisionReasonError, ExplanationNotFoundError

    try:
        sent = exceptions.DecisionIn.model_validate(what | {"officer": {"name": who.name, "bureau": who.bureau}})
    except ValidationError as malformed:
        by_id = any(each["loc"][:1] == ("exception",) for each in malformed.errors())
        raise (ExplanationNotFoundError if by_id else DecisionReasonError) from None
    with opened(registry) as store:
        done = exceptions.decide(store, sent)
    if json:
        shown.as_json(done)
    else:
        shown.say(f"{done['fault']} {done['code']}: {_STATES[done['state']]}", "decided once; the delivery may be brought again")
