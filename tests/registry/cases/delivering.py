"""A small delivery that was registered by mistake: a household of one, its field and its contract, as an import leaves them.

A made-up person only. Who holds it moved to town since, on the word of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from registry import parties
from registry.delivery.withdrawn import REGISTERED
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.ledger.tables import SOURCE
from registry.parcels import acts as parcels
from registry.parcels.acts import ParcelFacts
from registry.parties import Identity
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.settlement import Event, record
from tests.registry.made_up import CLERK, MOVED, SIGNED, Village, id_number, square, town

if TYPE_CHECKING:
    from registry.store.engines import Store


@dataclass(frozen=True)
class Wrong:
    """What was registered, by id, and under which content hash."""

    content_hash: str
    holding: str
    parcel: str
    person: str


def wrong_delivery(store: Store, village: Village, code: str = "150626100298") -> Wrong:
    """Register it, and its holder's move to town."""
    content_hash, mark = (hashlib.sha256(f"{what} {code}".encode()).digest() for what in ("delivery", "mark"))
    source = ActFields(basis="成果入库", sources=(content_hash.hex(),))
    who = Identity("宝音", id_number("19700203", 745), sex="1")
    with desk(store, CLERK) as at:
        act = at.act("first-registration", SIGNED, source)
        person, rows = parties.person_rows(store.vault, at.randomness, act.idx, who)
        household, more = parties.household_rows(at.randomness)
        act.fields = replace(source, people=((person, who.name, who.id_number),))
        for table, row in (*rows, *more):
            at.row(table, row)
        holding = holdings.begin(
            act,
            household_id=household,
            code=f"{code}000009",
            issuer_id=village.collective,
            representative_id=person,
            members=[CoHolder(person, "02")],
        )
        facts = ParcelFacts(f"{code}0000009", village.collective, "arable", "10", "012", "100.00", "0.15")
        parcel = parcels.begin(act, facts, square(600_000, 4_270_000, 10), {})
        contract = f"{code}000009J"
        unit = rights.unit(act, kind="contract", code=contract, issuer_id=village.collective, method="110", signed_on=SIGNED)
        terms = Terms(unit, contract, "2016-11-30", "2046-12-31")
        rights.begin(act, "contract-arable", Holder(holding_id=holding), terms, [Contracted(parcel, "100.00", "0.15")])
        about = store.vault.seal(code.encode(), b"source-about/" + mark, at.randomness.nonce())
        at.row(SOURCE, {"content_hash": mark, "kind": REGISTERED, "dated": SIGNED, "size_bytes": 0, "about": about})
        at.commit()
    record(store, Event("settled-in-banner", MOVED, (person,), (town(person),)), "王警官", "公安局")
    return Wrong(content_hash.hex(), holding, parcel, person)
