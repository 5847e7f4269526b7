"""Which acts of the register could be the reason that somebody is paid otherwise than last year?

Acts on the entitlement itself, and on what the policy reckons by: the beneficiary's rights, the parcels under them, the list
of the household, the person's membership. Household events are no reason and are not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.holding.model import HOLDING
from registry.law import causes
from registry.ledger.chain import read_all_chains
from registry.membership.model import MEMBERSHIP, MEMBERSHIP_VERSION
from registry.parcels.model import PARCEL
from registry.rights.model import RIGHT, RIGHT_VERSION
from registry.store.among import among
from registry.store.asking import Question, ask_all
from registry.subsidies.model import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from registry.ledger.nouns import Version

_HELD = Question(
    sa.select(RIGHT_VERSION.c.holder_id, RIGHT_VERSION.c.thing_id)
    .where(among(RIGHT_VERSION.c.holder_id, "holders"))
    .distinct()
)
_MEMBER = Question(
    sa.select(MEMBERSHIP_VERSION.c.person_id, MEMBERSHIP_VERSION.c.thing_id)
    .where(among(MEMBERSHIP_VERSION.c.person_id, "holders"))
    .distinct()
)


def reason_of(version: Version) -> Reason:
    """The act that made a version."""
    kind = causes.kinds()[version.cause_kind]
    return Reason(version.cause_kind, kind.zh, kind.en, version.act_day, version.cause_idx)


def acts_beside(connection: Connection, beneficiaries: Iterable[str]) -> dict[str, list[Version]]:
    """By beneficiary: every version of what their entitlements reckon by."""
    holders = sorted(set(beneficiaries))
    held, member = ask_all(connection, (_HELD, {"holders": holders}), (_MEMBER, {"holders": holders}))
    rights = read_all_chains(connection, [(RIGHT, [right for _, right in held]), (HOLDING, holders)])
    parcels_of = {
        right: {line["parcel_id"] for version in chain for line in version.children["right_parcel"]}
        for right, chain in rights[RIGHT.name].items()
    }
    every = sorted({parcel for parcels in parcels_of.values() for parcel in parcels})
    rest = read_all_chains(connection, [(PARCEL, every), (MEMBERSHIP, [thing for _, thing in member])])
    found: dict[str, list[Version]] = {holder: [*rights[HOLDING.name].get(holder, ())] for holder in holders}
    for holder, right in held:
        found[holder] += [version for version in rights[RIGHT.name][right] if version.effect == "own"]
        for parcel in sorted(parcels_of[right]):
            found[holder] += rest[PARCEL.name][parcel]
    for person, thing in member:
        found[person] += rest[MEMBERSHIP.name][thing]
    return found


def since(versions: Iterable[Version], day: str) -> list[Reason]:
    """The acts after a day, each once, in their order."""
    told = {reason_of(version): None for version in versions if version.act_day > day}
    return sorted(told, key=lambda reason: (reason.day, reason.entry))
