"""Identity (policy-map section 4): a number is looked up, never repaired, and its place code decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from registry import parties
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store


@given(st.text("0123456789", min_size=17, max_size=17))
def test_check_digit_agrees_with_an_independent_library(body: str) -> None:
    """GB 11643-1999, ISO 7064 MOD 11-2: python-stdnum computes the same character."""
    assert parties.check_digit(body) == ric.calc_check_digit(body + "0")


def test_fifteen_digits_give_a_candidate_and_nothing_else_does() -> None:
    """15 digits: 6 + "19" + 9 + check; other lengths give none."""
    candidate = parties.candidate_number("150699740312101")
    assert candidate is not None
    assert candidate[:17] == "15069919740312101"
    assert parties.candidate_number("15069974031210X") is None
    assert parties.candidate_number("1506991974031210") is None


def test_people_and_collectives_are_found_by_exact_words(store: Store) -> None:
    """By name, by number, by code; an unknown one is nobody."""
    village = made_up.register_village(store)
    with store.reading() as connection:
        assert parties.find_by_name(connection, store.vault, "敖登") == [village.people[1]]
        assert parties.find_by_name(connection, store.vault, "敖") == []
        assert parties.organisation_by_code(connection, made_up.VILLAGE_CODE) == village.collective
        assert parties.organisation_by_code(connection, "0") is None
        known = parties.organisations(connection, [village.collective])
    assert known[village.collective].name == "呼和陶勒盖嘎查"
