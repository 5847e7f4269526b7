"""Who can write a right, and what does each lawful cause let it do?

An act on a right asks for the recorded will of every living co-holder where the closed list says so: each adult apart, a
guardian for a minor; the representative signs for nobody. Only a burden (restriction, operating right) gives a right a
new version without an act on the right itself, and that version repeats its terms to the byte.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

from registry.errors import SanquanError
from registry.holding import acts as holdings
from registry.law import causes
from registry.ledger import allowed
from registry.ledger.act import NothingToActOnError, require
from registry.ledger.allowed import ANYTHING, AlreadyEndedError, May, only
from registry.ledger.chain import state_at
from registry.ledger.entry import canonical
from registry.restrictions import acts as restrictions
from registry.rights import receivers
from registry.rights.model import ALLOTMENT_LINE, ALLOTMENT_SEALED, BA_UNIT, RIGHT, terms
from registry.rights.old_law import require_old_law

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import Act
    from registry.ledger.nouns import Row, Version
    from registry.rights.old_law import OldHouseholdMove

_BEGINS = May(begins=True)
_ENDS = May(ends=True)
_HOLDER = ("holder_id", "holding_id", "party_id")
_SHARE = ("allotment_id", "share_numerator", "share_denominator", "co_holding")
_PAPER = only("certificate_number", "certificate_book", "certificate_date")
MAY = {
    "first-registration": _BEGINS,
    "omission-corrected": May(begins=True, fields=frozenset(_SHARE)),
    "record-corrected": ANYTHING,
    "clerical-slip": only("unit_code", "certificate_number", "book_number"),
    "recoded": only("unit_code", "book_number"),
    "parcel-split": only("right_parcel"),
    "parcel-merged": only("right_parcel"),
    "contract-divided": May(begins=True, ends=True, fields=frozenset({"right_parcel", *_HOLDER})),
    "contracts-merged": May(begins=True, ends=True, fields=frozenset({"right_parcel", *_HOLDER})),
    "exchanged": only("right_parcel"),
    "assigned": May(begins=True, ends=True, fields=frozenset({"right_parcel"})),
    "exited": May(ends=True, fields=frozenset({"right_parcel", *_SHARE})),
    "handed-back-before-2019": _ENDS,
    "taken-back-before-2019": _ENDS,
    "readjusted": May(begins=True, ends=True, fields=frozenset({"right_parcel"})),
    "expropriated": May(ends=True, fields=frozenset({"right_parcel"})),
    "extended": only("term_start", "term_end", "extension", "unit_id", "unit_code"),
    "extinct": _ENDS,
    "inherited": May(begins=True, ends=True, fields=frozenset({*_HOLDER, *_SHARE})),
    "land-lost": May(ends=True, fields=frozenset({"right_parcel"})),
    "left-without-heir": _ENDS,
    "leased": _BEGINS,
    "subleased": _BEGINS,
    "contributed": _BEGINS,
    "operating-ended": _ENDS,
    "shares-allotted": _BEGINS,
    "shares-requantified": May(begins=True, ends=True, fields=frozenset(_SHARE)),
    "share-transferred": May(begins=True, ends=True, fields=frozenset(_SHARE)),
    "certificate-issued": _PAPER,
    "certificate-reissued": _PAPER,
    "certificate-cancelled": _PAPER,
    "court-ordered": ANYTHING,
    "arbitrated": ANYTHING,
    # An exit in part that was not free gives its parcels back; the right itself never ended.
    "restored": May(restores=True, fields=frozenset({"right_parcel"})),
}
CONTRACT_POWERS = "benefit,guarantee_of_operating_right,mortgage_of_operating_right,possess,transfer,use"
POWERS = {
    "contract-arable": CONTRACT_POWERS,
    "contract-grass": CONTRACT_POWERS,
    "contract-forest": CONTRACT_POWERS,
    "contract-other": CONTRACT_POWERS,
    "operating": "benefit,possess,use",
    "homestead": "possess,use",
    "income": "benefit,inherit,paid_exit,possess",
}


class SharesNotOneError(SanquanError):
    """Raised when the lines of an allotment do not make exactly one."""

    def __init__(self, total: Fraction) -> None:
        """The sum that was found."""
        super().__init__(f"各份额合计 {total}, 不等于 1: 核对份额", f"the shares make {total}, not 1: check the lines")


class NoHolderError(SanquanError):
    """Raised when a right is to be registered for nobody."""

    def __init__(self) -> None:
        """There is nothing to show."""
        super().__init__("没有写权利人: 写明承包户或权利人", "the right names no holder: name a holding or a party")


class TermBeyondContractError(SanquanError):
    """Raised when an operating right would run past the contract right that it lies in (农村土地承包法第38条)."""

    def __init__(self, term_end: str, parent_end: str) -> None:
        """Both last days."""
        super().__init__(
            f"流转到 {term_end}, 超过承包期的 {parent_end}: 流转期限不得超过承包期的剩余期限",
            f"let until {term_end}, past the contract's {parent_end}: a lease may not run past the rest of the term",
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds: a holding (JOINT: its whole list), or a party (SOLE, or BY_SHARE by a line of an allotment)."""

    holding_id: str | None = None
    party_id: str | None = None
    allotment_id: str | None = None
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True, slots=True)
class Contracted:
    """A parcel under a right with its contract area as written, m² and 亩 (text, two decimals)."""

    parcel_id: str
    area_m2: str
    area_mu: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a right says beside its holder and parcels. Days are YYYY-MM-DD, "" where the kind has no term.

    `book` is whose book is authoritative: realty-platform, contract-book or collective; `book_number` its number there.
    """

    unit_id: str
    unit_code: str
    term_start: str = ""
    term_end: str = ""
    certificate: tuple[str, str, str] = ("", "", "")
    book: str = "contract-book"
    book_number: str = ""
    powers: str = ""
    extension: str = ""


def unit(act: Act, *, kind: str, code: str, issuer_id: str, method: str, signed_on: str) -> str:
    """A BAUnit: the contract (CBHT), certificate or share ledger that rights are written in. Returns its id."""
    unit_id = act.desk.randomness.new_id()
    act.desk.row(
        BA_UNIT,
        {
            "id": unit_id,
            "kind": kind,
            "code": code,
            "issuer_id": issuer_id,
            "method": method,
            "signed_on": signed_on,
            "cause_idx": act.idx,
            "cause_cls": "R",
        },
    )
    return unit_id


def allot(act: Act, lines: Sequence[tuple[str, int, int]]) -> str:
    """Seal an allotment of (holder id, numerator, denominator); SharesNotOneError unless they make exactly one."""
    total = sum((Fraction(n, d) for _, n, d in lines), Fraction(0))
    if total != 1:
        raise SharesNotOneError(total)
    allotment_id = act.desk.randomness.new_id()
    cites = {"cause_idx": act.idx, "cause_cls": "R"}
    for holder_id, numerator, denominator in lines:
        act.desk.row(
            ALLOTMENT_LINE,
            {
                "allotment_id": allotment_id,
                "holder_id": holder_id,
                "numerator": numerator,
                "denominator": denominator,
                **cites,
            },
        )
    common = lcm(*(d for _, _, d in lines))
    act.desk.row(ALLOTMENT_SEALED, {"allotment_id": allotment_id, "common": common, **cites})
    return allotment_id


def begin(
    act: Act,
    thing: str,
    holder: Holder,
    stated: Terms,
    parcels: Sequence[Contracted] = (),
    *,
    within_id: str | None = None,
    status: str = "live",
) -> str:
    """Register a right of one of the seven right things; what is assigned stays in its collective, an heir signs for it.

    Returns its id.
    """
    allowed.may_begin(MAY, act.kind)
    if act.kind == "assigned":
        receivers.check_receiver(act, thing, holder, parcels)
    if act.kind == "inherited" and holder.party_id is not None:
        require(act.kind, act.fields, holdings.minors(act, [holder.party_id]))
    columns: Row = {
        "unit_id": stated.unit_id,
        "unit_code": stated.unit_code,
        **_holder_columns(holder),
        "within_id": within_id,
        "powers": stated.powers or POWERS[thing],
        "term_start": stated.term_start,
        "term_end": stated.term_end,
        "extension": stated.extension,
        "certificate_number": stated.certificate[0],
        "certificate_book": stated.certificate[1],
        "certificate_date": stated.certificate[2],
        "book": stated.book,
        "book_number": stated.book_number,
        "burdens": "[]",
        "base_ver": None,
        "same_terms": None,
    }
    children = {"right_parcel": _lines(parcels)}
    _restate(columns, children)
    return act.begin(RIGHT, thing, columns, children=children, status=status)


def change(
    act: Act,
    right_id: str,
    *,
    parcels: Sequence[Contracted] | None = None,
    holder: Holder | None = None,
    **columns: Any,  # noqa: ANN401
) -> None:
    """Change terms that the act's kind may change; names are the columns of the right's versions."""
    _require_wills(act, right_id)
    if holder is not None:
        columns |= _changed_holder(act, right_id, holder)
    children = None if parcels is None else {"right_parcel": _lines(parcels)}
    allowed.change(act, RIGHT, MAY, right_id, columns, children=children, finish=_restate)


def end(act: Act, right_id: str, *, moved: OldHouseholdMove | None = None) -> None:
    """End a right: by the closed list only, with every will and payment that it asks for.

    `moved`: where the household moved, for an old handing or taking back. OldMoveNotShownError, OldLawError.
    """
    _require_wills(act, right_id)
    require_old_law(act, _standing(act, right_id).thing, moved)
    allowed.end(act, RIGHT, MAY, right_id)


def restore(act: Act, right_id: str) -> None:
    """Bring back a right that was ended wrongly, under its old id."""
    allowed.restore(act, RIGHT, MAY, right_id)


def burden(
    act: Act,
    right_id: str,
    *,
    restriction_kind: str,
    parties: Mapping[str, str],
    document: str,
    amount: str = "",
    rank: int = 0,
    until: str = "",
) -> str:
    """Lay a restriction on a right: mortgage, pledge, seizure, objection, dispute. Returns the restriction's id."""
    _refuse_ended(act, right_id)
    if act.kind in {"mortgaged", "pledged"}:
        _require_wills(act, right_id)
    restriction_id = restrictions.begin(
        act,
        restriction_kind=restriction_kind,
        right_id=right_id,
        parties=parties,
        document=document,
        amount=amount,
        rank=rank,
        until=until,
    )
    _follow(act, right_id, add=restriction_id)
    return restriction_id


def unburden(act: Act, restriction_id: str) -> None:
    """Take a restriction off the right that it lies on."""
    right_id = restrictions.end(act, restriction_id)
    _follow(act, right_id, remove=restriction_id)


def reburden(act: Act, restriction_id: str) -> None:
    """Bring back a restriction that was ended in error, and lay it on its right again."""
    right_id = restrictions.restore(act, restriction_id)
    _follow(act, right_id, add=restriction_id)


def let(act: Act, right_id: str, holder: Holder, stated: Terms, parcels: Sequence[Contracted]) -> str:
    """Carve an operating right out of a contract right (lease, sublease, share); returns its id.

    The contract right keeps its holder and every term; the operating right stands among its burdens.
    """
    parent = _refuse_ended(act, right_id)
    if parent.columns["term_end"] and stated.term_end > parent.columns["term_end"]:
        raise TermBeyondContractError(stated.term_end, parent.columns["term_end"])
    _require_wills(act, right_id)
    operating_id = begin(act, "operating", holder, stated, parcels, within_id=right_id)
    _follow(act, right_id, add=operating_id)
    return operating_id


def end_letting(act: Act, operating_id: str) -> None:
    """End an operating right; the contract right is free of it again."""
    parent_id = str(_standing(act, operating_id).columns["within_id"])
    allowed.end(act, RIGHT, MAY, operating_id)
    _follow(act, parent_id, remove=operating_id)


def consenting(act: Act, right_id: str) -> dict[str, bool]:
    """The people whose will an act on this right needs on its day, each with whether they are a minor."""
    standing = _standing(act, right_id)
    holding_id = standing.columns["holding_id"]
    if holding_id is None:
        party = standing.columns["party_id"]
        # Who has died signs nothing: the heirs do, each where their own right begins or grows.
        if act.kind == "inherited" and holdings.has_died(act, party):
            return {}
        return holdings.minors(act, [party])
    return holdings.co_holders(act, holding_id)


def _require_wills(act: Act, right_id: str) -> None:
    if causes.kinds()[act.kind].needs_consent:
        require(act.kind, act.fields, consenting(act, right_id))


def _standing(act: Act, right_id: str) -> Version:
    standing = state_at(act.desk.chain(RIGHT, right_id), act.day)
    if standing is None:
        raise NothingToActOnError(right_id, act.day)
    return standing


def _refuse_ended(act: Act, right_id: str) -> Version:
    standing = _standing(act, right_id)
    if standing.status == "ended":
        raise AlreadyEndedError(right_id, ended=True)
    return standing


def _follow(act: Act, right_id: str, *, add: str | None = None, remove: str | None = None) -> None:
    def edit(columns: Row, _children: dict[str, list[Row]], status: str) -> str:
        burdens = set(json.loads(columns["burdens"])) - {remove}
        columns["burdens"] = json.dumps(sorted(burdens | ({add} if add else set())))
        return status

    act.change(RIGHT, right_id, edit, effect="follows")


def _changed_holder(act: Act, right_id: str, holder: Holder) -> Row:
    """Only what differs: a kind that may change a share and not the holder is then not refused for the holder."""
    chain = act.desk.chain(RIGHT, right_id)
    if not chain:
        raise NothingToActOnError(right_id, act.day)
    # A correction may reach back before the first day: what it changes is then the first state.
    standing = (state_at(chain, act.day) or chain[0]).columns
    return {name: value for name, value in _holder_columns(holder).items() if standing[name] != value}


def _restate(columns: Row, children: Mapping[str, list[Row]]) -> None:
    columns["terms_digest"] = hashlib.sha256(canonical(terms(columns, children))).digest()


def _holder_columns(holder: Holder) -> Row:
    holder_id = holder.holding_id or holder.party_id
    by_share = holder.allotment_id is not None
    if holder_id is None:
        raise NoHolderError
    return {
        "holder_id": holder_id,
        "holding_id": holder.holding_id,
        "party_id": holder.party_id,
        "co_holding": "BY_SHARE" if by_share else ("JOINT" if holder.holding_id else "SOLE"),
        "allotment_id": holder.allotment_id,
        "share_numerator": holder.numerator,
        "share_denominator": holder.denominator,
    }


def _lines(parcels: Sequence[Contracted]) -> list[Row]:
    return [{"parcel_id": p.parcel_id, "contract_area_m2": p.area_m2, "contract_area_mu": p.area_mu} for p in parcels]
