"""Is somebody a member, of which collective, since when, on what, and how fresh is what the register says?

Read off acts about membership alone: where anybody is registered is no input, and why somebody is no member is not told. That
nothing is registered proves nothing: the collective's own roster decides (农村集体经济组织法).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry import parties
from registry.law import causes
from registry.ledger.chain import read_chains, state_at
from registry.ledger.evidence import instants
from registry.membership.model import MEMBERSHIP
from registry.membership.read import of_people

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

ASK_FOR = (
    "登记簿里没有查到成员登记。这不说明不是成员：请集体出具盖章、写明日期的成员名册或者证明，再由集体申请登记",
    "No membership is on the register. It proves nothing: ask the collective for its roster or a statement, sealed and dated, "
    "which it then has registered",
)
"""What to ask for where the register knows of none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One membership that stands: `since` the day from which it counts, `kind` the act by which it began.

    `basis` is the paper that it rests on, in the register's words; `recorded_at` when its newest state was entered, by `entry`.
    """

    code: str
    collective: str
    since: str
    kind: str
    basis: str
    recorded_at: str
    entry: int

    @property
    def act(self) -> tuple[str, str]:
        """What the act is called."""
        kind = causes.kinds()[self.kind]
        return kind.zh, kind.en


def standings(connection: Connection, people: Iterable[str], *, valid_at: str, known_at: int) -> list[Standing]:
    """Every membership of these rows of one person that stands on the day, the oldest first."""
    chains = read_chains(connection, MEMBERSHIP, of_people(connection, people))
    states = [(chain, state_at(chain, valid_at, known_at)) for chain in chains.values()]
    stands = [(chain, state) for chain, state in states if state is not None and state.status != "ended"]
    collectives = parties.organisations(connection, {state.columns["collective_id"] for _, state in stands})
    when = instants(connection, {state.cause_idx for _, state in stands})
    found = []
    for chain, state in stands:
        of = collectives[state.columns["collective_id"]]
        newest = when[state.cause_idx]
        basis = str(state.columns["basis"])
        found.append(
            Standing(of.code, of.name, chain[0].valid_from, chain[0].cause_kind, basis, newest, state.cause_idx)
        )
    return sorted(found, key=lambda one: (one.since, one.code))
