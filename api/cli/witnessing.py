"""How does the registry get its log cosigned at a terminal; and how is the bureau's own program started where all is installed?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import shown
from api.cli.options import HERE, Json, Registry, opened

if TYPE_CHECKING:
    from registry.witnessing import Taken

app = typer.Typer(help="请监察局签名。Get the log cosigned by the supervision bureau.", no_args_is_help=True)
FolderPath = Annotated[Path, typer.Argument(metavar="DIR", help="U 盘上的文件夹 a folder on the stick")]


def witness(context: typer.Context) -> None:
    """监察局自己的程序(init, about, check, cosign, serve, status, evidence)。The supervision bureau's own program."""
    from registry.witness.command import main

    raise typer.Exit(main(context.args))


@app.command("trust")
def trust(
    name: Annotated[str, typer.Argument(metavar="NAME", help="信任名单里的称呼, 例如 jiancha its name in the policy")],
    vkey: Annotated[str, typer.Argument(metavar="VKEY", help="监察局给的公钥文本 the key that the bureau gave you")],
    *,
    quorum: Annotated[
        bool, typer.Option("--quorum", help="从此核验都要有它的签名 verifiers ask for its signature from now on")
    ] = False,
    registry: Registry = HERE,
) -> None:
    """把监督机构的公钥写上账本(一条 K)。Name a witness on the log: only its lines are taken."""
    from registry import witnessing

    with opened(registry) as store:
        key = witnessing.trust(store, vkey, name, quorum=quorum)
    shown.say(f"写上了 {name}: {key}", "on the log; give verifiers the new policy: sanquan ledger policy")


@app.command("ask")
def ask(
    url: Annotated[str, typer.Argument(metavar="URL", help="监督程序的地址 where the witness answers")],
    *,
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """在网上请签; 监督机构不在也不妨碍公布。Ask over a line for a signature on the published head. Again is no harm."""
    from registry import witnessing

    with opened(registry) as store:
        _show(witnessing.ask(store, url), json=json)


@app.command("out")
def out(
    folder: FolderPath,
    *,
    since: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="从第几条起, 默认上次签到之处 from which size, the last cosigned one")
    ] = None,
    registry: Registry = HERE,
) -> None:
    """把请求写到 U 盘(内有私密的配对, 只交给监察局)。Write a request to a stick; it holds private pairs, for the bureau alone."""
    from registry import witnessing

    with opened(registry) as store:
        start, size = witnessing.write_out(store, folder, since)
    shown.say(f"写好了第 {start} 至 {size} 条: {folder}", f"entries {start} to {size}; for the bureau alone, by hand")


@app.command("back")
def back(folder: FolderPath, *, registry: Registry = HERE, json: Json = False) -> None:
    """收回 U 盘上的签名, 加到公布的检查点。Take the answer of a stick; the published checkpoint gets the line."""
    from registry import witnessing

    with opened(registry) as store:
        _show(witnessing.bring_back(store, folder), json=json)


@app.command("receipt")
def receipt(
    checkpoint: Annotated[Path, typer.Argument(metavar="FILE", help="签过的检查点 a cosigned checkpoint")],
    *,
    policy: Annotated[Path, typer.Option("--policy", metavar="FILE", help="信任名单 whose signatures count")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.pdf", help="写到哪里 where to")],
) -> None:
    """回执(PDF), 只写核验得出的内容; 不需要登记库。The receipt as PDF, made only of what verifies; needs no registry."""
    from registry.ledger.verify.note import parse_policy
    from registry.ledger.verify.strict import utf8
    from registry.witnessing import receipt_pdf

    output.write_bytes(receipt_pdf(checkpoint.read_bytes(), parse_policy(utf8(policy.read_bytes()))))
    shown.say(f"回执 {output}", "the receipt")


def _show(taken: Taken, *, json: bool) -> None:
    from api.answers.ledger import instant, taken_facts

    if json:
        shown.as_json(taken_facts(taken))
        return
    where = ("已公布", "published") if taken.published else ("账本已更长, 另存", "the log has grown: kept beside")
    shown.say(f"{taken.size} 条有监督签名({where[0]})", f"cosigned up to {taken.size}, {where[1]}")
    for name, time in taken.witnesses:
        shown.say(f"  {name}", str(instant(time)))
