"""A job package has what a surveyor starts from and nobody's name, and no changed one passes for it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest

from registry.delivery import job as jobs
from registry.delivery.faults import FILE, rule_pack
from registry.delivery.job import JobRulesDifferError, JobUnreadableError, read_job
from registry.exports import VillageNotFoundError, of_village
from registry.exports.job import make_job
from tests.registry import made_up
from tests.registry.exports.conftest import leaked

if TYPE_CHECKING:
    from pathlib import Path

    from registry.exports.job import MadeJob
    from registry.store.engines import Store
    from tests.registry.made_up import Village

DUE = "2026-12-31"
VILLAGE = made_up.VILLAGE_CODE[:12]


@pytest.fixture
def made(store: Store, village: Village, tmp_path: Path) -> MadeJob:
    """A job of the made-up village."""
    return make_job(store, [VILLAGE], DUE, tmp_path / "job.zip")


def changed(made: MadeJob, **contents: bytes | None) -> Path:
    """A copy of the package with files (name, a dot as "__") replaced, added or, by None, left out."""
    path = made.path.with_name("changed.zip")
    replaced = {name.replace("__", "."): content for name, content in contents.items()}
    with zipfile.ZipFile(made.path) as old, zipfile.ZipFile(path, "w") as new:
        held = {name: old.read(name) for name in old.namelist()} | replaced
        for name, content in held.items():
            if content is not None:
                new.writestr(name, content)
    return path


def test_job_holds_the_registered_parcels_with_codes_and_areas(store: Store, made: MadeJob, tmp_path: Path) -> None:
    """The parcels of an export of the village, shapes and recorded areas alike."""
    with zipfile.ZipFile(made.path) as package:
        package.extractall(tmp_path / "home")
    with store.reading() as connection:
        registered = of_village(store, connection, VILLAGE).parcels.set_index("parcel_code").sort_index()
    packed = gpd.read_file(tmp_path / "home" / "parcels.gpkg", layer="parcels").set_index("parcel_code").sort_index()
    assert len(packed) == made.parcels[VILLAGE] > 1
    assert list(packed.index) == list(registered.index)
    assert packed.geometry.geom_equals(registered.geometry).all()
    assert packed.surveyed_area_m2.tolist() == registered.surveyed_area_m2.tolist()
    assert packed.crs.to_epsg() == 4545


def test_job_names_no_person(made: MadeJob) -> None:
    """Canaries of the made-up family stand in no file of it."""
    with zipfile.ZipFile(made.path) as package:
        assert {name: leaked(package.read(name)) for name in package.namelist()} == {
            name: [] for name in package.namelist()
        }


def test_job_brings_rules_fields_and_reference_system(made: MadeJob) -> None:
    """The rules byte for byte, every code list, EPSG:4545; `sha256sum -c` finds every file whole."""
    with zipfile.ZipFile(made.path) as package:
        home = made.path.parent / "home"
        package.extractall(home)
    assert (home / "faults.toml").read_bytes() == FILE.read_bytes()
    told = json.loads((home / "job.json").read_bytes())
    assert told["rules"] == dict(zip(("version", "digest"), rule_pack(), strict=True))
    assert (told["crs"]["epsg"], told["deadline"]) == (4545, DUE)
    fields = list(csv.reader(io.StringIO((home / "fields.csv").read_text("utf-8-sig"))))
    assert ["CBFLX", "1 2 3"] in [[line[1], line[-1]] for line in fields]
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=home, capture_output=True, text=True, check=True)
    assert checked.stdout.count("OK") == 5


def test_package_digest_stands_for_every_file(made: MadeJob) -> None:
    """It is that of job.json, which names the digests of the others."""
    read = read_job(made.path)
    with zipfile.ZipFile(made.path) as package:
        assert read.digest == made.digest == sha256(package.read("job.json")).hexdigest()
    assert (read.deadline, read.rules, set(read.villages)) == (DUE, rule_pack(), {VILLAGE})
    read.require_installed_rules()


@pytest.mark.parametrize(
    "contents",
    [
        {"fields__csv": b"another"},
        {"parcels__gpkg": None},
        {"more__txt": b"added"},
        {"job__json": b"{}"},
        {"job__json": b"["},
        {"job__json": b"[]"},
        {"job__json": None},
        {"job__json": b" " * (1 << 20)},
    ],
)
def test_changed_package_is_refused(made: MadeJob, contents: dict[str, bytes | None]) -> None:
    """One file changed, left out or added; a head that is none."""
    with pytest.raises(JobUnreadableError):
        read_job(changed(made, **contents))


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    """With the same refusal."""
    (tmp_path / "job.zip").write_bytes(b"PK but no zip")
    with pytest.raises(JobUnreadableError, match="no zip"):
        read_job(tmp_path / "job.zip")


def test_other_rules_are_refused_with_both_versions_and_digests(
    made: MadeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A verdict under other rules could not be compared with the county's."""
    installed = ("2099-01", "0" * 64)
    monkeypatch.setattr(jobs, "rule_pack", lambda: installed)
    with pytest.raises(JobRulesDifferError) as refused:
        read_job(made.path).require_installed_rules()
    for named in (*rule_pack(), *installed):
        assert named in refused.value.zh
        assert named in refused.value.en


def test_job_says_which_villages_are_outside_it_and_which_are_to_come(made: MadeJob) -> None:
    """By code; and whether the deadline has passed: its own day has not."""
    read = read_job(made.path)
    said = read.said_of(["150626101206"], DUE)
    assert (said["villages_outside"], said["villages_to_come"], said["late"]) == (["150626101206"], [VILLAGE], False)
    assert read.said_of([VILLAGE], "2027-01-01")["late"]
    assert read.said_of([VILLAGE], DUE)["villages_to_come"] == []


def test_job_of_an_unknown_village_is_refused(store: Store, village: Village, tmp_path: Path) -> None:
    """Nothing is written."""
    with pytest.raises(VillageNotFoundError):
        make_job(store, ["150626999999"], DUE, tmp_path / "no.zip")
    assert list(tmp_path.glob("*.zip")) == []
