"""I7: does a settled family keep every power over its land, and can it use each of them?"""

from __future__ import annotations

import ast
from pathlib import Path

import registry
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.rights import acts as rights
from registry.rights.acts import POWERS, Contracted, Holder, Terms
from registry.store.engines import Store
from tests.guarantee.village import event_of_every_kind, family_wills, projections, registered
from tests.registry import made_up
from tests.registry.made_up import CLERK

ROOT = Path(registry.__file__).parent
# What a rule about land would have to say to ask where its holder lives.
WORDS = ("residence", "hukou", "settle", "registration_type", "户籍", "户口", "落户", "进城")


def test_no_event_of_any_kind_takes_a_power(store: Store) -> None:
    """I7: the set of powers is equal before and after H, for each kind as the plan lists them (II.3.1-b, c, d)."""
    village = registered(store)
    event_of_every_kind(store, village)
    found = projections(store, village.people[0])
    for name, thing in (("contract-arable", "contract-arable"), ("homestead", "homestead"), ("income-0", "income")):
        right = found[village.rights[name]]
        assert right is not None
        assert right["powers"] == POWERS[thing].split(",")


def test_a_settled_family_exercises_each_power(store: Store) -> None:
    """I7: after the move it lets, mortgages, exchanges, has its paper reissued and its share pledged, as before."""
    village = registered(store)
    made_up.settle(store, village)
    signed = ActFields(basis="合同", wills=family_wills(village), payment="100000.00")
    with desk(store, CLERK) as at:
        act = at.act("leased", "2025-06-01", signed)
        unit = rights.unit(
            act, kind="contract", code="L2", issuer_id=village.collective, method="", signed_on="2025-06-01"
        )
        terms = Terms(unit, "L2", "2025-06-01", "2026-05-31")
        parcel = Contracted(village.parcels["grass"], "2561446.67", "3842.17")
        letting = rights.let(
            act, village.rights["contract-grass"], Holder(party_id=village.collective), terms, [parcel]
        )
        act = at.act("mortgaged", "2025-06-01", signed)
        lender = {"lender": "信用社"}
        rights.burden(
            act, village.rights["contract-forest"], restriction_kind="mortgage", parties=lender, document="抵3"
        )
        act = at.act("pledged", "2025-06-01", ActFields(basis="质押", wills=family_wills(village)))
        rights.burden(act, village.rights["income-0"], restriction_kind="pledge", parties=lender, document="质1")
        act = at.act("exchanged", "2025-06-02", signed)
        rights.change(
            act, village.rights["contract-other"], parcels=[Contracted(village.parcels["other"], "2000.00", "3.00")]
        )
        act = at.act("certificate-reissued", "2025-06-02", ActFields(basis="补证"))
        rights.change(act, village.rights["homestead"], certificate_number="蒙(2025)乌审旗不动产权第1号")
        act = at.act("operating-ended", "2026-01-01", ActFields(basis="协议"))
        rights.end_letting(act, letting)
        at.commit()
    assert projections(store, village.people[0], "2026-02-01")[village.rights["contract-grass"]] is not None


def test_no_precondition_of_a_power_mentions_where_anybody_lives() -> None:
    """I7: no precondition of any power mentions residence, hukou or settlement: the code is read for such a word."""
    for path in (
        *ROOT.glob("*/acts.py"),
        ROOT / "ledger" / "allowed.py",
        ROOT / "ledger" / "act.py",
        ROOT / "transferability.py",
    ):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        names |= {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        names |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert not {n for n in names for word in WORDS if word in n.lower()}, path
