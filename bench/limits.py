"""Which figures are held to a limit, and which of those that were measured break it?

The limits and what was measured when they were set stand in `limits.toml`. No test asserts a time; `./run bench --check`
does, beside the peer of the same run.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.desks import Searched, Worked
    from bench.exports import Exported
    from bench.first_words import FirstWords
    from bench.imports import Imported
    from bench.ledger import Logged
    from bench.reads import Reading
    from bench.statistics import Counted
    from bench.topology import Alone, Compared

FILE = Path(__file__).with_name("limits.toml")


@dataclass(frozen=True, slots=True)
class Limits:
    """What may not be passed: the ratio of an import or export to its peer, an import's memory in GiB, the 99th percentile
    of a question; the ratio of the topology to each peer, and its memory in GiB for a million parcels; the ratio of figures
    to plain SQL, and their seconds; what the log may take; what a desk may; seconds to the first words of `/my` on a slow line.
    """

    parcels: int
    ratio: dict[str, float]
    memory_gib: dict[str, float]
    p99_ms: dict[tuple[str, str], float]
    export_ratio: dict[str, float]
    topology: dict[str, float]
    topology_memory_gib: float
    statistics_ratio: float
    statistics_seconds: float
    ledger: dict[str, float]
    desks: dict[str, float]
    first_words_seconds: float


def read_limits(path: Path = FILE) -> Limits:
    """Read the file; KeyError where a limit is missing."""
    found: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return Limits(
        found["parcels"],
        {engine: row["ratio"] for engine, row in found["import"].items()},
        {engine: row["memory_gib"] for engine, row in found["import"].items()},
        {(engine, name): row["p99_ms"] for engine, rows in found["read"].items() for name, row in rows.items()},
        {form: row["ratio"] for form, row in found["export"].items()},
        {peer: row["ratio"] for peer, row in found["topology"].items() if peer != "large"},
        found["topology"]["large"]["memory_gib"],
        found["statistics"]["ratio"],
        found["statistics"]["seconds"],
        {name: float(value) for name, value in found["ledger"].items()},
        {name: float(value) for name, value in found["desks"].items()},
        found["first_words"]["seconds"],
    )


def broken(
    limits: Limits,
    engines: Iterable[str],
    imported: Sequence[Imported],
    readings: Sequence[Reading],
    exported: Sequence[Exported],
) -> list[str]:
    """One line for each limit of these engines that is passed, or that nothing was measured for."""
    figures: dict[str, tuple[float, float]] = {}
    wanted: list[str] = []
    for engine in engines:
        wanted += [f"import {engine}: ratio", f"import {engine}: memory GiB"]
        wanted += [f"{name} {engine}: p99 ms" for of, name in limits.p99_ms if of == engine]
        wanted += [f"export {form} {engine}: ratio" for form in limits.export_ratio]
    for one in imported:
        figures[f"import {one.engine}: ratio"] = one.ratio, limits.ratio[one.engine]
        figures[f"import {one.engine}: memory GiB"] = one.memory_gib, limits.memory_gib[one.engine]
    for reading in readings:
        name = f"{reading.question} {reading.engine}: p99 ms"
        figures[name] = reading.p99_ms, limits.p99_ms[reading.engine, reading.question]
    for export in exported:
        figures[f"export {export.form} {export.engine}: ratio"] = export.ratio, limits.export_ratio[export.form]
    out = [f"{name}: 没有测 / not measured" for name in wanted if name not in figures]
    out += [f"{name}: {value:.2f} > {limit:g}" for name, (value, limit) in figures.items() if value > limit]
    return out


def broken_topology(limits: Limits, peers: Iterable[str], compared: Sequence[Compared], large: Alone | None) -> list[str]:
    """One line for each limit that is passed, each peer that nothing was measured beside, and each fault missed or invented."""
    found = {one.name: one for one in compared}
    out = [f"topology beside {peer}: 没有测 / not measured" for peer in peers if peer not in found]
    for name, one in found.items():
        limit = limits.topology.get(name)
        if limit is not None and one.ratio > limit:
            out.append(f"topology beside {name}: {one.ratio:.2f} > {limit:g}")
        if (one.recall, one.precision) != (1.0, 1.0):
            out.append(f"topology, {one.what}: recall {one.recall:.4f}, precision {one.precision:.4f}")
    if large and large.memory_gib > limits.topology_memory_gib:
        out.append(f"topology {large.parcels}: memory GiB: {large.memory_gib:.2f} > {limits.topology_memory_gib:g}")
    return out


def broken_statistics(limits: Limits, engines: Iterable[str], counted: Sequence[Counted]) -> list[str]:
    """One line for each limit of figures that is passed, and each engine that nothing was measured on."""
    found = {one.engine: one for one in counted}
    out = [f"statistics {engine}: 没有测 / not measured" for engine in engines if engine not in found]
    for engine, one in found.items():
        if one.ratio > limits.statistics_ratio:
            out.append(f"statistics {engine}: ratio: {one.ratio:.2f} > {limits.statistics_ratio:g}")
        if one.seconds > limits.statistics_seconds:
            out.append(f"statistics {engine}: seconds: {one.seconds:.2f} > {limits.statistics_seconds:g}")
    return out


def broken_ledger(limits: Limits, logged: Logged | None) -> list[str]:
    """One line for each limit of the log that is passed."""
    if logged is None:
        return ["ledger: 没有测 / not measured"]
    most = {
        "ratio": logged.ratio,
        "proof_us": logged.proof_s * 1e6,
        "check_ms": logged.check_s * 1e3,
        "state_seconds": logged.state_s,
    }
    out = [f"ledger: {name}: {value:.2f} > {limits.ledger[name]:g}" for name, value in most.items() if value > limits.ledger[name]]
    if logged.per_s < limits.ledger["group_per_s"]:
        out.append(f"ledger: group_per_s: {logged.per_s:.0f} < {limits.ledger['group_per_s']:g}")
    return out


def broken_desks(limits: Limits, engines: Iterable[str], searched: Sequence[Searched], worked: Sequence[Worked]) -> list[str]:
    """One line for each limit of desks that is passed, and each that nothing was measured for."""
    found = {one.engine: one for one in searched}
    out = [f"search {engine}: 没有测 / not measured" for engine in engines if engine not in found]
    most = limits.desks["search_p95_ms"]
    out += [f"search {one.engine}: p95 ms: {one.p95_ms:.0f} > {most:g}" for one in searched if one.p95_ms > most]
    if "postgis" in engines and not worked:
        out.append("desks postgis: 没有测 / not measured")
    for one in worked:
        if one.pages_p99_ms > limits.desks["pages_p99_ms"]:
            out.append(f"pages {one.engine}: p99 ms: {one.pages_p99_ms:.0f} > {limits.desks['pages_p99_ms']:g}")
        if one.steps_per_s < limits.desks["steps_per_s"]:
            out.append(f"desks {one.engine}: steps a second: {one.steps_per_s:.1f} < {limits.desks['steps_per_s']:g}")
    return out
def broken_first_words(limits: Limits, words: FirstWords | None) -> list[str]:
    """One line where the first words stand too late."""
    if words is None:
        return ["first words: 没有测 / not measured"]
    most = limits.first_words_seconds
    return [f"first words: seconds: {words.median:.2f} > {most:g}"] if words.median > most else []
