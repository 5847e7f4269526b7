"""Do a `Shape` column and `intersects_box` mean the same on SQLite and on PostGIS?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, event, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import LargeBinary

from gis.storage import Shape, feature_table_sql, gist_index, gpkg_sql, intersects_box, register_functions, rtree_sql
from tests.gis.polygons import parcels

POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it so
SQLITE: Dialect = sqlite.dialect()
METADATA = MetaData()
PARCEL = Table("shape_test_parcel", METADATA, Column("fid", Integer, primary_key=True), Column("geom", Shape(4545)))
GIST = gist_index(PARCEL.c.geom)
BOXES = st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(0, 10), st.integers(0, 10))


@pytest.fixture
def connection(engine_name: str, request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection in which the test table exists, and which leaves nothing behind."""
    if engine_name == "file":
        engine = create_engine("sqlite://")
        event.listen(engine, "connect", lambda raw, _: register_functions(raw))
        first = [*gpkg_sql(4545)]
        then = [*feature_table_sql(PARCEL.name, "geom", 4545, "test"), *rtree_sql(PARCEL.name, "geom")]
    else:
        url = make_url(request.getfixturevalue("postgis_admin_url")).set(drivername="postgresql+psycopg")
        engine = create_engine(url)
        first, then = ["CREATE EXTENSION IF NOT EXISTS postgis"], []
    with engine.connect() as opened:
        for statement in first:
            opened.exec_driver_sql(statement)
        METADATA.create_all(opened)
        for statement in then:
            opened.exec_driver_sql(statement)
        yield opened
        opened.rollback()
    engine.dispose()


def _stored(connection: Connection, geoms: list[Any]) -> list[Any]:
    connection.execute(insert(PARCEL), [{"geom": geom} for geom in geoms])
    return list(connection.scalars(select(PARCEL.c.geom).order_by(PARCEL.c.fid)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(geoms=st.lists(parcels(), min_size=1, max_size=5))
def test_shape_comes_back_bit_for_bit(connection: Connection, geoms: list[Any]) -> None:
    """What was surveyed is what is read: the same bytes on both engines, and no SRID on the value."""
    savepoint = connection.begin_nested()
    back = _stored(connection, geoms)
    savepoint.rollback()
    assert [shapely.to_wkb(each, byte_order=1) for each in back] == [
        shapely.to_wkb(each, byte_order=1) for each in geoms
    ]
    assert {shapely.get_srid(each) for each in back} == {0}


def test_shape_null_is_null(connection: Connection) -> None:
    """A missing geometry is NULL on both engines."""
    assert _stored(connection, [None]) == [None]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(box=BOXES)
def test_intersects_box_finds_what_touches(connection: Connection, box: tuple[int, int, int, int]) -> None:
    """Squares of 1 m on every 10 m of a line: the answer is that of plain arithmetic, edges included."""
    west, south, wide, high = box
    savepoint = connection.begin_nested()
    connection.execute(
        insert(PARCEL),
        [{"fid": i + 1, "geom": shapely.box(10 * i, 10 * i, 10 * i + 1, 10 * i + 1)} for i in range(10)],
    )
    found = set(
        connection.scalars(select(PARCEL.c.fid).where(intersects_box(PARCEL, west, south, west + wide, south + high)))
    )
    savepoint.rollback()
    assert found == {
        i + 1
        for i in range(10)
        if 10 * i <= west + wide and west <= 10 * i + 1 and 10 * i <= south + high and south <= 10 * i + 1
    }


def test_intersects_box_works_through_an_alias(connection: Connection) -> None:
    """An alias asks the index of its own table, with its own values though the statement is cached."""
    connection.execute(insert(PARCEL), [{"geom": shapely.box(0, 0, 1, 1)}, {"geom": shapely.box(5, 5, 6, 6)}])
    alias = PARCEL.alias()
    for corner, fid_at in ((0, 0), (5, 1)):
        rows = connection.scalars(
            select(alias.c.fid).where(intersects_box(alias, corner, corner, corner + 1, corner + 1))
        ).all()
        assert rows == [connection.scalars(select(PARCEL.c.fid).order_by(PARCEL.c.fid)).all()[fid_at]]


def test_postgis_uses_the_gist_index_and_digests_agree(request: pytest.FixtureRequest, connection: Connection) -> None:
    """On PostgreSQL the box question is answered by the index; ST_AsBinary gives the bytes that are digested."""
    if connection.dialect.name != "postgresql":
        pytest.skip("asks PostGIS")
    square = shapely.box(574_148.470, 4_263_341.028, 574_158.470, 4_263_351.028)
    connection.execute(insert(PARCEL), [{"geom": square}])
    wkb = connection.scalar(text(f"SELECT ST_AsBinary(geom, 'NDR') FROM {PARCEL.name}"))
    assert bytes(wkb or b"") == shapely.to_wkb(square, byte_order=1, output_dimension=2)
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    question = select(PARCEL.c.fid).where(intersects_box(PARCEL, 0, 0, 1, 1))
    literal = question.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    plan = connection.exec_driver_sql(f"EXPLAIN {literal}").scalars().all()
    assert any(str(GIST.name) in line for line in plan)


def test_column_type_is_each_engines_own() -> None:
    """geometry(GEOMETRY,4545) in PostGIS, BLOB in a GeoPackage, and no spatial index by GeoAlchemy2's own hand."""
    on = {each.name: str(CreateTable(PARCEL).compile(dialect=each)) for each in (POSTGRESQL, SQLITE)}
    assert "geom geometry(GEOMETRY,4545)" in on["postgresql"]
    assert "geom BLOB" in on["sqlite"]
    assert isinstance(Shape(4545).load_dialect_impl(SQLITE), LargeBinary)
    assert {index.name for index in PARCEL.indexes} == {GIST.name}


def test_intersects_box_binds_every_value() -> None:
    """No coordinate stands in the SQL text (design.md: bound values only)."""
    question = select(PARCEL.c.fid).where(intersects_box(PARCEL, 111.5, 222.5, 333.5, 444.5))
    for dialect in (POSTGRESQL, SQLITE):
        compiled = question.compile(dialect=dialect)
        assert "111.5" not in str(compiled)
        assert {111.5, 222.5, 333.5, 444.5} <= set(compiled.params.values())


def test_intersects_box_needs_one_shape_column() -> None:
    """A table without a geometry is a mistake in the program, said at once."""
    bare = Table("bare", MetaData(), Column("fid", Integer, primary_key=True))
    with pytest.raises(TypeError, match="0 Shape columns"):
        intersects_box(bare, 0, 0, 1, 1)
