"""Which kinds of cases are there, which steps has each, who may take them, and what must be there first: `kinds.toml`.

A *route* is the list of steps that a kind goes through in order; the other steps stand beside it (a supplement, a will, a
return). The *desk* of a case is whoever keeps the book of what it is about. Read once and checked whole: a word that is
not known, a cause that is not on the closed list or a wait without an end of its days is refused, naming file and line.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast, get_args

from registry.cases.refusals import NoSuchKindError
from registry.decisions.deadlines import Unit
from registry.law import causes
from registry.law.strict import LawFileError, Row, read_law_file
from registry.notices.posting import HUNG_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from registry.notices.posting import HungKind

FILE = Path(__file__).with_name("kinds.toml")
AUTHOR, DESK = "author", "desk"
CASE, BREACH = "case", "breach"
"""What a case may be about beside guarded things: another case, a row that an audit found."""
OF_EXITS = ("issuer-told", "paid", "revoked", "lapsed", "voided")
"""The steps that only a paid exit has, beside its route (policy-map 9.2)."""
OF_DISPUTES = ("mediated", "awarded", "sued", "judged", "dropped")
"""The steps that only the file of a dispute has, after its lock was registered."""
BESIDE = (
    "drafted", "supplement-asked", "supplemented", "evidence-added", "explained", "told", "consented", "consent-withdrawn",
    "returned", "withdrawn", "refused", "absent", *OF_EXITS, *OF_DISPUTES,
)  # fmt: skip
"""The steps that stand beside every route; `rules` knows when each is open."""
ROUTED = (
    "submitted", "accepted", "surveyed", "noticed", "posted", "voted", "reviewed", "approved", "registered", "delivered",
    "answered",
)  # fmt: skip
_UNITS: tuple[Unit, ...] = ("days", "working days")
Gives = Literal["contract-land", "homestead", "share"]
_GIVES: tuple[Gives, ...] = get_args(Gives)


class KindsError(LawFileError):
    """Raised when the file of kinds is malformed."""


@dataclass(frozen=True, slots=True)
class Word:
    """A role or a kind of paper, with its names."""

    word: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class StepWord:
    """A step: `by` are roles, or "author" and "desk"; who took one of `not_by` in the case does not take this one."""

    word: str
    zh: str
    en: str
    by: tuple[str, ...]
    not_by: tuple[str, ...]
    apart: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a notice of these kinds stands, or their answer may take, on the days [from, until). `confirmed`: by somebody.

    `notice`: as what it hangs on the public board, "" where those whom it touches are told and nobody else.
    """

    kinds: tuple[str, ...]
    value: int
    unit: str
    in_force_from: date
    in_force_until: date
    confirmed: bool
    basis: str
    notice: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of case. `cause` is the kind of act that registration writes, "" where it writes none.

    `about` are the thing words of what it may be about; `evidence` lists papers of which each line needs one.
    """

    kind: str
    zh: str
    en: str
    cause: str
    about: tuple[str, ...]
    applies: tuple[str, ...]
    route: tuple[str, ...]
    same_day: bool
    evidence: tuple[tuple[str, ...], ...]

    @property
    def writes(self) -> bool:
        """Whether its registration writes an act."""
        return self.cause != ""

    @property
    def notifies(self) -> bool:
        """Whether everyone touched is told on the way."""
        return "noticed" in self.route

    @property
    def by_holder(self) -> bool:
        """Whether one who holds the right applies, and no office does in their place (causes.toml)."""
        return self.writes and causes.kinds()[self.cause].consent == "holder-applies"

    @property
    def by_rows(self) -> bool:
        """Whether it goes row by row: an assembly votes on the whole, and each household waits for its own alone."""
        return "voted" in self.route


@dataclass(frozen=True, slots=True)
class Kinds:
    """The whole file. `exits`: which kinds give a right up for pay (policy-map 9.1), and what is given up.

    `offices`: by kind, who decides in the desk's place ("desk": the desk itself); only they and who applied see it. `begins`:
    the thing that a kind begins where it is about another; its desk decides. `dues`: within how many days a kind is answered.
    """

    roles: Mapping[str, Word]
    desks: Mapping[str, tuple[str, ...]]
    steps: Mapping[str, StepWord]
    papers: Mapping[str, Word]
    kinds: Mapping[str, Kind]
    waits: tuple[Wait, ...]
    dues: tuple[Wait, ...]
    exits: Mapping[str, Gives]
    offices: Mapping[str, tuple[str, ...]]
    begins: Mapping[str, str]

    def wait(self, kind: str, day: date) -> Wait | None:
        """How long a notice of a kind that begins on this day stands; None: nothing is posted, everyone is told."""
        return _on(self.waits, kind, day)

    def due(self, kind: str, day: date) -> Wait | None:
        """Within how many days a kind that is handed in on this day is answered; None where nothing says so."""
        return _on(self.dues, kind, day)


    def notice_of(self, kind: str, day: date) -> HungKind | None:
        """As what a notice of a kind that begins on this day hangs on the public board; None where it does not."""
        if kind in self.exits:
            return "exit-notice"
        wait = self.wait(kind, day)
        return cast("HungKind", wait.notice) if wait is not None and wait.notice else None


def _on(stretches: tuple[Wait, ...], kind: str, day: date) -> Wait | None:
    return next((w for w in stretches if kind in w.kinds and w.in_force_from <= day < w.in_force_until), None)


def kinds() -> Mapping[str, Kind]:
    """Every kind by its word, in the order of the file."""
    return book().kinds


def kind_of(word: str) -> Kind:
    """One kind; NoSuchKindError."""
    if word not in book().kinds:
        raise NoSuchKindError(tuple(book().kinds))
    return book().kinds[word]


@lru_cache(maxsize=1)
def book() -> Kinds:
    """The file that is shipped."""
    return read_kinds(FILE)


def read_kinds(path: Path) -> Kinds:
    """Read a file of kinds strictly. Raises KindsError naming file and line."""
    file = read_law_file(path, KindsError)
    roles = {word.word: word for word in map(_word, file.rows("role"))}
    desks: dict[str, tuple[str, ...]] = {}
    for row in file.rows("keeper"):
        things, by = row.words("things", causes.things()), row.words("desks", tuple(roles))
        row.done()
        desks |= dict.fromkeys(things, by)
    steps = {step.word: step for step in (_step(row, tuple(roles)) for row in file.rows("step"))}
    papers = {word.word: word for word in map(_word, file.rows("paper"))}
    found: dict[str, Kind] = {}
    for row in file.rows("kind"):
        kind = _kind(row, tuple(roles), tuple(papers))
        if kind.kind in found:
            row.refuse(f"“{kind.kind}”有两次", f"{kind.kind!r} stands there twice")
        found[kind.kind] = kind
    waits = tuple(_wait(row, tuple(found), hangs=True) for row in file.rows("wait"))
    dues = tuple(_wait(row, tuple(found), hangs=False) for row in file.rows("due"))
    exits = dict(_exit(row, tuple(found)) for row in file.rows("exit"))
    offices = dict(_office(row, tuple(found), tuple(roles)) for row in file.rows("office"))
    begins = dict(_begin(row, tuple(found)) for row in file.rows("begin"))
    _refuse_gaps(file, set(steps), set(desks))
    file.done()
    return Kinds(
        MappingProxyType(roles),
        MappingProxyType(desks),
        MappingProxyType(steps),
        MappingProxyType(papers),
        MappingProxyType(found),
        waits,
        dues,
        MappingProxyType(exits),
        MappingProxyType(offices),
        MappingProxyType(begins),
    )


def _refuse_gaps(file: Row, steps: set[str], desks: set[str]) -> None:
    if steps != {*BESIDE, *ROUTED}:
        odd = ", ".join(sorted(steps ^ {*BESIDE, *ROUTED}))
        file.refuse(f"步骤不齐或多余: {odd}", f"steps that are missing or not known: {odd}")
    if desks != set(causes.things()):
        odd = ", ".join(sorted(set(causes.things()) - desks))
        file.refuse(f"没有写谁管: {odd}", f"nobody's desk: {odd}")


def _word(row: Row) -> Word:
    word = Word(row.text("word"), row.text("zh"), row.text("en"))
    row.done()
    return word


def _step(row: Row, roles: tuple[str, ...]) -> StepWord:
    word = row.text("word")
    row.named(word)
    step = StepWord(
        word,
        row.text("zh"),
        row.text("en"),
        row.words("by", (AUTHOR, DESK, *roles)),
        row.words("not_by", (*BESIDE, *ROUTED), empty=True),
        row.flag("apart"),
        row.flag("ends"),
    )
    row.done()
    return step


def _kind(row: Row, roles: tuple[str, ...], papers: tuple[str, ...]) -> Kind:
    word = row.text("kind")
    row.named(word)
    zh, en = row.text("zh"), row.text("en")
    cause = row.text("cause", empty=True)
    if cause and cause not in causes.kinds():
        row.refuse(f"原因清单里没有“{cause}”", f"{cause!r} is not on the closed list of causes", "cause")
    about = row.words("about", (CASE, BREACH, *causes.things()))
    applies = row.words("applies", roles)
    route = row.words("route", ROUTED)
    if list(route) != sorted(route, key=ROUTED.index) or route[0] != "submitted":
        row.refuse("route 的顺序不对", f"route goes in this order: {', '.join(ROUTED)}", "route")
    if (cause != "") != ("registered" in route) or ("registered" in route and "approved" not in route):
        row.refuse("登簿要有原因, 而且先审批", "what is registered has a cause, and an approval before it", "route")
    same_day = row.flag("same_day")
    evidence = []
    for line in row.rows("evidence"):
        evidence.append(line.words("any_of", papers))
        line.done()
    row.done()
    return Kind(word, zh, en, cause, about, applies, route, same_day, tuple(evidence))


def _wait(row: Row, known: tuple[str, ...], *, hangs: bool) -> Wait:
    of = row.words("kinds", known)
    start, end = row.window()
    value, unit, confirmed = row.whole("value"), row.word("unit", _UNITS), row.flag("confirmed")
    notice = row.text("notice", empty=True) if hangs else ""
    wait = Wait(of, value, unit, start, end, confirmed, row.text("basis"), notice)
    if wait.notice not in ("", *HUNG_KINDS):
        row.refuse(f"没有这种公示: {wait.notice}", f"no such notice: {wait.notice}", "notice")
    row.done()
    return wait


def _exit(row: Row, known: tuple[str, ...]) -> tuple[str, Gives]:
    kind, gives = row.word("kind", known), cast("Gives", row.word("gives", _GIVES))
    row.done()
    return kind, gives


def _office(row: Row, known: tuple[str, ...], roles: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    kind, desks = row.word("kind", known), row.words("desks", (DESK, *roles))
    row.done()
    return kind, desks


def _begin(row: Row, known: tuple[str, ...]) -> tuple[str, str]:
    kind, thing = row.word("kind", known), row.word("thing", tuple(causes.things()))
    row.done()
    return kind, thing
