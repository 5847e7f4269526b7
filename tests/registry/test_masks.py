"""Is there one policy of what a reader sees, does it hide what it does not name, and is nothing masked by anything else?"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import masks
from registry.masks import FIELDS, FILE, HIDDEN, READERS, MaskFileError, read_masks
from registry.parties import Identity

ROOT = Path(__file__).parents[2]
TEXT = FILE.read_text("utf-8")
WHO = Identity("达楞太", "150699197403121018", sex="1")
WRITTEN_IN = ("registry", "api")
# There whoever asks says it of themselves.
SITUATIONS = ROOT / "registry" / "decisions" / "may_i" / "situations.toml"
# Cells of figures are hidden by their own rule (STAT/masking): no person's value stands in them.
FIGURES = ROOT / "registry" / "statistics"
SITUATION = re.compile("外嫁女|出嫁女|离婚女|离异|改嫁|寡妇|入赘|上门女婿|倒插门")
"""What is said of somebody by whom they married."""


def policy(tmp_path: Path, text: str) -> Path:
    """A policy of its own."""
    path = tmp_path / "masks.toml"
    path.write_text(text, "utf-8")
    return path


@dataclass(frozen=True, slots=True)
class _WithTelephone(Identity):
    telephone: str = "13800138000"


@pytest.mark.rule("RP-663/17", "REG/27")
def test_masks_show_neither_name_nor_birth_date() -> None:
    """A name keeps its last character, a number its last two; a name of one character keeps none."""
    assert masks.person(WHO) == {"name": "**太", "id_number": "*" * 16 + "18"}
    assert masks.shown("name", "王") == "*"
    assert masks.in_a_line("达楞太", "150699197403121018") == "**太 ****************18"


@pytest.mark.parametrize("reader", READERS)
def test_field_that_the_policy_does_not_name_is_shown_to_nobody(reader: masks.Reader) -> None:
    """Issue 7, item 8: a telephone is added to a person, and no reader has it; neither has anybody what was there before."""
    assert set(masks.person(_WithTelephone("达楞太", "150699197403121018"), reader)) == {"name", "id_number"}


@given(st.sampled_from(FIELDS), st.sampled_from(READERS), st.text(min_size=3, max_size=20))
def test_pair_that_no_row_names_is_hidden(field: masks.Field, reader: masks.Reader, value: str) -> None:
    """Whatever stands in it: hidden looks the same for every value, and a field is opened only for who sees it whole."""
    named = {(row.field, to) for row in read_masks(FILE) for to in row.to}
    if (field, reader) not in named:
        assert masks.shown(field, value, reader) == HIDDEN
    assert masks.sees(field, reader) == (masks.shown(field, value, reader) == value) or value == HIDDEN


def test_public_sees_nothing_of_anybody() -> None:
    """No row gives the public a personal field; of land it is given what test_public_map.py says."""
    assert [row.field for row in read_masks(FILE) if "public" in row.to] == ["land"]


def test_address_is_seen_by_nobody_but_the_person() -> None:
    """地址保密 holds for everybody: no relative, counsel, co-holder, village, desk, sheet or export has it (users 2h)."""
    assert [reader for reader in READERS if masks.shown("address", "文苑社区1栋101", reader) != HIDDEN] == ["own"]


def test_row_holds_on_its_days_only(tmp_path: Path) -> None:
    """A county ends a row and writes a later one: each day has its own."""
    first = TEXT.index("[[shown]]")
    row = '[[shown]]\nfield = "name"\nto = ["desk"]\nhow = "{}"\nfrom = {}\nuntil = {}\nbasis = "x"\n'
    text = TEXT[:first] + row.format("whole", "2016-01-01", "2020-01-01") + row.format("last-character", "2020-01-01", "9999-12-31")
    rows = read_masks(policy(tmp_path, text))
    days = [dt.date(2015, 12, 31), dt.date(2016, 1, 1), dt.date(2019, 12, 31), dt.date(2020, 1, 1)]
    assert [masks.on(rows, day).get(("name", "desk")) for day in days] == [None, "whole", "whole", "last-character"]


@pytest.mark.parametrize(
    "change",
    [
        ('field = "name"', 'field = "telephone"'),
        ('to = ["public"]', 'to = ["everybody"]'),
        ('how = "last-two"', 'how = "most"'),
        ('how = "last-two"\n', 'how = "last-two"\nalso = 1\n'),
        ('to = ["own", "paper"]\nhow = "whole"', 'to = ["own", "desk"]\nhow = "whole"'),  # a name, in two ways
    ],
)
def test_policy_that_says_two_things_or_unknown_ones_is_refused_whole(tmp_path: Path, change: tuple[str, str]) -> None:
    """A slip in the one policy must not open a field: file, line and what to mend."""
    text = TEXT.replace(*change, 1) if change[0] in TEXT else TEXT.replace('to = ["own"]', change[1], 1)
    with pytest.raises(MaskFileError, match=r"masks\.toml"):
        read_masks(policy(tmp_path, text))


def test_nothing_else_masks() -> None:
    """One policy: no other file of the program puts stars before the end of a value, or after its beginning."""
    stars = re.compile(r"""["']\*+["']\s*\*|\*\s*["']\*+["']|["']\*{2,}["']""")
    found = {
        path.relative_to(ROOT).as_posix()
        for room in WRITTEN_IN
        for path in (ROOT / room).rglob("*.py")
        if stars.search(path.read_text("utf-8")) and FIGURES not in path.parents
    }
    assert found <= {"registry/masks.py", "api/v1/models.py"}, found  # the models show what an answer looks like


def test_no_page_and_no_list_of_words_says_of_anybody_how_they_married() -> None:
    """外嫁女 and the like are printed nowhere: not by a template, a code list, a sheet, a word of the program (issue 7, item 8)."""
    kinds = (".py", ".toml", ".html", ".js", ".css", ".csv", ".txt", ".json")
    every = [path for room in (*WRITTEN_IN, "gis") for path in (ROOT / room).rglob("*")]
    files = [path for path in every if path.suffix in kinds and path != SITUATIONS]
    found = {path.relative_to(ROOT).as_posix(): SITUATION.findall(path.read_text("utf-8")) for path in files}
    assert len(files) > 300
    assert {path: words for path, words in found.items() if words} == {}
