"""How is the inspectors' monthly sample sealed and drawn at a terminal, and how does a stranger draw it again?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import shown
from api.cli.options import HERE, Json, Registry, opened

app = typer.Typer(help="每月抽查。The inspectors' monthly sample.", no_args_is_help=True)
Month = Annotated[str, typer.Argument(metavar="2026-12", help="哪个月 which month")]
NOT_AS_DRAWN = 1


@app.callback()
def sample() -> None:
    """每月抽查。The inspectors' monthly sample."""


@app.command("number")
def number() -> None:
    """出一个数和它的 SHA-256, 哪里都不留; 在监察局自己的电脑上运行。A number and its hash, kept nowhere: on the bureau's own PC."""
    import secrets

    from registry.ledger.drawing import hash_of

    made = secrets.token_hex(32)
    shown.say(f"数(收好, 下个月才公开): {made}", "the number: keep it to yourself until next month")
    shown.say(f"封存用的 SHA-256: {hash_of(made)}", "its hash, for sanquan sample seal")


@app.command("seal")
def seal(
    month: Month,
    number_hash: Annotated[str, typer.Argument(metavar="SHA-256", help="数的 SHA-256 the hash of the number")],
    *,
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """上月封存: 把数的 SHA-256 和名单写上账本, 一月一个。Seal a number for next month, with the list; one a month."""
    from api.answers.supervision import sealed
    from registry.supervision import sampling

    with opened(registry) as store:
        made = sampling.seal(store, month, number_hash)
    if json:
        shown.as_json(sealed(made))
    else:
        shown.say(f"{month} 封存了, 账本第 {made.idx} 条, 名单 {made.n} 户", f"sealed, entry {made.idx}, {made.n} families")


@app.command("draw")
def draw(
    month: Month,
    told: Annotated[str, typer.Argument(metavar="NUMBER", help="封存的数 the number that was sealed")],
    *,
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """当月公开数并抽签, 只抽一次。Reveal the number and draw, once."""
    from api.answers import supervision
    from registry.supervision import sampling

    with opened(registry) as store:
        made = supervision.drawn(sampling.draw(store, month, told))
    if json:
        shown.as_json(made)
        return
    header = ("代号 id", "落户 settled", "承包方 household", "人数 people", "账本 entry")
    rows = [
        (one["id"], one["settled_on"], " ".join(one["households"]), str(len(one["people"])), str(one["event"]))
        for one in made["families"]
    ]
    shown.table(f"{month} 抽查 the sample", header, rows)


@app.command("redraw")
def redraw(
    ledger: Annotated[str, typer.Argument(metavar="LEDGER", help="公布的账本: 文件夹或 https://…/ledger where it is published")],
    month: Month,
    *,
    policy: Annotated[Path, typer.Option("--policy", metavar="FILE", help="信任名单 whose signatures count")],
    json: Json = False,
) -> None:
    """照公开账本重抽一遍, 不用登记库。Draw a month again from the published log alone, without a registry."""
    from api.answers.supervision import redrawn
    from registry.ledger.published import place
    from registry.ledger.verify.note import parse_policy
    from registry.ledger.verify.strict import utf8
    from registry.supervision import redrawing

    found = redrawing.redraw(place(ledger), month, parse_policy(utf8(policy.read_bytes())))
    if json:
        shown.as_json(redrawn(found))
    else:
        for n, name in enumerate(found.drawn, 1):
            shown.say(f"{n} {name}", "")
        for zh, en in found.faults:
            shown.say(f"✗ {zh}", en)
        for zh, en in found.unproved:
            shown.say(f"没有证明: {zh}", f"not shown: {en}")
        shown.say("✓ 与公布的一致" if found.ok else "✗ 不成立", "as the public log gives it" if found.ok else "it does not hold")
    if not found.ok:
        raise typer.Exit(NOT_AS_DRAWN)
