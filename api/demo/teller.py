"""How is the story told: to a terminal, to a pipe, or not at all because a script asked for facts?

Chinese first, English beside it, or one of both; no colour and no carriage return without a terminal.
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_GREEN, _RED, _PLAIN = "\033[32m", "\033[31m", "\033[0m"


@dataclass(slots=True)
class Teller:
    """Prints lines; `silent` prints none. `lang` is zh, en or both."""

    lang: str = "both"
    silent: bool = False
    _colour: bool = field(default_factory=sys.stdout.isatty)

    def say(self, zh: str, en: str = "", *, indent: int = 0) -> None:
        """One line in the languages asked for."""
        if not self.silent:
            sys.stdout.write(" " * indent + self._marked(self.pick(zh, en)) + "\n")
            sys.stdout.flush()

    def pick(self, zh: str, en: str) -> str:
        """The words of the language asked for, or both side by side."""
        if self.lang == "en":
            return en or zh
        if self.lang == "zh" or not en:
            return zh
        return f"{zh} {en}"

    @contextmanager
    def station(self, number: int, zh: str, en: str) -> Iterator[list[str]]:
        """One numbered step with the time that it took; what is put into the list stands on its line."""
        facts: list[str] = []
        began = time.perf_counter()
        yield facts
        took = time.perf_counter() - began
        self.say(f"[{number}/7] {self.pick(zh, en)}  {'  '.join(facts)}  {took:.1f} s ✓")

    def _marked(self, line: str) -> str:
        if not self._colour:
            return line
        return line.replace("✓", f"{_GREEN}✓{_PLAIN}").replace("✗", f"{_RED}✗{_PLAIN}")
