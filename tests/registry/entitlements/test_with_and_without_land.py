"""Metamorphic (I19): whatever land somebody gets, lets, mortgages or loses, their services stay what they were; both engines."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.entitlements import Entitled, entitled, status_of
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.ledger.read import size
from registry.membership import acts as memberships
from registry.parties import Identity
from registry.residence import Registration
from registry.rights import acts as rights
from registry.rights.acts import Holder, Terms
from registry.settlement import Event, record
from tests.registry import made_up

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.registry.made_up import Village

TOWN, VILLAGE, ELSEWHERE = "150626100010", "150626100210", "150102001001"
DAYS = ("2016-09-14", "2017-05-08", "2018-05-08", "2018-05-09", "2020-02-29", "2021-02-28", "2024-01-01")
Life = list[tuple[str, str, str]]
LIVES = st.lists(
    st.tuples(
        st.sampled_from(("moves", "moves", "is cancelled", "issued", "endorsed", "suspended", "lapsed")),
        st.sampled_from((TOWN, VILLAGE, ELSEWHERE)),
        st.sampled_from(DAYS[:-1]),
    ),
    max_size=5,
)
RIGHTS = ("contract-arable", "contract-grass", "contract-forest", "homestead")
LANDS = st.lists(st.sampled_from((*RIGHTS, "lease", "mortgage", "seizure", "member")), min_size=1, max_size=5)
_NUMBERS = itertools.count(1)


@pytest.fixture
def village(store: Store) -> Village:
    """Where land is got from."""
    return made_up.register_village(store)


@given(LIVES, LANDS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_land_never_changes_a_service(store: Store, village: Village, life: Life, lands: list[str]) -> None:
    """I19, II.3.2 to II.3.6: a right, lease, mortgage, seizure or membership more, and on no day is a service more or less."""
    person = lived(store, life)
    before = services_by_day(store, person)
    with desk(store, made_up.CLERK) as at:
        act = at.act("first-registration", "2016-12-01", ActFields(basis="承包合同"))
        unit = rights.unit(act, kind="contract", code="C", issuer_id=village.collective, method="", signed_on="2016-12-01")
        stated = Terms(unit, "C")
        held = [rights.begin(act, "contract-other", Holder(party_id=person), stated)]
        held += [rights.begin(act, land, Holder(party_id=person), stated) for land in lands if land in RIGHTS]
        signed = ActFields(basis="合同", wills=made_up.wills(person))
        for burden in lands:
            if burden == "lease":
                rights.let(at.act("leased", "2017-01-01", signed), held[0], Holder(party_id=village.collective), stated, [])
            elif burden in {"mortgage", "seizure"}:
                kind = "mortgaged" if burden == "mortgage" else "seized"
                act = at.act(kind, "2017-02-01", signed)
                rights.burden(act, held[0], restriction_kind=burden, parties={"lender": "信用社"}, document="1")
            elif burden == "member":
                act = at.act("membership-confirmed", "2016-12-01", ActFields(basis="决议"))
                memberships.begin(act, person_id=person, collective_id=village.collective, basis="决议")
        at.commit()
    assert services_by_day(store, person) == before


def lived(store: Store, life: Life) -> str:
    """Somebody who is registered in a village, then moves, leaves, holds permits as drawn."""
    who = Identity("张三", made_up.id_number("19800101", next(_NUMBERS)))
    first = Registration("new:0", "2016-09-14", "Z", "", VILLAGE, "村", "某处")
    event = Event("type-unified", "2016-09-14", (), (first,), newcomers=(who,))
    (person,) = record(store, event, "王警官", "公安局").newcomers
    for n, (what, place, day) in enumerate(life):
        key = f"{person} {n}"
        if what in {"moves", "is cancelled"}:
            status = "registered" if what == "moves" else "cancelled"
            rows = (Registration(person, day, "Z", "", place, "某地", "某处", status=status),)
            event = Event("moved-within", day, (person,), rows, key=key)
        else:
            event = Event(f"permit-{what}", day, (person,), permits={person: (what, place)}, key=key)
        record(store, event, "王警官", "公安局")
    return person


def services_by_day(store: Store, person: str) -> dict[str, list[Entitled]]:
    """What the person is entitled to, day by day."""
    with store.reading() as connection:
        known = size(connection)
        return {
            day: entitled(status_of(store, connection, person, valid_at=day, known_at=known), day) for day in DAYS
        }
