"""Which columns does an export have, and what is each called in a GeoPackage and in a Shapefile?

Recorded areas leave twice: the text as it stands in the register, and a number for programs that add up. A Shapefile
has only the number, with the very digits of the text. None of these columns can name a person: names, 四至, numbers of
identity, addresses and free texts are not among them, and nothing else is ever written.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import pandas as pd

from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` in GeoPackage and GeoJSON, `short` in a Shapefile (at most 10 bytes, in GBK and in UTF-8).

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


def framed(rows: list[dict[str, Any]], shapes: NDArray[Any], columns: Sequence[Column]) -> gpd.GeoDataFrame:
    """Put rows (column name -> text, bool or None) and their shapes into a frame in the register's CRS."""
    typed = {
        column.name: pd.array(
            [row.get(column.name) for row in rows], dtype="boolean" if column.kind == "yes-no" else "str"
        )
        for column in columns
    }
    return gpd.GeoDataFrame(typed, geometry=shapes, crs=REGISTER_CRS)


def with_numbers(frame: gpd.GeoDataFrame, columns: Sequence[Column]) -> gpd.GeoDataFrame:
    """Add after each recorded area its number, in the unit of its name; missing where nothing is recorded."""
    added = {}
    for column in columns:
        added[column.name] = frame[column.name]
        if column.number:
            added[column.number] = pd.array(
                [None if each is None else float(each) for each in _decimals(frame[column.name])], dtype="Float64"
            )
    return gpd.GeoDataFrame(added, geometry=frame.geometry, crs=frame.crs)


def with_short_names(frame: gpd.GeoDataFrame, columns: Sequence[Column]) -> gpd.GeoDataFrame:
    """Give the frame under Shapefile names, each area as an exact decimal of as many places as were recorded."""
    renamed = {}
    for column in columns:
        values = frame[column.name]
        if column.kind == "area":
            decimals = _decimals(values)
            empty = all(each is None for each in decimals)
            # A column of numbers stays one where no number is recorded.
            values = pd.Series(decimals, index=frame.index, dtype="float64" if empty else object)
        renamed[column.short] = values
    return gpd.GeoDataFrame(renamed, geometry=frame.geometry, crs=frame.crs)


def _decimals(texts: pd.Series) -> list[Decimal | None]:
    missing = texts.isna() | (texts == "")
    return [
        None if is_missing else Decimal(text) for text, is_missing in zip(texts.tolist(), missing.tolist(), strict=True)
    ]
