"""How is a case opened, looked at and moved on at a terminal?

Who acts is said once, before the word of the command: `sanquan case --role agriculture show ID`. Sign-in will say it instead.
"""

from __future__ import annotations

import json as jsons
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import shown
from api.cli.options import BUREAU, HERE, Bureau, By, Json, Registry, document, form_of, officer_of, opened
from registry.errors import SanquanError

if TYPE_CHECKING:
    from pydantic import ValidationError

    from registry.cases import Actor

app = typer.Typer(help="案件: 申请、告知、同意、审核、审批、登簿。Cases, step by step.", no_args_is_help=True)
CaseId = Annotated[str, typer.Argument(metavar="ID", help="案件的编号 the case's id")]
Collective = Annotated[str, typer.Argument(metavar="COLLECTIVE", help="发包方编码 14 位 its code as an issuer")]
Until = Annotated[str, typer.Option("--until", metavar="DAY", help="哪天以前期满的 contracts that end by this day")]
Land = Annotated[str, typer.Option("--land", help="contract-arable, contract-grass, contract-forest")]
File = Annotated[Path, typer.Argument(metavar="FILE.json", help="申请什么的 JSON, - 是标准输入: the document, - for stdin")]
_STEPS = "/v1/cases/{case}/steps"


class CaseFileError(SanquanError):
    """Raised when a file holds no case or no step, or who acts is not said. Values are not repeated."""

    def __init__(self, path: str, places: list[str]) -> None:
        """The route whose form it is, and the fields that are wrong."""
        named = ", ".join(places)
        super().__init__(
            f"这些项不合规定: {named}。格式同 POST {path}; 以什么身份办写在命令前: sanquan case --role agriculture …",
            f"these fields are not as they must be: {named}. The form is that of POST {path}; as whom you act stands before "
            "the word: sanquan case --role agriculture …",
        )


@app.callback()
def case(
    context: typer.Context,
    *,
    role: Annotated[str, typer.Option("--role", envvar="SANQUAN_ROLE", help="以什么身份, 见 case kinds in which role")] = "",
    account: Annotated[str | None, typer.Option("--account", envvar="SANQUAN_ACCOUNT", help="账号 the account")] = None,
    officer: By = None,
    bureau: Bureau = BUREAU,
    myself: Annotated[
        str | None, typer.Option("--myself", envvar="SANQUAN_MYSELF", metavar="ID", help="经办人自己的编号 your own id")
    ] = None,
) -> None:
    """案件: 申请、告知、同意、审核、审批、登簿。Cases, step by step."""
    who = officer_of(officer, bureau)
    context.obj = {"account": account or who.name, "name": who.name, "bureau": who.bureau, "role": role, "person": myself}


@app.command("kinds")
def kinds(*, json: Json = False) -> None:
    """有哪些案件, 走哪些步骤, 要什么材料。Which kinds, their steps and papers."""
    from api.answers import cases

    found = cases.all_kinds()
    if json:
        shown.as_json(found)
        return
    columns = ("种类 kind", "名称 name", "步骤 route", "材料 papers")
    rows = []
    for kind in found["kinds"]:
        papers = "; ".join("/".join(any_of) for any_of in kind["evidence"])
        rows.append((kind["word"], f"{kind['zh']} {kind['en']}", " → ".join(kind["route"]), papers))
    shown.table("案件 cases", columns, rows)
    roles = [(role["word"], f"{role['zh']} {role['en']}") for role in found["roles"]]
    shown.table("身份 roles", ("身份 role", "名称 name"), roles)


@app.command("open")
def open_(context: typer.Context, *, file: File, registry: Registry = HERE, json: Json = False) -> None:
    """新建草稿, 提交以前只有自己看得到。A new draft: nobody else sees it until it is submitted."""
    from api.answers import cases

    sent = document(file, cases.CaseIn, partial(CaseFileError, "/v1/cases"))
    with opened(registry) as store:
        _show(cases.open_(store, sent, _actor(context)), json=json)


@app.command("show")
def show(context: typer.Context, *, case: CaseId, registry: Registry = HERE, json: Json = False) -> None:
    """一个案件: 办过哪些步骤, 告知到谁, 下一步谁来办。Its steps, whom it touches, what comes next."""
    from api import asked
    from api.answers import cases

    case_id = asked.text("case", case)
    with opened(registry) as store:
        _show(cases.read(store, case_id, _actor(context)), json=json)


@app.command("list")
def list_(
    context: typer.Context,
    *,
    thing: Annotated[str | None, typer.Option("--thing", metavar="ID", help="关于哪项登记 about which thing")] = None,
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """自己能看的案件, 先来的在前。The cases that you may see, oldest first."""
    from api import asked
    from api.answers import cases

    about = None if thing is None else asked.text("thing", thing)
    with opened(registry) as store:
        found = cases.every(store, _actor(context), about)
    if json:
        shown.as_json(found)
        return
    rows = [
        (each["id"], f"{each['zh']} {each['en']}", each["opened_at"], f"{each['n']} {each['phase']['zh']}")
        for each in found["cases"]
    ]
    shown.table("案件 cases", ("编号 id", "种类 kind", "建于 opened", "步骤 step"), rows)


@app.command("blank")
def blank(
    collective: Collective,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.csv|.xlsx", help="写到哪里, 带姓名 where to, with names")],
    purpose: Annotated[str, typer.Option("--purpose", help="用途, 记入登记库 what for; logged")],
    until: Until,
    land: Land = "contract-arable",
    officer: By = None,
    bureau: Bureau = BUREAU,
    registry: Registry = HERE,
) -> None:
    """照登记簿填好的延包名册, 进城的户也在上面, 只在本机。A roster filled in from the register, settled households on it."""
    from api import asked
    from registry.cases.roster import write_blank

    code, thing, day = asked.text("collective", collective), asked.text("land", land), asked.day(until, "until")
    form_of(out, "csv", "xlsx")
    with opened(registry) as store:
        households = write_blank(store, officer_of(officer, bureau), code, thing, day, out, purpose)
    shown.say(f"写好了 {out}: {households} 户, 已记下用途", f"{households} households, logged")


@app.command("roster")
def roster(
    collective: Collective,
    file: Annotated[Path, typer.Argument(metavar="ROSTER", help="村里交来的名册 csv 或 xlsx: the roster")],
    *,
    until: Until,
    land: Land = "contract-arable",
    years: Annotated[int | None, typer.Option("--years", help="草场、林地延多少年 for pasture and forest")] = None,
    registry: Registry = HERE,
) -> None:
    """读延包名册, 出一份申请(JSON, 不带姓名), 交给 case open。Read a roster into a case for `case open`; names nobody.

    Nothing is written. Ends with 2 when the roster is refused, with every fault.
    """
    from api import asked
    from api.answers import cases
    from api.cli.comparing import faults
    from registry.subsidies import ListRefusedError

    code, thing, day = asked.text("collective", collective), asked.text("land", land), asked.day(until, "until")
    with opened(registry) as store:
        try:
            found = cases.of_roster(store, file, collective=code, land=thing, until=day, years=years)
        except ListRefusedError as refusal:
            faults(refusal.faults)
            raise
    shown.as_json(found)


@app.command("leases")
def leases(
    context: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv|.xlsx", help="村里的流转台账 the village's ledger of leases")],
    check: Annotated[bool, typer.Option("--check", help="只对一遍 only judge each row")] = False,
    only_good: Annotated[bool, typer.Option("--good-only", help="只建没有错的行 the rows without a fault alone")] = False,
    report: Annotated[Path | None, typer.Option("--report", metavar="FILE.csv", help="有错的行写成表 every fault")] = None,
    registry: Registry = HERE,
) -> None:
    """流转台账: 逐行对登记簿, 没有错才每行建一个草稿。Judge each row; where none is at fault, a draft for each.

    Ends with 1 when `--good-only` left rows out, with 2 when the ledger is refused, with every fault.
    """
    from api.cli.comparing import DIFFERS, faults
    from registry.cases import lease_list
    from registry.subsidies import ListRefusedError

    with opened(registry) as store:
        try:
            rows = lease_list.read_leases(store, file)
            if report is not None:
                report.write_bytes(lease_list.sheet(rows))
            good = lease_list.good_of(rows, only_good=only_good)
            ids = [] if check else lease_list.open_leases(store, _actor(context), rows, only_good=only_good)
        except ListRefusedError as refusal:
            faults(refusal.faults)
            raise
    shown.say(f"{len(good)} 行可以, 建了 {len(ids)} 个草稿", f"{len(good)} rows may be opened, {len(ids)} drafts were")
    if len(good) < len(rows):
        faults(tuple(fault for row in rows for fault in row.faults))
        raise typer.Exit(DIFFERS)


@app.command("step")
def step(
    context: typer.Context,
    *,
    case: CaseId,
    word: Annotated[str, typer.Argument(metavar="STEP", help="哪一步, 见 case show which step")],
    seen: Annotated[int, typer.Option("--seen", metavar="N", help="您看到的最后一步是第几步 the last step that you saw")],
    said: Annotated[
        Path | None, typer.Option("--said", metavar="FILE.json", help="这一步说什么, - 是标准输入 what it states")
    ] = None,
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """办一步; 别人先办了的, 说明办了什么。Take a step; where somebody came first, what they did is told."""
    from pydantic import ValidationError

    from api import asked
    from api.answers import cases

    case_id = asked.text("case", case)
    try:
        sent = cases.StepIn(step=word, seen=seen, said=_said(said))
    except ValidationError as malformed:
        raise CaseFileError(_STEPS, _places(malformed)) from None
    with opened(registry) as store:
        _show(cases.step(store, case_id, sent, _actor(context)), json=json)


@app.command("dossier")
def dossier(
    context: typer.Context,
    *,
    case: CaseId,
    out: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="写到哪里 where to write it")],
    purpose: Annotated[str, typer.Option("--purpose", help="用途, 记入登记库 what for; it is logged")],
    registry: Registry = HERE,
) -> None:
    """卷宗: 一页给法官, 然后每一步、每份材料的摘要。The dossier: a page for a judge, every step, every paper's digest."""
    from api import asked
    from registry.cases import dossier_of

    case_id = asked.text("case", case)
    with opened(registry) as store:
        pdf = dossier_of(store, case_id, _actor(context), purpose, reader="paper")
    out.write_bytes(pdf)
    shown.say(f"卷宗写在 {out}", f"the dossier is in {out}")


def _said(file: Path | None) -> Any:  # noqa: ANN401  (JSON, which the form judges)
    if file is None:
        return {}
    text = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        return jsons.loads(text)
    except ValueError:
        raise CaseFileError(_STEPS, ["JSON"]) from None


def _actor(context: typer.Context) -> Actor:
    """Who stands at the terminal, until sign-in says it."""
    from pydantic import ValidationError

    from api.answers.cases import ActorIn

    try:
        return ActorIn.model_validate(context.obj).actor()
    except ValidationError as malformed:
        raise CaseFileError("/v1/cases", _places(malformed)) from None


def _places(malformed: ValidationError) -> list[str]:
    return sorted({str(each["loc"][0]) for each in malformed.errors()})


def _show(found: dict[str, Any], *, json: bool) -> None:
    if json:
        shown.as_json(found)
        return
    phase = found["phase"]
    shown.say(f"{found['zh']} {found['id']}: 第 {found['n']} 步 {phase['zh']}", f"{found['en']}: {phase['en']}")
    if found["exit"] is not None:
        signs = "; ".join(sign["zh"] for sign in found["exit"]["signs"])
        shown.say(f"退出: {found['exit']['zh']}" + (f" · 要看: {signs}" if signs else ""), f"exit: {found['exit']['en']}")
    if found["dispute"] is not None:
        until = f" · 起诉到 {found['dispute']['until']}" if found["dispute"]["until"] else ""
        shown.say(f"争议: {found['dispute']['zh']}{until}", f"dispute: {found['dispute']['en']}")
    if found["words"]:
        shown.say(f"原话: {found['words']}", "the words in which it was asked")
    if found["answer_until"] is not None:
        shown.say(f"{found['answer_until']} 以前答复", f"to be answered by {found['answer_until']}")
    rows = []
    for each in found["steps"]:
        by = f"{each['by']['bureau']} {each['by']['name']}"
        rows.append((str(each["n"]), f"{each['zh']} {each['step']}", each["at"], by, each["said"].get("reasons", "")))
    shown.table("步骤 steps", ("", "步骤 step", "时间 at", "谁办的 by", "理由 reasons"), rows)
    if found["rows"] is not None:
        _show_rows(found["rows"])
    people = [(each["id"], f"{each['name']} {_where(each)}", _yes(each["told"]), _will(each)) for each in found["people"]]
    shown.table("要告知的人 people touched", ("编号 id", "姓名 name", "告知 told", "同意 consent"), people)
    following = []
    for each in found["next"]:
        why = "; ".join(reason["zh"] for reason in (*each["missing"], *each["not_you"]))
        following.append((f"{each['zh']} {each['step']}", why or "可以 open"))
    shown.table("下一步 next", ("步骤 step", ""), following)


def _show_rows(found: dict[str, Any]) -> None:
    rows = []
    for each in found["rows"]:
        terms = "\n".join(f"{one['to']} → {one['new_to']}" for one in each["contracts"])
        keys = "\n".join(one["key"] for one in each["differences"])
        rows.append((each["code"], each["standing"], terms, keys, "\n".join(why["zh"] for why in each["why"]), each["household"]))
    header = ("承包方 household", "", "期限 term", "不同 difference", "等什么 waits for", "编号 id")
    shown.table("逐户 rows, 红的在前 red first", header, rows)
    counts = found["counts"]
    shown.say(
        f"可以办 {counts['ready']} 户, 等着 {counts['waiting']} 户, 不延 {counts['not_extended']} 户, 已办 {counts['written']} 户",
        f"{counts['ready']} ready, {counts['waiting']} waiting, {counts['not_extended']} not extended, {counts['written']} done",
    )
    if found["strangers"]:
        shown.say(f"名册上有、登记簿没有: {'、'.join(found['strangers'])}", "on the roster and not on the register")


def _yes(said: bool) -> str:  # noqa: FBT001  (one of what is shown)
    return "✓" if said else "–"


def _where(person: dict[str, Any]) -> str:
    return "; ".join(f"{' '.join(each['sides'])} {each['parcel']} {each['household']}".strip() for each in person["lies"])


def _will(person: dict[str, Any]) -> str:
    if person["absent_until"]:
        return f"缺席指界, 异议到 {person['absent_until']} absent"
    if person["invited"] and not person["consented"]:
        return f"– 请过 invited {', '.join(person['invited'])}"
    return _yes(person["consented"]) if person["needs_consent"] else "不需要 not needed"
