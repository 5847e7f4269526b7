"""I11: the payment list of a year follows from entitlements alone, and is what `subsidies check` expects; both engines."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from registry.benefits import acts as benefits
from registry.benefits.read import standing
from registry.delivery.register import import_delivery
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.papers import PurposeMissingError, papers
from registry.store.engines import Store
from registry.subsidies import check_list
from registry.subsidies.payments import Payment, YearMalformedError, as_json, payments, sheet, write_list
from sample_parcels.books import DELIVERY
from tests.registry.delivery.conftest import CLERK
from tests.registry.subsidies.test_check import settle


@pytest.fixture
def banner(store: Store) -> Store:
    """The sample delivery, with the entitlements of 2016."""
    import_delivery(store, DELIVERY, CLERK)
    return store


def listed(store: Store, year: str, *, in_full: bool = False) -> list[Payment]:
    """The list of a year as known now."""
    with store.reading() as connection:
        return payments(store, connection, year, known_at=size(connection), in_full=in_full)


def test_the_list_is_the_same_to_the_byte_after_a_family_settled(banner: Store) -> None:
    """I11: whoever settles in town, the list of every year stays what it was."""
    before = {year: sheet(listed(banner, year), year) for year in ("2016", "2017", "2020")}
    settle(banner)
    assert {year: sheet(listed(banner, year), year) for year in before} == before


def test_the_list_that_is_written_passes_its_own_check(banner: Store, tmp_path: Path) -> None:
    """The columns are those of the roster: `subsidies check` reads it and finds nothing open."""
    path = tmp_path / "2017.csv"
    assert write_list(banner, CLERK, "2017", path, "2017 年发放") == len(listed(banner, "2017"))
    found = check_list(banner, path)
    assert found.open == []
    with banner.reading() as connection:
        (paper,) = papers(banner, connection, "2017")
    assert (paper.what, paper.detail["purpose"]) == ("payment-list", "2017 年发放")
    with pytest.raises(PurposeMissingError):
        write_list(banner, CLERK, "2017", tmp_path / "none.csv", " ")
    assert not (tmp_path / "none.csv").exists()


def test_amounts_are_quantity_times_rate_and_sums_are_whole(banner: Store) -> None:
    """2.50 yuan a 亩 where the rate is known, nothing where it is not; each policy's quantities add up to the register's."""
    rows = listed(banner, "2017")
    grass = [row for row in rows if row.policy == "草畜平衡奖励"]
    assert grass
    assert all(Decimal(row.amount) == (Decimal(row.quantity) * Decimal("2.50")).quantize(Decimal("0.01")) for row in grass)
    assert {row.amount for row in rows if row.policy == "基础母羊补贴"} == {""}
    with banner.reading() as connection:
        stands = standing(connection, valid_at="2017-12-31", known_at=size(connection))
    total = sum(Decimal(one.quantity) for one in stands if one.policy == "草畜平衡奖励")
    sums = {each["policy"]: each["quantity"] for each in as_json(rows, "2017", 1)["sums"]}
    assert Decimal(sums["草畜平衡奖励"]) == total


def test_what_ended_is_not_paid_and_what_was_adjusted_is_paid_as_adjusted(banner: Store) -> None:
    """The latest policy year of each beneficiary counts, up to the year that is asked for."""
    with banner.reading() as connection:
        one, other = [e for e in standing(connection, valid_at="2017-12-31", known_at=size(connection)) if e.basis == "herd"][:2]
    with desk(banner, CLERK) as at:
        benefits.end(at.act("benefit-ended", "2017-02-01"), one.benefit_id)
        benefits.change(at.act("benefit-adjusted", "2017-03-01"), other.benefit_id, quantity="7", policy_year="2017")
        at.commit()
    herds = {row.code: row for row in listed(banner, "2017") if row.policy == one.policy}
    assert len(herds) == len([row for row in listed(banner, "2016") if row.policy == one.policy]) - 1
    assert [(row.quantity, row.since_year) for row in herds.values() if row.since_year == "2017"] == [("7", "2017")]
    for wrong in ("", "20160", "二〇一六", "1899"):
        with pytest.raises(YearMalformedError):
            listed(banner, wrong)


def test_names_leave_masked_and_never_a_column_about_the_hukou(banner: Store) -> None:
    """Masked unless it is a logged paper; no column of the sheet is about the registration."""
    text = sheet(listed(banner, "2016"), "2016").decode("utf-8-sig")
    full = listed(banner, "2016", in_full=True)
    assert not [row.name for row in full if len(row.name) > 1 and row.name in text]
    assert not [row.id_number for row in full if row.id_number and row.id_number in text]
    assert not [name for name in next(csv.reader(io.StringIO(text))) if any(word in name for word in ("户口", "户籍", "城镇"))]
