"""Is an export started, watched, fetched and forgotten over HTTP as it is documented, on both engines?"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import shutil
import struct
import subprocess
import threading
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from api import jobs
from api.answers.exports import ExportIn
from api.v1 import models
from api.v1.documents import Problem
from registry import exports
from registry.exports import FORMATS
from tests.api.conftest import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from api.jobs import Jobs
    from tests.api.conftest import Caller
    from tests.registry.made_up import Village

BEARER = {"Authorization": f"Bearer {TOKEN}"}
VILLAGE = "150626100210"
needs_ogr = pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="no gdal-bin: an outside reader is missing")


def start(caller: Caller, **sent: Any) -> httpx.Response:  # noqa: ANN401  (the document)
    """Ask for an export."""
    return caller.post("/v1/exports", json=sent, headers=BEARER)


def ended(caller: Caller, **sent: Any) -> dict[str, Any]:  # noqa: ANN401  (as above)
    """Ask for an export and wait for its end."""
    return until_ended(caller, start(caller, **sent))


def until_ended(caller: Caller, got: httpx.Response) -> dict[str, Any]:
    """Ask how far it is until it has ended; every answer has the documented form."""
    assert got.status_code == 202, got.text
    told: dict[str, Any] = {}
    for _ in range(600):
        told = caller.answer(got.headers["location"])
        models.Export.model_validate(told)
        if told["status"] in ("done", "failed"):
            return told
        time.sleep(0.05)
    pytest.fail(f"not ended: {told}")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Exports that do not begin to write before they are let."""
    let, export = threading.Event(), exports.export

    def waits(*asked: Any, **how: Any) -> exports.Exported:  # noqa: ANN401  (export's own)
        assert let.wait(30)
        return export(*asked, **how)

    monkeypatch.setattr(exports, "export", waits)
    yield let
    let.set()


@needs_ogr
@pytest.mark.parametrize("form", FORMATS)
def test_each_format_is_made_and_fetched(
    caller: Caller, village: Village, tmp_path: Path, form: str, canaries: tuple[str, ...]
) -> None:
    """202 and a Location; at the end the file, its digest as ETag, in a form that others read, without anybody's name."""
    told = ended(caller, format=form, person=village.people[0])
    assert told["status"] == "done", told
    assert (told["parcels_done"], told["parcels"]) == (5, 5)
    file = told["file"]
    got = caller.get(file["href"])
    assert (got.status_code, got.headers["content-type"].split(";")[0]) == (200, file["media_type"])
    assert file["name"] in got.headers["content-disposition"]
    assert hashlib.sha256(got.content).hexdigest() == file["sha256"]
    assert (got.headers["etag"], len(got.content)) == (f'"{file["sha256"]}"', file["bytes"])
    assert caller.get(file["href"], headers={"If-None-Match": got.headers["etag"]}).status_code == 304
    assert caller.get(file["href"], headers={"Range": "bytes=0-3"}).content == got.content[:4]
    path = tmp_path / file["name"]
    path.write_bytes(got.content)
    if form in ("gpkg", "geojson", "shp", "fgb"):
        opened = f"/vsizip/{path}" if form == "shp" else str(path)
        words = ["ogrinfo", "-so", "-al", opened]
        assert "Feature Count: 5" in subprocess.run(words, capture_output=True, check=True, text=True).stdout
    else:
        begins = {"parquet": b"PAR1", "pmtiles": b"PMTiles", "pdf": b"%PDF", "png": b"\x89PNG", "svg": b"<svg"}
        assert got.content.startswith(begins[form])
    if form == "png":
        assert sorted(struct.unpack_from(">II", got.content, 16)) == [1240, 1754]
    raw = got.content + json.dumps(told, ensure_ascii=False).encode()
    if form == "shp":
        with zipfile.ZipFile(io.BytesIO(got.content)) as archive:
            raw += b"".join(archive.read(name) for name in archive.namelist())
    assert [word for word in canaries if word.encode() in raw] == []


def test_archive_and_day_are_as_asked_for(caller: Caller) -> None:
    """`zip`, `valid_at`, `known_at`, `epsg`: the archive has the sidecar, which says the day and the log."""
    told = ended(caller, format="gpkg", bbox="108.80,38.45,109.05,38.55", epsg=4490, zip=True, valid_at="2017-01-01")
    assert told["provenance"]["valid_at"] == "2017-01-01"
    assert told["file"]["name"] == "sanquan-150626-20170101.gpkg.zip"
    with zipfile.ZipFile(io.BytesIO(caller.get(told["file"]["href"]).content)) as archive:
        (sidecar,) = (name for name in archive.namelist() if name.endswith(".json"))
        beside = json.loads(archive.read(sidecar))
    assert {name: beside[name] for name in told["provenance"]} == told["provenance"]


def test_every_fault_of_what_was_sent_is_named(caller: Caller) -> None:
    """RFC 9457: bad format, bad reference system, bad box, bad day, two ways at once, a made-up field: all at once."""
    got = start(
        caller,
        format="dxf",
        epsg=4326,
        encoding="BIG5",
        bbox="1,2,3",
        village=VILLAGE,
        valid_at="2017-02-30",
        zip="x",
        达楞太=1,
    )
    assert (got.status_code, got.headers["content-type"]) == (422, "application/problem+json")
    told = Problem.model_validate(got.json())
    named = {error.field: error for error in told.errors}
    assert set(named) == {"format", "epsg", "encoding", "bbox", "village", "person", "valid_at", "zip", "…"}
    assert named["format"].example == "gpkg"
    assert "达楞太" not in got.text
    for sent in ({"format": "gpkg"}, {}, {"format": "gpkg", "person": "0" * 32, "bbox": "108,38,109,39"}):
        assert {"village", "bbox", "person"} <= {error["field"] for error in start(caller, **sent).json()["errors"]}
    assert caller.post("/v1/exports", content=b"[", headers=BEARER).status_code == 422
    assert caller.post("/v1/exports", json=[1], headers=BEARER).status_code == 422


_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.just(VILLAGE), st.just("gpkg")),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=4), inner, max_size=2)),
    max_leaves=4,
)


@given(sent=st.one_of(_VALUES, st.dictionaries(st.sampled_from([*ExportIn.model_fields, "x"]), _VALUES, max_size=9)))
def test_any_document_is_an_export_or_a_list_of_faults(sent: object) -> None:
    """Nothing that can be sent makes the naming of its faults fail; what is taken names exactly one thing."""
    try:
        taken = ExportIn.model_validate(sent)
    except ValidationError as refused:
        named = refused.error_count()
    else:
        named = [taken.village, taken.bbox, taken.person].count(None) - 1
    assert named > 0


@pytest.mark.parametrize(
    ("sent", "status", "name"),
    [
        ({"village": "150626999999"}, 404, "village-not-found"),
        ({"person": "0" * 32}, 404, "person-not-found"),
        ({"village": VILLAGE, "known_at": "9999"}, 422, "invalid-input"),
    ],
)
def test_what_is_not_there_is_refused_at_once(caller: Caller, sent: dict[str, str], status: int, name: str) -> None:
    """No job is started for nobody, for nowhere, or for a log that is not that long."""
    got = start(caller, format="gpkg", **sent)
    assert (got.status_code, got.json()["type"]) == (status, f"urn:sanquan:problem:{name}")


def test_token_is_needed_to_start_and_the_id_alone_to_fetch(caller: Caller) -> None:
    """An id is 192 random bits and stands in no list; another id, or none of that form, is nothing."""
    assert caller.post("/v1/exports", json={"format": "gpkg", "village": VILLAGE}).status_code == 401
    ids = {start(caller, format="geojson", village=VILLAGE).json()["id"] for _ in range(3)}
    assert len(ids) == 3
    assert {len(each) for each in ids} == {32}
    for path, status in ((f"{'A' * 32}", 404), (f"{'A' * 32}/file", 404), ("x", 422), ("x/file", 422)):
        assert caller.get(f"/v1/exports/{path}").status_code == status
    assert caller.get("/v1/exports").status_code == 405


def test_job_that_fails_says_why_and_has_no_file(caller: Caller) -> None:
    """An RFC 9457 document in the job; the file is 409."""
    told = ended(caller, format="gpkg", village=VILLAGE, valid_at="2016-11-29")
    assert (told["status"], told["file"]) == ("failed", None)
    problem = Problem.model_validate(told["problem"])
    assert problem.type == "urn:sanquan:problem:nothing-to-export"
    assert "2016-11-29" in problem.en
    got = caller.get(f"/v1/exports/{told['id']}/file")
    assert (got.status_code, got.json()["type"]) == (409, "urn:sanquan:problem:export-not-ready")


def test_failure_of_ours_tells_nothing(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver's message can hold values: a job that nobody foresaw to fail is a 500 without any detail."""

    def fails(*_asked: Any, **_how: Any) -> None:  # noqa: ANN401  (export's own)
        message = "parameters: 达楞太"
        raise RuntimeError(message)

    monkeypatch.setattr(exports, "export", fails)
    told = ended(caller, format="gpkg", village=VILLAGE)
    assert told["problem"]["type"] == "urn:sanquan:problem:internal"
    assert "达楞太" not in json.dumps(told, ensure_ascii=False)


def test_few_may_wait_and_a_waiting_one_is_not_ready(
    caller: Caller, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is made at a time; as many as may wait for it, then 429 with Retry-After; afterwards there is room again."""
    monkeypatch.setattr(jobs, "MOST_UNFINISHED", 2)
    first, second = (start(caller, format="geojson", village=VILLAGE) for _ in range(2))
    refused = start(caller, format="geojson", village=VILLAGE)
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:sanquan:problem:too-many-exports")
    assert int(refused.headers["retry-after"]) > 0
    assert caller.answer(second.headers["location"])["status"] == "waiting"
    assert caller.get(f"{first.headers['location']}/file").status_code == 409
    held.set()
    assert [until_ended(caller, job)["status"] for job in (first, second)] == ["done", "done"]
    assert ended(caller, format="geojson", village=VILLAGE)["status"] == "done"


def test_file_expires_after_an_hour(caller: Caller) -> None:
    """Then the id is nothing and the file is gone from the disk; until then it says when."""
    told = ended(caller, format="geojson", village=VILLAGE)
    kept: Jobs = caller.app.state.jobs
    made = kept.get(jobs.Export, told["id"]).file()
    now = kept.clock()
    expires = dt.datetime.fromisoformat(told["expires_at"])
    assert dt.timedelta(minutes=58) < expires - now <= dt.timedelta(hours=1)
    kept.clock = lambda: now + dt.timedelta(minutes=58)
    assert caller.get(told["file"]["href"]).status_code == 200
    kept.clock = lambda: now + dt.timedelta(minutes=61)
    got = caller.get(told["file"]["href"])
    assert (got.status_code, got.json()["type"]) == (404, "urn:sanquan:problem:export-not-found")
    assert not made.path.parent.exists()


def test_service_that_stops_leaves_no_file_and_no_job_running(caller: Caller, held: threading.Event) -> None:
    """What waits is dropped, what runs is stopped at its next batch, every file goes."""
    start(caller, format="fgb", village=VILLAGE)
    start(caller, format="fgb", village=VILLAGE)
    kept: Jobs = caller.app.state.jobs
    threading.Timer(0.2, held.set).start()
    kept.close()
    states = {job.state for job in kept._jobs.values()}  # noqa: SLF001  (nothing can be asked after the end)
    assert states == {"running", "waiting"}
    assert not kept._folder.exists()  # noqa: SLF001  (as above)
    caller.app.state.jobs = jobs.Jobs(kept.problem_of)
