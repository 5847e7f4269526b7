"""Which homesteads has a household on the register already, and what says the law of more than one: information, never a block.

Of everybody who stands today on a list with the people of a case. An inherited house doesn't count (HOME/inherit), and nothing is
taken from anybody for this alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry import china
from registry.catalogue import words_of
from registry.decisions.land.homestead import ONE, OneHousehold, one_homestead
from registry.holding.read import listed_in
from registry.law import causes
from registry.law.book import book
from registry.ledger.chain import read_chains
from registry.ledger.read import size
from registry.remarks import remarks_of
from registry.rights import read as rights_read
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.engine import Connection

    from registry.law.book import Rule
    from registry.law.causes import CauseKind
    from registry.ledger.nouns import Version
    from registry.store.engines import Store

HOMESTEAD, REGISTERED, INHERITED = "homestead", "homestead-registered", "inherited"
_RULES = (ONE, "HOME/inherit", "HOME/urban-heir")
_MOST = 50


@dataclass(frozen=True, slots=True)
class Held:
    """One homestead of the household: its code, since when it counts, and the act by which it began."""

    right: str
    code: str
    since: str
    cause: CauseKind


@dataclass(frozen=True, slots=True)
class Others:
    """What else the household holds, what follows (zh, en), the rules that were read; `remarks`: 附记 of what the case is about."""

    held: tuple[Held, ...]
    says: tuple[str, str]
    rules: tuple[Rule, ...]
    remarks: tuple[str, ...]


def others(
    store: Store, connection: Connection, things: Collection[str], kind: str, people: Collection[str]
) -> Others | None:
    """Beside the homesteads that a case is about, what its people's households hold; None where it is about none."""
    day, known = china.today(store), size(connection)
    own = _own(connection, things, day, known)
    if not own and kind != REGISTERED:
        return None
    lists = {holding for _, holding, _ in listed_in(connection, people, valid_at=day, known_at=known)}
    ids = rights_read.page(
        connection, valid_at=day, known_at=known, limit=_MOST, things=[HOMESTEAD], holder_ids=sorted({*people, *lists})
    )
    chains = read_chains(connection, RIGHT, {*ids, *own})
    held = tuple(_held(chains[right]) for right in ids if right not in own)
    # What is to be registered counts: the question is whether the household is within one when that is done.
    allotted = sum(chain[0].cause_kind != INHERITED for chain in chains.values()) + (kind == REGISTERED)
    when = dt.date.fromisoformat(day)
    reason = one_homestead(OneHousehold(allotted), when).reasons[0]
    rules = tuple(book().rule(rule, when) for rule in _RULES if book().holds(rule, when))
    said = remarks_of(store, connection, own, known)
    return Others(held, (reason.zh, reason.en), rules, tuple(dict.fromkeys(each for right in sorted(said) for each in said[right])))


def _own(connection: Connection, things: Collection[str], day: str, known: int) -> set[str]:
    """The homesteads that the things are, or that lie on them."""
    words = words_of(connection, things)
    land = [thing for thing, word in words.items() if word == "parcel"]
    lying = rights_read.lines_on(connection, land, valid_at=day, known_at=known) if land else []
    own = {thing for thing, word in words.items() if word == HOMESTEAD}
    return own | {line.right_id for line in lying if line.thing == HOMESTEAD}


def _held(chain: list[Version]) -> Held:
    return Held(
        chain[0].thing_id, chain[-1].columns["unit_code"], chain[0].valid_from, causes.kinds()[chain[0].cause_kind]
    )
