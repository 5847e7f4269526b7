"""How long, how often, how many: which figure of sign-in holds on a day? `parameters.toml`, strictly read."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from registry.law.strict import LawFileError, read_law_file

FILE = Path(__file__).with_name("parameters.toml")
KNOWN = (
    *("idle-minutes", "session-hours", "break-glass-minutes", "failures", "failures-minutes", "password-length"),
    *("card-codes", "card-days", "key-days", "searches-a-minute", "exports-an-hour", "papers-an-hour"),
    "attempts-of-a-source",
)


class ParameterFileError(LawFileError):
    """Raised when the file of figures is malformed, or a figure is missing."""


def parameter(name: str, on: date) -> int:
    """The figure in force on a day; before its first day the first."""
    values = _read(FILE)[name]
    return max((each for each in values if each[0] <= on), default=values[0])[1]


def read_parameters(path: Path) -> dict[str, list[tuple[date, int]]]:
    """Every figure with the days from which it holds, in their order. ParameterFileError."""
    file = read_law_file(path, ParameterFileError)
    found: dict[str, list[tuple[date, int]]] = {}
    for row in file.rows("parameter"):
        name = row.word("id", KNOWN)
        row.named(name)
        start = row.day("from")
        if any(known >= start for known, _ in found.get(name, ())):
            row.refuse("日期要一行比一行晚", "each row of one figure begins later than the one before", "from")
        found.setdefault(name, []).append((start, row.whole("value")))
        for told in ("zh", "en", "basis"):
            row.text(told)
        row.flag("confirmed")
        row.done()
    for name in KNOWN:
        if name not in found:
            file.refuse(f"缺 {name}", f"{name} is missing")
    file.done()
    return found


_read = cache(read_parameters)
