"""What do the rows of a sound delivery say together: which parcels, households, contracts, homesteads of each village?

A *deed* is what one act will register. Everything here is in the words of the delivery (codes, a person as number and
name); ids of the register come in where it is written or compared. Days are YYYY-MM-DD, areas text with two decimals.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from gis.areas import mu_from_m2
from gis.storage.gpkg import wkb_digest
from registry.delivery.fields import HOUSEHOLD, UNIT
from registry.delivery.frames import found_in
from registry.delivery.identity import IDENTITY_CARD, members_of
from registry.delivery.terms import land_use

if TYPE_CHECKING:
    import shapely

    from registry.delivery.faults import Fault
    from registry.delivery.frames import Frame
    from registry.delivery.read import Delivery

_ISSUER = 14
_DECEASED = "7"
_HOMESTEAD_TYPE = "072"
_PARCEL_FEATURE = "211011"
_HOLDING_IN_DOUBT = frozenset(
    {"no-representative", "two-representatives", "representative-differs", "no-co-holder", "linked-nobody-common"}
)
_PARCEL_TEXTS = {
    "DKMC": "local_name",
    "DKDZ": "east",
    "DKNZ": "south",
    "DKXZ": "west",
    "DKBZ": "north",
    "ZJRXM": "pointed_out_by",
    "DKBZXX": "remark",
    "KJZB": "points",
    "SYQXZ": "ownership",
    "DLDJ": "soil_grade",
    "TDYT": "purpose",
    "SFJBNT": "basic_farmland",
    "BSM": "feature_id",
}
_CONTRACTED_TEXTS = {
    "CBJYQQDFS": "acquired_by",
    "LZHTBM": "transfer_contract",
    "YHTMJ": "former_area_m2",
    "YHTMJM": "former_area_mu",
    "SFQQQG": "share_without_place",
}
_HOMESTEAD_TEXTS = {
    "DKMC": "local_name",
    "ZL": "location",
    "ZDSZD": "east",
    "ZDSZN": "south",
    "ZDSZX": "west",
    "ZDSZB": "north",
    "FJ": "note",
    "BSM": "feature_id",
    "YSDM": "feature_code",
}
_HOUSEHOLD_NOTES = (
    "CBFDZ", "YZBM", "LXDH", "CBFDCRQ", "CBFDCY", "CBFDCJS", "GSJS", "GSJSR", "GSSHRQ", "GSSHR",
)  # fmt: skip


class Person(NamedTuple):
    """Who is meant: one number with one name. `id_type` and `sex` come with the row that names the person first."""

    number: str
    name: str


class Member(NamedTuple):
    """One line of a household's list."""

    person: Person
    relation: str
    co_holder: bool
    remark: str
    alive: bool


@dataclass(slots=True)
class Parcel:
    """A parcel or homestead plot with its shape, register's CRS."""

    code: str
    issuer: str
    land_use: str
    category: str
    land_type: str
    m2: str
    mu: str
    texts: dict[str, str]
    shape: shapely.Geometry
    shape_digest: bytes
    approved: str = ""
    excess: str = ""
    buildings: str | None = None
    """Canonical JSON; None where no table of buildings was delivered."""


@dataclass(slots=True)
class Household:
    """One row of CBF: one holding, or a party where it is a single person or a unit. `root` is shared by linked codes."""

    code: str
    kind: str
    issuer: str
    root: str
    representative: Person
    members: list[Member]
    notes: str
    surveyed: str
    in_doubt: bool
    contracts: list[Contract] = field(default_factory=list)
    homesteads: list[Homestead] = field(default_factory=list)

    @property
    def has_list(self) -> bool:
        """Whether it holds as a list of people, jointly; otherwise one party holds alone."""
        return self.kind == HOUSEHOLD or bool(self.members)


class Line(NamedTuple):
    """A parcel under a right with its contract area."""

    parcel: str
    m2: str
    mu: str


class Share(NamedTuple):
    """One household's part of a contract that several hold."""

    household: str
    numerator: int
    denominator: int


@dataclass(slots=True)
class Contract:
    """One row of CBHT with its parcels by land use."""

    code: str
    household: str
    issuer: str
    way: str
    begins: str
    ends: str
    signed: str
    former: str
    lines: dict[str, list[Line]]
    sharing: list[Share] = field(default_factory=list)
    """Who holds it by shares (联户), the household of its code among them; empty where one household holds it."""


@dataclass(slots=True)
class Homestead:
    """A plot with a right on it: who holds it, since when, under which certificate."""

    parcel: Parcel
    household: str
    day: str
    certificate: str


@dataclass(slots=True)
class Village:
    """All deeds of one village."""

    code: str
    issuers: dict[str, dict[str, str]] = field(default_factory=dict)
    parcels: dict[str, Parcel] = field(default_factory=dict)
    households: dict[str, Household] = field(default_factory=dict)
    contracts: list[Contract] = field(default_factory=list)
    homesteads: list[Homestead] = field(default_factory=list)
    uncontracted: list[Parcel] = field(default_factory=list)
    members: list[dict[str, str]] = field(default_factory=list)
    shares: list[dict[str, str]] = field(default_factory=list)
    benefits: list[dict[str, str]] = field(default_factory=list)
    burdens: list[dict[str, str]] = field(default_factory=list)


class Known(NamedTuple):
    """What a row says of a person beside number and name."""

    id_type: str
    sex: str


@dataclass(slots=True)
class Deeds:
    """The deeds of every village that goes in, and what is known of each person they name."""

    villages: dict[str, Village]
    people: dict[Person, Known] = field(default_factory=dict)


def deeds_of(delivery: Delivery, going_in: set[str], found: list[Fault]) -> Deeds:
    """Put the rows of the villages that go in together. They have no refusing fault, so every code leads somewhere."""
    deeds = Deeds({code: Village(code) for code in sorted(going_in)})
    _issuers(delivery, deeds)
    _households(delivery, deeds, _in_doubt(delivery, found))
    contracted = _parcels(delivery, deeds)
    _contracts(delivery, deeds, contracted)
    _homesteads(delivery, deeds)
    _rosters(delivery, deeds)
    return deeds


def remark_key(person: Person, *, alone: bool) -> str:
    """Under what a member's remark stands in the sealed notes: the name, with the number where two of a list share it."""
    return person.name if alone else f"{person.name} {person.number}"


def two_decimals(text: str) -> str:
    """An area as recorded, written with two decimals; one with more keeps them all.

    >>> two_decimals("31000"), two_decimals("31000.50"), two_decimals("1.125"), two_decimals("")
    ('31000.00', '31000.50', '1.125', '')
    """
    if text[-3:-2] == "." or not text:
        return text
    value = Decimal(text)
    rounded = value.quantize(Decimal("0.01"))
    return str(rounded) if rounded == value else text


def _rows_in(frame: Frame, going_in: dict[str, Village]) -> list[int]:
    return [index for index, village in enumerate(frame.village) if village in going_in]


def _texts(frame: Frame, names: dict[str, str]) -> list[tuple[str, list[str]]]:
    return [(word, frame.values(name)) for name, word in names.items() if name in frame.present]


def _filled(columns: list[tuple[str, list[str]]], index: int) -> dict[str, str]:
    return {word: values[index] for word, values in columns if values[index]}


def _mu(frame: Frame, m2: str, mu: str) -> list[str]:
    """亩 as delivered; where it is blank or not the twin of m², made of m² (1 亩 = 2000/3 m²)."""
    good = frame.good(mu).tolist()
    return [
        two_decimals(given) if ok else (str(mu_from_m2(area)) if area else "")
        for ok, given, area in zip(good, frame.values(mu), frame.values(m2), strict=True)
    ]


def _in_doubt(delivery: Delivery, found: list[Fault]) -> set[str]:
    """Codes of households whose holding is registered under review."""
    doubtful = {(fault.layer, fault.row) for fault in found if fault.id in _HOLDING_IN_DOUBT}
    codes = set()
    for part in ("CBF", "CBF_JTCY"):
        frame = delivery.frames[part]
        place = {int(row): index for index, row in enumerate(frame.row)}
        codes |= {frame.values("CBFBM")[place[row]] for layer, row in doubtful if layer == part and row is not None}
    apart = {fault.row for fault in found if fault.id == "linked-nobody-common"}
    households = delivery.frames["CBF"]
    return codes | {
        households.values("GLCBFBM")[index] for index, row in enumerate(households.row.tolist()) if row in apart
    }


def _issuers(delivery: Delivery, deeds: Deeds) -> None:
    frame = delivery.frames["FBF"]
    for index in _rows_in(frame, deeds.villages):
        row = {column.name: frame.values(column.name)[index] for column in frame.part.columns}
        row["FBFDCRQ"] = frame.day("FBFDCRQ")[index]
        deeds.villages[frame.village[index]].issuers[row["FBFBM"]] = row


def _households(delivery: Delivery, deeds: Deeds, in_doubt: set[str]) -> None:
    frame = delivery.frames["CBF"]
    rows = members_of(delivery)
    lists = _members(delivery, deeds)
    codes, linked = frame.values("CBFBM"), frame.values("GLCBFBM")
    # Linked codes are one household, whichever of the two rows says so.
    root = {code: min(code, other) for code, other in zip(codes, linked, strict=True) if other}
    root |= {other: min(code, other) for code, other in zip(codes, linked, strict=True) if other}
    names, numbers, kinds = frame.values("CBFMC"), frame.values("CBFZJHM"), frame.values("CBFLX")
    id_types, surveyed = frame.values("CBFZJLX"), frame.day("CBFDCRQ")
    notes = [(name.lower(), frame.values(name)) for name in _HOUSEHOLD_NOTES if name in frame.present]
    for index in _rows_in(frame, deeds.villages):
        code = codes[index]
        members = [lists[row] for row in rows.get(index, ())]
        said: dict[str, object] = dict(_filled(notes, index))
        names_here = [member.person.name for member, _ in members]
        remarks = {
            remark_key(member.person, alone=names_here.count(member.person.name) == 1): words
            for member, words in members
            if words
        }
        if remarks:
            said["remarks"] = remarks
        representative = Person(numbers[index].upper(), names[index])
        if kinds[index] != UNIT:
            deeds.people.setdefault(representative, Known(id_types[index], ""))
        deeds.villages[frame.village[index]].households[code] = Household(
            code,
            kinds[index],
            code[:_ISSUER],
            code if code in in_doubt else root.get(code, code),
            representative,
            [member for member, _ in members],
            json.dumps(said, ensure_ascii=False, sort_keys=True) if said else "",
            surveyed[index],
            code in in_doubt,
        )


def _members(delivery: Delivery, deeds: Deeds) -> list[tuple[Member, str]]:
    """Each row of CBF_JTCY as a line and its remark in words. A blank SFGYR is read as yes: nobody loses by a blank."""
    frame = delivery.frames["CBF_JTCY"]
    columns = ("CYZJHM", "CYXM", "YHZGX", "SFGYR", "CYBZ", "CYBZSM", "CYZJLX", "CYXB")
    lines = []
    for row in zip(*(frame.values(name) for name in columns), frame.village, strict=True):
        number, name, relation, co_holder, remark, words, id_type, sex, village = row
        person = Person(number.upper(), name)
        if village in deeds.villages:
            deeds.people.setdefault(person, Known(id_type, sex))
        lines.append((Member(person, relation, co_holder != "2", remark, remark != _DECEASED), words))
    return lines


def _parcels(delivery: Delivery, deeds: Deeds) -> list[int]:
    """Every parcel of DK; returns for each row of DK its row in CBDKXX, -1 where nobody contracts it."""
    frame, rows = delivery.frames["DK"], delivery.frames["CBDKXX"]
    contracted: list[int] = found_in(frame.text("DKBM"), rows.text("DKBM")).tolist()
    codes, kinds, types, purposes = (frame.values(name) for name in ("DKBM", "DKLB", "TDLYLX", "TDYT"))
    m2, mu = [two_decimals(area) for area in frame.values("SCMJ")], _mu(frame, "SCMJ", "SCMJM")
    texts, more = _texts(frame, _PARCEL_TEXTS), _texts(rows, _CONTRACTED_TEXTS)
    features = frame.values("YSDM")
    inside = _rows_in(frame, deeds.villages)
    shapes: Any = frame.shapes[inside] if frame.shapes is not None else []
    for index, shape, digest in zip(inside, shapes, wkb_digest(shapes), strict=True):
        code = codes[index]
        words = _filled(texts, index)
        if features[index] not in {"", _PARCEL_FEATURE}:
            words["feature_code"] = features[index]
        if contracted[index] >= 0:
            words |= _filled(more, contracted[index])
        use = land_use(types[index], purposes[index])
        parcel = Parcel(
            code, code[:_ISSUER], use, kinds[index], types[index], m2[index], mu[index], words, shape, digest
        )
        village = deeds.villages[frame.village[index]]
        village.parcels[code] = parcel
        if contracted[index] < 0:
            village.uncontracted.append(parcel)
    return contracted


def _contracts(delivery: Delivery, deeds: Deeds, contracted: list[int]) -> None:
    frame, rows, parcels = delivery.frames["CBHT"], delivery.frames["CBDKXX"], delivery.frames["DK"]
    types, purposes, codes = parcels.values("TDLYLX"), parcels.values("TDYT"), parcels.values("DKBM")
    contract = found_in(rows.text("CBHTBM"), frame.text("CBHTBM")).tolist()
    m2, mu = [two_decimals(area) for area in rows.values("HTMJ")], _mu(rows, "HTMJ", "HTMJM")
    lines: dict[int, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for index, row in enumerate(contracted):
        if row >= 0 and contract[row] >= 0:
            use = land_use(types[index], purposes[index])
            lines[contract[row]][use].append(Line(codes[index], m2[row], mu[row]))
    codes_of, owners, issuers, ways = (frame.values(name) for name in ("CBHTBM", "CBFBM", "FBFBM", "CBFS"))
    begins, ends, signed = (frame.day(name) for name in ("CBQXQ", "CBQXZ", "QDSJ"))
    former = frame.values("YCBHTBM")
    sharing = _sharing(delivery)
    for index in _rows_in(frame, deeds.villages):
        village = deeds.villages[frame.village[index]]
        deed = Contract(
            codes_of[index],
            owners[index],
            issuers[index],
            ways[index],
            begins[index],
            ends[index],
            signed[index],
            former[index],
            {use: sorted(lines[index][use]) for use in sorted(lines[index])},
            sharing.get(codes_of[index], []),
        )
        village.contracts.append(deed)
        village.households[deed.household].contracts.append(deed)


def _sharing(delivery: Delivery) -> dict[str, list[Share]]:
    """联户: by the code of the contract, each household's share."""
    frame = delivery.part("LH")
    found: dict[str, list[Share]] = defaultdict(list)
    if frame is not None:
        columns = (frame.values(name) for name in ("CBHTBM", "CBFBM", "FE", "ZFE"))
        for code, household, share, total in sorted(zip(*columns, strict=True)):
            found[code].append(Share(household, int(float(share or 0)), int(float(total or 0))))
    return found


def _buildings(delivery: Delivery) -> dict[str, str]:
    """By the unit code of the plot: its buildings as canonical JSON."""
    frame = delivery.part("FW")
    if frame is None:
        return {}
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    columns = [frame.values(name) for name in ("BDCDYH", "ZH", "ZCS", "JZMJ", "JGNF", "FWJG")]
    for code, number, storeys, area, year, structure, day in zip(*columns, frame.day("DCRQ"), strict=True):
        words = {"number": number, "storeys": str(int(float(storeys or 0))), "area_m2": two_decimals(area), "year": year}
        said = words | {"structure": structure, "surveyed": day}
        found[code].append({word: value for word, value in said.items() if value})
    return {
        code: json.dumps(sorted(rows, key=itemgetter("number")), ensure_ascii=False, sort_keys=True)
        for code, rows in found.items()
    }


def _homesteads(delivery: Delivery, deeds: Deeds) -> None:
    frame = delivery.part("ZD")
    if frame is None or frame.shapes is None:
        return
    columns = [frame.values(name) for name in ("BDCDYH", "FBFBM", "QLRCBFBM", "QZH")]
    m2, mu = [two_decimals(area) for area in frame.values("ZDMJ")], frame.values("ZDMJ")
    approved, excess, days = frame.values("PZMJ"), frame.values("CQMJ"), frame.day("DJRQ")
    texts = _texts(frame, _HOMESTEAD_TEXTS)
    buildings, none = _buildings(delivery), None if delivery.part("FW") is None else "[]"
    inside = _rows_in(frame, deeds.villages)
    shapes = frame.shapes[inside]
    for index, shape, digest in zip(inside, shapes, wkb_digest(shapes), strict=True):
        code, issuer, household, certificate = (values[index] for values in columns)
        village = deeds.villages[frame.village[index]]
        parcel = Parcel(
            code,
            issuer,
            "homestead",
            "",
            _HOMESTEAD_TYPE,
            m2[index],
            str(mu_from_m2(mu[index])),
            _filled(texts, index),
            shape,
            digest,
            two_decimals(approved[index]),
            two_decimals(excess[index]),
            buildings.get(code, none),
        )
        village.parcels[code] = parcel
        if household:
            deed = Homestead(parcel, household, days[index], certificate)
            village.homesteads.append(deed)
            village.households[household].homesteads.append(deed)
        else:
            village.uncontracted.append(parcel)


def _rosters(delivery: Delivery, deeds: Deeds) -> None:
    for part, name, number in (
        ("成员名册", "姓名", "证件号码"),
        ("股权台账", "股东姓名", "证件号码"),
        ("惠农牧补贴", "姓名", "证件号码"),
        ("限制与义务", "", ""),
    ):
        frame = delivery.part(part)
        if frame is None:
            continue
        for index, row in roster_rows(frame):
            village = deeds.villages.get(frame.village[index])
            if village is None:
                continue
            lists = {
                "成员名册": village.members,
                "股权台账": village.shares,
                "惠农牧补贴": village.benefits,
                "限制与义务": village.burdens,
            }
            lists[part].append(row)
            id_type = row.get("证件类型", IDENTITY_CARD)
            if number and row[number] and id_type != "3":
                deeds.people.setdefault(Person(row[number].upper(), row[name]), Known(id_type, ""))


def roster_rows(frame: Frame) -> list[tuple[int, dict[str, str]]]:
    """Every row of a roster by its columns, days as YYYY-MM-DD."""
    names = [column.name for column in frame.part.columns]
    columns = [frame.days.get(name) or frame.values(name) for name in names]
    return [(index, dict(zip(names, row, strict=True))) for index, row in enumerate(zip(*columns, strict=True))]


def person_of(row: dict[str, str], name: str = "姓名") -> Person:
    """The person that a row of a roster names."""
    return Person(row["证件号码"].upper(), row[name])

