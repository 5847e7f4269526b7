"""How does a whole column of shapes leave the database at once, without an object for each?

The database lays the shapes one behind the other, as it keeps them or as WKB, and says how long each is; Arrow makes a
column of that. `registry.store.together` does the same with texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from sqlalchemy import Integer, LargeBinary
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from gis.storage.gpkg import wkbs_from_joined

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import Column, ColumnElement
    from sqlalchemy.sql.compiler import SQLCompiler


class _Joined(FunctionElement[bytes]):
    """Its argument is the geometry column."""

    name = "shapes_joined"
    type = LargeBinary()
    inherit_cache = True


class _Length(FunctionElement[int]):
    """As `_Joined`."""

    name = "shape_length"
    type = Integer()
    inherit_cache = True


def shapes_joined(column: Column[Any]) -> ColumnElement[bytes]:
    """Give every row's shape as one run of bytes; `shape_length` says where one ends."""
    return _Joined(column)


def shape_length(column: Column[Any]) -> ColumnElement[int]:
    """Give how many bytes a row's shape has in `shapes_joined`."""
    return _Length(column)


@compiles(_Joined, "postgresql")
def _joined_on_postgresql(element: _Joined, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"string_agg(ST_AsBinary({compiler.process(element.clauses, **options)}, 'NDR'), ''::bytea)"


@compiles(_Length, "postgresql")
def _length_on_postgresql(element: _Length, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"octet_length(ST_AsBinary({compiler.process(element.clauses, **options)}, 'NDR'))"


@compiles(_Joined, "sqlite")
def _joined_on_sqlite(element: _Joined, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"sanquan_joined({compiler.process(element.clauses, **options)})"


@compiles(_Length, "sqlite")
def _length_on_sqlite(element: _Length, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"length({compiler.process(element.clauses, **options)})"


def wkb_from_joined(shapes: bytes, lengths: NDArray[np.int64]) -> pa.BinaryArray:
    """Give the OGC WKB in what `shapes_joined` and `shape_length` selected, of either engine, without an SRID.

    Raises `BlobMalformed` naming the row of a malformed GeoPackage blob.
    """
    if shapes[:2] == b"GP":
        shapes, lengths = wkbs_from_joined(shapes, lengths)
    ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.Array.from_buffers(pa.binary(), len(lengths), [None, pa.py_buffer(ends), pa.py_buffer(shapes)])
