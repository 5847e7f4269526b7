"""The dated parameters: the term of a contract, and whether an operating right may be let."""

from __future__ import annotations

from datetime import date

import pytest

from registry.law.parameters import Term, Trade, terms, trades

RULES: tuple[Term | Trade, ...] = (*terms(), *trades())


@pytest.mark.parametrize(
    ("thing", "least", "most", "years"),
    [("contract-arable", 30, 30, 30), ("contract-grass", 30, 50, None), ("contract-forest", 30, 70, None)],
)
def test_the_term_of_each_kind_of_land_is_that_of_the_law(thing: str, least: int, most: int, years: int | None) -> None:
    """耕地 30 年, 草地 30 至 50 年, 林地 30 至 70 年; extended since 2019-01-01 (law C9)."""
    for day in (date(2003, 3, 1), date(2018, 12, 31), date(2019, 1, 1), date(2019, 1, 2), date(2026, 1, 1)):
        (rule,) = (t for t in terms() if t.thing == thing and t.holds_on(day))
        assert (rule.min_years, rule.max_years) == (least, most)
        assert rule.extends_years == (years if day >= date(2019, 1, 1) else None)
        assert (rule.extends == "as-policy-says") == (day < date(2019, 1, 1))
    assert not [t for t in terms() if t.thing == thing and t.holds_on(date(2003, 2, 28))]


def test_other_land_has_no_term_in_the_law() -> None:
    """Other land in farm use, homesteads and shares run by their own papers: the law gives no years."""
    assert {t.thing for t in terms()} == {"contract-arable", "contract-grass", "contract-forest"}


@pytest.mark.rule("EXCHANGE/homestead-not-listed")
@pytest.mark.parametrize("kind", ["leased", "subleased"])
@pytest.mark.parametrize(
    ("thing", "day", "answer"),
    [
        ("contract-arable", date(2003, 2, 28), None),
        ("contract-arable", date(2003, 3, 1), "allowed"),
        ("contract-arable", date(2003, 3, 2), "allowed"),
        ("contract-grass", date(2018, 12, 31), "allowed"),
        ("contract-grass", date(2019, 1, 1), "allowed"),
        ("contract-grass", date(2019, 1, 2), "allowed"),
        ("contract-forest", date(2026, 1, 1), "allowed"),
        ("contract-other", date(2026, 1, 1), "allowed"),
        ("operating", date(2018, 12, 31), "review"),
        ("operating", date(2019, 1, 1), "allowed"),
        ("homestead", date(2026, 1, 1), "refused"),
        ("income", date(2026, 1, 1), "refused"),
    ],
)
def test_letting_is_answered_by_the_trade_table_of_its_day(
    kind: str, thing: str, day: date, answer: str | None
) -> None:
    """Contract land may be let, homestead and share may not (policy-map 9.4), by the rule of the day."""
    found = [t.answer for t in trades() if (t.thing, t.kind) == (thing, kind) and t.holds_on(day)]
    assert found == ([] if answer is None else [answer])


def test_a_lease_stays_inside_the_contract_and_a_long_one_goes_to_a_person() -> None:
    """A lease may not outlast the contract (art. 38(3)); over 20 years a person looks (民法典第705条)."""
    open_trades = [t for t in trades() if t.answer != "refused"]
    assert all(t.within_contract_term and t.review_over_years == 20 for t in open_trades)
    assert all(t.review_over_years is None and not t.needs for t in trades() if t.answer == "refused")


def test_pasture_asks_for_livestock_and_re_letting_for_the_contractor() -> None:
    """Who takes pasture must be able to keep livestock (G4); re-letting needs the contractor (C23)."""
    today = date(2026, 1, 1)
    need = {t.thing: {n.word for n in t.needs} for t in trades() if t.kind == "leased" and t.holds_on(today)}
    assert "keeps-livestock" in need["contract-grass"]
    assert "contractor-consents" in need["operating"]
    assert {"filed-with-issuer", "members-first"} <= need["contract-arable"]


def test_no_rule_reads_where_anybody_lives() -> None:
    """Never 'no because the holder lives in town': no rule's reason names hukou or town (I7)."""
    said = "".join(f"{rule.zh}{rule.en}" for rule in RULES).lower()
    assert not [word for word in ("户口", "户籍", "进城", "落户", "hukou", "town", "urban") if word in said]


def test_every_parameter_cites_its_source() -> None:
    """One test walks every rule and fails on a dated value without a citation (style.md section 2)."""
    assert all(rule.cites for rule in RULES)
    quoted = {rule.quote for rule in RULES if rule.quote}
    assert "赋予农牧民对集体资产股份占有、收益、有偿退出及继承权" in quoted
