"""How does an act become part of the register: in which order are entries, rows and state written, and what survives?

A *desk* is one transaction under the append lock. It gathers acts and writes them in the only order that the keys and
guards allow: R entries, then parties, things, units, versions with their lists, openings, heads, then the one S entry.
Leaving a desk without `commit()` undoes everything.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import sqlalchemy as sa

from registry.ledger import state_map
from registry.ledger.act import ACT_PATHS, Act, ActFields, require
from registry.ledger.beside import row_digest
from registry.ledger.chain import read_chains
from registry.ledger.entry import EVIDENCE_STEP, b64u, canonical, commit_encoded, hour, r_leaf, s_leaf
from registry.ledger.merkle import leaf_hash
from registry.ledger.nouns import Noun, Version
from registry.ledger.position import Position, position, seal_place, second
from registry.ledger.tables import HEAD, LEDGER_ENTRY, OPENING, STATE_BUCKETS, THING
from registry.ledger.version_rows import Rows, version_rows
from registry.store.ahead import made_ahead
from registry.store.among import among
from registry.store.asking import Question, ask_all
from registry.store.bulk import Insert, insert_all, insert_rows
from registry.store.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store
    from registry.store.randomness import Randomness

Step: TypeAlias = "Callable[[], None]"
PlainAct: TypeAlias = "tuple[int, str, list[bytes], dict[str, Any], list[Any]]"
"""An act's index, kind and version digests, its fields by path, its wills."""
Opening: TypeAlias = tuple[bytes, str, bytes, bytes]
"""Whose value it is (a digest), its path, salt and canonical bytes, not yet sealed."""
Moved: TypeAlias = tuple[str, int, bytes]
"""A thing, its newest version and the digest of that."""
Batch: TypeAlias = tuple[list[PlainAct], list[Rows], list[Opening], list[Moved], list[Moved]]
"""Some acts, the rows that they bring table after table, what is to be sealed, the heads that come and those that move."""

_ENTRY = ("idx", "cls", "kind", "leaf", "leaf_hash", "recorded_at", "closed_by", "closes")
# Few enough that the writer seldom waits, many enough that a COPY pays.
_TOGETHER = 500
# Past half of the 4,096 buckets one walk over all heads is cheaper than finding those of the changed ones.
_MANY_BUCKETS = 2_048
_HEADS_OF_BUCKETS = Question(
    sa.select(HEAD.c.bucket, HEAD.c.map_key, HEAD.c.digest).where(among(HEAD.c.bucket, "buckets")), binary=True
)
_PARTS = Question(sa.select(STATE_BUCKETS.c.part, STATE_BUCKETS.c.roots).order_by(STATE_BUCKETS.c.part), binary=True)


@dataclass(frozen=True, slots=True)
class Officer:
    """Who stands at the desk: both are committed with each act, neither is public."""

    name: str
    bureau: str


@dataclass(frozen=True, slots=True)
class Committed:
    """What a transaction left in the log: its first entry, its size afterwards, its state root; and how long it took.

    `seconds`: `acts` (waiting for acts to be made), `write` (their rows), `state` (the state root and COMMIT).
    """

    first: int
    size: int
    st: str
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """What every entry of a transaction shares: its hour and second, and the index of the state that closes it."""

    at: str
    recorded_at: str
    closing: int


@dataclass(slots=True)
class Desk:
    """One write transaction on guarded things. Made by `desk()`."""

    store: Store
    connection: Connection
    officer: Officer
    position: Position
    acts: list[Act] = field(default_factory=list)
    _things: list[tuple[str, str]] = field(default_factory=list)
    _versions: dict[str, list[Version]] = field(default_factory=lambda: defaultdict(list))
    _nouns: dict[str, Noun] = field(default_factory=dict)
    _chains: dict[str, list[Version]] = field(default_factory=dict)
    _openings: list[Opening] = field(default_factory=list)
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Rows of identities that this transaction brought, by person: a will may be asked of them before they are written."""
    _done: int = 0
    _counted: int | None = None
    _officers: dict[int, Officer] = field(default_factory=dict)
    _randomness: Randomness | None = None

    @property
    def randomness(self) -> Randomness:
        """Where ids and salts come from: one source for this desk alone, asked for many draws at once."""
        if self._randomness is None:
            self._randomness = self.store.randomness.alone()
        return self._randomness

    def act(self, kind: str, day: str, fields: ActFields | None = None) -> Act:
        """Begin one act; its needs (wills, payment) are checked here. One R entry."""
        fields = fields or ActFields()
        require(kind, fields)
        # The number of acts so far, not the size of the log: events between acts must not move the stream.
        begun = self._done + len(self.acts)
        self.randomness.restart(lambda: self._acts_before() + begun)
        act = Act(self, self.position.size + begun, kind, day, fields)
        self.acts.append(act)
        return act

    @contextmanager
    def case(self, officer: Officer) -> Iterator[Desk]:
        """One case of a group: many cases share this transaction and its one state, and each act is its own officer's.

        What is raised within undoes the acts of this case and goes on to the caller; the cases before it stand.
        """
        acts, things, openings = len(self.acts), len(self._things), len(self._openings)
        versions = {name: len(made) for name, made in self._versions.items()}
        rows = {name: len(brought) for name, brought in self._rows.items()}
        people = set(self.people)
        try:
            yield self
        except BaseException:
            for name, made in self._versions.items():
                for version in made[versions.get(name, 0) :]:
                    self._chains[version.thing_id].remove(version)
                del made[versions.get(name, 0) :]
            for name, brought in self._rows.items():
                del brought[rows.get(name, 0) :]
            for thing_id, _ in self._things[things:]:
                del self._chains[thing_id]
            for person in self.people.keys() - people:
                del self.people[person]
            del self.acts[acts:], self._things[things:], self._openings[openings:]
            raise
        self._officers.update((act.idx, officer) for act in self.acts[acts:])

    def row(self, table: Table, values: dict[str, Any]) -> None:
        """A row of the latest act that is no version: a party, an identity, a unit, a line of an allotment."""
        self._rows[table.name].append(values)
        if table.name == "person_identity":
            self.people[values["person_id"]] = values
        self.acts[-1].rows.append(row_digest(table, values))

    def new_thing(self, thing_id: str, thing: str) -> None:
        """A thing that begins in this transaction."""
        self._things.append((thing_id, thing))
        self._chains[thing_id] = []

    def chain(self, noun: Noun, thing_id: str, *, geometry: bool = False) -> list[Version]:
        """The versions of a thing, those of this transaction included."""
        if thing_id not in self._chains or (geometry and any(v.geometry is None for v in self._chains[thing_id])):
            fresh = [v for v in self._chains.get(thing_id, []) if v.cause_idx >= self.position.size + self._done]
            stored = read_chains(self.connection, noun, [thing_id], geometry=geometry).get(thing_id, [])
            self._chains[thing_id] = [*stored, *fresh]
        return self._chains[thing_id]

    def remember(self, chains: Mapping[str, list[Version]]) -> None:
        """Chains that were read in this transaction already, shapes with them: many at once are cheaper than one by one."""
        self._chains |= {thing_id: list(chain) for thing_id, chain in chains.items()}

    def gather(self, noun: Noun, thing_ids: Iterable[str]) -> None:
        """Read together what of these was not read yet."""
        self.remember(read_chains(self.connection, noun, [each for each in thing_ids if each not in self._chains]))

    def head(self, noun: Noun, thing_id: str) -> Version | None:
        """The newest version of a thing, or None for one that begins."""
        chain = self.chain(noun, thing_id)
        return chain[-1] if chain else None

    def take(self, noun: Noun, version: Version, opened: Sequence[tuple[str, bytes, bytes]]) -> None:
        """A version to be written, with the salts and values of what in it can name a person."""
        self._nouns[noun.name] = noun
        self._versions[noun.name].append(version)
        self._chains[version.thing_id].append(version)
        self._openings += [(version.digest, *one) for one in opened]

    def opened(self, subject: bytes, paths: Sequence[str]) -> dict[str, Any]:
        """The values behind commitments of a digest; a path that was erased is absent."""
        values = {path: value for digest, path, _salt, value in self._openings if digest == subject}
        rows = self.connection.execute(
            sa.select(OPENING.c.path, OPENING.c.sealed).where(OPENING.c.subject == subject, OPENING.c.path.in_(paths))
        )
        values |= {row.path: self.store.vault.open(bytes(row.sealed), seal_place(subject, row.path)) for row in rows}
        return {path: json.loads(value) for path, value in values.items()}

    def commit(self) -> Committed:
        """Write everything and end the transaction with its state.

        A crash before the last statement leaves nothing of it; a crash after leaves all of it, durable.
        """
        return self.commit_steps(())

    def commit_steps(self, steps: Sequence[Step], *, ahead: bool = False) -> Committed:
        """What was gathered, then each step's one act, in one transaction with one state at its end.

        Each step **must** begin exactly one act. `ahead`: a process beside this one makes the acts while those before
        are written; its steps **must** ask the database nothing (AssertionError), so what they touch is all new.
        """
        first = self.position.size
        end = first + len(self.acts) + len(steps)
        if end == first:
            self.connection.rollback()
            return Committed(first, first, self.position.st or "")
        # Read once: across a full hour two readings would put entry and row into different hours.
        now = self.store.clock()
        moment = Moment(hour(self.position.at, now), second(self.position.recorded_at, now), end)
        if ahead:
            self._acts_before()  # a process beside this one can't ask
        changed: set[int] = set()
        # Asked for before and kept up to date here: at the end of a long import everybody would wait for the answer.
        heads = dict(_heads(self.connection)) if ahead else None
        make = partial(self._apart if ahead else self._batches, steps, moment)
        began, written = time.perf_counter(), 0.0
        # Closed at once where writing fails: a process beside this one would wait for a reader that is gone.
        with closing(made_ahead(make) if ahead else make()) as batches:
            for batch in batches:
                ready = time.perf_counter()
                for _, _, digest, key, bucket in self._write(batch, moment):
                    changed.add(bucket)
                    if heads is not None:
                        heads[key] = digest
                written += time.perf_counter() - ready
        made = time.perf_counter()
        st = _rewrite_state(self.connection, changed, heads)
        leaf = s_leaf(moment.at, st)
        row = (end, "S", None, leaf.decode(), leaf_hash(leaf), moment.recorded_at, None, None)
        insert_rows(self.connection, LEDGER_ENTRY, _ENTRY, [row])
        self.connection.commit()
        seconds = {"acts": made - began - written, "write": written, "state": time.perf_counter() - made}
        return Committed(first, end + 1, st, seconds)

    def _apart(self, steps: Sequence[Step], moment: Moment) -> Generator[Batch]:
        """`_batches` in another process: the connection stays the parent's, whose place in its stream nobody else knows."""
        self.connection = cast("Connection", _NoConnection())
        self._randomness = None  # a copy of the parent's would give what the parent's has still to give
        yield from self._batches(steps, moment)

    def _batches(self, steps: Sequence[Step], moment: Moment) -> Generator[Batch]:
        """Rows of the acts that were gathered, then of some steps at a time. Asks the database nothing of its own."""
        if self.acts:
            yield self._batch(moment.recorded_at)
        for start in range(0, len(steps), _TOGETHER):
            some = steps[start : start + _TOGETHER]
            for step in some:
                step()
            if len(self.acts) != len(some):
                message = f"{len(some)} steps made {len(self.acts)} acts"
                raise AssertionError(message)
            yield self._batch(moment.recorded_at)

    def _acts_before(self) -> int:
        if self._counted is None:
            self._counted = self.connection.scalar(
                sa.select(sa.func.count()).select_from(LEDGER_ENTRY).where(LEDGER_ENTRY.c.cls == "R")
            )
        return self._counted or 0

    def _batch(self, recorded_at: str) -> Batch:
        """What is gathered, its rows in the only order that the keys and guards allow; then nothing is.

        Where a process beside makes it, entries, seals and map keys are left to the one that writes, which has less to do.
        """
        tables = [*self._other_rows(("party", "person_identity", "organisation", "source"))]
        tables.append((str(THING.name), ("id", "thing"), self._things))
        tables += self._other_rows(("ba_unit", "allotment_line", "allotment_sealed", "paid_exit"))
        for noun in self._nouns.values():
            tables += version_rows(noun, self._versions.get(noun.name, []), on_postgresql=self.store.on_postgresql)
        acts = [
            (act.idx, act.kind, act.digests, self._act_values(act, recorded_at), _evidence(act.fields))
            for act in self.acts
        ]
        batch = (acts, tables, self._openings, *self._heads())
        self._done += len(self.acts)
        self.acts, self._things, self._openings = [], [], []
        self._versions.clear()
        self._rows.clear()
        return batch

    def _entry(self, act: PlainAct, moment: Moment) -> tuple[tuple[Any, ...], list[Opening]]:
        """The R entry of an act, and its fields, which go into the openings."""
        idx, kind, digests, values, evidence = act
        salt = self.randomness.salt
        made = [(path, salt(), canonical(values[path])) for path in ACT_PATHS]
        wills = [(f"evidence.{n + 1}", salt(), canonical(value)) for n, value in enumerate(evidence)]
        leaf = r_leaf(
            moment.at,
            kind,
            digests,
            [commit_encoded(salt, path, encoded) for path, salt, encoded in made],
            [commit_encoded(salt, path, encoded) for path, salt, encoded in wills],
        )
        subject = leaf_hash(leaf)
        row = (idx, "R", kind, leaf.decode(), subject, moment.recorded_at, moment.closing, "S")
        return row, [(subject, *one) for one in (*made, *wills)]

    def _sealed(self, opening: Opening) -> tuple[bytes, str, bytes, bytes]:
        subject, path, salt, value = opening
        return subject, path, salt, self.store.vault.seal(value, seal_place(subject, path), self.randomness.nonce())

    def _act_values(self, act: Act, recorded_at: str) -> dict[str, Any]:
        officer = self._officers.get(act.idx, self.officer)
        return {
            "act.basis": act.fields.basis,
            "act.day": act.day,
            "act.desk": [officer.name, officer.bureau, recorded_at],
            "act.payment": act.fields.payment,
            "act.people": [list(person) for person in act.fields.people],
            "act.rows": sorted(act.rows),
            "act.sources": list(act.fields.sources),
        }

    def _other_rows(self, names: Sequence[str]) -> Iterator[Rows]:
        for name in names:
            rows = self._rows.get(name)
            if rows:
                columns = tuple(rows[0])
                yield name, columns, [tuple(row[column] for column in columns) for row in rows]

    def _heads(self) -> tuple[list[Moved], list[Moved]]:
        """The newest version of what begins, and of what moved."""
        newest = {version.thing_id: version for versions in self._versions.values() for version in versions}
        begun = {thing_id for thing_id, _ in self._things}
        fresh: list[Moved] = []
        moved: list[Moved] = []
        for thing_id, version in newest.items():
            (fresh if thing_id in begun else moved).append((thing_id, version.ver, version.digest))
        return fresh, moved

    def _write(self, batch: Batch, moment: Moment) -> list[tuple[Any, ...]]:
        """Write the rows of a batch; returns the heads that come or move: thing, version, digest, map key, bucket."""
        acts, tables, openings, fresh, moved = batch
        made = [self._entry(act, moment) for act in acts]
        inserts: list[Insert] = [(LEDGER_ENTRY, _ENTRY, [row for row, _ in made])]
        inserts += [(METADATA.tables[name], columns, rows) for name, columns, rows in tables]
        opened = [*openings, *(opening for _, fields in made for opening in fields)]
        # Subjects are hashes: in their order rows that come together go to the same pages of the key.
        sealed = sorted(map(self._sealed, opened))
        coming = [self._mapped(head) for head in fresh]
        inserts.append((OPENING, ("subject", "path", "salt", "sealed"), sealed))
        inserts.append((HEAD, ("thing_id", "ver", "digest", "map_key", "bucket"), coming))
        insert_all(self.connection, inserts)
        if moved:
            self.connection.execute(
                sa.update(HEAD)
                .where(HEAD.c.thing_id == sa.bindparam("this"))
                .values(ver=sa.bindparam("new_ver"), digest=sa.bindparam("new_digest")),
                [{"this": thing_id, "new_ver": ver, "new_digest": digest} for thing_id, ver, digest in moved],
            )
        return [*coming, *map(self._mapped, moved)]

    def _mapped(self, head: Moved) -> tuple[str, int, bytes, bytes, int]:
        """A head with its key and bucket in the state map."""
        key = state_map.map_key(self.store.vault.state_key, head[0])
        return *head, key, state_map.bucket(key)


class _NoConnection:
    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever is asked)
        message = f"a step that is made ahead asked the database ({name})"
        raise AssertionError(message)


@contextmanager
def desk(store: Store, officer: Officer) -> Iterator[Desk]:
    """One transaction on guarded things, holding the append lock from its first statement."""
    with store.writing("desk") as connection:
        yield Desk(store, connection, officer, position(connection))


def _heads(connection: Connection) -> Iterator[tuple[bytes, bytes]]:
    """Map key and digest of every head."""
    for key, digest in connection.execute(sa.select(HEAD.c.map_key, HEAD.c.digest)):
        yield bytes(key), bytes(digest)


def _rewrite_state(connection: Connection, changed: set[int], held: Mapping[bytes, bytes] | None) -> str:
    """Write the parts of the state that changed; returns its root. `held`: every head, where the caller has them."""
    is_long = len(changed) > _MANY_BUCKETS
    buckets = {"buckets": [] if is_long else sorted(changed)}
    of_parts, of_buckets = ask_all(connection, (_PARTS, {}), (_HEADS_OF_BUCKETS, buckets))
    parts = {part: bytes(kept) for part, kept in of_parts}
    if is_long:
        roots, root = state_map.full_root(_heads(connection) if held is None else held.items())
    else:
        old = b"".join(parts[part] for part in sorted(parts))
        pairs: dict[int, list[state_map.Pair]] = {bucket: [] for bucket in changed}
        for bucket, key, digest in of_buckets:
            pairs[bucket].append((bytes(key), bytes(digest)))
        for some in pairs.values():
            some.sort()
        roots, root = state_map.updated(old, pairs)
    for part in range(16):
        slice_ = bytes(roots[part * 8192 : (part + 1) * 8192])
        if slice_ != parts[part]:
            connection.execute(sa.update(STATE_BUCKETS).where(STATE_BUCKETS.c.part == part).values(roots=slice_))
    return b64u(root)


def _evidence(fields: ActFields) -> list[Any]:
    """Recorded wills, filled up with null to a multiple of four so that the number tells no family's size."""
    values: list[Any] = [[will.person_id, will.source, will.guardian_id] for will in fields.wills]
    return [*values, *([None] * (-len(values) % EVIDENCE_STEP))]
