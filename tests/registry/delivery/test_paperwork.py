"""Summary tables and metadata that come with a delivery are compared with it: what differs is named, both values side by side."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from registry.delivery.check import check_delivery
from registry.delivery.faults import Fault, Faults
from registry.delivery.paperwork import _rows
from registry.delivery.read import Delivery, read_delivery
from registry.delivery.summaries import NAMES, Summary, summaries
from registry.handin import hand_in
from registry.handin.metadata import metadata_xml
from tests.registry.delivery.checking import NOW, faults_of
from tests.registry.delivery.conftest import CLERK, GACHA, Copy

if TYPE_CHECKING:
    from registry.store.engines import Store

PAPERWORK = ("summary-", "metadata-")


def of_paperwork(root: Path) -> list[Fault]:
    """What is said of both folders."""
    return [fault for fault in faults_of(root) if fault.id.startswith(PAPERWORK) or fault.id == "part-unread"]


@pytest.fixture
def delivery(copy: Copy) -> Delivery:
    """The sample as read and checked."""
    faults = Faults()
    found = read_delivery(copy.root, faults)
    check_delivery(found, faults, NOW)
    return found


@pytest.fixture
def six(delivery: Delivery) -> list[Summary]:
    """What its six summary tables say."""
    rows = _rows(delivery)
    assert rows is not None
    return summaries(rows, {})


def write(copy: Copy, summary: Summary, name: str = "", *, suffix: str = ".xlsx") -> None:
    """Put a summary table into the delivery."""
    folder = copy.root / "汇总表格"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name or '1506262016' + summary.name}{suffix}"
    if suffix == ".csv":
        with path.open("w", encoding="gbk", newline="") as out:
            csv.writer(out).writerows([summary.header, *summary.lines])
        return
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False})
    sheet = book.add_worksheet()
    for number, line in enumerate([summary.header, *summary.lines]):
        sheet.write_row(number, 0, line)
    book.close()


def test_six_true_tables_are_without_fault(copy: Copy, six: list[Summary]) -> None:
    """By name, as xlsx and as GBK csv; the sums are the printed ones: each column of a village adds up in the county's."""
    assert [one.name for one in six] == list(NAMES)
    for one in six:
        write(copy, one)
    assert of_paperwork(copy.root) == []
    for one in six:
        (copy.root / "汇总表格" / f"1506262016{one.name}.xlsx").unlink()
        write(copy, one, suffix=".csv")
    assert of_paperwork(copy.root) == []
    for one in six:
        for column in range(2, len(one.header)):
            issuers = sum(Decimal(line[column]) for line in one.lines if len(line[0]) == 14)
            (county,) = [line for line in one.lines if len(line[0]) == 6]
            assert issuers == Decimal(county[column]), (one.name, one.header[column])


@pytest.mark.parametrize("name", NAMES)
def test_each_wrong_cell_is_named_with_both_values(copy: Copy, six: list[Summary], name: str) -> None:
    """A count by one, an area by more than 0.05 亩: each its own fault; 0.05 亩 itself and a column left out are none."""
    table = next(one for one in six if one.name == name)
    line = next(line for line in table.lines if line[0] == GACHA)
    column = next(n for n, head in enumerate(table.header) if n > 1 and line[n] not in {"0", "0.00"})
    true = line[column]
    line[column] = str(int(true) + 1)
    expected = [(table.header[column], line[column], true)]
    for n, head in enumerate(table.header):
        if head.endswith("(亩)") and line[n] != "0.00":
            was, line[n] = line[n], str(Decimal(line[n]) + Decimal("0.06"))
            expected.append((head, line[n], was))
            break
    write(copy, table)
    found = of_paperwork(copy.root)
    assert [(f.id, f.village, f.layer) for f in found] == [("summary-differs", GACHA, name)] * len(expected)
    for fault, (head, told, made) in zip(found, expected, strict=True):
        assert f"{head} of {GACHA} in {name}: the table says {told}, the rows make {made}" == fault.en
    line[column] = true
    for n, head in enumerate(table.header):
        if head.endswith("(亩)"):
            table.lines[0][n] = str(Decimal(table.lines[0][n]) + Decimal("0.05"))
            line[n] = next((made for told_head, _, made in expected if told_head == head), line[n])
    narrow = Summary(name, [table.header[0], *table.header[2:]], [[one[0], *one[2:]] for one in table.lines])
    write(copy, narrow)
    assert of_paperwork(copy.root) == []


def test_line_that_only_one_side_has_is_named(copy: Copy, six: list[Summary]) -> None:
    """A village that was forgotten, one that is not delivered; a cell that is no number."""
    table = six[0]
    table.lines[:] = [line for line in table.lines if line[0] != GACHA]
    table.lines.append(["150626999999", "", *table.lines[0][2:]])
    table.lines[0][2] = "约三百"
    write(copy, table)
    said = {fault.en.split(": ", 1)[1] for fault in of_paperwork(copy.root)}
    assert f"the table says –, the rows make {GACHA}" in said
    assert "the table says 150626999999, the rows make –" in said
    assert any("百, the rows make" in each for each in said)
    assert not any("约三百" in each for each in said)


def test_table_of_another_form_or_that_cannot_be_read_is_named(copy: Copy, six: list[Summary]) -> None:
    """Old Excel, unknown columns, a broken workbook, no known encoding, and what is no summary table."""
    write(copy, Summary(NAMES[0], ["单位", "总数"], [["甲", "1"]]))
    write(copy, six[1], suffix=".xls")
    folder = copy.root / "汇总表格"
    (folder / f"{NAMES[2]}.xlsx").write_bytes(b"no workbook")
    (folder / f"{NAMES[3]}.csv").write_bytes(b"\xff\xfe\xff")
    (folder / "说明.doc").write_bytes(b"x")
    found = of_paperwork(copy.root)
    assert {(fault.id, fault.layer) for fault in found} == {
        ("summary-unreadable", NAMES[3]),
        ("summary-unreadable", NAMES[2]),
        ("summary-form", NAMES[0]),
        ("summary-unreadable", NAMES[1]),
        ("part-unread", "说明.doc"),
    }
    assert all(fault.severity == "note" for fault in found)


def test_sums_of_rows_at_fault_are_not_compared(copy: Copy, six: list[Summary]) -> None:
    """The fault of the row is said, its sum is not blamed."""
    copy.put("CBF", 0, CBFLX="7")
    six[5].lines[0][2] = "999"
    write(copy, six[5])
    assert of_paperwork(copy.root) == []


XML = metadata_xml(county="150626", name="乌审旗", bureau="农牧业局", day="2026-01-10", layers={"DK": 412})


def put(copy: Copy, raw: bytes) -> list[Fault]:
    """What is said of a metadata file."""
    folder = copy.root / "元数据"
    folder.mkdir(exist_ok=True)
    (folder / "SL1506262016.xml").write_bytes(raw)
    return of_paperwork(copy.root)


def test_true_metadata_is_without_fault(copy: Copy, delivery: Delivery) -> None:
    """Our own, and the same in GBK, with the zone in the false easting."""
    count = len(delivery.frames["DK"])
    xml = XML.replace(b">412<", f">{count}<".encode())
    assert put(copy, xml) == []
    gbk = xml.decode().replace("utf-8", "GBK").replace("500.0", "36500.0").encode("gbk")
    assert put(copy, gbk) == []
    (copy.root / "元数据" / "说明.txt").write_text("x")
    assert [fault.id for fault in of_paperwork(copy.root)] == ["part-unread"]


WRONG: dict[str, tuple[Callable[[str], str], str, str]] = {
    "county": (lambda x: x.replace("<geoID>150626", "<geoID>150699"), "geoID", "says 150699, the data 150626"),
    "day": (lambda x: x.replace("<date>20260110", "<date>20270110"), "date", "says 20270110"),
    "no day": (lambda x: x.replace("<date>20260110", "<date>x"), "date", "says x"),
    "system": (lambda x: x.replace("<coorRSID>001", "<coorRSID>002"), "coorRSID", "says 002, the data 001"),
    "meridian": (lambda x: x.replace(">108<", ">111<"), "centralMer", "says 111, the data 108"),
    "easting": (lambda x: x.replace(">500.0<", ">x<"), "eastFAL", "says x, the data 500 / 36500"),
    "count": (lambda x: x.replace(">412<", ">999<"), "DK capacity", "says 999, the data 412"),
    "layer": (lambda x: x.replace(">DK<", ">KZD<"), "KZD capacity", "says 412, the data 0"),
    "producer": (lambda x: x.replace("农牧业局", ""), "rpOrgName", "lacks rpOrgName"),
}


@pytest.mark.parametrize("what", WRONG)
def test_each_wrong_element_is_named_with_both_values(copy: Copy, delivery: Delivery, what: str) -> None:
    """County, day, CRS, counts, producer: the data are right."""
    spoil, element, said = WRONG[what]
    count = str(len(delivery.frames["DK"]))
    spoilt = spoil(XML.decode()).replace(">412<", f">{count}<")
    (fault,) = put(copy, spoilt.encode())
    assert (fault.field, fault.severity) == (element, "note")
    assert said.replace("412", count) in fault.en


BOMB = '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><Metadata>&b;</Metadata>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]><Metadata><t>&a;</t></Metadata>'
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "entities": (BOMB.encode(), "DOCTYPE"),
    "a file outside": (OUTSIDE.encode(), "DOCTYPE"),
    "cut": (XML[:200], "no whole XML"),
    "none": (b"", "no whole XML"),
    "deep": (b"<a>" * 40 + b"</a>" * 40, "more than 32 deep"),
    "not GBK": (b'<?xml version="1.0" encoding="GBK"?><a>\xff\xff</a>', "encoding"),
    "large": (b"<a>" + b" " * (8 << 20) + b"</a>", "over 8 MB"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_metadata_that_cannot_be_read_is_named(copy: Copy, what: str) -> None:
    """And nothing of it is expanded, fetched or half-read."""
    raw, said = UNREADABLE[what]
    (fault,) = put(copy, raw)
    assert (fault.id, said in fault.en, "root:" in fault.en) == ("metadata-unreadable", True, False)


def test_own_hand_in_comes_back_without_a_word(store: Store, delivered: Path, tmp_path: Path) -> None:
    """Our 汇总表 and 元数据 agree with our layers and tables."""
    made = hand_in(store, tmp_path / "out", CLERK, "试验")
    assert len(list((made.folder / "汇总表格").iterdir())) == 6
    today = store.clock()
    faults = Faults()
    found = read_delivery(made.folder, faults)
    check_delivery(found, faults, today)
    assert [fault for fault in faults.found if fault.id.startswith(PAPERWORK)] == []
