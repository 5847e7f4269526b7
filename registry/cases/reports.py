"""What does a case ask for that writes nothing in the register: a question, the report of an unlawful condition, a breach?

A *condition* is a demand to give up land for a settlement, a school place or a home (policy-map 9.5): it has no effect here,
whoever wrote it, and is looked into. A *question* is about one line of the register, of one year where it is paid by years: whoever
keeps or pays it answers, and what was wrong is put right by another case. A *breach* is a row that an audit found
(`registry.breaches`): its case says what happened, and closes the row with its answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry import breaches, masks
from registry.cases.kinds import BREACH
from registry.cases.saying import Said
from registry.cases.seeing import request_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from registry.case_files import Case
    from registry.cases.actors import Actor
    from registry.cases.kinds import Kind
    from registry.ledger.commit import Desk

CONDITION, QUESTION = "unlawful-condition", "question"
_TIED = ("settlement", "school", "housing", "service", "payment", "other")
_DEMANDED = ("contract-land", "homestead", "share", "membership", "benefit", "other")
_WRITTEN = ("contract", "village-rule", "form", "notice", "spoken")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}", re.ASCII)
_TURNS = frozenset({"accepted", "answered"})
"""The steps for which an office has to know what was asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The words, in clear, and the id of whoever asked; "" where an office wrote them down."""

    words: str
    by: str

    def __repr__(self) -> str:
        """Never the words: a repr ends in logs."""
        return "Asked()"


def check(at: Desk, kind: Kind, subject: Sequence[str], request: Mapping[str, Any]) -> None:
    """Hold the request to its form. SaidMalformedError; for kinds that write, or contest a case, nothing is asked here."""
    said = Said(request)
    if kind.kind == CONDITION:
        said.word("tied", _TIED), said.word("demanded", _DEMANDED), said.word("written", _WRITTEN), said.text("words")
        said.done()
    elif kind.kind == QUESTION:
        if len(subject) != 1:
            said.refuse("subject", "一次问一项: 几项分开问, 各有各的单位答", "one line at a time: each has an office of its own")
        said.text("words")
        year = said.text("year", empty=True)
        if year and not _YEAR.fullmatch(year):
            said.refuse("year", "要四位数的年份, 如 2026", "a year of four digits is wanted, such as 2026")
        said.done()
    elif BREACH in kind.about:
        if not breaches.is_open(at.connection, said.id("breach")):
            said.refuse("breach", "没有这条未结的记录: 看 sanquan breach list", "no open breach of this id: sanquan breach list")
        said.done()


def close(at: Desk, case: Case, request: Mapping[str, Any], outcome: str) -> None:
    """Close the breach with the answer to its case, in the transaction of the step; what was said stays in the case."""
    words = {"upheld": "属实 a breach", "not-upheld": "查明不是 explained"}
    breaches.close_within(at.store, at.connection, at.officer, request["breach"], f"{words[outcome]}: 案件 case {case.id}")


def asked(case: Case, actor: Actor, open_steps: Collection[str]) -> Asked | None:
    """What somebody asked or reported in their own words: for whose turn it is to take it in or answer, and for themself.

    None to everybody else, and where a case has no such words. Whoever shows it writes the look down first.
    """
    words, first = str(request_of(case).get("words", "")), case.steps[0]
    by = str(first.said.get("applicant", ""))
    mine = first.desk[:1] == (actor.id,) or actor.whose == by != ""
    turn = bool(_TURNS & set(open_steps)) and masks.sees("remarks", "paper")
    return Asked(words, by) if words and (mine or turn) else None
