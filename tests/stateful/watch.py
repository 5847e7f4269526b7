"""Who watches a history: its log is signed and published, and a witness that judges each entry cosigns it, as on a stick.

No act and no event of a clean history may be refused by the witness or named by the audit.
"""

from __future__ import annotations

import shutil
from functools import cache
from typing import TYPE_CHECKING

from registry import witnessing
from registry.ledger import publishing
from registry.ledger.signing import Signer, witness_signer
from registry.witness import settings as witness_settings
from registry.witness import stick
from registry.witness.protocol import Witness
from registry.witness.store import Store as WitnessStore

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store

ORIGIN = "log.example/sanquan"


@cache
def bureau() -> Signer:
    """The witness's key; one for all histories, since nothing else of it is shared."""
    return witness_signer("bureau.example/jiancha", bytes(range(32)))


class Watch:
    """The keys of one log, the witness beside it, and the last checkpoint that the witness cosigned."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store, self._folder = store, folder
        vkey = publishing.create(store, ORIGIN)
        witnessing.trust(store, str(bureau().key), "jiancha", quorum=True)
        place = folder / "witness"
        place.mkdir(parents=True)
        made = witness_settings.create(place, str(vkey), folder / "elsewhere")
        self._witness = Witness(made, WitnessStore(made.store_file), bureau())
        self.checkpoint: bytes | None = None
        self.times = 0

    def look(self) -> None:
        """Publish, and have all that is new cosigned."""
        publishing.publish(self._store)
        request = self._folder / f"stick-{self.times}"
        self.times += 1
        witnessing.write_out(self._store, request)
        told = stick.cosign(self._witness, request)
        assert told.cosigned, told.receipt
        witnessing.bring_back(self._store, request)
        shutil.rmtree(request)
        self.checkpoint = witnessing.best(self._store)
