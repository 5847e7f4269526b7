"""Who was refused when he would touch a right? Written down for everybody whose right it was, so that they can read it.

Whatever does an act does it inside `touching`: a refusal of the house goes on to the caller as it was.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from registry.concerned import holders
from registry.errors import SanquanError
from registry.looks.keeping import looked
from registry.papers import LONGEST_PURPOSE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.ledger.commit import Officer
    from registry.store.engines import Store

NOBODY = ""
"""For whom it is written where nobody holds it, or there is no such thing: the attempt stands in the log all the same."""


@contextmanager
def touching(
    store: Store, officer: Officer, *, parcels: Sequence[str] = (), of_rights: Sequence[str] = (), codes: Sequence[str] = ()
) -> Iterator[None]:
    """Around an act on these parcels or rights (ids), or on what bears these codes (`concerned.holders`)."""
    try:
        yield
    except SanquanError as refusal:
        with store.reading() as connection:
            people = holders(store, connection, parcels=parcels, of_rights=of_rights, codes=codes)
        looked(store, officer, people or [NOBODY], "refused", refusal.zh[:LONGEST_PURPOSE])
        raise
