"""One settled register an engine for everything that only looks, or whose damage is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from registry.catalogue import PRIVILEGES
from registry.settlement import Recorded
from registry.store.engines import Store
from registry.store.keys import load_key_file
from tests.guarantee import village as villages
from tests.registers import copy_of, drop
from tests.registry import made_up
from tests.registry.cases.conftest import store, walker
from tests.registry.made_up import Village

__all__ = ["store", "walker"]


@dataclass(frozen=True)
class Settled:
    """A register in which the whole family has settled in town; nothing is ever committed to it any more."""

    store: Store
    village: Village
    moved: Recorded


@pytest.fixture(scope="session", params=["file", "postgis"])
def settled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settled]:
    """The register after the move."""
    template = request.getfixturevalue(f"{request.param}_template")
    settings = copy_of(template, tmp_path_factory.mktemp("settled") / "registry")
    store = Store(settings, load_key_file(settings.key_file), PRIVILEGES)
    village = villages.registered(store)
    yield Settled(store, village, made_up.settle(store, village))
    store.close()
    drop(settings)
