"""What is π: everything about a right that a household event may not change, field by field (policy-map section 8)?

A *view* picks one version of each chain (just before an event, as known then; now …); π of a right joins the right with
its holding, its parcels and its burdens in that view. Other things project their own facts and status.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import orjson

from registry.holding.model import HOLDING
from registry.ledger.entry import b64u
from registry.parcels.model import PARCEL
from registry.restrictions.model import RESTRICTION
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from registry.guarantee.reach import Reach
    from registry.ledger.nouns import Noun, Version

Projection = dict[str, Any]
View: TypeAlias = "Callable[[Sequence[Version]], Version | None]"

# Which fields of π a fact of a version shows up in: to say what an act changed.
FIELDS_OF_FACT = {
    "right": {
        "holder": "holder",
        "within": "kind",
        "unit": "unit",
        "unit_code": "unit_code",
        "co_holding": "share",
        "allotment": "share",
        "share": "share",
        "powers": "powers",
        "term_start": "term_start",
        "term_end": "term_end",
        "extension": "extension",
        "certificate": "certificates",
        "book": "book",
        "parcels": "parcels",
        "burdens": "burdens",
    },
    "holding": {"members": "co_holders"},
    "parcel": {
        "surveyed_area_m2": "surveyed_area",
        "surveyed_area_mu": "surveyed_area",
        "area_method": "surveyed_area",
    },
}


def project(noun: Noun, reach: Reach, thing_id: str, view: View) -> Projection | None:
    """π of one thing in one view; None when the view has no state of it."""
    version = view(reach.chain(noun, thing_id))
    if version is None:
        return None
    if noun is RIGHT:
        return _right(reach, version, view)
    return {**noun.facts(version.columns, version.children), "status": version.status}


def project_in(
    noun: Noun, reach: Reach, thing_id: str, views: Sequence[View], chains: Sequence[Sequence[Version]]
) -> list[Projection | None]:
    """`project` in several views; those that see the same version of each chain that is `used` share one projection."""
    made: dict[tuple[int, ...], Projection | None] = {}
    out = []
    for view in views:
        seen = tuple(id(view(chain)) for chain in chains)
        if seen not in made:
            made[seen] = project(noun, reach, thing_id, view)
        out.append(made[seen])
    return out


def used(noun: Noun, reach: Reach, thing_id: str) -> list[tuple[Noun, str]]:
    """The chains that π of a thing is read from: each must agree with the ledger before it may be compared."""
    out = [(noun, thing_id)]
    if noun is not RIGHT:
        return out
    holdings: set[str] = set()
    parcels: set[str] = set()
    burdens: set[str] = set()
    for version in reach.chain(noun, thing_id):
        if version.columns["holding_id"] is not None:
            holdings.add(version.columns["holding_id"])
        parcels |= {line["parcel_id"] for line in version.children["right_parcel"]}
        burdens |= set(orjson.loads(version.columns["burdens"]))
    out += [(HOLDING, h) for h in sorted(holdings)]
    out += [(PARCEL, p) for p in sorted(parcels)]
    for burden in sorted(burdens):
        out.append((RESTRICTION, burden) if reach.chain(RESTRICTION, burden) else (RIGHT, burden))
    return out


def chain_of(reach: Reach, noun: Noun, thing_id: str) -> list[Version]:
    """A chain within reach, also of a holding that is another household's."""
    return reach.chain(noun, thing_id) or (reach.chains["other holding"].get(thing_id, []) if noun is HOLDING else [])


def _right(reach: Reach, version: Version, view: View) -> Projection:
    columns = version.columns
    lines = version.children["right_parcel"]
    parcels = {line["parcel_id"]: view(reach.chain(PARCEL, line["parcel_id"])) for line in lines}
    return {
        "kind": version.thing.partition("-")[0],
        "land_use": sorted({p.columns["land_use"] for p in parcels.values() if p is not None}) or [version.thing],
        "holder": columns["holder_id"],
        "co_holders": _co_holders(reach, columns["holding_id"], view),
        "share": None
        if columns["share_numerator"] is None
        else [columns["share_numerator"], columns["share_denominator"]],
        "parcels": sorted(parcels),
        "geometry": {
            key: None if p is None or p.shape_digest is None else b64u(p.shape_digest)
            for key, p in sorted(parcels.items())
        },
        "contract_area": {line["parcel_id"]: [line["contract_area_m2"], line["contract_area_mu"]] for line in lines},
        "surveyed_area": {
            key: None
            if p is None
            else [p.columns["surveyed_area_m2"], p.columns["surveyed_area_mu"], p.columns["area_method"]]
            for key, p in sorted(parcels.items())
        },
        "term_start": columns["term_start"],
        "term_end": columns["term_end"],
        "extension": columns["extension"],
        "powers": columns["powers"].split(","),
        "burdens": [_burden(reach, burden, view) for burden in orjson.loads(columns["burdens"])],
        "certificates": [columns["certificate_number"], columns["certificate_book"], columns["certificate_date"]],
        "status": version.status,
    }


def _co_holders(
    reach: Reach, holding_id: str | None, view: View
) -> list[Any] | None:
    if holding_id is None:
        return None
    holding = view(chain_of(reach, HOLDING, holding_id))
    if holding is None:
        return []
    return [
        [m["person_id"], m["relation"], m["co_holder"], m["remark"], m["alive"]]
        for m in holding.children["holding_member"]
    ]


def _burden(reach: Reach, burden_id: str, view: View) -> list[Any]:
    restriction = view(reach.chain(RESTRICTION, burden_id))
    if restriction is not None:
        return [burden_id, RESTRICTION.facts(restriction.columns, restriction.children), restriction.status]
    operating = view(reach.chain(RIGHT, burden_id))
    if operating is None:
        return [burden_id, None, None]
    return [burden_id, RIGHT.facts(operating.columns, operating.children), operating.status]
