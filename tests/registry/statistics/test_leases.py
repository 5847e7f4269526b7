"""Figure 9: who lets, on what land, for how long, for which rent; counted at once as it is reckoned by hand; both engines."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.ledger.evidence import payments
from registry.ledger.read import size
from registry.ledger.tables import LEDGER_ENTRY
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.statistics import figures, of_leases
from registry.statistics.count import Count
from registry.statistics.rules import rules_on
from tests.attacks.history import erase_opening
from tests.guarantee.village import family_wills
from tests.registry import made_up
from tests.registry.made_up import CLERK, Village

if TYPE_CHECKING:
    from registry.statistics.table import Table, Value
    from registry.store.engines import Store

DAY = "2020-01-01"
EDGES = [Fraction(text) for text in ("5", "10", "20", "50", "100", "300", "500")]


@pytest.fixture
def village(store: Store) -> Village:
    """The family with all its rights, registered in the village."""
    found = made_up.register_village(store)
    made_up.register_hukou(store, found)
    return found


def leased(
    store: Store, village: Village, *lets: tuple[str, str, str, str], paid: str = "", within: str = ""
) -> tuple[int, list[str]]:
    """One act that lets these (contract right, area in 亩, first and last day); the entry and the operating rights."""
    with desk(store, CLERK) as at:
        kind = "subleased" if within else "leased"
        act = at.act(kind, lets[0][2], ActFields(basis="出租合同", wills=family_wills(village), payment=paid))
        made = []
        for number, (thing, mu, start, end) in enumerate(lets):
            code = f"L-{act.idx}-{number}"
            unit = rights.unit(act, kind="contract", code=code, issuer_id=village.collective, method="", signed_on=start)
            plot = [Contracted(village.parcels[thing.removeprefix("contract-")], "1000.00", mu)]
            lessee = Holder(party_id=village.people[0])
            made.append(rights.let(act, within or village.rights[thing], lessee, Terms(unit, code, start, end), plot))
        at.commit()
    return act.idx, made


def tables(store: Store, day: str = DAY) -> dict[str, Table]:
    """The tables of the figure before anything is hidden."""
    with store.reading() as connection:
        told = of_leases.let(Count(store, connection, day, size(connection), rules_on(day)))
    return {table.id: table for table in told.tables}


def rents(store: Store, day: str = DAY) -> dict[str, list[Value]]:
    """The rows by land and rent."""
    return {row.zh: row.values for row in tables(store, day)["rents"].rows}


def band(paid: str, mu: str, start: str, end: str) -> str:
    """By hand, in exact fractions: the band of a rent."""
    days = (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days + 1
    each = Fraction(paid) / Fraction(mu) / (Fraction(days) / Fraction("365.25"))
    if each < EDGES[0]:
        return "不满 5 元/亩·年"
    if each >= EDGES[-1]:
        return "500 元/亩·年以上"
    n = next(n for n, edge in enumerate(EDGES) if each < edge)
    return f"{EDGES[n - 1]}–{EDGES[n]} 元/亩·年"


@pytest.mark.rule("STAT/prices")
@pytest.mark.parametrize("paid", ["49.99", "50.00", "460.00", "465.00", "2325", "23250.00", "99999.00"])
def test_rent_is_what_was_paid_by_mu_and_year(store: Store, village: Village, paid: str) -> None:
    """Policy-map 11, figure 9: the payment of the act that began the lease, by contracted mu and years of the term."""
    of = ("contract-arable", "46.50", "2019-01-01", "2019-12-31")
    leased(store, village, of, paid=paid)
    told = rents(store)
    assert told[f"耕地：{band(paid, *of[1:])}"][:3] == told["合计"][:3] == [0, 1, 1]
    assert "合计" in rents(store, "2018-12-31")
    assert rents(store, "2018-12-31")["合计"][:3] == [0, 0, 0]


def test_what_is_not_known_of_a_rent_stands_apart(store: Store, village: Village) -> None:
    """Nothing is guessed: no rent, none asked, a word, one payment for two rights, no term; each its own row, areas beside."""
    term = ("2019-01-01", "2023-12-31")
    leased(store, village, ("contract-arable", "1.00", *term))
    leased(store, village, ("contract-arable", "2.00", *term), paid="0")
    leased(store, village, ("contract-grass", "3.00", *term), paid="面议")
    leased(store, village, ("contract-grass", "4.00", *term), ("contract-arable", "5.00", *term), paid="5000.00")
    leased(store, village, ("contract-forest", "6.00", "2019-01-01", ""), paid="600.00")
    told = rents(store)
    assert {zh: (values[2], str(values[4])) for zh, values in told.items()} == {
        "合计": (6, "21.00"),
        "耕地：没有登记租金": (1, "1.00"),
        "耕地：不收租金": (1, "2.00"),
        "耕地：租金算不到每亩每年": (1, "5.00"),
        "草地：租金算不到每亩每年": (2, "7.00"),
        "林地：租金算不到每亩每年": (1, "6.00"),
    }
    assert [row.values[:3] for row in tables(store)["let"].rows if row.zh == "没有写期限"] == [[0, 1, 1]]


def test_both_tables_count_the_same_leases_by_who_lets(store: Store, village: Village) -> None:
    """A total equals the sum of its parts, term by term and rent by rent; a household counts as settled from that day on."""
    for n, start in enumerate(("2018-01-01", "2018-06-01", "2019-01-01")):
        leased(store, village, ("contract-grass", f"{n + 1}.00", start, f"20{21 + 4 * n}-12-31"), paid=f"{10 ** (n + 1)}.00")
    made_up.settle(store, village, "2019-03-01")
    for day, settled in (("2019-02-28", False), (DAY, True)):
        for table in tables(store, day).values():
            head, *parts = table.rows
            assert head.values == [sum(row.values[n] or 0 for row in parts) for n in range(5)]
            assert head.values[:3] == [3 * settled, 3 * (not settled), 3]


def test_a_lease_under_a_lease_is_of_the_land_below_both(store: Store, village: Village) -> None:
    """A sublease lies on an operating right: its land is that of the contract right under it; that one has its own rent."""
    term = ("2019-01-01", "2019-12-31")
    _, (first,) = leased(store, village, ("contract-grass", "10.00", *term), paid="1000.00")
    leased(store, village, ("contract-grass", "10.00", *term), paid="30.00", within=first)
    told = rents(store)
    assert (told["草地：100–300 元/亩·年"][2], told["草地：不满 5 元/亩·年"][2]) == (1, 1)


def test_a_lease_outlives_the_contract_right_that_was_left(store: Store, village: Village) -> None:
    """The contract right is left, the lease stands: it is counted still, on land of no contract right, of nobody who settled."""
    leased(store, village, ("contract-arable", "1.00", "2019-01-01", "2019-12-31"))
    with desk(store, CLERK) as at:
        fields = ActFields(basis="退出协议", wills=family_wills(village), payment="1000.00")
        rights.end(at.act("exited", "2019-06-01", fields), village.rights["contract-arable"])
        at.commit()
    assert rents(store, "2019-05-31")["耕地：没有登记租金"][:3] == [0, 1, 1]
    assert rents(store, "2019-06-01")["承包权不在册的地：没有登记租金"][:3] == [0, 1, 1]


def test_an_erased_payment_is_a_rent_that_is_not_known(store: Store, village: Village) -> None:
    """What was erased is absent from then on, here as everywhere."""
    entry, _ = leased(store, village, ("contract-arable", "46.50", "2019-01-01", "2019-12-31"), paid="465.00")
    with store.reading() as connection:
        assert payments(store, connection, [entry]) == {entry: "465.00"}
    with store.reading() as connection:
        subject = connection.scalars(sa.select(LEDGER_ENTRY.c.leaf_hash).where(LEDGER_ENTRY.c.idx == entry)).one()
    erase_opening(store, bytes(subject), "act.payment")
    with store.reading() as connection:
        assert payments(store, connection, [entry]) == {}
    assert rents(store)["耕地：没有登记租金"][2] == 1


@pytest.mark.rule("STAT/small-cells")
def test_few_leases_are_not_told(store: Store, village: Village) -> None:
    """Six leases of grass and one of arable land: the one is hidden, and so is what would give it away, with the areas."""
    for n in range(6):
        leased(store, village, ("contract-grass", "1.00", f"2019-01-0{n + 1}", "2019-12-31"), paid="30.00")
    leased(store, village, ("contract-arable", "9.00", "2019-01-01", "2019-12-31"), paid="30.00")
    with store.reading() as connection:
        (figure,) = figures(store, connection, valid_at="2019-06-01", known_at=size(connection), only=["transfers"])
    (told,) = (table for table in figure.as_json()["tables"] if table["id"] == "rents")
    assert told["rows"][0]["values"][2] == 7
    assert all(row["values"][2:] == [None] * 3 for row in told["rows"][1:])
