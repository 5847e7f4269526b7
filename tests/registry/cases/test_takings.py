"""Does land that is taken, lost or readjusted go exactly as far as it is proved, with the rest left as it was?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import shapely

from registry.audit import audit
from registry.ledger.chain import read_chains
from registry.parcels.model import PARCEL
from registry.rights.model import RIGHT
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.walking import Example

if TYPE_CHECKING:
    from registry.ledger.nouns import Version
    from tests.registry.cases.walking import Walker

_OUTSIDE = [["573990", "4263000"], ["574100", "4263000"], ["574100", "4263100"], ["573990", "4263000"]]
_CROSSING = [["574000", "4263000"], ["574100", "4263100"], ["574100", "4263000"], ["574000", "4263100"]]
STAYS = ("holding_id", "term_start", "term_end", "unit_id", "certificate_number", "burdens")


def lines(version: Version) -> dict[str, tuple[str, str]]:
    """The parcels under a right with their contract areas."""
    rows = version.children["right_parcel"]
    return {row["parcel_id"]: (row["contract_area_m2"], row["contract_area_mu"]) for row in rows}


@pytest.mark.rule("REG/expropriation")
def test_what_the_state_did_not_take_stays_under_its_ids(walker: Walker) -> None:
    """征收: parcel and right go on with what is left; holder, term and paper are as they were; all are told, nobody asked."""
    village, example = walker.village, walker.example("expropriated")
    right, parcel = village.rights["contract-arable"], village.parcels["arable"]
    before = head(walker, RIGHT, right)
    case_id = walker.walk("expropriated", example, "submitted")
    touched = walker.look(case_id)[2].touched
    assert (set(touched.people), touched.consents) == (set(village.people), frozenset())
    walker.go_on(case_id)
    after, left = head(walker, RIGHT, right), head(walker, PARCEL, parcel)
    assert [before.columns[name] for name in STAYS] == [after.columns[name] for name in STAYS]
    assert (after.status, left.status, lines(after)) == ("live", "live", {parcel: ("17600.00", "26.40")})
    assert (left.columns["surveyed_area_m2"], left.columns["surveyed_area_mu"]) == ("17600.00", "26.40")
    with walker.store.reading() as connection:
        shape = read_chains(connection, PARCEL, [parcel], geometry=True)[parcel][-1].geometry
    assert shapely.area(shape) == 17600
    assert audit(walker.store).findings == ()


@pytest.mark.rule("HOME/lost-to-nature")
@pytest.mark.parametrize(("land", "right"), [("other", "contract-other"), ("homestead", "homestead")])
def test_right_ends_where_nothing_of_its_land_is_left(walker: Walker, land: str, right: str) -> None:
    """灭失: the plot and the right on it, and no other right of the family."""
    others = [walker.village.rights[each] for each in walker.village.rights if each != right]
    before = [head(walker, RIGHT, each) for each in others]
    walker.walk("land-lost", Example([walker.village.parcels[land]], {"day": walker.today(), "document": "灾1号"}))
    assert head(walker, RIGHT, walker.village.rights[right]).status == "ended"
    assert head(walker, PARCEL, walker.village.parcels[land]).status == "ended"
    assert [head(walker, RIGHT, each) for each in others] == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"compensation": "0.00"}, "compensation"),
        ({"day": "2099-01-01"}, "day"),
        ({"rest": {"m2": "99999.00"}}, "rest"),
        ({"rest": {"areas": "theirs"}}, "rest"),
        ({"rest": {"areas": "more"}}, "rest"),
        ({"rest": {"shape": _OUTSIDE}}, "rest"),
        ({"rest": {"shape": _CROSSING}}, "rest.shape"),
    ],
)
def test_what_is_no_taking_stays_a_draft(walker: Walker, change: dict[str, Any], field: str) -> None:
    """No compensation, a day to come, and a rest that is no part of what was there, in shape or in any figure."""
    example = walker.example("expropriated")
    (area,) = example.request["rest"]["areas"]
    other = {**area, "right": walker.village.rights["contract-grass"]}
    areas = {"theirs": [other], "more": [{**area, "m2": "31000.01"}]}
    rest = {**example.request["rest"], **change.get("rest", {})}
    if isinstance(rest["areas"], str):
        rest["areas"] = areas[rest["areas"]]
    refused(walker, "expropriated", Example(example.subject, {**example.request, **change, "rest": rest}), field)


def test_land_that_is_let_is_freed_first(walker: Walker) -> None:
    """A lessee whose field went would have a right on nothing: their lease is ended by a case that tells them."""
    walker.walk("leased", walker.example("leased"))
    gone = Example([walker.village.parcels["grass"]], {"day": walker.today(), "document": "灾1号"})
    refused(walker, "land-lost", gone, "subject")


@pytest.mark.rule("RLCL/readjustment")
def test_after_a_disaster_two_thirds_of_all_may_give_a_household_land(walker: Walker) -> None:
    """C7: one parcel comes under the other contract with its area as written; everything else of both stands."""
    example = walker.example("readjusted")
    (moved,) = example.request["parcels"]
    before = [head(walker, RIGHT, each) for each in example.subject]
    walker.walk("readjusted", example)
    after = [head(walker, RIGHT, each) for each in example.subject]
    assert lines(after[0]) == {parcel: area for parcel, area in lines(before[0]).items() if parcel != moved}
    assert lines(after[1]) == {**lines(before[1]), moved: lines(before[0])[moved]}
    for was, now in zip(before, after, strict=True):
        assert [was.columns[name] for name in STAYS] == [now.columns[name] for name in STAYS]
    assert audit(walker.store).findings == ()


@pytest.mark.rule("RLCL/readjustment")
def test_readjustment_without_its_vote_or_its_disaster_is_none(walker: Walker) -> None:
    """C7: two of four are not two thirds, three of three are not all; who lost nothing gets nothing; nobody loses all."""
    example = walker.example("readjusted")
    family, son = example.subject

    def asked(field: str, **change: Any) -> None:  # noqa: ANN401  (what a request says)
        refused(walker, "readjusted", Example(example.subject, {**example.request, **change}), field)

    asked("agreed", agreed=2)
    asked("agreed", of=3, agreed=3)
    asked("agreed", body="representatives", of=20, agreed=13)
    asked("parcels", parcels=sorted(lines(head(walker, RIGHT, family))))
    asked("day", day="2099-01-01")
    asked("parcels", gives=son, parcels=sorted(lines(head(walker, RIGHT, son))))
    grass = walker.village.rights["contract-grass"]
    refused(walker, "readjusted", Example([family, grass], example.request), "subject")
    refused(walker, "readjusted", Example([family], example.request), "gives")
