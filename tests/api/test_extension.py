"""Is the 延包 of a village the same through both doors, and does a herder see their own row and nobody else's?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from api.v1 import case_models as models
from registry.cases import Actor
from tests.api.test_cases_walked import HEADERS, ServiceWalker, actor_in
from tests.registry.cases.extending import HEADER, LAND, UNTIL, register_homes, written
from tests.registry.cases.walking import Example
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.store.engines import Store
    from tests.api.conftest import Caller, Ended
    from tests.registry.cases.extending import Home
    from tests.registry.made_up import Village

PATH = f"/v1/cases/rosters?collective={VILLAGE_CODE}&land={LAND}&until={UNTIL}"


@pytest.fixture
def walker(store: Store, village: Village, caller: Caller, canaries: tuple[str, ...]) -> ServiceWalker:
    """Somebody who walks cases through the service."""
    return ServiceWalker(store, village, caller, canaries)


@pytest.fixture
def homes(walker: ServiceWalker) -> list[Home]:
    """Four households."""
    return register_homes(walker.store, walker.village, 4)


def sent(path: Path) -> list[tuple[str, tuple[str, bytes, str]]]:
    """A roster as a form."""
    return [("files", (path.name, path.read_bytes(), "text/csv"))]


def looked(walker: ServiceWalker, case_id: str, actor: Actor) -> dict[str, Any]:
    """A case as the service shows it to an actor."""
    return walker.post(f"/v1/cases/{case_id}/lookup", {"actor": actor_in(actor)}, 200)


def test_roster_goes_in_over_http_and_its_rows_come_back(
    walker: ServiceWalker, homes: list[Home], tmp_path: Path, command: Callable[..., Ended]
) -> None:
    """The answer drafts the case; counts, samples and red rows first; the command reads the same roster into the same case."""
    path = written(tmp_path / "roster.csv", homes[1:])
    got = walker.caller.post(PATH, files=sent(path), headers=HEADERS)
    assert got.status_code == 200, got.text
    case = models.RosterCase.model_validate(got.json())
    assert command("case", "roster", VILLAGE_CODE, str(path), "--until", UNTIL).json == got.json()
    assert walker.caller.post(PATH, files=sent(path)).status_code == 401
    case_id = walker.walk("extension", Example(case.subject, case.request), "noticed")
    answer = looked(walker, case_id, walker.first)
    assert answer["request"]["roster"] == 3
    found = models.CaseAnswer.model_validate(answer).rows
    assert found is not None
    assert (found.counts.ready, found.counts.waiting, found.counts.written) == (0, 4, 0)
    assert [row.code for row in found.rows] == [home.code for home in homes]
    assert [difference.key for difference in found.rows[0].differences] == ["missing"]
    assert "exited" in found.rows[0].differences[0].causes
    walker.ask(case_id)
    samples = looked(walker, case_id, walker.first)["rows"]["samples"]
    assert [(each["to"], each["new_from"], each["new_to"]) for each in samples] == [("2027-12-31", "2028-01-01", "2057-12-31")] * 3
    me = ("case", "--role", "agriculture", "--account", "zhang", "--officer", "张晓梅")
    text = command(*me, "show", case_id).out
    assert "可以办 3 户, 等着 1 户" in text
    assert "missing" in text


def test_herder_sees_their_own_row_and_nobody_elses(walker: ServiceWalker, homes: list[Home], tmp_path: Path) -> None:
    """A case about a whole village shows a villager their household: its people, what was said of it, what it waits for."""
    got = walker.caller.post(PATH, files=sent(written(tmp_path / "roster.csv", homes)), headers=HEADERS).json()
    case_id = walker.walk("extension", Example(got["subject"], got["request"]), "noticed")
    walker.ask(case_id)
    herder = Actor("herder", "达楞太", "本人", "person", homes[0].people[0])
    answer = looked(walker, case_id, herder)
    assert [row["household"] for row in answer["rows"]["rows"]] == [homes[0].holding]
    assert {person["id"] for person in answer["people"]} == set(homes[0].people)
    others = {person for home in homes[1:] for person in home.people} | {home.holding for home in homes[1:]}
    assert not others & {text for step in answer["steps"] for text in map(str, step["said"].values())}
    stranger = Actor("else", "别人", "本人", "person", "0" * 32)
    assert walker.caller.post(
        f"/v1/cases/{case_id}/lookup", json={"actor": actor_in(stranger)}, headers=HEADERS
    ).status_code == 404  # fmt: skip


@pytest.mark.parametrize(
    ("query", "header", "problem"),
    [
        (PATH, (*HEADER, "户口类别"), "hukou-column"),
        (PATH, HEADER[:3], "list-refused"),
        (PATH.replace("2027", "2020"), HEADER, "nobody-due"),
        (PATH.replace("arable", "other"), HEADER, "invalid-input"),
        (f"{PATH}&for_years=0", HEADER, "invalid-input"),
    ],
)
def test_roster_that_is_none_is_a_problem(
    walker: ServiceWalker, homes: list[Home], tmp_path: Path, query: str, header: tuple[str, ...], problem: str
) -> None:
    """Each tells what is wrong; nothing was written."""
    path = written(tmp_path / "roster.csv", homes if header[:5] == HEADER else [], header)
    got = walker.caller.post(query, files=sent(path), headers=HEADERS)
    assert (got.status_code, got.json()["type"].rsplit(":", 1)[1]) == (422, problem)


def test_blank_is_made_at_the_terminal_and_read_there(
    homes: list[Home], tmp_path: Path, command: Callable[..., Ended], canaries: tuple[str, ...]
) -> None:
    """With names, on the own machine, logged; a faulty one ends with 2 and every fault; what it prints names nobody."""
    path = tmp_path / "blank.csv"
    me = ("--officer", "张晓梅")
    made = command("case", "blank", VILLAGE_CODE, "--until", UNTIL, "--out", str(path), "--purpose", "延包", *me)
    assert (made.code, "4 户" in made.out) == (0, True)
    assert homes[0].identities[0][0] in path.read_text(encoding="utf-8")
    read = command("case", "roster", VILLAGE_CODE, str(path), "--until", UNTIL)
    assert len(read.json["request"]["roster"]) == 4
    path.write_text(path.read_text(encoding="utf-8") + "150626,,,达楞太,\n", encoding="utf-8")
    faulty = command("case", "roster", VILLAGE_CODE, str(path), "--until", UNTIL)
    assert faulty.code == 2
    printed = made.out + read.out + faulty.out + faulty.err
    assert not [canary for canary in canaries if canary in printed]
    assert json.loads(read.out) == read.json
