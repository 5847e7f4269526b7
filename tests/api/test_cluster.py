"""`--cluster` gives the verdict of one machine, byte for byte, on two workers of a real scheduler, or says why it can't."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from api.cli.command import run
from gis.topology import coverage_faults
from registry.delivery.register import import_delivery
from registry.ledger.position import position
from registry.parcels.coverage import whole_coverage
from registry.store.engines import Store
from sample_parcels.planted import shapes
from sample_parcels.planted.case import planted
from tests.clusters import no_thread_stays
from tests.registry.delivery.conftest import CLERK, SAMPLES

__all__ = ["no_thread_stays"]

FAULTY = SAMPLES / "faults" / "150626乌审旗"
AS_OF = ("--as-of", "2026-01-15")


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a scheduler with two workers, each a process of its own."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as made:
        made.wait_for_workers(2)
        yield made.scheduler_address


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run a command: its exit code and what it printed."""

    def told(*arguments: str) -> tuple[int, str]:
        code = run(arguments)
        printed = capfd.readouterr()
        return code, printed.out + printed.err

    return told


def test_inspection_on_a_cluster_gives_the_same_bytes(cluster: str, say: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    """The twenty faults, and a whole layer laid over another: hundreds of overlaps, and pieces below the tolerance."""
    layered, _ = planted(shapes._a_layer_over_another_by_millimetres).write(tmp_path)  # noqa: SLF001  (a case by its name)
    here, there = tmp_path / "here.json", tmp_path / "there.json"
    for delivery in (FAULTY, layered):
        code, _ = say("inspect", str(delivery), *AS_OF, "--report", str(here))
        assert say("inspect", str(delivery), *AS_OF, "--report", str(there), "--cluster", cluster)[0] == code
        assert there.read_bytes() == here.read_bytes()
    below = [one for village in json.loads(here.read_bytes())["villages"] for one in village["below"] if one["count"]]
    assert below


def test_an_address_where_nobody_answers_is_said_at_once(say: Callable[..., tuple[int, str]]) -> None:
    """With what to look at; nothing of the delivery was read."""
    code, told = say("inspect", "/nowhere", "--cluster", "tcp://127.0.0.1:1")
    assert code == 2
    assert "tcp://127.0.0.1:1" in told
    assert "dask scheduler" in told


def test_without_the_extra_the_sentence_says_what_to_install(
    say: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clerk's PC has none of it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, told = say("inspect", str(FAULTY), "--cluster", "tcp://127.0.0.1:1")
    assert code == 2
    assert "sanquan[region]" in told


def test_whole_register_is_looked_at_here_and_on_a_cluster(
    cluster: str, store: Store, say: Callable[..., tuple[int, str]]
) -> None:
    """All parcels that stand, on both engines: what the engine says of their shapes, whichever machine asks."""
    import_delivery(store, SAMPLES / "delivery" / "150626乌审旗", CLERK)
    with store.reading() as connection:
        at = position(connection)
        seen = []

        def watched(geoms: object, issuers: object) -> object:
            seen.append(geoms)
            return coverage_faults(geoms, issuers)  # type: ignore[arg-type]  # as they came

        found = whole_coverage(connection, valid_at="2026-01-15", known_at=at.size, search=watched)  # type: ignore[arg-type]  # as above
    assert found.parcels == len(seen[0]) == 412  # type: ignore[arg-type]  # as above
    answers, folder = [], str(store.settings.folder)
    for more in ((), ("--cluster", cluster)):
        code, told = say("parcel", "topology", "--registry", folder, "--json", "--valid-at", "2026-01-15", *more)
        assert code == 0
        answers.append(json.loads(told))
    assert answers[0] == answers[1]
    assert answers[0]["parcels"] == found.parcels
    assert len(answers[0]["overlaps"]) == len(found.shared)
    assert [gap["parcels"] for gap in answers[0]["gaps"]] == [list(gap.codes) for gap in found.empty]
    assert found.empty
    code, told = say("parcel", "topology", "--registry", folder)
    assert code == 0
    assert "412" in told
