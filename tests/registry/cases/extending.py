"""A village of twenty households whose arable contracts end on 2027-12-31, and its roster for the 延包.

The made-up family is the first; the others have two people and one contract each. Made-up people only.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry import parties
from registry.cases.writing.extension import mark_of
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields
from registry.ledger.commit import desk
from registry.membership import acts as memberships
from registry.parcels import acts as parcels
from registry.parcels.acts import ParcelFacts
from registry.parties import Identity
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from tests.registry.made_up import CLERK, PEOPLE, SIGNED, VILLAGE_CODE, id_number, square

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from registry.store.engines import Store
    from tests.registry.made_up import Village

LAND, UNTIL = "contract-arable", "2027-12-31"
HEADER = ("承包方编码", "合同编码", "合同面积亩", "姓名", "证件号码")
SURNAMES = "白包陈戴额冯高韩吉李马娜欧潘齐任苏唐王"


@dataclass(frozen=True)
class Home:
    """A household of the village: ids, and what a roster would say of it."""

    code: str
    holding: str
    right: str
    contract: str
    mu: str
    people: tuple[str, ...]
    identities: tuple[tuple[str, str], ...]


def first_home(village: Village) -> Home:
    """The made-up family."""
    identities = tuple((name, id_number(born, sequence)) for name, born, sequence in PEOPLE)
    code = f"{VILLAGE_CODE}0001"
    right = village.rights[LAND]
    return Home(code, village.holding, right, f"{code}J", "46.50", tuple(village.people), identities)


def register_homes(store: Store, village: Village, count: int = 20) -> list[Home]:
    """The made-up family and as many more as make `count`, in one act; every adult is a member of the collective."""
    homes = [first_home(village)]
    with desk(store, CLERK) as at:
        act = at.act("first-registration", SIGNED)
        named = []
        for n in range(2, count + 1):
            names = [f"{SURNAMES[n - 2]}{given}" for given in ("图雅", "巴图")]
            who = [(names[0], id_number("19700501", 2 * n)), (names[1], id_number("19680501", 2 * n + 1))]
            people = []
            for name, number in who:
                person, rows = parties.person_rows(store.vault, store.randomness, act.idx, Identity(name, number))
                people.append(person)
                named.append((person, name, number))
                for table, row in rows:
                    at.row(table, row)
            household, rows = parties.household_rows(store.randomness)
            for table, row in rows:
                at.row(table, row)
            code = f"{VILLAGE_CODE}{n:04d}"
            holding = holdings.begin(
                act,
                household_id=household,
                code=code,
                issuer_id=village.collective,
                representative_id=people[0],
                members=[CoHolder(people[0], "02"), CoHolder(people[1], "12")],
            )
            unit = rights.unit(act, kind="contract", code=f"{code}J", issuer_id=village.collective, method="110", signed_on=SIGNED)
            facts = ParcelFacts(f"{VILLAGE_CODE}{100 + n:05d}", village.collective, "arable", "10", "012", "10000.00", "15.00")
            parcel = parcels.begin(act, facts, square(590_000 + 200 * n, 4_263_000, 100), {"local_name": "东梁"})
            right = rights.begin(
                act,
                LAND,
                Holder(holding_id=holding),
                Terms(unit, f"{code}J", "1998-01-01", UNTIL),
                [Contracted(parcel, "10000.00", "15.00")],
            )
            homes.append(Home(code, holding, right, f"{code}J", "15.00", tuple(people), tuple(who)))
        act.fields = ActFields(basis="承包合同", people=tuple(named))
        act = at.act("membership-confirmed", SIGNED, ActFields(basis="成员大会决议"))
        for home in homes[1:]:
            for person in home.people:
                memberships.begin(act, person_id=person, collective_id=village.collective, basis="成员大会决议1号")
        at.commit()
    return homes


def line(store: Store, home: Home, **other: Any) -> dict[str, Any]:  # noqa: ANN401  (what a line of a request says)
    """A household as a request has it; `other` replaces what stands there."""
    people = [mark_of(store.vault, name, number) for name, number in home.identities]
    return {"code": home.code, "people": people, "contracts": [{"code": home.contract, "mu": home.mu}]} | other


def request(lines: Iterable[dict[str, Any]], **other: Any) -> dict[str, Any]:  # noqa: ANN401  (as above)
    """What a case asks for."""
    return {"collective": VILLAGE_CODE, "land": LAND, "until": UNTIL, "roster": list(lines), "source": "c" * 64} | other


def written(path: Path, homes: Sequence[Home], header: Sequence[str] = HEADER) -> Path:
    """A roster as a village would hand it in."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(header)
    for home in homes:
        lines.writerow((home.code, home.contract, home.mu, "", ""))
        lines.writerows((home.code, "", "", name, number) for name, number in home.identities)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path
