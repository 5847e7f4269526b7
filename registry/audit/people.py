"""Is everybody who the acts and events say they are: parties, identities, organisations?

An act commits the name and number of whoever it names for the first time, an event those that it learned. Names and
numbers are compared here and never repeated in a finding.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.audit.rows import Stored, disagreement, stored
from registry.parties import ORGANISATION, PARTY, PERSON_IDENTITY, candidate_number, place
from registry.store.keys import SealBrokenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from registry.audit.log import Log
    from registry.audit.openings import Opened
    from registry.ledger.check import Disagreement
    from registry.store.keys import Vault

_WITH_NAME = {"collective", "organisation"}


@dataclass(frozen=True, slots=True)
class _Committed:
    """What entries say of people: (name, number) by entry and person; and which entries can still be asked."""

    names: dict[tuple[int, str], tuple[str, str]]
    known: set[int]


def judge_people(connection: Connection, vault: Vault, log: Log, opened: Opened) -> Iterator[Disagreement]:
    """Every party, identity and organisation that disagrees, then every committed person without a row."""
    kinds = {row["id"]: row for row in stored(connection, PARTY)}
    committed = _committed(log, opened)
    with_rows: set[tuple[int, str]] = set()
    named: dict[str, int] = {}
    for person, states in _histories(connection, PERSON_IDENTITY, "person_id"):
        named[person] = states[0]["seq"]
        yield from _judge_history(PERSON_IDENTITY, states)
        for row in states:
            with_rows.add((row["entry_idx"], person))
            yield from _judge_identity(vault, log, committed, row)
        yield from _judge_kind(kinds, PERSON_IDENTITY, states[0], person, {"person"})
    for party, states in _histories(connection, ORGANISATION, "party_id"):
        named[party] = states[0]["seq"]
        yield from _judge_history(ORGANISATION, states)
        for row in states:
            yield from _judge_contact(vault, row)
        yield from _judge_kind(kinds, ORGANISATION, states[0], party, _WITH_NAME)
    for party, row in kinds.items():
        if row["kind"] in {"person", *_WITH_NAME} and party not in named:
            yield disagreement(PARTY, row, None, ("kind",), "没有姓名或名称的登记", "nothing says who this party is")
    for idx, person in sorted(committed.names.keys() - with_rows):
        zh, en = "账目所载的人没有引它的身份行", "the entry names this person, and no row of theirs cites it"
        row = {"person_id": person, "seq": named.get(person, 0)}
        yield disagreement(PERSON_IDENTITY, row, idx, ("person_id", "entry_idx"), zh, en)


def _committed(log: Log, opened: Opened) -> _Committed:
    names: dict[tuple[int, str], tuple[str, str]] = {}
    known = set()
    for idx, fields in opened.fields.items():
        cls = log.entries[idx].cls
        people = fields.get("act.people") if cls == "R" else fields.get("event.facts", {}).get("identities")
        if people is not None:
            known.add(idx)
            names |= {(idx, person): (name, number) for person, name, number in people}
    return _Committed(names, known)


def _histories(connection: Connection, table: Table, of: str) -> Iterator[tuple[str, list[Stored]]]:
    """The states of knowledge about each party, in order."""
    found: dict[str, list[Stored]] = defaultdict(list)
    for row in stored(connection, table):
        found[row[of]].append(row)
    yield from found.items()


def _judge_history(table: Table, states: Sequence[Stored]) -> Iterator[Disagreement]:
    entry = -1
    for n, row in enumerate(states):
        if row["seq"] != n + 1 or row["entry_idx"] < entry:
            zh, en = "次序不对: 缺行, 或所引账目被改动", "out of order: a row is missing, or cites another entry"
            yield disagreement(table, row, row["entry_idx"], ("seq", "entry_idx"), zh, en)
        entry = row["entry_idx"]


def _judge_identity(vault: Vault, log: Log, committed: _Committed, row: Stored) -> Iterator[Disagreement]:
    idx, person = row["entry_idx"], row["person_id"]
    entry = log.entries.get(idx)
    try:
        value = json.loads(vault.open(row["sealed"], place("identity", person, row["seq"])))
        name, _, number, _ = value
    except (SealBrokenError, ValueError, TypeError):
        zh, en = "加密的身份打不开", "the sealed identity does not open"
        yield disagreement(PERSON_IDENTITY, row, idx, ("sealed",), zh, en)
        return
    candidate = candidate_number(number)
    indexes = {
        "name_index": vault.blind("name", name),
        "number_index": vault.blind("number", number.upper()),
        "candidate_index": None if candidate is None else vault.blind("number", candidate),
    }
    wrong = [column for column, value in indexes.items() if row[column] != value]
    if wrong:
        zh, en = "查找索引与身份不符", "it would not be found by its own name or number"
        yield disagreement(PERSON_IDENTITY, row, idx, wrong, zh, en)
    # An event's facts name whom it learned more of; of a newcomer they have the id alone.
    newcomer = entry is not None and entry.cls == "H" and row["seq"] == 1
    if idx in committed.known and not newcomer and committed.names.get((idx, person)) != (name, number):
        zh, en = "姓名或号码与账目所载不同", "name or number is not what the entry committed"
        yield disagreement(PERSON_IDENTITY, row, idx, ("sealed", "entry_idx"), zh, en)
    if entry is None or entry.cls not in {"R", "H"}:
        zh, en = "所引账目不是行为或事件", "it cites an entry that is no act and no event"
        yield disagreement(PERSON_IDENTITY, row, idx, ("entry_idx",), zh, en)
    elif not newcomer and row["origin"] != {"R": "survey", "H": "police"}[entry.cls]:
        zh, en = "来源与账目类别不符", "its origin is not that of its entry's class"
        yield disagreement(PERSON_IDENTITY, row, idx, ("origin",), zh, en)


def _judge_contact(vault: Vault, row: Stored) -> Iterator[Disagreement]:
    try:
        vault.open(row["sealed"], place("organisation", row["party_id"], row["seq"]))
    except (SealBrokenError, TypeError):
        zh, en = "加密的联系方式打不开", "the sealed contact does not open"
        yield disagreement(ORGANISATION, row, row["entry_idx"], ("sealed",), zh, en)


def _judge_kind(
    kinds: dict[Any, Stored], table: Table, row: Stored, party: str, expected: set[str]
) -> Iterator[Disagreement]:
    known = kinds.get(party)
    if known is None:
        zh, en = "没有这一主体", "there is no such party"
        yield disagreement(table, row, row["entry_idx"], ("party",), zh, en)
    elif known["kind"] not in expected:
        zh, en = "主体类别与其登记不符", "the kind of this party is not that of its record"
        yield disagreement(PARTY, known, None, ("kind",), zh, en)
