"""What would splitting, joining, adjusting, correcting or recoding change, at a terminal? `sanquan case` does it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import shown
from api.cli.looking import Purpose, listed
from api.cli.options import (
    BUREAU,
    HERE,
    AsCase,
    Bureau,
    By,
    Cluster,
    Json,
    KnownAt,
    Registry,
    ValidAt,
    document,
    opened,
)
from registry.errors import SanquanError

if TYPE_CHECKING:
    from registry.parcels.coverage import Search

_LONGEST_LIST = 30
_WHAT = {"began": "后一天才有 only later", "ended": "后一天没有了 no longer", "changed": "不同 differs"}

app = typer.Typer(
    help="地块: 分割、合并、调界、更正、换代码会改什么; 四至、拓扑。Parcels: what reshaping would change; neighbours; topology.",
    no_args_is_help=True,
)
File = Annotated[Path, typer.Argument(metavar="FILE.json", help="办什么的 JSON, - 是标准输入: the document, - for stdin")]



class ReshapingFileError(SanquanError):
    """Raised when a file holds no reshaping. Its values are not repeated."""

    def __init__(self, path: str, places: list[str]) -> None:
        """The route whose form it is, and the fields that are wrong."""
        named = ", ".join(places)
        super().__init__(
            f"文件里这些项不合规定: {named}。格式同 POST {path}",
            f"these fields of the file are not as they must be: {named}. The form is that of POST {path}",
        )


@app.command("preview")
def preview(*, file: File, registry: Registry = HERE, json: Json = False, case: AsCase = False) -> None:
    """先看会改什么、谁要签字, 什么也不写。What would change and who must sign; nothing is written."""
    from api.answers import reshapings

    sent = document(file, reshapings.ReshapingIn, partial(ReshapingFileError, "/v1/reshapings/preview"))
    with opened(registry) as store:
        plan = reshapings.preview(store, sent)
        listed(store, reshapings.place_of(plan), "neighbours", "", None, BUREAU)
    if json or case:
        shown.as_json(plan["case"] if case else plan)
        return
    _show(plan)


@app.command("recode")
def recode(*, file: File, registry: Registry = HERE, json: Json = False, case: AsCase = False) -> None:
    """村合并、更名后换代码: 会换多少, 样本。New codes after villages merge: counts and samples; a case does it."""
    from api.answers import reshapings

    sent = document(file, reshapings.RecodingIn, partial(ReshapingFileError, "/v1/reshapings/recodings/preview"))
    with opened(registry) as store:
        found = reshapings.preview_recoding(store, sent)
    if json or case:
        shown.as_json(found["case"] if case else found)
        return
    rows = [
        (kind, str(found["counts"][kind]), each["old"], each["new"])
        for kind, some in found["samples"].items()
        for each in some
    ]
    shown.table(f"共 {found['expect']} 项 things in all", ("类 kind", "数目 count", "原代码 old", "新代码 new"), rows)


@app.command("neighbours")
def neighbours(
    *,
    parcel: Annotated[str, typer.Argument(metavar="ID", help="地块的编号 the parcel's id")],
    registry: Registry = HERE,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    purpose: Purpose = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """四至: 测量时写的, 和现在按图形写的。Who lies on its four sides: as recorded, and by shapes and holders of the day."""
    from api import asked
    from api.answers import parcels

    wanted = asked.text("parcel", parcel)
    with opened(registry) as store:
        with store.reading() as connection:
            found = parcels.neighbours(store, connection, wanted, asked.moment(store, connection, valid_at, known_at))
        listed(store, parcels.village_of(found["code"]), "neighbours", purpose, officer, bureau)
    if json:
        shown.as_json(found)
        return
    rows = [
        (f"{zh} {side}", found["recorded"].get(side, "–"), "、".join(each["text"] or each["code"] for each in there) or "–")
        for zh, (side, there) in zip("东南西北", found["derived"].items(), strict=True)
    ]
    shown.table(f"{found['code']} 四至", ("至 side", "测量时 recorded", "现在 by the shapes"), rows)


@app.command("changes")
def changes(
    *,
    since: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="和哪一天比 compared with which day")],
    bbox: Annotated[str, typer.Option(metavar="W,S,E,N", help="方框, 经纬度 a box, lon/lat")],
    registry: Registry = HERE,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """两天之间哪里不同: 地块、地上的权利、哪一笔。What differs between two days: parcels, rights on them, by which act."""
    from api import asked
    from api.answers import parcel_changes
    from registry.parcels.box import box

    day, where = asked.day(since, "since"), box(bbox)
    with opened(registry) as store, store.reading() as connection:
        found = parcel_changes.between(connection, day, asked.moment(store, connection, valid_at, known_at), where)
    if json:
        shown.as_json(found)
        return
    if found["too_many"]:
        shown.say("方框里地块太多: 用小一点的方框", "too many parcels in this box: take a smaller one")
        return
    rows = [(each["code"], _WHAT[each["what"]], _facts(each), _acts(each)) for each in found["parcels"]]
    heads = ("地块 parcel", "怎样 what", "哪里 where", "因为 by")
    shown.table(f"地块 parcels: {len(rows)}", heads, rows[:_LONGEST_LIST])
    rights = [(each["code"], each["zh"], _WHAT[each["what"]], _acts(each)) for each in found["rights"]]
    shown.table(f"权利 rights: {len(rights)}", ("代码 code", "权利 right", "怎样 what", "因为 by"), rights[:_LONGEST_LIST])


@app.command("topology")
def topology(
    *,
    registry: Registry = HERE,
    cluster: Cluster = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """全库拓扑: 所有地块之间的重叠和空隙, 可在集群上算。Overlaps and gaps among all parcels, here or on a cluster."""
    from api import asked
    from api.answers import parcels

    search = {} if cluster is None else {"search": _on(cluster)}
    with opened(registry) as store, store.reading() as connection:
        found = parcels.topology(connection, asked.moment(store, connection, valid_at, known_at), **search)
    if json:
        shown.as_json(found)
        return
    for title, pieces in (("重叠 overlaps", found["overlaps"]), ("空隙 gaps", found["gaps"])):
        rows = [("、".join(one["parcels"]), one["area_m2"], ", ".join(one["place"])) for one in pieces]
        shown.table(f"{title}: {len(rows)}", ("地块 parcels", "m²", "位置 place"), rows[:_LONGEST_LIST])
    below = found["below"]
    shown.say(
        f"{found['parcels']} 块地; 容差 {below['tolerance']} 以下 {below['count']} 处共 {below['area_m2']} m²",
        f"parcels; {below['count']} pieces below the tolerance, {below['area_m2']} m² in all; --json lists every one",
    )


def _facts(parcel: dict[str, Any]) -> str:
    told = [f"{each['zh']} {each['before'] or '–'} → {each['after'] or '–'}" for each in parcel["facts"]]
    return "、".join(told) or "–"


def _acts(thing: dict[str, Any]) -> str:
    return "、".join(f"{act['zh']} {act['day']} #{act['entry']}" for act in thing["acts"]) or "–"


def _on(cluster: str) -> Search:
    from gis.topology.regionwide import coverage_faults_on, require_cluster

    require_cluster(cluster)
    return partial(coverage_faults_on, cluster)


def _there(neighbours: list[dict[str, str]]) -> str:
    return "、".join(each["text"] or each["code"] for each in neighbours) or "–"


def _show(plan: dict[str, Any]) -> None:
    shown.table(
        "新地块 new parcels",
        ("编码 code", "亩 mu", "m²"),
        [(new["code"], new["surveyed_area_mu"], new["surveyed_area_m2"]) for new in plan["begins"]],
    )
    shown.table(
        "四至 four sides",
        ("编码 code", "东至 east", "南至 south", "西至 west", "北至 north"),
        [(new["code"], *map(_there, new["sides"].values())) for new in (*plan["begins"], *plan["moved"])],
    )
    shown.table(
        "权利照旧, 地块清单改为 rights go on, on these parcels",
        ("权利 right", "地块 parcel", "合同亩 contract mu"),
        [(right["code"], line["parcel"], line["contract_area_mu"]) for right in plan["rights"] for line in right["parcels"]],
    )
    for rest in plan["remainders"]:
        shown.say(
            f"{rest['figure']} {rest['whole']}: 尾差 {rest['remainder']} 归 {rest['taken_by']}",
            f"the remainder {rest['remainder']} goes to {rest['taken_by']}",
        )
    for burden in plan["carried"]:
        shown.say(f"{burden['code']} {burden['kind']}: {burden['zh']}", burden["en"])
    people = len(plan["signs"])
    shown.say(f"要 {people} 人签字, 其中未成年人由监护人签", f"{people} people sign; a guardian for each minor")

