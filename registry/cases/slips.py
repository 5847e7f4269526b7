"""What does a record with a slip of the pen say now, and what should it say: in clear, for the officer whose turn it is to decide?

masks.toml: whoever decides a case reads what they decide. The look is written down first, by whoever shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import masks
from registry.cases.seeing import request_of
from registry.catalogue import heads
from registry.parcels import read

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.engine import Connection

    from registry.case_files import Case
    from registry.store.engines import Store

KIND = "clerical-slip"
DECIDING = frozenset({"approved", "registered"})
_TEXTS: Mapping[str, masks.Field] = {
    **dict.fromkeys(("east", "south", "west", "north"), "neighbours"),
    **dict.fromkeys(("location", "remark"), "remarks"),
    "local_name": "local_name",
}
"""What of a parcel can be a name, by the row of the policy that says who reads it; codes and numbers are nobody's."""


def slip(store: Store, connection: Connection, case: Case, open_steps: Collection[str]) -> tuple[str, str] | None:
    """(now, what it should be) of a slip that this officer may approve or register now; None in every other case."""
    if case.kind != KIND or not DECIDING & set(open_steps):
        return None
    asked, (thing,) = request_of(case), case.subject
    field = str(asked["field"])
    if field in _TEXTS and not masks.sees(_TEXTS[field], "paper"):
        return None
    head = heads(connection, [thing])[thing]
    if field in _TEXTS:
        now = read.texts(store, connection, [head.digest]).get(head.digest, {}).get(field, "")
    else:
        now = str(head.columns[field])
    return now, str(asked["to"])
