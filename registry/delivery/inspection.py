"""What do the rules say of a delivery, asked without any register: at the surveyor's desk as at the county's?

`inspect_delivery` reads and checks as an import does, and writes nothing. What is compared with registered land is left to
the import. The same files, rules and day give the same verdict, byte for byte (`ImportReport.verdict`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from registry.delivery.archive import unpacked
from registry.delivery.check import check_delivery, villages_of
from registry.delivery.decisions import as_approved
from registry.delivery.exceptions import accept_exceptions
from registry.delivery.faults import Faults
from registry.delivery.read import Delivery, read_delivery
from registry.delivery.report import ImportReport, report_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from registry.delivery.geometry import Drawn


@dataclass(frozen=True, slots=True)
class Inspection:
    """A report with what was read and what the shapes said (None where the delivery could not be read whole)."""

    report: ImportReport
    delivery: Delivery
    drawn: Drawn | None


def inspect_delivery(
    folder: Path,
    now: dt.datetime,
    progress: Callable[[str], None] | None = None,
    excepted: frozenset[bytes] = frozenset(),
) -> Inspection:
    """Read and check a delivery. `now`: days after it are in the future (docs/delivery.md 1).

    `excepted`: marks of faults whose exception the county approved before, as a job package brings them.
    """
    tell = progress or (lambda _step: None)
    faults, began = Faults(), time.perf_counter()
    tell("read")
    delivery, drawn, exceptions = Delivery(folder, ""), None, []
    with unpacked(folder, faults) as root:  # the papers of exceptions lie in it, too
        if not faults.refusing():
            delivery = read_delivery(root, faults)
        read = time.perf_counter()
        tell("check")
        drawn = check_delivery(delivery, faults, now, progress)
        if delivery.frames and not faults.refusing():
            exceptions = accept_exceptions(delivery, faults, as_approved(excepted))
    villages = villages_of(delivery) if delivery.frames else []
    report = report_of(delivery, faults, villages, set(), check_only=True)
    report.exceptions = exceptions
    report.seconds = {"read": read - began, "check": time.perf_counter() - read}
    return Inspection(report, delivery, drawn)
