"""Cases that reshape parcels: split, joined, a boundary adjusted, a survey corrected. The plan says whom they touch.

`line` and `shape` are eastings and northings of EPSG:4545 in metres, as text. Planned anew at every step that decides, with
the figures of that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from registry import reshaping
from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.corrections import concerned
from registry.cases.writing.writer import only_one
from registry.neighbours import four_sides
from registry.parcels.model import PARCEL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk
    from registry.reshaping import Plan


@dataclass(frozen=True, slots=True)
class Reshaped:
    """分割, 合并, 界线调整: `line` (not for joining) and, where the office gives them, `codes` of the new parcels."""

    kind: str

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everybody whose right lies on the land, and each must agree."""
        plan = self._plan(at, subject, request, day)
        return Touched(plan.seen, plan.signs, frozenset(plan.signs))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """One act, as it was planned."""
        reshaping.reshape(at, self._plan(at, subject, request, day), fields)

    def _plan(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Plan:
        said = Said(request)
        line = None if self.kind == "parcel-merged" else shapely.LineString(said.vertices("line"))
        codes = [row.text("code") for row in said.rows("codes")] if said.has("codes") else []
        said.done()
        if line is None:
            return reshaping.plan_join(at, subject, day=day, code=codes[0] if codes else "")
        if self.kind == "parcel-split":
            return reshaping.plan_split(at, only_one(subject), line, day=day, codes=codes)
        if len(subject) != 2:  # noqa: PLR2004  (two neighbours)
            said.refuse("subject", "界线调整要两块相邻的地", "a boundary lies between two parcels")
        return reshaping.plan_adjustment(at, subject[0], subject[1], line, day=day)


class SurveyCorrected:
    """测量更正: `shape` and, where measured, `m2` and `mu`. Contract areas stay. Holders are told, and the neighbours too."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everybody with a right on the parcel, or on one that lies beside it."""
        parcel = only_one(subject)
        plan = self._plan(at, parcel, request, day)
        people, _ = concerned(at, PARCEL, parcel, day)
        around = four_sides(at.store, at.connection, parcel, valid_at=day, known_at=at.position.size)
        lying = {} if around is None else around.derived
        for neighbour in {each.parcel_id for side in lying.values() for each in side}:
            people |= concerned(at, PARCEL, neighbour, day)[0]
        return Touched(plan.seen, people)

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The shape, and the figures that were measured."""
        reshaping.reshape(at, self._plan(at, only_one(subject), request, day), fields)

    def _plan(self, at: Desk, parcel: str, request: Mapping[str, Any], day: str) -> Plan:
        said = Said(request)
        vertices = said.vertices("shape")
        m2, mu = said.amount("m2", empty=True), said.amount("mu", empty=True)
        said.done()
        if len(vertices) < 4:  # noqa: PLR2004  (three corners and the first again)
            said.refuse("shape", "至少三个角, 首尾相接", "at least three corners, the first one again at the end")
        return reshaping.plan_correction(at, parcel, shapely.Polygon(vertices), day=day, m2=m2, mu=mu)
