"""Which parcels have this code, lie in this village or box, on a day, as known at a size of the log?

A *state* is what the version in force says. Lists go by the parcel's id, page by page; only the states of one page are
read, in one query. Local names, neighbours and 四至 stay sealed but for `texts`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import shapely
import sqlalchemy as sa

from gis.storage.many import as_stored, geoms_from_stored
from gis.storage.predicates import intersects_bound_box
from registry.ledger.in_force import in_force
from registry.ledger.position import seal_place
from registry.ledger.tables import OPENING
from registry.parcels.model import PARCEL_VERSION
from registry.parties import ORGANISATION
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from registry.parcels.box import Box
    from registry.store.engines import Store

_P = PARCEL_VERSION


class ParcelState(NamedTuple):
    """A parcel on a day: recorded facts, areas as text; `shape` as surveyed, in the register's CRS.

    Code and name of its issuing collective are the latest known; they are no person's data.
    """

    parcel_id: str
    issuer_code: str
    issuer_name: str
    code: str
    land_use: str
    category: str
    land_type: str
    surveyed_area_m2: str
    surveyed_area_mu: str
    area_method: str
    approved_area_m2: str
    excess_area_m2: str
    status: str
    since: str
    shape: shapely.Geometry


_O = ORGANISATION
_NEWER = _O.alias()
_LATEST = _O.c.seq == sa.select(sa.func.max(_NEWER.c.seq)).where(_NEWER.c.party_id == _O.c.party_id).scalar_subquery()
# A version's own columns in the order of the fields above, the shape last; after the first come those of its issuer.
_OWN = (
    _P.c.thing_id,
    *(_P.c[name] for name in ("code", "land_use", "category", "land_type")),
    *(_P.c[name] for name in ("surveyed_area_m2", "surveyed_area_mu", "area_method", "approved_area_m2")),
    *(_P.c[name] for name in ("excess_area_m2", "status", "valid_from")),
    as_stored(_P.c.geom),
)
_IN_FORCE = in_force(_P)
# An outer join: SQLite would otherwise begin with the issuers and walk through all parcels of each.
_STATES = sa.select(_OWN[0], _O.c.code.label("issuer_code"), _O.c.name, *_OWN[1:]).outerjoin_from(
    _P, _O, sa.and_(_O.c.party_id == _P.c.village_id, _LATEST)
)
_ISSUERS = Question(sa.select(_O.c.party_id, _O.c.code, _O.c.name).where(among(_O.c.party_id, "issuers"), _LATEST))
_BY_CODE = Question(_STATES.where(_P.c.code == sa.bindparam("code"), _IN_FORCE).order_by(_P.c.thing_id))
_BY_ID = Question(_STATES.where(among(_P.c.thing_id, "parcels"), _IN_FORCE))
# An expression that no index holds: or an engine that takes a page for cheap walks through all parcels in the order of
# ids to find the few of a box (SQLite did).
_ID = _P.c.thing_id.concat("")


def by_code(connection: Connection, code: str, *, valid_at: str, known_at: int) -> list[ParcelState]:
    """The states whose code is this on the day; one that was split, merged or lost is among them, marked ended."""
    return _states(ask(connection, _BY_CODE, {"code": code, "valid_at": valid_at, "known_at": known_at}))


def by_id(connection: Connection, parcel_id: str, *, valid_at: str, known_at: int) -> list[ParcelState]:
    """The parcel's one state on the day, ended or not; nothing where it had none."""
    return by_ids(connection, [parcel_id], valid_at=valid_at, known_at=known_at)


def by_ids(connection: Connection, parcel_ids: Sequence[str], *, valid_at: str, known_at: int) -> list[ParcelState]:
    """The state of each of these parcels that has one on the day, in their order; many at once."""
    values = {"parcels": list(parcel_ids), "valid_at": valid_at, "known_at": known_at}
    found = {state.parcel_id: state for state in _states(ask(connection, _BY_ID, values))}
    return [found[each] for each in parcel_ids if each in found]


def page(
    connection: Connection,
    *,
    valid_at: str,
    known_at: int,
    after: str = "",
    limit: int = 100,
    village_ids: Sequence[str] | None = None,
    box: Box | None = None,
) -> list[ParcelState]:
    """States in order of the parcel's id, those after `after`, without the ended ones.

    `village_ids`: parcels of these collectives. `box`: parcels whose bounding box meets it.
    """
    values: dict[str, Any] = {"valid_at": valid_at, "known_at": known_at, "after": after, "most": limit}
    if village_ids is not None:
        values["villages"] = list(village_ids)
    if box is not None:
        values |= {"minx": box.minx, "miny": box.miny, "maxx": box.maxx, "maxy": box.maxy}
    rows = ask(connection, _page(village_ids is not None, box is not None), values)
    if not rows:
        return []
    # The few issuers of a page are asked about apart, not for each parcel that meets a box.
    known = {party: of for party, *of in ask(connection, _ISSUERS, {"issuers": sorted({row[1] for row in rows})})}
    return _states([(row[0], *known.get(row[1], (None, None)), *row[2:]) for row in rows])


@cache
def _page(of_villages: bool, in_box: bool) -> Question:  # noqa: FBT001  (keys of the cache)
    query = sa.select(_OWN[0], _P.c.village_id, *_OWN[1:]).where(_IN_FORCE, _P.c.status != "ended")
    if of_villages:
        query = query.where(among(_P.c.village_id, "villages"))
    if in_box:
        query = query.where(intersects_bound_box(_P))
    order = _ID if of_villages or in_box else _P.c.thing_id
    query = query.where(order > sa.bindparam("after", type_=_P.c.thing_id.type)).order_by(order)
    return Question(query.limit(sa.bindparam("most", type_=sa.Integer())))


def villages(connection: Connection, code: str) -> list[str]:
    """The ids of the issuing collectives whose code is this, or begins with it (12 digits of a 嘎查 or 村)."""
    rows = connection.execute(
        sa.select(ORGANISATION.c.party_id).where(ORGANISATION.c.code.startswith(code, autoescape=True)).distinct()
    )
    return sorted(row.party_id for row in rows)


def texts(store: Store, connection: Connection, digests: Sequence[bytes]) -> dict[bytes, dict[str, str]]:
    """What versions of parcels, by their digests, say that can name people (local name, 四至 …), opened; none if erased."""
    query = sa.select(OPENING.c.subject, OPENING.c.sealed).where(OPENING.c.subject.in_(digests), OPENING.c.path == "texts")
    found = {bytes(row.subject): bytes(row.sealed) for row in connection.execute(query)}
    return {
        digest: orjson.loads(store.vault.open(sealed, seal_place(digest, "texts"))) or {}
        for digest, sealed in found.items()
    }


def _states(rows: Sequence[Any]) -> list[ParcelState]:
    shapes = geoms_from_stored([row[-1] for row in rows])
    return [ParcelState._make((*row[:-1], shape)) for row, shape in zip(rows, shapes, strict=True)]
