"""I15: is the set of a person's retained rights the same for everybody who may ask, by every door, wherever they live?

Who may not ask gets a refusal, never a shorter list. The market has no door yet: it asks `/v1/rights` like anybody.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from api.settings import ApiSettings
from registry.statement import statement
from tests.api.access_people import bearer, one_of_each_role, register_elsewhere
from tests.api.conftest import TOKEN, Caller, Ended, caller_of, command
from tests.guarantee.village import burdened
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.store.engines import Store
    from tests.registry.made_up import Village

__all__ = ["command"]
MAY_ASK = {"agriculture", "forestry", "land", "supervision", "collective", "the-person"}


@pytest.fixture
def village(store: Store) -> Village:
    """The family before its move, every kind of burden on its rights."""
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    burdened(store, village)
    return village


@pytest.fixture
def service(store: Store, village: Village) -> Iterator[Caller]:
    """The service over its registry."""
    assert village.people
    caller = caller_of(ApiSettings(store.settings.folder, token=TOKEN))
    yield caller
    caller.close()


def held(document: Any) -> set[str]:  # noqa: ANN401  (JSON)
    """The ids of the rights that an answer tells of."""
    return {each["id"] for each in document["rights"]}


def test_every_role_that_may_ask_is_told_of_the_same_rights_and_the_others_are_refused(
    service: Caller, store: Store, village: Village
) -> None:
    """I15: who asks decides about the mask, never about the set; a stranger and every other bureau is refused outright."""
    register_elsewhere(store)
    tokens = one_of_each_role(store, village)
    service.app.state.access.limits.count = lambda *_asked: None
    service.app.state.access.look_now()
    person = village.people[0]
    with store.reading() as connection:
        all_of_them = held(statement(store, connection, person))
    assert len(all_of_them) >= 6
    told = set()
    for role, token in tokens.items():
        for door in ("rights", "statement"):
            headers = bearer(token) | {"sanquan-purpose": "check"}
            got = service.get(f"/v1/persons/{person}/{door}", headers=headers)
            if got.status_code == 200:
                told.add(role)
                assert held(got.json()) == all_of_them, role
            else:
                assert got.status_code in {401, 403, 404}, (role, got.status_code)
                assert not [each for each in all_of_them if each in got.text], role
    assert told >= MAY_ASK
    assert told < set(tokens)
    stranger = service.get(f"/v1/persons/{person}/rights")
    assert stranger.status_code == 401
    assert not [each for each in all_of_them if each in stranger.text]


def test_set_is_the_same_at_the_old_address_and_at_the_new_one(
    service: Caller, store: Store, village: Village, command: Callable[..., Ended]
) -> None:
    """I15: before the move, after it, by HTTP, at the terminal and in the library: one set of rights for each of the family."""
    sets = []
    for moved in (False, True):
        if moved:
            made_up.settle(store, village)
        for person in village.people:
            with store.reading() as connection:
                library = held(statement(store, connection, person))
            assert held(service.answer(f"/v1/persons/{person}/statement")) == library
            assert held(command("statement", "--person", person, "--json").json) == library
            sets.append(library)
    assert sets[: len(village.people)] == sets[len(village.people) :]
    assert all(sets)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "Pacific/Kiritimati", "Pacific/Niue"])
def test_set_does_not_depend_on_the_time_zone_of_whoever_asks(
    store: Store, village: Village, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I15: a day is a day in China; a machine that keeps other time is told the same."""
    with store.reading() as connection:
        here = {person: held(statement(store, connection, person)) for person in village.people}
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        try:
            assert {person: held(statement(store, connection, person)) for person in village.people} == here
        finally:
            monkeypatch.delenv("TZ")
            time.tzset()
