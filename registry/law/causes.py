"""Which acts may change a guarded thing, on which days, by whose will? The closed list of `causes.toml`.

A *cause* is one row of the table lawful_cause: a thing word, a kind of class R, a window of days, an effect.
Kinds of class H (status events: a move, a marriage …) stand in the same file so that no word can be in both
classes. Nothing here judges whether an act's needs are met: the acts and `audit` do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast

from registry.errors import SanquanError
from registry.law.strict import OPEN_END, OPEN_START, Cite, LawFileError, Row, read_law_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Effect = Literal["own", "follows"]
EFFECTS: tuple[Effect, ...] = ("own", "follows")
FILE = Path(__file__).with_name("causes.toml")
# A kind with one of these in it asks for a taking back: the law against it is then quoted.
_TAKING_BACK = ("taken-back", "take-back", "收回")


class CauseListError(LawFileError):
    """Raised when the list of causes is malformed: unknown key or word, no citation, overlapping windows."""


class NoLawfulCauseError(SanquanError):
    """Raised when an act names a cause that is not on the list for this thing, day and effect."""

    def __init__(self, thing: Word, kind: str, day: date, effect: Effect, causes: CauseList) -> None:
        """Say what was asked, the law against it if the reason given is a move, and what would be lawful."""
        here = [c for c in causes.causes if c.thing == thing.word and c.effect == effect]
        lawful = [c for c in here if c.holds_on(day)]
        windows = [c for c in here if c.kind == kind]
        zh = [f"{thing.zh}（{thing.word}）在 {day} 没有“{kind}”这一条合法原因（效力 {effect}），登记没有改动"]
        en = [f"{kind!r} is no lawful cause for a {thing.en} on {day} ({effect}); nothing was changed"]
        if windows:
            zh.append(f"这一条只管{'；'.join(_span_zh(c) for c in windows)}的事")
            en.append(f"That cause holds only {'; '.join(_span_en(c) for c in windows)}")
        if kind in causes.status_kinds or any(word in kind for word in _TAKING_BACK):
            for rule in causes.prohibitions:
                if thing.word in rule.things and rule.holds_on(day):
                    zh.append(f"{rule.cite.zh}：{rule.zh}")
                    en.append(f"{rule.cite.instrument} {rule.cite.article}: {rule.en}")
        zh.append("这一天可用的原因：" + ("、".join(_offer_zh(c) for c in lawful) or "没有"))
        en.append("Lawful causes on that day: " + (", ".join(_offer_en(c) for c in lawful) or "none"))
        zh.append("请按真实发生的事选原因")
        en.append("Name the act that really happened; there is no other way")
        super().__init__("。".join(zh), ". ".join(en))
        self.thing, self.kind, self.day, self.effect = thing.word, kind, day, effect


class UnknownThingError(SanquanError):
    """Raised when a thing word is none of the thirteen."""

    def __init__(self, thing: str, known: tuple[str, ...]) -> None:
        """Show the words that are known."""
        super().__init__(
            f"“{thing}”不是登记簿里的一类东西。只有：{'、'.join(known)}",
            f"{thing!r} is no guarded thing. The words are {', '.join(known)}",
        )


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a closed list with its names."""

    word: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class StatusKind:
    """A kind of class H: a status event, which may never change a guarded thing."""

    kind: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class CauseKind:
    """A kind of class R with what P6 asks of it. `consent` is a word of the file's own list: whose will."""

    kind: str
    zh: str
    en: str
    needs_consent: bool
    needs_payment: bool
    consent: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One row of the table lawful_cause. `in_force_until` is the first day on which it no longer holds.

    `review`: a person decides. `confirmed` is false where the source is marked [?], [K] or [recalled].
    """

    thing: str
    kind: str
    effect: Effect
    in_force_from: date
    in_force_until: date
    zh: str
    en: str
    needs_consent: bool
    needs_payment: bool
    consent: str
    review: bool
    basis: str
    cites: tuple[Cite, ...]
    confirmed: bool
    note: str

    def holds_on(self, day: date) -> bool:
        """Is the row in force on this day?"""
        return self.in_force_from <= day < self.in_force_until


@dataclass(frozen=True, slots=True)
class Prohibition:
    """The law, in our own words, that a taking back because of a move runs into on the days it holds."""

    things: tuple[str, ...]
    in_force_from: date
    in_force_until: date
    zh: str
    en: str
    cite: Cite
    confirmed: bool

    def holds_on(self, day: date) -> bool:
        """Is the rule in force on this day?"""
        return self.in_force_from <= day < self.in_force_until


@dataclass(frozen=True, slots=True)
class CauseList:
    """The whole file: things, words of consent, kinds of both classes, causes and prohibitions."""

    things: Mapping[str, Word]
    consents: Mapping[str, Word]
    kinds: Mapping[str, CauseKind]
    causes: tuple[Cause, ...]
    status_kinds: Mapping[str, StatusKind]
    prohibitions: tuple[Prohibition, ...]


def things() -> tuple[str, ...]:
    """The thirteen thing words, in the order of the file."""
    return tuple(_list().things)


def thing_words() -> Mapping[str, Word]:
    """The thing words with their names."""
    return _list().things


def consents() -> Mapping[str, Word]:
    """The words that say whose recorded will an act needs."""
    return _list().consents


def lawful_causes() -> tuple[Cause, ...]:
    """Every row of the table lawful_cause: one for each thing, kind, window and effect."""
    return _list().causes


def kinds() -> Mapping[str, CauseKind]:
    """The kinds of class R, by word."""
    return _list().kinds


def status_kinds() -> Mapping[str, StatusKind]:
    """The kinds of class H, by word."""
    return _list().status_kinds


def find(thing: str, kind: str, day: date, effect: Effect = "own") -> Cause:
    """The one cause that covers an act of this kind on this thing, `day` being the first day of the act.

    Raises NoLawfulCauseError when there is none and UnknownThingError when the thing word is not known.
    """
    causes = _list()
    if thing not in causes.things:
        raise UnknownThingError(thing, tuple(causes.things))
    for cause in _index().get((thing, kind, effect), ()):
        if cause.holds_on(day):
            return cause
    raise NoLawfulCauseError(causes.things[thing], kind, day, effect, causes)


def read_causes(path: Path) -> CauseList:
    """Read a list of causes strictly. Raises CauseListError naming file and row."""
    file = read_law_file(path, CauseListError)
    named = {w.word: w for w in (_word(row) for row in file.rows("thing"))}
    consent = {w.word: w for w in (_word(row) for row in file.rows("consent"))}
    rows = list(file.rows("cause"))
    found: list[Cause] = []
    kind_of: dict[str, CauseKind] = {}
    for row in rows:
        new = _causes(row, tuple(named), tuple(consent))
        first = new[0]
        this = CauseKind(
            first.kind, first.zh, first.en, first.needs_consent, first.needs_payment, first.consent
        )
        if kind_of.setdefault(this.kind, this) != this:
            row.refuse(
                "和同一原因前面的行不一致", "an earlier row of this kind has another name, will or payment"
            )
        for cause in new:
            _refuse_overlap(row, cause, found)
        found += new
    status: dict[str, StatusKind] = {}
    for row in file.rows("status"):
        event = StatusKind(row.text("kind"), row.text("zh"), row.text("en"))
        if event.kind in kind_of or event.kind in status:
            row.refuse(f"“{event.kind}”已经有了", f"{event.kind!r} is a kind already: R and H share no word")
        status[event.kind] = event
        row.done()
    prohibitions = tuple(_prohibition(row, tuple(named)) for row in file.rows("prohibition"))
    file.done()
    return CauseList(
        MappingProxyType(named),
        MappingProxyType(consent),
        MappingProxyType(kind_of),
        tuple(found),
        MappingProxyType(status),
        prohibitions,
    )


@lru_cache(maxsize=1)
def _list() -> CauseList:
    return read_causes(FILE)


@lru_cache(maxsize=1)
def _index() -> Mapping[tuple[str, str, Effect], tuple[Cause, ...]]:
    # An import asks once for every version that it writes: no walk over the whole list.
    index: dict[tuple[str, str, Effect], tuple[Cause, ...]] = {}
    for cause in _list().causes:
        key = (cause.thing, cause.kind, cause.effect)
        index[key] = (*index.get(key, ()), cause)
    return MappingProxyType(index)


def _span_zh(cause: Cause) -> str:
    start = "" if cause.in_force_from == OPEN_START else f"{cause.in_force_from} 起"
    end = "" if cause.in_force_until == OPEN_END else f"{cause.in_force_until} 以前"
    return f" {start}{'、' if start and end else ''}{end}"


def _span_en(cause: Cause) -> str:
    start = "" if cause.in_force_from == OPEN_START else f"from {cause.in_force_from}"
    end = "" if cause.in_force_until == OPEN_END else f"before {cause.in_force_until}"
    return " and ".join(part for part in (start, end) if part)


def _offer_zh(cause: Cause) -> str:
    return f"{cause.zh}（{cause.kind}{'，须人工审核' if cause.review else ''}）"


def _offer_en(cause: Cause) -> str:
    return f"{cause.kind}{' (review)' if cause.review else ''}"


def _word(row: Row) -> Word:
    word = Word(row.text("word"), row.text("zh"), row.text("en"))
    row.done()
    return word


def _causes(row: Row, things: tuple[str, ...], consent: tuple[str, ...]) -> list[Cause]:
    kind = row.text("kind")
    row.named(kind)
    zh, en = row.text("zh"), row.text("en")
    on = row.words("things", things)
    effect = cast("Effect", row.word("effect", EFFECTS))
    start, end = row.window()
    needs_consent, needs_payment = row.flag("needs_consent"), row.flag("needs_payment")
    who = row.word("consent", consent)
    review = row.flag("review")
    cites = row.cites()
    basis = f"{row.text('basis')}{'；'.join(f'{c.zh}（{c.row}）' for c in cites)}"
    confirmed, note = row.flag("confirmed"), row.text("note", empty=True)
    row.done()
    return [
        Cause(
            thing=thing,
            kind=kind,
            effect=effect,
            in_force_from=start,
            in_force_until=end,
            zh=zh,
            en=en,
            needs_consent=needs_consent,
            needs_payment=needs_payment,
            consent=who,
            review=review,
            basis=basis,
            cites=cites,
            confirmed=confirmed,
            note=note,
        )
        for thing in on
    ]


def _refuse_overlap(row: Row, cause: Cause, earlier: list[Cause]) -> None:
    for other in earlier:
        same = (other.thing, other.kind, other.effect) == (cause.thing, cause.kind, cause.effect)
        if same and cause.in_force_from < other.in_force_until and other.in_force_from < cause.in_force_until:
            row.refuse(
                f"{cause.thing} 的时段和别的行重叠",
                f"for {cause.thing} ({cause.effect}) the window overlaps that from {other.in_force_from}",
            )


def _prohibition(row: Row, things: tuple[str, ...]) -> Prohibition:
    on = row.words("things", things)
    start, end = row.window()
    zh, en = row.text("zh"), row.text("en")
    cites = row.cites()
    if len(cites) != 1:
        row.refuse("一条禁止性规定只写一个出处", "a prohibition has exactly one citation")
    confirmed = row.flag("confirmed")
    row.done()
    return Prohibition(on, start, end, zh, en, cites[0], confirmed)
