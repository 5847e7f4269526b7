"""What do commands that take in and give out files do, and those that start something?"""

from __future__ import annotations

import gc
import hashlib
import io
import json
import signal
import sys
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from api.answers import ledger
from api.cli import delivering, run
from api.demo import breaking, stops, story

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.conftest import Ended
    from tests.registry.made_up import Village

_FAULTY = Path(__file__).parents[2] / "sample_parcels" / "faults" / "150626乌审旗"


@pytest.fixture
def empty(tmp_path: Path) -> str:
    """A registry on the embedded file, just made."""
    folder = tmp_path / "registry" / "data"
    assert run(["init", str(folder)]) == 0
    return str(folder)


def test_delivery_with_faults_comes_back_with_each_named(
    empty: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Villages with a refusing fault come back whole; the table on the screen and the CSV name every fault."""
    report = tmp_path / "faults.csv"
    code = run(["import", str(_FAULTY), "--registry", empty, "--check", "--report", str(report)])
    sys.stdout.flush()
    out = capfd.readouterr().out
    assert code in {1, 2}
    assert "退回 returned" in out
    assert "什么都没有写" in out
    assert "例外说明.csv 每处一行(错误,图层,代码,理由,照片,签字件,签字人,日期)" in out
    assert len(report.read_text(encoding="utf-8-sig").splitlines()) > 20


@pytest.mark.parametrize(
    ("words", "endings"),
    [
        (["blank-table", "CBHT", "a.docx"], ".xlsx or .csv"),
        (["summaries", "a.csv", "--registry", "EMPTY"], ".xlsx or .zip"),
        (["listings", "--person", "x", "--out", "a.json", "--registry", "EMPTY"], ".pdf"),
        (["supervision", "refused", "--out", "a.docx", "--registry", "EMPTY"], ".xlsx or .csv"),
        (["statistics", "--out", "a.csv.txt", "--registry", "EMPTY"], ".xlsx or .csv"),
        (["proof", "make", "a.txt", "--person", "x", "--purpose", "y", "--registry", "EMPTY"], ".json or .pdf"),
        (["statement", "--person", "x", "--out", "a.txt", "--registry", "EMPTY"], ".json or .pdf"),
    ],
)
def test_file_is_not_written_as_another_than_its_name_says(
    empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], words: list[str], endings: str
) -> None:
    """A workbook called .docx opens nowhere: refused with the endings that there are, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    before = {*tmp_path.iterdir()}
    assert run([empty if word == "EMPTY" else word for word in words]) != 0
    assert f"ends with {endings}" in " ".join(capfd.readouterr().err.split())
    assert {*tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("form", "name", "begins"),
    [
        ("geojson", "a.geojson", b"{"),
        ("gpkg", "a.gpkg", b"SQLite"),
        ("shp", "a.shp", b"\0\0"),
        ("fgb", "a.fgb", b"fgb"),
        ("parquet", "a.parquet", b"PAR1"),
        ("pmtiles", "a.pmtiles", b"PMTiles"),
        ("pdf", "a.pdf", b"%PDF"),
        ("png", "a.png", b"\x89PNG"),
        ("svg", "a.svg", b"<svg"),
    ],
)
def test_export_of_a_village_is_written_in_each_form(
    command: Callable[..., Ended], tmp_path: Path, form: str, name: str, begins: bytes
) -> None:
    """Seven formats of rows and tiles, three of one map page; the digest is told, and stands beside; or all in one archive."""
    out = tmp_path / name
    ended = command("export", str(out), "--format", form, "--village", "150626100210")
    assert ended.code == 0, ended.err
    assert out.read_bytes().startswith(begins)
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    assert digest in ended.out
    assert digest in out.with_name(f"{name}.json").read_text(encoding="utf-8")
    archive = tmp_path / "packed.zip"
    assert command("export", str(archive), "--format", form, "--village", "150626100210", "--zip").code == 0
    with zipfile.ZipFile(archive) as packed:
        assert {f"packed.{form}", f"packed.{form}.json"} <= set(packed.namelist())


def test_export_of_a_person_and_of_a_box_are_written(
    command: Callable[..., Ended], village: Village, tmp_path: Path
) -> None:
    """By person as by box; by both at once, or by nothing, it is not clear what is wanted: exit 2."""
    of_person, of_box = tmp_path / "p.geojson", tmp_path / "b.geojson"
    form = ("--format", "geojson")
    assert command("export", str(of_person), *form, "--person", village.people[0]).code == 0
    assert command("export", str(of_box), *form, "--bbox", "108.80,38.45,109.05,38.55").code == 0
    assert json.loads(of_person.read_text(encoding="utf-8"))["features"]
    assert json.loads(of_box.read_text(encoding="utf-8"))["features"]
    for what in ((), ("--village", "150626100210", "--bbox", "1,2,3,4"), ("--village", "x"), ("--bbox", "1,2")):
        assert command("export", str(tmp_path / "none"), *form, *what).code == 2


def test_published_copy_is_written_and_read_only(
    command: Callable[..., Ended], village: Village, tmp_path: Path
) -> None:
    """A dated GeoPackage for colleagues."""
    assert command("publish", str(tmp_path / "for-colleagues")).code == 0
    (written,) = (tmp_path / "for-colleagues").glob("150626-*.gpkg")
    assert not written.stat().st_mode & 0o222


def test_demo_hands_the_story_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """`demo --once` ends as the story ends; --json, --tamper, --engine and --lang reach it."""
    told: list[Any] = []

    def tells(engine: str, lang: str, **how: Any) -> int:  # noqa: ANN401  (what the command hands over)
        told.append((engine, lang, how))
        return int(how["as_json"])

    monkeypatch.setattr(story, "run", tells)
    monkeypatch.setattr(breaking, "run", tells)
    assert run(["demo", "--once", "--json", "--tamper", "--engine", "postgis", "--lang", "zh"]) == 1
    assert run(["demo", "break", "--idea", "2", "--lang", "en"]) == 0
    assert told == [
        ("postgis", "zh", {"as_json": True, "tamper": True}),
        ("file", "en", {"idea": 2, "as_json": False}),
    ]


def test_demo_without_once_serves_the_registry_of_the_story(
    empty: str, logging_restored: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The story is told, then its registry is served on loopback; it goes with a plain `kill`, too, as uvicorn passes it on."""
    served: list[Any] = []

    class Registry:
        """The story's, as the story gives it."""

        def __enter__(self) -> SimpleNamespace:
            return SimpleNamespace(settings=SimpleNamespace(folder=Path(empty)))

        def __exit__(self, *_raised: object) -> None:
            served.append("gone")

    def tells(_store: object, _teller: object) -> SimpleNamespace:
        served.append("told")
        return SimpleNamespace(person="0" * 32)

    def serving(server: uvicorn.Server, sockets: list[Any]) -> None:
        served.append(sockets[0].getsockname()[0])
        sockets[0].close()
        with server.capture_signals():
            signal.raise_signal(signal.SIGTERM)

    ours = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(story, "demo_registry", lambda _engine: Registry())
    monkeypatch.setattr(story, "tell", tells)
    monkeypatch.setattr(stops, "prepare", lambda _store, person: served.append(f"prepared for {person}"))
    monkeypatch.setattr(uvicorn.Server, "run", serving)
    assert run(["demo", "--port", "18765"]) == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is ours
    assert served == ["told", f"prepared for {'0' * 32}", "127.0.0.1", "gone"]
    assert "http://127.0.0.1:18765/" in capsys.readouterr().out


def test_serve_listens_on_the_loopback_address_asked_for(
    empty: str, logging_restored: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`serve` prints where it is and the token, then listens there and nowhere else."""
    served: list[Any] = []

    def serving(server: uvicorn.Server, sockets: list[Any]) -> None:
        served.append((*sockets[0].getsockname()[:2], gc.get_freeze_count() > 0))
        sockets[0].close()

    monkeypatch.setattr(uvicorn.Server, "run", serving)
    try:
        assert run(["serve", "--registry", empty, "--port", "18766"]) == 0
    finally:
        gc.unfreeze()
    assert served == [("127.0.0.1", 18766, True)]  # and what is loaded is kept out of the collector's hands
    assert "令牌 token" in capsys.readouterr().out


def test_failure_of_ours_shows_no_message_and_no_traceback(
    command: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A driver's message can hold values: a failure is told by class and place only, exit 2."""

    def fails(*_args: object) -> None:
        message = "parameters: 达楞太"
        raise RuntimeError(message)

    monkeypatch.setattr(ledger, "head", fails)
    ended = command("ledger")
    assert ended.code == 2
    assert "RuntimeError" in ended.err
    assert "达楞太" not in ended.err
    assert "Traceback" not in ended.err


def test_the_step_under_way_is_told_without_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large import makes its acts in a copy of this process, which one with threads of its own must not be."""
    shown = io.StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", shown)
    before = threading.active_count()
    with delivering.steps() as tell:
        tell("check")
        assert threading.active_count() == before
    assert "check" in shown.getvalue()


def test_hand_in_asks_for_its_purpose_and_is_logged(
    empty: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """汇交 carries names: without --purpose nothing is made; with one the folder lies there and the making is listed. Its six
    tables by themselves carry none, and are not.
    """
    sample = _FAULTY.parents[1] / "delivery" / "150626乌审旗"
    assert run(["import", str(sample), "--registry", empty]) == 0
    out = tmp_path / "out"
    assert run(["hand-in", str(out), "--registry", empty]) == 2
    assert run(["hand-in", str(out), "--registry", empty, "--purpose", " "]) == 2
    assert not out.exists()
    sys.stdout.flush()
    capfd.readouterr()
    assert run(["hand-in", str(out), "--registry", empty, "--purpose", "向自治区汇交"]) == 0
    assert (out / "150626乌审旗" / "权属数据" / "CBF.csv").is_file()
    assert run(["hand-in", str(tmp_path / "two"), "--registry", empty, "--purpose", "再交", "--json"]) == 0
    for name in ("tables.xlsx", "tables.zip"):
        assert run(["summaries", str(tmp_path / name), "--registry", empty, "--village", "150626100210"]) == 0
        assert (tmp_path / name).read_bytes().startswith(b"PK")
    assert run(["summaries", str(tmp_path / "no.xlsx"), "--registry", empty, "--village", "150626999999"]) == 2
    assert run(["sheet", "log", "--registry", empty]) == 0
    assert run(["sheet", "log", "--registry", empty, "--json"]) == 0
    sys.stdout.flush()
    told = capfd.readouterr().out
    assert "建mdb.ps1" in told
    assert "not tested here" in told
    logged = json.loads(told[told.rindex("[\n") :])
    assert [one["purpose"] for one in logged] == ["向自治区汇交", "再交"]
    assert {one["what"] for one in logged} == {"hand-in"}
