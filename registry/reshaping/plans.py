"""How does a parcel become others, or share another boundary, while every right on it goes on?

Split by a line, join, adjust the boundary of two, correct a survey. A *reshaping* is first planned, which says what would
change for whom and who must sign, and then done: one act, one entry. Each recorded figure (surveyed, approved and contract
area, m² and 亩) is conserved on its own; what rounding leaves goes openly to one part (invariant I27, NY/T 2539-2016).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import sqlalchemy as sa

from gis.areas import plane_area_m2
from gis.lineage import adjust, cut, join, noded, share
from gis.topology import AREA_STEP_M2, overlaps
from registry.law import causes
from registry.ledger.act import Act, ActFields, NothingToActOnError, require
from registry.ledger.chain import state_at
from registry.parcels import acts as parcels
from registry.parcels import read
from registry.parcels.acts import ParcelFacts
from registry.parcels.box import Box
from registry.parcels.model import PARCEL
from registry.reshaping.burdens import Carried, carry
from registry.reshaping.refusals import (
    BuildingsToBePlaced,
    ChangedLater,
    CodesFromOffice,
    CodesNotFree,
    MixesRights,
    NotOnePolygon,
    PartsDiffer,
    TooFewParcels,
    WouldOverlap,
)
from registry.rights import acts as rights
from registry.rights import read as rights_read
from registry.rights.acts import Contracted
from registry.rights.model import RIGHT
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version

FIRST = "first-registration"
SPLIT, MERGED, ADJUSTED, CORRECTED = "parcel-split", "parcel-merged", "boundary-adjusted", "survey-corrected"
_FIGURES = ("surveyed_area_m2", "surveyed_area_mu", "approved_area_m2", "excess_area_m2")
# A homestead may have nothing approved or nothing in excess; land that was surveyed or contracted is never 0.00.
_MAY_BE_NONE = {"approved_area_m2", "excess_area_m2"}
# What was true of the whole boundary: a part's own neighbours and boundary points are written from its own survey.
_OF_THE_WHOLE = {"east", "south", "west", "north", "points", "pointed_out_by", "former_area_m2", "former_area_mu"}
_SEQUENCE, _ISSUER = 5, 14
_MARGIN_M = 1.0
_TAKEN = Question(sa.select(PARCEL.table.c.code).where(among(PARCEL.table.c.code, "codes")).distinct())
_HIGHEST = Question(
    sa.select(sa.func.max(PARCEL.table.c.code)).where(
        PARCEL.table.c.code.startswith(sa.bindparam("issuer")), sa.func.length(PARCEL.table.c.code) == sa.bindparam("digits")
    )
)


@dataclass(frozen=True, slots=True)
class NewParcel:
    """A parcel that would begin: its recorded facts and its shape (EPSG:4545, metres)."""

    facts: ParcelFacts
    shape: shapely.Polygon
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Remainder:
    """What rounding left over of one figure, and the code of the parcel that takes it."""

    figure: str
    whole: str
    remainder: str
    taken_by: str


@dataclass(slots=True)
class Plan:
    """What would change, and for whom.

    `moved` are the parcels whose land is concerned: those that end (`ends`) or get another boundary. `reshaped` gives new
    shapes by id, those of neighbours that only get a vertex among them; `begins` are new parcels;
    `lists` gives each right its parcels anew: (code of a parcel that begins, or id of one that stays; m²; 亩), `units` the
    code of its contract or certificate; `carried` are the restrictions and duties that go on. `signs` are the people whose
    will the act needs, each with whether they are minors; `seen` the newest version of each thing.
    """

    kind: str
    day: str
    moved: tuple[str, ...]
    ends: tuple[str, ...] = ()
    begins: tuple[NewParcel, ...] = ()
    reshaped: dict[str, shapely.Polygon] = field(default_factory=dict)
    figures: dict[str, dict[str, str]] = field(default_factory=dict)
    lists: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    remainders: list[Remainder] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)
    signs: dict[str, bool] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)


def plan_split(at: Desk, parcel_id: str, line: shapely.LineString, *, day: str, codes: Sequence[str] = ()) -> Plan:
    """What a line would make of a parcel. `codes` are those of the parts from west to east; none: the village's next ones.

    Raises `gis.lineage.CutError` (`TooSmallToShare` among them), `ReshapingError`, `NothingToActOnError`.
    """
    old = _standing(at, parcel_id, day)
    if json.loads(old.columns["buildings"]):
        raise BuildingsToBePlaced
    shapes = cut(_shape(old), line)
    sizes = plane_area_m2(np.array(shapes, dtype=object)).tolist()
    names = _codes(at, old, codes, len(shapes))
    plan = Plan(SPLIT, day, (parcel_id,), ends=(parcel_id,))
    shared = {name: _share(plan, name, old.columns[name], sizes, names) for name in _FIGURES}
    plan.begins = tuple(
        NewParcel(_facts(old, code, {name: shared[name][n] for name in _FIGURES}, [parcel_id]), shape, _texts(at, old))
        for n, (code, shape) in enumerate(zip(names, shapes, strict=True))
    )
    standing = _rights_on(at, [parcel_id], day)
    for right_id, version in standing.items():
        lines = []
        for line_of in version.children["right_parcel"]:
            whole = (line_of["contract_area_m2"], line_of["contract_area_mu"])
            if line_of["parcel_id"] != parcel_id:
                lines.append((line_of["parcel_id"], *whole))
                continue
            m2 = _share(plan, f"contract_area_m2 {version.columns['unit_code']}", whole[0], sizes, names)
            mu = _share(plan, f"contract_area_mu {version.columns['unit_code']}", whole[1], sizes, names)
            lines += list(zip(names, m2, mu, strict=True))
        plan.lists[right_id] = lines
    _add_vertices(at, plan, [_shape(old)], shapes, {parcel_id})
    return _closed(at, plan, standing)


def plan_join(at: Desk, parcel_ids: Sequence[str], *, day: str, code: str = "") -> Plan:
    """What joining adjoining parcels would make: one land use, one village, the same rights on each of them.

    `code` is that of the joined parcel; none: the village's next one. Raises as `plan_split`.
    """
    old = [_standing(at, parcel_id, day) for parcel_id in dict.fromkeys(parcel_ids)]
    if len(old) < 2:  # noqa: PLR2004  (one alone is not joined)
        raise TooFewParcels
    for name, zh in (("village_id", "发包方"), ("land_use", "土地用途"), ("category", "地块类别"), ("status", "登记状态")):
        if len({_column(version, name) for version in old}) > 1:
            raise PartsDiffer(name, zh)
    ids = [version.thing_id for version in old]
    shape = join([_shape(version) for version in old])
    (name,) = _codes(at, old[0], [code] if code else [], 1)
    plan = Plan(MERGED, day, tuple(ids), ends=tuple(ids))
    sums = {figure: _sum([version.columns[figure] for version in old]) for figure in _FIGURES}
    houses = [house for version in old for house in json.loads(version.columns["buildings"])]
    facts = replace(_facts(old[0], name, sums, ids), buildings=json.dumps(houses, ensure_ascii=False, sort_keys=True))
    plan.begins = (NewParcel(facts, shape, _texts(at, old[0])),)
    standing = _rights_on(at, ids, day)
    for right_id, version in standing.items():
        lines = version.children["right_parcel"]
        if {line["parcel_id"] for line in lines} & set(ids) != set(ids):
            raise MixesRights(version.columns["unit_code"])
        joined = [line for line in lines if line["parcel_id"] in ids]
        m2, mu = (_sum([line[f"contract_area_{unit}"] for line in joined]) for unit in ("m2", "mu"))
        others = [
            (line["parcel_id"], line["contract_area_m2"], line["contract_area_mu"])
            for line in lines
            if line["parcel_id"] not in ids
        ]
        plan.lists[right_id] = [*others, (name, m2, mu)]
    return _closed(at, plan, standing)


def plan_adjustment(at: Desk, one: str, other: str, line: shapely.LineString, *, day: str) -> Plan:
    """What a new common boundary would make of two neighbours; recorded and contract areas stay until they are surveyed anew.

    Raises as `plan_split`.
    """
    old = [_standing(at, parcel_id, day) for parcel_id in (one, other)]
    shapes = adjust(_shape(old[0]), _shape(old[1]), line)
    plan = Plan(ADJUSTED, day, (one, other), reshaped={one: shapes[0], other: shapes[1]})
    _add_vertices(at, plan, [_shape(version) for version in old], shapes, {one, other})
    return _closed(at, plan, _rights_on(at, [one, other], day))


def plan_correction(
    at: Desk, parcel_id: str, shape: shapely.Polygon, *, day: str, m2: str = "", mu: str = ""
) -> Plan:
    """What a new survey would make of a parcel: its shape and, where given, its surveyed area. The contract area stays.

    Raises `NothingToActOnError`, `ReshapingError`.
    """
    _standing(at, parcel_id, day)
    if shape.geom_type != "Polygon" or not shape.is_valid or shape.is_empty:
        raise NotOnePolygon
    given = {"surveyed_area_m2": m2, "surveyed_area_mu": mu}
    figures = {name: figure for name, figure in given.items() if figure}
    plan = Plan(CORRECTED, day, (parcel_id,), reshaped={parcel_id: shape}, figures={parcel_id: figures})
    return _closed(at, plan, _rights_on(at, [parcel_id], day, to_change=False))


def plan_first(at: Desk, begins: Sequence[NewParcel], *, day: str) -> Plan:
    """What a first registration by hand would begin: parcels of codes that are free, on land that is nobody's yet.

    Raises `ReshapingError`. Shapes of neighbours stay: they get no vertex by it.
    """
    if any(new.shape.geom_type != "Polygon" or not new.shape.is_valid or new.shape.is_empty for new in begins):
        raise NotOnePolygon
    codes = [new.facts.code for new in begins]
    taken = _taken(at, codes)
    if taken or len(set(codes)) != len(codes):
        raise CodesNotFree(len(codes), "、".join(sorted(taken) or codes))
    plan = Plan(FIRST, day, (), begins=tuple(begins))
    _refuse_overlaps(at, plan)
    return plan


def reshape(at: Desk, plan: Plan, fields: ActFields) -> dict[str, str]:
    """Do what was planned, in one act; the ids of the parcels that begin, by code. Raises `ConsentMissingError`."""
    act = at.act(plan.kind, plan.day, fields)
    # Every holder touched signs, also where only the shape changes and no right's list.
    require(plan.kind, fields, plan.signs)
    made = {new.facts.code: parcels.begin(act, new.facts, new.shape, new.texts) for new in plan.begins}
    for right_id, lines in plan.lists.items():
        rights.change(act, right_id, parcels=[Contracted(made.get(where, where), m2, mu) for where, m2, mu in lines])
    for parcel_id in plan.ends:
        parcels.end(act, parcel_id)
    for parcel_id, shape in plan.reshaped.items():
        parcels.change(act, parcel_id, plan.figures.get(parcel_id, {}), shape=shape)
    return made


def _standing(at: Desk, parcel_id: str, day: str) -> Version:
    chain = at.chain(PARCEL, parcel_id, geometry=True)
    standing = state_at(chain, day)
    if standing is None:
        raise NothingToActOnError(parcel_id, day)
    if standing is not chain[-1] or standing.status == "ended":
        raise ChangedLater(standing.columns["code"], day)
    return standing


def _shape(version: Version) -> shapely.Polygon:
    if not isinstance(version.geometry, shapely.Polygon):
        raise NotOnePolygon
    return version.geometry


def _column(version: Version, name: str) -> Any:  # noqa: ANN401  (a value of any column)
    return version.status if name == "status" else version.columns[name]


def _facts(old: Version, code: str, figures: Mapping[str, str], parents: list[str]) -> ParcelFacts:
    kept = {name: old.columns[name] for name in ParcelFacts.__slots__}
    return ParcelFacts(**(kept | {"code": code, "parents": json.dumps(parents), "buildings": "[]"} | dict(figures)))


def _texts(at: Desk, old: Version) -> dict[str, str]:
    texts = at.opened(old.digest, PARCEL.named_paths).get("texts") or {}
    return {word: text for word, text in texts.items() if word not in _OF_THE_WHOLE}


def _codes(at: Desk, old: Version, given: Sequence[str], count: int) -> list[str]:
    """The codes of new parcels: as given, or the next of the issuer (NY/T 2539-2016: 14 digits and a sequence of 5)."""
    code = str(old.columns["code"])
    if not given:
        if len(code) != _ISSUER + _SEQUENCE or not code.isdecimal():
            raise CodesFromOffice
        ((used,),) = ask(at.connection, _HIGHEST, {"issuer": code[:_ISSUER], "digits": len(code)})
        first = int(str(used)[_ISSUER:]) + 1
        given = [f"{code[:_ISSUER]}{number:0{_SEQUENCE}d}" for number in range(first, first + count)]
    taken = _taken(at, given)
    if len(set(given)) != count or taken or any(len(one) != len(code) for one in given):
        raise CodesNotFree(count, "、".join(sorted(taken) or given))
    return list(given)


def _taken(at: Desk, codes: Sequence[str]) -> list[str]:
    """Those of these codes that a parcel has, or had."""
    return [code for (code,) in ask(at.connection, _TAKEN, {"codes": list(codes)})]


def _share(plan: Plan, figure: str, whole: str, sizes: Sequence[float], codes: Sequence[str]) -> tuple[str, ...]:
    shared = share(whole, sizes, may_be_none=figure in _MAY_BE_NONE)
    if shared.remainder.strip("-0."):
        plan.remainders.append(Remainder(figure, whole, shared.remainder, codes[shared.taken_by]))
    return shared.parts


def _sum(figures: Iterable[str]) -> str:
    each = [Decimal(figure) for figure in figures if figure]
    return f"{sum(each):f}" if each else ""


def _rights_on(at: Desk, parcel_ids: Sequence[str], day: str, *, to_change: bool = True) -> dict[str, Version]:
    """Every right that stands on one of the parcels, operating rights too; `to_change`: none may have changed later."""
    known = at.position.size
    found: dict[str, Version] = {}
    for parcel_id in parcel_ids:
        for right_id, _, status in rights_read.on_parcel(at.connection, parcel_id, valid_at=day, known_at=known):
            chain = at.chain(RIGHT, right_id)
            standing = state_at(chain, day)
            if status == "ended" or standing is None:
                continue
            if to_change and standing is not chain[-1]:
                raise ChangedLater(standing.columns["unit_code"], day)
            found[right_id] = standing
    return found


def _add_vertices(
    at: Desk, plan: Plan, before: Sequence[shapely.Polygon], after: Sequence[shapely.Polygon], but: set[str]
) -> None:
    """New vertices on the outer boundary become vertices of the neighbours that lie there."""
    old = {tuple(vertex) for shape in before for vertex in shapely.get_coordinates(shape).tolist()}
    new = {tuple(vertex) for shape in after for vertex in shapely.get_coordinates(shape).tolist()} - old
    if not new:
        return
    points = np.array(sorted(new))
    low, high = points.min(axis=0) - _MARGIN_M, points.max(axis=0) + _MARGIN_M
    known = at.position.size
    box = Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    for state in read.page(at.connection, valid_at=plan.day, known_at=known, limit=10_000, box=box):
        if state.parcel_id in but or not isinstance(state.shape, shapely.Polygon):
            continue
        shape = noded(state.shape, points)
        if shape is not state.shape:
            plan.reshaped[state.parcel_id] = shape


def _refuse_overlaps(at: Desk, plan: Plan) -> None:
    """Land and homesteads each by themselves: no parcel may come to lie on another one's land. What lay so before may stay."""
    olds = {parcel_id: at.chain(PARCEL, parcel_id, geometry=True)[-1] for parcel_id in plan.moved}
    before = shapely.union_all([version.geometry for version in olds.values()])
    new = [(_kind(begun.facts.land_use), begun.facts.code, begun.shape) for begun in plan.begins]
    new += [
        (_kind(olds[parcel_id].columns["land_use"]), olds[parcel_id].columns["code"], plan.reshaped[parcel_id])
        for parcel_id in plan.moved
        if parcel_id in plan.reshaped
    ]
    box = Box(*(float(bound) for bound in shapely.total_bounds([shape for _, _, shape in new])))
    standing = read.page(at.connection, valid_at=plan.day, known_at=at.position.size, limit=100_000, box=box)
    others = [(_kind(state.land_use), state.code, state.shape) for state in standing if state.parcel_id not in olds]
    every = [*new, *others]
    shapes = np.array([shape for _, _, shape in every], dtype=object)
    for pair in overlaps(shapes, groups=[kind for kind, _, _ in every]):
        if pair.i >= len(new):
            continue
        was = 0.0 if pair.j < len(new) else shapely.area(shapely.intersection(before, shapes[pair.j]))
        if pair.area_m2 > was + AREA_STEP_M2:
            raise WouldOverlap(every[pair.j][1], pair.area_m2)


def _kind(land_use: str) -> str:
    """Homesteads lie in no field of theirs, but a yard may not yet be cut out of a pasture: each kind by itself."""
    return "homestead" if land_use == "homestead" else "land"


def _closed(at: Desk, plan: Plan, standing: Mapping[str, Version]) -> Plan:
    plan.carried = carry(at, plan.kind, plan.day, plan.moved, standing)
    _refuse_overlaps(at, plan)
    touched = [*plan.ends, *plan.reshaped]
    plan.seen = {parcel_id: at.chain(PARCEL, parcel_id)[-1].ver for parcel_id in touched}
    plan.units = {right_id: at.chain(RIGHT, right_id)[-1].columns["unit_code"] for right_id in plan.lists}
    plan.seen |= {right_id: at.chain(RIGHT, right_id)[-1].ver for right_id in plan.lists}
    if causes.kinds()[plan.kind].needs_consent:
        # Who only gets a vertex keeps every inch of land: no will of theirs is touched.
        for right_id in standing:
            plan.signs |= rights.consenting(Act(at, -1, plan.kind, plan.day, ActFields()), right_id)
    return plan
