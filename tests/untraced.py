"""Where does coverage not look? Where nothing would come of it: tracing costs a run of Python half as much again.

A copy of a process, and one that is killed, end without a word to coverage; what they run is measured where it runs in the
process of a test. And whether the gate opens may not hang on what was drawn at random.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLES = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")
"""What tells a new Python to be measured."""


def in_no_copy() -> None:
    """Trace no copy of this process that `fork` makes."""
    os.register_at_fork(after_in_child=lambda: sys.settrace(None))


def environment() -> dict[str, str]:
    """The environment of a process that coverage does not follow."""
    return {name: value for name, value in os.environ.items() if name not in VARIABLES}


@pytest.fixture
def untraced() -> Iterator[None]:
    """Neither the test nor a thread that it starts is traced."""
    here, in_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    yield
    threading.settrace(in_threads)
    sys.settrace(here)
