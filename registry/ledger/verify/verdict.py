"""Did a thing stay as it was between two states: its versions as opened, one after the other?

What is compared are the fields of π (registry.guarantee.projection), so that a paper and the register's own page say the same: a
parcel that got another code, a slip that was mended, are listed under the word `unchanged`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from registry.ledger.verify.form import canonical
from registry.ledger.verify.steps import CertificateError, Step
from registry.ledger.verify.strict import MalformedError, b64u

UNCHANGED: Final = "unchanged"
CHANGED: Final = "changed lawfully"
RIGHTS: Final = (
    *("contract-arable", "contract-grass", "contract-forest", "contract-other"),
    *("operating", "homestead", "income"),
)
THINGS: Final = (*RIGHTS, "holding", "parcel", "membership", "restriction", "duty", "benefit")
# What of the facts is compared; of other things, every fact.
_COMPARED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **dict.fromkeys(
            RIGHTS,
            ("holder", "share", "parcels", "term_start", "term_end", "extension", "powers", "burdens", "certificate"),
        ),
        "parcel": ("land_use", "surveyed_area_m2", "surveyed_area_mu", "area_method"),
    }
)
_CHAIN_PARTS: Final = 4
_VALID_PARTS: Final = 3

Opened = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One lawful act that made a version: its kind on the public list, its entry, the entry's hour (UTC)."""

    kind: str
    entry: int
    at: str


@dataclass(frozen=True, slots=True)
class ThingVerdict:
    """The verdict on one thing.

    `thing` is its word, `status` that of its newest version. `word` is the verdict on its own record, `whole` with what it rests
    on. `act` and `latest` are what is opened, by path. `changes` are the acts since, oldest first; under `unchanged` they touched
    no compared field. `rests_on`: what an opened right names (a holding, parcels, burdens), None where its facts are closed;
    `not_shown`: those of them that are not in the certificate.
    """

    thing_id: str
    thing: str
    word: str
    whole: str
    status: str
    act: Opened
    latest: Opened
    changes: tuple[Change, ...]
    rests_on: tuple[str, ...] | None
    not_shown: tuple[str, ...]


def chain_of(opened: Opened) -> tuple[str, str, int, bytes | None]:
    """The committed [id, thing, number, digest before]. CertificateError (CHAIN)."""
    found = opened["chain"]
    if isinstance(found, list) and len(found) == _CHAIN_PARTS:
        thing_id, thing, ver, previous = found
        if isinstance(thing_id, str) and thing in THINGS and type(ver) is int and isinstance(previous, str | None):
            try:
                return thing_id, thing, ver, None if previous is None else b64u(previous)
            except MalformedError as malformed:
                raise broken() from malformed
    raise broken()


def verdict(act: Opened, latest: Opened, changes: Sequence[Change], *, same: bool) -> ThingVerdict:
    """The verdict on one thing alone, its chain being closed. `same`: both states have one version. CertificateError (CHAIN)."""
    thing_id, thing, _, _ = chain_of(act)
    before, after = _compared(thing, act), _compared(thing, latest)
    word = UNCHANGED if same or (before is not None and _equal(before, after)) else CHANGED
    return ThingVerdict(
        thing_id, thing, word, word, _valid(latest)[-1], act, latest, tuple(changes), _rests_on(thing, act, latest), ()
    )


def with_what_they_rest_on(alone: Sequence[ThingVerdict]) -> tuple[ThingVerdict, ...]:
    """The same verdicts; a right is `unchanged` as a whole where what it rests on is, as far as it is shown."""
    shown = {each.thing_id: each for each in alone}
    out = []
    for each in alone:
        parts = [shown[part] for part in each.rests_on or () if part in shown]
        kept = each.word == UNCHANGED and all(map(_kept, parts))
        missing = tuple(part for part in each.rests_on or () if part not in shown)
        out.append(replace(each, whole=UNCHANGED if kept else CHANGED, not_shown=missing))
    return tuple(out)


def broken() -> CertificateError:
    """The refusal of a chain that does not lead from one version to the other."""
    return CertificateError(
        Step.CHAIN, "前后两个版本接不上", "the versions do not lead from the one state to the other"
    )


def _kept(part: ThingVerdict) -> bool:
    """Whether what a right takes of another thing is as it was: of a holding its members, of the rest what is compared."""
    if part.thing != "holding" or part.word == UNCHANGED:
        return part.word == UNCHANGED
    before, after = part.act.get("facts"), part.latest.get("facts")
    return isinstance(before, dict) and isinstance(after, dict) and _equal(before.get("members"), after.get("members"))


def _compared(thing: str, opened: Opened) -> list[Any] | None:
    """What of a version is compared; None where that is not opened."""
    facts = opened.get("facts")
    status = _valid(opened)[-1]
    if not isinstance(facts, dict) or (thing == "parcel" and "geometry" not in opened):
        return None
    names = _COMPARED.get(thing, tuple(sorted(facts)))
    return [status, opened.get("geometry"), [[name, facts.get(name)] for name in names]]


def _equal(one: object, other: object) -> bool:
    """Whether two values have the same bytes: to Python alone 1 and true are equal."""
    return canonical(one) == canonical(other)


def _valid(opened: Opened) -> list[str]:
    """The committed [from, to, status]."""
    found = opened["valid"]
    if not isinstance(found, list) or len(found) != _VALID_PARTS or not isinstance(found[-1], str):
        raise broken()
    return found


def _rests_on(thing: str, act: Opened, latest: Opened) -> tuple[str, ...] | None:
    if thing not in RIGHTS:
        return ()
    found: dict[str, None] = {}
    for opened in (act, latest):
        if "facts" not in opened:
            return None
        found |= dict.fromkeys(_named(thing, opened["facts"]))
    return tuple(found)


def _named(thing: str, facts: Any) -> list[str]:  # noqa: ANN401  (what a stranger says was committed)
    """Ids of the holding, the parcels and the burdens that the facts of a right name; a holder that is no holding has no record."""
    try:
        joint = facts["co_holding"] == "JOINT" or (facts["co_holding"] == "BY_SHARE" and thing != "income")
        named = [facts["holder"]] if joint else []
        named += [line[0] for line in facts["parcels"]] + json.loads(facts["burdens"])
    except (KeyError, TypeError, IndexError, ValueError) as malformed:
        raise broken() from malformed
    if not all(isinstance(each, str) for each in named):
        raise broken()
    return named
