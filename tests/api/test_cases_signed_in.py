"""Once the registry has accounts, a case is taken on by who signed in: what the body says of them counts for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.access_people import bearer, holder_of_role, service, session_of
from tests.registry.accounts.people import founders

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

__all__ = ["service"]


def _draft(village: Village, role: str) -> dict[str, Any]:
    case = {"kind": "clerical-slip", "subject": [village.parcels["other"]], "request": {"field": "local_name", "to": "东梁"}}
    return {"case": case, "actor": {"account": "somebody-else", "name": "别人", "bureau": "别处", "role": role}}


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


@pytest.mark.parametrize(("role", "stated"), [("agriculture", "realty"), ("town", "township"), ("bank", "agriculture")])
def test_role_that_the_account_does_not_hold_for_the_whole_banner_opens_no_case(
    service: Caller, store: Store, village: Village, role: str, stated: str
) -> None:
    """Policy-map section 10: a word counts within what it holds; a town's is not held to its own land here yet, so it is closed."""
    token = session_of(store, holder_of_role(store, founders(store), role, village))
    service.app.state.access.look_now()
    refused = service.post("/v1/cases", json=_draft(village, stated), headers=bearer(token))
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:sanquan:problem:not-allowed")


def test_nobody_opens_a_case_unsigned(service: Caller, store: Store, village: Village) -> None:
    """The token of the start still is whoever started the service; without any nobody is anybody."""
    founders(store)
    service.app.state.access.look_now()
    refused = service.post("/v1/cases", json=_draft(village, "agriculture"))
    assert (refused.status_code, refused.json()["type"]) == (401, "urn:sanquan:problem:sign-in-first")
