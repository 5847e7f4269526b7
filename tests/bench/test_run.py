"""Does the bench measure what it says, on both engines, and does its check name what passed a limit?

No test asserts a time: these run with some hundred parcels.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.exports import FORMATS, Exported
from bench.first_words import LINE, FirstWords
from bench.imports import Imported
from bench.limits import broken, broken_first_words, broken_statistics, broken_topology, read_limits
from bench.reads import Reading
from bench.run import CALLED_WRONGLY, main
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


@pytest.fixture(scope="module", params=["file", "postgis"])
def whole(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One run of one command, which measures everything on one engine; `engine` beside what it told."""
    url = request.getfixturevalue("postgis_admin_url") if request.param == "postgis" else ""
    words = ("--parcels", "900", "--runs", "1", "--draws", "20", "--engine", request.param, "--json")
    done = _bench(*words, postgis=url)
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout), "engine": request.param}


def test_bench_measures_each_import_beside_its_peer_and_each_question(whole: dict[str, Any]) -> None:
    """An import's steps, ratio and memory, exports beside their peers, three questions."""
    engine = whole["engine"]
    (imported,) = whole["imports"]
    assert imported["engine"] == engine
    assert imported["peer"].startswith("ogr2ogr")
    assert imported["ratio"] == pytest.approx(imported["ours_s"][0] / imported["peer_s"][0])
    assert 0.05 < imported["memory_gib"] < 2
    assert set(imported["shares"]) == {"read", "check", "commit", "write", "ledger", "rest"}
    assert sum(imported["shares"].values()) == pytest.approx(1)
    assert [(row["engine"], row["form"]) for row in whole["exports"]] == [(engine, form) for form in FORMATS]
    for row in whole["exports"]:
        assert row["ratio"] == pytest.approx(row["ours_s"][0] / row["peer_s"][0])
    assert [(row["engine"], row["question"]) for row in whole["reads"]] == [(engine, q) for q in QUESTIONS]


def test_bench_measures_the_topology_beside_each_peer_and_both_ways(whole: dict[str, Any]) -> None:
    """Planted faults beside shapely and PostGIS, shifted parcels beside what finds pairs and what measures all."""
    compared = whole["topology"]["compared"]
    asked = ["shapely", "postgis", "relate", "whole"]
    assert [one["name"] for one in compared] == [name for name in asked if name != "postgis" or whole["engine"] == "postgis"]
    for one in compared:
        assert one["ratio"] == pytest.approx(one["ours_s"][0] / one["peer_s"][0])
        assert [one[f"{whose}{what}"] for whose in ("", "peer_") for what in ("recall", "precision")] == [1.0] * 4
    crossing = whole["topology"]["crossing"]
    assert len(crossing["edges_s"]) == len(crossing["pairs_s"]) == len(crossing["shares"])
    assert crossing["loose_shares"] == sorted(crossing["loose_shares"])


def test_bench_measures_the_log_beside_its_peer(whole: dict[str, Any]) -> None:
    """On the embedded file: commits of one entry with either journal, and ten entries a parcel."""
    if whole["engine"] == "postgis":
        assert whole["ledger"] is None
        return
    assert whole["ledger"]["large"] == 9_000
    assert whole["ledger"]["ratio"] == pytest.approx(whole["ledger"]["ours_s"][0] / whole["ledger"]["peer_s"][0])


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


def test_bench_measures_figures_beside_plain_sql(whole: dict[str, Any]) -> None:
    """The same people counted both ways."""
    (counted,) = whole["statistics"]
    assert (counted["engine"], counted["people"]) == (whole["engine"], 900)
    assert counted["ratio"] == pytest.approx(counted["ours_s"][0] / counted["peer_s"][0])


def test_what_is_asked_for_alone_is_measured_alone_and_so_often() -> None:
    """Of statistics: two runs, and nothing of anything else."""
    done = _bench("statistics", "--parcels", "600", "--runs", "2", "--engine", "file", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (counted,) = found["statistics"]
    assert counted["people"] == 600
    assert len(counted["ours_s"]) == len(counted["peer_s"]) == 2
    assert found["topology"] is found["ledger"] is found["first_words"] is None
    assert found["imports"] == found["reads"] == found["exports"] == found["searched"] == []


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
def test_bench_measures_the_first_words_on_a_line_that_is_slow(whole: dict[str, Any]) -> None:
    """users.md section 7: one cold load; the line and the processor are slowed (two ways of 400 ms at least), the page is small."""
    if whole["engine"] == "postgis":
        assert whole["first_words"] is None  # of the embedded file alone
        return
    words = whole["first_words"]
    (seconds,) = words["seconds"]
    assert seconds > 2 * LINE["latency"] / 1000
    assert 5_000 < words["bytes"] < 100_000


def test_first_words_that_stand_too_late_are_named() -> None:
    """The median of the loads against its limit; what was not measured has not passed."""
    limits = read_limits()
    assert broken_first_words(limits, FirstWords([1.0, 2.9, 9.0], 1)) == []
    assert broken_first_words(limits, FirstWords([1.0, 3.2, 9.0], 1)) == ["first words: seconds: 3.20 > 3"]
    assert broken_first_words(limits, None) == ["first words: 没有测 / not measured"]


def test_check_with_another_number_of_parcels_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A limit that was set for 100,000 parcels says nothing about 700."""
    assert main(["--parcels", "700", "--check"]) == CALLED_WRONGLY == 2
    assert "limits.toml" in capsys.readouterr().err


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
