"""How does a bureau report whom it serves at a terminal, and which school districts does figure 13 go by?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import shown
from api.cli.options import HERE, By, Json, Registry, ValidAt, document, officer_of, opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.service_reports.reading import RowFault

TO_LOOK_AT = 1
_LONGEST_LIST = 50

app = typer.Typer(help="部门自己报: 服务了谁。Whom the bureaus serve.", no_args_is_help=True, rich_markup_mode=None)
districts = typer.Typer(help="学区。School districts.", no_args_is_help=True, rich_markup_mode=None)
BureauArgument = Annotated[str, typer.Argument(metavar="BUREAU", help="哪个部门, 如 education which bureau")]


@app.callback()
def served() -> None:
    """部门自己报: 服务了谁。Whom the bureaus serve."""


@app.command("report")
def report(
    *,
    bureau: BureauArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx|.csv|.json", help="报表, 列见 docs/statistics.md the report")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试不收 try, and keep nothing")] = False,
    registry: Registry = HERE,
    officer: By = None,
    json: Json = False,
) -> None:
    """交一张报表: 有一处错整张不收, 重来只收一次, 找不到人的排队。Hand in a report, whole or not at all, each row once.

    Ends with 0 when every row is in, 1 when a row fits nobody, 2 when the report is refused.
    """
    from registry.service_reports import handing_in, reading

    with opened(registry) as store:
        by = officer_of(officer, bureau).name
        try:
            if file.suffix.lower() == ".json":
                told = _rows(store, bureau, file, by, dry_run=dry_run)
            else:
                told = handing_in.hand_in_table(store, bureau, file, by, dry_run=dry_run).as_json()
        except reading.ReportRefusedError as refusal:
            _faults(refusal.faults)
            raise
    if json:
        shown.as_json(told)
    else:
        _show(told)
    if "unmatched" in told["counts"]:
        raise typer.Exit(TO_LOOK_AT)


@app.command("unmatched")
def unmatched(*, bureau: BureauArgument, registry: Registry = HERE, json: Json = False) -> None:
    """报来而登记库里找不到人的行。Reported rows that fit nobody yet."""
    from api.answers import service_reports as answers

    with opened(registry) as store, store.reading() as connection:
        answer = answers.unmatched(store, connection, bureau)
    if json:
        shown.as_json(answer)
        return
    rows = [(row["at"], row["number"], row["service"], row["since"], row["who"]) for row in answer["rows"]]
    shown.table("找不到人的行 rows that fit nobody", ("从 since", "编号", "服务", "起始日期", "谁 who"), rows)


@districts.callback()
def school_districts() -> None:
    """学区: 哪个社区归哪个学区, 按日期。School districts, as dated data."""


@districts.command("list")
def list_(*, valid_at: ValidAt = None, registry: Registry = HERE, json: Json = False) -> None:
    """这一天的学区; 没有资料就说不知道。The districts of a day; not known where there is no file."""
    from api import asked
    from api.answers import service_reports as answers
    from registry.china import today

    with opened(registry) as store:
        answer = answers.school_districts(store, today(store) if valid_at is None else asked.day(valid_at))
    if json:
        shown.as_json(answer)
        return
    shown.say(answer["said"]["zh"], answer["said"]["en"])
    rows = [(row["name"], " ".join(row["divisions"]), row["from"], row["until"]) for row in answer["districts"]]
    if rows:
        shown.table("学区 districts", ("名称 name", "社区、村 divisions", "从 from", "到 until"), rows)


@districts.command("use")
def use(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="学区文件, 写法见 docs/statistics.md the file")],
    registry: Registry = HERE,
) -> None:
    """换上一份学区文件, 先查一遍; 有错就不换。Take a file of districts, checked first."""
    from registry import school_districts as room

    with opened(registry) as store:
        found = room.use(store, file)
    zh, en = found.said()
    shown.say(f"换上了, {len(found.rows)} 行。{zh}", f"in use, {len(found.rows)} rows; {en}")


def _rows(store: Any, bureau: str, file: Path, by: str, *, dry_run: bool) -> dict[str, Any]:  # noqa: ANN401  (a Store, loaded late)
    from api.answers import service_reports as answers
    from api.cli.deciding import DocumentError

    route = f"/v1/bureaus/{bureau}/service-reports"
    sent = document(file, answers.ServiceReportIn, lambda places: DocumentError(route, places))
    return answers.hand_in(store, bureau, sent, by, dry_run=dry_run)


def _faults(found: Sequence[RowFault]) -> None:
    rows = [(fault.where, f"{fault.zh}\n{fault.en}") for fault in found]
    shown.table("错误 faults", ("行 列 where", "什么, 怎么办 what, what to do"), rows)


def _show(told: dict[str, Any]) -> None:
    looked = [row for row in told["rows"] if row["state"] == "unmatched"]
    if looked:
        rows = [(str(row["row"]), row["number"], row["who"], f"{row['zh']}\n{row['en']}") for row in looked[:_LONGEST_LIST]]
        shown.table("先看这些 to look at first", ("行 row", "编号", "谁 who", "说明 why"), rows)
    if len(looked) > _LONGEST_LIST:
        shown.say(f"共 {len(looked)} 行要看, 全部见 sanquan served unmatched", "all of them with `served unmatched`")
    counts = "; ".join(f"{state} {count}" for state, count in told["counts"].items())
    if told["dry_run"]:
        shown.say(f"{counts}; 只是试, 什么都没有收", "a dry run: nothing was kept")
    else:
        shown.say(f"{counts}; 权利一条也没有写", "no right was written")
