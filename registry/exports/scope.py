"""Whose, which village's or which box's parcels are meant, on which day, as known at which size of the log?

A *scope* names them without reading one: `gather` reads it whole for a map page, `flow` batch by batch for a file. It
holds no name: of a person the masked one stands in the title, and the title leaves on a map page only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from gis.storage.predicates import intersects_bound_box
from registry import masks, parties
from registry.china import today
from registry.errors import SanquanError
from registry.guarantee.reach import reach
from registry.holding.model import HOLDING
from registry.ledger.chain import state_at
from registry.ledger.in_force import in_force
from registry.ledger.log import head_of
from registry.parcels.model import PARCEL_VERSION
from registry.parcels.read import villages
from registry.rights.model import RIGHT
from registry.same_person import same_as
from registry.statement import PersonNotFoundError
from registry.store.among import among
from registry.store.asking import Question
from registry.store.together import ask_columns, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from registry.exports.source import Batch
    from registry.guarantee.reach import Reach
    from registry.ledger.log import LogHead
    from registry.parcels.box import Box
    from registry.store.engines import Store
    from registry.store.settings import Settings

_P = PARCEL_VERSION


class VillageNotFoundError(SanquanError):
    """Raised when no issuing collective has this code."""

    def __init__(self, code: str) -> None:
        """Show the code; it is a place."""
        super().__init__(
            f"登记库里没有编码为“{code[:20]}”的嘎查或村: 填 12 位村码或 14 位发包方编码",
            f"no village has the code “{code[:20]}”: give 12 digits of the village or 14 of the issuing collective",
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """Which parcels, and which rights on them: `where` with its bound `values`, on a day, at a size of the log.

    `box`: only parcels that meet it truly, not by their envelope. `held`: only these rights, and operating rights within
    them. `landless_rights` counts the person's rights that lie on no parcel (shares of the collective): no map can show
    them. `is_plain`: villages, a box or nothing chooses, which the flat copy can answer. The same scope gives the same rows
    for ever: versions are only added, and later ones are not known at `head`.
    """

    store: Store
    title_zh: str
    title_en: str
    valid_at: str
    head: LogHead
    where: ColumnElement[bool]
    values: Mapping[str, Any] = field(default_factory=dict)
    box: Box | None = None
    held: frozenset[str] | None = None
    person_id: str | None = None
    landless_rights: int = 0
    is_plain: bool = False

    @property
    def settings(self) -> Settings:
        """Of which registry."""
        return self.store.settings

    def batches(self, told: Callable[[int, int], None]) -> Iterator[Batch]:
        """`flow.batches`: a scope is a source of exports."""
        from registry.exports import flow

        return flow.batches(self, told)

    def bound(self) -> dict[str, Any]:
        """The day and the size of the log, as statements bind them."""
        return {"valid_at": self.valid_at, "known_at": self.head.size}

    def parcel_ids(self, connection: Connection) -> list[str]:
        """The ids of the parcels that stand, in the order of their codes: a hundred bytes each, and no row of them."""
        standing = in_force(_P), _P.c.status != "ended", self.where
        question = Question(sa.select(sa.func.count(), joined(_P.c.thing_id), joined(_P.c.code)).where(*standing))
        ids, codes = ask_columns(connection, question, {**self.bound(), **self.values})
        order = pc.sort_indices(pa.record_batch([codes, ids], ["code", "id"]), [("code", "ascending"), ("id", "ascending")])
        found: list[str] = ids.take(order).to_pylist()
        return found

    def count(self, connection: Connection) -> int:
        """How many parcels' bounding boxes meet a box, or how many there are: what a map asks before it draws them."""
        query = sa.select(sa.func.count()).select_from(_P).where(in_force(_P), _P.c.status != "ended", self.where)
        return int(connection.scalars(query, {**self.bound(), **self.values}).one())


def person_scope(
    store: Store, connection: Connection, person_id: str, valid_at: str | None = None, known_at: int | None = None
) -> Scope:
    """The rights that a person holds, alone or as a member of a household, and the parcels that they lie on.

    An operating right that another holds within one of them stands beside it. Day and size of the log: today, now.
    Raises `PersonNotFoundError`.
    """
    who = parties.identities(connection, store.vault, [person_id]).get(person_id)
    if who is None:
        raise PersonNotFoundError
    day, head = valid_at or today(store), head_of(store, connection, known_at)
    rows = same_as(connection, person_id, head.size, day)
    held = _held(reach(connection, *rows, geometry=False), day, head)
    masked = masks.shown("name", who.name)
    parcels = sorted(set().union(*held.values()))
    scope = Scope(
        store,
        f"{masked} 家的地",
        f"Land of the household of {masked}",
        day,
        head,
        among(_P.c.thing_id, "parcels"),
        {"parcels": parcels},
        held=frozenset(held),
        person_id=person_id,
    )
    standing = set(scope.parcel_ids(connection))
    return replace(scope, landless_rights=sum(not on & standing for on in held.values()))


def village_scope(
    store: Store, connection: Connection, village_code: str, valid_at: str | None = None, known_at: int | None = None
) -> Scope:
    """Every parcel of a village and every right on it; `village_code` has 12 digits, or 14 of one collective.

    Raises `VillageNotFoundError`.
    """
    ids = villages(connection, village_code) if village_code.strip() else []
    if not ids:
        raise VillageNotFoundError(village_code)
    names = sorted({each.name for each in parties.organisations(connection, ids).values()})
    titles = f"{'、'.join(names[:3])} 地块与权利", f"Parcels and rights of {', '.join(names[:3])}"
    where = among(_P.c.village_id, "villages")
    return _scope(store, connection, titles, where, {"villages": ids}, valid_at=valid_at, known_at=known_at)


def box_scope(
    store: Store, connection: Connection, box: Box, valid_at: str | None = None, known_at: int | None = None
) -> Scope:
    """Every parcel that meets a box (`registry.parcels.box.box` reads one) and every right on it."""
    corners = f"{box.minx:,.0f}, {box.miny:,.0f} - {box.maxx:,.0f}, {box.maxy:,.0f}"
    titles = f"地块与权利 {corners}", f"Parcels and rights within {corners}"
    values = {"minx": box.minx, "miny": box.miny, "maxx": box.maxx, "maxy": box.maxy}
    where = intersects_bound_box(_P)
    return _scope(store, connection, titles, where, values, box=box, valid_at=valid_at, known_at=known_at)


def code_scope(
    store: Store, connection: Connection, code: str, valid_at: str | None = None, known_at: int | None = None
) -> Scope:
    """The parcels with this code, or whose code ends with it: clerks search by the last five digits."""
    where = _P.c.code.endswith(code, autoescape=True)
    titles = f"地块 {code}", f"Parcels {code}"
    return replace(_scope(store, connection, titles, where, {}, valid_at=valid_at, known_at=known_at), is_plain=False)


def registry_scope(
    store: Store, connection: Connection, valid_at: str | None = None, known_at: int | None = None
) -> Scope:
    """Every parcel of the registry."""
    titles = f"{store.settings.banner_name} 地块", f"Parcels of {store.settings.banner_code}"
    return _scope(store, connection, titles, _P.c.thing_id.is_not(None), {}, valid_at=valid_at, known_at=known_at)


def _scope(
    store: Store,
    connection: Connection,
    titles: tuple[str, str],
    where: ColumnElement[bool],
    values: Mapping[str, Any],
    *,
    box: Box | None = None,
    valid_at: str | None,
    known_at: int | None,
) -> Scope:
    day, head = valid_at or today(store), head_of(store, connection, known_at)
    return Scope(store, *titles, day, head, where, values, box, is_plain=True)


def _held(found: Reach, day: str, head: LogHead) -> dict[str, set[str]]:
    """The ids of the rights that the person holds on the day, each with those of the parcels that it lies on."""
    holders = set(found.persons)
    for holding_id, chain in found.chains[HOLDING.name].items():
        state = state_at(chain, day, head.size)
        if state is not None and any(m["person_id"] in found.persons for m in state.children["holding_member"]):
            holders.add(holding_id)
    held = {}
    for right_id, chain in found.chains[RIGHT.name].items():
        state = state_at(chain, day, head.size)
        if state is not None and state.status != "ended" and state.columns["holder_id"] in holders:
            held[right_id] = {line["parcel_id"] for line in state.children["right_parcel"]}
    return held
