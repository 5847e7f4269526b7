"""A walker over the made-up family's registry, on each engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.registry import made_up
from tests.registry.cases.walking import Walker

if TYPE_CHECKING:
    from registry.store.engines import Store


@pytest.fixture
def walker(store: Store) -> Walker:
    """Somebody who walks cases of the family."""
    return Walker(store, made_up.register_village(store))
