"""One whole history an engine for all attacks: each attack is refused or taken back, so none sees another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.catalogue import PRIVILEGES
from registry.store.engines import Store
from registry.store.keys import load_key_file
from tests.attacks.history import register_history
from tests.registers import copy_of, drop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.registry.made_up import Village


@pytest.fixture(scope="session", params=["file", "postgis"])
def attacked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Village]]:
    """The register with its village; nothing is ever committed to it."""
    template = request.getfixturevalue(f"{request.param}_template")
    settings = copy_of(template, tmp_path_factory.mktemp("attacked") / "registry")
    store = Store(settings, load_key_file(settings.key_file), PRIVILEGES)
    yield store, register_history(store)
    store.close()
    drop(settings)


@pytest.fixture
def history(attacked: tuple[Store, Village]) -> Store:
    """The register alone."""
    return attacked[0]


@pytest.fixture
def village(attacked: tuple[Store, Village]) -> Village:
    """Who and what is registered in it."""
    return attacked[1]
