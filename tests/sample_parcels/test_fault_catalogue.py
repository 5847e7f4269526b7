"""Do the catalogue of faults, docs/delivery.md and the sample's columns say the same?"""

from __future__ import annotations

import re
import string
import tomllib
from typing import Any

import pytest

from tests.sample_parcels.conftest import SAMPLE, Read

ROOT = SAMPLE.parent
FAULTS: list[dict[str, Any]] = tomllib.loads((ROOT / "registry" / "delivery" / "faults.toml").read_text("utf-8"))[
    "fault"
]
DOC = (ROOT / "docs" / "delivery.md").read_text("utf-8")


def test_fault_ids_are_short_words_used_once() -> None:
    """A fault is named by a word that a report, a test and a page can all say."""
    ids = [fault["id"] for fault in FAULTS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+){0,4}", one) for one in ids)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["id"])
def test_fault_says_what_and_what_to_do_in_both_languages(fault: dict[str, Any]) -> None:
    """Both sentences have the same placeholders, named in `needs`; the severity is one of three."""
    assert set(fault) - {"tolerance", "of_register", "may_be_excepted"} == {
        *("id", "severity", "scope", "at", "clause", "needs"),
        *("zh", "en", "hint_zh", "hint_en"),
    }
    assert fault["severity"] in {"refuse", "hold", "note"}
    assert fault["scope"] in {"village", "delivery"}
    assert _placeholders(fault["zh"]) == _placeholders(fault["en"])
    in_hints = _placeholders(fault["hint_zh"]) | _placeholders(fault["hint_en"])
    assert _placeholders(fault["zh"]) | in_hints == set(fault["needs"])
    assert all(fault[key] for key in ("clause", "zh", "en", "hint_zh", "hint_en"))
    if "tolerance" in fault:
        assert set(fault["tolerance"]) == {"value", "unit", "confirmed"}
        assert fault["tolerance"]["value"] > 0


def test_documented_catalogue_is_the_data() -> None:
    """The page prints every fault as the file has it."""
    lines = re.findall(r"^\| `([^`]+)` \| (\w+) \| (\w+) \| (.+) \| (.+) \| (.+) \|$", DOC, re.MULTILINE)
    assert lines == [
        (
            fault["id"],
            fault["severity"],
            fault["scope"],
            fault["at"],
            f"{fault['zh']} · {fault['en']}",
            f"{fault['hint_zh']} · {fault['hint_en']}",
        )
        for fault in FAULTS
    ]


def test_delivered_columns_are_described(clean: Read) -> None:
    """Every column of the sample stands in docs/delivery.md under its table's heading."""
    sections = {
        heading.split()[0]: text
        for heading, text in re.findall(r"^### (.+?)\n(.*?)(?=^##)", DOC, re.MULTILINE | re.DOTALL)
    }
    for name, rows in clean.rows.items():
        first_cells = " ".join(line.split("|")[1] for line in sections[name].splitlines() if line.startswith("|"))
        words = set(re.split(r"[\s,*]+", first_cells))
        assert set(rows[0]) <= words, name


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
