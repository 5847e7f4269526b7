"""Who takes part in the collective's income, and what may somebody do with a share (农村集体经济组织法 15, 40, 52)?

A share is a part of the *income* of operating assets; the land is the collective's and is divided among nobody (36, 40).
Where a member is registered or lives is not asked: settling in town changes neither membership nor share.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from registry.decisions.facts import Known, shown_by
from registry.decisions.parts import Condition, Part, all_of, decided, lacks, no, yes
from registry.law.book import book
from registry.law.deciding import decides

if TYPE_CHECKING:
    from datetime import date

    from registry.law.deciding import Decision

QUANTIFIED, OTHERS, PLEDGED, BY_CHARTER = "COL/40", "COL/15", "COL/52", "COL/inherit-share"
POWERS, TO_TOWN = "WS-2016/II.3.1-d", "EXCHANGE/no-urban-buyer"
ROLL = "集体成员名册或者成员证"
INVENTORY = "清产核资的资产清单（经营性、资源性、非经营性）"
RESOLUTION = "成员大会的决议（写明日期、全体多少人、多少人同意）"
LONG_SERVICE = "长期在集体工作、作了贡献的证明"
SHARE_BOOK = "股权证，或者股权名册"
CHARTER = "集体的章程"
_SERVED = Condition(
    OTHERS, "long_service", LONG_SERVICE,
    holds=(
        "长期在集体工作、作了贡献，可以参加分红、享受服务和福利。",
        "Long service: may take part in income, services and welfare.",
    ),
    fails=("不是成员，也没有长期在集体工作。", "Neither a member nor of long service."),
    unshown=("还差长期在集体工作、作了贡献的证明。", "Long service for the collective was not shown."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakesPart:
    """Who would take part in which income. `all_members`, `agreed`: of the assembly that let a non-member take part."""

    who: Literal["member", "non-member"] | None = field(default=None, metadata=shown_by(ROLL))
    asks: Literal["income", "land", "homestead"] = "income"
    asset: Literal["operating", "land", "public"] | None = field(default=None, metadata=shown_by(INVENTORY))
    long_service: Known = field(default=None, metadata=shown_by(LONG_SERVICE))
    all_members: int | None = field(default=None, metadata=shown_by(RESOLUTION))
    agreed: int | None = field(default=None, metadata=shown_by(RESOLUTION))


@dataclass(frozen=True, slots=True)
class ShareUse:
    """What somebody wants to do with a share. `own`: it stands in their name; `free`: neither disputed nor seized."""

    use: Literal["pledge", "inherit", "paid-exit", "sell-to-town"]
    own: Known = field(default=None, metadata=shown_by(SHARE_BOOK))
    free: Known = field(default=None, metadata=shown_by("没有争议、没有查封的证明（集体、法院）"))
    charter_allows: Known = field(default=None, metadata=shown_by(CHARTER))


@decides(QUANTIFIED, OTHERS)
def take_part(facts: TakesPart, day: date) -> Decision:
    """A member by the share; somebody else by three quarters of all members, and never in land or homestead."""
    if facts.who is None:
        zh, en = "还看不出是不是集体成员。", "Whether this is a member was not shown."
        return decided(lacks(QUANTIFIED, zh, en, "who", needs=(ROLL,)), day)
    if facts.who == "member":
        return decided(_asset(facts.asset), day, "COL/11")
    if facts.asks != "income":
        zh = "不是成员的人，集体不能分给他承包地，也不能分院子。"
        return decided(no(OTHERS, zh, "A non-member is given neither land nor homestead.", "asks"), day)
    return decided(all_of(_SERVED.of(facts.long_service), agreed_by(OTHERS, _least(day), facts.all_members, facts.agreed)), day)


@decides(PLEDGED)
def use_share(facts: ShareUse, day: date) -> Decision:
    """Pledged since 2025-05-01, inherited as the charter says, given up for pay; never sold to town."""
    if facts.use == "sell-to-town":
        zh = "集体的股不能卖给城里人；想退，可以有偿退给集体。"
        en = "A share is not sold to urban buyers; it may be given up to the collective for pay."
        return decided(no(TO_TOWN, zh, en, "use"), day)
    if facts.use == "inherit":
        return decided(_inherited(facts.charter_allows, day), day)
    if facts.use == "paid-exit":
        zh = "股可以自愿、有偿地退，退了股不等于退了成员身份；钱付清才登记。"
        en = "A share may be given up freely and for pay; membership is another decision; registered once paid."
        return decided(all_of(_own(POWERS, facts.own), _free(POWERS, facts.free), yes(POWERS, zh, en, "use")), day)
    if not book().holds(PLEDGED, day):
        zh = "那时候股只能占有、收益、有偿退出、继承，没有拿股质押的规定。"
        return decided(no(POWERS, zh, "On that day a share could be held, earn, be given up, inherited: not pledged.", "use"), day)
    zh = "可以拿股质押贷款；质押的是收益，成员身份和承包的地都不动。"
    en = "A share may be pledged for a loan: the income is pledged, membership and land are not."
    return decided(all_of(_own(PLEDGED, facts.own), _free(PLEDGED, facts.free), yes(PLEDGED, zh, en, "use")), day)


def agreed_by(rule: str, least: Fraction, of: int | None, agreed: int | None, paper: str = RESOLUTION) -> Part:
    """Whether so many of all members agreed, exactly: 3/4 of 7 are 6."""
    at = ("all_members", "agreed")
    if not of or agreed is None or agreed > of:
        zh = "还看不出全体成员多少人、多少人同意（两个数要对得上）。"
        return lacks(rule, zh, "Of how many members how many agreed was not shown, or does not fit.", *at, needs=(paper,))
    if Fraction(agreed, of) >= least:
        return yes(rule, f"全体{of}人里{agreed}人同意，够{least}。", f"{agreed} of all {of} agreed: {least} or more.", *at)
    zh = f"全体{of}人里{agreed}人同意，不够{least}（要算全体，不是只算到会的）。"
    return no(rule, zh, f"{agreed} of all {of} agreed: less than {least} of all, not of those who came.", *at)


def _least(day: date) -> Fraction:
    return book().fraction("COL/15", "all_members_share", day)


def _asset(asset: str | None) -> Part:
    if asset is None:
        zh, en = "还看不出这是不是经营性资产。", "Whether the asset is an operating one was not shown."
        return lacks(QUANTIFIED, zh, en, "asset", needs=(INVENTORY,))
    if asset == "operating":
        zh = "经营性资产的收益按股分，是成员就有份；户口在镇上、人在外面，一样分。"
        en = "The income of operating assets goes by shares to every member, wherever registered or living."
        return yes(QUANTIFIED, zh, en, "who", "asset")
    if asset == "land":
        zh = "地是集体的，不分成股给个人；承包地按承包合同，还是各家的。"
        return no(QUANTIFIED, zh, "Land is not divided in shares; what a household contracted stays by its contract.", "asset")
    zh = "学校、道路这样的公益资产没有收益可以分，不折股。"
    return no(QUANTIFIED, zh, "Public assets such as schools and roads earn nothing to share.", "asset")


def _inherited(allows: Known, day: date) -> Part:
    rule = BY_CHARTER if book().holds(BY_CHARTER, day) else POWERS
    return Condition(
        rule, "charter_allows", CHARTER,
        holds=(
            "章程准许：股由继承人继承，继承人户口在城里也一样；成员身份不能继承。",
            "The charter lets heirs inherit the share, in town too; membership is not inherited.",
        ),
        fails=(
            "章程写明不由继承人拿股的，按章程赎回，钱归继承人。",
            "Where the charter says otherwise the share is redeemed, and the money goes to the heirs.",
        ),
        unshown=("股怎么继承看集体的章程，先把章程拿来看。", "How a share is inherited stands in the charter."),
    ).of(allows)  # fmt: skip


def _own(rule: str, own: Known) -> Part:
    return Condition(
        rule, "own", SHARE_BOOK,
        holds=("股在本人名下。", "The share stands in their name."),
        fails=("股不在本人名下，只有本人能办。", "The share is somebody else's: only the holder may."),
        unshown=("还看不出股在谁名下。", "In whose name the share stands was not shown."),
    ).of(own)  # fmt: skip


def _free(rule: str, free: Known) -> Part:
    return Condition(
        rule, "free", "没有争议、没有查封的证明（集体、法院）",
        holds=("没有争议，没有查封。", "Neither disputed nor seized."),
        fails=("有争议或者被查封，解决以后再办。", "Disputed or seized: settle that first."),
        unshown=("有没有争议、查封还没有查。", "Disputes and seizures were not looked up."),
    ).of(free)  # fmt: skip
