"""Did the assembly carry a plan: how many of all members must come and agree by the law of its day?

延包方案 is carried by two thirds of all members (`RLCL/extension`, law C9, EXT-1), and the assembly must be one that may
decide (`registry.assembly`). Members are those of the register, wherever they live. A plan that was not carried ends nothing.
"""

from __future__ import annotations

import datetime as dt
from math import ceil
from typing import TYPE_CHECKING, Any

from registry import assembly
from registry.cases.refusals import SaidMalformedError
from registry.law.book import book

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.cases.rules import Facts
    from registry.ledger.commit import Desk

PLAN = "RLCL/extension"


def counted(at: Desk, collective: str, said: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """A vote as it is recorded: of how many members, how many had to come and to agree, and whether it was carried.

    SaidMalformedError where it was held before the notice had stood its days or is still to come, where the numbers can't be,
    or where the register has no members to count.
    """
    day, attended, agreed = said["day"], said["attended"], said["agreed"]
    if not (facts.notice_until or "") < day <= facts.today:
        raise SaidMalformedError("day", "要在公示期满以后, 今天以前", "after the notice has stood its days, and not to come")
    roster = assembly.roster(at.store, at.connection, collective, valid_at=day, known_at=at.position.size)
    if not roster.quorum.of:
        raise SaidMalformedError(
            "attended", "登记簿里没有这个集体的成员: 先登记成员", "the register has no members of the collective: enter them first"
        )
    if not agreed <= attended <= roster.quorum.of:
        raise SaidMalformedError(
            "agreed", f"有表决权 {roster.quorum.of} 人, 到会的不多于它, 同意的不多于到会的",
            f"of {roster.quorum.of} members no more come, and no more agree than came",
        )  # fmt: skip
    share = ceil(book().fraction(PLAN, "all_members_share", dt.date.fromisoformat(day)) * roster.quorum.of)
    agree = max(share, roster.quorum.agree or 0)
    carried = attended >= roster.quorum.attend and agreed >= agree
    needed = {"of": roster.quorum.of, "attend": roster.quorum.attend, "agree": agree}
    return {**said, **needed, "rule": roster.quorum.rule, "carried": "yes" if carried else "no"}
