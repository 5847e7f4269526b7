"""想租地、想退地、村里要收我的地: what may be let, what an exit asks, and what no village may take."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from registry.decisions.dividends import Quarrel, quarrel
from registry.decisions.exits import two_hands
from registry.decisions.land.commons import Dispute, dispute
from registry.decisions.land.conditions import Will, freely
from registry.decisions.land.content import FOREST
from registry.decisions.land.contracts import SoilImproved, soil_compensation
from registry.decisions.land.grazing import BALANCE
from registry.decisions.land.leases import PRICE
from registry.decisions.parts import Part, all_of, decided, lacks, no, unclear, yes
from registry.decisions.taking_back import Destination, OldMove, Proof, fate_of_land
from registry.law.book import book
from registry.law.deciding import decides

if TYPE_CHECKING:
    from registry.decisions.may_i.model import Answers
    from registry.law.deciding import Decision, Reason, Result

_LEASE, _LIMITS, _RELET, _TRANSFERABLE = "RLCL/lease", "RLCL/limits", "RLCL/relet", "EXCHANGE/transferable"
_SIGNED = "家里每个成年人同意的签字"
_TAKING, _NO_FORCE, _MEMBERS = "RLCL/settled-in-town", "HOME/no-forced-exit", "COL/17"
_MOVED = date(2010, 1, 1)  # a day under the law of 2002: the sheet asks whether it was before 2019, never which day
_PROOFS: dict[str, Proof] = {
    "handed": Proof("handed back", date(2012, 1, 1)),
    "taken-early": Proof("taken back", date(2014, 7, 23)),
    "taken-late": Proof("taken back", date(2014, 7, 24)),
}
_FATES: dict[str, Result] = {"ended": "eligible", "lives on": "not eligible", "review": "review"}
_PRESSED = ("EXIT/E4", "GUARANTEE/SC-2014-25")


@decides(_LEASE, _RELET, "GL/15", _TRANSFERABLE, "WS-2016/II.3.1-f")
def let(answers: Answers, day: date) -> Decision:
    """想租地: by the household's own will, within the term, with what lies on the land settled."""
    land = answers["land"]
    if land == "homestead":
        zh = "院子本身不出租；能租的是上面的房子，那不在这里办。"
        en = "The homestead itself is not let; the house on it may be, and that is no trade of land."
        return decided(no("EXCHANGE/homestead-not-listed", zh, en, "land"), day, "WS-2016/II.3.1-c")
    will = _contractor(answers["consent"]) if land == "operating" else _will(answers["agree"])
    parts = [will, _long(answers["years"], day), _within(answers["within"]), _burden(answers["burden"])]
    if land == "contract-grass":
        zh = "草场要租给能养畜的人。"
        parts.append(yes("GL/15", zh, "Pasture goes to whoever can keep livestock.", "land"))
        zh = "租出去也不许超载：牲畜不超过核定的数。"
        parts.append(yes(BALANCE, zh, "Let or not, stock stays within the approved number.", "land"))
    if land == "contract-forest":
        zh = "租的是林地的经营权；地上的树还是您的，合同另有约定的除外。"
        en = "The operating right is let; the trees stay yours unless the contract says otherwise."
        parts.append(yes(FOREST, zh, en, "land"))
    zh = "租金多少两家商定，全归承包户，谁也不许扣。"
    parts.append(yes(PRICE, zh, "The two sides agree the rent; it is the contractor's, and nothing is deducted.", "land"))
    return decided(all_of(*parts), day, _LEASE, _LIMITS, "RLCL/written")


@decides(
    "EXIT/E1", "EXIT/E2", "EXIT/E3", "EXIT/E5", "EXIT/E6", "EXIT/E7", "EXIT/E12", "EXIT/scope", "HOME/paid-exit", "COL/16",
)  # fmt: skip
def give_up(answers: Answers, day: date) -> Decision:
    """想退地: who was pressed is told that it is unlawful; who is free is told every step, and that one may change one's mind."""
    if answers["pressed"] == "yes":
        zh = "有人拿落户、上学、领钱逼您退，这是不许的，这样签的不算数。您可以不退，也可以告诉监察局。"
        en = "Nobody may make it a condition of settlement, school or money; what was signed so is void. Tell 监察局."
        forced = freely(Will(every_adult=True, pressed=True)).reasons
        return decided(_beside(no("EXIT/E4", zh, en, "pressed"), forced), day, *_PRESSED)
    thing = answers["thing"]
    if thing == "member":
        zh = "退出集体是另外一件事：要自己写申请、集体同意；地、院子、股要不要退，分开决定。"
        en = "Leaving the collective is a decision of its own: a written application and the collective's consent."
        needs = ("本人的书面申请", "集体同意的决议")
        return decided(lacks("COL/16", zh, en, "thing", needs=needs), day, "EXIT/scope")
    parts = [_adults(answers["agree"]), _confirmed(answers["confirmed"]), _on_it(answers["burden"])]
    if thing == "home":
        parts.append(_other_home(answers["other_home"]))
    return decided(all_of(*parts, _steps(thing, day)), day, "EXIT/E3", "EXIT/scope", "WS-2016/II.3.1-h")


@decides("REG/expropriation", _MEMBERS)
def taken(answers: Answers, day: date) -> Decision:
    """村里要收我的地: the reasons that villages give, and what the law says of each."""
    thing, reason = answers["thing"], answers["reason"]
    if reason == "moved" and answers.get("when") == "before":
        return _old_law(answers, day)
    if reason == "expropriated":
        zh = "国家征收要有征收公告和补偿；只看见村里一句话，不算。"
        en = "Expropriation takes a public notice and compensation; a word of the village is none."
        needs = ("征收公告和批准文件", "补偿安置协议")
        return decided(lacks("REG/expropriation", zh, en, "reason", needs=needs), day)
    if reason == "reshuffle" and thing in {"field", "unknown"}:
        share = book().fraction("RLCL/readjustment", "assembly_share", day)
        zh = f"承包期里不许打乱重分；只有灾害毁了地这样的情况才能个别调整，要{share}以上的人同意，再报乡镇和县里批。"
        en = f"No reshuffling in the term; single households after a disaster only, with {share} and two approvals."
        needs = ("村民会议的决议（写明多少人同意）", "乡镇和县里的批准")
        return decided(lacks("RLCL/readjustment", zh, en, "reason", needs=needs), day, _TAKING)
    if reason == "all-dead" and thing in {"field", "unknown"}:
        zh = "说这户没有人了：要查清楚。只要还有一个成员，不管住在哪里，地就还是这一户的。"
        en = "Said to have nobody left: to be verified. One living member, wherever he lives, is enough."
        return decided(unclear("RLCL/inherit-last-member", zh, en, "reason", question=None), day)
    beside = quarrel(Quarrel("distribution"), day) if thing == "member" else dispute(Dispute("mediate"), day)
    return decided(_beside(_may_not(thing, reason), beside.reasons), day)


def _beside(part: Part, told: tuple[Reason, ...]) -> Part:
    """The part decides; what else is worth knowing is told after it."""
    return Part(part.result, part.reasons + told)


def _will(agree: str) -> Part:
    if agree == "yes":
        zh = "家里都同意，自己定，报发包方备案就行；不备案也有效。"
        return yes(_LEASE, zh, "All agree: the household decides, and files it with the issuer.", "agree")
    if agree == "no":
        zh = "流转要自愿：家里有人不同意，现在还不能租。"
        return no("WS-2016/II.3.1-f", zh, "Letting is voluntary: while somebody does not agree, not yet.", "agree")
    return lacks(_LEASE, "先问问家里每个成年人。", "Ask every adult of the household.", "agree", needs=(_SIGNED,))


def _contractor(consent: str) -> Part:
    if consent == "yes":
        return yes(_RELET, "承包户书面同意，报集体备案。", "The contractor consents in writing; it is filed.", "consent")
    zh = "租来的地再租，要原来的承包户书面同意。"
    return lacks(_RELET, zh, "Re-letting needs the contractor's consent.", "consent", needs=("承包户的书面同意",))


def _long(years: str, day: date) -> Part:
    registrable = book().whole("RLCL/registrable", "registrable_years", day)
    if years == "longest":
        most = book().whole("RLCL/long-lease", "lease_years_at_most", day)
        zh = f"租期超过{most}年，法律上有争议，工作人员要看。"
        return unclear("RLCL/long-lease", zh, f"More than {most} years is disputed: a person decides.", "years", question=None)
    if years == "long":
        zh = f"{registrable}年以上的，可以申请登记土地经营权；要签书面合同。"
        return yes("RLCL/registrable", zh, f"{registrable} years or more may be registered; in writing.", "years")
    oral = book().whole("RLCL/written", "oral_years_at_most", day)
    zh = f"签一份书面合同；帮人代耕不超过{oral}年的，可以口头说好。"
    return yes("RLCL/written", zh, f"In writing; farming for another up to {oral} year may be oral.", "years")


def _within(longer: str) -> Part:
    if longer == "yes":
        zh = "租期不能超过承包合同剩下的年限；先租到合同到期，延包以后接着租。"
        return no(_LIMITS, zh, "A lease may not outlast the contract; let it to the end of the term first.", "within")
    if longer == "no":
        return yes(_LIMITS, "租期在承包期以内。", "Within the term of the contract.", "within")
    zh = "先看承包合同还有几年。"
    return lacks(_LIMITS, zh, "See how long the contract still runs.", "within", needs=("承包合同（看到期的日子）",))


def _burden(burden: str) -> Part:
    if burden == "stopped":
        zh = "被查封、有争议的地，解封、解决以前不能流转。"
        return no(_TRANSFERABLE, zh, "Sealed or in dispute: nothing is let until it is over.", "burden")
    if burden == "mortgage":
        zh = "有抵押的，要抵押权人书面同意。"
        return lacks(_TRANSFERABLE, zh, "Mortgaged: the mortgagee consents.", "burden", needs=("抵押权人的书面同意",))
    if burden == "no":
        return yes(_TRANSFERABLE, "地上没有抵押、查封和争议。", "Neither mortgaged nor sealed nor in dispute.", "burden")
    zh = "先到农牧局查一下地上有没有抵押、查封。"
    return lacks(_TRANSFERABLE, zh, "Have the register looked up first.", "burden", needs=("登记簿的查询结果",))


def _adults(agree: str) -> Part:
    if agree == "no":
        zh = "家里有人不愿意，就不能退；少一个签字都不行。"
        return no("EXIT/E2", zh, "One adult who does not sign is enough: no exit.", "agree")
    if agree == "yes":
        return yes("EXIT/E2", "每个成年人自己到场签字；孩子的那份不能害了孩子。", "Every adult signs in person.", "agree")
    return lacks("EXIT/E2", "先问家里每个成年人愿不愿意。", "Ask every adult first.", "agree", needs=(_SIGNED,))


def _confirmed(confirmed: str) -> Part:
    if confirmed == "yes":
        return yes("EXIT/E1", "发过证，没有纠纷。", "Certified, and not in dispute.", "confirmed")
    zh = "先把证办下来、把纠纷解决了，才能谈退。"
    en = "First the certificate, and an end of the dispute."
    return lacks("EXIT/E1", zh, en, "confirmed", needs=("权证，或者登记簿的查询结果",))


def _on_it(burden: str) -> Part:
    if burden == "no":
        return yes("EXIT/E6", "上面没有租约和抵押。", "No lease and no mortgage on it.", "burden")
    zh = "上面的租约、抵押先了结，或者对方书面同意。"
    en = "Leases and mortgages are settled first, or their parties consent."
    return lacks("EXIT/E6", zh, en, "burden", needs=("租约、抵押了结的证明，或者对方的书面同意",))


def _other_home(other: str) -> Part:
    if other == "yes":
        return yes("EXIT/E5", "有别的稳定住处。", "There is another stable home.", "other_home")
    zh = "退院子以前，先要有别的稳定住处。"
    return lacks("EXIT/E5", zh, "Another stable home comes first.", "other_home", needs=("另一个住处的证明",))


def _steps(thing: str, day: date) -> Part:
    """What an exit still has before it; none of it can be skipped."""
    notice = book().whole("EXIT/E9", "exit_notice_days", day)
    cooling = book().whole("EXIT/E11", "cooling_off_days", day)
    apart = book().whole("EXIT/apart-from-settling", "red_flag_days", day)
    lapse = book().whole("EXIT/lapse", "lapse_months", day)
    zh = (
        f"后面还有：公示{notice}天；签字以后{cooling}天可以反悔；钱全部打到自己账上才登记；"
        f"落户{apart}天之内退的要有人看；{lapse}个月没有进展就作废。"
    )
    en = (
        f"Still to come: {notice} days of notice, {cooling} days to change one's mind, payment in full before it is registered; "
        f"within {apart} days of a settlement a person looks at it; without progress in {lapse} months it lapses."
    )
    parts = [yes("EXIT/E12", zh, en, "thing"), two_hands(other=True)]
    if thing in {"land", "unknown"}:
        months = book().whole("RLCL/hand-back", "notice_months", day)
        zh = f"交回承包地要提前{months}个月书面告诉发包方，这一轮承包期里不能再要地；也可以转给本集体的别的人家，或者只租出去。"
        en = f"Handing land back takes {months} months' written notice and ends every claim in this term; or let it only."
        parts.append(yes("RLCL/hand-back", zh, en, "thing"))
        parts.append(Part("eligible", soil_compensation(SoilImproved("handed back", improved=True), day).reasons))
    if thing == "home":
        zh = "院子自愿、有偿地退，退给集体；退了以后再申请院子不给批。"
        en = "The homestead is given up for pay, to the collective; none is granted again."
        parts.append(yes("HOME/paid-exit", zh, en, "thing"))
    return all_of(*parts)


def _old_law(answers: Answers, day: date) -> Decision:
    where, proof = answers["where"], answers.get("proof", "none")
    to: Destination = "city with districts" if where == "city" else "small town"
    if where == "unknown" and proof not in {"none", "unknown"}:
        zh = "要先弄清那时候全家迁到了哪里、户口转成了什么。"
        en = "Where the household moved then, and as what it was registered, comes first."
        return decided(lacks("RLCL/moved-to-a-city", zh, en, "where", needs=("户口迁移证明（公安局）",)), day)
    found = fate_of_land(OldMove(_MOVED, where != "part", to, where == "city", "arable", _PROOFS.get(proof)), day)
    return decided(Part(_FATES[found.fate], found.reasons), day, *found.rules)


def _may_not(thing: str, reason: str) -> Part:
    sentences: dict[str, tuple[str, str]] = {
        "moved": ("进城落户不是收地的理由。", "A move to town is no ground."),
        "married": ("结婚、离婚、丧偶不是收地的理由。", "Marriage, divorce, widowhood are no ground."),
        "away": ("上学、当兵、打工、服刑不是收地的理由。", "Study, service, work, prison are no ground."),
        "expired": ("承包期到了接着延，不是收地的理由。", "A term that ran out is extended, and no ground."),
        "reshuffle": ("这一样不在调整的范围里。", "This is not what may be readjusted."),
        "all-dead": ("没有人了也不是村里说收就收：房子、林地由继承人接着。", "Heirs continue: it is not the village's to take."),
        "unknown": ("村里要收，先要写明理由和依据。", "Who wants it back says why, in writing."),
    }
    zh, en = sentences[reason]
    rules: dict[str, str] = {"field": _TAKING, "forest": _TAKING, "home": _NO_FORCE, "member": _MEMBERS, "unknown": _TAKING}
    rule = rules[thing]
    if thing == "member" and reason in {"married", "away"}:
        rule = "COL/18"
    elif reason == "married" and thing != "home":
        rule = "RLCL/women-keep"
    elif reason == "expired" and thing not in {"home", "member"}:
        rule = "RLCL/extension"
    elif reason == "all-dead" and thing == "forest":
        rule = "RLCL/inherit-forest"
    elif reason == "all-dead" and thing == "home":
        rule = "HOME/inherit"
    tail: Literal["还是您家的。", "还是成员，股还在。"] = "还是成员，股还在。" if thing == "member" else "还是您家的。"
    return no(rule, f"{zh}{tail}", f"{en} It stays yours.", "thing", "reason")
