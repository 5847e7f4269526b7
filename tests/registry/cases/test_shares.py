"""Does the share of somebody who died come to the heirs exactly, and is nobody else's touched by it?"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from registry.audit import audit
from registry.cases import SaidMalformedError
from registry.rights.model import RIGHT, RIGHT_VERSION
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.walking import WILL, Example

if TYPE_CHECKING:
    from tests.registry.cases.walking import Walker

KIND = "share-inherited"
EACH = Fraction(12, 6000)


def share(walker: Walker, right: str) -> Fraction:
    """What a right is of the whole."""
    columns = head(walker, RIGHT, right).columns
    return Fraction(columns["share_numerator"], columns["share_denominator"])


def test_heirs_have_their_exact_parts_and_nobody_else_another_version(walker: Walker) -> None:
    """二(三)1-d: two thirds and one third of one share, on top of their own; the whole is still one."""
    example = walker.example(KIND)
    income = [walker.village.rights[f"income-{n}"] for n in range(5)]
    others = [head(walker, RIGHT, income[n]) for n in (1, 2)]
    walker.walk(KIND, example)
    assert head(walker, RIGHT, income[4]).status == "ended"
    assert [share(walker, income[n]) for n in (0, 3)] == [EACH * Fraction(5, 3), EACH * Fraction(4, 3)]
    assert [head(walker, RIGHT, income[n]) for n in (1, 2)] == others
    assert audit(walker.store).findings == ()


def test_heir_without_a_share_begins_one(walker: Walker) -> None:
    """Whoever inherits need not hold one before; the paper of the dead stays behind."""
    example = walker.example(KIND)
    heir = walker.witness
    walker.walk(KIND, Example(example.subject, {"heirs": [{"person": heir, "numerator": 1, "denominator": 1}]}))
    new = walker.ids(RIGHT_VERSION, RIGHT_VERSION.c.cause_kind == "inherited", RIGHT_VERSION.c.ver == 1)
    assert [(head(walker, RIGHT, one).columns["party_id"], share(walker, one)) for one in new] == [(heir, EACH)]
    assert head(walker, RIGHT, new[0]).columns["certificate_number"] == ""
    assert audit(walker.store).findings == ()


def test_share_of_the_living_is_not_inherited(walker: Walker) -> None:
    """The death is entered first; whoever died does not inherit, and parts that do not make one are refused."""
    heirs: list[dict[str, Any]] = [{"person": walker.village.people[1], "numerator": 1, "denominator": 1}]
    refused(walker, KIND, Example([walker.village.rights["income-0"]], {"heirs": heirs}), "subject")
    example = walker.example(KIND)
    own = [{"person": walker.village.people[4], "numerator": 1, "denominator": 1}]
    refused(walker, KIND, Example(example.subject, {"heirs": own}), "heirs")
    half = [{"person": walker.village.people[1], "numerator": 1, "denominator": 2}]
    refused(walker, KIND, Example(example.subject, {"heirs": half}), "heirs")


def test_dead_guardian_signs_for_nobody(walker: Walker) -> None:
    """The grandmother died: another adult acts for the child."""
    case_id = walker.walk(KIND, walker.example(KIND), "noticed")
    child = walker.village.people[3]
    for_child: dict[str, Any] = {"person": child, "source": WILL}
    with pytest.raises(SaidMalformedError, match="在世"):
        walker.step(case_id, "consented", **for_child, guardian=walker.village.people[4])
    walker.step(case_id, "consented", **for_child, guardian=walker.village.people[1])
