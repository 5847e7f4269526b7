"""Who may record a household event, how often it counts, and what it can't do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.v1 import models
from registry.ledger import read
from tests.api.conftest import TOKEN

if TYPE_CHECKING:
    import httpx

    from registry.store.engines import Store
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

_NEW_NUMBER = "150699202501010018"


def _birth(village: Village) -> dict[str, Any]:
    """A child is born to the settled family."""
    return {
        "kind": "birth-registered",
        "day": "2025-01-08",
        "officer": {"name": "王警官", "bureau": "公安局"},
        "people": [village.people[2]],
        "newcomers": [{"name": "萨日娜", "id_number": _NEW_NUMBER, "sex": "2"}],
        "registrations": [
            {
                "person": "new:0",
                "valid_from": "2025-01-08",
                "hukou_household": "H-1",
                "relation": "40",
                "division_code": "150626100010",
                "division_name": "嘎鲁图镇文苑社区",
                "address": "文苑社区1栋101",
            }
        ],
    }


def _send(caller: Caller, event: dict[str, Any], key: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {TOKEN}", **({} if key is None else {"Idempotency-Key": key})}
    return caller.post("/v1/household-events", json=event, headers=headers)


def test_event_without_the_token_is_refused(caller: Caller, store: Store, village: Village) -> None:
    """Only who holds the token printed at start may record; nothing is written for anybody else."""
    with store.reading() as connection:
        before = read.size(connection)
    for headers in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer ü"},
    ):
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        got = caller.post("/v1/household-events", json=_birth(village), headers=encoded)
        assert (got.status_code, got.headers["www-authenticate"]) == (401, "Bearer")
    with store.reading() as connection:
        assert read.size(connection) == before


def test_event_is_recorded_once_under_one_key(caller: Caller, village: Village) -> None:
    """The first answer is 201 with its place; the same again is 200 with the same place."""
    first, again = _send(caller, _birth(village), "birth-1"), _send(caller, _birth(village), "birth-1")
    assert (first.status_code, again.status_code) == (201, 200)
    recorded = models.RecordedEvent.model_validate(first.json())
    assert again.json() == {"idx": recorded.idx, "repeated": True, "newcomers": []}
    assert first.headers["location"] == f"/v1/household-events/{recorded.idx}"
    event = models.EventAnswer.model_validate(caller.answer(first.headers["location"]))
    assert (event.kind, event.day) == ("birth-registered", "2025-01-08")
    assert set(event.people) == {village.people[2], recorded.newcomers[0]}


def test_event_without_a_key_is_known_by_its_content(caller: Caller, village: Village) -> None:
    """Without an Idempotency-Key the same content is the same event."""
    assert _send(caller, _birth(village)).status_code == 201
    assert _send(caller, _birth(village)).status_code == 200


def test_key_of_another_event_is_refused(caller: Caller, village: Village) -> None:
    """A key that comes again with another event is a mistake of the sender's: 409, nothing recorded."""
    _send(caller, _birth(village), "k")
    got = _send(caller, {**_birth(village), "day": "2025-01-09"}, "k")
    assert (got.status_code, got.json()["type"]) == (409, "urn:sanquan:problem:key-reused")


def test_event_that_names_somebody_twice_is_refused(caller: Caller, village: Village) -> None:
    """Where one person is registered is said once: 422, and nothing is recorded."""
    before = caller.answer("/v1/ledger")["size"]
    sent = _birth(village)
    got = _send(caller, {**sent, "registrations": sent["registrations"] * 2})
    assert (got.status_code, got.json()["type"]) == (422, "urn:sanquan:problem:invalid-input")
    assert caller.answer("/v1/ledger")["size"] == before


def test_event_leaves_the_state_root(caller: Caller, village: Village) -> None:
    """A household event moves no guarded thing: the state root stands, the log is one entry longer (P2)."""
    before = caller.answer("/v1/ledger")
    _send(caller, _birth(village))
    after = caller.answer("/v1/ledger")
    assert (after["size"], after["state_root"]) == (before["size"] + 1, before["state_root"])


def test_newborn_is_found_by_the_number_and_masked(caller: Caller, village: Village) -> None:
    """A newcomer of an event is a person of the register from then on."""
    _send(caller, _birth(village))
    (child,) = caller.post("/v1/persons/lookup", json={"id_number": _NEW_NUMBER}).json()["persons"]
    assert child["name"] == "**娜"


def test_cancelled_event_says_what_cancelled_it(caller: Caller, village: Village) -> None:
    """An event is annulled by another; twice, or for an entry that is none, it is refused."""
    idx = _send(caller, _birth(village)).json()["idx"]
    cancelling = {**_birth(village), "kind": "event-cancelled", "newcomers": [], "registrations": [], "cancels": idx}
    by = _send(caller, cancelling, "c1").json()["idx"]
    assert caller.answer(f"/v1/household-events/{idx}")["cancelled_by"] == by
    assert caller.answer(f"/v1/household-events/{idx}", params={"known_at": by})["cancelled_by"] is None
    assert caller.answer(f"/v1/household-events/{by}")["cancels"] == idx
    for wrong in (idx, 0):
        got = _send(caller, {**cancelling, "cancels": wrong}, f"again-{wrong}")
        assert (got.status_code, got.json()["type"]) == (409, "urn:sanquan:problem:not-cancellable")


def test_place_without_an_event_is_not_found(caller: Caller) -> None:
    """Entry 0 is a state, not an event; far beyond the log there is nothing."""
    for idx in (0, 2**53 - 1):
        assert caller.get(f"/v1/household-events/{idx}").status_code == 404


def _changed(event: dict[str, Any], field: str, value: object) -> dict[str, Any]:
    if field.startswith("registration."):
        return {**event, "registrations": [{**event["registrations"][0], field.partition(".")[2]: value}]}
    return {**event, field: value}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "taken-back"),
        ("kind", "leased"),
        ("day", "2025-02-30"),
        ("day", "20250108"),
        ("people", ["达楞太"]),
        ("people", ["0" * 32]),
        ("registration.person", "new:1"),
        ("registration.valid_from", "soon"),
        ("registration.division_code", "文苑"),
        ("registration.address", "a\0b"),
        ("registration.status", "gone"),
        ("permits", {"150699197403121018": {"status": "issued", "division_code": "150626"}}),
        ("evidence", ["x"]),
        ("cancels", -1),
        ("rights", ["taken"]),
        ("officer", {"name": "", "bureau": "公安局"}),
    ],
)
def test_malformed_event_is_refused_and_not_repeated(
    caller: Caller, village: Village, field: str, value: object, canaries: tuple[str, ...]
) -> None:
    """An event that is not as it must be is 422; what was sent, which names people, is not in the answer."""
    got = _send(caller, _changed(_birth(village), field, value))
    assert got.status_code == 422, got.text
    assert not [canary for canary in (*canaries, "萨日娜", _NEW_NUMBER) if canary in got.text]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"kind": "\\ud800"}', b"\xff", b"1" * 2000])
def test_body_that_is_no_event_is_refused(caller: Caller, body: bytes) -> None:
    """Anything can be sent; nothing of it is more than a 422."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    got = caller.post("/v1/household-events", content=body, headers=headers)
    assert got.status_code == 422, got.text
    assert got.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("key", ["", "a b", "键", "x" * 201])
def test_malformed_key_is_refused(caller: Caller, village: Village, key: str) -> None:
    """An Idempotency-Key has 1 to 200 visible ASCII characters."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": key.encode()}
    got = caller.post("/v1/household-events", json=_birth(village), headers=headers)
    assert (got.status_code, got.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
