"""A process that runs the real command again and again, each time in a copy of itself, and says what that cost.

Starting Python and its libraries takes seconds, an import of a spoilt delivery a fraction of one. A line of JSON comes in
(arguments), one goes out: exit code, what was printed, seconds of CPU and the peak of memory in MiB, children included.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import tempfile
from pathlib import Path

from api.cli import delivering as _delivering  # noqa: F401  (like the next three: loaded before the first copy is made)
from api.cli import run
from migrations import upgrade as _upgrade  # noqa: F401
from registry.delivery import register as _register  # noqa: F401
from registry.delivery import sheets as _sheets  # noqa: F401
from registry.delivery.check import check_delivery
from registry.delivery.faults import Faults
from registry.delivery.read import read_delivery
from sample_parcels.books import DELIVERY
from tests.registry.delivery.checking import NOW

_LONGEST_S = 180
"""After which a command that hangs is ended, so that its test fails."""
_MOST_BYTES = 8 << 30


def main() -> None:
    """Answer until the input ends."""
    # What a reader loads, and remembers of no delivery but of PROJ, is there before the first copy.
    check_delivery(read_delivery(DELIVERY, Faults()), Faults(), NOW)
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)  # noqa: T201


def _answer(arguments: list[str]) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        child = os.fork()
        if child == 0:
            for number, path in ((1, out), (2, err)):
                os.dup2(os.open(path, os.O_CREAT | os.O_WRONLY), number)
            signal.alarm(_LONGEST_S)
            resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
            code = 70
            try:
                code = run(arguments)
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(code)
        _, status, usage = os.wait4(child, 0)
        return {
            "code": os.waitstatus_to_exitcode(status),
            "out": out.read_text("utf-8"),
            "err": err.read_text("utf-8"),
            "cpu": usage.ru_utime + usage.ru_stime,
            "mib": usage.ru_maxrss // 1024,
        }


if __name__ == "__main__":
    main()
