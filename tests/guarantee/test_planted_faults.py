"""Is every field of π and every guarded thing really looked at? A fault planted in each must be found and named."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from registry.catalogue import NOUNS
from tests.attacks.locks_off import damaged
from tests.guarantee.conftest import Settled
from tests.guarantee.faults import FAULTS, Fault, forged, in_place, tables_of
from tests.guarantee.village import LATER, noun_named, verdict

# policy-map.md section 8: the fields of π, and the seven guarded nouns.
PI = {
    "kind", "land_use", "holder", "co_holders", "share", "parcels", "geometry", "contract_area", "surveyed_area",
    "term_start", "term_end", "extension", "powers", "burdens", "certificates", "status",
}  # fmt: skip


def test_every_field_and_every_thing_has_a_planted_fault() -> None:
    """Issue 3, Show: at least one planted fault for each field of π and each guarded thing."""
    assert {f.field for f in FAULTS} >= PI | {noun.name for noun in NOUNS}


@pytest.mark.parametrize("plant", [in_place, forged], ids=["in place", "forged"])
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_planted_fault_is_violated_and_its_row_is_named(settled: Settled, fault: Fault, plant: object) -> None:
    """Issue 3 item 6: what fails against the ledger is `violated` and names the row, whatever all three states say."""
    thing_id = fault.thing_of(settled.village)

    def edit(connection: sa.Connection) -> None:
        plant(connection, fault, settled.village)  # type: ignore[operator]

    with damaged(settled.store, edit, *tables_of(fault)) as connection:
        answer = verdict(settled.store, settled.village.people[0], settled.moved.idx, LATER, None, connection)
    assert answer.verdict == "violated"
    rows = [t.row for t in answer.things if t.verdict == "violated"]
    assert rows
    assert all(row is not None for row in rows)
    assert any(f"{noun_named(fault.noun).table.name}(thing_id={thing_id}" in str(row) for row in rows)


@pytest.mark.parametrize("noun", ["membership", "benefit", "duty", "restriction", "right", "holding"])
def test_a_removed_thing_is_missed_because_the_event_stated_it(settled: Settled, noun: str) -> None:
    """I16: nobody and nothing is lost: what an event stated of a person and no row shows any more is `violated`."""
    village = settled.village
    thing_id = {
        "membership": village.memberships[0],
        "benefit": village.benefit,
        "duty": village.duty,
        "restriction": village.rights["seizure"],
        "right": village.rights["contract-forest"],
        "holding": village.holding,
    }[noun]
    tables = [noun_named(noun).table, *noun_named(noun).children]

    def edit(connection: sa.Connection) -> None:
        for table in tables:
            connection.execute(sa.delete(table).where(table.c.thing_id == thing_id))

    with damaged(settled.store, edit, *(t.name for t in tables)) as connection:
        answer = verdict(settled.store, village.people[0], settled.moved.idx, LATER, None, connection)
    assert answer.verdict == "violated"
    assert any(thing_id in str(t.row) for t in answer.things if t.verdict == "violated")


def test_a_clean_register_raises_no_alarm(settled: Settled) -> None:
    """A guarantee that cries wolf is worth nothing: without damage every person's verdict is `unchanged`."""
    for person in settled.village.people:
        assert verdict(settled.store, person, settled.moved.idx).verdict == "unchanged"
