"""Does a ledger of leases become cases at a desk, row by row judged, all of them or none, or by a button the good ones?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import openpyxl
import sqlalchemy as sa

from registry import cases
from registry.accounts import proofs
from registry.cases.lease_table import HEADER
from registry.ledger.tables import LEDGER_ENTRY
from tests.api.access_people import service
from tests.api.desk.test_desk import Office, office, text_of
from tests.api.desk.test_extensions import headers
from tests.registry import made_up
from tests.registry.made_up import VILLAGE_CODE

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["office", "service"]
PATH = "/desk/leases"
ARABLE, GRASS = f"{VILLAGE_CODE}00001", f"{VILLAGE_CODE}00002"


def block(*rows: tuple[str, ...]) -> str:
    """As Excel copies it."""
    return "\r\n".join("\t".join(row) for row in (HEADER, *rows))


def row(code: str, *, contract: str = f"{VILLAGE_CODE}0001J", parcels: str = "", **other: str) -> tuple[str, ...]:
    """One row."""
    said = {"who": "其其格", "number": "", "days": "2026-12-01 2027-11-30"} | other
    return (contract, parcels, said["who"], said["number"], code, *said["days"].split(), "1200.00")


def opened(office: Office) -> int:
    """How many cases of leases there are."""
    with office.store.reading() as connection:
        found = cases.visible(office.store, connection, cases.Actor("x", "x", "x", "agriculture"))
    return sum(each.kind == "leased" for each in found)


def test_a_ledger_becomes_cases_or_none_of_it(office: Office, tmp_path: Path) -> None:
    """users.md 2(a) 7: per-row verdict, every faulty row named, nothing half-written; then a case for each row, handed in."""
    first = office.first
    first.send(PATH, 422, pasted="", then="open")
    assert "从 Excel 里复制、贴进来(连表头)" in text_of(first.page)
    first.send(PATH, 422, pasted="姓名\t亩\r\n其其格\t3", then="check")
    good = [row("L-1", parcels=ARABLE), row("L-2", parcels=GRASS)]
    faulty = [
        row("L-7", contract=f"{VILLAGE_CODE}9999J"),
        row("L-8", parcels="1" * 19),
        row("L-9", parcels=GRASS, days="2027-05-01 2027-10-31"),
        row("L-10", parcels=ARABLE, days="2027-12-01 2029-10-31"),
        row("L-11", parcels=GRASS, days="2027-13-01 2027-10-31"),
        row("L-12", parcels=GRASS, who=""),
        row("L-13"),
    ]
    before = head(office)
    first.send(PATH, 200, pasted=block(*good, *faulty), then="check")
    assert "9行，7行有错" in text_of(first.page)
    told = re.findall(r'<tr class="red"><td>(\d+)</td>', first.page)
    assert told == [str(n) for n in range(4, 11)]
    for why in ("登记簿里没有这份承包合同", "这份承包合同里没有这块地", "第 3 行已经把这块地租出去了", "这份合同有几种地"):
        assert why in text_of(first.page)
    assert "L-11" in first.page  # what was pasted stands there to be mended
    first.send(PATH, 422, pasted=block(*good, *faulty), then="open")
    assert (opened(office), head(office)) == (0, before)
    first.send(PATH, 200, pasted=block(*good), then="check")
    assert "都可以建成案件" in text_of(first.page)
    assert (opened(office), head(office)) == (0, before)
    first.send(PATH, pasted=block(*good), then="open")
    assert opened(office) == 2
    assert "刚建成并提交了2个流转案件" in text_of(first.page)
    assert "待办 2" in text_of(first.page)
    # The same block again: what has its case is refused by name, what is new becomes one, what is left stays to be mended.
    first.send(PATH, 200, pasted=block(*good, row("L-3", parcels=GRASS, days="2027-12-01 2028-11-30")), then="good")
    assert "刚建成并提交了1个流转案件" in text_of(first.page)
    assert "有错没有建的2行" in text_of(first.page)
    assert len(set(re.findall(r'href="/desk/cases/([0-9a-f]{32})"', first.page))) == 2
    assert re.findall(r"\tL-(\d)\t", first.page.partition("<textarea")[2]) == ["1", "2"]
    assert opened(office) == 3
    first.send(PATH, 200, pasted=block(*good, *faulty), then="faults")
    assert first.page.count("已经在办这一份") == 2
    assert "其其格" not in first.page
    # Somebody whom the register knows is that person; a file says the same as a block.
    name, born, sequence = made_up.PEOPLE[1]
    book = openpyxl.Workbook()
    again = row("L-20", parcels=GRASS, who=name, number=made_up.id_number(born, sequence), days="2027-12-01 2027-12-20")
    for line in (HEADER, again):
        book.active.append(line)
    book.save(tmp_path / "leases.xlsx")
    files = {"table": ("leases.xlsx", (tmp_path / "leases.xlsx").read_bytes())}
    data = {"csrf": proofs.csrf(first.token), "then": "open"}
    got = first.caller.post(PATH, data=data, files=files, headers=headers(first))
    assert got.status_code == 303, text_of(got.text)
    with office.store.reading() as connection:
        visible = cases.visible(office.store, connection, cases.Actor("x", "x", "x", "agriculture"))
    asked = [cases.request_of(each)["lessee"] for each in visible]
    assert asked.count({"person": office.village.people[1]}) == 1


def head(office: Office) -> int:
    """How many entries the log has."""
    with office.store.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(LEDGER_ENTRY)) or 0
