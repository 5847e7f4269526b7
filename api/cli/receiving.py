"""Which papers are made at a terminal when a delivery changes hands?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import shown
from api.cli.delivering import steps
from api.cli.options import AsOf, moment


def receipt(
    *,
    delivery: Annotated[
        Path, typer.Argument(metavar="DELIVERY", help="成果文件夹或 zip the folder of the delivery, or a zip of it")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="receipt.pdf", help="写到哪个文件 the file to write")],
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="谁送来的 who brought it")],
    job: Annotated[Path | None, typer.Option("--job", metavar="job.zip", help="任务包 the job package")] = None,
    as_of: AsOf = None,
) -> None:
    """接收回执: 内容摘要、行数、规则、判定摘要, 双方签字。A receipt for both sides; no register is needed."""
    from registry.delivery.inspection import inspect_delivery
    from registry.delivery.job import read_job
    from registry.delivery.sheets import receipt as made

    given = None if job is None else read_job(job)
    now = moment(as_of)
    with steps() as progress:
        found = inspect_delivery(delivery, now, progress, frozenset() if given is None else given.exceptions)
    out.write_bytes(made(found, by, now, "" if given is None else given.digest))
    shown.say(f"写好了 {out}; 内容摘要 {found.report.content_hash}", "written; the delivery's content hash")
