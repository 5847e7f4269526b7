"""What stands in each list of the supervision bureau, and how was it counted: one form for page, answer and sheet?

A cell is a number, a text without a name of a herder, or a pair of Chinese and English. Officers are named: theirs is what is
looked into. To list something proves nothing, and each list says so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from registry import parties
from registry.china import CHINA, day_of
from registry.holding.read import ever_beside
from registry.looks.reading import seen_since
from registry.statistics.coincidences import as_json as told_soon_after
from registry.statistics.coincidences import coincidences
from registry.supervision import odd_looks, sampling
from registry.supervision.conditions import conditions
from registry.supervision.rules import rules_on

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from registry.looks.reading import Seen
    from registry.store.engines import Store

Both = tuple[str, str]
Cell = str | int | Both


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is called. `form`: text, number, day, moment or id, as a page writes it."""

    name: str
    zh: str
    en: str
    form: str = "text"


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its word, its title, one sentence on how it was counted, its columns, its rows."""

    id: str
    zh: str
    en: str
    counted: Both
    columns: Sequence[Column]
    rows: Sequence[tuple[Cell, ...]]

    def as_json(self) -> dict[str, Any]:
        """The list as plain values; a pair as `zh` and `en`."""
        return {
            "id": self.id,
            "title": {"zh": self.zh, "en": self.en},
            "counted": dict(zip(("zh", "en"), self.counted, strict=True)),
            "count": len(self.rows),
            "columns": [asdict(column) for column in self.columns],
            "rows": [[_plain(cell) for cell in row] for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which moment: the day in China up to which is listed, and the size of the log that is known."""

    store: Store
    connection: Connection
    valid_at: str
    known_at: int

    @property
    def since(self) -> str:
        """The first day that is listed."""
        days = rules_on(self.valid_at).listed_days
        return (dt.date.fromisoformat(self.valid_at) - dt.timedelta(days=days)).isoformat()

    def looks(self, *, refused: bool) -> list[Seen]:
        """Attempts that were refused, or every look, from the first listed day to the end of the last."""
        first = dt.datetime.combine(dt.date.fromisoformat(self.since), dt.time(), CHINA).astimezone(dt.UTC)
        found = seen_since(self.store, f"{first:%Y-%m-%dT%H:%M:%SZ}", "refused" if refused else None)
        return [look for look in found if _day(look.at) <= self.valid_at]


def refused(asked: Asked) -> Listing:
    """Attempts on a right that were refused: nothing changed by them. One row an attempt, however many people it concerned."""
    attempts: dict[tuple[str, str, str, str], set[str]] = {}
    for look in asked.looks(refused=True):
        attempts.setdefault((look.at, look.officer, look.bureau, look.purpose), set()).add(look.whom)
    latest = sorted(attempts.items(), reverse=True)
    rows = [(at, officer, bureau, why, len(whom - {""})) for (at, officer, bureau, why), whom in latest]
    return Listing(
        "refused",
        "被拒的尝试",
        "Refused attempts",
        (
            f"{asked.since} 以来想改权利而没有办成的, 一次算一条, 不管涉及几个人; 每一次什么都没有变。来自“谁看过”的记录。",
            f"Attempts to touch a right that were refused since {asked.since}, each once, however many people it concerned; "
            "nothing changed by any. From the log of who looked.",
        ),
        (
            Column("at", "时间", "at", "moment"),
            Column("officer", "经办人", "officer"),
            Column("bureau", "单位", "bureau"),
            Column("because", "为什么不行", "why it was refused"),
            Column("people", "涉及人数", "people", "number"),
        ),
        rows,
    )


def soon_after(asked: Asked) -> Listing:
    """Exits, leases and lost memberships soon after a settlement (`statistics.coincidences`)."""
    found = coincidences(asked.connection, valid_at=asked.valid_at, known_at=asked.known_at)
    counted = told_soon_after(found, asked.valid_at)["counted"]
    return Listing(
        "soon-after",
        "落户后90天内的变动",
        "Changes within 90 days after a settlement",
        (counted["zh"], counted["en"]),
        (
            Column("settled_on", "落户", "settled", "day"),
            Column("act", "变动", "change"),
            Column("act_day", "哪天", "on", "day"),
            Column("days", "几天后", "days after", "number"),
            Column("household", "承包方编码", "household", "id"),
            Column("people", "人数", "people", "number"),
            Column("entries", "账本第几条", "entries of the log", "id"),
        ),
        [
            (one.settled_on, (one.zh, one.en), one.act_day, one.days, one.household, one.people, f"{one.event} → {one.entry}")
            for one in found
        ],
    )


def odd(asked: Asked) -> Listing:
    """Looks at people's data that are unlike the others (`odd_looks`)."""
    rules, seen = rules_on(asked.valid_at), asked.looks(refused=False)
    officers = {(look.officer, look.bureau) for look in seen}
    related = {(officer, bureau): _beside_namesakes(asked, officer) for officer, bureau in officers}
    found = odd_looks.odd_looks(seen, rules, related)
    return Listing(
        "odd-looks",
        "查阅异常",
        "Odd look-ups",
        (
            f"{asked.since} 以来各单位的查阅中: 一人一天看了 {rules.persons_a_day} 个以上的人; "
            f"{rules.opens} 以前、{rules.closes} 以后或休息日看的; 没有案件而看同一个人 {rules.times_one_person} 次以上; "
            "被看的人的户里有与经办人同名的人(同名不等于是亲属)。参数是本系统的建议。列出不说明有问题。",
            f"Of the looks of offices since {asked.since}: more than {rules.persons_a_day} people in a day by one officer; "
            f"before {rules.opens}, from {rules.closes} on, or on a day off; one person {rules.times_one_person} times or more "
            "without a case; somebody on that household's list has the officer's name, which makes nobody a relative. "
            "The parameters are a proposal of ours. To be listed proves nothing.",
        ),
        (
            Column("sign", "什么", "what"),
            Column("day", "哪天", "on", "day"),
            Column("officer", "经办人", "officer"),
            Column("bureau", "单位", "bureau"),
            Column("person", "人的编号", "person", "id"),
            Column("times", "几次(或几人)", "times, or people", "number"),
        ),
        [(odd_looks.SAID[one.sign], one.day, one.officer, one.bureau, one.person, one.times) for one in found],
    )


def reported(asked: Asked) -> Listing:
    """Reports of an unlawful condition (`conditions`)."""
    found = conditions(asked.store, asked.connection, asked.since)
    return Listing(
        "conditions",
        "村规线索",
        "Unlawful conditions reported",
        (
            f"{asked.since} 以来交来的“拿退地当条件”的举报, 和更早而还没有答复的; 一个案件算一条。"
            "这种条件不管谁写的, 在本系统里没有效力。",
            f"Reports that land was asked for as a condition, handed in since {asked.since} or still unanswered; a case each. "
            "Such a condition has no effect here, whoever wrote it.",
        ),
        (
            Column("day", "哪天交来", "handed in", "day"),
            Column("state", "到哪一步", "state"),
            Column("demanded", "要交出什么", "what is demanded"),
            Column("tied", "拿什么当条件", "for what"),
            Column("written", "写在哪里", "written in"),
            Column("case", "案件", "case", "id"),
        ),
        [(one.day, one.state, one.demanded, one.tied, one.written, one.case) for one in found],
    )


def drawn(asked: Asked) -> Listing:
    """The sample of the month of the day (`sampling`), in the order of the draw."""
    month = asked.valid_at[:7]
    of = sampling.sample(asked.store, month)
    return Listing(
        "sample",
        "本月抽查5户",
        "Five families to visit this month",
        _how_drawn(of),
        (
            Column("household", "承包方编码", "household", "id"),
            Column("settled_on", "落户", "settled", "day"),
            Column("people", "人数", "people", "number"),
            Column("event", "账本第几条", "entry of the log", "id"),
            Column("persons", "人的编号", "persons", "id"),
            Column("id", "名单上的代号", "id in the list", "id"),
        ),
        [
            (" ".join(one.households), one.settled_on, len(one.people), str(one.event), " ".join(one.people), one.id)
            for one in of.families
        ],
    )


LISTS: Final[Mapping[str, Callable[[Asked], Listing]]] = {
    "refused": refused,
    "soon-after": soon_after,
    "odd-looks": odd,
    "conditions": reported,
    "sample": drawn,
}
"""Each list by its word, in the order of the page."""


def listing(name: str, store: Store, connection: Connection, *, valid_at: str, known_at: int) -> Listing:
    """One list, as of a day. KeyError for a word that is none; RuleNotInForceError."""
    return LISTS[name](Asked(store, connection, valid_at, known_at))


def _how_drawn(of: sampling.Sample) -> Both:
    if of.seal is None:
        return (
            f"{of.month}: 上个月没有封存数, 这个月不抽。",
            f"{of.month}: no number was sealed in the month before, so nothing is drawn.",
        )
    if of.reveal is None:
        return (
            f"{of.month}: 数已封存(账本第 {of.seal.idx} 条), 名单 {of.seal.n} 户; 等这个月第一个监督签过的检查点, 再公开数来抽。",
            f"{of.month}: a number is sealed (entry {of.seal.idx}) with a list of {of.seal.n} families; it is revealed, and the "
            "sample drawn, after the month's first cosigned checkpoint.",
        )
    return (
        f"{of.month}: 从封存时已落户的 {of.seal.n} 户中, 按第 {of.reveal.size} 条的检查点和封存的数抽出, 只抽一次; "
        f"谁都能重抽: sanquan sample redraw 账本 {of.month}。",
        f"{of.month}: drawn once from the list of {of.seal.n} that had settled when it was sealed, by the checkpoint at size "
        f"{of.reveal.size} and the sealed number; anybody can draw again: sanquan sample redraw LEDGER {of.month}.",
    )


def _beside_namesakes(asked: Asked, officer: str) -> frozenset[str]:
    return ever_beside(asked.connection, parties.find_by_name(asked.connection, asked.store.vault, officer))


def _plain(cell: Cell) -> str | int | dict[str, str]:
    return {"zh": cell[0], "en": cell[1]} if isinstance(cell, tuple) else cell


def _day(at: str) -> str:
    return day_of(at).isoformat()
