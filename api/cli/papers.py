"""How is a paper or photograph kept as evidence at a terminal, and got back?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli import shown
from api.cli.options import BUREAU, HERE, Bureau, By, Json, Registry, officer_of, opened

app = typer.Typer(
    help="材料: 清理后加密存起来, 按内容取名。Papers: cleaned, kept encrypted, named by their content.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Hash = Annotated[str, typer.Argument(metavar="HASH", help="内容摘要 its content hash")]


@app.command("add")
def add(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="PDF、JPEG、PNG、TIFF, 看内容不看文件名 by content, not by name")],
    kind: Annotated[str, typer.Option(help="哪一种: 合同、决议、同意书… contract, resolution, consent …")],
    dated: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="材料自己的日期 the paper's own date")],
    about: Annotated[str, typer.Option(help="说明, 加密保存 what it is about, sealed")] = "",
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """存一份材料, 打印它的内容摘要。Keep a paper; prints the content hash by which acts and events cite it."""
    from api import asked
    from api.answers import evidence
    from registry.evidence import keeping

    day = asked.day(dated, "day")
    with opened(registry) as store:
        who = officer_of(officer, bureau)
        piece = keeping.receive(store, who, file.read_bytes(), kind=kind, dated=day, about=about)
        with store.reading() as connection:
            told = evidence.source(store, connection, piece.content_hash)
    if json:
        shown.as_json(told)
        return
    sys.stdout.write(piece.content_hash + "\n")
    if not piece.unchanged:
        taken_out = "、".join(zh for zh, _ in piece.removed) or "–"
        english = ", ".join(en for _, en in piece.removed) or "–"
        sys.stderr.write(
            f"原件 {piece.original_hash}, 存下的是清理过的; 去掉了 {taken_out}\n"
            f"the file as it came is {piece.original_hash}; what is kept was cleaned of {english}\n"
        )


@app.command("show")
def show(*, content_hash: Hash, registry: Registry = HERE) -> None:
    """一份材料: 哪一种, 原件和存下的摘要, 去掉了什么。What is known of a paper, as JSON; never what stands in it."""
    from api import asked
    from api.answers import evidence

    with opened(registry) as store, store.reading() as connection:
        shown.as_json(evidence.source(store, connection, asked.text("hash", content_hash)))


@app.command("get")
def get(
    *,
    content_hash: Hash,
    out: Annotated[Path, typer.Argument(metavar="FILE", help="写到哪里 where to write it")],
    purpose: Annotated[str, typer.Option("--purpose", help="用途, 记入登记库 what for; it is logged")],
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
) -> None:
    """取回一份材料, 与摘要核对; 谁为什么取, 记下。Get a paper back, checked against its hash; who and what for is logged."""
    from registry.evidence import keeping

    with opened(registry) as store:
        _, content, _ = keeping.read(store, officer_of(officer, bureau), content_hash, purpose)
    out.write_bytes(content)
