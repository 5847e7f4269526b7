"""Which keys has this log had, from which entry on, and until which: as the log itself says in its K entries?

`log <vkey>` begins a key, `revoked <vkey>` ends it; a K that names a loss ends all keys of the log that is succeeded.
`witness`, `group` and `quorum` lines are kept as a policy writes them
(c2sp.org/tlog-policy), `sm2` ones as comments. A key that was revoked stays in the policy with the size up to which it counts:
what it signed before can still be checked, what somebody signs with it afterwards counts for nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import sqlalchemy as sa

from registry.ledger.tables import LEDGER_ENTRY
from registry.ledger.verify.note import UNTIL, VerifierKey, parse_note, parse_vkey
from registry.ledger.verify.replay import read_loss

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.verify.replay import Loss

LOG, REVOKED = "log", "revoked"
Change: TypeAlias = "tuple[int, str, tuple[str, ...]]"
"""A K entry: its index, its hour, its lines."""
_OF_WITNESSES = ("witness ", "group ")
_SM2 = "sm2 "
_QUORUM = "quorum "


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key of the log: since which entry and hour, and where it was revoked by which entry and hour (None: in use).

    `until` is the size up to which it counts: that of the entry which revoked it, or, where its log was succeeded, that of the
    last head which it signed, so that what it signed of the lost entries can still be checked.
    """

    key: VerifierKey
    since: int
    since_at: str
    revoked: int | None = None
    revoked_at: str | None = None
    until: int | None = None

    @property
    def in_use(self) -> bool:
        """Whether it still signs."""
        return self.revoked is None


def keys_on_log(connection: Connection, size: int | None = None) -> tuple[LogKey, ...]:
    """Every key that the log names (so far as `size`), oldest first. KeyRefusedError for a line that is no key."""
    return keys_of(_changes(connection, size))


def keys_of(changes: Iterable[Change]) -> tuple[LogKey, ...]:
    """The same from K entries. KeyRefusedError, MalformedError for a loss under no signature."""
    found: dict[VerifierKey, LogKey] = {}
    for idx, at, lines in changes:
        for line in lines:
            word, _, text = line.partition(" ")
            if word == LOG:
                key = parse_vkey(text)
                found.setdefault(key, LogKey(key, idx, at))
            elif word == REVOKED and (key := parse_vkey(text)) in found and found[key].in_use:
                found[key] = replace(found[key], revoked=idx, revoked_at=at, until=idx)
        if (loss := read_loss(idx, lines)) is not None:
            last = {(line.name, line.key_id) for line in parse_note(loss.note).lines}
            own = next(reversed(found)).name
            for key, each in found.items():
                if key.name != own and each.in_use:
                    # One that did not sign the last head was let go in the lost range, nobody knows where.
                    until = loss.size if (key.name, key.key_id) in last else idx
                    found[key] = replace(each, revoked=idx, revoked_at=at, until=until)
    return tuple(found.values())


def losses_on_log(connection: Connection, size: int | None = None) -> tuple[Loss, ...]:
    """What this log (so far as `size`) says was lost, oldest first."""
    found = (read_loss(idx, lines) for idx, _, lines in _changes(connection, size))
    return tuple(loss for loss in found if loss is not None)


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
    text += [f"{UNTIL}{each.until} {each.key}" for each in keys if each.until is not None]
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
