"""Which rights are found, and why one may or may not be let."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.v1 import models
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.rights import acts
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village


def _page(caller: Caller, **asked: object) -> models.RightPage:
    return models.RightPage.model_validate(caller.answer("/v1/rights", params=asked))


def test_rights_are_filtered_by_kind(caller: Caller) -> None:
    """Kinds are contract, operating, homestead, income; a contract right of any land use is a contract."""
    assert len(_page(caller, kind="contract").rights) == 4
    assert len(_page(caller, kind="homestead").rights) == 1
    assert len(_page(caller, kind="income").rights) == 5
    assert _page(caller, kind="operating").rights == []


def test_rights_of_a_village_are_those_that_its_collective_issued(caller: Caller) -> None:
    """By village: shares too, which lie on no parcel."""
    assert len(_page(caller, village="150626100210").rights) == 10
    assert _page(caller, village="150626104213").rights == []


def test_rights_in_a_box_are_those_with_a_parcel_in_it(caller: Caller, village: Village) -> None:
    """By box: one parcel in it is enough; shares lie nowhere."""
    inside = _page(caller, bbox="574050,4263050,574060,4263060", crs="EPSG:4545").rights
    assert [r.id for r in inside] == [village.rights["contract-arable"]]
    assert len(_page(caller, bbox="108.80,38.45,109.05,38.55").rights) == 5


def test_rights_of_a_holder_are_own_and_held_in_common(caller: Caller, village: Village) -> None:
    """A person holds what their household holds and their own share; the holding itself holds no share."""
    person = {r.thing for r in _page(caller, holder=village.people[2]).rights}
    holding = {r.thing for r in _page(caller, holder=village.holding).rights}
    assert person == holding | {"income"}


def test_pages_give_every_right_once(caller: Caller, village: Village) -> None:
    """Keyset pages over ids."""
    seen: list[str] = []
    after = None
    for _ in range(4):
        page = _page(caller, limit=3, **({} if after is None else {"after": after}))
        seen += [r.id for r in page.rights]
        after = page.next
    assert after is None
    assert sorted(seen) == seen
    assert set(seen) == set(village.rights.values())


def test_right_may_be_let_within_its_term_and_not_beyond(caller: Caller, village: Village) -> None:
    """A lease may not outlast the contract (law art. 38(3)); the answer says until when, and why not."""
    asked = {"holder": village.holding, "transferable": "lease", "valid_at": "2026-06-01"}
    by_thing = {r.thing: r.transferable for r in _page(caller, **asked, years=1).rights}
    arable, homestead = by_thing["contract-arable"], by_thing["homestead"]
    assert arable is not None
    assert (arable.answer, arable.until) == ("allowed", "2027-12-31")
    assert homestead is not None
    assert homestead.answer == "refused"
    longer = {r.thing: r.transferable for r in _page(caller, **asked, years=5).rights}["contract-arable"]
    assert longer is not None
    assert (longer.answer, [r.word for r in longer.reasons]) == ("refused", ["term-too-short"])


def test_seized_right_may_not_be_let(store: Store, caller: Caller, village: Village) -> None:
    """A seizure stops a lease, and is named; where the holders live never is (invariant I7)."""
    with desk(store, made_up.CLERK) as at:
        act = at.act("seized", "2024-03-01", ActFields(basis="裁定书"))
        acts.burden(
            act,
            village.rights["contract-grass"],
            restriction_kind="seizure",
            parties={"court": "乌审旗人民法院"},
            document="1号",
        )
        at.commit()
    found = {r.thing: r.transferable for r in _page(caller, kind="contract", transferable="lease").rights}
    grass = found["contract-grass"]
    assert grass is not None
    assert (grass.answer, [r.word for r in grass.reasons]) == ("refused", ["seized"])
    assert "town" not in str(found)


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "house"), ("transferable", "sale"), ("years", "0"), ("holder", "达楞太"), ("limit", "101")],
)
def test_malformed_filter_is_named_and_not_repeated(caller: Caller, field: str, value: str) -> None:
    """A 422 names the field with a valid example and never repeats what was sent."""
    got = caller.get("/v1/rights", params={field: value})
    assert got.status_code == 422
    (error,) = got.json()["errors"]
    assert error["field"] == field
    assert error["example"]
    assert "达楞太" not in got.text
