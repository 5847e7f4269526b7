"""What does `./run bench` measure and print: an import and exports beside their peers, the questions of a service, on each
engine, desks at work, figures beside plain SQL, the topology of parcels, the log, and the first words of `/my` on a slow line?
`./run bench topology`, `statistics`, `ledger`, `desks`, `first-words`: these alone.

`--check` compares with `limits.toml` and ends with 1 naming what passed its limit. Ratios count: the peer runs beside us.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from bench import desks, exports, first_words, imports, ledger, reads, statistics, topology
from bench.limits import (
    broken,
    broken_desks,
    broken_first_words,
    broken_ledger,
    broken_statistics,
    broken_topology,
    read_limits,
)
from bench.registers import cluster, engines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.exports import Exported
    from bench.imports import Imported
    from bench.reads import Reading
    from registry.store.settings import EngineName

PARCELS, RUNS, DRAWS = 100_000, 3, 1_000
PASSED, FAILED, CALLED_WRONGLY = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Measure, print, compare. 0 well, 1 a limit was passed or not measured, 2 called wrongly."""
    asked = _asked(arguments)
    if asked.check and asked.parcels != read_limits().parcels:
        _tell(
            f"limits.toml 是按 {read_limits().parcels} 块地定的 / its limits were set for {read_limits().parcels} parcels"
        )
        return CALLED_WRONGLY
    wanted = engines(asked.engine)
    if asked.engine != "file" and not cluster():
        _tell("没有 PostGIS，那一半没有测 / no PostGIS: that half is not measured")

    def show(lines: list[str]) -> None:
        # Each part of the table as soon as it is measured: whoever stops a long run keeps what it found.
        if lines and not asked.json:
            print(*lines, sep="\n", flush=True)

    show([machine(), ""])
    measured = Measured([], [], [], [], []) if asked.what not in {None, "desks"} else _registers(asked, wanted)
    show(_of_registers(asked.parcels, measured))
    counted = _statistics(asked, wanted) if asked.what in {None, "statistics"} else []
    show(_of_figures(counted))
    topo = _topology(asked) if asked.what in {None, "topology"} else None
    show(_of_topology(topo))
    logged = _ledger(asked) if asked.what in {None, "ledger"} and "file" in wanted else None
    show(_of_ledger(logged))
    words = first_words.measure(asked.runs, _tell) if asked.what in {None, "first-words"} and "file" in wanted else None
    show(_of_words(words))
    if asked.json:
        document = _document(asked.parcels, measured, topo, counted)
        document["ledger"] = logged and {**asdict(logged), **logged.ratios}
        document["first_words"] = words and asdict(words)
        print(json.dumps(document, ensure_ascii=False, indent=2))
    passed = _passed(asked, measured, topo, counted, logged, words) if asked.check else []
    for line in passed:
        _tell(f"✗ {line}")
    return FAILED if passed else PASSED


def _passed(
    asked: argparse.Namespace,
    measured: Measured,
    topo: Topology | None,
    counted: list[statistics.Counted],
    logged: ledger.Logged | None,
    words: first_words.FirstWords | None,
) -> list[str]:
    """Each limit of what was asked for that was passed, or that nothing was measured for."""
    named = ["file", "postgis"] if asked.engine == "both" else [asked.engine]
    peers = [peer for peer in read_limits().topology if peer != "postgis" or "postgis" in named]
    passed = [] if asked.what else broken(read_limits(), named, *measured[:3])
    if asked.what in {None, "desks"}:
        passed += broken_desks(read_limits(), named, measured.searched, measured.worked)
    if topo is not None:
        passed += broken_topology(read_limits(), peers, topo.compared, topo.large)
    if asked.what in {None, "statistics"}:
        passed += broken_statistics(read_limits(), named, counted)
    if asked.what in {None, "ledger"} and "file" in named:
        passed += broken_ledger(read_limits(), logged)
    if asked.what in {None, "first-words"} and "file" in named:
        passed += broken_first_words(read_limits(), words)
    return passed


class Measured(NamedTuple):
    """What was measured of registers: imports, questions and exports, and desks over them."""

    imports: list[Imported]
    reads: list[Reading]
    exports: list[Exported]
    searched: list[desks.Searched]
    worked: list[desks.Worked]


class Topology(NamedTuple):
    """What was measured of the topology; `small` and `large` are a search each in a process of its own, where asked for."""

    compared: list[topology.Compared]
    crossing: topology.Crossing
    small: topology.Alone | None
    large: topology.Alone | None


def _registers(asked: argparse.Namespace, wanted: Sequence[EngineName]) -> Measured:
    with tempfile.TemporaryDirectory(prefix="sanquan-bench-") as folder, ExitStack() as keep:
        below = Path(folder)
        # In a process of its own: what it holds in memory would count as the import's (ru_maxrss passes through exec).
        made = subprocess.run(
            [sys.executable, "-m", "bench.generate", str(asked.parcels), str(below / "delivery")],
            check=True,
            capture_output=True,
            text=True,
        )
        delivery = Path(made.stdout.strip())
        runs = 1 if asked.what else asked.runs  # for the desks alone any register of that size does
        imported, kept = imports.measure(delivery, asked.parcels, wanted, runs, below, keep, _tell)
        exported, readings = [], []
        if not asked.what:
            exported = [
                one
                for settings in kept.values()
                for one in exports.measure(settings, runs, below, exports.FORMATS, _tell)
            ]
            readings = [reading for settings in kept.values() for reading in reads.measure(settings, asked.draws, _tell)]
        searched = [desks.search(settings, _tell) for settings in kept.values()]
        worked = [desks.work(kept["postgis"], _tell)] if "postgis" in kept else []
    return Measured([] if asked.what else imported, readings, exported, searched, worked)


def _statistics(asked: argparse.Namespace, wanted: Sequence[EngineName]) -> list[statistics.Counted]:
    with tempfile.TemporaryDirectory(prefix="sanquan-bench-") as folder:
        return [statistics.measure(engine, asked.parcels, asked.runs, Path(folder), _tell) for engine in wanted]


def _ledger(asked: argparse.Namespace) -> ledger.Logged:
    with tempfile.TemporaryDirectory(prefix="sanquan-bench-") as folder:
        return ledger.measure(asked.parcels, asked.runs, Path(folder), _tell)


def _of_ledger(logged: ledger.Logged | None) -> list[str]:
    if logged is None:
        return []
    return [
        f"log, {ledger.ALONE} durable commits of one entry {median(logged.ours_s):.2f} s  |  {ledger.PEER} "
        f"{median(logged.peer_s):.2f} s  |  {logged.ratio:.2f} x  |  with our journal "
        f"{median(logged.peer_moved_s):.2f} s  |  {logged.moved_ratio:.2f} x (no limit)",
        f"log, groups of {ledger.GROUP:,} acts {logged.per_s:,.0f} entries/s",
        f"log of {logged.large:,} entries: proof {logged.proof_s * 1e6:.1f} µs, its check {logged.check_s * 1e6:.1f} µs",
        f"state of {logged.large:,} things, {ledger.CHANGED:,} changed: new root {logged.state_s:.2f} s",
    ]


def _of_words(words: first_words.FirstWords | None) -> list[str]:
    if words is None:
        return []
    each = ", ".join(f"{one:.2f}" for one in words.seconds)
    return [f"/my on a slow line: first words {words.median:.2f} s ({each}), {words.bytes / 1000:.1f} kB in all"]


def _topology(asked: argparse.Namespace) -> Topology:
    small = large = None
    if asked.large:
        _tell(f"topology: {topology.LARGE:,} parcels in a process of their own")
        small, large = topology.alone(asked.parcels), topology.alone(topology.LARGE)
    compared = topology.measure(asked.parcels, asked.runs, postgis=asked.engine != "file", tell=_tell)
    return Topology(compared, topology.crossing(asked.parcels, asked.runs, _tell), small, large)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description="How fast, beside peers in the same run.")
    parser.add_argument("what", nargs="?", choices=("topology", "statistics", "ledger", "desks", "first-words"), help="only this")
    parser.add_argument("--large", action="store_true", help=f"the topology of {topology.LARGE:,} parcels as well")
    parser.add_argument("--check", action="store_true", help="compare with bench/limits.toml; 1 where one is passed")
    parser.add_argument("--parcels", type=int, default=PARCELS, help=f"how many parcels, or people ({PARCELS})")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"runs of each contender, the median counts ({RUNS})")
    parser.add_argument("--draws", type=int, default=DRAWS, help=f"how often each question is asked ({DRAWS})")
    parser.add_argument("--engine", choices=("file", "postgis", "both"), default="both")
    parser.add_argument("--json", action="store_true", help="the same figures as JSON")
    return parser.parse_args(arguments)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _document(
    parcels: int, measured: Measured, topo: Topology | None, counted: list[statistics.Counted]
) -> dict[str, Any]:
    return {
        "parcels": parcels,
        "machine": machine(),
        "imports": [{**asdict(one), "ratio": one.ratio, "shares": one.shares} for one in measured.imports],
        "reads": [asdict(reading) for reading in measured.reads],
        "exports": [{**asdict(one), "peer": one.peer, "ratio": one.ratio} for one in measured.exports],
        "searched": [asdict(one) for one in measured.searched],
        "worked": [
            {
                "engine": one.engine, "clerks": one.clerks, "seconds": one.seconds, "steps_per_s": one.steps_per_s,
                "pages": len(one.pages_ms), "pages_p99_ms": one.pages_p99_ms, "forms_p99_ms": one.forms_p99_ms,
            }
            for one in measured.worked
        ],
        "statistics": [{**asdict(one), "ratio": one.ratio} for one in counted],
        "topology": topo
        and {
            "compared": [{**asdict(one), "ratio": one.ratio} for one in topo.compared],
            "crossing": topo.crossing._asdict(),
            "alone": [one._asdict() for one in (topo.small, topo.large) if one],
        },
    }


def _of_registers(parcels: int, measured: Measured) -> list[str]:
    lines = []
    for one in measured.imports:
        shares = ", ".join(f"{name} {part:.0%}" for name, part in one.shares.items())
        lines.append(
            f"import {parcels:,} parcels, {one.engine:8} {median(one.ours_s):7.1f} s  |  {one.peer} "
            f"{median(one.peer_s):.1f} s  |  {one.ratio:.1f} x  |  {one.memory_gib:.2f} GiB  |  {shares}"
        )
    lines += [
        f"export {one.form:8} {one.engine:8} {median(one.ours_s):7.2f} s  |  {one.peer} {median(one.peer_s):.2f} s  |  "
        f"{one.ratio:.2f} x  |  {one.memory_gib:.2f} GiB"
        for one in measured.exports
    ]
    lines += [
        f"{reading.question:9} in process, {reading.engine:8} p50 {reading.p50_ms:6.2f} ms   p99 {reading.p99_ms:6.2f} ms"
        for reading in measured.reads
    ]
    lines += [
        f"search while typing, {one.parcels:,} parcels, {one.engine:8} p50 {one.p50_ms:.1f} ms   p95 {one.p95_ms:.1f} ms  |  "
        f"FTS5 in clear p95 {one.peer_p95_ms:.1f} ms (no limit)  |  the first question {one.first_s:.1f} s"
        for one in measured.searched
    ]
    lines += [
        f"{one.clerks} clerks, {one.engine}, {one.steps_per_s:.1f} steps/s for {one.seconds:.0f} s: {len(one.pages_ms):,} pages "
        f"p99 {one.pages_p99_ms:.0f} ms, {len(one.forms_ms):,} forms p99 {one.forms_p99_ms:.0f} ms"
        for one in measured.worked
    ]
    return lines


def _of_figures(counted: list[statistics.Counted]) -> list[str]:
    return [
        f"figures of {one.people:,} people, {one.engine:8} {one.seconds:.2f} s  |  plain SQL {median(one.peer_s):.2f} s  |  "
        f"{one.ratio:.2f} x"
        for one in counted
    ]


def _of_topology(topo: Topology | None) -> list[str]:
    if topo is None:
        return []
    lines = [
        f"topology of {one.parcels:,} parcels, {one.what} {median(one.ours_s):.2f} s  |  {one.peer} "
        f"{median(one.peer_s):.2f} s  |  {one.ratio:.2f} x  |  recall {one.recall:.4g}, precision {one.precision:.4g} "
        f"(peer {one.peer_recall:.4g}, {one.peer_precision:.4g})"
        for one in topo.compared
    ]
    cross = topo.crossing
    lines += [
        f"topology of {cross.parcels:,} parcels, {shifted:4.0%} shifted, {loose:6.1%} of edges loose: by edges {edges:.2f} s, "
        f"by pairs {pairs:.2f} s"
        for shifted, loose, edges, pairs in zip(
            cross.shares, cross.loose_shares, cross.edges_s, cross.pairs_s, strict=True
        )
    ]
    meet = "nowhere here" if cross.loose is None else f"at {cross.loose:.0%} loose edges"
    lines.append(f"both ways take equal time {meet}; pairs are compared above {cross.chosen:.0%}")
    lines += [
        f"topology of {one.parcels:,} parcels in a process of their own {one.seconds:.1f} s ({one.processor_s:.1f} s of "
        f"processors)  |  {one.memory_gib:.2f} GiB, of which before the search {one.before_gib:.2f}"
        for one in (topo.small, topo.large)
        if one
    ]
    if topo.small and topo.large:
        lines.append(f"the work grows with the number of parcels to the power of {topology.growth(topo.small, topo.large):.2f}")
    return lines


def machine() -> str:
    """What the figures depend on: processors, memory, system, interpreter."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {platform.platform(terse=True)}, "
        f"Python {platform.python_version()}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
