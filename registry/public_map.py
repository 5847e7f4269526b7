"""What does the map for everybody show: which villages, with which counts, in which outline, and who approved the map?

Outlines are off until the county switches them on in `public-map.toml` of its data folder:

```toml
[[outlines]]
from = 2026-12-01
until = 9999-12-31
approval_number = "蒙S（2026）……号"   # "" where the map has none yet; the map then says so
basis = "自然资源局 2026 第……号"
```

The one mask softens every outline (`masks.land`), whatever is asked; counts are the cells of figure 7 as the statistics give them
to anybody, so that nothing can be worked out of both. A village none of whose counts may be shown has no outline either. No parcel
is in it: nothing is listed before the exchange is there.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis.crs import to_lonlat
from registry import masks
from registry.china import today
from registry.exports.gather import of_registry
from registry.exports.view import short_name
from registry.law.strict import LawFileError, read_law_file
from registry.ledger.log import head_of
from registry.statistics.figures import figures
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.store.engines import Store

FILE = "public-map.toml"
_DECIMALS = 6
_HOUSEHOLDS, _MU = "households", "mu"


class PublicMapError(LawFileError):
    """Raised when the county's file of its public map is malformed, or says two things of one day."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Outlines are shown to everybody on the days [from, until); 审图号 of the map, "" while it has none."""

    in_force_from: dt.date
    in_force_until: dt.date
    approval_number: str


@dataclass(frozen=True, slots=True)
class Use:
    """What a village has of one land use: households and surveyed 亩, None where the statistics hide the cell."""

    land_use: str
    households: int | None
    area_mu: str | None


@dataclass(frozen=True, slots=True)
class PublicVillage:
    """A village as anybody may see it; `outline` in degrees of CGCS2000, None where none may be shown."""

    code: str
    name: str
    uses: tuple[Use, ...]
    outline: shapely.MultiPolygon | None


def shown_on(folder: Path, day: dt.date) -> Shown | None:
    """What the county has said for a day; None where it has said nothing: no outline is shown. Raises PublicMapError."""
    path = folder / FILE
    if not path.exists():
        return None
    file = read_law_file(path, PublicMapError)
    found: list[Shown] = []
    for row in file.rows("outlines"):
        start, end = row.window()
        approved = row.text("approval_number", empty=True)
        row.text("basis")
        row.done()
        if any(other.in_force_from < end and start < other.in_force_until for other in found):
            row.refuse("两行管着同一天", "two rows hold on one day")
        found.append(Shown(start, end, approved))
    file.done()
    return next((one for one in found if one.in_force_from <= day < one.in_force_until), None)


def public_villages(store: Store, connection: Connection, *, outlined: bool) -> list[PublicVillage]:
    """Every village that has parcels today, in the order of codes. This reads every parcel."""
    parcels = of_registry(store, connection).parcels
    counted = _counted(store, connection)
    found = []
    for (code, name), here in parcels.groupby(["village_code", "village_name"], sort=True):
        uses = tuple(counted[name])
        may_be_seen = any(use.households for use in uses)
        outline = _outline(here.geometry.to_numpy()) if outlined and may_be_seen else None
        found.append(PublicVillage(code, short_name(store, name), uses, outline))
    return found


def _outline(shapes: Any) -> shapely.MultiPolygon | None:  # noqa: ANN401  (an array of shapes, as pandas has it)
    outline = masks.land(shapes, "public")
    if outline is None or outline.is_empty:
        return None
    lonlat = to_lonlat(np.array([outline], dtype=object), REGISTER_CRS)
    return shapely.transform(lonlat, lambda degrees: np.round(degrees, _DECIMALS))[0]


def _counted(store: Store, connection: Connection) -> dict[str, list[Use]]:
    """Figure 7 by village, as everybody may read it."""
    head = head_of(store, connection)
    (figure,) = figures(store, connection, valid_at=today(store), known_at=head.size, only=("confirmation",))
    found: dict[str, list[Use]] = defaultdict(list)
    for table in figure.tables:
        columns = [column.id for column in table.columns]
        at_households, at_mu = columns.index(_HOUSEHOLDS), columns.index(_MU)
        for row in table.as_json()["rows"][1:]:
            households, mu = row["values"][at_households], row["values"][at_mu]
            found[row["zh"]].append(Use(table.id.removeprefix("confirmation-"), households, mu))
    return found
