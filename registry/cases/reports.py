"""What does a case ask for that writes nothing in the register: the report of an unlawful condition, a breach?

A *condition* is a demand to give up land for a settlement, a school place or a home (policy-map 9.5): it has no effect here,
whoever wrote it, and is looked into. A *breach* is a row that an audit found (`registry.breaches`): its case says what
happened, and closes the row with its answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry import breaches
from registry.cases.kinds import BREACH
from registry.cases.saying import Said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.case_files import Case
    from registry.cases.kinds import Kind
    from registry.ledger.commit import Desk

CONDITION = "unlawful-condition"
_TIED = ("settlement", "school", "housing", "service", "payment", "other")
_DEMANDED = ("contract-land", "homestead", "share", "membership", "benefit", "other")
_WRITTEN = ("contract", "village-rule", "form", "notice", "spoken")


def check(at: Desk, kind: Kind, request: Mapping[str, Any]) -> None:
    """Hold the request to its form. SaidMalformedError; for kinds that write, or contest a case, nothing is asked here."""
    said = Said(request)
    if kind.kind == CONDITION:
        said.word("tied", _TIED), said.word("demanded", _DEMANDED), said.word("written", _WRITTEN), said.text("words")
        said.done()
    elif BREACH in kind.about:
        if not breaches.is_open(at.connection, said.id("breach")):
            said.refuse("breach", "没有这条未结的记录: 看 sanquan breach list", "no open breach of this id: sanquan breach list")
        said.done()


def close(at: Desk, case: Case, request: Mapping[str, Any], outcome: str) -> None:
    """Close the breach with the answer to its case, in the transaction of the step; what was said stays in the case."""
    words = {"upheld": "属实 a breach", "not-upheld": "查明不是 explained"}
    breaches.close_within(at.store, at.connection, at.officer, request["breach"], f"{words[outcome]}: 案件 case {case.id}")
