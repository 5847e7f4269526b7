"""How does a test ask a cluster without slowing those that come after it?

A process with threads of its own makes no copy of itself (registry/store/ahead.py): every later delivery of this process
would be read by a new Python, which takes three times as long. distributed keeps a thread to unpack messages, and one for
each client that reached nobody.
"""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from distributed import utils

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", autouse=True)
def no_thread_stays() -> Iterator[None]:
    """What distributed began in this module's tests ends with them."""
    before = threading.active_count()
    yield
    gc.collect()  # a client that reached nobody closes itself while its loop runs
    for _, runner in [*utils.LoopRunner._all_loops.values()]:  # noqa: SLF001  (it closes none by itself)
        if runner is not None:
            runner.stop()
    utils._offload_executor.shutdown()  # noqa: SLF001  (as above)
    utils._offload_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="Dask-Offload")  # noqa: SLF001  (as above)
    assert threading.active_count() <= before, threading.enumerate()
