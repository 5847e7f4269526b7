"""How are official sheets made at a terminal, with names, each making logged; and how does a signed scan file itself?"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import shown
from api.cli.options import BUREAU, HERE, Bureau, By, Json, KnownAt, Registry, ValidAt, officer_of, opened
from registry import china

if TYPE_CHECKING:
    from registry.ledger.commit import Officer
    from registry.sheets import Order
    from registry.sheets.making import Build
    from registry.store.engines import Store

app = typer.Typer(
    help="图表: 宗地图、分布图、公示图表, 带姓名, 每次制作记用途。Official sheets, with names; each making is logged.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Purpose = Annotated[str, typer.Option("--purpose", help="用途, 记入制图记录 what it is for; logged")]
Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE.pdf", help="写到哪里 where to write it")]
ShiftX = Annotated[float, typer.Option("--shift-x", metavar="MM", help="套打: 向右几毫米 to the right")]
ShiftY = Annotated[float, typer.Option("--shift-y", metavar="MM", help="套打: 向下几毫米 down")]
Code = Annotated[str, typer.Argument(metavar="CODE", help="编码 its code")]
Village = Annotated[str, typer.Argument(metavar="VILLAGE", help="嘎查、村代码 12 位 a village's code")]


@app.command("parcel")
def parcel(  # noqa: PLR0913  (one parameter an option)
    *,
    code: Code,
    purpose: Purpose,
    out: Out = None,
    registry: Registry = HERE,
    shift_x: ShiftX = 0.0,
    shift_y: ShiftY = 0.0,
    officer: By = None,
    bureau: Bureau = BUREAU,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> None:
    """地块示意图, 宅基地是宗地图。The sheet of a parcel, or of a homestead (28 characters)."""
    from api import asked
    from registry import sheets

    wanted = asked.text("code", code)
    with opened(registry) as store:
        order = _order(store, officer_of(officer, bureau), purpose, valid_at, known_at, (shift_x, shift_y))
        _made(store, order, "sheet-parcel", wanted, out, partial(sheets.of_parcel, code=wanted))


@app.command("household")
def household(  # noqa: PLR0913  (one parameter an option)
    *,
    code: Code,
    purpose: Purpose,
    out: Out = None,
    registry: Registry = HERE,
    shift_x: ShiftX = 0.0,
    shift_y: ShiftY = 0.0,
    officer: By = None,
    bureau: Bureau = BUREAU,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> None:
    """承包地块分布图: 一户的全部地块。All parcels of a contracting household (承包方编码, 18 digits)."""
    from api import asked
    from registry import sheets

    wanted = asked.text("household", code)
    with opened(registry) as store:
        order = _order(store, officer_of(officer, bureau), purpose, valid_at, known_at, (shift_x, shift_y))
        _made(store, order, "sheet-household", wanted, out, partial(sheets.of_household, code=wanted))


@app.command("register")
def register(  # noqa: PLR0913  (one parameter an option)
    *,
    code: Code,
    purpose: Purpose,
    out: Out = None,
    registry: Registry = HERE,
    shift_x: ShiftX = 0.0,
    shift_y: ShiftY = 0.0,
    officer: By = None,
    bureau: Bureau = BUREAU,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> None:
    """登记簿摘录: 一份承包合同(19 位), 或一处宅基地(28 位)。An extract of the register: one contract, or one homestead."""
    from api import asked
    from registry.certificates import register_sheet

    wanted = asked.text("unit", code)
    with opened(registry) as store:
        order = _order(store, officer_of(officer, bureau), purpose, valid_at, known_at, (shift_x, shift_y))
        _made(store, order, "sheet-household", wanted, out, lambda at: [register_sheet(at, wanted)])


@app.command("history")
def history(
    *,
    code: Code,
    purpose: Purpose,
    out: Out = None,
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
) -> None:
    """情况说明: 一块地、一份合同、一处宅基地登记过什么, 签字盖章用。What was registered of a thing, act by act, to be signed."""
    from api import asked
    from registry.dossier import explain, things_of_code
    from registry.exports.write import replacing
    from registry.papers import stated
    from registry.sheets import AsOf

    wanted = asked.text("code", code)
    with opened(registry) as store:
        with store.reading() as connection:
            things = things_of_code(AsOf.of(store, connection, None, None, reader="paper"), wanted)
        written = out or Path(f"history-{wanted}.pdf")
        with replacing(written) as unfinished:
            unfinished.write_bytes(explain(store, officer_of(officer, bureau), things, stated(purpose)))
    shown.say(f"写好了 {written}, 已记入制图记录", "written; logged with its purpose")


@app.command("notice")
def notice(  # noqa: PLR0913  (one parameter an option)
    *,
    village: Village,
    purpose: Purpose,
    round_number: Annotated[int, typer.Option("--round", min=1, max=3, help="第几轮公示 which round")] = 1,
    day: Annotated[
        str | None, typer.Option("--day", metavar="YYYY-MM-DD", help="公示哪天开始, 默认今天 its first day")
    ] = None,
    out: Out = None,
    registry: Registry = HERE,
    shift_x: ShiftX = 0.0,
    shift_y: ShiftY = 0.0,
    officer: By = None,
    bureau: Bureau = BUREAU,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> None:
    """公示图和公示表, 每张有自己的二维码。A village's public notice; each sheet has a code of its own."""
    from api import asked
    from registry import sheets

    wanted = asked.text("village", village)
    with opened(registry) as store:
        begins = china.today(store) if day is None else asked.day(day, "day")
        order = _order(store, officer_of(officer, bureau), purpose, valid_at, known_at, (shift_x, shift_y))
        build = partial(sheets.of_notice, village=wanted, round_number=round_number, day=begins)
        _made(store, order, "sheet-notice", wanted, out, build)


@app.command("overview")
def overview(  # noqa: PLR0913  (one parameter an option)
    *,
    purpose: Purpose,
    out: Out = None,
    registry: Registry = HERE,
    shift_x: ShiftX = 0.0,
    shift_y: ShiftY = 0.0,
    officer: By = None,
    bureau: Bureau = BUREAU,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> None:
    """全旗登记地块一览图。The registered land of the banner on one sheet."""
    from registry import sheets

    with opened(registry) as store:
        order = _order(store, officer_of(officer, bureau), purpose, valid_at, known_at, (shift_x, shift_y))
        _made(store, order, "sheet-overview", store.settings.banner_code, out, sheets.of_banner)


@app.command("village")
def village(  # noqa: PLR0913  (one parameter an option)
    *,
    village: Village,
    purpose: Purpose,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="放到哪个文件夹 the folder")],
    registry: Registry = HERE,
    shift_x: ShiftX = 0.0,
    shift_y: ShiftY = 0.0,
    officer: By = None,
    bureau: Bureau = BUREAU,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
) -> None:
    """一个村一次做完: 每份合同、每块宅基地一个文件。A whole village: one file for each contract and homestead."""
    from api import asked
    from registry import sheets

    wanted = asked.text("village", village)
    with opened(registry) as store:
        order = _order(store, officer_of(officer, bureau), purpose, valid_at, known_at, (shift_x, shift_y))
        with shown.progress("制图", "drawing") as progress:
            files = sheets.make_village(store, order, wanted, out, progress)
    shown.say(f"写好了 {files} 个文件, 在 {out}", f"{files} files written")


@app.command("test-page")
def adjustment(
    *,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE.pdf", help="写到哪里 where")] = Path(
        "test-page.pdf"
    ),
    shift_x: ShiftX = 0.0,
    shift_y: ShiftY = 0.0,
) -> None:
    """套打测试页: 量出打印机偏多少毫米。The page by which a printer's shift is measured."""
    from gis.sheets import adjustment_pdf

    out.write_bytes(adjustment_pdf((shift_x, shift_y)))
    shown.say(f"写好了 {out}", "written")


@app.command("file")
def file(
    *,
    scan: Annotated[Path, typer.Argument(metavar="SCAN", help="签过字的扫描件 PNG、JPEG、TIFF、PDF a scan")],
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
) -> None:
    """签过字的公示图表扫描后自己归档。The scan of a signed sheet files itself by the code on it."""
    from registry.sheets.filing import file_scan

    with opened(registry) as store:
        for filed in file_scan(store, officer_of(officer, bureau), scan.read_bytes()):
            done = ("以前已归档", "was filed before") if filed.again else ("已归档", "filed")
            shown.say(f"{filed.code} {done[0]}: {filed.source}", done[1])


@app.command("back")
def back(*, village: Village, registry: Registry = HERE, json: Json = False) -> None:
    """公示图表哪些签回来了。Which sheets of a village's notices came back signed. Ends with 1 while one is missing."""
    from api import asked
    from registry.sheets.filing import sheets_of

    wanted = asked.text("village", village)
    with opened(registry) as store, store.reading() as connection:
        found = sheets_of(store, connection, wanted)
    if json:
        shown.as_json([{"code": code, "scans": [scan.source for scan in scans]} for code, scans in found])
    else:
        told = {code: "、".join(f"{scan.at[:10]} {scan.source[:12]}" for scan in scans) for code, scans in found}
        rows = [(code, scans or "没有 missing") for code, scans in told.items()]
        shown.table(f"{wanted} 公示图表 sheets of notice", ("图表 sheet", "签回的扫描件 scans"), rows)
    if any(not scans for _, scans in found):
        raise typer.Exit(1)


@app.command("log")
def log(*, registry: Registry = HERE, json: Json = False) -> None:
    """制图记录: 谁、哪天、做了什么、用途。The log of papers with names: who, when, what, what for."""
    from registry import papers

    with opened(registry) as store, store.reading() as connection:
        rows = papers.papers(store, connection)
    if json:
        told = ("purpose", "officer", "bureau")
        plain = [{"at": p.at, "what": p.what, "about": p.about, "digest": p.digest.hex()} for p in rows]
        shown.as_json([row | {name: p.detail[name] for name in told} for row, p in zip(plain, rows, strict=True)])
        return
    shown.table(
        f"{len(rows)} 份带姓名的图表 papers with names",
        ("时刻 at", "什么 what", "编码 about", "用途 purpose", "经办 officer"),
        [(p.at, p.what, p.about, p.detail["purpose"], f"{p.detail['bureau']} {p.detail['officer']}") for p in rows],
    )


def _order(
    store: Store,
    officer: Officer,
    purpose: str,
    valid_at: str | None,
    known_at: str | None,
    shift_mm: tuple[float, float],
) -> Order:
    from api import asked
    from registry.sheets import Order

    with store.reading() as connection:
        at = asked.moment(store, connection, valid_at, known_at)
    return Order(officer, purpose, at.valid_at, at.known_at, shift_mm)


def _made(store: Store, order: Order, what: str, about: str, out: Path | None, build: Build) -> None:
    from registry.sheets import make

    written = make(store, order, what, about, out or Path(f"{what}-{about}.pdf"), build)
    shown.say(f"写好了 {written}, 已记入制图记录", "written; logged with its purpose")
