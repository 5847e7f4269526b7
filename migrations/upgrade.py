"""How does a registry come to be, and how is an older one brought up to date?

`create` makes roles, key file, schema and the first entry of the log; `upgrade` runs the numbered files that are
missing. Guarded tables only grow; there is no way down: restore a backup instead.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.catalogue import PRIVILEGES, grants
from registry.errors import SanquanError
from registry.ledger.genesis import write_first_state
from registry.ledger.publishing import refuse_behind
from registry.store.engines import Store, owner_engine
from registry.store.keys import create_key_file, load_key_file, role_password
from registry.store.privileges import SESSIONS
from registry.store.settings import SETTINGS_FILE, Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alembic.config import Config

    from registry.store.keys import Vault


REVISION = "0014"
"""The last of the numbered migrations: the tables that this program asks."""


class RegistryExistsError(SanquanError):
    """Raised when a new registry would be laid over an existing one."""


class OtherReleaseError(SanquanError):
    """Raised when a registry has the tables of another release than this program's."""

    def __init__(self, found: str) -> None:
        """`found` is the number of its last migration."""
        if found < REVISION:
            zh, en = "先备份, 再运行 sanquan upgrade", "make a backup, then run sanquan upgrade"
        else:
            zh, en = "请换新版本的程序", "use the newer program"
        super().__init__(
            f"登记库的表是 {found}, 本程序要 {REVISION}: {zh}",
            f"the registry's tables are {found}, this program's {REVISION}: {en}",
        )


class KeyInsideDataError(SanquanError):
    """Raised when the key file would lie in the data folder: whoever copies the folder would copy the names too."""


def create(settings: Settings) -> Store:
    """Make a registry: its folder, key file, roles, tables, guards, list of causes, and entry 0 of its log."""
    if (settings.folder / SETTINGS_FILE).exists() or settings.database.exists():
        raise RegistryExistsError(
            f"{settings.folder} 里已有登记库, 不会覆盖。换一个空文件夹",
            f"{settings.folder} holds a registry already; nothing is overwritten. Choose an empty folder",
        )
    if settings.key_file.resolve().is_relative_to(settings.folder.resolve()):
        raise KeyInsideDataError(
            f"密钥文件不能放在数据文件夹 {settings.folder} 里: 换到外面",
            f"the key file may not lie inside the data folder {settings.folder}: put it outside",
        )
    settings.folder.mkdir(parents=True, exist_ok=True)
    settings.sources.mkdir(exist_ok=True)
    vault = create_key_file(settings.key_file)
    upgrade(settings)
    settings.save()
    store = Store(settings, vault, PRIVILEGES)
    write_first_state(store)
    return store


def open_registry(folder: Path) -> Store:
    """Open the registry of a data folder with the key file that its settings name.

    Its first write is refused where the database does not begin with the last signed head (`refuse_behind`).
    Raises OtherReleaseError.
    """
    settings = load_settings(folder)
    store = Store(settings, load_key_file(settings.key_file), PRIVILEGES, before_writing=refuse_behind)
    found = _revision(store)
    if found not in {None, REVISION}:
        store.close()
        raise OtherReleaseError(str(found))
    return store


def _revision(store: Store) -> str | None:
    """The last migration of a registry; None where it can't be read: whoever asks first is told why."""
    try:
        with store.reading() as connection:
            return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")))
    except (sa.exc.DBAPIError, SanquanError):
        return None


def upgrade(settings: Settings) -> None:
    """Run every numbered migration that the database lacks, each in one transaction; roles that are new are made first."""
    from alembic import command  # the open of every command need not wait for it

    if settings.engine == "postgis":
        prepare_roles(settings, load_key_file(settings.key_file))
    engine = owner_engine(settings)
    with _configuration() as config, engine.connect() as connection:
        config.attributes["connection"] = connection
        config.attributes["roles"] = settings.roles
        command.upgrade(config, "head")
        if settings.engine == "postgis":
            grant(connection, settings.roles)
    engine.dispose()


def grant(connection: sa.Connection, roles: str) -> None:
    """Give the roles what the one table of privileges says, and take what PostgreSQL gives to everybody."""
    database = connection.scalar(sa.text("SELECT current_database()"))
    for statement in grants(roles, str(database)):
        connection.exec_driver_sql(statement)
    connection.commit()


def prepare_roles(settings: Settings, vault: Vault) -> None:
    """Make or renew the three login roles of a registry on PostgreSQL; their passwords come from the key file."""
    engine = owner_engine(settings)
    with engine.begin() as connection:
        for session in SESSIONS:
            role = f"{settings.roles}_{session}"
            known = connection.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
            verb = "ALTER" if known else "CREATE"
            # Neither a role's name nor its password can be a bound value here; both are ours (letters, digits, _).
            connection.exec_driver_sql(
                f"{verb} ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS "
                f"PASSWORD '{role_password(vault, role)}'"
            )
    engine.dispose()


@contextmanager
def _configuration() -> Iterator[Config]:
    from alembic.config import Config

    with resources.as_file(resources.files("migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.set_main_option("path_separator", "os")
        yield config
