"""The layers and tables that are only kept are checked like the others: type, length, code list, reference, shape."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from registry.audit import audit
from registry.delivery.faults import Faults
from registry.delivery.kept_parts import KEPT
from registry.delivery.read import read_delivery
from registry.delivery.register import import_delivery
from registry.parcels.model import PARCEL_VERSION
from registry.records import records_of
from registry.store.engines import Store
from tests.registry.delivery.checking import faults_of
from tests.registry.delivery.conftest import CLERK
from tests.registry.handin.full import Full, full_delivery, write

JET = Path(__file__).parents[2] / "gis" / "formats" / "jet"
OUT = 1_000_000.0


def refusing(made: Full, folder: Path) -> set[tuple[str, str, str]]:
    """The refusing faults of a delivery: id, layer, field."""
    found = faults_of(write(made, folder, "csv"))
    return {(fault.id, fault.layer, fault.field) for fault in found if fault.severity == "refuse"}


def test_full_delivery_has_no_fault_but_what_it_leaves_out(tmp_path: Path) -> None:
    """The generator's own rows pass every check."""
    assert {fault.id for fault in faults_of(write(full_delivery(), tmp_path, "csv"))} == {"part-absent"}


LISTED = [(part.name, column.name) for part in KEPT for column in part.columns if column.allowed]


@pytest.mark.parametrize(("part", "column"), LISTED)
def test_value_outside_its_code_list_is_refused(tmp_path: Path, part: str, column: str) -> None:
    """NY/T 2539-2016 appendix C: every list of every kept part."""
    made = full_delivery()
    made.rows[part][0][column] = "0"
    assert refusing(made, tmp_path) == {("value-not-in-list", part, column)}


SLIPS: dict[str, tuple[str, str, str, str]] = {
    "length": ("JZX", "JZXSM", "长" * 120, ""),
    "number": ("LZHT", "LZMJ", "约五百", "value-not-number"),
    "negative": ("LZHT", "LZMJ", "-1.00", "value-not-positive"),
    "too long a text": ("QSLYZLFJ", "ZLFJMC", "长" * 101, "value-too-long"),
    "too long a number": ("LZHT", "LZMJ", "12345678901234.56", "value-too-long"),
    "day": ("CBJYQZ", "FZRQ", "20161340", "value-not-date"),
    "future": ("CBJYQZ", "FZRQ", "20990101", "day-in-future"),
    "contract": ("CBJYQZDJB", "CBJYQZBM", "150626100210000099J", "contract-unknown"),
    "structure": ("CBJYQZDJB", "CBJYQZBM", "15062610021000009J", "cbht-code-structure"),
    "parcel of a point": ("JZD", "DKBM", "1506261002100000001/1506261002100099999", "parcel-unknown"),
    "parcels of a line": ("JZX", "DKBM", "1506261002100000001，1506261002100000002", "dk-code-structure"),
    "town": ("XJQY", "XJQYDM", "15062610", "limit-code-structure"),
    "group": ("ZJQY", "ZJQYDM", "150626100210", "limit-code-structure"),
    "building without a plot": ("FW", "BDCDYH", "150626100210JC99999F00010001", "object-unknown"),
    "building without storeys": ("FW", "ZCS", "0", "value-not-positive"),
}


@pytest.mark.parametrize("slip", [name for name in SLIPS if SLIPS[name][3]])
def test_slip_in_a_kept_part_is_one_fault(tmp_path: Path, slip: str) -> None:
    """One slip, one fault, at its field."""
    part, column, value, fault = SLIPS[slip]
    made = full_delivery()
    made.rows[part][0][column] = value
    assert refusing(made, tmp_path) == {(fault, part, column)}


def test_shape_of_a_kept_layer_is_judged(tmp_path: Path) -> None:
    """Of its kind, there, in numbers, in the banner; a line layer that holds points is refused whole."""
    made = full_delivery()
    made.shapes["JZD"][0] = shapely.Point(575_000, 5_000_000)
    made.shapes["JZX"][1] = shapely.LineString()
    found = refusing(made, tmp_path / "a")
    assert found == {("outside-banner", "JZD", "geometry"), ("shape-missing", "JZX", "geometry")}
    made = full_delivery()
    made.shapes["QYJX"] = [shapely.Point(575_000, 4_262_000)]
    assert refusing(made, tmp_path / "b") == {("layer-of-other-shapes", "QYJX", "")}


def test_zone_prefix_is_taken_off_and_the_report_says_so(make_store: Callable[[str], Store], tmp_path: Path) -> None:
    """EPSG:4524: shapes and coordinate fields are kept without 36, and the remark names it (GB/T CGCS2000 zones)."""
    made = full_delivery()
    for row in made.rows["JZD"]:
        row["YZBZ"] = f"36{row['YZBZ']}"
    root = write(made, tmp_path, "csv")
    _with_prefix(root)
    store = make_store("file")
    report = import_delivery(store, root, CLERK)
    assert not report.returned
    assert any("36" in zh and "已去掉" in zh for zh, _ in report.remarks)
    with store.reading() as connection:
        points = records_of(connection, store.vault)["JZD"]
    for point in points:
        assert isinstance(point.shape, shapely.Point)
        assert point.fields["YZBZ"] == f"{point.shape.x:.3f}"
        assert point.shape.x < OUT


def _with_prefix(root: Path) -> None:
    """Every layer anew, 36,000,000 added to each easting."""
    import geopandas as gpd  # noqa: PLC0415

    from gis.formats import read_layer, write_shapefile  # noqa: PLC0415
    from registry.delivery.parts import PART_OF_NAME  # noqa: PLC0415
    from registry.handin.layout import dbf_fields  # noqa: PLC0415

    for path in sorted((root / "矢量数据").glob("*.shp")):
        layer = read_layer(path)
        moved = shapely.transform(layer.frame.geometry.to_numpy(), lambda points: points + np.array([36_000_000.0, 0.0]))
        frame = gpd.GeoDataFrame(layer.frame.drop(columns="geometry"), geometry=moved)
        part = PART_OF_NAME[path.stem.split("150626")[0]]
        fields = dbf_fields(part, [{"BSM": "1", "YZBZ": "36575000.125"}], "GBK")
        write_shapefile(frame, path, epsg=4524, encoding="GBK", fields=fields)


def test_tables_of_an_mdb_are_those_of_the_generator(make_store: Callable[[str], Store], tmp_path: Path) -> None:
    """One .mdb with the standard's tables, as Jackcess wrote it: the same delivery as the CSVs, to the last field."""
    store = make_store("file")
    root = write(full_delivery(), tmp_path / "csv", "csv")
    import_delivery(store, root, CLERK)
    for path in (root / "权属数据").iterdir():
        path.unlink()
    (root / "权属数据" / "1506262016.mdb").write_bytes(gzip.decompress((JET / "1506262016.mdb.gz").read_bytes()))
    report = import_delivery(store, root, CLERK)
    assert [fault.id for fault in report.faults if fault.severity == "refuse"] == []
    assert {village.state for village in report.villages} == {"unchanged"}
    assert (report.committed, report.counts["kept"]) == (None, 0)


@pytest.mark.parametrize("folder", [".", "矢量数据", "权属数据"])
def test_personal_geodatabase_is_refused_under_that_name(tmp_path: Path, folder: str) -> None:
    """Users say: name it, not “unknown”; and say what to send instead."""
    root = write(full_delivery(), tmp_path, "csv")
    (root / folder / "成果.mdb").write_bytes(gzip.decompress((JET / "geodatabase.mdb.gz").read_bytes()))
    (fault,) = (one for one in faults_of(root) if one.severity == "refuse")
    assert fault.id == "personal-geodatabase"
    assert "个人地理数据库" in fault.zh
    assert "Shapefile" in fault.hint_en


def test_paper_that_a_row_points_to_is_looked_for_where_papers_came(tmp_path: Path) -> None:
    """FJ, DKSYT and DZJ by name, in whatever case; several pictures of one paper are joined by /."""
    made = full_delivery()
    made.rows["QSLYZLFJ"][0]["FJ"] = "其他资料\\权属来源附件\\a.jpg/其他资料\\权属来源附件\\b.JPG"
    root = write(made, tmp_path, "csv")
    assert "attachments-missing" not in {fault.id for fault in faults_of(root)}
    papers = root / "其他资料" / "权属来源附件"
    papers.mkdir(parents=True)
    (papers / "a.jpg").write_bytes(b"")
    (papers / "B.jpg").write_bytes(b"")
    said = {fault.layer: fault.en for fault in faults_of(root) if fault.id == "attachments-missing"}
    assert set(said) == {"KZD", "QSLYZLFJ", "CBJYQZDJB"}
    rows = len(made.rows["QSLYZLFJ"])
    assert said["QSLYZLFJ"] == f"{rows - 1} rows point to a file that was not delivered (the first is row 3)"
    (papers / "B.jpg").unlink()
    said = {fault.layer: fault.en for fault in faults_of(root) if fault.id == "attachments-missing"}
    assert said["QSLYZLFJ"].startswith(f"{rows} rows")


def test_database_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """An .mdb or .gpkg that is none; a view in a GeoPackage is no table and is not run."""
    root = write(full_delivery(), tmp_path, "gpkg")
    package = root / "权属数据" / "1506262016.gpkg"
    with closing(sqlite3.connect(package)) as database:
        database.execute("ALTER TABLE FBF RENAME TO hidden")
        database.execute("CREATE VIEW FBF AS SELECT * FROM hidden")
        database.commit()
    assert {("part-missing", "FBF"), ("part-unread", "")} <= {(fault.id, fault.layer) for fault in faults_of(root)}
    package.write_bytes(b"SQLite format 3\0 nothing")
    assert "file-unreadable" in {fault.id for fault in faults_of(root)}
    package.rename(package.with_suffix(".mdb"))
    assert "file-unreadable" in {fault.id for fault in faults_of(root)}


def test_dbf_table_in_another_encoding_than_it_says_is_refused(tmp_path: Path) -> None:
    """Nothing is replaced, the file is named."""
    root = write(full_delivery(), tmp_path, "dbf")
    (root / "权属数据" / "FBF.cpg").write_text("UTF-8")
    (fault,) = (one for one in faults_of(root) if one.severity == "refuse")
    assert (fault.id, fault.file) == ("file-unreadable", "权属数据/FBF.dbf")
    (root / "权属数据" / "FBF.cpg").unlink()
    (root / "权属数据" / "FBF.dbf").write_bytes(b"x")
    (fault,) = (one for one in faults_of(root) if one.severity == "refuse")
    assert (fault.id, fault.file) == ("file-unreadable", "权属数据/FBF.dbf")


def test_buildings_stand_on_their_plot_and_come_later_with_consent_only(store: Store, tmp_path: Path) -> None:
    """房地一体: houses are of the plot's own facts; a plot registered without keeps them for an act with consent."""
    made = full_delivery()
    houses = made.rows.pop("FW")
    import_delivery(store, write(made, tmp_path / "a", "csv"), CLERK)
    made.rows["FW"] = houses
    report = import_delivery(store, write(made, tmp_path / "b", "csv"), CLERK)
    assert report.committed is None
    assert {fault.id for fault in report.faults if fault.layer == "FW"} == {"buildings-not-recorded"}
    assert buildings(store, houses[0]["BDCDYH"]) == ["[]"]
    with store.reading() as connection:
        assert len(records_of(connection, store.vault)["FW"]) == len(houses)
    assert audit(store).findings == ()


def test_other_buildings_than_those_registered_are_refused(store: Store, tmp_path: Path) -> None:
    """What is registered is changed by an act; a delivery without the table of buildings says nothing of them."""
    made = full_delivery()
    import_delivery(store, write(made, tmp_path / "a", "csv"), CLERK)
    (kept,) = buildings(store, made.rows["FW"][0]["BDCDYH"])
    assert '"storeys": "2"' in kept
    made.rows["FW"][0]["ZCS"] = "3"
    report = import_delivery(store, write(made, tmp_path / "b", "csv"), CLERK)
    assert {(f.id, f.layer, f.field) for f in report.faults if f.severity == "refuse"} == {
        ("contradicts-registered", "ZD", "BDCDYH")
    }
    made.rows.pop("FW")
    report = import_delivery(store, write(made, tmp_path / "c", "csv"), CLERK)
    assert {village.state for village in report.villages} == {"unchanged"}


def buildings(store: Store, code: str) -> list[str]:
    """What each version of a plot says of its buildings."""
    with store.reading() as connection:
        return list(connection.scalars(sa.select(PARCEL_VERSION.c.buildings).where(PARCEL_VERSION.c.code == code)))


def test_village_that_comes_back_keeps_no_record_either(store: Store, tmp_path: Path) -> None:
    """All or nothing holds for what is kept, too; the county's own rows go in with the first village."""
    made = full_delivery()
    next(row for row in made.rows["CBHT"] if row["CBHTBM"].startswith("150626101206"))["HTZMJ"] = "1.00"
    report = import_delivery(store, write(made, tmp_path / "a", "csv"), CLERK)
    assert {village.code: village.state for village in report.villages} == {
        "150626100210": "registered", "150626101206": "returned",
    }  # fmt: skip
    with store.reading() as connection:
        kept = records_of(connection, store.vault)
    assert {record.village for record in kept["JZD"]} == {"150626100210"}
    assert {record.village for record in kept["XJXZQ"]} == {""}


def test_newest_delivery_of_a_village_is_what_is_known(store: Store, tmp_path: Path) -> None:
    """A corrected register page replaces the older one in a hand-in, which stays in the register for the audit."""
    made = full_delivery()
    import_delivery(store, write(made, tmp_path / "a", "csv"), CLERK)
    made.rows["CBJYQZDJB"][0]["DBR"] = "另一登簿人"
    report = import_delivery(store, write(made, tmp_path / "b", "csv"), CLERK)
    assert report.committed is None
    assert report.counts["kept"] > 0
    with store.reading() as connection:
        pages = records_of(connection, store.vault)["CBJYQZDJB"]
    assert len(pages) == len(made.rows["CBJYQZDJB"])
    assert sum(page.fields["DBR"] == "另一登簿人" for page in pages) == 1
    assert audit(store).findings == ()
    raw = b"".join(path.read_bytes() for path in store.settings.folder.rglob("*") if path.is_file())
    assert "登簿人丙".encode() not in raw


def test_gbk_that_is_also_utf_8_is_read_as_gbk(tmp_path: Path) -> None:
    """砖木 in GBK is good UTF-8 for two other letters: Chinese in UTF-8 has three bytes a character."""
    made = full_delivery()
    root = write(made, tmp_path, "csv")
    frame = read_delivery(root, Faults()).frames["FW"]
    assert set(frame.values("FWJG")) == {"砖木"}
    path = root / "权属数据" / "FW.csv"
    path.write_bytes(path.read_bytes().decode("gbk").encode())
    assert set(read_delivery(root, Faults()).frames["FW"].values("FWJG")) == {"砖木"}
    shutil.rmtree(root)
