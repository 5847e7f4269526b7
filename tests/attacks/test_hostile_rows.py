"""What does somebody at the desk, or at the police's counter, get who forges entries and versions by hand?

Each attack is a lawful transaction with one thing changed; the control shows that the unchanged one goes in, so that
the refusal is for that one thing. SQLSTATEs: 23001 our guards, 23502 not null, 23503 key, 23505 unique, 23514 check.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from registry.audit.report import audit_view
from registry.ledger.entry import h_leaf, s_leaf
from registry.ledger.position import position
from registry.ledger.status import EVENT_PATHS, StatusSession, append_status_event
from tests.attacks.forgery import (
    entry_row,
    forged_leaf,
    last_version,
    next_version,
    put,
    put_act,
    put_state,
)
from tests.attacks.refusals import APPEND_ONLY, NO_PRIVILEGE, fingerprint, refusal, says

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from registry.audit.rows import Stored
    from registry.store.engines import Store
    from tests.registry.made_up import Village

DIGEST = os.urandom(32)
KEY, CHECK, NOT_NULL, UNIQUE = "23503", "23514", "23502", "23505"
ON_SQLITE = {
    KEY: "FOREIGN KEY constraint failed",
    CHECK: "CHECK constraint failed",
    NOT_NULL: "NOT NULL constraint failed",
    UNIQUE: "the row exists",
}


def forge(connection: Connection, village: Village, changes: Stored, table: str = "holding_version") -> None:
    """One act with one version of the family's holding (or of its right to the grassland), one thing changed."""
    thing_id = {"holding_version": village.holding, "right_version": village.rights["contract-grass"]}[table]
    idx = put_act(connection, DIGEST)
    row = next_version(last_version(connection, table, thing_id), idx, DIGEST)
    put(connection, table, row | {name: _value(value, row) for name, value in changes.items()})
    put_state(connection)


def _value(value: Any, row: Stored) -> Any:  # noqa: ANN401  (of any column)
    return value(row) if callable(value) else value


def said(store: Store, session: Any, attack: Callable[[Connection], object]) -> str:  # noqa: ANN401
    """Who refused, and that nothing changed."""
    before = fingerprint(store)
    found = refusal(store, session, attack)
    assert fingerprint(store) == before
    return found


@pytest.mark.parametrize("table", ["holding_version", "right_version"])
def test_forged_transaction_with_nothing_wrong_goes_in(history: Store, village: Village, table: str) -> None:
    """The control: without the one change the database takes the transaction (and the audit would name it)."""
    with history.engine("desk").connect() as connection:
        forge(connection, village, {}, table)
        if history.on_postgresql:
            connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        connection.rollback()


FORGED_VERSIONS: dict[str, tuple[Stored, str, str]] = {
    "a fork: the same number twice": (
        {"ver": lambda r: r["ver"] - 1, "next_ver": lambda r: r["ver"], "prev_ver": lambda r: r["ver"] - 2},
        UNIQUE,
        "the row exists",
    ),
    "a fork: the predecessor's predecessor": ({"prev_ver": lambda r: r["prev_ver"] - 1}, CHECK, "no_fork"),
    "a number skipped": (
        {"ver": lambda r: r["ver"] + 1, "next_ver": lambda r: r["ver"] + 2, "prev_ver": lambda r: r["ver"]},
        KEY,
        "",
    ),
    "a next number that is not the next": ({"next_ver": lambda r: r["ver"] + 7}, CHECK, "counts_on"),
    "an older position cited": (
        {"cause_idx": lambda r: r["prev_cause_idx"], "cause_kind": "member-added", "cause_from": "0001-01-01"},
        APPEND_ONLY,
        "older entry",
    ),
    "a NULL predecessor": ({"prev_ver": None, "prev_cause_idx": None}, CHECK, "no_fork"),
    "another predecessor's entry": ({"prev_cause_idx": 1}, KEY, ""),
    "an end written as valid_to": ({"valid_to": "2030-01-01"}, KEY, ""),
    "a cause without its position": ({"cause_idx": None}, NOT_NULL, ""),
    "a cause without its class": ({"cause_cls": None}, NOT_NULL, ""),
    "a cause without its kind": ({"cause_kind": None}, NOT_NULL, ""),
    "a cause of class H": ({"cause_cls": "H"}, CHECK, "caused_by_an_act"),
    "a cause that is not the entry's": ({"cause_kind": "clerical-slip"}, KEY, ""),
    "a household event as the cause": ({"cause_kind": "settled-in-banner"}, KEY, ""),
    "a window that is not on the list": ({"cause_from": "2001-01-01"}, KEY, ""),
    "a day before the window": ({"cause_from": "2020-06-02"}, CHECK, "in_force"),
    "a day that is no first day of the act": ({"valid_from": "2020-06-02"}, CHECK, "begins_with"),
    "a stretch without days": ({"valid_to": "2020-06-01"}, CHECK, "has_days"),
    "another thing's word": ({"thing": "parcel"}, CHECK, "its_own_things"),
    "a thing that is not there": ({"thing_id": "0" * 32}, KEY, ""),
    "a digest too short": ({"digest": b"short"}, CHECK, "32_bytes"),
    "an unknown status": ({"status": "gone"}, CHECK, "status_is_known"),
}


def test_last_years_entry_cited_again_is_refused(history: Store, village: Village) -> None:
    """An act of 2016 lends its position to nothing written later, not even to the next version of its own chain."""

    def attack(connection: Connection) -> None:
        put_act(connection, DIGEST)
        forest = last_version(connection, "right_version", village.rights["contract-forest"])
        row = next_version(forest, forest["cause_idx"], DIGEST, "first-registration")
        put(connection, "right_version", row)
        put_state(connection)

    found = said(history, "desk", attack)
    assert found == APPEND_ONLY or "older entry" in found


@pytest.mark.parametrize("item", FORGED_VERSIONS)
def test_forged_version_is_refused(history: Store, village: Village, item: str) -> None:
    """One column of a version that no act would write so."""
    changes, state, words = FORGED_VERSIONS[item]
    found = said(history, "desk", lambda connection: forge(connection, village, changes))
    if history.on_postgresql:
        # A thing's own words are judged before its key, a key before the guards of the statement.
        assert found == state
    else:
        assert words in found
        assert state == APPEND_ONLY or ON_SQLITE[state] in found


def _follows(**changes: Any) -> Stored:  # noqa: ANN401  (of any column)
    """A mortgage's stretch of the right: it rests on the version before and repeats its terms."""
    burden: Stored = {
        "effect": "follows",
        "cause_kind": "mortgaged",
        "cause_from": "2019-01-01",
        "cause_until": "9999-12-31",
        "base_ver": lambda r: r["ver"] - 1,
        "same_terms": lambda r: r["terms_digest"],
    }
    return burden | changes


MORTGAGES: dict[str, tuple[Stored, str, str]] = {
    "ends the right": (_follows(status="ended"), KEY, ""),
    "moves the right": (
        _follows(
            holder_id=lambda r: r["unit_id"],
            party_id=None,
            holding_id=lambda r: r["unit_id"],
        ),
        KEY,
        "",
    ),
    "alters a term": (_follows(terms_digest=b"\x00" * 32), CHECK, "alters_no_term"),
    "alters a term on both sides": (_follows(terms_digest=b"\x00" * 32, same_terms=b"\x00" * 32), KEY, ""),
    "begins a right": (
        _follows(ver=1, next_ver=2, prev_ver=None, prev_cause_idx=None, base_ver=1, thing_id="new"),
        CHECK,
        "earlier_version",
    ),
    "rests on nothing": (_follows(base_ver=None), CHECK, "cites_what_it_lies_on"),
    "rests on what is not in force": (_follows(base_ver=1), APPEND_ONLY, "in force on its first day"),
}


@pytest.mark.parametrize("item", MORTGAGES)
def test_mortgage_that_does_more_than_burden_is_refused(history: Store, village: Village, item: str) -> None:
    """A version made by a burden repeats the terms, holder and status of what it lies on: causes.md, `follows`."""
    changes, state, words = MORTGAGES[item]

    def attack(connection: Connection) -> None:
        idx = put_act(connection, DIGEST, "mortgaged")
        row = next_version(last_version(connection, "right_version", village.rights["contract-grass"]), idx, DIGEST)
        if item == "begins a right":
            put(connection, "thing", {"id": "new", "thing": "contract-grass"})
        put(connection, "right_version", row | {name: _value(value, row) for name, value in changes.items()})
        put_state(connection)

    found = said(history, "desk", attack)
    if history.on_postgresql:
        assert found in {state, APPEND_ONLY}
    else:
        assert (words in found and (state == APPEND_ONLY or ON_SQLITE[state] in found)) or "in force" in found


@pytest.mark.parametrize("ver", [5, 2])
def test_first_version_with_another_number_than_one_is_refused(history: Store, village: Village, ver: int) -> None:
    """A chain begins with 1, or it began somewhere that nobody can see."""

    def attack(connection: Connection) -> None:
        put(connection, "thing", {"id": "new", "thing": "holding"})
        idx = put_act(connection, DIGEST)
        row = next_version(last_version(connection, "holding_version", village.holding), idx, DIGEST)
        first = {"thing_id": "new", "ver": ver, "next_ver": ver + 1, "prev_ver": None, "prev_cause_idx": None}
        put(connection, "holding_version", row | first)

    found = said(history, "desk", attack)
    assert found == CHECK or "no_fork_and_no_gap" in found


def test_co_holder_added_to_an_old_list_is_refused(history: Store, village: Village) -> None:
    """A list is closed when its transaction is: by the old entry it is too late, by a new one it is another list."""
    for fresh in (False, True):

        def attack(connection: Connection, fresh: bool = fresh) -> None:
            idx = put_act(connection, DIGEST)
            line = {"thing_id": village.holding, "ver": 1, "cause_idx": idx if fresh else 1, "pos": 5}
            line |= {"person_id": village.people[0], "relation": "99", "co_holder": 1, "remark": "", "alive": 1}
            put(connection, "holding_member", line)
            put_state(connection)

        found = said(history, "desk", attack)
        assert found == (KEY if fresh else APPEND_ONLY) or ("FOREIGN KEY" if fresh else "older entry") in found


def test_right_put_into_the_parcels_table_is_refused(history: Store, village: Village) -> None:
    """A table holds its own things: a right hidden among parcels would be read by nobody."""

    def attack(connection: Connection) -> None:
        idx = put_act(connection, DIGEST)
        row = next_version(last_version(connection, "parcel_version", village.parcels["grass"]), idx, DIGEST)
        right = {"thing": "contract-grass", "thing_id": village.rights["contract-grass"]}
        put(connection, "parcel_version", row | right | {"ver": 99, "next_ver": 100, "prev_ver": 98})

    found = said(history, "desk", attack)
    assert found == CHECK or "its_own_things" in found


FORGED_ENTRIES: dict[str, tuple[Stored, set[str], str]] = {
    "another class than the leaf's": (
        {"cls": "K", "kind": None, "closed_by": None, "closes": None},
        {APPEND_ONLY},
        "class",
    ),
    "another kind than the leaf's": ({"kind": "exited"}, {APPEND_ONLY}, "kind"),
    "a hash of something else": ({"leaf_hash": b"\x00" * 32}, {APPEND_ONLY}, "hash"),
    "another leaf than the hash's": ({"leaf": '{"cls":"R","kind":"record-corrected"}'}, {APPEND_ONLY}, "hash"),
    "a number again": ({"idx": 1}, {APPEND_ONLY}, "without gap"),
    "a number skipped": ({"idx": 9_999, "closed_by": 10_000}, {APPEND_ONLY}, "without gap"),
    "a time before the last": ({"recorded_at": "2001-01-01T00:00:00Z"}, {APPEND_ONLY}, "never goes back"),
    "an act that nothing closes": ({"closed_by": None, "closes": None}, {CHECK}, "closed_by_a_state"),
    "an act closed by an act": ({"closes": "R"}, {CHECK}, "only_a_state"),
    "an act without a kind": ({"kind": None}, {APPEND_ONLY, CHECK}, "kind"),
}


@pytest.mark.parametrize("item", FORGED_ENTRIES)
def test_entry_whose_columns_differ_from_its_leaf_is_refused(history: Store, item: str) -> None:
    """What the keys point at (class, kind, position) is what the leaf says, or the log proves nothing about rows."""
    changes, states, words = FORGED_ENTRIES[item]

    def attack(connection: Connection) -> None:
        end = position(connection)
        put(connection, "ledger_entry", entry_row(end, forged_leaf(end, DIGEST)) | changes)
        put_state(connection)

    found = said(history, "desk", attack)
    assert found in states or words in found


def test_act_left_without_its_state_is_refused_at_commit(history: Store) -> None:
    """An R without its S: a later transaction could write under an act left open."""
    found = said(history, "desk", lambda connection: put_act(connection, DIGEST))
    assert found == KEY or ON_SQLITE[KEY] in found


def test_entry_whose_class_is_updated_is_refused(history: Store) -> None:
    """An event made an act after the fact would lend its position to a version."""
    for session in ("desk", "status"):
        found = said(history, session, says("UPDATE ledger_entry SET cls = 'R' WHERE cls = 'H'"))
        assert found == NO_PRIVILEGE or "not authorized" in found


def _event(connection: Connection, leaf: bytes | None = None) -> None:
    end = position(connection)
    made = leaf or h_leaf(end.at or "", end.st or "", [os.urandom(32)] * 12)
    row = entry_row(end, made, cls="H", kind="moved-within", closed_by=None, closes=None)
    put(connection, "ledger_entry", row)


def test_event_without_the_last_state_is_refused(history: Store) -> None:
    """P2 in the database: an H without st, with another st, or with versions of its own, goes in nowhere."""
    with history.reading() as connection:
        end = position(connection)
    at, st = end.at or "", end.st or ""
    whole = h_leaf(at, st, [os.urandom(32)] * 12).decode()
    for leaf in (
        whole.replace(f',"st":"{st}"', ""),
        whole.replace(st, "A" * 43),
        whole.replace('"rv":[]', f'"rv":["{"A" * 43}"]'),
        whole.replace('"rv":[],', ""),
    ):
        found = said(history, "status", partial(_event, leaf=leaf.encode()))
        assert found == APPEND_ONLY or "an event" in found


def test_session_that_appends_another_class_than_its_own_is_refused(history: Store) -> None:
    """The status session appends events only, the desk never one: lock 3 in the values."""
    found = said(history, "desk", _event)
    assert found == NO_PRIVILEGE or "only the status session" in found
    for attack in (lambda c: put_act(c, DIGEST), put_state):
        found = said(history, "status", attack)
        assert found == NO_PRIVILEGE or "only the desk session" in found


def test_event_that_replaces_another_by_its_key_is_refused(history: Store) -> None:
    """INSERT OR REPLACE finds a row by any unique column, not by the primary key alone."""
    if history.on_postgresql:
        pytest.skip("PostgreSQL has no REPLACE; ON CONFLICT needs UPDATE")

    def attack(connection: Connection) -> None:
        session = StatusSession(history, connection)
        idx = append_status_event(session, "moved-within", dict.fromkeys(EVENT_PATHS, ""))
        columns = "event_idx, cls, kind, event_day, event_key, cancels_idx"
        old = "SELECT event_key FROM household_event WHERE event_idx NOT IN (SELECT event_idx FROM household_event_person)"
        key = connection.exec_driver_sql(f"{old} UNION ALL SELECT event_key FROM household_event").scalar()
        statement = (
            f"INSERT OR REPLACE INTO household_event ({columns}) VALUES (?, 'H', 'moved-within', '2020-01-01', ?, NULL)"
        )
        connection.exec_driver_sql(statement, (idx, key))

    assert "the row exists" in said(history, "status", attack)


def test_value_put_where_one_was_erased_is_refused(history: Store) -> None:
    """What was erased stays erased."""

    def attack(connection: Connection) -> None:
        subject, path = connection.execute(sa.text("SELECT subject, path FROM erasure")).one()
        put(connection, "opening", {"subject": bytes(subject), "path": path, "salt": DIGEST, "sealed": b"x"})

    for session in ("desk", "status"):
        found = said(history, session, attack)
        assert found == APPEND_ONLY or "was erased" in found


def test_state_written_by_hand_that_hides_a_change_is_refused_or_named(history: Store) -> None:
    """A desk may append an S of its own; a false one breaks P3 for everybody who replays the log."""
    with history.engine("desk").connect() as connection:
        end = position(connection)
        leaf = s_leaf(end.at or "", "A" * 43)
        put(connection, "ledger_entry", entry_row(end, leaf, cls="S", kind=None, closed_by=None, closes=None))
        found = audit_view(history, connection).findings
        connection.rollback()
    assert any(each.table == "ledger_entry" and each.entry_idx == end.size for each in found)
