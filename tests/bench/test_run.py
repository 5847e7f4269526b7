"""Does the bench measure what it says, on both engines, and does its check name what passed a limit?

No test asserts a time: these run with some hundred parcels.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench.exports import FORMATS, Exported
from bench.first_words import LINE, FirstWords
from bench.imports import Imported
from bench.limits import broken, broken_first_words, broken_statistics, broken_topology, read_limits
from bench.reads import Reading
from bench.statistics import Counted
from bench.topology import Alone, Compared, growth
from tests import untraced
from tests.api.chromium import CHROMIUM

ROOT = Path(__file__).parents[2]
QUESTIONS = ("parcel", "statement", "box")


def _bench(*words: str, postgis: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in untraced.environment().items() if name != "SANQUAN_POSTGIS"}
    if postgis:
        environment["SANQUAN_POSTGIS"] = postgis
    command = [sys.executable, "-m", "bench", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_bench_measures_each_import_beside_its_peer_and_each_question(
    engine_name: str, request: pytest.FixtureRequest
) -> None:
    """An import's steps, ratio and memory, exports beside their peers, three questions: from one run of one command."""
    url = request.getfixturevalue("postgis_admin_url") if engine_name == "postgis" else ""
    done = _bench("--parcels", "700", "--runs", "1", "--draws", "20", "--engine", engine_name, "--json", postgis=url)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (imported,) = found["imports"]
    assert imported["engine"] == engine_name
    assert imported["peer"].startswith("ogr2ogr")
    assert imported["ratio"] == pytest.approx(imported["ours_s"][0] / imported["peer_s"][0])
    assert 0.05 < imported["memory_gib"] < 2
    assert set(imported["shares"]) == {"read", "check", "commit", "write", "ledger", "rest"}
    assert sum(imported["shares"].values()) == pytest.approx(1)
    assert [(row["engine"], row["form"]) for row in found["exports"]] == [(engine_name, form) for form in FORMATS]
    for row in found["exports"]:
        assert row["ratio"] == pytest.approx(row["ours_s"][0] / row["peer_s"][0])
    assert [(row["engine"], row["question"]) for row in found["reads"]] == [(engine_name, q) for q in QUESTIONS]


def test_bench_measures_the_topology_beside_each_peer_and_both_ways(postgis_admin_url: str) -> None:
    """In one run: planted faults beside shapely and PostGIS, shifted parcels beside what finds pairs and what measures all."""
    done = _bench("topology", "--parcels", "900", "--runs", "1", "--json", postgis=postgis_admin_url)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["imports"] == found["reads"] == found["topology"]["alone"] == []
    compared = found["topology"]["compared"]
    assert [one["name"] for one in compared] == ["shapely", "postgis", "relate", "whole"]
    for one in compared:
        assert one["ratio"] == pytest.approx(one["ours_s"][0] / one["peer_s"][0])
        assert [one[f"{whose}{what}"] for whose in ("", "peer_") for what in ("recall", "precision")] == [1.0] * 4
    crossing = found["topology"]["crossing"]
    assert len(crossing["edges_s"]) == len(crossing["pairs_s"]) == len(crossing["shares"])
    assert crossing["loose_shares"] == sorted(crossing["loose_shares"])


def test_a_search_alone_says_its_seconds_and_memory() -> None:
    """In a process of its own, whose memory before the search is told apart."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.topology", "40"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    alone = Alone(*json.loads(done.stdout))
    assert alone.parcels == 1601
    assert 0.05 < alone.before_gib <= alone.memory_gib  # of a child, the peak is at least its parent's
    assert growth(Alone(100, 2.0, 1.0, 0.1, 0.1), Alone(10_000, 90.0, 100.0, 0.1, 0.1)) == pytest.approx(1.0)


def test_topology_beyond_its_limits_is_named() -> None:
    """A ratio, a peer that was not there, a fault that was missed, memory; the whole answer has no limit."""
    slow = [
        Compared("shapely", "faults", 100_000, "peer", [3.0], [10.0]),
        Compared("relate", "pairs", 100_000, "peer", [1.0], [1.0], recall=0.99),
        Compared("whole", "areas", 100_000, "peer", [30.0], [10.0]),
    ]
    assert broken_topology(read_limits(), ["shapely", "postgis"], slow, Alone(1_000_000, 30.0, 50.0, 3.5, 1.0)) == [
        "topology beside postgis: 没有测 / not measured",
        "topology beside shapely: 0.30 > 0.25",
        "topology, pairs: recall 0.9900, precision 1.0000",
        "topology 1000000: memory GiB: 3.50 > 3",
    ]
    fast = [Compared(name, "", 100_000, "peer", [0.1], [1.0]) for name in ("shapely", "postgis", "relate", "whole")]
    assert broken_topology(read_limits(), ["shapely", "postgis"], fast, Alone(1_000_000, 30.0, 50.0, 2.5, 1.0)) == []


def test_bench_measures_figures_beside_plain_sql(engine_name: str, request: pytest.FixtureRequest) -> None:
    """In one run, the same people counted both ways; nothing else is measured where only this is asked for."""
    url = request.getfixturevalue("postgis_admin_url") if engine_name == "postgis" else ""
    done = _bench("statistics", "--parcels", "600", "--runs", "2", "--engine", engine_name, "--json", postgis=url)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (counted,) = found["statistics"]
    assert (counted["engine"], counted["people"]) == (engine_name, 600)
    assert len(counted["ours_s"]) == len(counted["peer_s"]) == 2
    assert found["topology"] is None
    assert found["imports"] == []


def test_figures_beyond_their_limits_are_named() -> None:
    """The ratio to plain SQL, the seconds, an engine that was not measured."""
    slow = [Counted("file", 100_000, [1.2, 1.2], [0.5, 0.5])]
    assert broken_statistics(read_limits(), ["file", "postgis"], slow) == [
        "statistics postgis: 没有测 / not measured",
        "statistics file: ratio: 2.40 > 1.5",
        "statistics file: seconds: 1.20 > 1",
    ]
    assert broken_statistics(read_limits(), ["file"], [Counted("file", 100_000, [0.5], [0.5])]) == []


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")
def test_bench_measures_the_first_words_on_a_line_that_is_slow() -> None:
    """users.md section 7: one cold load; the line and the processor are slowed (two ways of 400 ms at least), the page is small."""
    done = _bench("first-words", "--runs", "1", "--engine", "file", "--json")
    assert done.returncode == 0, done.stderr
    words = json.loads(done.stdout)["first_words"]
    (seconds,) = words["seconds"]
    assert seconds > 2 * LINE["latency"] / 1000
    assert 5_000 < words["bytes"] < 100_000


def test_first_words_that_stand_too_late_are_named() -> None:
    """The median of the loads against its limit; what was not measured has not passed."""
    limits = read_limits()
    assert broken_first_words(limits, FirstWords([1.0, 2.9, 9.0], 1)) == []
    assert broken_first_words(limits, FirstWords([1.0, 3.2, 9.0], 1)) == ["first words: seconds: 3.20 > 3"]
    assert broken_first_words(limits, None) == ["first words: 没有测 / not measured"]


def test_check_with_another_number_of_parcels_is_refused() -> None:
    """A limit that was set for 100,000 parcels says nothing about 700."""
    done = _bench("--parcels", "700", "--check")
    assert done.returncode == 2
    assert "limits.toml" in done.stderr


def test_figures_within_their_limits_break_nothing() -> None:
    """Every limit has its figure, and each figure its limit, on both engines."""
    assert broken(read_limits(), ["file", "postgis"], *_figures()) == []


def test_figure_beyond_its_limit_is_named() -> None:
    """Which line, which engine, what was measured, what is allowed."""
    imported, readings, exported = _figures()
    slow = replace(readings[1], p99_ms=7.25)
    assert broken(read_limits(), ["file"], [_slow(imported[0])], [readings[0], slow, readings[2]], exported[:5]) == [
        "export pmtiles file: ratio: 没有测 / not measured",
        "import file: ratio: 20.00 > 12",
        "statement file: p99 ms: 7.25 > 5",
    ]


def test_limit_without_a_figure_is_named() -> None:
    """A half that was not measured has not passed."""
    imported, readings, exported = _figures()
    found = broken(read_limits(), ["file", "postgis"], imported[:1], readings[:3], exported[: len(FORMATS)])
    assert len(found) == 5 + len(FORMATS)
    assert all("postgis" in line and "not measured" in line for line in found)


def _figures() -> tuple[list[Imported], list[Reading], list[Exported]]:
    imported = [Imported("file", "peer", [20.0], [4.0], 1.0), Imported("postgis", "peer", [20.0], [4.0], 1.0)]
    readings = [Reading(one.engine, question, 1.0, 2.0) for one in imported for question in QUESTIONS]
    exported = [Exported(one.engine, form, [1.0], [2.0]) for one in imported for form in FORMATS]
    return imported, readings, exported


def _slow(imported: Imported) -> Imported:
    return replace(imported, ours_s=[80.0])
