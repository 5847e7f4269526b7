"""How does a file come to be so that it is there whole, or not at all, whatever stops in the middle?

Temporary file, fsync, rename, fsync of the folder. Whoever writes many files may leave the folders to `sync_folders`.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PRIVATE = 0o600
READABLE = 0o644


class HeldElsewhereError(Exception):
    """Raised when another process, or another part of this one, holds a lock file."""


def write(path: Path, content: bytes, *, mode: int = READABLE, durable: bool = True, folder_too: bool = True) -> None:
    """Replace the file by this content. Its folder must exist. `durable` is false for throwaway registries of tests."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        if durable:
            os.fsync(handle.fileno())
    part.replace(path)
    if durable and folder_too:
        sync_folders([path.parent])


def create(path: Path, content: bytes, *, mode: int = PRIVATE, durable: bool = True) -> None:
    """Write a file that must not exist yet, never over another one: FileExistsError."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    write(part, content, mode=mode, durable=durable, folder_too=False)
    try:
        os.link(part, path)  # unlike a rename it refuses to replace
    finally:
        part.unlink()
    if durable:
        sync_folders([path.parent])


def sync_folders(folders: Iterable[Path]) -> None:
    """Make the names in these folders durable. Windows has no such call: there a rename is its own."""
    if sys.platform == "win32":
        return
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock file; HeldElsewhereError at once where somebody does. The system lets go of it when a process dies."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as held:
            raise HeldElsewhereError from held

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise HeldElsewhereError from held
