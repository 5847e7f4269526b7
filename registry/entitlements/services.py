"""Which urban services does a status give on a day: from which bureau, on which rule, since when? A pure function.

It is handed a status and a day. No right, parcel, share or case is read, here or by anything that this room can import: the
services are the same with and without land (I19), and nothing is withheld until a right is given up (plan I.2.4).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from registry.law.book import RuleNotInForceError, book
from registry.law.deciding import decides
from registry.law.strict import LawFileError, read_law_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.entitlements.status import Status

SERVICES = Path(__file__).with_name("services.toml")
STATUSES = ("settled", "permit")
PERMIT_SERVICES, PERMIT_CONVENIENCES = "RP-663/12", "RP-663/13"


class ServiceFileError(LawFileError):
    """Raised when the file of services is malformed."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service: for whom, after how many months, from which bureau, on which rule of the book.

    `provider`: the id of the bureau that reports whom it serves, whose reports call it `short`; "" where nobody reports it.
    """

    id: str
    zh: str
    en: str
    bureau: str
    provider: str
    short: str
    rule: str
    statuses: tuple[str, ...]
    months: int
    own: bool


@dataclass(frozen=True, slots=True)
class Entitled:
    """A service that a person has: since which day, and what the rule says in plain words.

    `covers` are the words of the rule where it lists what the service is; `confirmed` is the rule's: false where no text was
    found that says it.
    """

    service: Service
    since: str
    rule_zh: str
    rule_en: str
    article: str
    covers: tuple[str, ...]
    confirmed: bool


@lru_cache(maxsize=1)
def services() -> tuple[Service, ...]:
    """Every service, in the order of the file."""
    return read_services(SERVICES)


@decides("WS-2016/II.3.2", "WS-2016/II.3.3", "WS-2016/II.3.4", "WS-2016/II.3.5", "WS-2016/II.3.6")
def entitled(status: Status, day: str, offered: Sequence[Service] | None = None) -> list[Entitled]:
    """The services that a status gives on a day; none whose rule is not in force, or whose months are not over."""
    if status.since is None:
        return []
    found = []
    on = dt.date.fromisoformat(day)
    for service in services() if offered is None else offered:
        try:
            rule = book().rule(service.rule, on)
        except RuleNotInForceError:
            continue
        if status.kind not in service.statuses or status.months(day) < service.months:
            continue
        since = max(_after(status.since, service.months), rule.in_force_from.isoformat())
        found.append(Entitled(service, since, rule.zh, rule.en, rule.cites[0].zh, _covers(service.rule, on), rule.confirmed))
    return found


def read_services(path: Path) -> tuple[Service, ...]:
    """Read a file of services strictly. Raises ServiceFileError naming file and row."""
    file = read_law_file(path, ServiceFileError)
    found = []
    for row in file.rows("service"):
        service = row.text("id")
        row.named(service)
        rule = row.text("rule")
        if rule not in book().ids():
            row.refuse(f"规则库里没有 {rule}", f"{rule} is no rule of the book")
        months = row.whole("months") if row.has("months") else 0
        words = row.text("zh"), row.text("en"), row.text("bureau")
        provider, short = (row.text("provider"), row.text("short")) if row.has("provider") else ("", "")
        found.append(Service(service, *words, provider, short, rule, row.words("status", STATUSES), months, row.flag("own")))
        row.done()
    file.done()
    return tuple(found)


def _covers(rule: str, day: dt.date) -> tuple[str, ...]:
    if rule == PERMIT_SERVICES:
        return book().words(PERMIT_SERVICES, "permit_services", day)
    if rule == PERMIT_CONVENIENCES:
        return book().words(PERMIT_CONVENIENCES, "permit_conveniences", day)
    return ()


def _after(day: str, months: int) -> str:
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 + months, 12)
    return f"{year:04}-{month + 1:02}-{day[8:]}"
