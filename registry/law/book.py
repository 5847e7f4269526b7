"""Which rule holds on a day at a place, what does it say, and where is that written? The rule book, `rules/`.

A *rule* is a clause of an instrument. Its id is its path: the folder of the instrument and the name of its table
(`WS-2016/II.1.1`). Its class says what it needs: a *decision* is decided by a function, a *prohibition* kept by a
constraint or an import contract, a *parameter* read by a decision. A rule has one *version* for each window of days; a
version is never edited, a later one follows it. Rules of nation, region, city and banner hold side by side: which of
them prevails is said by no code here, a person decides (policy-map section 12, the *questions*).
Nothing here judges a case, and nothing here writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast

from registry.errors import SanquanError
from registry.law.strict import Cite, LawFileError, Row, read_law_file

if TYPE_CHECKING:
    from datetime import date

RuleClass = Literal["decision", "prohibition", "parameter"]
Kind = Literal["whole", "fraction", "words"]
Value = int | Fraction | tuple[str, ...]
CLASSES: tuple[RuleClass, ...] = ("decision", "prohibition", "parameter")
KINDS: tuple[Kind, ...] = ("whole", "fraction", "words")
RULES = Path(__file__).with_name("rules")
BANNER = "150626"
"""乌审旗, whose plan is the book's own."""
NOBODY = "nobody"
"""What `reviewed` says where nobody has looked at a rule's legality (plan III.2.13)."""
_TEXT = "text.zh.txt"
_INSTRUMENTS = "instruments.toml"
_PARAMETERS = "parameters.toml"
_QUESTIONS = "questions.toml"


class RuleBookError(LawFileError):
    """Raised when a file of rules is malformed: no citation, an unknown key or parameter, overlapping days."""


class UnknownRuleError(SanquanError):
    """Raised when an id is that of no rule in the book."""

    def __init__(self, rule: str) -> None:
        """Show how an id looks."""
        super().__init__(
            f"规则库里没有“{rule}”这一条。编号是这样的：WS-2016/II.1.1；`sanquan law list` 列出全部",
            f"{rule!r} is no rule of the book. An id looks like WS-2016/II.1.1; `sanquan law list` lists them",
        )
        self.rule = rule


class RuleNotInForceError(SanquanError):
    """Raised when a rule has no version on the day that it is asked for."""

    def __init__(self, rule: str, day: date, versions: tuple[Rule, ...]) -> None:
        """Say on which days it holds."""
        spans = "、".join(f"{v.in_force_from} 起、{v.in_force_until} 以前" for v in versions)
        spans_en = ", ".join(f"from {v.in_force_from}, before {v.in_force_until}" for v in versions)
        super().__init__(
            f"规则 {rule} 在 {day} 没有效力，只管{spans}的事。请按事情发生的那一天查",
            f"rule {rule} is not in force on {day}, only {spans_en}. Ask for the day on which it happened",
        )
        self.rule, self.day = rule, day


class UnknownParameterError(SanquanError):
    """Raised when a rule has no parameter of this name."""

    def __init__(self, rule: Rule, parameter: str) -> None:
        """Name the parameters that it has."""
        known = ", ".join(p.name for p in rule.parameters) or "—"
        super().__init__(
            f"规则 {rule.id} 没有参数“{parameter}”，有的是：{known}",
            f"rule {rule.id} has no parameter {parameter!r}; it has {known}",
        )


class UnknownPlaceError(SanquanError):
    """Raised when a place is none that the book has rules for."""

    def __init__(self, place: str) -> None:
        """Name the places."""
        known = "、".join(f"{p.code}（{p.zh}）" for p in PLACES.values())
        super().__init__(
            f"规则库不认识地方“{place}”，只有：{known}",
            f"{place!r} is no place of the rule book; there are {', '.join(PLACES)}",
        )


@dataclass(frozen=True, slots=True)
class Place:
    """For whom a rule is made: `code` is `nation` or a division code of GB/T 2260."""

    code: str
    zh: str
    en: str


PLACES: Mapping[str, Place] = MappingProxyType({
    "nation": Place("nation", "全国", "the nation"),
    "150000": Place("150000", "内蒙古自治区", "Inner Mongolia"),
    "150600": Place("150600", "鄂尔多斯市", "Ordos"),
    BANNER: Place(BANNER, "乌审旗", "Uxin Banner"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Instrument:
    """What a folder of the book holds: its name is the first half of its rules' ids."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Question:
    """An open question of policy-map section 12: what the texts leave open, and what happens until a person answers."""

    number: str
    zh: str
    en: str
    until_zh: str
    until_en: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParameterName:
    """A parameter that rules may have: `kind` is what its value is, `unit` (Chinese, English) what it is counted in.

    `words`: how each word that a list may have is read, in both; empty where a word is said as it stands.
    """

    name: str
    kind: Kind
    unit: tuple[str, str]
    words: Mapping[str, tuple[str, str]]
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value with its unit (Chinese, English). `confirmed` is false where no text was found that says it.

    `words`: a list's words as they are read, in both languages; empty where they are said as they stand.
    """

    name: str
    value: Value
    unit: tuple[str, str]
    words: tuple[tuple[str, str], ...]
    confirmed: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule: what it says on the days from `in_force_from` until before `in_force_until`.

    `zh`, `en`: the rule in plain words, never a quote. `quote`: the sentence, word for word, of the first citation.
    `confirmed` is false where its page marks it [?], [K] or [recalled]. `source`: where the text was read. `reviewed`:
    who reviewed its legality, None when nobody has. `checked`: the day on which somebody last looked whether it holds.
    `questions`: the Q numbers that it leaves open. `note_zh`, `note_en`: what a reader should know of the source, or empty.
    """

    id: str
    cls: RuleClass
    place: str
    zh: str
    en: str
    in_force_from: date
    in_force_until: date
    cites: tuple[Cite, ...]
    quote: str | None
    parameters: tuple[Parameter, ...]
    confirmed: bool
    source: str
    reviewed: str | None
    checked: date | None
    questions: tuple[str, ...]
    note_zh: str
    note_en: str

    def holds_on(self, day: date) -> bool:
        """Is this version in force on this day?"""
        return self.in_force_from <= day < self.in_force_until

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name. Raises UnknownParameterError."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise UnknownParameterError(self, name)


class Book:
    """Every rule with all its versions, and the open questions. Read it with `book()`."""

    def __init__(
        self,
        versions: Mapping[str, tuple[Rule, ...]],
        instruments: Mapping[str, Instrument],
        questions: Mapping[str, Question],
        parameters: Mapping[str, ParameterName],
    ) -> None:
        """Keep what the loader has read: versions oldest first."""
        self._versions = versions
        self.instruments = instruments
        self.questions = questions
        self.parameters = parameters

    def ids(self) -> tuple[str, ...]:
        """The id of every rule, in the order of the files."""
        return tuple(self._versions)

    def versions(self, rule: str) -> tuple[Rule, ...]:
        """All versions of a rule, oldest first. Raises UnknownRuleError."""
        if rule not in self._versions:
            raise UnknownRuleError(rule)
        return self._versions[rule]

    def rule(self, rule: str, day: date) -> Rule:
        """The version in force on the day. Raises UnknownRuleError and RuleNotInForceError."""
        versions = self.versions(rule)
        for version in versions:
            if version.holds_on(day):
                return version
        raise RuleNotInForceError(rule, day, versions)

    def holds(self, rule: str, day: date) -> bool:
        """Has a rule a version in force on the day? Raises UnknownRuleError."""
        return any(version.holds_on(day) for version in self.versions(rule))

    def in_force(self, day: date, place: str | None = None, cls: RuleClass | None = None) -> tuple[Rule, ...]:
        """The versions that hold on the day; at `place`: its own and those of all above it. Raises UnknownPlaceError."""
        if place is not None and place not in PLACES:
            raise UnknownPlaceError(place)
        return tuple(
            version
            for versions in self._versions.values()
            for version in versions
            if version.holds_on(day)
            and (place is None or holds_at(version, place))
            and (cls is None or version.cls == cls)
        )

    def value(self, rule: str, parameter: str, day: date) -> Value:
        """The value of a rule's parameter on the day. Raises as `rule` does, and UnknownParameterError."""
        return self.rule(rule, day).parameter(parameter).value

    def whole(self, rule: str, parameter: str, day: date) -> int:
        """`value` of a parameter that is a whole number, in its unit."""
        return cast("int", self._of_kind("whole", rule, parameter, day))

    def fraction(self, rule: str, parameter: str, day: date) -> Fraction:
        """`value` of a parameter that is an exact fraction."""
        return cast("Fraction", self._of_kind("fraction", rule, parameter, day))

    def words(self, rule: str, parameter: str, day: date) -> tuple[str, ...]:
        """`value` of a parameter that is a list of words."""
        return cast("tuple[str, ...]", self._of_kind("words", rule, parameter, day))

    def _of_kind(self, kind: Kind, rule: str, parameter: str, day: date) -> Value:
        version = self.rule(rule, day)
        if self.parameters[version.parameter(parameter).name].kind != kind:
            raise UnknownParameterError(version, f"{parameter} ({kind})")
        return version.parameter(parameter).value


def holds_at(rule: Rule, place: str) -> bool:
    """Is a rule made for this place, or for one that it lies in?"""
    if rule.place == "nation":
        return True
    return place != "nation" and place.startswith(rule.place.removesuffix("00").removesuffix("00"))


@lru_cache(maxsize=1)
def book() -> Book:
    """The book that is shipped."""
    return read_book(RULES)


def read_book(folder: Path) -> Book:
    """Read a folder of rules strictly. Raises RuleBookError naming file, line and rule."""
    instruments = _instruments(folder / _INSTRUMENTS)
    parameters = _parameters(folder / _PARAMETERS)
    asked, questions = _questions(folder / _QUESTIONS)
    versions: dict[str, tuple[Rule, ...]] = {}
    order = {name: place for place, name in enumerate(instruments)}
    for path in sorted(folder.glob("*/*.toml"), key=lambda p: (order.get(p.parent.name, 0), p.name)):
        text = path.with_name(_TEXT)
        reading = _Reading(parameters, questions, text.read_text("utf-8") if text.exists() else None)
        file = read_law_file(path, RuleBookError, f"{path.parent.name}/{path.name}")
        if path.parent.name not in instruments:
            file.refuse(f"{_INSTRUMENTS} 里没有 {path.parent.name}", f"{path.parent.name} is not in {_INSTRUMENTS}")
        for name in file.keys():  # noqa: SIM118  (a Row is no mapping)
            row = file.table(name)
            rule = f"{path.parent.name}/{name}"
            row.named(rule)
            if rule in versions:
                row.refuse(f"规则 {rule} 已经有了", f"rule {rule} is there already")
            versions[rule] = _rule(row, rule, reading)
    for row, question in asked:
        for rule in question.rules:
            if rule not in versions:
                row.refuse(f"没有规则 {rule}", f"unknown rule {rule}", "rules")
    return Book(MappingProxyType(versions), instruments, questions, parameters)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a rule's table is held to: known parameters and questions, and the instrument's own text if we have it."""

    parameters: Mapping[str, ParameterName]
    questions: Mapping[str, Question]
    text: str | None


def _rule(row: Row, rule: str, reading: _Reading) -> tuple[Rule, ...]:
    cls = cast("RuleClass", row.word("class", CLASSES))
    place = row.word("place", tuple(PLACES))
    reviewed = row.text("reviewed")
    checked = row.day("checked") if row.has("checked") else None
    found: list[Rule] = []
    for version in row.rows("version"):
        version.named(rule)
        start, end = version.window()
        if found and start < found[-1].in_force_until:
            version.refuse(
                f"时段和从 {found[-1].in_force_from} 起的那一版重叠，或没有按日期排",
                f"the window overlaps that from {found[-1].in_force_from}, or is out of order",
                "from",
            )
        note_zh, note_en = (version.text("note_zh"), version.text("note_en")) if version.has("note_zh") else ("", "")
        found.append(
            Rule(
                id=rule,
                cls=cls,
                place=place,
                zh=version.text("zh"),
                en=version.text("en"),
                in_force_from=start,
                in_force_until=end,
                cites=version.cites(),
                quote=_quote(version, reading),
                parameters=_values(version, reading),
                confirmed=_confirmed(version, checked),
                source=version.text("source"),
                reviewed=None if reviewed == NOBODY else reviewed,
                checked=checked,
                questions=version.words("questions", tuple(reading.questions)) if version.has("questions") else (),
                note_zh=note_zh,
                note_en=note_en,
            )
        )
        version.done()
    row.done()
    if not found:
        row.refuse("一版也没有", "there is no version")
    if cls == "parameter" and not all(version.parameters for version in found):
        row.refuse("参数类的规则没有参数", "a rule of class parameter has no parameter")
    return tuple(found)


def _quote(version: Row, reading: _Reading) -> str | None:
    if not version.has("quote"):
        if reading.text is not None:
            version.refuse("没有引原文", "missing quote: the text of the instrument is at hand")
        return None
    quote = version.text("quote")
    if reading.text is not None and quote not in reading.text:
        version.refuse("引文在原文里找不到", "the quote is not in the text of the instrument", "quote")
    return quote


def _confirmed(version: Row, checked: date | None) -> bool:
    confirmed = version.flag("confirmed")
    if confirmed and checked is None:
        version.refuse("已确认的规则要写 checked 日期", "a confirmed rule says when it was checked", "confirmed")
    return confirmed


def _values(version: Row, reading: _Reading) -> tuple[Parameter, ...]:
    if not version.has("parameter"):
        return ()
    found = []
    row = version.table("parameter")
    for name in row.keys():  # noqa: SIM118  (a Row is no mapping)
        known = reading.parameters.get(name)
        if known is None:
            row.refuse(f"不认识的参数 {name}", f"unknown parameter {name}", name)
        given = row.table(name)
        value = _value(given, known.kind)
        confirmed = given.flag("confirmed")
        in_words = _in_words(given, value, known)
        given.done()
        found.append(Parameter(name, value, known.unit, in_words, confirmed, known.zh, known.en))
    return tuple(found)


def _in_words(given: Row, value: Value, known: ParameterName) -> tuple[tuple[str, str], ...]:
    if not known.words or not isinstance(value, tuple):
        return ()
    for word in value:
        if word not in known.words:
            given.refuse(f"“{word}”没有说法", f"{word!r} has no words to be read by", "value")
    return tuple(known.words[word] for word in value)


def _value(given: Row, kind: Kind) -> Value:
    if kind == "whole":
        return given.whole("value")
    if kind == "words":
        return given.texts("value")
    text = given.text("value")
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        given.refuse(f"{text} 不是分数", f"{text!r} is no fraction such as 2/3", "value")


def _instruments(path: Path) -> Mapping[str, Instrument]:
    file = read_law_file(path, RuleBookError)
    found = {}
    for name in file.keys():  # noqa: SIM118  (a Row is no mapping)
        row = file.table(name)
        found[name] = Instrument(name, row.text("zh"), row.text("en"))
        row.done()
    return MappingProxyType(found)


def _parameters(path: Path) -> Mapping[str, ParameterName]:
    file = read_law_file(path, RuleBookError)
    found = {}
    for name in file.keys():  # noqa: SIM118  (a Row is no mapping)
        row = file.table(name)
        kind = cast("Kind", row.word("kind", KINDS))
        unit = (row.text("unit_zh"), row.text("unit_en"))
        found[name] = ParameterName(name, kind, unit, _words(row), row.text("zh"), row.text("en"))
        row.done()
    return MappingProxyType(found)


def _words(row: Row) -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    if row.has("words"):
        words = row.table("words")
        for word in words.keys():  # noqa: SIM118  (a Row is no mapping)
            said = words.table(word)
            found[word] = (said.text("zh"), said.text("en"))
            said.done()
    return MappingProxyType(found)


def _questions(path: Path) -> tuple[list[tuple[Row, Question]], Mapping[str, Question]]:
    file = read_law_file(path, RuleBookError)
    found = []
    for name in file.keys():  # noqa: SIM118  (a Row is no mapping)
        row = file.table(name)
        question = Question(
            number=name,
            zh=row.text("zh"),
            en=row.text("en"),
            until_zh=row.text("until_zh"),
            until_en=row.text("until_en"),
            rules=row.texts("rules"),
        )
        row.named(name)
        row.done()
        found.append((row, question))
    return found, MappingProxyType({question.number: question for _, question in found})
