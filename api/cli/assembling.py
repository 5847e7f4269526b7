"""Who is on the roster of a collective's assembly, and did enough come: at a terminal?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import shown
from api.cli.looking import listed
from api.cli.options import BUREAU, HERE, Bureau, By, Json, KnownAt, Registry, ValidAt, officer_of, opened

app = typer.Typer(help="成员大会名册和法定人数。Rosters and quorum of the assembly.", no_args_is_help=True)
Code = Annotated[str, typer.Argument(metavar="COLLECTIVE", help="发包方编码 14 位 its code as an issuer")]
NOT_QUORATE = 1


@app.callback()
def roster() -> None:
    """成员大会名册和法定人数。Rosters and quorum of the assembly."""


@app.command("list")
def list_(  # noqa: PLR0913  (one parameter an option)
    code: Code,
    *,
    registry: Registry = HERE,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.csv", help="带姓名的签到册, 只在本机 with names")] = None,
    purpose: Annotated[str, typer.Option("--purpose", help="带姓名时的用途, 记入登记库 what for; logged")] = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """名册: 全部成员, 落户的也在; 到会和同意各要几人。Every member, settled ones too; how many must come and agree."""
    from api import asked
    from api.answers.benefits import assembly
    from registry.assembly import write_roster

    asked.text("collective", code)
    with opened(registry) as store:
        with store.reading() as connection:
            at = asked.moment(store, connection, valid_at, known_at)
            answer = assembly(store, connection, code, at)
        if out is not None:
            lines = write_roster(store, officer_of(officer, bureau), code, out, purpose, at.valid_at)
            shown.say(f"写好了 {out}: {lines} 人, 已记下用途", "written and logged")
            return
        listed(store, code, "roster", purpose, officer, bureau)
    if json:
        shown.as_json(answer)
        return
    words = {True: "有 yes", False: "未成年 minor", None: "年龄待查 ask"}
    shown.table(
        f"{answer['collective']['name']} 成员名册 roster",
        ("成员 member", "承包方编码 household", "表决权 vote", "编号 id"),
        [
            (f"{one['name']} {one['id_number']}", one["household"], words[one["capable"]], one["person_id"])
            for one in answer["members"]
        ],
    )
    quorum = answer["quorum"]
    agree = quorum["agree"] if quorum["agree"] is not None else "到会的过半数 half of those who come"
    shown.say(f"有表决权 {quorum['of']}, 到会至少 {quorum['attend']}, 同意至少 {agree}", f"({quorum['rule']})")
    shown.say(quorum["zh"], quorum["en"] + ("" if quorum["confirmed"] else " (未确认 unconfirmed)"))


@app.command("count")
def count(
    code: Code,
    attendance: Annotated[Path, typer.Argument(metavar="FILE.csv", help="成员编号,方式,受托人: who came, how, by whom")],
    *,
    registry: Registry = HERE,
    valid_at: ValidAt = None,
    json: Json = False,
) -> None:
    """到会人数够不够: 网上参加、同户委托都算到会。Is the quorum met? On line and by proxy is attendance. Ends with 1 if not."""
    from api import asked
    from api.answers.benefits import attendance as attendance_of

    asked.text("collective", code)
    raw = attendance.read_bytes()
    with opened(registry) as store, store.reading() as connection:
        found = attendance_of(store, connection, code, raw, asked.moment(store, connection, valid_at, None))
    if json:
        shown.as_json(found)
    else:
        ways = f"本人 {found['in_person']}, 网上 {found['on_line']}, 委托 {found['by_proxy']}"
        shown.say(
            f"{ways}: 共 {found['attended']}, 要 {found['needed']}",
            f"{'quorate' if found['quorate'] else 'not quorate'}; to decide, {found['agree']} must agree",
        )
    if not found["quorate"]:
        raise typer.Exit(NOT_QUORATE)
