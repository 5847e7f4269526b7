"""Who is on the roster of a collective's assembly on a day, how many must attend and agree, and did enough come?

成员大会, 成员代表大会 (农村集体经济组织法 arts. 26 to 28, since 2025-05-01; before that the charter, and where it is silent
the way of the villagers' assembly, unconfirmed). The roster is the list of members: nobody is left off because of where they
are registered or live (plan II.3.1-g: 权利、义务不变). Whoever settled in town votes on line or by a proxy of the household, and
that is attendance.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NamedTuple

from registry import masks, papers, parties
from registry.born import ADULT, age, birth_day
from registry.delivery.containers import Unreadable
from registry.delivery.read_tables import decoded
from registry.delivery.report import disarmed
from registry.errors import SanquanError
from registry.holding.read import households_of, listed_in
from registry.law.book import RuleNotInForceError, book
from registry.ledger.read import size
from registry.looks.keeping import listed
from registry.membership.read import members
from registry.same_person import one_person

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from registry.ledger.commit import Officer
    from registry.masks import Reader
    from registry.store.engines import Store

BY_LAW, BEFORE, REPRESENTATIVES = "COL/27", "VC-2010/22", "COL/28"
IN_PERSON, ON_LINE, BY_PROXY = "本人", "网上", "委托"
WAYS = (IN_PERSON, ON_LINE, BY_PROXY)
_ISSUER = 14
NOT_FOR_REPRESENTATIVES = (
    ("制定、修改章程", "the charter"),
    ("成员的确认", "who is a member"),
    ("承包地、宅基地、集体经营性财产份额的分配方案", "plans of contracted land, homesteads and shares"),
    ("征收补偿的分配", "the distribution of compensation"),
    ("合并、分立、解散", "merger, division, dissolution"),
)
"""What the representative assembly may not decide (art. 28 with art. 26, law M15)."""


class NoSuchCollectiveError(SanquanError):
    """Raised when no collective has, or had, a code."""

    def __init__(self) -> None:
        """Say what a code looks like."""
        super().__init__(
            "没有这个集体: 用发包方编码 14 位", "no such collective: give the 14 digits of its code as an issuer"
        )


class AttendanceRefusedError(SanquanError):
    """Raised when a list of attendance is not one: a line that names nobody of the roster, twice the same, a proxy of none."""

    def __init__(self, faults: list[tuple[int, str, str]]) -> None:
        """Every line that is wrong, by its number; nothing of a person is repeated."""
        zh = "；".join(f"第 {line} 行: {reason}" for line, reason, _ in faults)
        en = "; ".join(f"line {line}: {reason}" for line, _, reason in faults)
        super().__init__(f"到会名单有错, 没有统计。{zh}", f"the list of attendance has faults, nothing was counted: {en}")
        self.faults = faults


class OnRoster(NamedTuple):
    """One member: name and number as the reader sees them; `capable` None where no birth date is known: ask for it."""

    person_id: str
    name: str
    id_number: str
    household: str
    capable: bool | None
    basis: str
    status: str


class Quorum(NamedTuple):
    """How many must attend and how many must agree, of how many; `confirmed` is false where no text was found.

    `agree` is None where it is a share of those who come.
    """

    rule: str
    of: int
    attend: int
    agree: int | None
    zh: str
    en: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """The roster of one collective on a day. `households` are those that hold land or homesteads of it."""

    code: str
    name: str
    valid_at: str
    known_at: int
    rows: tuple[OnRoster, ...]
    households: int
    quorum: Quorum

    def as_json(self) -> dict[str, Any]:
        """The roster as plain values."""
        least, most, rule = _representatives(self.households, dt.date.fromisoformat(self.valid_at))
        return {
            "collective": {"code": self.code, "name": self.name},
            "as_of": {"valid_at": self.valid_at, "known_at": self.known_at},
            "members": [row._asdict() for row in self.rows],
            "capable": sum(row.capable is True for row in self.rows),
            "to_ask": sum(row.capable is None for row in self.rows),
            "quorum": self.quorum._asdict(),
            "representatives": None
            if rule is None
            else {
                "rule": rule,
                "households": self.households,
                "least": least,
                "most": most,
                "may_not_decide": [{"zh": zh, "en": en} for zh, en in NOT_FOR_REPRESENTATIVES],
            },
        }


class Count(NamedTuple):
    """Who came, by which way, and whether the assembly may decide."""

    in_person: int
    on_line: int
    by_proxy: int
    attended: int
    needed: int
    quorate: bool
    agree: int


def roster(
    store: Store, connection: Connection, code: str, *, valid_at: str, known_at: int, reader: Reader = "desk"
) -> Roster:
    """The roster of a collective (发包方编码 14 digits), in the order of households, each person once. NoSuchCollectiveError."""
    collective = parties.organisation_by_code(connection, code) if len(code) == _ISSUER else None
    if collective is None:
        raise NoSuchCollectiveError
    moment: dict[str, Any] = {"valid_at": valid_at, "known_at": known_at}
    persons = one_person(connection, **moment)
    # A person of whom the register has several rows is on it once, by the row that comes first.
    found = list({persons.get(m.person_id, m.person_id): m for m in reversed(members(connection, collective, **moment))}.values())
    people = [member.person_id for member in found]
    known = parties.identities(connection, store.vault, people)
    homes = {person: holding for person, _, holding in reversed(listed_in(connection, people, **moment))}
    rows = []
    for member in found:
        who = known[member.person_id]
        years = age(birth_day(who.id_type, who.id_number), valid_at)
        rows.append(
            OnRoster(
                member.person_id,
                masks.shown("name", who.name, reader),
                masks.shown("id_number", who.id_number, reader),
                homes.get(member.person_id, ""),
                None if years is None else years >= ADULT,
                member.basis,
                member.status,
            )
        )
    rows.sort(key=lambda row: (row.household, row.person_id))
    # Whoever's age nobody knows is counted as one who may vote: asking for more is safe, leaving out is not.
    capable = sum(row.capable is not False for row in rows)
    name = parties.organisations(connection, [collective])[collective].name
    households = households_of(connection, collective, **moment)
    needed = quorum(capable, dt.date.fromisoformat(valid_at))
    return Roster(code, name, valid_at, known_at, tuple(rows), households, needed)


def quorum(capable: int, day: dt.date) -> Quorum:
    """How many of so many capable members must attend and agree on a day, by the rule in force. RuleNotInForceError."""
    try:
        rule = book().rule(BY_LAW, day)
    except RuleNotInForceError:
        rule = book().rule(BEFORE, day)
        attend = floor(book().fraction(BEFORE, "attendance_share", day) * capable) + 1
        return Quorum(BEFORE, capable, attend, None, rule.zh, rule.en, confirmed=False)
    attend = ceil(book().fraction(BY_LAW, "attendance_share", day) * capable)
    agree = ceil(book().fraction(BY_LAW, "all_members_share", day) * capable)
    return Quorum(BY_LAW, capable, attend, agree, rule.zh, rule.en, rule.confirmed)


def count(of: Roster, households: dict[str, set[str]], lines: Iterable[tuple[str, str, str]]) -> Count:
    """Count who attended: (member, way, proxy) for each line; `households` are those in which people are listed together.

    A proxy is a member of the roster who is listed in the same household (art. 27), and came. Raises AttendanceRefusedError.
    """
    told = list(lines)
    rows = {row.person_id: row for row in of.rows}
    came = {member for member, way, _ in told if way != BY_PROXY}
    faults: list[tuple[int, str, str]] = []
    seen: set[str] = set()
    ways = dict.fromkeys(WAYS, 0)
    for number, (member, way, proxy) in enumerate(told, 2):
        fault = _fault(member, way, proxy, rows, seen)
        together = households.get(member, set()) & households.get(proxy, set())
        if fault is None and way == BY_PROXY and (proxy not in came or not together):
            fault = "受托人不是同一户、本人到会的成员", "the proxy is no member of the same household who came"
        if fault is not None:
            faults.append((number, *fault))
            continue
        seen.add(member)
        ways[way] += 1
    if faults:
        raise AttendanceRefusedError(faults)
    attended = sum(ways.values())
    agree = of.quorum.agree if of.quorum.agree is not None else floor(Fraction(attended, 2)) + 1
    return Count(ways[IN_PERSON], ways[ON_LINE], ways[BY_PROXY], attended, of.quorum.attend, attended >= of.quorum.attend, agree)


def counted(connection: Connection, of: Roster, raw: bytes) -> Count:
    """Count a list of attendance: csv (UTF-8, GBK) with 成员编号, 方式 (本人, 网上, 委托), 受托人. AttendanceRefusedError."""
    moment: dict[str, Any] = {"valid_at": of.valid_at, "known_at": of.known_at}
    lines = _lines(raw)
    households: dict[str, set[str]] = {}
    for person, holding, _ in listed_in(connection, [row.person_id for row in of.rows], **moment):
        households.setdefault(person, set()).add(holding)
    return count(of, households, lines)


def write_roster(store: Store, officer: Officer, code: str, path: Path, purpose: str, valid_at: str) -> int:
    """Write the roster with names as csv, to be signed by hand, and log it; how many members. PurposeMissingError."""
    papers.stated(purpose)
    with store.reading() as connection:
        of = roster(store, connection, code, valid_at=valid_at, known_at=size(connection), reader="paper")
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(("成员编号", "姓名", "证件号码", "承包方编码", "有表决权", "方式", "受托人", "签字"))
    words = {True: "是", False: "否", None: "年龄待查"}
    for row in of.rows:
        told = (row.person_id, row.name, row.id_number, row.household, words[row.capable])
        lines.writerow([*map(disarmed, told), "", "", ""])
    made = out.getvalue().encode("utf-8-sig")
    papers.enter(store, officer, "roster", code, hashlib.sha256(made).digest(), purpose, {"members": len(of.rows)})
    listed(store, officer, code, "roster", purpose.strip())
    path.write_bytes(made)
    return len(of.rows)


def _lines(raw: bytes) -> list[tuple[str, str, str]]:
    """Member, way, proxy of each line."""
    try:
        lines = csv.DictReader(io.StringIO(decoded(raw)))
        if {"成员编号", "方式"} <= set(lines.fieldnames or ()):
            return [(line["成员编号"] or "", line["方式"] or "", line.get("受托人") or "") for line in lines]
    except (Unreadable, csv.Error):
        raise AttendanceRefusedError([(1, "不是 UTF-8 或 GBK 的 csv", "it is no csv in UTF-8 or GBK")]) from None
    raise AttendanceRefusedError([(1, "要有 成员编号、方式、受托人 三列", "columns 成员编号, 方式, 受托人 are wanted")])


def _fault(
    member: str, way: str, proxy: str, rows: dict[str, OnRoster], seen: set[str]
) -> tuple[str, str] | None:
    if member not in rows:
        return "名册上没有这个人", "nobody of the roster"
    if rows[member].capable is False:
        return "未成年, 没有表决权", "a minor does not vote"
    if member in seen:
        return "同一个人两次", "the same person twice"
    if way not in WAYS:
        return f"方式只有 {'、'.join(WAYS)}", f"a way is one of {', '.join(WAYS)}"
    if bool(proxy) != (way == BY_PROXY):
        return "委托的要写受托人, 别的不写", "a proxy belongs to 委托, and to nothing else"
    return None


def _representatives(households: int, day: dt.date) -> tuple[int, int, str | None]:
    """How many representatives there may be, least and most; no rule before the law."""
    try:
        book().rule(REPRESENTATIVES, day)
    except RuleNotInForceError:
        return 0, 0, None
    most = households // book().whole(REPRESENTATIVES, "households_a_representative_least", day)
    least = ceil(Fraction(households, book().whole(REPRESENTATIVES, "households_a_representative_most", day)))
    return max(least, book().whole(REPRESENTATIVES, "representatives_more_than", day) + 1), most, REPRESENTATIVES
