"""Is a duty set, changed and ended by its own document, with everybody told who holds the land, and no right touched?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.duties.model import DUTY, DUTY_VERSION
from registry.rights.model import RIGHT
from tests.registry.cases.test_locks import head, refused
from tests.registry.cases.walking import Example

if TYPE_CHECKING:
    from tests.registry.cases.walking import Walker


def test_duty_lies_on_land_and_changes_no_right(walker: Walker) -> None:
    """草原法 33: a ban by its document; the pasture keeps its version, its holders are told."""
    example = walker.example("duty-set")
    before = head(walker, RIGHT, example.subject[0])
    case_id = walker.walk("duty-set", example)
    touched = walker.look(case_id)[2].touched
    assert (set(touched.people), touched.consents) == (set(walker.village.people), frozenset())
    duty = head(walker, DUTY, walker.ids(DUTY_VERSION)[-1])
    assert (duty.columns["duty_kind"], duty.columns["subject_id"]) == ("grazing-ban", example.subject[0])
    assert (duty.columns["quantity"], duty.columns["unit"], duty.columns["until"]) == ("120", "亩", "2030-12-31")
    assert head(walker, RIGHT, example.subject[0]) == before
    on_parcel = Example([walker.village.parcels["grass"]], example.request)
    assert set(walker.look(walker.walk("duty-set", on_parcel, "submitted"))[2].touched.people) == set(walker.village.people)


def test_duty_is_changed_in_what_is_named_and_ended_by_a_document(walker: Walker) -> None:
    """One figure changes, everything else stays; what has ended is not changed again."""
    duty = walker.village.duty
    before = head(walker, DUTY, duty).columns
    walker.walk("duty-changed", walker.example("duty-changed"))
    now = head(walker, DUTY, duty).columns
    assert {name for name in before if before[name] != now[name]} == {"quantity", "document"}
    walker.walk("duty-changed", Example([duty], {"ends": "yes", "document": "草畜3号"}))
    assert head(walker, DUTY, duty).status == "ended"


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({"quantity": "110"}, "document"),
        ({"document": "草畜2号"}, "document"),
        ({"ends": "no", "document": "1"}, "ends"),
        ({"duty": "due", "document": "1"}, "…"),
    ],
)
def test_change_says_what_changes_and_by_what(walker: Walker, request_: dict[str, str], field: str) -> None:
    """Nothing without its document, and nothing but the four fields."""
    refused(walker, "duty-changed", Example([walker.village.duty], request_), field)


def test_duty_that_ended_before_it_began_is_none(walker: Walker) -> None:
    """Its last day is still to come; its kind is one of three."""
    example = walker.example("duty-set")
    refused(walker, "duty-set", Example(example.subject, {**example.request, "until": "2016-01-01"}), "until")
    refused(walker, "duty-set", Example(example.subject, {**example.request, "duty": "town-tax"}), "duty")
