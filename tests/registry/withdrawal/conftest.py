"""The sample delivery without its hukou roster, and what a registry says of every thing on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from registry import sources
from registry.catalogue import NOUNS
from registry.ledger.act import ActFields
from registry.ledger.chain import read_chains, state_at
from registry.ledger.commit import desk
from registry.withdrawal import plan_withdrawal, withdraw
from tests.registry.delivery.conftest import CLERK, Copy, copy, sound

if TYPE_CHECKING:

    from registry.ledger.act import Will
    from registry.store.engines import Store
    from registry.withdrawal import Plan

__all__ = ["copy", "sound"]
DAYS = ("2016-12-31", "2020-06-01", "2026-11-26")
PROOF = b"a report of the survey office: this delivery was of another year"


@pytest.fixture
def small(copy: Copy) -> Copy:
    """A delivery to change, without the roster of registrations: no test here is about the police's book."""
    (copy.tables / "户籍.csv").unlink()
    return copy


def proof(store: Store) -> str:
    """A kept paper that proves the error; its content hash."""
    return sources.keep(store, PROOF, kind="proof-of-error", dated="2026-11-01")


def planned(store: Store, content_hash: str, village: str = "", wills: tuple[Will, ...] = ()) -> Plan:
    """What a withdrawal would do; nothing is written."""
    with desk(store, CLERK) as at:
        return plan_withdrawal(at, content_hash, village, wills)


def taken_back(store: Store, content_hash: str, village: str = "", wills: tuple[Will, ...] = ()) -> Plan:
    """Withdraw what nothing stops, as a case's registration does; the plan that was done."""
    fields = ActFields(basis="撤回成果", sources=(proof(store),), wills=wills)
    with desk(store, CLERK) as at:
        plan = plan_withdrawal(at, content_hash, village, wills)
        withdraw(at, plan, "整村图形偏移", fields)
        at.commit()
    return plan


def standing(store: Store, day: str) -> dict[str, Any]:
    """All that stands on a day as known now: the facts of each thing and its shape, by id. No version, no entry."""
    found: dict[str, Any] = {}
    with store.reading() as connection:
        for noun in NOUNS:
            ids = connection.scalars(noun.table.select().with_only_columns(noun.table.c.thing_id).distinct())
            for thing_id, chain in read_chains(connection, noun, list(ids), geometry=True).items():
                state = state_at(chain, day)
                if state is not None and state.status != "ended":
                    facts = noun.facts(state.columns, state.children)
                    found[thing_id] = (noun.name, state.status, facts, state.shape_digest)
    return found


def on_every_day(store: Store) -> list[dict[str, Any]]:
    """`standing` on the days that tests look at."""
    return [standing(store, day) for day in DAYS]
