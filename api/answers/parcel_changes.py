"""What differs between the register as of one day and as of another, parcel by parcel: both as they are known now?

Compared are the states that `/v1/parcels` answers for either day, and the rights that lie there; each difference is told with
the acts that took effect between the two. Nothing is judged. Names, neighbours and 四至 are not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from api.asked import FIELDS, InputError
from registry.law import causes
from registry.ledger.chain import read_chains, timeline
from registry.parcels import read
from registry.parcels.model import PARCEL
from registry.rights import read as rights
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from api.asked import Moment
    from registry.ledger.chain import Stretch
    from registry.ledger.nouns import Noun, Version
    from registry.parcels.box import Box
    from registry.parcels.read import ParcelState

Answer = dict[str, Any]
MOST = 3_000
"""Parcels of a box that are compared; of more only their number is told."""
_FACTS = {
    "code": ("编码", "code"),
    "land_use": ("土地用途", "land use"),
    "category": ("地块类别", "category"),
    "land_type": ("地类", "land type"),
    "surveyed_area_mu": ("实测面积(亩)", "surveyed area (mu)"),
    "surveyed_area_m2": ("实测面积(平方米)", "surveyed area (m²)"),
    "approved_area_m2": ("批准面积(平方米)", "approved area (m²)"),
    "excess_area_m2": ("超占面积(平方米)", "area over the allowance (m²)"),
    "status": ("登记状态", "status"),
}
_SHAPE = ("界线", "boundary")


@dataclass(frozen=True, slots=True)
class Days:
    """The two days, the earlier first, and the size of the log as of which both are told."""

    before: str
    after: str
    known_at: int

    def between(self, stretch: Stretch) -> bool:
        """Whether it took effect after the first day, by the second."""
        return self.before < stretch.start <= self.after


def between(connection: Connection, since: str, at: Moment, box: Box) -> Answer:
    """`changes` from a day to that of a moment, as known then; InputError where the day is not the earlier one."""
    if since > at.valid_at:
        raise InputError(FIELDS["since"])
    return {"as_of": at.facts(), **changes(connection, Days(since, at.valid_at, at.known_at), box)}


def changes(connection: Connection, days: Days, box: Box) -> Answer:
    """What differs in a box: parcels that began, ended or were changed, then rights on any parcel of it."""
    was, now = (_states(connection, day, days.known_at, box) for day in (days.before, days.after))
    answer: Answer = {"before": days.before, "after": days.after}
    if max(len(was), len(now)) > MOST:
        return answer | {"too_many": True, "parcels": [], "rights": []}
    facts = {each: _facts(was.get(each), now.get(each)) for each in {**was, **now}}
    differing = {each: told for each, told in facts.items() if told or each not in was or each not in now}
    acts = _acts(connection, PARCEL, list(differing), days)
    parcels = [
        {
            "id": each,
            "code": (now.get(each) or was[each]).code,
            "what": _what(each in was, each in now),
            "facts": told,
            "acts": acts[each],
        }
        for each, told in differing.items()
    ]
    parcels.sort(key=lambda each: (each["code"], each["id"]))
    return answer | {"too_many": False, "parcels": parcels, "rights": _rights(connection, days, [*was], [*now])}


def _states(connection: Connection, day: str, known_at: int, box: Box) -> dict[str, ParcelState]:
    states = read.page(connection, valid_at=day, known_at=known_at, limit=MOST + 1, box=box)
    return {state.parcel_id: state for state in states}


def _facts(was: ParcelState | None, now: ParcelState | None) -> list[Answer]:
    """Which facts of a parcel that was there on both days differ; the last is the boundary, whose vertices are not told."""
    if was is None or now is None:
        return []
    told: list[Answer] = [
        {"zh": zh, "en": en, "before": getattr(was, name), "after": getattr(now, name)}
        for name, (zh, en) in _FACTS.items()
        if getattr(was, name) != getattr(now, name)
    ]
    if not shapely.equals_exact(was.shape, now.shape, 0):
        told.append({"zh": _SHAPE[0], "en": _SHAPE[1], "before": "", "after": ""})
    return told


def _rights(connection: Connection, days: Days, was: Sequence[str], now: Sequence[str]) -> list[Answer]:
    """Rights that began or ended on this land, and those in which an act changed something that is their own."""
    known = days.known_at
    before = {line.right_id: line for line in rights.lines_on(connection, was, valid_at=days.before, known_at=known)}
    after = {line.right_id: line for line in rights.lines_on(connection, now, valid_at=days.after, known_at=known)}
    every = before | after
    acts = _acts(connection, RIGHT, list(every), days)
    words = causes.thing_words()
    told = [
        {
            "id": each,
            "zh": words[line.thing].zh,
            "en": words[line.thing].en,
            "code": line.unit_code,
            "what": _what(each in before, each in after),
            "acts": acts[each],
        }
        for each, line in every.items()
        if acts[each] or (each in before) != (each in after)
    ]
    return sorted(told, key=lambda each: (each["code"], each["id"]))


def _what(was: bool, now: bool) -> str:  # noqa: FBT001  (two days, in their order)
    return "changed" if was and now else "began" if now else "ended"


def _acts(connection: Connection, noun: Noun, ids: Sequence[str], days: Days) -> dict[str, list[Answer]]:
    chains = read_chains(connection, noun, ids)
    return {
        each: [_act(stretch.version) for stretch in timeline(chains.get(each, []), days.known_at) if days.between(stretch)]
        for each in ids
    }


def _act(version: Version) -> Answer:
    kind = causes.kinds()[version.cause_kind]
    return {"kind": version.cause_kind, "zh": kind.zh, "en": kind.en, "day": version.act_day, "entry": version.cause_idx}
