"""Does `./run` say what it can do, and does its private PostGIS leave nothing behind?"""

from __future__ import annotations

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = str(ROOT / "house/postgis.sh")


def started(safety: str, owner: int) -> str:
    """Start a private cluster and answer its URL."""
    command = [CLUSTER, "start", safety, str(owner)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def folder_of(url: str) -> Path:
    """The one folder that holds all of a private cluster."""
    return Path(url.partition("host=")[2]).parent


def setting(url: str, name: str) -> str:
    """What the server behind a URL has for one of its settings."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row
    return str(row[0])


def test_run_without_a_word_lists_its_tasks() -> None:
    """A stranger learns every task from `./run` alone."""
    done = subprocess.run([ROOT / "run"], capture_output=True, text=True, check=True)
    for task in ("demo", "test", "bench", "torture", "lint"):
        assert f"\n  {task} " in done.stdout


def test_run_with_an_unknown_word_refuses() -> None:
    """A slip of the finger is told, and starts nothing."""
    done = subprocess.run([ROOT / "run", "tset"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such task: tset" in done.stderr


@pytest.mark.usefixtures("postgis_admin_url")
def test_private_clusters_started_at_once_are_apart_and_leave_nothing() -> None:
    """Own data directory, unix socket only, stopped and removed at the end: two at a time do not meet."""
    with ThreadPoolExecutor() as pool:
        urls = list(pool.map(started, ("durable", "throwaway"), (os.getpid(), os.getpid())))
    try:
        assert folder_of(urls[0]) != folder_of(urls[1])
        assert [setting(url, "listen_addresses") for url in urls] == ["", ""]
        assert [setting(url, "fsync") for url in urls] == ["on", "off"]
        assert all((folder_of(url) / "socket").stat().st_mode & 0o777 == 0o700 for url in urls)
    finally:
        for url in urls:
            subprocess.run([CLUSTER, "stop", url], check=True)
    assert not any(folder_of(url).exists() for url in urls)


@pytest.mark.usefixtures("postgis_admin_url")
def test_private_cluster_ends_with_its_owner_even_when_killed() -> None:
    """A run that dies by kill -9 leaves no server behind."""
    with subprocess.Popen(["sleep", "600"]) as owner:
        url = started("throwaway", owner.pid)
        owner.kill()
    deadline = time.monotonic() + 30
    while folder_of(url).exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not folder_of(url).exists()


def test_stop_refuses_a_cluster_that_was_not_started_here() -> None:
    """`stop` takes down private clusters only, never one that was there before."""
    command = [CLUSTER, "stop", "postgresql://postgres@/postgres?host=/var/run/postgresql"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "not started here" in done.stderr
