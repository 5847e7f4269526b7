"""Where do ids, salts and nonces come from? The operating system; a seeded source exists for replaying a history.

Ids begin with the time, so that rows written together lie together; they are random otherwise, local to one registry
and say nothing about the thing.
"""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

_POOL_BYTES = 8_192


class Randomness(Protocol):
    """What a registry draws from. An implementation must never give the same salt twice in one registry."""

    def salt(self) -> bytes:
        """32 bytes for a commitment."""

    def new_id(self) -> str:
        """32 hexadecimal digits, sortable by the moment of drawing."""

    def nonce(self) -> bytes:
        """12 bytes, never drawn twice under one key."""

    def restart(self, act: Callable[[], int]) -> None:
        """Called before each act with what counts its number among acts: only the seeded source asks, as that walks the log."""

    def alone(self) -> Randomness:
        """The same source for a process of one thread that draws a million times and copies itself no more."""


class SystemRandomness:
    """The operating system's source."""

    def _draw(self, size: int) -> bytes:
        return os.urandom(size)

    def salt(self) -> bytes:
        """32 bytes from the system."""
        return self._draw(32)

    def new_id(self) -> str:
        """48 bits of milliseconds, then 80 random bits."""
        return f"{time.time_ns() // 1_000_000:012x}{self._draw(10).hex()}"

    def nonce(self) -> bytes:
        """12 bytes from the system."""
        return self._draw(12)

    def restart(self, act: Callable[[], int]) -> None:
        """Nothing to restart."""

    def alone(self) -> Randomness:
        """The system, asked for many draws at once."""
        return _ManyAtOnce()


class _ManyAtOnce(SystemRandomness):
    """The operating system's source, asked once for some hundred draws: being asked costs it more than the bytes.

    TRAP: two threads, or two copies of one process, would draw the same nonce. Only `alone` makes one.
    """

    def __init__(self) -> None:
        self._pool = b""
        self._at = 0

    def _draw(self, size: int) -> bytes:
        if self._at + size > len(self._pool):
            self._pool, self._at = os.urandom(_POOL_BYTES), 0
        self._at += size
        return self._pool[self._at - size : self._at]


class SeededRandomness:
    """Draws that depend only on a seed, the number of the act and the order within it.

    Two histories with the same acts draw the same ids and salts, whatever happened between the acts: that is how
    "drop all household events and replay" can compare state roots (invariant I13). For tests only.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._act = 0
        self._draw = 0

    def _next(self, what: str) -> bytes:
        self._draw += 1
        return hashlib.sha256(f"{self._seed}/{self._act}/{self._draw}/{what}".encode()).digest()

    def salt(self) -> bytes:
        """32 bytes of the stream."""
        return self._next("salt")

    def new_id(self) -> str:
        """32 hexadecimal digits of the stream."""
        return self._next("id").hex()[:32]

    def nonce(self) -> bytes:
        """12 bytes of the stream."""
        return self._next("nonce")[:12]

    def restart(self, act: Callable[[], int]) -> None:
        """Begin the stream of one act."""
        self._act, self._draw = act(), 0

    def alone(self) -> Randomness:
        """Itself: its draws depend on the act alone."""
        return self
