"""What is a case: how a clean delivery is spoilt, and where the report must then name which fault?

A case changes the delivery in memory, or, after it was written, its files. It lists each fault that it plants by the row
itself, so that rows put in or taken out before it change nothing.
"""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sample_parcels.planted.ground import COUNTY, FOLDER, YEAR, clean_delivery, write_evidence
from sample_parcels.tables import Delivery, Row
from sample_parcels.write import FIELDS, XLSX_TABLES, write_delivery

GEOMETRY = "geometry"
COLUMNS = ("rule", "file", "layer", "row", "field", "village")

Truth = tuple[str, str, str, str, str, str]
"""Rule, file, layer, row as a report counts it ("" for a whole file), field, village."""


@dataclass(frozen=True, slots=True)
class _Fault:
    rule: str
    part: str
    row: Row | None
    field: str
    village: str
    file: str


@dataclass(slots=True)
class Plant:
    """A delivery into which faults are planted. `after` works on the written folder, and may give what to deliver instead
    of it; `before` is a delivery that is registered first.
    """

    delivery: Delivery
    faults: list[_Fault] = field(default_factory=list)
    after: list[Callable[[Path], Path | None]] = field(default_factory=list)
    before: Delivery | None = None

    def rows(self, part: str, begin: str = "") -> list[Row]:
        """The rows of a layer or table; with `begin` those of which a code begins so."""
        layer = self.delivery.layers.get(part)
        rows = layer.rows if layer is not None else self.delivery.tables[part]
        return [row for row in rows if not begin or any(value.startswith(begin) for value in row.values())]

    def said(self, rule: str, part: str, row: Row, column: str, village: str | None = None) -> None:
        """A fault that the report must name at this row."""
        self.faults.append(_Fault(rule, part, row, column, village_of(part, row) if village is None else village, ""))

    def put(self, rule: str, part: str, row: Row, column: str, value: str, **more: str) -> None:
        """Change a cell (and `more` of its row), which is a fault there."""
        village = village_of(part, row)
        row.update({column: value, **more})
        self.said(rule, part, row, column, village)

    def whole(self, rule: str, file: str = "", part: str = "", column: str = "", village: str = "") -> None:
        """A fault of a file, or of the delivery, as a whole."""
        self.faults.append(_Fault(rule, part, None, column, village, file))

    def write(self, out: Path) -> tuple[Path, list[Truth]]:
        """Write the delivery below `out`: what is to be delivered, and the faults that it has."""
        root = write(self.delivery, out)
        truth = sorted(self._told(fault) for fault in self.faults)
        delivered = root
        for change in self.after:
            delivered = change(root) or delivered
        return delivered, truth

    def _told(self, fault: _Fault) -> Truth:
        if fault.row is None:
            return fault.rule, fault.file, fault.part, "", fault.field, fault.village
        first = 1 if fault.part in self.delivery.layers else 2
        number = first + next(n for n, row in enumerate(self.rows(fault.part)) if row is fault.row)
        return fault.rule, file_of(fault.part), fault.part, str(number), fault.field, fault.village


Maker = Callable[[Plant], None]
CASES: dict[str, list[tuple[str, Maker]]] = {}
"""By rule: each case's name and what it does."""


def plants(rule: str) -> Callable[[Maker], Maker]:
    """Say that a function plants faults of a rule; its name is that of the case."""

    def keep(make: Maker) -> Maker:
        CASES.setdefault(rule, []).append((make.__name__.strip("_").replace("_", "-"), make))
        return make

    return keep


def planted(make: Maker) -> Plant:
    """A clean delivery, spoilt."""
    plant = Plant(clean_delivery())
    make(plant)
    return plant


def write(delivery: Delivery, out: Path) -> Path:
    """Write a delivery below `out` with the papers that its rows point to."""
    root = out / FOLDER
    write_delivery(delivery, root, county=COUNTY, year=YEAR)
    write_evidence(root)
    return root


def put_file(file: str, raw: bytes) -> Callable[[Path], None]:
    """What puts a file into a written delivery; `file` is relative to it, its folder is made where there is none."""

    def put(root: Path) -> None:
        path = root / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)

    return put


def write_truth(truth: list[Truth], path: Path) -> None:
    """TRUTH.csv (UTF-8): one line a fault."""
    with path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(COLUMNS)
        lines.writerows(truth)


def file_of(part: str) -> str:
    """Where a layer or table lies, relative to the delivery."""
    if part in FIELDS:
        return f"矢量数据/{part}{COUNTY}{YEAR}.shp"
    return f"权属数据/{part}.{'xlsx' if part in XLSX_TABLES else 'csv'}"


def village_of(part: str, row: Row) -> str:
    """The village that a row belongs to: its first code that begins with one (docs/delivery.md 5)."""
    first = {"ZD": "FBFBM", "户籍": "区划代码"}.get(part)
    values = [row[first]] if first else [value for value in row.values() if value.startswith(COUNTY)]
    return values[0][:12] if values else ""


def cases() -> Iterator[tuple[str, str, Maker]]:
    """Every case: rule, name, what it does."""
    for rule, made in CASES.items():
        for name, make in made:
            yield rule, name, make


def twin(row: Row, **changed: str) -> Row:
    """A row like another."""
    return copy.copy(row) | changed
