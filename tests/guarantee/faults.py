"""How would each thing that a move may not change be changed behind the register's back? One table of planted faults.

Each fault is a field of π, or a guarded thing, and an edit of a version as the register reads it. It is planted twice:
as an edit in place, and as a forged newer version that cites an entry which really stands in the log.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import shapely
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from registry.ledger.chain import read_chains
from registry.ledger.digest import digest_of, geometry_digest
from registry.ledger.entry import canonical
from registry.ledger.nouns import COMMON, Noun, Version
from registry.rights.model import terms
from tests.guarantee.village import noun_named
from tests.registry.made_up import Village

Edit = Callable[[Version, Village], None]


@dataclass(frozen=True)
class Fault:
    """What is changed (a field of π or a guarded thing), on which thing of which noun, and how."""

    field: str
    noun: str
    thing_of: Callable[[Village], str]
    edit: Edit

    def __str__(self) -> str:
        """For the test's name."""
        return f"{self.field}-of-{self.noun}"


def right(name: str) -> Callable[[Village], str]:
    """The id of one of the family's rights."""
    return lambda village: village.rights[name]


def sets(**columns: str | int) -> Edit:
    """Overwrite columns."""
    return lambda version, _: version.columns.update(columns)


def _thing(word: str) -> Edit:
    def edit(version: Version, _: Village) -> None:
        version.thing = word

    return edit


def _status(version: Version, _: Village) -> None:
    version.status = "ended"


def _other_holder(version: Version, village: Village) -> None:
    version.columns.update(holder_id=village.collective, party_id=village.collective, holding_id=None)


def _drop_member(version: Version, _: Village) -> None:
    version.children["holding_member"].pop(1)


def _drop_the_person(version: Version, _: Village) -> None:
    version.children["holding_member"].pop(0)


def _drop_parcel(version: Version, _: Village) -> None:
    version.children["right_parcel"].clear()


def _halve(version: Version, _: Village) -> None:
    version.children["right_parcel"][0]["contract_area_mu"] = "23.25"


def _a_millimetre(version: Version, _: Village) -> None:
    points = list(version.geometry.exterior.coords)  # type: ignore[union-attr]
    points[1] = (points[1][0] + 0.001, points[1][1])
    version.geometry = shapely.Polygon(points)


def _one_power_less(version: Version, _: Village) -> None:
    version.columns["powers"] = version.columns["powers"].replace("transfer,", "")


def _end_a_lease(version: Version, village: Village) -> None:
    kept = set(json.loads(version.columns["burdens"])) - {village.rights["operating"]}
    version.columns["burdens"] = json.dumps(sorted(kept))


def _to_another(version: Version, village: Village) -> None:
    version.columns["person_id"] = village.people[1]


FAULTS = (
    Fault("kind", "right", right("contract-arable"), _thing("homestead")),
    Fault("land_use", "parcel", lambda v: v.parcels["arable"], sets(land_use="grass")),
    Fault("land_use", "right", right("contract-arable"), _thing("contract-grass")),
    Fault("holder", "right", right("contract-arable"), _other_holder),
    Fault("co_holders", "holding", lambda v: v.holding, _drop_member),
    Fault("co_holders of the person", "holding", lambda v: v.holding, _drop_the_person),
    Fault("share", "right", right("income-0"), sets(share_numerator=6)),
    Fault("parcels", "right", right("contract-grass"), _drop_parcel),
    Fault("geometry", "parcel", lambda v: v.parcels["grass"], _a_millimetre),
    Fault("contract_area", "right", right("contract-arable"), _halve),
    Fault("surveyed_area", "parcel", lambda v: v.parcels["forest"], sets(surveyed_area_mu="5.99")),
    Fault("term_start", "right", right("contract-arable"), sets(term_start="1998-01-02")),
    Fault("term_end", "right", right("contract-arable"), sets(term_end="2027-12-30")),
    Fault("extension", "right", right("contract-other"), sets(extension="不再延包")),
    Fault("powers", "right", right("contract-grass"), _one_power_less),
    Fault("burdens", "right", right("contract-arable"), _end_a_lease),
    Fault("burdens", "restriction", right("mortgage"), sets(amount="5000000.00")),
    Fault("certificates", "right", right("homestead"), sets(certificate_number="乌集用2016第2号")),
    Fault("status", "right", right("homestead"), _status),
    Fault("right", "right", right("operating"), _status),
    Fault("holding", "holding", lambda v: v.holding, sets(code="15062610021000999")),
    Fault("parcel", "parcel", lambda v: v.parcels["homestead"], sets(approved_area_m2="4.00")),
    Fault("membership", "membership", lambda v: v.memberships[0], _status),
    Fault("membership to another", "membership", lambda v: v.memberships[0], _to_another),
    Fault("benefit", "benefit", lambda v: v.benefit, sets(quantity="0.00")),
    Fault("duty", "duty", lambda v: v.duty, sets(quantity="12")),
    Fault("restriction", "restriction", right("seizure"), _status),
)


def in_place(connection: Connection, fault: Fault, village: Village) -> None:
    """Edit the newest version where it stands; its digest and salt stay, as a thief without the salts leaves them."""
    noun, version = _newest(connection, fault, village)
    fault.edit(version, village)
    table = noun.table
    here = sa.and_(table.c.thing_id == version.thing_id, table.c.ver == version.ver)
    connection.execute(sa.update(table).where(here).values(_columns(noun, version)))
    for child in noun.children:
        connection.execute(sa.delete(child).where(child.c.thing_id == version.thing_id, child.c.ver == version.ver))
    _write_lists(connection, noun, version)


def forged(connection: Connection, fault: Fault, village: Village) -> None:
    """A newer version with a digest of its own that is right in every way, but that its entry did not make."""
    noun, version = _newest(connection, fault, village)
    before = version.digest
    version.ver, version.prev_ver, version.prev_cause_idx = version.ver + 1, version.ver, version.cause_idx
    version.valid_to = None
    for lines in version.children.values():
        for line in lines:
            line["ver"] = version.ver
    fault.edit(version, village)
    if "terms_digest" in version.columns:
        version.columns["terms_digest"] = sha256(canonical(terms(version.columns, version.children))).digest()
    shape = None if version.geometry is None else geometry_digest(version.geometry)
    version.digest = digest_of(noun, version, before, shape)
    connection.execute(
        sa.insert(noun.table).values(
            thing_id=version.thing_id,
            ver=version.ver,
            cause_cls="R",
            next_ver=version.ver + 1,
            **_columns(noun, version),
        )
    )
    _write_lists(connection, noun, version)


def tables_of(fault: Fault) -> tuple[str, ...]:
    """The tables whose locks must be off."""
    noun = noun_named(fault.noun)
    return (noun.table.name, *(child.name for child in noun.children))


def _newest(connection: Connection, fault: Fault, village: Village) -> tuple[Noun, Version]:
    noun = noun_named(fault.noun)
    thing_id = fault.thing_of(village)
    return noun, read_chains(connection, noun, [thing_id], geometry=noun.has_geometry)[thing_id][-1]


def _columns(noun: Noun, version: Version) -> dict[str, Any]:
    kept = {"thing_id", "ver", "next_ver", "cause_cls", "named"}
    values = {name: getattr(version, name) for name in COMMON if name not in kept}
    values |= {"named": json.dumps(version.named, sort_keys=True), **version.columns}
    return values | ({"geom": version.geometry} if noun.has_geometry else {})


def _write_lists(connection: Connection, noun: Noun, version: Version) -> None:
    for child in noun.children:
        for pos, line in enumerate(version.children[child.name]):
            connection.execute(sa.insert(child).values({**line, "pos": pos}))
