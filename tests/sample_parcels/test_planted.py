"""The inspection finds exactly what was planted: every rule of the catalogue, recall and precision 1.0 by rule and row.

The truth comes from the generator, which knows nothing of the inspection: rows by identity, land by the drawing.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from registry.delivery.faults import Fault, catalogue
from registry.delivery.inspection import inspect_delivery
from registry.delivery.register import import_delivery
from registry.ledger.commit import Officer
from registry.store.engines import Store
from sample_parcels.planted.case import COLUMNS, Maker, Truth, cases, planted, write, write_truth
from sample_parcels.planted.ground import VILLAGES, clean_delivery
from sample_parcels.planted.make import ROOMS, write_all

NOW = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)
EACH = [(rule, name, make) for rule, name, make in cases() if not catalogue()[rule].of_register]
OF_REGISTER = [(rule, name, make) for rule, name, make in cases() if catalogue()[rule].of_register]


def _named(faults: list[Fault]) -> Counter[Truth]:
    return Counter(
        (fault.id, fault.file, fault.layer, "" if fault.row is None else str(fault.row), fault.field, fault.village)
        for fault in faults
    )


def test_every_rule_has_planted_faults() -> None:
    """A rule without a case fails here, and so does a case of no rule."""
    assert len(ROOMS) > 0
    assert {rule for rule, _, _ in cases()} == set(catalogue())


def test_clean_delivery_has_no_fault(tmp_path: Path) -> None:
    """Nothing found, nothing noted, and nothing below a tolerance, in any of its villages."""
    report = inspect_delivery(write(clean_delivery(), tmp_path), NOW).report
    assert report.faults == []
    assert len(report.villages) == len(VILLAGES) + 1
    assert not any(one.count for village in report.villages for one in village.below)


@pytest.mark.parametrize(("rule", "name", "make"), EACH, ids=[f"{rule}-{name}" for rule, name, _ in EACH])
def test_exactly_the_planted_faults_are_found(rule: str, name: str, make: Maker, tmp_path: Path) -> None:
    """None missing (recall), none else (precision), each at its file, layer, row, field and village."""
    delivered, truth = planted(make).write(tmp_path)
    assert rule in {told[0] for told in truth}, name
    assert _named(inspect_delivery(delivered, NOW).report.faults) == Counter(truth)


@pytest.mark.parametrize(("rule", "name", "make"), OF_REGISTER, ids=[f"{rule}-{name}" for rule, name, _ in OF_REGISTER])
def test_what_only_the_register_knows_is_found(rule: str, name: str, make: Maker, store: Store, tmp_path: Path) -> None:
    """Against what was registered before, on both engines; the rules alone say nothing of it."""
    plant, clerk = planted(make), Officer("张晓梅", "乌审旗农牧业局")
    assert plant.before is not None
    first = import_delivery(store, write(plant.before, tmp_path / "before"), clerk)
    assert {village.state for village in first.villages} == {"registered"}
    delivered, truth = plant.write(tmp_path)
    assert rule in {told[0] for told in truth}, name
    assert _named(import_delivery(store, delivered, clerk, check_only=True).faults) == Counter(truth)
    assert inspect_delivery(delivered, NOW).report.faults == []


def test_deliveries_are_written_with_their_truth(tmp_path: Path) -> None:
    """By the script: the delivery, TRUTH.csv beside it, the same bytes each time."""
    for out in (tmp_path / "a", tmp_path / "b"):
        assert write_all(out, ("mu-twin",)) == 1
    folder = tmp_path / "a" / "mu-twin" / "cells"
    with (folder / "TRUTH.csv").open(encoding="utf-8") as lines:
        header, *listed = csv.reader(lines)
    assert tuple(header) == COLUMNS
    assert _named(inspect_delivery(next(folder.glob("1506*")), NOW).report.faults) == Counter(tuple(line) for line in listed)
    ours = {path.relative_to(tmp_path / "a"): path.read_bytes() for path in (tmp_path / "a").rglob("*") if path.is_file()}
    assert ours == {path.relative_to(tmp_path / "b"): path.read_bytes() for path in (tmp_path / "b").rglob("*") if path.is_file()}
    write_truth([], tmp_path / "none.csv")
    assert (tmp_path / "none.csv").read_text("utf-8") == "rule,file,layer,row,field,village\n"
