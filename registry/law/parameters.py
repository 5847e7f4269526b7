"""How long does a contract run by law, and may the operating right be let? Dated rows of two files.

A *term rule* (`terms.toml`) gives the years for a kind of land; a *trade rule* (`transfer.toml`) gives the
answer for letting the operating right of a thing. The day of the contract, or of the trade, picks the row.
Nothing here knows where anybody lives, and no row may say that a term which ran out ends a right.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from registry.law.causes import kinds, things
from registry.law.strict import Cite, LawFileError, Row, read_law_file

if TYPE_CHECKING:
    from datetime import date

Answer = Literal["allowed", "refused", "review"]
Extension = Literal["as-policy-says", "by-years", "correspondingly"]
ANSWERS: tuple[Answer, ...] = ("allowed", "refused", "review")
EXTENSIONS: tuple[Extension, ...] = ("as-policy-says", "by-years", "correspondingly")
TERMS = Path(__file__).with_name("terms.toml")
TRADES = Path(__file__).with_name("transfer.toml")


class ParameterError(LawFileError):
    """Raised when a file of parameters is malformed: unknown key, no citation, overlapping windows."""


@dataclass(frozen=True, slots=True)
class Term:
    """The term that the law gives a contract on one kind of land, in years, for contracts made in the window.

    `extends_years` is None where the law gives no number and the new contract does. A term that ran out ends
    nothing: the right stands, 延包 due (policy-map I6, law EXT-1).
    """

    thing: str
    in_force_from: date
    in_force_until: date
    min_years: int
    max_years: int
    extends: Extension
    extends_years: int | None
    zh: str
    en: str
    cites: tuple[Cite, ...]
    quote: str | None
    confirmed: bool
    note: str

    def holds_on(self, day: date) -> bool:
        """Is the row in force on this day?"""
        return self.in_force_from <= day < self.in_force_until


@dataclass(frozen=True, slots=True)
class Need:
    """What the desk asks for besides the will of every adult co-holder."""

    word: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Trade:
    """May the operating right of `thing` be let by an act of `kind` on a day of the window?

    `zh`, `en`: the reason, which never is that the holder lives in town.
    `review_over_years`: a longer lease goes to a person; None where nothing may be let.
    """

    thing: str
    kind: str
    in_force_from: date
    in_force_until: date
    answer: Answer
    within_contract_term: bool
    review_over_years: int | None
    needs: tuple[Need, ...]
    zh: str
    en: str
    cites: tuple[Cite, ...]
    quote: str | None
    confirmed: bool
    note: str

    def holds_on(self, day: date) -> bool:
        """Is the row in force on this day?"""
        return self.in_force_from <= day < self.in_force_until


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """The term rules, one for each kind of land and window."""
    return read_terms(TERMS)


@lru_cache(maxsize=1)
def trades() -> tuple[Trade, ...]:
    """The trade rules, one for each thing, kind and window."""
    return read_trades(TRADES)


def read_terms(path: Path) -> tuple[Term, ...]:
    """Read a file of term rules strictly. Raises ParameterError naming file and row."""
    file = read_law_file(path, ParameterError)
    found: list[Term] = []
    for row in file.rows("term"):
        term = _term(row)
        _refuse_overlap(row, term, [t for t in found if t.thing == term.thing])
        found.append(term)
    file.done()
    return tuple(found)


def read_trades(path: Path) -> tuple[Trade, ...]:
    """Read a file of trade rules strictly. Raises ParameterError naming file and row."""
    file = read_law_file(path, ParameterError)
    needs: dict[str, Need] = {}
    for row in file.rows("need"):
        need = Need(row.text("word"), row.text("zh"), row.text("en"))
        row.done()
        needs[need.word] = need
    found: list[Trade] = []
    for row in file.rows("trade"):
        for trade in _trades(row, needs):
            same = [t for t in found if (t.thing, t.kind) == (trade.thing, trade.kind)]
            _refuse_overlap(row, trade, same)
            found.append(trade)
    file.done()
    return tuple(found)


def _term(row: Row) -> Term:
    thing = row.word("thing", things())
    row.named(thing)
    start, end = row.window()
    least, most = row.whole("min_years"), row.whole("max_years")
    if least > most:
        row.refuse(f"min_years {least} 大于 max_years {most}", f"min_years {least} is above max_years {most}")
    if row.flag("expiry_ends_right"):
        row.refuse("承包期满不能让权利终止", "a term that ran out ends nothing (policy-map I6)")
    extends = cast("Extension", row.word("extends", EXTENSIONS))
    term = Term(
        thing=thing,
        in_force_from=start,
        in_force_until=end,
        min_years=least,
        max_years=most,
        extends=extends,
        extends_years=row.whole("extends_years") if extends == "by-years" else None,
        zh=row.text("zh"),
        en=row.text("en"),
        cites=row.cites(),
        quote=row.text("quote") if row.has("quote") else None,
        confirmed=row.flag("confirmed"),
        note=row.text("note", empty=True),
    )
    row.done()
    return term


def _trades(row: Row, needs: dict[str, Need]) -> list[Trade]:
    on, by = row.words("things", things()), row.words("kinds", tuple(kinds()))
    row.named(f"{on[0]} {by[0]}")
    start, end = row.window()
    answer = cast("Answer", row.word("answer", ANSWERS))
    inside = row.flag("within_contract_term")
    longest = None if answer == "refused" else row.whole("review_over_years")
    asked = tuple(needs[word] for word in row.words("needs", tuple(needs), empty=True))
    zh, en = row.text("zh"), row.text("en")
    cites = row.cites()
    quote = row.text("quote") if row.has("quote") else None
    confirmed, note = row.flag("confirmed"), row.text("note", empty=True)
    row.done()
    return [
        Trade(
            thing=thing,
            kind=kind,
            in_force_from=start,
            in_force_until=end,
            answer=answer,
            within_contract_term=inside,
            review_over_years=longest,
            needs=asked,
            zh=zh,
            en=en,
            cites=cites,
            quote=quote,
            confirmed=confirmed,
            note=note,
        )
        for thing in on
        for kind in by
    ]


def _refuse_overlap(row: Row, new: Term | Trade, earlier: list[Term] | list[Trade]) -> None:
    for old in earlier:
        if new.in_force_from < old.in_force_until and old.in_force_from < new.in_force_until:
            row.refuse("时段和别的行重叠", f"the window overlaps that from {old.in_force_from}")
