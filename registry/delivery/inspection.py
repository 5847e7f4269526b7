"""What do the rules say of a delivery, asked without any register: at the surveyor's desk as at the county's?

`inspect_delivery` reads and checks as an import does, in a process apart, and writes nothing. What is compared with
registered land is left to the import. The same files, rules and day give the same verdict, byte for byte
(`ImportReport.verdict`).
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gis.topology.regionwide import coverage_faults_on, require_cluster
from registry.delivery.apart import looked_through
from registry.delivery.archive import unpacked
from registry.delivery.check import villages_of
from registry.delivery.decisions import as_approved
from registry.delivery.exceptions import accept_exceptions
from registry.delivery.faults import Faults
from registry.delivery.read import Delivery
from registry.delivery.report import ImportReport, report_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from gis.topology import Explained


@dataclass(frozen=True, slots=True)
class Inspection:
    """A report with what was read, and each overlap explained (None where the delivery could not be read whole)."""

    report: ImportReport
    delivery: Delivery
    overlaps: list[Explained] | None


def inspect_delivery(
    folder: Path,
    now: dt.datetime,
    progress: Callable[[str], None] | None = None,
    excepted: frozenset[bytes] = frozenset(),
    cluster: str | None = None,
) -> Inspection:
    """Read and check a delivery. `now`: days after it are in the future (docs/delivery.md 1).

    `excepted`: marks of faults whose exception the county approved before, as a job package brings them. `cluster`: the
    address of a Dask scheduler on whose workers overlaps and gaps are looked for, with the same verdict. Raises
    `RegionExtraMissing`, `ClusterUnreachable`.
    """
    tell = progress or (lambda _step: None)
    if cluster is not None:
        require_cluster(cluster)
    faults, seconds = Faults(), {}

    @contextmanager
    def step(name: str) -> Iterator[None]:
        tell(name)
        began = time.perf_counter()
        yield
        seconds[name] = time.perf_counter() - began

    delivery, overlaps, exceptions = Delivery(folder, ""), None, []
    with unpacked(folder, faults) as root:  # the papers of exceptions lie in it, too
        if not faults.refusing():
            search = None if cluster is None else partial(coverage_faults_on, cluster)
            delivery, overlaps = looked_through(root, faults, now, step, search)
        if delivery.frames and not faults.refusing():
            exceptions = accept_exceptions(delivery, faults, as_approved(excepted))
    villages = villages_of(delivery) if delivery.frames else []
    report = report_of(delivery, faults, villages, set(), set(villages), check_only=True)
    report.exceptions = exceptions
    report.seconds = seconds
    return Inspection(report, delivery, overlaps)
