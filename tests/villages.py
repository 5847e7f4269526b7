"""Where does a test get a registry that has the made-up family in it? A copy, on either engine, of one that was filled once.

`make_store("settled_file")` and its like give it; the ids of what is registered there are those of `families`. And the sample
delivery, registered: for whoever asks for `delivered`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.catalogue import PRIVILEGES
from registry.delivery.register import import_delivery
from registry.ledger.commit import Officer
from registry.store.engines import Store
from registry.store.keys import load_key_file
from sample_parcels.books import DELIVERY
from tests.registers import copy_of, drop
from tests.registry import made_up
from tests.registry.made_up import Village

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from registry.store.settings import Settings


def _settled(store: Store) -> Village:
    village = made_up.register_village(store)
    made_up.register_hukou(store, village)
    made_up.settle(store, village)
    return village


def _delivered(store: Store) -> Village:
    assert not import_delivery(store, DELIVERY, Officer("张晓梅", "乌审旗农牧业局")).returned
    return Village()


FILLED: dict[str, Callable[[Store], Village]] = {
    "registered": made_up.register_village,
    "settled": _settled,
    "delivered": _delivered,
}
"""The family registered in 2016; the same, and settled in town in 2017; the sample delivery, without that family."""


@pytest.fixture(scope="session")
def families() -> dict[str, Village]:
    """Who and what is registered in each template that was made, by its name. Never altered: a test has a copy."""
    return {}


def _template(name: str) -> object:
    """A registry of one of these fillings on one engine (`settled_postgis`), made once a session and never written again."""

    @pytest.fixture(scope="session", name=f"{name}_template")
    def made(
        request: pytest.FixtureRequest, families: dict[str, Village], tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[Settings]:
        empty = request.getfixturevalue(f"{name.partition('_')[2]}_template")
        yield from _filled(name, empty, families, tmp_path_factory)

    return made


registered_file_template, registered_postgis_template = _template("registered_file"), _template("registered_postgis")
settled_file_template, settled_postgis_template = _template("settled_file"), _template("settled_postgis")
delivered_file_template, delivered_postgis_template = _template("delivered_file"), _template("delivered_postgis")


@pytest.fixture
def delivered(store: Store) -> Path:
    """The sample delivery; what it says stands in `store` already."""
    return DELIVERY


def _filled(
    name: str, empty: Settings, families: dict[str, Village], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    settings = copy_of(empty, tmp_path_factory.mktemp(name) / "registry")
    store = Store(settings, load_key_file(settings.key_file), PRIVILEGES)
    families[name] = FILLED[name.partition("_")[0]](store)
    store.close()  # PostgreSQL copies no database that somebody is connected to
    yield settings
    drop(settings)
