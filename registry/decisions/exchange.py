"""May something be listed at the exchange, and may a trade there be signed (policy-map 9.4)?

公开、公正、规范: listed without personal data, the same rules for all, members first on equal terms, a standard contract that is
checked twice. The homestead is not listed, and nothing is sold to an urban buyer. Where the *holder* lives is not asked.
What may be let, how long and with whose consent, is `registry.transferability`'s and the trade's own rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from registry.decisions.facts import Known, shown_by
from registry.decisions.parts import Part, all_of, decided, lacks, no, yes
from registry.law.deciding import decides

if TYPE_CHECKING:
    from datetime import date

    from registry.law.deciding import Decision

OPEN, FAIR, ORDERLY = "EXCHANGE/open", "EXCHANGE/fair", "EXCHANGE/orderly"
NO_HOMESTEAD, NO_URBAN_BUYER, WILL = "EXCHANGE/homestead-not-listed", "EXCHANGE/no-urban-buyer", "WS-2016/II.3.1-f"
SIGNED = "权利人（家里每个成年人）同意挂牌的签字"
TEXT = "挂牌公告的草稿"
PRICES = "参考价的公布"
CHECKED = "挂牌前核查的记录"
CHECKED_AGAIN = "签约前核查的记录"
BIDDER = "受让人的身份证明，和交易所工作人员的名单"
ASKED_FIRST = "问过本集体成员要不要的记录"
CONTRACT = "统一文本的合同（有编号、日期）"
RESULT = "成交公告的草稿"
Thing = Literal["contract-arable", "contract-grass", "contract-forest", "operating", "homestead", "share"]


@dataclass(frozen=True, slots=True)
class Listing:
    """What would be listed. `sale`: the right itself would pass for good, and not only its use; `to_town`: to an urban buyer."""

    thing: Thing
    sale: bool = False
    to_town: Known = field(default=None, metadata=shown_by(TEXT))
    agreed: Known = field(default=None, metadata=shown_by(SIGNED))
    public: Known = field(default=None, metadata=shown_by(TEXT))
    names_left_out: Known = field(default=None, metadata=shown_by(TEXT))
    reference_price: Known = field(default=None, metadata=shown_by(PRICES))
    checked: Known = field(default=None, metadata=shown_by(CHECKED))


@dataclass(frozen=True, slots=True)
class Signing:
    """A trade before it is signed. `members_first`: members were asked on equal terms, and none wants it."""

    bidder_is_staff: Known = field(default=None, metadata=shown_by(BIDDER))
    bidder_is_member: Known = field(default=None, metadata=shown_by(BIDDER))
    members_first: Known = field(default=None, metadata=shown_by(ASKED_FIRST))
    standard_contract: Known = field(default=None, metadata=shown_by(CONTRACT))
    numbered_and_dated: Known = field(default=None, metadata=shown_by(CONTRACT))
    checked_again: Known = field(default=None, metadata=shown_by(CHECKED_AGAIN))
    result_public_without_names: Known = field(default=None, metadata=shown_by(RESULT))


@decides(OPEN)
def list_at_exchange(facts: Listing, day: date) -> Decision:
    """By the holders' will, in public and without names, with a reference price, checked before."""
    if facts.thing == "homestead":
        zh = "院子不上交易所；在本集体里转，走登记，不走市场。"
        en = "The homestead is no trade of the exchange: inside the collective it goes through the register."
        return decided(no(NO_HOMESTEAD, zh, en, "thing"), day, "WS-2016/II.3.1-c")
    if facts.sale and facts.to_town is not False:
        return decided(_buyer(facts.to_town), day, FAIR)
    parts = (
        _is(WILL, facts.agreed, "agreed", SIGNED, _AGREED), _is(OPEN, facts.public, "public", TEXT, _PUBLIC),
        _is(OPEN, facts.names_left_out, "names_left_out", TEXT, _NAMELESS),
        _is(FAIR, facts.reference_price, "reference_price", PRICES, _PRICE),
        _is(ORDERLY, facts.checked, "checked", CHECKED, _CHECKED),
    )  # fmt: skip
    return decided(all_of(*parts), day, OPEN, FAIR, ORDERLY)


@decides(FAIR, ORDERLY)
def sign_at_exchange(facts: Signing, day: date) -> Decision:
    """Staff do not bid, members came first, the contract is the standard one, checked once more, its result public."""
    parts = (
        _staff(facts.bidder_is_staff), _first(facts),
        _is(ORDERLY, facts.standard_contract, "standard_contract", CONTRACT, _STANDARD),
        _is(ORDERLY, facts.numbered_and_dated, "numbered_and_dated", CONTRACT, _NUMBERED),
        _is(ORDERLY, facts.checked_again, "checked_again", CHECKED_AGAIN, _AGAIN),
        _is(OPEN, facts.result_public_without_names, "result_public_without_names", RESULT, _RESULT),
    )  # fmt: skip
    return decided(all_of(*parts), day, OPEN, FAIR, ORDERLY)


@dataclass(frozen=True, slots=True)
class _Said:
    """How one condition is said where it holds and where it does not."""

    yes: tuple[str, str]
    no: tuple[str, str]


_AGREED = _Said(
    ("家里都愿意挂牌；签约以前随时可以撤回，不花钱。", "All agree; it may be withdrawn at no cost until signing."),
    ("挂牌要自愿：有人不同意，不能挂。", "Listing is voluntary: while somebody does not agree, it is not listed."),
)
_PUBLIC = _Said(("公开挂牌，谁都能看。", "Listed in public."), ("不公开的不算挂牌。", "What is not public is no listing."))
_NAMELESS = _Said(
    ("公告里没有姓名、身份证号、电话。", "No name, number or telephone is in it."),
    ("公告里有个人信息，删掉再挂。", "It has personal data: take it out first."),
)
_PRICE = _Said(
    ("写了参考价。", "A reference price is shown."),
    ("没有参考价，补上再挂。", "There is no reference price: add it first."),
)
_CHECKED = _Said(
    ("挂牌前查过：权属、查封、争议、抵押、期限。", "Checked before listing: title, seizure, dispute, mortgage, term."),
    ("没有查过就不能挂牌。", "It was not checked: not listed."),
)
_STANDARD = _Said(("用统一的合同。", "The standard contract."), ("要用统一的合同。", "The standard contract is wanted."))
_NUMBERED = _Said(("有编号，有日期。", "Numbered and dated."), ("合同要编号、写日期。", "Number and date are missing."))
_AGAIN = _Said(
    ("签约前又查了一遍。", "Checked again before signing."),
    ("签约前要再查一遍，没有查不能签。", "Check once more before signing."),
)
_RESULT = _Said(
    ("成交公开，不写个人信息。", "The result is public, without personal data."),
    ("成交要公开，不能写个人信息。", "The result must be public and without personal data."),
)


def _is(rule: str, fact: Known, at: str, paper: str, said: _Said) -> Part:
    if fact is None:
        return lacks(rule, f"还差：{paper}。", f"Still to come: {paper}.", at, needs=(paper,))
    return yes(rule, *said.yes, at) if fact else no(rule, *said.no, at)


def _buyer(to_town: Known) -> Part:
    at = ("sale", "to_town")
    if to_town is None:
        zh, en = "还看不出要卖给谁。", "To whom it would be sold was not shown."
        return lacks(NO_URBAN_BUYER, zh, en, *at, needs=(TEXT,))
    zh = "承包地、林地、股不能卖给城里人；要租，租给谁都可以。"
    return no(NO_URBAN_BUYER, zh, "Contract land, forest and share are not sold to urban buyers; a lease may go to anyone.", *at)


def _staff(is_staff: Known) -> Part:
    at = "bidder_is_staff"
    if is_staff is None:
        zh, en = "受让人是不是工作人员，还没有查。", "Whether the bidder is staff was not looked up."
        return lacks(FAIR, zh, en, at, needs=(BIDDER,))
    if is_staff:
        return no(FAIR, "交易所的工作人员不许买。", "Staff of the exchange may not bid.", at)
    return yes(FAIR, "受让人不是工作人员。", "The bidder is no staff.", at)


def _first(facts: Signing) -> Part:
    at = ("bidder_is_member", "members_first")
    if facts.bidder_is_member:
        return yes(FAIR, "受让人是本集体的人。", "The bidder is a member of the collective.", at[0])
    if facts.members_first is None:
        zh, en = "同等条件本集体的人优先：还差问过的记录。", "Members come first on equal terms: show that they were asked."
        return lacks(FAIR, zh, en, *at, needs=(ASKED_FIRST,))
    if facts.members_first:
        return yes(FAIR, "先问过本集体的人，同等条件没有人要。", "Members were asked first, and none wants it on equal terms.", *at)
    if facts.bidder_is_member is None:
        zh, en = "还看不出受让人是不是本集体的人。", "Whether the bidder is a member was not shown."
        return lacks(FAIR, zh, en, at[0], needs=(BIDDER,))
    return no(FAIR, "同等条件本集体的人优先，要先问他们。", "On equal terms members come first: ask them first.", *at)
