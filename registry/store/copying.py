"""How is a throwaway copy of a registry made, for a visitor to damage or a test to break?

The copy has its own key file and never fsyncs.
"""

from __future__ import annotations

import shutil
import uuid
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from registry.store.engines import driver_url
from registry.store.settings import Settings
from registry.store.sqlite import sqlite3

if TYPE_CHECKING:
    from pathlib import Path


def throwaway_copy(settings: Settings, folder: Path) -> Settings:
    """Copy a registry into an empty folder (its key file beside it). On PostgreSQL every connection must be closed."""
    folder.mkdir(parents=True)
    (folder / "sources").mkdir()
    key_file = folder.with_suffix(".key")
    shutil.copy(settings.key_file, key_file)
    copy = replace(settings, folder=folder, key_file=key_file, durable=False)
    if settings.engine == "file":
        # Not the file's bytes: while anybody has it open, what was committed last may stand in its WAL.
        with closing(sqlite3.connect(settings.database)) as whole, closing(sqlite3.connect(copy.database)) as target:
            whole.backup(target)
    else:
        url = sa.make_url(settings.url)
        name = f"{url.database}_copy_{uuid.uuid4().hex[:8]}"
        _on_server(settings, f'CREATE DATABASE "{name}" TEMPLATE "{url.database}"')
        # A template's own privileges are not copied with it.
        _on_server(settings, f'REVOKE TEMP, CREATE ON DATABASE "{name}" FROM PUBLIC')
        copy = replace(copy, url=url.set(database=name).render_as_string(hide_password=False))
    copy.save()
    return copy


def new_database(admin_url: str, name: str) -> str:
    """An empty database beside the one of `admin_url` (its owner's address); returns its address."""
    url = sa.make_url(admin_url)
    _run(admin_url, f'CREATE DATABASE "{name}"')
    return url.set(database=name).render_as_string(hide_password=False)


def drop_copy(settings: Settings) -> None:
    """Remove a throwaway copy's database on PostgreSQL; a folder is the caller's to remove."""
    if settings.engine == "postgis":
        _on_server(settings, f'DROP DATABASE "{sa.make_url(settings.url).database}" WITH (FORCE)')


def _on_server(settings: Settings, statement: str) -> None:
    _run(settings.url, statement)


def _run(url: str, statement: str) -> None:
    engine = sa.create_engine(
        driver_url(url).set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
