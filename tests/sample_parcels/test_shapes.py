"""Do the sample's shapes lie in the banner, agree with their areas and share their lines?"""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pyproj
import shapely

from tests.sample_parcels.conftest import SAMPLE, Read


def test_layers_are_in_the_prefixed_crs_of_the_banner(clean: Read) -> None:
    """EPSG:4524: CGCS2000, zone 36, eastings with the zone number (standards.md 5.1)."""
    assert set(clean.epsg.values()) == {"EPSG:4524"}
    assert all(36_000_000 < bound < 37_000_000 for bound in shapely.bounds(clean.shapes["DK"])[:, 0])


def test_areas_of_shapes_agree_with_the_recorded_ones(clean: Read) -> None:
    """SCMJ and ZDMJ are the plane area of the shape to 0.5 % (docs/delivery.md 2)."""
    for layer, field in (("DK", "SCMJ"), ("ZD", "ZDMJ")):
        recorded = np.array([float(row[field]) for row in clean.rows[layer]])
        assert np.all(np.abs(shapely.area(clean.shapes[layer]) - recorded) < 0.005 * recorded)


def test_shapes_are_valid_and_none_overlaps_another(clean: Read) -> None:
    """Parcels and homesteads touch and never overlap: the judge is GEOS."""
    shapes = np.concatenate([clean.shapes["DK"], clean.shapes["ZD"]])
    assert shapely.is_valid(shapes).all()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    apart = one < other
    assert shapely.area(shapely.intersection(shapes[one[apart]], shapes[other[apart]])).max() == 0.0


def test_neighbours_share_their_vertices_bit_for_bit(clean: Read) -> None:
    """Touching parcels share a line of identical vertices: no gap, no sliver."""
    shapes = clean.shapes["DK"]
    one, other = shapely.STRtree(shapes).query(shapes, predicate="touches")
    lines = [(a, b) for a, b in zip(one, other, strict=True) if a < b]
    corners = [set(map(tuple, shapely.get_coordinates(shape))) for shape in shapes]
    assert len(lines) > 500
    assert all(len(corners[a] & corners[b]) >= 1 for a, b in lines)
    held = Counter(corner for ring in corners for corner in ring)
    assert sum(count > 1 for count in held.values()) > len(held) / 2


def test_parcels_lie_inside_their_village_and_the_banner(clean: Read) -> None:
    """Village limits pass along the outer fences; villages lie in the banner's outline (an illustration)."""
    villages = {row["CJQYDM"]: shape for row, shape in zip(clean.rows["CJQY"], clean.shapes["CJQY"], strict=True)}
    for row, shape in zip(clean.rows["DK"], clean.shapes["DK"], strict=True):
        assert villages[row["DKBM"][:12]].covers(shape)
    for row, shape in zip(clean.rows["ZD"], clean.shapes["ZD"], strict=True):
        assert villages[row["FBFBM"][:12]].covers(shape)
    outline = json.loads((SAMPLE / "banner.geojson").read_text("utf-8"))["features"][0]["geometry"]
    banner = shapely.from_geojson(json.dumps(outline))
    to_degrees = pyproj.Transformer.from_crs(4524, 4490, always_xy=True).transform
    for shape in villages.values():
        assert banner.contains(shapely.transform(shape, to_degrees, interleaved=False))


def test_pastures_are_of_thousands_of_mu_and_one_has_a_yard_cut_out(clean: Read) -> None:
    """Believable sizes; one pasture has the holder's homestead as a hole."""
    sizes = [float(row["SCMJM"]) for row in clean.rows["DK"] if row["TDLYLX"] == "041"]
    assert min(sizes) > 1000
    assert max(sizes) < 5000
    assert shapely.get_num_interior_rings(clean.shapes["DK"]).sum() == 1


def test_only_one_layer_says_its_code_page() -> None:
    """GBK comes with and without .cpg; the language byte of each .dbf says 0x4D."""
    maps = SAMPLE / "delivery" / "150626乌审旗" / "矢量数据"
    assert [path.name for path in maps.glob("*.cpg")] == ["ZD1506262016.cpg"]
    assert {path.read_bytes()[29] for path in maps.glob("*.dbf")} == {0x4D}
