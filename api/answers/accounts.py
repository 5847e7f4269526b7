"""How are accounts, grants and whoever asks shown, to the service and to the command alike? Secrets never are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry import china
from registry.accounts import grants, holders

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.accounts.authorise import Actor
    from registry.accounts.sessions import Session
    from registry.store.engines import Store


def who(actor: Actor, session: Session | None, csrf: str | None) -> dict[str, Any]:
    """Who asks, and which roles stand today."""
    return {
        "kind": actor.kind,
        "account": actor.account_id,
        "name": actor.name,
        "person": actor.person_id,
        "roles": [
            {"role": g.role.id, "zh": g.role.zh, "en": g.role.en, "town": g.town, "about": g.about} for g in actor.held
        ],
        "until": session.until if session else None,
        "csrf": csrf,
    }


def accounts(store: Store, connection: Connection) -> dict[str, Any]:
    """Every account, and what waits for its second person."""
    return {
        "accounts": [
            {
                "id": one.id,
                "kind": one.kind,
                "at": one.at,
                "login": one.login,
                "name": one.name,
                "bureau": one.bureau,
                "standing": one.standing,
            }
            for one in holders.accounts(store, connection)
        ],
        "waiting": [
            {"id": secret, "account": account, "what": what, "made_by": by}
            for secret, account, what, by in holders.unconfirmed(connection)
        ],
    }


def granted(store: Store, connection: Connection) -> dict[str, Any]:
    """Every grant with who stands behind it."""
    day = china.today(store)
    return {"grants": [_grant(each, day) for each in grants.listed(store, connection)]}


def relatives(store: Store, connection: Connection, person_id: str) -> dict[str, Any]:
    """Who may look and apply for a person; by grant, for whoever it is knows them."""
    return {
        "relatives": [
            {
                "grant": each.id,
                "since": each.proposal.valid_from,
                "until": each.proposal.valid_until,
                "confirmed": each.confirmed_by is not None,
            }
            for each in grants.relatives_of(store, connection, person_id)
        ]
    }


def _grant(each: grants.Granted, day: str) -> dict[str, Any]:
    wanted = each.proposal
    return {
        "id": each.id,
        "account": each.account_id,
        "role": wanted.role,
        "town": wanted.town,
        "about": wanted.about,
        "valid_from": wanted.valid_from,
        "valid_until": wanted.valid_until,
        "reason": wanted.reason,
        "proposed_at": each.at,
        "proposed_by": each.proposed_by,
        "confirmed_by": each.confirmed_by,
        "ended_at": each.ended_at,
        "stands": each.stands(day),
    }
