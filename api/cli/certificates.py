"""Which certificates are due, and how are they handed over, printed and found at a terminal?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli import shown
from api.cli.options import BUREAU, HERE, Bureau, By, Json, Registry, officer_of, opened
from api.cli.sheets import Purpose, ShiftX, ShiftY
from registry.errors import SanquanError

if TYPE_CHECKING:
    from registry.store.engines import Store


class NoneDueError(SanquanError):
    """Raised when no contract of a village waits for its certificate at a desk."""

    def __init__(self) -> None:
        """There is nothing to show."""
        super().__init__(
            "这个村没有由这个部门颁证的合同: 都有证, 或村代码不对",
            "no contract of the village waits for its certificate at this desk: all have one, or the code is not right",
        )


app = typer.Typer(
    help="权证: 待颁、打印、领取, 旧号永远查得到; 颁证、补换、注销走案件。Certificates; cases issue, replace and cancel them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Day = Annotated[str | None, typer.Option("--day", metavar="YYYY-MM-DD", help="哪一天, 默认今天 today if not given")]
VillageCode = Annotated[str, typer.Argument(metavar="VILLAGE", help="嘎查、村代码 12 位 a village's code")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="权证号 its number")]


@app.command("due")
def due(
    *,
    village: VillageCode,
    case: Annotated[
        Literal["agriculture", "forestry"] | None,
        typer.Option(help="出一份申请, 交给 case open 办 only the case by which this desk issues them"),
    ] = None,
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """全村还没有证的合同: 颁证走案件 certificate-issued。A village's contracts without a certificate; a case issues them."""
    from api import asked
    from api.answers import certificates

    wanted = asked.text("village", village)
    with opened(registry) as store, store.reading() as connection:
        found = certificates.due(store, connection, wanted, asked.moment(store, connection, None, None))
    if case is not None and found["cases"][case] is None:
        raise NoneDueError
    if json or case is not None:
        shown.as_json(found if case is None else found["cases"][case])
        return
    rows = [(code,) for code in found["contracts"]]
    shown.table(f"{wanted}: {len(rows)} 份合同还没有证 contracts without one", ("合同 contract",), rows)


@app.command("receive")
def receive(
    *,
    number: Number,
    name: Annotated[str, typer.Option("--name", metavar="姓名 NAME", help="谁领的 who signed for it")],
    source: Annotated[str, typer.Option("--source", metavar="HASH", help="签收单的内容摘要 the signed receipt")],
    id_type: Annotated[str, typer.Option("--id-type", help="证件类型, NY/T 2539 C.15")] = "1",
    day: Day = None,
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
) -> None:
    """领证登记: 证件号从标准输入读, 加密保存。Note who signed for it; the ID number comes from stdin and is sealed."""
    from api import asked
    from registry import certificates

    wanted, id_number = asked.text("number", number), asked.text("id_number", sys.stdin.readline().strip())
    with opened(registry) as store:
        certificates.receive(
            store,
            officer_of(officer, bureau),
            wanted,
            day=_day(store, day),
            name=name,
            id_type=id_type,
            id_number=id_number,
            source=asked.text("hash", source),
        )
    shown.say(f"{wanted}: 已登记领取", "handed over")


@app.command("find")
def find(*, number: Number, registry: Registry = HERE, json: Json = False) -> None:
    """按号查权证, 现行的、换下的、注销的都查得到。By any number a right ever had."""
    from api import asked
    from api.answers import certificates
    from registry.certificates import received_on

    wanted = asked.text("number", number)
    with opened(registry) as store, store.reading() as connection:
        found = certificates.certificate(connection, wanted, asked.moment(store, connection, None, None))
        received = received_on(store, connection, wanted)
    if json:
        shown.as_json(found)
        return
    state = ("现行", "valid") if found["valid"] else ("不是现行的证", "not valid now")
    handed_over = f", {received} 领取 received" if received else ""
    shown.table(
        f"{wanted}: {state[0]} {state[1]}{handed_over}",
        ("合同 contract", "权利 right", "从 since", "到 until", "换成 replaced by"),
        [
            (
                each["code"],
                each["thing"],
                f"{each['since']['day']} {each['since']['zh']}",
                f"{each['until']['day']} {each['until']['zh']}" if each["until"] else "",
                each["next_number"],
            )
            for each in found["rights"]
        ],
    )


@app.command("print")
def print_(  # noqa: PLR0913  (one parameter an option)
    *,
    number: Number,
    purpose: Purpose,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE.pdf", help="写到哪里 where to write it")],
    registry: Registry = HERE,
    shift_x: ShiftX = 0.0,
    shift_y: ShiftY = 0.0,
    spoiled: Annotated[bool, typer.Option("--spoiled", help="上一张印坏了, 作废 the print before went wrong")] = False,
    officer: By = None,
    bureau: Bureau = BUREAU,
) -> None:
    """打印权证内页, 宅基地是登记摘录。The pages of a certificate, or the extract of a homestead; logged."""
    from api import asked
    from registry.certificates import certificate_sheet
    from registry.sheets import Order, make

    wanted = asked.text("number", number)
    with opened(registry) as store:
        order = Order(officer_of(officer, bureau), purpose, shift_mm=(shift_x, shift_y), spoiled=spoiled)
        make(store, order, "certificate", wanted, out, lambda at: [certificate_sheet(at, wanted)])
    shown.say(f"写好了 {out}, 已记入制图记录", "written; logged with its purpose")


@app.command("spoiled")
def spoiled(*, registry: Registry = HERE, json: Json = False) -> None:
    """作废的证书本: 印坏重打的, 从制图记录里数。Booklets that went wrong, counted from the log of papers."""
    from api.answers import certificates

    with opened(registry) as store, store.reading() as connection:
        found = certificates.spoiled(store, connection)
    if json:
        shown.as_json(found)
        return
    rows = [(one["number"], one["at"], one["bureau"]) for one in found["spoiled"]]
    shown.table(f"作废 {found['count']} 本 spoiled", ("权证号 number", "重打时刻 printed again", "部门 bureau"), rows)


@app.command("village")
def village(
    *,
    village: VillageCode,
    purpose: Purpose,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="放到哪个文件夹 the folder")],
    registry: Registry = HERE,
    shift_x: ShiftX = 0.0,
    shift_y: ShiftY = 0.0,
    officer: By = None,
    bureau: Bureau = BUREAU,
) -> None:
    """全村现行的权证一次打印: 每份合同一个文件。Every certificate of a village in one run; logged."""
    from api import asked
    from registry.certificates import village_certificates
    from registry.sheets import Order, make_folder

    wanted = asked.text("village", village)
    with opened(registry) as store:
        order = Order(officer_of(officer, bureau), purpose, shift_mm=(shift_x, shift_y))
        with shown.progress("打印", "printing") as progress:
            files = make_folder(
                store, order, "certificate", wanted, out, progress, lambda at: village_certificates(at, wanted)
            )
    shown.say(f"写好了 {files} 个文件, 在 {out}, 已记入制图记录", f"{files} files written; logged with its purpose")


def _day(store: Store, given: str | None) -> str:
    from api import asked
    from registry.china import today

    return today(store) if given is None else asked.day(given, "day")
