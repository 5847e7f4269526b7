"""May somebody who is registered in the banner settle in one of its towns (plan II.1.1)?

Asked are the registration and the dwelling. Not asked, on purpose: work, insurance, years, schooling, and anything about
land. What is decided is where a person is registered, and nothing that they hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.decisions.facts import ADDRESS, BOOK, FILED_LEASE, LIVING, OWNERSHIP, UNSHOWN_DWELLING, Dwelling, Hukou
from registry.decisions.parts import Part, all_of, decided, lacks, no, yes
from registry.law.deciding import decides

if TYPE_CHECKING:
    from datetime import date

    from registry.law.deciding import Decision

IN_BANNER, DWELLING = "WS-2016/II.1.1", "WS-2016/II.1.1-dwelling"
FROM_OUTSIDE, UNREGISTERED = "WS-2016/II.1.2", "WS-2016/II.1.3"


@dataclass(frozen=True, slots=True)
class InBanner:
    """`hukou`: where the person is registered on the day, by the registered address and never by the number's prefix."""

    hukou: Hukou | None = None
    dwelling: Dwelling = UNSHOWN_DWELLING


@decides(IN_BANNER, DWELLING)
def settle_in_banner(facts: InBanner, day: date) -> Decision:
    """Registered in the banner, and a lawful stable dwelling in one of its towns."""
    hukou = _hukou(facts.hukou)
    # Who is registered elsewhere is asked for other things: nothing of this clause is asked then.
    part = all_of(hukou, lawful_dwelling(facts.dwelling)) if hukou.result != "not eligible" else hukou
    return decided(part, day, IN_BANNER, DWELLING)


def lawful_dwelling(dwelling: Dwelling) -> Part:
    """合法稳定住所: in the town area, really lived in, and owned or let under a filed lease."""
    return all_of(_in_town(dwelling), _lived_in(dwelling), _owned_or_let(dwelling))


def _hukou(hukou: Hukou | None) -> Part:
    if hukou == "banner":
        return yes(IN_BANNER, "户口在本旗。", "Registered in the banner.", "hukou")
    if hukou == "elsewhere":
        zh = "户口不在本旗，这一条不管，按外地来的人（方案二（一）2）办。"
        return no(IN_BANNER, zh, "Not registered in the banner: go by plan II.1.2, for people from outside.", "hukou")
    if hukou == "none":
        zh = "还没有户口，这一条不管，按没有户口的人（方案二（一）3）办，不用别的条件。"
        en = "Registered nowhere: go by plan II.1.3, which sets no other condition."
        return no(IN_BANNER, zh, en, "hukou")
    return lacks(IN_BANNER, "还看不出户口在哪里。", "Where the registration is was not shown.", "hukou", needs=(BOOK,))


def _in_town(dwelling: Dwelling) -> Part:
    at = "dwelling.in_town"
    if dwelling.in_town is None:
        return lacks(DWELLING, "还看不出住的地方在不在镇上。", "Not shown: is the dwelling in town?", at, needs=(ADDRESS,))
    if dwelling.in_town:
        return yes(DWELLING, "住的地方在镇上。", "The dwelling is in the town area.", at)
    return no(DWELLING, "住的地方不在镇上，这一条办不了。", "The dwelling is not in the town area.", at)


def _lived_in(dwelling: Dwelling) -> Part:
    at = "dwelling.lives_there"
    if dwelling.lives_there is None:
        return lacks(DWELLING, "还差一张实际住在那里的证明。", "Not shown: is it really lived in?", at, needs=(LIVING,))
    if dwelling.lives_there:
        return yes(DWELLING, "自己真住在那里。", "It is really lived in.", at)
    return no(DWELLING, "房子自己没有住，这一条办不了；住进去以后可以再来。", "It is not lived in; come back once it is.", at)


def _owned_or_let(dwelling: Dwelling) -> Part:
    at = ("dwelling.owned", "dwelling.lease")
    if dwelling.owned:
        return yes(DWELLING, "房子是自己的。", "It is lawfully owned.", at[0])
    if dwelling.lease == "filed":
        return yes(DWELLING, "租房已经在房管部门登记备案。", "The lease is filed with the housing authority.", at[1])
    if dwelling.owned is False and dwelling.lease == "not filed":
        zh = "租房合同还没有备案：到住建局登记备案，办完再来。"
        en = "The lease exists and is not filed: file it at the housing bureau, then come back."
        return lacks(DWELLING, zh, en, *at, needs=(FILED_LEASE,))
    if dwelling.owned is False and dwelling.lease == "none":
        zh = "房子不是自己的，也没有租房合同，还不算合法稳定住所；签了合同、备了案就算。"
        en = "Neither owned nor let: not yet a lawful stable dwelling; a filed lease makes it one."
        return no(DWELLING, zh, en, *at)
    zh = "房子是自己的还是租的，还差一张纸，两样有一样就行。"
    en = "Owned or let is not shown yet: one of the two papers is enough."
    return lacks(DWELLING, zh, en, *at, needs=(OWNERSHIP, FILED_LEASE))
