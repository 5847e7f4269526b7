"""Nobody inherits: to whom does an estate go (民法典 1160)?

To the collective where the dead was its member, to the state for the public good otherwise; never while an heir or a legatee
lives, wherever they are registered. Contracted land is not in the estate: while one of the household lives it stays theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry.decisions.facts import KINSHIP, Known, shown_by
from registry.decisions.parts import Part, decided, lacks, no, yes
from registry.law.deciding import decides

if TYPE_CHECKING:
    from datetime import date

    from registry.law.deciding import Decision

NO_HEIR, ORDER = "CC/no-heir", "CC/order"
SEARCH = "查找继承人的材料（公告、亲属关系查询，村里、公安局、民政局）"
ROLL = "集体成员名册"


@dataclass(frozen=True, slots=True)
class Estate:
    """`heir`: an heir or a legatee is known, in town or anywhere; `sought`: heirs were sought; `member`: of the dead."""

    heir: Known = field(default=None, metadata=shown_by(KINSHIP))
    sought: Known = field(default=None, metadata=shown_by(SEARCH))
    member: Known = field(default=None, metadata=shown_by(ROLL))


@decides(NO_HEIR)
def estate_without_heir(facts: Estate, day: date) -> Decision:
    """Eligible: it goes to the collective."""
    return decided(_goes(facts), day, ORDER)


def _goes(facts: Estate) -> Part:
    at = ("heir", "sought")
    if facts.heir:
        zh = "有继承人或者受遗赠人，遗产归他们；户口在城里、人在外地，一样继承，不归集体。"
        return no(ORDER, zh, "There is an heir or a legatee, in town or anywhere: the estate is theirs.", "heir")
    if facts.heir is None or not facts.sought:
        zh = "先要查清有没有继承人、受遗赠人，在外面的也要找；没有查清，不能说没有人。"
        en = "Heirs and legatees must be sought first, away from home too; until then nobody can say that there is none."
        return lacks(NO_HEIR, zh, en, *at, needs=(SEARCH,))
    if facts.member is None:
        zh, en = "没有人继承，还看不出去世的人是不是集体成员。", "Nobody inherits; whether the dead was a member was not shown."
        return lacks(NO_HEIR, zh, en, "member", needs=(ROLL,))
    if facts.member:
        zh = "没有人继承，也没有人受遗赠，去世的人是集体成员：遗产归他的集体。"
        en = "No heir and no legatee, and the dead was a member: the estate goes to the collective."
        return yes(NO_HEIR, zh, en, *at, "member")
    zh = "没有人继承，去世的人不是集体成员：遗产归国家，用在公益上，不归集体。"
    en = "No heir, and the dead was no member: the estate goes to the state for the public good."
    return no(NO_HEIR, zh, en, *at, "member")
