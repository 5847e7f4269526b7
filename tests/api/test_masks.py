"""Does any personal value leave the register, by any answer, any table or any log?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog

from tests.api.conftest import TOKEN
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

_NUMBER = made_up.id_number(*made_up.PEOPLE[0][1:])


def _found(canaries: tuple[str, ...], written: str) -> list[str]:
    return [canary for canary in canaries if canary in written]


def test_no_answer_and_no_log_line_holds_a_personal_value(
    caller: Caller, village: Village, canaries: tuple[str, ...]
) -> None:
    """Names, numbers, birth dates, addresses, local names, neighbours, officers: none is in any answer or log."""
    person, parcel = village.people[0], village.parcels["arable"]
    paths = [
        *(
            f"/v1/persons/{p}/{part}"
            for p in village.people
            for part in ("statement", "rights", "registrations", "guarantee")
        ),
        *("/v1/parcels?village=150626100210", f"/v1/parcels/{parcel}", f"/v1/parcels/{parcel}/neighbours"),
        "/v1/rights?transferable=lease",
        *(
            f"/v1/rights?holder={person}",
            "/v1/ledger",
            "/v1/ledger/entries",
            "/v1/household-events/9",
            "/v1/openapi.json",
        ),
        *("/v1/persons/达楞太/statement", f"/v1/persons/{_NUMBER}/rights", f"/v1/parcels?code={_NUMBER}%20"),
        *(
            f"/v1/ledger?known_at={_NUMBER}",
            f"/v1/rights?village={_NUMBER}",
            f"/{_NUMBER}",
            f"/v1/rights?limit={_NUMBER}",
        ),
    ]
    with structlog.testing.capture_logs() as lines:
        answers = [caller.get(path).text for path in paths]
        answers.append(caller.post("/v1/persons/lookup", json={"id_number": _NUMBER}).text)
        answers.append(caller.post("/v1/persons/lookup", json={"id_number": {"n": _NUMBER}}).text)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answers.append(caller.post("/v1/household-events", json={_NUMBER: "达楞太"}, headers=headers).text)
    assert len(answers) == len(lines)
    for path, answer in zip([*paths, "lookup", "lookup", "event"], answers, strict=True):
        assert not _found(canaries, answer), path
    assert not _found(canaries, str(lines))


@pytest.mark.rule("RP-663/17", "REG/27")
def test_no_command_prints_a_personal_value(
    command: Callable[..., Ended], village: Village, canaries: tuple[str, ...]
) -> None:
    """The same for what commands write, to a script and to a person, when it goes well and when it does not."""
    person = village.people[0]
    calls: list[tuple[str, ...]] = [
        ("statement", "--person", person),
        ("rights", "--person", person),
        ("guarantee", "--person", person),
        ("parcels", "--village", "150626100210"),
        ("parcels", "--parcel", village.parcels["arable"]),
        ("event", "9"),
        ("ledger",),
    ]
    for call in calls:
        for form in ((), ("--json",)):
            ended = command(*call, *form)
            assert ended.code == 0, ended.err
            assert not _found(canaries, ended.out + ended.err), call
    for call in (("statement", "--id-number-stdin"), ("statement", "--name", "达楞太太")):
        ended = command(*call, typed="150699199001011234\n")
        assert ended.code == 2
        assert not _found(canaries, ended.out + ended.err), call
