"""Which tables make an export of an authoritative book, and which of their columns are compared?

The contract book comes in the tables of NY/T 2539-2016 (those of a delivery), the realty platform in the tables of its
submission format (names: one public submission tool; domain page 7). Values of QLLX and QSZT beyond those named here
and the unit codes of MJDW were not confirmed from a standard: rows with others are counted and left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from registry.delivery.fields import Column, Part
from registry.delivery.parts import CBDKXX, CBF, CBF_JTCY, CBHT

if TYPE_CHECKING:
    from registry.delivery.fields import Need

BookName = Literal["realty-platform", "contract-book"]
PLOT, HOMESTEAD, FARMLAND = "KTT_ZDJBXX", "QLF_QL_JSYDSYQ", "QLF_QL_NYDSYQ"
HOMESTEAD_TYPES = ("5", "6")
"""QLLX: 宅基地使用权, with and without its house."""
CONTRACT_TYPES = ("9", "13")
"""QLLX: 土地承包经营权, 草原使用权. 14 and 23 are other rights."""
CURRENT, ENDED = "1", "3"
"""QSZT: 现势, 终止. 0 临时 and 2 历史 say nothing of today."""
SQUARE_METRES = ("", "1", "平方米")
"""MJDW as exports write square metres; [recalled], unconfirmed: another unit is refused, never converted."""
SIDES = {"ZDSZD": "east", "ZDSZN": "south", "ZDSZX": "west", "ZDSZB": "north"}


REALTY_NAMES = {
    PLOT: ("宗地基本信息", "plots"),
    HOMESTEAD: ("建设用地、宅基地使用权", "rights to homesteads"),
    FARMLAND: ("农用地使用权（承包地、草原）", "rights to contract land"),
}


@dataclass(frozen=True, slots=True)
class Book:
    """A book: its name in the register, its tables, and those of which at least one, or all, must be there."""

    name: BookName
    zh: str
    en: str
    parts: tuple[Part, ...]
    all_of: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    together: tuple[str, ...] = ()


def _text(name: str, need: Need = "可", *, sealed: bool = False) -> Column:
    return Column(name, "text", need, sealed=sealed)


def _compared(name: str, values: tuple[str, ...]) -> Column:
    """A column of which rows with these values are compared, others left alone: no list that refuses."""
    return Column(name, "text", "必", allowed=values)


REALTY_PARTS = (
    Part(
        PLOT, shape="", required=False, belongs=("BDCDYH", "ZDDM"),
        columns=(
            _text("BDCDYH", "必"),
            _text("ZDDM"),
            Column("ZDMJ", "positive", "必"),
            _text("MJDW"),
            _text("ZL", sealed=True),
            *(_text(name, sealed=True) for name in SIDES),
        ),
    ),
    Part(
        HOMESTEAD, shape="", required=False, belongs=("BDCDYH", "ZDDM"),
        columns=(
            _text("BDCDYH", "必"),
            _text("ZDDM"),
            _compared("QLLX", HOMESTEAD_TYPES),
            Column("SYQMJ", "positive", "必"),
            Column("SYQQSSJ", "day"),
            Column("SYQJSSJ", "day"),
            _text("BDCQZH"),
            _compared("QSZT", (CURRENT, ENDED)),
        ),
    ),
    Part(
        FARMLAND, shape="", required=False, belongs=("FBFDM", "BDCDYH"),
        columns=(
            _text("BDCDYH", "必"),
            _compared("QLLX", CONTRACT_TYPES),
            Column("FBFDM", "fbf"),
            Column("CBMJ", "positive", "必"),
            Column("CBQSSJ", "day", "必"),
            Column("CBJSSJ", "day", "必"),
            _text("BDCQZH"),
            _compared("QSZT", (CURRENT, ENDED)),
        ),
    ),
)  # fmt: skip
REALTY = Book("realty-platform", "不动产登记平台", "realty platform", REALTY_PARTS, one_of=(HOMESTEAD, FARMLAND))
CONTRACTS = Book(
    "contract-book",
    "农牧局承包合同簿",
    "contract book",
    (CBHT, CBDKXX, CBF, CBF_JTCY),
    all_of=("CBHT", "CBDKXX"),
    together=("CBF", "CBF_JTCY"),
)
BOOKS = (REALTY, CONTRACTS)
