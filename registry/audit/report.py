"""Does the whole register agree with its log, row by row, and if not, which row and which entry?

The entries are replayed against tables, openings and projections: every leaf is hashed again, every digest made again
from row and salt, every state root recomputed, every constraint asked again, every guard looked for. Reads only, in one
unchanging view; 140,000 versions take some tens of seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry import catalogue
from registry.audit.allotments import judge_allotments
from registry.audit.beside import judge_beside
from registry.audit.causes import judge_causes
from registry.audit.constraints import judge_constraints, judge_file
from registry.audit.copied import judge_copy
from registry.audit.events import judge_events
from registry.audit.evidence import judge_evidence
from registry.audit.guards import judge_guards
from registry.audit.kept import judge_kept
from registry.audit.log import judge_log, read_log
from registry.audit.looks import judge_looks
from registry.audit.needs import judge_acts
from registry.audit.openings import Opened, judge_openings
from registry.audit.papers import judge_papers
from registry.audit.people import judge_people
from registry.audit.published import judge_published
from registry.audit.rows import count, stored
from registry.audit.state import judge_state
from registry.audit.versions import Walked, walk_versions, without_version
from registry.ledger.tables import HEAD, OPENING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from registry.ledger.check import Disagreement
    from registry.ledger.verify.replay import Loss, ReplayReport
    from registry.store.engines import Store

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found, and the log that it vouches for: `size` entries under `root`, the last state `st` (b64u).

    `checked` counts rows by what they are (entries, versions, openings). A register without findings agrees with *this*
    log; that the log itself is the one that others saw is shown by its signed checkpoint, not here.
    """

    findings: tuple[Disagreement, ...]
    checked: dict[str, int]
    replayed: ReplayReport
    st: str

    @property
    def ok(self) -> bool:
        """Whether every row agrees."""
        return not self.findings

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What the log itself says was lost."""
        return self.replayed.losses

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.replayed.size

    @property
    def root(self) -> bytes:
        """The root over all of them, 32 bytes."""
        return self.replayed.root


def audit(store: Store, progress: Progress | None = None, witnessed: bytes | None = None) -> AuditReport:
    """Name each row and each published file that disagrees. `progress(done, total)` counts versions and openings.

    `witnessed`: a checkpoint that somebody outside kept, a witness's last one above all.
    """
    with store.reading() as connection:
        return audit_view(store, connection, progress, witnessed)


def audit_view(
    store: Store, connection: Connection, progress: Progress | None = None, witnessed: bytes | None = None
) -> AuditReport:
    """`audit` of what one connection sees, changes that are not committed yet included."""
    total = sum(count(connection, noun.table) for noun in catalogue.NOUNS) + count(connection, OPENING)
    passed = _Passed(total, progress)
    walked, opened = Walked(), Opened()
    log = read_log(connection)
    findings = list(judge_log(log))
    findings += walk_versions(connection, catalogue.NOUNS, log, walked, passed)
    heads = {row["thing_id"]: row for row in stored(connection, HEAD)}
    findings += without_version(log, walked, heads)
    findings += judge_openings(connection, store.vault, log, walked, opened, passed)
    findings += judge_acts(log, walked, opened)
    findings += judge_people(connection, store.vault, log, opened)
    findings += judge_papers(connection, store.vault)
    findings += judge_evidence(store, connection)
    findings += judge_looks(store)
    findings += judge_events(connection, store.vault, log, opened)
    findings += judge_beside(connection, log, opened)
    findings += judge_kept(connection, store.vault)
    findings += judge_allotments(connection)
    findings += judge_state(connection, store.vault.state_key, log, walked, heads)
    findings += judge_causes(connection)
    findings += judge_constraints(connection, catalogue.tables())
    findings += [] if store.on_postgresql else judge_file(connection)
    findings += judge_guards(store, connection)
    # What does not agree with the log itself is no measure for a copy of it.
    findings += [] if findings else judge_copy(store, connection)
    findings += judge_published(store.settings, log, witnessed)
    states = [logged.entry.st for logged in log.entries.values() if logged.entry and logged.entry.cls == "S"]
    checked = {"entries": len(log.entries), "versions": walked.versions, "openings": passed.done - walked.versions}
    return AuditReport(tuple(findings), checked, log.replayed, (states[-1] if states else None) or "")


class _Passed:
    """Counts rows going by, and tells whoever shows the progress."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done = 0
        self._total = total
        self._progress = progress

    def __call__(self, rows: int) -> None:
        self.done += rows
        if self._progress is not None:
            self._progress(self.done, self._total)
