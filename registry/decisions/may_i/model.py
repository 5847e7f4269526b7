"""Which situations of life are there, and which question comes next? Read from `situations.toml`, strictly.

An *answer* is the word of an option, or `unknown` (不知道), which is always allowed. The words are ours: nothing that
somebody types is ever an answer, so nothing here can hold a name or a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from registry.errors import SanquanError
from registry.law.strict import LawFileError, Row, read_law_file

UNKNOWN = "unknown"
FILE = Path(__file__).with_name("situations.toml")
Answers = Mapping[str, str]


class SituationsError(LawFileError):
    """Raised when the file of situations is malformed: an unknown key, a word twice, a condition on no question."""


class UnknownAnswerError(SanquanError):
    """Raised when a situation, question or answer is none of ours. What was sent is not repeated."""

    def __init__(self) -> None:
        """Lead back to the first page."""
        super().__init__(
            "没有这个问题或者这个回答。请从头再问一遍：/may-i",
            "there is no such question or answer: begin again at /may-i",
        )


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be tapped."""

    word: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, one screen. Asked when one of `when` holds: each maps earlier questions to answers, all of which must fit."""

    word: str
    zh: str
    en: str
    options: tuple[Option, ...]
    when: tuple[Mapping[str, tuple[str, ...]], ...]

    def fits(self, answers: Answers) -> bool:
        """Is it asked after these answers?"""
        return not self.when or any(
            all(answers.get(word) in words for word, words in each.items()) for each in self.when
        )


@dataclass(frozen=True, slots=True)
class Situation:
    """One situation: its questions, what to bring, where to go, how yes and no are said, and what will not change."""

    word: str
    zh: str
    en: str
    can: tuple[str, str]
    cannot: tuple[str, str]
    bring: tuple[str, ...]
    offices: tuple[str, ...]
    stays_zh: str
    stays_en: str
    questions: tuple[Asked, ...]

    def next_after(self, answers: Answers) -> Asked | None:
        """The question that comes now; None when all that fit have been answered."""
        return next((q for q in self.questions if q.word not in answers and q.fits(answers)), None)

    def checked(self, given: Answers) -> dict[str, str]:
        """The answers in the order of the questions. Raises UnknownAnswerError for what was not asked or is no option."""
        answers: dict[str, str] = {}
        for question in self.questions:
            if question.word in given and question.fits(answers):
                if given[question.word] not in {UNKNOWN, *(option.word for option in question.options)}:
                    raise UnknownAnswerError
                answers[question.word] = given[question.word]
        if answers.keys() != given.keys():
            raise UnknownAnswerError
        return answers


@lru_cache(maxsize=1)
def situations() -> Mapping[str, Situation]:
    """The twelve, by word, in the order in which they are shown."""
    return read_situations(FILE)


def read_situations(path: Path) -> Mapping[str, Situation]:
    """Read a file of situations strictly. Raises SituationsError naming file and line."""
    file = read_law_file(path, SituationsError)
    found: dict[str, Situation] = {}
    for row in file.rows("situation"):
        situation = _situation(row)
        if situation.word in found:
            row.refuse(f"{situation.word} 已经有了", f"{situation.word!r} is there already")
        found[situation.word] = situation
    file.done()
    return MappingProxyType(found)


def _situation(row: Row) -> Situation:
    word = row.text("word")
    row.named(word)
    earlier: dict[str, tuple[str, ...]] = {}
    situation = Situation(
        word=word,
        zh=row.text("zh"),
        en=row.text("en"),
        can=_words(row, "can"),
        cannot=_words(row, "cannot"),
        bring=row.texts("bring"),
        offices=row.texts("offices"),
        stays_zh=row.text("stays_zh"),
        stays_en=row.text("stays_en"),
        questions=tuple(_asked(each, earlier) for each in row.rows("question")),
    )
    row.done()
    return situation


def _asked(row: Row, earlier: dict[str, tuple[str, ...]]) -> Asked:
    word = row.text("word")
    row.named(word)
    if word in earlier:
        row.refuse(f"{word} 已经有了", f"{word!r} is there already")
    when = tuple(_condition(each, earlier) for each in row.rows("when")) if row.has("when") else ()
    zh, en = row.text("zh"), row.text("en")
    options = []
    for each in row.rows("options"):
        options.append(Option(each.text("word"), each.text("zh"), each.text("en")))
        each.done()
    row.done()
    earlier[word] = (*(option.word for option in options), UNKNOWN)
    return Asked(word, zh, en, tuple(options), when)


def _condition(row: Row, earlier: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    found = {}
    for question in row.keys():  # noqa: SIM118  (a Row is no mapping)
        if question not in earlier:
            row.refuse(f"前面没有问题 {question}", f"no earlier question {question!r}")
        found[question] = row.words(question, earlier[question])
    return MappingProxyType(found)


def _words(row: Row, key: str) -> tuple[str, str]:
    table = row.table(key)
    zh, en = table.text("zh"), table.text("en")
    table.done()
    return zh, en
