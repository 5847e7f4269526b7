"""Every outcome of every question beyond the move to town, as facts and the result; a name begins with its rule.

`question` is a word of `registry.decisions.further.FURTHER`. What a case leaves open is left unknown.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from registry.decisions.books import TwoPapers
from registry.decisions.dividends import Plan, Quarrel
from registry.decisions.estates import Estate
from registry.decisions.exchange import Listing, Signing
from registry.decisions.exits import SignedExit
from registry.decisions.registering import Destination, OnePlace
from registry.decisions.shares import ShareUse, TakesPart
from tests.registry.decisions.cases import Case

if TYPE_CHECKING:
    from registry.law.deciding import Result

DAY = date(2026, 11, 26)
OPEN_PLAN = Plan(
    reserve_first=True, by_shares=True, cuts_movers=False, open_since=date(2026, 11, 1), assembly=date(2026, 11, 20),
    all_members=120, agreed=80,
)  # fmt: skip
SIGNED_EXIT = SignedExit(
    "contract-land", posted=date(2026, 5, 6), objections_answered=True, signed=date(2026, 5, 6),
    issuer_told=date(2026, 5, 6), paid_in_full=True, other_officer=True,
)  # fmt: skip
LISTED = Listing(
    "contract-grass", to_town=False, agreed=True, public=True, names_left_out=True, reference_price=True, checked=True
)
SIGNED = Signing(
    bidder_is_staff=False, bidder_is_member=False, members_first=True, standard_contract=True, numbered_and_dated=True,
    checked_again=True, result_public_without_names=True,
)  # fmt: skip


def _asked(question: str, facts: Any, result: Result, day: date = DAY, **told: Any) -> Case:  # noqa: ANN401  (any facts)
    return Case(question, facts, result, told=told, day=day)


def _registering() -> dict[str, Case]:
    def one(result: Result, **facts: Any) -> Case:  # noqa: ANN401  (fields of the facts)
        return _asked("one-registration", OnePlace(**facts), result)

    def where(result: Result, place: Any, **told: Any) -> Case:  # noqa: ANN401  (a place)
        return _asked("whose-rules", Destination(place), result, **told)

    region, order = "NM-2016-36/dwelling-or-work", "RP-663/16"
    return {
        "HR-1958/5 registered nowhere else": one("eligible", registered_elsewhere=False, one_head=True),
        "HR-1958/5 moves out there": one("eligible", registered_elsewhere=True, moves_out=True, one_head=True),
        "HR-1958/5 stays registered there": one("not eligible", registered_elsewhere=True, moves_out=False, one_head=True),
        "HR-1958/5 paper of the move missing": one("needs evidence", registered_elsewhere=True, one_head=True),
        "HR-1958/5 registration not shown": one("needs evidence", one_head=True),
        "HR-1958/5 no head": one("not eligible", registered_elsewhere=False, one_head=False),
        "HR-1958/5 head not shown": one("needs evidence", registered_elsewhere=False),
        "WS-2016/I.2.3 in the banner": where(
            "eligible", "banner", texts=["WS-2016/I.2.3", "OR-2016/notice", region, order]
        ),
        "WS-2016/I.2.3 elsewhere in the region": where("not eligible", "region", texts=[region, order]),
        "WS-2016/I.2.3 in another region": where("not eligible", "elsewhere", texts=[order]),
        "WS-2016/I.2.3 place not shown": where("needs evidence", None, texts=[]),
    }


def _shares() -> dict[str, Case]:
    def part(result: Result, **facts: Any) -> Case:  # noqa: ANN401  (fields of the facts)
        return _asked("take-part", TakesPart(**facts), result)

    def use(result: Result, use: Any, day: date = DAY, **facts: Any) -> Case:  # noqa: ANN401  (as above)
        return _asked("share-use", ShareUse(use, **facts), result, day)

    served: dict[str, Any] = {"who": "non-member", "long_service": True}
    clear: dict[str, Any] = {"own": True, "free": True}
    old = date(2025, 4, 30)
    return {
        "COL/40 member, operating asset": part("eligible", who="member", asset="operating"),
        "COL/40 member, land": part("not eligible", who="member", asset="land"),
        "COL/40 member, public asset": part("not eligible", who="member", asset="public"),
        "COL/40 member, asset not shown": part("needs evidence", who="member"),
        "COL/40 membership not shown": part("needs evidence", asset="operating"),
        "COL/15 three quarters of all": part("eligible", **served, all_members=8, agreed=6),
        "COL/15 three quarters of seven are six": part("not eligible", **served, all_members=7, agreed=5),
        "COL/15 vote not shown": part("needs evidence", **served),
        "COL/15 more agreed than there are": part("needs evidence", **served, all_members=5, agreed=6),
        "COL/15 nobody there": part("needs evidence", **served, all_members=0, agreed=0),
        "COL/15 no long service": part("not eligible", who="non-member", long_service=False, all_members=8, agreed=8),
        "COL/15 service not shown": part("needs evidence", who="non-member", all_members=8, agreed=8),
        "COL/15 land": part("not eligible", **served, asks="land", all_members=8, agreed=8),
        "COL/15 homestead": part("not eligible", **served, asks="homestead", all_members=8, agreed=8),
        "COL/52 pledge": use("eligible", "pledge", **clear),
        "COL/52 pledge of somebody else's": use("not eligible", "pledge", own=False, free=True),
        "COL/52 pledge, holder not shown": use("needs evidence", "pledge", free=True),
        "COL/52 pledge, disputed": use("not eligible", "pledge", own=True, free=False),
        "COL/52 pledge, dispute not looked up": use("needs evidence", "pledge", own=True),
        "COL/52 pledge before 2025-05-01": use("not eligible", "pledge", old, **clear),
        "COL/52 inheritance by the charter": use("eligible", "inherit", charter_allows=True),
        "COL/52 inheritance against the charter": use("not eligible", "inherit", charter_allows=False),
        "COL/52 charter not shown": use("needs evidence", "inherit"),
        "COL/52 inheritance before 2025-05-01": use("eligible", "inherit", old, charter_allows=True),
        "COL/52 paid exit": use("eligible", "paid-exit", **clear),
        "COL/52 sale to town": use("not eligible", "sell-to-town", **clear),
    }  # fmt: skip


def _collective() -> dict[str, Case]:
    def plan(result: Result, **changed: Any) -> Case:  # noqa: ANN401  (fields of the facts)
        return _asked("distribution", replace(OPEN_PLAN, **changed), result)

    def quarrel(result: Result, about: Any, decided: date | None = None, learnt: date | None = None, **told: Any) -> Case:  # noqa: ANN401
        return _asked("quarrel", Quarrel(about, decided, learnt), result, **told)

    return {
        "COL/42 reserve first, the rest by shares": plan("eligible"),
        "COL/42 no reserve": plan("not eligible", reserve_first=False),
        "COL/42 charter not looked at": plan("needs evidence", reserve_first=None),
        "COL/42 by something else than shares": plan("not eligible", by_shares=False),
        "COL/42 plan not shown": plan("needs evidence", by_shares=None),
        "COL/42 movers get less": plan("not eligible", cuts_movers=True),
        "COL/42 movers not looked at": plan("needs evidence", cuts_movers=None),
        "COL/46 open ten days before": plan("eligible", open_since=date(2026, 11, 10)),
        "COL/46 open nine days before": plan("not eligible", open_since=date(2026, 11, 11)),
        "COL/46 since when not shown": plan("needs evidence", open_since=None),
        "COL/46 assembly not shown": plan("needs evidence", assembly=None),
        "COL/42 less than two thirds of all": plan("not eligible", agreed=79),
        "COL/42 vote not shown": plan("needs evidence", agreed=None),
        "COL/57 membership": quarrel("eligible", "membership"),
        "COL/57 distribution": quarrel("eligible", "distribution"),
        "COL/57 within a year of knowing": quarrel(
            "eligible", "decision", date(2025, 6, 1), date(2025, 11, 26), last_day="2026-11-26"
        ),
        "COL/57 a year and a day after knowing": quarrel(
            "not eligible", "decision", date(2025, 6, 1), date(2025, 11, 25), last_day="2026-11-25"
        ),
        "COL/57 knowing not shown, within a year of the decision": quarrel("eligible", "decision", date(2026, 1, 5)),
        "COL/57 knowing not shown, later": quarrel("needs evidence", "decision", date(2025, 5, 2)),
        "COL/57 decision not shown": quarrel("needs evidence", "decision"),
        "COL/57 decision of a later day": quarrel("needs evidence", "decision", date(2026, 11, 27)),
    }  # fmt: skip


def _desk() -> dict[str, Case]:
    def papers(result: Result, **facts: Any) -> Case:  # noqa: ANN401  (fields of the facts)
        return _asked("register-or-certificate", TwoPapers(**facts), result, objection_days=15)

    def estate(result: Result, **facts: Any) -> Case:  # noqa: ANN401  (as above)
        return _asked("estate-without-heir", Estate(**facts), result)

    nobody: dict[str, Any] = {"heir": False, "sought": True}
    return {
        "REG/register-prevails both the same": papers("eligible", same=True),
        "REG/register-prevails they differ": papers("eligible", same=False),
        "REG/register-prevails register proved wrong": papers("not eligible", same=False, register_proved_wrong=True),
        "REG/register-prevails not compared": papers("needs evidence"),
        "CC/no-heir member of the collective": estate("eligible", **nobody, member=True),
        "CC/no-heir no member": estate("not eligible", **nobody, member=False),
        "CC/no-heir membership not shown": estate("needs evidence", **nobody),
        "CC/no-heir an heir, wherever": estate("not eligible", heir=True, member=True),
        "CC/no-heir nobody sought": estate("needs evidence", heir=False, sought=False, member=True),
        "CC/no-heir search not shown": estate("needs evidence", heir=False, member=True),
        "CC/no-heir nothing shown": estate("needs evidence"),
    }


def _market() -> dict[str, Case]:
    def leaving(result: Result, **changed: Any) -> Case:  # noqa: ANN401  (fields of the facts)
        return _asked("exit-registration", replace(SIGNED_EXIT, **changed), result)

    def listing(result: Result, **changed: Any) -> Case:  # noqa: ANN401  (as above)
        return _asked("exchange-listing", replace(LISTED, **changed), result)

    def signing(result: Result, **changed: Any) -> Case:  # noqa: ANN401  (as above)
        return _asked("exchange-signing", replace(SIGNED, **changed), result)

    return {
        "EXIT/E13 two hands, every clock run out": leaving("eligible"),
        "EXIT/E13 the same hand": leaving("not eligible", other_officer=False),
        "EXIT/E13 signatures not shown": leaving("needs evidence", other_officer=None),
        "EXIT/E13 notice still runs": leaving("not eligible", posted=date(2026, 11, 20)),
        "EXIT/E13 notice not shown": leaving("needs evidence", posted=None),
        "EXIT/E13 objection open": leaving("not eligible", objections_answered=False),
        "EXIT/E13 objections not shown": leaving("needs evidence", objections_answered=None),
        "EXIT/E13 cooling-off still runs": leaving("not eligible", signed=date(2026, 11, 1)),
        "EXIT/E13 agreement not shown": leaving("needs evidence", signed=None),
        "EXIT/E13 half a year not over": leaving("not eligible", issuer_told=date(2026, 5, 27)),
        "EXIT/E13 issuer not told": leaving("needs evidence", issuer_told=None),
        "EXIT/E13 homestead needs no half year": leaving("eligible", thing="homestead", issuer_told=None),
        "EXIT/E13 not paid in full": leaving("not eligible", paid_in_full=False),
        "EXIT/E13 payment not shown": leaving("needs evidence", paid_in_full=None),
        "EXCHANGE/open listed in public, nobody named": listing("eligible"),
        "EXCHANGE/open not public": listing("not eligible", public=False),
        "EXCHANGE/open somebody named": listing("not eligible", names_left_out=False),
        "EXCHANGE/open text not shown": listing("needs evidence", names_left_out=None),
        "EXCHANGE/open against the will": listing("not eligible", agreed=False),
        "EXCHANGE/open will not shown": listing("needs evidence", agreed=None),
        "EXCHANGE/open homestead": listing("not eligible", thing="homestead"),
        "EXCHANGE/no-urban-buyer sale to town": listing("not eligible", sale=True, to_town=True),
        "EXCHANGE/no-urban-buyer buyer not shown": listing("needs evidence", sale=True, to_town=None),
        "EXCHANGE/no-urban-buyer lease to town": listing("eligible", to_town=True),
        "EXCHANGE/no-urban-buyer sale inside": listing("eligible", sale=True),
        "EXCHANGE/fair no reference price": listing("not eligible", reference_price=False),
        "EXCHANGE/orderly not checked before listing": listing("not eligible", checked=False),
        "EXCHANGE/orderly standard, dated, checked again": signing("eligible"),
        "EXCHANGE/fair staff bid": signing("not eligible", bidder_is_staff=True),
        "EXCHANGE/fair bidder not looked up": signing("needs evidence", bidder_is_staff=None),
        "EXCHANGE/fair bidder is a member": signing("eligible", bidder_is_member=True, members_first=None),
        "EXCHANGE/fair members not asked": signing("not eligible", members_first=False),
        "EXCHANGE/fair members not asked, bidder not shown": signing(
            "needs evidence", members_first=False, bidder_is_member=None
        ),
        "EXCHANGE/fair asking not shown": signing("needs evidence", members_first=None),
        "EXCHANGE/orderly other contract": signing("not eligible", standard_contract=False),
        "EXCHANGE/orderly no number": signing("not eligible", numbered_and_dated=False),
        "EXCHANGE/orderly not checked again": signing("not eligible", checked_again=False),
        "EXCHANGE/open result names somebody": signing("not eligible", result_public_without_names=False),
    }  # fmt: skip


FURTHER_CASES: dict[str, Case] = {**_registering(), **_shares(), **_collective(), **_desk(), **_market()}
