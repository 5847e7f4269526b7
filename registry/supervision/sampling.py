"""How is a month's sample sealed and drawn by the registry: once, in its month, from the list of families that settled?

A family is one settlement that stands, with everybody who settled by it. Its id in the list is a pseudonym of that month
alone, made with the registry's key: two lists can't be laid side by side. Whoever has it sees which household it is only here.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry import china
from registry.holding.read import listed_in
from registry.ledger import drawing
from registry.ledger import read as ledger
from registry.ledger.drawing import HEX, MONTH, Reveal, Seal, month_before, month_of
from registry.ledger.entry import b64u
from registry.ledger.publishing.appending import append_keys
from registry.ledger.tables import LEDGER_ENTRY
from registry.ledger.verify.note import parse_note, verified
from registry.statistics.rules import rules_on as statistics_rules
from registry.statistics.settled import first_of_each, settlements
from registry.store import durable
from registry.supervision.refusals import (
    AnotherNumberError,
    DrawnAlreadyError,
    ListGoneError,
    NothingCosignedError,
    NotSealedError,
    NotTheMonthBeforeError,
    SampleMalformedError,
    SealedAlreadyError,
)
from registry.supervision.rules import rules_on
from registry.witnessing.cosigned import kept_heads, policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.publishing.head import Head
    from registry.store.engines import Store


@dataclass(frozen=True, slots=True)
class Family:
    """One that was drawn: its pseudonym, the settlement's entry and day, the households (承包方编码), how many people."""

    id: str
    event: int
    settled_on: str
    households: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """What the log says of a month: sealed or not, drawn or not; `families` in the order of the draw."""

    month: str
    seal: Seal | None
    reveal: Reveal | None
    families: tuple[Family, ...] = ()


def seal(store: Store, month: str, number_hash: str) -> Seal:
    """Write the hash of the inspector's number for the next month, with the list as it is now. SampleRefusedError."""
    if not MONTH.fullmatch(month) or not HEX.fullmatch(number_hash):
        raise SampleMalformedError
    now = f"{store.clock():%Y-%m-%dT%H:%M:%SZ}"
    if month_before(month) != month_of(now):
        raise NotTheMonthBeforeError(month, month_of(now))
    day = china.today(store)
    with store.reading() as connection:
        raw = drawing.listed(_pseudonyms(store, connection, month, day, ledger.size(connection)))
    made = Seal(-1, now, month, number_hash, raw.count(b"\n"), sha256(raw).hexdigest(), rules_on(day).drawn)

    def judge(connection: Connection) -> None:
        if _said(connection, month)[0] is not None:
            raise SealedAlreadyError(month)
        _write(store, month, raw)

    idx = append_keys(store, [made.line], judge)
    return replace(made, idx=idx)


def draw(store: Store, month: str, number: str) -> Sample:
    """Reveal the number in its month and draw by the month's first cosigned head; once. SampleRefusedError, NoWitnessError."""
    if not MONTH.fullmatch(month) or not HEX.fullmatch(number):
        raise SampleMalformedError
    with store.reading() as connection:
        sealed, _ = _said(connection, month)
    if sealed is None or not sealed.in_time:
        raise NotSealedError(month)
    if drawing.hash_of(number) != sealed.number_hash:
        raise AnotherNumberError
    now = month_of(f"{store.clock():%Y-%m-%dT%H:%M:%SZ}")
    head = _first_cosigned(store, month, sealed.idx)
    if now != month or head is None:
        raise NothingCosignedError(month, now)
    line = Reveal(-1, "", month, number, head.checkpoint.size).line

    def judge(connection: Connection) -> None:
        if _said(connection, month)[1] is not None:
            raise DrawnAlreadyError(month)
        _write(store, f"{month}.checkpoint", head.raw)

    append_keys(store, [line], judge)
    return sample(store, month)


def sample(store: Store, month: str) -> Sample:
    """What the log says of a month, with the families where they were drawn. ListGoneError."""
    with store.reading() as connection:
        sealed, revealed = _said(connection, month)
        if sealed is None or revealed is None:
            return Sample(month, sealed, None)
        folder = store.settings.published / drawing.FOLDER
        try:
            ids = drawing.read_list((folder / month).read_bytes(), sealed)
            note = (folder / f"{month}.checkpoint").read_bytes()
        except OSError:
            ids, note = None, b""
        if ids is None:
            raise ListGoneError(month)
        places = drawing.draw(parse_note(note).text.encode(), revealed.number, sealed.n, sealed.k)
        return Sample(month, sealed, revealed, _families(store, connection, month, [ids[place] for place in places]))


def _said(connection: Connection, month: str) -> tuple[Seal | None, Reveal | None]:
    """The first seal and the first reveal of a month."""
    entries = connection.execute(
        sa.select(LEDGER_ENTRY.c.idx, LEDGER_ENTRY.c.leaf).where(LEDGER_ENTRY.c.cls == "K").order_by(LEDGER_ENTRY.c.idx)
    )
    read = ((idx, json.loads(leaf)) for idx, leaf in entries)
    found = [one for idx, entry in read for one in drawing.read_lines(idx, entry["at"], entry["vkeys"]) if one.month == month]
    seals = (one for one in found if isinstance(one, Seal))
    reveals = (one for one in found if isinstance(one, Reveal))
    return next(seals, None), next(reveals, None)


def _first_cosigned(store: Store, month: str, after: int) -> Head | None:
    """Of the heads that have the seal in them, the one that a witness signed first in the month."""
    keys = list(policy(store).witnesses.values())
    found = []
    for head in kept_heads(store):
        times = [drawing.instant(signed.time or 0) for signed in verified(head.note, keys)]
        in_month = [at for at in times if month_of(at) == month]
        if in_month and head.checkpoint.size > after:
            found.append((min(in_month), head.checkpoint.size, head))
    return min(found, key=lambda each: each[:2])[2] if found else None


def _settled(connection: Connection, day: str, known_at: int) -> dict[int, tuple[str, list[str]]]:
    """The settlements that stand: day, people; a person by their first."""
    of_event: dict[int, tuple[str, list[str]]] = {}
    since = statistics_rules(day).since
    found = first_of_each(settlements(connection, since=since, valid_at=day, known_at=known_at))
    for one in found.values():
        of_event.setdefault(one.event, (one.day, []))[1].append(one.person_id)
    return of_event


def _pseudonym(store: Store, month: str, event: int) -> str:
    return b64u(store.vault.blind("sample", f"{month} {event}"))


def _pseudonyms(store: Store, connection: Connection, month: str, day: str, known_at: int) -> list[str]:
    return [_pseudonym(store, month, event) for event in _settled(connection, day, known_at)]


def _families(store: Store, connection: Connection, month: str, drawn: Sequence[str]) -> tuple[Family, ...]:
    """Who the pseudonyms are, as the register is now; a settlement that was cancelled since has no people any more."""
    day, size = china.today(store), ledger.size(connection)
    settled = _settled(connection, day, size)
    events = {_pseudonym(store, month, event): event for event in settled}
    people = {person for name in drawn if name in events for person in settled[events[name]][1]}
    households: dict[str, set[str]] = defaultdict(set)
    for person, _, code in listed_in(connection, people, valid_at=day, known_at=size):
        households[person].add(code)
    found = []
    for name in drawn:
        event = events.get(name, -1)
        on, of = settled.get(event, ("", []))
        codes = sorted({code for person in of for code in households[person]})
        found.append(Family(name, event, on, tuple(codes), tuple(sorted(of))))
    return tuple(found)


def _write(store: Store, name: str, raw: bytes) -> None:
    """Before the entry that names it: a file without its entry is written again, an entry without its file could not be."""
    folder = store.settings.published / drawing.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    durable.write(folder / name, raw, durable=store.settings.durable)

