"""How parcels lie beside each other is said once, with both places, both households, the cause and what mends it."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
from numpy.typing import NDArray

from api.inspection_page import page_of
from gis.formats.drivers import pyogrio
from registry.delivery.faults import Fault, tolerance
from registry.delivery.inspection import inspect_delivery
from registry.delivery.register import import_delivery
from registry.delivery.report import ImportReport, VillageReport
from registry.delivery.report_files import write_report
from registry.store.engines import Store
from tests.registry.delivery.checking import NOW, faults_of
from tests.registry.delivery.conftest import CLERK, GACHA, Copy, Rows

Ring = NDArray[np.float64]


class Land:
    """The DK layer of a copy, whose rings can be changed; `at` is a parcel of the village with a neighbour to its east."""

    def __init__(self, copy: Copy) -> None:
        (self._path,) = copy.layers.glob("DK*.shp")
        self.copy = copy
        self.frame: gpd.GeoDataFrame = pyogrio.read_dataframe(self._path, encoding="GBK")
        self.at, self.beside, self.vertex = self._pair()

    def ring(self, row: int) -> Ring:
        """The vertices of a parcel without the closing one."""
        return np.array(self.frame.geometry.iloc[row].exterior.coords)[:-1]

    def change(self, change: Callable[[Ring], Ring]) -> list[Fault]:
        """Change the ring of the parcel, give back the faults of the village."""
        self.put(self.at, shapely.Polygon(change(self.ring(self.at))))
        return self.faults()

    def put(self, row: int, shape: shapely.Polygon) -> None:
        """Draw a parcel anew."""
        shapes = self.frame.geometry.to_numpy().copy()
        shapes[row] = shape
        self.frame = self.frame.set_geometry(gpd.GeoSeries(shapes, index=self.frame.index, crs=self.frame.crs))

    def faults(self) -> list[Fault]:
        """Write the layer and check the delivery."""
        pyogrio.write_dataframe(self.frame, self._path, encoding="GBK")
        return [fault for fault in faults_of(self.copy.root) if fault.severity != "hold"]

    def code(self, row: int) -> str:
        """The code of a parcel."""
        return str(self.frame.DKBM.iloc[row])

    def _pair(self) -> tuple[int, int, int]:
        """Two contracted parcels of a block of small ones that share a line, and a vertex of it with land all around."""
        shapes = self.frame.geometry.to_numpy()
        meeting: dict[tuple[float, ...], list[int]] = {}
        for row, shape in enumerate(shapes):
            for place in set(shape.exterior.coords[:-1]):
                meeting.setdefault(place, []).append(row)
        for place, rows in meeting.items():
            land = shapely.union_all(shapes[rows])
            if (
                len(rows) == 3
                and all(self.code(row).startswith(GACHA) and self.frame.DKLB.iloc[row] == "10" for row in rows)
                and max(shapely.area(shapes[rows])) < tolerance("land-left-out")
                and land.contains(shapely.Point(place))
            ):
                one, other = rows[0], rows[1]
                vertex = int(np.flatnonzero((self.ring(one) == place).all(axis=1))[0])
                return one, other, vertex
        raise AssertionError


@pytest.fixture
def land(copy: Copy) -> Land:
    """The parcels of the sample."""
    return Land(copy)


def _of(faults: list[Fault], name: str) -> list[Fault]:
    return [fault for fault in faults if fault.id == name]


def _outwards(land: Land, metres: float) -> Callable[[Ring], Ring]:
    """Move the vertex away from the middle of its parcel."""

    def change(ring: Ring) -> Ring:
        way = ring[land.vertex] - ring.mean(axis=0)
        ring[land.vertex] += metres * way / np.hypot(*way)
        return ring

    return change


def test_an_overlap_names_households_area_cause_and_repair(land: Land) -> None:
    """Eight metres into the neighbours: refused, with both places of the parcels, in 亩, and what to do."""
    found = land.change(_outwards(land, 8))
    overlaps = _of(found, "parcels-overlap")
    assert overlaps
    assert {fault.id for fault in found} <= {"parcels-overlap", "parcels-sliver", "area-differs", "contract-area-differs"}
    for fault in overlaps:
        assert fault.severity == "refuse"
        assert all(part in fault.zh for part in ("亩", GACHA, " 与 "))
        assert "{" not in fault.zh + fault.en + fault.hint_en
        assert fault.hint_zh
        assert fault.place is not None
        assert fault.tolerance.startswith("1 m²")
        assert "unconfirmed" in fault.tolerance
        assert fault.clause


def test_a_parcel_delivered_twice_is_called_so(land: Land) -> None:
    """The same shape under another code."""
    land.put(land.beside, land.frame.geometry.iloc[land.at])
    (fault,) = _of(land.faults(), "parcels-overlap")
    assert "重复" in fault.zh
    assert "twice" in fault.en
    assert land.code(land.at) in fault.zh


def test_a_narrow_gap_is_a_note(land: Land) -> None:
    """Thirty centimetres back from a corner that four share: who lies beside it, how wide, where."""
    found = land.change(_outwards(land, -0.3))
    (gap,) = _of(found, "gap-narrow")
    assert (gap.severity, gap.layer) == ("note", "DK")
    assert land.code(land.beside) in gap.zh or land.code(land.at) in gap.zh
    assert gap.place is not None
    assert shapely.distance(shapely.Point(gap.place), shapely.Point(land.ring(land.at)[land.vertex] - (36_000_000, 0))) < 200


def test_a_lost_parcel_is_land_left_out(land: Land) -> None:
    """Were a parcel with land all around it drawn far away, its neighbours would enclose what it left."""
    shapes = land.frame.geometry.to_numpy()
    row = next(
        row
        for row, shape in enumerate(shapes)
        if land.code(row).startswith(GACHA)
        and shape.area < tolerance("land-left-out")
        and shapely.contains_properly(shapely.union_all(shapes[shapely.dwithin(shapes, shape, 1.0)]), shape)
    )
    area_mu = shapes[row].area * 0.0015
    land.put(row, shapely.transform(shapes[row], lambda xy: xy + 20_000))
    (note,) = _of(land.faults(), "land-left-out")
    assert f"{area_mu:.2f} 亩" in note.zh
    assert note.place is not None


def test_vertices_that_differ_by_centimetres_are_said_once_a_neighbour(land: Land, tmp_path: Path) -> None:
    """Three centimetres off: which neighbour, how far, both places; as columns, with the row's code, in every form of a report."""
    found = _of(land.change(_outwards(land, -0.03)), "vertex-unshared")
    assert found
    for fault in found:
        assert "0.030 m" in fault.zh
        assert fault.place is not None
        assert fault.nearest is not None
        assert np.hypot(*np.subtract(fault.place, fault.nearest)) == pytest.approx(0.03, abs=1e-6)
    assert len({(fault.row, fault.zh) for fault in found}) == len(found)
    whole = inspect_delivery(land.copy.root, NOW)
    for suffix in ("gpkg", "shp", "csv"):
        write_report(whole, tmp_path / f"r.{suffix}")
    nearest = [(fault.code, *(f"{metres:.3f}" for metres in fault.nearest or ())) for fault in found]
    drawn = pyogrio.read_dataframe(tmp_path / "r.gpkg", layer="faults").query("fault == 'vertex-unshared'")
    assert nearest == [(row.code, f"{row.nearest_e:.3f}", f"{row.nearest_n:.3f}") for row in drawn.itertuples()]
    shapes = pyogrio.read_dataframe(tmp_path / "r.shp")
    mine = shapes[shapes["错误"] == "vertex-unshared"]
    assert nearest == list(zip(mine["代码"], mine["另一点东"], mine["另一点北"], strict=True))
    lines = list(csv.DictReader((tmp_path / "r.csv").read_text("utf-8-sig").splitlines()))
    assert [row["代码 code"] for row in lines if row["错误 fault"] == "vertex-unshared"] == [code for code, *_ in nearest]


def test_a_vertex_that_only_one_of_two_has_is_said(land: Land) -> None:
    """In the middle of a common line, on it to the last bit that doubles have."""
    ring, place = land.ring(land.at), land.vertex
    other = {tuple(xy) for xy in land.ring(land.beside).tolist()}
    after = (place + 1) % len(ring) if tuple(ring[(place + 1) % len(ring)]) in other else place - 1
    middle = (ring[place] + ring[after]) / 2

    def change(ring: Ring) -> Ring:
        return np.insert(ring, max(place, after) if abs(place - after) == 1 else 0, middle, axis=0)

    found = land.change(change)
    (fault,) = [f for f in found if f.id == "vertex-on-line"]
    assert land.code(land.beside) in fault.zh
    assert {f.id for f in found} == {"vertex-on-line"}


def test_a_spike_is_said(land: Land) -> None:
    """Out and back, into the parcel itself, so that it touches nobody."""

    def change(ring: Ring) -> Ring:
        middle = ring.mean(axis=0)
        at, way = ring[land.vertex], middle - ring[land.vertex]
        side = np.array([-way[1], way[0]]) / np.hypot(*way) * 0.02
        return np.insert(ring, land.vertex + 1, [at + way * 0.3, at + side], axis=0)

    found = land.change(change)
    assert _of(found, "boundary-spike")


def test_a_neighbour_who_lies_elsewhere_is_said(land: Land) -> None:
    """The head of a far household on the eastern side: compared where nothing else is wrong, and the name stays masked."""
    heads: dict[str, str] = {}
    land.copy.edit("CBF", lambda rows: heads.update({row["CBFBM"]: row["CBFMC"] for row in rows}))
    held: dict[str, list[str]] = {}

    def gather(rows: Rows) -> None:
        for row in rows:
            held.setdefault(heads[row["CBFBM"]], []).append(row["DKBM"])

    land.copy.edit("CBDKXX", gather)
    mine = land.frame.geometry.iloc[land.at]
    far = next(
        head
        for head, codes in held.items()
        if codes[0].startswith(GACHA) and (land.frame.geometry[land.frame.DKBM.isin(codes)].distance(mine) > 100).all()
    )
    land.frame.loc[land.frame.index[land.at], "DKDZ"] = far
    (fault,) = land.faults()
    assert (fault.id, fault.field, fault.severity) == ("neighbour-differs", "DKDZ", "note")
    assert far not in fault.zh + fault.en


def _hair(land: Land) -> float:
    """Move one vertex by three tenths of a millimetre, into one neighbour and away from another; how much land that is."""
    shapes = land.frame.geometry.to_numpy()
    before = shapes[land.at]
    ring = land.ring(land.at)
    ring[land.vertex] += (0.0003, 0.0)
    moved = shapely.Polygon(ring)
    land.put(land.at, moved)
    land.faults()
    return float(shapely.symmetric_difference(before, moved).area)


def _told(report: ImportReport) -> dict[str, tuple[int, float]]:
    (village,) = (one for one in report.villages if one.code == GACHA)
    return _told_of(village)


def _told_of(village: VillageReport) -> dict[str, tuple[int, float]]:
    return {one.rule: (one.count, float(one.area_m2)) for one in village.below}


def test_what_lies_below_the_tolerance_is_counted_in_every_report(land: Land, tmp_path: Path) -> None:
    """No fault, and not silent: village, rule, how many, what area, and the tolerance; the verdict has it, too."""
    area = _hair(land)
    found = inspect_delivery(land.copy.root, NOW)
    told = _told(found.report)
    assert set(told) == {"parcels-sliver", "homestead-in-parcel", "gap-narrow", "outside-village"}
    assert (told["homestead-in-parcel"], told["outside-village"]) == ((0, 0.0), (0, 0.0))
    assert told["parcels-sliver"][0] >= 1
    assert told["gap-narrow"][0] >= 1
    assert told["parcels-sliver"][1] + told["gap-narrow"][1] == pytest.approx(area, abs=2e-4)
    others = [one for one in found.report.villages if one.code != GACHA]
    assert [one.below_in_words() for one in others] == [("没有", "none")] * 2
    verdict = json.loads(found.report.verdict())
    (village,) = (one for one in verdict["villages"] if one["code"] == GACHA)
    (sliver,) = (one for one in village["below"] if one["rule"] == "parcels-sliver")
    assert sliver["tolerance"] == "0.01 m² / 0.001 m 宽 wide"
    write_report(found, tmp_path / "r.xlsx")
    _, *lines = openpyxl.load_workbook(tmp_path / "r.xlsx")["容差以下 below"].iter_rows(values_only=True)
    assert (GACHA, "parcels-sliver", *told["parcels-sliver"], sliver["tolerance"]) in lines
    write_report(found, tmp_path / "r.csv")
    rows = list(csv.reader((tmp_path / "r.csv").read_text("utf-8-sig").splitlines()))
    said = next(row for row in rows if row[6] == "parcels-sliver")
    assert (said[0], said[1]) == ("容差以下 below", GACHA)
    assert f"{sliver['area_m2']} m²" in said[7]


Numbers = tuple[dict[tuple[str, str], int], dict[tuple[str, str], tuple[int, float]]]


def _numbers(faults: Iterable[tuple[str, str, Any]], below: Iterable[tuple[str, str, Any, Any]]) -> Numbers:
    """By village and rule: how many faults there are, listed or not; how much lies below the tolerance."""
    counts: Counter[tuple[str, str]] = Counter()
    for village, rule, count in faults:
        counts[village or "", rule] += int(count)
    return dict(counts), {(village, rule): (int(n), float(area)) for village, rule, n, area in below if int(n)}


def _of_verdict(raw: bytes) -> Numbers:
    said = json.loads(raw)
    faults = [(one["village"], one["id"], one.get("count", 1)) for one in (*said["faults"], *said["faults_more"])]
    below = [(of["code"], one["rule"], one["count"], one["area_m2"]) for of in said["villages"] for one in of["below"]]
    return _numbers(faults, below)


def _of_workbook(path: Path) -> Numbers:
    book = openpyxl.load_workbook(path)
    _, *faults = book["错误 faults"].iter_rows(values_only=True)
    _, *below = book["容差以下 below"].iter_rows(values_only=True)
    return _numbers(((row[1], row[6], row[17]) for row in faults), (row[:4] for row in below))


def _of_geopackage(path: Path) -> Numbers:
    faults, below = (pyogrio.read_dataframe(path, layer=name) for name in ("faults", "below"))
    return _numbers(
        zip(faults["village"], faults["fault"], faults["count"], strict=True),
        zip(below["village"], below["rule"], below["count"], below["area_m2"], strict=True),
    )


def _of_lines(rows: list[tuple[str, str, str, Any, Any]]) -> Numbers:
    """Lines of one table: severity, village, rule, count, area."""
    return _numbers(
        ((row[1], row[2], row[3]) for row in rows if not row[0].startswith("容差以下")),
        (row[1:] for row in rows if row[0].startswith("容差以下")),
    )


def test_every_form_of_a_report_has_the_same_numbers(land: Land, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults listed and not listed, and land below a tolerance: verdict, workbook, GeoPackage, Shapefile, csv and page."""
    _hair(land)
    land.copy.edit("CBF_JTCY", lambda rows: [row.update(CYBZSM="=1+1") for row in rows])
    monkeypatch.setattr("registry.delivery.report.MOST_OF_A_RULE", 7)
    found = inspect_delivery(land.copy.root, NOW)
    exact = Counter((fault.village, fault.id) for fault in found.report.faults)
    assert max(exact.values()) > 7
    below = {(one.code, rule): said for one in found.report.villages for rule, said in _told_of(one).items() if said[0]}
    assert below
    for suffix in ("json", "xlsx", "gpkg", "shp", "csv"):
        write_report(found, tmp_path / f"r.{suffix}")
    shapes = pyogrio.read_dataframe(tmp_path / "r.shp", read_geometry=False).fillna("")
    _, *lines = csv.reader((tmp_path / "r.csv").read_text("utf-8-sig").splitlines())
    forms = {
        "verdict": _of_verdict((tmp_path / "r.json").read_bytes()),
        "workbook": _of_workbook(tmp_path / "r.xlsx"),
        "geopackage": _of_geopackage(tmp_path / "r.gpkg"),
        "shapefile": _of_lines(list(zip(*(shapes[name] for name in ("严重", "村码", "错误", "处数", "面积")), strict=True))),
        "csv": _of_lines([(row[0], row[1], row[6], row[17], row[18]) for row in lines]),
    }
    assert forms == dict.fromkeys(forms, (dict(exact), below))
    villages = pyogrio.read_dataframe(tmp_path / "r.gpkg", layer="villages")
    assert villages[["code", "refuse", "hold", "note", "excepted"]].to_numpy().tolist() == [
        [one.code, one.refuse, one.hold, one.note, one.excepted] for one in found.report.villages
    ]
    page = page_of(found)
    assert all(one.below_in_words()[0] in page for one in found.report.villages)


def test_an_import_counts_what_an_inspection_counts(land: Land, store: Store) -> None:
    """On both engines, checked only and registered: it holds nothing back."""
    _hair(land)
    told = _told(inspect_delivery(land.copy.root, store.clock()).report)
    for check_only in (True, False):
        report = import_delivery(store, land.copy.root, CLERK, check_only=check_only)
        assert _told(report) == told
        assert not [fault for fault in report.faults if fault.severity == "refuse"]
