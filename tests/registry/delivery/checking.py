"""How a test looks at a delivery: read and checked, every fault at hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from registry.delivery.check import check_delivery
from registry.delivery.faults import Fault, Faults
from registry.delivery.read import read_delivery

NOW = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)


def faults_of(root: Path) -> list[Fault]:
    """Every fault of a delivery."""
    faults = Faults()
    check_delivery(read_delivery(root, faults), faults, NOW)
    return faults.found


def found(root: Path) -> set[tuple[str, str, str]]:
    """Each kind of fault with its layer and field."""
    return {(fault.id, fault.layer, fault.field) for fault in faults_of(root)}
