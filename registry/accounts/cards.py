"""How does a person without e-mail or telephone get in? By a paper card from the counter or the 苏木.

A card has one-time codes and is bound to an ID number and a PIN that its holder typed there. A new card, made in person,
ends the old one. Nothing on it says what it opens, and neither number nor PIN stands on it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from registry import parties
from registry.accounts import holders, proofs
from registry.accounts.parameters import parameter
from registry.accounts.signing_in import card_mark, code_mark
from registry.accounts.tables import instant

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.accounts.holders import By
    from registry.store.engines import Store


class Card(NamedTuple):
    """A new card. `codes` are shown once, to be printed."""

    account_id: str
    codes: tuple[str, ...]
    until: str


def issue(store: Store, by: By, number: str, pin: str) -> Card:
    """A card for the person of an ID number, in the register or not yet; their account is opened with the first.

    InputError is the caller's for a number that is none. WeakSecretError for the PIN.
    """
    now, number = store.clock(), number.strip().upper()
    least = parameter("password-length", now.date())
    kept = proofs.hashed(proofs.checked_pin(pin, number, least))
    until = instant(now + dt.timedelta(days=parameter("card-days", now.date())))
    codes = tuple(proofs.new_code() for _ in range(parameter("card-codes", now.date())))
    with store.writing("desk") as connection:
        found = parties.find_by_number(connection, store.vault, number)
        person = found[0] if len(found) == 1 else None  # of two people with one number it is nobody's, until the police say whose
        mark = holders.person_mark(store.vault, person or number)
        holder = holders.account_of(store, connection, mark)
        account = holder.id if holder else holders.open_account(store, connection, "person", mark, {"by": by.name}, person)
        told = {"hash": kept}
        card = holders.add_secret(
            store, connection, account, by, "card", told, mark=card_mark(store.vault, number), until=until
        )
        for code in codes:
            holders.add_secret(
                store, connection, account, by, "card-code", {"card": card},
                mark=code_mark(store.vault, number, code), until=until,
            )  # fmt: skip
        connection.commit()
    return Card(account, codes, until)


def holder_of(store: Store, connection: Connection, number: str) -> str | None:
    """The account to which the newest card of an ID number belongs."""
    found = holders.secrets_by_mark(store, connection, "card", card_mark(store.vault, number))
    return found[-1].account_id if found else None
