"""A registry with a whole history, published under its own key, that names a witness; and the witness, beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from registry import witnessing
from registry.ledger import publishing
from registry.witness import keys
from registry.witness import settings as witness_settings
from registry.witness.protocol import Witness
from registry.witness.store import Store as WitnessStore
from tests.attacks.history import register_history

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store
    from tests.registry.made_up import Village

ORIGIN = "log.example/sanquan"
WORDS = "ten herders and a dog"


@dataclass
class Both:
    """The registry, who lives in it, and the witness."""

    store: Store
    village: Village
    witness: Witness


@pytest.fixture
def both(store: Store, tmp_path: Path) -> Both:
    """Nothing cosigned yet."""
    village = register_history(store)
    vkey = publishing.create(store, ORIGIN, None)
    folder = tmp_path / "witness"
    folder.mkdir()
    signer = keys.create(folder / keys.KEY_FILE, "bureau.example/jiancha", WORDS)
    settings = witness_settings.create(folder, str(vkey), tmp_path / "elsewhere")
    witnessing.trust(store, str(signer.key), "jiancha", quorum=True)
    publishing.publish(store)
    return Both(store, village, Witness(settings, WitnessStore(settings.store_file), signer))
