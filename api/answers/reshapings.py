"""What would splitting, joining, adjusting, correcting or recoding change, and which case asks for it?

The same for `/v1/reshapings` and `sanquan parcel`. Nothing is written here: the answer of a preview holds the `case` that is
opened to have it done, step by step (docs/cases.md).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import shapely
from pydantic import Field

from api.answers.cases import MOST_THINGS
from api.answers.events import Day, PersonId, Strict, Words
from api.answers.parcels import geojson, village_of
from gis.areas import mu_from_m2, plane_area_m2
from registry import reshaping
from registry.errors import SanquanError
from registry.holding.model import HOLDING
from registry.ledger.commit import Officer, desk
from registry.neighbours import sides_of_parts
from registry.parcels.model import PARCEL
from registry.reshaping import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.commit import Desk
    from registry.neighbours import Neighbour
    from registry.reshaping import Recoding
    from registry.store.engines import Store

_SQUARE_METRES = r"^[0-9]{1,10}(?:\.[0-9]{2})?$"
Metres = Annotated[float, Field(ge=-1e8, le=1e8, allow_inf_nan=False)]
Vertices = Annotated[list[tuple[Metres, Metres]], Field(min_length=2, max_length=10_000)]
ParcelId = PersonId
Code = Annotated[str, Field(pattern=r"^(?:[0-9]{12}|[0-9]{14})$")]
_SAMPLES = 3
_GOES_ON = {
    "mortgage": ("抵押随权利延续到新的地块, 材料里附抵押权人的书面意见", "goes on with the right; file the lender's opinion"),
    "objection": ("异议继续有效", "the objection stays open"),
    "seizure": ("查封不变, 只更正测量", "stays as it is: only the survey is corrected"),
    "stocking-limit": ("草畜平衡义务随权利延续, 总数不变", "goes on with the right, the same in all"),
    "grazing-ban": ("禁牧义务随权利延续", "goes on with the right"),
    "due": ("集体义务随权利延续", "goes on with the right"),
}
_CARRIED = {kind: {"zh": zh, "en": en} for kind, (zh, en) in _GOES_ON.items()}
_KINDS = {"split": "parcel-split", "join": "parcel-merged", "adjust": "boundary-adjusted", "correct": "survey-corrected"}
Area = Annotated[str, Field(pattern=_SQUARE_METRES)]


class HowManyError(SanquanError):
    """Raised when a kind of reshaping gets another number of parcels, or no line or shape."""

    def __init__(self, what: str) -> None:
        """The kind."""
        super().__init__(
            f"{what}: split 和 correct 要一块地, adjust 两块, join 至少两块; split 和 adjust 要有 line, correct 要有 shape",
            f"{what}: split and correct take one parcel, adjust two, join at least two; split and adjust a line, correct a shape",
        )


class ReshapingIn(Strict):
    """What is to be done with which parcels. `line` and `shape` are eastings and northings of EPSG:4545, metres."""

    what: Literal["split", "join", "adjust", "correct"]
    parcels: list[ParcelId] = Field(min_length=1, max_length=50)
    day: Day
    line: Vertices | None = None
    shape: Vertices | None = None
    codes: list[Words] = Field(default_factory=list, max_length=50)
    surveyed_area_m2: Area | None = None
    surveyed_area_mu: Area | None = None

    def plan(self, at: Desk) -> Plan:
        """The plan; refusals of `registry.reshaping` and `gis.lineage`, HowManyError."""
        line = None if self.line is None else shapely.LineString(self.line)
        ids, day = self.parcels, self.day
        if self.what == "join":
            return reshaping.plan_join(at, ids, day=day, code=self.codes[0] if self.codes else "")
        if self.what == "split" and len(ids) == 1 and line is not None:
            return reshaping.plan_split(at, ids[0], line, day=day, codes=self.codes)
        if self.what == "adjust" and len(ids) == 2 and line is not None:  # noqa: PLR2004  (two neighbours)
            return reshaping.plan_adjustment(at, ids[0], ids[1], line, day=day)
        if self.what == "correct" and len(ids) == 1 and self.shape is not None and len(self.shape) > 3:  # noqa: PLR2004
            areas = {"m2": self.surveyed_area_m2 or "", "mu": self.surveyed_area_mu or ""}
            return reshaping.plan_correction(at, ids[0], shapely.Polygon(self.shape), day=day, **areas)
        raise HowManyError(self.what)

    def case(self) -> dict[str, Any]:
        """The case that asks for it; coordinates are texts there, as the log takes them."""
        request: dict[str, Any] = {} if self.line is None else {"line": _texts(self.line)}
        request |= {} if self.shape is None else {"shape": _texts(self.shape)}
        request |= {"codes": [{"code": code} for code in self.codes]} if self.codes else {}
        areas = {"m2": self.surveyed_area_m2, "mu": self.surveyed_area_mu}
        request |= {unit: area for unit, area in areas.items() if area is not None}
        return {"kind": _KINDS[self.what], "subject": list(self.parcels), "request": request}


class RecodingIn(Strict):
    """Codes that begin with `old` (12 digits: a village, 14: an issuer) begin with `new` from the day on."""

    old: Code
    new: Code
    day: Day
    name: Words = ""


def preview(store: Store, sent: ReshapingIn) -> dict[str, Any]:
    """What would change, for whom, and who must sign; nothing is written."""
    with desk(store, Officer("", "")) as at:
        plan = sent.plan(at)
        return {"what": sent.what, **_told(at, plan), "case": sent.case()}


def place_of(found: Mapping[str, Any]) -> str:
    """The village of what a preview is about; "" of plots, whose codes are the cadastre's."""
    return next((village_of(each["code"]) for each in (*found["begins"], *found["moved"])), "")


def preview_recoding(store: Store, sent: RecodingIn) -> dict[str, Any]:
    """How many things would get another code, with three samples of each kind; nothing is written."""
    with desk(store, Officer("", "")) as at:
        recoding = reshaping.plan_recoding(at, sent.old, sent.new, day=sent.day, name=sent.name)
    samples: dict[str, list[dict[str, str]]] = {}
    for noun, _, code in recoding.things:
        shown = samples.setdefault(noun.name, [])
        if len(shown) < _SAMPLES:
            shown.append({"old": code, "new": recoding.renewed(code)})
    return {
        "issuers": [
            {"old": one.code, "new": recoding.renewed(one.code), "name": sent.name or one.name}
            for one in recoding.issuers
        ],
        "counts": dict(Counter(noun.name for noun, _, _ in recoding.things)),
        "samples": samples,
        "expect": len(recoding.things),
        "case": _case_of(recoding),
    }


def _case_of(recoding: Recoding) -> dict[str, Any]:
    """About the households that get another code; where there are none, about the parcels."""
    ids = {noun: [thing_id for own, thing_id, _ in recoding.things if own is noun] for noun in (HOLDING, PARCEL)}
    request = {"old": recoding.old, "new": recoding.new, "day": recoding.day, "expect": len(recoding.things)}
    request |= {"name": recoding.name} if recoding.name else {}
    return {"kind": "recoded", "subject": (ids[HOLDING] or ids[PARCEL])[:MOST_THINGS], "request": request}


def _told(at: Desk, plan: Plan) -> dict[str, Any]:
    shapes = geojson([new.shape for new in plan.begins]) if plan.begins else []
    parts = {new.facts.code: new.shape for new in plan.begins}
    moved = {str(at.chain(PARCEL, each)[-1].columns["code"]): each for each in plan.moved if each in plan.reshaped}
    parts |= {code: plan.reshaped[each] for code, each in moved.items()}
    known = at.position.size
    beside = sides_of_parts(at.store, at.connection, parts, plan.moved, valid_at=plan.day, known_at=known)
    return {
        "kind": plan.kind,
        "day": plan.day,
        "ends": list(plan.ends),
        "begins": [
            {
                "code": new.facts.code,
                "surveyed_area_m2": new.facts.surveyed_area_m2,
                "surveyed_area_mu": new.facts.surveyed_area_mu,
                "geometry": shape,
                "sides": _sides(beside[new.facts.code]),
            }
            for new, shape in zip(plan.begins, shapes, strict=True)
        ],
        "moved": [_moved(each, code, plan.reshaped[each]) | {"sides": _sides(beside[code])} for code, each in moved.items()],
        "reshaped": sorted(plan.reshaped),
        "rights": [
            {
                "id": right_id,
                "code": plan.units[right_id],
                "parcels": [
                    {"parcel": where, "contract_area_m2": m2, "contract_area_mu": mu} for where, m2, mu in lines
                ],
            }
            for right_id, lines in plan.lists.items()
        ],
        "remainders": [asdict(remainder) for remainder in plan.remainders],
        "carried": [
            {"id": each.id, "kind": each.kind, "code": each.unit, **_CARRIED[each.kind]} for each in plan.carried
        ],
        "signs": [{"person": person, "minor": minor} for person, minor in plan.signs.items()],
    }


def _moved(parcel: str, code: str, shape: shapely.Polygon) -> dict[str, Any]:
    """Its size as it is measured on the register's grid: what is recorded stays until it is surveyed anew."""
    m2 = float(plane_area_m2(np.array([shape], dtype=object))[0])
    areas = {"area_m2": f"{m2:.2f}", "area_mu": str(mu_from_m2(f"{m2:.2f}"))}
    return {"id": parcel, "code": code, **areas, "geometry": geojson([shape])[0]}


def _sides(beside: Mapping[str, Sequence[Neighbour]]) -> dict[str, list[dict[str, str]]]:
    return {
        side: [{"id": one.parcel_id, "code": one.code, "text": one.seen_by("desk")} for one in there]
        for side, there in beside.items()
    }


def _texts(vertices: list[tuple[float, float]]) -> list[list[str]]:
    return [[f"{Decimal(repr(metres)):f}" for metres in vertex] for vertex in vertices]
