"""The made-up village on each engine, with a neighbour along the family's arable land, and what reads a PDF back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pypdf
import pytest
import shapely

from registry import parties
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.parcels import acts as parcels
from registry.parcels.acts import ParcelFacts
from registry.parties import Identity
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store

ARABLE = f"{made_up.VILLAGE_CODE}00001"
BESIDE = f"{made_up.VILLAGE_CODE}00050"
HOMESTEAD = "150626100210JC00001F00010001"
HOUSEHOLD = f"{made_up.VILLAGE_CODE}0001"
UNHELD = f"{made_up.VILLAGE_CODE}00090"
VILLAGE = made_up.VILLAGE_CODE[:12]
NEIGHBOUR = "乌仁其其格"
SEALED = (*(name for name, _, _ in made_up.PEOPLE), NEIGHBOUR, "西梁", "柳树湾", "呼和陶勒盖嘎查1号", "公示无异议")
"""What must stand on no sheet without names."""


@pytest.fixture
def village(store: Store) -> made_up.Village:
    """The family's land, and to the east of its arable square another household's, the line between them shared."""
    made = made_up.register_village(store)
    side = 31_000.0**0.5
    east = 574_000 + side
    with desk(store, made_up.CLERK) as at:
        act = at.act("first-registration", made_up.SIGNED, ActFields(basis="承包合同"))
        who = Identity(NEIGHBOUR, made_up.id_number("19700305", 218), sex="2")
        person, rows = parties.person_rows(store.vault, store.randomness, act.idx, who)
        household, more = parties.household_rows(store.randomness)
        for table, row in (*rows, *more):
            at.row(table, row)
        act.fields = ActFields(basis="承包合同", people=((person, who.name, who.id_number),))
        holding = holdings.begin(
            act,
            household_id=household,
            code=f"{made_up.VILLAGE_CODE}0002",
            issuer_id=made.collective,
            representative_id=person,
            members=[CoHolder(person, "02")],
        )
        facts = ParcelFacts(BESIDE, made.collective, "arable", "10", "012", "20000.00", "30.00")
        shape = shapely.box(east, 4_263_000, east + 100, 4_263_200)
        made.parcels["beside"] = parcels.begin(act, facts, shape, {"local_name": "柳树湾"})
        code = f"{made_up.VILLAGE_CODE}0002J"
        unit = rights.unit(
            act, kind="contract", code=code, issuer_id=made.collective, method="110", signed_on=made_up.SIGNED
        )
        rights.begin(
            act,
            "contract-arable",
            Holder(holding_id=holding),
            Terms(unit, code, "1998-01-01", "2027-12-31", (code, "经营权证", made_up.SIGNED)),
            [Contracted(made.parcels["beside"], "19990.00", "29.99")],
        )
        at.commit()
    return made


@pytest.fixture
def with_more_land(store: Store, village: made_up.Village) -> made_up.Village:
    """The village with ten fields more in the family's contract, and land round a well that nobody has contracted."""
    with desk(store, made_up.CLERK) as at:
        act = at.act("first-registration", made_up.SIGNED, ActFields(basis="补登"))
        code = f"{made_up.VILLAGE_CODE}0001Q"
        unit = rights.unit(
            act, kind="contract", code=code, issuer_id=village.collective, method="123", signed_on=made_up.SIGNED
        )
        fields = []
        for n in range(10):
            facts = ParcelFacts(
                f"{made_up.VILLAGE_CODE}{60 + n:05d}", village.collective, "arable", "10", "012", "1000.00", "1.50"
            )
            fields.append(parcels.begin(act, facts, made_up.square(574_000 + 40 * n, 4_261_000, 31.6), {}))
        rights.begin(
            act,
            "contract-arable",
            Holder(holding_id=village.holding),
            Terms(unit, code, "2010-01-01", "2030-12-31"),
            [Contracted(field, "1000.00", "1.50") for field in fields],
        )
        outer = made_up.square(574_000, 4_260_000, 100.0)
        hole = made_up.square(574_040, 4_260_040, 3.0)
        facts = ParcelFacts(UNHELD, village.collective, "grass", "21", "043", "9991.00", "14.99")
        parcels.begin(act, facts, shapely.Polygon(outer.exterior, [hole.exterior]), {"local_name": "井滩"})
        at.commit()
    return village


def words(pdf: bytes) -> str:
    """All words of a PDF as pypdf reads them, without spaces and line ends."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)
