"""What does the register say today in the words of NY/T 2539: which rows stand in each layer and table?

Guarded things as they are in force, in one unchanging view; what was only kept goes back as it came. Fields are text by
the names of the standard, blank where nothing is known; days YYYYMMDD, areas with two decimals. It holds names.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gis.areas import mu_from_m2
from registry import parties
from registry.china import today
from registry.delivery.deeds import Person, remark_key
from registry.holding.model import HOLDING_MEMBER, HOLDING_VERSION
from registry.holding.notes import fields_of
from registry.ledger.in_force import in_force
from registry.ledger.log import head_of
from registry.ledger.position import seal_place
from registry.ledger.tables import OPENING
from registry.parcels.model import PARCEL_VERSION
from registry.parties import ORGANISATION
from registry.records import records_of
from registry.rights.model import BA_UNIT, RIGHT_PARCEL, RIGHT_VERSION

if TYPE_CHECKING:
    import shapely
    from sqlalchemy.engine import Connection

    from registry.records import Record
    from registry.store.engines import Store

Row = dict[str, str]
_FEATURE = {"DK": "211011"}
_ISSUER_CODE = re.compile(r"[0-9]{14}")
_PARCEL_TEXTS = {
    "local_name": "DKMC", "east": "DKDZ", "west": "DKXZ", "south": "DKNZ", "north": "DKBZ", "remark": "DKBZXX",
    "pointed_out_by": "ZJRXM", "points": "KJZB", "ownership": "SYQXZ", "soil_grade": "DLDJ", "purpose": "TDYT",
    "basic_farmland": "SFJBNT", "feature_id": "BSM", "feature_code": "YSDM",
}  # fmt: skip
_CONTRACTED_TEXTS = {
    "acquired_by": "CBJYQQDFS", "transfer_contract": "LZHTBM", "former_area_m2": "YHTMJ", "former_area_mu": "YHTMJM",
    "share_without_place": "SFQQQG",
}  # fmt: skip
_HOMESTEAD_TEXTS = {
    "local_name": "DKMC", "location": "ZL", "east": "ZDSZD", "south": "ZDSZN", "west": "ZDSZX", "north": "ZDSZB",
    "note": "FJ", "feature_id": "BSM", "feature_code": "YSDM",
}  # fmt: skip
_BUILDING = {
    "number": "ZH", "storeys": "ZCS", "area_m2": "JZMJ", "year": "JGNF", "structure": "FWJG", "surveyed": "DCRQ",
}  # fmt: skip
_SERIAL_OF_PERSONS, _SERIAL_OF_UNITS = 8001, 9001


@dataclass(slots=True)
class Gathered:
    """Rows by part; `shapes` has one for each row of a layer (register's CRS). `log_size`: as known then."""

    day: str
    log_size: int
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    shapes: dict[str, list[shapely.Geometry | None]] = field(default_factory=lambda: defaultdict(list))


class _Reading:
    """One view of the register: what every part needs of it, read once."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self.store, self.connection = store, connection
        self.head = head_of(store, connection, None)
        self.day = today(store)
        self.issuers = {
            row.party_id: row.code
            for row in connection.execute(sa.select(ORGANISATION.c.party_id, ORGANISATION.c.code).order_by(ORGANISATION.c.seq))
        }
        self.holders: dict[str, str] = {}
        self.texts: dict[str, dict[str, str]] = {}
        self.codes: dict[str, str] = {}

    def rows(self, query: sa.Select[Any]) -> list[sa.RowMapping]:
        bound = {"valid_at": self.day, "known_at": self.head.size}
        return list(self.connection.execute(query, bound).mappings())

    def named(self, table: sa.Table, path: str) -> dict[str, Any]:
        """The opened value of a named path, by the id of the thing."""
        query = (
            sa.select(table.c.thing_id, table.c.digest, OPENING.c.sealed)
            .join(OPENING, sa.and_(OPENING.c.subject == table.c.digest, OPENING.c.path == path))
            .where(in_force(table), table.c.status != "ended")
        )
        vault = self.store.vault
        return {
            row["thing_id"]: json.loads(vault.open(bytes(row["sealed"]), seal_place(bytes(row["digest"]), path)))
            for row in self.rows(query)
        }


def gather(store: Store, connection: Connection) -> Gathered:
    """Everything that a hand-in holds."""
    reading = _Reading(store, connection)
    out = Gathered(reading.day, reading.head.size)
    kept = _kept(reading, out)
    _issuers(reading, out)
    _households(reading, out, kept["CBF"])
    _parcels(reading, out)
    _contracts(reading, out, {record.fields["CBHTBM"]: record.fields for record in kept["CBHT"]})
    _homesteads(reading, out, kept["CBF"])
    _later_buildings(out, kept["FW"])
    for name, key in (("FBF", "FBFBM"), ("CBF", "CBFBM"), ("CBHT", "CBHTBM"), ("CBDKXX", "DKBM")):
        out.rows[name].sort(key=lambda row, key=key: row[key])  # type: ignore[misc]  # the key of this turn
    return out


def _kept(reading: _Reading, out: Gathered) -> dict[str, list[Record]]:
    """What was kept of whole parts goes back as it came; what was kept of the register's own parts is given back."""
    own: dict[str, list[Record]] = {"CBF": [], "CBHT": [], "FW": []}
    for part, records in records_of(reading.connection, reading.store.vault).items():
        if part in own:
            own[part] = records
            continue
        for record in records:
            out.rows[part].append(record.fields)
            out.shapes[part].append(record.shape)
    return own


def _issuers(reading: _Reading, out: Gathered) -> None:
    for issuer in parties.issuers_of(reading.connection, reading.store.vault, ""):
        if _ISSUER_CODE.fullmatch(issuer.code):
            contact = json.loads(issuer.contact) if issuer.contact else {}
            row = {"FBFBM": issuer.code, "FBFMC": issuer.name, **{name.upper(): text for name, text in contact.items()}}
            out.rows["FBF"].append(row | {"FBFDCRQ": _day(row.get("FBFDCRQ", ""))})


def _households(reading: _Reading, out: Gathered, alone: list[Record]) -> None:
    """Holdings with their lists; then persons and units that hold without one, as they were delivered."""
    h, m = HOLDING_VERSION, HOLDING_MEMBER
    columns = (h.c.thing_id, h.c.ver, h.c.household_id, h.c.code, h.c.representative_id)
    holdings = reading.rows(sa.select(*columns).where(in_force(h), h.c.status != "ended").order_by(h.c.code))
    lines = reading.rows(
        sa.select(*(m.c[name] for name in ("thing_id", "person_id", "relation", "co_holder", "remark")))
        .join(h, sa.and_(h.c.thing_id == m.c.thing_id, h.c.ver == m.c.ver))
        .where(in_force(h), h.c.status != "ended")
        .order_by(m.c.thing_id, m.c.pos)
    )
    members: dict[str, list[sa.RowMapping]] = defaultdict(list)
    for line in lines:
        members[line["thing_id"]].append(line)
    people = {line["person_id"] for line in lines} | {row["representative_id"] for row in holdings}
    who = parties.identities(reading.connection, reading.store.vault, people)
    notes = reading.named(h, "notes")
    books: dict[str, list[str]] = defaultdict(list)
    for row in holdings:
        books[row["household_id"]].append(row["code"])
    for row in holdings:
        code, mine = row["code"], members[row["thing_id"]]
        reading.holders[row["thing_id"]] = code
        said = fields_of(notes.get(row["thing_id"]))
        remarks = said.pop("remarks", {})
        head = who[row["representative_id"]]
        others = [other for other in books[row["household_id"]] if other != code]
        out.rows["CBF"].append(
            {
                "CBFBM": code,
                "CBFLX": _kind(code),
                "CBFMC": head.name,
                "CBFZJLX": head.id_type,
                "CBFZJHM": head.id_number,
                **{name.upper(): _day(text) if name.upper().endswith("RQ") else text for name, text in said.items()},
                "CBFCYSL": str(len(mine)),
                "GLCBFBM": others[0] if len(others) == 1 else "",
            }
        )
        names = [who[line["person_id"]].name for line in mine]
        for line in mine:
            person = who[line["person_id"]]
            key = remark_key(Person(person.id_number, person.name), alone=names.count(person.name) == 1)
            out.rows["CBF_JTCY"].append(
                {
                    "CBFBM": code,
                    "CYXM": person.name,
                    "CYXB": person.sex,
                    "CYZJLX": person.id_type,
                    "CYZJHM": person.id_number,
                    "YHZGX": line["relation"],
                    "CYBZ": line["remark"],
                    "SFGYR": "1" if line["co_holder"] else "2",
                    "CYBZSM": remarks.get(key, ""),
                }
            )
    known = {row["CBFBM"] for row in out.rows["CBF"]}
    out.rows["CBF"] += [_as_delivered(record.fields) for record in alone if record.fields["CBFBM"] not in known]


def _parcels(reading: _Reading, out: Gathered) -> None:
    p = PARCEL_VERSION
    names = ("thing_id", "code", "land_use", "category", "land_type", "surveyed_area_m2", "surveyed_area_mu", "geom")
    where = (in_force(p), p.c.status != "ended", p.c.land_use != "homestead")
    reading.texts = reading.named(p, "texts")
    rows = reading.rows(sa.select(*(p.c[name] for name in names)).where(*where).order_by(p.c.code))
    for row in rows:
        texts = reading.texts.get(row["thing_id"], {})
        reading.codes[row["thing_id"]] = row["code"]
        out.rows["DK"].append(
            {
                "YSDM": _FEATURE["DK"],
                "DKBM": row["code"],
                "DKLB": row["category"],
                "TDLYLX": row["land_type"],
                "SCMJ": row["surveyed_area_m2"],
                "SCMJM": row["surveyed_area_mu"],
                **{name: texts[word] for word, name in _PARCEL_TEXTS.items() if word in texts},
            }
        )
        out.shapes["DK"].append(row["geom"])
    _number(out.rows["DK"])


def _number(rows: list[Row]) -> None:
    """A BSM for each row: its own, or the next free one where it was made here (split, joined)."""
    following = max((int(row["BSM"]) for row in rows if row.get("BSM", "").isdigit()), default=0)
    for row in rows:
        if not row.get("BSM"):
            following += 1
            row["BSM"] = str(following)


def _contracts(reading: _Reading, out: Gathered, more: dict[str, Row]) -> None:
    r, line, unit = RIGHT_VERSION, RIGHT_PARCEL, BA_UNIT
    rows = reading.rows(
        sa.select(
            *(r.c[name] for name in ("unit_code", "holder_id", "term_start", "term_end")),
            r.c.share_numerator,
            r.c.share_denominator,
            *(line.c[name] for name in ("parcel_id", "contract_area_m2", "contract_area_mu")),
            *(unit.c[name] for name in ("issuer_id", "method", "signed_on")),
        )
        .join(line, sa.and_(line.c.thing_id == r.c.thing_id, line.c.ver == r.c.ver))
        .join(unit, unit.c.id == r.c.unit_id)
        .where(in_force(r), r.c.status != "ended", r.c.thing.like("contract-%"))
        .order_by(r.c.unit_code, line.c.parcel_id)
    )
    parcels: dict[str, list[sa.RowMapping]] = defaultdict(list)
    _shares(reading, out, rows)
    seen: set[tuple[str, str]] = set()
    for row in rows:
        texts = reading.texts.get(row["parcel_id"], {})
        code, contract = reading.codes[row["parcel_id"]], row["unit_code"]
        if (contract, code) in seen:
            continue  # a contract that several hold has a right for each of them on the same parcels
        seen.add((contract, code))
        issuer = reading.issuers[row["issuer_id"]]
        parcels[contract].append(row)
        out.rows["CBDKXX"].append(
            {
                "DKBM": code,
                "FBFBM": issuer,
                "CBFBM": contract[:18],
                "CBJYQQDFS": row["method"],
                "HTMJ": row["contract_area_m2"],
                "HTMJM": row["contract_area_mu"],
                "CBHTBM": contract,
                "CBJYQZBM": contract,
                **{name: texts[word] for word, name in _CONTRACTED_TEXTS.items() if word in texts},
            }
        )
    for contract, lines in parcels.items():
        total = str(sum((Decimal(each["contract_area_m2"]) for each in lines), Decimal(0)))
        first = lines[0]
        out.rows["CBHT"].append(
            {
                "CBHTBM": contract,
                "FBFBM": reading.issuers[first["issuer_id"]],
                "CBFBM": contract[:18],
                "CBFS": first["method"],
                "CBQXQ": _day(first["term_start"]),
                "CBQXZ": _day(first["term_end"]),
                "HTZMJ": total,
                "CBDKZS": str(len(lines)),
                "QDSJ": _day(first["signed_on"]),
                "HTZMJM": str(mu_from_m2(total)),
                **more.get(contract, {}),
            }
        )


def _shares(reading: _Reading, out: Gathered, rows: list[sa.RowMapping]) -> None:
    """联户: who holds a contract by shares; one row a household."""
    found = {
        (row["unit_code"], reading.holders[row["holder_id"]]): (row["share_numerator"], row["share_denominator"])
        for row in rows
        if row["share_numerator"] is not None
    }
    out.rows["LH"] += [
        {"CBHTBM": contract, "CBFBM": household, "FE": str(share), "ZFE": str(total)}
        for (contract, household), (share, total) in sorted(found.items())
    ]


def _homesteads(reading: _Reading, out: Gathered, alone: list[Record]) -> None:
    p, r, line = PARCEL_VERSION, RIGHT_VERSION, RIGHT_PARCEL
    first = sa.select(r.c.thing_id, sa.func.min(r.c.valid_from).label("since")).group_by(r.c.thing_id).subquery()
    held = reading.rows(
        sa.select(line.c.parcel_id, r.c.holding_id, r.c.party_id, r.c.certificate_number, first.c.since)
        .join(line, sa.and_(line.c.thing_id == r.c.thing_id, line.c.ver == r.c.ver))
        .join(first, first.c.thing_id == r.c.thing_id)
        .where(in_force(r), r.c.status != "ended", r.c.thing == "homestead")
    )
    rights = {row["parcel_id"]: row for row in held}
    persons = _persons(reading, {row["party_id"] for row in held if row["party_id"]}, alone)
    names = (
        "thing_id", "code", "village_id", "surveyed_area_m2", "approved_area_m2", "excess_area_m2", "buildings", "geom",
    )  # fmt: skip
    where = (in_force(p), p.c.status != "ended", p.c.land_use == "homestead")
    for row in reading.rows(sa.select(*(p.c[name] for name in names)).where(*where).order_by(p.c.code)):
        texts, right = reading.texts.get(row["thing_id"], {}), rights.get(row["thing_id"])
        holder = {}
        if right is not None:
            code = reading.holders.get(right["holding_id"] or "") or persons.get(right["party_id"] or "", "")
            holder = {"QLRCBFBM": code, "DJRQ": _day(right["since"]), "QZH": right["certificate_number"]}
        out.rows["ZD"].append(
            {
                "BDCDYH": row["code"],
                "ZDDM": row["code"][:19],
                "FBFBM": reading.issuers[row["village_id"]],
                **holder,
                "ZDMJ": row["surveyed_area_m2"],
                "PZMJ": row["approved_area_m2"],
                "CQMJ": row["excess_area_m2"],
                **{name: texts[word] for word, name in _HOMESTEAD_TEXTS.items() if word in texts},
            }
        )
        out.shapes["ZD"].append(row["geom"])
        for building in json.loads(row["buildings"]):
            said = {name: building.get(word, "") for word, name in _BUILDING.items()}
            out.rows["FW"].append({"BDCDYH": row["code"], **said, "DCRQ": _day(said["DCRQ"])})


def _later_buildings(out: Gathered, kept: list[Record]) -> None:
    """Buildings that were delivered for a plot and could not be recorded on it yet."""
    plots, built = {row["BDCDYH"] for row in out.rows["ZD"]}, {row["BDCDYH"] for row in out.rows["FW"]}
    for record in kept:
        if record.fields["BDCDYH"] in plots - built:
            out.rows["FW"].append(_as_delivered(record.fields))


def _persons(reading: _Reading, party_ids: set[str], alone: list[Record]) -> dict[str, str]:
    """The household code of a person or unit that holds without a list: by number, or by the unit's own code."""
    by_number = {record.fields.get("CBFZJHM", ""): record.fields["CBFBM"] for record in alone}
    who = parties.identities(reading.connection, reading.store.vault, party_ids)
    found = {party: by_number.get(identity.id_number, "") for party, identity in who.items()}
    return found | {party: code for party, code in reading.issuers.items() if party in party_ids}


def _as_delivered(fields: Row) -> Row:
    return {name: _day(text) if name.endswith("RQ") else text for name, text in fields.items()}


def _kind(code: str) -> str:
    """承包方类型 by the range of the serial (standards: 0001-8000 household, 8001-9000 person, 9001-9999 unit)."""
    serial = int(code[14:])
    return "1" if serial < _SERIAL_OF_PERSONS else "2" if serial < _SERIAL_OF_UNITS else "3"


def _day(text: str) -> str:
    return text.replace("-", "")
