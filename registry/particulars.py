"""What does the police desk state of a person beside name, number and sex: 民族 and 文化程度, since when?

*Particulars* come with a household event, of whichever kind, or with one of their own (particulars-recorded). They are codes
of GB/T 3304 and GB/T 4658 (`particulars.toml`), sealed, and leave the register in figures only. What was not stated is not
known: nothing is inferred, from a name, a place or a parent. They are no part of what a right is compared by.
"""

from __future__ import annotations

import tomllib
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


def _begun(names: tuple[str, ...], *of: sa.ColumnElement[bool]) -> Question:
    """What was stated by a day, as known at a size of the log, in the order in which it counts; cancelled events left out."""
    row, known = PARTICULARS.c, sa.bindparam("known", type_=Whole)
    begun = row.valid_from <= sa.bindparam("day", type_=Day)
    annulled = sa.select(HOUSEHOLD_EVENT.c.cancels_idx).where(
        HOUSEHOLD_EVENT.c.cancels_idx.is_not(None), HOUSEHOLD_EVENT.c.event_idx < known
    )
    query = sa.select(*(row[name] for name in names)).where(row.event_idx < known, begun, row.event_idx.not_in(annulled), *of)
    return Question(query.order_by(row.valid_from, row.event_idx, row.seq))


_KEYS = _begun(("person_id", "seq"))
_ROWS = _begun(_NAMES, among(PARTICULARS.c.person_id, "persons"))


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
class Since:
    """From which day on each was stated as it now is, "" where it never was."""

    nationality: str = ""
    education: str = ""


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
) -> dict[str, Particulars]:
    """What is known of everybody of whom anything was stated; `persons`: the person whom several rows are (`same_person`).

    What was said last of each counts. Opened once, and kept in memory for the next question.
    """
    one, asked = persons or {}, {"day": valid_at, "known": known_at}
    memory: dict[tuple[str, int], Particulars] = store.trees.setdefault(_MEMORY, {})
    keys: list[tuple[str, int]] = [(person, seq) for person, seq in ask(connection, _KEYS, asked)]
    missing = sorted({person for person, seq in keys if (person, seq) not in memory})
    if missing:
        for row in ask(connection, _ROWS, {**asked, "persons": missing}):
            memory[row[0], row[1]] = _opened(store, row)
    found: dict[str, Particulars] = {}
    for person, seq in keys:
        said, who = memory[person, seq], one.get(person, person)
        before = found.get(who)
        found[who] = said if before is None else _after(before, said)
    return found


def stated_since(store: Store, connection: Connection, rows: Iterable[str], *, valid_at: str, known_at: int) -> Since:
    """Since when is known what is known of one person, under any of their rows."""
    since = Since()
    for row in ask(connection, _ROWS, {"persons": sorted(rows), "day": valid_at, "known": known_at}):
        said, day = _opened(store, row), row[3]
        since = Since(day if said.nationality else since.nationality, day if said.education else since.education)
    return since


def _after(before: Particulars, said: Particulars) -> Particulars:
    """Where nothing is said of one, it stays as it was."""
    return Particulars(said.nationality or before.nationality, said.education or before.education)


def _opened(store: Store, row: tuple[Any, ...]) -> Particulars:
    return Particulars(**opened_row(store.vault, PARTICULARS, dict(zip(_NAMES, row, strict=True))))
