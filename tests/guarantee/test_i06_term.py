"""I6: can a household event start, stop or shorten a term, and what happens when a term has run out?"""

from __future__ import annotations

from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.rights import acts as rights
from registry.statement import statement
from registry.store.engines import Store
from tests.guarantee.village import event_of_every_kind, family_wills, projections, registered, verdict
from tests.registry import made_up
from tests.registry.made_up import CLERK

TERM = ("term_start", "term_end", "extension")


def test_no_event_of_any_kind_starts_stops_or_shortens_a_term(store: Store) -> None:
    """I6: term_start, term_end and the extension's state are equal before and after H."""
    village = registered(store)
    before = _terms(projections(store, village.people[0]))
    event_of_every_kind(store, village)
    assert _terms(projections(store, village.people[0])) == before


def test_a_term_that_ran_out_ends_nothing_for_a_settled_family(store: Store) -> None:
    """I6, law C9 and EXT-1: as of 2028-01-01 a contract to 2027-12-31 stands, marked 延包 due."""
    village = registered(store)
    done = made_up.settle(store, village)
    answer = verdict(store, village.people[0], done.idx, "2028-01-01")
    assert answer.verdict == "unchanged"
    arable = next(t for t in answer.things if t.thing == "contract-arable")
    assert arable.extension_due
    assert arable.now is not None
    assert arable.now["status"] == "live"
    with store.reading() as connection:
        told = statement(store, connection, village.people[0], valid_at="2028-01-01")
    shown = {r["thing"]: r["extension_due"] for r in told["rights"]}
    assert (shown["contract-arable"], shown["contract-grass"]) == (True, False)


def test_an_extension_before_its_day_and_a_mortgage_before_that_both_hold(store: Store) -> None:
    """Ledger section 7: a head may lie in the future (延包); a mortgage before it is two stretches, no term moved."""
    village = registered(store)
    done = made_up.settle(store, village)
    forest = village.rights["contract-other"]
    with desk(store, CLERK) as at:
        act = at.act("extended", "2028-01-01", ActFields(basis="延包合同"))
        rights.change(act, forest, term_start="2028-01-01", term_end="2057-12-31", extension="第二轮延包30年")
        at.commit()
    with desk(store, CLERK) as at:
        act = at.act("mortgaged", "2026-01-01", ActFields(basis="抵押合同", wills=family_wills(village)))
        lender = {"lender": "信用社"}
        rights.burden(act, forest, restriction_kind="mortgage", parties=lender, document="抵2", amount="1.00")
        at.commit()
    for day, end, burdens in (
        ("2025-12-31", "2027-12-31", 0),
        ("2026-01-01", "2027-12-31", 1),
        ("2028-01-01", "2057-12-31", 1),
    ):
        right = projections(store, village.people[0], day)[forest]
        assert right is not None
        assert (right["term_end"], len(right["burdens"])) == (end, burdens)
    answer = verdict(store, village.people[0], done.idx, "2028-01-01")
    changed = next(t for t in answer.things if t.thing_id == forest)
    assert changed.verdict == "changed lawfully"
    assert {c.kind for c in changed.changes} == {"extended", "mortgaged"}
    assert not changed.extension_due


def _terms(found: dict[str, dict[str, object] | None]) -> dict[str, tuple[object, ...]]:
    return {i: tuple(p[name] for name in TERM) for i, p in found.items() if p is not None and "term_end" in p}
