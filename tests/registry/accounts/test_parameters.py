"""Is each figure of sign-in the one of its day, and a slip in the file refused by line?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from registry.accounts import parameters
from registry.accounts.parameters import ParameterFileError, parameter, read_parameters

if TYPE_CHECKING:
    from pathlib import Path

LATER = """
[[parameter]]
id = "failures"
zh = "x"
en = "x"
from = 2030-01-01
value = 3
basis = "x"
confirmed = true
"""


def test_figure_holds_from_its_day_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later row ends the one before on its day; before the first day the first holds."""
    path = tmp_path / "parameters.toml"
    path.write_text(parameters.FILE.read_text("utf-8") + LATER, "utf-8")
    monkeypatch.setattr(parameters, "FILE", path)
    days = (date(2000, 1, 1), date(2029, 12, 31), date(2030, 1, 1))
    assert [parameter("failures", day) for day in days] == [5, 5, 3]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("2030-01-01", "2016-09-14"), "later than the one before"),
        (("failures", "failings"), "unknown word"),
        (("value = 3", "value = 0"), "above 0"),
        (('basis = "x"\n', ""), "basis is missing"),
    ],
)
def test_slip_in_a_figure_is_refused(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    """Out of order, unknown, none, without its source."""
    path = tmp_path / "parameters.toml"
    path.write_text(parameters.FILE.read_text("utf-8") + LATER.replace(*change), "utf-8")
    with pytest.raises(ParameterFileError, match=says):
        read_parameters(path)


def test_figure_that_is_missing_is_refused(tmp_path: Path) -> None:
    """Every figure that the program asks for stands in the file."""
    path = tmp_path / "parameters.toml"
    path.write_text(LATER.strip(), "utf-8")
    with pytest.raises(ParameterFileError, match="idle-minutes is missing"):
        read_parameters(path)
