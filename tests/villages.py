"""Where does a test get a registry that has the made-up family in it? A copy, on either engine, of one that was filled once.

`make_store("settled_file")` and its like give it; the ids of what is registered there are those of `families`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.catalogue import PRIVILEGES
from registry.store.engines import Store
from registry.store.keys import load_key_file
from tests.registers import copy_of, drop
from tests.registry import made_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.store.settings import Settings
    from tests.registry.made_up import Village


def _settled(store: Store) -> Village:
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    made_up.settle(store, village)
    return village


FILLED: dict[str, Callable[[Store], Village]] = {"registered": made_up.register_village, "settled": _settled}
"""The family registered in 2016; the same, and settled in town in 2017."""


@pytest.fixture(scope="session")
def families() -> dict[str, Village]:
    """Who and what is registered in each template that was made, by its name. Never altered: a test has a copy."""
    return {}


@pytest.fixture(scope="session")
def registered_file_template(
    file_template: Settings, families: dict[str, Village], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """An embedded registry with the family, never written again."""
    yield from _filled("registered_file", file_template, families, tmp_path_factory)


@pytest.fixture(scope="session")
def registered_postgis_template(
    postgis_template: Settings, families: dict[str, Village], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """The same on PostGIS."""
    yield from _filled("registered_postgis", postgis_template, families, tmp_path_factory)


@pytest.fixture(scope="session")
def settled_file_template(
    file_template: Settings, families: dict[str, Village], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """An embedded registry with the family that settled, never written again."""
    yield from _filled("settled_file", file_template, families, tmp_path_factory)


@pytest.fixture(scope="session")
def settled_postgis_template(
    postgis_template: Settings, families: dict[str, Village], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """The same on PostGIS."""
    yield from _filled("settled_postgis", postgis_template, families, tmp_path_factory)


def _filled(
    name: str, empty: Settings, families: dict[str, Village], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    settings = copy_of(empty, tmp_path_factory.mktemp(name) / "registry")
    store = Store(settings, load_key_file(settings.key_file), PRIVILEGES)
    families[name] = FILLED[name.partition("_")[0]](store)
    store.close()  # PostgreSQL copies no database that somebody is connected to
    yield settings
    drop(settings)
