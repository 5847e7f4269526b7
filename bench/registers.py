"""Where does the bench keep a registry: on which engine, for how long, and how is it given back?

On PostGIS each registry is a database of its own in the private cluster that `./run` started.
"""

from __future__ import annotations

import os
import shutil
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import sqlalchemy as sa

from migrations.upgrade import create
from registry.store.engines import owner_engine
from registry.store.settings import EngineName, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTGIS = "SANQUAN_POSTGIS"
"""The variable in which `./run` hands over the cluster's address."""

_BANNER = ("150626", "乌审旗")


def engines(asked: str) -> list[EngineName]:
    """The engines that are asked for ("file", "postgis", "both") and can be had here."""
    both: list[EngineName] = ["file", "postgis"]
    return [name for name in both if asked in (name, "both") and (name == "file" or cluster())]


def cluster() -> str:
    """The address of the private PostGIS; empty where there is none."""
    return os.environ.get(POSTGIS, "")


@contextmanager
def fresh_registry(engine: EngineName, below: Path) -> Iterator[Settings]:
    """An empty registry, durable as a clerk's is; it goes when the block is left."""
    name = f"bench_{uuid.uuid4().hex[:12]}"
    folder = below / name
    if engine == "file":
        settings = Settings(folder, engine, *_BANNER, below / f"{name}.key")
        create(settings).close()
        yield settings
    else:
        with fresh_database(name) as url:
            # Roles belong to the whole cluster; each registry derives their passwords from its own key.
            settings = Settings(folder, engine, *_BANNER, below / f"{name}.key", url=url, roles=name)
            create(settings).close()
            yield settings
    shutil.rmtree(folder)


@contextmanager
def fresh_database(name: str) -> Iterator[str]:
    """The address of an empty database in the private cluster; it goes when the block is left."""
    with psycopg.connect(cluster(), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        yield sa.make_url(cluster()).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(cluster(), autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def gather_statistics(settings: Settings) -> None:
    """Do at once what PostgreSQL's autovacuum does within a minute of an import, so that no run depends on its clock."""
    if settings.engine == "postgis":
        engine = owner_engine(settings)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))
        engine.dispose()
