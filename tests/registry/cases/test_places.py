"""What a case is about lies where its land and its collective are, whatever lies on it; in no other town."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.cases.places import lie_within
from registry.restrictions.model import RESTRICTION_VERSION
from registry.rights.model import RIGHT_VERSION
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.registry.cases.walking import Walker

TOWN, OTHER_TOWN = VILLAGE_CODE[:9], "150626200"


def test_lease_and_mortgage_lie_where_the_land_under_them_lies(store: Store, walker: Walker) -> None:
    """Their own codes name no place: the town of the contract decides, and one thing elsewhere is enough to be out."""
    walker.walk("leased", walker.example("leased"))
    walker.walk("mortgaged", walker.example("mortgaged"))
    (lease,) = walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.thing == "operating")
    (mortgage,) = walker.ids(RESTRICTION_VERSION, RESTRICTION_VERSION.c.restriction_kind == "mortgage")
    village = walker.village
    things = [lease, mortgage, village.holding, *village.parcels.values(), village.rights["contract-grass"]]
    with store.reading() as connection:
        for place in (TOWN, VILLAGE_CODE, VILLAGE_CODE[:12]):
            assert lie_within(connection, things, [place])
            assert lie_within(connection, things, [OTHER_TOWN, place])
        for thing in things:
            assert not lie_within(connection, [thing], [OTHER_TOWN])
        assert not lie_within(connection, [*things, "0" * 32], [TOWN])
        assert not lie_within(connection, things, [""])
