"""May the bureau open everything about one person: for a petition or a reason, written down before anything is shown?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import parties
from registry.looks.keeping import NOBODY, looked
from registry.papers import stated
from registry.statement import PersonNotFoundError

if TYPE_CHECKING:
    from registry.ledger.commit import Officer
    from registry.store.engines import Store


def search(store: Store, officer: Officer, asked: str, purpose: str) -> list[str]:
    """Ids of everybody with this ID number, or with exactly this name: a look at each, at nobody where there is none.

    PurposeMissingError, LookNotKeptError.
    """
    reason, words = stated(purpose), asked.strip()
    by_number = words[:1].isdigit()
    find = parties.find_by_number if by_number else parties.find_by_name
    with store.reading() as connection:
        found = find(connection, store.vault, words.upper() if by_number else words)
    looked(store, officer, found or [NOBODY], "lookup" if by_number else "name-lookup", reason)
    return found


def open_(store: Store, officer: Officer, person_id: str, purpose: str) -> None:
    """Write down who reads everything about this person, and for what.

    PurposeMissingError, PersonNotFoundError, LookNotKeptError.
    """
    reason = stated(purpose)
    with store.reading() as connection:
        if not parties.identities(connection, store.vault, [person_id]):
            raise PersonNotFoundError
    looked(store, officer, person_id, "everything", reason)
