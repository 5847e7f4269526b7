"""Who or what is meant by a few letters: a name, its pinyin initials, any number that a certificate ever had, the end of a code?

A village is found by its name; a paper of before 2016 by the number that the delivery says it had (原证号).
Names are encrypted at rest. The index is made from what is decrypted into the memory of this process at the first question, kept up
by what was entered since, never written anywhere, and dropped when nobody has asked for a while.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Literal, get_args

import sqlalchemy as sa

from registry import china, masks, parties, records
from registry.cases.places import lying_within
from registry.exports.view import short_name
from registry.holding import read as holdings_read
from registry.law import causes
from registry.law.causes import Word
from registry.ledger.chain import read_chains
from registry.ledger.in_force import in_force
from registry.ledger.read import size
from registry.looks.keeping import looked
from registry.parcels import read as parcels_read
from registry.parcels.model import PARCEL_VERSION
from registry.rights.model import RIGHT, RIGHT_VERSION
from registry.store.among import among
from registry.store.asking import Question, ask
from registry.whose import whose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Officer
    from registry.store.engines import Store

Sort = Literal["village", "person", "parcel", "right", "paper"]
FORGOTTEN_AFTER_S = 15 * 60
"""As long as a session may stay unused (accounts/parameters.toml)."""
LONGEST = 40
MOST, MOST_LOOKED_AT, MOST_VILLAGES = 12, 300, 3
"""How many hits are told, among how many those of some places are looked for, and how many of the hits are villages."""
VILLAGE = Word("village", "嘎查、村", "village")
_P, _R = PARCEL_VERSION.c, RIGHT_VERSION.c
_NUMBERS = ("unit_code", "certificate_number", "book_number")
_STANDS = sa.and_(in_force(RIGHT_VERSION), _R.status != "ended")
_HELD = Question(sa.select(_R.holder_id, _R.thing).where(among(_R.holder_id, "holders"), _STANDS))
_IN_CONTRACTS = Question(
    sa.select(_R.thing_id, _R.thing, _R.unit_code, _R.certificate_number).where(among(_R.unit_code, "codes"), _STANDS)
)
_END_OF_A_CODE = range(3, 6)
_END = "\0"
"""Ends a text: no name, code or number has it in it."""
_BOOK, _OLD_NUMBER = "CBJYQZDJB", "YCBJYQZBH"
"""The delivered register page of a contract, and the number on it of the certificate that was before."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found: `thing` is what a case can be about, `what` its word, `code` how it is called, `told` more of it.

    Of a person: their household's list; the name is masked, and the year of birth and the village tell two of one name apart, and
    `land` two lists of one family. Of a village: the collective's id, which no case is about.
    `person`: who that is, or who holds what was found. `former`: what was asked for is a name that they had before (曾用名).
    """

    thing: str
    what: Word
    code: str
    told: str = ""
    person: str = ""
    former: bool = False
    village: str = ""
    land: tuple[Word, ...] = ()


class _Texts:
    """What things of one sort are called, one after another in one text: it is looked through at the speed of the machine."""

    def __init__(self) -> None:
        # By thing and text: whether it is called so now, or was once (曾用名).
        self.of: dict[tuple[str, str], bool] = {}
        self._joined = ""
        self._begins: list[int] = []
        self._keys: list[tuple[str, str]] = []

    def add(self, thing: str, text: str, *, now: bool = True) -> None:
        """One more."""
        self.of[thing, text] = now
        self._keys = []

    def having(self, wanted: str, *, at_the_end: bool = False) -> Iterator[tuple[str, str, bool]]:
        """Thing, text and whether it is called so now, of each text that has this in it, or ends with it."""
        if not self._keys:
            self._keys = list(self.of)
            self._joined = "".join(f"{text}{_END}" for _, text in self._keys)
            self._begins = [0, *accumulate(len(text) + 1 for _, text in self._keys)]
        sought = f"{wanted}{_END}" if at_the_end else wanted
        at = self._joined.find(sought)
        while at >= 0:
            place = bisect_right(self._begins, at) - 1
            yield *self._keys[place], self.of[self._keys[place]]
            at = self._joined.find(sought, self._begins[place + 1])


class Finder:
    """The index of one register in one process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._texts: dict[Sort, _Texts] = {sort: _Texts() for sort in get_args(Sort)}
        self._known = self._batch = 0
        self._shown: set[tuple[str, str]] = set()

    def find(self, connection: Connection, asked: str, within: Collection[str] = ()) -> list[Hit]:
        """At most `MOST` hits, those in these places (codes of towns, villages or collectives) where some are named; nothing for
        an empty question.
        """
        wanted = asked.strip().lower()[:LONGEST]
        if not wanted or _END in wanted:
            return []
        found: dict[tuple[Sort, str], bool] = {}
        with self._lock:
            self._read(connection)
            for sort, thing, is_now in self._called(wanted):
                found[sort, thing] = found.get((sort, thing), False) or is_now
                if len(found) == (MOST_LOOKED_AT if within else MOST):
                    break
            self._forget_later()
        hits = self._told(connection, found)
        inside = lying_within(connection, {hit.thing for hit in hits}, within) if within else None
        here = [hit for hit in hits if inside is None or hit.thing in inside or _within(hit, within)][:MOST]
        of = whose(self._store, connection, [hit.thing for hit in here])
        land = self._land(connection, [hit.thing for hit in here])
        return [
            replace(
                hit,
                village=of[hit.thing].village,
                person=hit.person or of[hit.thing].person,
                told=hit.told if hit.person else f"{of[hit.thing].holder} {hit.told}".strip(),
                land=land.get(hit.thing, ()),
            )
            if hit.thing in of
            else hit
            for hit in here
        ]

    def _called(self, wanted: str) -> Iterator[tuple[Sort, str, bool]]:
        at_the_end = wanted.isdigit() and len(wanted) in _END_OF_A_CODE
        for sort, texts in self._texts.items():
            having = texts.having(wanted, at_the_end=at_the_end and sort == "parcel")
            if sort == "village":
                having = islice((each for each in having if _named_so(each[1], wanted)), MOST_VILLAGES)
            yield from ((sort, thing, is_now) for thing, _, is_now in having)

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
            self._texts = {sort: _Texts() for sort in get_args(Sort)}
            self._known, self._batch, self._shown = 0, 0, set()

    def _read(self, connection: Connection) -> None:
        """What was entered since the index was read last."""
        now = size(connection)
        if now == self._known:
            return
        since = {"since": self._known}
        for place, name in _villages_since(connection, self._known):
            self._texts["village"].add(place, f"{name.lower()}\n{initials(short_name(self._store, name))}")
        for person, names in parties.names_since(connection, self._store.vault, self._known).items():
            for name in names:
                self._texts["person"].add(person, f"{name.lower()}\n{initials(name)}", now=name == names[-1])
        later: sa.BindParameter[int] = sa.bindparam("since")
        for row in connection.execute(sa.select(_P.thing_id, _P.code).where(_P.cause_idx >= later).distinct(), since):
            self._texts["parcel"].add(row.thing_id, row.code.lower())
        numbers = sa.select(_R.thing_id, *(_R[name] for name in _NUMBERS)).where(_R.cause_idx >= later).distinct()
        for right, *texts in connection.execute(numbers, since):
            self._texts["right"].add(right, "\n".join(text.lower() for text in texts if text))
        self._batch, pages = records.fields_since(connection, self._store.vault, _BOOK, self._batch)
        for code, fields in pages:
            if number := fields.get(_OLD_NUMBER):
                self._texts["paper"].add(code, number.lower())
        self._known = now

    def _forget_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(FORGOTTEN_AFTER_S, self.close)
        self._timer.daemon = True
        self._timer.start()

    def _told(self, connection: Connection, found: Mapping[tuple[Sort, str], bool]) -> list[Hit]:
        day, known, words = china.today(self._store), size(connection), causes.thing_words()
        people = [thing for sort, thing in found if sort == "person"]
        named = parties.identities(connection, self._store.vault, people)
        listed = holdings_read.listed_in(connection, people, valid_at=day, known_at=known)
        rights = read_chains(connection, RIGHT, [thing for sort, thing in found if sort == "right"])
        of_papers = _rights_of(connection, [code for sort, code in found if sort == "paper"], day, known)
        places = parties.organisations(connection, [thing for sort, thing in found if sort == "village"])
        lots = [thing for sort, thing in found if sort == "parcel"]
        parcels = {state.parcel_id: state for state in parcels_read.by_ids(connection, lots, valid_at=day, known_at=known)}
        hits: list[Hit] = []
        for (sort, thing), by_now in found.items():
            if sort == "person":
                who = named[thing]
                told = f"{masks.shown('name', who.name)} {masks.shown('birth_year', who.id_number)}".strip()
                of_them = [(holding, code) for person, holding, code in listed if person == thing]
                hits += [Hit(holding, words["holding"], code, told, thing, former=not by_now) for holding, code in of_them]
            elif sort == "village":
                place = places[thing]
                hits.append(Hit(thing, VILLAGE, place.code, short_name(self._store, place.name)))
            elif sort == "paper":
                hits += [Hit(right, words[word], code, number) for right, word, code, number in of_papers.get(thing, ())]
            elif sort == "parcel":
                hits += [Hit(thing, words["parcel"], parcels[thing].code)] if thing in parcels else []
            else:
                head = rights[thing][-1]
                hits.append(Hit(thing, words[head.thing], head.columns["unit_code"], head.columns["certificate_number"]))
        return list(dict.fromkeys(hits))

    def _land(self, connection: Connection, things: Sequence[str]) -> dict[str, tuple[Word, ...]]:
        """What each of these lists holds today, by which a family's two are told apart."""
        at = {"valid_at": china.today(self._store), "known_at": size(connection), "holders": list(things)}
        words, held = causes.thing_words(), defaultdict[str, set[str]](set)
        for holder, thing in ask(connection, _HELD, at):
            held[holder].add(thing)
        return {holder: tuple(word for name, word in words.items() if name in found) for holder, found in held.items()}


def _villages_since(connection: Connection, since: int) -> list[tuple[str, str]]:
    """Every collective of which something was entered at this size of the log or later, by its name; a former one, too."""
    of, party = parties.ORGANISATION.c, parties.PARTY.c
    query = sa.select(of.party_id, of.name).join(parties.PARTY, party.id == of.party_id)
    rows = connection.execute(query.where(party.kind == "collective", of.entry_idx >= since).order_by(of.code))
    return [(row.party_id, row.name) for row in rows]


def _rights_of(connection: Connection, codes: Sequence[str], day: str, known: int) -> dict[str, list[tuple[str, str, str, str]]]:
    """Id, thing word, code and certificate number of each right that stands in a contract of these codes."""
    found = defaultdict[str, list[tuple[str, str, str, str]]](list)
    for right, thing, code, number in ask(connection, _IN_CONTRACTS, {"codes": list(codes), "valid_at": day, "known_at": known}):
        found[code].append((right, thing, code, number))
    return found


def _named_so(text: str, wanted: str) -> bool:
    """A village is called by a part of its name, or by the initials from the first on: half of all initials have a "b"."""
    name, _, letters = text.partition("\n")
    return wanted in name or letters.startswith(wanted)


def _within(hit: Hit, places: Collection[str]) -> bool:
    return hit.what is VILLAGE and any(hit.code.startswith(place) for place in places)


def initials(name: str) -> str:
    """The first letters of the pinyin of a name: dlt for 达楞太."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  (0.16 s to load, and a service may be asked for nobody)

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
