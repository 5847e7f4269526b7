"""An import that is killed at any moment leaves a whole transaction or none; run again, it ends in the same state."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.audit import audit
from registry.delivery.register import import_delivery
from registry.store.engines import Store
from tests import untraced
from tests.registry.delivery.conftest import CLERK, Copy
from tests.registry.delivery.test_register import size, versions

_KILLS = int(os.environ.get("SANQUAN_KILLS") or (20 if os.environ.get("CI") else 4))
_PROGRAM = """
import sys
from pathlib import Path
from migrations.upgrade import open_registry
from registry.delivery import register
from registry.ledger.commit import Officer
register._WORTH_A_PROCESS = 1  # as a large delivery: two processes, of which one is killed
print("ready", flush=True)
register.import_delivery(open_registry(Path(sys.argv[1])), Path(sys.argv[2]), Officer("张晓梅", "乌审旗农牧业局"))
"""


def start(store: Store, folder: Path) -> subprocess.Popen[str]:
    """The real import in a process of its own, past its imports."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(store.settings.folder), str(folder)],
        stdout=subprocess.PIPE, text=True, env=untraced.environment(),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdout.close()
    return process


def one_village(copy: Copy) -> Path:
    """A small delivery: the hukou roster cut to forty rows, so that a run takes about a second."""
    copy.edit("户籍", lambda rows: rows.__delitem__(slice(40, None)))
    return copy.root


@pytest.mark.parametrize("engine_name", ["file", "postgis"])
def test_import_killed_at_random_moments_ends_in_the_same_state(
    make_store: Callable[[str], Store], engine_name: str, copy: Copy, request: pytest.FixtureRequest
) -> None:
    """SIGKILL at a random moment, again and again; then a whole import: nothing is there twice, nothing is missing."""
    if engine_name == "postgis":
        request.getfixturevalue("postgis_admin_url")
    folder = one_village(copy)
    whole = make_store(engine_name)
    began = time.monotonic()
    process = start(whole, folder)
    process.wait()
    lasts = time.monotonic() - began
    expected = size(whole), versions(whole)
    rng = random.Random(2016)
    killed_store = make_store(engine_name)
    for _ in range(_KILLS):
        process = start(killed_store, folder)
        time.sleep(rng.uniform(0, lasts * 0.9))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert versions(killed_store) in (expected[1], dict.fromkeys(expected[1], 0))
        if versions(killed_store) == expected[1] and size(killed_store) == expected[0]:
            assert audit(killed_store).findings == ()
            killed_store = make_store(engine_name)
    import_delivery(killed_store, folder, CLERK)
    assert (size(killed_store), versions(killed_store)) == expected
    assert audit(killed_store).findings == ()
    shutil.rmtree(folder)
