"""I11: the payment list of a year follows from entitlements alone, and is what `subsidies check` expects; both engines."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from registry.benefits import acts as benefits
from registry.benefits.read import standing
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.masks import Reader
from registry.papers import PurposeMissingError, papers
from registry.same_person import one_person
from registry.settlement import Event, record
from registry.settlement.life import Desk, link_people
from registry.store.engines import Store
from registry.subsidies import check_list
from registry.subsidies.payments import Payment, YearMalformedError, as_json, payments, sheet, write_list
from tests.guarantee.village import registered
from tests.registry.delivery.conftest import CLERK
from tests.registry.made_up import PEOPLE, id_number
from tests.registry.subsidies.test_check import settle


@pytest.fixture
def banner(store: Store, delivered: Path) -> Store:
    """The sample delivery, with the entitlements of 2016."""
    return store


def listed(store: Store, year: str, *, reader: Reader = "desk") -> list[Payment]:
    """The list of a year as known now."""
    with store.reading() as connection:
        return payments(store, connection, year, one_person, known_at=size(connection), reader=reader)


def test_the_list_is_the_same_to_the_byte_after_a_family_settled(banner: Store) -> None:
    """I11: whoever settles in town, the list of every year stays what it was."""
    before = {year: sheet(listed(banner, year), year) for year in ("2016", "2017", "2020")}
    settle(banner)
    assert {year: sheet(listed(banner, year), year) for year in before} == before


def test_the_list_that_is_written_passes_its_own_check(banner: Store, tmp_path: Path) -> None:
    """The columns are those of the roster: `subsidies check` reads it and finds nothing open."""
    path = tmp_path / "2017.csv"
    assert write_list(banner, CLERK, "2017", path, "2017 年发放", one_person) == len(listed(banner, "2017"))
    found = check_list(banner, path, one_person)
    assert found.open == []
    with banner.reading() as connection:
        (paper,) = papers(banner, connection, "2017")
    assert (paper.what, paper.detail["purpose"]) == ("payment-list", "2017 年发放")
    with pytest.raises(PurposeMissingError):
        write_list(banner, CLERK, "2017", tmp_path / "none.csv", " ", one_person)
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
    full = listed(banner, "2016", reader="paper")
    assert not [row.name for row in full if len(row.name) > 1 and row.name in text]
    assert not [row.id_number for row in full if row.id_number and row.id_number in text]
    assert not [name for name in next(csv.reader(io.StringIO(text))) if any(word in name for word in ("户口", "户籍", "城镇"))]


def granted(store: Store, person: str, year: str = "2016") -> str:
    """A person's own entitlement to a policy that is paid per head."""
    with desk(store, CLERK) as at:
        benefit = benefits.begin(
            at.act("benefit-granted", f"{year}-12-01"), policy="农牧民技能培训补贴", basis="person", beneficiary_id=person,
            quantity="1", unit="人", policy_year=year,
        )  # fmt: skip
        at.commit()
    return benefit


def per_head(store: Store, year: str) -> list[tuple[str, str]]:
    """Whom the list of a year pays per head, by number, and the year that it rests on."""
    return [(row.id_number, row.since_year) for row in listed(store, year, reader="paper") if row.basis == "个人"]


@pytest.mark.rule("WS-2016/II.2.3")
def test_two_rows_that_are_one_person_are_paid_per_head_once(store: Store) -> None:
    """II.2.3, policy-map 4 (rights add up once): from the link's year on one line, and the household's stand; before it two."""
    village = registered(store)
    one, other = sorted(village.people[:2])
    numbers = {village.people[n]: id_number(*PEOPLE[n][1:]) for n in (0, 1)}
    households = [row for row in listed(store, "2017") if row.basis != "个人"]
    granted(store, one)
    granted(store, other)
    with store.reading() as connection:
        apart = size(connection)
    _, link = link_people(store, one, other, "2017-06-01", Desk("王警官"), police_decision="b" * 64)
    assert {who for who, _ in per_head(store, "2016")} == set(numbers.values())
    assert per_head(store, "2017") == [(numbers[one], "2016")]
    with store.reading() as connection:
        assert sum(row.basis == "个人" for row in payments(store, connection, "2017", one_person, known_at=apart)) == 2
    assert [row for row in listed(store, "2017") if row.basis != "个人"] == households
    granted(store, other, "2017")
    assert per_head(store, "2017") == [(numbers[other], "2017")]
    record(store, Event("event-cancelled", "2018-01-01", (one, other), cancels=link.idx), "王警官", "公安局")
    assert len(per_head(store, "2017")) == 2


def test_a_list_that_pays_two_rows_of_one_person_is_open(store: Store, tmp_path: Path) -> None:
    """II.2.3: both rows on a list are one line of two, and the register has one; the list that it writes itself passes."""
    village = registered(store)
    one, other = village.people[:2]
    for person in (one, other):
        granted(store, person)
    before = tmp_path / "2017.csv"
    write_list(store, CLERK, "2017", before, "2017 年发放", one_person)
    assert check_list(store, before, one_person).open == []
    link_people(store, one, other, "2017-06-01", Desk("王警官"), police_decision="b" * 64)
    (line,) = check_list(store, before, one_person).open
    assert (line.basis, line.listed, line.last, len(line.rows)) == ("个人", "2", "1", 2)
    after = tmp_path / "after.csv"
    write_list(store, CLERK, "2017", after, "2017 年发放", one_person)
    assert check_list(store, after, one_person).open == []
