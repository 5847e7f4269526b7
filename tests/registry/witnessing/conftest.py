"""A registry with a whole history, published under its own key, that names a witness; and the witness, beside it."""

from __future__ import annotations

import copy
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from registry import witnessing
from registry.catalogue import PRIVILEGES
from registry.ledger import publishing
from registry.store.engines import Store
from registry.store.keys import load_key_file
from registry.witness import keys
from registry.witness import settings as witness_settings
from registry.witness.protocol import Witness
from registry.witness.store import Store as WitnessStore
from tests.attacks.history import register_history
from tests.registers import copy_of, drop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.ledger.signing import Signer
    from registry.store.settings import Settings
    from tests.registry.made_up import Village

ORIGIN = "log.example/sanquan"
WORDS = "ten herders and a dog"


@dataclass
class Both:
    """The registry, who lives in it, and the witness."""

    store: Store
    village: Village
    witness: Witness


@dataclass
class Template:
    """The registry as it was written once, the log's public key, the witness's sealed key and what it opens to."""

    settings: Settings
    village: Village
    vkey: str
    key_file: Path
    signer: Signer


def _template(engine: str) -> object:
    """Made once a session: to register a history takes longer than most of what is asked of it."""

    @pytest.fixture(scope="session", name=f"witnessed_{engine}")
    def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
        folder = tmp_path_factory.mktemp(f"witnessed-{engine}")
        settings = copy_of(request.getfixturevalue(f"{engine}_template"), folder / "registry")
        store = Store(settings, load_key_file(settings.key_file), PRIVILEGES)
        village = register_history(store)
        vkey = publishing.create(store, ORIGIN, None)
        signer = keys.create(folder / keys.KEY_FILE, "bureau.example/jiancha", WORDS)
        witnessing.trust(store, str(signer.key), "jiancha", quorum=True)
        publishing.publish(store)
        store.close()  # PostgreSQL copies no database that somebody is connected to
        yield Template(settings, village, str(vkey), folder / keys.KEY_FILE, signer)
        drop(settings)

    return made


witnessed_file, witnessed_postgis = _template("file"), _template("postgis")


@pytest.fixture
def both(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> Iterator[Both]:
    """Nothing cosigned yet."""
    made: Template = request.getfixturevalue(f"witnessed_{engine_name}")
    settings = copy_of(made.settings, tmp_path / "registry")
    shutil.copytree(made.settings.folder, settings.folder, dirs_exist_ok=True)
    shutil.copytree(made.settings.signing, settings.signing)
    if made.settings.looks_head.exists():
        shutil.copy(made.settings.looks_head, settings.looks_head)
    settings.save()
    folder = tmp_path / "witness"
    folder.mkdir()
    shutil.copy(made.key_file, folder / keys.KEY_FILE)
    watching = witness_settings.create(folder, made.vkey, tmp_path / "elsewhere")
    store = Store(settings, load_key_file(settings.key_file), PRIVILEGES)
    yield Both(store, copy.deepcopy(made.village), Witness(watching, WitnessStore(watching.store_file), made.signer))
    store.close()
    drop(settings)
