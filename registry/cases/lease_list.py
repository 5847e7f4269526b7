"""Which leases does a village's ledger hold, row by row, and is each one that a case could be opened for?

One table (csv, xlsx), read as a roster is: strictly, in a process that can do no harm. A row is a lease of one contract, of all its
parcels or of those that it names. Whether it fits the register is asked of the kind `leased` itself; a list with a faulty row
opens nothing. Who lives where is read nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from registry import parties
from registry.cases.beforehand import looking
from registry.cases.kinds import kind_of
from registry.cases.writing import READERS
from registry.cases.writing.writer import contracted
from registry.china import today
from registry.delivery.faults import MOST_OF_A_TABLE, Fault, Faults, TooManyFaults
from registry.delivery.fields import Column, Part, sealed
from registry.delivery.frames import set_villages
from registry.delivery.read_tables import frame_of
from registry.delivery.tables_apart import cells_apart
from registry.delivery.values import check_values
from registry.errors import SanquanError
from registry.ledger.chain import read_chains
from registry.parcels.model import PARCEL_VERSION
from registry.rights.model import RIGHT, RIGHT_VERSION
from registry.store.among import among
from registry.subsidies.read import ListRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.delivery.frames import Frame
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version
    from registry.store.engines import Store

KIND = "leased"
MOST = 1_000
"""Rows of one list: a village's ledger has some hundreds."""
CONTRACT, PARCELS, LESSEE, NUMBER, CODE, START, END, RENT = HEADER = (
    "合同编码", "地块编码", "承租方", "证件号码", "租赁合同编号", "从", "到", "租金",
)  # fmt: skip
LEASES = Part(
    "流转台账", shape="", required=False, belongs=(),
    columns=(
        Column(CONTRACT, "text", "必", 40),
        Column(PARCELS, "text", "可", 400),
        sealed(LESSEE, "必", 50),
        sealed(NUMBER, "可", 30),
        Column(CODE, "text", "必", 40),
        Column(START, "day", "必"),
        Column(END, "day", "必"),
        Column(RENT, "number"),
    ),
)  # fmt: skip


class Draft(NamedTuple):
    """What a case is opened with."""

    kind: str
    subject: tuple[str, ...]
    request: dict[str, Any]


@dataclass(slots=True)
class Row:
    """One row: its number as Excel shows it, what it says without a name, what is wrong with it, and its draft where nothing is."""

    number: int
    contract: str
    code: str
    start: str
    end: str
    faults: list[Fault] = field(default_factory=list)
    draft: Draft | None = None


class _Of(NamedTuple):
    """The rights that stand under a contract's code, and the codes of parcels by their ids."""

    rights: Sequence[Version]
    called: Mapping[str, str]


class _Wrong(Exception):
    """Raised inside this file: which column, and why."""

    def __init__(self, column: str, zh: str, en: str) -> None:
        super().__init__(column)
        self.column, self.zh, self.en = column, zh, en


def read_leases(store: Store, path: Path) -> list[Row]:
    """Every row with its verdict; nothing is written. ListRefusedError where the table cannot be read at all."""
    ((_, cells),) = cells_apart([path])
    faults = Faults(most=MOST_OF_A_TABLE)
    try:
        frame = frame_of(LEASES, path.name, cells, faults)
        if frame is not None:
            set_villages(frame, frozenset())
            check_values(frame, store.settings.banner_code, today(store), faults)
    except TooManyFaults:
        raise ListRefusedError(faults.found) from None
    if frame is None or any(fault.row is None for fault in faults.found):
        raise ListRefusedError(faults.found)
    if not 0 < len(frame) <= MOST:
        faults.whole("file-unreadable", path.name, "", reason=(f"要有 1 到 {MOST} 行", f"it must have 1 to {MOST} rows"))
        raise ListRefusedError(faults.found)
    of_row: dict[int, list[Fault]] = defaultdict(list)
    for fault in faults.found:
        of_row[fault.row or 0].append(fault)
    with store.reading() as connection:
        return list(_rows(store, connection, frame, of_row))


def drafts_of(rows: Sequence[Row]) -> list[Draft]:
    """All of them. ListRefusedError with every fault where one row has any."""
    faults = [fault for row in rows for fault in row.faults]
    if faults:
        raise ListRefusedError(faults)
    return [row.draft for row in rows if row.draft is not None]


def _rows(store: Store, connection: Connection, frame: Frame, faults: Mapping[int, list[Fault]]) -> Iterator[Row]:
    at = looking(store, connection)
    columns = {name: frame.values(name) for name in HEADER}
    starts, ends = frame.day(START), frame.day(END)
    rights = _rights(at, set(columns[CONTRACT]))
    called = _codes(connection, [line.parcel_id for held in rights.values() for right in held for line in contracted(right)])
    taken: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for index, number in enumerate(frame.row.tolist()):
        said = {name: values[index] for name, values in columns.items()}
        row = Row(number, said[CONTRACT], said[CODE], starts[index], ends[index], list(faults.get(number, ())))
        if not row.faults:
            try:
                row.draft = _draft(at, said, row, _Of(rights.get(row.contract, ()), called), taken)
            except _Wrong as wrong:
                row.faults.append(_fault(frame, number, wrong.column, wrong.zh, wrong.en))
            except SanquanError as refusal:
                row.faults.append(_fault(frame, number, "", refusal.zh, refusal.en))
        yield row


def _draft(
    at: Desk, said: Mapping[str, str], row: Row, of: _Of, taken: dict[str, list[tuple[str, str, int]]]
) -> Draft:
    right, lines = _land(said[PARCELS].replace("、", " ").split(), of)
    for line in lines:
        clash = next((n for start, end, n in taken[line["parcel"]] if start <= row.end and row.start <= end), None)
        if clash is not None:
            raise _Wrong(PARCELS, f"第 {clash} 行已经把这块地租出去了", f"row {clash} lets that parcel already in that time")
    request: dict[str, Any] = {"lessee": _lessee(at, said), "code": row.code, "from": row.start, "until": row.end, "parcels": lines}
    if said[RENT]:
        request["payment"] = said[RENT]
    READERS[KIND].touched(at, (right.thing_id,), request, today(at.store))
    for line in lines:
        taken[line["parcel"]].append((row.start, row.end, row.number))
    return Draft(KIND, (right.thing_id,), request)


def _land(codes: Sequence[str], of: _Of) -> tuple[Version, list[dict[str, str]]]:
    """The right, and its parcels or those that are named, with their contract areas."""
    if not of.rights:
        raise _Wrong(CONTRACT, "登记簿里没有这份承包合同", "the register has no such contract")
    fit = [right for right in of.rights if set(codes) <= {of.called[line.parcel_id] for line in contracted(right)}]
    if not fit:
        raise _Wrong(PARCELS, "这份承包合同里没有这块地", "the contract has no such parcel")
    if len(fit) > 1:
        raise _Wrong(PARCELS, "这份合同有几种地, 写明地块编码", "the contract has land of several kinds: name the parcels")
    lines = [
        {"parcel": line.parcel_id, "m2": line.area_m2, "mu": line.area_mu}
        for line in contracted(fit[0])
        if not codes or of.called[line.parcel_id] in codes
    ]
    return fit[0], lines


def _lessee(at: Desk, said: Mapping[str, str]) -> dict[str, str]:
    """Whom the register knows by this number, or whoever is written down."""
    number = said[NUMBER]
    known = parties.find_by_number(at.connection, at.store.vault, number) if number else []
    if len(known) > 1:
        raise _Wrong(NUMBER, "这个号码登记簿里不止一个人: 这一行单独办", "several people have this number: enter it by itself")
    if known:
        return {"person": next(iter(known))}
    return {"name": said[LESSEE]} | ({"id_number": number} if number else {})


def _rights(at: Desk, codes: set[str]) -> dict[str, list[Version]]:
    """The rights that stand under each contract's code."""
    about = kind_of(KIND).about
    query = (
        sa.select(RIGHT_VERSION.c.thing_id)
        .where(among(RIGHT_VERSION.c.unit_code, "codes"), RIGHT_VERSION.c.thing.in_(about))
        .distinct()
    )
    chains = read_chains(at.connection, RIGHT, sorted(at.connection.scalars(query, {"codes": sorted(codes)})))
    at.remember(chains)
    found: dict[str, list[Version]] = defaultdict(list)
    for chain in chains.values():
        if chain[-1].status != "ended":
            found[str(chain[-1].columns["unit_code"])].append(chain[-1])
    return found


def _codes(connection: Connection, parcels: Sequence[str]) -> dict[str, str]:
    """The code of each parcel, the latest."""
    columns = PARCEL_VERSION.c
    query = sa.select(columns.thing_id, columns.code).where(among(columns.thing_id, "parcels")).order_by(columns.cause_idx)
    return {row.thing_id: row.code for row in connection.execute(query, {"parcels": sorted(set(parcels))})}


def _fault(frame: Frame, number: int, column: str, zh: str, en: str) -> Fault:
    """As a table's own faults are told."""
    return Fault("row-refused", "refuse", "village", "", frame.files[0], LEASES.name, number, column, zh, en, "", "")
