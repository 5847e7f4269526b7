"""What stands in a hand-in, who may make one, and is each making written down?"""

from __future__ import annotations

import doctest
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from gis.errors import GisError
from registry.certificates.paper import papers_among
from registry.delivery.register import import_delivery
from registry.handin import hand_in, make, summary_tables
from registry.handin.layout import TABLES
from registry.handin.make import HandInExistsError, NothingToHandInError
from registry.holding import notes
from registry.papers import PurposeMissingError, papers
from registry.store.engines import Store
from tests.registry import made_up
from tests.registry.delivery.conftest import CLERK
from tests.registry.handin.full import full_delivery, write

SUMMARIES = (
    "按地块汇总表", "按承包地土地用途汇总表", "按非承包地地块类别汇总表",
    "按承包地是否基本农田汇总表", "按权证信息汇总表", "按承包方汇总表",
)  # fmt: skip


@pytest.fixture
def filled(make_store: Callable[[str], Store], tmp_path: Path) -> Store:
    """A registry on the embedded file with the full delivery in it."""
    store = make_store("file")
    import_delivery(store, write(full_delivery(), tmp_path / "in", "csv"), CLERK)
    return store


def sheet(path: Path) -> list[list[str]]:
    """The cells of a workbook's first sheet."""
    rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return [[str(cell or "") for cell in row] for row in rows]


def test_hand_in_has_the_folders_of_the_standard(filled: Store, tmp_path: Path) -> None:
    """NY/T 2539-2016 7: layers, tables, summaries and metadata by their names; an outsider's tool reads the layers."""
    made = hand_in(filled, tmp_path / "out", CLERK, "向自治区汇交")
    year = filled.clock().strftime("%Y")
    assert made.folder.name == "150626乌审旗"
    assert {"矢量数据", "权属数据", "汇总表格", "元数据", "图件", "文字报告", "其他资料"} == {p.name for p in made.folder.iterdir()}
    assert {p.name for p in (made.folder / "汇总表格").iterdir()} == {f"150626{year}{name}.xlsx" for name in SUMMARIES}
    metadata = ET.parse(made.folder / "元数据" / f"SL150626{year}.xml").getroot()  # noqa: S314 - our own file
    assert metadata.findtext("refSysInfo/centralMer") == "108"
    assert {e.findtext("layerName") for e in metadata.iterfind("contInfo/layer")} == {
        path.stem.removesuffix(f"150626{year}") for path in (made.folder / "矢量数据").glob("*.shp")
    }
    layer = made.folder / "矢量数据" / f"JZD150626{year}.shp"
    told = subprocess.run(["ogrinfo", "-so", "-al", str(layer)], capture_output=True, text=True, check=True).stdout
    assert f"Feature Count: {made.counts['JZD']}" in told
    assert "XZBZ: Real (11.3)" in told
    assert "DKBM: String (254.0)" in told
    assert "CGCS2000" in told
    assert layer.with_suffix(".dbf").read_bytes()[29] == 0x4D


def test_summaries_add_up_from_rounded_values(filled: Store, tmp_path: Path) -> None:
    """Each figure is the sum of parcels as recorded; towns make the county, issuers the villages."""
    made = hand_in(filled, tmp_path / "out", CLERK, "试")
    files = {name: sheet(next((made.folder / "汇总表格").glob(f"*{name}.xlsx"))) for name in SUMMARIES}
    full = full_delivery()
    parcels = files["按地块汇总表"]
    county = dict(zip(parcels[0], next(line for line in parcels if line[0] == "150626"), strict=True))
    mu = sum(Decimal(row["SCMJM"]) for row in full.rows["DK"])
    assert (county["名称"], county["合计面积(亩)"]) == ("乌审旗", str(mu))
    assert int(county["承包地块数"]) == sum(row["DKLB"] == "10" for row in full.rows["DK"])
    for name, lines in files.items():
        for column in range(2, len(lines[0])):
            whole = Decimal(next(line[column] for line in lines if line[0] == "150626"))
            for digits in (9, 12, 14):
                parts = [Decimal(line[column]) for line in lines[1:] if len(line[0]) == digits]
                assert sum(parts) == whole, (name, lines[0][column], digits)
    holders = dict(zip(*(files["按承包方汇总表"][n] for n in (0, 1)), strict=True))
    assert holders["家庭成员数"] == str(len(full.rows["CBF_JTCY"]))


def test_contract_has_the_paper_that_the_table_of_certificates_has(filled: Store) -> None:
    """CBJYQZBM is the contract's own code: a paper only where the delivery's CBJYQZ has it, and none where it was cancelled."""
    rows = full_delivery().rows
    issued, cancelled = ({row["CBJYQZBM"] for row in rows[part]} for part in ("CBJYQZ", "CBJYQZ_QZZX"))
    of_all = {row["CBHTBM"] for row in rows["CBHT"]}
    with filled.reading() as connection:
        assert papers_among(connection, of_all) == issued - cancelled
        assert papers_among(connection, ["", "乌旗农地承包权(1999)第12号"]) == {"乌旗农地承包权(1999)第12号"}
    assert cancelled < issued <= of_all


def test_list_with_a_note_in_plain_words_is_summed_and_handed_in(store: Store, tmp_path: Path) -> None:
    """What a person wrote beside a list is no table of a delivery: the list counts as any other."""
    made_up.register_village(store)
    (by_holder,) = (table for table in summary_tables(store, "") if table.name == "按承包方汇总表")
    assert [line for line in by_holder.lines if "1" in line[2:]]
    assert hand_in(store, tmp_path / "out", CLERK, "向自治区汇交").counts["CBF"] == 1
    assert doctest.testmod(notes).failed == 0


def test_each_making_is_logged_with_its_purpose(filled: Store, tmp_path: Path) -> None:
    """Who, when, how much, what for, and the digest of what was made; without a purpose nothing is made."""
    with pytest.raises(PurposeMissingError):
        hand_in(filled, tmp_path / "out", CLERK, "  ")
    assert not (tmp_path / "out").exists()
    made = hand_in(filled, tmp_path / "out", CLERK, " 向自治区汇交 ")
    with filled.reading() as connection:
        (one,) = papers(filled, connection)
    assert (one.what, one.about, one.digest.hex()) == ("hand-in", "150626", made.digest)
    told = {"purpose": "向自治区汇交", "officer": CLERK.name, "bureau": CLERK.bureau}
    assert one.detail == told | {"records": sum(made.counts.values())}
    raw = b"".join(path.read_bytes() for path in filled.settings.folder.rglob("*") if path.is_file())
    assert "向自治区汇交".encode() not in raw


def test_hand_in_that_fails_leaves_nothing(filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole or not at all: no folder and no making after a fault of the disk; nothing is laid over an older one."""
    def full_disk(*_: object, **__: object) -> None:
        raise GisError("磁盘满", "disk full")

    monkeypatch.setattr(make, "write_shapefile", full_disk)
    with pytest.raises(GisError):
        hand_in(filled, tmp_path / "deep" / "out", CLERK, "试")
    assert list((tmp_path / "deep").iterdir()) == []
    with filled.reading() as connection:
        assert papers(filled, connection) == []
    monkeypatch.undo()
    (tmp_path / "deep" / "out").mkdir()
    hand_in(filled, tmp_path / "deep" / "out", CLERK, "试")
    with pytest.raises(HandInExistsError):
        hand_in(filled, tmp_path / "deep" / "out", CLERK, "试")


def test_empty_registry_hands_nothing_in(store: Store, tmp_path: Path) -> None:
    """There is nothing to hand in before anything came in."""
    with pytest.raises(NothingToHandInError):
        hand_in(store, tmp_path / "out", CLERK, "试")


def test_name_outside_gbk_is_written_whole(make_store: Callable[[str], Store], tmp_path: Path) -> None:
    """A rare character of a name has no place in GBK: that layer is UTF-8, says so, and keeps it; a long name widens."""
    full = full_delivery()
    full.rows["DK"][0]["DKDZ"] = "𠮷家"
    full.rows["DK"][1]["DKDZ"] = "长" * 40
    store = make_store("file")
    assert not import_delivery(store, write(full, tmp_path / "in", "csv", split=False), CLERK).returned
    made = hand_in(store, tmp_path / "out", CLERK, "试")
    assert ("地块（DK）有 GBK 没有的字，写成 UTF-8", "parcels (DK) with characters outside GBK: UTF-8") in made.remarks
    assert not import_delivery(store, made.folder, CLERK).returned
    dbf = next((made.folder / "矢量数据").glob("DK*.dbf")).read_bytes()
    assert "𠮷家".encode() in dbf
    assert ("长" * 40).encode() in dbf


def test_script_builds_every_table_with_its_types(filled: Store, tmp_path: Path) -> None:
    """The .mdb script names each table and column with a type of Access, and says that it was not tested here."""
    made = hand_in(filled, tmp_path / "out", CLERK, "试")
    raw = (made.folder.parent / "建mdb.ps1").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    script = raw.decode("utf-8-sig")
    assert "NOT TESTED" in script
    assert "未在编写处测试过" in script
    for part in TABLES:
        (line,) = (each for each in script.splitlines() if each.startswith(f"Add-Table '{part.name}' "))
        assert [field.split(" = ")[0].strip() for field in line.split("@{")[1].rstrip(" })").split(";")] == [
            column.name for column in part.columns
        ]
    assert "CBQXQ = 'DATETIME'" in script
    assert "HTMJ = 'DOUBLE'" in script
    assert "CBFCYSL = 'INTEGER'" in script
    assert "CBFBM = 'TEXT(18)'" in script
