"""On which line of a TOML text does a table or a key stand? tomllib tells values, never places.

A *span* is the lines of one table: its header and what follows until the next header, counted from 1. An array of inline
tables has no headers; who asks for one of its rows gets the line on which the array's key stands.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from itertools import pairwise

_HEADER = re.compile(r"\s*\[\[?(?P<name>.+?)\]\]?\s*(#.*)?")


@dataclass(frozen=True, slots=True)
class Span:
    """Lines `first` to `last` of a file, both included."""

    first: int
    last: int


class Lines:
    """The tables of one TOML text and where they stand."""

    def __init__(self, text: str) -> None:
        """Read the headers of a text that tomllib has accepted."""
        self._lines = text.splitlines()
        self.whole = Span(1, max(1, len(self._lines)))
        heads: list[tuple[tuple[str, ...], int]] = []
        inside = False  # a multi-line text, in which a line may look like a header
        for number, line in enumerate(self._lines, 1):
            head = None if inside else _HEADER.fullmatch(line)
            path = () if head is None else _path(head["name"])
            if path:
                heads.append((path, number))
            inside ^= line.count('"""') % 2 == 1
        self._spans: dict[tuple[str, ...], list[Span]] = {}
        for (path, start), (_, following) in pairwise([*heads, ((), len(self._lines) + 1)]):
            self._spans.setdefault(path, []).append(Span(start, following - 1))

    def table(self, path: tuple[str, ...], number: int) -> Span | None:
        """The span of the `number`th table (from 1) with this path of keys; None where no header has it."""
        spans = self._spans.get(path, [])
        return spans[number - 1] if number <= len(spans) else None

    def key(self, span: Span, key: str) -> Span | None:
        """Where inside the span the key is given a value: its line, or the whole span for the first part of a dotted key."""
        given = re.compile(rf"""\s*(?:[\w-]+\s*\.\s*)*["']?{re.escape(key)}["']?\s*(?P<by>[=.])""")
        for number in range(span.first, span.last + 1):
            found = given.match(self._lines[number - 1])
            if found:
                return span if found["by"] == "." else Span(number, number)
        return None


def _path(name: str) -> tuple[str, ...]:
    """The keys of a header, unquoted by tomllib itself; () where the line only looks like a header."""
    try:
        table = tomllib.loads(f"[{name}]")
    except tomllib.TOMLDecodeError:
        return ()
    keys = []
    while table:
        (key, table), = table.items()
        keys.append(key)
    return tuple(keys)
