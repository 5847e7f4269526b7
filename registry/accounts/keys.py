"""How does an office's program get in, and what does two people's sealed paper open when nothing else works?

A key is an account of its own: it has the roles that were granted to it, narrowed to what it was made for, until a day. It
opens nothing before a second person has confirmed it. The same holds for a provider's subject and for a sealed code.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from registry.accounts import grants, holders, proofs
from registry.accounts.authorise import COVERS
from registry.accounts.parameters import parameter
from registry.accounts.refusals import KeyScopeError, NoSuchAccountError
from registry.accounts.roles import NOUNS
from registry.accounts.signing_in import sealed_mark, subject_mark
from registry.accounts.tables import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.accounts.authorise import Actor
    from registry.accounts.holders import By
    from registry.store.engines import Store

_ACTIONS = frozenset().union(*COVERS.values())


class Made(NamedTuple):
    """A secret that is shown once, and by which id it is confirmed."""

    account_id: str
    secret_id: str
    shown: str


def make(store: Store, by: By, name: str, bureau: str, only: Sequence[str], days: int) -> Made:
    """A key for an office's program; one more for the same name goes beside the old one's roles and ends the old key.

    KeyScopeError, WeakSecretError.
    """
    now = store.clock()
    most = parameter("key-days", now.date())
    known = {f"{noun}:{action}" for noun in NOUNS for action in _ACTIONS}
    if not only or not set(only) <= known or not 1 <= days <= most:
        raise KeyScopeError(most)
    name = proofs.checked_login(name, parameter("password-length", now.date()))
    token = proofs.new_token(proofs.KEY_PREFIX)
    until = instant(now + dt.timedelta(days=days))
    with store.writing("desk") as connection:
        mark = holders.login_mark(store.vault, name)
        holder = holders.account_of(store, connection, mark)
        if holder is not None and holder.kind != "key":
            raise NoSuchAccountError
        told = {"login": name, "name": name, "bureau": bureau, "by": by.name}
        account = holder.id if holder else holders.open_account(store, connection, "key", mark, told)
        secret = holders.add_secret(
            store, connection, account, by, "key", {"only": sorted(only)}, mark=proofs.digest(token), until=until
        )
        connection.commit()
    return Made(account, secret, token)


def actor_of_key(store: Store, connection: Connection, token: str) -> Actor | None:
    """Who a key stands for: None where it is unknown, unconfirmed, run out, replaced, or its account is shut."""
    found = holders.secrets_by_mark(store, connection, "key", proofs.digest(token))
    if not found or found[-1].until is None or found[-1].until <= instant(store.clock()):
        return None
    key = found[-1]
    account = holders.account(store, connection, key.account_id)
    if account.standing != "open" or holders.secrets_of(store, connection, account.id).get("key") != key:
        return None
    return grants.actor(store, connection, account, frozenset(key.told["only"]))


def bind_subject(store: Store, by: By, account_id: str, issuer: str, name: str) -> str:
    """Bind the subject of an OIDC provider to a staff account; counts once another has confirmed it. The secret's id."""
    with store.writing("desk") as connection:
        if holders.account(store, connection, account_id).kind != "staff":
            raise NoSuchAccountError
        told = {"issuer": issuer, "subject": name}
        mark = subject_mark(store.vault, issuer, name)
        made = holders.add_secret(store, connection, account_id, by, "subject", told, mark=mark)
        connection.commit()
    return made


def seal_code(store: Store, by: By, account_id: str) -> Made:
    """A code for an envelope, for one sign-in without password and authenticator; counts once another has confirmed it."""
    code = proofs.new_code()
    with store.writing("desk") as connection:
        found = holders.account(store, connection, account_id)
        if found.kind != "staff":
            raise NoSuchAccountError
        mark = sealed_mark(store.vault, found.login, code)
        made = holders.add_secret(store, connection, account_id, by, "break-glass", {}, mark=mark)
        connection.commit()
    return Made(account_id, made, code)
