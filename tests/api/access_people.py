"""Who stands before the service in tests of access: one account a role, a family of its own and one in another town."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from api.settings import ApiSettings
from registry import parties
from registry.accounts import cards, grants, holders, proofs, roles, sessions
from registry.accounts.grants import Proposal
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.membership import acts as memberships
from registry.parcels import acts as parcels
from registry.parcels.acts import ParcelFacts
from registry.parties import Identity, Organisation
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from tests.api.conftest import TOKEN, Caller, caller_of
from tests.registry import made_up
from tests.registry.accounts.people import FIRST_DAY, founders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from registry.ledger.commit import Desk
    from registry.parties import Row
    from registry.store.engines import Store
    from tests.registry.accounts.people import Member
    from tests.registry.made_up import Village

TOWN, ELSEWHERE_CODE = "150626100", "15062620030100"
NUMBER = made_up.id_number(*made_up.PEOPLE[0][1:])
ELSEWHERE_NUMBER = made_up.id_number("19800505", 707)
PIN = "482916"
NO_ID = "0" * 32
ABOUT = {"collective": made_up.VILLAGE_CODE, "surveyor": made_up.VILLAGE_CODE}


@dataclass
class Elsewhere:
    """A family of another town: a person, their parcel and contract."""

    person: str
    parcel: str
    code: str
    household: str


def register_elsewhere(store: Store) -> Elsewhere:
    """One person, one holding, one parcel of 苏力德苏木, by the acts that a delivery would use."""
    with desk(store, made_up.CLERK) as at:
        act = at.act("first-registration", made_up.SIGNED, ActFields(basis="承包合同"))
        collective = _rows(
            at,
            parties.organisation_rows(
                store.vault, store.randomness, act.idx, "collective", Organisation(ELSEWHERE_CODE, "沙尔利格嘎查")
            ),
        )
        household = _rows(at, parties.household_rows(store.randomness))
        person = _rows(
            at, parties.person_rows(store.vault, store.randomness, act.idx, Identity("孟克", ELSEWHERE_NUMBER, sex="1"))
        )
        code = f"{ELSEWHERE_CODE}0001"
        holding = holdings.begin(
            act, household_id=household, code=code, issuer_id=collective, representative_id=person,
            members=[CoHolder(person, "02")], notes="",
        )  # fmt: skip
        unit = rights.unit(
            act, kind="contract", code=f"{code}J", issuer_id=collective, method="110", signed_on=made_up.SIGNED
        )
        facts = ParcelFacts(f"{ELSEWHERE_CODE}00001", collective, "grass", "10", "012", "40000.00", "60.00")
        parcel = parcels.begin(act, facts, made_up.square(590_000, 4_263_000, 200), {"local_name": "井边"})
        terms = Terms(unit, f"{code}J", "1998-01-01", "2047-12-31", (f"{code}J", "经营权证", made_up.SIGNED))
        rights.begin(act, "contract-grass", Holder(holding_id=holding), terms, [Contracted(parcel, "40000.00", "60.00")])
        act = at.act("membership-confirmed", made_up.SIGNED, ActFields(basis="成员大会决议"))
        memberships.begin(act, person_id=person, collective_id=collective, basis="成员大会决议1号")
        at.commit()
    return Elsewhere(person, parcel, facts.code, code)


def _rows(at: Desk, made: tuple[str, list[tuple[Table, Row]]]) -> str:
    party_id, rows = made
    for table, row in rows:
        at.row(table, row)
    return party_id


def session_of(store: Store, account: str) -> str:
    """The token of a fresh session, as a good sign-in would begin it."""
    with store.writing("desk") as connection:
        begun = sessions.begin(store, connection, account, "password")
        connection.commit()
    return begun.token


def holder_of_role(store: Store, both: tuple[Member, Member], name: str, village: Village) -> str:
    """An account with one role, by the shortest way; for `the-person` one of the head of the family. Its id."""
    if name == roles.PERSON:
        return cards.issue(store, both[0].by, NUMBER, PIN).account_id
    with store.writing("desk") as connection:
        mark = holders.login_mark(store.vault, f"role-{name}")
        told = {"login": f"role-{name}", "name": "张晓梅", "bureau": "某局"}
        account = holders.open_account(store, connection, "staff", mark, told)
        connection.commit()
    known = roles.role(name)
    wanted = Proposal(
        name,
        FIRST_DAY,
        "2099-01-01",
        town=TOWN if known.own == "town" else "",
        about=village.people[0] if known.own == "person" else ABOUT.get(name, ""),
        reason="任命文件",
    )
    grants.confirm(store, both[1].by, grants.propose(store, both[0].by, account, wanted))
    return account


def one_of_each_role(store: Store, village: Village) -> dict[str, str]:
    """The token of a session by role; the public has none."""
    both = founders(store)
    names = [name for name in roles.roles() if name != roles.PUBLIC]
    return {name: session_of(store, holder_of_role(store, both, name, village)) for name in names}


def csrf(token: str) -> dict[str, str]:
    """The header that goes with a cookie."""
    return {"sanquan-csrf": proofs.csrf(token)}


def bearer(token: str) -> dict[str, str]:
    """How a program says who it is."""
    return {"Authorization": f"Bearer {token}"}


def founders_by() -> holders.By:
    """Who stands at the counter."""
    return holders.By("console-1", "张三")


@pytest.fixture
def service(store: Store, village: Village) -> Iterator[Caller]:
    """The service over the family's registry; accounts are made before the first question."""
    caller = caller_of(ApiSettings(store.settings.folder, token=TOKEN))
    yield caller
    caller.close()


def things_of(person: str, parcel: str, code: str, household: str) -> dict[str, str]:
    """What an address can name, of one family."""
    return {
        "person": person, "parcel": parcel, "code": code, "household": household, "village": household[:14],
        "bureau": "education",
    }  # fmt: skip


def of_family(village: Village, member: int) -> dict[str, str]:
    """What an address can name of the made-up family, about one of its members."""
    code = made_up.VILLAGE_CODE
    return things_of(village.people[member], village.parcels["grass"], f"{code}00002", f"{code}0001")


def address_of(path: str, things: dict[str, str]) -> tuple[str, dict[str, str]]:
    """A route's address and query about these things; what else it names is of a form that is right."""
    given = {"idx": "0", "instrument": "WS-2016", "clause": "I.2.1", "size": "1", "name": "map.css", "rest:path": "x"}
    given |= {"tag": "en", "right": NO_ID}
    for name in ("person", "parcel", "household", "bureau"):
        path = path.replace(f"{{{name}}}", things[name])
    for name in ("idx", "instrument", "clause", "size", "name", "rest:path", "tag", "right"):
        path = path.replace(f"{{{name}}}", given[name])
    for name in ("comparison", "export", "hand_in", "account", "grant", "secret", "hash", "case", "notice", "before"):
        path = path.replace(f"{{{name}}}", NO_ID)
    query: dict[str, str] = {"of": things["person"]} if path.startswith(("/my", "/counsel")) else {}
    if "sheets/" in path or path in ("/v1/parcels", "/v1/rights", "/v1/rosters", "/map"):
        query = {"household": things["household"], "village": things["village"]}
    if path == "/v1/sheets/parcel":
        query = {"code": things["code"]}
    if path == "/v1/sheets/register":
        query = {"code": f"{things['household']}J"}
    return path, query
