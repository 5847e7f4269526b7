"""Is the generated delivery one that an import may be measured with: valid, complete, its lines shared?"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import shapely

from bench.generate import generate
from gis.formats.drivers import pyogrio
from sample_parcels.land import in_mu
from sample_parcels.people import id_number

PARCELS = 2_003


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated delivery, small and not divisible by the number of villages."""
    return generate(PARCELS, tmp_path_factory.mktemp("bench"))


def test_generated_layer_is_read_by_gdal_with_valid_shapes_of_the_recorded_areas(folder: Path) -> None:
    """Twelve vertices a parcel, EPSG:4524, GBK by the language byte alone, SCMJ the plane area."""
    frame = pyogrio.read_dataframe(folder / "矢量数据" / "DK1506262016.shp")
    shapes = frame.geometry.to_numpy()
    assert len(frame) == PARCELS
    assert frame.crs.to_epsg() == 4524
    assert set(frame["DKMC"]) == {"井边", "渠北", "坡地", "沙畔", "河头"}
    assert shapely.is_valid(shapes).all()
    assert set(shapely.get_num_coordinates(shapes)) == {13}
    assert np.abs(shapely.area(shapes) - frame["SCMJ"].to_numpy()).max() < 0.02
    assert [float(in_mu(Decimal(f"{area:.2f}"))) for area in frame["SCMJ"]] == frame["SCMJM"].to_list()


def test_generated_parcels_share_their_lines_and_never_overlap(folder: Path) -> None:
    """Neighbours share vertices bit for bit."""
    shapes = shapely.from_wkb(pyogrio.raw.read(folder / "矢量数据" / "DK1506262016.shp", columns=[])[2])
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    apart = one < other
    assert apart.sum() > PARCELS
    assert shapely.area(shapely.intersection(shapes[one[apart]], shapes[other[apart]])).max() == 0.0
    corners = shapely.get_coordinates(shapes)
    assert len(np.unique(corners, axis=0)) < 0.62 * len(corners)


def test_generated_tables_refer_to_each_other_and_their_sums_are_exact(folder: Path) -> None:
    """About seven parcels and four people to a household; every reference finds its row."""
    tables = {path.stem: _rows(path) for path in (folder / "权属数据").glob("*.csv")}
    households = {row["CBFBM"]: row for row in tables["CBF"]}
    assert len(tables["FBF"]) == 20
    assert len(tables["CBDKXX"]) == len({row["DKBM"] for row in tables["CBDKXX"]}) == PARCELS
    assert PARCELS / 7 <= len(households) < PARCELS / 6
    assert {row["CBFBM"] for row in tables["CBHT"]} == set(households)
    sums = dict.fromkeys((row["CBHTBM"] for row in tables["CBHT"]), Decimal(0))
    for row in tables["CBDKXX"]:
        assert row["DKBM"][:14] == row["CBFBM"][:14] == row["FBFBM"]
        sums[row["CBHTBM"]] += Decimal(row["HTMJ"])
    assert sums == {row["CBHTBM"]: Decimal(row["HTZMJ"]) for row in tables["CBHT"]}
    assert sum(int(row["CBDKZS"]) for row in tables["CBHT"]) == PARCELS
    assert sum(int(row["CBFCYSL"]) for row in tables["CBF"]) == len(tables["CBF_JTCY"])
    for row in tables["CBF_JTCY"]:
        assert row["CYZJHM"] == id_number(row["CYZJHM"][:17])
        assert int(row["CYZJHM"][16]) % 2 == int(row["CYXB"]) % 2
        if row["YHZGX"] == "02":
            assert households[row["CBFBM"]]["CBFZJHM"] == row["CYZJHM"]
    assert len({row["CYZJHM"] for row in tables["CBF_JTCY"]}) == len(tables["CBF_JTCY"])


def test_same_number_of_parcels_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Both engines and both peers are measured on one and the same delivery."""
    again = generate(PARCELS, tmp_path)
    assert all(path.read_bytes() == (again / path.relative_to(folder)).read_bytes() for path in folder.rglob("*.*"))


def test_more_parcels_than_the_banner_has_room_for_are_refused(tmp_path: Path) -> None:
    """A parcel serial has five digits, a household serial ends at 8000."""
    with pytest.raises(SystemExit, match="太多"):
        generate(100_000_000, tmp_path)


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("gbk"))))
