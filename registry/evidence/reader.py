"""What does the process do that cleans one file? `python -P -m registry.evidence.reader`: a file in, one line and a file out.

The line is JSON: `{"refused": WHY}`, or what is stated of the file whose cleaned bytes follow. It gives up, before it reads,
what cleaning needs not: memory and time past measure, writing files, the network.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import mmap
import os
import sys
from pathlib import Path

from registry.evidence.clean import clean
from registry.evidence.limits import MOST_BYTES, MOST_MEMORY, MOST_SECONDS, Refused

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def main() -> None:  # pragma: no cover  (in a process of its own)
    """Clean what comes by standard input."""
    with os.fdopen(os.dup(1), "wb") as pipe:
        os.dup2(2, 1)  # what a library prints is no answer
        shut_in()
        content = sys.stdin.buffer.read(MOST_BYTES + 1)
        try:
            cleaned = clean(content)
        except Refused as refused:
            pipe.write(json.dumps({"refused": refused.why}).encode() + b"\n")
            return
        except (MemoryError, RecursionError):
            pipe.write(b'{"refused": "lost"}\n')
            return
        pipe.write(json.dumps(cleaned.facts()).encode() + b"\n")
        pipe.write(cleaned.content)


def shut_in() -> None:  # pragma: no cover  (as above)
    """For good."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (Windows has none)

    def limit(what: int, most: int) -> None:
        with contextlib.suppress(ValueError):
            resource.setrlimit(what, (most, most))

    limit(resource.RLIMIT_CPU, MOST_SECONDS)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
        limit(resource.RLIMIT_DATA, pages * mmap.PAGESIZE + MOST_MEMORY)
        unshare = ctypes.CDLL(None).unshare
        if unshare(_NEW_NETWORK) != 0:
            unshare(_NEW_USER | _NEW_NETWORK)


if __name__ == "__main__":  # pragma: no cover  (as above)
    main()
