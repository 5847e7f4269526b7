"""Which options do commands share, and how is a person found without an ID number in any history?"""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from registry.china import CHINA
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import BaseModel
    from sqlalchemy.engine import Connection

    from registry.delivery.sheets import LastTime
    from registry.ledger.commit import Officer
    from registry.store.engines import Store

Form = TypeVar("Form", bound="BaseModel")
Ending = TypeVar("Ending", bound=str)
Registry = Annotated[
    Path,
    typer.Option("--registry", envvar="SANQUAN_REGISTRY", metavar="DIR", help="登记库的数据文件夹 the data folder"),
]
AsCase = Annotated[bool, typer.Option("--case", help="出一份申请, 交给 case open 办 only the case that asks for it")]
Json = Annotated[bool, typer.Option("--json", help="与接口相同的 JSON: the same as the service answers")]
Person = Annotated[str | None, typer.Option("--person", metavar="ID", help="按编号 by id")]
Name = Annotated[str | None, typer.Option("--name", metavar="姓名 NAME", help="按全名 by the exact name")]
FromStdin = Annotated[
    bool, typer.Option("--id-number-stdin", help="从标准输入读证件号, 不留在命令历史里: the ID number from stdin")
]
ValidAt = Annotated[
    str | None, typer.Option("--valid-at", metavar="YYYY-MM-DD", help="哪一天的状态, 默认今天 the state of which day")
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="按哪一天检查, 默认今天 as on which day")
]
Sheets = Annotated[
    Path | None, typer.Option("--sheets", metavar="DIR", help="每村写验收单或退件单 a sheet for each village, as PDF")
]
Last = Annotated[
    Path | None, typer.Option("--last", metavar="FILE.json", help="上次的判定, 数出已改的 the verdict of the last time")
]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", help="拓扑在 Dask 集群上算 a Dask scheduler, such as tcp://10.0.0.5:8786"),
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at", metavar="N|INSTANT", help="按哪一刻的登记: 账本条数或时刻 as known when: a size or an instant"
    ),
]
Event = Annotated[
    int | None, typer.Option("--event", metavar="IDX", help="哪一件户籍事件, 默认最近的落户 which event")
]

By = Annotated[
    str | None, typer.Option("--officer", envvar="SANQUAN_OFFICER", help="经办人, 默认登录名 who does it")
]
Bureau = Annotated[str, typer.Option("--bureau", envvar="SANQUAN_BUREAU", help="经办单位 the bureau")]
Host = Annotated[
    str, typer.Option("--host", envvar="SANQUAN_VERIFY_HOST", help="码打开哪个网站, 默认账本名里的 who opens the code")
]

HERE = Path("registry")
BUREAU = "农牧局"


class WhoError(SanquanError):
    """Raised when a command about a person is not told whom, or told twice."""

    def __init__(self) -> None:
        """The three ways."""
        super().__init__(
            "说明查谁, 三种办法选一种: --id-number-stdin(从标准输入读), --name 姓名, --person 编号",
            "say whom, in one of three ways: --id-number-stdin (read from stdin), --name NAME, --person ID",
        )


class NobodyError(SanquanError):
    """Raised when nobody in the register has this number or name. It is not repeated."""

    def __init__(self) -> None:
        """What to check."""
        super().__init__(
            "登记库里没有这个人: 核对号码或姓名(要全名)",
            "nobody in the register has this number or name: check it (the whole name)",
        )


class SeveralPeopleError(SanquanError):
    """Raised when several people have this number or name: one of them is chosen by id."""

    def __init__(self, people: list[dict[str, str]]) -> None:
        """Masked people with their ids."""
        lines = "".join(f"\n  --person {p['id']}  {p['name']}  {p['id_number']}" for p in people)
        super().__init__(
            f"有 {len(people)} 个人, 用编号选一个:{lines}", f"{len(people)} people: choose one by id (above)"
        )


def document(file: Path, form: type[Form], refusal: Callable[[list[str]], SanquanError]) -> Form:
    """What is sent in by a file, - being stdin; `refusal` is made of the fields that are wrong, never of their values."""
    from pydantic import ValidationError

    text = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        return form.model_validate_json(text)
    except ValidationError as malformed:
        places = {
            "…" if each["type"] == "extra_forbidden" else str(each["loc"][0] if each["loc"] else "JSON")
            for each in malformed.errors()
        }
        raise refusal(sorted(places)) from None


def moment(as_of: str | None) -> dt.datetime:
    """Now in China, or noon of a day; InputError."""
    from api import asked

    if as_of is None:
        return dt.datetime.now(tz=CHINA)
    return dt.datetime.combine(dt.date.fromisoformat(asked.day(as_of)), dt.time(12), tzinfo=CHINA)


def last_time(last: Path | None) -> LastTime | None:
    """What the verdict of an earlier delivery says; LastVerdictUnreadableError."""
    from registry.delivery.sheets import read_last

    return None if last is None else read_last(last)


class FileFormError(SanquanError):
    """Raised when something is to be written into a file of a kind that it is not written as."""

    def __init__(self, *forms: str) -> None:
        """Those that it is written as (`pdf`)."""
        endings = [f".{form}" for form in forms]
        super().__init__(f"文件名以 {' 或 '.join(endings)} 结尾", f"the file's name ends with {' or '.join(endings)}")


class OnlyShownError(SanquanError):
    """Raised when a file is named for an answer that no table is made of."""

    def __init__(self) -> None:
        """What to do instead."""
        super().__init__(
            "这一项没有表可写: 去掉 --out, 或用 --json > 文件", "no table is made of this: leave out --out, or use --json > FILE"
        )


def form_of(out: Path, *forms: Ending) -> Ending:
    """As which of these a file is written, by its name (`a.PDF`: `pdf`); FileFormError."""
    for form in forms:
        if out.suffix.lower() == f".{form}":
            return form
    raise FileFormError(*forms)


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """The registry of a data folder, closed afterwards; NotARegistryError."""
    from migrations.upgrade import open_registry

    store = open_registry(folder)
    try:
        yield store
    finally:
        store.close()


def whom(store: Store, connection: Connection, person: str | None, name: str | None, from_stdin: bool) -> str:  # noqa: FBT001
    """The id of the one person meant. WhoError, NobodyError, SeveralPeopleError, InputError."""
    from api import asked
    from api.answers import persons

    if (person is not None) + (name is not None) + from_stdin != 1:
        raise WhoError
    if person is not None:
        return asked.text("person", person)
    if name is not None:
        found = persons.by_name(store, connection, name)["persons"]
    else:
        found = persons.by_number(store, connection, asked.text("id_number", _number()))["persons"]
    if not found:
        raise NobodyError
    if len(found) > 1:
        raise SeveralPeopleError(found)
    return str(found[0]["id"])


def officer_of(name: str | None, bureau: str) -> Officer:
    """Who stands at the terminal: the login name where nobody is named."""
    import getpass

    from registry.ledger.commit import Officer

    return Officer(name or getpass.getuser(), bureau)


def _number() -> str:
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass("证件号码 ID number: ").strip()
    return sys.stdin.readline().strip()
