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
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import sqlalchemy as sa

from gis.storage.gpkg import blobs_from_geoms, ewkb_from_geoms
from registry.ledger import state_map
from registry.ledger.act import ACT_PATHS, Act, ActFields, require
from registry.ledger.beside import row_digest
from registry.ledger.chain import read_chains
from registry.ledger.entry import EVIDENCE_STEP, b64u, canonical, commit_encoded, hour, r_leaf, s_leaf
from registry.ledger.merkle import leaf_hash
from registry.ledger.nouns import COMMON, Noun, Version
from registry.ledger.position import Position, position, seal_place, second
from registry.ledger.tables import HEAD, LEDGER_ENTRY, OPENING, STATE_BUCKETS, THING
from registry.store.ahead import made_ahead
from registry.store.among import among
from registry.store.bulk import insert_rows
from registry.store.schema import METADATA
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store
    from registry.store.randomness import Randomness

Step: TypeAlias = "Callable[[], None]"
Rows: TypeAlias = tuple[str, tuple[str, ...], list[tuple[Any, ...]]]
"""A table's name (plain text: SQLAlchemy's own kind does not travel between processes), columns and rows."""
Batch: TypeAlias = tuple[list[Rows], list[tuple[Any, ...]]]
"""The rows of some acts, table after table, and the heads that move."""

_ENTRY = ("idx", "cls", "kind", "leaf", "leaf_hash", "recorded_at", "closed_by", "closes")
# Few enough that the writer seldom waits, many enough that a COPY pays.
_TOGETHER = 500
# Past half of the 4,096 buckets one walk over all heads is cheaper than finding those of the changed ones.
_MANY_BUCKETS = 2_048
_HEADS_OF_BUCKETS = sa.select(HEAD.c.bucket, HEAD.c.map_key, HEAD.c.digest).where(among(HEAD.c.bucket, "buckets"))


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
    _openings: list[tuple[bytes, str, bytes, bytes]] = field(default_factory=list)
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

    def head(self, noun: Noun, thing_id: str) -> Version | None:
        """The newest version of a thing, or None for one that begins."""
        chain = self.chain(noun, thing_id)
        return chain[-1] if chain else None

    def take(self, noun: Noun, version: Version, opened: Sequence[tuple[str, bytes, bytes]]) -> None:
        """A version to be written, with the salts and values of what in it can name a person."""
        self._nouns[noun.name] = noun
        self._versions[noun.name].append(version)
        self._chains[version.thing_id].append(version)
        for path, salt, value in opened:
            self._open(version.digest, path, salt, value)

    def opened(self, subject: bytes, paths: Sequence[str]) -> dict[str, Any]:
        """The values behind commitments of a digest; a path that was erased is absent."""
        pending = {path: sealed for digest, path, _salt, sealed in self._openings if digest == subject}
        rows = self.connection.execute(
            sa.select(OPENING.c.path, OPENING.c.sealed).where(OPENING.c.subject == subject, OPENING.c.path.in_(paths))
        )
        pending |= {row.path: bytes(row.sealed) for row in rows}
        return {
            path: json.loads(self.store.vault.open(sealed, seal_place(subject, path)))
            for path, sealed in pending.items()
        }

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
                moved = self._write(batch)
                changed.update(row[-1] for row in moved)
                if heads is not None:
                    heads.update((key, digest) for _, _, digest, key, _ in moved)
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
            yield self._batch(moment)
        for start in range(0, len(steps), _TOGETHER):
            some = steps[start : start + _TOGETHER]
            for step in some:
                step()
            if len(self.acts) != len(some):
                message = f"{len(some)} steps made {len(self.acts)} acts"
                raise AssertionError(message)
            yield self._batch(moment)

    def _acts_before(self) -> int:
        if self._counted is None:
            self._counted = self.connection.scalar(
                sa.select(sa.func.count()).select_from(LEDGER_ENTRY).where(LEDGER_ENTRY.c.cls == "R")
            )
        return self._counted or 0

    def _open(self, subject: bytes, path: str, salt: bytes, value: bytes) -> None:
        sealed = self.store.vault.seal(value, seal_place(subject, path), self.randomness.nonce())
        self._openings.append((subject, path, salt, sealed))

    def _batch(self, moment: Moment) -> Batch:
        """The rows of what is gathered, in the only order that the keys and guards allow; then nothing is."""
        tables: list[Rows] = [(str(LEDGER_ENTRY.name), _ENTRY, [self._entry(act, moment) for act in self.acts])]
        tables += self._other_rows(("party", "person_identity", "organisation", "source"))
        tables.append((str(THING.name), ("id", "thing"), self._things))
        tables += self._other_rows(("ba_unit", "allotment_line", "allotment_sealed", "paid_exit"))
        for noun in self._nouns.values():
            tables += self._version_rows(noun)
        # Subjects are hashes: in their order rows that come together go to the same pages of the key.
        tables.append((str(OPENING.name), ("subject", "path", "salt", "sealed"), sorted(self._openings)))
        fresh, moved = self._heads()
        tables.append((str(HEAD.name), ("thing_id", "ver", "digest", "map_key", "bucket"), fresh))
        self._done += len(self.acts)
        self.acts, self._things, self._openings = [], [], []
        self._versions.clear()
        self._rows.clear()
        return tables, moved

    def _entry(self, act: Act, moment: Moment) -> tuple[Any, ...]:
        """The R entry of an act; its fields go into the openings."""
        values = self._act_values(act, moment.recorded_at)
        made = [(path, self.randomness.salt(), canonical(values[path])) for path in ACT_PATHS]
        wills = [
            (f"evidence.{n + 1}", self.randomness.salt(), canonical(value))
            for n, value in enumerate(_evidence(act.fields))
        ]
        leaf = r_leaf(
            moment.at,
            act.kind,
            act.digests,
            [commit_encoded(salt, path, encoded) for path, salt, encoded in made],
            [commit_encoded(salt, path, encoded) for path, salt, encoded in wills],
        )
        subject = leaf_hash(leaf)
        for path, salt, encoded in (*made, *wills):
            self._open(subject, path, salt, encoded)
        return act.idx, "R", act.kind, leaf.decode(), subject, moment.recorded_at, moment.closing, "S"

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

    def _version_rows(self, noun: Noun) -> Iterator[Rows]:
        versions = self._versions.get(noun.name, [])
        own = noun.own_columns
        own_values = itemgetter(*own)
        columns: tuple[str, ...] = (*COMMON, *map(str, own))
        rows: list[tuple[Any, ...]] = [
            (
                v.thing_id, v.ver, v.ver + 1, v.prev_ver, v.prev_cause_idx, v.cause_idx, "R", v.cause_kind, v.thing,
                v.cause_from, v.cause_until, v.effect, v.act_day, v.valid_from, v.valid_to, v.status, v.digest, v.salt,
                _named_text(v.named),
                *own_values(v.columns),
            )
            for v in versions
        ]  # fmt: skip
        if noun.has_geometry:
            columns = (*columns, "geom")
            encode = ewkb_from_geoms if self.store.on_postgresql else blobs_from_geoms
            shapes = encode([v.geometry for v in versions], REGISTER_CRS)
            rows = [(*row, _plain(shape)) for row, shape in zip(rows, shapes, strict=True)]
        yield str(noun.table.name), columns, rows
        for child in noun.children:
            parts = [str(c.name) for c in child.columns if c.name not in {"thing_id", "ver", "cause_idx", "pos"}]
            lines = [
                (v.thing_id, v.ver, v.cause_idx, pos, *(line[part] for part in parts))
                for v in versions
                for pos, line in enumerate(v.children[child.name])
            ]
            yield str(child.name), ("thing_id", "ver", "cause_idx", "pos", *parts), lines

    def _heads(self) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """The newest version of what begins, and of what moved; each with its key and bucket in the state map."""
        newest: dict[str, Version] = {}
        for versions in self._versions.values():
            for version in versions:
                newest[version.thing_id] = version
        secret = self.store.vault.state_key
        begun = {thing_id for thing_id, _ in self._things}
        fresh: list[tuple[Any, ...]] = []
        moved: list[tuple[Any, ...]] = []
        for thing_id, version in newest.items():
            key = state_map.map_key(secret, thing_id)
            row = (thing_id, version.ver, version.digest, key, state_map.bucket(key))
            (fresh if thing_id in begun else moved).append(row)
        return fresh, moved

    def _write(self, batch: Batch) -> list[tuple[Any, ...]]:
        """Write the rows of a batch; returns the heads that come or move: thing, version, digest, map key, bucket."""
        tables, moved = batch
        heads = list(moved)
        for name, columns, rows in tables:
            insert_rows(self.connection, METADATA.tables[name], columns, rows)
            if name == HEAD.name:
                heads += rows
        if moved:
            self.connection.execute(
                sa.update(HEAD)
                .where(HEAD.c.thing_id == sa.bindparam("this"))
                .values(ver=sa.bindparam("new_ver"), digest=sa.bindparam("new_digest")),
                [{"this": row[0], "new_ver": row[1], "new_digest": row[2]} for row in moved],
            )
        return heads


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
    parts = {
        row.part: bytes(row.roots)
        for row in connection.execute(sa.select(STATE_BUCKETS).order_by(STATE_BUCKETS.c.part))
    }
    if len(changed) > _MANY_BUCKETS:
        roots, root = state_map.full_root(_heads(connection) if held is None else held.items())
    else:
        old = b"".join(parts[part] for part in sorted(parts))
        pairs: dict[int, list[state_map.Pair]] = {bucket: [] for bucket in changed}
        for bucket, key, digest in connection.execute(_HEADS_OF_BUCKETS, {"buckets": sorted(changed)}):
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


def _named_text(named: Mapping[str, str]) -> str:
    """`json.dumps(named, sort_keys=True)`: paths and base64url need no escape."""
    return "{" + ", ".join([f'"{path}": "{commitment}"' for path, commitment in sorted(named.items())]) + "}"


def _plain(shape: bytes | None) -> bytes | str | None:
    # COPY's text format takes hexadecimal EWKB as text; the embedded file takes the blob.
    return shape.decode("ascii") if shape is not None and shape[:2] in {b"01", b"00"} else shape
