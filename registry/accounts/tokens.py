"""Who asks with the token of a session? Asked with every page: the session, its account and its grants travel together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.accounts import grants, holders, proofs, sessions
from registry.accounts.tables import ACCOUNT, GRANT, SESSION
from registry.store.asking import Question, ask_all

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.accounts.authorise import Actor
    from registry.accounts.sessions import Session
    from registry.store.engines import Store

_WHOSE = sa.select(SESSION.c.account_id).where(SESSION.c.token_hash == sa.bindparam("token_hash")).scalar_subquery()
_ACCOUNT = Question(holders.ROWS.where(ACCOUNT.c.id == _WHOSE))
_GRANTS = Question(grants.ROWS.where(GRANT.c.account_id == _WHOSE))


def of_token(store: Store, connection: Connection, token: str) -> tuple[Session, Actor] | None:
    """The session of a token that goes on, and who its account is today; None as `sessions.of_token` says it."""
    asked = {"token_hash": proofs.digest(token)}
    of_session, of_account, granted = ask_all(connection, *((each, asked) for each in (sessions.OF_TOKEN, _ACCOUNT, _GRANTS)))
    session = sessions.going_on(store, of_session)
    return None if session is None else (session, grants.actor_in(store, holders.account_in(store, of_account[0]), granted))
