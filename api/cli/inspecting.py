"""How does a surveyor or a clerk ask what is wrong with a delivery, without any register?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from api.cli import shown
from api.cli.delivering import end_with, show_report, steps
from api.cli.options import Json
from registry.errors import SanquanError

_CHINA = dt.timezone(dt.timedelta(hours=8))
_PAGE = ".html"


class NothingToInspectError(SanquanError):
    """Raised when neither a delivery nor the rules are asked for."""

    def __init__(self) -> None:
        """The two ways."""
        super().__init__(
            "说明检查哪个成果文件夹, 或用 --rules 看全部规则", "say which delivery to inspect, or --rules to see every rule"
        )


def inspect(
    *,
    delivery: Annotated[
        Path | None, typer.Argument(metavar="DELIVERY", help="成果文件夹 the folder of the delivery")
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(
            "--report", metavar="FILE", help="写成 .xlsx .gpkg .shp .html .csv .json(判定), 可以多次 may be given often"
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="按哪一天检查, 默认今天 as on which day")
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="列出全部规则 list every rule")] = False,
    json: Json = False,
) -> None:
    """质检: 按县里的规则检查成果, 不需要登记库。Inspect a delivery by the county's rules; no register is needed.

    Ends with 0 when all villages pass, 1 when some would come back, 2 when all would or nothing could be read.
    """
    from api import asked
    from api.inspection_page import write_page
    from registry.delivery.inspection import inspect_delivery
    from registry.delivery.report_files import WRITERS, ReportKindUnknownError, write_report

    if rules:
        _list_rules(json)
        return
    if delivery is None:
        raise NothingToInspectError
    for path in report or []:
        if path.suffix.lower() not in (*WRITERS, _PAGE):
            raise ReportKindUnknownError(path.suffix)
    now = dt.datetime.now(tz=_CHINA)
    if as_of is not None:
        now = dt.datetime.combine(dt.date.fromisoformat(asked.day(as_of)), dt.time(12), tzinfo=_CHINA)
    with steps() as progress:
        found = inspect_delivery(delivery, now, progress)
    for path in report or []:
        if path.suffix.lower() == _PAGE:
            write_page(found, path)
        else:
            write_report(found, path)
    if json:
        shown.as_json(found.report.as_json())
    else:
        show_report(found.report, report[0] if report else None)
    end_with(found.report)


def _list_rules(json: bool) -> None:  # noqa: FBT001
    from registry.delivery.faults import catalogue, rule_pack

    version, digest = rule_pack()
    if json:
        kinds = [
            {
                "id": kind.id, "severity": kind.severity, "scope": kind.scope, "at": kind.at, "clause": kind.clause,
                "tolerance": None if kind.tolerance is None else str(kind.tolerance),
                "zh": kind.zh, "en": kind.en, "hint_zh": kind.hint_zh, "hint_en": kind.hint_en,
            }
            for kind in catalogue().values()
        ]  # fmt: skip
        shown.as_json({"version": version, "digest": digest, "rules": kinds})
        return
    shown.table(
        f"规则包 {version} · sha256 {digest}",
        ("规则 rule", "分量 severity", "什么 what", "容差 tolerance", "依据 clause"),
        [
            (
                kind.id, kind.severity, f"{kind.zh}\n{kind.en}",
                "" if kind.tolerance is None else str(kind.tolerance), kind.clause,
            )
            for kind in catalogue().values()
        ],
    )  # fmt: skip
