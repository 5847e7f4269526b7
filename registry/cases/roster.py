"""What does a village hand in for its 延包, and what would it hand in if it wrote down what the register says?

A roster is one table (csv, xlsx): every line is a person or a contract of a household. It is read strictly, in a process that
can do no harm, and what leaves here names nobody: people are marks that only this register can compare. A roster with a column
about the household registration is refused: no extension reads it (2016 plan II.3.1-g, law EXT-1).
"""

from __future__ import annotations

import csv
import hashlib
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter

from registry import papers, parties
from registry.cases.writing.extension import due, mark_of
from registry.china import today
from registry.delivery.containers import Unreadable
from registry.delivery.faults import MOST_OF_A_TABLE, Faults, TooManyFaults
from registry.delivery.fields import Column, Part, sealed
from registry.delivery.frames import set_villages
from registry.delivery.read_tables import frame_of
from registry.delivery.report import disarmed
from registry.delivery.tables_apart import cells_apart
from registry.delivery.values import check_values
from registry.errors import SanquanError
from registry.holding.read import members
from registry.law.deciding import keeps
from registry.subsidies.read import HUKOU, ListRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.delivery.frames import Frame
    from registry.delivery.read_tables import Cells
    from registry.ledger.commit import Officer
    from registry.store.engines import Store

SUFFIXES = (".csv", ".xlsx")
CODE, CONTRACT, AREA, NAME, NUMBER = HEADER = ("承包方编码", "合同编码", "合同面积亩", "姓名", "证件号码")
ROSTER = Part(
    "延包名册", shape="", required=False, belongs=(CODE,),
    columns=(
        Column(CODE, "cbf", "必"),
        Column(CONTRACT, "text", "可", 40),
        Column(AREA, "number"),
        sealed(NAME, "可", 50),
        sealed(NUMBER, "可", 30),
    ),
)  # fmt: skip


class RosterReadsHukouError(SanquanError):
    """Raised when a roster has a column about the household registration. Nothing of it was looked at."""

    def __init__(self, columns: list[int]) -> None:
        """The place of each such column."""
        places = ", ".join(map(str, columns))
        super().__init__(
            f"名册第 {places} 列写的是户口。延包不看户口, 进城落户的照样延 (2016 年方案二（三）1; 承包法 27): 删去这些列再交",
            f"column {places} of the roster is about the household registration. An extension does not read it, and families "
            "that settled in town are extended like any other (2016 plan II.3.1): take these columns out and hand it in again",
        )


class NobodyDueError(SanquanError):
    """Raised when no contract of the collective on that land ends by the day."""

    def __init__(self, until: str) -> None:
        """The day that was asked for."""
        super().__init__(
            f"这个村没有到 {until} 期满、还没有延的这种承包", f"no contract of this kind in the village ends by {until}, unextended"
        )


@keeps("WS-2016/II.3.1-g", "RLCL/settled-in-town")
def read_roster(store: Store, path: Path, collective: str, land: str, until: str, years: int | None = None) -> dict[str, Any]:
    """The case that a roster asks for: its kind, the contracts that it is about, the request without a name. Nothing is written.

    RosterReadsHukouError, ListRefusedError with every fault, NobodyDueError.
    """
    ((_, cells),) = cells_apart([path])
    header = [] if isinstance(cells, Unreadable) else cells.header
    about_hukou = [place for place, name in enumerate(header, start=1) if HUKOU.search(name)]
    if about_hukou:
        raise RosterReadsHukouError(about_hukou)
    faults = Faults(most=MOST_OF_A_TABLE)
    try:
        frame = _checked(store, path, cells, faults)
    except TooManyFaults:
        raise ListRefusedError(faults.found) from None
    if faults.found or frame is None:
        raise ListRefusedError(faults.found)
    with store.reading() as connection:
        subject = [right.thing_id for each in _due(connection, collective, land, until) for right in each.contracts]
    request: dict[str, Any] = {"collective": collective, "land": land, "until": until, "roster": _lines(store, frame)}
    request |= {"source": hashlib.sha256(path.read_bytes()).hexdigest()} | ({} if years is None else {"years": years})
    return {"kind": "extension", "subject": subject, "request": request}


def write_blank(store: Store, officer: Officer, collective: str, land: str, until: str, path: Path, purpose: str) -> int:
    """Write the roster as the register has it, with names, and log it; how many households. NobodyDueError, PurposeMissingError.

    Whoever lives in town is on it like everybody else: nothing here reads where.
    """
    papers.stated(purpose)
    with store.reading() as connection:
        households = _due(connection, collective, land, until)
        lists = {each.holding.thing_id: members(each.holding) for each in households}
        everybody = [m.person_id for lines in lists.values() for m in lines]
        known = parties.identities(connection, store.vault, everybody)
    rows: list[tuple[str, ...]] = []
    for each in households:
        code = each.holding.columns["code"]
        for right in each.contracts:
            lines = right.children["right_parcel"]
            area = sum((Decimal(line["contract_area_mu"] or "0") for line in lines), Decimal(0))
            rows.append((code, right.columns["unit_code"], str(area), "", ""))
        here = [known[line.person_id] for line in lists[each.holding.thing_id] if line.alive and line.co_holder]
        rows += [(code, "", "", who.name, who.id_number) for who in here]
    made = _xlsx(rows) if path.suffix.lower() == ".xlsx" else _csv(rows)
    papers.enter(store, officer, "roster", collective, hashlib.sha256(made).digest(), purpose, {"households": len(households)})
    path.write_bytes(made)
    return len(households)


def _due(connection: Connection, collective: str, land: str, until: str) -> list[Any]:
    issuer = parties.organisation_by_code(connection, collective)
    found = [] if issuer is None else due(connection, issuer, land, until)
    if not found:
        raise NobodyDueError(until)
    return found


def _checked(store: Store, path: Path, cells: Cells | Unreadable, faults: Faults) -> Frame | None:
    frame = frame_of(ROSTER, path.name, cells, faults)
    if frame is None:
        return None
    set_villages(frame, frozenset())
    check_values(frame, store.settings.banner_code, today(store), faults)
    people = frame.filled(NAME) | frame.filled(NUMBER)
    faults.rows("value-missing", frame, ~people & ~frame.filled(CONTRACT), NAME)
    faults.rows("value-missing", frame, people & ~frame.filled(NAME), NAME)
    if not len(frame):
        faults.whole("file-unreadable", path.name, "", reason=("没有一行", "it has no row"))
    return frame


def _lines(store: Store, frame: Frame) -> list[dict[str, Any]]:
    """By household code: marks of people, and 亩 by contract code."""
    people: dict[str, dict[str, None]] = {}
    contracts: dict[str, dict[str, str]] = {}
    for code, contract, area, name, number in zip(*(frame.values(column) for column in HEADER), strict=True):
        people.setdefault(code, {})
        if name:
            people[code][mark_of(store.vault, name, number)] = None
        if contract:
            contracts.setdefault(code, {})[contract] = "" if not area else f"{Decimal(area):.2f}"
    found = []
    for code in sorted(people):
        line: dict[str, Any] = {"code": code}
        if people[code]:
            line["people"] = list(people[code])
        if code in contracts:
            line["contracts"] = [{"code": each, "mu": mu} for each, mu in sorted(contracts[code].items())]
        found.append(line)
    return found


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(HEADER)
    lines.writerows([disarmed(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: list[tuple[str, ...]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(ROSTER.name)
    for number, row in enumerate((HEADER, *rows)):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, disarmed(cell))
    book.close()
    return out.getvalue()
