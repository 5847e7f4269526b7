"""Which rule holds, what does it say, and what has changed: the rule book at a terminal? No registry is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import shown
from api.cli.options import Json, document
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Callable

On = Annotated[
    str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="按哪一天的规则, 默认今天 the rules of which day")
]
At = Annotated[
    str | None,
    typer.Option("--place", metavar="CODE", help="在哪里: nation, 150000, 150600, 150626, 默认全部 where; all if not given"),
]
_OPEN = "…"

app = typer.Typer(help="规则库: 哪条规定管, 从哪天起。The rule book.", no_args_is_help=True)


class OldMoveFileError(SanquanError):
    """Raised when a file holds no facts of an old move. Its values are not repeated."""

    def __init__(self, places: list[str]) -> None:
        """The fields that are wrong."""
        named = ", ".join(places)
        super().__init__(
            f"文件里这些项不合规定: {named}。格式同 POST /v1/decisions/taking-back",
            f"these fields of the file are not as they must be: {named}. The form is that of POST /v1/decisions/taking-back",
        )


@app.callback()
def law() -> None:
    """规则库: 哪条规定管, 从哪天起。The rule book."""


@app.command("list")
def list_(
    *,
    on: On = None,
    place: At = None,
    cls: Annotated[
        str | None, typer.Option("--class", help="decision 决定, prohibition 禁止, parameter 数字和期限")
    ] = None,
    json: Json = False,
) -> None:
    """一天里有效的规则。The rules in force on a day; what is unconfirmed is marked."""
    from api.answers import law as answers

    _show(answers.rules(on, place, cls), _list, json)


@app.command("show")
def show(
    *,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="编号, 例如 WS-2016/II.1.1: its id")],
    on: On = None,
    json: Json = False,
) -> None:
    """一条规则: 大白话、原文、出处、数字、没有确认的。One rule explained, with every version."""
    from api.answers import law as answers

    _show(answers.rule(rule, on), _rule, json)


@app.command("diff")
def diff(
    *,
    since: Annotated[str, typer.Argument(metavar="SINCE", help="和哪一天比 YYYY-MM-DD: compared with which day")],
    on: On = None,
    place: At = None,
    json: Json = False,
) -> None:
    """两天之间, 规则变了什么。What began, ended or changed between two days."""
    from api.answers import law as answers

    _show(answers.diff(since, on, place), _diff, json)


@app.command("reviews")
def reviews(*, on: On = None, json: Json = False) -> None:
    """本旗的配套规定: 谁该定, 谁该审, 哪些还没有人审查合法性。Who reviewed the banner's supporting rules."""
    from api.answers import law as answers

    _show(answers.reviews(on), _reviews, json)


@app.command("taking-back")
def taking_back(
    *,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.json", help="谁什么时候迁到哪里、有什么凭据, - 是标准输入: the facts, - for stdin")
    ],
    json: Json = False,
) -> None:
    """2019年以前的交回、收回算不算, 什么也不写。Did an old handing or taking back end the right? Nothing is written."""
    from api.answers import old_law

    _show(old_law.fate(document(file, old_law.OldMoveIn, OldMoveFileError)), _fate, json)


def _show(answer: dict[str, Any], table: Callable[[dict[str, Any]], None], as_json: bool) -> None:  # noqa: FBT001
    if as_json:
        shown.as_json(answer)
    else:
        table(answer)


def _list(answer: dict[str, Any]) -> None:
    shown.table(
        f"{answer['on']} 有效的规则 rules in force",
        ("编号 id", "类 class", "哪里 place", "说的是 says", "从 from", "确认 confirmed"),
        [
            (
                rule["id"],
                rule["class_name"]["zh"],
                rule["place"]["zh"],
                rule["says"]["zh"],
                rule["from"],
                "未确认 no" if rule["unconfirmed"] else "✓",
            )
            for rule in answer["rules"]
        ],
    )
    open_ = sum(rule["unconfirmed"] is not None for rule in answer["rules"])
    shown.say(
        f"{len(answer['rules'])} 条, 其中 {open_} 条没有核对过原文",
        f"{len(answer['rules'])} rules, {open_} of them unconfirmed: have a person look them up",
    )


def _rule(answer: dict[str, Any]) -> None:
    rule = answer["rule"]
    shown.say(f"{rule['id']} ({rule['class_name']['zh']}, {rule['place']['zh']})", rule["class_name"]["en"])
    shown.say(rule["says"]["zh"], f"\n{rule['says']['en']}")
    if rule["quote"]:
        shown.say(f"原文: “{rule['quote']}”", "(word for word)")
    for cite in rule["cites"]:
        shown.say(f"出处: {cite['zh']}", f"({cite['row']})")
    for parameter in rule["parameters"]:
        said = parameter["unconfirmed"]
        shown.say(
            f"{parameter['is']['zh']}: {_value(parameter['value'])} ({parameter['unit']})",
            f"{parameter['is']['en']}" + (f" — {said['zh']} {said['en']}" if said else ""),
        )
    for key in ("unconfirmed", "unreviewed"):
        if rule[key]:
            shown.say(rule[key]["zh"], rule[key]["en"])
    if rule["reviewed"]:
        shown.say(f"合法性审查: {rule['reviewed']}", "reviewed")
    for question in answer["questions"]:
        shown.say(f"{question['number']} {question['asks']['zh']} {question['until_answered']['zh']}", question["asks"]["en"])
    for version in answer["versions"]:
        shown.say(f"{version['from']} – {version['until'] or _OPEN}", version["says"]["zh"])


def _reviews(answer: dict[str, Any]) -> None:
    shown.say(f"该定的: {'、'.join(answer['must_make'])}; 该审的: {'、'.join(answer['must_review'])}", "must make, must review")
    shown.table(
        f"{answer['on']} 方案以外本旗自己的规则 the banner's own rules beside the plan",
        ("编号 id", "说的是 says", "审查 reviewed"),
        [(rule["id"], rule["says"]["zh"], rule["reviewed"] or "没有 nobody") for rule in answer["rules"]],
    )
    shown.say(f"{len(answer['unreviewed'])} 条没有人审查过", f"of {len(answer['rules'])}: nobody has reviewed them")


def _fate(answer: dict[str, Any]) -> None:
    shown.say(f"权利: {answer['fate_name']['zh']}", f"{answer['fate']} (by the law of {answer['judged_by_the_law_of']})")
    for reason in answer["reasons"]:
        shown.say(reason["zh"], f"{reason['en']} [{reason['rule']}]")
    for rule in answer["rules"]:
        for said in (rule["unconfirmed"], rule["unreviewed"]):
            if said:
                shown.say(f"{rule['id']}: {said['zh']}", said["en"])


def _diff(answer: dict[str, Any]) -> None:
    shown.table(
        f"{answer['since']} → {answer['on']}",
        ("编号 id", "变化 change", "以前 before", "以后 after"),
        [
            (
                each["rule"],
                _what(each),
                each["before"]["says"]["zh"] if each["before"] else "—",
                each["after"]["says"]["zh"] if each["after"] else "—",
            )
            for each in answer["changes"]
        ],
    )


def _what(change: dict[str, Any]) -> str:
    if change["before"] is None:
        return f"起 began {change['after']['from']}"
    if change["after"] is None:
        until = change["before"]["until"]
        return f"止 ended {until}" if until else f"那天还没有\nnot yet, from {change['before']['from']}"
    return f"改 changed {change['after']['from']}" + "".join(f"\n{name}" for name in change["parameters"])


def _value(value: int | str | list[str]) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)
