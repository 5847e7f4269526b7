"""How are the deliveries with planted faults made? `python -m sample_parcels.planted.make OUT [RULE …]`.

OUT/<rule>/<case>/ gets the delivery (a folder or a zip), TRUTH.csv beside it, and `before/` where another delivery must be
registered first. OUT/clean/ is the delivery without a fault. The same code gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sample_parcels.planted import cells, files, paperwork, people, registered, shapes, tables
from sample_parcels.planted.case import cases, planted, write, write_truth
from sample_parcels.planted.ground import clean_delivery

ROOMS = (cells, files, paperwork, people, registered, shapes, tables)
"""Each adds its cases when it is imported."""


def write_all(out: Path, rules: tuple[str, ...] = ()) -> int:
    """Write every case of the rules (all where none is named) and the clean delivery; how many cases there are."""
    write(clean_delivery(), out / "clean")
    count = 0
    for rule, name, make in cases():
        if not rules or rule in rules:
            folder = out / rule / name
            plant = planted(make)
            if plant.before is not None:
                write(plant.before, folder / "before")
            write_truth(plant.write(folder)[1], folder / "TRUTH.csv")
            count += 1
    return count


if __name__ == "__main__":
    print(f"{write_all(Path(sys.argv[1]), tuple(sys.argv[2:]))} deliveries written below {sys.argv[1]}")
