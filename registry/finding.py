"""Who or what is meant by a few letters: a name, its pinyin initials, any number that a certificate ever had, the end of a code?

Names are encrypted at rest. The index is made from what is decrypted into the memory of this process at the first question, kept up
by what was entered since, never written anywhere, and dropped when nobody has asked for a while.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from registry import masks, parties, statement
from registry.cases.places import lying_within
from registry.holding import read as holdings_read
from registry.law import causes
from registry.ledger.chain import read_chains
from registry.ledger.read import size
from registry.looks.keeping import looked
from registry.parcels import read as parcels_read
from registry.parcels.model import PARCEL_VERSION
from registry.rights.model import RIGHT, RIGHT_VERSION
from registry.whose import whose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy.engine import Connection

    from registry.law.causes import Word
    from registry.ledger.commit import Officer
    from registry.store.engines import Store

Sort = Literal["person", "parcel", "right"]
FORGOTTEN_AFTER_S = 15 * 60
"""As long as a session may stay unused (accounts/parameters.toml)."""
LONGEST = 40
MOST, MOST_LOOKED_AT = 12, 300
"""How many hits are told, and among how many those of some places are looked for."""
_P, _R = PARCEL_VERSION.c, RIGHT_VERSION.c
_NUMBERS = ("unit_code", "certificate_number", "book_number")
_END_OF_A_CODE = range(3, 6)


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found: `thing` is what a case can be about, `what` its word, `code` how it is called, `told` more of it.

    Of a person: their household's list; the name is masked, and the year of birth and the village tell two of one name apart.
    `person`: who that is, or who holds what was found. `former`: what was asked for is a name that they had before (曾用名).
    """

    thing: str
    what: Word
    code: str
    told: str = ""
    person: str = ""
    former: bool = False
    village: str = ""


class Finder:
    """The index of one register in one process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        # By what is found and by which text: whether it is called so now, or was once (曾用名).
        self._entries: dict[tuple[Sort, str, str], bool] = {}
        self._known = 0
        self._shown: set[tuple[str, str]] = set()

    def find(self, connection: Connection, asked: str, within: Collection[str] = ()) -> list[Hit]:
        """At most `MOST` hits, those in these places (codes of towns, villages or collectives) where some are named; nothing for
        an empty question.
        """
        wanted = asked.strip().lower()[:LONGEST]
        if not wanted:
            return []
        with self._lock:
            self._read(connection)
            entries = list(self._entries.items())
            self._forget_later()
        found: dict[tuple[Sort, str], bool] = {}
        at_the_end = wanted.isdigit() and len(wanted) in _END_OF_A_CODE
        for (sort, thing, text), is_now in entries:
            if text.endswith(wanted) if at_the_end and sort == "parcel" else wanted in text:
                found[sort, thing] = found.get((sort, thing), False) or is_now
                if len(found) == (MOST_LOOKED_AT if within else MOST):
                    break
        hits = self._told(connection, found)
        inside = lying_within(connection, {hit.thing for hit in hits}, within) if within else None
        here = [hit for hit in hits if inside is None or hit.thing in inside][:MOST]
        of = whose(self._store, connection, [hit.thing for hit in here])
        return [
            replace(
                hit,
                village=of[hit.thing].village,
                person=hit.person or of[hit.thing].person,
                told=hit.told if hit.person else f"{of[hit.thing].holder} {hit.told}".strip(),
            )
            for hit in here
        ]

    def show(self, who: Officer, account: str, people: Iterable[str]) -> None:
        """Write down who is about to see whom: once for each person and account while the index stands, for a name is typed
        letter by letter. `registry.looks.keeping.LookNotKeptError`: then nothing may be shown.
        """
        with self._lock:
            fresh = sorted(person for person in set(people) if (account, person) not in self._shown)
        looked(self._store, who, fresh, "found")
        with self._lock:
            self._shown.update((account, person) for person in fresh)

    def close(self) -> None:
        """Forget everything now."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._entries, self._known, self._shown = {}, 0, set()

    def _read(self, connection: Connection) -> None:
        """What was entered since the index was read last."""
        now = size(connection)
        if now == self._known:
            return
        since = {"since": self._known}
        for person, names in parties.names_since(connection, self._store.vault, self._known).items():
            for name in names:
                self._entries["person", person, f"{name.lower()}\n{initials(name)}"] = name == names[-1]
        later: sa.BindParameter[int] = sa.bindparam("since")
        for row in connection.execute(sa.select(_P.thing_id, _P.code).where(_P.cause_idx >= later).distinct(), since):
            self._entries["parcel", row.thing_id, row.code.lower()] = True
        numbers = sa.select(_R.thing_id, *(_R[name] for name in _NUMBERS)).where(_R.cause_idx >= later).distinct()
        for right, *texts in connection.execute(numbers, since):
            self._entries["right", right, "\n".join(text.lower() for text in texts if text)] = True
        self._known = now

    def _forget_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(FORGOTTEN_AFTER_S, self.close)
        self._timer.daemon = True
        self._timer.start()

    def _told(self, connection: Connection, found: Mapping[tuple[Sort, str], bool]) -> list[Hit]:
        day, known, words = statement.today(self._store), size(connection), causes.thing_words()
        people = [thing for sort, thing in found if sort == "person"]
        named = parties.identities(connection, self._store.vault, people)
        listed = holdings_read.listed_in(connection, people, valid_at=day, known_at=known)
        rights = read_chains(connection, RIGHT, [thing for sort, thing in found if sort == "right"])
        hits: list[Hit] = []
        for (sort, thing), by_now in found.items():
            if sort == "person":
                who = named[thing]
                told = f"{masks.shown('name', who.name)} {masks.shown('birth_year', who.id_number)}".strip()
                of_them = [(holding, code) for person, holding, code in listed if person == thing]
                hits += [Hit(holding, words["holding"], code, told, thing, former=not by_now) for holding, code in of_them]
            elif sort == "parcel":
                states = parcels_read.by_id(connection, thing, valid_at=day, known_at=known)
                hits += [Hit(thing, words["parcel"], state.code) for state in states]
            else:
                head = rights[thing][-1]
                hits.append(Hit(thing, words[head.thing], head.columns["unit_code"], head.columns["certificate_number"]))
        return list(dict.fromkeys(hits))


def initials(name: str) -> str:
    """The first letters of the pinyin of a name: dlt for 达楞太."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  (0.16 s to load, and a service may be asked for nobody)

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
