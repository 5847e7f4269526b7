"""Which session is this token's, and has it ended: signed out, ended everywhere, unused too long, or at its limit?

Only the hash of a token is kept. When a session was last used is remembered by the process that serves, not by a row (a
reading writes nothing): after a restart a session counts as used when it began, so it ends sooner, never later.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.accounts import proofs
from registry.accounts.parameters import parameter
from registry.accounts.tables import ACCOUNT, SESSION, SESSION_ENDED, enter, instant, newest_step
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.asking import Rows
    from registry.store.engines import Store

OF_TOKEN = Question(
    sa.select(
        *(SESSION.c[name] for name in ("id", "account_id", "at", "until", "how")),
        newest_step(SESSION.c.account_id).scalar_subquery(),
    )
    .join(ACCOUNT, ACCOUNT.c.id == SESSION.c.account_id)
    .outerjoin(SESSION_ENDED, SESSION_ENDED.c.session_id == SESSION.c.id)
    .where(SESSION.c.token_hash == sa.bindparam("token_hash"), SESSION_ENDED.c.session_id.is_(None))
)
_MOST_REMEMBERED = 100_000
_FORM = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Session:
    """A session that has not ended."""

    id: str
    account_id: str
    at: str
    until: str
    how: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A new session with its token, which is told once."""

    session: Session
    token: str = field(repr=False)

    @property
    def csrf(self) -> str:
        """What a writing request must send back beside the cookie."""
        return proofs.csrf(self.token)


class LastUse:
    """When this process last saw each session."""

    def __init__(self) -> None:
        self._seen: dict[str, dt.datetime] = {}

    def use(self, store: Store, session: Session) -> bool:
        """Note a use now; False where the session lay idle too long, for good."""
        now = store.clock()
        idle = dt.timedelta(minutes=parameter("idle-minutes", now.date()))
        if now - self._seen.get(session.id, moment(session.at)) >= idle:
            return False
        if len(self._seen) >= _MOST_REMEMBERED:
            self._seen = {each: at for each, at in self._seen.items() if now - at < idle}
        self._seen[session.id] = now
        return True


def moment(text: str) -> dt.datetime:
    """An instant as rows keep it."""
    return dt.datetime.strptime(text, _FORM).replace(tzinfo=dt.UTC)


def begin(store: Store, connection: Connection, account_id: str, how: str, instead_of: str | None = None) -> Begun:
    """A session with a fresh token, inside a transaction. The one whose token was sent along ends: it is never carried on."""
    now = store.clock()
    if instead_of is not None:
        before = of_token(store, connection, instead_of)
        if before is not None:
            _end(store, connection, before.id, "rotated")
    if how == "break-glass":
        limit = dt.timedelta(minutes=parameter("break-glass-minutes", now.date()))
    else:
        limit = dt.timedelta(hours=parameter("session-hours", now.date()))
    token = proofs.new_token()
    row = {
        "account_id": account_id,
        "token_hash": proofs.digest(token),
        "at": instant(now),
        "until": instant(now + limit),
        "how": how,
    }
    made = enter(store, connection, SESSION, row, {})
    return Begun(Session(made["id"], account_id, made["at"], made["until"], how), token)


def of_token(store: Store, connection: Connection, token: str) -> Session | None:
    """The session of a token, where it has not ended, has not reached its limit, and its account is open."""
    return going_on(store, ask(connection, OF_TOKEN, {"token_hash": proofs.digest(token)}))


def going_on(store: Store, rows: Rows) -> Session | None:
    """The answer to OF_TOKEN: the session, where it goes on and its account is open."""
    if not rows:
        return None
    *own, step = rows[0]
    found = Session(*own)
    return None if step in ("locked", "closed") or found.until <= instant(store.clock()) else found


def end(store: Store, token: str) -> None:
    """Sign out. A token that opens nothing ends nothing."""
    with store.writing("desk") as connection:
        found = of_token(store, connection, token)
        if found is not None:
            _end(store, connection, found.id, "signed-out")
        connection.commit()


def _end(store: Store, connection: Connection, session_id: str, why: str) -> None:
    enter(store, connection, SESSION_ENDED, {"session_id": session_id, "at": instant(store.clock()), "why": why}, {})
