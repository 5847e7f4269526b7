"""What happens when somebody tries to take the land: a village, an administrator, somebody who tears the locks off?

The first two are refused before anything is written. The third is done for real, on a throwaway copy, by the owner of
the database with the guards dropped: nothing can refuse that, and `audit` names the row. For the demonstration and its
visitors; the service never calls this.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from registry.errors import SanquanError
from registry.law import causes
from registry.parcels.model import PARCEL_VERSION
from registry.rights.model import RIGHT_PARCEL, RIGHT_VERSION
from registry.store.engines import Store, owner_engine
from registry.store.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.engine import Connection

    from registry.store.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refusal:
    """How an attempt ended: refused or not, by what, in the words of whoever refused it."""

    by: str = ""
    zh: str = ""
    en: str = ""

    @property
    def refused(self) -> bool:
        """Whether anything stopped the attempt."""
        return self.by != ""


@dataclass(frozen=True, slots=True)
class Damage:
    """What was changed behind the register's back: which row, which column, from what to what."""

    table: str
    key: tuple[tuple[str, Any], ...]
    column: str
    before: str
    after: str
    entry_idx: int


def village_takes_it_back(thing: str, day: str) -> Refusal:
    """“迁走的收回”: the village names the move as the cause. There is no such cause on the closed list."""
    try:
        causes.find(thing, "taken-back-because-moved", dt.date.fromisoformat(day))
    except SanquanError as refusal:
        return Refusal("lawful_cause", refusal.zh, refusal.en)
    return Refusal()


def administrator_updates_area(store: Store, parcel_id: str) -> Refusal:
    """The owner of the database updates a surveyed area by hand: every row is append-only."""
    engine = owner_engine(store.settings)
    statement = sa.update(PARCEL_VERSION).where(PARCEL_VERSION.c.thing_id == parcel_id).values(surveyed_area_m2="1.00")
    try:
        with engine.connect() as connection:
            connection.execute(statement)
    except sa.exc.DBAPIError as refusal:
        first_line = str(refusal.orig).splitlines()[0]
        return Refusal("append-only", "记录只能增加, 不能改", first_line)
    finally:
        engine.dispose()
    return Refusal()


def cut_area(settings: Settings, parcel_id: str) -> Damage:
    """Tear the locks off and take 500 亩 from the surveyed area of one parcel, in place."""

    def edit(connection: Connection) -> Damage:
        row = connection.execute(
            sa.select(
                PARCEL_VERSION.c.thing_id,
                PARCEL_VERSION.c.ver,
                PARCEL_VERSION.c.surveyed_area_mu,
                PARCEL_VERSION.c.cause_idx,
            )
            .where(PARCEL_VERSION.c.thing_id == parcel_id)
            .order_by(PARCEL_VERSION.c.ver.desc())
            .limit(1)
        ).one()
        whole, _, cents = row.surveyed_area_mu.partition(".")
        after = f"{max(0, int(whole) - 500)}.{cents}"
        return _overwrite(connection, PARCEL_VERSION, row, "surveyed_area_mu", after)

    return _with_locks_off(settings, edit)


def random_damage(settings: Settings, seed: int) -> Damage:
    """Tear the locks off and edit one guarded row chosen at random."""
    choice = random.Random(seed)  # noqa: S311  (which row, not a secret)
    kinds: Sequence[tuple[sa.Table, str, str]] = (
        (PARCEL_VERSION, "surveyed_area_m2", "1.00"),
        (PARCEL_VERSION, "code", "15062699999900000"),
        (RIGHT_VERSION, "term_end", "2019-12-31"),
        (RIGHT_VERSION, "powers", "possess"),
        (RIGHT_VERSION, "status", "ended"),
        (RIGHT_PARCEL, "contract_area_m2", "1.00"),
    )

    def edit(connection: Connection) -> Damage:
        table, column, after = choice.choice(kinds)
        keys = connection.execute(
            sa.select(table.c.thing_id, table.c.ver, table.c[column], table.c.cause_idx)
            .where(table.c[column] != after)
            .order_by(table.c.thing_id, table.c.ver)
        ).all()
        return _overwrite(connection, table, choice.choice(keys), column, after)

    return _with_locks_off(settings, edit)


def overwrite_one(settings: Settings, table_name: str, column: str, value: str | int) -> dict[str, Any]:
    """Tear the locks off and overwrite one column of the first row that differs; returns the row's key and old value."""
    table = METADATA.tables[table_name]
    keys = list(table.primary_key.columns) if table_name != "parcel_version" else [table.c.thing_id, table.c.ver]

    def edit(connection: Connection) -> dict[str, Any]:
        row = connection.execute(
            sa.select(*keys, table.c[column].label("old")).where(table.c[column] != value).order_by(*keys).limit(1)
        ).one()
        where = sa.and_(*(key == row._mapping[key.name] for key in keys))  # noqa: SLF001
        connection.execute(sa.update(table).where(where).values({column: value}))
        return {
            "table": table_name,
            "key": {key.name: row._mapping[key.name] for key in keys},  # noqa: SLF001
            "column": column,
            "before": str(row.old),
            "after": str(value),
        }

    return _with_locks_off(settings, edit)


def _overwrite(connection: Connection, table: sa.Table, row: Any, column: str, after: str) -> Damage:  # noqa: ANN401
    key = (("thing_id", row.thing_id), ("ver", row.ver))
    where = sa.and_(table.c.thing_id == row.thing_id, table.c.ver == row.ver)
    before = str(row._mapping[column])  # noqa: SLF001  (SQLAlchemy's public way to read a column by name)
    connection.execute(sa.update(table).where(where).values({column: after}))
    return Damage(table.name, key, column, before, after, row.cause_idx)


def _with_locks_off(settings: Settings, edit: Callable[[Connection], T]) -> T:
    engine = owner_engine(settings)
    with engine.connect() as connection:
        if settings.engine == "file":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            done = _sqlite_unguarded(connection, edit)
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
            done = edit(connection)
        connection.commit()
    engine.dispose()
    return done


def _sqlite_unguarded(connection: Connection, edit: Callable[[Connection], T]) -> T:
    """Drop the triggers, edit, put them back word for word: a careful thief."""
    triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    done = edit(connection)
    for _, statement in triggers:
        connection.exec_driver_sql(statement)
    return done
