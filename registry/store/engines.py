"""How does a session reach the database, as whom, and what must hold before it may write?

A *store* is one opened registry: its settings, its keys, one engine for each session name. An engine per session
name: an authorizer set on a pooled connection would stay there, and a role is a login of its own on PostgreSQL.

Every session **must** be durable when its COMMIT returns (journal TRUNCATE or WAL with synchronous=FULL; PostgreSQL
with fsync), must hold the one append lock while it writes, and must never be opened inside another one's transaction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool, QueuePool

from gis.storage import gpkg
from registry.errors import SanquanError
from registry.store import travelling
from registry.store.asking import READS
from registry.store.authorizer import authorizer
from registry.store.keys import role_password
from registry.store.randomness import Randomness, SystemRandomness
from registry.store.sqlite import JOURNAL, sqlite3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection, Engine

    from registry.store.keys import Vault
    from registry.store.privileges import Privileges, SessionName
    from registry.store.settings import Settings

KEPT_WORDS = "sanquan_words"
"""Under which option a connection has the store's `words`."""
READERS_AT_ONCE = 3
"""Views that one process works on at the same time. Its threads take turns at Python: more of them get in each other's way, and
whoever writes waits for all of them with the append lock in hand.
"""
_HAS_TURN: ContextVar[bool] = ContextVar("has_turn", default=False)
_BUSY_MS = 30_000
_LONGEST_WRITER_S = 3_600
_PRIMARY = 0xFF  # of an extended result code
# 256 MB: an import of 100,000 parcels otherwise writes its dirty pages twice.
_CACHE_KIB = 262_144
_CACHE_KIB_OF_ONE_PASS = 8_192
# One key for the one append lock of the log, one for that of looks, so that reading waits for no import; their values mean
# nothing.
_APPEND_LOCK, _LOOKS_LOCK = 0x5A9C_0A11, 0x5A9C_0A12


class JournalError(SanquanError):
    """Raised when another program changed the journal mode of the live file and it can't be put back."""


class StoreBusyError(SanquanError):
    """Raised when a writer of the embedded file did not get its turn in half a minute: SQLite keeps no queue."""

    def __init__(self) -> None:
        """What to do; nothing was written."""
        super().__init__(
            "登记库正忙, 半分钟没有轮到: 什么都没有写, 请再办一次",
            "the register is busy, and your turn did not come in half a minute: nothing was written, try again",
        )


@dataclass(slots=True)
class Store:
    """One opened registry. `clock` gives UTC; `randomness` gives ids and salts; both replaceable in tests."""

    settings: Settings
    vault: Vault
    privileges: dict[SessionName, Privileges]
    randomness: Randomness = field(default_factory=SystemRandomness)
    clock: Callable[[], dt.datetime] = field(default=lambda: dt.datetime.now(dt.UTC))
    # What the log computes from its leaf hashes and keeps; the store only lends the place.
    trees: dict[str, Any] = field(default_factory=dict)
    # Asked once, before the first write: may this database be written at all? The log answers; the store only asks.
    before_writing: Callable[[Store], None] | None = None
    # Which word each thing has, as the catalogue has found: a session that reads adds to it, one that writes looks it up.
    words: dict[str, str] = field(default_factory=dict)
    _engines: dict[str, Engine] = field(default_factory=dict)
    _making: threading.Lock = field(default_factory=threading.Lock)
    _turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(READERS_AT_ONCE))

    @property
    def on_postgresql(self) -> bool:
        """Which of the two engines this registry lives on."""
        return self.settings.engine == "postgis"

    def engine(self, session: SessionName) -> Engine:
        """The engine of one session name, made at its first use."""
        return self._engine(session, lambda: (_postgresql if self.on_postgresql else _sqlite)(self, session))

    def _engine(self, name: str, make: Callable[[], Engine]) -> Engine:
        """One for all threads: of two that were made at once, one would be lost with its connections open."""
        with self._making:
            if name not in self._engines:
                self._engines[name] = make()
            return self._engines[name]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that can only read, with one unchanging view of the data. Who has one needs no turn for another."""
        with self._a_turn(), self.engine("reader").connect() as connection:
            yield connection

    @contextmanager
    def reading_through(self) -> Iterator[Connection]:
        """`reading` for whoever goes through everything once: it waits for no turn and takes none, and the embedded file's pages
        are not kept in memory.
        """
        if self.on_postgresql:
            with self.engine("reader").connect() as connection:
                yield connection
            return
        through = self._engine("through", lambda: _sqlite(self, "reader", cache_kib=_CACHE_KIB_OF_ONE_PASS))
        with through.connect() as connection:
            yield connection

    @contextmanager
    def reading_looks(self) -> Iterator[Connection]:
        """`reading` of who looked; the embedded engine's file of looks must be there."""
        if self.on_postgresql:
            with self.reading() as connection:
                yield connection
            return
        with self._engine("looked", lambda: _sqlite(self, "reader", database=self.settings.looks)).connect() as connection:
            yield connection

    @contextmanager
    def writing(self, session: SessionName) -> Iterator[Connection]:
        """One transaction holding the append lock. Leaving it without `connection.commit()` undoes everything."""
        if self.before_writing is not None and session != "looks":  # who reads an older database is written down all the same
            self.before_writing(self)
            self.before_writing = None
        with self.engine(session).connect() as connection:
            if self.on_postgresql:
                key = _LOOKS_LOCK if session == "looks" else _APPEND_LOCK
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
            else:
                # Without it a first statement by the driver's own cursor would run outside any transaction.
                connection.begin()
            yield connection

    @contextmanager
    def _a_turn(self) -> Iterator[None]:
        if _HAS_TURN.get():
            yield
            return
        with self._turns:
            _HAS_TURN.set(True)
            try:
                yield
            finally:
                _HAS_TURN.set(False)

    def close(self) -> None:
        """Let every connection go."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()


def owner_engine(settings: Settings) -> Engine:
    """The owner's connection, for migrations only. No session of the service uses it."""
    if settings.engine == "postgis":
        return sa.create_engine(driver_url(settings.url), poolclass=NullPool)
    engine = sa.create_engine(
        "sqlite://",
        module=sqlite3,
        creator=lambda: _open_file(settings, "owner"),
        poolclass=NullPool,
        isolation_level=None,
    )
    _begin_immediately(engine)
    return engine


def driver_url(url: str) -> sa.URL:
    """The same address through the driver that is installed."""
    return sa.make_url(url).set(drivername="postgresql+psycopg")


def _postgresql(store: Store, session: SessionName) -> Engine:
    role = f"{store.settings.roles}_{session}"
    url = driver_url(store.settings.url).set(username=role, password=role_password(store.vault, role))
    level = "REPEATABLE READ" if session == "reader" else "READ COMMITTED"
    # Of those who write one does, and one waits for the lock; the others wait here, for connections that have asked before.
    size, beyond, patience = (4, 4, _BUSY_MS / 1e3) if session == "reader" else (2, 0, _LONGEST_WRITER_S)
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=beyond,
        pool_timeout=patience,
        isolation_level=level,
        execution_options=_options(store, session),
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  (the driver's own type)
        connection.prepare_threshold = None  # `store.travelling` prepares, and keeps it over a ROLLBACK
        with connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'UTC'")
            cursor.execute("SET search_path = public")
            if not store.settings.durable:
                cursor.execute("SET synchronous_commit = off")
            # Questions are prepared and answered by an index: planning one anew costs more than answering it.
            cursor.execute("SET plan_cache_mode = force_generic_plan")
        connection.commit()

    if session == "reader":

        @event.listens_for(engine, "do_connect")
        def _connect(_dialect: object, _record: object, given: Any, named: Any) -> Any:  # noqa: ANN401  (the driver's own)
            return travelling.Reading.connect(*given, **named)

    return engine


def _options(store: Store, session: SessionName) -> dict[str, Any]:
    return {KEPT_WORDS: store.words, READS: session == "reader"}


def _sqlite(
    store: Store, session: SessionName, cache_kib: int = _CACHE_KIB, database: Path | None = None
) -> Engine:
    may = store.privileges[session]
    if database is None:
        database = store.settings.looks if session == "looks" else store.settings.database

    def connect() -> sqlite3.Connection:
        connection = _open_file(store.settings, session, cache_kib, database)
        if session == "reader":
            connection.execute("PRAGMA query_only = ON")
        connection.set_authorizer(authorizer(may))
        return connection

    engine = sa.create_engine(
        "sqlite://",
        module=sqlite3,
        creator=connect,
        poolclass=QueuePool,
        pool_size=4,
        isolation_level=None,
        execution_options=_options(store, session),
    )
    _begin_immediately(engine, reader=session == "reader")
    return engine


def _open_file(
    settings: Settings, session: str, cache_kib: int = _CACHE_KIB, database: Path | None = None
) -> sqlite3.Connection:
    database = database or settings.database
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    # Statement journals of a large import otherwise go through a file (measured: a third of the time of a row).
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{cache_kib}")
    if session != "reader":
        _set_journal(connection, database)
    connection.execute(f"PRAGMA synchronous = {'FULL' if settings.durable else 'OFF'}")
    connection.create_function("sanquan_session", 0, lambda: session, deterministic=True)
    connection.create_function(
        "sanquan_leaf_hash", 1, lambda leaf: hashlib.sha256(b"\x00" + leaf.encode()).digest(), deterministic=True
    )
    gpkg.register_functions(connection)
    return connection


def _set_journal(connection: sqlite3.Connection, database: Path) -> None:
    """Other programs change it (QGIS's pencil, tried; an older release): put it back, or refuse to write."""
    found = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if found == JOURNAL:
        return
    with suppress(sqlite3.OperationalError):
        found = connection.execute(f"PRAGMA journal_mode = {JOURNAL}").fetchone()[0]
    if found != JOURNAL:
        raise JournalError(
            f"{database} 正被别的程序占用(日志方式 {found}): 关掉 QGIS 等程序后再写",
            f"{database} is held by another program (journal {found}): close QGIS and the like, then write",
        )


def _begin_immediately(engine: Engine, *, reader: bool = False) -> None:
    """SQLAlchemy emits no BEGIN of its own here; a writer takes the lock at once, or half a migration could stay."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # The driver itself: a session that reads would spend more on SQLAlchemy's way than on its first question.
        try:
            connection.connection.cursor().execute("BEGIN" if reader else "BEGIN IMMEDIATE")
        except sqlite3.OperationalError as late:
            if late.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY:
                raise
            raise StoreBusyError from late
