"""Which layers, tables and rosters make a delivery, and what must each of their fields be?

The data of docs/delivery.md sections 2 to 4. *Need*: 必 required, 宜 expected, 可 optional. A *sealed* field can name or
reach a person: its value is masked in every report. Lengths count characters. Code lists: NY/T 2539-2016 appendix C.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Need = Literal["必", "宜", "可"]
Kind = Literal[
    "text", "number", "positive", "whole", "shares", "day", "past-day", "list", "id",
    "fbf", "cbf", "dk", "cbht", "unit", "village", "division", "object", "plot", "year",
]  # fmt: skip

LAYERS_FOLDER, TABLES_FOLDER, EVIDENCE_FOLDER = "矢量数据", "权属数据", "其他资料"
KEY_OF = {"DK": "DKBM", "ZD": "BDCDYH", "CBF": "CBFBM", "CBHT": "CBHTBM", "CBDKXX": "DKBM"}
"""By which code an exception names a row of these layers and tables."""
FOREVER = "9999-01-01"
"""The end of a term that runs for ever (长久不变), delivered as 99990101."""

YES_NO = ("1", "2")
WAYS = ("100", "110", "120", "121", "122", "123", "129", "200", "300", "900")
FAMILY_WAYS = ("100", "110")
"""Ways of contracting whose contract code ends in J (家庭承包); all others end in Q."""
ID_TYPES = ("1", "2", "3", "4", "5", "9")
RELATIONS = tuple(
    f"{n:02d}" for n in (1, 2, 10, 11, 12, *range(20, 80), *range(81, 98), 99)
)
HOUSEHOLD, INDIVIDUAL, UNIT = "1", "2", "3"
SERIALS = {HOUSEHOLD: (1, 8000), INDIVIDUAL: (8001, 9000), UNIT: (9001, 9999)}


@dataclass(frozen=True, slots=True)
class Column:
    """One field: its name as delivered, what it must be, and how long at most (0: no limit of its own)."""

    name: str
    kind: Kind
    need: Need = "可"
    length: int = 0
    sealed: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One layer or table. `belongs` are the columns whose code says to which village a row belongs, best first."""

    name: str
    is_layer: bool
    required: bool
    columns: tuple[Column, ...]
    belongs: tuple[str, ...]

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)


def _sealed(name: str, need: Need, length: int = 0, kind: Kind = "text") -> Column:
    return Column(name, kind, need, length, sealed=True)


def _list(name: str, need: Need, allowed: tuple[str, ...]) -> Column:
    return Column(name, "list", need, allowed=allowed)


DK = Part(
    "DK", is_layer=True, required=True, belongs=("DKBM",),
    columns=(
        Column("BSM", "text", "宜", 10),
        Column("YSDM", "text", "宜", 6),
        Column("DKBM", "dk", "必"),
        Column("DKMC", "text", "必", 50),
        _list("SYQXZ", "可", ("10", "30", "31", "32", "33", "34")),
        _list("DKLB", "必", ("10", "21", "22", "23", "99")),
        Column("TDLYLX", "text", "可", 3),
        _list("DLDJ", "宜", tuple(f"{n:02d}" for n in range(1, 11))),
        _list("TDYT", "必", ("1", "2", "3", "4", "5")),
        _list("SFJBNT", "宜", YES_NO),
        Column("SCMJ", "positive", "必"),
        *(_sealed(name, "宜", 50) for name in ("DKDZ", "DKXZ", "DKNZ", "DKBZ")),
        _sealed("DKBZXX", "可", 254),
        _sealed("ZJRXM", "宜", 100),
        Column("KJZB", "text", "宜", 254),
        Column("SCMJM", "number"),
    ),
)  # fmt: skip
CJQY = Part(
    "CJQY", is_layer=True, required=False, belongs=("CJQYDM",),
    columns=(
        Column("BSM", "text", "宜", 10),
        Column("YSDM", "text", "宜", 6),
        Column("CJQYDM", "village", "必"),
        Column("CJQYMC", "text", "必", 100),
    ),
)  # fmt: skip
ZD = Part(
    "ZD", is_layer=True, required=False, belongs=("FBFBM", "QLRCBFBM", "BDCDYH"),
    columns=(
        Column("BSM", "text", "可", 10),
        Column("YSDM", "text", "可", 6),
        Column("BDCDYH", "unit", "必"),
        Column("ZDDM", "plot", "必"),
        Column("FBFBM", "fbf", "必"),
        Column("QLRCBFBM", "cbf"),
        _sealed("ZL", "必", 100),
        Column("DKMC", "text", "可", 50),
        Column("ZDMJ", "positive", "必"),
        Column("PZMJ", "number"),
        Column("CQMJ", "number"),
        Column("DJRQ", "past-day"),
        Column("QZH", "text", "宜", 60),
        *(_sealed(name, "可", 50) for name in ("ZDSZD", "ZDSZN", "ZDSZX", "ZDSZB")),
    ),
)  # fmt: skip
FBF = Part(
    "FBF", is_layer=False, required=True, belongs=("FBFBM",),
    columns=(
        Column("FBFBM", "fbf", "必"),
        Column("FBFMC", "text", "必", 50),
        _sealed("FBFFZRXM", "宜", 50),
        Column("FZRZJLX", "list", "宜", sealed=True, allowed=ID_TYPES),
        _sealed("FZRZJHM", "宜", 30, "id"),
        _sealed("LXDH", "可", 15),
        _sealed("FBFDZ", "宜", 100),
        _sealed("YZBM", "宜", 6),
        _sealed("FBFDCY", "宜", 254),
        _sealed("FBFDCRQ", "宜", kind="past-day"),
        _sealed("FBFDCJS", "可", 254),
    ),
)  # fmt: skip
CBF = Part(
    "CBF", is_layer=False, required=True, belongs=("CBFBM",),
    columns=(
        Column("CBFBM", "cbf", "必"),
        _list("CBFLX", "必", (HOUSEHOLD, INDIVIDUAL, UNIT)),
        _sealed("CBFMC", "必", 50),
        Column("CBFZJLX", "list", "必", sealed=True, allowed=ID_TYPES),
        _sealed("CBFZJHM", "必", 20, "id"),
        _sealed("CBFDZ", "宜", 100),
        _sealed("YZBM", "宜", 6),
        _sealed("LXDH", "可", 20),
        Column("CBFCYSL", "whole", "必"),
        _sealed("CBFDCRQ", "宜", kind="past-day"),
        _sealed("CBFDCY", "宜", 50),
        _sealed("CBFDCJS", "可", 254),
        _sealed("GSJS", "可", 254),
        _sealed("GSJSR", "宜", 50),
        _sealed("GSSHRQ", "宜", kind="past-day"),
        _sealed("GSSHR", "宜", 50),
        Column("GLCBFBM", "cbf"),
    ),
)  # fmt: skip
CBF_JTCY = Part(
    "CBF_JTCY", is_layer=False, required=True, belongs=("CBFBM",),
    columns=(
        Column("CBFBM", "cbf", "必"),
        _sealed("CYXM", "必", 50),
        _list("CYXB", "必", ("1", "2")),
        Column("CYZJLX", "list", "必", sealed=True, allowed=ID_TYPES),
        _sealed("CYZJHM", "必", 20, "id"),
        _list("YHZGX", "必", RELATIONS),
        _list("CYBZ", "可", ("1", "2", "3", "4", "5", "6", "7", "9")),
        _list("SFGYR", "宜", YES_NO),
        _sealed("CYBZSM", "可", 254),
    ),
)  # fmt: skip
CBDKXX = Part(
    "CBDKXX", is_layer=False, required=True, belongs=("FBFBM", "CBFBM", "CBHTBM", "DKBM"),
    columns=(
        Column("DKBM", "dk", "必"),
        Column("FBFBM", "fbf", "必"),
        Column("CBFBM", "cbf", "必"),
        _list("CBJYQQDFS", "必", WAYS),
        Column("HTMJ", "positive", "必"),
        Column("CBHTBM", "cbht", "必"),
        Column("CBJYQZBM", "cbht", "必"),
        Column("LZHTBM", "text", "可", 18),
        Column("YHTMJ", "number"),
        Column("YHTMJM", "number"),
        Column("HTMJM", "number"),
        _list("SFQQQG", "可", YES_NO),
    ),
)  # fmt: skip
CBHT = Part(
    "CBHT", is_layer=False, required=True, belongs=("FBFBM", "CBFBM", "CBHTBM"),
    columns=(
        Column("CBHTBM", "cbht", "必"),
        Column("YCBHTBM", "text", "可", 19),
        Column("FBFBM", "fbf", "必"),
        Column("CBFBM", "cbf", "必"),
        _list("CBFS", "必", WAYS),
        Column("CBQXQ", "day", "必"),
        Column("CBQXZ", "day", "必"),
        Column("HTZMJ", "positive", "必"),
        Column("CBDKZS", "whole", "必"),
        Column("QDSJ", "past-day", "必"),
        Column("HTZMJM", "number"),
        Column("YHTZMJ", "number"),
        Column("YHTZMJM", "number"),
    ),
)  # fmt: skip
MEMBERS = Part(
    "成员名册", is_layer=False, required=False, belongs=("发包方编码", "承包方编码"),
    columns=(
        Column("发包方编码", "fbf", "必"),
        _sealed("姓名", "必", 50),
        Column("证件类型", "list", "必", sealed=True, allowed=ID_TYPES),
        _sealed("证件号码", "必", 30, "id"),
        Column("确认日期", "past-day", "必"),
        Column("确认依据", "text", "必", 254),
        Column("承包方编码", "cbf"),
        _sealed("备注", "可", 254),
    ),
)  # fmt: skip
SHARES = Part(
    "股权台账", is_layer=False, required=False, belongs=("发包方编码", "承包方编码"),
    columns=(
        Column("发包方编码", "fbf", "必"),
        _sealed("股东姓名", "必", 100),
        Column("证件类型", "list", "必", sealed=True, allowed=ID_TYPES),
        _sealed("证件号码", "必", 30, "id"),
        Column("份数", "shares", "必"),
        Column("总股数", "shares", "必"),
        Column("承包方编码", "cbf"),
        Column("股权证号", "text", "宜", 60),
        Column("登记日期", "past-day", "必"),
        _sealed("备注", "可", 254),
    ),
)  # fmt: skip
BASES = ("地块", "畜群", "农户", "个人")
BENEFITS = Part(
    "惠农牧补贴", is_layer=False, required=False, belongs=("发包方编码", "承包方编码", "地块代码"),
    columns=(
        Column("发包方编码", "fbf", "必"),
        Column("政策", "text", "必", 100),
        _list("计发依据", "必", BASES),
        Column("承包方编码", "cbf"),
        _sealed("姓名", "可", 50),
        _sealed("证件号码", "可", 30, "id"),
        Column("地块代码", "dk"),
        Column("计发数量", "number", "必"),
        _list("计发单位", "必", ("亩", "羊单位", "头", "户", "人")),
        Column("标准", "number"),
        Column("金额", "number"),
        Column("年度", "year", "必"),
        Column("起始日期", "past-day", "必"),
        Column("截止日期", "day"),
        Column("文号", "text", "宜", 100),
    ),
)  # fmt: skip
HUKOU = Part(
    "户籍", is_layer=False, required=False, belongs=("区划代码",),
    columns=(
        Column("户号", "text", "必", 60),
        _sealed("户主姓名", "必", 50),
        _sealed("姓名", "必", 50),
        _sealed("证件号码", "必", 30, "id"),
        _list("与户主关系", "必", RELATIONS),
        _sealed("住址", "必", 200),
        Column("区划代码", "division", "必"),
        _list("户口类别", "必", ("居民", "农业", "非农业")),
        _list("原户口类别", "可", ("农业", "非农业")),
        _list("户别", "可", ("家庭户", "集体户")),
        Column("登记日期", "past-day", "必"),
        Column("登记事由", "text", "可", 100),
    ),
)  # fmt: skip
SEIZURE, MORTGAGE, GRAZING_BAN, STOCKING_LIMIT = "查封", "抵押", "禁牧", "草畜平衡"
BURDENS = Part(
    "限制与义务", is_layer=False, required=False, belongs=("标的代码",),
    columns=(
        _list("类别", "必", (SEIZURE, MORTGAGE, GRAZING_BAN, STOCKING_LIMIT)),
        Column("标的代码", "object", "必"),
        _sealed("权利人或机关", "必", 100),
        Column("机构代码", "text", "可", 18),
        Column("金额", "number"),
        Column("顺位", "whole"),
        Column("文号", "text", "必", 100),
        Column("登记日期", "past-day", "必"),
        Column("截止日期", "day"),
        Column("数量", "number"),
        _list("单位", "可", ("羊单位",)),
        _sealed("备注", "可", 254),
    ),
)  # fmt: skip

EXCEPTIONS = Part(
    "例外说明", is_layer=False, required=False, belongs=("代码",),
    columns=(
        Column("错误", "text", "必", 60),
        _list("图层", "必", tuple(KEY_OF)),
        Column("代码", "text", "必", 28),
        _sealed("理由", "必", 254),
        Column("照片", "text", "必", 100),
        Column("签字件", "text", "必", 100),
        _sealed("签字人", "必", 50),
        Column("日期", "past-day", "必"),
    ),
)  # fmt: skip

PARTS = (DK, CJQY, ZD, FBF, CBF, CBF_JTCY, CBDKXX, CBHT, MEMBERS, SHARES, BENEFITS, HUKOU, BURDENS, EXCEPTIONS)
PART_OF_NAME = {part.name: part for part in PARTS}
