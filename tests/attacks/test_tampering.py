"""Does the audit find every edit that an owner can make with the locks off? Hazard C7.

One kind of edit for every column of every table, made from the schema's own metadata: a column that is added is
attacked without anybody remembering to. Then whole rows: one taken out, one put in.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from gis.storage import Shape
from registry.audit.report import audit_view
from registry.audit.rows import key_columns, key_of, stored
from registry.catalogue import tables
from registry.store.schema import METADATA
from registry.store.types import Bytes, Day, Words
from tests.attacks.history import register_history
from tests.attacks.locks_off import damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Column, Table
    from sqlalchemy.engine import Connection

    from registry.ledger.check import Disagreement
    from registry.store.engines import Store

COLUMNS = [(table.name, column.name) for table in tables() for column in table.columns]

NOT_FOUND: dict[tuple[str, str], str] = {}
"""Columns whose edit nothing betrays, each with the reason. An entry here is a debt, or says why it is none."""


@pytest.fixture(scope="module", params=["file", "postgis"])
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One whole history an engine; every attack on it is taken back."""
    yield from whole_history(request, tmp_path_factory)


def whole_history(request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> Iterator[Store]:
    """Make it once for a module."""
    raise NotImplementedError
