"""Which children stand on a list together with a person, and who else of age stands there, whose interest is another?

The register knows the relation of each to the household's representative, not whose child somebody is: every minor on a list that
names, or ever named, the person is told. Who would sign for a child and stands on the same list has an interest of their own: an
officer looks at the child's part by itself before anything is decided (`REVIEW`, as every review of a case with a minor does).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry import masks, parties
from registry.born import ADULT, birth_day
from registry.holding import read as holdings
from registry.holding.model import HOLDING
from registry.ledger.chain import state_at

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.guarantee.reach import Reach
    from registry.masks import Reader
    from registry.store.engines import Store


@dataclass(frozen=True, slots=True)
class Child:
    """One minor on a list: the masked name, the list, whether they stand on it now, and whether another of age does, too.

    `conflict`: somebody of age besides the person stands there, who may be the guardian and holds a part of their own.
    """

    person_id: str
    name: str
    thing_id: str
    code: str
    listed: bool
    conflict: bool


def children(
    store: Store, connection: Connection, found: Reach, *, valid_at: str, known_at: int, reader: Reader
) -> list[Child]:
    """Minors on the day, list by list, in the order of each list."""
    told: list[Child] = []
    for thing_id, chain in found.chains[HOLDING.name].items():
        known = [version for version in chain if version.cause_idx < known_at]
        ever = dict.fromkeys(line.person_id for version in known for line in holdings.members(version))
        who = parties.identities(connection, store.vault, ever)
        state = state_at(chain, valid_at, known_at)
        stands = state is not None and state.status != "ended"
        lines = holdings.members(state) if state is not None and stands else []
        now = {line.person_id for line in lines if line.alive and line.co_holder}
        minors = [each for each in ever if each in who and _is_minor(who[each], valid_at)]
        grown = now - set(minors) - set(found.persons)
        code = state.columns["code"] if state else chain[-1].columns["code"]
        for each in minors:
            name = masks.shown("name", who[each].name, reader)
            told.append(Child(each, name, thing_id, code, each in now, bool(grown)))
    return told



def _is_minor(who: parties.Identity, day: str) -> bool:
    """By the number alone; whose age is not known is nobody's child here."""
    born = birth_day(who.id_type, who.id_number)
    return bool(born) and int(day.replace("-", "")) - int(born) < ADULT * 10_000
