"""I3: are shares exact, do they make one, and does any household event touch them?"""

from __future__ import annotations

from fractions import Fraction

import psycopg
import pytest
import sqlalchemy as sa

from registry.ledger.act import Act, ActFields
from registry.ledger.commit import desk
from registry.rights import acts as rights
from registry.rights.acts import Holder, SharesNotOneError, Terms
from registry.rights.model import ALLOTMENT_LINE, ALLOTMENT_SEALED
from registry.store.engines import Store
from registry.store.schema import METADATA
from registry.store.sqlite import sqlite3
from tests.guarantee.village import event_of_every_kind, projections, registered
from tests.registry.made_up import CLERK, SIGNED


def test_no_event_of_any_kind_changes_a_share(store: Store) -> None:
    """I3: shares are unchanged by H, down to numerator and denominator as written."""
    village = registered(store)
    before = projections(store, village.people[0])[village.rights["income-0"]]
    event_of_every_kind(store, village)
    after = projections(store, village.people[0])[village.rights["income-0"]]
    assert after == before
    assert after is not None
    assert after["share"] == [12, 6000]


def test_the_lines_of_every_allotment_make_exactly_one(store: Store) -> None:
    """I3: Σ = 1 for each live shared right, over exact fractions."""
    registered(store)
    with store.reading() as connection:
        lines = connection.execute(sa.select(ALLOTMENT_LINE)).all()
    sums: dict[str, Fraction] = {}
    for line in lines:
        share = Fraction(line.numerator, line.denominator)
        sums[line.allotment_id] = sums.get(line.allotment_id, Fraction(0)) + share
    assert set(sums.values()) == {Fraction(1)}


def test_three_thirds_make_one_and_three_times_a_rounded_third_do_not(store: Store) -> None:
    """I3: 1/3 + 1/3 + 1/3 = 1; 33/100 three times is refused: there is no rounding to hide behind."""
    village = registered(store)
    with desk(store, CLERK) as at:
        act = at.act("shares-allotted", SIGNED)
        with pytest.raises(SharesNotOneError):
            rights.allot(act, [(p, 33, 100) for p in village.people[:3]])
        allotment = rights.allot(act, [(p, 1, 3) for p in village.people[:3]])
        _share(act, village.people[0], allotment, village.collective)
        at.commit()


@pytest.mark.parametrize(("numerator", "common"), [(1, 2), (1, 4)])
def test_the_database_itself_refuses_an_allotment_that_is_not_one(store: Store, numerator: int, common: int) -> None:
    """Ledger section 7, lock 2: the trigger on the seal checks the sum over a common denominator."""
    village = registered(store)
    with desk(store, CLERK) as at:
        act = at.act("shares-allotted", SIGNED)
        cites = {"cause_idx": act.idx, "cause_cls": "R"}
        for person, upper in ((village.people[0], numerator), (village.people[1], numerator + 1)):
            line = {"allotment_id": "bad", "holder_id": person, "numerator": upper, "denominator": 4}
            at.row(ALLOTMENT_LINE, {**line, **cites})
        at.row(ALLOTMENT_SEALED, {"allotment_id": "bad", "common": common, **cites})
        _share(act, village.people[0], "bad", village.collective, numerator, 4)
        with pytest.raises((sqlite3.Error, psycopg.Error), match="allotment_sealed"):
            at.commit()


def test_no_guarded_column_is_a_float() -> None:
    """I3: no float in the schema: shares are whole numbers, areas are text as written."""
    kinds = {str(c.type).upper() for table in METADATA.sorted_tables for c in table.columns}
    assert not {k for k in kinds if any(word in k for word in ("FLOAT", "REAL", "DOUBLE", "NUMERIC", "DECIMAL"))}


def _share(act: Act, person: str, allotment: str, issuer: str, numerator: int = 1, denominator: int = 3) -> None:
    act.fields = ActFields(basis="股份量化方案")
    unit = rights.unit(act, kind="share-ledger", code="U", issuer_id=issuer, method="", signed_on=SIGNED)
    holder = Holder(party_id=person, allotment_id=allotment, numerator=numerator, denominator=denominator)
    rights.begin(act, "income", holder, Terms(unit, "U", book="collective"))
