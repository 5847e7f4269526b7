"""How is a verdict said, in Chinese and English, so that a herder, a clerk and a judge read the same?

A *finding* is what was found for one thing across one household event; a *change* is one lawful act behind a
difference. The words stand in `wording.toml`; this file only puts them together. It reads no database,
decides no verdict, and says that somebody consented only where a consent is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from registry.china import day_of
from registry.errors import SanquanError
from registry.law.causes import Effect, consents, kinds, status_kinds, things
from registry.law.strict import LawFileError, Row, read_law_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

VERDICTS = ("unchanged", "changed lawfully", "violated", "nothing recorded", "recorded after the move")
FILE = Path(__file__).with_name("wording.toml")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_T = TypeVar("_T")
_PARTS = (
    *("compares", "left_out", "vouched", "extension_due", "event", "under_unchanged", "line", "line_follows"),
    *(
        "fields",
        "consented_by_others",
        "payment",
        "payment_missing",
        "evidence",
        "evidence_missing",
        "recorded",
    ),
    *("differs", "row"),
)


class WordingError(LawFileError):
    """Raised when the file of words is malformed: a word missing, unknown or empty."""


class NoWordsError(SanquanError):
    """Raised when a verdict, thing, field or kind is asked for that the file of words does not have."""

    def __init__(self, what: str, word: str) -> None:
        """Name the table and the word."""
        super().__init__(
            f"用语文件的“{what}”里没有“{word}”这个词，请补上",
            f"the file of words has no {what} {word!r}; add it to wording.toml",
        )


class NothingToTellError(SanquanError):
    """Raised when a verdict that rests on acts is to be explained and no act is given."""

    def __init__(self, verdict: str, thing: str) -> None:
        """Name the verdict and the thing."""
        super().__init__(
            f"要说明“{verdict}”（{thing}），必须有它依据的登记事项；请把这些事项一起传进来",
            f"to explain {verdict!r} of {thing}, the acts that it rests on are needed; pass them",
        )


class InstantWithoutZoneError(SanquanError):
    """Raised when the time of an entry comes without a time zone: its day would depend on the machine."""

    def __init__(self, instant: datetime) -> None:
        """Show the time."""
        super().__init__(
            f"登簿时间 {instant} 没有时区，说不出是哪一天；请带上时区",
            f"the time of entry {instant} has no time zone, so its day is unknown; give it one",
        )


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Change:
    """One lawful act behind a difference, as the ledger has it.

    `fields` are names of π; `evidence` are titles of papers; `consents` are the names of those whose will is
    recorded, `by_family` false when they are not of the family that this is about (a lessee's landlord).
    `effect` is "follows" when the act is on a burden. `recorded_at` needs a time zone.
    """

    kind: str
    act_day: date
    recorded_at: datetime
    fields: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    payment: str | None = None
    effect: Effect = "own"
    by_family: bool = True

    def __post_init__(self) -> None:
        """A time without a zone names no day."""
        if self.recorded_at.tzinfo is None:
            raise InstantWithoutZoneError(self.recorded_at)

    @property
    def zh(self) -> str:
        """What happened, in Chinese."""
        return _of(_words().happened, "happened", self.kind).zh

    @property
    def en(self) -> str:
        """What happened, in English."""
        return _of(_words().happened, "happened", self.kind).en


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one thing across one household event (a kind of class H and its day).

    `changes`: the acts, oldest first; for `recorded after the move` the first recorded the thing.
    `differs`: fields that differ without a lawful cause. `row`: the one that fails against the ledger.
    """

    verdict: str
    thing: str
    event_kind: str
    event_day: date
    changes: tuple[Change, ...] = ()
    differs: tuple[str, ...] = ()
    row: str | None = None


@lru_cache(maxsize=1024)
def explain(finding: Finding) -> Text:
    """The whole text for one thing: the sentence, then one line an act.

    Raises NoWordsError for an unknown verdict, thing, field or kind, NothingToTellError when no act is given.
    """
    if finding.verdict not in VERDICTS:
        raise NoWordsError(what="verdict", word=finding.verdict)
    place = _of(_words().places, "thing", finding.thing)
    if finding.verdict in {"changed lawfully", "recorded after the move"} and not finding.changes:
        raise NothingToTellError(finding.verdict, finding.thing)
    event = event_words(finding.event_kind, finding.event_day)
    first = _day_text(day_of(finding.changes[0].recorded_at)) if finding.changes else Text("", "")
    sentence = _of(_words().sentences[finding.verdict], "sentence", finding.thing)
    lines = [_fill(sentence, event=event, looked=place.looked, office=place.office, day=first)]
    if finding.differs:
        lines.append(_said("differs", fields=_fields(finding.differs, finding.thing)))
    if finding.row is not None:
        lines.append(_said("row", row=Text(finding.row, finding.row)))
    if finding.verdict == "unchanged" and finding.changes:
        lines.append(_said("under_unchanged"))
    lines += [explain_change(change, finding.thing) for change in finding.changes]
    # No negative answer leaves the house without the way to be added.
    if finding.verdict == "nothing recorded":
        lines.append(_said("left_out"))
    return _join(lines, "\n", "\n")


def explain_change(change: Change, thing: str) -> Text:
    """One act as one line: day, act, what changed, whose consent, payment, evidence, day of the entry."""
    kind = _of(kinds(), "kind", change.kind)
    what = Text(change.zh, change.en)
    day = _day_text(change.act_day)
    parts = [_said("line" if change.effect == "own" else "line_follows", day=day, what=what)]
    if change.effect == "own" and change.fields:
        parts.append(_said("fields", fields=_fields(change.fields, thing)))
    consent = _words().consents[kind.consent]
    if not change.consents:
        parts.append(consent.missing)
    elif change.by_family:
        parts.append(_fill(consent.recorded, names=_names(change.consents)))
    else:
        parts.append(_said("consented_by_others", names=_names(change.consents)))
    if change.payment is not None:
        parts.append(_said("payment", payment=Text(change.payment, change.payment)))
    elif kind.needs_payment:
        parts.append(_said("payment_missing"))
    if change.evidence:
        parts.append(_said("evidence", evidence=_names(change.evidence)))
    else:
        parts.append(_said("evidence_missing"))
    parts.append(_said("recorded", day=_day_text(day_of(change.recorded_at))))
    return _join(parts, "", " ")


def verdict_words(verdict: str) -> Text:
    """The one word that a page shows large."""
    return _of(_words().verdicts, "verdict", verdict)


def thing_words(thing: str) -> Text:
    """The plain name of a guarded thing."""
    return _of(_words().places, "thing", thing).name


def field_words(field: str, thing: str) -> Text:
    """The name of a field of π, or of the thing's own facts."""
    fields = _words().fields
    return _of(fields, "field", f"{thing}.{field}" if f"{thing}.{field}" in fields else field)


def event_words(kind: str, day: date) -> Text:
    """The household event with its day, as a noun."""
    return _said("event", day=_day_text(day), what=_of(_words().events, "event", kind))


def what_is_compared(event_kind: str, event_day: date) -> Text:
    """The sentence that stands under every verdict: the register before with the register now."""
    return _said("compares", event=event_words(event_kind, event_day))


def what_is_not_compared() -> Text:
    """The sentence beside it: the situation on the ground, and who was left out at first (漏登)."""
    return _said("left_out")


def vouched_since(day: date) -> Text:
    """For an entry younger than the event's own day: since when the log vouches for the record."""
    return _said("vouched", day=_day_text(day))


def extension_due(term_end: date) -> Text:
    """For a contract whose term ran out or is running out: 延包 due, nothing ended."""
    return _said("extension_due", day=_day_text(term_end))


@dataclass(frozen=True, slots=True)
class _Place:
    name: Text
    looked: Text
    office: Text


@dataclass(frozen=True, slots=True)
class _Consent:
    recorded: Text
    missing: Text


@dataclass(frozen=True, slots=True)
class Wording:
    """The file of words, complete: each verdict, thing, kind and word of consent has its own."""

    verdicts: Mapping[str, Text]
    places: Mapping[str, _Place]
    sentences: Mapping[str, Mapping[str, Text]]
    events: Mapping[str, Text]
    happened: Mapping[str, Text]
    consents: Mapping[str, _Consent]
    fields: Mapping[str, Text]
    said: Mapping[str, Text]


def read_wording(path: Path) -> Wording:
    """Read a file of words strictly. Raises WordingError naming file and row."""
    file = read_law_file(path, WordingError)
    verdicts = _texts(file.table("verdict"), VERDICTS)
    named = file.table("thing")
    places = {}
    for word in things():
        row = named.table(word)
        places[word] = _Place(_text(row), _text(row, "looked_"), _text(row, "office_"))
        row.done()
    named.done()
    said_of = file.table("sentence")
    sentences = {verdict: _texts(said_of.table(verdict), things()) for verdict in VERDICTS}
    said_of.done()
    events = _texts(file.table("event"), tuple(status_kinds()))
    happened = _texts(file.table("happened"), tuple(kinds()))
    asked = file.table("consent")
    consent = {}
    for word in consents():
        row = asked.table(word)
        consent[word] = _Consent(_text(row, "recorded_"), _text(row, "missing_"))
        row.done()
    asked.done()
    fields = file.table("field")
    field = _texts(fields, fields.keys())
    said = _texts(file.table("said"), _PARTS)
    file.done()
    return Wording(
        MappingProxyType(verdicts),
        MappingProxyType(places),
        MappingProxyType(sentences),
        MappingProxyType(events),
        MappingProxyType(happened),
        MappingProxyType(consent),
        MappingProxyType(field),
        MappingProxyType(said),
    )


@lru_cache(maxsize=1)
def _words() -> Wording:
    return read_wording(FILE)


def _texts(table: Row, words: tuple[str, ...]) -> dict[str, Text]:
    found = {}
    for word in words:
        row = table.table(word)
        found[word] = _text(row)
        row.done()
    table.done()
    return found


def _text(row: Row, prefix: str = "") -> Text:
    return Text(row.text(f"{prefix}zh"), row.text(f"{prefix}en"))


def _of(table: Mapping[str, _T], what: str, word: str) -> _T:
    if word not in table:
        raise NoWordsError(what, word)
    return table[word]


def _said(part: str, **values: Text) -> Text:
    return _fill(_words().said[part], **values)


def _fill(text: Text, **values: Text) -> Text:
    return Text(
        text.zh.format(**{name: value.zh for name, value in values.items()}),
        text.en.format(**{name: value.en for name, value in values.items()}),
    )


def _join(texts: list[Text], zh: str, en: str) -> Text:
    return Text(zh.join(text.zh for text in texts), en.join(text.en for text in texts))


def _fields(fields: tuple[str, ...], thing: str) -> Text:
    return _join([field_words(field, thing) for field in fields], "、", ", ")


def _names(names: tuple[str, ...]) -> Text:
    return Text("、".join(names), ", ".join(names))


def _day_text(day: date) -> Text:
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")
