"""How are exits and cases counted (figure 10): acts with their median price, cases by state and days? In words: figures.toml.

What was paid is the payment of the act. A median of fewer prices than may be shown is none, and it is rounded, so that it is
nobody's own price. Cases are counted since they were submitted: a draft is its author's.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from registry import case_files
from registry.cases.kinds import book
from registry.cases.rules import DRAFTED, ended, phase
from registry.ledger.evidence import payments
from registry.membership import read as memberships
from registry.rights import counted as rights
from registry.statistics import heads
from registry.statistics.count import Counted
from registry.statistics.of_rights import EXITS, THINGS
from registry.statistics.table import nested

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from registry.case_files import Case
    from registry.statistics.count import Count
    from registry.statistics.table import Table, Value

_KINDS = {
    "exited": ("自愿有偿退出", "voluntary paid exit"),
    "membership-exited": ("自愿退出成员", "voluntary exit from membership"),
    "handed-back-before-2019": ("2019 年前交回", "handed back before 2019"),
    "taken-back-before-2019": ("2019 年前收回", "taken back before 2019"),
}
_MEMBERSHIP = "membership"
_WHAT = THINGS | {_MEMBERSHIP: ("成员身份", "membership"), "": ("几样一起", "several things at once")}


def exits(at: Count) -> Counted:
    """Figure 10."""
    return Counted([_acts(at), _cases(at)], [])


def _acts(at: Count) -> Table:
    """Each act once: by kind, and below it by what was left, with the median of what was paid."""
    of_entry: dict[tuple[str, int], set[str]] = defaultdict(set)
    for act in rights.acts(at.connection, EXITS, **at.moment):
        of_entry[act.kind, act.entry].add(act.thing)
    for lost in memberships.acts(at.connection, EXITS, **at.moment):
        of_entry[lost.kind, lost.entry].add(_MEMBERSHIP)
    paid = payments(at.store, at.connection, (entry for _, entry in of_entry))
    found: dict[str, dict[str, list[int]]] = {kind: defaultdict(list) for kind in EXITS}
    for (kind, entry), things in of_entry.items():
        found[kind][things.pop() if len(things) == 1 else ""].append(entry)

    def values(entries: Sequence[int]) -> list[Value]:
        return [len(entries), _median_price(at, [paid[entry] for entry in entries if entry in paid])]

    lines = []
    for kind, by_thing in found.items():
        lines.append((1, *_KINDS[kind], values([entry for entries in by_thing.values() for entry in entries])))
        lines += [(2, *_WHAT[thing], values(by_thing[thing])) for thing in _WHAT if thing in by_thing]
    return nested(heads.exits(), lines, ("合计", "all"), values([entry for _, entry in of_entry]))


def _median_price(at: Count, paid: Sequence[str]) -> Decimal | None:
    if len(paid) < at.rules.limit:
        return None
    step = Decimal(at.rules.median_rounded_to)
    return (median(map(Decimal, paid)) / step).quantize(Decimal(1)) * step


def _cases(at: Count) -> Table:
    """By kind, and below it by state: how many, and the median of days since submission (to the end, or to the day asked about)."""
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for case in _submitted(at):
        kind = book().kinds[case.kind]
        now, last = phase(case, kind), case.steps[-1]
        end = last.day if ended(case, kind) else at.valid_at
        # A case that was sent back stands at its draft again.
        found[case.kind]["returned" if now == DRAFTED else now].append(_days(case, end))
    lines = []
    for kind in (each for each in book().kinds.values() if each.kind in found):
        states = found[kind.kind]
        lines.append((1, kind.zh, kind.en, _of_days([days for each in states.values() for days in each])))
        named = (word for word in book().steps.values() if word.word in states)
        lines += [(2, word.zh, word.en, _of_days(states[word.word])) for word in named]
    every = [days for states in found.values() for each in states.values() for days in each]
    return nested(heads.cases(), lines, ("合计", "all"), _of_days(every))


def _submitted(at: Count) -> Iterable[case_files.Case]:
    """Each case as it stood on the day, as known then, once it had been submitted."""
    for case in case_files.outlines(at.connection, at.store.vault, at.known_at):
        steps = tuple(step for step in case.steps if step.day <= at.valid_at)
        then = case_files.Case(case.id, case.kind, case.subject, case.challenges, steps)
        if then.last("submitted") is not None:
            yield then


def _days(case: Case, end: str) -> int:
    first = next(step for step in case.steps if step.step == "submitted")
    return (dt.date.fromisoformat(end) - dt.date.fromisoformat(first.day)).days


def _of_days(days: Sequence[int]) -> list[Value]:
    return [len(days), Decimal(median(days)) if days else None]
