"""Every file of law is refused whole, naming file and row, when one thing in it is wrong: one slip a test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from registry.law import causes, parameters
from registry.law.causes import CauseListError, read_causes
from registry.law.parameters import ParameterError, read_terms, read_trades
from registry.law.strict import LawFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CAUSES = """
[[thing]]
word = "duty"
zh = "义务"
en = "duty"

[[consent]]
word = "none"
zh = "不用签字"
en = "nobody"

[[cause]]
kind = "duty-set"
zh = "义务设定"
en = "duty set"
things = ["duty"]
effect = "own"
from = 2003-03-01
until = 9999-12-31
needs_consent = false
needs_payment = false
consent = "none"
review = false
basis = "按依据定。"
cite = [{ row = "law G5", instrument = "草原法", article = "第33条" }]
confirmed = true
note = ""

[[status]]
kind = "moved-out"
zh = "迁出"
en = "move out"

[[prohibition]]
things = ["duty"]
from = 2016-09-14
until = 9999-12-31
zh = "不变"
en = "unchanged"
cite = [{ row = "law P2", instrument = "方案", article = "二（三）1" }]
confirmed = true
"""
CAUSE = CAUSES[CAUSES.index("[[cause]]") : CAUSES.index("[[status]]")]

TERM = """
[[term]]
thing = "contract-arable"
from = 2019-01-01
until = 9999-12-31
min_years = 30
max_years = 30
expiry_ends_right = false
extends = "by-years"
extends_years = 30
zh = "三十年"
en = "thirty years"
cite = [{ row = "law C9", instrument = "农村土地承包法", article = "第21条" }]
confirmed = true
note = ""
"""

TRADE = """
[[need]]
word = "filed-with-issuer"
zh = "备案"
en = "filing"

[[trade]]
kinds = ["leased"]
things = ["contract-arable"]
from = 2019-01-01
until = 9999-12-31
answer = "allowed"
within_contract_term = true
review_over_years = 20
needs = ["filed-with-issuer"]
zh = "可以"
en = "allowed"
cite = [{ row = "law C17", instrument = "农村土地承包法", article = "第36条" }]
confirmed = true
note = ""
"""
ONE_TRADE = TRADE[TRADE.index("[[trade]]") :]

G5 = 'cite = [{ row = "law G5", instrument = "草原法", article = "第33条" }]'
P2 = 'cite = [{ row = "law P2", instrument = "方案", article = "二（三）1" }]'
C9 = 'cite = [{ row = "law C9", instrument = "农村土地承包法", article = "第21条" }]'
C17 = 'cite = [{ row = "law C17", instrument = "农村土地承包法", article = "第36条" }]'
ON_DUTY = 'things = ["duty"]\neffect'
MOVED_OUT = '[[status]]\nkind = "moved-out"\nzh = "迁"\nen = "m"\n'
TWO_CITES = f"{P2[:-1]}, {G5.removeprefix('cite = [')}"
OTHER_NAME = CAUSE.replace('zh = "义务设定"', 'zh = "定义务"').replace('effect = "own"', 'effect = "follows"')

CAUSE_SLIPS = {
    "an unknown key": ("review = false", 'review = false\nhukou = "town"', "unknown key hukou"),
    "a missing key": ('effect = "own"\n', "", "effect is missing"),
    "no citation": (G5, "", "missing citation"),
    "an empty citation": (
        G5,
        "cite = []\n",
        "missing citation",
    ),
    "a citation without its article": (', article = "第33条"', "", "article is missing"),
    "a citation with an unknown key": (
        'article = "第33条"',
        'article = "第33条", page = "7"',
        "unknown key page",
    ),
    "a citation that is no table": (G5, 'cite = ["草原法"]', "a table is expected"),
    "a citation that is no list": (G5, 'cite = "草原法"', "must be a list of tables"),
    "an unknown thing word": (ON_DUTY, 'things = ["pasture"]\neffect', "unknown word 'pasture'"),
    "the word all": (ON_DUTY, 'things = ["all"]\neffect', "unknown word 'all'"),
    "a thing named twice": (ON_DUTY, 'things = ["duty", "duty"]\neffect', "names a word twice"),
    "no thing": (ON_DUTY, "things = []\neffect", "must be a list of words"),
    "an unknown effect": ('effect = "own"', 'effect = "ends"', "unknown word 'ends'"),
    "an unknown word of consent": ('consent = "none"', 'consent = "village"', "unknown word 'village'"),
    "a day written as text": ("from = 2003-03-01", 'from = "2003-03-01"', "from must be a date"),
    "a day with an hour": ("from = 2003-03-01", "from = 2003-03-01T00:00:00", "from must be a date"),
    "a window without a day in it": (
        "until = 9999-12-31\nneeds",
        "until = 2003-03-01\nneeds",
        "is not before until",
    ),
    "a flag written as text": ("needs_consent = false", 'needs_consent = "no"', "must be true or false"),
    "an empty basis": ('basis = "按依据定。"', 'basis = " "', "basis must be a text"),
    "a status word that is a cause": ('kind = "moved-out"', 'kind = "duty-set"', "R and H share no word"),
    "a status word twice": ("[[prohibition]]", MOVED_OUT + "[[prohibition]]", "share no word"),
    "a status word with an unknown key": (
        'en = "move out"',
        'en = "move out"\nends = "right"',
        "unknown key ends",
    ),
    "overlapping windows": (
        "[[status]]",
        CAUSE.replace("2003-03-01", "2010-01-01") + "[[status]]",
        "overlaps that from 2003-03-01",
    ),
    "one kind with two names": (
        "[[status]]",
        OTHER_NAME + "[[status]]",
        "another name, will or payment",
    ),
    "a prohibition with two citations": (
        P2,
        TWO_CITES,
        "exactly one citation",
    ),
    "a table of another file": ("[[thing]]", "[[term]]\nyears = 30\n\n[[thing]]", "unknown key term"),
    "a key written twice": ('effect = "own"', 'effect = "own"\neffect = "own"', "cannot be read"),
    "a day that does not exist": ("from = 2003-03-01", "from = 2003-02-30", "cannot be read"),
}

TERM_SLIPS = {
    "an unknown key": ("min_years", 'hukou = "town"\nmin_years', "unknown key hukou"),
    "no citation": (C9, "", "missing citation"),
    "an expiry that ends the right": (
        "expiry_ends_right = false",
        "expiry_ends_right = true",
        "ends nothing",
    ),
    "years the wrong way round": ("min_years = 30", "min_years = 40", "min_years 40 is above max_years 30"),
    "years that are no number": ("min_years = 30", "min_years = true", "must be a whole number above 0"),
    "no years": ("min_years = 30", "min_years = 0", "must be a whole number above 0"),
    "an extension without its years": ("extends_years = 30\n", "", "extends_years is missing"),
    "years for an extension that names none": (
        'extends = "by-years"',
        'extends = "correspondingly"',
        "unknown key extends_years",
    ),
    "an unknown thing": ('thing = "contract-arable"', 'thing = "arable"', "unknown word 'arable'"),
    "an empty quote": ("confirmed", 'quote = ""\nconfirmed', "quote must be a text"),
    "overlapping windows": (
        "[[term]]",
        TERM.replace("until = 9999-12-31", "until = 2020-01-01") + "[[term]]",
        "overlaps that from 2019-01-01",
    ),
}

TRADE_SLIPS = {
    "an unknown key": ("answer", 'lives_in = "town"\nanswer', "unknown key lives_in"),
    "an unknown answer": ('answer = "allowed"', 'answer = "maybe"', "unknown word 'maybe'"),
    "an unknown need": (
        'needs = ["filed-with-issuer"]',
        'needs = ["rural-hukou"]',
        "unknown word 'rural-hukou'",
    ),
    "a kind of class H": ('kinds = ["leased"]', 'kinds = ["moved-out"]', "unknown word 'moved-out'"),
    "a limit on what is refused": (
        'answer = "allowed"',
        'answer = "refused"',
        "unknown key review_over_years",
    ),
    "no citation": (C17, "", "missing citation"),
    "overlapping windows": (
        "[[trade]]",
        ONE_TRADE.replace("2019-01-01", "2003-03-01") + "[[trade]]",
        "overlaps that from 2003-03-01",
    ),
}

CASES = [
    *((read_causes, CAUSES, CauseListError, *slip, name) for name, slip in CAUSE_SLIPS.items()),
    *((read_terms, TERM, ParameterError, *slip, name) for name, slip in TERM_SLIPS.items()),
    *((read_trades, TRADE, ParameterError, *slip, name) for name, slip in TRADE_SLIPS.items()),
]


@pytest.mark.parametrize(
    ("read", "whole", "error", "right", "wrong", "says"),
    [case[:-1] for case in CASES],
    ids=[f"{case[0].__name__}: {case[-1]}" for case in CASES],
)
def test_a_file_of_law_with_one_slip_is_refused_naming_file_and_row(
    read: Callable[[Path], object],
    whole: str,
    error: type[LawFileError],
    right: str,
    wrong: str,
    says: str,
    tmp_path: Path,
) -> None:
    """The loader believes nothing that it does not know: unknown key or word, no citation, overlap."""
    assert right in whole
    path = tmp_path / "law.toml"
    path.write_text(whole.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(error, match=re.escape(says)) as refusal:
        read(path)
    assert refusal.value.file == "law.toml"
    assert "law.toml" in refusal.value.zh
    assert says == "cannot be read" or refusal.value.row in refusal.value.en


@pytest.mark.parametrize(("read", "whole"), [(read_causes, CAUSES), (read_terms, TERM), (read_trades, TRADE)])
def test_the_file_that_the_slips_are_made_from_is_itself_accepted(
    read: Callable[[Path], object], whole: str, tmp_path: Path
) -> None:
    """Each slip above is the only thing wrong in its file, or the refusals would prove nothing."""
    path = tmp_path / "law.toml"
    path.write_text(whole, encoding="utf-8")
    assert read(path)


def test_a_file_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    """A file saved as GBK by an old editor is refused by name, not read as other words."""
    path = tmp_path / "law.toml"
    path.write_bytes(CAUSES.encode("gbk"))
    with pytest.raises(CauseListError, match="cannot be read"):
        read_causes(path)


def test_a_row_of_the_list_of_causes_is_named_with_its_number_and_kind(tmp_path: Path) -> None:
    """A refusal names the row so that it is found at once: the table, its number, its kind."""
    path = tmp_path / "law.toml"
    path.write_text(CAUSES.replace('effect = "own"', 'effect = "ends"'), encoding="utf-8")
    with pytest.raises(CauseListError) as refusal:
        read_causes(path)
    assert refusal.value.row == "[[cause]] 1 duty-set"


def test_the_shipped_files_lie_beside_their_loaders() -> None:
    """The files are package data beside the code that reads them, so that the wheel alone has them."""
    assert causes.FILE.is_file()
    assert parameters.TERMS.is_file()
    assert parameters.TRADES.is_file()
