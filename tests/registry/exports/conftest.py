"""The made-up village on each engine, its family settled in town, and a neighbour's land beside the family's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.parcels import acts as parcels
from registry.parcels.acts import ParcelFacts
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store

# Everything about people that the made-up village seals: none of it may leave.
CANARIES = (
    *(name for name, _, _ in made_up.PEOPLE),
    *(made_up.id_number(born, sequence) for _, born, sequence in made_up.PEOPLE),
    *("西梁", "巴图", "公示无异议", "文苑社区1栋101", "呼和陶勒盖嘎查1号", "王警官", "张晓梅"),
)
NEIGHBOUR = f"{made_up.VILLAGE_CODE}00099"


@pytest.fixture
def village(store: Store) -> made_up.Village:
    """Registered 2016-11-30, settled 2017-05-08; a triangle of grassland belongs to nobody yet."""
    made = made_up.register_village(store)
    with desk(store, made_up.CLERK) as at:
        act = at.act("first-registration", made_up.SIGNED, ActFields(basis="公示"))
        facts = ParcelFacts(NEIGHBOUR, made.collective, "grass", "10", "043", "500000.00", "750.00")
        shape = shapely.Polygon([(570_000, 4_263_000), (571_000, 4_263_000), (570_000, 4_264_000)])
        made.parcels["neighbour"] = parcels.begin(act, facts, shape, {"local_name": "巴图家"})
        at.commit()
    made_up.register_hukou(store, made)
    made_up.settle(store, made)
    return made


def leaked(raw: bytes) -> list[str]:
    """The canaries that stand in these bytes in any encoding that a file may have."""
    return [
        canary
        for canary in CANARIES
        if any(canary.encode(codec) in raw for codec in ("utf-8", "gbk", "utf-16-le", "utf-16-be"))
    ]
