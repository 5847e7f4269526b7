"""Is what is written column by column the same as what is written value by value?"""

from __future__ import annotations

from decimal import Decimal

import geopandas as gpd
import numpy as np
import orjson
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.formats.dbf import DbfField
from gis.formats.dbf_columns import cells_of, fields_for, records_of
from gis.formats.dbf_writing import DBF_END, Codec, ValueDoesNotFit, dbf_bytes, dbf_header, wide_enough
from gis.formats.geojson import geojson_features
from gis.formats.geojson_columns import feature_lines
from gis.formats.rings import rings_in

EAST, NORTH = 574_000, 4_263_000
OUTER = [(0, 0), (0, 50), (60, 50), (60, 0)]
SHAPES = [
    shapely.Polygon(OUTER),  # clockwise
    shapely.Polygon(OUTER[::-1], [[(1, 1), (2, 1), (2, 2)], [(10, 10), (10, 20), (20, 20)]]),  # holes both ways round
    shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)]),
    shapely.Polygon(),
    shapely.box(100, 100, 101.0625, 101),
]
TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False)


def wkb_column(shapes: list[shapely.Geometry]) -> pa.BinaryArray:
    """The shapes where parcels lie."""
    moved = shapely.transform(np.array(shapes), lambda points: points + np.array((EAST, NORTH)))
    return pa.array(shapely.to_wkb(moved, byte_order=1).tolist(), pa.binary())


@given(
    st.lists(
        st.tuples(TEXTS, TEXTS, NUMBERS, st.none() | st.booleans(), st.sampled_from(SHAPES)), min_size=1, max_size=6
    )
)
def test_lines_say_what_features_made_one_by_one_say(
    rows: list[tuple[str | None, str | None, float | None, bool | None, shapely.Geometry]],
) -> None:
    """Texts that JSON escapes, missing values, numbers bit for bit, holes, several pieces: the same document."""
    first, second, numbers, answers, shapes = (list(column) for column in zip(*rows, strict=True))
    names = ['a"b', "名", "mu", "yes"]
    kinds = [pa.string(), pa.string(), pa.float64(), pa.bool_()]
    columns = dict(zip(names, (first, second, numbers, answers), strict=True))
    wkbs = wkb_column(shapes)
    arrays = [pa.array(values, kind) for values, kind in zip(columns.values(), kinds, strict=True)]
    batch = pa.RecordBatch.from_arrays([*arrays, wkbs], [*names, "geometry"])
    lines = bytes(feature_lines(batch, "geometry", 4545)).rstrip(b",\n")
    features = geojson_features(columns, shapely.from_wkb(wkbs.to_numpy(zero_copy_only=False)), 4545)
    assert orjson.loads(b"[" + lines + b"]") == orjson.loads(b"[" + b",".join(features) + b"]")


def test_number_without_a_fraction_stays_a_number_with_a_point() -> None:
    """Readers take a column's kind from its first rows: 14 would make it one of whole numbers."""
    batch = pa.RecordBatch.from_arrays([pa.array([14.0]), wkb_column(SHAPES[:1])], ["mu", "geometry"])
    assert b'"mu":14.0}' in bytes(feature_lines(batch, "geometry", 4545))


@given(st.lists(st.sampled_from(SHAPES), max_size=8), st.integers(0, 3))
def test_rings_are_those_of_the_geometries(shapes: list[shapely.Geometry], left_out: int) -> None:
    """Every ring of every polygon, in order; of other shapes it is said that they are others; a slice is no whole."""
    wkbs = wkb_column(shapes)[left_out:]
    geoms = shapely.from_wkb(wkbs.to_numpy(zero_copy_only=False))
    found = rings_in(wkbs)
    assert found.is_polygon.tolist() == ((shapely.get_type_id(geoms) == 3) & ~shapely.is_empty(geoms)).tolist()
    polygons = np.flatnonzero(found.is_polygon)
    rings, of = shapely.get_rings(geoms[polygons], return_index=True)
    assert found.rows.tolist() == polygons[of].tolist()
    assert found.sizes.tolist() == shapely.get_num_coordinates(rings).tolist()
    assert found.coordinates.tolist() == shapely.get_coordinates(rings).tolist()
    assert found.is_outer.sum() == (~shapely.is_empty(geoms[polygons])).sum()


DBF_TEXTS = st.none() | st.text("敖包 aZ9·", max_size=5)
FIGURES = (
    st.none()
    | st.decimals(-9999, 9999, places=3)
    | st.decimals(0, 10, places=1)
    | st.sampled_from([Decimal("007.50"), Decimal("1E+3")])
)


@pytest.mark.parametrize("codec", ["utf-8", "gbk"])
@given(
    parts=st.lists(
        st.lists(st.tuples(DBF_TEXTS, FIGURES, st.none() | st.booleans()), min_size=1, max_size=4),
        min_size=1,
        max_size=3,
    )
)
def test_table_of_batches_is_that_of_the_whole_frame(
    codec: Codec, parts: list[list[tuple[str | None, Decimal | None, bool | None]]]
) -> None:
    """Width, decimals and every byte of a record, whether the rows come in one batch or in three."""
    schema = pa.schema([("t", pa.string()), ("n", pa.string()), ("y", pa.bool_())])
    fields: list[DbfField] = []
    cells: list[pa.RecordBatch] = []
    done = 0
    for rows in parts:
        texts, figures, answers = (list(column) for column in zip(*rows, strict=True))
        columns = [texts, [None if each is None else str(each) for each in figures], answers]
        batch = pa.RecordBatch.from_arrays(
            [pa.array(c, k) for c, k in zip(columns, schema.types, strict=True)], schema=schema
        )
        cells.append(cells_of(batch, codec, frozenset({"n"}), done))
        found = fields_for(cells[-1], schema, frozenset({"n"}))
        fields = [*map(wide_enough, fields, found)] if fields else found
        done += len(rows)
    written = dbf_header(done, codec, fields) + b"".join(records_of(each, fields) for each in cells) + DBF_END
    texts, figures, answers = (list(column) for column in zip(*(row for rows in parts for row in rows), strict=True))
    kind = "float64" if all(each is None for each in figures) else object
    frame = gpd.pd.DataFrame(
        {
            "t": gpd.pd.Series(texts, dtype="str"),
            "n": gpd.pd.Series(figures, dtype=kind),
            "y": gpd.pd.Series(answers, dtype="boolean"),
        }
    )
    assert written == dbf_bytes(frame, codec, None)


@pytest.mark.parametrize(
    ("text", "codec"), [("ᠤᠷᠳᠤᠰ", "gbk"), ("a\0b", "utf-8"), ("a\0b", "gbk"), ("字" * 85, "utf-8")]
)
def test_text_that_does_not_fit_is_refused_by_row_and_field(text: str, codec: Codec) -> None:
    """Outside the encoding, with a NUL, over 254 bytes; rows are counted over all batches."""
    batch = pa.RecordBatch.from_arrays([pa.array(["敖包", None, text])], ["t"])
    with pytest.raises(ValueDoesNotFit) as refused:
        cells_of(batch, codec, frozenset(), 10)
    assert (refused.value.row, refused.value.field) == (12, "t")
