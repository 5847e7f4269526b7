"""In which process are files opened that come from outside? In one that can do no harm when they mean it.

It may use memory and time in proportion to the files, writes none and has no network of its own (Linux, where the kernel
allows it). A process without threads makes a copy of itself, which costs nothing; a service starts a new one, which knows
neither its memory nor its environment.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from registry.store.ahead import can_fork, copy_of_this_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BASE_BYTES, _BYTES_A_BYTE = 768 << 20, 32
_BASE_SECONDS, _BYTES_A_SECOND = 20, 1 << 19
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
# What a fresh Python needs to find itself, its libraries and its words; no password and no address of a server.
_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")


@contextlib.contextmanager
def written_by_a_child(work: Callable[[BinaryIO], None], module: str, *arguments: str) -> Iterator[IO[bytes]]:
    """What `work` writes in a copy of this process, or `python -m module arguments` in a new one; it ends with this context."""
    if can_fork():
        with copy_of_this_process(work) as pipe:
            yield pipe
        return
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # Where nobody looks, so that a module beside the files, or in the folder that we stand in, is not taken for one of ours.
    with subprocess.Popen(  # noqa: S603  (this program, by its full path)
        [sys.executable, "-P", "-m", module, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env=environment,
    ) as child:  # fmt: skip
        try:
            assert child.stdout is not None  # noqa: S101  (a pipe was asked for)
            yield child.stdout
        finally:
            child.kill()


@contextlib.contextmanager
def own_output() -> Iterator[BinaryIO]:  # pragma: no cover  (in a process of its own)
    """Standard output for the answer alone: what a library prints is none."""
    with os.fdopen(os.dup(1), "wb") as pipe:
        os.dup2(2, 1)
        yield pipe


def shut_in(*paths: Path) -> None:  # pragma: no cover  (as above)
    """Give up, for good, what reading these files and folders needs not: memory and time past measure, writing, the network."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (Windows has none)

    size = sum(map(_size, paths))
    _limit(resource.RLIMIT_CPU, _BASE_SECONDS + size // _BYTES_A_SECOND)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        pc.utf8_upper(pa.array(["x"]))  # Arrow's allocator puts a gigabyte by at once: not to be counted below
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
        _limit(resource.RLIMIT_DATA, pages * mmap.PAGESIZE + most_bytes(*paths))
        unshare = ctypes.CDLL(None).unshare
        if unshare(_NEW_NETWORK) != 0:
            unshare(_NEW_USER | _NEW_NETWORK)


def most_bytes(*paths: Path) -> int:
    """So much memory a reader of these may take beyond what it starts with, and so much it may say."""
    return _BASE_BYTES + _BYTES_A_BYTE * sum(map(_size, paths))


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(each.lstat().st_size for each in files if each.is_file())


def _limit(what: int, most: int) -> None:  # pragma: no cover  (as above)
    import resource  # noqa: PLC0415  (as above)

    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(ValueError):
        resource.setrlimit(what, (most, most))
