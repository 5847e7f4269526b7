"""How is a notice put up, photographed and taken down, and what waits in the outbox: at a terminal?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli import shown
from api.cli.options import BUREAU, HERE, Bureau, By, Json, Registry, officer_of, opened

if TYPE_CHECKING:
    from registry.notices.outbox import ChannelName
    from registry.notices.sending import Channel

app = typer.Typer(
    help="公示和通知: 贴出, 拍照, 撤下, 发送。Public notices and messages to people.", no_args_is_help=True, rich_markup_mode=None
)
Id = Annotated[str, typer.Argument(metavar="ID", help="公示的编号, 见 list its id")]
_STATES = {"waiting": "还没有送到 waiting", "delivered": "交出去了 delivered", "given up": "送不到 given up"}


@app.command("post")
def post(  # noqa: PLR0913  (one parameter an option)
    *,
    kind: Annotated[
        Literal["first-notice", "contract-notice", "exit-notice"],
        typer.Option(help="首次登记、承包方案、退出 which kind; its rule says how long"),
    ],
    village: Annotated[str, typer.Option(help="嘎查、村代码 12 位 the village's code")],
    title: Annotated[str, typer.Option(help="标题 the title")],
    body: Annotated[Path, typer.Option(metavar="FILE.txt", help="正文, UTF-8 what it says, a text file")],
    begins: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="第一天 its first day")],
    parcels: Annotated[
        Path | None, typer.Option(metavar="FILE.txt", help="公示哪些地块, 一行一个代码 the codes of its parcels, one a line")
    ] = None,
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """贴一张公示: 最后一天按当天的规定算。Put a notice up; its last day follows from the rule of its first."""
    from api import asked
    from api.answers import evidence
    from registry.china import today
    from registry.notices import posting

    with opened(registry) as store:
        hung = posting.post(
            store, officer_of(officer, bureau), kind, village=asked.text("village", village)[:12], title=title,
            body=body.read_text("utf-8"), begins=asked.day(begins, "day"),
            parcels=[] if parcels is None else parcels.read_text("utf-8-sig").split(),
        )  # fmt: skip
        told = evidence.notice_told(hung, today(store))
    if json:
        shown.as_json(told)
    else:
        shown.say(f"{told['id']}: {told['begins']} 到 {told['ends']}", f"up until {told['ends']} by {told['rule']}")


@app.command("photo")
def photo(
    *,
    notice: Id,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="墙上的照片 the photograph")],
    place: Annotated[str, typer.Option(help="贴在哪里 where it hangs")],
    taken: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="哪天拍的 the day of the photograph")],
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
) -> None:
    """存墙上的照片: 哪天、在哪里。Keep a photograph that shows the notice on the wall."""
    from api import asked
    from registry.notices import posting

    day = asked.day(taken, "day")
    with opened(registry) as store:
        who = officer_of(officer, bureau)
        piece = posting.photograph(store, who, asked.text("notice", notice), file.read_bytes(), place=place, taken=day)
    camera = piece.stated["taken"]
    shown.say(f"存下了 {piece.content_hash}", f"kept; the camera says {camera or 'nothing of its time'}")


@app.command("down")
def down(
    *,
    notice: Id,
    reason: Annotated[str, typer.Option("--reason", help="为什么撤下, 不写姓名 why, without names")],
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
) -> None:
    """撤下一张公示, 写明原因; 记录不删。Take a notice down; it stays in the list of all."""
    from api import asked
    from registry.notices import posting

    with opened(registry) as store:
        posting.take_down(store, officer_of(officer, bureau), asked.text("notice", notice), reason)
    shown.say("撤下了", "down")


@app.command("list")
def every(
    *,
    over: Annotated[bool, typer.Option("--all", help="结束的、还没开始的也要 those over or to come, too")] = False,
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """现在贴着的公示, 最先到期的在前。What hangs today."""
    from api.answers import evidence

    with opened(registry) as store, store.reading() as connection:
        found = evidence.notices(store, connection, over=over)
    if json:
        shown.as_json(found)
        return
    rows = [
        (one["id"], one["village"], one["title"], f"{one['begins']} – {one['ends']}", _photos(one), _state(one, found["as_of"]))
        for one in found["notices"]
    ]
    shown.table("公示 notices", ("编号 id", "村 village", "标题 title", "期间 days", "照片 photos", "状态 state"), rows)


@app.command("outbox")
def outbox(*, registry: Registry = HERE, json: Json = False) -> None:
    """要告诉人的话, 送到哪一步; 不显示写给谁、写了什么。Messages and how far they have come, without addresses and texts."""
    from api.answers import evidence

    with opened(registry) as store, store.reading() as connection:
        found = evidence.messages(store, connection)
    if json:
        shown.as_json(found)
        return
    rows = [
        (one["id"], one["at"], one["channel"], one["kind"], str(one["tries"]), f"{_STATES[one['state']]} {one['why'] or ''}")
        for one in found["messages"]
    ]
    shown.table("通知 messages", ("编号 id", "时间 at", "渠道 channel", "哪种 kind", "次数 tries", "状态 state"), rows)


@app.command("send")
def send(
    *,
    smtp: Annotated[
        str | None, typer.Option("--smtp", envvar="SANQUAN_SMTP", metavar="HOST:PORT", help="邮件服务器 the mail server")
    ] = None,
    sender: Annotated[
        str, typer.Option("--from", envvar="SANQUAN_MAIL_FROM", metavar="ADDRESS", help="发件地址 the sender")
    ] = "sanquan@localhost",
    sms: Annotated[
        Path | None, typer.Option("--sms", envvar="SANQUAN_SMS", metavar="DIR", help="短信网关的文件夹 the gateway's folder")
    ] = None,
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """把等着的通知各发一次。Try each waiting message once. Ends with 1 while one failed or has no channel here."""
    from registry.notices import sending

    channels: dict[ChannelName, Channel] = {"log": sending.Log()}
    if smtp is not None:
        host, _, port = smtp.rpartition(":")
        if not host or not port.isdigit():
            raise typer.BadParameter("HOST:PORT", param_hint="--smtp")
        channels["smtp"] = sending.Smtp(host, int(port), sender)
    if sms is not None:
        channels["sms"] = sending.SmsFolder(sms)
    with opened(registry) as store:
        counted = sending.send(store, channels)
    told = {name.replace(" ", "_"): counted[name] for name in ("delivered", "failed", "no channel")}
    if json:
        shown.as_json(told)
    else:
        zh = f"交出去 {told['delivered']}, 没送成 {told['failed']}, 没有渠道 {told['no_channel']}"
        shown.say(zh, "handed on, failed, no channel here")
    if told["failed"] or told["no_channel"]:
        raise typer.Exit(1)


def _photos(one: dict[str, Any]) -> str:
    return ", ".join(f"{photo['taken']} {photo['place']}" for photo in one["photos"]) or "–"


def _state(one: dict[str, Any], now: str) -> str:
    if one["taken_down"] is not None:
        return "撤下 taken down"
    if one["hangs"]:
        return "贴着 up"
    return "没有到 to come" if now < one["begins"] else "期满 over"
