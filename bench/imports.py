"""How long does `sanquan import` take on a whole delivery, beside ogr2ogr which reads the same Shapefile and checks nothing?

Both run as processes of their own, in turn, A B A B: what disturbs the machine disturbs both. Making the delivery and the
empty registry is outside the timing; writing the report is inside.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bench.registers import fresh_database, fresh_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from registry.store.settings import EngineName, Settings

# Which steps of an import's own account make up which share; a step that is not named here is among the rest. Acts are
# made and committed to in a process beside the one that writes: `commit` is how long the writer waited for them.
SHARES: Mapping[str, tuple[str, ...]] = {
    "read": ("read",),
    "check": ("check", "compare"),
    "commit": ("acts",),
    "write": ("write",),
    "ledger": ("state", "hukou"),
}
_KIB_PER_GIB = 1024**2


class ImportFailedError(RuntimeError):
    """Raised when a measured process failed or the import did not register everything: its time would mean nothing."""


@dataclass(slots=True)
class Imported:
    """What was measured on one engine: seconds of each run of ours and of the peer, peak memory in GiB, seconds by step."""

    engine: EngineName
    peer: str
    ours_s: list[float] = field(default_factory=list)
    peer_s: list[float] = field(default_factory=list)
    memory_gib: float = 0.0
    steps: list[dict[str, float]] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Our median time over the peer's."""
        return median(self.ours_s) / median(self.peer_s)

    @property
    def shares(self) -> dict[str, float]:
        """The part of our time in read, check, commit, write and ledger; `rest` is start, report and end."""
        whole = sum(self.ours_s)
        parts = {
            share: sum(run.get(step, 0.0) for run in self.steps for step in steps) / whole
            for share, steps in SHARES.items()
        }
        return {**parts, "rest": 1.0 - sum(parts.values())}


def measure(
    delivery: Path,
    parcels: int,
    wanted: Sequence[EngineName],
    runs: int,
    below: Path,
    keep: ExitStack,
    tell: Callable[[str], None],
) -> tuple[list[Imported], dict[EngineName, Settings]]:
    """Import so many times into each engine, the peer after each; the last registry of each engine stays until `keep` goes."""
    found = {engine: Imported(engine, _peer_name(engine)) for engine in wanted}
    kept: dict[EngineName, Settings] = {}
    for run in range(runs):
        for engine, measured in found.items():
            tell(f"{engine}: sanquan import, {run + 1}/{runs}")
            with ExitStack() as throwaway:
                settings = (keep if run == runs - 1 else throwaway).enter_context(fresh_registry(engine, below))
                kept[engine] = settings
                _import(delivery, settings, parcels, measured)
            tell(f"{engine}: {measured.peer}, {run + 1}/{runs}")
            measured.peer_s.append(_peer(engine, next(delivery.glob("矢量数据/DK*.shp")), below))
    return list(found.values()), kept


def _import(delivery: Path, settings: Settings, parcels: int, measured: Imported) -> None:
    faults = settings.folder.with_suffix(".csv")
    command = [sys.executable, "-c", "from api.cli import main; main()", "import", str(delivery)]
    command += ["--registry", str(settings.folder), "--report", str(faults), "--officer", "测速员", "--json"]
    seconds, memory, told = timed(command, below=settings.folder.parent)
    report = json.loads(told)
    if report["counts"]["parcels"] != parcels:
        message = f"only {report['counts']['parcels']} of {parcels} parcels went in: see {faults}"
        raise ImportFailedError(message)
    measured.ours_s.append(seconds)
    measured.memory_gib = max(measured.memory_gib, memory)
    measured.steps.append(report["seconds"])


def _peer_name(engine: EngineName) -> str:
    return "ogr2ogr → GPKG" if engine == "file" else "ogr2ogr → PostGIS" if _has_driver() else "ogr2ogr → GPKG"


def _has_driver() -> bool:
    listed = subprocess.run(["ogr2ogr", "--formats"], capture_output=True, text=True, check=True).stdout
    return "PostgreSQL/PostGIS" in listed


def _peer(engine: EngineName, layer: Path, below: Path) -> float:
    """Seconds that ogr2ogr takes to bring the layer where the import brings it."""
    if engine == "postgis" and _has_driver():
        name = f"peer_{uuid.uuid4().hex[:12]}"
        with fresh_database(name) as url:
            extension = ["psql", "-qXd", url, "-c", "CREATE EXTENSION postgis"]
            subprocess.run(extension, check=True, capture_output=True)
            target = f"PG:{make_conninfo('', **conninfo_to_dict(url))}"
            return timed(["ogr2ogr", "-f", "PostgreSQL", target, str(layer), "-nln", "dk"], below)[0]
    out = below / "peer.gpkg"
    seconds = timed(["ogr2ogr", "-f", "GPKG", str(out), str(layer), "-nln", "dk"], below)[0]
    out.unlink()
    return seconds


def timed(command: Sequence[str], below: Path) -> tuple[float, float, str]:
    """Run a process: wall seconds, its own peak memory in GiB (a server's is not in it), what it printed."""
    with (below / "out").open("w+b") as out, (below / "err").open("w+b") as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        for stream in (out, err):
            stream.seek(0)
        if process.returncode != 0:
            message = f"{command[0]} … ended with {process.returncode}: {err.read().decode(errors='replace')[-500:]}"
            raise ImportFailedError(message)
        return seconds, usage.ru_maxrss / _KIB_PER_GIB, out.read().decode()
