"""Does the flat copy, kept up over any history, give what the versions give?

The histories are those of `tests.stateful`: any lawful acts, corrections dated back, ends, burdens, leases, splits, household
events, and refusals between them. On any day an export is asked for; what changed is always assembled anew by itself,
however much it is, and cut into batches of two parcels, so that every border between old and new rows is met.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from registry.audit.copied import judge_copy
from registry.exports import flat, flow, fresh, source
from registry.exports.flat import Standing
from registry.exports.scope import box_scope, registry_scope, village_scope
from registry.parcels.box import Box
from tests.registers import drop
from tests.stateful import strategies
from tests.stateful.strategies import DAYS
from tests.stateful.test_histories import History

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.exports.scope import Scope
    from registry.store.settings import Settings

RUNS = {"desk": (8, 3), "ci": (60, 25), "torture": (1_000, 400)}
BOXES = st.tuples(st.integers(-2, 30), st.integers(-2, 30), st.integers(1, 20), st.integers(1, 20))


class Exporting(History):
    """A history that is exported from now and then."""

    @rule(day=st.sampled_from(DAYS), sides=BOXES)
    def an_export(self, day: str, sides: tuple[int, int, int, int]) -> None:
        """Of everything, of the village, of a box, on a day that may lie before or behind that of the copy."""
        now, self.store.clock = self.store.clock, lambda: dt.datetime.fromisoformat(f"{day}T04:00:00+00:00")
        try:
            with self.store.reading() as connection:
                every = registry_scope(self.store, connection)
                east, north = self.corner(every)
                here = (east + 100 * sides[0], north + 100 * sides[1])
                box = Box(*here, here[0] + 100 * sides[2], here[1] + 100 * sides[3])
                village = village_scope(self.store, connection, strategies.VILLAGE)
                scopes = (every, village, box_scope(self.store, connection, box))
            for scope in scopes:
                copied, rows = fresh.ready(scope), told(scope)
                assert different(told(copied), rows) == []
                assert isinstance(copied, Standing) or not rows
            with self.store.reading() as connection:
                assert list(judge_copy(self.store, connection)) == []
        finally:
            self.store.clock = now

    def corner(self, every: Scope) -> tuple[float, float]:
        """South-west of all land, so that boxes meet some of it."""
        sides = [flat.bounds(batch.parcels.column("geometry")).min(axis=0) for batch in flow.batches(every)]
        return (min(float(s[0]) for s in sides), min(float(s[1]) for s in sides)) if sides else (0.0, 0.0)

    def teardown(self) -> None:
        """Once more; the history itself is checked in tests/stateful."""
        try:
            self.an_export(DAYS[-1], (0, 0, 9, 9))
        finally:
            self.store.close()
            drop(self.settings)


def told(rows: Scope | Standing) -> list[tuple[Any, Any, Any]]:
    """All that a source gives, in its batches and order."""
    found: Iterator[source.Batch] = rows.batches(lambda _done, _all: None)
    return [
        (batch.parcels.to_pylist(), batch.rights.to_pylist(), batch.keys.to_pylist()) for batch in found
    ]


def different(copied: list[Any], rows: list[Any]) -> list[Any]:
    """Where two tellings part."""
    if len(copied) != len(rows):
        return [len(copied), len(rows)]
    pairs = [(a, b) for one, two in zip(copied, rows, strict=True) for a, b in zip(one, two, strict=True)]
    counts = [(len(a), len(b)) for a, b in pairs if len(a) != len(b)]
    lines = [(x, y) for a, b in pairs for x, y in zip(a, b, strict=False)]
    return counts + [(name, x[name], y[name]) for x, y in lines for name in x if x[name] != y[name]]


@pytest.mark.parametrize("engine", ["file", "postgis"])
def test_copy_kept_up_over_any_history_gives_what_the_versions_give(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row for row, in the same batches: so each format's file is the same to the byte."""
    monkeypatch.setattr(source, "BATCH", 2)
    monkeypatch.setattr(fresh, "TOO_MUCH", 0)
    monkeypatch.setattr(fresh, "WORTH_IT", 1_000_000)
    template: Settings = request.getfixturevalue(f"{engine}_template")
    plain: Settings = request.getfixturevalue("file_template")
    runs = RUNS[settings.get_current_profile_name()][0 if engine == "file" else 1]
    run_state_machine_as_test(
        lambda: Exporting(template, plain, tmp_path),  # type: ignore[arg-type]  # Hypothesis wants a class
        settings=settings(
            max_examples=runs, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
