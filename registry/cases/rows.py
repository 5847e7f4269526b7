"""Which rows of a case that goes row by row are ready, and why not the others?

A *row* is one household of a list that a case takes as a whole (延包). It is read from the register, never from what was
handed in: what the list leaves out is a *difference*, and holds this row alone. A difference is explained by a lawful cause of
the closed list, or the list is mended (`MENDED`). Where anybody lives or is registered is neither. What is not ready waits;
nothing here takes a row away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.case_files import Case, Step

MENDED = "roster-mended"
"""How a difference is explained that the list alone has made: the household is on it as it is registered."""
UPHELD = "upheld"
Why = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the list is not what the register says.

    `causes`: the kinds of acts that could have made it. `waits`: such an act would leave nothing to be written, so that the
    row waits until the register has it.
    """

    key: str
    zh: str
    en: str
    causes: frozenset[str]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """What is written for a row: a contract with its term now and the new one (first and last days)."""

    right_id: str
    code: str
    term_start: str
    term_end: str
    begins: str
    ends: str


@dataclass(frozen=True, slots=True)
class Row:
    """One household. `newest`: the last entry that wrote its list or a contract of it.

    `lacks`: what the register itself has to be put right in first. `never`: why nothing is written at all, ready or not.
    """

    id: str
    code: str
    people: Mapping[str, bool]
    newest: int
    contracts: tuple[Contract, ...]
    differences: tuple[Difference, ...] = ()
    lacks: tuple[Why, ...] = ()
    never: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection to a case that was submitted and not taken back: its answer where there is one, the row that it is about."""

    opened: Step
    answer: Step | None = None
    row: str = ""

    @property
    def upheld(self) -> bool:
        """Whether it was answered so."""
        return self.answer is not None and self.answer.said.get("outcome") == UPHELD


@dataclass(frozen=True, slots=True)
class Standing:
    """A row with why it is not ready; nothing where it is."""

    row: Row
    why: tuple[Why, ...]

    @property
    def ready(self) -> bool:
        """Whether it may be written now."""
        return not self.why


def standings(case: Case, rows: Sequence[Row], objections: Sequence[Objection], *, voting: bool = False) -> list[Standing]:
    """Every row as it stands. `voting`: for the vote itself, which carries what was explained before it."""
    return [Standing(row, row.never or _why(case, row, objections, voting=voting)) for row in rows]


def told_by(step: Step) -> frozenset[str]:
    """Whom a step told: one person, or many at once; nobody where it was erased."""
    return frozenset(step.said.get("people", [step.said["person"]] if "person" in step.said else ()))


def explained(case: Case, row: Row) -> Mapping[str, Step]:
    """The newest explanation of each difference of a row since the case was returned last, by the difference's key."""
    back = case.last("returned")
    return {
        step.said["difference"]: step
        for step in case.since(back.n if back else 0, "explained")
        if step.said["row"] == row.id
    }


def written(case: Case) -> tuple[str, ...]:
    """The rows that the registrations of a case wrote, in their order."""
    return tuple(row for step in case.steps if step.step == "registered" for row in step.said.get("rows", ()))


def _why(case: Case, row: Row, objections: Sequence[Objection], *, voting: bool) -> tuple[Why, ...]:
    found = explained(case, row)
    given = [found[each.key] for each in row.differences if each.key in found]
    return (
        *row.lacks,
        *_unexplained(row, found),
        *_unvoted(case, [] if voting else given),
        *_untold(case, row, given),
        *_objected(row, objections),
    )


def _unexplained(row: Row, found: Mapping[str, Step]) -> list[Why]:
    why: list[Why] = []
    for each in row.differences:
        step = found.get(each.key)
        if step is None:
            why.append((f"{each.zh}: 要写明合法原因, 或者补到名册上", f"{each.en}: name a lawful cause, or mend the roster"))
        elif each.waits and step.said["cause"] != MENDED:
            why.append((f"{each.zh}: 等它自己的案件登记", f"{each.en}: waits until a case of its own registers that"))
    return why


def _unvoted(case: Case, given: Sequence[Step]) -> list[Why]:
    """What was explained by a cause after the vote was not voted; a household put back is extended as the law says."""
    vote = case.last("voted")
    late = [step for step in given if vote is not None and step.n > vote.n and step.said["cause"] != MENDED]
    return [("表决以后才说明的原因: 要再表决", "explained after the vote: to be voted again")] if late else []


def _untold(case: Case, row: Row, given: Sequence[Step]) -> list[Why]:
    """Everybody of it is told of the row as it stands: since the notice, the explanation, and what was registered of it."""
    notice = case.last("noticed")
    if notice is None:
        return [("还没有公示", "no notice was given")]
    causes = [step.entry_idx for step in given if step.said["cause"] != MENDED]
    since = max(notice.entry_idx, row.newest, *causes)
    steps = [step for step in case.steps if step.step == "told" and step.entry_idx > since]
    told = frozenset[str]().union(*map(told_by, steps))
    left = len(set(row.people) - told)
    return [(f"这户还有 {left} 人没有告知到", f"{left} people of the household were not told")] if left else []


def _objected(row: Row, objections: Sequence[Objection]) -> list[Why]:
    why: list[Why] = []
    for each in objections:
        day = each.opened.at[:10]
        if each.row != row.id:
            continue
        if each.answer is None:
            why.append((f"有异议({day})还没有答复", f"an objection of {day} is not answered"))
        elif each.upheld and row.newest < each.answer.entry_idx:
            why.append((f"异议({day})成立: 先把登记更正过来", f"an objection of {day} was upheld: put the register right first"))
    return why
