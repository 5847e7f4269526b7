"""What does the police desk state of a person beside name, number and sex: 民族 and 文化程度, since when?

*Particulars* come with a household event, of whichever kind, or with one of their own (particulars-recorded). They are codes
of GB/T 3304 and GB/T 4658 (`particulars.toml`), sealed, and leave the register in figures only. What was not stated is not
known: nothing is inferred, from a name, a place or a parent. They are no part of what a right is compared by.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table

from registry.errors import SanquanError
from registry.residence import HOUSEHOLD_EVENT
from registry.store.among import among
from registry.store.asking import Question, ask
from registry.store.schema import METADATA, day_check
from registry.store.sealing import opened_row, sealed_row
from registry.store.types import Bytes, Day, Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store
    from registry.store.keys import Vault

PARTICULARS = Table(
    "person_particulars",
    METADATA,
    Column("person_id", Words, nullable=False),
    Column("seq", Whole, nullable=False),
    Column("event_idx", Whole, nullable=False),
    Column("valid_from", Day, nullable=False),
    Column("sealed", Bytes, nullable=False),
    PrimaryKeyConstraint("person_id", "seq"),
    ForeignKeyConstraint(["event_idx"], ["household_event.event_idx"], name="particulars_cite_their_event"),
    ForeignKeyConstraint(["person_id"], ["party.id"], name="particulars_are_of_a_person"),
    *day_check("person_particulars", "valid_from"),
)

_FILE = Path(__file__).with_suffix(".toml")
_MEMORY = "particulars"
_NAMES = ("person_id", "seq", "event_idx", "valid_from", "sealed")


def _begun(*of: sa.ColumnElement[bool]) -> Question:
    """What was stated by a day, as known at a size of the log, in the order in which it counts; cancelled events left out."""
    known, cancelling = sa.bindparam("known", type_=Whole), HOUSEHOLD_EVENT.alias()
    row = PARTICULARS.c
    annulled = sa.exists().where(cancelling.c.cancels_idx == row.event_idx, cancelling.c.event_idx < known)
    begun = row.valid_from <= sa.bindparam("day", type_=Day)
    query = sa.select(*(row[name] for name in _NAMES)).where(row.event_idx < known, begun, ~annulled, *of)
    return Question(query.order_by(row.valid_from, row.event_idx, row.seq))


_OF_ALL = _begun()
_OF_SOME = _begun(among(PARTICULARS.c.person_id, "persons"))


class UnknownParticularError(SanquanError):
    """Raised when a code is in no list. The code is not repeated."""

    def __init__(self, field: str, zh: str, standard: str) -> None:
        """Which field, and which standard has its codes."""
        super().__init__(f"{zh}({field})写 {standard} 的代码, 不知道就空着", f"{field} is a code of {standard}, or left empty")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What an event states of a person: codes of GB/T 3304 and GB/T 4658, "" where it says nothing of one."""

    nationality: str = ""
    education: str = ""

    def __post_init__(self) -> None:
        """Raise UnknownParticularError."""
        read = _read()
        if self.nationality and self.nationality not in nationalities():
            raise UnknownParticularError("nationality", "民族", read["nationality"]["standard"])
        if self.education and self.education not in educations():
            raise UnknownParticularError("education", "文化程度", read["education"]["standard"])

    def __repr__(self) -> str:
        """Never what is stated: a repr ends in logs."""
        return "Particulars(…)"

    @property
    def values(self) -> dict[str, str]:
        """By name."""
        return {"nationality": self.nationality, "education": self.education}


@dataclass(frozen=True, slots=True)
class Stated:
    """What is known of a person on a day: the last code that was stated of each, "" where none was, and since when."""

    nationality: str = ""
    education: str = ""
    nationality_since: str = ""
    education_since: str = ""


@cache
def _read() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def nationalities() -> Mapping[str, tuple[str, str]]:
    """Chinese and English names by code, GB/T 3304."""
    return {code: (zh, en) for code, zh, en in _read()["nationality"]["codes"]}


@cache
def levels() -> dict[str, tuple[str, str]]:
    """Chinese and English names of the levels of education by code, GB/T 4658."""
    return {code: (zh, en) for code, zh, en in _read()["education"]["levels"]}


@cache
def educations() -> Mapping[str, str]:
    """The level of each code of GB/T 4658, those of the levels among them.

    >>> educations()["71"], educations()["70"], educations().get("99")
    ('70', '70', None)
    """
    codes = (*levels(), *_read()["education"]["within"])
    return {code: f"{code[0]}0" for code in codes}


def particulars_row(
    vault: Vault, person_id: str, said: Particulars, seq: int, idx: int, day: str, nonce: bytes
) -> dict[str, Any]:
    """The row of what an event states of a person from its day on, sealed."""
    row = {"person_id": person_id, "seq": seq, "event_idx": idx, "valid_from": day}
    return row | {"sealed": sealed_row(vault, PARTICULARS, row, said.values, nonce)}


def stated(
    store: Store, connection: Connection, *, valid_at: str, known_at: int, persons: Mapping[str, str] | None = None
) -> dict[str, Stated]:
    """What is known of everybody of whom anything was stated; `persons`: the person whom several rows are (`same_person`).

    Opened once, and kept in memory for the next question.
    """
    one = persons or {}
    memory: dict[tuple[str, int], dict[str, str]] = store.trees.setdefault(_MEMORY, {})
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in ask(connection, _OF_ALL, {"day": valid_at, "known": known_at}):
        person, seq = row[:2]
        if (person, seq) not in memory:
            memory[person, seq] = _opened(store, row)
        _add(found[one.get(person, person)], memory[person, seq], row[3])
    return {person: Stated(**known) for person, known in found.items()}


def stated_of(store: Store, connection: Connection, rows: Iterable[str], *, valid_at: str, known_at: int) -> Stated:
    """What is known of one person under any of their rows."""
    known: dict[str, str] = {}
    for row in ask(connection, _OF_SOME, {"persons": sorted(rows), "day": valid_at, "known": known_at}):
        _add(known, _opened(store, row), row[3])
    return Stated(**known)


def _opened(store: Store, row: tuple[Any, ...]) -> dict[str, str]:
    return opened_row(store.vault, PARTICULARS, dict(zip(_NAMES, row, strict=True)))


def _add(known: dict[str, str], said: Mapping[str, str], day: str) -> None:
    """What was said later counts; where nothing was said of one, it stays as it was."""
    for name, code in said.items():
        if code:
            known |= {name: code, f"{name}_since": day}
