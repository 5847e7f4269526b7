"""A rule that is wrong in one thing does not load, and the refusal says which line of which file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from registry.law.book import RuleBookError, read_book

if TYPE_CHECKING:
    from pathlib import Path

PARAMETERS = """
[years]
kind = "whole"
unit_zh = "年"
unit_en = "years"
zh = "年数"
en = "years"

[share]
kind = "fraction"
unit_zh = "占全体"
unit_en = "of all"
zh = "比例"
en = "share"

[bureaus]
kind = "words"
unit_zh = "个"
unit_en = "names"
words."公安局" = { zh = "公安局", en = "the police" }
zh = "部门"
en = "bureaus"
"""
INSTRUMENTS = """
[PLAN]
zh = "方案"
en = "plan"
"""
QUESTIONS = """
[Q1]
zh = "算不算？"
en = "Does it count?"
until_zh = "由工作人员看。"
until_en = "A person decides."
rules = ["PLAN/1"]
"""
RULES = '''# a plan
["1"]
class = "parameter"
place = "150626"
reviewed = "nobody"
checked = 2026-11-26

[["1".version]]
from = 2016-09-14
until = 2019-01-01
zh = "满两年"
en = "two years"
cite = [
  { row = "P 1", instrument = "方案", article = "一" },
]
quote = "满两年的人"
parameter.years = { value = 2, confirmed = true }
confirmed = true
source = "plan"
questions = ["Q1"]
note_zh = """
[this looks like a header]
"""
note_en = "of it"

[["1".version]]
from = 2019-01-01
until = 9999-12-31
zh = "满三年"
en = "three years"
cite = [{ row = "P 1", instrument = "方案", article = "一" }]
quote = "满三年的人"
parameter.years = { value = 3, confirmed = false }
parameter.share = { value = "2/3", confirmed = true }
parameter.bureaus = { value = ["公安局"], confirmed = true }
confirmed = false
source = "plan"

["2"]
class = "decision"
place = "nation"
reviewed = "政府法制办 2016-08-30"

[["2".version]]
from = 2016-09-14
until = 9999-12-31
zh = "可以"
en = "may"
cite = [{ row = "P 2", instrument = "方案", article = "二" }]
quote = "可以"
confirmed = false
source = "plan"
'''
TEXT = "满两年的人，后来满三年的人，可以。\n"
SECOND = 'cite = [{ row = "P 2", instrument = "方案", article = "二" }]\n'

# slip -> (what stands there, what is put in its place, how the refused line begins, what the refusal says)
SLIPS = {
    "no citation": (SECOND, "", '[["2".version]]', "missing citation"),
    "a citation without its article": (', article = "二"', "", 'cite = [{ row = "P 2"', "article is missing"),
    "an unknown key of a rule": ('["1"]', '["1"]\nhukou = "town"', "hukou", "unknown key hukou"),
    "an unknown key of a version": ('zh = "满三年"', 'zh = "满三年"\nends = true', "ends = true", "unknown key ends"),
    "an unknown parameter": ("years = { value = 3", "months = { value = 3", "parameter.months", "unknown parameter months"),
    "a parameter that is no whole number": ("value = 3", 'value = "3"', "parameter.years", "must be a whole number"),
    "a parameter that is no fraction": ('"2/3"', '"two thirds"', "parameter.share", "is no fraction"),
    "a fraction over nothing": ('"2/3"', '"2/0"', "parameter.share", "is no fraction"),
    "a parameter that is no list": ('["公安局"]', '"公安局"', "parameter.bureaus", "must be a list of texts"),
    "a word that nobody can read": ('["公安局"]', '["税务局"]', "parameter.bureaus", "has no words to be read by"),
    "a word twice": ('["公安局"]', '["公安局", "公安局"]', "parameter.bureaus", "names a text twice"),
    "a parameter not said to be confirmed": (", confirmed = false }", " }", "parameter.years", "confirmed is missing"),
    "a parameter with an unknown key": ("value = 3,", "value = 3, of = 1,", "parameter.years", "unknown key of"),
    "overlapping days": ("from = 2019-01-01", "from = 2018-12-31", "from = 2018-12-31", "overlaps that from 2016-09-14"),
    "days out of order": ("from = 2019-01-01", "from = 2015-01-01", "from = 2015-01-01", "out of order"),
    "a window without a day": ("until = 2019-01-01", "until = 2016-09-14", "from = 2016-09-14", "is not before until"),
    "an unknown class": ('class = "decision"', 'class = "aim"', 'class = "aim"', "unknown word 'aim'"),
    "an unknown place": ('place = "nation"', 'place = "110000"', 'place = "110000"', "unknown word '110000'"),
    "an unknown question": ('["Q1"]', '["Q2"]', "questions", "unknown word 'Q2'"),
    "a quote not in the text": ('quote = "可以"', 'quote = "可以吗"', "quote", "not in the text of the instrument"),
    "no quote where the text is at hand": ('quote = "可以"\n', "", '[["2".version]]', "missing quote"),
    "nothing about a review": ('reviewed = "政府法制办 2016-08-30"\n', "", '["2"]', "reviewed is missing"),
    "a parameter rule without one": ("parameter.years = { value = 2, confirmed = true }\n", "", '["1"]', "has no parameter"),
    "a rule without a version": (RULES[RULES.index('[["2".version]]') :], "version = []\n", '["2"]', "there is no version"),
    "versions that are no list": (RULES[RULES.index('[["2".version]]') :], "version = 1\n", "version = 1", "list of tables"),
    "no source": ('source = "plan"\n\n["2"]', '\n["2"]', '[["1".version]]', "source is missing"),
    "a note in one language": ('note_en = "of it"\n', "", '[["1".version]]', "note_en is missing"),
    "a key written twice": ('zh = "可以"', 'zh = "可以"\nzh = "不"', 'zh = "不"', "cannot be read"),
}


def _write(folder: Path, *, rules: str = RULES, parameters: str = PARAMETERS, questions: str = QUESTIONS) -> Path:
    (folder / "PLAN").mkdir()
    (folder / "PLAN" / "rules.toml").write_text(rules, "utf-8")
    (folder / "PLAN" / "text.zh.txt").write_text(TEXT, "utf-8")
    (folder / "instruments.toml").write_text(INSTRUMENTS, "utf-8")
    (folder / "parameters.toml").write_text(parameters, "utf-8")
    (folder / "questions.toml").write_text(questions, "utf-8")
    return folder


def test_the_book_that_the_slips_are_made_from_is_itself_accepted(tmp_path: Path) -> None:
    """Each slip below is the only thing wrong, or the refusals would prove nothing."""
    book = read_book(_write(tmp_path))
    assert book.ids() == ("PLAN/1", "PLAN/2")
    first, second = book.versions("PLAN/1")
    assert (first.confirmed, second.confirmed) == (True, False)
    assert book.versions("PLAN/2")[0].reviewed == "政府法制办 2016-08-30"
    assert "looks like a header" in first.note_zh
    assert second.parameter("bureaus").words == (("公安局", "the police"),)


@pytest.mark.parametrize(("right", "wrong", "line", "says"), list(SLIPS.values()), ids=list(SLIPS))
def test_a_rule_with_one_slip_is_refused_with_its_line(
    right: str, wrong: str, line: str, says: str, tmp_path: Path
) -> None:
    """Issue 5, item 1: no citation, an unknown parameter, overlapping dates: it does not load and says which line."""
    assert right in RULES
    whole = RULES.replace(right, wrong, 1)
    with pytest.raises(RuleBookError, match=re.escape(says)) as refusal:
        read_book(_write(tmp_path, rules=whole))
    said = refusal.value
    assert whole.splitlines()[said.line - 1].startswith(line)
    assert f"PLAN/rules.toml 第 {said.line} 行" in said.zh
    assert f"PLAN/rules.toml, line {said.line} " in said.en


def test_a_rule_that_is_confirmed_but_was_never_checked_is_refused(tmp_path: Path) -> None:
    """A rule that was looked at says when: `checked` (style.md section 2)."""
    whole = RULES.replace("checked = 2026-11-26\n", "")
    with pytest.raises(RuleBookError, match="says when it was checked") as refusal:
        read_book(_write(tmp_path, rules=whole))
    assert refusal.value.line == 17


def test_one_id_in_two_files_is_refused(tmp_path: Path) -> None:
    """One rule, one place."""
    folder = _write(tmp_path)
    (folder / "PLAN" / "second.toml").write_text(RULES, "utf-8")
    with pytest.raises(RuleBookError, match="PLAN/1 is there already"):
        read_book(folder)


def test_a_folder_without_a_name_is_refused(tmp_path: Path) -> None:
    """A reader is told what a folder holds."""
    folder = _write(tmp_path)
    (folder / "instruments.toml").write_text(INSTRUMENTS.replace("PLAN", "LAW"), "utf-8")
    with pytest.raises(RuleBookError, match=r"PLAN is not in instruments\.toml"):
        read_book(folder)


def test_a_question_about_no_rule_is_refused(tmp_path: Path) -> None:
    """A question stands where it arises: a rule of the book."""
    with pytest.raises(RuleBookError, match="unknown rule PLAN/9") as refusal:
        read_book(_write(tmp_path, questions=QUESTIONS.replace("PLAN/1", "PLAN/9")))
    assert (refusal.value.file, refusal.value.line) == ("questions.toml", 7)


def test_a_kind_of_parameter_that_is_not_known_is_refused(tmp_path: Path) -> None:
    """A parameter is a whole number, a fraction or words, never a float."""
    with pytest.raises(RuleBookError, match="unknown word 'float'") as refusal:
        read_book(_write(tmp_path, parameters=PARAMETERS.replace('"whole"', '"float"')))
    assert (refusal.value.file, refusal.value.line) == ("parameters.toml", 3)
