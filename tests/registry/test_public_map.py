"""Is land shown to the public only as the county switched it on, within the limits of the day, with the statistics' counts?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from gis.crs import to_lonlat
from registry import masks
from registry.public_map import FILE, PublicMapError, public_villages, shown_on
from registry.store.settings import REGISTER_CRS
from tests.registers import store
from tests.registry.cases.extending import register_homes
from tests.registry.exports.conftest import village

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store
    from tests.registry.made_up import Village

__all__ = ["store", "village"]
ROW = '[[outlines]]\nfrom = {}\nuntil = {}\napproval_number = "{}"\nbasis = "国土局"\n'
PASTURE = np.array([shapely.box(570_010, 4_263_010, 578_000, 4_271_000)], dtype=object)
BEFORE, AFTER = dt.date(2020, 6, 17), dt.date(2020, 6, 18)


@pytest.mark.rule("SURVEY/public-outlines")
def test_limits_are_those_of_the_day_on_each_side_of_2020_06_18() -> None:
    """Law S13: 6 km² without a break until 2020-06-17 (recalled), 25 km² from 2020-06-18 on; 100 m always (our choice)."""
    assert masks.limits_on(BEFORE) == masks.Limits(100, 6)
    assert masks.limits_on(AFTER) == masks.Limits(100, 25)
    pieces = [max(part.area for part in shapely.get_parts(masks.land(PASTURE, "public", day))) for day in (BEFORE, AFTER)]
    assert pieces[0] <= 6e6 < pieces[1] <= 25e6


def test_only_the_public_has_a_row_and_nobody_before_its_first_day() -> None:
    """What masks.toml does not name is hidden: a reader without a row, a day before the row."""
    assert [reader for reader in masks.READERS if masks.land(PASTURE, reader) is not None] == ["public"]
    assert masks.land(PASTURE, "public", dt.date(2016, 9, 13)) is None
    assert masks.land(PASTURE, "public", dt.date(2016, 9, 14)) is not None


def test_outlines_are_off_until_the_county_switches_them_on_and_only_on_its_days(tmp_path: Path) -> None:
    """users.md 1.12: off by default for the public; a row holds on its days; the number of approval is the county's to fill in."""
    day = dt.date(2026, 12, 1)
    assert shown_on(tmp_path, day) is None
    rows = ROW.format("2026-12-01", "2027-01-01", "") + ROW.format("2027-01-01", "9999-12-31", "蒙S（2027）001号")
    (tmp_path / FILE).write_text(rows, "utf-8")
    found = [shown_on(tmp_path, each) for each in (dt.date(2026, 11, 30), day, dt.date(2026, 12, 31), dt.date(2027, 1, 1))]
    assert [None if each is None else each.approval_number for each in found] == [None, "", "", "蒙S（2027）001号"]


@pytest.mark.parametrize("text", [ROW.format("2026-12-01", "2027-01-01", "") * 2, "[[outlines]]\nfrom = 2026-12-01\n", "x = 1\n"])
def test_malformed_file_of_the_county_is_refused_whole(tmp_path: Path, text: str) -> None:
    """Two rows for one day, a row without its end, an unknown key: nothing is shown, file and line are named."""
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(PublicMapError, match=FILE.replace(".", r"\.")):
        shown_on(tmp_path, dt.date(2026, 12, 1))


def test_few_households_are_not_told_and_have_no_outline(store: Store, village: Village) -> None:
    """The rule of the statistics: one household is hidden in every count, its village is drawn nowhere; of six both are shown."""
    with store.reading() as connection:
        (alone,) = public_villages(store, connection, outlined=True)
    assert {use.households for use in alone.uses} <= {None, 0}
    assert (alone.name, alone.outline) == ("呼和陶勒盖嘎查", None)
    register_homes(store, village, 6)
    with store.reading() as connection:
        (six,) = public_villages(store, connection, outlined=True)
        (unseen,) = public_villages(store, connection, outlined=False)
    arable = next(use for use in six.uses if use.land_use == "arable")
    assert arable.households == 6
    assert unseen.outline is None
    assert six.outline is not None
    surveyed = to_lonlat(np.array([shapely.box(590_400, 4_263_000, 590_500, 4_263_100)], dtype=object), REGISTER_CRS)
    assert shapely.intersects(six.outline, surveyed[0])
