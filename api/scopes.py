"""What is a request about: which person, parcel, contract or village stands in its address, its query or its body?

Only asked where a role is held to its own: what nobody of the register is called leads to an empty scope, as what is there
but is somebody else's leads to one that the role does not cover. So both are refused alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from api.counsel.clients import client_of
from api.my.whose import whose
from registry import china, parties
from registry.accounts import grants, reach
from registry.accounts.authorise import EVERYTHING, Scope

if TYPE_CHECKING:
    from fastapi import Request
    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

By = Literal[
    "", "person", "parcel", "household", "code", "unit", "query", "number", "asked-person", "bureau", "of-bureau", "grant", "head",
    "mine", "client",
]
IN_BODY: frozenset[By] = frozenset({"number", "asked-person", "bureau"})
_NOBODY = Scope()


def scope_of(  # noqa: C901, PLR0911, PLR0912  (one place each)
    request: Request, store: Store, connection: Connection, by: By, sent: dict[str, Any]
) -> Scope:
    """The scope of a request, by where its rule says that it stands; `sent` is its body, read where `IN_BODY` has the place."""
    day, path, query = china.today(store), request.path_params, request.query_params
    match by:
        case "person":
            return reach.of_person(connection, path["person"], day)
        case "parcel":
            return reach.of_parcel(connection, path["parcel"], day)
        case "household":
            return reach.of_holding(connection, path.get("household") or query.get("household", ""), day)
        case "code":
            return reach.of_parcel(connection, query.get("code", ""), day, by_code=True)
        case "unit":
            return reach.of_holding(connection, query.get("code", ""), day)
        case "query":
            # A code finds parcels anywhere, whatever stands beside it in the query.
            if query.get("code", "").strip():
                return EVERYTHING
            return _of_query(connection, query.get("person", ""), query.get("village", ""), day)
        case "number":
            number = str(sent.get("id_number", ""))
            found = parties.find_by_number(connection, store.vault, number) if number else []
            # Asked for nobody too: how much work an answer takes would tell whether the number is known (hazards C14).
            scope = reach.of_person(connection, found[0] if len(found) == 1 else "", day)
            return scope if len(found) == 1 else _NOBODY
        case "asked-person" | "bureau":
            person = str(sent.get("person", ""))
            scope = reach.of_person(connection, person, day)
            return Scope(scope.people, scope.codes, bureau=path["bureau"] if by == "bureau" else "")
        case "of-bureau":
            return Scope(bureau=path["bureau"])
        case "grant":
            about = [g.proposal.about for g in grants.listed(store, connection) if g.id == path["grant"]]
            return reach.of_person(connection, about[0], day) if about else _NOBODY
        case "mine":
            whom = whose(request.state.caller.actor, query.get("of", ""))
            return reach.of_person(connection, whom, day) if whom else _NOBODY
        case "client":
            client = client_of(request.state.caller.actor, query.get("of", ""))
            return reach.of_person(connection, client, day) if client else _NOBODY
        case "head":
            return Scope(marks=frozenset({"head"}))
        case _:
            return EVERYTHING


def _of_query(connection: Connection, person: str, village: str, day: str) -> Scope:
    if person:
        return reach.of_person(connection, person, day)
    return reach.of_village(village) if village else EVERYTHING


async def sent_in(request: Request) -> dict[str, Any]:
    """The body as far as it is a JSON object; its form is the route's to judge."""
    try:
        sent = await request.json()
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}
