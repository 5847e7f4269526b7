"""How does data come in from a surveyor's delivery and go out as files, at a terminal?"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli import process, shown
from api.cli.looking import Purpose, listed, written
from api.cli.options import (
    BUREAU,
    HERE,
    Bureau,
    By,
    FromStdin,
    Json,
    KnownAt,
    Last,
    Name,
    Person,
    Registry,
    Sheets,
    ValidAt,
    form_of,
    last_time,
    moment,
    officer_of,
    opened,
    whom,
)
from registry.errors import SanquanError
from registry.store.settings import load_settings
from registry.ways_out import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.delivery.report import ImportReport

SOME_BACK, ALL_BACK = 1, 2
_LONGEST_LIST = 30
_COUNTED = {
    "parcels": "地块", "contracts": "合同", "homesteads": "宅基地", "households": "户", "holdings": "名册", "people": "人",
    "kept": "留存的行", "events": "户籍事件",
}  # fmt: skip


class WhatToExportError(SanquanError):
    """Raised when an export is not told what, or told twice."""

    def __init__(self) -> None:
        """The three ways."""
        super().__init__(
            "说明导出什么, 三种选一种: 一个人(--person/--name/--id-number-stdin), --village 村码, --bbox 方框",
            "say what to export, one of three: a person (--person/--name/--id-number-stdin), --village, --bbox",
        )


def import_(  # noqa: PLR0913  (one parameter an option)
    *,
    delivery: Annotated[
        Path, typer.Argument(metavar="DELIVERY", help="成果文件夹或 zip the folder of the delivery, or a zip of it")
    ],
    registry: Registry = HERE,
    check: Annotated[bool, typer.Option("--check", help="只检查, 什么都不写 only report, write nothing")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.csv", help="全部错误写成表 every fault")
    ] = None,
    village: Annotated[
        list[str] | None, typer.Option("--village", help="只登记这个村, 12 位, 可写几次 this village alone; again for more")
    ] = None,
    sheets: Sheets = None,
    last: Last = None,
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """收成果: 先检查, 合格的村整村入库。Check a delivery and register the villages that pass.

    Ends with 0 when all went in, 1 when some villages came back, 2 when all did or nothing could be read; of those that
    --village names, where it is given. The others that pass wait: import again.
    """
    from registry.delivery.register import import_delivery
    from registry.delivery.sheets import write_sheets

    before = last_time(last)
    who, only = officer_of(officer, bureau), frozenset(village or ())
    with opened(registry) as store, steps() as progress:
        found = import_delivery(store, delivery, who, check_only=check, only=only, progress=progress)
    if report is not None:
        found.write_csv(report)
    if sheets is not None:
        write_sheets(found, sheets, moment(None), before)
    if json:
        shown.as_json(found.as_json())
    else:
        show_report(found, report)
    end_with(found, only)


def end_with(found: ImportReport, only: frozenset[str] = frozenset()) -> None:
    """End with 1 when some villages came back, with 2 when all did; where `only` some were meant, of them."""
    meant = [village for village in found.villages if not only or village.code in only]
    back = [village for village in meant if village.state == "returned"]
    if len(back) == len(meant):
        raise typer.Exit(ALL_BACK)
    if back or (found.returned and not only):
        raise typer.Exit(SOME_BACK)


def export(  # noqa: PLR0913  (one parameter an option)
    *,
    out: Annotated[Path, typer.Argument(metavar="FILE", help="写到哪个文件 the file to write")],
    form: Annotated[
        Literal["gpkg", "geojson", "shp", "fgb", "parquet", "pmtiles", "pdf", "png", "svg"],
        typer.Option("--format", help="格式, pdf、png、svg 是一页地图 a map page, pmtiles 是瓦片 tiles"),
    ],
    registry: Registry = HERE,
    person: Person = None,
    name: Name = None,
    id_number_stdin: FromStdin = False,
    village: Annotated[str | None, typer.Option("--village", help="嘎查、村代码 12 位 a village's code")] = None,
    bbox: Annotated[str | None, typer.Option("--bbox", metavar="W,S,E,N", help="方框, 经纬度 a box, lon/lat")] = None,
    epsg: Annotated[Literal["4545", "4524", "4490"], typer.Option(help="坐标系 the reference system")] = "4545",
    encoding: Annotated[Literal["UTF-8", "GBK"], typer.Option(help="Shapefile 的编码 its encoding")] = "UTF-8",
    zipped: Annotated[bool, typer.Option("--zip", help="FILE 是压缩包 an archive of it all")] = False,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    purpose: Purpose = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
) -> None:
    """导出一个人、一个村或一个方框里的权利和地块。Export rights and parcels of a person, a village or a box."""
    if form not in PAGES:
        _without_frames()
    from api import asked
    from registry import exports
    from registry.parcels.box import box

    of_person = person is not None or name is not None or id_number_stdin
    if of_person + (village is not None) + (bbox is not None) != 1:
        raise WhatToExportError
    if village is not None:
        asked.text("village", village)
    where = None if bbox is None else box(bbox)
    alone = process.IS_ITS_OWN.is_set()
    write = partial(exports.export, form=form, path=out, epsg=int(epsg), encoding=encoding, zipped=zipped, alone=alone)
    copied = None
    if form not in PAGES and known_at is None and not of_person:
        day = moment(None).date().isoformat() if valid_at is None else asked.day(valid_at)
        copied = exports.standing(load_settings(registry), day, village=village, box=where)
    if copied is not None:  # no personal value stands in it: nothing to write down, and no register to load
        with steps() as tell:
            done = write(copied, told=_parcels(tell))
    else:
        with opened(registry) as store:
            with store.reading() as connection:
                at = asked.moment(store, connection, valid_at, known_at)
                who = ""
                if village is not None:
                    scope = exports.village_scope(store, connection, village, at.valid_at, at.known_at)
                elif where is not None:
                    scope = exports.box_scope(store, connection, where, at.valid_at, at.known_at)
                else:
                    who = whom(store, connection, person, name, id_number_stdin)
                    scope = exports.person_scope(store, connection, who, at.valid_at, at.known_at)
            if of_person:
                written(store, who, "export", purpose, officer, bureau)
            else:
                listed(store, village or "", "place-export", purpose, officer, bureau)
            with steps() as tell:
                done = write(scope, told=_parcels(tell))
    shown.say(f"写好了 {done.path}", f"written; SHA-256 {done.sha256}")


def _parcels(tell: Callable[[str], None]) -> Callable[[int, int], None]:
    return lambda parcels, of: tell(f"{parcels:,} / {of:,} 块 parcels")


class _NoFrames:
    """Answers whoever looks for frames that there are none."""

    @staticmethod
    def find_spec(name: str, _path: object, _target: object = None) -> None:
        if name in {"pandas", "geopandas"}:
            raise ModuleNotFoundError(name)


def _without_frames() -> None:
    """Let pyarrow and pyogrio find no frames: they load them when they first can, and we have no use of them.

    It would be a third of what the start takes. Only in a process that ends with this command.
    """
    if process.IS_ITS_OWN.is_set():
        sys.meta_path.insert(0, _NoFrames)


def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="放到哪个文件夹 where to put it")],
    registry: Registry = HERE,
) -> None:
    """给同事看的只读 GeoPackage, 不含任何个人信息。A dated read-only copy for colleagues, without personal fields."""
    from registry import exports

    with opened(registry) as store:
        written = exports.publish(store, folder)
    shown.say(f"写好了 {written}", "written")


def hand_in(
    *,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="写到哪个空文件夹 an empty folder")],
    purpose: Annotated[str, typer.Option("--purpose", help="用途, 记入登记库 what for; it is logged")],
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """汇交: 按 NY/T 2539 的目录写出全部登记内容(含姓名, 只在本机)。Write the delivery folder of the standard, names included."""
    from registry.handin import hand_in as write

    who = officer_of(officer, bureau)
    with opened(registry) as store, steps() as progress:
        made = write(store, out, who, purpose, progress=progress)
    if json:
        shown.as_json({"folder": str(made.folder), "records": made.counts, "sha256": made.digest, "remarks": made.remarks})
        return
    shown.table(str(made.folder), ("图层或表 part", "条数 records"), [(name, str(n)) for name, n in made.counts.items()])
    for zh, en in made.remarks:
        shown.say(zh, en)
    shown.say(
        "已写好并记下用途; mdb 请在 Windows 上运行 建mdb.ps1 生成(未在此测试)",
        "written and logged; run 建mdb.ps1 on Windows for the .mdb (not tested here)",
    )


def summaries(
    *,
    out: Annotated[
        Path, typer.Argument(metavar="FILE.xlsx|FILE.zip", help="工作簿, 或每张表一个 csv 的 zip a workbook, or csv in a zip")
    ],
    registry: Registry = HERE,
    village: Annotated[str, typer.Option("--village", help="只写一个村, 12 位 this village alone")] = "",
) -> None:
    """六张汇总表: 今天的个数和面积, 没有一个人的信息。The six summary tables of today; nobody stands in them."""
    from api import asked
    from registry.handin import summary_file, summary_tables

    form = form_of(out, "xlsx", "zip")
    place = asked.text("village", village) if village else ""
    with opened(registry) as store:
        tables = summary_tables(store, place)
    out.write_bytes(summary_file(tables, "csv" if form == "zip" else "xlsx"))
    shown.say(f"写好了 {out}: {', '.join(table.name for table in tables)}", "written")


def show_report(found: ImportReport, report: Path | None) -> None:
    """What differs from the register first, then villages and faults; where there are more than a screen holds, where."""
    from registry.delivery.report import SEVERITIES

    if found.difference is not None:
        shown.say(*found.difference.line())
    shown.table(
        f"{found.folder}: {len(found.villages)} 个村 villages",
        ("村 village", "结果 outcome", "退回 refuse", "待核 hold", "提示 note", "已说明 excepted"),
        [
            (
                f"{v.name} {v.code}",
                f"{v.outcome[0]} {v.outcome[1]} ({v.state})",
                str(v.refuse),
                str(v.hold),
                str(v.note),
                str(v.excepted),
            )
            for v in found.villages
        ],
    )
    for village in found.villages:
        zh, en = village.below_in_words()
        shown.say(f"{village.code} 容差以下(不算错误): {zh}", f"below the tolerance, no fault: {en}")
    for zh, en in found.remarks:
        shown.say(zh, en)
    if found.faults:
        shown.table(
            "错误 faults",
            ("严重 severity", "哪里 where", "什么, 怎么办 what, what to do"),
            [
                (
                    SEVERITIES[f.severity],
                    " ".join(str(part) for part in (f.file, f.layer, f.row, f.field, f.code) if part not in (None, "")),
                    f"{f.zh} {f.hint_zh}\n{f.en} {f.hint_en}",
                )
                for f in found.faults[:_LONGEST_LIST]
            ],
        )
    if len(found.faults) > _LONGEST_LIST:
        where = f"见 see {report}" if report else "全部请用 --report FILE.csv: all of them with --report"
        shown.say(f"共 {len(found.faults)} 处错误;", f"{len(found.faults)} faults in all; {where}")
    waiting = sum(one.state == "waiting" for one in found.exceptions)
    if waiting:
        there = "explanations wait for the bureau (there: sanquan exception list)"
        shown.say(f"{waiting} 条例外说明等审批, 由县里定, 批准以前照样问", there)
    explaining = found.to_explain()
    if explaining is not None and not waiting:
        shown.say(*explaining)
    if found.committed is not None:
        counts = ", ".join(f"{_COUNTED[what]} {what} {n}" for what, n in found.counts.items())
        shown.say(f"登记了 {counts}", f"registered; the log has {found.committed.size} entries")
    elif found.check_only:
        shown.say("只做了检查, 什么都没有写", "checked only, nothing was written")


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """The step under way, on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console
    from rich.live import Live

    # Without a thread of its own: a large import makes its acts in a copy of this process (`registry.store.ahead`).
    with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as line:
        yield lambda step: line.update(step, refresh=True)
