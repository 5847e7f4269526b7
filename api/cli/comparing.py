"""Does the register say what the authoritative book says: at a terminal, from an export of that book?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import looking, shown
from api.cli.looking import Purpose
from api.cli.options import BUREAU, HERE, Bureau, By, Json, Registry, form_of, opened

if TYPE_CHECKING:
    from registry.delivery.faults import Fault

REFUSED, DIFFERS = 2, 1
_LONGEST_LIST = 50


def compare(
    *,
    dump: Annotated[
        Path | None,
        typer.Argument(metavar="[DUMP]", help="导出的文件夹、zip 或一张表; 不写就列出以前的 the export; none: those of before"),
    ] = None,
    registry: Registry = HERE,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.csv", help="全部差异写成表 every difference")
    ] = None,
    purpose: Purpose = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """与不动产平台或承包合同簿的导出核对, 一项权利也不改。Compare with an export of the authoritative book.

    Ends with 0 when all is equal, 1 when something differs, 2 when the export has faults: then nothing was compared.
    """
    from registry.comparison import DumpRefusedError, past, sheet
    from registry.comparison import compare as compared

    with opened(registry) as store:
        if dump is None:
            with store.reading() as connection:
                _list(past(connection), json=json)
            return
        try:
            answer = compared(store, [dump])
        except DumpRefusedError as refusal:
            faults(refusal.faults)
            raise
        looking.listed(store, "", "list-check", purpose, officer, bureau)
    if report is not None:
        report.write_bytes(sheet(answer["differences"]))
    if json:
        shown.as_json(answer)
    else:
        _show(answer, report)
    if answer["differences"]:
        raise typer.Exit(DIFFERS)


def blank_table(
    *,
    table: Annotated[str, typer.Argument(metavar="TABLE", help="表名, 例如 KTT_ZDJBXX、CBHT、惠农牧补贴 the table's name")],
    out: Annotated[Path, typer.Argument(metavar="FILE.xlsx|FILE.csv", help="写到哪里 where to write it")],
) -> None:
    """核对用的空表, 只有表头: 登记簿的导出, 或补贴发放名单。A blank table to be compared or checked: the columns that are read."""
    from registry.blank_tables import TABLES, blank

    out.write_bytes(blank(table, form_of(out, "xlsx", "csv")))
    names = ", ".join(column.code if not column.zh else f"{column.code} {column.zh}" for column in TABLES[table].columns)
    shown.say(f"写好了 {out}: {names}", "written")


def faults(found: tuple[Fault, ...]) -> None:
    """Every fault of a table that was sent in, for a clerk."""
    shown.table(
        "错误 faults",
        ("哪里 where", "什么, 怎么办 what, what to do"),
        [
            (
                " ".join(str(part) for part in (f.file, f.row, f.field) if part not in (None, "")) or f.layer,
                f"{f.zh} {f.hint_zh}\n{f.en} {f.hint_en}",
            )
            for f in found
        ],
    )


def _list(made: list[dict[str, Any]], *, json: bool) -> None:
    if json:
        shown.as_json({"comparisons": made})
        return
    rows = [(one["id"], one["compared_at"], f"{one['book']['zh']} {one['book']['en']}") for one in made]
    shown.table("核对过的 comparisons made", ("编号 id", "时间 at", "登记簿 book"), rows)


def _show(answer: dict[str, Any], report: Path | None) -> None:
    from registry.comparison.sheet import HEADER, cells

    book, rights = answer["book"], answer["rights"]
    rows = [cells(one) for one in answer["differences"]]
    if rows:
        shown.table("差异 differences", HEADER, rows[:_LONGEST_LIST])
    if len(rows) > _LONGEST_LIST:
        where = f"见 see {report}" if report else "全部请用 --report FILE.csv: all of them with --report"
        shown.say(f"共 {len(rows)} 处差异;", f"{len(rows)} differences in all; {where}")
    left, rows_left = sum(one["rights"] for one in answer["untouched"]), sum(one["rows"] for one in answer["skipped"])
    for one in answer["untouched"]:
        shown.say(
            f"{one['place']}: 导出里没有这里的行, {one['rights']} 项权利没有核对",
            f"no row of this place in the export: {one['rights']} rights not compared",
        )
    for one in answer["skipped"]:
        shown.say(f"{one['table']}: {one['rows']} 行不说现在的这些权利, 未比", f"{one['rows']} rows left alone")
    shown.say(
        f"与{book['zh']}核对: {rights['compared']} 项权利, 一致 {rights['equal']}, 不一致 {rights['differ']}, "
        f"对方没有 {rights['not_in_book']}; 没有比 {left} 项权利, 导出里 {rows_left} 行; 一项也没有改 ({answer['id']})",
        f"compared with the {book['en']}: {rights['equal']} equal, {rights['differ']} differ, {rights['not_in_book']} not in it; "
        f"not compared: {left} rights, {rows_left} rows of the export; nothing was changed",
    )
