"""Who can write a restriction? Only together with the right that it lies on: `rights.acts.burden` and `unburden`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.ledger import allowed
from registry.ledger.allowed import ANYTHING, May, NotByThisCauseError, only
from registry.restrictions.model import RESTRICTION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.ledger.act import Act

_BEGINS = May(begins=True)
_ENDS = May(ends=True)
MAY = {
    "first-registration": _BEGINS,
    "record-corrected": ANYTHING,
    "clerical-slip": only("document", "parties"),
    "mortgaged": _BEGINS,
    "mortgage-discharged": _ENDS,
    "pledged": _BEGINS,
    "pledge-discharged": _ENDS,
    "seized": _BEGINS,
    "seizure-lifted": _ENDS,
    "objected": _BEGINS,
    "objection-closed": _ENDS,
    "disputed": _BEGINS,
    "dispute-closed": _ENDS,
    "court-ordered": ANYTHING,
    "arbitrated": ANYTHING,
    "restored": May(restores=True),
}
# A kind that speaks of one sort of restriction begins or ends that sort only.
SORT_OF_KIND = {
    "mortgaged": "mortgage",
    "mortgage-discharged": "mortgage",
    "pledged": "pledge",
    "pledge-discharged": "pledge",
    "seized": "seizure",
    "seizure-lifted": "seizure",
    "objected": "objection",
    "objection-closed": "objection",
    "disputed": "dispute",
    "dispute-closed": "dispute",
}


def begin(
    act: Act,
    *,
    restriction_kind: str,
    right_id: str,
    parties: Mapping[str, str],
    document: str,
    amount: str = "",
    rank: int = 0,
    until: str = "",
) -> str:
    """Register a restriction; `parties` (court, lender, objector) can name people: sealed. `amount` is yuan as text."""
    allowed.may_begin(MAY, act.kind)
    _refuse_other_sort(act, restriction_kind)
    columns = {
        "restriction_kind": restriction_kind,
        "right_id": right_id,
        "amount": amount,
        "rank": rank,
        "document": document,
        "until": until,
    }
    return act.begin(RESTRICTION, "restriction", columns, named={"parties": dict(parties)})


def change(act: Act, restriction_id: str, **columns: str) -> None:
    """Change what the act's kind may change of the columns of `begin`."""
    allowed.change(act, RESTRICTION, MAY, restriction_id, columns)


def end(act: Act, restriction_id: str) -> str:
    """End a restriction; returns the id of the right that it lay on."""
    head = act.desk.head(RESTRICTION, restriction_id)
    if head is not None:
        _refuse_other_sort(act, head.columns["restriction_kind"])
    allowed.end(act, RESTRICTION, MAY, restriction_id)
    return str(act.desk.chain(RESTRICTION, restriction_id)[-1].columns["right_id"])


def restore(act: Act, restriction_id: str) -> str:
    """Bring back a restriction that was ended in error; returns the id of the right that it lies on."""
    allowed.restore(act, RESTRICTION, MAY, restriction_id)
    return str(act.desk.chain(RESTRICTION, restriction_id)[-1].columns["right_id"])


def _refuse_other_sort(act: Act, restriction_kind: str) -> None:
    if SORT_OF_KIND.get(act.kind, restriction_kind) != restriction_kind:
        raise NotByThisCauseError(act.kind, f"用于 {restriction_kind}", f"be used for a {restriction_kind}")
