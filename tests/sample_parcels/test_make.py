"""Does the script make the committed sample again, byte for byte?"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from sample_parcels import shapefile
from sample_parcels.make import write_sample
from sample_parcels.people import credit_code, id_number
from tests.sample_parcels.conftest import SAMPLE

_LARGEST_SAMPLE = 3_000_000  # bytes: it ships in the wheel


def test_sample_made_again_is_the_committed_one_byte_for_byte(tmp_path: Path) -> None:
    """A generated file is regenerated in CI and must not differ (style.md 10)."""
    write_sample(tmp_path)
    made = {path.relative_to(tmp_path): path for path in tmp_path.rglob("*") if path.is_file()}
    kept = {
        path.relative_to(SAMPLE)
        for part in ("delivery", "faults")
        for path in (SAMPLE / part).rglob("*")
        if path.is_file()
    }
    assert set(made) == kept
    assert [str(name) for name, path in made.items() if path.read_bytes() != (SAMPLE / name).read_bytes()] == []


def test_sample_is_small_enough_to_ship() -> None:
    """The wheel carries the samples (issue 3, Build 1)."""
    assert sum(p.stat().st_size for p in SAMPLE.rglob("*") if "__pycache__" not in p.parts) < _LARGEST_SAMPLE


def test_sample_folder_runs_nothing_on_import() -> None:
    """sample_parcels is package data: importing it must not reach into the registry."""
    for path in SAMPLE.glob("*.py"):
        text = path.read_text("utf-8")
        assert "from registry" not in text
        assert "import registry" not in text


def test_divisions_hold_the_three_villages_and_the_community_of_the_story() -> None:
    """The villages and 文苑社区 are real divisions of the banner (users.md 5)."""
    with (SAMPLE / "divisions.csv").open(encoding="utf-8", newline="") as lines:
        villages = {row["village_code"]: row["village"] for row in csv.DictReader(lines)}
    for code, name in (
        ("150626100210", "呼和陶勒盖"),
        ("150626101206", "布日都"),
        ("150626104213", "巴图湾"),
        ("150626100010", "文苑社区"),
    ):
        assert villages[code].startswith(name)


def test_check_digits_follow_their_standards() -> None:
    """Published examples: GB 11643-1999 appendix (110105194912310021 pattern), GB 32100-2015."""
    assert id_number("11010519491231002") == "11010519491231002X"
    assert credit_code("91350100M000100Y4") == "91350100M000100Y43"


def test_dbf_refuses_text_that_its_field_cannot_hold(tmp_path: Path) -> None:
    """A text cut in the middle of a Chinese character would be silent damage."""
    ring = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
    with pytest.raises(ValueError, match="超长"):
        shapefile.write(
            tmp_path / "X",
            (("NAME", "C", 3, 0),),
            [{"NAME": "草场"}],
            [[ring]],
            projection="",
            day=(date.min.year + 1999, 1, 1),
            code_page=None,
        )
