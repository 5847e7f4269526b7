"""Where do the register and the realty platform say different things of a homestead or of contract land?

Matched by the 28-digit unit code, then by its plot (19 digits), then by the certificate's number. Rows of history, of
temporary entries and of rights that the register does not keep there are counted and left alone.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from registry.comparison.books import CONTRACT_TYPES, CURRENT, ENDED, FARMLAND, HOMESTEAD, HOMESTEAD_TYPES, PLOT, SIDES
from registry.comparison.differences import Findings, Row, area

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.comparison.dump import Dump
    from registry.comparison.registered import Held, Registered

_DISTRICT, _PLOT = 12, 19
_STATES = {"live": "现势", "review": "现势", "ended": "终止"}
_SAID = {CURRENT: "现势", ENDED: "终止"}


class _Matching:
    """The register's rights by every number under which the platform may know them."""

    def __init__(self, rights: list[Held]) -> None:
        # What stands comes first: a plot may have had another right that ended.
        self.rights = sorted(rights, key=lambda right: right.status == "ended")
        self.by_number: dict[str, Held] = {}
        self.by_plot: dict[str, Held] = {}
        for right in self.rights:
            codes = [right.unit_code, right.book_number, *(line.code for line in right.lines)]
            for number in (*codes, right.certificate):
                if number:
                    self.by_number.setdefault(number, right)
            for code in codes:
                self.by_plot.setdefault(code[:_PLOT], right)

    def standing(self, compared: set[str]) -> int:
        """How many rights that stand were not compared."""
        return sum(right.status != "ended" and right.id not in compared for right in self.rights)

    def of(self, unit: str, plot: str, certificate: str) -> Held | None:
        """The right that a row is about."""
        found = self.by_number.get(unit) or self.by_plot.get(plot or unit[:_PLOT])
        return found or (self.by_number.get(certificate) if certificate else None)


def compare_realty(dump: Dump, said: Registered) -> Findings:
    """Every difference, and which rights are equal; what the dump's districts have not is missing, others untouched."""
    found = Findings()
    homesteads = _Matching([right for right in said.rights.values() if right.thing == "homestead"])
    farmland = _Matching([right for right in said.rights.values() if right.thing != "homestead"])
    if HOMESTEAD in dump.frames:
        _homesteads(dump, homesteads, found)
    if FARMLAND in dump.frames:
        _farmland(dump, farmland, found)
    if PLOT in dump.frames:
        _plots(dump, homesteads, found)
    for table, matching in ((HOMESTEAD, homesteads), (FARMLAND, farmland)):
        if table not in dump.frames and (left := matching.standing(found.compared)):
            found.untouched[table] = left
    return found


def _current(dump: Dump, table: str, types: tuple[str, ...], found: Findings) -> Iterator[Row]:
    """The rows that say something of today; of a unit with a current and an ended row, the current one."""
    rows = [Row(dump, table, index) for index in range(len(dump.frames[table]))]
    told = [row for row in rows if row.value("QLLX") in types and row.value("QSZT") in _SAID]
    current = {row.value("BDCDYH") for row in told if row.value("QSZT") == CURRENT}
    kept = [row for row in told if row.value("QSZT") == CURRENT or row.value("BDCDYH") not in current]
    if len(rows) > len(kept):
        found.skipped[table] = len(rows) - len(kept)
    yield from kept


def _homesteads(dump: Dump, matching: _Matching, found: Findings) -> None:
    districts = set()
    for at in _current(dump, HOMESTEAD, HOMESTEAD_TYPES, found):
        unit = at.value("BDCDYH")
        districts.add(unit[:_DISTRICT])
        right = _matched(at, matching, at.value("ZDDM"), found)
        if right is None:
            continue
        total = _total([line.m2 for line in right.lines])
        pairs = [
            ("BDCDYH", right.unit_code, unit),
            ("SYQMJ", total, area(at.value("SYQMJ"))),
            ("SYQJSSJ", right.end, at.day("SYQJSSJ")),
        ]
        if right.start:  # a homestead has no term of its own; the platform's first day is that of its entry
            pairs.append(("SYQQSSJ", right.start, at.day("SYQQSSJ")))
        _all_differ(at, right, pairs, found)
    _missing(matching, HOMESTEAD, districts, found)


def _farmland(dump: Dump, matching: _Matching, found: Findings) -> None:
    villages = set()
    for at in _current(dump, FARMLAND, CONTRACT_TYPES, found):
        villages.add(at.value("FBFDM")[:_DISTRICT])
        right = _matched(at, matching, "", found)
        if right is None:
            continue
        pairs = [
            ("CBMJ", _total([line.mu for line in right.lines]), area(at.value("CBMJ"))),
            ("CBQSSJ", right.start, at.day("CBQSSJ")),
            ("CBJSSJ", right.end, at.day("CBJSSJ")),
        ]
        if at.value("FBFDM"):
            pairs.append(("FBFDM", right.issuer, at.value("FBFDM")))
        _all_differ(at, right, pairs, found)
    _missing(matching, FARMLAND, villages, found)


def _matched(at: Row, matching: _Matching, plot: str, found: Findings) -> Held | None:
    unit = at.value("BDCDYH")
    right = matching.of(unit, plot, at.value("BDCQZH"))
    if right is not None:
        if right.status != "ended" or at.value("QSZT") == CURRENT:
            found.compared.add(right.id)
        return right
    if at.value("QSZT") == CURRENT:
        found.only_in_book(at, unit, (), "BDCDYH", unit)
    return None


def _all_differ(at: Row, right: Held, pairs: list[tuple[str, str, str]], found: Findings) -> None:
    state = ("QSZT", _STATES[right.status], _SAID[at.value("QSZT")])
    # Of a right that ended on both sides nothing more can be wrong today.
    rest = pairs if right.status != "ended" or at.value("QSZT") == CURRENT else []
    if rest and at.value("BDCQZH"):
        rest = [*rest, ("BDCQZH", right.certificate, at.value("BDCQZH"))]
    for column, registered, book in (state, *rest):
        found.differs(at, right.unit_code, (right.id,), column, (registered, book))


def _missing(matching: _Matching, table: str, touched: set[str], found: Findings) -> None:
    for right in matching.rights:
        if right.status == "ended" or right.id in found.compared:
            continue
        place = right.unit_code[:_DISTRICT]
        if place in touched:
            found.absent.add(right.id)
            found.only_in_register(table, right.unit_code, (right.id,), "BDCDYH", right.unit_code)
        else:
            found.untouched[place] = found.untouched.get(place, 0) + 1


def _plots(dump: Dump, matching: _Matching, found: Findings) -> None:
    """Area, address and neighbours of each plot under a homestead; plots of other land are left alone."""
    skipped = 0
    for index in range(len(dump.frames[PLOT])):
        at = Row(dump, PLOT, index)
        unit = at.value("BDCDYH")
        right = matching.of(unit, at.value("ZDDM"), "")
        if right is None or right.status == "ended":
            if unit[_DISTRICT : _DISTRICT + 2] == "JC" and HOMESTEAD not in dump.frames:
                found.only_in_book(at, unit, (), "BDCDYH", unit)
            else:
                skipped += 1
            continue
        line = next((one for one in right.lines if one.code[:_PLOT] == unit[:_PLOT]), right.lines[0])
        found.compared.add(right.id)
        found.differs(at, right.unit_code, (right.id,), "ZDMJ", (area(line.surveyed_m2), area(at.value("ZDMJ"))))
        for column, word in (("ZL", "location"), *SIDES.items()):
            if column in dump.frames[PLOT].present:
                pair = (line.texts.get(word, ""), at.value(column))
                found.differs(at, right.unit_code, (right.id,), column, pair, "name")
    if skipped:
        found.skipped[PLOT] = skipped


def _total(areas: list[str]) -> str:
    return area(str(sum((Decimal(one) for one in areas if one), Decimal())))
