"""Where does coverage not look? Where nothing would come of it: tracing costs a run of Python half as much again.

A copy of a process, and one that is killed, end without a word to coverage; what they run is measured where it runs in the
process of a test. And whether the gate opens may not hang on what was drawn at random. Nor is a test traced that runs what
another one has run already: on PostGIS, but where a room has words of its own for it, where every column, pair or kind is gone
through once more, and what a browser asks that was asked over HTTP. `house/coverage_gate.py` holds what is left to the same
figures.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

WITH_WORDS_FOR_POSTGIS = (
    "tests/gis/",
    "tests/migrations/",
    "tests/registry/audit/",
    "tests/registry/exports/test_flat.py",  # the glance at the log that goes by no engine
    "tests/registry/looks/",
    "tests/registry/store/",
)
"""Whose code is another one on PostGIS: there both engines are traced, elsewhere the embedded one."""

ONCE_MORE = (
    "tests/attacks/",
    "tests/bench/",
    "tests/house/",
    "tests/stateful/",
    "tests/api/desk/test_browser.py",
    "tests/api/desk/test_counter_browser.py",
    "tests/api/desk/test_delivery_browser.py",
    "tests/api/desk/test_land_browser.py",
    "tests/api/desk/test_papers_browser.py",
    "tests/api/desk/test_tables_browser.py",
    "tests/api/desk/test_tabs_browser.py",
    "tests/api/test_access.py::test_matrix_of_routes_and_roles_is_the_one_written_down",
    "tests/api/test_cases_walked.py",
    "tests/api/test_clerks_at_once.py",
    "tests/api/test_every_page.py",
    "tests/api/test_fields_of_roles.py",
    "tests/api/test_my_browser.py",
    "tests/api/test_supervision_browser.py",
    "tests/gis/topology/test_coverage.py::test_exact_arithmetic_agrees",
    "tests/registry/delivery/test_kept.py",
    "tests/registry/exports/test_flat_histories.py",
    "tests/registry/handin/test_round_trip.py",
    "tests/registry/ledger/verify/test_mutants.py",
    "tests/registry/statistics/test_permits.py",
    "tests/registry/withdrawal/test_stops.py",
    "tests/registry/witnessing/test_both_ways.py",
    "tests/sample_parcels/test_planted.py",
)
"""What is run here is run elsewhere under coverage's eyes."""

GUARDED = ("registry.ledger", "registry.guarantee")
"""Of which every branch is traced: `house/coverage_gate.py`."""

VARIABLES = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")
"""What tells a new Python to be measured."""


def in_no_copy() -> None:
    """Trace no copy of this process that `fork` makes."""
    os.register_at_fork(after_in_child=lambda: sys.settrace(None))


def environment() -> dict[str, str]:
    """The environment of a process that coverage does not follow."""
    return {name: value for name, value in os.environ.items() if name not in VARIABLES}


@pytest.fixture(scope="module", autouse=True)
def nothing_remembered() -> None:
    """What a test that is not traced asked of guarded code stands in its caches: the next module asks anew, or the lines would
    never be seen to run.
    """
    for name in [name for name in sys.modules if name.startswith(GUARDED) or name.endswith(".acts")]:
        for each in list(vars(sys.modules[name]).values()):
            if hasattr(each, "cache_clear"):
                each.cache_clear()


def seen_elsewhere(item: pytest.Item) -> bool:
    """Whether what this test runs is traced in others."""
    if item.nodeid.startswith(ONCE_MORE):
        return True
    callspec = getattr(item, "callspec", None)
    on_postgis = callspec is not None and "postgis" in callspec.params.values()
    return on_postgis and not item.nodeid.startswith(WITH_WORDS_FOR_POSTGIS)


@contextmanager
def untraced() -> Iterator[None]:
    """Neither what runs here, nor a thread or a process that it starts is traced."""
    here, in_threads = sys.gettrace(), threading.gettrace()
    told = {name: os.environ.pop(name) for name in VARIABLES if name in os.environ}
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        os.environ.update(told)
        threading.settrace(in_threads)
        sys.settrace(here)
