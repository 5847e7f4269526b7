"""How is a parcel split, joined, adjusted or corrected: first shown, then done, by the same document?

The same for `/v1/reshapings` and `sanquan parcel`. The answer of a preview holds `seen`, which comes back with the order to
do it: what somebody else changed in between is then told, never overwritten.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import shapely
from pydantic import Field

from api.answers.events import Day, Hash, OfficerIn, PersonId, Strict, Words
from api.answers.parcels import geojson
from registry import reshaping
from registry.errors import SanquanError
from registry.ledger.act import ActFields, Will
from registry.ledger.commit import Officer, desk
from registry.reshaping import Plan

if TYPE_CHECKING:
    from registry.ledger.commit import Desk
    from registry.store.engines import Store

_SQUARE_METRES = r"^[0-9]{1,10}(?:\.[0-9]{2})?$"
Metres = Annotated[float, Field(ge=-1e8, le=1e8, allow_inf_nan=False)]
Vertices = Annotated[list[tuple[Metres, Metres]], Field(min_length=2, max_length=10_000)]
ParcelId = PersonId
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


class WillIn(Strict):
    """Whose signed will, the content hash of the paper, and who signed for a minor."""

    person: PersonId
    source: Hash
    guardian: PersonId | None = None


class ReshapingOrder(Strict):
    """A reshaping as it was shown, with the evidence for it."""

    reshaping: ReshapingIn
    seen: dict[ParcelId, int] = Field(max_length=1_000)
    officer: OfficerIn
    basis: Words = ""
    sources: list[Hash] = Field(min_length=1, max_length=100)
    wills: list[WillIn] = Field(default_factory=list, max_length=200)


def preview(store: Store, sent: ReshapingIn) -> dict[str, Any]:
    """What would change, for whom, and who must sign; nothing is written."""
    with desk(store, Officer("", "")) as at:
        plan = sent.plan(at)
        return {"what": sent.what, **_told(plan)}


def record(store: Store, sent: ReshapingOrder) -> dict[str, Any]:
    """Do what was shown. Raises `MovedOn`, `ConsentMissingError` and what `preview` raises; then nothing is written."""
    wills = tuple(Will(will.person, will.source, will.guardian) for will in sent.wills)
    fields = ActFields(basis=sent.basis, sources=tuple(sent.sources), wills=wills)
    with desk(store, Officer(sent.officer.name, sent.officer.bureau)) as at:
        plan = sent.reshaping.plan(at)
        made = reshaping.reshape(at, plan, fields, sent.seen)
        done = at.commit()
    return {"idx": done.first, "size": done.size, "parcels": made}


def _told(plan: Plan) -> dict[str, Any]:
    shapes = geojson([new.shape for new in plan.begins]) if plan.begins else []
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
            }
            for new, shape in zip(plan.begins, shapes, strict=True)
        ],
        "reshaped": sorted(plan.reshaped),
        "rights": [
            {
                "id": right_id,
                "parcels": [
                    {"parcel": where, "contract_area_m2": m2, "contract_area_mu": mu} for where, m2, mu in lines
                ],
            }
            for right_id, lines in plan.lists.items()
        ],
        "remainders": [asdict(remainder) for remainder in plan.remainders],
        "signs": [{"person": person, "minor": minor} for person, minor in plan.signs.items()],
        "seen": plan.seen,
    }
