"""I20: is an exit agreed in writing at a price above zero, and paid in full to the holders, before the end is registered?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from registry import cases, paid_exits
from registry.cases import StepNotOpenError
from tests.attacks.forgery import put, put_act
from tests.attacks.refusals import refusal
from tests.guarantee.leaving import guarded
from tests.registry.cases.leaving import LAND, SHARE, brought_to, missing
from tests.registry.cases.walking import Walker

CHECKED = "23514"


@pytest.mark.parametrize("paid", ["", "0.01", "119999.99", "122999.99"])
def test_unpaid_or_part_paid_exit_leaves_the_right_live(walker: Walker, paid: str) -> None:
    """I20: nothing, a cent, the price without the soil, all but a cent: the registration is closed and π is what it was."""
    case_id = brought_to(walker, "ready", SHARE)
    walker.go_on(case_id, "approved")
    before = guarded(walker)
    if paid:
        walker.pay(case_id, paid)
    assert missing(walker, case_id, "registered") == "钱没有付清，权利不动"
    with pytest.raises(StepNotOpenError):
        walker.step(case_id, "registered", walker.second)
    assert guarded(walker) == before


def test_exit_without_its_written_agreement_is_not_reviewed(walker: Walker) -> None:
    """I20, E8: the price stands in an agreement that both sides signed."""
    case_id = walker.walk(SHARE, walker.example(SHARE), "submitted")
    walker.step(case_id, "accepted")
    walker.step(case_id, "noticed", where="嘎查")
    walker.ask(case_id)
    walker.step(case_id, "posted", where="公示栏")
    assert "缺材料: 协议" in missing(walker, case_id, "reviewed")


@pytest.mark.rule("EXIT/E8")
@pytest.mark.parametrize("price", ["0.00", "0", "-5.00", "NaN", "free"])
def test_database_takes_no_exit_at_no_price(walker: Walker, price: str) -> None:
    """I20: whoever writes past the case is refused by the table itself; the same row at a price goes in."""
    case_id = cases.open_case(walker.store, walker.first, LAND, subject=[walker.village.rights["contract-arable"]])

    def attack(connection: Connection, price: str = price) -> None:
        idx = put_act(connection, bytes(32), "exited")
        put(connection, "paid_exit", row(walker, case_id, idx, price))

    said = refusal(walker.store, "desk", attack)
    assert said in {CHECKED, "22P02"} or "exit_is_paid" in said
    with walker.store.engine("desk").connect() as connection, connection.begin() as never:
        attack(connection, "0.01")
        never.rollback()


def test_price_that_was_paid_is_found_by_a_row_of_its_own(walker: Walker) -> None:
    """I20: what statistics read is what the holders were paid."""
    case_id = brought_to(walker, "paid", SHARE)
    walker.go_on(case_id, "registered")
    with walker.store.reading() as connection:
        found = paid_exits.of_case(connection, case_id)
        steps = connection.scalar(sa.select(sa.func.count()).select_from(paid_exits.PAID_EXIT))
    assert found is not None
    assert (found.price, found.improvements, found.thing, steps) == (Decimal("120000.00"), Decimal("3000.00"), "income", 1)


def row(walker: Walker, case_id: str, idx: int, price: str) -> dict[str, Any]:
    """A row of an exit from the arable land, as a case would bring it."""
    return {
        "right_id": walker.village.rights["contract-arable"],
        "thing": "contract-arable",
        "case_id": case_id,
        "price": price,
        "improvements": "0.00",
        "receiver_id": walker.village.collective,
        "exit_day": "2026-11-26",
        "cause_idx": idx,
        "cause_cls": "R",
        "cause_kind": "exited",
    }
