"""How long does `sanquan export` take on a whole registry, beside tools that write a flat table of the same rows?

GeoJSON stands beside ogr2ogr, the others beside pyogrio's Arrow stream (`bench.arrow_peer`). The peer finds its rows
assembled, and so do we: making the flat tables leaves the register's own copy of its rows (`registry.exports.flat`). All run
as processes of their own, in turn, A B A B: the start of either, what it loads included, is inside the timing. Making the flat
tables is outside.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from bench.imports import timed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from registry.store.settings import EngineName, Settings

FORMATS = ("geojson", "gpkg", "shp", "fgb", "parquet", "pmtiles")
EVERYWHERE = "107,37,112,41"
_ONCE = frozenset({"pmtiles"})
"""Tiles take a minute, nearly all of it GDAL's on either side."""


@dataclass(slots=True)
class Exported:
    """What was measured of one format on one engine: seconds of each run of ours and of the peer, our peak memory in GiB.

    The memory is that of the process that reads the register; GDAL's beside it is not in it.
    """

    engine: EngineName
    form: str
    ours_s: list[float] = field(default_factory=list)
    peer_s: list[float] = field(default_factory=list)
    memory_gib: float = 0.0

    @property
    def peer(self) -> str:
        """Who stands beside us."""
        return "ogr2ogr" if self.form == "geojson" else "Arrow stream"

    @property
    def ratio(self) -> float:
        """Our median time over the peer's."""
        return median(self.ours_s) / median(self.peer_s)


def measure(
    settings: Settings, runs: int, below: Path, forms: Sequence[str], tell: Callable[[str], None]
) -> list[Exported]:
    """Export the whole registry so many times in each format, the peer after each."""
    flat, short = _flat_tables(settings, below)
    found = []
    for form in forms:
        one = Exported(settings.engine, form)
        out = below / f"out.{form}"
        for run in range(1 if form in _ONCE else runs):
            tell(f"{settings.engine}: sanquan export {form}, {run + 1}/{runs}")
            seconds, memory, _ = timed(_ours(settings, form, out), below)
            one.ours_s.append(seconds)
            one.memory_gib = max(one.memory_gib, memory)
            _clear(out)
            one.peer_s.append(timed(_peers(form, short if form == "shp" else flat, out), below)[0])
            _clear(out)
        found.append(one)
    return found


def _flat_tables(settings: Settings, below: Path) -> tuple[Path, Path]:
    """The same rows in flat tables: with the columns of most formats, and with those of a Shapefile."""
    flat, shapes, short = below / "flat.gpkg", below / "flat.shp", below / "short.gpkg"
    for form, path in (("gpkg", flat), ("shp", shapes)):
        subprocess.run(_ours(settings, form, path), check=True, capture_output=True)
    short.unlink(missing_ok=True)
    subprocess.run(["ogr2ogr", "-f", "GPKG", short, shapes, "-nln", "rights"], check=True, capture_output=True)
    return flat, short


def _ours(settings: Settings, form: str, out: Path) -> list[str]:
    command = [sys.executable, "-c", "from api.cli import main; main()", "export", str(out), "--format", form]
    return [*command, "--bbox", EVERYWHERE, "--registry", str(settings.folder)]


def _peers(form: str, flat: Path, out: Path) -> list[str]:
    if form == "geojson":
        to_lonlat = ["-t_srs", "EPSG:4490", "-lco", "RFC7946=YES"]
        return ["ogr2ogr", "-f", "GeoJSON", *to_lonlat, str(out), str(flat), "rights"]
    return [sys.executable, "-m", "bench.arrow_peer", form, str(flat), str(out)]


def _clear(out: Path) -> None:
    for each in out.parent.glob(f"{out.stem}.*"):
        each.unlink()
