"""May the operating right of this land be let now, until when, on what conditions, and if not, why not?

The formula of policy-map 9.4: live, confirmed, not seized nor in dispute; an open objection asks for the acquirer's
written knowledge, a mortgage for the mortgagee's consent, an existing lease leaves only what it leaves free; the lease
may not outlast the contract. Where the holders live is no input here and never may be (invariant I7).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.law.deciding import keeps
from registry.law.parameters import trades
from registry.ledger.chain import state_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.ledger.nouns import Version


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of the answer, in both languages."""

    word: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Transferability:
    """`answer` is allowed, refused or review; `until` the last day that a lease may reach; `needs` what must be shown."""

    answer: str
    until: str
    reasons: tuple[Reason, ...]
    needs: tuple[Reason, ...]


_STOPS = {
    "seizure": Reason("seized", "已被查封, 解封以前不能流转", "seized: nothing may be let until it is lifted"),
    "dispute": Reason("disputed", "权属有争议, 解决以前不能流转", "in dispute: nothing may be let until it is settled"),
}
_ASKS = {
    "objection": Reason(
        "objection-known",
        "有异议登记: 受让方要书面确认知道",
        "an objection is open: the acquirer confirms in writing to know it",
    ),
    "mortgage": Reason(
        "mortgagee-consents", "有抵押: 要抵押权人书面同意", "mortgaged: the mortgagee consents in writing"
    ),
}


@keeps("RLCL/limits", "EXCHANGE/homestead-not-listed", "EXCHANGE/no-urban-buyer")
def transferability(
    right: Version,
    restrictions: Mapping[str, Sequence[Version]],
    operating: Mapping[str, Sequence[Version]],
    *,
    day: str,
    years: int = 1,
    kind: str = "leased",
    known_at: int | None = None,
) -> Transferability:
    """Judge one right in its state on `day` for a lease of `years`.

    `restrictions` and `operating` are the chains of what lies on it, by id; a term that ran out leaves the right alive
    but nothing to let until it is extended (延包).
    """
    refused: list[Reason] = []
    review: list[Reason] = []
    needs: list[Reason] = []
    _judge_trade(right, day, years, kind, refused, review, needs)
    if right.status == "ended":
        refused.append(Reason("ended", "这项权利已经终止", "this right has ended"))
    if not (right.columns["certificate_number"] or right.columns["book_number"]):
        refused.append(Reason("not-confirmed", "还没有确权颁证或登记", "not confirmed by a certificate or a book yet"))
    for burden in json.loads(right.columns["burdens"]):
        _judge_burden(burden, restrictions, operating, day, known_at, refused, needs)
    until = right.columns["term_end"]
    asked = dt.date.fromisoformat(day).replace(month=12, day=31)
    asked = asked.replace(year=min(asked.year + years - 1, dt.MAXYEAR))
    if until and until < day:
        refused.append(
            Reason(
                "term-over",
                f"承包期到 {until}, 等延包以后再流转; 权利没有失去",
                f"the term ran to {until}: extend first (延包); the right stands",
            )
        )
    elif until and until < asked.isoformat():
        refused.append(
            Reason(
                "term-too-short",
                f"承包期只到 {until}, 租期不能超过它",
                f"the contract runs to {until}; a lease may not outlast it",
            )
        )
    answer = "refused" if refused else ("review" if review else "allowed")
    return Transferability(answer, until, tuple(refused or review), tuple(needs))


def _judge_trade(
    right: Version, day: str, years: int, kind: str, refused: list[Reason], review: list[Reason], needs: list[Reason]
) -> None:
    on = dt.date.fromisoformat(day)
    trade = next((t for t in trades() if t.thing == right.thing and t.kind == kind and t.holds_on(on)), None)
    if trade is None:
        refused.append(
            Reason("no-such-trade", "这一天没有准许这样流转的规定", "no rule of that day allows such a trade")
        )
        return
    if trade.answer == "refused":
        refused.append(Reason("trade-refused", trade.zh, trade.en))
    elif trade.answer == "review" or (trade.review_over_years is not None and years > trade.review_over_years):
        review.append(Reason("trade-review", trade.zh, trade.en))
    needs += [Reason(need.word, need.zh, need.en) for need in trade.needs]


def _judge_burden(
    burden: str,
    restrictions: Mapping[str, Sequence[Version]],
    operating: Mapping[str, Sequence[Version]],
    day: str,
    known_at: int | None,
    refused: list[Reason],
    needs: list[Reason],
) -> None:
    lying = state_at(restrictions.get(burden, ()), day, known_at)
    if lying is not None and lying.status != "ended":
        sort = lying.columns["restriction_kind"]
        if sort in _STOPS:
            refused.append(_STOPS[sort])
        if sort in _ASKS:
            needs.append(_ASKS[sort])
    let = state_at(operating.get(burden, ()), day, known_at)
    if let is not None and let.status != "ended":
        end = let.columns["term_end"]
        refused.append(
            Reason(
                "let-already",
                f"已经出租到 {end}, 只能流转剩下的部分",
                f"let already until {end}: only what it leaves free may be let",
            )
        )
