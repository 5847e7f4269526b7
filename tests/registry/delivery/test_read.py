"""Reading is strict: what can't be read whole turns the delivery back, with file and reason."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import openpyxl
import pytest

from registry.delivery.faults import Faults, shown
from registry.delivery.read import read_delivery
from tests.registry.delivery.checking import faults_of, found
from tests.registry.delivery.conftest import Copy


def only(root: Path) -> tuple[str, str]:
    """The one refusing fault of a delivery: its id and file."""
    refusing = [fault for fault in faults_of(root) if fault.severity == "refuse"]
    assert len(refusing) == 1, [(f.id, f.zh) for f in refusing]
    return refusing[0].id, refusing[0].file


def test_sample_delivery_has_no_fault(sound: Path) -> None:
    """The sample passes without a note (docs/delivery.md)."""
    assert faults_of(sound) == []


def test_folder_that_holds_one_delivery_is_that_delivery(sound: Path) -> None:
    """A clerk may name the folder above."""
    assert faults_of(sound.parent) == []


def test_folder_without_county_code_is_refused(copy: Copy) -> None:
    """The folder is named like 150626乌审旗."""
    other = copy.root.with_name("乌审旗")
    copy.root.rename(other)
    assert only(other) == ("folder-name", "")


def test_missing_part_is_named_and_nothing_else(copy: Copy) -> None:
    """A required table that is missing is said once, without the faults that follow from it."""
    (copy.tables / "CBHT.csv").unlink()
    assert found(copy.root) == {("part-missing", "CBHT", "")}


def test_optional_part_that_is_missing_is_a_note(copy: Copy) -> None:
    """A roster may stay away; without village limits it is said that their check was not done."""
    (copy.tables / "户籍.csv").unlink()
    for each in copy.layers.glob("CJQY*"):
        each.unlink()
    assert found(copy.root) == {("part-absent", "户籍", ""), ("village-limits-absent", "CJQY", "")}


def test_other_files_are_named_and_left_alone(copy: Copy) -> None:
    """What is not part of a delivery is named in the report; the standard's other folders are known."""
    (copy.root / "栅格数据").mkdir()
    (copy.root / "照片").mkdir()
    (copy.tables / "1506262016.accde").write_bytes(b"x")
    (copy.layers / "XYZ1506262016.shp").write_bytes(b"x")
    assert [fault.id for fault in faults_of(copy.root)] == ["part-unread"] * 3
    remarks = read_delivery(copy.root, Faults()).remarks
    assert any(en == "栅格数据: not taken in, keep them where they are" for _, en in remarks)


def test_table_in_two_forms_is_refused(copy: Copy) -> None:
    """One table comes in one form, once."""
    shutil.copy(copy.tables / "惠农牧补贴.xlsx", copy.tables / "CBHT.xlsx")
    assert only(copy.root)[0] == "part-twice"


def test_layer_of_two_years_is_refused_and_parts_are_joined(copy: Copy) -> None:
    """-1, -2 are parts of a layer; another year is another layer."""
    for each in copy.layers.glob("ZD*"):
        shutil.copy(each, each.with_name(each.name.replace("2016.", "2016-1.")))
    assert {fault.id for fault in faults_of(copy.root)} == {"key-twice", "parcels-overlap"}
    for each in copy.layers.glob("ZD*-1*"):
        each.rename(each.with_name(each.name.replace("2016-1", "2017")))
    assert only(copy.root)[0] == "part-twice"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_table_is_read_in_either_encoding(copy: Copy, encoding: str) -> None:
    """UTF-8 with or without BOM, or GBK."""
    copy.edit("CBF", len, encoding)
    assert faults_of(copy.root) == []


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"FBFBM,FBFMC\r\n15062610021000,\xff\xff\xff\r\n", "encoding-unknown"),
        (b"", "file-unreadable"),
        (b"FBFBM,FBFMC\r\n15062610021000,\0\r\n", "file-unreadable"),
        (b'FBFBM,FBFMC\r\n15062610021000,"x\r\n', "file-unreadable"),
        (b"FBFBM,FBFMC\r\n15062610021000,x,y\r\n", "file-unreadable"),
    ],
)
def test_table_that_is_broken_is_refused(copy: Copy, raw: bytes, fault: str) -> None:
    """A table is read whole or not at all, never with replaced characters or shifted cells."""
    (copy.tables / "FBF.csv").write_bytes(raw)
    assert only(copy.root)[0] == fault


def test_columns_are_held_to_the_part(copy: Copy) -> None:
    """A missing required column refuses; an expected or unknown one is noted; a column twice refuses."""
    path = copy.tables / "CBHT.csv"
    text = path.read_text("gbk")
    path.write_text(text.replace("QDSJ", "QDRQ", 1), "gbk")
    assert found(copy.root) == {("column-missing", "CBHT", "QDSJ"), ("column-unread", "CBHT", "")}
    path.write_text(text.replace("YHTZMJM", "QDSJ", 1), "gbk")
    assert found(copy.root) == {("column-twice", "CBHT", "QDSJ")}
    path.write_text(text, "gbk")
    copy.edit("FBF", lambda rows: [row.pop("FBFDCY") for row in rows])
    assert found(copy.root) == {("column-absent", "FBF", "FBFDCY")}


def test_quotes_blank_lines_and_dates_with_hyphens_are_read(copy: Copy) -> None:
    """RFC 4180 quotes, blank lines between rows and YYYY-MM-DD change nothing; rows keep their numbers."""
    path = copy.tables / "CBHT.csv"
    lines = path.read_text("gbk").split("\n")
    lines[1] = ",".join(f'"{cell}"' for cell in lines[1].strip().split(",")).replace("20161130", "2016-11-30")
    path.write_text("\n".join([lines[0], lines[1], "", *lines[2:]]), "gbk", newline="\n")
    assert faults_of(copy.root) == []
    copy_text = path.read_text("gbk").replace("20471231", "19471231", 1)
    path.write_text(copy_text, "gbk", newline="\n")
    assert [fault.row for fault in faults_of(copy.root)] == [4]


def workbook(copy: Copy, change: dict[str, object]) -> None:
    """FBF as xlsx with cells changed by their address."""
    source = copy.tables / "FBF.csv"
    book = openpyxl.Workbook()
    sheet = book.active
    for line in source.read_text("gbk").splitlines():
        sheet.append(line.split(","))
    for address, value in change.items():
        sheet[address] = value
    book.save(copy.tables / "FBF.xlsx")
    source.unlink()


def test_workbook_is_read_with_its_dates(copy: Copy) -> None:
    """An Excel date is YYYYMMDD; whole numbers that a spreadsheet keeps exactly are their digits."""
    import datetime as dt  # noqa: PLC0415

    workbook(copy, {"J2": dt.datetime(2016, 6, 1), "A2": 15062610021000})  # noqa: DTZ001
    assert faults_of(copy.root) == []


def test_workbook_with_rounded_number_or_formula_is_refused(copy: Copy) -> None:
    """What a spreadsheet rounded is lost (4.2E+17), a formula is no fact; each is said at its cell."""
    workbook(copy, {"E2": 150699195406023238, "B3": '="x"', "H4": "#N/A"})
    faults = faults_of(copy.root)
    assert {(f.id, f.row, f.field, f.village) for f in faults} >= {
        ("value-rounded", 2, "FZRZJHM", "150626100210"),
        ("value-is-formula", 3, "FBFMC", "150626101206"),
    }


def test_rounded_number_in_csv_is_refused(copy: Copy) -> None:
    """A table that went through a spreadsheet shows 4.2E+17 as text."""
    copy.put("CBF_JTCY", 0, CYZJHM="1.50699E+17")
    assert ("value-rounded", "CBF_JTCY", "CYZJHM") in found(copy.root)


def test_workbook_that_is_none_or_a_bomb_is_refused(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is no workbook, or is huge when unpacked, is refused before it is read."""
    book = copy.tables / "惠农牧补贴.xlsx"
    monkeypatch.setattr("registry.delivery.read_tables._LARGEST_XLSX", 1000)
    assert only(copy.root)[0] == "file-unreadable"
    monkeypatch.undo()
    book.write_bytes(b"PK\x03\x04 nothing")
    assert only(copy.root)[0] == "file-unreadable"


def test_empty_workbook_is_refused(copy: Copy) -> None:
    """A sheet without a header row is no table."""
    openpyxl.Workbook().save(copy.tables / "惠农牧补贴.xlsx")
    assert only(copy.root)[0] == "file-unreadable"


def test_layer_without_or_with_another_crs_is_refused(copy: Copy) -> None:
    """Where coordinates lie is never guessed."""
    prj = copy.layers / "DK1506262016.prj"
    text = prj.read_text()
    prj.unlink()
    assert only(copy.root)[0] == "crs-missing"
    prj.write_text(text.replace("36500000", "500000").replace("108.0", "111.0"))
    assert "crs-not-as-said" in {fault.id for fault in faults_of(copy.root)}
    prj.write_text(text.replace("D_China_2000", "D_Xian_1980"))
    assert "crs-unknown" in {fault.id for fault in faults_of(copy.root)}


def test_layers_in_two_crs_are_refused(copy: Copy) -> None:
    """One CRS for the whole delivery: eastings with and without prefix are two."""
    shp = copy.layers / "ZD1506262016.shp"
    raw = bytearray(shp.read_bytes())
    at = 100
    while at < len(raw):
        (words,) = struct.unpack_from(">i", raw, at + 4)
        parts, points = struct.unpack_from("<ii", raw, at + 8 + 36)
        for n in range(points):
            place = at + 8 + 44 + 4 * parts + 16 * n
            struct.pack_into("<d", raw, place, struct.unpack_from("<d", raw, place)[0] - 36_000_000)
        at += 8 + 2 * words
    shp.write_bytes(bytes(raw))
    prj = copy.layers / "ZD1506262016.prj"
    prj.write_text(prj.read_text().replace("36500000", "500000"))
    assert only(copy.root)[0] == "crs-mixed"


def test_damaged_layer_is_refused(copy: Copy) -> None:
    """A Shapefile cut in half or without its index is refused as a whole."""
    shp = copy.layers / "DK1506262016.shp"
    raw = shp.read_bytes()
    shp.write_bytes(raw[: len(raw) // 2])
    assert only(copy.root)[0] == "file-unreadable"
    shp.write_bytes(raw)
    (copy.layers / "DK1506262016.shx").unlink()
    assert only(copy.root)[0] == "file-unreadable"


def test_layer_whose_tables_count_differently_is_refused(copy: Copy) -> None:
    """As many rows as shapes."""
    dbf = copy.layers / "DK1506262016.dbf"
    raw = bytearray(dbf.read_bytes())
    struct.pack_into("<I", raw, 4, 351)
    dbf.write_bytes(bytes(raw))
    assert only(copy.root)[0] == "record-count"


def test_layer_in_another_encoding_than_it_says_is_refused(copy: Copy) -> None:
    """A .cpg that is not true, or bytes of no known encoding: nothing is replaced."""
    (copy.layers / "ZD1506262016.cpg").write_text("UTF-8")
    assert only(copy.root)[0] == "encoding-not-as-said"
    (copy.layers / "ZD1506262016.cpg").write_text("GBK")
    dbf = copy.layers / "DK1506262016.dbf"
    dbf.write_bytes(dbf.read_bytes().replace("井边".encode("gbk"), b"\xff\xff\xff\xff", 1))
    assert only(copy.root)[0] == "encoding-unknown"


def test_layer_with_a_number_that_is_none_is_refused_without_showing_it(copy: Copy) -> None:
    """A number field that holds text: its row and field are named, the text is not."""
    dbf = copy.layers / "DK1506262016.dbf"
    raw = dbf.read_bytes()
    dbf.write_bytes(raw.replace(b"17877.90", b"1787x.90", 1))
    fault = faults_of(copy.root)[0]
    assert (fault.id, "SCMJ" in fault.zh, "1787x" in fault.zh) == ("file-unreadable", True, False)


def test_layer_of_points_is_refused(copy: Copy) -> None:
    """Parcels are polygons."""
    shp, shx = copy.layers / "ZD1506262016.shp", copy.layers / "ZD1506262016.shx"
    header = bytearray(shp.read_bytes()[:100])
    count = (shx.stat().st_size - 100) // 8
    struct.pack_into("<i", header, 32, 1)
    body, index = b"", b""
    for n in range(count):
        index += struct.pack(">ii", (100 + 28 * n) // 2, 10)
        body += struct.pack(">ii", n + 1, 10) + struct.pack("<idd", 1, 36_570_000.0, 4_260_000.0)
    struct.pack_into(">i", header, 24, (100 + len(body)) // 2)
    shp.write_bytes(bytes(header) + body)
    struct.pack_into(">i", header, 24, (100 + len(index)) // 2)
    shx.write_bytes(bytes(header) + index)
    assert only(copy.root)[0] == "layer-not-polygon"


def test_content_hash_is_that_of_names_and_bytes(copy: Copy, sound: Path) -> None:
    """The same files give the same hash, another byte another one."""
    same, other = read_delivery(sound, Faults()), read_delivery(copy.root, Faults())
    assert same.content_hash == other.content_hash
    copy.put("FBF", 0, FBFMC="x")
    assert read_delivery(copy.root, Faults()).content_hash != same.content_hash


def test_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A wrong path says which parts are missing, it does not raise."""
    assert {fault.id for fault in faults_of(tmp_path / "150626乌审旗")} >= {"part-missing"}


@pytest.mark.parametrize(
    ("value", "sealed", "answer"),
    [
        ("15062610021000", False, "15062610021000"),
        ("150699197403186954", False, "****************54"),
        ("150699740318695", False, "*************95"),
        ("达楞太", False, "**太"),
        ("13800000000", True, "*********00"),
    ],
)
def test_value_is_shown_masked_where_it_may_be_a_persons(value: str, sealed: bool, answer: str) -> None:
    """No name and no ID number in a report, also not from a column that it slipped into."""
    assert shown(value, sealed=sealed) == answer
