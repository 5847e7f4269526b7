"""Which recorded breaches of the guarantee are open, and what came of them: at a terminal?"""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli import shown
from api.cli.options import BUREAU, HERE, Bureau, By, Json, Registry, officer_of, opened

app = typer.Typer(help="违反保证的记录。Recorded breaches.", no_args_is_help=True)
OPEN = 1


@app.callback()
def breach() -> None:
    """违反保证的记录。Recorded breaches."""


@app.command("list")
def list_(*, registry: Registry = HERE, json: Json = False) -> None:
    """核对时记下的、与账本不符的行 (sanquan audit --record)。Ends with 1 while one is open."""
    from api.answers.breaches import told
    from registry import breaches

    with opened(registry) as store, store.reading() as connection:
        found = breaches.breaches(store, connection)
    if json:
        shown.as_json([told(one) | {"outcome": one.outcome} for one in found])
    else:
        rows = [
            (one.id, one.found_at, one.place, f"{one.found['zh']} {one.found['en']}", one.outcome or "未结 open")
            for one in found
        ]
        shown.table("违反保证的记录 breaches", ("编号 id", "发现 found", "表 table", "什么 what", "结果 outcome"), rows)
    if any(one.closed_at is None for one in found):
        raise typer.Exit(OPEN)


@app.command("close")
def close(
    breach_id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    outcome: Annotated[str, typer.Option("--outcome", metavar="TEXT", help="查清了什么 what came of it")],
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
) -> None:
    """写明一条记录查清的结果; 记录本身不改不删。Say what came of one; it is never changed nor taken back."""
    from registry import breaches

    with opened(registry) as store:
        breaches.close(store, officer_of(officer, bureau), breach_id, outcome)
    shown.say("记下了", "recorded")
