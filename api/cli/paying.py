"""Which farm policies are there, and whom does the register say is paid in a year: at a terminal?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import shown
from api.cli.looking import listed
from api.cli.options import BUREAU, HERE, Bureau, By, Json, KnownAt, Registry, officer_of, opened

app = typer.Typer(help="惠农牧政策和发放名单, 从不看户口。Farm policies and payment lists, never by hukou.", no_args_is_help=True)
_LONGEST_LIST = 60


@app.callback()
def payments() -> None:
    """惠农牧政策和发放名单, 从不看户口。Farm policies and payment lists, never by hukou."""


@app.command("policies")
def policies(*, json: Json = False) -> None:
    """有哪些政策, 按什么算, 标准多少。Which policies, on which basis, at which rate."""
    from api.answers.benefits import all_policies

    answer = all_policies()
    if json:
        shown.as_json(answer)
        return
    shown.table(
        "惠农牧政策 farm policies",
        ("政策 policy", "依据 basis", "按什么算 reckoned from", "标准 rate", "起 from", "依据文件 document"),
        [
            (
                f"{one['name']}\n{one['en']}",
                one["basis"],
                ", ".join(one["reads"]),
                f"{one['yuan']} 元/{one['unit']}" if one["yuan"] else f"未知 unknown /{one['unit']}",
                one["from"],
                one["document"] + ("" if one["confirmed"] else " (未确认 unconfirmed)"),
            )
            for one in answer["policies"]
        ],
    )


@app.command("list")
def list_(
    year: Annotated[str, typer.Argument(metavar="YEAR", help="年度 the policy year")],
    *,
    registry: Registry = HERE,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.csv", help="带姓名的名单, 只在本机 with names")] = None,
    purpose: Annotated[str, typer.Option("--purpose", help="带姓名时的用途, 记入登记库 what for; logged")] = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """一年的发放名单, 按登记的享受; 谁落了户都一样。The payment list of a year, whoever settled in town."""
    from api import asked
    from api.answers.benefits import payment_list
    from registry.same_person import one_person
    from registry.subsidies.payments import write_list

    with opened(registry) as store:
        if out is not None:
            lines = write_list(store, officer_of(officer, bureau), year, out, purpose, one_person)
            shown.say(f"写好了 {out}: {lines} 行, 已记下用途", "written and logged")
            return
        with store.reading() as connection:
            answer = payment_list(store, connection, year, asked.moment(store, connection, None, known_at))
        listed(store, "", "payment-list", purpose, officer, bureau)
    if json:
        shown.as_json(answer)
        return
    rows = [
        (
            one["issuer"],
            one["code"] or f"{one['name']} {one['id_number']}",
            one["policy"],
            f"{one['quantity']} {one['unit']}",
            one["amount"] or "-",
        )
        for one in answer["payments"]
    ]
    header = ("发包方 issuer", "谁 who", "政策 policy", "数量 quantity", "金额 yuan")
    shown.table(f"{year} 年发放名单 payments", header, rows[:_LONGEST_LIST])
    for total in answer["sums"]:
        shown.say(f"{total['policy']} 合计 {total['quantity']} {total['unit']}", "in all")
    shown.say(f"共 {len(rows)} 行", f"{len(rows)} lines; --json has them all, --out with names")
