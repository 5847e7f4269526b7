"""Which other layers and tables does NY/T 2539-2016 name, that are checked and kept as they were delivered?

No guarded noun has a place for them, so every field is kept sealed with its shape (`registry.delivery.records`) and goes
back out with the hand-in. Source: tables A.1 to A.15 and B.3 to B.12 of the approval draft of 2016-09-07.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.delivery.fields import ID_TYPES, PURPOSES, WAYS, YES_NO, Column, Part, listed, sealed

if TYPE_CHECKING:
    from registry.delivery.fields import Need, ShapeKind

_CONTROL_POINTS = (
    "110100", "110101", "110102", "110103", "110104", "110200", "110201", "110202", "110300", "110302",
)  # fmt: skip
_LIMIT_KINDS = (
    "250200", "250201", "250202", "250203", "620200", "630200", "640200", "650200", "660200", "670402", "670500", "670901",
)  # fmt: skip
_LIMIT_STATES = ("600001", "600002", "600003", "600004", "600009")
_BOUNDARY_KINDS = ("01", "02", "03", "04", "05", "06", "07", "08", "99")
_PATH, _AREA, _METRES, _PREFIXED = 254, 16, 11, 12


def _layer(
    name: str, shape: ShapeKind, *columns: Column, belongs: tuple[str, ...] = (), standard: bool = False
) -> Part:
    first = (Column("BSM", "text", "宜", 10), Column("YSDM", "text", "宜", 6))
    return Part(name, shape, required=False, columns=(*first, *columns), belongs=belongs, kept=True, standard=standard)


def _table(name: str, *columns: Column, standard: bool = False) -> Part:
    return Part(
        name, "", required=False, columns=columns, belongs=(columns[0].name,), kept=True, standard=standard
    )


def _text(name: str, need: Need, length: int) -> Column:
    return Column(name, "text", need, length)


def _area(name: str, need: Need = "可") -> Column:
    return Column(name, "number", need, _AREA)


def _code(need: Need = "必") -> Column:
    return Column("CBJYQZBM", "cbht", need)


KZD = _layer(
    "KZD", "point",
    _text("KZDMC", "可", 50),
    _text("KZDDH", "可", 10),
    listed("KZDLX", "宜", _CONTROL_POINTS),
    _text("KZDDJ", "宜", 20),
    listed("BSLX", "宜", ("1", "2", "3", "9")),
    listed("BZLX", "宜", ("1", "2", "3", "9")),
    _text("KZDZT", "可", 100),
    _text("DZJ", "宜", _PATH),
    Column("X2000", "positive", "宜", _METRES),
    Column("Y2000", "positive", "宜", _PREFIXED),
    Column("X80", "positive", "可", _METRES),
    Column("Y80", "positive", "可", _PREFIXED),
    standard=True,
)  # fmt: skip
XJXZQ = _layer("XJXZQ", "polygon", Column("XZQDM", "county", "必"), _text("XZQMC", "宜", 100), standard=True)
XJQY = _layer("XJQY", "polygon", Column("XJQYDM", "town", "必"), _text("XJQYMC", "宜", 100))
ZJQY = _layer(
    "ZJQY", "polygon", Column("ZJQYDM", "group", "必"), _text("ZJQYMC", "宜", 100), belongs=("ZJQYDM",)
)
QYJX = _layer(
    "QYJX", "line", listed("JXLX", "宜", _LIMIT_KINDS), listed("JXXZ", "宜", _LIMIT_STATES), standard=True
)
DZDW = _layer("DZDW", "point", _text("DWMC", "宜", 10), sealed("BZ", "可", 50))
XZDW = _layer(
    "XZDW", "line",
    _text("DWMC", "宜", 10),
    Column("CD", "number", "可", _METRES),
    Column("KD", "number", "可", _METRES),
    sealed("BZ", "可", 50),
)  # fmt: skip
MZDW = _layer("MZDW", "polygon", _text("DWMC", "宜", 10), _area("MJ"), sealed("BZ", "可", 50), _area("MJM"))
JZD = _layer(
    "JZD", "point",
    _text("JZDH", "宜", 10),
    listed("JZDLX", "宜", ("1", "2", "3")),
    listed("JBLX", "可", ("1", "2", "3", "4", "5", "6", "7", "8", "9")),
    Column("DKBM", "dks", "必", _PATH),
    Column("XZBZ", "positive", "宜", _METRES),
    Column("YZBZ", "positive", "宜", _PREFIXED),
    belongs=("DKBM",), standard=True,
)  # fmt: skip
JZX = _layer(
    "JZX", "line",
    listed("JXXZ", "可", _LIMIT_STATES),
    listed("JZXLB", "可", _BOUNDARY_KINDS),
    listed("JZXWZ", "宜", ("1", "2", "3")),
    sealed("JZXSM", "宜", _PATH),
    sealed("PLDWQLR", "宜", 100),
    sealed("PLDWZJR", "宜", 100),
    _text("JZXH", "可", 10),
    _text("QJZDH", "可", 10),
    _text("ZJZDH", "可", 10),
    Column("DKBM", "dks", "必", _PATH),
    belongs=("DKBM",), standard=True,
)  # fmt: skip
JBNTBHQ = _layer(
    "JBNTBHQ", "polygon", _text("BHQBH", "可", 13), _area("JBNTMJ"), _area("JBNTMJM"), standard=True
)
ZJ = _layer(
    "ZJ", "point",
    sealed("ZJNR", "宜", 100),
    _text("ZT", "宜", 20),
    _text("YS", "宜", 12),
    Column("BS", "whole", "可", 4),
    _text("XZ", "可", 1),
    _text("XHX", "可", 1),
    Column("KD", "number", "可", _AREA),
    Column("GD", "number", "可", _AREA),
    Column("JG", "number", "可", 7),
    Column("ZJDZXJXZB", "positive", "宜", _METRES),
    Column("ZJDZXJYZB", "positive", "宜", _PREFIXED),
    Column("ZJFX", "number", "宜", _METRES),
)  # fmt: skip
LZHT = _table(
    "LZHT",
    Column("CBHTBM", "cbht", "必"),
    _text("LZHTBM", "必", 18),
    Column("CBFBM", "cbf", "宜"),
    Column("SRFBM", "text", "宜", 18),
    listed("LZFS", "宜", WAYS),
    _text("LZQX", "宜", 10),
    Column("LZQXKSRQ", "day", "宜"),
    Column("LZQXJSRQ", "day", "宜"),
    _area("LZMJ", "宜"),
    Column("LZDKS", "whole", "宜", 3),
    listed("LZQTDYT", "可", PURPOSES),
    listed("LZHTDYT", "可", PURPOSES),
    sealed("LZJGSM", "宜", 100),
    Column("HTQDRQ", "past-day", "宜"),
    _area("LZMJM"),
)
QSLYZLFJ = _table(
    "QSLYZLFJ",
    _code(),
    _text("ZLFJBH", "必", 20),
    sealed("ZLFJMC", "宜", 100),
    Column("ZLFJRQ", "past-day", "宜"),
    _text("FJ", "宜", _PATH),
    standard=True,
)
CBJYQZDJB = _table(
    "CBJYQZDJB",
    _code(),
    Column("FBFBM", "fbf", "宜"),
    Column("CBFBM", "cbf", "宜"),
    listed("CBFS", "宜", WAYS),
    _text("CBQX", "宜", 30),
    Column("CBQXQ", "day", "宜"),
    Column("CBQXZ", "day", "宜"),
    _text("DKSYT", "宜", _PATH),
    _text("CBJYQZLSH", "宜", _PATH),
    sealed("DJBFJ", "可", 254),
    _text("YCBJYQZBH", "可", 100),
    sealed("DBR", "宜", 50),
    Column("DJSJ", "past-day", "宜"),
    standard=True,
)
CBJYQZ = _table(
    "CBJYQZ",
    _code(),
    _text("FZJG", "宜", 50),
    Column("FZRQ", "past-day", "宜"),
    listed("QZSFLQ", "宜", YES_NO),
    Column("QZLQRQ", "past-day"),
    sealed("QZLQRXM", "可", 50),
    Column("QZLQRZJLX", "list", sealed=True, allowed=ID_TYPES),
    sealed("QZLQRZJHM", "可", 20),
    standard=True,
)
CBJYQZ_QZBF = _table(
    "CBJYQZ_QZBF",
    _code(),
    sealed("QZBFYY", "宜", 200),
    Column("BFRQ", "past-day", "宜"),
    Column("QZBFLQRQ", "past-day", "宜"),
    sealed("QZBFLQRXM", "宜", 50),
    Column("BFLQRZJLX", "list", "宜", sealed=True, allowed=ID_TYPES),
    sealed("BFLQRZJHM", "宜", 20),
)
CBJYQZ_QZHF = _table(
    "CBJYQZ_QZHF",
    _code(),
    sealed("QZHFYY", "宜", 200),
    Column("HFRQ", "past-day", "宜"),
    Column("QZHFLQRQ", "past-day", "宜"),
    sealed("QZHFLQRXM", "宜", 50),
    Column("HFLQRZJLX", "list", "宜", sealed=True, allowed=ID_TYPES),
    sealed("HFLQRZJHM", "宜", 20),
)
CBJYQZ_QZZX = _table("CBJYQZ_QZZX", _code(), sealed("ZXYY", "宜", 200), Column("ZXRQ", "past-day", "宜"))

KEPT = (
    KZD, XJXZQ, XJQY, ZJQY, QYJX, DZDW, XZDW, MZDW, JZD, JZX, JBNTBHQ, ZJ,
    LZHT, QSLYZLFJ, CBJYQZDJB, CBJYQZ, CBJYQZ_QZBF, CBJYQZ_QZHF, CBJYQZ_QZZX,
)  # fmt: skip
