"""Which deliveries were registered, and how is one taken back at a terminal: shown first, then done?"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.cli import shown
from api.cli.options import BUREAU, HERE, Bureau, By, Form, Json, Registry, officer_of, opened
from registry.errors import SanquanError

STOPPED = 1
app = typer.Typer(
    help="成果: 登记过哪些, 撤回登错的。Deliveries: which were registered; take back a wrong one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Delivery = Annotated[str, typer.Argument(metavar="HASH", help="成果的内容摘要 64 位, 见 list its content hash")]
_NOUNS = {
    "parcel": "地块", "holding": "承包户", "right": "权利", "restriction": "限制", "duty": "义务", "membership": "成员",
    "benefit": "补贴",
}  # fmt: skip


class WithdrawalMalformedError(SanquanError):
    """Raised when hashes, a village or wills are malformed. They are not repeated."""

    def __init__(self, places: list[str]) -> None:
        """The fields, with a valid example."""
        named = ", ".join(places)
        super().__init__(
            f"这些项不合规定: {named}。成果和材料用 64 位摘要, 村代码 12 位; --will 写成 人的编号:材料摘要 或再加 :监护人的编号",
            f"these are not as they must be: {named}. A delivery and a paper are named by 64 digits, a village by 12; --will is "
            "PERSON:HASH or PERSON:HASH:GUARDIAN",
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
def withdraw(  # noqa: PLR0913  (one parameter an option)
    *,
    delivery: Delivery,
    village: Annotated[str | None, typer.Option("--village", help="只撤这个村, 12 位 this village only")] = None,
    will: Annotated[
        list[str] | None,
        typer.Option("--will", metavar="PERSON:HASH[:GUARDIAN]", help="已落户的人书面同意更正, 可多次 who moved since signs"),
    ] = None,
    apply: Annotated[
        int | None, typer.Option("--apply", metavar="N", help="照预览撤回, N 是预览的项数 do it, N as the preview said")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="为什么撤回 why")] = "",
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="HASH", help="证明登错的材料, 可多次 papers that prove it")
    ] = None,
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """撤回登错的成果: 先看会撤什么、什么拦住, 加 --apply 才登记; 什么都不删除。Shown first; by new versions, nothing is deleted.

    Ends with 0 when every village goes, 1 when a later act or a move stops one.
    """
    from api.answers import deliveries

    what = {"delivery": delivery, "village": village, "wills": [_will(one) for one in will or ()]}
    if apply is None:
        sent = _as(deliveries.WithdrawalIn, what)
        with opened(registry) as store:
            found = deliveries.preview(store, sent)
    else:
        who = officer_of(officer, bureau)
        by = {"name": who.name, "bureau": who.bureau}
        order = {"withdrawal": what, "expect": apply, "reason": reason, "officer": by, "sources": source or []}
        wanted = _as(deliveries.WithdrawalOrder, order)
        with opened(registry) as store:
            found = deliveries.record(store, wanted)
    if json:
        shown.as_json(found)
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


def _will(given: str) -> dict[str, str]:
    return dict(zip(("person", "source", "guardian"), given.split(":", 2), strict=False))


def _show(found: dict[str, Any]) -> None:
    for each in found["villages"]:
        counts = ", ".join(f"{_NOUNS[noun]} {count}" for noun, count in each["ends"].items() if count)
        if each["goes"]:
            shown.say(f"{each['code']}: 撤 {counts}", "by 更正登记 record-corrected, on the day of each act that it takes back")
        for stop in each["stops"]:
            shown.say(f"{each['code']} 不能撤: {stop['day']} {stop['zh']} {stop['code']}", stop["en"])
        for code in each["freed"]:
            shown.say(f"{code}: 去掉这份成果登的限制, 别的不变", "loses the burden that the delivery laid on it, nothing else")
    if "idx" in found:
        shown.say(f"撤回了 {found['expect']} 项, 账本 {found['idx']}–{found['size'] - 1}", "taken back; nothing was deleted")
        shown.say("改好的成果可以再导入", "the mended delivery may be imported")
    else:
        shown.say(f"会撤回 {found['expect']} 项; 登记时加 --apply {found['expect']}", "nothing was written")
