"""Which registry is this: which banner, which engine, which reference system, where are its keys?

`registry.toml` in the data folder answers; it holds no secret but, on PostgreSQL, nothing more than an address.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from registry.errors import SanquanError

EngineName = Literal["file", "postgis"]
DATABASE_FILE = "registry.gpkg"
SETTINGS_FILE = "registry.toml"
LOOKS_FILE = "looks.sqlite"
# The one projected system in which geometry is stored (easting, northing, metres): CGCS2000, central meridian 108°E,
# without zone prefix. Whether the banner's own data use it is not confirmed: each delivery's .prj is read.
REGISTER_CRS = 4545


class NotARegistryError(SanquanError):
    """Raised when a folder holds no registry, or one whose settings can't be read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One banner, one database, one log.

    `suite` is "gm" where checkpoints are signed by SM2, too (docs/trust.md). `durable` is false only for throwaway databases
    of tests: then nothing is fsynced.
    """

    folder: Path
    engine: EngineName
    banner_code: str
    banner_name: str
    key_file: Path
    url: str = ""
    roles: str = "sanquan"
    durable: bool = True
    suite: str = ""

    @property
    def database(self) -> Path:
        """The embedded file; meaningless on PostgreSQL."""
        return self.folder / DATABASE_FILE

    @property
    def sources(self) -> Path:
        """Where evidence files lie, encrypted, named by the hash of their content."""
        return self.folder / "sources"

    @property
    def looks(self) -> Path:
        """Where the embedded engine keeps who looked, in a file of its own; meaningless on PostgreSQL."""
        return self.folder / LOOKS_FILE

    @property
    def looks_head(self) -> Path:
        """How many looks there are: beside the key file, for the reason of `signing`."""
        return self.key_file.with_suffix(".looks")

    @property
    def published(self) -> Path:
        """The log as strangers read it: checkpoint and tiles, which any web server may hand out."""
        return self.folder / "ledger"

    @property
    def published_before(self) -> Path:
        """The same of logs that this one succeeded after a loss, each in a folder of its own."""
        return self.folder / "ledger-before"

    @property
    def signing(self) -> Path:
        """The log's private keys and the last head that they signed: beside the key file, outside the data folder.

        Whoever restores an older copy of the data folder or of the database does not restore this with it.
        """
        return self.key_file.with_suffix(".signing")

    def save(self) -> None:
        """Write registry.toml; the folder is made when absent."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lines: dict[str, str | bool] = {
            "engine": self.engine,
            "banner_code": self.banner_code,
            "banner_name": self.banner_name,
            "key_file": str(self.key_file),
            "url": self.url,
            "roles": self.roles,
            "durable": self.durable,
            **({"suite": self.suite} if self.suite else {}),
        }
        text = "".join(f"{key} = {_toml(value)}\n" for key, value in lines.items())
        (self.folder / SETTINGS_FILE).write_text(text, encoding="utf-8")


def load_settings(folder: Path) -> Settings:
    """Read registry.toml of a data folder; NotARegistryError when there is none or it is malformed."""
    path = folder / SETTINGS_FILE
    if not path.is_file():
        raise NotARegistryError(
            f"{folder} 里没有登记库(缺 {SETTINGS_FILE})。先运行 sanquan init {folder}",
            f"no registry in {folder} ({SETTINGS_FILE} is missing). Run sanquan init {folder} first",
        )
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return Settings(
            folder=folder,
            engine=found["engine"],
            banner_code=found["banner_code"],
            banner_name=found["banner_name"],
            key_file=Path(found["key_file"]),
            url=found["url"],
            roles=found["roles"],
            durable=found["durable"],
            suite=found.get("suite", ""),
        )
    except (tomllib.TOMLDecodeError, KeyError) as broken:
        raise NotARegistryError(f"{path} 读不懂: {broken}", f"{path} can't be read: {broken}") from broken


def _toml(value: str | bool) -> str:  # noqa: FBT001  (a value of the file, not a switch)
    if isinstance(value, bool):
        return "true" if value else "false"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
