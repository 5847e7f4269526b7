"""How do household events come in from the police network at a terminal, and what waits?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import shown
from api.cli.looking import Purpose, listed
from api.cli.options import BUREAU, HERE, Bureau, By, Json, KnownAt, Registry, ValidAt, document, officer_of, opened

if TYPE_CHECKING:
    from registry.police import Imported

TO_LOOK_AT = 1
_LONGEST_LIST = 50

app = typer.Typer(help="公安网的户籍事件表。Household events from the police network.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def events() -> None:
    """公安网的户籍事件表。Household events from the police network."""


@app.command("import")
def import_(
    *,
    table: Annotated[Path, typer.Argument(metavar="FILE.xlsx|.csv", help="户籍事件表 the table")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试不记 try, and keep nothing")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.xlsx", help="逐行的答复写到哪里 the answers")] = None,
    registry: Registry = HERE,
    officer: By = None,
    json: Json = False,
) -> None:
    """导入户籍事件表: 逐行答复, 一家一件事要么整件记要么不记, 重来只记一次。Import events, row by row answered.

    Ends with 0 when every row is in, 1 when a row must be looked at, 2 when the table is refused.
    """
    from api.cli.comparing import faults
    from registry import police

    with opened(registry) as store:
        try:
            found = police.import_events(store, table, officer_of(officer, "公安局").name, "公安局", dry_run=dry_run)
        except police.EventTableRefusedError as refusal:
            faults(refusal.faults)
            raise
    if out is not None:
        out.write_bytes(police.sheet(found))
    if json:
        shown.as_json(found.as_json())
    else:
        _show(found)
    if found.to_look_at:
        raise typer.Exit(TO_LOOK_AT)


@app.command("unmatched")
def unmatched(
    *, registry: Registry = HERE, purpose: Purpose = "", officer: By = None, bureau: Bureau = BUREAU, json: Json = False
) -> None:
    """登记库里找不到人的行, 等人核对。Rows that fit nobody yet."""
    from api.answers import waiting

    with opened(registry) as store:
        with store.reading() as connection:
            answer = waiting.unmatched_rows(store, connection)
        listed(store, "", "waiting-list", purpose, officer, bureau)
    if json:
        shown.as_json(answer)
        return
    rows = [(row["at"], row["event"], row["kind"], row["day"], row["who"]) for row in answer["rows"]]
    shown.table("找不到人的行 rows that fit nobody", ("从 since", "事件编号", "事项", "日期", "谁 who"), rows)


@app.command("asked")
def asked_of_collectives(
    *, valid_at: ValidAt = None, known_at: KnownAt = None, registry: Registry = HERE, json: Json = False
) -> None:
    """问集体的: 新生儿是不是成员; 出生不等于有股。Questions to collectives about newborns."""
    from api import asked
    from api.answers import waiting

    with opened(registry) as store, store.reading() as connection:
        at = asked.moment(store, connection, valid_at, known_at)
        answer = waiting.asked_of_collectives(store, connection, at)
    if json:
        shown.as_json(answer)
        return
    rows = [
        (q["asked_on"], q["who"], q["collective_name"], _said(q))
        for q in answer["queries"]
    ]
    shown.table("问集体的 questions", ("哪天 asked on", "谁 who", "集体 collective", "答复"), rows)


@app.command("collective-answer")
def collective_answer(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="文件的 JSON, - 是标准输入: the document, - for stdin")],
    registry: Registry = HERE,
    json: Json = False,
) -> None:
    """记下集体的书面答复(是不是成员); 不改任何权利。Keep what a collective wrote back about a newborn; no right is written."""
    from api.answers import waiting
    from api.cli.deciding import DocumentError

    sent = document(file, waiting.CollectiveAnswerIn, lambda places: DocumentError("/v1/membership-queries/answers", places))
    with opened(registry) as store:
        answer = waiting.answer_of_collective(store, sent)
    if json:
        shown.as_json(answer)
        return
    shown.say(f"记下了: {answer['id']}", "kept; no right was written")
    if answer["object"] is not None:
        shown.say(answer["object"]["zh"], answer["object"]["en"])


@app.command("collective-reason")
def collective_reason(
    *,
    answer: Annotated[str, typer.Argument(metavar="ID", help="答复的编号 the answer's id, of `events asked`")],
    purpose: Annotated[str, typer.Option("--purpose", help="用途, 记入登记库 what for; it is logged")],
    registry: Registry = HERE,
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """集体为什么说不是(是), 带姓名, 逐次记录用途。Why a collective said so, with names; each reading is logged."""
    from registry.settlement import membership_answers

    with opened(registry) as store:
        told = membership_answers.in_full(store, officer_of(officer, bureau), answer, purpose)
    if json:
        shown.as_json(told)
        return
    said = {"yes": "是成员 a member", "no": "不是成员 no member"}[told["said"]]
    shown.say(f"{told['collective']['name']} {told['dated']}: {told['person']['name']} {told['person']['id_number']}", said)
    shown.say(f"理由 {told['reason'] or '没有写'}", "the reason")
    shown.say(f"书面答复 {told['paper']}", "SHA-256 of the paper")
    shown.say(f"收件 {told['taken_in_by']['bureau']} {told['taken_in_by']['officer']}", "taken in by; this reading is logged")


def _said(query: dict[str, Any]) -> str:
    if query["answered"]:
        return "已是成员 confirmed"
    back = query["answer"]
    if back is None:
        return "还没答 open"
    if back["said"] == "yes":
        return f"{back['dated']} 书面说是, 还没登记 said yes ({back['id']})"
    return f"{back['dated']} 书面说不是 said no ({back['id']})\n{back['object']['zh']}"


def _show(found: Imported) -> None:
    looked = [a for a in found.answers if a.state in {"unmatched", "refused", "waits for its event"}]
    if looked:
        rows = [(str(a.row), a.event, a.who, a.state, f"{a.zh}\n{a.en}") for a in looked[:_LONGEST_LIST]]
        shown.table("先看这些 to look at first", ("行 row", "事件编号", "谁 who", "结果 result", "说明 why"), rows)
    if len(looked) > _LONGEST_LIST:
        shown.say(f"共 {len(looked)} 行要看, 全部用 --out FILE.xlsx", "all of them with --out")
    counts = "; ".join(f"{state} {count}" for state, count in found.counts.items())
    if found.dry_run:
        shown.say(f"{counts}; 只是试, 什么都没有记", "a dry run: nothing was kept")
    else:
        shown.say(f"{counts}; 权利一条也没有写", "no right was written")
