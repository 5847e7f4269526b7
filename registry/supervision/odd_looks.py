"""Which looks at people's data are unlike the others: a pure function of what the log of looks carries, and of a rule?

Four signs, each a reason to ask and proof of nothing: many different people in a day, outside office hours, one person again
and again without a case, a person with whom somebody of the officer's own name stands on one list. Only looks of offices
are judged: people and relatives who read their own have no bureau in the log.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from registry.china import CHINA
from registry.law.working_days import not_on_a_day_off

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from registry.looks.reading import Seen
    from registry.supervision.rules import Rules

MANY, OUTSIDE_HOURS, AGAIN, SAME_NAME = "many-people", "outside-hours", "again-and-again", "same-name"
SAID: Final[Mapping[str, tuple[str, str]]] = {
    MANY: ("一天看了很多人", "many different people in a day"),
    OUTSIDE_HOURS: ("下班或休息日看的", "outside office hours"),
    AGAIN: ("没有案件，反复看同一个人", "one person again and again, without a case"),
    SAME_NAME: ("看的人家里有与经办人同名的人", "somebody of the officer's own name stands on that household's list"),
}
_WITH_A_CASE = frozenset({"case", "dossier"})


class Odd(NamedTuple):
    """One finding. `person` is an id, "" where it is about several; `times`: looks, for `many-people` people."""

    sign: str
    day: str
    officer: str
    bureau: str
    person: str
    times: int


def odd_looks(seen: Iterable[Seen], rules: Rules, related: Mapping[tuple[str, str], frozenset[str]]) -> list[Odd]:
    """The findings, the latest first. `related`: by officer and bureau, the people on one list with a namesake of theirs."""
    of_officer: dict[tuple[str, str], list[tuple[dt.datetime, Seen]]] = defaultdict(list)
    for look in seen:
        # "refused" is an attempt that is listed elsewhere: nothing was shown.
        if look.bureau and look.what != "refused" and look.whom:
            of_officer[look.officer, look.bureau].append((dt.datetime.fromisoformat(look.at).astimezone(CHINA), look))
    found = [
        odd for who, looks in of_officer.items() for odd in _of_one_officer(*who, looks, rules, related.get(who, frozenset()))
    ]
    return sorted(found, key=lambda odd: (odd.day, odd.sign, odd.bureau, odd.officer, odd.person), reverse=True)


def _of_one_officer(
    officer: str, bureau: str, looks: list[tuple[dt.datetime, Seen]], rules: Rules, related: frozenset[str]
) -> Iterator[Odd]:
    people: dict[str, set[str]] = defaultdict(set)
    late: dict[str, int] = defaultdict(int)
    of_person: dict[str, list[tuple[str, Seen]]] = defaultdict(list)
    for at, look in looks:
        day = at.date().isoformat()
        people[day].add(look.whom)
        late[day] += _outside(at, rules)
        of_person[look.whom].append((day, look))
    for day, whom in people.items():
        if len(whom) > rules.persons_a_day:
            yield Odd(MANY, day, officer, bureau, "", len(whom))
    for day, count in late.items():
        if count:
            yield Odd(OUTSIDE_HOURS, day, officer, bureau, "", count)
    for person, each in of_person.items():
        last = max(day for day, _ in each)
        if len(each) >= rules.times_one_person and not any(look.what in _WITH_A_CASE for _, look in each):
            yield Odd(AGAIN, last, officer, bureau, person, len(each))
        if person in related:
            yield Odd(SAME_NAME, last, officer, bureau, person, len(each))


def _outside(at: dt.datetime, rules: Rules) -> bool:
    day_off = not_on_a_day_off(at.date()).day != at.date()
    return day_off or not rules.opens <= f"{at:%H:%M}" < rules.closes
