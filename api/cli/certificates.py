"""How are certificates issued, replaced, cancelled, handed over, printed and found at a terminal?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli import shown
from api.cli.options import BUREAU, HERE, Bureau, By, Json, Registry, officer_of, opened
from api.cli.sheets import Purpose, ShiftX, ShiftY
from registry.errors import SanquanError

if TYPE_CHECKING:
    from api.answers.certificates import CertificateOrder
    from registry.store.engines import Store


class OrderMalformedError(SanquanError):
    """Raised when codes, papers or words of an order are malformed. They are not repeated."""

    def __init__(self, places: list[str]) -> None:
        """The fields, with a valid example."""
        named = ", ".join(places)
        super().__init__(
            f"这些项不合规定: {named}。合同代码例如 150626100210000001J; --source 是 sanquan source add 打印的 64 位摘要",
            f"these are not as they must be: {named}. A contract's code is such as 150626100210000001J; --source is the hash of "
            "64 digits that sanquan source add prints",
        )


app = typer.Typer(
    help="权证: 颁证、补发、换发、注销、领取, 旧号永远查得到。Certificates, found by any number they ever had.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Day = Annotated[str | None, typer.Option("--day", metavar="YYYY-MM-DD", help="哪一天, 默认今天 today if not given")]
Sources = Annotated[
    list[str], typer.Option("--source", metavar="HASH", help="依据材料的内容摘要, 可多次 papers it rests on")
]
Contract = Annotated[str, typer.Argument(metavar="CONTRACT", help="合同代码 19 位 its code")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="权证号 its number")]


@app.command("issue")
def issue(
    *,
    contracts: Annotated[list[str] | None, typer.Argument(metavar="CONTRACT...", help="合同代码 their codes")] = None,
    village: Annotated[
        str | None, typer.Option("--village", help="全村还没有证的合同 all of a village without one")
    ] = None,
    source: Sources,
    day: Day = None,
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """颁证: 按旗、按年一个号序。Issue; one series a banner and year; all or nothing."""
    from api import asked
    from registry.certificates import contracts_without

    with opened(registry) as store:
        on = _day(store, day)
        codes = list(contracts or ())
        if village is not None:
            with store.reading() as connection:
                codes += contracts_without(store, connection, asked.text("village", village), on)
        _do(store, {"what": "issue", "contracts": codes, "day": on, "sources": source}, officer, bureau, json)


@app.command("reissue")
def reissue(
    *,
    contract: Contract,
    reason: Annotated[
        Literal["lost", "damaged", "changed"],
        typer.Option(help="遗失是补发, 损坏、内容变更是换发 why"),
    ],
    source: Sources,
    day: Day = None,
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """补发、换发: 新号, 旧号照样查得到。A new paper with a new number; the old one stays findable."""
    with opened(registry) as store:
        order = {
            "what": "reissue",
            "contracts": [contract],
            "day": _day(store, day),
            "reason": reason,
            "sources": source,
        }
        _do(store, order, officer, bureau, json)


@app.command("cancel")
def cancel(
    *,
    contract: Contract,
    reason: Annotated[str, typer.Option(help="原因 why")],
    source: Sources,
    day: Day = None,
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """注销权证: 只注销这本证, 权利不变。Cancel the paper; the rights stand."""
    with opened(registry) as store:
        order = {
            "what": "cancel",
            "contracts": [contract],
            "day": _day(store, day),
            "reason": reason,
            "sources": source,
        }
        _do(store, order, officer, bureau, json)


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
def print_(
    *,
    number: Number,
    purpose: Purpose,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE.pdf", help="写到哪里 where to write it")],
    registry: Registry = HERE,
    shift_x: ShiftX = 0.0,
    shift_y: ShiftY = 0.0,
    officer: By = None,
    bureau: Bureau = BUREAU,
) -> None:
    """打印权证内页, 宅基地是登记摘录。The pages of a certificate, or the extract of a homestead; logged."""
    from api import asked
    from registry.certificates import certificate_sheet
    from registry.sheets import Order, make

    wanted = asked.text("number", number)
    with opened(registry) as store:
        order = Order(officer_of(officer, bureau), purpose, shift_mm=(shift_x, shift_y))
        make(store, order, "certificate", wanted, out, lambda at: [certificate_sheet(at, wanted)])
    shown.say(f"写好了 {out}, 已记入制图记录", "written; logged with its purpose")


@app.command("village")
def village(
    *,
    village: Annotated[str, typer.Argument(metavar="VILLAGE", help="嘎查、村代码 12 位 a village's code")],
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
    from registry.statement import today

    return today(store) if given is None else asked.day(given, "day")


def _do(store: Store, order: dict[str, Any], officer: str | None, bureau: str, as_json: bool) -> None:  # noqa: FBT001
    from api.answers import certificates

    by = officer_of(officer, bureau)
    sent = _formed({**order, "officer": {"name": by.name, "bureau": by.bureau}})
    done = certificates.record(store, sent)
    if as_json:
        shown.as_json(done)
        return
    rows = [(each["code"], each["number"] or "–", each["replaces"] or "–") for each in done["certificates"]]
    shown.table(f"{len(rows)} 本权证 certificates", ("合同 contract", "新号 number", "原号 replaces"), rows)


def _formed(order: dict[str, Any]) -> CertificateOrder:
    from pydantic import ValidationError

    from api.answers.certificates import CertificateOrder

    try:
        return CertificateOrder.model_validate(order)
    except ValidationError as malformed:
        raise OrderMalformedError(sorted({str(each["loc"][0]) for each in malformed.errors()})) from None
