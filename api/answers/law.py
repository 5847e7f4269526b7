"""What does the rule book say on a day, and what does it not know for sure: to service, command and page alike?

Each rule says of itself what is unconfirmed and who reviewed it, in words, so that no door can leave it out.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Any, get_args

from api import asked
from registry.china import day_of
from registry.law.book import PLACES, RuleClass, book
from registry.law.changes import changes
from registry.law.reviewing import reviewing_office, supporting
from registry.law.strict import OPEN_END

if TYPE_CHECKING:
    from registry.law.book import Question, Rule, Value

Answer = dict[str, Any]
CLASSES: dict[str, dict[str, str]] = {
    "decision": {"zh": "决定", "en": "decision"},
    "prohibition": {"zh": "禁止", "en": "prohibition"},
    "parameter": {"zh": "数字和期限", "en": "parameter"},
}
_UNCONFIRMED = {
    "zh": "这一条没有核对过原文，别只凭它办事，请先找人核对。",
    "en": "No text behind this rule was checked: have a person confirm it before anything rests on it.",
}
_VALUE_UNCONFIRMED = {"zh": "没有查到写明这个数的条文", "en": "no text was found that gives this figure"}


def rules(on: str | None = None, place: str | None = None, cls: str | None = None) -> Answer:
    """Every rule in force. Raises InputError, UnknownPlaceError."""
    day = _day(on, "on")
    if cls is not None and cls not in get_args(RuleClass):
        raise asked.InputError(asked.FIELDS["class"])
    found = book().in_force(day, place, cls)  # type: ignore[arg-type]  # one of the words: held above
    return {"on": day.isoformat(), "rules": [described(rule) for rule in found]}


def rule(name: str, on: str | None = None) -> Answer:
    """One rule as of a day, with all its versions and open questions. UnknownRuleError, RuleNotInForceError, InputError."""
    day = _day(on, "on")
    found = book().rule(name, day)
    return {
        "on": day.isoformat(),
        "rule": described(found),
        "versions": [described(version) for version in book().versions(name)],
        "questions": [_question(book().questions[number]) for number in found.questions],
    }


def diff(since: str, on: str | None = None, place: str | None = None) -> Answer:
    """What is different on `on` from `since`. Raises InputError, UnknownPlaceError."""
    before, after = _day(since, "since"), _day(on, "on")
    return {
        "since": before.isoformat(),
        "on": after.isoformat(),
        "changes": [
            {
                "rule": each.rule,
                "before": None if each.before is None else described(each.before),
                "after": None if each.after is None else described(each.after),
                "parameters": list(each.parameters),
            }
            for each in changes(book(), before, after, place)
        ],
    }


def reviews(on: str | None = None) -> Answer:
    """The banner's own rules beside the plan, and who reviewed the legality of each. RuleNotInForceError, InputError."""
    day = _day(on, "on")
    found = supporting(day)
    return {
        "on": day.isoformat(),
        "must_make": list(found.makers),
        "must_review": list(found.office),
        "unreviewed": list(found.unreviewed),
        "rules": [described(rule) for rule in found.rules],
    }


def questions() -> Answer:
    """What the texts leave open, and what happens until a person answers."""
    return {"questions": [_question(question) for question in book().questions.values()]}


def today() -> dt.date:
    """Today in China."""
    return day_of(dt.datetime.now(dt.UTC))


def described(rule: Rule) -> Answer:
    """One version of a rule with all that is to be said of it, what is unconfirmed among it."""
    place = PLACES[rule.place]
    return {
        "id": rule.id,
        "class": rule.cls,
        "class_name": CLASSES[rule.cls],
        "place": {"code": place.code, "zh": place.zh, "en": place.en},
        "says": {"zh": rule.zh, "en": rule.en},
        "from": rule.in_force_from.isoformat(),
        "until": None if rule.in_force_until == OPEN_END else rule.in_force_until.isoformat(),
        "cites": [{"row": c.row, "instrument": c.instrument, "article": c.article, "zh": c.zh} for c in rule.cites],
        "quote": rule.quote,
        "parameters": [
            {
                "name": p.name,
                "value": _value(p.value),
                "unit": _both(p.unit),
                "words": [_both(each) for each in p.words],
                "is": {"zh": p.zh, "en": p.en},
                "unconfirmed": None if p.confirmed else _VALUE_UNCONFIRMED,
            }
            for p in rule.parameters
        ],
        "unconfirmed": None if rule.confirmed else _UNCONFIRMED,
        "source": rule.source,
        "reviewed": rule.reviewed,
        "unreviewed": None if rule.reviewed else _unreviewed(),
        "checked": None if rule.checked is None else rule.checked.isoformat(),
        "questions": list(rule.questions),
        "note": _both((rule.note_zh, rule.note_en)) if rule.note_zh else None,
    }


def _both(said: tuple[str, str]) -> dict[str, str]:
    return {"zh": said[0], "en": said[1]}


def _unreviewed() -> dict[str, str]:
    office = "、".join(reviewing_office(today()))
    return {
        "zh": f"合法性还没有人审查（方案三（二），{office}）。",
        "en": "Nobody has reviewed its legality (plan III.2.13).",
    }


def _day(given: str | None, name: str) -> dt.date:
    return today() if given is None else dt.date.fromisoformat(asked.day(given, name))


def _question(question: Question) -> Answer:
    return {
        "number": question.number,
        "asks": {"zh": question.zh, "en": question.en},
        "until_answered": {"zh": question.until_zh, "en": question.until_en},
        "rules": list(question.rules),
    }


def _value(value: Value) -> int | str | list[str]:
    if isinstance(value, Fraction):
        return str(value)
    return value if isinstance(value, int) else list(value)
