"""What does a person hold, is it as it was, which parcels are there: the questions of the service, at a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import shown
from api.cli.looking import Purpose, written
from api.cli.options import (
    BUREAU,
    HERE,
    Bureau,
    By,
    Event,
    FromStdin,
    Host,
    Json,
    KnownAt,
    Name,
    Person,
    Registry,
    ValidAt,
    form_of,
    officer_of,
    opened,
    whom,
)
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.ledger.commit import Officer
    from registry.looks.words import What
    from registry.proofs.handing import Form
    from registry.store.engines import Store

    Answer = dict[str, Any]
    Build = Callable[[Store, Connection, Moment], Answer]
    BuildAbout = Callable[[Store, Connection, str, Moment], Answer]


class NotOfTodayError(SanquanError):
    """Raised when a statement of another day is asked for on paper, which no checkpoint proves."""

    def __init__(self) -> None:
        """What to do."""
        super().__init__(
            "写到文件的权益保留证明只出今天的: 去掉 --valid-at 和 --known-at, 或不写文件",
            "a statement in a file is today's: leave out --valid-at and --known-at, or write no file",
        )


def statement(  # noqa: PLR0913  (one parameter an option)
    *,
    registry: Registry = HERE,
    person: Person = None,
    name: Name = None,
    id_number_stdin: FromStdin = False,
    event: Event = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.pdf|FILE.json", help="写成文件, 附证明; 要 --purpose to a file, with its proof"),
    ] = None,
    purpose: Annotated[str, typer.Option("--purpose", help="用途, 写文件时记下 what the file is for; logged")] = "",
    host: Host = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """权益保留证明: 户口前后, 每项权利变没变。The retained-rights statement of one person. Ends with 1 if violated."""
    from api.answers import persons

    if out is not None:
        if valid_at is not None or known_at is not None:
            raise NotOfTodayError
        form: Form = form_of(out, "json", "pdf")
        with opened(registry) as store:
            with store.reading() as connection:
                who = whom(store, connection, person, name, id_number_stdin)
            told = _written(store, who, out, form, event, purpose, host, officer_of(officer, bureau))
        _judged(told, shown.statement, json)
        return

    def build(store: Store, connection: Connection, who: str, at: Moment) -> Answer:
        return persons.statement(store, connection, who, at, event)

    asks = _Asks("statement", (person, name, id_number_stdin), purpose, officer, bureau)
    _judged(_about(registry, valid_at, known_at, asks, build), shown.statement, json)


def rights(  # noqa: PLR0913  (one parameter an option)
    *,
    registry: Registry = HERE,
    person: Person = None,
    name: Name = None,
    id_number_stdin: FromStdin = False,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    purpose: Purpose = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """名下的权利。Every right within one person's reach."""
    from api.answers import persons

    def build(store: Store, connection: Connection, who: str, at: Moment) -> Answer:
        return persons.rights(store, connection, who, at)

    asks = _Asks("rights", (person, name, id_number_stdin), purpose, officer, bureau)
    _show(_about(registry, valid_at, known_at, asks, build), shown.rights, json)


def entitlements(  # noqa: PLR0913  (one parameter an option)
    *,
    registry: Registry = HERE,
    person: Person = None,
    name: Name = None,
    id_number_stdin: FromStdin = False,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    purpose: Purpose = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """现在可以享受的服务, 和还是您的。Urban services now, from whom, since when; and what is still yours."""
    from api.answers import entitlements as answers

    def build(store: Store, connection: Connection, who: str, at: Moment) -> Answer:
        return answers.of_person(store, connection, who, at)

    asks = _Asks("entitlements", (person, name, id_number_stdin), purpose, officer, bureau)
    _show(_about(registry, valid_at, known_at, asks, build), shown.entitlements, json)


def answer(  # noqa: PLR0913  (one parameter an option)
    bureau_id: Annotated[str, typer.Argument(metavar="BUREAU", help="哪个部门查 which bureau asks")],
    *,
    purpose: Annotated[str, typer.Option("--purpose", help="用途, 记入登记库 what for; it is logged")],
    registry: Registry = HERE,
    person: Person = None,
    name: Name = None,
    id_number_stdin: FromStdin = False,
    officer: By = None,
    valid_at: ValidAt = None,
    json: Json = False,
) -> None:
    """部门查一个人: 是或不是、从哪天起, 逐次记录; 从不给地块。One person, yes or no and since when, logged; never land."""
    from api import asked
    from registry import bureaus

    with opened(registry) as store:
        with store.reading() as connection:
            who = whom(store, connection, person, name, id_number_stdin)
            at = asked.moment(store, connection, valid_at, None)
        told = bureaus.ask(
            store, bureau_id, who, officer=officer_of(officer, bureau_id), purpose=purpose,
            valid_at=at.valid_at, known_at=at.known_at,
        )  # fmt: skip
    _show(told, shown.told, json)


def guarantee(  # noqa: PLR0913  (one parameter an option)
    *,
    registry: Registry = HERE,
    person: Person = None,
    name: Name = None,
    id_number_stdin: FromStdin = False,
    event: Event = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    purpose: Purpose = "",
    officer: By = None,
    bureau: Bureau = BUREAU,
    json: Json = False,
) -> None:
    """逐项比对: 一件户籍事件前后。Each thing before one household event against now. Ends with 1 if violated."""
    from api.answers import persons

    def build(store: Store, connection: Connection, who: str, at: Moment) -> Answer:
        return persons.guarantee(store, connection, who, at, event)

    asks = _Asks("guarantee", (person, name, id_number_stdin), purpose, officer, bureau)
    _judged(_about(registry, valid_at, known_at, asks, build), shown.guarantee, json)


def parcels(  # noqa: PLR0913  (one parameter an option)
    *,
    registry: Registry = HERE,
    code: Annotated[str | None, typer.Option("--code", help="地块编码或宗地代码 its code")] = None,
    parcel: Annotated[
        str | None, typer.Option("--parcel", metavar="ID", help="一块地和它的历史 one, with history")
    ] = None,
    village: Annotated[str | None, typer.Option("--village", help="嘎查、村代码 12 位 a village's code")] = None,
    bbox: Annotated[str | None, typer.Option("--bbox", metavar="W,S,E,N", help="方框 a box")] = None,
    crs: Annotated[str, typer.Option("--crs", help="方框的坐标系 the box's: EPSG:4490, EPSG:4545")] = "EPSG:4490",
    after: Annotated[
        str | None, typer.Option("--after", metavar="ID", help="接上一页 the next of the page before")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="一页几条 how many")] = 100,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """查地块: 按编码、嘎查村、方框。Parcels by code, village or box; one with its history by --parcel."""
    from api import asked
    from api.answers import parcels as answers
    from registry.parcels.box import box

    if parcel is not None:
        wanted = asked.text("parcel", parcel)
        one = _answer(registry, valid_at, known_at, lambda _store, c, at: answers.parcel(c, wanted, at))
        _show(one, shown.parcel, json)
        return
    if crs not in asked.CRSS:
        raise asked.InputError(asked.FIELDS["crs"])
    where = None if bbox is None else box(bbox, asked.CRSS[crs])
    given = {"code": code, "village": village, "after": after}
    for field, value in given.items():
        if value is not None:
            asked.text(field, value)
    page = _answer(
        registry,
        valid_at,
        known_at,
        lambda _store, c, at: answers.parcels(c, at, box=where, limit=limit, **given),
    )
    _show(page, shown.parcels, json)


def _answer(folder: Path, valid_at: str | None, known_at: str | None, build: Build) -> Answer:
    from api import asked

    with opened(folder) as store, store.reading() as connection:
        return build(store, connection, asked.moment(store, connection, valid_at, known_at))


@dataclass(frozen=True, slots=True)
class _Asks:
    """What is read of whom, by whom, for what: for the log of who looked."""

    what: What
    whose: tuple[str | None, str | None, bool]
    purpose: str
    officer: str | None
    bureau: str


def _about(folder: Path, valid_at: str | None, known_at: str | None, asks: _Asks, build: BuildAbout) -> Answer:
    """An answer about one person; who reads it is written down before it is shown."""
    from api import asked

    with opened(folder) as store:
        with store.reading() as connection:
            who = whom(store, connection, *asks.whose)
            told = build(store, connection, who, asked.moment(store, connection, valid_at, known_at))
        written(store, who, asks.what, asks.purpose, asks.officer, asks.bureau)
    return told


def _show(answer: Answer, table: Callable[[Answer], None], as_json: bool) -> None:  # noqa: FBT001
    if as_json:
        shown.as_json(answer)
    else:
        table(answer)


def _written(
    store: Store, person: str, out: Path, form: Form, event: int | None, purpose: str, host: str, officer: Officer
) -> Answer:
    from api.answers import persons
    from registry.exports.write import replacing

    with replacing(out) as unfinished:
        made = persons.statement_on_paper(store, person, event, officer, purpose, form=form, host=host)
        unfinished.write_bytes(made.content)
    return made.told


def _judged(answer: Answer, table: Callable[[Answer], None], as_json: bool) -> None:  # noqa: FBT001
    _show(answer, table, as_json)
    if answer["verdict"] == "violated":
        raise typer.Exit(1)
