"""What does a 卷宗 hold? Whoever has a matter (a case, an objection, a dispute) writes it down so, and hands it over.

Plain values only: words that are printed as they stand, days, digests. Nothing here reads the register.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened. `at`: a day, or an instant of UTC (`2026-11-25T08:00:00Z`), printed in China's time.

    `entry`: its place in the log, None where it has none. `evidence`: content hashes, 64 hexadecimal digits.
    """

    at: str
    who: str
    bureau: str
    what: str
    entry: int | None = None
    evidence: Sequence[str] = ()

    def __repr__(self) -> str:
        """Never who or what: a repr ends in logs."""
        return f"Step({self.at})"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One paper or photograph. `content_hash` is that of what is kept, `originals` those of the files as they came."""

    content_hash: str
    kind: str
    dated: str
    media_type: str = ""
    pages: int = 0
    originals: Sequence[str] = ()
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """One matter. `facts`: label and words, for the first page; `law`: articles in words; `open_questions`: what is not settled.

    `summary` is a few sentences for somebody who reads nothing else; `made_at` an instant of UTC; `log_size` and `root` (b64u)
    say of which log the entries are.
    """

    title: str
    number: str
    summary: Sequence[str]
    facts: Sequence[tuple[str, str]]
    steps: Sequence[Step]
    exhibits: Sequence[Exhibit]
    made_at: str
    made_by: str
    log_size: int
    root: str
    law: Sequence[str] = ()
    open_questions: Sequence[str] = field(default=())

    def __repr__(self) -> str:
        """Never what stands in it: a repr ends in logs."""
        return f"Dossier({len(self.steps)} steps, {len(self.exhibits)} exhibits)"
