"""Which parcels stand in a public notice on a day (figure 7)?

Those that a notice on the wall names by their code, and those that a case is about while its own notice runs: the land of its
rights, households and parcels. Whatever was put up without naming a parcel is counted as notices, not as land.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry import case_files
from registry.cases.kinds import book
from registry.cases.rules import ended, notice_until, phase
from registry.notices.parcels import hanging
from registry.statistics.count import Note

if TYPE_CHECKING:
    from registry.case_files import Case
    from registry.parcels.counted import StandingParcel
    from registry.statistics.count import Count


@dataclass(frozen=True, slots=True)
class Noticed:
    """Parcels in a public notice: by id, and by the code that hangs on the wall. `bare`: notices that name no parcel."""

    ids: frozenset[str]
    codes: frozenset[str]
    bare: int

    def covers(self, parcel: StandingParcel) -> bool:
        """Whether a parcel is among them."""
        return parcel.parcel_id in self.ids or parcel.code in self.codes

    def notes(self) -> list[Note]:
        """What is to be said of notices that name no parcel."""
        if not self.bare:
            return []
        zh = f"另有 {self.bare} 张公示没有写是哪些地块, 不在“公示中的地块”里"
        return [Note(zh, f"public notices that name no parcel, and are not counted as parcels: {self.bare}")]


def noticed(at: Count) -> Noticed:
    """What stands in a public notice on the day; cases as known then, notices on the wall as they were put up."""
    on_walls = hanging(at.connection, at.valid_at)
    codes = frozenset(code for named in on_walls.values() for code in named)
    return Noticed(_of_cases(at), codes, sum(not named for named in on_walls.values()))


def _of_cases(at: Count) -> frozenset[str]:
    hung = [case.id for case in case_files.outlines(at.connection, at.store.vault, at.known_at) if _hangs(case, at.valid_at)]
    if not hung:
        return frozenset()
    land: dict[str, set[str]] = defaultdict(set)
    for line in at.standing:
        if line.parcel_id is not None and line.thing != "operating":
            land[line.right_id].add(line.parcel_id)
            land[line.holder_id].add(line.parcel_id)
    things = {thing for about in case_files.subjects(at.connection, hung).values() for thing in about}
    return frozenset(parcel for thing in things for parcel in land.get(thing, {thing}))


def _hangs(case: Case, day: str) -> bool:
    """Whether the case's own notice ran on the day: posted by then, its days not over, not led back and not ended."""
    kind = book().kinds[case.kind]
    steps = tuple(step for step in case.steps if step.day <= day)
    if not steps:
        return False
    then = case_files.Case(case.id, case.kind, case.subject, case.challenges, steps)
    until = notice_until(then, kind)
    if until is None or until < day or ended(then, kind):
        return False
    hung, now = "posted" if "posted" in kind.route else "noticed", phase(then, kind)
    return now in kind.route and kind.route.index(now) >= kind.route.index(hung)
