"""What do the commands answer, and how do they end?"""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy as sa

from api.cli import run
from registry.store.settings import load_settings
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.conftest import Caller, Ended
    from tests.registry.made_up import Village

_NUMBER = made_up.id_number(*made_up.PEOPLE[0][1:])
_DELIVERY = Path(__file__).parents[2] / "sample_parcels" / "delivery" / "150626乌审旗"


def test_command_answers_what_the_service_answers(
    command: Callable[..., Ended], caller: Caller, village: Village
) -> None:
    """One answer, two doors: `--json` writes what `/v1` answers, for the same day and the same size of the log."""
    person, parcel = village.people[0], village.parcels["grass"]
    moment = {"valid_at": "2025-05-05", "known_at": "10"}
    when = ("--valid-at", "2025-05-05", "--known-at", "10", "--json")
    pairs: list[tuple[tuple[str, ...], str, dict[str, Any]]] = [
        (("statement", "--person", person), f"/v1/persons/{person}/statement", {}),
        (("rights", "--id-number-stdin"), f"/v1/persons/{person}/rights", {}),
        (("guarantee", "--name", "达楞太"), f"/v1/persons/{person}/guarantee", {}),
        (
            ("parcels", "--village", "150626100210", "--limit", "2"),
            "/v1/parcels",
            {"village": "150626100210", "limit": 2},
        ),
        (("parcels", "--bbox", "108.80,38.45,109.05,38.55"), "/v1/parcels", {"bbox": "108.80,38.45,109.05,38.55"}),
        (
            ("parcels", "--code", f"{made_up.VILLAGE_CODE}00002"),
            "/v1/parcels",
            {"code": f"{made_up.VILLAGE_CODE}00002"},
        ),
        (("parcels", "--parcel", parcel), f"/v1/parcels/{parcel}", {}),
    ]
    for arguments, path, asked in pairs:
        ended = command(*arguments, *when, typed=f"{_NUMBER}\n")
        assert ended.code == 0, ended.err
        assert ended.json == caller.answer(path, params={**asked, **moment}), path
    assert command("event", "9", "--json").json == caller.answer("/v1/household-events/9")
    assert command("ledger", "--json").json == caller.answer("/v1/ledger")


def test_tables_are_readable_in_both_languages(command: Callable[..., Ended], village: Village) -> None:
    """Without --json: 亩 first, m² second, verdict in words, Chinese then English."""
    out = command("statement", "--name", "达楞太").out
    for words in (
        "权益保留证明 retained-rights statement",
        "没变 UNCHANGED",
        "3842.17 亩 (2561446.67 m²)",
        "文苑社区",
        "漏登",
    ):
        assert words in out
    assert "2016-11-30" in command("parcels", "--parcel", village.parcels["grass"]).out
    assert "46.50 (31000.00)" in command("parcels", "--village", "150626100210").out


@pytest.mark.parametrize(
    "arguments",
    [(), ("--name", "达楞太", "--person", "0" * 32), ("--person", "x"), ("--valid-at", "x", "--name", "敖登")],
)
def test_question_without_one_clear_person_is_refused(
    command: Callable[..., Ended], arguments: tuple[str, ...]
) -> None:
    """Two lines, Chinese and English, no traceback, exit 2."""
    ended = command("statement", *arguments)
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 2
    assert "Traceback" not in ended.err


def test_event_file_is_recorded_once(command: Callable[..., Ended], village: Village, tmp_path: Path) -> None:
    """`settle` takes the document that the service takes; again it says that it was there."""
    event = {
        "kind": "moved-within",
        "day": "2024-04-01",
        "officer": {"name": "王警官"},
        "people": [village.people[1]],
    }
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event), encoding="utf-8")
    done = command("settle", str(file), "--json")
    assert (done.code, done.json["repeated"]) == (0, False)
    again = command("settle", "-", "--json", typed=json.dumps(event))
    assert again.json == {"idx": done.json["idx"], "repeated": True, "newcomers": []}
    assert "recorded before" in command("settle", str(file)).out
    assert "2024-04-01" in command("event", str(done.json["idx"])).out


def test_file_that_is_no_event_is_refused_and_not_repeated(command: Callable[..., Ended], tmp_path: Path) -> None:
    """The fields are named, their values are not."""
    file = tmp_path / "event.json"
    for text in ("{", json.dumps({"kind": 1, _NUMBER: "达楞太", "people": ["达楞太"]})):
        file.write_text(text, encoding="utf-8")
        ended = command("settle", str(file))
        assert ended.code == 2
        assert "达楞太" not in ended.err
        assert _NUMBER not in ended.err


def test_log_is_exported_and_replayed_by_a_stranger(command: Callable[..., Ended], tmp_path: Path) -> None:
    """The file of leaves alone gives the root of the registry, and every public rule holds (P1, P2, P3, P5, P6)."""
    file = tmp_path / "leaves.txt"
    assert command("ledger", "--export", str(file)).code == 0
    of_file, of_registry = command("replay", str(file), "--json"), command("replay", "--json")
    assert of_file.json == of_registry.json
    assert of_file.json["root"] == command("ledger", "--json").json["root"]
    assert {r["rule"] for r in of_file.json["rules"]} >= {"P1", "P2", "P3", "P5", "P6"}
    assert "P4" in command("replay", str(file)).out


def test_replay_of_a_changed_leaf_ends_with_one(command: Callable[..., Ended], tmp_path: Path) -> None:
    """A leaf that breaks a rule is named with its place."""
    file = tmp_path / "leaves.txt"
    command("ledger", "--export", str(file))
    text = file.read_text(encoding="utf-8").replace('"cls":"H"', '"cls":"X"', 1)
    file.write_text(text, encoding="utf-8")
    ended = command("replay", str(file))
    assert ended.code == 1
    assert "FORM" in ended.out
    assert command("replay", str(tmp_path)).code == 2


def test_audit_of_an_untouched_registry_is_clean(command: Callable[..., Ended]) -> None:
    """Every row agrees with the log: exit 0, the root of the log."""
    assert "逐行相符" in command("audit").out
    report = command("audit", "--json")
    assert (report.code, report.json["ok"], report.json["findings"]) == (0, True, [])


def test_help_loads_nothing_heavy() -> None:
    """`sanquan --help` is instant: no database, no geometry, no web framework is loaded before a command runs."""
    heavy = "{'sqlalchemy', 'shapely', 'fastapi', 'pydantic', 'rich.console'}"
    code = f"import sys, api.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """The commands of the design, each with its sentence."""
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    for name in (
        *("init", "import", "statement", "rights", "guarantee", "parcels", "settle", "event"),
        *("audit", "replay", "ledger", "export", "publish", "serve", "demo"),
    ):
        assert f"  {name} " in out


def test_command_without_a_registry_says_how_to_make_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An absent registry is named with the command that makes one."""
    assert run(["ledger", "--registry", str(tmp_path)]) == 2
    assert "sanquan init" in capsys.readouterr().err


def test_new_registry_has_its_key_outside_and_private(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The key file lies beside the data folder, mode 600; a second `init` over it is refused."""
    assert run(["init", str(tmp_path / "data")]) == 0
    key = tmp_path / "data.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert load_settings(tmp_path / "data").key_file == key
    assert run(["init", str(tmp_path / "data")]) == 2
    assert run(["init", str(tmp_path / "other"), "--key-file", str(tmp_path / "other" / "k")]) == 2
    assert run(["init", str(tmp_path / "third"), "--banner-code", "1; DROP"]) == 2
    assert run(["init", str(tmp_path / "third"), "--engine", "postgis"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_init_that_fails_leaves_no_key_in_the_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An address where no database answers: refused without showing it, and the next attempt is not blocked."""
    url = f"postgresql://nobody:secret@/none?host={tmp_path}"
    assert run(["init", str(tmp_path / "data"), "--engine", "postgis", "--url", url]) == 2
    assert not (tmp_path / "data.key").exists()
    assert "secret" not in capsys.readouterr().err


@pytest.fixture
def new_registry(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Any:  # noqa: ANN401  (a generator)
    """A registry made by `sanquan init` on each engine, with roles of its own in the cluster."""
    folder, code = tmp_path / "data", f"{os.getpid() % 1_000_000:06d}"
    arguments = ["init", str(folder), "--banner-code", code]
    if engine_name == "file":
        assert run(arguments) == 0
        yield folder
        return
    admin: str = request.getfixturevalue("postgis_admin_url")
    name = f"test_{uuid.uuid4().hex[:16]}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = sa.make_url(admin).set(database=name).render_as_string(hide_password=False)
    assert run([*arguments, "--engine", "postgis", "--url", url]) == 0
    settings = replace(load_settings(folder), durable=False)
    settings.save()
    yield folder
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        for session in ("desk", "status", "reader"):
            connection.execute(f"DROP ROLE {settings.roles}_{session}")


def test_delivery_is_checked_then_registered_then_known(
    new_registry: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """--check writes nothing; one village alone, then every other; the same again adds no entry (exit 0 each time)."""
    at = ["--registry", str(new_registry), "--json"]

    def told(*arguments: str) -> Any:  # noqa: ANN401  (JSON)
        capfd.readouterr()
        assert run([*arguments, *at]) == 0, capfd.readouterr().err
        sys.stdout.flush()
        return json.loads(capfd.readouterr().out)

    checked = told("import", str(_DELIVERY), "--check", "--report", str(tmp_path / "faults.csv"))
    assert checked["committed"] is None
    assert {v["state"] for v in checked["villages"]} == {"checked"}
    assert (tmp_path / "faults.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    alone = told("import", str(_DELIVERY), "--officer", "张晓梅", "--village", "150626104213")
    assert [v["state"] for v in alone["villages"]] == ["checked", "checked", "registered"]
    registered = told("import", str(_DELIVERY), "--officer", "张晓梅")
    assert [v["state"] for v in registered["villages"]] == ["registered", "registered", "unchanged"]
    size = told("ledger")["size"]
    assert {v["state"] for v in told("import", str(_DELIVERY))["villages"]} == {"unchanged"}
    assert told("ledger")["size"] == size
    assert told("statement", "--name", "达楞太")["rights"]


def test_unreadable_delivery_ends_with_two(
    store_folder: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """An empty folder is no delivery: every fault is told, nothing is written, exit 2."""
    assert run(["import", str(tmp_path), "--registry", store_folder]) == 2
    assert "Traceback" not in capfd.readouterr().err


@pytest.fixture
def store_folder(tmp_path: Path) -> str:
    """A registry on the embedded file."""
    folder = tmp_path / "registry" / "data"
    assert run(["init", str(folder)]) == 0
    return str(folder)


def test_serve_refuses_other_addresses_and_a_taken_port(
    store_folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`serve` never listens where another machine could reach it; a taken port is named."""
    assert run(["serve", "--registry", store_folder, "--host", "0.0.0.0"]) == 2  # noqa: S104  (what is refused)
    assert "sign-in" in capsys.readouterr().err
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["serve", "--registry", store_folder, "--port", str(port)]) == 2
    assert str(port) in capsys.readouterr().err
