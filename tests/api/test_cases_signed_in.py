"""Once the registry has accounts, a case is taken on by who signed in: what the body says of them counts for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from registry.holding import read as holdings
from registry.looks.reading import looks
from tests.api.access_people import bearer, holder_of_role, register_elsewhere, service, session_of
from tests.registry.accounts.people import founders
from tests.registry.cases.walking import PAPER

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

__all__ = ["service"]


def _slip(parcel: str) -> dict[str, Any]:
    return {"kind": "clerical-slip", "subject": [parcel], "request": {"field": "local_name", "to": "东梁"}}


def _draft(village: Village, role: str) -> dict[str, Any]:
    somebody = {"account": "somebody-else", "name": "别人", "bureau": "别处", "role": role}
    return {"case": _slip(village.parcels["other"]), "actor": somebody}


def test_case_is_drafted_by_the_account_that_signed_in(service: Caller, store: Store, village: Village) -> None:
    """Four eyes are counted by accounts: whoever states another's is still themself."""
    both = founders(store)
    clerk = session_of(store, holder_of_role(store, both, "agriculture", village))
    other = session_of(store, holder_of_role(store, both, "land", village))
    service.app.state.access.look_now()
    opened = service.post("/v1/cases", json=_draft(village, "agriculture"), headers=bearer(clerk))
    assert opened.status_code == 201
    case = opened.json()["id"]
    asks = {"actor": _draft(village, "agriculture")["actor"]}
    assert service.post(f"/v1/cases/{case}/lookup", json=asks, headers=bearer(clerk)).status_code == 200
    asks["actor"]["role"] = "realty"
    # A draft is its author's: the same account and name in the body, signed in as another, finds none.
    assert service.post(f"/v1/cases/{case}/lookup", json=asks, headers=bearer(other)).status_code == 404


@pytest.mark.parametrize(("role", "stated"), [("agriculture", "realty"), ("bank", "agriculture"), ("town", "collective")])
def test_role_that_the_account_does_not_hold_opens_no_case(
    service: Caller, store: Store, village: Village, role: str, stated: str
) -> None:
    """Policy-map section 10: whatever a body says, the role is one of the account's own."""
    token = session_of(store, holder_of_role(store, founders(store), role, village))
    service.app.state.access.look_now()
    refused = service.post("/v1/cases", json=_draft(village, stated), headers=bearer(token))
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:sanquan:problem:not-allowed")


def _changed(holding: str, representative: str, applicant: str | None = None) -> dict[str, Any]:
    return {
        "kind": "representative-changed",
        "subject": [holding],
        "request": {"representative": representative},
        "applicant": applicant,
    }


def _holding(store: Store, code: str) -> str:
    with store.reading() as connection:
        found = holdings.by_code(connection, code)
    assert found is not None
    return found


def _submitted(service: Caller, case: dict[str, Any], role: str, token: str) -> str:
    opened = service.post("/v1/cases", json={"case": case, "actor": _actor(role)}, headers=bearer(token))
    assert opened.status_code == 201, opened.text
    step = {"step": {"step": "submitted", "seen": 1}, "actor": _actor(role)}
    assert service.post(f"/v1/cases/{opened.json()['id']}/steps", json=step, headers=bearer(token)).status_code == 201
    return str(opened.json()["id"])


def _actor(role: str) -> dict[str, Any]:
    return {"account": "x", "name": "x", "bureau": "x", "role": role}


@pytest.mark.parametrize(("role", "stated"), [("town", "township"), ("collective", "collective")])
def test_role_of_a_place_has_the_cases_of_its_own_land(
    service: Caller, store: Store, village: Village, role: str, stated: str
) -> None:
    """By membership and land: a case of another town is not there, and a thing of another town is as one that nobody knows."""
    away = register_elsewhere(store)
    both = founders(store)
    clerk = session_of(store, holder_of_role(store, both, "agriculture", village))
    local = session_of(store, holder_of_role(store, both, role, village))
    service.app.state.access.look_now()
    here = _submitted(service, _changed(village.holding, village.people[1]), stated, local)
    there = _submitted(service, _slip(away.parcel), "agriculture", clerk)
    asks = {"actor": _actor(stated)}
    assert service.post(f"/v1/cases/{here}/lookup", json=asks, headers=bearer(local)).status_code == 200
    assert service.post(f"/v1/cases/{there}/lookup", json=asks, headers=bearer(local)).status_code == 404
    listed = service.post("/v1/cases/lookup", json=asks, headers=bearer(local)).json()["cases"]
    assert [each["id"] for each in listed] == [here]
    refused = [
        service.post("/v1/cases", json={"case": _changed(thing, away.person), "actor": _actor(stated)}, headers=bearer(local))
        for thing in (_holding(store, away.household), "0" * 32)
    ]
    assert [(each.status_code, each.json()["detail"]) for each in refused] == [(422, refused[0].json()["detail"])] * 2


def test_relative_applies_for_one_person_and_agrees_to_nothing(service: Caller, store: Store, village: Village) -> None:
    """亲情代办: sees and applies for whoever named them; nobody else's matter, and no will."""
    away = register_elsewhere(store)
    both = founders(store)
    clerk = session_of(store, holder_of_role(store, both, "agriculture", village))
    relative = session_of(store, holder_of_role(store, both, "named-relative", village))
    service.app.state.access.look_now()
    other = {"case": _changed(village.holding, village.people[1], village.people[1]), "actor": _actor("relative")}
    assert service.post("/v1/cases", json=other, headers=bearer(relative)).status_code == 422
    case = _submitted(service, _changed(village.holding, village.people[1]), "relative", relative)
    for step, said in (("accepted", {}), ("noticed", {"where": "嘎查公示栏"})):
        seen = {"accepted": 2, "noticed": 3}[step]
        body = {"step": {"step": step, "seen": seen, "said": said}, "actor": _actor("agriculture")}
        assert service.post(f"/v1/cases/{case}/steps", json=body, headers=bearer(clerk)).status_code == 201
    will = {"person": village.people[0], "source": PAPER}
    with_will = {"step": {"step": "consented", "seen": 4, "said": will}, "actor": _actor("relative")}
    refused = service.post(f"/v1/cases/{case}/steps", json=with_will, headers=bearer(relative))
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:sanquan:problem:not-yours")
    there = _submitted(service, _slip(away.parcel), "agriculture", clerk)
    asks = {"actor": _actor("relative")}
    assert service.post(f"/v1/cases/{there}/lookup", json=asks, headers=bearer(relative)).status_code == 404


def test_counsel_reads_the_cases_of_one_person_and_says_why(service: Caller, store: Store, village: Village) -> None:
    """By letter or order: one person, logged; without a purpose nothing is shown, and another's case is not there."""
    away = register_elsewhere(store)
    both = founders(store)
    clerk = session_of(store, holder_of_role(store, both, "agriculture", village))
    counsel = session_of(store, holder_of_role(store, both, "counsel", village))
    service.app.state.access.look_now()
    here = _submitted(service, _changed(village.holding, village.people[1]), "agriculture", clerk)
    there = _submitted(service, _slip(away.parcel), "agriculture", clerk)
    asks = {"actor": _actor("counsel")}
    assert service.post(f"/v1/cases/{here}/lookup", json=asks, headers=bearer(counsel)).status_code == 422
    why = bearer(counsel) | {"Sanquan-Purpose": quote("(2026)内0626民初1号")}
    assert service.post(f"/v1/cases/{here}/lookup", json=asks, headers=why).status_code == 200
    assert service.post(f"/v1/cases/{there}/lookup", json=asks, headers=why).status_code == 404
    assert "case" in [look.what for look in looks(store, [village.people[0]])]


def test_nobody_opens_a_case_unsigned(service: Caller, store: Store, village: Village) -> None:
    """The token of the start still is whoever started the service; without any nobody is anybody."""
    founders(store)
    service.app.state.access.look_now()
    refused = service.post("/v1/cases", json=_draft(village, "agriculture"))
    assert (refused.status_code, refused.json()["type"]) == (401, "urn:sanquan:problem:sign-in-first")
