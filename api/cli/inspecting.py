"""How does a surveyor or a clerk ask what is wrong with a delivery, without any register?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import shown
from api.cli.delivering import end_with, show_report, steps
from api.cli.options import AsOf, Cluster, Json, Last, Sheets, last_time, moment
from registry.errors import SanquanError

if TYPE_CHECKING:
    from registry.delivery.inspection import Inspection
    from registry.delivery.job import Job

_PAGE = ".html"


class NothingToInspectError(SanquanError):
    """Raised when neither a delivery nor the rules are asked for."""

    def __init__(self) -> None:
        """The two ways."""
        super().__init__(
            "说明检查哪个成果文件夹, 或用 --rules 看全部规则", "say which delivery to inspect, or --rules to see every rule"
        )


def inspect(  # noqa: PLR0913  (one parameter an option)
    *,
    delivery: Annotated[
        Path | None, typer.Argument(metavar="DELIVERY", help="成果文件夹或 zip the folder of the delivery, or a zip of it")
    ] = None,
    report: Annotated[
        list[Path] | None,
        typer.Option(
            "--report", metavar="FILE", help="写成 .xlsx .gpkg .shp .html .csv .json(判定), 可以多次 may be given often"
        ),
    ] = None,
    sheets: Sheets = None,
    last: Last = None,
    as_of: AsOf = None,
    job: Annotated[
        Path | None, typer.Option("--job", metavar="job.zip", help="县里给的任务包: 规则不同就不检查 the county's job package")
    ] = None,
    cluster: Cluster = None,
    rules: Annotated[bool, typer.Option("--rules", help="列出全部规则 list every rule")] = False,
    json: Json = False,
) -> None:
    """质检: 按县里的规则检查成果, 不需要登记库。Inspect a delivery by the county's rules; no register is needed.

    Ends with 0 when all villages pass, 1 when some would come back, 2 when all would or nothing could be read.
    """
    from registry.delivery.inspection import inspect_delivery
    from registry.delivery.sheets import write_sheets

    if rules:
        _list_rules(json)
        return
    if delivery is None:
        raise NothingToInspectError
    reports = report or []
    _require_known_kinds(reports)
    given = None if job is None else _job_of_these_rules(job)
    before, now = last_time(last), moment(as_of)
    with steps() as progress:
        known = frozenset[bytes]() if given is None else given.exceptions
        found = inspect_delivery(delivery, now, progress, known, cluster)
    _write_reports(found, reports)
    if sheets is not None:
        write_sheets(found.report, sheets, now, before)
    of_job = None
    if given is not None:
        of_job = given.said_of((village.code for village in found.report.villages), now.date().isoformat())
    if json:
        shown.as_json(found.report.as_json() | ({} if of_job is None else {"job": of_job}))
    else:
        show_report(found.report, reports[0] if reports else None)
        shown.say(f"判定 sha256 {found.report.verdict_digest()}", "the verdict's digest: the county's must be the same")
        if of_job is not None:
            _show_job(of_job)
    end_with(found.report)


def _job_of_these_rules(path: Path) -> Job:
    from registry.delivery.job import read_job

    job = read_job(path)
    job.require_installed_rules()
    return job


def _require_known_kinds(reports: list[Path]) -> None:
    """Before anything is checked: a report that can't be written is refused while nothing is lost."""
    from registry.delivery.report_files import WRITERS, ReportKindUnknownError

    for path in reports:
        if path.suffix.lower() not in (*WRITERS, _PAGE):
            raise ReportKindUnknownError(path.suffix)


def _write_reports(found: Inspection, reports: list[Path]) -> None:
    from api.inspection_page import write_page
    from registry.delivery.report_files import write_report

    for path in reports:
        if path.suffix.lower() == _PAGE:
            write_page(found, path)
        else:
            write_report(found, path)


def _show_job(said: dict[str, Any]) -> None:
    shown.say(f"任务包 sha256 {said['digest']}, 期限 {said['deadline']}", "the job and its deadline")
    for key, zh, en in (
        ("villages_outside", "不在任务包里的村", "not in the job"),
        ("villages_to_come", "任务包里还没有交的村", "in the job, not in this delivery"),
    ):
        if said[key]:
            shown.say(f"{zh}: {', '.join(said[key])}", en)
    if said["late"]:
        shown.say("已过期限", "the deadline has passed")


def _list_rules(json: bool) -> None:  # noqa: FBT001
    from api.answers.inspections import rules

    answer = rules()
    if json:
        shown.as_json(answer)
        return
    shown.table(
        f"规则包 {answer['version']} · sha256 {answer['digest']}",
        ("规则 rule", "分量 severity", "什么 what", "容差 tolerance", "依据 clause"),
        [
            (rule["id"], rule["severity"], f"{rule['zh']}\n{rule['en']}", rule["tolerance"] or "", rule["clause"])
            for rule in answer["rules"]
        ],
    )
