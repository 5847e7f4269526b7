"""Who can write a holding: the member list of a contracting household and its representative?

A household event is not among them: a move, a marriage or a split of the hukou book touches no member list. Where the
closed list asks for consent, every living co-holder's own will is asked for, a guardian's for a minor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import parties
from registry.holding import read
from registry.holding.model import HOLDING, CoHolder
from registry.law import causes
from registry.ledger import allowed
from registry.ledger.act import require
from registry.ledger.allowed import ANYTHING, May, only
from registry.ledger.chain import state_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.ledger.act import Act
    from registry.ledger.nouns import Row
    from registry.parties import Identity

MAY = {
    "first-registration": May(begins=True),
    "omission-corrected": only("holding_member"),
    "record-corrected": ANYTHING,
    "clerical-slip": only("code", "notes"),
    "recoded": only("code"),
    "contract-divided": May(begins=True, fields=frozenset({"holding_member", "representative_id"})),
    "contracts-merged": May(begins=True, ends=True, fields=frozenset({"holding_member", "representative_id"})),
    "member-added": only("holding_member"),
    "member-deceased": only("holding_member"),
    "representative-changed": only("representative_id"),
    "extinct": May(ends=True),
    "court-ordered": ANYTHING,
    "arbitrated": ANYTHING,
    "restored": May(restores=True, fields=frozenset({"holding_member"})),
}
_ADULT_YEARS = 18


def begin(
    act: Act,
    *,
    household_id: str,
    code: str,
    issuer_id: str,
    representative_id: str,
    members: Sequence[CoHolder],
    notes: str = "",
    status: str = "live",
) -> str:
    """Register a holding; `code` is CBFBM. Returns its id."""
    allowed.may_begin(MAY, act.kind)
    columns = {
        "household_id": household_id,
        "code": code,
        "issuer_id": issuer_id,
        "representative_id": representative_id,
    }
    return act.begin(
        HOLDING,
        "holding",
        columns,
        children={"holding_member": _lines(members)},
        named={"notes": notes},
        status=status,
    )


def change(
    act: Act,
    holding_id: str,
    *,
    code: str | None = None,
    representative_id: str | None = None,
    members: Sequence[CoHolder] | None = None,
) -> None:
    """Change what the act's kind may change: the code, the representative, or the whole member list."""
    columns = {
        name: value for name, value in (("code", code), ("representative_id", representative_id)) if value is not None
    }
    _require_wills(act, holding_id)
    children = None if members is None else {"holding_member": _lines(members)}
    allowed.change(act, HOLDING, MAY, holding_id, columns, children=children)


def end(act: Act, holding_id: str) -> None:
    """End a holding: its last member died, or it was joined to another."""
    _require_wills(act, holding_id)
    allowed.end(act, HOLDING, MAY, holding_id)


def restore(act: Act, holding_id: str) -> None:
    """Bring back a holding that was ended in error."""
    allowed.restore(act, HOLDING, MAY, holding_id)


def co_holders(act: Act, holding_id: str) -> dict[str, bool]:
    """The living co-holders on the act's day, each with whether they are a minor: the people whose will it may need."""
    chain = act.desk.chain(HOLDING, holding_id)
    standing = state_at(chain, act.day) or (chain[-1] if chain else None)
    lines = [] if standing is None else standing.children["holding_member"]
    return minors(act, [line["person_id"] for line in lines if line["co_holder"] and line["alive"]])


def minors(act: Act, people: Sequence[str]) -> dict[str, bool]:
    """Each person, with whether they are a minor on the act's day."""
    known = parties.identities_of_act(act, people)
    return {person: _is_minor(known.get(person), act.day) for person in people}


def has_died(act: Act, person_id: str) -> bool:
    """Whether a list marks this person as dead on the act's day: they sign nothing any more."""
    chains = [act.desk.chain(HOLDING, holding_id) for holding_id in read.of_person(act.desk.connection, person_id)]
    standing = [state_at(chain, act.day) for chain in chains]
    lines = [line for state in standing if state is not None for line in state.children["holding_member"]]
    return any(line["person_id"] == person_id and not line["alive"] for line in lines)


def _require_wills(act: Act, holding_id: str) -> None:
    if causes.kinds()[act.kind].needs_consent:
        require(act.kind, act.fields, co_holders(act, holding_id))


def _is_minor(who: Identity | None, day: str) -> bool:
    # Whoever's age is not known signs for themselves: nobody's will is taken for another's by a blank.
    born = who.id_number[6:14] if who is not None and len(who.id_number) == 18 else ""  # noqa: PLR2004
    if not born.isdigit():
        return False
    return int(day.replace("-", "")) - int(born) < _ADULT_YEARS * 10_000


def _lines(members: Sequence[CoHolder]) -> list[Row]:
    return [
        {
            "person_id": m.person_id,
            "relation": m.relation,
            "co_holder": int(m.co_holder),
            "remark": m.remark,
            "alive": int(m.alive),
        }
        for m in members
    ]
