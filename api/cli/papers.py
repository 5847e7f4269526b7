"""How is a paper kept as evidence at a terminal, and got back?"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import HERE, Registry, opened

app = typer.Typer(
    help="材料: 加密存起来, 按内容取名。Papers: kept encrypted, named by their content.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("add")
def add(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="扫描件 a scan")],
    kind: Annotated[str, typer.Option(help="哪一种: 合同、决议、同意书… contract, resolution, consent …")],
    dated: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="材料自己的日期 the paper's own date")],
    about: Annotated[str, typer.Option(help="说明, 加密保存 what it is about, sealed")] = "",
    registry: Registry = HERE,
) -> None:
    """存一份材料, 打印它的内容摘要。Keep a paper; prints the content hash by which acts and events cite it."""
    from registry import sources

    day = date.fromisoformat(dated).isoformat()
    with opened(registry) as store:
        sys.stdout.write(sources.keep(store, file.read_bytes(), kind=kind, dated=day, about=about) + "\n")


@app.command("get")
def get(
    *,
    content_hash: Annotated[str, typer.Argument(metavar="HASH", help="内容摘要 its content hash")],
    out: Annotated[Path, typer.Argument(metavar="FILE", help="写到哪里 where to write it")],
    registry: Registry = HERE,
) -> None:
    """取回一份材料, 与摘要核对。Get a paper back, checked against its hash."""
    from registry import sources

    with opened(registry) as store:
        content = sources.open_source(store, content_hash)
    out.write_bytes(content)
