"""Do shares make one after every counting, with nobody left out or let in, and nobody worse off than others unasked?"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from registry.audit import audit
from registry.cases import SaidMalformedError
from registry.rights.model import RIGHT, RIGHT_VERSION
from tests.registry import made_up
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.test_shares import EACH, share
from tests.registry.cases.walking import WILL, Example

if TYPE_CHECKING:
    from tests.registry.cases.walking import Walker


def changed(example: Example, **change: Any) -> Example:  # noqa: ANN401  (what a request says)
    """The same case with another request."""
    return Example(example.subject, {**example.request, **change})


@pytest.mark.rule("COL/40")
def test_every_member_has_a_share_and_nobody_else(walker: Walker) -> None:
    """股份量化: the roll of members and the list are one; a second allotment is a counting anew."""
    example = walker.example("shares-allotted")
    rows = example.request["shares"]
    refused(walker, "shares-allotted", changed(example, shares=rows[:1]), "shares")
    stranger = {"person": walker.village.people[0], "numerator": 1, "denominator": 100}
    refused(walker, "shares-allotted", changed(example, shares=[*rows, stranger]), "shares")
    refused(walker, "shares-allotted", changed(example, shares=[{**row, "denominator": 1} for row in rows]), "shares")
    walker.walk("shares-allotted", example)
    new = walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.unit_code == example.request["code"])
    assert [share(walker, right) for right in new] == [Fraction(1, 100)] * 2
    assert {head(walker, RIGHT, right).columns["party_id"] for right in new} == {row["person"] for row in rows}
    refused(walker, "shares-allotted", example, "subject")
    assert audit(walker.store).findings == ()


def test_whoever_comes_anew_makes_everybody_less_by_the_same_part(walker: Walker) -> None:
    """重新量化: a member who came since has a share like all; where everybody gives alike, nobody is asked alone."""
    example = walker.example("shares-requantified")
    case_id = walker.walk("shares-requantified", example, "submitted")
    touched = walker.look(case_id)[2].touched
    assert (touched.consents, touched.gains) == (frozenset(), frozenset({walker.witness}))
    assert set(touched.people) == {*walker.village.people, walker.witness}
    walker.go_on(case_id)
    assert {share(walker, right) for right in walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.thing == "income")} == {Fraction(10, 6000)}
    assert audit(walker.store).findings == ()


@pytest.mark.rule("WS-2016/II.3.1-g")
def test_whoever_becomes_less_than_the_others_agrees_alone(walker: Walker) -> None:
    """I3: one family in town can't be voted a smaller share; left out of the list it can't be either."""
    example = walker.example("shares-requantified")
    (first, *rest) = example.request["shares"]
    less = changed(example, shares=[{**first, "numerator": 5}, *rest])
    case_id = walker.walk("shares-requantified", less, "submitted")
    assert walker.look(case_id)[2].touched.consents == frozenset({walker.village.people[0]})
    refused(walker, "shares-requantified", changed(example, shares=rest), "shares")
    stranger = walker.village.collective
    outsider = {"person": stranger, "numerator": 1, "denominator": 6000}
    refused(walker, "shares-requantified", changed(example, shares=[first, *rest, outsider]), "shares")
    refused(walker, "shares-requantified", changed(example, shares=[first, first, *rest]), "shares[1].person")


def test_part_of_a_share_passes_inside_the_collective_and_the_whole_is_one(walker: Walker) -> None:
    """股份转让: half goes to the wife; nobody else has another version."""
    income = [walker.village.rights[f"income-{n}"] for n in range(5)]
    others = [head(walker, RIGHT, right) for right in income[2:]]
    case_id = walker.walk("share-transferred", walker.example("share-transferred"), "submitted")
    assert walker.look(case_id)[2].touched.consents == frozenset(walker.village.people[:2])
    walker.go_on(case_id)
    assert [share(walker, right) for right in income[:2]] == [EACH / 2, EACH * 3 / 2]
    assert [head(walker, RIGHT, right) for right in income[2:]] == others
    assert audit(walker.store).findings == ()


@pytest.mark.rule("EXCHANGE/no-urban-buyer")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"numerator": 2}, "numerator"),
        ({"numerator": 3}, "numerator"),
        ({"cap_denominator": 500}, "cap_numerator"),
        ({"to": "stranger"}, "to"),
        ({"to": "self"}, "to"),
    ],
)
def test_share_does_not_pass_whole_nor_out_nor_past_the_cap(walker: Walker, change: dict[str, Any], field: str) -> None:
    """The whole is a paid exit with its clocks; outside the collective and above the charter's cap nothing passes."""
    who = {"stranger": walker.village.collective, "self": walker.village.people[0]}
    change = {name: who.get(value, value) if isinstance(value, str) else value for name, value in change.items()}
    refused(walker, "share-transferred", changed(walker.example("share-transferred"), **change), field)


@pytest.mark.rule("EXIT/E4")
def test_nobody_signs_a_share_away_on_the_day_of_their_settlement(walker: Walker) -> None:
    """I19: the two are never one matter at one desk; another day it may be signed."""
    case_id = walker.walk("share-transferred", walker.example("share-transferred"), "noticed")
    made_up.register_hukou(walker.store, walker.village)
    made_up.settle(walker.store, walker.village)
    own = walker.village.people[0]
    with pytest.raises(SaidMalformedError, match="落户当天"):
        walker.step(case_id, "consented", person=own, source=WILL)
    walker.clock.ahead += dt.timedelta(days=1)
    walker.step(case_id, "consented", person=own, source=WILL)
