"""What would a line that somebody draws on the map make, before anything is asked for?

Clicks are longitude and latitude, what is typed is easting and northing of EPSG:4545 in metres; both become the same corners,
to the centimetre, as the form of the case takes them. What would come of them is the preview's to say (`answers.reshapings`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import shapely
from pydantic import Field

from api.answers import reshapings
from api.answers.events import PersonId, Strict
from api.answers.parcels import ParcelNotFoundError
from gis.areas import mu_from_m2, plane_area_m2
from gis.crs import lonlat, on_grid
from gis.errors import GisError
from gis.lineage import CutError
from registry.cases.places import lie_within
from registry.errors import SanquanError
from registry.ledger.position import position
from registry.parcels import read
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy.engine import Connection

    from registry.cases import Actor
    from registry.store.engines import Store

Degrees = tuple[
    Annotated[float, Field(ge=98, le=118, allow_inf_nan=False)], Annotated[float, Field(ge=20, le=60, allow_inf_nan=False)]
]
_DECIMALS = 8
_LINE, _RING = 2, 3
_PAIR = 2
_MOST = 1_000
_METRES = re.compile(r"-?\d{1,8}(?:\.\d{1,9})?", re.ASCII)
_NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


class CornersMalformedError(SanquanError):
    """Raised when what was typed is not a corner a line."""

    def __init__(self, line: int) -> None:
        """The line, counted from one; its text is not repeated."""
        super().__init__(
            f"第 {line} 行不是一个点: 每行写“东 北”, 单位米, 如 574080.00 4262990.50",
            f"line {line} is no point: easting and northing in metres on each, such as 574080.00 4262990.50",
        )


class DrawnIn(Strict):
    """What is drawn: corners that were typed, then those that were clicked since."""

    typed: str = Field("", max_length=200_000)
    clicked: list[Degrees] = Field(default_factory=list, max_length=1_000)

    def metres(self) -> NDArray[np.float64]:
        """All corners as shape (n, 2), to the centimetre. CornersMalformedError."""
        found = [_point(number, parts) for number, parts in enumerate(corners(self.typed), 1)]
        if self.clicked:
            clicked = on_grid(np.asarray(self.clicked, dtype=np.float64), REGISTER_CRS)
            found += [(float(east), float(north)) for east, north in np.round(clicked, 2)]
        return np.asarray(found, dtype=np.float64).reshape(-1, _PAIR)


class ProposedIn(DrawnIn):
    """The same, for parcels of the register."""

    what: Literal["split", "join", "adjust", "correct"]
    parcels: list[PersonId] = Field(min_length=1, max_length=50)


def corners(text: str) -> list[list[str]]:
    """One corner a line, as it is pasted from a table or written by the map."""
    return [[part for part in re.split(r"[\s,，;；]+", line) if part] for line in text.splitlines() if line.strip()]


def proposed(store: Store, connection: Connection, actor: Actor, sent: ProposedIn, day: str) -> dict[str, Any]:
    """Corners as text and in degrees, and the preview, or in words why there is none and where. ParcelNotFoundError."""
    refuse_elsewhere(connection, actor, sent.parcels)
    try:
        metres = sent.metres()
    except CornersMalformedError as malformed:
        return {"line": sent.typed, "lonlat": [], "plan": None, "refusal": malformed, "place": None, "parts": []}
    answer = shown_line(metres) | {"plan": None, "refusal": None, "place": None, "parts": []}
    if len(sent.parcels if sent.what == "join" else metres) < (_RING if sent.what == "correct" else _LINE):
        return answer
    vertices = [(float(east), float(north)) for east, north in metres]
    asked: dict[str, Any] = {"line": vertices} if sent.what in ("split", "adjust") else {}
    if sent.what == "correct":
        asked = {"shape": vertices if vertices[0] == vertices[-1] else [*vertices, vertices[0]]}
    try:
        plan = reshapings.preview(store, reshapings.ReshapingIn(what=sent.what, parcels=sent.parcels, day=day, **asked))
    except (SanquanError, GisError) as refusal:
        return answer | {"refusal": refusal, "place": _place(connection, sent.parcels, refusal, day)}
    return answer | {"plan": plan, "parts": _parts(plan)}


def measured(sent: DrawnIn) -> dict[str, Any]:
    """How long a line is (m), and how large the land that it encloses (亩, m²), on the register's grid. CornersMalformedError."""
    metres = sent.metres()
    length = float(shapely.length(shapely.linestrings(metres))) if len(metres) >= _LINE else 0.0
    ring = shapely.Polygon(metres) if len(metres) >= _RING else None
    m2 = "" if ring is None or not ring.is_valid else f"{float(plane_area_m2(np.array([ring], dtype=object))[0]):.2f}"
    return shown_line(metres) | {"metres": f"{length:.2f}", "m2": m2, "mu": str(mu_from_m2(m2)) if m2 else ""}


def shown_line(metres: NDArray[np.float64]) -> dict[str, Any]:
    """Corners as a form has them, and in degrees as a map has them."""
    degrees = lonlat(metres, REGISTER_CRS) if len(metres) else metres
    return {
        "line": "\n".join(f"{east:.2f} {north:.2f}" for east, north in metres.tolist()),
        "lonlat": np.round(degrees, _DECIMALS).tolist(),
    }


def refuse_elsewhere(connection: Connection, actor: Actor, parcels: Sequence[str]) -> None:
    """What lies outside of the places to which a role is held is not there for it. ParcelNotFoundError."""
    if actor.within and not lie_within(connection, parcels, actor.within):
        raise ParcelNotFoundError


def _point(number: int, parts: Sequence[str]) -> tuple[float, float]:
    if len(parts) != _PAIR or number > _MOST or not all(_METRES.fullmatch(part) for part in parts):
        raise CornersMalformedError(number)
    return float(parts[0]), float(parts[1])


def _parts(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """What the land becomes, numbered as on the map: new parcels with their share of the recorded area, others as measured."""
    begins = [{**each, "mu": each["surveyed_area_mu"], "m2": each["surveyed_area_m2"]} for each in plan["begins"]]
    moved = [{**each, "mu": each["area_mu"], "m2": each["area_m2"]} for each in plan["moved"]]
    return [{**each, "number": _NUMBERS[n % len(_NUMBERS)]} for n, each in enumerate([*begins, *moved])]


def _place(connection: Connection, parcels: Sequence[str], refusal: SanquanError | GisError, day: str) -> list[float] | None:
    """Where it went wrong: the point that the refusal names, else the first parcel."""
    place = refusal.place if isinstance(refusal, CutError) else None
    if place is None:
        known = position(connection).size
        there = read.by_ids(connection, parcels[:1], valid_at=day, known_at=known)
        if not there:
            return None
        point = shapely.point_on_surface(there[0].shape)
        place = (float(point.x), float(point.y))
    (degrees,) = np.round(lonlat(np.array([place]), REGISTER_CRS), _DECIMALS).tolist()
    found: list[float] = degrees
    return found
