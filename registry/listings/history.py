"""When did a person come onto a list of the register, when off it, on whose paper, and did they sign?

A *list* is what names people: the member list of a contracting household, a membership, a right. A *line* is one act upon one
of them: it brought the person on (`LISTED`), took them off or ended the thing (`GONE`), or touched the list and left them on it
(`KEPT`). Both times stand in it: from which day, and when that was recorded. Who else stands on the list is no part of it, and
neither is who represents the household: the answer is the person's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.guarantee.explain import thing_words
from registry.holding import read as holdings
from registry.holding.model import HOLDING
from registry.law import causes
from registry.ledger.chain import state_at
from registry.ledger.evidence import Behind, behind, instants
from registry.membership.model import MEMBERSHIP
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Connection

    from registry.guarantee.reach import Reach
    from registry.ledger.nouns import Noun, Version
    from registry.store.engines import Store

LISTED, GONE, KEPT = "listed", "gone", "kept"
_ON_A_LIST = {
    LISTED: ("写上了", "put on"),
    GONE: ("不在上面了", "no longer on it"),
    KEPT: ("还在上面", "still on it"),
}
_ITSELF = {LISTED: ("登记了", "registered"), GONE: ("终止了", "ended")}
_LISTS = (HOLDING, RIGHT, MEMBERSHIP)


@dataclass(frozen=True, slots=True)
class Line:
    """One act upon one list. `code`: of the household's list or the contract; "" where people know it by none.

    `day`: from which it counts; `recorded_at`: an instant of UTC; `entry`: its place in the log. `needs_will`: the act asks for
    the will of whom it touches; `signed`: the person's own will was recorded, `signed_for` that somebody signed for them.
    `sources`: content hashes of its papers, theirs first.
    """

    noun: str
    thing_id: str
    thing: str
    code: str
    what: str
    kind: str
    zh: str
    en: str
    day: str
    recorded_at: str
    entry: int
    basis: tuple[str, ...]
    sources: tuple[str, ...]
    bureau: str
    needs_will: bool
    signed: bool
    signed_for: bool

    @property
    def name(self) -> tuple[str, str]:
        """What the list is called."""
        words = thing_words(self.thing)
        return words.zh, words.en

    @property
    def said(self) -> tuple[str, str]:
        """What the act did to the person, in words."""
        return _ON_A_LIST[self.what] if self.noun == HOLDING.name else _ITSELF[self.what]


def history(store: Store, connection: Connection, found: Reach, known_at: int) -> list[Line]:
    """Every line of a person within whose reach the chains are, in the order in which they were recorded."""
    persons = frozenset(found.persons)
    taken = [one for noun, chain in _theirs(found, persons) for one in _acts(noun, chain, persons, known_at)]
    entries = {version.cause_idx for _, version, _ in taken}
    when = instants(connection, entries)
    acts = {entry: behind(store, connection, entry) for entry in sorted(entries)}
    lines = [
        _line(noun, version, what, when[version.cause_idx], acts[version.cause_idx], persons) for noun, version, what in taken
    ]
    return sorted(lines, key=lambda line: (line.entry, _LISTS_BY_NAME[line.noun], line.thing_id))


def on_list(noun: Noun, state: Version | None, persons: frozenset[str]) -> bool:
    """Whether a state names one of these ids: as a living co-holder on a list that stands, or as what has not ended."""
    if state is None or state.status == "ended":
        return False
    if noun is not HOLDING:
        return True
    return any(line.person_id in persons and line.co_holder and line.alive for line in holdings.members(state))


def _theirs(found: Reach, persons: frozenset[str]) -> Iterator[tuple[Noun, Sequence[Version]]]:
    """Every list of theirs. What somebody else holds within a right of theirs, such as a lease, is no list of theirs."""
    holders = persons | found.chains[HOLDING.name].keys()
    for noun in _LISTS:
        for chain in found.chains[noun.name].values():
            if noun is not RIGHT or chain[0].columns["holder_id"] in holders:
                yield noun, chain


def _acts(
    noun: Noun, chain: Sequence[Version], persons: frozenset[str], known_at: int
) -> Iterator[tuple[Noun, Version, str]]:
    """Each act upon a thing once, by its first stretch of days, with what it did to the person."""
    seen = set[int]()
    for version in chain:
        if version.cause_idx >= known_at or version.cause_idx in seen:
            continue
        seen.add(version.cause_idx)
        before = on_list(noun, state_at(chain, version.valid_from, version.cause_idx), persons)
        after = on_list(noun, version, persons)
        # A burden that began leaves the right as it was; a list that names somebody else alone is not theirs.
        if before != after:
            yield noun, version, LISTED if after else GONE
        elif after and noun is HOLDING:
            yield noun, version, KEPT


def _line(noun: Noun, version: Version, what: str, recorded_at: str, act: Behind, persons: frozenset[str]) -> Line:
    kind = causes.kinds()[version.cause_kind]
    own = [will for will in act.wills if will[0] in persons]
    columns = version.columns
    return Line(
        noun=noun.name,
        thing_id=version.thing_id,
        thing=version.thing,
        code=columns.get("code") or columns.get("unit_code") or "",
        what=what,
        kind=kind.kind,
        zh=kind.zh,
        en=kind.en,
        day=version.valid_from,
        recorded_at=recorded_at,
        entry=version.cause_idx,
        basis=act.papers,
        sources=tuple(dict.fromkeys([*(will[1] for will in own), *act.sources])),
        bureau=act.bureau,
        needs_will=kind.needs_consent,
        signed=bool(own),
        signed_for=any(will[2] is not None for will in own),
    )


_LISTS_BY_NAME = {noun.name: place for place, noun in enumerate(_LISTS)}
