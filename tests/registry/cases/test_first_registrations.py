"""Is a contract or a homestead entered by hand as its paper says, on nobody else's land, with the neighbours told?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from registry.audit import audit
from registry.cases import ActRefusedError, NoSuchCaseError
from registry.holding.model import HOLDING, HOLDING_VERSION
from registry.parcels.model import PARCEL, PARCEL_VERSION
from registry.rights.model import RIGHT, RIGHT_VERSION
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.walking import FIRST, Example
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from tests.registry.cases.walking import Walker

KIND = "contract-registered"


def with_parcel(example: Example, **change: Any) -> Example:  # noqa: ANN401  (what a request says)
    """The same request, something of its parcel changed."""
    (parcel,) = example.request["parcels"]
    return Example(example.subject, {**example.request, "parcels": [{**parcel, **change}]})


def test_contract_is_entered_as_its_paper_says(walker: Walker) -> None:
    """From the day on which it was signed; surveyed and contract area apart; the list of members stays."""
    before = head(walker, HOLDING, walker.village.holding)
    example = walker.example(KIND)
    walker.walk(KIND, example)
    right = head(walker, RIGHT, walker.ids(RIGHT_VERSION)[-1])
    parcel = head(walker, PARCEL, walker.ids(PARCEL_VERSION)[-1])
    assert (right.thing, right.valid_from, right.columns["holding_id"]) == ("contract-arable", "2017-03-01", walker.village.holding)
    assert (right.columns["term_end"], right.columns["unit_code"]) == ("2046-12-31", example.request["code"])
    (line,) = right.children["right_parcel"]
    assert (line["parcel_id"], line["contract_area_m2"], line["contract_area_mu"]) == (parcel.thing_id, "9800.00", "14.70")
    assert (parcel.columns["surveyed_area_m2"], parcel.columns["village_id"]) == ("10000.00", walker.village.collective)
    assert head(walker, HOLDING, walker.village.holding) == before
    assert audit(walker.store).findings == ()


def test_whoever_holds_land_beside_it_is_told(walker: Walker) -> None:
    """The son, who left, enters a field beside the family's, once he has a list of his own: they are told, nobody agrees."""
    division = walker.example("contract-divided")
    division.request["parcels"] = [walker.village.parcels["other"]]
    walker.walk("contract-divided", division)
    son = walker.ids(HOLDING_VERSION)[-1]
    early = Example([son], walker.example(KIND).request)
    with pytest.raises(ActRefusedError, match="2017-03-01"):
        walker.step(walker.open(KIND, early), "submitted")
    today = {"signed": walker.today(), "from": walker.today()}
    case_id = walker.walk(KIND, Example([son], early.request | today), "submitted")
    touched = walker.look(case_id)[2].touched
    assert set(touched.people) == set(walker.village.people)
    assert touched.consents == frozenset()
    walker.first = replace(FIRST, id="lin", role="forestry")
    far = walker.walk("forest-registered", Example([son], walker.example("forest-registered").request | today), "submitted")
    assert set(walker.look(far)[2].touched.people) == {walker.village.people[2]}
    with pytest.raises(NoSuchCaseError):
        walker.look(far, FIRST)


def test_land_that_is_anothers_is_not_entered_again(walker: Walker) -> None:
    """I27: over the family's field, or under a code that was used, nothing is registered."""
    example = walker.example(KIND)
    over = [["574100", "4263000"], ["574250", "4263000"], ["574250", "4263100"], ["574100", "4263100"], ["574100", "4263000"]]
    taken = head(walker, PARCEL, walker.village.parcels["grass"]).columns["code"]
    bow = [["590000", "4263000"], ["590100", "4263100"], ["590100", "4263000"], ["590000", "4263100"], ["590000", "4263000"]]
    for change, says in (({"shape": over}, "重叠"), ({"code": taken}, taken), ({"shape": bow}, "登记不成")):
        case_id = walker.open(KIND, with_parcel(example, **change))
        with pytest.raises(ActRefusedError, match=says):
            walker.step(case_id, "submitted")


@pytest.mark.rule("HOME/one-household-one")
def test_household_has_one_homestead(walker: Walker) -> None:
    """土地管理法 62: the son's household has none yet; the family's second is refused, and two at once are."""
    walker.first, walker.second = (replace(actor, role="realty") for actor in (walker.first, walker.second))
    example = walker.example("homestead-registered")
    refused(walker, "homestead-registered", Example([walker.village.holding], example.request), "parcels")
    two = {**example.request, "parcels": example.request["parcels"] * 2}
    refused(walker, "homestead-registered", Example(example.subject, two), "parcels")
    walker.walk("homestead-registered", example)
    right = head(walker, RIGHT, walker.ids(RIGHT_VERSION)[-1])
    assert (right.thing, right.columns["term_end"], right.columns["book"]) == ("homestead", "", "realty-platform")
    assert audit(walker.store).findings == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"until": "2016-12-31"}, "until"),
        ({"signed": "2099-01-01"}, "signed"),
        ({"land": "homestead"}, "land"),
        ({"parcels": []}, "parcels"),
        ({"more": "x"}, "…"),
    ],
)
def test_paper_that_says_what_cannot_be_is_refused(walker: Walker, change: dict[str, Any], field: str) -> None:
    """It stays a draft; no value is repeated."""
    example = walker.example(KIND)
    refused(walker, KIND, Example(example.subject, {**example.request, **change}), field)
    if field == "until":
        corners = with_parcel(example, shape=[["590000", "4263000"], ["590100", "4263000"]])
        refused(walker, KIND, corners, "parcels[0].shape")


def test_family_that_no_list_names_comes_onto_the_register_and_then_its_land(walker: Walker) -> None:
    """C10, C11: the household with its people, then its contract; nobody stands on two lists."""
    example = walker.example("household-registered")
    walker.walk("household-registered", example)
    home = walker.ids(HOLDING_VERSION)[-1]
    listed = head(walker, HOLDING, home)
    assert (listed.columns["code"], listed.columns["issuer_id"]) == (example.request["code"], walker.village.collective)
    assert listed.columns["representative_id"] == walker.witness
    assert [line["relation"] for line in listed.children["holding_member"]] == ["02", "12"]
    land = walker.example(KIND).request | {"signed": walker.today(), "from": walker.today()}
    walker.walk(KIND, Example([home], land))
    assert head(walker, RIGHT, walker.ids(RIGHT_VERSION)[-1]).columns["holding_id"] == home
    again = Example(example.subject, {**example.request, "code": f"{VILLAGE_CODE}0078"})
    again.request["members"] = again.request["members"][:1]
    refused(walker, "household-registered", again, "members")
    assert audit(walker.store).findings == ()


@pytest.mark.parametrize("wrong", ["used", "elsewhere", "twice", "not-theirs", "listed"])
def test_household_that_is_none_is_refused(walker: Walker, wrong: str) -> None:
    """A code of its own village, used once; the member whom the case is about is one of them; nobody twice."""
    example = walker.example("household-registered")
    first, wife = example.request["members"]
    family = {"person": walker.village.people[0], "relation": "02"}
    cases: dict[str, tuple[dict[str, Any], str]] = {
        "used": ({"code": f"{VILLAGE_CODE}0001"}, "code"),
        "elsewhere": ({"code": "150626100211000077"}, "code"),
        "twice": ({"members": [first, first]}, "members"),
        "not-theirs": ({"members": [wife]}, "members"),
        "listed": ({"members": [first, family]}, "members"),
    }
    change, field = cases[wrong]
    refused(walker, "household-registered", Example(example.subject, {**example.request, **change}), field)
