"""Who is written down as having looked is who signed in, not the machine that the question came from."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from registry.looks.reading import looks
from tests.api.access_people import bearer, holder_of_role, service, session_of
from tests.registry.accounts.people import founders

if TYPE_CHECKING:
    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

__all__ = ["service"]


def test_officer_who_reads_is_named_to_the_person(service: Caller, store: Store, village: Village) -> None:
    """Issue 7, item 9: the person sees who looked, with the purpose, in plain words."""
    clerk = session_of(store, holder_of_role(store, founders(store), "agriculture", village))
    service.app.state.access.look_now()
    headers = bearer(clerk) | {"Sanquan-Purpose": quote("延包核对")}
    assert service.get(f"/v1/persons/{village.people[0]}/rights", headers=headers).status_code == 200
    (look,) = looks(store, [village.people[0]])
    assert (look.officer, look.bureau, look.purpose) == ("张晓梅", "某局", "延包核对")
