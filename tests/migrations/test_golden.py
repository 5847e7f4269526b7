"""A golden database of each release, on both engines, upgrades to today's schema, audits clean and keeps its verdict."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

import migrations
from api.cli.command import run
from migrations.upgrade import REVISION, OtherReleaseError, open_registry, prepare_roles
from registry import parties
from registry.audit import audit
from registry.statement import statement
from registry.store.copying import drop_copy, new_database
from registry.store.engines import owner_engine
from registry.store.keys import load_key_file
from registry.store.privileges import SESSIONS
from registry.store.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parent.parent / "golden"
RELEASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())


@pytest.fixture(params=RELEASES)
def settings(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> Iterator[Settings]:
    """A golden database brought back as it was."""
    golden = GOLDEN / request.param
    folder, key = tmp_path / "data", tmp_path / "golden.key"
    folder.mkdir()
    shutil.copy(golden / f"{engine_name}.key", key)
    key.chmod(0o600)
    if engine_name == "file":
        restored = Settings(folder, "file", "150626", "乌审旗", key, durable=False)
        restored.database.write_bytes(gzip.decompress((golden / "registry.gpkg.gz").read_bytes()))
    else:
        admin = request.getfixturevalue("postgis_admin_url")
        url = new_database(admin, f"golden_{uuid.uuid4().hex[:12]}")
        # Each process has its own roles; the dump names those of the release.
        roles = f"golden_{os.getpid()}"
        restored = Settings(folder, "postgis", "150626", "乌审旗", key, url=url, roles=roles, durable=False)
        prepare_roles(restored, load_key_file(key))
        dump = gzip.decompress((golden / "registry.sql.gz").read_bytes()).decode()
        for session in SESSIONS:
            dump = dump.replace(f"golden_{session}", f"{roles}_{session}")
        plain = sa.make_url(url).render_as_string(hide_password=False)
        subprocess.run(
            ["psql", "-q", "-v", "ON_ERROR_STOP=1", plain], input=dump, text=True, check=True, capture_output=True
        )
    restored.save()
    yield restored
    drop_copy(restored)


def test_golden_database_upgrades_and_keeps_its_verdict(settings: Settings) -> None:
    """Guarded tables only grow: after the upgrade every row still agrees with the log and nothing changed."""
    assert run(["upgrade", "--registry", str(settings.folder)]) == 0
    store = open_registry(settings.folder)
    assert audit(store).findings == ()
    with store.reading() as connection:
        person = parties.find_by_name(connection, store.vault, "达楞太")[0]
        told = statement(store, connection, person)
    assert told["verdict"] == "unchanged"
    store.close()


@pytest.mark.parametrize(("found", "what"), [("0001", "run sanquan upgrade"), ("9999", "use the newer program")])
def test_registry_of_another_release_is_not_opened(settings: Settings, found: str, what: str) -> None:
    """A program never asks tables that are not there: it says what to do instead."""
    engine = owner_engine(settings)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :found"), {"found": found})
    engine.dispose()
    with pytest.raises(OtherReleaseError, match=what):
        open_registry(settings.folder)


def test_program_knows_its_last_migration() -> None:
    """The word that a registry is held to is that of the newest script."""
    scripts = (Path(migrations.__file__).parent / "versions").glob("[0-9]*.py")
    assert max(path.name[:4] for path in scripts) == REVISION
