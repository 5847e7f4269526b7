"""Who is let in, and what goes out with every answer?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog

from api.answers import parcels
from api.doors import HEADERS, LARGEST_BODY
from api.settings import ApiSettings, NotLoopbackError
from tests.api.conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.api.conftest import Caller
    from tests.registry.made_up import Village


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",  # noqa: S104  (what is refused)
        *("::", "192.168.1.5", "8.8.8.8", "localhost", "example.org", "127.0.0.2", ""),
    ],
)
def test_service_refuses_every_address_but_loopback(tmp_path: Path, host: str) -> None:
    """The service listens on this machine only, and says why in both languages."""
    with pytest.raises(NotLoopbackError, match=r"登录.*sign-in"):
        ApiSettings(tmp_path, host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_service_listens_on_loopback(tmp_path: Path, host: str) -> None:
    """The two loopback addresses are taken; the token is new each time and in no repr."""
    one, other = ApiSettings(tmp_path, host), ApiSettings(tmp_path, host)
    assert one.token != other.token
    assert one.token not in repr(one)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "127.0.0.1.evil.example",
        "192.168.1.5:8765",
        "",
        "127.0.0.1:8765@evil.example",
        "[::2]",
    ],
)
def test_request_to_another_host_name_is_refused(caller: Caller, host: str) -> None:
    """DNS rebinding: a name that was pointed to 127.0.0.1 is not one of ours (421)."""
    got = caller.get("/v1/ledger", headers={"Host": host})
    assert (got.status_code, got.json()["type"]) == (421, "urn:sanquan:problem:foreign-host")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8765", "localhost:8765", "[::1]:8765", "LOCALHOST"])
def test_request_to_a_loopback_name_is_let_in(caller: Caller, host: str) -> None:
    """Every way in which a browser on this machine names it."""
    assert caller.get("/v1/ledger", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ],
)
def test_request_on_behalf_of_another_site_is_refused(caller: Caller, headers: dict[str, str]) -> None:
    """A page elsewhere can make a browser call loopback; it gets nothing."""
    got = caller.post("/v1/persons/lookup", json={"id_number": "1"}, headers=headers)
    assert (got.status_code, got.json()["type"]) == (403, "urn:sanquan:problem:foreign-origin")


def test_request_from_our_own_page_is_let_in(caller: Caller) -> None:
    """Our own pages and a typed address pass."""
    ours = {"Origin": "http://127.0.0.1:8765", "Sec-Fetch-Site": "same-origin"}
    assert caller.get("/v1/ledger", headers=ours).status_code == 200
    typed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert caller.get("/v1/ledger", headers=typed).status_code == 200


def test_body_longer_than_any_event_is_refused(caller: Caller) -> None:
    """With a length in its head, and counted when it comes in pieces without one."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 1000 + 1):
            yield b" " * 1000

    for body in (b" " * (LARGEST_BODY + 1), pieces()):
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        got = caller.post("/v1/household-events", content=body, headers=headers)
        assert (got.status_code, got.json()["type"]) == (413, "urn:sanquan:problem:too-large")


def test_every_answer_carries_the_security_headers(caller: Caller) -> None:
    """Good answers, problems, refusals at the door: no framing, no sniffing, no referrer, nothing loaded."""
    got = [caller.get("/v1/ledger"), caller.get("/nix"), caller.get("/v1/ledger", headers={"Host": "evil.example"})]
    for answer in got:
        for name, value in HEADERS:
            assert answer.headers[name.decode()] == value.decode()
        assert "server" not in answer.headers


def test_failure_of_ours_tells_nothing(
    caller: Caller, village: Village, monkeypatch: pytest.MonkeyPatch, canaries: tuple[str, ...]
) -> None:
    """Whatever fails inside is a 500 problem without detail, logged by class and place only."""

    def fails(*_args: object, **_named: object) -> None:
        message = f"parameters: {canaries}"
        raise RuntimeError(message)

    monkeypatch.setattr(parcels, "parcel", fails)
    with structlog.testing.capture_logs() as lines:
        got = caller.get(f"/v1/parcels/{village.parcels['grass']}")
    assert (got.status_code, got.headers["content-type"]) == (500, "application/problem+json")
    failure = next(line for line in lines if line["event"] == "failure")
    assert failure["error"] == "RuntimeError"
    assert not [canary for canary in canaries if canary in got.text + str(lines)]


def test_log_line_has_the_template_and_never_the_path(caller: Caller, village: Village) -> None:
    """A path or a query can hold what identifies a person: the log has the route's template, status and time."""
    with structlog.testing.capture_logs() as lines:
        caller.get(f"/v1/persons/{village.people[0]}/statement", params={"valid_at": "2019-03-04"})
        caller.get("/150699197403121018")
    assert [line["route"] for line in lines] == ["/v1/persons/{person}/statement", "-"]
    written = str(lines)
    assert village.people[0] not in written
    assert "2019-03-04" not in written
    assert "150699197403121018" not in written
