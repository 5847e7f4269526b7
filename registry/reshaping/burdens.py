"""What lies on land that gets another boundary: which burdens go on with it, which stop the act?

A restriction lies on a right, and the right goes on under its id: so a mortgage, an objection and a duty on the right go
with it onto the new parcels, untouched. A seizure stops every new line but a corrected survey (the court's document says
what is seized), a dispute stops that, too ("no new line until settled", the closed list of causes). A duty on a parcel
itself ends with the parcel and is carried by no cause of the list: it stops what ends or moves the parcel.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from registry.duties.model import DUTY, DUTY_VERSION
from registry.ledger.chain import read_chains, state_at
from registry.reshaping.refusals import Disputed, DutyOnParcel, Seized
from registry.restrictions.model import RESTRICTION
from registry.store.among import among
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Noun, Version

_CORRECTED = "survey-corrected"
_OF_SUBJECTS = Question(
    sa.select(DUTY_VERSION.c.thing_id)
    .where(among(DUTY_VERSION.c.subject_id, "subjects"))
    .distinct()
    .order_by(DUTY_VERSION.c.thing_id)
)


@dataclass(frozen=True, slots=True)
class Carried:
    """A restriction or duty that goes on: its id and kind, and the code of the right that it lies on."""

    id: str
    kind: str
    unit: str


def carry(at: Desk, kind: str, day: str, parcel_ids: Iterable[str], rights: Mapping[str, Version]) -> list[Carried]:
    """The burdens of these rights and parcels that go on. `Seized`, `Disputed`, `DutyOnParcel` where one stops the act."""
    carried = []
    ids = {burden: right for right in rights.values() for burden in json.loads(right.columns["burdens"])}
    # An operating right among them is no restriction: its own list is carried like that of every right.
    for burden_id, lying in _standing(at, RESTRICTION, sorted(ids), day).items():
        unit, sort = str(ids[burden_id].columns["unit_code"]), str(lying.columns["restriction_kind"])
        if sort == "dispute":
            raise Disputed(unit)
        if sort == "seizure" and kind != _CORRECTED:
            raise Seized(unit)
        carried.append(Carried(burden_id, sort, unit))
    for duty_id, duty in _duties(at, list(rights), day).items():
        unit = str(rights[duty.columns["subject_id"]].columns["unit_code"])
        carried.append(Carried(duty_id, str(duty.columns["duty_kind"]), unit))
    on_parcels = _duties(at, list(parcel_ids), day)
    if on_parcels and kind != _CORRECTED:
        raise DutyOnParcel(len(on_parcels))
    return carried


def _duties(at: Desk, subject_ids: list[str], day: str) -> dict[str, Version]:
    ids = ask(at.connection, _OF_SUBJECTS, {"subjects": subject_ids})
    standing = _standing(at, DUTY, [each for (each,) in ids], day)
    return {each: duty for each, duty in standing.items() if duty.columns["subject_id"] in subject_ids}


def _standing(at: Desk, noun: Noun, ids: Sequence[str], day: str) -> dict[str, Version]:
    states = {each: state_at(chain, day) for each, chain in read_chains(at.connection, noun, ids).items()}
    return {each: state for each, state in states.items() if state is not None and state.status != "ended"}
