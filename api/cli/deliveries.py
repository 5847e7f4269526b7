"""Which deliveries were registered, and what would taking one back change, at a terminal? `sanquan case` does it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.cli import shown
from api.cli.options import HERE, AsCase, Form, Json, Registry, opened
from registry.errors import SanquanError

STOPPED = 1
app = typer.Typer(
    help="成果: 登记过哪些, 撤回会撤什么。Deliveries: which were registered; what taking one back would end.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Delivery = Annotated[str, typer.Argument(metavar="HASH", help="成果的内容摘要 64 位, 见 list its content hash")]
_NOUNS = {
    "parcel": "地块", "holding": "承包户", "right": "权利", "restriction": "限制", "duty": "义务", "membership": "成员",
    "benefit": "补贴",
}  # fmt: skip


class WithdrawalMalformedError(SanquanError):
    """Raised when a hash or a village is malformed. They are not repeated."""

    def __init__(self, places: list[str]) -> None:
        """The fields, with a valid example."""
        named = ", ".join(places)
        super().__init__(
            f"这些项不合规定: {named}。成果用 64 位摘要, 村代码 12 位",
            f"these are not as they must be: {named}. A delivery is named by 64 digits, a village by 12",
        )


@app.command("list")
def every(*, registry: Registry = HERE, json: Json = False) -> None:
    """登记过的成果, 每村登在哪几条, 撤回没有。Every delivery, its villages, which were withdrawn since."""
    from api.answers import deliveries

    with opened(registry) as store, store.reading() as connection:
        found = deliveries.deliveries(store, connection)
    if json:
        shown.as_json(found)
        return
    rows = [
        (
            each["content_hash"],
            each["recorded_at"],
            one["code"],
            "{}–{}".format(*one["entries"]),
            "" if one["withdrawn"] is None else "{day}, {entries[0]}–{entries[1]}".format(**one["withdrawn"]),
        )
        for each in found["deliveries"]
        for one in each["villages"]
    ]
    columns = ("内容摘要 content hash", "登簿 recorded", "村 village", "条目 entries", "撤回 withdrawn")
    shown.table("登记过的成果 registered deliveries", columns, rows)


@app.command("withdraw")
def withdraw(
    *,
    delivery: Delivery,
    village: Annotated[str | None, typer.Option("--village", help="只撤这个村, 12 位 this village only")] = None,
    reason: Annotated[str, typer.Option("--reason", help="为什么撤回, 写进申请 why; goes into the case")] = "",
    case: AsCase = False,
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """撤回登错的成果会撤什么、什么拦住; 撤回走案件。What taking a delivery back would end, what stops it; a case does it.

    Ends with 0 when every village goes, 1 when a later act stops one.
    """
    from api.answers import deliveries

    sent = _as(deliveries.WithdrawalIn, {"delivery": delivery, "village": village})
    with opened(registry) as store:
        found = deliveries.preview(store, sent)
    if found["case"] is not None:
        found["case"]["request"]["reason"] = reason
    if json or case:
        shown.as_json(found["case"] if case else found)
    else:
        _show(found)
    if not all(each["goes"] for each in found["villages"]):
        raise typer.Exit(STOPPED)


def _as(form: type[Form], values: dict[str, Any]) -> Form:
    from pydantic import ValidationError

    try:
        return form.model_validate(values)
    except ValidationError as malformed:
        raise WithdrawalMalformedError(sorted({str(each["loc"][-1]) for each in malformed.errors()})) from None


def _show(found: dict[str, Any]) -> None:
    for each in found["villages"]:
        counts = ", ".join(f"{_NOUNS[noun]} {count}" for noun, count in each["ends"].items() if count)
        if each["goes"]:
            shown.say(f"{each['code']}: 撤 {counts}", "by 更正登记 record-corrected, on the day of each act that it takes back")
        for stop in each["stops"]:
            shown.say(f"{each['code']} 不能撤: {stop['day']} {stop['zh']} {stop['code']}", stop["en"])
        for code in each["freed"]:
            shown.say(f"{code}: 去掉这份成果登的限制, 别的不变", "loses the burden that the delivery laid on it, nothing else")
        for moved in each["moved"]:
            shown.say(f"{each['code']}: {moved['person']} {moved['day']} 搬过, 要签字", "moved since: must sign in the case")
    shown.say(f"会撤回 {found['expect']} 项; 撤回走案件 delivery-withdrawn", "nothing was written; a case does it (--case)")
