"""Is a village's roster read strictly, does it name nobody afterwards, and is a blank one what the register says?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from registry.cases.roster import HEADER, NobodyDueError, RosterReadsHukouError, read_roster, write_blank
from registry.papers import PAPER, PurposeMissingError
from registry.subsidies import ListRefusedError
from tests.registry import made_up
from tests.registry.cases.extending import LAND, UNTIL, line, register_homes, request, written
from tests.registry.cases.test_extension import noticed, rows_of
from tests.registry.made_up import CLERK, VILLAGE_CODE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.registry.cases.extending import Home
    from tests.registry.cases.walking import Walker


@pytest.fixture
def homes(walker: Walker) -> list[Home]:
    """Three households, the first of which settled in town."""
    found = register_homes(walker.store, walker.village, 3)
    made_up.settle(walker.store, walker.village)
    return found


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_blank_roster_read_back_differs_in_nothing(walker: Walker, homes: list[Home], tmp_path: Path, suffix: str) -> None:
    """Who lives in town is on it; its making is logged with what for; read back, no row differs."""
    path = tmp_path / f"blank{suffix}"
    assert write_blank(walker.store, CLERK, VILLAGE_CODE, LAND, UNTIL, path, "延包") == 3
    case = read_roster(walker.store, path, VILLAGE_CODE, LAND, UNTIL)
    assert sorted(case["subject"]) == sorted(home.right for home in homes)
    case_id = noticed(walker, case["subject"], case["request"])
    assert [each.row.differences for each in rows_of(walker, case_id).values()] == [()] * 3
    assert all(each.ready for each in rows_of(walker, case_id).values())
    with walker.store.reading() as connection:
        assert list(connection.scalars(sa.select(PAPER.c.what))) == ["roster"]


def test_what_is_read_names_nobody(walker: Walker, homes: list[Home], tmp_path: Path) -> None:
    """People become marks that only this register can compare; areas and codes stay."""
    case = read_roster(walker.store, written(tmp_path / "r.csv", homes), VILLAGE_CODE, LAND, UNTIL)
    said = str(case)
    assert not [text for home in homes for pair in home.identities for text in pair if text in said]
    assert case["request"]["roster"] == [
        {**line(walker.store, home), "people": line(walker.store, home)["people"]} for home in homes
    ]
    assert case["request"] == request(case["request"]["roster"], source=case["request"]["source"])


def test_old_number_and_a_blank_one_are_the_same_person(walker: Walker, homes: list[Home], tmp_path: Path) -> None:
    """A card of fifteen digits is that of eighteen; without a number the name within the household counts."""
    home = homes[1]
    (first, number), (second, _) = home.identities
    old = replace(home, identities=((first, number[:6] + number[8:17]), (second, "")))
    case = read_roster(walker.store, written(tmp_path / "r.csv", [homes[0], old, homes[2]]), VILLAGE_CODE, LAND, UNTIL)
    case_id = noticed(walker, case["subject"], case["request"])
    assert rows_of(walker, case_id)[home.holding].row.differences == ()


@pytest.mark.rule("WS-2016/II.3.1-g", "RLCL/settled-in-town")
@pytest.mark.parametrize("column", ["户口性质", "是否落户", "户籍地址", "进城"])
def test_roster_with_a_column_about_the_registration_is_refused(
    walker: Walker, homes: list[Home], tmp_path: Path, column: str
) -> None:
    """An extension does not read it (2016 plan II.3.1-g): nothing of the roster is looked at."""
    with pytest.raises(RosterReadsHukouError, match="6"):
        read_roster(walker.store, written(tmp_path / "r.csv", homes, (*HEADER, column)), VILLAGE_CODE, LAND, UNTIL)


def test_every_fault_of_a_roster_is_named(walker: Walker, homes: list[Home], tmp_path: Path) -> None:
    """A code that is none, a line about nobody and nothing, a number without a name, an area that is none."""
    path = written(tmp_path / "r.csv", homes)
    text = path.read_text(encoding="utf-8")
    code = homes[0].code
    path.write_text(f"{text}150626,,,白玉,\n{code},,,,\n{code},,,,15069919\n{code},J,x,,\n", encoding="utf-8")
    with pytest.raises(ListRefusedError) as told:
        read_roster(walker.store, path, VILLAGE_CODE, LAND, UNTIL)
    lines = len(text.splitlines())
    assert [fault.row for fault in told.value.faults] == [lines + 1, lines + 4, lines + 2, lines + 3]
    empty = tmp_path / "empty.csv"
    empty.write_text(",".join(HEADER) + "\n", encoding="utf-8")
    with pytest.raises(ListRefusedError):
        read_roster(walker.store, empty, VILLAGE_CODE, LAND, UNTIL)
    with pytest.raises(ListRefusedError):
        read_roster(walker.store, tmp_path / "absent.csv", VILLAGE_CODE, LAND, UNTIL)


def test_nobody_due_and_no_purpose_are_said(walker: Walker, homes: list[Home], tmp_path: Path) -> None:
    """No contract ends by then, no such village; a paper with names says what for."""
    path = written(tmp_path / "r.csv", homes)
    for code, until in ((VILLAGE_CODE, "2020-12-31"), ("15062699999900", UNTIL)):
        with pytest.raises(NobodyDueError):
            read_roster(walker.store, path, code, LAND, until)
    with pytest.raises(PurposeMissingError):
        write_blank(walker.store, CLERK, VILLAGE_CODE, LAND, UNTIL, tmp_path / "b.csv", " ")
    assert not (tmp_path / "b.csv").exists()
