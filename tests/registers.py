"""Where does a test get a registry of its own? A copy, on either engine, of one that was made once.

`tests/conftest.py` takes the fixtures in, so that every room's tests have them and each template is made once a worker.
"""

from __future__ import annotations

import os
import shutil
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa

from migrations.upgrade import create
from registry.catalogue import PRIVILEGES
from registry.store.engines import Store
from registry.store.keys import load_key_file
from registry.store.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def roles_prefix(worker_id: str) -> str:
    """Roles belong to the whole cluster: each worker process has its own."""
    return f"test_{worker_id}_{os.getpid()}"


@pytest.fixture(scope="session")
def file_template(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An empty embedded registry, never written again."""
    base = tmp_path_factory.mktemp("file-template")
    settings = Settings(base / "data", "file", "150626", "乌审旗", base / "template.key", durable=False)
    create(settings).close()
    return settings


@pytest.fixture(scope="session")
def postgis_template(
    tmp_path_factory: pytest.TempPathFactory, postgis_admin_url: str, roles_prefix: str
) -> Iterator[Settings]:
    """An empty registry on PostGIS, used as the template of every test's database."""
    base = tmp_path_factory.mktemp("postgis-template")
    name = f"template_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgis_admin_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    url = sa.make_url(postgis_admin_url).set(database=name).render_as_string(hide_password=False)
    settings = Settings(
        base / "data", "postgis", "150626", "乌审旗", base / "template.key", url=url, roles=roles_prefix, durable=False
    )
    create(settings).close()
    _count_catalogues(url)
    yield settings
    with psycopg.connect(postgis_admin_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _count_catalogues(url: str) -> None:
    """Let PostgreSQL count its own tables, as it does by itself where a registry lives longer than a test.

    Uncounted, an audit's questions of them take 0.6 s of the server instead of 0.01. Ours stay as a new registry has them.
    """
    with psycopg.connect(url, autocommit=True) as owner:
        (names,) = owner.execute(
            "SELECT string_agg(oid::regclass::text, ', ') FROM pg_class "
            "WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' AND NOT relisshared"
        ).fetchone() or ("",)
        owner.execute(f"ANALYZE {names}")


def copy_of(template: Settings, folder: Path) -> Settings:
    """A registry of its own, equal to the template."""
    folder.mkdir(parents=True)
    (folder / "sources").mkdir()
    key_file = folder.with_suffix(".key")
    shutil.copy(template.key_file, key_file)
    settings = replace(template, folder=folder, key_file=key_file)
    if template.engine == "file":
        shutil.copy(template.database, settings.database)
    else:
        name = f"test_{uuid.uuid4().hex[:16]}"
        url = sa.make_url(template.url)
        admin_url = url.set(database="postgres").render_as_string(hide_password=False)
        with psycopg.connect(admin_url, autocommit=True) as admin:
            # Files copied as they are: block by block through the server's memory costs half as much again.
            strategy = "STRATEGY FILE_COPY" if admin.info.server_version >= 150_000 else ""
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{url.database}" {strategy}')
            # A template's own privileges are not copied with it.
            admin.execute(f'REVOKE TEMP, CREATE ON DATABASE "{name}" FROM PUBLIC')
        settings = replace(settings, url=url.set(database=name).render_as_string(hide_password=False))
    settings.save()
    return settings


def drop(settings: Settings) -> None:
    """Remove a test's database on PostGIS."""
    if settings.engine == "postgis":
        url = sa.make_url(settings.url)
        admin_url = url.set(database="postgres").render_as_string(hide_password=False)
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{url.database}" WITH (FORCE)')


@pytest.fixture
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """Open as many fresh registries as a test needs, by engine name; all are dropped afterwards."""
    opened: list[Store] = []

    def make(engine_name: str) -> Store:
        template = request.getfixturevalue(f"{engine_name}_template")
        settings = copy_of(template, tmp_path / f"registry-{len(opened)}")
        opened.append(Store(settings, load_key_file(settings.key_file), PRIVILEGES))
        return opened[-1]

    yield make
    for store in opened:
        store.close()
        drop(store.settings)


@pytest.fixture
def store(request: pytest.FixtureRequest, make_store: Callable[[str], Store], engine_name: str) -> Store:
    """A fresh registry, on each engine in turn; with the sample delivery in it where the test asks for `delivered`."""
    return make_store(f"delivered_{engine_name}" if "delivered" in request.fixturenames else engine_name)
