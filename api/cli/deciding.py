"""How is a decision asked for at a terminal, and how do people hand in, wait, and have a number put right?"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import shown
from api.cli.looking import Purpose, listed, written
from api.cli.options import (
    BUREAU,
    HERE,
    Bureau,
    By,
    FromStdin,
    Json,
    KnownAt,
    Name,
    Person,
    Registry,
    ValidAt,
    document,
    opened,
    whom,
)
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_ELIGIBLE = 1
_FILE = "文件的 JSON, - 是标准输入: the document, - for stdin"
FileArgument = Annotated[Path, typer.Argument(metavar="FILE.json", help=_FILE)]


class Asked(StrEnum):
    """The questions; the same words as in `/v1/decisions/…`."""

    SETTLE_IN_BANNER = "settle-in-banner"
    SETTLE_FROM_OUTSIDE = "settle-from-outside"
    SETTLE_ALONG = "settle-along"
    COLLECTIVE_HOUSEHOLD = "collective-household"
    REGISTER_UNREGISTERED = "register-unregistered"
    RURAL_PLACEMENT = "rural-placement"
    RESIDENCE_PERMIT = "residence-permit"
    PERMIT_ENDORSEMENT = "permit-endorsement"
    GUARDIAN_SIGNS = "guardian-signs"
    IDENTITY_NUMBER = "identity-number"
    ONE_REGISTRATION = "one-registration"
    WHOSE_RULES = "whose-rules"
    TAKE_PART = "take-part"
    SHARE_USE = "share-use"
    DISTRIBUTION = "distribution"
    QUARREL = "quarrel"
    REGISTER_OR_CERTIFICATE = "register-or-certificate"
    ESTATE_WITHOUT_HEIR = "estate-without-heir"
    EXIT_REGISTRATION = "exit-registration"
    EXCHANGE_LISTING = "exchange-listing"
    EXCHANGE_SIGNING = "exchange-signing"
    DEADLINE = "deadline"
    POWER_OF_RIGHT = "power-of-right"
    TRADE_IN_THE_OPEN = "trade-in-the-open"
    FOREST_RIGHT = "forest-right"
    CONTRACT_RIGHT = "contract-right"
    REPRESENTATIVE = "representative"
    EXTENSION = "extension"
    SOIL_COMPENSATION = "soil-compensation"
    EXCHANGE_LAND = "exchange-land"
    ASSIGN_LAND = "assign-land"
    UNREGISTERED_TRANSFER = "unregistered-transfer"
    MORTGAGE_LAND = "mortgage-land"
    LEASE_RENT = "lease-rent"
    END_LEASE = "end-lease"
    CONTRACT_PASTURE = "contract-pasture"
    STOCKING = "stocking"
    CONTRACT_WASTE_LAND = "contract-waste-land"
    RESERVE_LAND = "reserve-land"
    MEMBERS_FIRST = "members-first"
    LAND_DISPUTE = "land-dispute"
    ONE_HOMESTEAD = "one-homestead"
    HOMESTEAD_APPLICATION = "homestead-application"
    HOMESTEAD_LOST = "homestead-lost"
    HOMESTEAD_RECEIVER = "homestead-receiver"


class DocumentError(SanquanError):
    """Raised when a file is not the document that is wanted. Its values are not repeated."""

    def __init__(self, route: str, places: list[str]) -> None:
        """The fields that are wrong, and where the form is."""
        named = ", ".join(places)
        super().__init__(
            f"这些项不合规定: {named}。格式同 POST {route}, 见 docs/settlement.md、land-decisions.md、further-decisions.md",
            f"these fields are not as they must be: {named}. The form is that of POST {route}, see docs/settlement.md, "
            "docs/land-decisions.md and docs/further-decisions.md",
        )


def decide(
    *,
    question: Annotated[Asked, typer.Argument(help="问什么 which question")],
    file: FileArgument,
    json: Json = False,
) -> None:
    """问一问: 能不能落户、登记、办居住证, 地和院子怎么办, 分红、挂牌, 期限到哪天, 凭哪条; 什么都不记。Ask without recording.

    Ends with 0 when eligible, 1 otherwise; a deadline ends with 0.
    """
    from api.answers import decisions

    if question is Asked.DEADLINE:
        _tell_deadline(file, json=json)
        return
    sent = document(file, decisions.asking(question.value), _refusal(f"/v1/decisions/{question.value}"))
    answer = decisions.decide(question.value, sent)
    if json:
        shown.as_json(answer)
    else:
        _show_decision(answer)
    if answer["result"] != "eligible":
        raise typer.Exit(NOT_ELIGIBLE)


def apply(*, file: FileArgument, registry: Registry = HERE, json: Json = False) -> None:
    """交落户申请: 一人一个决定; record 为 true 才记, 只记够条件又自己申请的人。Hand in a settlement.

    Ends with 0 when everybody may, 1 otherwise.
    """
    from api.answers import filings

    sent = document(file, filings.filing_form(), _refusal("/v1/settlements"))
    with opened(registry) as store:
        answer = filings.hand_in(store, sent)
    if json:
        shown.as_json(answer)
    else:
        for each in answer["people"]:
            shown.say(f"{each['person']}: {_STATES[each['state']]}", f"({each['state']})")
            _show_decision(each["decision"])
        _show_recorded(answer["recorded"])
    if any(each["state"] not in {"recorded", "would be recorded"} for each in answer["people"]):
        raise typer.Exit(NOT_ELIGIBLE)


def permit(  # noqa: PLR0913  (one parameter an option)
    *,
    person: Person = None,
    name: Name = None,
    id_number_stdin: FromStdin = False,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    registry: Registry = HERE,
    purpose: Purpose = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """居住证: 有效、中止还是失效, 哪天签注, 年限从哪天算。How a residence permit stands."""
    from api import asked
    from api.answers import persons

    with opened(registry) as store:
        with store.reading() as connection:
            who = whom(store, connection, person, name, id_number_stdin)
            answer = persons.permit(store, connection, who, asked.moment(store, connection, valid_at, known_at))
        written(store, who, "permit", purpose, officer, bureau)
    if json:
        shown.as_json(answer)
        return
    shown.say(f"{answer['person']['name']}: 居住证{_PERMIT[answer['state']]}", f"permit {answer['state']}")
    if answer["years_from"]:
        shown.say(
            f"年限从 {answer['years_from']} 起算; {answer['endorse_from']} 到 {answer['endorse_by']} 签注",
            f"years from {answer['years_from']}; endorse between {answer['endorse_from']} and {answer['endorse_by']}",
        )


identity = typer.Typer(help="身份号码: 升位、更正、认定为一个人。Identity numbers.", no_args_is_help=True, rich_markup_mode=None)


@identity.command("change")
def change(*, file: FileArgument, registry: Registry = HERE, json: Json = False) -> None:
    """十五位升十八位, 或者凭公安局的认定更正; 旧号永远查得到。Upgrade or correct a number."""
    from api.answers import filings

    sent = document(file, filings.NumberIn, _refusal("/v1/identities"))
    with opened(registry) as store:
        _show_changed(filings.change(store, sent), json=json)


@identity.command("link")
def link(*, file: FileArgument, registry: Registry = HERE, json: Json = False) -> None:
    """两条记录是一个人: 只凭公安局的认定, 不凭号码; 两边都留着。Two rows are one person."""
    from api.answers import filings

    sent = document(file, filings.LinkIn, _refusal("/v1/identities/links"))
    with opened(registry) as store:
        _show_changed(filings.link(store, sent), json=json)


queue = typer.Typer(
    help="落户申请排队: 先存量后增量, 住得久的先办; 只排先后, 不拒绝谁。The queue.", no_args_is_help=True, rich_markup_mode=None
)


@queue.command("list")
def waiting_list(
    *, registry: Registry = HERE, purpose: Purpose = "", officer: By = None, bureau: Bureau = BUREAU, json: Json = False
) -> None:
    """谁在等, 按先后。Who waits, in order."""
    from api.answers import waiting

    with opened(registry) as store:
        with store.reading() as connection:
            answer = waiting.applications(store, connection)
        listed(store, "", "waiting-list", purpose, officer, bureau)
    if json:
        shown.as_json(answer)
        return
    rows = [
        (str(a["place"]), a["application"], a["who"], a["name"]["zh"], _PRIORITY[a["priority"]], a["received_at"])
        for a in answer["applications"]
    ]
    shown.table("排队 who waits", ("先后", "编号 id", "谁 who", "什么 what", "类 class", "收到 received"), rows)


@queue.command("add")
def add(*, file: FileArgument, registry: Registry = HERE, json: Json = False) -> None:
    """收一份申请, 情况照申请人说的记。Take in an application."""
    from api.answers import waiting

    sent = document(file, waiting.WaitingIn, _refusal("/v1/settlement-applications"))
    with opened(registry) as store:
        answer = waiting.apply(store, sent)
    if json:
        shown.as_json(answer)
    else:
        shown.say(f"收了: {answer['application']}", "taken in")


@queue.command("done")
def done(*, file: FileArgument, registry: Registry = HERE, json: Json = False) -> None:
    """办完了(写事件序号), 或者本人撤回。Dealt with, or withdrawn."""
    from api.answers import waiting

    sent = document(file, waiting.WithdrawnIn, _refusal("/v1/settlement-applications/done"))
    with opened(registry) as store:
        answer = waiting.leave(store, sent)
    if json:
        shown.as_json(answer)
    else:
        shown.say(f"不再排队: {answer['application']}", "no longer waits")


_STATES = {
    "recorded": "记下了",
    "would be recorded": "可以记(record 没有写 true)",
    "did not apply": "本人没有申请, 不迁",
    "not decided in favour": "还不能办",
    "a person must look": "工作人员要看",
}
_PERMIT = {"none": "没有", "in force": "有效", "suspended": "停用, 补签就恢复", "lapsed": "失效"}
_PRIORITY = {"stock-long-resident": "存量, 早就在镇上", "stock": "存量", "increment": "增量"}


def _refusal(route: str) -> Callable[[list[str]], SanquanError]:
    return lambda places: DocumentError(route, places)


def _show_decision(answer: dict[str, Any]) -> None:
    shown.say(f"{answer['name']['zh']}: {answer['result_zh']}", f"{answer['name']['en']}: {answer['result']}")
    for reason in answer["reasons"]:
        unread = "" if reason["confirmed"] else "，没有核对过原文 unconfirmed"
        shown.say(f"  · {reason['zh']} [{reason['cite']}{unread}]", reason["en"])
    for need in answer["needs"]:
        shown.say(f"  还差 {need}", "(still to bring)")
    for other in answer["beside"]:
        shown.say(f"  旁边 {other['result_zh']}: {other['reasons'][0]['zh']}", f"beside: {other['result']}")
    shown.say(answer["unchanged"]["zh"], answer["unchanged"]["en"])


def _tell_deadline(file: Path, *, json: bool) -> None:
    from api.answers import deadlines

    answer = deadlines.last_day(document(file, deadlines.DeadlineIn, _refusal("/v1/decisions/deadlines")))
    if json:
        shown.as_json(answer)
        return
    shown.say(f"最后一天: {answer['last_day']}", "the last day")
    for reason in answer["reasons"]:
        shown.say(f"  · {reason['zh']} [{reason['cite']}]", reason["en"])
    for doubt in answer["doubts"]:
        shown.say(f"  ? {doubt['zh']}", doubt["en"])


def _show_recorded(recorded: dict[str, Any] | None) -> None:
    if recorded is None:
        shown.say("什么都没有记;", "nothing was recorded")
    else:
        shown.say(f"账本第 {recorded['idx']} 条, 权利一条也没有写;", f"entry {recorded['idx']}; no right was written")


def _show_changed(answer: dict[str, Any], *, json: bool) -> None:
    if json:
        shown.as_json(answer)
        return
    _show_decision(answer["decision"])
    _show_recorded(answer["recorded"])
