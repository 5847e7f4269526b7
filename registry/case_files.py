"""Which cases are there, what is each about, and which steps were taken, by whom, when, saying what?

A *case* is one application from its draft to its end. Its steps are numbered 1, 2, 3 … without a gap, and each is one C
entry of the log: what the step says and who took it is committed there and opens like the fields of an act; the rows here
name nobody. A step is never changed and never taken back: another one follows it. Who may take which step, and when,
is asked in `registry.cases`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
)

from registry.china import CHINA, day_of
from registry.ledger.beside import row_digests
from registry.ledger.position import seal_place
from registry.ledger.stepping import append_step, moment_of_step
from registry.ledger.tables import LEDGER_ENTRY, OPENING
from registry.store.among import among
from registry.store.asking import Question, ask, ask_all
from registry.store.schema import METADATA
from registry.store.types import Whole, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Desk
    from registry.store.asking import Rows
    from registry.store.keys import Vault

CASE_FILE = Table(
    "case_file",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("challenges", Words),
    Column("entry_idx", Whole, nullable=False),
    Column("cls", Words, nullable=False),
    CheckConstraint("cls = 'C'", name="case_is_opened_by_a_step"),
    CheckConstraint("challenges <> id", name="case_challenges_another"),
    ForeignKeyConstraint(["challenges"], ["case_file.id"], name="case_challenges_a_case"),
    ForeignKeyConstraint(["entry_idx", "cls"], ["ledger_entry.idx", "ledger_entry.cls"], name="case_has_its_entry"),
)
Index("case_file_by_challenged", CASE_FILE.c.challenges)

CASE_SUBJECT = Table(
    "case_subject",
    METADATA,
    Column("case_id", Words, nullable=False),
    Column("thing_id", Words, nullable=False),
    Column("entry_idx", Whole, nullable=False),
    PrimaryKeyConstraint("case_id", "thing_id", "entry_idx"),
    ForeignKeyConstraint(["case_id"], ["case_file.id"], name="subject_is_of_a_case"),
    ForeignKeyConstraint(["thing_id"], ["thing.id"], name="case_is_about_a_guarded_thing"),
    ForeignKeyConstraint(["entry_idx"], ["ledger_entry.idx"], name="subject_has_its_entry"),
)
Index("case_subject_by_thing", CASE_SUBJECT.c.thing_id)

CASE_STEP = Table(
    "case_step",
    METADATA,
    Column("case_id", Words, nullable=False),
    Column("n", Whole, nullable=False),
    Column("follows", Whole),
    Column("step", Words, nullable=False),
    Column("at", Words, nullable=False),
    Column("entry_idx", Whole, nullable=False),
    Column("cls", Words, nullable=False),
    Column("act_idx", Whole),
    Column("act_cls", Words),
    PrimaryKeyConstraint("case_id", "n"),
    CheckConstraint(
        "(n = 1 AND follows IS NULL) OR (n > 1 AND follows IS NOT NULL AND follows = n - 1)",
        name="steps_are_numbered_without_gap",
    ),
    CheckConstraint("cls = 'C'", name="step_is_a_step"),
    CheckConstraint("(act_idx IS NULL) = (act_cls IS NULL)", name="step_names_its_act_whole"),
    CheckConstraint("act_cls = 'R'", name="step_writes_acts_only"),
    CheckConstraint("act_idx > entry_idx", name="act_follows_its_step"),
    ForeignKeyConstraint(["case_id"], ["case_file.id"], name="step_is_of_a_case"),
    ForeignKeyConstraint(["case_id", "follows"], ["case_step.case_id", "case_step.n"], name="step_follows_another"),
    ForeignKeyConstraint(["entry_idx", "cls"], ["ledger_entry.idx", "ledger_entry.cls"], name="step_has_its_entry"),
    ForeignKeyConstraint(
        ["act_idx", "act_cls"],
        ["ledger_entry.idx", "ledger_entry.cls"],
        name="step_has_its_act_at_commit",
        deferrable=True,
        initially="DEFERRED",
    ),
)
TABLES = (CASE_FILE, CASE_SUBJECT, CASE_STEP)

# Asked several times at every step: put together once, since SQLAlchemy spends as long on that as SQLite on the answer.
_FILES = Question(
    sa.select(CASE_FILE.c.id, CASE_FILE.c.kind, CASE_FILE.c.challenges)
    .where(among(CASE_FILE.c.id, "cases"))
    .order_by(CASE_FILE.c.entry_idx)
)
_SUBJECTS = Question(
    sa.select(CASE_SUBJECT.c.case_id, CASE_SUBJECT.c.thing_id)
    .where(among(CASE_SUBJECT.c.case_id, "cases"))
    .order_by(CASE_SUBJECT.c.thing_id)
)
_STEPS = Question(
    sa.select(*(CASE_STEP.c[name] for name in ("case_id", "n", "step", "at", "entry_idx", "act_idx")))
    .where(among(CASE_STEP.c.case_id, "cases"))
    .order_by(CASE_STEP.c.case_id, CASE_STEP.c.n)
)
_SEALED = Question(
    sa.select(CASE_STEP.c.entry_idx, OPENING.c.subject, OPENING.c.path, OPENING.c.sealed)
    .join(LEDGER_ENTRY, LEDGER_ENTRY.c.idx == CASE_STEP.c.entry_idx)
    .join(OPENING, OPENING.c.subject == LEDGER_ENTRY.c.leaf_hash)
    .where(among(CASE_STEP.c.case_id, "cases"), sa.or_(OPENING.c.path == "step.desk", OPENING.c.path == "step.said"))
)
_OF_CASES = (_FILES, _SUBJECTS, _STEPS, _SEALED)
_CHALLENGING = Question(sa.select(CASE_FILE.c.id).where(CASE_FILE.c.challenges == sa.bindparam("case")))


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was taken. `desk` is [actor id, name, bureau, role, person id]; `said` is what it stated.

    Both are empty where they were erased.
    """

    n: int
    step: str
    at: str
    entry_idx: int
    act_idx: int | None
    desk: tuple[str, ...]
    said: Mapping[str, Any]

    @property
    def day(self) -> str:
        """The day in China on which it was taken."""
        return day_of(self.at).isoformat()

    def __repr__(self) -> str:
        """Never what was said: a repr ends in logs."""
        return f"Step({self.n}, {self.step}, {self.at})"


@dataclass(frozen=True, slots=True)
class Case:
    """One case with its steps so far; `subject` are the guarded things that it is about, `challenges` the case it contests."""

    id: str
    kind: str
    subject: tuple[str, ...]
    challenges: str | None
    steps: tuple[Step, ...]

    @property
    def n(self) -> int:
        """The number of the last step."""
        return self.steps[-1].n

    def last(self, *words: str) -> Step | None:
        """The newest step of one of these words."""
        return next((step for step in reversed(self.steps) if step.step in words), None)

    def since(self, n: int, *words: str) -> tuple[Step, ...]:
        """The steps of these words after number n."""
        return tuple(step for step in self.steps if step.n > n and step.step in words)


def enter_case(at: Desk, kind: str, subject: Sequence[str], challenges: str | None, step: Mapping[str, Any]) -> str:
    """Write a new case with its first step; returns its id. The caller ends the transaction."""
    case_id = at.randomness.new_id()
    file = {"id": case_id, "kind": kind, "challenges": challenges, "entry_idx": at.position.size, "cls": "C"}
    subjects = [
        {"case_id": case_id, "thing_id": thing_id, "entry_idx": at.position.size} for thing_id in sorted(set(subject))
    ]
    brought: list[tuple[Table, Mapping[str, Any]]] = [(CASE_FILE, file), *((CASE_SUBJECT, row) for row in subjects)]
    enter_step(at, case_id, 1, step, brought=brought)
    return case_id


def enter_step(
    at: Desk,
    case_id: str,
    n: int,
    step: Mapping[str, Any],
    *,
    acts: bool = False,
    brought: Sequence[tuple[Table, Mapping[str, Any]]] = (),
) -> None:
    """Write step number n: `step` has its word, `desk` and `said`. `acts`: the desk writes its acts right after it.

    Two who write the same number at once: the append lock puts them in order, and the key (case, n) refuses the second.
    """
    idx = at.position.size
    moment = moment_of_step(at)
    row = {
        "case_id": case_id,
        "n": n,
        "follows": n - 1 or None,
        "step": step["step"],
        "at": moment,
        "entry_idx": idx,
        "cls": "C",
        "act_idx": idx + 1 if acts else None,
        "act_cls": "R" if acts else None,
    }
    rows = [*brought, (CASE_STEP, row)]
    append_step(
        at,
        {
            "step.case": case_id,
            "step.desk": list(step["desk"]),
            "step.n": n,
            "step.rows": row_digests(rows),
            "step.said": dict(step["said"]),
            "step.word": step["step"],
        },
        moment,
        [(table, tuple(values), [tuple(values.values())]) for table, values in rows],
    )


def cases(connection: Connection, vault: Vault, case_ids: Iterable[str] | None = None) -> list[Case]:
    """These cases, or all of them, in the order in which they were opened. Unknown ids are absent."""
    wanted = sorted(connection.scalars(sa.select(CASE_FILE.c.id)) if case_ids is None else set(case_ids))
    if not wanted:
        return []
    of_these = {"cases": wanted}
    files, about, taken, sealed = ask_all(
        connection, *((each, of_these) for each in _OF_CASES)
    )
    subjects, steps = defaultdict[str, list[str]](list), defaultdict[str, list[Step]](list)
    for case_id, thing_id in about:
        subjects[case_id].append(thing_id)
    opened = _opened(vault, sealed)
    for case_id, n, word, at, entry, act in taken:
        told = opened.get(entry, {})
        steps[case_id].append(
            Step(n, word, at, entry, act, tuple(told.get("step.desk", ())), told.get("step.said", {}))
        )
    return [Case(each, kind, tuple(subjects[each]), challenges, tuple(steps[each])) for each, kind, challenges in files]


def asked_for(case_id: str) -> list[tuple[Question, dict[str, Any]]]:
    """What is asked of one case by `case_of` and `challenging`, to be put together with others."""
    of_it = {"cases": [case_id]}
    return [*((each, of_it) for each in _OF_CASES), (_CHALLENGING, {"case": case_id})]


def outlines(connection: Connection, vault: Vault, known_at: int) -> list[Case]:
    """Every case with its steps as they stood at a size of the log, in the order in which they were opened.

    For whoever counts: nobody is named (`desk` is empty), and what a step said is opened for a supplement alone, which can lead
    the case back.
    """
    file, step = CASE_FILE.c, CASE_STEP.c
    led_back = sa.select(step.case_id).where(step.step == "supplemented", step.entry_idx < known_at).distinct()
    said = _opened(vault, ask(connection, _SEALED, {"cases": list(connection.scalars(led_back))}))
    rows = connection.execute(
        sa.select(file.id, file.kind, file.challenges, step.n, step.step, step.at, step.entry_idx, step.act_idx)
        .join(CASE_STEP, step.case_id == file.id)
        .where(step.entry_idx < known_at)
        .order_by(file.entry_idx, step.n)
    )
    found: dict[str, tuple[str, str | None, list[Step]]] = {}
    for case_id, kind, challenges, n, word, at, entry, act in rows:
        of_step = said.get(entry, {}).get("step.said", {}) if word == "supplemented" else {}
        found.setdefault(case_id, (kind, challenges, []))[2].append(Step(n, word, at, entry, act, (), of_step))
    return [Case(case_id, kind, (), challenges, tuple(steps)) for case_id, (kind, challenges, steps) in found.items()]


def going_on(connection: Connection, ends: Iterable[str], last_of: Mapping[str, Iterable[str]]) -> list[str]:
    """Ids of the cases that have not ended. `ends`: the steps that end a case of any kind; `last_of`: by the last step of a route,
    the kinds that end with it.
    """
    file, step = CASE_FILE.c, CASE_STEP.c
    finished, given = [among(step.step, "ends")], {"ends": sorted(ends)}
    for n, (word, kinds) in enumerate(sorted(last_of.items())):
        finished.append(sa.and_(step.step == word, among(file.kind, f"kinds_{n}")))
        given[f"kinds_{n}"] = sorted(kinds)
    over = sa.select(step.n).where(step.case_id == file.id, sa.or_(*finished)).exists()
    return sorted(connection.scalars(sa.select(file.id).where(~over), given))


def moved_from(connection: Connection, idx: int) -> set[str]:
    """Ids of the cases of which a step was entered from this entry of the log on, and of those that such a case contests."""
    query = (
        sa.select(CASE_FILE.c.id, CASE_FILE.c.challenges)
        .join(CASE_STEP, CASE_STEP.c.case_id == CASE_FILE.c.id)
        .where(CASE_STEP.c.entry_idx >= idx)
    )
    return {case_id for row in connection.execute(query) for case_id in row if case_id is not None}


def subjects(connection: Connection, case_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The guarded things that each of these cases is about."""
    row, found = CASE_SUBJECT.c, defaultdict[str, list[str]](list)
    query = sa.select(row.case_id, row.thing_id).where(among(row.case_id, "cases")).order_by(row.thing_id)
    for case_id, thing_id in connection.execute(query, {"cases": sorted(case_ids)}):
        found[case_id].append(thing_id)
    return {case_id: tuple(things) for case_id, things in found.items()}


def case_of(connection: Connection, vault: Vault, case_id: str) -> Case | None:
    """One case, or None where there is none of this id."""
    return next(iter(cases(connection, vault, [case_id])), None)


def challenging(connection: Connection, vault: Vault, case_id: str) -> list[Case]:
    """The objections to a case."""
    return cases(connection, vault, [each for (each,) in ask(connection, _CHALLENGING, {"case": case_id})])


def about(connection: Connection, thing_id: str, kinds: Iterable[str] | None = None) -> list[str]:
    """Ids of the cases about a guarded thing, of these kinds or of any."""
    query = sa.select(CASE_SUBJECT.c.case_id).where(CASE_SUBJECT.c.thing_id == thing_id)
    if kinds is not None:
        of_them = sa.select(CASE_FILE.c.id).where(CASE_FILE.c.id == CASE_SUBJECT.c.case_id, among(CASE_FILE.c.kind, "kinds"))
        query = query.where(of_them.exists())
    return sorted(connection.scalars(query, {} if kinds is None else {"kinds": sorted(kinds)}))


def of_kind_about(connection: Connection, kind: str, thing_ids: Iterable[str]) -> list[str]:
    """Ids of the cases of a kind about any of these things."""
    query = (
        sa.select(CASE_FILE.c.id)
        .join(CASE_SUBJECT, CASE_SUBJECT.c.case_id == CASE_FILE.c.id)
        .where(CASE_FILE.c.kind == kind, among(CASE_SUBJECT.c.thing_id, "things"))
        .distinct()
    )
    return sorted(connection.scalars(query, {"things": sorted(thing_ids)}))


def beginning_of(day: str) -> str:
    """The first second of a day in China, as steps have it."""
    start = dt.datetime.fromisoformat(day).replace(tzinfo=CHINA).astimezone(dt.UTC)
    return start.strftime("%Y-%m-%dT%H:%M:%SZ")


def moved_since(connection: Connection, day: str) -> list[str]:
    """Ids of the cases with a step on a day in China or later."""
    query = sa.select(CASE_STEP.c.case_id).where(CASE_STEP.c.at >= beginning_of(day)).distinct()
    return sorted(connection.scalars(query))


def _opened(vault: Vault, sealed: Rows) -> dict[int, dict[str, Any]]:
    """The answer to _SEALED: what the steps said and who took them, by entry; what was erased is absent."""
    found: dict[int, dict[str, Any]] = {}
    for entry, subject, path, value in sealed:
        found.setdefault(entry, {})[path] = json.loads(vault.open(value, seal_place(subject, path)))
    return found
