"""Is what a case or a step says taken apart by form, and never repeated where it does not fit?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.cases import Facts, SaidMalformedError, Touched
from registry.cases.saying import Said
from registry.cases.steps import FORMS, drafted, said_by

if TYPE_CHECKING:
    from collections.abc import Callable

PERSON, MINOR, PAPER = "1" * 32, "2" * 32, "a" * 64
FACTS = Facts("2026-01-05", frozenset({"agriculture"}), Touched(people={PERSON: False, MINOR: True}))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["person", "guardian", "source", "paper", "how", "day", "request", "reasons", "opinion", "findings", "note", "where", "outcome"]
)


@given(step=st.sampled_from(sorted(FORMS)), said=st.dictionaries(FIELDS, JSON, max_size=4))
def test_whatever_a_step_is_told_is_taken_or_refused_by_one_class(step: str, said: dict[str, Any]) -> None:
    """Nothing else is raised, and no text of what was sent is in the refusal."""
    refusal = ""
    try:
        said_by(step, said, FACTS)
    except SaidMalformedError as malformed:
        refusal = str(malformed)
    texts = [value for value in said.values() if isinstance(value, str) and len(value) > 8]
    assert not [text for text in texts if text in refusal]


@pytest.mark.parametrize(
    ("take", "value"),
    [
        (Said.text, "x" * 1_001),
        (Said.text, "  "),
        (Said.text, "a\nb"),
        (Said.text, 1),
        (Said.id, "达楞太"),
        (Said.hash, "a" * 63),
        (Said.day, "2026-02-30"),
        (Said.day, "20260105"),
        (Said.amount, "1.5"),
        (Said.whole, True),
        (Said.whole, 0),
        (Said.ids, []),
        (Said.ids, [PERSON, PERSON]),
        (Said.ids, [PERSON, "x"]),
        (Said.vertices, [["1", "2"]]),
        (Said.vertices, [["1", "2"], [1, 2]]),
        (Said.vertices, [["1", "2"], ["1", "1e9"]]),
        (Said.rows, []),
        (Said.rows, {"a": 1}),
        (Said.pairs, {"达楞太": "x"}),
        (Said.pairs, {PERSON: ""}),
        (Said.any, []),
    ],
)
def test_value_of_another_form_is_refused_by_the_name_of_its_field(take: Callable[..., object], value: object) -> None:
    """The field is named with what is wanted; the value is not."""
    with pytest.raises(SaidMalformedError) as told:
        take(Said({"field": value}), "field")
    assert told.value.field.startswith("field")
    assert "达楞太" not in str(told.value)


def test_value_of_its_form_is_taken_once() -> None:
    """Each field as it is meant; what is left over is refused."""
    said = Said({"a": " 名 ", "b": PERSON, "c": PAPER, "d": "2026-01-05", "e": "1.50", "f": 3, "g": [PERSON], "h": {PERSON: "好"}})
    assert (said.text("a"), said.id("b"), said.hash("c"), said.day("d")) == ("名", PERSON, PAPER, "2026-01-05")
    assert (said.amount("e"), said.whole("f"), said.ids("g"), said.pairs("h")) == ("1.50", 3, (PERSON,), {PERSON: "好"})
    said.done()
    said = Said({"v": [["1.5", "2"], ["3", "-4.25"]], "z": 1})
    assert said.vertices("v") == [(1.5, 2.0), (3.0, -4.25)]
    assert (said.id("none", empty=True), said.hash("none", empty=True), said.day("none", empty=True)) == ("", "", "")
    assert (said.amount("none", empty=True), said.text("none", empty=True)) == ("", "")
    with pytest.raises(SaidMalformedError):
        said.done()
    with pytest.raises(SaidMalformedError):
        said.word("z", ("a", "b"))


@pytest.mark.parametrize("values", [[], "x", {1: 2}, None])
def test_only_an_object_holds_fields(values: object) -> None:
    """A list or a text has no fields."""
    with pytest.raises(SaidMalformedError):
        Said(values)


@pytest.mark.parametrize("request_", [{"x": 1.5}, {"键": "x"}, {"x": "\ud800"}, {"x": "长" * 70_000}])
def test_request_that_the_log_does_not_take_is_refused(request_: dict[str, Any]) -> None:
    """Decimals are texts, keys are ASCII, and there is an end."""
    with pytest.raises(SaidMalformedError):
        drafted({"request": request_})


def test_told_names_who_was_told_how_and_when() -> None:
    """A minor is told by a guardian, an adult in person."""
    told = said_by("told", {"person": MINOR, "guardian": PERSON, "how": "in-person", "day": "2026-01-05"}, FACTS)
    assert told == {"person": MINOR, "guardian": PERSON, "how": "in-person", "day": "2026-01-05"}
    assert said_by("supplemented", {"request": {}}, FACTS) == {"request": {}}
