"""Which parcels and rights are a person's, a village's or a box's on a day, as frames that can leave the register?

A *selection* is read through SQL from one unchanging view of the register, in the register's CRS, with the recorded
areas as recorded. Ended parcels and rights are not in it. It holds no name: of a person the masked one stands in the
title, and in no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import sqlalchemy as sa

from gis.cartography import LAND_USE_STYLES
from gis.storage.predicates import intersects_box
from registry import parties
from registry.errors import SanquanError
from registry.exports.columns import PARCEL_COLUMNS, RIGHT_COLUMNS, framed
from registry.guarantee.explain import thing_words
from registry.guarantee.reach import reach
from registry.holding.model import HOLDING
from registry.ledger.chain import state_at
from registry.ledger.in_force import in_force
from registry.ledger.log import head_of
from registry.parcels.model import PARCEL_VERSION
from registry.parcels.read import villages
from registry.restrictions.model import RESTRICTION_VERSION
from registry.rights.model import RIGHT, RIGHT_PARCEL, RIGHT_VERSION
from registry.statement import PersonNotFoundError, today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import geopandas as gpd
    from sqlalchemy import ColumnElement, FromClause, RowMapping
    from sqlalchemy.engine import Connection

    from registry.guarantee.reach import Reach
    from registry.ledger.log import LogHead
    from registry.parcels.box import Box
    from registry.parties import Organisation
    from registry.store.engines import Store

_WANTED = sa.alias(PARCEL_VERSION, "wanted")


class VillageNotFoundError(SanquanError):
    """Raised when no issuing collective has this code."""

    def __init__(self, code: str) -> None:
        """Show the code; it is a place."""
        super().__init__(
            f"登记库里没有编码为“{code[:20]}”的嘎查或村: 填 12 位村码或 14 位发包方编码",
            f"no village has the code “{code[:20]}”: give 12 digits of the village or 14 of the issuing collective",
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """What an export shows. `parcels` has one row a parcel, `rights` one row for each parcel and right on it.

    A parcel without a right has one row in `rights`, its right's columns missing. `landless_rights` counts the
    person's rights that lie on no parcel (shares of the collective): no map can show them.
    """

    title_zh: str
    title_en: str
    parcels: gpd.GeoDataFrame
    rights: gpd.GeoDataFrame
    valid_at: str
    head: LogHead
    person_id: str | None = None
    landless_rights: int = 0


@dataclass(frozen=True, slots=True)
class _AsOf:
    """A day and a size of the log, as the statements bind them."""

    store: Store
    connection: Connection
    day: str
    head: LogHead

    @classmethod
    def of(cls, store: Store, connection: Connection, valid_at: str | None, known_at: int | None) -> _AsOf:
        return cls(store, connection, valid_at or today(store), head_of(store, connection, known_at))

    def rows(self, query: sa.Select[Any]) -> list[RowMapping]:
        bound = {"valid_at": self.day, "known_at": self.head.size}
        return list(self.connection.execute(query, bound).mappings())


def of_person(
    store: Store, connection: Connection, person_id: str, valid_at: str | None = None, known_at: int | None = None
) -> Selection:
    """The rights that a person holds, alone or as a member of a household, and the parcels that they lie on.

    An operating right that another holds within one of them stands beside it. Day and size of the log: today, now.
    Raises `PersonNotFoundError`.
    """
    at = _AsOf.of(store, connection, valid_at, known_at)
    who = parties.identities(connection, store.vault, [person_id]).get(person_id)
    if who is None:
        raise PersonNotFoundError
    held, parcel_ids = _held(reach(connection, person_id, geometry=False), at)
    parcels = _parcels(at, lambda p: p.c.thing_id.in_(sorted(parcel_ids)))
    lines = [
        line
        for line in _lines(at, lambda p: p.c.thing_id.in_(sorted(parcel_ids)))
        if line["thing_id"] in held or line["within_id"] in held
    ]
    masked = parties.masked_name(who.name)
    return _selection(
        at,
        (f"{masked} 家的地", f"Land of the household of {masked}"),
        parcels,
        lines,
        person_id=person_id,
        landless_rights=len(held - {line["thing_id"] for line in lines}),
    )


def of_village(
    store: Store, connection: Connection, village_code: str, valid_at: str | None = None, known_at: int | None = None
) -> Selection:
    """Every parcel of a village and every right on it; `village_code` has 12 digits, or 14 of one collective.

    Raises `VillageNotFoundError`.
    """
    at = _AsOf.of(store, connection, valid_at, known_at)
    ids = villages(connection, village_code) if village_code.strip() else []
    if not ids:
        raise VillageNotFoundError(village_code)
    names = sorted({each.name for each in parties.organisations(connection, ids).values()})
    title = "、".join(names[:3])
    parcels = _parcels(at, lambda p: p.c.village_id.in_(ids))
    lines = _lines(at, lambda p: p.c.village_id.in_(ids))
    return _selection(at, (f"{title} 地块与权利", f"Parcels and rights of village {village_code}"), parcels, lines)


def of_box(
    store: Store, connection: Connection, box: Box, valid_at: str | None = None, known_at: int | None = None
) -> Selection:
    """Every parcel that meets a box (`registry.parcels.box.box` reads one) and every right on it."""
    at = _AsOf.of(store, connection, valid_at, known_at)
    west, south, east, north = box.minx, box.miny, box.maxx, box.maxy
    # The index compares bounding boxes, rounded outwards: what only its envelope meets is left out here.
    square = shapely.box(west, south, east, north)
    parcels = [row for row in _parcels(at, _meets(box)) if shapely.intersects(row["geom"], square)]
    inside = {row["thing_id"] for row in parcels}
    lines = [line for line in _lines(at, _meets(box)) if line["parcel_id"] in inside]
    corners = f"{west:,.0f}, {south:,.0f} - {east:,.0f}, {north:,.0f}"
    return _selection(at, (f"地块与权利 {corners}", f"Parcels and rights within {corners}"), parcels, lines)


def count_in_box(
    store: Store, connection: Connection, box: Box, valid_at: str | None = None, known_at: int | None = None
) -> int:
    """How many parcels' bounding boxes meet a box: what a map asks before it draws them."""
    at = _AsOf.of(store, connection, valid_at, known_at)
    query = sa.select(sa.func.count()).select_from(PARCEL_VERSION).where(*_standing(PARCEL_VERSION, _meets(box)))
    return int(at.rows(query)[0]["count_1"])


def with_code(
    store: Store, connection: Connection, code: str, valid_at: str | None = None, known_at: int | None = None
) -> Selection:
    """The parcels with this code, or whose code ends with it: clerks search by the last five digits."""
    at = _AsOf.of(store, connection, valid_at, known_at)

    def ends(p: FromClause) -> ColumnElement[bool]:
        return p.c.code.endswith(code, autoescape=True)

    return _selection(at, (f"地块 {code}", f"Parcels {code}"), _parcels(at, ends), _lines(at, ends))


def of_registry(
    store: Store, connection: Connection, valid_at: str | None = None, known_at: int | None = None
) -> Selection:
    """Every parcel of the registry; without the rights, which are not published."""
    at = _AsOf.of(store, connection, valid_at, known_at)
    name = store.settings.banner_name
    everything = _parcels(at, lambda p: p.c.thing_id.is_not(None))
    return _selection(at, (f"{name} 地块", f"Parcels of {store.settings.banner_code}"), everything, [])


def _held(found: Reach, at: _AsOf) -> tuple[set[str], set[str]]:
    """Ids of the rights that the person holds on the day, and of the parcels that they lie on."""
    holders = {found.person_id}
    for holding_id, chain in found.chains[HOLDING.name].items():
        state = state_at(chain, at.day, at.head.size)
        if state is not None and any(m["person_id"] == found.person_id for m in state.children["holding_member"]):
            holders.add(holding_id)
    held, parcels = set(), set()
    for right_id, chain in found.chains[RIGHT.name].items():
        state = state_at(chain, at.day, at.head.size)
        if state is not None and state.status != "ended" and state.columns["holder_id"] in holders:
            held.add(right_id)
            parcels |= {line["parcel_id"] for line in state.children["right_parcel"]}
    return held, parcels


def _meets(box: Box) -> Callable[[FromClause], ColumnElement[bool]]:
    return lambda p: intersects_box(p, box.minx, box.miny, box.maxx, box.maxy)


def _standing(p: FromClause, where: Callable[[FromClause], ColumnElement[bool]]) -> tuple[ColumnElement[bool], ...]:
    return in_force(p), p.c.status != "ended", where(p)


def _parcels(at: _AsOf, where: Callable[[FromClause], ColumnElement[bool]]) -> list[RowMapping]:
    p = PARCEL_VERSION
    columns = [column for column in p.columns if column.name not in {"digest", "salt", "named", "buildings"}]
    return at.rows(sa.select(*columns).where(*_standing(p, where)).order_by(p.c.code, p.c.thing_id))


def _lines(at: _AsOf, where: Callable[[FromClause], ColumnElement[bool]]) -> list[RowMapping]:
    """One row for each parcel wanted and right that stands on it, with `restricted`."""
    wanted = sa.select(_WANTED.c.thing_id).where(*_standing(_WANTED, where))
    right, line, lies = RIGHT_VERSION, RIGHT_PARCEL, RESTRICTION_VERSION
    restricted = sa.exists().where(lies.c.right_id == right.c.thing_id, in_force(lies), lies.c.status != "ended")
    query = (
        sa.select(
            *(column for column in right.columns if column.name not in {"digest", "salt", "named", "cause_idx"}),
            line.c.parcel_id,
            line.c.contract_area_m2,
            line.c.contract_area_mu,
            restricted.label("restricted"),
        )
        .join(line, sa.and_(line.c.thing_id == right.c.thing_id, line.c.ver == right.c.ver))
        .where(in_force(right), right.c.status != "ended", line.c.parcel_id.in_(wanted))
        .order_by(right.c.thing, right.c.unit_code, right.c.thing_id)
    )
    return at.rows(query)


def _selection(
    at: _AsOf,
    titles: tuple[str, str],
    parcels: list[RowMapping],
    lines: list[RowMapping],
    *,
    person_id: str | None = None,
    landless_rights: int = 0,
) -> Selection:
    places = parties.organisations(at.connection, {row["village_id"] for row in parcels})
    let = {line["within_id"] for line in lines}
    on_parcel: dict[str, list[RowMapping]] = {}
    for line in lines:
        on_parcel.setdefault(line["parcel_id"], []).append(line)
    facts = [_parcel_values(row, places) for row in parcels]
    rows, owners = [], []
    for place, row in enumerate(parcels):
        lying: Sequence[RowMapping | None] = on_parcel.get(row["thing_id"]) or (None,)
        for one in lying:
            rows.append(facts[place] if one is None else facts[place] | _right_values(one, at.day, let))
            owners.append(place)
    shapes = np.array([row["geom"] for row in parcels], dtype=object)
    return Selection(
        *titles,
        framed(facts, shapes, PARCEL_COLUMNS),
        framed(rows, shapes[np.array(owners, dtype=np.intp)], (*PARCEL_COLUMNS, *RIGHT_COLUMNS)),
        at.day,
        at.head,
        person_id,
        landless_rights,
    )


def _parcel_values(row: RowMapping, places: dict[str, Organisation]) -> dict[str, Any]:
    village = places[row["village_id"]]
    return {
        "parcel_code": row["code"],
        "land_use": row["land_use"],
        "land_use_zh": LAND_USE_STYLES[row["land_use"]].zh,
        "village_code": village.code,
        "village_name": village.name,
        "surveyed_area_mu": row["surveyed_area_mu"],
        "surveyed_area_m2": row["surveyed_area_m2"],
        "area_method": row["area_method"],
        "approved_area_m2": row["approved_area_m2"],
        "excess_area_m2": row["excess_area_m2"],
        "parcel_status": row["status"],
        "parcel_since": row["valid_from"],
    }


def _right_values(line: RowMapping, day: str, let: Iterable[str | None]) -> dict[str, Any]:
    has_share = line["share_numerator"] is not None
    return {
        "right": line["thing"],
        "right_zh": thing_words(line["thing"]).zh,
        "contract_area_mu": line["contract_area_mu"],
        "contract_area_m2": line["contract_area_m2"],
        "term_start": line["term_start"],
        "term_end": line["term_end"],
        "extension_due": bool(line["term_end"]) and line["term_end"] < day,
        "co_holding": line["co_holding"],
        "share": f"{line['share_numerator']}/{line['share_denominator']}" if has_share else "",
        "unit_code": line["unit_code"],
        "certificate_number": line["certificate_number"],
        "book": line["book"],
        "book_number": line["book_number"],
        "restricted": bool(line["restricted"]),
        "let": line["thing_id"] in let,
        "right_status": line["status"],
        "right_since": line["valid_from"],
    }
