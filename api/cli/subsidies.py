"""Is a subsidy list what the register says: at a terminal, before 一卡通 pays?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import looking, shown
from api.cli.comparing import faults
from api.cli.looking import Purpose
from api.cli.options import BUREAU, HERE, Bureau, By, Json, Registry, opened

if TYPE_CHECKING:
    from registry.subsidies import SubsidyCheck

TO_LOOK_AT = 1
_LONGEST_LIST = 50

app = typer.Typer(help="补贴名单核对。Subsidy lists.", no_args_is_help=True)


@app.callback()
def subsidies() -> None:
    """补贴名单核对。Subsidy lists."""


@app.command("check")
def check(
    *,
    listed: Annotated[Path, typer.Argument(metavar="LIST", help="惠农牧补贴名单 csv 或 xlsx: the list")],
    registry: Registry = HERE,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.xlsx|.csv", help="核对表写到哪里 the sheet")
    ] = None,
    purpose: Purpose = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """补贴核对表: 去年、今年、每处不同的原因; 不看户口。Last year, this year, the reason of each difference.

    Ends with 0 when nothing is open, 1 when something must be looked at before it is paid, 2 when the list is refused.
    """
    from registry.same_person import one_person
    from registry.subsidies import ListRefusedError, check_list, write_sheet

    with opened(registry) as store:
        try:
            found = check_list(store, listed, one_person)
        except ListRefusedError as refusal:
            faults(refusal.faults)
            raise
        looking.listed(store, "", "list-check", purpose, officer, bureau)
    if out is not None:
        write_sheet(found, out)
    if json:
        shown.as_json(found.as_json())
    else:
        _show(found, out)
    if found.open:
        raise typer.Exit(TO_LOOK_AT)


def _show(found: SubsidyCheck, out: Path | None) -> None:
    from registry.subsidies.model import STATES

    rows = [
        (
            line.who,
            f"{line.policy} ({line.basis})",
            f"{line.last or '–'} ({line.last_year or '–'})",
            line.registered or "–",
            f"{line.listed or '–'} {line.unit}",
            "\n".join([*STATES[line.state], *(f"{reason.zh} {reason.day}" for reason in line.reasons)]),
        )
        for line in found.open
    ]
    if rows:
        header = ("谁 who", "政策 policy", "上次 last", "登记簿 registered", f"名单 {found.year}", "结论 what to do")
        shown.table("先看这些 to look at first", header, rows[:_LONGEST_LIST])
    if len(rows) > _LONGEST_LIST:
        where = f"见 see {out}" if out else "全部请用 --out FILE.xlsx: all of them with --out"
        shown.say(f"共 {len(rows)} 行要看;", f"{len(rows)} lines in all; {where}")
    settled = len(found.lines) - len(found.open)
    shown.say(
        f"{found.year} 年: {len(found.lines)} 行, 没有问题 {settled}, 要看 {len(found.open)}; 什么都没有写",
        f"{settled} settled, {len(found.open)} to look at; nothing was written",
    )
