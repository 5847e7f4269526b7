"""How is a parcel split, joined, adjusted, corrected or recoded: first shown, then done, by the same document?

The same for `/v1/reshapings` and `sanquan parcel`. The answer of a preview holds `seen`, which comes back with the order to
do it: what somebody else changed in between is then told, never overwritten.
"""

from __future__ import annotations

from collections import Counter
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
from registry.refused import touching
from registry.reshaping import Plan

if TYPE_CHECKING:
    from registry.ledger.commit import Desk
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
Area = Annotated[str, Field(pattern=_SQUARE_METRES)]


class HowManyError(SanquanError):
    """Raised when a kind of reshaping gets another number of parcels, or no line or shape."""

    def __init__(self, what: str) -> None:
        """The kind."""
        super().__init__(
            f"{what}: split 和 correct 要一块地, adjust 两块, join 至少两块; split 和 adjust 要有 line, correct 要有 shape",
            f"{what}: split and correct take one parcel, adjust two, join at least two; split and adjust a line, correct a shape",
        )


class CountDiffersError(SanquanError):
    """Raised when a recoding would touch another number of things than was shown."""

    def __init__(self, expected: int, found: int) -> None:
        """Both numbers."""
        super().__init__(
            f"预览时是 {expected} 项, 现在是 {found} 项: 重新预览",
            f"{expected} things were shown, now there are {found}: look at the preview again",
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


class RecodingIn(Strict):
    """Codes that begin with `old` (12 digits: a village, 14: an issuer) begin with `new` from the day on."""

    old: Code
    new: Code
    day: Day
    name: Words = ""


class RecodingOrder(Strict):
    """A recoding as it was shown: `expect` is how many things it was to touch."""

    recoding: RecodingIn
    expect: int = Field(ge=1)
    officer: OfficerIn
    basis: Words = ""
    sources: list[Hash] = Field(min_length=1, max_length=100)


class WillIn(Strict):
    """Whose signed will, the content hash of the paper (kept first, under its own day), and who signed for a minor."""

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
    """Do what was shown. Raises `MovedOn`, `SourceMissingError`, `WillOfLaterError`, `ConsentMissingError` and what `preview`
    raises; then nothing is written.
    """
    wills = tuple(Will(will.person, will.source, will.guardian) for will in sent.wills)
    fields = ActFields(basis=sent.basis, sources=tuple(sent.sources), wills=wills)
    who = sent.officer.officer()
    with touching(store, who, parcels=list(sent.seen)), desk(store, who) as at:
        reshaping.refuse_moved_on(at, sent.seen)
        reshaping.refuse_unkept(at, fields)
        made = reshaping.reshape(at, sent.reshaping.plan(at), fields)
        done = at.commit()
    return {"idx": done.first, "size": done.size, "parcels": made}


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
    }


def record_recoding(store: Store, sent: RecodingOrder) -> dict[str, Any]:
    """Give the new codes, in one transaction; CountDiffersError where not as many things are touched as were shown."""
    wanted = sent.recoding
    fields = ActFields(basis=sent.basis, sources=tuple(sent.sources))
    who = sent.officer.officer()
    with touching(store, who), desk(store, who) as at:
        recoding = reshaping.plan_recoding(at, wanted.old, wanted.new, day=wanted.day, name=wanted.name)
        if len(recoding.things) != sent.expect:
            raise CountDiffersError(sent.expect, len(recoding.things))
        reshaping.refuse_unkept(at, fields)
        done = at.commit_steps(reshaping.recode_steps(at, recoding, fields))
    return {"idx": done.first, "size": done.size, "recoded": len(recoding.things)}


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
        "seen": plan.seen,
    }
