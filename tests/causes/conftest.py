"""One register an engine with something of each of the thirteen things in it; whatever a test writes is undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from registry.catalogue import PRIVILEGES
from registry.store.engines import Store
from registry.store.keys import load_key_file
from tests.guarantee.village import registered
from tests.registers import copy_of, drop
from tests.registry.made_up import Village


@pytest.fixture(scope="session", params=["file", "postgis"])
def everything_registered(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Village]]:
    """The register and its village."""
    template = request.getfixturevalue(f"{request.param}_template")
    settings = copy_of(template, tmp_path_factory.mktemp("causes") / "registry")
    store = Store(settings, load_key_file(settings.key_file), PRIVILEGES)
    yield store, registered(store)
    store.close()
    drop(settings)
