"""Which columns does an export have, and what is each called in a GeoPackage and in a Shapefile?

Recorded areas leave twice: the text as it stands in the register, and a number for programs that add up. A Shapefile
has only the number, with the very digits of the text. None of these columns can name a person: names, 四至, numbers of
identity, addresses and free texts are not among them, and nothing else is ever written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

GEOMETRY = "geometry"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` in most formats, `short` in a Shapefile (at most 10 bytes, in GBK and in UTF-8).

    `number` is the name of the numeric twin of an area, in the unit that the name ends with.
    """

    name: str
    short: str
    kind: Literal["text", "yes-no", "area"] = "text"
    number: str = ""


PARCEL_COLUMNS = (
    Column("parcel_code", "地块码"),
    Column("land_use", "地类"),
    Column("land_use_zh", "地类名"),
    Column("village_code", "村码"),
    Column("village_name", "村名"),
    Column("surveyed_area_mu", "实测亩", "area", "surveyed_mu"),
    Column("surveyed_area_m2", "实测m2", "area", "surveyed_m2"),
    Column("area_method", "量算"),
    Column("approved_area_m2", "批准m2", "area", "approved_m2"),
    Column("excess_area_m2", "超占m2", "area", "excess_m2"),
    Column("parcel_status", "地状态"),
    Column("parcel_since", "地起日"),
)
"""One row a parcel. Areas are those of the survey; `approved` and `excess` are a homestead's."""

RIGHT_COLUMNS = (
    Column("right", "权利"),
    Column("right_zh", "权利名"),
    Column("contract_area_mu", "合同亩", "area", "contract_mu"),
    Column("contract_area_m2", "合同m2", "area", "contract_m2"),
    Column("term_start", "期起"),
    Column("term_end", "期止"),
    Column("extension_due", "待延包", "yes-no"),
    Column("co_holding", "共有"),
    Column("share", "份额"),
    Column("unit_code", "合同码"),
    Column("certificate_number", "证号"),
    Column("book", "登记簿"),
    Column("book_number", "簿号"),
    Column("restricted", "有限制", "yes-no"),
    Column("let", "已流转", "yes-no"),
    Column("right_status", "权状态"),
    Column("right_since", "权起日"),
)
"""What one right adds on one parcel; all missing on a parcel on which no right is registered."""


def schema(columns: Sequence[Column]) -> pa.Schema:
    """The columns as texts and yes-no, areas as recorded, then `geometry` as WKB."""
    fields = [pa.field(each.name, pa.bool_() if each.kind == "yes-no" else pa.string()) for each in columns]
    return pa.schema([*fields, pa.field(GEOMETRY, pa.binary())])


def numbered_schema(columns: Sequence[Column]) -> pa.Schema:
    """What `numbered` gives."""
    fields = []
    for each in columns:
        fields.append(pa.field(each.name, pa.bool_() if each.kind == "yes-no" else pa.string()))
        if each.number:
            fields.append(pa.field(each.number, pa.float64()))
    return pa.schema([*fields, pa.field(GEOMETRY, pa.binary())])


def numbered(rows: pa.RecordBatch, columns: Sequence[Column]) -> pa.RecordBatch:
    """Add after each recorded area its number, in the unit of its name; missing where nothing is recorded."""
    arrays = []
    for each in columns:
        arrays.append(rows.column(each.name))
        if each.number:
            arrays.append(pc.cast(_recorded(rows.column(each.name)), pa.float64()))
    return pa.RecordBatch.from_arrays([*arrays, rows.column(GEOMETRY)], schema=numbered_schema(columns))


def shortened(rows: pa.RecordBatch, columns: Sequence[Column]) -> pa.RecordBatch:
    """Give the rows under Shapefile names, each area as the text of a number, missing where nothing is recorded."""
    arrays = [_recorded(rows.column(each.name)) if each.kind == "area" else rows.column(each.name) for each in columns]
    return pa.RecordBatch.from_arrays(
        [*arrays, rows.column(GEOMETRY)], names=[*(each.short for each in columns), GEOMETRY]
    )


def is_due(term_end: pa.Array, day: str) -> pa.BooleanArray:
    """Say whether a term had run out by a day (extension is due); missing where there is no right, no without a term."""
    return pc.and_(pc.not_equal(term_end, ""), pc.less(term_end, day))


def _recorded(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
