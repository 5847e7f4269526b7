"""How does one look at the figures in a browser: tables, bars and a map of circles, drawn by the server, without script?

`/statistics` shows a day, `/statistics?quarter=2026-3` the leading group's page. Everything on it is an aggregate whose small
cells are hidden. Bars and circles show what the table beside them says; places stand in the order of their codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api import asked, plain
from api.answers import statistics
from api.v1.answering import KnownAt, ValidAt
from registry.places import towns
from registry.statistics.sheet import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.store.engines import Store

router = APIRouter()

_BAR_PX, _ROW_PX, _LABEL_PX, _NUMBER_PX = 360, 22, 190, 70
_MAP_PX, _PIXELS_A_DEGREE, _LARGEST_PX = (460, 420), 190, 46.0
_WEST_NORTH = (108.1, 39.4)
_CHARTED = frozenset({"ages", "sexes", "nationalities", "educations", "places", "transferred", "minors-by-year", "retained"})
_MAPPED = "places"


@router.get("/statistics", response_class=HTMLResponse, include_in_schema=False)
def page(
    request: Request,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    quarter: Annotated[str, Query(max_length=6)] = "",
) -> HTMLResponse:
    """The page of a day, or of a quarter. InputError and NoSuchQuarterError are answered by the one table of refusals."""
    store: Store = request.app.state.store
    with store.reading() as connection:
        at = asked.moment(store, connection, valid_at, known_at)
        of_quarter, of_day = statistics.of_quarter, statistics.statistics
        answer = of_quarter(store, connection, at, quarter) if quarter else of_day(store, connection, at)
    for figure in answer["figures"]:
        for table in figure["tables"]:
            table["bars"] = _bars(table) if table["id"] in _CHARTED else None
            table["circles"] = _circles(table) if table["id"] == _MAPPED else None
    return plain.page(
        request,
        "statistics.html",
        answer=answer,
        quarter=quarter,
        banner=store.settings.banner_name,
        hidden=HIDDEN,
        size=_MAP_PX,
        bar={"width": _LABEL_PX + _BAR_PX + _NUMBER_PX, "label": _LABEL_PX, "row": _ROW_PX},
    )


def _bars(table: dict[str, Any]) -> list[dict[str, Any]]:
    """A bar for each row below the total, of its last count; a hidden one has none."""
    last = max(n for n, column in enumerate(table["columns"]) if column["of"] == "count")
    rows = [row for row in table["rows"] if row["level"] > 0]
    largest = max((row["values"][last] or 0 for row in rows), default=0)
    return [
        {
            "zh": row["zh"],
            "en": row["en"],
            "level": row["level"],
            "value": row["values"][last],
            "y": number * _ROW_PX,
            "width": _BAR_PX * (row["values"][last] or 0) / largest if largest else 0,
        }
        for number, row in enumerate(rows)
    ]


def _circles(table: dict[str, Any]) -> list[dict[str, Any]]:
    """A circle for each town, its area as the number of people; where a town lies is approximate (示意)."""
    counted = {row["code"]: row["values"][0] for row in table["rows"]}
    largest = max((value or 0 for code, value in counted.items() if code in towns()), default=0)
    return list(_placed(counted, largest))


def _placed(counted: dict[str, int | None], largest: int) -> Iterable[dict[str, Any]]:
    for code, town in towns().items():
        people = counted.get(code, 0)
        west, north = _WEST_NORTH
        yield {
            "name": town.name,
            "people": HIDDEN if people is None else people,
            "x": (town.lonlat[0] - west) * _PIXELS_A_DEGREE,
            "y": (north - town.lonlat[1]) * _PIXELS_A_DEGREE * 1.27,
            "r": _LARGEST_PX * ((people or 0) / largest) ** 0.5 if largest else 0,
        }
