"""Cases that record the houses on a homestead (房屋登记): they go with their plot, whoever comes to hold it (房地一体)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.corrections import concerned
from registry.cases.writing.writer import only_one, standing
from registry.parcels import acts as parcels
from registry.parcels.model import PARCEL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk

_OPTIONAL = ("year", "structure")


class BuildingRecorded:
    """房屋登记: `buildings`, all that stand on the plot: `number`, `storeys`, `area_m2`, and `year`, `structure` where known."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Everybody who holds the plot, and each must agree."""
        _, people, seen = self._read(at, only_one(subject), request, day)
        return Touched(seen, people, frozenset(people))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """The list of buildings, and nothing else of the parcel."""
        parcel = only_one(subject)
        found, _, _ = self._read(at, parcel, request, day)
        parcels.change(at.act("building-recorded", day, fields), parcel, {"buildings": found})

    def _read(
        self, at: Desk, parcel: str, request: Mapping[str, Any], day: str
    ) -> tuple[str, dict[str, bool], dict[str, int]]:
        """The buildings as a parcel has them, canonical JSON in the order of their numbers; who holds the plot; what is seen."""
        said = Said(request)
        rows: dict[str, dict[str, str]] = {}
        for row in said.rows("buildings"):
            number = row.text("number")
            if number in rows:
                row.refuse("number", "幢号重复", "the same number twice")
            words = {"number": number, "storeys": str(row.whole("storeys")), "area_m2": row.amount("area_m2")}
            rows[number] = words | {name: row.text(name) for name in _OPTIONAL if row.has(name)}
            row.done()
        said.done()
        plot = standing(at, PARCEL, parcel, day)
        if plot.columns["land_use"] != "homestead":
            said.refuse("subject", "房屋登记在宅基地上", "a house is recorded on a homestead")
        people, seen = concerned(at, PARCEL, parcel, day)
        if not people:
            said.refuse("subject", "这处院子还没有登记权利人: 先办首次登记", "nobody holds the plot yet: register that first")
        return json.dumps([rows[number] for number in sorted(rows)], ensure_ascii=False, sort_keys=True), people, seen
