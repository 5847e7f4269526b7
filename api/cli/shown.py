"""How is an answer shown: as JSON for a script, or as tables for a person, Chinese then English, 亩 first?"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import Console

Answer = dict[str, Any]
_MARKS = {"unchanged": "✓", "violated": "✗"}


def as_json(answer: Any) -> None:  # noqa: ANN401  (whatever orjson writes)
    """Write an answer as the service does, in lines."""
    import orjson

    from api.answers import JSON

    sys.stdout.buffer.write(orjson.dumps(answer, option=JSON | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def console() -> Console:
    """A terminal's width where there is a terminal; enough for a table otherwise."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 140, highlight=False)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print one table."""
    from rich import box
    from rich.table import Table

    shown = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*row)
    console().print(shown, markup=False)


def say(zh: str, en: str) -> None:
    """One line, Chinese then English."""
    sys.stdout.write(f"{zh} {en}\n")  # rich would print the same, and takes as long to load as a small export


def statement(answer: Answer) -> None:
    """The 权益保留证明 on a screen."""
    say(answer["document"]["zh"], answer["document"]["en"])
    say(f"{answer['person']['name']} {answer['person']['id_number']}", f"({answer['valid_at']})")
    for other in answer["linked"]:
        zh = f"同一个人的另一条记录 {other['id']}, 公安从 {other['since']} 起认定 (第 {other['event']} 条): 名下的权利合在一起"
        en = f"another row of the same person, by the police since {other['since']}: rights stand together"
        say(zh, en)
    for place, zh, en in (("before", "户口原在", "registered before"), ("now", "户口现在", "registered now")):
        row = answer["registration"][place]
        if row is not None:
            say(f"{zh} {row['division_name']}", f"{en}: {row['division_code']}, {row['since']}")
    guarantee(answer)
    rights(answer)
    if "proof" in answer:
        proof = answer["proof"]
        say(proof["text"]["zh"], proof["text"]["en"])
        if proof["proved"]:
            say("码", f"code: {proof['code']}")


def guarantee(answer: Answer) -> None:
    """Verdicts, thing by thing, then the one over all."""
    event = answer["event"]
    if event is not None:
        say(f"户籍事件 {event['day']} {event['name']['zh']}", f"{event['name']['en']} (#{event['idx']})")
    if answer["things"]:
        table(
            "逐项比对 compared field by field",
            ("什么 what", "结论 verdict", "说明 in words"),
            [
                (
                    f"{t['name']['zh']} {t['name']['en']}",
                    f"{_MARKS.get(t['verdict'], '!')} {t['verdict']}",
                    _lines(t["text"], t["extension_due"]),
                )
                for t in answer["things"]
            ],
        )
    words = answer["verdict_text"]
    say(f"结论 VERDICT: {words['zh']}", words["en"].upper())
    for part in ("compares", "vouched", "left_out"):
        if answer[part] is not None:
            say(answer[part]["zh"], answer[part]["en"])


def entitlements(answer: Answer) -> None:
    """Services, then what is still theirs, at the same size."""
    status = answer["status"]
    say(f"{answer['person']['name']} {answer['as_of']['valid_at']}", f"status: {status['kind']} ({status['since'] or '-'})")
    table(
        "现在可以享受 services now",
        ("服务 service", "找谁 bureau", "从哪天 since", "哪条规定 rule"),
        [
            (f"{one['zh']}\n{one['en']}", one["bureau"], one["since"], f"{one['rule']['article']} {one['rule']['zh']}")
            for one in answer["services"]
        ],
    )
    table(
        "还是您的 still yours",
        ("什么 what", "说明 in words"),
        [
            (f"{one['name']['zh']} {one['name']['en']}", f"{one['text']['zh']}\n{one['text']['en']}")
            for one in answer["still_yours"]
        ],
    )


def told(answer: Answer) -> None:
    """What a bureau was told."""
    table(
        f"{answer['bureau']['zh']} {answer['bureau']['en']}",
        ("问题 question", "是否 yes or no", "从哪天 since"),
        [
            (f"{one['zh']} {one['en']}", "是 yes" if one["answer"] else "否 no", one["since"] or "-")
            for one in answer["answers"]
        ],
    )
    for one in answer.get("memberships") or ():
        say(
            f"{one['collective']} {one['code']}: {one['since']} 起, {one['act']['zh']}, 依据 {one['basis']}, "
            f"{one['recorded_at']} 登记",
            f"since {one['since']}, {one['act']['en']}",
        )
    if answer.get("ask_for"):
        say(answer["ask_for"]["zh"], answer["ask_for"]["en"])
    say("已记入登记库", f"logged: {answer['logged']}")


def rights(answer: Answer) -> None:
    """Rights with their parcels' contract areas and terms."""
    rows = []
    for right in answer["rights"]:
        land = "\n".join(
            f"{p['contract_area_mu'] or '-'} 亩 ({p['contract_area_m2'] or '-'} m²) {p.get('code') or ''}"
            for p in right["parcels"]
        )
        share = "/".join(str(n) for n in right["share"] or ())
        said = "".join(f"\n附记 {remark}" for remark in right.get("remarks") or ())
        due = "\n延包 due: the right stands" if right["extension_due"] else ""
        row = [
            f"{right['name']['zh']} {right['name']['en']}{said}",
            land or share or "-",
            _term(right["term"]) + due,
            right["status"],
            "\n".join(right["authoritative_book"]["text"].values()),
        ]
        if "transferable" in right:
            verdict = right["transferable"]
            row.append("\n".join([verdict["answer"], *(f"{r['zh']} {r['en']}" for r in verdict["reasons"])]))
        rows.append(row)
    last = ("能否流转 may be let",) if any("transferable" in right for right in answer["rights"]) else ()
    columns = ("种类 kind", "亩 (m²) 地块 / 份额 land or share", "期限 term", "状态 status", "权威登记簿 book")
    table("权利 rights", (*columns, *last), rows)
    if "ledger" in answer:
        say(
            f"账本 {answer['ledger']['size']} 条",
            f"ledger: size {answer['ledger']['size']}, root {answer['ledger']['root']}",
        )


def parcels(answer: Answer) -> None:
    """A page of parcels."""
    table(
        "地块 parcels",
        ("编码 code", "嘎查村 village", "用途 use", "实测 surveyed 亩 (m²)", "状态 status", "编号 id"),
        [
            (
                f["properties"]["code"],
                f["properties"]["village"]["name"],
                f["properties"]["land_use"],
                f"{f['properties']['surveyed_area_mu']} ({f['properties']['surveyed_area_m2']})",
                f["properties"]["status"],
                f["id"],
            )
            for f in answer["features"]
        ],
    )
    if answer["next"]:
        say("还有, 接着看:", f"more: --after {answer['next']}")


def parcel(answer: Answer) -> None:
    """One parcel with its history."""
    state = answer["properties"]
    if state is not None:
        say(
            f"{state['code']} {state['village']['name']} {state['surveyed_area_mu']} 亩",
            f"({state['surveyed_area_m2']} m²)",
        )
    table(
        "历史 history",
        ("从 from", "到 until", "状态 status", "实测亩 surveyed mu", "原因 cause", "登记于 recorded"),
        [
            (
                s["from"],
                s["until"] or "",
                s["status"],
                s["surveyed_area_mu"],
                f"{s['act']['name']['zh']} {s['act']['name']['en']} {s['act']['day']}",
                f"{s['act']['recorded_at']} #{s['act']['entry']}",
            )
            for s in answer["history"]
        ],
    )


@contextmanager
def progress(zh: str, en: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr where that is a terminal, nothing otherwise: `progress(done, total)`."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"{zh} {en}", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(text: dict[str, str], due: dict[str, str] | None) -> str:
    lines = [text["zh"], text["en"]]
    if due is not None:
        lines += [due["zh"], due["en"]]
    return "\n".join(lines)


def _term(term: list[str]) -> str:
    return f"{term[0] or '…'} – {term[1] or '…'}" if any(term) else "没有期限 no term"
