"""A job is packed by the county's command and kept by the surveyor's, on the same words."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.delivery.faults import rule_pack
from registry.delivery.job import read_job
from tests.registry.delivery.conftest import SAMPLES

if TYPE_CHECKING:
    from tests.api.conftest import Ended

FAULTY = SAMPLES / "faults" / "150626乌审旗"
SOUND = SAMPLES / "delivery" / "150626乌审旗"
GACHA, OTHERS = "150626100210", ["150626101206", "150626104213"]


@pytest.fixture
def job(command: Callable[..., Ended], tmp_path: Path) -> Path:
    """A job of one village, made by the command."""
    path = tmp_path / "job.zip"
    ended = command("job", "make", GACHA, "-o", str(path), "--deadline", "2026-12-31", "--json")
    assert ended.code == 0, ended.err
    assert ended.json["rules"] == dict(zip(("version", "digest"), rule_pack(), strict=True))
    return path


def test_inspection_for_a_job_names_what_is_outside_it(command: Callable[..., Ended], job: Path) -> None:
    """In words and in JSON; it changes no verdict."""
    ended = command("inspect", str(SOUND), "--job", str(job), "--as-of", "2026-01-15", "--json")
    assert ended.code == 0, ended.err
    assert ended.json["job"]["villages_outside"] == OTHERS
    assert not ended.json["job"]["late"]
    alone = command("inspect", str(SOUND), "--as-of", "2026-01-15", "--json").json
    assert alone["verdict_digest"] == ended.json["verdict_digest"]
    said = command("inspect", str(SOUND), "--job", str(job), "--as-of", "2027-01-15").out
    assert f"不在任务包里的村: {', '.join(OTHERS)}" in said
    assert "已过期限" in said


def test_job_says_its_digest_to_be_noted(command: Callable[..., Ended], job: Path, tmp_path: Path) -> None:
    """What is packed twice of one state differs in the file's own times only: each package has its own digest, said."""
    ended = command("job", "make", GACHA, "-o", str(tmp_path / "again.zip"), "--deadline", "2026-12-31")
    assert ended.code == 0, ended.err
    assert read_job(tmp_path / "again.zip").digest in ended.out
    assert read_job(job).villages == read_job(tmp_path / "again.zip").villages


def test_inspection_refuses_a_job_of_other_rules(command: Callable[..., Ended], job: Path, tmp_path: Path) -> None:
    """Both versions and both digests are named, nothing is checked."""
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(job) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "job.json":
                content = json.dumps(json.loads(content) | {"rules": {"version": "2031-05", "digest": "ab" * 32}}).encode()
            new.writestr(name, content)
    report = tmp_path / "report.csv"
    ended = command("inspect", str(FAULTY), "--job", str(other), "--report", str(report))
    assert ended.code == 2
    for named in (*rule_pack(), "2031-05", "ab" * 32):
        assert named in ended.err
    assert not report.exists()


def test_job_is_due_on_a_day_of_the_calendar(command: Callable[..., Ended], tmp_path: Path) -> None:
    """And of villages by their codes."""
    for village, day in ((GACHA, "2026-02-30"), ("呼和陶勒盖", "2026-12-31"), ("150626999999", "2026-12-31")):
        ended = command("job", "make", village, "-o", str(tmp_path / "no.zip"), "--deadline", day)
        assert ended.code == 2
    assert not (tmp_path / "no.zip").exists()
