"""How does a job for surveyors leave the county at a terminal?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import shown
from api.cli.options import HERE, Json, Registry, opened

app = typer.Typer(
    help="任务包: 给测绘单位的底图、代码表和规则。Job packages: what a surveyor takes home.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("make")
def make(
    *,
    villages: Annotated[list[str], typer.Argument(metavar="VILLAGE...", help="嘎查、村代码 12 位 villages by code")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="job.zip", help="写到哪个文件 the file to write")],
    deadline: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="哪天以前交成果 due by which day")],
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """任务包: 已登记的地块、代码表、坐标系、规则包和期限, 不含个人信息。Pack a job; nothing in it names a person.

    The surveyor checks with sanquan inspect DELIVERY --job job.zip and gets the county's verdict, byte for byte.
    """
    from api import asked
    from registry.exports.job import make_job

    codes = [asked.text("village", code) for code in villages]
    due = asked.day(deadline, "deadline")
    with opened(registry) as store:
        made = make_job(store, codes, due, out)
    if json:
        rules = dict(zip(("version", "digest"), made.rules, strict=True))
        shown.as_json(
            {"file": str(made.path), "digest": made.digest, "rules": rules, "deadline": due, "parcels": made.parcels}
        )
        return
    counts = ", ".join(f"{code} {count}" for code, count in made.parcels.items())
    shown.say(f"写好了 {made.path}: 地块 {counts}; 期限 {due}; 规则包 {made.rules[0]}", "written")
    shown.say(f"任务包摘要 sha256 {made.digest}", "the package's digest: note it on the order")
