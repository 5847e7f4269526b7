"""Which keys has this log had, from which entry on, and until which: as the log itself says in its K entries?

`log <vkey>` begins a key, `revoked <vkey>` ends it; `witness`, `group` and `quorum` lines are kept as a policy writes them
(c2sp.org/tlog-policy), `sm2` ones as comments. A key that was revoked stays in the policy with the size up to which it counts:
what it signed before can still be checked, what somebody signs with it afterwards counts for nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import sqlalchemy as sa

from registry.ledger.tables import LEDGER_ENTRY
from registry.ledger.verify.note import UNTIL, VerifierKey, parse_vkey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.engine import Connection

LOG, REVOKED = "log", "revoked"
Change: TypeAlias = "tuple[int, str, tuple[str, ...]]"
"""A K entry: its index, its hour, its lines."""
_OF_WITNESSES = ("witness ", "group ")
_SM2 = "sm2 "
_QUORUM = "quorum "


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key of the log: since which entry and hour, and where it was revoked by which entry and hour (None: in use)."""

    key: VerifierKey
    since: int
    since_at: str
    revoked: int | None = None
    revoked_at: str | None = None

    @property
    def in_use(self) -> bool:
        """Whether it still signs."""
        return self.revoked is None


def keys_on_log(connection: Connection, size: int | None = None) -> tuple[LogKey, ...]:
    """Every key that the log names (so far as `size`), oldest first. KeyRefusedError for a line that is no key."""
    return keys_of(_changes(connection, size))


def keys_of(changes: Iterable[Change]) -> tuple[LogKey, ...]:
    """The same from K entries. KeyRefusedError."""
    found: dict[VerifierKey, LogKey] = {}
    for idx, at, lines in changes:
        for line in lines:
            word, _, text = line.partition(" ")
            if word == LOG:
                key = parse_vkey(text)
                found.setdefault(key, LogKey(key, idx, at))
            elif word == REVOKED and (key := parse_vkey(text)) in found and found[key].in_use:
                found[key] = replace(found[key], revoked=idx, revoked_at=at)
    return tuple(found.values())


def policy_text(connection: Connection, size: int | None = None) -> str:
    """The policy file of this log (so far as `size`): whose signatures a verifier asks for. Empty before the first key."""
    lines = policy_lines(list(_changes(connection, size)))
    return "\n".join(lines) + "\n" if lines else ""


def policy_lines(changes: Sequence[Change]) -> list[str]:
    """The lines of the policy that K entries make; none before the first key. KeyRefusedError."""
    keys = keys_of(changes)
    if not keys:
        return []
    lines = [line for _, _, each in changes for line in each]
    quorum = [line for line in lines if line.startswith(_QUORUM)]
    text = [f"{LOG} {each.key}" for each in keys]
    text += [f"{UNTIL}{each.revoked} {each.key}" for each in keys if each.revoked is not None]
    text += [f"#{line}" for line in lines if line.startswith(_SM2)]
    text += [line for line in lines if line.startswith(_OF_WITNESSES)]
    text.append(quorum[-1] if quorum else f"{_QUORUM}none")
    return text


def _changes(connection: Connection, size: int | None = None) -> Iterator[Change]:
    query = (
        sa.select(LEDGER_ENTRY.c.idx, LEDGER_ENTRY.c.leaf).where(LEDGER_ENTRY.c.cls == "K").order_by(LEDGER_ENTRY.c.idx)
    )
    for idx, leaf in connection.execute(query if size is None else query.where(LEDGER_ENTRY.c.idx < size)):
        entry = json.loads(leaf)
        yield idx, entry["at"], tuple(entry["vkeys"])
