"""Which fields does each role get over HTTP (hazards C13), and does a field that nobody named get out by any way?"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
import structlog

from api.routes_of_access import ROUTES
from registry import parties
from registry.exports import FORMATS
from registry.parties import Identity
from tests.api.access_people import address_of, bearer, of_family, one_of_each_role, service
from tests.api.conftest import TOKEN
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

__all__ = ["service"]
WRITTEN = Path(__file__).with_name("fields_of_roles.txt")
_KEY = re.compile(r"[a-z_A-Z][a-zA-Z0-9_]{0,30}")
TELEPHONE, KIN = "13800138000", "其木格"
READS = sorted(route.removeprefix("GET ") for route in ROUTES if route.startswith("GET "))
# What a question of the form of a POST reads.
ASKS = ("POST /v1/persons/lookup",)


def keys(value: object) -> set[str]:
    """Every name of a field in a JSON value; a name that is no word of ours (an id, a code) is none."""
    if isinstance(value, dict):
        return {name for name in value if _KEY.fullmatch(name)}.union(*map(keys, value.values()))
    return set[str]().union(*map(keys, value)) if isinstance(value, list) else set()


def asked(service: Caller, route: str, things: dict[str, str], token: str) -> httpx.Response:
    """One question of a role about its own family, its purpose stated."""
    path, query = address_of(route.removeprefix("POST "), things)
    headers = {**(bearer(token) if token else {}), "sanquan-purpose": "test"}
    if route in ASKS:
        number = made_up.id_number(*made_up.PEOPLE[0][1:])
        return service.post(path, json={"id_number": number}, headers=headers)
    return service.get(path, params=query, headers=headers)


def test_fields_that_each_role_gets_are_those_written_down(
    service: Caller, store: Store, village: Village, canaries: tuple[str, ...], tmp_path: Path
) -> None:
    """C13: no key out that is not in fields_of_roles.txt; only who asks about themselves reads a name, an address, a local name."""
    tokens = {"anybody": "", **one_of_each_role(store, village)}
    service.app.state.access.limits.count = lambda *_asked: None
    service.app.state.access.look_now()
    things = of_family(village, 0)
    # Whoever signed in is told their own name, which is that of the clerk of these tests.
    of_people = set(canaries) - {made_up.CLERK.name}
    own = {made_up.PEOPLE[0][0], "文苑社区1栋101", "呼和陶勒盖嘎查1号", "西梁"}
    lines: list[str] = []
    for route in (*READS, *ASKS):
        got: dict[tuple[str, ...], list[str]] = {}
        for role, token in tokens.items():
            answer = asked(service, route, things, token)
            in_clear = {canary for canary in of_people if canary in answer.text}
            assert in_clear <= (own if role == "the-person" else set()), (route, role, len(in_clear))
            if answer.status_code == 200 and "json" in answer.headers["content-type"]:
                got.setdefault(tuple(sorted(keys(answer.json()))), []).append(role)
        for named, roles in got.items():
            lines.append(f"{route} | {'everybody' if len(roles) == len(tokens) else ' '.join(roles)} | {' '.join(named)}\n")
    found = "".join(lines)
    (tmp_path / WRITTEN.name).write_text(found, "utf-8")  # to be read, and kept where it is meant so
    assert found == WRITTEN.read_text("utf-8")


def test_person_reads_their_own_name_and_address_and_nobody_else_does(service: Caller, store: Store, village: Village) -> None:
    """One's own data whole (but the number); the officer at the desk, who may read the same document, sees it masked."""
    tokens = one_of_each_role(store, village)
    service.app.state.access.look_now()
    path = f"/v1/persons/{village.people[0]}/statement"
    told = {}
    for role in ("the-person", "named-relative", "counsel", "agriculture"):
        answer = service.get(path, headers={**bearer(tokens[role]), "sanquan-purpose": "test"})
        assert answer.status_code == 200, (role, answer.text)
        told[role] = (answer.json()["person"]["name"], answer.json()["registration"]["now"]["address"], answer.headers["etag"])
    assert told["the-person"][:2] == ("达楞太", "文苑社区1栋101")
    assert {told[role][:2] for role in told if role != "the-person"} == {("**太", "***")}
    assert told["the-person"][2] != told["agriculture"][2], "one reader's answer is not the other's"


@dataclass(frozen=True, slots=True)
class _WithMore(Identity):
    """A person of whom the register knows more one day."""

    telephone: str = TELEPHONE
    mother: str = KIN


@pytest.fixture
def more_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A telephone and a mother's name are added to what the register knows of everybody."""
    opened = parties._opened  # noqa: SLF001  (where a person is read)

    def with_more(vault: Any, row: Any) -> Identity:  # noqa: ANN401  (as there)
        who = opened(vault, row)
        return _WithMore(**{each.name: getattr(who, each.name) for each in fields(who)})

    monkeypatch.setattr(parties, "_opened", with_more)


def _words(answer: bytes) -> str:
    if answer.startswith(b"%PDF"):
        return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(answer)).pages)
    return answer.decode("utf-8", "ignore") + answer.decode("gb18030", "ignore")


@pytest.mark.usefixtures("more_known")
def test_field_added_to_a_person_gets_out_over_no_route(caller: Caller, village: Village) -> None:
    """Issue 7, item 8: what the policy does not name is hidden on every route, in every problem and every line of the log."""
    headers = {"Authorization": f"Bearer {TOKEN}", "sanquan-purpose": "test"}
    answered = 0
    with structlog.testing.capture_logs() as lines:
        for route in READS:
            for member in range(len(village.people)):
                path, query = address_of(route, of_family(village, member))
                got = caller.get(path, params=query, headers=headers)
                answered += got.status_code == 200
                words = _words(got.content)
                assert not [each for each in (TELEPHONE, KIN) if each in words], route
        number = made_up.id_number(*made_up.PEOPLE[0][1:])
        got = caller.post("/v1/persons/lookup", json={"id_number": number}, headers=headers)
        sent = {"officer": {"name": "某人", "bureau": "某局"}, "purpose": "test", "form": "pdf"}
        for kind in ("statement", "certificate"):
            got = caller.post(f"/v1/persons/{village.people[0]}/{kind}", json=sent, headers=headers)
            words = _words(got.content)
            assert not [each for each in (TELEPHONE, KIN) if each in words], kind
    assert answered > 100
    assert not [each for each in (TELEPHONE, KIN) if each in str(lines)]


def _calls(village: Village, folder: Path) -> Iterator[tuple[str, ...]]:
    who = ("--person", village.people[0])
    household, purpose = f"{made_up.VILLAGE_CODE}0001", ("--purpose", "test")
    for read in ("statement", "rights", "entitlements", "guarantee", "permit", "looked"):
        yield (read, *who)
        yield (read, *who, "--json")
    for form in FORMATS:
        yield ("export", str(folder / f"family.{form}"), "--format", form, *who)
        yield ("export", str(folder / f"village.{form}"), "--format", form, "--village", "150626100210")
    yield ("sheet", "household", household, "-o", str(folder / "household.pdf"), *purpose)
    yield ("roster", "list", made_up.VILLAGE_CODE, "--out", str(folder / "roster.csv"), *purpose)


@pytest.mark.usefixtures("more_known")
def test_field_added_to_a_person_gets_out_by_no_command_and_no_file(
    command: Callable[..., Ended], village: Village, tmp_path: Path
) -> None:
    """The same for the words of commands, the JSON, exports with their tables, a sheet and a roster with names."""
    for call in _calls(village, tmp_path):
        ended = command(*call)
        assert ended.code == 0, (call, ended.err)
        assert not [each for each in (TELEPHONE, KIN) if each in ended.out + ended.err], call
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) >= 2 * len(FORMATS)
    for path in written:
        words = _words(path.read_bytes())
        assert not [each for each in (TELEPHONE, KIN) if each in words], path.name
