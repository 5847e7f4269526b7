"""Does a region looked at by several processes get the answer of one, even when one of them dies?"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from distributed import LocalCluster

from bench import coverage as drawn
from gis.topology import coverage_faults
from gis.topology.regionwide import ClusterUnreachable, RegionExtraMissing, coverage_faults_on
from tests.clusters import no_thread_stays

__all__ = ["no_thread_stays"]


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A scheduler and two workers, each a process of its own."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as made:
        made.wait_for_workers(2)
        yield made


@pytest.mark.parametrize(
    "made", [drawn.faulty(85, 40), drawn.shifted(45), drawn.overlaid(45)], ids=["faulty", "shifted", "overlaid"]
)
def test_two_workers_give_the_answer_of_one_process(cluster: LocalCluster, made: drawn.Coverage) -> None:
    """Every overlap, gap, count and choice is the same, bit for bit."""
    found = coverage_faults_on(cluster.scheduler_address, made.geoms, made.villages)
    assert found == coverage_faults(made.geoms, made.villages)
    assert found.overlaps


def test_geoparquet_is_read_where_it_is_looked_at(cluster: LocalCluster, tmp_path: Path) -> None:
    """Rows count through the files of the folder; a shape that is none and a row without a village count, too."""
    made = drawn.faulty(45, 20)
    geoms, villages = made.geoms.copy(), np.array([f"村{one}" for one in made.villages], dtype=object)
    geoms[5], villages[9] = None, None
    order = np.argsort(made.villages, kind="stable")
    frame = geopandas.GeoDataFrame({"村": villages[order]}, geometry=geoms[order], crs=4545)
    ends = np.searchsorted(made.villages[order], [0, 1, 3, 99])
    for number, (start, end) in enumerate(pairwise(ends)):
        frame.iloc[start:end].to_parquet(tmp_path / f"{number}.parquet")
    found = coverage_faults_on(cluster.scheduler_address, tmp_path, "村")
    here = coverage_faults(geoms[order], villages[order])
    assert found.overlaps == here.overlaps
    assert [gap.beside for gap in found.gaps] == [gap.beside for gap in here.gaps]
    assert (found.below, found.unjudged) == (here.below, here.unjudged)
    assert found.gaps


def test_a_worker_killed_midway_changes_nothing() -> None:
    """SIGKILL to a worker that has results and is at work on others: its villages are looked at again, the answer is the same."""
    made = drawn.shifted(130)
    expected = coverage_faults(made.geoms, made.villages)
    killed: list[tuple[int, int, int]] = []
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        cluster.wait_for_workers(2)
        processes = {worker.worker_address: worker.pid for worker in cluster.workers.values()}

        def kill() -> None:
            while not killed:
                for address, state in list(cluster.scheduler.workers.items()):
                    rims = [task for task in list(state.has_what) if "rim" in task.key]
                    at_work = [task for task in list(state.processing) if "rim" in task.key]
                    if rims and at_work and not killed:
                        os.kill(processes[address], signal.SIGKILL)
                        killed.append((processes[address], len(rims), len(at_work)))
                time.sleep(0.01)

        threading.Thread(target=kill, daemon=True).start()
        found = coverage_faults_on(cluster.scheduler_address, made.geoms, made.villages)
        ((process, lost, begun),) = killed
        assert lost > 0
        assert begun > 0
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
    assert found == expected


def test_without_an_address_the_processes_are_on_this_machine() -> None:
    """As many as there are processors; they end with the answer."""
    made = drawn.faulty(20, 3)
    assert coverage_faults_on(None, made.geoms, made.villages) == coverage_faults(made.geoms, made.villages)


def test_an_address_where_nobody_answers_is_named() -> None:
    """What was asked for, and what to look at."""
    boxes = np.array([shapely.box(0, 0, 1, 1)], dtype=object)
    for address in ("tcp://127.0.0.1:1", "ftp://nobody"):
        with pytest.raises(ClusterUnreachable, match=address):
            coverage_faults_on(address, boxes, ["v"])


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clerk's PC has none of them: the sentence says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RegionExtraMissing, match=r"sanquan\[region\]"):
        coverage_faults_on(None, np.empty(0, dtype=object), [])
