"""How does an empty registry begin at a terminal?"""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.options import HERE, Registry
from registry.errors import SanquanError


class BannerCodeError(SanquanError):
    """Raised when the code of the banner is not one."""

    def __init__(self) -> None:
        """A valid example."""
        super().__init__("--banner-code 是 6 位数字, 例如 150626", "--banner-code has 6 digits, for example 150626")


class EngineUrlError(SanquanError):
    """Raised when PostGIS is asked for without an address, or an address is given for a file."""

    def __init__(self) -> None:
        """Which belongs to which."""
        super().__init__(
            "--engine postgis 要有 --url postgresql://…(或环境变量 SANQUAN_URL), --engine file 不用",
            "--engine postgis needs --url postgresql://… (or SANQUAN_URL); --engine file takes none",
        )


def _roles(banner_code: str) -> str:
    """Roles belong to a whole cluster: two registries of one banner in it must not share passwords."""
    return f"sanquan_{banner_code}_{secrets.token_hex(3)}"


def init(
    *,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="新的数据文件夹 a new data folder")],
    engine: Annotated[
        Literal["file", "postgis"], typer.Option(help="存在一个文件里, 或 PostGIS: one file, or PostGIS")
    ] = "file",
    url: Annotated[
        str, typer.Option(envvar="SANQUAN_URL", help="postgresql://… 的地址, 只用于 postgis: for postgis only")
    ] = "",
    key_file: Annotated[
        Path | None, typer.Option(help="密钥文件, 默认 DIR.key: the key file, DIR.key if not given")
    ] = None,
    banner_code: Annotated[str, typer.Option(help="旗县代码 6 位 the banner's code")] = "150626",
    banner_name: Annotated[str, typer.Option(help="旗县名 the banner's name")] = "乌审旗",
) -> None:
    """新建登记库和它的密钥文件。Make a registry and its key file, which lies outside the data folder, mode 600."""
    from api.cli import shown
    from migrations.upgrade import create
    from registry.store.settings import SETTINGS_FILE, Settings

    if not re.fullmatch(r"[0-9]{6}", banner_code):
        raise BannerCodeError
    if (engine == "postgis") != bool(url):
        raise EngineUrlError
    folder = folder.resolve()
    key = (key_file or folder.with_name(f"{folder.name}.key")).resolve()
    kept = key.exists()
    try:
        create(
            Settings(folder, engine, banner_code, banner_name, key, url=url, roles=_roles(banner_code))
        ).close()
    except Exception:
        # A key that protects nothing yet would only stand in the way of the next attempt.
        if not kept and not (folder / SETTINGS_FILE).exists():
            key.unlink(missing_ok=True)
        raise
    shown.say(f"登记库建好了: {folder}", "registry made")
    shown.say(
        f"密钥文件: {key}。另外备份一份, 没有它姓名和证件号打不开",
        "key file: back it up elsewhere; without it names and numbers stay sealed",
    )


def upgrade(registry: Registry = HERE) -> None:
    """旧版本的登记库改成本程序的表, 先备份。Give an older registry this program's tables; make a backup first."""
    from api.cli import shown
    from migrations import upgrade as migrations
    from registry.store.settings import load_settings

    migrations.upgrade(load_settings(registry))
    shown.say(f"登记库的表是 {migrations.REVISION}", f"the registry's tables are {migrations.REVISION}; now run sanquan audit")
