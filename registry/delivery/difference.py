"""Which households does a village that is delivered again say something else or something new of?

The first thing that a clerk asks (users.md 2(a) 1). A household *differs* where a row of it contradicts what is registered,
or has something that is not registered, or something of it is registered and was not delivered. Villages that come back by the
rules alone are not compared. Households are named by code and masked head.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from registry.delivery.holders import Holders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.delivery.deeds import Deeds, Village
    from registry.delivery.faults import Fault
    from registry.delivery.read import Delivery
    from registry.delivery.registered import Judge
    from registry.delivery.write import Ids

NEW, LEFT_OUT = "新增 new", "未交 not delivered"
_MOST_NAMED = 10
_HOUSEHOLD_OF = {"CBF": "CBFBM", "CBF_JTCY": "CBFBM", "CBHT": "CBFBM"}
_HELD_OF = {"DK": "DKBM", "ZD": "BDCDYH"}


@dataclass(frozen=True, slots=True)
class Differing:
    """One household: its code (CBFBM), how a report names it, and in what it differs (layer.field, or a word)."""

    code: str
    shown: str
    what: list[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """`villages` were compared; `elsewhere` counts what differs and is no household's: a free parcel, the collective's shares.

    `withdrawn` are villages of which an earlier delivery was withdrawn: what it had registered counts as new.
    """

    villages: list[str]
    households: list[Differing]
    elsewhere: int
    withdrawn: list[str] = field(default_factory=list)

    def line(self) -> tuple[str, str]:
        """The first line of a report, Chinese and English."""
        zh, en = self._line()
        if not self.withdrawn:
            return zh, en
        named = ", ".join(self.withdrawn)
        return f"{zh}; 上次成果已撤回的村: {named}", f"{en}; an earlier delivery was withdrawn in: {named}"

    def _line(self) -> tuple[str, str]:
        count = len(self.households)
        if not count and not self.elsewhere:
            return ("没有户有变化, 与已登记的相同", "no household differs from what is registered")
        named = "; ".join(f"{each.shown} ({', '.join(each.what)})" for each in self.households[:_MOST_NAMED])
        more = "; …" if count > _MOST_NAMED else ""
        zh = f"只有这 {count} 户有变化" if count else "没有户有变化"
        en = f"only these {count} households differ: {named}{more}" if count else "no household differs"
        if not self.elsewhere:
            return (zh, en)
        return (f"{zh}, 另有 {self.elsewhere} 处不属于哪一户", f"{en}; {self.elsewhere} that are no household's")

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | dict(zip(("zh", "en"), self.line(), strict=True))


def difference_of(judge: Judge, deeds: Deeds, ids: dict[str, Ids], unchanged: set[str]) -> Difference | None:
    """What differs in the villages that have something registered; None where there is no such village.

    Called when what is registered was taken out of the rosters and before anything is written.
    """
    known = {code for code, one in ids.items() if one.rights or one.parcels or one.holders}
    withdrawn = sorted({one.village for one in judge.withdrawn} & ids.keys())
    if not known and not unchanged and not withdrawn:
        return None
    holders = Holders(judge.delivery)
    found: dict[str, list[str]] = defaultdict(list)
    for household, what in _contradicting(judge.delivery, holders, judge.faults.found):
        found[household].append(what)
    for code in known.union(withdrawn):
        for household in _new(deeds.villages[code], ids[code], holders):
            found[household].append(NEW)
        for left in judge.left_out.get(code, []):
            # A contract's code is its household's and a letter; who holds a plot that was not delivered, no table says.
            found[left[:-1] if left[-1:] in {"J", "Q"} else ""].append(LEFT_OUT)
    elsewhere = len(found.pop("", []))
    households = [Differing(code, holders.shown(code), sorted(set(what))) for code, what in sorted(found.items())]
    return Difference(sorted(known | unchanged), households, elsewhere, withdrawn)


def _contradicting(delivery: Delivery, holders: Holders, faults: list[Fault]) -> Iterator[tuple[str, str]]:
    contradicting = [fault for fault in faults if fault.id == "contradicts-registered"]
    places = {layer: delivery.frames[layer].places() for layer in {fault.layer for fault in contradicting}}
    for fault in contradicting:
        if fault.row is not None:
            frame, at = delivery.frames[fault.layer], places[fault.layer][fault.file, fault.row]
            if fault.layer in _HOUSEHOLD_OF:
                household = frame.values(_HOUSEHOLD_OF[fault.layer])[at]
            elif fault.layer in _HELD_OF:
                household = holders.household(frame.values(_HELD_OF[fault.layer])[at])
            else:
                household = frame.values("承包方编码")[at] or holders.household(frame.values("标的代码")[at])
            yield household, f"{fault.layer}.{fault.field}"


def _new(village: Village, ids: Ids, holders: Holders) -> Iterator[str]:
    yield from (code for code in village.households if code not in ids.holders)
    yield from (contract.household for contract in village.contracts if contract.code not in ids.rights)
    yield from (home.household for home in village.homesteads if home.parcel.code not in ids.rights)
    yield from (holders.household(code) for code in village.parcels if code not in ids.parcels)
    for row in (*village.members, *village.shares, *village.benefits, *village.burdens):
        yield row.get("承包方编码") or holders.household(row.get("标的代码", ""))
