"""What must every writer of a kind of case be able to say and do, and what do they all read the same way?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from registry import parties, remarks
from registry.cases.saying import Said
from registry.duties.model import DUTY, DUTY_VERSION
from registry.holding import acts as holdings
from registry.holding.model import HOLDING
from registry.ledger.act import Act, ActFields, NothingToActOnError
from registry.ledger.chain import read_all_chains, read_chains, state_at, timeline
from registry.restrictions.model import RESTRICTION
from registry.rights import acts as rights
from registry.rights.acts import Contracted, Terms
from registry.rights.model import BA_UNIT, RIGHT
from registry.store.asking import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from registry.cases.touched import Touched
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Noun, Version

_DUTIES = Question(sa.select(DUTY_VERSION.c.thing_id).where(DUTY_VERSION.c.subject_id == sa.bindparam("subject")).distinct())
_ISSUER = Question(sa.select(BA_UNIT.c.issuer_id).where(BA_UNIT.c.id == sa.bindparam("unit")))


class Reader(Protocol):
    """A kind of case that writes nothing, and touches people all the same."""

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """As a writer's."""


class Writer(Protocol):
    """One kind of case. Both read the register of the desk, neither commits.

    `request` is what the case asks for, as it was drafted or supplemented last; `subject` the things that it is about.
    Where a case goes row by row, `write` gets the ids of the rows that are ready as its subject.
    `touched` **must** raise `SaidMalformedError` where the request does not fit its kind, and whatever the register's own
    planning refuses; it is asked at every step that decides, so `write` finds a request that fits.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """Whom and what it touches, as the register stands. `day` is today in China."""

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """Write its acts, at least one, which hold their own checks."""


def looking(at: Desk, kind: str, day: str) -> Act:
    """An act that is never written: through it an acts.py says whose will the kind would need on a day."""
    return Act(at, -1, kind, day, ActFields())


def only_one(subject: Sequence[str]) -> str:
    """The one thing that a case is about; SaidMalformedError."""
    if len(subject) != 1:
        Said({}).refuse("subject", "只能写一项", "exactly one thing is wanted")
    return subject[0]


def standing(at: Desk, noun: Noun, thing_id: str, day: str) -> Version:
    """A thing as it stands on a day; NothingToActOnError where it has not begun or has ended."""
    found = state_at(at.chain(noun, thing_id), day)
    if found is None or found.status == "ended":
        raise NothingToActOnError(thing_id, day)
    return found


def newest(at: Desk, said: Said, noun: Noun, thing_id: str, day: str) -> Version:
    """A thing as it stands on a day after which nothing was registered of it: one act writes it from then on.

    SaidMalformedError.
    """
    found = standing(at, noun, thing_id, day)
    if timeline(at.chain(noun, thing_id))[-1].start > day:
        said.refuse("day", "这一天以后还有变更: 选以后的日期", "something changed after that day: choose a later one")
    return found


def seen_of(at: Desk, *things: tuple[Noun, str]) -> dict[str, int]:
    """The newest version of each thing."""
    return {thing_id: at.chain(noun, thing_id)[-1].ver for noun, thing_id in things}


def holders(at: Desk, right_id: str, day: str) -> tuple[dict[str, bool], dict[str, int]]:
    """Everyone who holds a right, each with whether they are a minor; the newest versions of it and of its member list.

    An organisation is asked as one.
    """
    right = standing(at, RIGHT, right_id, day)
    seen = seen_of(at, (RIGHT, right_id))
    if right.columns["holding_id"] is not None:
        seen |= seen_of(at, (HOLDING, right.columns["holding_id"]))
    return rights.consenting(looking(at, "", day), right_id), seen


def co_holders(at: Desk, holding_id: str, day: str) -> dict[str, bool]:
    """The living co-holders of a list, each with whether they are a minor."""
    standing(at, HOLDING, holding_id, day)
    return holdings.co_holders(looking(at, "", day), holding_id)


def everybody(at: Desk, rights_held: Iterable[Version], day: str) -> dict[str, bool]:
    """Whoever holds one of many rights, read together; each with whether they are a minor."""
    held = list(rights_held)
    lists = {right.columns["holding_id"] for right in held} - {None}
    at.remember(read_chains(at.connection, HOLDING, sorted(lists)))
    states = [state_at(at.chain(HOLDING, holding), day) for holding in sorted(lists)]
    lines = [line for state in states if state is not None for line in state.children["holding_member"]]
    people = {line["person_id"] for line in lines if line["co_holder"] and line["alive"]}
    people |= {right.columns["party_id"] for right in held} - {None}
    return holdings.minors(looking(at, "", day), sorted(people))


def burdens_on(at: Desk, right: Version, day: str) -> dict[str, str]:
    """What lies on a right on a day, by id: a kind of restriction, or "operating" where it is let."""
    lying = json.loads(right.columns["burdens"])
    # Not through the desk, which keeps what it read by id: a burden may be of either kind.
    chains = read_all_chains(at.connection, [(RESTRICTION, lying), (RIGHT, lying)])
    states = [state_at(chain, day) for of_noun in chains.values() for chain in of_noun.values()]
    return {
        state.thing_id: state.columns.get("restriction_kind", "operating")
        for state in states
        if state is not None and state.status != "ended"
    }


def lying_on(at: Desk, right: Version, day: str) -> frozenset[str]:
    """The sorts of what lies on a right on a day."""
    return frozenset(burdens_on(at, right, day).values())


def refuse_stopped(at: Desk, said: Said, right_id: str, day: str) -> None:
    """What is seized or in dispute is not disposed of (民法典 399, law C30). SaidMalformedError."""
    if lying_on(at, standing(at, RIGHT, right_id, day), day) & {"seizure", "dispute"}:
        said.refuse("subject", "已被查封或有争议: 解除以后再办", "it is seized or in dispute: have that lifted first")


def refuse_encumbered(at: Desk, said: Said, right: Version, day: str) -> None:
    """A right that ends, or whose land goes to others, carries nothing that would be left behind. SaidMalformedError."""
    owed = [at.chain(DUTY, duty)[-1] for (duty,) in ask(at.connection, _DUTIES, {"subject": right.thing_id})]
    if lying_on(at, right, day) or any(duty.status != "ended" for duty in owed):
        code = right.columns["unit_code"]
        said.refuse("subject", f"{code} 上有抵押、出租、查封或义务: 先办完", f"{code} is burdened: settle that first")


def contracted(right: Version) -> list[Contracted]:
    """The parcels of a right, each with its contract area as written."""
    return [
        Contracted(line["parcel_id"], line["contract_area_m2"], line["contract_area_mu"])
        for line in right.children["right_parcel"]
    ]


def issuer_of(at: Desk, right: Version) -> str:
    """The collective that issued the contract, the homestead or the share."""
    ((issuer,),) = ask(at.connection, _ISSUER, {"unit": right.columns["unit_id"]})
    return str(issuer)


def terms_of(old: Version) -> Terms:
    """What a right says beside its holder and parcels, for one that takes its place; its certificate stays behind."""
    row = old.columns
    return Terms(
        row["unit_id"],
        row["unit_code"],
        row["term_start"],
        row["term_end"],
        book=row["book"],
        book_number=row["book_number"],
        powers=row["powers"],
    )


def not_after(said: Said, day: str, today: str, field: str = "day") -> str:
    """The day of what happened: never one that is still to come. SaidMalformedError."""
    if day > today:
        said.refuse(field, "日期还没有到", "the day is still to come")
    return day


def known_party(at: Desk, said: Said, field: str) -> str:
    """The id of somebody whom the register knows. SaidMalformedError."""
    party = said.id(field)
    if not parties.exists(at.connection, party):
        said.refuse(field, "登记簿里没有这个人或单位", "nobody of this id is in the register")
    return party


def remark_of(said: Said, thing: str) -> str:
    """The word of the 附记 sentence that a case asks for, "" for none; only a homestead has one. SaidMalformedError."""
    if not said.has("remark"):
        return ""
    word = said.word("remark", tuple(remarks.RULES))
    if thing != "homestead":
        said.refuse("remark", "这句附记只写在宅基地上: 去掉再办", "this sentence stands beside a homestead only: leave it out")
    return word
