"""Which accounts are there, whose, in what state; how is one opened, and how do its secrets change?

The first password and the first TOTP secret of an account come from whoever opens it: nothing was granted to it yet. Any
later one made by somebody else counts only once another person has confirmed it, or an administrator could become anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from registry.accounts import proofs
from registry.accounts.parameters import parameter
from registry.accounts.refusals import AccountExistsError, NoSuchAccountError, SecondPersonError
from registry.accounts.tables import (
    ACCOUNT,
    SECRET,
    SECRET_CONFIRMED,
    SECRET_USED,
    SESSION,
    SESSION_ENDED,
    STEP,
    enter,
    instant,
    newest_step,
)
from registry.store.asking import Question, ask
from registry.store.sealing import opened_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store
    from registry.store.keys import Vault

_TWO_PEOPLE = ("key", "subject", "break-glass")
_RENEWABLE = ("password", "totp")
_SHUT = {"locked": "locked", "closed": "closed"}
ROWS = sa.select(ACCOUNT, newest_step(ACCOUNT.c.id).scalar_subquery().label("step")).order_by(ACCOUNT.c.at, ACCOUNT.c.id)
"""Of each account its row and its last step, as `account_in` reads them."""
_OF_ID = Question(ROWS.where(ACCOUNT.c.id == sa.bindparam("account")))


class By(NamedTuple):
    """Who does it: an account's id, or `console` and which of the two people who stand there; and the name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account. `login` is a staff member's or a key's; `standing` is open, locked or closed."""

    id: str
    kind: str
    at: str
    person_id: str | None
    standing: str
    login: str = field(repr=False, default="")
    name: str = field(repr=False, default="")
    bureau: str = ""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that counts, with what is sealed in its row."""

    id: str
    account_id: str
    what: str
    at: str
    until: str | None
    told: Mapping[str, Any] = field(repr=False)


class Opened(NamedTuple):
    """A new account with what is shown once."""

    account_id: str
    totp: str
    address: str


def login_mark(vault: Vault, login: str) -> bytes:
    """By which an account is found."""
    return vault.blind("account login", proofs.known_login(login))


def person_mark(vault: Vault, person: str) -> bytes:
    """By which the account of a person of the register, or else of an ID number, is found."""
    return vault.blind("account person", person)


def open_staff(store: Store, by: By, login: str, password: str, *, name: str, bureau: str) -> Opened:
    """An account for the embedded mode, with a password and a fresh TOTP secret. WeakSecretError, AccountExistsError."""
    least = parameter("password-length", store.clock().date())
    login = proofs.checked_login(login, least)
    kept, totp = proofs.hashed(proofs.checked_password(password, login, least)), proofs.new_totp()
    told = {"login": login, "name": name, "bureau": bureau, "by": by.name}
    with store.writing("desk") as connection:
        account = open_account(store, connection, "staff", login_mark(store.vault, login), told)
        add_secret(store, connection, account, by, "password", {"hash": kept})
        add_secret(store, connection, account, by, "totp", {"secret": totp})
        connection.commit()
    return Opened(account, totp, proofs.totp_address(totp, login))


def open_account(
    store: Store,
    connection: Connection,
    kind: str,
    mark: bytes,
    told: Mapping[str, Any],
    person_id: str | None = None,
) -> str:
    """The row of an account, inside a transaction; its id. AccountExistsError."""
    if connection.scalar(sa.select(ACCOUNT.c.id).where(ACCOUNT.c.mark == mark)) is not None:
        raise AccountExistsError
    row = {"at": instant(store.clock()), "kind": kind, "mark": mark, "person_id": person_id}
    return str(enter(store, connection, ACCOUNT, row, told)["id"])


def add_secret(
    store: Store,
    connection: Connection,
    account_id: str,
    by: By,
    what: str,
    told: Mapping[str, Any],
    *,
    mark: bytes | None = None,
    until: str | None = None,
) -> str:
    """One more secret of an account, inside a transaction; its id."""
    last = connection.scalar(sa.select(sa.func.max(SECRET.c.seq)).where(SECRET.c.account_id == account_id))
    row = {
        "account_id": account_id,
        "seq": (last or 0) + 1,
        "at": instant(store.clock()),
        "what": what,
        "mark": mark,
        "until": until,
        "made_by": by.id,
    }
    return str(enter(store, connection, SECRET, row, {**told, "by": by.name})["id"])


def renew(store: Store, by: By, account_id: str, password: str) -> str:
    """A new password; made by the account itself it counts at once, by another once it is confirmed. Its id.

    WeakSecretError, NoSuchAccountError.
    """
    least = parameter("password-length", store.clock().date())
    with store.writing("desk") as connection:
        found = account(store, connection, account_id)
        kept = proofs.hashed(proofs.checked_password(password, found.login, least))
        made = add_secret(store, connection, account_id, by, "password", {"hash": kept})
        connection.commit()
    return made


def renew_totp(store: Store, by: By, account_id: str) -> tuple[str, Opened]:
    """A new TOTP secret, for a telephone that is lost; it counts once another person has confirmed it. The secret's id."""
    totp = proofs.new_totp()
    with store.writing("desk") as connection:
        found = account(store, connection, account_id)
        made = add_secret(store, connection, account_id, by, "totp", {"secret": totp})
        connection.commit()
    return made, Opened(account_id, totp, proofs.totp_address(totp, found.login))


def confirm_secret(store: Store, by: By, secret_id: str) -> None:
    """The second person behind a key, a subject, a sealed code or a reset. NoSuchAccountError, SecondPersonError."""
    with store.writing("desk") as connection:
        row = connection.execute(sa.select(SECRET).where(SECRET.c.id == secret_id)).mappings().first()
        done = connection.scalar(sa.select(SECRET_CONFIRMED.c.secret_id).where(SECRET_CONFIRMED.c.secret_id == secret_id))
        if row is None or done is not None or row["what"] not in (*_TWO_PEOPLE, *_RENEWABLE):
            raise NoSuchAccountError
        if by.id in (row["made_by"], row["account_id"]):
            raise SecondPersonError
        new = {"secret_id": secret_id, "made_by": row["made_by"], "confirmed_by": by.id, "at": instant(store.clock())}
        enter(store, connection, SECRET_CONFIRMED, new, {"by": by.name})
        connection.commit()


def unconfirmed(connection: Connection) -> list[tuple[str, str, str, str]]:
    """(id, account, what, made by) of each secret that waits for its second person, oldest first."""
    rows = connection.execute(
        sa.select(SECRET, SECRET_CONFIRMED.c.at.label("confirmed"))
        .outerjoin(SECRET_CONFIRMED, SECRET_CONFIRMED.c.secret_id == SECRET.c.id)
        .order_by(SECRET.c.account_id, SECRET.c.seq)
    ).mappings()
    return [(r["id"], r["account_id"], r["what"], r["made_by"]) for r in map(dict, rows) if not _counts(r)]


def secrets_of(store: Store, connection: Connection, account_id: str) -> dict[str, Secret]:
    """The newest secret of each kind that counts: confirmed where it must be, not used up; whether it ran out is not asked."""
    rows = connection.execute(_SECRETS.where(SECRET.c.account_id == account_id).order_by(SECRET.c.seq)).mappings()
    return {row["what"]: opened_secret(store, row) for row in map(dict, rows) if _counts(row)}


def secrets_by_mark(store: Store, connection: Connection, what: str, mark: bytes) -> list[Secret]:
    """Every secret of a kind that bears a mark and counts, oldest first."""
    query = _SECRETS.where(SECRET.c.mark == mark, SECRET.c.what == what).order_by(SECRET.c.at, SECRET.c.seq)
    return [opened_secret(store, row) for row in map(dict, connection.execute(query).mappings()) if _counts(row)]


def opened_secret(store: Store, row: Mapping[str, Any]) -> Secret:
    """A row with what it keeps sealed."""
    bare = {column.name: row[column.name] for column in SECRET.columns}
    told = opened_row(store.vault, SECRET, bare)
    return Secret(row["id"], row["account_id"], row["what"], row["at"], row["until"], told)


def set_step(store: Store, by: By, account_id: str, step: str, reason: str) -> None:
    """Lock, unlock or close an account; to lock or close ends its sessions everywhere. NoSuchAccountError."""
    with store.writing("desk") as connection:
        found = account(store, connection, account_id)
        if found.standing == "closed" or (step == "unlocked") != (found.standing == "locked"):
            raise NoSuchAccountError
        last = connection.scalar(sa.select(sa.func.max(STEP.c.seq)).where(STEP.c.account_id == account_id))
        row = {"account_id": account_id, "seq": (last or 0) + 1, "at": instant(store.clock()), "step": step}
        enter(store, connection, STEP, row, {"by": by.name, "reason": reason})
        if step != "unlocked":
            end_sessions(store, connection, account_id, "everywhere")
        connection.commit()


def end_sessions(store: Store, connection: Connection, account_id: str, why: str) -> int:
    """End every session of an account that was not ended, inside a transaction; how many."""
    open_ones = connection.scalars(
        sa.select(SESSION.c.id)
        .outerjoin(SESSION_ENDED, SESSION_ENDED.c.session_id == SESSION.c.id)
        .where(SESSION.c.account_id == account_id, SESSION_ENDED.c.session_id.is_(None))
    ).all()
    for session in open_ones:
        enter(store, connection, SESSION_ENDED, {"session_id": session, "at": instant(store.clock()), "why": why}, {})
    return len(open_ones)


def account(store: Store, connection: Connection, account_id: str) -> Account:
    """One account. NoSuchAccountError."""
    found = ask(connection, _OF_ID, {"account": account_id})
    if not found:
        raise NoSuchAccountError
    return account_in(store, found[0])


def account_of(store: Store, connection: Connection, mark: bytes) -> Account | None:
    """The account that bears a mark."""
    found = _accounts(store, connection, ACCOUNT.c.mark == mark)
    return found[0] if found else None


def accounts(store: Store, connection: Connection) -> list[Account]:
    """Every account, oldest first."""
    return _accounts(store, connection, sa.true())


def standing_of(connection: Connection, account_id: str) -> str:
    """How an account stands: open, locked, closed."""
    found = connection.scalar(newest_step(account_id))
    return _SHUT.get(found or "", "open")


def any_account(connection: Connection) -> bool:
    """Whether the registry has accounts at all."""
    return connection.scalar(sa.select(ACCOUNT.c.id).limit(1)) is not None


def _accounts(store: Store, connection: Connection, where: sa.ColumnElement[bool]) -> list[Account]:
    return [account_in(store, tuple(row)) for row in connection.execute(ROWS.where(where))]


def account_in(store: Store, found: tuple[Any, ...]) -> Account:
    """One of ROWS, opened."""
    *own, step = found
    row = dict(zip(ACCOUNT.columns.keys(), own, strict=True))
    told = opened_row(store.vault, ACCOUNT, row)
    standing = _SHUT.get(step or "", "open")
    who = (told.get("login", ""), told.get("name", ""), told.get("bureau", ""))
    return Account(row["id"], row["kind"], row["at"], row["person_id"], standing, *who)


def _counts(row: Mapping[str, Any]) -> bool:
    if row.get("used") is not None:
        return False
    if row["what"] in _RENEWABLE:  # the first of each stand under numbers 1 and 2
        return row["confirmed"] is not None or row["made_by"] == row["account_id"] or row["seq"] <= len(_RENEWABLE)
    return row["what"] not in _TWO_PEOPLE or row["confirmed"] is not None


_SECRETS = (
    sa.select(SECRET, SECRET_CONFIRMED.c.at.label("confirmed"), SECRET_USED.c.at.label("used"))
    .outerjoin(SECRET_CONFIRMED, SECRET_CONFIRMED.c.secret_id == SECRET.c.id)
    .outerjoin(SECRET_USED, SECRET_USED.c.secret_id == SECRET.c.id)
)
