"""Does the database itself take a version for every listed pair of thing and cause, and refuse every other?

Rows are written by SQL in the desk's own session, past all acts, each in a savepoint of one transaction that is undone.
"""

from __future__ import annotations

import datetime as dt
import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from registry.catalogue import NOUN_OF_THING
from registry.law import causes
from registry.law.causes import Cause
from registry.ledger.entry import r_leaf
from registry.ledger.merkle import leaf_hash
from registry.ledger.position import position, second
from registry.ledger.tables import LAWFUL_CAUSE, LEDGER_ENTRY, THINGS
from registry.store.bulk import insert_rows
from registry.store.engines import Store
from tests.causes.things import day_in, thing_ids
from tests.registry.made_up import Village

_OPEN = ("0001-01-01", "9999-12-31")
_LOG = ("idx", "cls", "kind", "leaf", "leaf_hash", "recorded_at", "closed_by", "closes")
Registered = tuple[Store, Village]


class Trial:
    """One transaction of the desk with an R entry for each kind; each version is tried and taken back."""

    def __init__(self, store: Store, connection: Connection, village: Village, kinds: list[str]) -> None:
        self.connection = connection
        self.store = store
        end = position(connection)
        self.entries = {kind: end.size + n for n, kind in enumerate(kinds)}
        rows = []
        for kind, idx in self.entries.items():
            leaf = r_leaf(end.at or "", kind, [secrets.token_bytes(32)], [b"\0" * 32] * 6, [b"\0" * 32] * 4)
            recorded = second(end.recorded_at, store.clock())
            rows.append((idx, "R", kind, leaf.decode(), leaf_hash(leaf), recorded, end.size + len(kinds), "S"))
        insert_rows(connection, LEDGER_ENTRY, _LOG, rows)
        self.newest = {thing: _newest(connection, thing, thing_id) for thing, thing_id in thing_ids(village).items()}

    def refusal(
        self, thing: str, kind: str, effect: str, window: tuple[str, str], day: str, /, **columns: str | int | None
    ) -> str | None:
        """What the database says to a next version of a thing by this cause; None where it takes it."""
        old = self.newest[thing]
        row = {
            **old,
            "ver": old["ver"] + 1,
            "next_ver": old["ver"] + 2,
            "prev_ver": old["ver"],
            "prev_cause_idx": old["cause_idx"],
            "cause_idx": self.entries.get(kind),
            "cause_kind": kind,
            "cause_from": window[0],
            "cause_until": window[1],
            "effect": effect,
            "act_day": day,
            "valid_from": day,
            "valid_to": None,
        }
        if "base_ver" in row:
            follows = effect == "follows"
            row |= {"base_ver": old["ver"] if follows else None, "same_terms": old["terms_digest"] if follows else None}
        point = self.connection.begin_nested()
        try:
            self.connection.execute(sa.insert(NOUN_OF_THING[thing].table).values(**(row | columns)))
        except sa.exc.DBAPIError as refused:
            return str(refused.orig)
        finally:
            point.rollback()
        return None


def test_exactly_the_listed_pairs_are_taken_by_the_database(everything_registered: Registered) -> None:
    """Causes.md, Tests: every pair listed is accepted; every pair not listed is refused by the foreign key."""
    windows: dict[tuple[str, str, str], Cause] = {}
    for cause in causes.lawful_causes():
        windows.setdefault((cause.thing, cause.kind, cause.effect), cause)
    wrong = []
    with _trial(everything_registered, list(causes.kinds())) as trial:
        for thing, kind, effect in itertools.product(THINGS, causes.kinds(), causes.EFFECTS):
            listed = windows.get((thing, kind, effect))
            if listed is not None:
                said = trial.refusal(thing, kind, effect, _window(listed), day_in(listed))
                if said is not None:
                    wrong.append((thing, kind, effect, said))
                continue
            tried = {(_OPEN, "2018-06-01")} | {(_window(w), day_in(w)) for w in windows.values() if w.kind == kind}
            for window, day in tried:
                said = trial.refusal(thing, kind, effect, window, day)
                if said is None or not _by_the_key(said, effect):
                    wrong.append((thing, kind, effect, said or "taken"))
    assert not wrong


def test_no_word_of_class_h_is_taken_as_a_cause(everything_registered: Registered) -> None:
    """Causes.md: no household event is here: not as the kind of an act, not as an entry of its own class."""
    words = list(causes.status_kinds())
    with _trial(everything_registered, words) as trial:
        event = trial.connection.execute(sa.select(LEDGER_ENTRY).where(LEDGER_ENTRY.c.cls == "H").limit(1)).one()
        for thing, kind in itertools.product(THINGS, words):
            assert trial.refusal(thing, kind, "own", _OPEN, "2018-06-01") is not None
        for thing in THINGS:
            for cls in ("R", "H"):
                cited = {"cause_idx": event.idx, "cause_cls": cls, "cause_kind": event.kind}
                assert trial.refusal(thing, words[0], "own", _OPEN, "2018-06-01", **cited) is not None


def test_each_dated_row_holds_from_its_first_day_to_the_day_before_its_last(everything_registered: Registered) -> None:
    """Causes.md, Tests: each dated row on the day before, of and after, by the database's own check."""
    one = dt.timedelta(days=1)
    dated = [
        c
        for c in causes.lawful_causes()
        if c.effect == "own" and (c.in_force_from.year > 1 or c.in_force_until.year < 9999)
    ]
    assert dated
    with _trial(everything_registered, list(causes.kinds())) as trial:
        for cause in dated:
            window = _window(cause)
            for edge in (cause.in_force_from, cause.in_force_until):
                if edge.year in {1, 9999}:
                    continue
                for day in (edge - one, edge, edge + one):
                    said = trial.refusal(cause.thing, cause.kind, "own", window, day.isoformat())
                    assert (said is None) == cause.holds_on(day), (cause.thing, cause.kind, day, said)


def test_the_table_is_the_list_row_by_row(everything_registered: Registered) -> None:
    """Ledger section 7: lawful_cause is filled from one file, and what it says of consent and payment is the list's."""
    store, _ = everything_registered
    with store.reading() as connection:
        rows = connection.execute(sa.select(LAWFUL_CAUSE)).all()
    stored = {
        (
            r.thing,
            r.kind,
            str(r.in_force_from),
            str(r.in_force_until),
            r.effect,
            r.needs_consent,
            r.needs_payment,
            r.review,
        )
        for r in rows
    }
    listed = {
        (
            c.thing, c.kind, c.in_force_from.isoformat(), c.in_force_until.isoformat(), c.effect,
            int(c.needs_consent), int(c.needs_payment), int(c.review),
        )
        for c in causes.lawful_causes()
    }  # fmt: skip
    assert stored == listed
    assert len(rows) == len(listed)


@pytest.mark.parametrize(
    "column", ["cause_idx", "cause_cls", "cause_kind", "cause_from", "cause_until", "effect", "thing"]
)
def test_a_version_without_its_cause_is_refused(everything_registered: Registered, column: str) -> None:
    """Ledger section 7: a NULL passes a CHECK and unhooks a whole key: no cause column may be NULL."""
    with _trial(everything_registered, ["record-corrected"]) as trial:
        for thing in THINGS:
            assert trial.refusal(thing, "record-corrected", "own", _OPEN, "2018-06-01", **{column: None}) is not None


@contextmanager
def _trial(everything: Registered, kinds: list[str]) -> Iterator[Trial]:
    store, village = everything
    with store.writing("desk") as connection:
        yield Trial(store, connection, village, kinds)
        connection.rollback()


def _newest(connection: Connection, thing: str, thing_id: str) -> dict[str, Any]:
    table = NOUN_OF_THING[thing].table
    query = sa.select(table).where(table.c.thing_id == thing_id).order_by(table.c.ver.desc()).limit(1)
    row = dict(connection.execute(query).mappings().one())
    row.pop("fid", None)
    return row


def _window(cause: Cause) -> tuple[str, str]:
    return cause.in_force_from.isoformat(), cause.in_force_until.isoformat()


def _by_the_key(said: str, effect: str) -> bool:
    """The key into the list refuses; of a burden, what a burden may be and lie on may be asked first."""
    first = ("check constraint", "a burden lies on the state in force")
    return "foreign key" in said.lower() or (effect == "follows" and any(word in said.lower() for word in first))
