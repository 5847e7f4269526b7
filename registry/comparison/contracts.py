"""Where do the register and the contract book say different things of a contract, its parcels and its household?

Matched by CBHTBM, DKBM, CBFBM and the members' ID numbers. Remarks (CYBZ) are not compared: none has an effect on a right.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from registry import masks
from registry.comparison.differences import Findings, Row, area

if TYPE_CHECKING:
    from registry.comparison.dump import Dump
    from registry.comparison.registered import Held, Household, Line, Registered

_VILLAGE = 12


def compare_contracts(dump: Dump, said: Registered) -> Findings:
    """Every difference, and which rights are equal; what the dump's villages have not is missing, others untouched."""
    found = Findings()
    units = said.by_unit()
    codes = dump.frames["CBHT"].values("CBHTBM")
    for index, code in enumerate(codes):
        at = Row(dump, "CBHT", index)
        rights = [right for right in units.get(code, ()) if right.status != "ended"]
        if rights:
            found.compared |= {right.id for right in rights}
            _contract(at, rights, said, found)
        else:
            found.only_in_book(at, code, (), "CBHTBM", code)
    _missing(units, set(codes), found)
    if "CBF" in dump.frames:
        _households(dump, said, found)
    return found


def _missing(units: dict[str, list[Held]], codes: set[str], found: Findings) -> None:
    villages = {code[:_VILLAGE] for code in codes}
    for code, rights in units.items():
        live = tuple(right.id for right in rights if right.status != "ended")
        if code in codes or not live:
            continue
        if code[:_VILLAGE] in villages:
            found.absent |= set(live)
            found.only_in_register("CBHT", code, live, "CBHTBM", code)
        else:
            found.untouched[code[:_VILLAGE]] = found.untouched.get(code[:_VILLAGE], 0) + len(live)


def _contract(at: Row, rights: list[Held], said: Registered, found: Findings) -> None:
    code, ids = rights[0].unit_code, tuple(right.id for right in rights)
    lines = {line.code: (right.id, line) for right in rights for line in right.lines}
    household = said.households.get(rights[0].holding_id or "")
    total = sum((Decimal(line.m2) for _, line in lines.values() if line.m2), Decimal())
    pairs = [
        ("FBFBM", rights[0].issuer, at.value("FBFBM")),
        ("CBFS", rights[0].method, at.value("CBFS")),
        ("QDSJ", rights[0].signed_on, at.day("QDSJ")),
        ("HTZMJ", area(str(total)), area(at.value("HTZMJ"))),
        ("CBDKZS", str(len(lines)), str(int(float(at.value("CBDKZS"))))),
    ]
    if household is not None:
        pairs.append(("CBFBM", household.code, at.value("CBFBM")))
    for column, registered, book in pairs:
        found.differs(at, code, ids, column, (registered, book))
    for column, terms in (("CBQXQ", {r.id: r.start for r in rights}), ("CBQXZ", {r.id: r.end for r in rights})):
        for term in sorted(set(terms.values())):
            of = tuple(right for right in ids if terms[right] == term)
            found.differs(at, code, of, column, (term, at.day(column)))
    _parcels(at.dump, code, ids, lines, found)


def _parcels(dump: Dump, code: str, ids: tuple[str, ...], lines: dict[str, tuple[str, Line]], found: Findings) -> None:
    rows = [Row(dump, "CBDKXX", index) for index in dump.rows("CBDKXX", "CBHTBM", code)]
    for at in rows:
        parcel = at.value("DKBM")
        if parcel not in lines:
            found.only_in_book(at, code, ids, "DKBM", parcel)
            continue
        right, line = lines[parcel]
        for column, registered in (("HTMJ", line.m2), ("HTMJM", line.mu)):
            if at.value(column):
                found.differs(at, parcel, (right,), column, (area(registered), area(at.value(column))))
    in_book = {at.value("DKBM") for at in rows}
    for parcel, (right, _) in lines.items():
        if parcel not in in_book:
            found.only_in_register("CBDKXX", code, (right,), "DKBM", parcel)


def _households(dump: Dump, said: Registered, found: Findings) -> None:
    """Each household once, whatever it holds; the difference counts for each of its rights that were compared."""
    held: dict[str, list[str]] = {}
    for right in said.rights.values():
        if right.holding_id is not None and right.id in found.compared:
            held.setdefault(right.holding_id, []).append(right.id)
    for holding_id, rights in held.items():
        household = said.households[holding_id]
        for index in dump.rows("CBF", "CBFBM", household.code):
            _household(Row(dump, "CBF", index), household, tuple(rights), found)


def _household(at: Row, household: Household, ids: tuple[str, ...], found: Findings) -> None:
    code, who = household.code, household.representative
    found.differs(at, code, ids, "CBFMC", (who.name, at.value("CBFMC")), "name")
    found.differs(at, code, ids, "CBFZJHM", (who.id_number.upper(), at.value("CBFZJHM").upper()), "id_number")
    registered = {member.who.id_number.upper(): member for member in household.members}
    in_book = set()
    for index in at.dump.rows("CBF_JTCY", "CBFBM", code):
        line = Row(at.dump, "CBF_JTCY", index)
        number, name = line.value("CYZJHM").upper(), line.value("CYXM")
        in_book.add(number)
        if number not in registered:
            found.only_in_book(line, code, ids, "CYXM", _masked(name, number))
            continue
        member = registered[number]
        found.differs(line, code, ids, "CYXM", (member.who.name, name), "name")
        found.differs(line, code, ids, "YHZGX", (member.relation, line.value("YHZGX")))
        # A blank SFGYR is read as yes, as in a delivery: nobody loses a right by a blank.
        found.differs(line, code, ids, "SFGYR", ("1" if member.co_holder else "2", line.value("SFGYR") or "1"))
    for number, member in registered.items():
        if number not in in_book:
            found.only_in_register("CBF_JTCY", code, ids, "CYXM", _masked(member.who.name, number))


def _masked(name: str, number: str) -> str:
    return masks.in_a_line(name, number)
