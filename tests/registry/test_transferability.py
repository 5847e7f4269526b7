"""May the operating right be let? The formula of policy-map 9.4, each ground, and never where the holder lives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from registry.ledger.chain import read_chains, state_at
from registry.ledger.nouns import Version
from registry.rights.model import RIGHT
from registry.transferability import Transferability, transferability
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store

DAY = "2026-01-10"


def right(
    thing: str = "contract-arable", term_end: str = "2027-12-31", status: str = "live", **columns: str
) -> Version:
    """A right as it stands, with certificate and no burden unless said."""
    row = {"term_end": term_end, "certificate_number": "证1", "book_number": "", "burdens": "[]"} | columns
    return Version("r", thing, 1, None, None, 1, "", "", "", "own", "", "1998-01-01", None, status, row, {})


def lying(**columns: str) -> list[Version]:
    """One burden in force."""
    return [
        Version(
            "b", "restriction", 1, None, None, 1, "", "", "", "own", "", "2020-01-01", None, "live", dict(columns), {}
        )
    ]


def words(answer: Transferability) -> set[str]:
    """The grounds."""
    return {reason.word for reason in answer.reasons}


def test_arable_land_of_a_settled_family_may_be_let_within_its_term(store: Store) -> None:
    """I7: no power reads residence; the answer is the same before and after the move."""
    village = made_up.register_village(store)
    answers = []
    for move in (False, True):
        if move:
            made_up.settle(store, village)
        with store.reading() as connection:
            chain = read_chains(connection, RIGHT, [village.rights["contract-arable"]])[
                village.rights["contract-arable"]
            ]
        state = state_at(chain, DAY)
        assert state is not None
        answers.append(transferability(state, {}, {}, day=DAY))
    assert answers[0] == answers[1]
    assert answers[0].answer == "allowed"
    assert answers[0].until == "2027-12-31"


@pytest.mark.rule("RLCL/limits")
@pytest.mark.parametrize(
    ("version", "years", "expected"),
    [
        (right(), 1, set()),
        (right(), 3, {"term-too-short"}),
        (right(term_end="2025-12-31"), 1, {"term-over"}),
        (right(status="ended"), 1, {"ended"}),
        (right(certificate_number=""), 1, {"not-confirmed"}),
        (right("homestead", ""), 1, {"trade-refused"}),
        (right("contract-grass", "2047-12-31"), 1, set()),
    ],
)
def test_each_ground_stands_with_its_reason(version: Version, years: int, expected: set[str]) -> None:
    """A refusal says why; a lease may not outlast the contract (art. 38)."""
    answer = transferability(version, {}, {}, day=DAY, years=years)
    assert words(answer) == expected
    assert answer.answer == ("refused" if expected else "allowed")


def test_lease_longer_than_twenty_years_goes_to_a_person() -> None:
    """Civil Code 705: whether it binds the operating right is disputed: review."""
    assert transferability(right("contract-grass", "2060-12-31"), {}, {}, day=DAY, years=21).answer == "review"


def test_trade_before_any_rule_is_refused() -> None:
    """Before 2003-03-01 no rule of the book allows a lease."""
    assert words(transferability(right(), {}, {}, day="2001-01-01")) == {"no-such-trade"}


@pytest.mark.parametrize(
    ("sort", "grounds", "needs"),
    [
        ("seizure", {"seized"}, set()),
        ("dispute", {"disputed"}, set()),
        ("mortgage", set(), {"mortgagee-consents"}),
        ("objection", set(), {"objection-known"}),
    ],
)
def test_burdens_stop_or_ask(sort: str, grounds: set[str], needs: set[str]) -> None:
    """Seized or disputed: no. Mortgaged: the mortgagee consents. Objection: the acquirer knows of it."""
    answer = transferability(right(burdens=json.dumps(["b"])), {"b": lying(restriction_kind=sort)}, {}, day=DAY)
    assert words(answer) == grounds
    assert needs <= {need.word for need in answer.needs}


def test_land_already_let_leaves_only_the_rest() -> None:
    """An existing lease: only what it leaves free."""
    let = lying(term_end="2027-06-30")
    assert words(transferability(right(burdens='["b"]'), {}, {"b": let}, day=DAY)) == {"let-already"}
    ended = [Version("b", "operating", 1, None, None, 1, "", "", "", "own", "", "2020-01-01", None, "ended", {}, {})]
    assert transferability(right(burdens='["b"]'), {"b": ended}, {"b": ended}, day=DAY).answer == "allowed"
