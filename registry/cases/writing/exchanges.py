"""Cases in which two households of one collective exchange contracted land (互换, 农村土地承包法 33).

Each contract keeps its id, its holder, its term and every parcel that was not given; what changes is which parcels lie under
it. An exchange is filed with the collective, which neither allows nor refuses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.cases.saying import Said
from registry.cases.touched import Touched
from registry.cases.writing.writer import co_holders, contracted, not_after, refuse_encumbered, seen_of, standing
from registry.holding.model import HOLDING
from registry.law.deciding import keeps
from registry.rights import acts as rights
from registry.rights.model import RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.act import ActFields
    from registry.ledger.commit import Desk
    from registry.ledger.nouns import Version


class Exchanged:
    """互换: `gives` says of each of the two contract rights which `parcels` it gives; `filed`: when, where it was already.

    Every co-holder of both households agrees, each apart.
    """

    def touched(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str) -> Touched:
        """All co-holders of both; both gain, so no guardian is neutral."""
        both = self._read(at, subject, request, day)
        homes = [str(right.columns["holding_id"]) for right, _ in both]
        people = {who: minor for home in homes for who, minor in co_holders(at, home, day).items()}
        seen = seen_of(at, *((RIGHT, right.thing_id) for right, _ in both), *((HOLDING, home) for home in homes))
        return Touched(seen, people, frozenset(people), frozenset(people))

    def write(self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str, fields: ActFields) -> None:
        """Each right's list of parcels, with the contract areas as written; nothing else of either."""
        one, other = self._read(at, subject, request, day)
        act = at.act("exchanged", day, fields)
        for (right, given), (from_, received) in ((one, other), (other, one)):
            staying = [line for line in contracted(right) if line.parcel_id not in given]
            gets = [line for line in contracted(from_) if line.parcel_id in received]
            rights.change(act, right.thing_id, parcels=[*staying, *gets])

    def _read(
        self, at: Desk, subject: Sequence[str], request: Mapping[str, Any], day: str
    ) -> list[tuple[Version, frozenset[str]]]:
        said = Said(request)
        gives: dict[str, tuple[str, ...]] = {}
        for row in said.rows("gives", most=2):
            gives[row.id("right")] = row.ids("parcels")
            row.done()
        if said.has("filed"):
            not_after(said, said.day("filed"), day, "filed")
        said.done()
        if len(subject) != 2 or set(gives) != set(subject):  # noqa: PLR2004  (two contracts)
            said.refuse("gives", "互换是两份合同之间: 各写给出哪些地块", "between two contracts: say what each gives")
        both = [(standing(at, RIGHT, right, day), frozenset(parcels)) for right, parcels in sorted(gives.items())]
        for right, parcels in both:
            if not parcels <= {line.parcel_id for line in contracted(right)}:
                said.refuse("gives", "这份合同里没有这块地", "the contract has no such parcel")
            refuse_encumbered(at, said, right, day)
        _refuse_unlike(at, said, both[0][0], both[1][0], day)
        return both


@keeps("RLCL/exchange")
def _refuse_unlike(at: Desk, said: Said, one: Version, other: Version, day: str) -> None:
    """Two households of one collective; land of one kind and one term, or a parcel's own term would change with it."""
    homes = {one.columns["holding_id"], other.columns["holding_id"]}
    if len(homes) != 2 or None in homes:  # noqa: PLR2004  (two households)
        said.refuse("subject", "要是两户之间的承包合同", "contracts of two households are wanted")
    if len({standing(at, HOLDING, str(home), day).columns["issuer_id"] for home in homes}) > 1:
        said.refuse("subject", "两块地不是一个集体的, 不能互换; 可以互相租", "not of one collective: they may let to each other")
    if one.thing != other.thing or one.columns["term_end"] != other.columns["term_end"]:
        said.refuse("subject", "地类和到期日要相同", "land of one kind and of one last day is wanted")
