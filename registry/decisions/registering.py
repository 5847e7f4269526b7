"""Where may one person be registered, and by whose rules (户口登记条例 5, 6; plan I.2.3)?

One person has one place of permanent registration, in a household with one head; whoever moves in moves out elsewhere the
same day. Each place goes by its own conditions: this banner by its plan. What somebody holds is asked by neither.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from registry.decisions.facts import BOOK, Known, shown_by
from registry.decisions.parts import Part, all_of, decided, lacks, no, yes
from registry.law.book import book
from registry.law.deciding import decides

if TYPE_CHECKING:
    from datetime import date

    from registry.law.deciding import Decision

ONE_PLACE, BY_PLACE = "HR-1958/5", "WS-2016/I.2.3"
WANTED_PLACE = "想落户的住址的证明"
MOVING_PAPER = "户口迁移证，或者准迁证明（公安局）"
_TEXTS = {
    "banner": ("WS-2016/I.2.3", "OR-2016/notice", "NM-2016-36/dwelling-or-work", "RP-663/16"),
    "region": ("NM-2016-36/dwelling-or-work", "RP-663/16"),
    "elsewhere": ("RP-663/16",),
}


@dataclass(frozen=True, slots=True)
class OnePlace:
    """`registered_elsewhere`: in another place on the day; `moves_out`: and is written off there with this move."""

    registered_elsewhere: Known = field(default=None, metadata=shown_by(BOOK))
    moves_out: Known = field(default=None, metadata=shown_by(MOVING_PAPER))
    one_head: Known = field(default=None, metadata=shown_by(BOOK))


@dataclass(frozen=True, slots=True)
class Destination:
    """Where somebody wants to be registered."""

    place: Literal["banner", "region", "elsewhere"] | None = field(default=None, metadata=shown_by(WANTED_PLACE))


@decides(ONE_PLACE)
def register_in_one_place(facts: OnePlace, day: date) -> Decision:
    """Nowhere else, or written off there; the household has one head."""
    return decided(all_of(_nowhere_else(facts), _head(facts.one_head)), day, ONE_PLACE)


@decides(BY_PLACE)
def whose_rules(facts: Destination, day: date) -> Decision:
    """Eligible: the banner's own plan decides."""
    if facts.place is None:
        zh, en = "还看不出想落在哪里。", "Where one wants to register was not shown."
        return decided(lacks(BY_PLACE, zh, en, "place", needs=(WANTED_PLACE,)), day)
    if facts.place == "banner":
        zh = "落户的条件按地方不同：落在乌审旗，按乌审旗的方案办。"
        return decided(yes(BY_PLACE, zh, "Conditions differ by place: in the banner its own plan decides.", "place"), day)
    zh = "不落在乌审旗的，本旗的方案管不着，到那个地方按那里的规定办；本旗的地、草场、院子、股不变。"
    en = "Elsewhere the banner's plan decides nothing: ask there; land, pasture, homestead and share here stay."
    return decided(no(BY_PLACE, zh, en, "place"), day)


def texts_there(facts: Destination, day: date) -> tuple[str, ...]:
    """The rules on settling that the book holds for the place, in force on the day; none where it isn't said."""
    return tuple(rule for rule in _TEXTS.get(facts.place or "", ()) if book().holds(rule, day))


def _nowhere_else(facts: OnePlace) -> Part:
    at = ("registered_elsewhere", "moves_out")
    if facts.registered_elsewhere is None:
        return lacks(ONE_PLACE, "还看不出户口现在在哪里。", "Where the registration is was not shown.", at[0], needs=(BOOK,))
    if not facts.registered_elsewhere:
        return yes(ONE_PLACE, "别处没有户口。", "Registered nowhere else.", at[0])
    if facts.moves_out is None:
        zh = "一个人只在一个地方登记：还差那边的迁移证明。"
        return lacks(ONE_PLACE, zh, "One person, one place: the paper of the move is missing.", *at, needs=(MOVING_PAPER,))
    if facts.moves_out:
        return yes(ONE_PLACE, "那边迁出，这边迁入，户口只有一个。", "Written off there and on here: one registration.", *at)
    zh = "一个人只在一个地方登记常住户口：那边不迁出，这边不能再登记；住在这里可以办居住证。"
    en = "One person, one place: without moving out there, none here; a residence permit is for who lives here."
    return no(ONE_PLACE, zh, en, *at)


def _head(one_head: Known) -> Part:
    at = "one_head"
    if one_head is None:
        return lacks(ONE_PLACE, "这一户的户主是谁，还没有写明。", "Who heads the household was not shown.", at, needs=(BOOK,))
    if one_head:
        zh = "这一户有一个户主；户主管报户口，不管别人的地。"
        return yes(ONE_PLACE, zh, "The household has one head, who reports registrations and has no say in others' land.", at)
    zh = "一户要有一个户主，也只有一个；定好再来，单独住的自己立一户。"
    return no(ONE_PLACE, zh, "A household has one head: name one; who lives alone is a household.", at)
