"""Who may be registered in the rural area, and where (plan II.1.4)?

For a marriage the old type of the *receiving side* counts, of the spouse whose household is joined, never the mover's nor
the village's (Q13). Only the registered address is decided: a move back makes no right and a move away takes none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from registry.decisions.facts import Known, shown_by
from registry.decisions.parts import Part, all_of, decided, lacks, no, unclear, yes
from registry.law.deciding import decides

if TYPE_CHECKING:
    from datetime import date

    from registry.law.deciding import Decision

GRADUATE, STUDENT, TOWN_SIDE, RURAL_SIDE, ELSE = (f"WS-2016/II.1.4-{letter}" for letter in "abcdf")
TYPE, NOTICE = "WS-2016/II.2.1", "OR-2016/notice"
_DIPLOMA = "毕业证书"
_ORIGIN = "入学以前在本旗农牧区的户口材料（公安局）"
_ADMISSION = "自治区内院校的录取通知书"
_WILL = "本人签字的申请书"
_ARCHIVE = "接收方以前的户口类型（公安局户口档案）"
_NAMES = {
    "origin": ("入学前户籍所在地", "the place before the studies"),
    "habitual": ("经常居住地", "the habitual residence"),
    "work": ("就业、创业的地方", "the place of work or start-up"),
    "school": ("学校集体户", "the school's collective household"),
    "stay": ("不迁", "no move"),
    "rural": ("农牧区", "the rural area"),
    "town": ("城镇", "town"),
}
Place = Literal["origin", "habitual", "work", "school", "stay", "rural", "town"]


@dataclass(frozen=True, slots=True)
class RuralPlacement:
    """Why somebody would be registered in the rural area; `wish`: where they want to be, None when they only ask.

    `receiving_type`: the receiving side's archived type; "none" where that side was first registered after the
    unification, None where nobody has looked into the archive.
    """

    event: Literal["graduation", "admission", "marriage", "other"]
    wish: Place | None = None
    own_will: Known = field(default=None, metadata=shown_by(_WILL))
    graduated: Known = field(default=None, metadata=shown_by(_DIPLOMA))
    came_from_banner_rural: Known = field(default=None, metadata=shown_by(_ORIGIN))
    school_in_region: Known = field(default=None, metadata=shown_by(_ADMISSION))
    receiving_type: Literal["agricultural", "non-agricultural", "none"] | None = field(
        default=None, metadata=shown_by(_ARCHIVE)
    )


@decides(GRADUATE, STUDENT, TOWN_SIDE, RURAL_SIDE, ELSE, TYPE, NOTICE)
def place_rural(facts: RuralPlacement, day: date) -> Decision:
    """Where may they be registered, and is their wish among the places?"""
    part, places = _judge(facts)
    if part.holds and facts.wish is not None and facts.wish not in places:
        part = _elsewhere(part, places)
    return decided(part, day, TYPE, NOTICE)


def places(facts: RuralPlacement) -> tuple[Place, ...]:
    """The places to choose from; none where it isn't settled yet."""
    part, found = _judge(facts)
    return found if part.holds else ()


def _judge(facts: RuralPlacement) -> tuple[Part, tuple[Place, ...]]:
    return {"graduation": _graduate, "admission": _student, "marriage": _marriage, "other": _other}[facts.event](facts)


def _graduate(facts: RuralPlacement) -> tuple[Part, tuple[Place, ...]]:
    if facts.came_from_banner_rural is False:
        return _other(facts)
    parts = (
        _shown(GRADUATE, facts.own_will, "own_will", "自己愿意。", "By own will.", _WILL),
        _shown(GRADUATE, facts.graduated, "graduated", "已经毕业。", "Has graduated.", _DIPLOMA),
        _shown(
            GRADUATE, facts.came_from_banner_rural, "came_from_banner_rural",
            "从本旗农牧区考出去的，可以回原籍，也可以落在常住地或者工作、创业的地方。",
            "Came from the banner's rural area: may go back there, or register where he lives or works.", _ORIGIN,
        ),
    )  # fmt: skip
    return all_of(*parts), ("origin", "habitual", "work")


def _student(facts: RuralPlacement) -> tuple[Part, tuple[Place, ...]]:
    parts = (
        _shown(STUDENT, facts.own_will, "own_will", "自己愿意。", "By own will.", _WILL),
        _shown(
            STUDENT, facts.school_in_region, "school_in_region",
            "考上自治区内的院校，户口可以迁到学校集体户，也可以不迁。",
            "Admitted to a school in the region: may move to its collective household, or not move.", _ADMISSION,
        ),
    )  # fmt: skip
    return all_of(*parts), ("school", "stay")


def _marriage(facts: RuralPlacement) -> tuple[Part, tuple[Place, ...]]:
    at = "receiving_type"
    if facts.receiving_type == "non-agricultural":
        zh = "接收的那一方以前是非农业户口，只能落在城镇。"
        en = "The receiving side was non-agricultural: town only."
        return yes(TOWN_SIDE, zh, en, at, question="Q13"), ("town",)
    if facts.receiving_type == "agricultural":
        zh = "接收的那一方以前是农业户口，愿意的话可以落在农牧区。"
        en = "The receiving side was agricultural: the rural area, if they choose."
        return yes(RURAL_SIDE, zh, en, at, question="Q13"), ("rural", "town")
    if facts.receiving_type == "none":
        zh = "接收的那一方是统一登记以后才有户口的，没有以前的类型；可以看他们家原来在哪里，由工作人员看。"
        en = "The receiving side has no former type; the household's own origin may be looked at: a person decides."
        return unclear(RURAL_SIDE, zh, en, at, question="Q4"), ()
    zh = "接收的那一方以前是哪种户口，还没有查档案。"
    return lacks(RURAL_SIDE, zh, "The receiving side's former type was not looked up.", at, needs=(_ARCHIVE,)), ()


def _other(_facts: RuralPlacement) -> tuple[Part, tuple[Place, ...]]:
    zh = "不是回原籍的毕业生，也不是结婚：户口落在城镇。地、院子、成员身份都不动。"
    en = "Neither a returning graduate nor a marriage: registered in town. Land, homestead and membership stay as they are."
    return yes(ELSE, zh, en, "event"), ("town",)


def _shown(rule: str, fact: Known, name: str, zh: str, en: str, paper: str) -> Part:
    if fact is None:
        return lacks(rule, f"还差：{paper}。", f"Still to come: {paper}.", name, needs=(paper,))
    if fact:
        return yes(rule, zh, en, name)
    return no(rule, "这一条要的情况不是这样，户口留在原处。", "Not so: the registration stays where it is.", name)


def _elsewhere(part: Part, open_to: tuple[Place, ...]) -> Part:
    names = "、".join(_NAMES[place][0] for place in open_to)
    zh = f"想去的地方这一条不行，可以落在：{names}。村里的权利不因为户口在哪里而变。"
    en = f"Not there by this clause; open to you: {', '.join(_NAMES[place][1] for place in open_to)}. Rights stay as they are."
    refused = no(part.reasons[-1].rule, zh, en, "wish")
    # Nobody has read the notice that the plan applies here: who is refused by it may see it.
    zh = "农牧区落户照市公安局2016年7月13日的通知办；这里没有核对过通知原文，您可以请窗口拿出原文来看。"
    en = "The city's notice of 2016-07-13 is applied here; its text was not checked: ask the desk to show it."
    shown = no(NOTICE, zh, en, "wish")
    return Part("not eligible", (*part.reasons, *refused.reasons, *shown.reasons))
