"""A walker over the made-up family's registry, on each engine."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest

from tests.registry.cases.walking import Walker

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.store.engines import Store
    from tests.registry.made_up import Village


@pytest.fixture
def store(request: pytest.FixtureRequest, make_store: Callable[[str], Store], engine_name: str) -> Store:
    """A fresh registry, on each engine in turn; with the family in it where the test asks for a walker."""
    return make_store(f"registered_{engine_name}" if "walker" in request.fixturenames else engine_name)


@pytest.fixture
def walker(store: Store, engine_name: str, families: dict[str, Village]) -> Walker:
    """Somebody who walks cases of the family."""
    return Walker(store, copy.deepcopy(families[f"registered_{engine_name}"]))
