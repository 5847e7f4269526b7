"""A made-up village for tests: one collective, one family, every kind of guarded thing, registered 2016-11-30.

All people are invented; their numbers use region 150699, which is not allocated, with right check digits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely

from registry import parties
from registry.benefits import acts as benefits
from registry.duties import acts as duties
from registry.holding import acts as holdings
from registry.holding.model import CoHolder
from registry.ledger.act import ActFields, Will
from registry.ledger.commit import Committed, Officer, desk
from registry.membership import acts as memberships
from registry.parcels import acts as parcels
from registry.parcels.acts import ParcelFacts
from registry.parties import Identity, Organisation, check_digit
from registry.residence import Registration
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Holder, Terms
from registry.settlement import Event, Recorded, record, settle_family

if TYPE_CHECKING:
    from sqlalchemy import Table

    from registry.ledger.commit import Desk
    from registry.parties import Row
    from registry.store.engines import Store

CLERK = Officer("张晓梅", "农牧业局")
SIGNED = "2016-11-30"
MOVED = "2017-05-08"
VILLAGE_CODE = "15062610021000"
PEOPLE = (
    ("达楞太", "19740312", 101),
    ("敖登", "19760921", 122),
    ("朝鲁", "20030105", 303),
    ("诺敏", "20110718", 404),
    ("莲花", "19490202", 526),
)


def id_number(born: str, sequence: int) -> str:
    """A well-formed number of the unallocated region 150699."""
    body = f"150699{born}{sequence:03d}"
    return body + check_digit(body)


@dataclass
class Village:
    """The ids of what was registered."""

    collective: str = ""
    household: str = ""
    people: list[str] = field(default_factory=list)
    holding: str = ""
    parcels: dict[str, str] = field(default_factory=dict)
    rights: dict[str, str] = field(default_factory=dict)
    memberships: list[str] = field(default_factory=list)
    duty: str = ""
    benefit: str = ""
    committed: Committed | None = None


def square(east: float, north: float, side: float) -> shapely.Polygon:
    """A square parcel; its lower left corner in EPSG:4545."""
    return shapely.box(east, north, east + side, north + side)


def register_village(store: Store) -> Village:
    """Everything of the family in three acts: contract, homestead, the collective's matters."""
    village = Village()
    with desk(store, CLERK) as at:
        act = at.act("first-registration", SIGNED, ActFields(basis="承包合同"))
        village.collective = _rows(
            at,
            parties.organisation_rows(
                store.vault, store.randomness, act.idx, "collective", Organisation(VILLAGE_CODE, "呼和陶勒盖嘎查")
            ),
        )
        village.household = _rows(at, parties.household_rows(store.randomness))
        for name, born, sequence in PEOPLE:
            who = Identity(name, id_number(born, sequence), sex="1" if sequence % 2 else "2")
            village.people.append(_rows(at, parties.person_rows(store.vault, store.randomness, act.idx, who)))
        act.fields = ActFields(
            basis="承包合同",
            people=tuple((p, n, id_number(b, s)) for p, (n, b, s) in zip(village.people, PEOPLE, strict=True)),
        )
        relations = ("02", "12", "20", "30", "52")
        village.holding = holdings.begin(
            act,
            household_id=village.household,
            code=f"{VILLAGE_CODE}0001",
            issuer_id=village.collective,
            representative_id=village.people[0],
            members=[CoHolder(p, r) for p, r in zip(village.people, relations, strict=True)],
            notes="公示无异议",
        )
        unit = rights.unit(
            act,
            kind="contract",
            code=f"{VILLAGE_CODE}0001J",
            issuer_id=village.collective,
            method="110",
            signed_on=SIGNED,
        )
        for n, (use, m2, mu) in enumerate(
            (
                ("arable", "31000.00", "46.50"),
                ("grass", "2561446.67", "3842.17"),
                ("forest", "4000.00", "6.00"),
                ("other", "2000.00", "3.00"),
            )
        ):
            facts = ParcelFacts(f"{VILLAGE_CODE}{n + 1:05d}", village.collective, use, "10", "012", m2, mu)
            village.parcels[use] = parcels.begin(
                act,
                facts,
                square(574_000 + 3000 * n, 4_263_000, float(m2) ** 0.5),
                {"local_name": "西梁", "east": "巴图"},
            )
            ends = {"arable": "2027-12-31", "grass": "2047-12-31", "forest": "2067-12-31", "other": "2027-12-31"}
            village.rights[f"contract-{use}"] = rights.begin(
                act,
                f"contract-{use}",
                Holder(holding_id=village.holding),
                Terms(
                    unit, f"{VILLAGE_CODE}0001J", "1998-01-01", ends[use], (f"{VILLAGE_CODE}0001J", "经营权证", SIGNED)
                ),
                [Contracted(village.parcels[use], m2, mu)],
            )
        act = at.act("first-registration", SIGNED, ActFields(basis="宅基地登记"))
        facts = ParcelFacts(
            "150626100210JC00001F00010001",
            village.collective,
            "homestead",
            "",
            "072",
            "413.33",
            "0.62",
            approved_area_m2="400.00",
            excess_area_m2="13.33",
        )
        village.parcels["homestead"] = parcels.begin(
            act, facts, square(574_500, 4_262_000, 20.33), {"location": "呼和陶勒盖嘎查1号"}
        )
        unit = rights.unit(
            act, kind="certificate", code=facts.code, issuer_id=village.collective, method="", signed_on=SIGNED
        )
        village.rights["homestead"] = rights.begin(
            act,
            "homestead",
            Holder(holding_id=village.holding),
            Terms(
                unit,
                facts.code,
                certificate=("乌集用2016第1号", "宅基地使用权证", SIGNED),
                book="realty-platform",
                book_number="乌集用2016第1号",
            ),
            [Contracted(village.parcels["homestead"], "413.33", "0.62")],
        )
        _collective_matters(at, village)
        village.committed = at.commit()
    return village


def _collective_matters(at: Desk, village: Village) -> None:
    act = at.act("membership-confirmed", SIGNED, ActFields(basis="成员大会决议"))
    village.memberships = [
        memberships.begin(act, person_id=p, collective_id=village.collective, basis="成员大会决议1号")
        for p in village.people
    ]
    act = at.act("shares-allotted", SIGNED, ActFields(basis="股份量化方案"))
    unit = rights.unit(
        act, kind="share-ledger", code=VILLAGE_CODE, issuer_id=village.collective, method="", signed_on=SIGNED
    )
    lines = [(p, 12, 6000) for p in village.people]
    allotment = rights.allot(act, [*lines, (village.collective, 5940, 6000)])
    for n, (person, numerator, denominator) in enumerate(lines):
        village.rights[f"income-{n}"] = rights.begin(
            act,
            "income",
            Holder(party_id=person, allotment_id=allotment, numerator=numerator, denominator=denominator),
            Terms(unit, VILLAGE_CODE, certificate=(f"股{n}", "股权证", SIGNED), book="collective"),
        )
    act = at.act("duty-set", SIGNED, ActFields(basis="草畜平衡责任书"))
    village.duty = duties.begin(
        act,
        duty_kind="stocking-limit",
        subject_id=village.rights["contract-grass"],
        quantity="120",
        unit="羊单位",
        document="草畜1号",
    )
    act = at.act("benefit-granted", SIGNED, ActFields(basis="草原补奖"))
    village.benefit = benefits.begin(
        act,
        policy="草原生态保护补助奖励",
        basis="household",
        beneficiary_id=village.holding,
        quantity="3842.17",
        unit="亩",
        policy_year="2016",
    )


def _rows(at: Desk, made: tuple[str, list[tuple[Table, Row]]]) -> str:
    party_id, rows = made
    for table, row in rows:
        at.row(table, row)
    return party_id


def town(person: str = "", day: str = MOVED) -> Registration:
    """A flat in 文苑社区."""
    return Registration(person, day, "H-1", "", "150626100010", "嘎鲁图镇文苑社区", "文苑社区1栋101")


def rural(person: str, relation: str, day: str = "2016-09-14") -> Registration:
    """The registration that the family had before."""
    return Registration(
        person, day, "R-1", relation, "150626100210", "嘎鲁图镇呼和陶勒盖嘎查", "呼和陶勒盖嘎查1号", former_type="农业"
    )


def register_hukou(store: Store, village: Village) -> Recorded:
    """The roster of registrations before the move."""
    rows = tuple(rural(p, r) for p, r in zip(village.people, ("02", "12", "20", "30", "52"), strict=True))
    return record(store, Event("type-unified", "2016-09-14", tuple(village.people), rows), "王警官", "公安局")


def settle(store: Store, village: Village, day: str = MOVED) -> Recorded:
    """The whole family settles in town."""
    return settle_family(store, village.people, day=day, town=town(), officer_name="王警官")


def wills(*people: str, guardian: str | None = None) -> tuple[Will, ...]:
    """A signed paper of each person; `guardian` signs where one is needed."""
    return tuple(Will(p, "a" * 64, guardian) for p in people)
