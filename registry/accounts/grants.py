"""Who was granted which role, where and until when; who proposed it and who confirmed it?

A grant is proposed by one and confirmed by another, who is not the one it is for; either is refused by the schema where one
person stands for both. It runs from a day to a day and is ended by one. The console makes the first two administrators,
naming two people; from then on it makes none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from registry.accounts import holders
from registry.accounts.authorise import Actor, Grant
from registry.accounts.holders import By
from registry.accounts.refusals import FoundedError, GrantFormError, NoSuchAccountError, SecondPersonError
from registry.accounts.roles import PERSON, PUBLIC, RELATIVE, refuse_mixed, role
from registry.accounts.tables import GRANT, GRANT_CONFIRMED, GRANT_ENDED, enter, instant
from registry.china import today
from registry.store.asking import Question, ask
from registry.store.sealing import opened_row

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.store.asking import Rows
    from registry.store.engines import Store

ADMINISTRATOR = "administrator"
_FOUNDERS = 2
_RUNS_OUT = ("counsel", "surveyor")
_TOWN = re.compile(r"\d{6,12}")
ROWS = (
    sa.select(GRANT, GRANT_CONFIRMED.c.confirmed_by, GRANT_ENDED.c.at.label("ended_at"))
    .outerjoin(GRANT_CONFIRMED, GRANT_CONFIRMED.c.grant_id == GRANT.c.id)
    .outerjoin(GRANT_ENDED, GRANT_ENDED.c.grant_id == GRANT.c.id)
    .order_by(GRANT.c.at, GRANT.c.id)
)
"""Of each grant its row, who confirmed it and when it ended, as `actor_in` reads them."""
_OF_ACCOUNT = Question(ROWS.where(GRANT.c.account_id == sa.bindparam("account")))


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be granted. `town`: a division code; `about`: a village's code, a job's, or a person's id."""

    role: str
    valid_from: str
    valid_until: str | None = None
    town: str = ""
    about: str = ""
    reason: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant with what came of it: proposed, confirmed, ended."""

    id: str
    account_id: str
    proposal: Proposal
    at: str
    proposed_by: str
    confirmed_by: str | None
    ended_at: str | None

    def stands(self, day: str) -> bool:
        """Whether it is in force on a day."""
        p = self.proposal
        over = p.valid_until is not None and p.valid_until <= day
        return self.confirmed_by is not None and self.ended_at is None and p.valid_from <= day and not over


def propose(store: Store, by: By, account_id: str, wanted: Proposal) -> str:
    """Propose a grant; its id. GrantFormError, NoSuchRoleError, DutiesMixedError, SecondPersonError, NoSuchAccountError."""
    _refuse_malformed(wanted)
    with store.writing("desk") as connection:
        holders.account(store, connection, account_id)
        if by.id == account_id:
            raise SecondPersonError
        _refuse_mixed(store, connection, account_id, wanted.role)
        made = _propose(store, connection, by, account_id, wanted)
        connection.commit()
    return made


def confirm(store: Store, by: By, grant_id: str) -> None:
    """The second person. NoSuchAccountError, SecondPersonError, DutiesMixedError."""
    with store.writing("desk") as connection:
        found = one(store, connection, grant_id)
        if found.confirmed_by is not None or found.ended_at is not None:
            raise NoSuchAccountError
        if by.id in (found.proposed_by, found.account_id):
            raise SecondPersonError
        _refuse_mixed(store, connection, found.account_id, found.proposal.role)
        _confirm(store, connection, by, grant_id, found.proposed_by)
        connection.commit()


def end(store: Store, by: By, grant_id: str, reason: str) -> None:
    """End a grant, or turn a proposal down: one person is enough. NoSuchAccountError."""
    with store.writing("desk") as connection:
        if one(store, connection, grant_id).ended_at is not None:
            raise NoSuchAccountError
        row = {"grant_id": grant_id, "ended_by": by.id, "at": instant(store.clock())}
        enter(store, connection, GRANT_ENDED, row, {"by": by.name, "reason": reason})
        connection.commit()


def found(store: Store, names: tuple[str, str], account_id: str) -> None:
    """Make an administrator at the console, where two people stand. FoundedError, SecondPersonError, DutiesMixedError."""
    day = today(store)
    with store.writing("desk") as connection:
        refuse_founding(store, connection, names)
        holders.account(store, connection, account_id)
        _refuse_mixed(store, connection, account_id, ADMINISTRATOR)
        first, second = (By(f"console-{number}", name) for number, name in enumerate(names, 1))
        grant = _propose(store, connection, first, account_id, Proposal(ADMINISTRATOR, day, reason="建库 founding"))
        _confirm(store, connection, second, grant, first.id)
        connection.commit()


def refuse_founding(store: Store, connection: Connection, names: tuple[str, str]) -> None:
    """Two people by name, and fewer than two administrators in office. SecondPersonError, FoundedError."""
    if names[0].strip() == names[1].strip() or not all(name.strip() for name in names):
        raise SecondPersonError
    day = today(store)
    standing = {g.account_id for g in listed(store, connection) if g.proposal.role == ADMINISTRATOR and g.stands(day)}
    if len(standing) >= _FOUNDERS:
        raise FoundedError


def one(store: Store, connection: Connection, grant_id: str) -> Granted:
    """One grant. NoSuchAccountError."""
    rows = _listed(store, connection, GRANT.c.id == grant_id)
    if not rows:
        raise NoSuchAccountError
    return rows[0]


def listed(store: Store, connection: Connection) -> list[Granted]:
    """Every grant, oldest first."""
    return _listed(store, connection, sa.true())


def of_account(store: Store, connection: Connection, account_id: str) -> list[Granted]:
    """Every grant of one account that stands today, oldest first."""
    return _standing(store, ask(connection, _OF_ACCOUNT, {"account": account_id}))


def _standing(store: Store, rows: Rows) -> list[Granted]:
    day = today(store)
    return [each for each in (_granted(store, row) for row in rows) if each.stands(day)]


def relatives_of(store: Store, connection: Connection, person_id: str) -> list[Granted]:
    """Who may look and apply for a person: proposed or confirmed, and not ended."""
    rows = _listed(store, connection, sa.and_(GRANT.c.about == person_id, GRANT.c.role == RELATIVE))
    return [each for each in rows if each.ended_at is None]


def actor(store: Store, connection: Connection, account: holders.Account, only: frozenset[str] | None = None) -> Actor:
    """Who an account is today, with the grants that stand."""
    return actor_in(store, account, ask(connection, _OF_ACCOUNT, {"account": account.id}), only)


def actor_in(store: Store, account: holders.Account, rows: Rows, only: frozenset[str] | None = None) -> Actor:
    """The same, by what was answered of the account's grants."""
    held = _standing(store, rows)
    grants = tuple(Grant(role(g.proposal.role), g.proposal.town, g.proposal.about) for g in held)
    name = account.name or account.login
    return Actor(account.id, account.kind, name, account.bureau, account.person_id, grants, only)


def _propose(store: Store, connection: Connection, by: By, account_id: str, wanted: Proposal) -> str:
    row = {
        "account_id": account_id,
        "at": instant(store.clock()),
        "role": wanted.role,
        "town": wanted.town,
        "about": wanted.about,
        "valid_from": wanted.valid_from,
        "valid_until": wanted.valid_until,
        "proposed_by": by.id,
    }
    return str(enter(store, connection, GRANT, row, {"by": by.name, "reason": wanted.reason})["id"])


def _confirm(store: Store, connection: Connection, by: By, grant_id: str, proposed_by: str) -> None:
    row = {"grant_id": grant_id, "proposed_by": proposed_by, "confirmed_by": by.id, "at": instant(store.clock())}
    enter(store, connection, GRANT_CONFIRMED, row, {"by": by.name})


def _refuse_malformed(wanted: Proposal) -> None:
    known = role(wanted.role)
    is_about = known.own in ("collective", "job", "person")
    wrong = (
        known.id in (PERSON, PUBLIC),
        not wanted.reason.strip(),
        bool(wanted.town) and not _TOWN.fullmatch(wanted.town),
        (known.own == "town") > bool(wanted.town),
        is_about != bool(wanted.about),
        known.id in _RUNS_OUT and wanted.valid_until is None,
        wanted.valid_until is not None and wanted.valid_until <= wanted.valid_from,
    )
    if any(wrong):
        raise GrantFormError


def _refuse_mixed(store: Store, connection: Connection, account_id: str, wanted: str) -> None:
    """Whatever was confirmed and may yet be in force counts, also what begins later."""
    day = today(store)
    rows = _listed(store, connection, GRANT.c.account_id == account_id)
    held = [
        role(g.proposal.role)
        for g in rows
        if g.confirmed_by and not g.ended_at and (g.proposal.valid_until is None or g.proposal.valid_until > day)
    ]
    refuse_mixed([*held, role(wanted)])


def _listed(store: Store, connection: Connection, where: sa.ColumnElement[bool]) -> list[Granted]:
    return [_granted(store, tuple(row)) for row in connection.execute(ROWS.where(where))]


def _granted(store: Store, found: tuple[Any, ...]) -> Granted:
    *own, confirmed_by, ended_at = found
    row = dict(zip(GRANT.columns.keys(), own, strict=True))
    reason = str(opened_row(store.vault, GRANT, row)["reason"])
    wanted = Proposal(row["role"], row["valid_from"], row["valid_until"], row["town"], row["about"], reason)
    return Granted(row["id"], row["account_id"], wanted, row["at"], row["proposed_by"], confirmed_by, ended_at)
