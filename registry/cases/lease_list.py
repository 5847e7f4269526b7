"""Which leases does a village's ledger hold, row by row, and is each one that a case could be opened for?

A row is a lease of one contract, of all its parcels or of those that it names (`lease_table` reads it). Whether it fits the
register is asked of the kind `leased` itself. The code of a lease makes one case of a contract: what the list has twice, a case
asks for already, or the register knows, is refused by name. A list with a faulty row opens nothing, or by wish the rows without a
fault. Who lives where is read nowhere.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from registry import parties
from registry.cases.beforehand import looking
from registry.cases.engine import open_cases
from registry.cases.kinds import kind_of
from registry.cases.lease_codes import KIND, same, taken_codes
from registry.cases.lease_table import (
    CODE,
    CONTRACT,
    END,
    HEADER,
    LESSEE,
    NUMBER,
    PARCELS,
    RENT,
    START,
    fault_of,
    read_table,
)
from registry.cases.refusals import SaidMalformedError
from registry.cases.writing import READERS
from registry.cases.writing.writer import contracted
from registry.china import today
from registry.delivery.faults import Fault, like_id_number, shown
from registry.delivery.report import disarmed
from registry.errors import SanquanError
from registry.ledger.chain import read_chains
from registry.parcels.model import PARCEL_VERSION
from registry.rights.model import RIGHT, RIGHT_VERSION
from registry.store.among import among
from registry.subsidies.read import ListRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.cases.actors import Actor
    from registry.cases.lease_codes import Taken
    from registry.delivery.frames import Frame
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version
    from registry.store.engines import Store

SHEET = ("行 row", "承包合同 contract", "租赁合同 lease", "列 column", "什么 what", "怎么办 what to do")
_COLUMN_OF = {
    "subject": CONTRACT, "parcels": PARCELS, "lessee": LESSEE, "id_number": NUMBER, "code": CODE,
    "from": START, "until": END, "payment": RENT,
}  # fmt: skip
_MOST_TOLD = 3
_APART = ("一份租赁合同分几行写的, 编号后加 -1、-2", "where one lease takes several rows, add -1, -2 to its code")
Words = tuple[str, str]


class Draft(NamedTuple):
    """What a case is opened with."""

    kind: str
    subject: tuple[str, ...]
    request: dict[str, Any]


@dataclass(slots=True)
class Row:
    """One row: its number as Excel shows it, what it says without a name, what is wrong with it, and its draft where nothing is.

    `case`: the case that asks for this lease already, "" for none.
    """

    number: int
    contract: str
    code: str
    start: str
    end: str
    faults: list[Fault] = field(default_factory=list)
    draft: Draft | None = None
    case: str = ""

    @property
    def called(self) -> tuple[str, str]:
        """Both codes as they are told: what slipped into their columns and may be somebody's number or name is masked."""
        return _told(self.contract), _told(self.code)


class _Of(NamedTuple):
    """The rights that stand under a contract's code, and the codes of parcels by their ids."""

    rights: Sequence[Version]
    called: Mapping[str, str]


class _Wrong(Exception):
    """Raised inside this file: which column, why, and what to do."""

    def __init__(self, column: str, zh: str, en: str, hint: Words = ("", "")) -> None:
        super().__init__(column)
        self.column, self.said, self.hint = column, (zh, en), hint


class LedgerRefusedError(ListRefusedError):
    """Raised when no case was opened of a ledger; `faults` are those of all its rows, names masked."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """How many rows are wrong, and how many could be opened alone."""
        super().__init__([fault for row in rows for fault in row.faults])
        wrong = sum(bool(row.faults) for row in rows)
        good = len(rows) - wrong
        alone = (f", 或只建没有错的 {good} 行", f", or open the {good} without a fault alone") if good else ("", "")
        self.zh = f"台账有 {wrong} 行有错, 一个案件也没有建: 改好再交{alone[0]}"
        self.en = f"{wrong} rows of the ledger are wrong, no case was opened: correct them{alone[1]}"


def read_leases(store: Store, path: Path) -> list[Row]:
    """Every row with its verdict; nothing is written. ListRefusedError where the table cannot be read at all."""
    frame, faults = read_table(store, path)
    with store.reading() as connection:
        return list(_rows(store, connection, frame, faults))


def good_of(rows: Sequence[Row], *, only_good: bool) -> list[Row]:
    """Those that may be opened: all, or by wish those without a fault. LedgerRefusedError where one has any, or none is left."""
    good = [row for row in rows if not row.faults]
    if not good or (len(good) < len(rows) and not only_good):
        raise LedgerRefusedError(rows)
    return good


def open_leases(store: Store, actor: Actor, rows: Sequence[Row], *, only_good: bool = False) -> list[str]:
    """A draft for each of `good_of`: all of these or none; their ids, in the order of the list.

    Whether a lease has a case by now is asked again under the append lock: of two who bring the same list at once the second is
    refused. Raises LedgerRefusedError, and what `open_cases` raises.
    """
    good = good_of(rows, only_good=only_good)

    def unless_taken(at: Desk) -> None:
        taken = taken_codes(at, {row.contract for row in good})
        for row in good:
            _refuse_taken(row, taken)
        if any(row.faults for row in good):
            raise LedgerRefusedError(rows)

    return open_cases(store, actor, [row.draft for row in good if row.draft is not None], unless_taken)


def sheet(rows: Iterable[Row]) -> bytes:
    """What is wrong, a line each, as csv (UTF-8 with BOM) that no spreadsheet runs; it names nobody."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(SHEET)
    for row in rows:
        for each in row.faults:
            words = (f"{each.zh} {each.en}", f"{each.hint_zh} {each.hint_en}")
            lines.writerow([disarmed(cell) for cell in (str(row.number), *row.called, each.field, *words)])
    return out.getvalue().encode("utf-8-sig")


def _rows(store: Store, connection: Connection, frame: Frame, faults: Mapping[int, list[Fault]]) -> Iterator[Row]:
    at = looking(store, connection)
    columns = {name: frame.values(name) for name in HEADER}
    starts, ends = frame.day(START), frame.day(END)
    rights = _rights(at, set(columns[CONTRACT]))
    called = _codes(connection, [line.parcel_id for held in rights.values() for right in held for line in contracted(right)])
    codes = taken_codes(at, set(columns[CONTRACT]))
    first: dict[tuple[str, str], int] = {}
    let: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for index, number in enumerate(frame.row.tolist()):
        said = {name: values[index] for name, values in columns.items()}
        row = Row(number, said[CONTRACT], said[CODE], starts[index], ends[index], list(faults.get(number, ())))
        named = (row.contract, same(row.code))
        if first.setdefault(named, number) != number and row.code:
            row.faults.append(_twice(first[named], number))
        _refuse_taken(row, codes)
        if not row.faults:
            try:
                row.draft = _draft(at, said, row, _Of(rights.get(row.contract, ()), called), let)
            except _Wrong as wrong:
                row.faults.append(fault_of("", number, wrong.column, wrong.said, wrong.hint))
            except SaidMalformedError as refusal:
                column = _column(refusal.field)
                hint = ("", "") if column else ("这一行单独办", "enter it by itself")
                row.faults.append(fault_of("", number, column, refusal.why, hint))
            except SanquanError as refusal:
                row.faults.append(fault_of("", number, "", (refusal.zh, refusal.en)))
        yield row


def _told(code: str) -> str:
    return code if any(map(str.isdigit, code)) and not like_id_number(code) else shown(code, sealed=False)


def _twice(first: int, number: int) -> Fault:
    hint = (
        f"同一份的删去一行; {_APART[0]}",
        f"take one out where they are one lease; {_APART[1]}",
    )
    return fault_of("", number, CODE, (f"第 {first} 行已经有这个编号", f"row {first} has this code already"), hint)


def _refuse_taken(row: Row, taken: Mapping[tuple[str, str], Taken]) -> None:
    found = taken.get((row.contract, same(row.code)))
    if found is not None:
        row.faults.append(fault_of("", row.number, CODE, found.said, found.hint))
        row.case = found.case


def _column(name: str) -> str:
    """The column that a field of the request was read from, "" where it is none's."""
    return _COLUMN_OF.get(name.rpartition(".")[2]) or _COLUMN_OF.get(re.split(r"[.\[]", name)[0], "")


def _draft(at: Desk, said: Mapping[str, str], row: Row, of: _Of, let: dict[str, list[tuple[str, str, int]]]) -> Draft:
    day = today(at.store)
    if row.end < row.start:
        raise _Wrong(END, f"{row.end} 在“从”以前", f"{row.end} is before the lease begins")
    if row.end < day:
        hint = ("只录还在租的: 删去这一行", "only running leases are entered: take this row out")
        raise _Wrong(END, f"{row.end} 已经到期", f"it ended on {row.end}", hint)
    right, lines = _land(said[PARCELS].replace("、", " ").split(), of)
    for line in lines:
        clash = next((n for start, end, n in let[line["parcel"]] if start <= row.end and row.start <= end), None)
        if clash is not None:
            raise _Wrong(PARCELS, f"第 {clash} 行已经把这块地租出去了", f"row {clash} lets that parcel already in that time")
    request: dict[str, Any] = {"lessee": _lessee(at, said), "code": row.code, "from": row.start, "until": row.end, "parcels": lines}
    if said[RENT]:
        request["payment"] = said[RENT]
    READERS[KIND].touched(at, (right.thing_id,), request, day)
    for line in lines:
        let[line["parcel"]].append((row.start, row.end, row.number))
    return Draft(KIND, (right.thing_id,), request)


def _land(codes: Sequence[str], of: _Of) -> tuple[Version, list[dict[str, str]]]:
    """The right, and its parcels or those that are named, with their contract areas."""
    if not of.rights:
        raise _Wrong(CONTRACT, "登记簿里没有这份承包合同", "the register has no such contract")
    fit = [right for right in of.rights if set(codes) <= {of.called[line.parcel_id] for line in contracted(right)}]
    if not fit:
        own = {of.called[line.parcel_id] for right in of.rights for line in contracted(right)}
        strange = [shown(code, sealed=False) for code in codes if code not in own][:_MOST_TOLD]
        if not strange:
            raise _Wrong(PARCELS, "几种地要分行写", "land of several kinds takes a row each", _APART)
        raise _Wrong(
            PARCELS, f"这份承包合同里没有这块地: {'、'.join(strange)}", f"the contract has no such parcel: {', '.join(strange)}"
        )
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
