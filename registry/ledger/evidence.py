"""What stands behind an act: when it was recorded, whose will, which papers, which payment?

Names are masked here already: whoever explains a change must not be able to leak one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from registry.ledger.position import seal_place
from registry.ledger.tables import LEDGER_ENTRY, OPENING
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.store.asking import Rows
    from registry.store.engines import Store

# So many digests are asked about in one statement.
_TOGETHER = 500
_INSTANTS = Question(
    sa.select(LEDGER_ENTRY.c.idx, LEDGER_ENTRY.c.recorded_at).where(among(LEDGER_ENTRY.c.idx, "entries"))
)
_OF_ENTRY = (
    sa.select(OPENING.c.subject, OPENING.c.path, OPENING.c.sealed)
    .join(LEDGER_ENTRY, LEDGER_ENTRY.c.leaf_hash == OPENING.c.subject)
    .where(LEDGER_ENTRY.c.idx == sa.bindparam("entry"))
)
_OF_PATH = Question(
    sa.select(LEDGER_ENTRY.c.idx, OPENING.c.subject, OPENING.c.path, OPENING.c.sealed)
    .join(OPENING, OPENING.c.subject == LEDGER_ENTRY.c.leaf_hash)
    .where(among(LEDGER_ENTRY.c.idx, "entries"), OPENING.c.path == sa.bindparam("path"))
)
_OPENINGS, _STATED = Question(_OF_ENTRY), Question(_OF_ENTRY.where(OPENING.c.path == "event.unchanged"))


@dataclass(frozen=True, slots=True)
class Behind:
    """What an act carried: its basis in words, persons whose will, payment in yuan.

    `sources` are the content hashes of its papers, `wills` (person, content hash, who signed for them or None), `bureau` where
    it was recorded.
    """

    papers: tuple[str, ...]
    persons: tuple[str, ...]
    payment: str | None
    sources: tuple[str, ...] = ()
    wills: tuple[tuple[str, str, str | None], ...] = ()
    bureau: str = ""


def instants(connection: Connection, entries: Iterable[int]) -> dict[int, str]:
    """When each entry was recorded, UTC to the second ("…Z")."""
    rows = ask(connection, _INSTANTS, {"entries": sorted(entries)})
    return {row[0]: row[1] for row in rows}


def behind(store: Store, connection: Connection, entry: int) -> Behind:
    """The opened fields of an act; what was erased is left out."""
    opened = _open(store, ask(connection, _OPENINGS, {"entry": entry}))
    basis = opened.get("act.basis") or ""
    papers = tuple(p for p in (basis,) if p)
    wills = [value for path, value in sorted(opened.items()) if path.startswith("evidence.") and value]
    return Behind(
        papers,
        tuple(will[0] for will in wills),
        opened.get("act.payment") or None,
        tuple(opened.get("act.sources") or ()),
        tuple((will[0], will[1], will[2]) for will in wills),
        opened["act.desk"][1] if opened.get("act.desk") else "",
    )


def payments(store: Store, connection: Connection, entries: Iterable[int]) -> dict[int, str]:
    """What each act says was paid, yuan as text; one that says nothing, or whose opening was erased, is absent."""
    return _stated_by(store, connection, entries, "act.payment")


def bases(store: Store, connection: Connection, entries: Iterable[int]) -> dict[int, str]:
    """What each act rests on, in the register's words; one that says nothing, or whose opening was erased, is absent."""
    return _stated_by(store, connection, entries, "act.basis")


def _stated_by(store: Store, connection: Connection, entries: Iterable[int], path: str) -> dict[int, str]:
    rows = ask(connection, _OF_PATH, {"entries": sorted(set(entries)), "path": path})
    return {row[0]: said for row in rows if (said := _open(store, [row[1:]])[path])}


def stated(store: Store, connection: Connection, entry: int, person_id: str) -> dict[str, str]:
    """What a household event stated to be a person's: id and thing word; nothing where that was erased."""
    return stated_in(store, ask(connection, _STATED, {"entry": entry}), person_id)


def stated_in(store: Store, rows: Rows, person_id: str) -> dict[str, str]:
    """`stated` from subject, path and sealed value of the event's opening, where the caller asked for it."""
    told = _open(store, rows).get("event.unchanged") or []
    return {thing_id: thing for person, things in told if person == person_id for thing_id, thing in things}


def texts_of(store: Store, connection: Connection, subjects: Iterable[bytes], path: str) -> dict[bytes, Any]:
    """What each digest committed under a path, opened: names in clear. What was erased is absent.

    For papers that are made on the register's own machine, each of which is logged; no answer over HTTP comes from here.
    """
    wanted, found = list(dict.fromkeys(subjects)), {}
    for start in range(0, len(wanted), _TOGETHER):
        some = wanted[start : start + _TOGETHER]
        query = sa.select(OPENING.c.subject, OPENING.c.sealed).where(OPENING.c.path == path, OPENING.c.subject.in_(some))
        for subject, sealed in connection.execute(query):
            key = bytes(subject)
            found[key] = orjson.loads(store.vault.open(bytes(sealed), seal_place(key, path)))
    return found


def _open(store: Store, rows: Rows) -> dict[str, Any]:
    return {path: orjson.loads(store.vault.open(sealed, seal_place(subject, path))) for subject, path, sealed in rows}
