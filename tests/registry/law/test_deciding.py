"""A decision names rules that hold on its day at its place, or it is none."""

from __future__ import annotations

from datetime import date

import pytest

from registry.law.book import RuleNotInForceError, UnknownRuleError
from registry.law.deciding import Decision, Reason, UngroundedDecisionError, decides

DAY = date(2017, 5, 8)
WHY = Reason("WS-2016/II.1.1", "您在镇上有房", "you have a dwelling in town", ("owns",))


def test_a_decision_keeps_its_reasons_and_what_stands_beside_it() -> None:
    """The chain of rules and facts is part of the answer; results of other levels stand beside."""
    higher = Decision("eligible", (Reason("RP-663/16", "够了", "enough", ("dwelling",)),), ("RP-663/16",), DAY)
    decision = Decision("review", (WHY,), ("WS-2016/II.1.1", "WS-2016/II.1.1-dwelling"), DAY, beside=(higher,))
    assert decision.place == "150626"
    assert decision.beside[0].result == "eligible"


@pytest.mark.parametrize(
    ("reasons", "rules", "place", "says"),
    [
        ((), ("WS-2016/II.1.1",), "150626", "—"),
        ((WHY,), ("WS-2016/II.1.2",), "150626", "WS-2016/II.1.1"),
        ((WHY,), ("WS-2016/II.1.1",), "150600", "WS-2016/II.1.1"),
        ((Reason(WHY.rule, "", "", (), question="Q99"),), ("WS-2016/II.1.1",), "150626", "Q99"),
    ],
)
def test_a_decision_without_ground_is_refused(
    reasons: tuple[Reason, ...], rules: tuple[str, ...], place: str, says: str
) -> None:
    """No reason, a reason that was not read, a rule of another place, a question nobody asked: no decision."""
    with pytest.raises(UngroundedDecisionError, match=says):
        Decision("review", reasons, rules, DAY, place)


def test_a_decision_by_a_rule_of_another_day_is_refused() -> None:
    """Issue 5, Show: each outcome's reasons name rules in force on that date."""
    with pytest.raises(RuleNotInForceError):
        Decision("eligible", (WHY,), ("WS-2016/II.1.1",), date(2016, 9, 13))
    with pytest.raises(UnknownRuleError):
        Decision("eligible", (WHY,), ("WS-2016/II.1.1", "WS-2016/II.9"), DAY)


def test_the_mark_of_a_decision_leaves_the_function_as_it_is() -> None:
    """`decides` is read from the code; what it marks is unchanged."""

    def settle() -> str:
        return "as before"

    assert decides("WS-2016/II.1.1")(settle) is settle
