"""Who or what is meant by a few letters: a name, its pinyin initials, any number that a certificate ever had, the end of a code?

Names are encrypted at rest. The index is made from what is decrypted into the memory of this process at the first question, kept up
by what was entered since, never written anywhere, and dropped when nobody has asked for a while.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa
from pypinyin import Style, lazy_pinyin

from registry import masks, parties, statement
from registry.holding import read as holdings_read
from registry.law import causes
from registry.ledger.chain import read_chains
from registry.ledger.read import size
from registry.parcels import read as parcels_read
from registry.parcels.model import PARCEL_VERSION
from registry.rights.model import RIGHT, RIGHT_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.law.causes import Word
    from registry.store.engines import Store

Sort = Literal["person", "parcel", "right"]
FORGOTTEN_AFTER_S = 15 * 60
"""As long as a session may stay unused (accounts/parameters.toml)."""
LONGEST = 40
_P, _R = PARCEL_VERSION.c, RIGHT_VERSION.c
_NUMBERS = ("unit_code", "certificate_number", "book_number")
_END_OF_A_CODE = range(3, 6)


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found: `thing` is what a case can be about, `what` its word, `code` how it is called, `told` more of it.

    Of a person: their household's list; the name is masked, and the year of birth tells two of one name apart.
    """

    thing: str
    what: Word
    code: str
    told: str = ""


class Finder:
    """The index of one register in one process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._entries: dict[tuple[Sort, str, str], None] = {}
        self._known = 0

    def find(self, connection: Connection, asked: str, most: int = 12) -> list[Hit]:
        """At most so many hits; nothing for an empty question."""
        wanted = asked.strip().lower()[:LONGEST]
        if not wanted:
            return []
        with self._lock:
            self._read(connection)
            entries = list(self._entries)
            self._forget_later()
        found: dict[tuple[Sort, str], None] = {}
        at_the_end = wanted.isdigit() and len(wanted) in _END_OF_A_CODE
        for sort, thing, text in entries:
            if text.endswith(wanted) if at_the_end and sort == "parcel" else wanted in text:
                found[sort, thing] = None
                if len(found) == most:
                    break
        return self._told(connection, found)

    def close(self) -> None:
        """Forget everything now."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._entries, self._known = {}, 0

    def _read(self, connection: Connection) -> None:
        """What was entered since the index was read last."""
        now = size(connection)
        if now == self._known:
            return
        since = {"since": self._known}
        for person, who in parties.identities_since(connection, self._store.vault, self._known).items():
            self._entries["person", person, f"{who.name.lower()}\n{_initials(who.name)}"] = None
        later: sa.BindParameter[int] = sa.bindparam("since")
        for row in connection.execute(sa.select(_P.thing_id, _P.code).where(_P.cause_idx >= later).distinct(), since):
            self._entries["parcel", row.thing_id, row.code.lower()] = None
        numbers = sa.select(_R.thing_id, *(_R[name] for name in _NUMBERS)).where(_R.cause_idx >= later).distinct()
        for right, *texts in connection.execute(numbers, since):
            self._entries["right", right, "\n".join(text.lower() for text in texts if text)] = None
        self._known = now

    def _forget_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(FORGOTTEN_AFTER_S, self.close)
        self._timer.daemon = True
        self._timer.start()

    def _told(self, connection: Connection, found: Iterable[tuple[Sort, str]]) -> list[Hit]:
        day, known, words = statement.today(self._store), size(connection), causes.thing_words()
        people = [thing for sort, thing in found if sort == "person"]
        named = parties.identities(connection, self._store.vault, people)
        listed = holdings_read.listed_in(connection, people, valid_at=day, known_at=known)
        rights = read_chains(connection, RIGHT, [thing for sort, thing in found if sort == "right"])
        hits: list[Hit] = []
        for sort, thing in found:
            if sort == "person":
                who = named[thing]
                told = f"{masks.shown('name', who.name)} {masks.shown('birth_year', who.id_number)}".strip()
                hits += [Hit(holding, words["holding"], code, told) for person, holding, code in listed if person == thing]
            elif sort == "parcel":
                states = parcels_read.by_id(connection, thing, valid_at=day, known_at=known)
                hits += [Hit(thing, words["parcel"], state.code, state.issuer_name) for state in states]
            else:
                head = rights[thing][-1]
                hits.append(Hit(thing, words[head.thing], head.columns["unit_code"], head.columns["certificate_number"]))
        return list(dict.fromkeys(hits))


def _initials(name: str) -> str:
    """The first letters of the pinyin of a name: dlt for 达楞太."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
