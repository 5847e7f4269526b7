"""Which papers with names does a desk print, about which code, and whose desk prints which?

A paper is printed by whoever keeps the book of a right on it: the sheet of a homestead by 自然资源局, a contract's by 农牧局, and
what shows both (a village) by either. What lies outside of the places to which a role is held is not there for it. Each making is
a row of the log of papers before the file is there (`registry.sheets.making`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from gis.sheets import NO_SHIFT
from registry import sheets
from registry.accounts.authorise import lies_in
from registry.accounts.refusals import NotThereError
from registry.cases import book, choices
from registry.catalogue import heads
from registry.certificates import certificate_sheet, is_a_paper, register_sheet, village_certificates
from registry.china import today
from registry.errors import SanquanError
from registry.ledger import read as ledger
from registry.ledger.in_force import in_force
from registry.parcels import read as parcels
from registry.rights.model import CONTRACTS, RIGHT_PARCEL, RIGHT_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from gis.sheets import Sheet
    from registry.cases import Actor
    from registry.sheets import AsOf
    from registry.store.engines import Store

_OF_THING = {"parcel": "parcel", "holding": "household", **dict.fromkeys((*CONTRACTS, "homestead"), "register")}
"""Which paper fits a thing by its word; a right has its certificate beside."""


class KeptElsewhereError(SanquanError):
    """Raised when no right on a paper is in a book that this desk keeps."""

    def __init__(self, desks: Iterable[str]) -> None:
        """Whose it is."""
        names = [book().roles[desk] for desk in sorted(desks)]
        super().__init__(
            f"这一份上没有您这里管的权利, 由{'、'.join(name.zh for name in names)}打印",
            f"no right on it is in a book of yours: {', '.join(name.en for name in names)} prints it",
        )


@dataclass(frozen=True, slots=True)
class Order:
    """One paper: its word in `PAPERS` or `OF_VILLAGES`, a code or number, and for what. The shift is in mm, right and down.

    `round_number` and `day` (today where it is "") are those of a public notice. `spoiled`: the one before went wrong (作废).
    """

    paper: str
    code: str
    purpose: str
    shift_mm: tuple[float, float] = NO_SHIFT
    round_number: int = 1
    day: str = ""
    spoiled: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper is called, its word in the log of papers, and what draws it."""

    zh: str
    en: str
    logged: str
    build: Callable[[AsOf, Order], list[Sheet]]


PAPERS = {
    "parcel": Paper(
        "地块示意图、宗地图", "sheet of a parcel", "sheet-parcel", lambda at, order: sheets.of_parcel(at, order.code)
    ),
    "household": Paper(
        "承包地块分布图", "map of a household's parcels", "sheet-household",
        lambda at, order: sheets.of_household(at, order.code),
    ),
    "register": Paper(
        "登记簿摘录", "extract of the register", "sheet-household", lambda at, order: [register_sheet(at, order.code)]
    ),
    "certificate": Paper(
        "权证内页", "pages of a certificate", "certificate", lambda at, order: [certificate_sheet(at, order.code)]
    ),
    "notice": Paper(
        "公示图、公示表", "maps and list for the public notice", "sheet-notice",
        lambda at, order: sheets.of_notice(at, order.code, order.round_number, order.day or at.day),
    ),
}  # fmt: skip
OF_VILLAGES = {
    "village": (
        "全村图件（每份合同、每块宅基地一个文件）",
        "all sheets of a village, a file for each contract and homestead",
    ),
    "certificates": ("全村权证内页（每份合同一个文件）", "all certificates of a village, a file for each contract"),
}
"""What is many files: of a whole village, all or nothing."""


def print_one(store: Store, actor: Actor, order: Order, out: Path) -> None:
    """Make one paper with names. Raises `KeptElsewhereError`, NotThereError, PurposeMissingError, what `sheets.make` raises."""
    paper = PAPERS[order.paper]
    _refuse_elsewhere(store, actor, order)
    sheets.make(store, _as_made(actor, order), paper.logged, order.code, out, lambda at: paper.build(at, order))


def print_village(store: Store, actor: Actor, order: Order, folder: Path) -> int:
    """Make every sheet, or every certificate, of a village; returns how many files. Raises as `print_one`."""
    _refuse_elsewhere(store, actor, order)
    made = _as_made(actor, order)
    if order.paper == "village":
        return sheets.make_village(store, made, order.code, folder, _unwatched)
    return sheets.make_folder(
        store, made, "certificate", order.code, folder, _unwatched, lambda at: village_certificates(at, order.code)
    )


def fitting(store: Store, connection: Connection, actor: Actor, things: Sequence[str]) -> list[tuple[str, str]]:
    """Which papers this desk prints of these things, and of what else their household has: word and code, theirs first."""
    found = choices(store, connection, things)
    every = [*found.subjects, *found.beside]
    of_thing = heads(connection, [each.id for each in every])
    told: list[tuple[str, str]] = []
    for each in every:
        paper = _OF_THING.get(each.word.word, "")
        number = str(of_thing[each.id].columns["certificate_number"] or "") if paper == "register" else ""
        told += [(paper, each.code)] if paper and each.code else []
        told += [("certificate", number)] if is_a_paper(connection, number) else []
    return [(paper, code) for paper, code in dict.fromkeys(told) if actor.role in _desks(store, connection, actor, paper, code)]


def _refuse_elsewhere(store: Store, actor: Actor, order: Order) -> None:
    with store.reading() as connection:
        desks = _desks(store, connection, actor, order.paper, order.code)
    if actor.role not in desks:
        raise KeptElsewhereError(desks)


def _desks(store: Store, connection: Connection, actor: Actor, paper: str, code: str) -> set[str]:
    """The desks that keep the book of a right on a paper; of land that nobody holds, every desk. NotThereError."""
    column = RIGHT_VERSION.c
    day, known = today(store), ledger.size(connection)
    query = (
        sa.select(column.thing, column.unit_code).where(column.status != "ended", in_force(RIGHT_VERSION)).distinct()
    )
    if paper == "parcel":
        ids = [state.parcel_id for state in parcels.by_code(connection, code, valid_at=day, known_at=known)]
        of_version = sa.and_(RIGHT_PARCEL.c.thing_id == column.thing_id, RIGHT_PARCEL.c.ver == column.ver)
        query = query.join(RIGHT_PARCEL, of_version).where(RIGHT_PARCEL.c.parcel_id.in_(ids))
    elif paper == "certificate":
        query = query.where(column.certificate_number == code)
    elif paper == "register":
        query = query.where(column.unit_code == code)
    else:
        query = query.where(column.unit_code.startswith(code, autoescape=True))
    found = connection.execute(query, {"valid_at": day, "known_at": known}).all()
    codes = {code, *(row.unit_code for row in found)}
    if actor.within and not any(lies_in(place, codes) for place in actor.within):
        raise NotThereError
    return {desk for thing in {row.thing for row in found} or {"parcel"} for desk in book().desks[thing]}


def _as_made(actor: Actor, order: Order) -> sheets.Order:
    return sheets.Order(actor.officer, order.purpose, shift_mm=order.shift_mm, spoiled=order.spoiled)


def _unwatched(_done: int, _total: int) -> None:
    """Nobody watches how far a page's order is."""
