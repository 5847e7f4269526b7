"""What every test stands on: two engines, the versions in the header, how hard Hypothesis searches."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

import psycopg
import pyproj
import pytest
import shapely
from hypothesis import settings

from gis.formats.drivers import pyogrio
from registry.store.sqlite import sqlite3
from tests import untraced
from tests.registers import file_template, make_store, postgis_template, roles_prefix, store
from tests.registry.accounts.people import cheap_hashes
from tests.untraced import nothing_remembered
from tests.villages import (
    delivered,
    delivered_file_template,
    delivered_postgis_template,
    families,
    registered_file_template,
    registered_postgis_template,
    settled_file_template,
    settled_postgis_template,
)

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = [
    "cheap_hashes",
    "delivered",
    "delivered_file_template",
    "delivered_postgis_template",
    "families",
    "file_template",
    "make_store",
    "nothing_remembered",
    "postgis_template",
    "registered_file_template",
    "registered_postgis_template",
    "roles_prefix",
    "settled_file_template",
    "settled_postgis_template",
    "store",
]

_POSTGIS_VARIABLE = "SANQUAN_TEST_POSTGIS"
_LAST_LINES = 25
untraced.in_no_copy()

# A slow shared core is no fault of the code: no deadline anywhere. `ci` prints what repeats a failure;
# `torture` is the full count of `./run torture`.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=False, print_blob=True)
settings.register_profile("torture", deadline=None, derandomize=False, print_blob=True, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "desk"))


def pytest_collection_finish() -> None:
    """Look seldom for circles of garbage: of thousands of modules and tests, which stay, a tenth of a run was that."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """In CI, tell a failure when it happens: a run that is stopped by a clock has no summary."""
    if report.failed and os.environ.get("CI") and "PYTEST_XDIST_WORKER" not in os.environ:
        last = "\n".join(report.longreprtext.splitlines()[-_LAST_LINES:])
        print(f"\n{report.nodeid} ({report.when})\n{last}", file=sys.__stderr__, flush=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Trace only what no other test runs under coverage's eyes."""
    if not untraced.seen_elsewhere(item):
        return (yield)
    with untraced.untraced():
        return (yield)


def pytest_report_header() -> str:
    """Name the parts that decide what geometry and storage answer: without them nothing is repeatable."""
    url = os.environ.get(_POSTGIS_VARIABLE)
    if url:
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version'), postgis_lib_version()"
            ).fetchone()
        postgis = "PostgreSQL {}, PostGIS {}".format(*row) if row else "PostGIS silent"
    else:
        postgis = "PostGIS none (the embedded half only)"
    return ", ".join(
        (
            f"SQLite {sqlite3.sqlite_version}",
            postgis,
            f"GDAL {pyogrio.__gdal_version_string__}",
            f"GEOS {shapely.geos_version_string}",
            f"PROJ {pyproj.proj_version_str}",
        )
    )


@pytest.fixture(scope="session")
def postgis_admin_url() -> str:
    """The private cluster's own database, as its superuser: `postgresql://postgres@/postgres?host=/tmp/...`.

    `./run test` starts the cluster and names it. Where there is none the test is skipped, but fails with
    CI=true: half a run must not look like a whole one.
    """
    url = os.environ.get(_POSTGIS_VARIABLE)
    if url:
        return url
    reason = f"{_POSTGIS_VARIABLE} is not set: `./run test` starts a private PostGIS and sets it"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(params=["file", "postgis"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Both engines in turn: `file` (one GeoPackage) and `postgis`. Every promise holds on both."""
    name: str = request.param
    if name == "postgis":
        request.getfixturevalue("postgis_admin_url")
    return name
