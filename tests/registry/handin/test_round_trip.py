"""A round trip loses nothing: in, written back, read again, equal on every layer and every field."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from registry.audit import audit
from registry.delivery.faults import Faults
from registry.delivery.fingerprint import normal_values
from registry.delivery.read import read_delivery
from registry.delivery.register import import_delivery
from registry.handin import hand_in
from registry.records import DELIVERED_RECORD
from registry.store.engines import Store
from tests.registry.delivery.conftest import CLERK
from tests.registry.handin.full import Form, full_delivery, write

if TYPE_CHECKING:
    from registry.delivery.frames import Frame

_TENTH_OF_A_MILLIMETRE = 1e-4


def contents(frame: Frame) -> list[tuple[str, ...]]:
    """Every row of a part, its values in one form, sorted."""
    columns = [
        [value.replace("-", "") if column.kind in {"day", "past-day"} else value for value in normal_values(frame, column)]
        for column in frame.part.columns
    ]
    return sorted(zip(*columns, strict=True))


def shapes(frame: Frame) -> list[shapely.Geometry]:
    """The shapes of a layer in the order of `contents`."""
    assert frame.shapes is not None
    columns = [frame.values(column.name) for column in frame.part.columns]
    order = sorted(range(len(frame)), key=lambda row: tuple(column[row] for column in columns))
    return [frame.shapes[row] for row in order]


@pytest.mark.parametrize("form", ["csv", "gpkg"])
def test_delivery_with_every_field_comes_back_equal(store: Store, tmp_path: Path, form: Form) -> None:
    """NY/T 2539-2016 tables 2 and 3, and homesteads: every O and C field, geometry to 1e-4 m, on both engines."""
    root = write(full_delivery(), tmp_path / "in", form)
    report = import_delivery(store, root, CLERK)
    assert [(f.id, f.layer, f.field, f.zh) for f in report.faults if f.severity != "note"] == []
    assert {village.state for village in report.villages} == {"registered"}
    made = hand_in(store, tmp_path / "out", CLERK, "汇交试验")
    before, after = read_delivery(root, Faults()), read_delivery(made.folder, Faults())
    assert before.frames.keys() == after.frames.keys()
    for name, frame in before.frames.items():
        again = after.frames[name]
        assert contents(again) == contents(frame), name
        if frame.shapes is not None:
            apart = [one.hausdorff_distance(other) for one, other in zip(shapes(frame), shapes(again), strict=True)]
            assert max(apart) < _TENTH_OF_A_MILLIMETRE, name
            assert np.all([one.equals(other) for one, other in zip(shapes(frame), shapes(again), strict=True)]), name
    assert audit(store).findings == ()


def test_every_part_of_the_standard_is_in_the_round_trip() -> None:
    """The generator leaves out no layer and no table, so that the test above means all of them."""
    from registry.delivery.parts import PARTS  # noqa: PLC0415

    rosters = {part.name for part in PARTS if not part.name.isascii()}
    assert {part.name for part in PARTS} - rosters == set(full_delivery().rows)


@pytest.mark.parametrize("form", ["csv", "xlsx", "dbf", "gpkg"])
def test_same_content_in_another_form_adds_nothing(store: Store, tmp_path: Path, form: Form) -> None:
    """Re-import adds no version, no entry and no record, in whatever form the tables come."""
    import_delivery(store, write(full_delivery(), tmp_path / "first", "csv"), CLERK)
    kept = records(store)
    assert kept > 0
    report = import_delivery(store, write(full_delivery(), tmp_path / "again", form, split=False), CLERK)
    assert report.committed is None
    assert Counter(village.state for village in report.villages) == {"unchanged": 2}
    assert records(store) == kept
    made = hand_in(store, tmp_path / "out", CLERK, "汇交试验")
    report = import_delivery(store, made.folder, CLERK)
    assert {fault.severity for fault in report.faults} <= {"note"}
    assert (report.committed, records(store)) == (None, kept)


def records(store: Store) -> int:
    """How many delivered records are kept."""
    import sqlalchemy as sa  # noqa: PLC0415

    with store.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(DELIVERED_RECORD)) or 0
