"""Which layers, tables and rosters does the register take from a delivery, and what must each of their fields be?

The data of docs/delivery.md sections 2 to 4; what is only kept stands in `kept_parts`.
"""

from __future__ import annotations

from registry.delivery.fields import (
    HOUSEHOLD,
    ID_TYPES,
    INDIVIDUAL,
    PURPOSES,
    RELATIONS,
    UNIT,
    WAYS,
    YES_NO,
    Column,
    Part,
    listed,
    sealed,
)
from registry.delivery.kept_parts import KEPT

LAYERS_FOLDER, TABLES_FOLDER, EVIDENCE_FOLDER = "矢量数据", "权属数据", "其他资料"
KEY_OF = {"DK": "DKBM", "ZD": "BDCDYH", "CBF": "CBFBM", "CBHT": "CBHTBM", "CBDKXX": "DKBM"}
"""By which code an exception names a row of these layers and tables."""

DK = Part(
    "DK", shape="polygon", required=True, belongs=("DKBM",),
    columns=(
        Column("BSM", "text", "宜", 10),
        Column("YSDM", "text", "宜", 6),
        Column("DKBM", "dk", "必"),
        Column("DKMC", "text", "必", 50),
        listed("SYQXZ", "可", ("10", "30", "31", "32", "33", "34")),
        listed("DKLB", "必", ("10", "21", "22", "23", "99")),
        Column("TDLYLX", "text", "可", 3),
        listed("DLDJ", "宜", tuple(f"{n:02d}" for n in range(1, 11))),
        listed("TDYT", "必", PURPOSES),
        listed("SFJBNT", "宜", YES_NO),
        Column("SCMJ", "positive", "必"),
        *(sealed(name, "宜", 50) for name in ("DKDZ", "DKXZ", "DKNZ", "DKBZ")),
        sealed("DKBZXX", "可", 254),
        sealed("ZJRXM", "宜", 100),
        Column("KJZB", "text", "宜", 254),
        Column("SCMJM", "number"),
    ),
)  # fmt: skip
CJQY = Part(
    "CJQY", shape="polygon", required=False, belongs=("CJQYDM",), kept=True,
    columns=(
        Column("BSM", "text", "宜", 10),
        Column("YSDM", "text", "宜", 6),
        Column("CJQYDM", "village", "必"),
        Column("CJQYMC", "text", "必", 100),
    ),
)  # fmt: skip
ZD = Part(
    "ZD", shape="polygon", required=False, belongs=("FBFBM", "QLRCBFBM", "BDCDYH"),
    columns=(
        Column("BSM", "text", "可", 10),
        Column("YSDM", "text", "可", 6),
        Column("BDCDYH", "unit", "必"),
        Column("ZDDM", "plot", "必"),
        Column("FBFBM", "fbf", "必"),
        Column("QLRCBFBM", "cbf"),
        sealed("ZL", "必", 100),
        Column("DKMC", "text", "可", 50),
        Column("ZDMJ", "positive", "必"),
        Column("PZMJ", "number"),
        Column("CQMJ", "number"),
        Column("DJRQ", "past-day"),
        Column("QZH", "text", "宜", 60),
        *(sealed(name, "可", 50) for name in ("ZDSZD", "ZDSZN", "ZDSZX", "ZDSZB")),
        sealed("FJ", "可", 254),
    ),
)  # fmt: skip
FW = Part(
    "FW", shape="", required=False, belongs=("BDCDYH",), kept=True, expected=False,
    columns=(
        Column("BDCDYH", "unit", "必"),
        Column("ZH", "text", "必", 4),
        Column("ZCS", "whole", "必", 3),
        Column("JZMJ", "positive", "必", 16),
        Column("JGNF", "year"),
        Column("FWJG", "text", "可", 20),
        Column("DCRQ", "past-day", "必"),
    ),
)  # fmt: skip
LH = Part(
    "LH", shape="", required=False, belongs=("CBHTBM",), expected=False,
    columns=(
        Column("CBHTBM", "cbht", "必"),
        Column("CBFBM", "cbf", "必"),
        Column("FE", "shares", "必", 9),
        Column("ZFE", "shares", "必", 9),
    ),
)  # fmt: skip
FBF = Part(
    "FBF", shape="", required=True, belongs=("FBFBM",),
    columns=(
        Column("FBFBM", "fbf", "必"),
        Column("FBFMC", "text", "必", 50),
        sealed("FBFFZRXM", "宜", 50),
        Column("FZRZJLX", "list", "宜", sealed=True, allowed=ID_TYPES),
        sealed("FZRZJHM", "宜", 30, "id"),
        sealed("LXDH", "可", 15),
        sealed("FBFDZ", "宜", 100),
        sealed("YZBM", "宜", 6),
        sealed("FBFDCY", "宜", 254),
        sealed("FBFDCRQ", "宜", kind="past-day"),
        sealed("FBFDCJS", "可", 254),
    ),
)  # fmt: skip
CBF = Part(
    "CBF", shape="", required=True, belongs=("CBFBM",),
    columns=(
        Column("CBFBM", "cbf", "必"),
        listed("CBFLX", "必", (HOUSEHOLD, INDIVIDUAL, UNIT)),
        sealed("CBFMC", "必", 50),
        Column("CBFZJLX", "list", "必", sealed=True, allowed=ID_TYPES),
        sealed("CBFZJHM", "必", 20, "id"),
        sealed("CBFDZ", "宜", 100),
        sealed("YZBM", "宜", 6),
        sealed("LXDH", "可", 20),
        Column("CBFCYSL", "whole", "必"),
        sealed("CBFDCRQ", "宜", kind="past-day"),
        sealed("CBFDCY", "宜", 50),
        sealed("CBFDCJS", "可", 254),
        sealed("GSJS", "可", 254),
        sealed("GSJSR", "宜", 50),
        sealed("GSSHRQ", "宜", kind="past-day"),
        sealed("GSSHR", "宜", 50),
        Column("GLCBFBM", "cbf"),
    ),
)  # fmt: skip
CBF_JTCY = Part(
    "CBF_JTCY", shape="", required=True, belongs=("CBFBM",),
    columns=(
        Column("CBFBM", "cbf", "必"),
        sealed("CYXM", "必", 50),
        listed("CYXB", "必", ("1", "2")),
        Column("CYZJLX", "list", "必", sealed=True, allowed=ID_TYPES),
        sealed("CYZJHM", "必", 20, "id"),
        listed("YHZGX", "必", RELATIONS),
        listed("CYBZ", "可", ("1", "2", "3", "4", "5", "6", "7", "9")),
        listed("SFGYR", "宜", YES_NO),
        sealed("CYBZSM", "可", 254),
    ),
)  # fmt: skip
CBDKXX = Part(
    "CBDKXX", shape="", required=True, belongs=("FBFBM", "CBFBM", "CBHTBM", "DKBM"),
    columns=(
        Column("DKBM", "dk", "必"),
        Column("FBFBM", "fbf", "必"),
        Column("CBFBM", "cbf", "必"),
        listed("CBJYQQDFS", "必", WAYS),
        Column("HTMJ", "positive", "必"),
        Column("CBHTBM", "cbht", "必"),
        Column("CBJYQZBM", "cbht", "必"),
        Column("LZHTBM", "text", "可", 18),
        Column("YHTMJ", "number"),
        Column("YHTMJM", "number"),
        Column("HTMJM", "number"),
        listed("SFQQQG", "可", YES_NO),
    ),
)  # fmt: skip
CBHT = Part(
    "CBHT", shape="", required=True, belongs=("FBFBM", "CBFBM", "CBHTBM"),
    columns=(
        Column("CBHTBM", "cbht", "必"),
        Column("YCBHTBM", "text", "可", 19),
        Column("FBFBM", "fbf", "必"),
        Column("CBFBM", "cbf", "必"),
        listed("CBFS", "必", WAYS),
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
    "成员名册", shape="", required=False, belongs=("发包方编码", "承包方编码"),
    columns=(
        Column("发包方编码", "fbf", "必"),
        sealed("姓名", "必", 50),
        Column("证件类型", "list", "必", sealed=True, allowed=ID_TYPES),
        sealed("证件号码", "必", 30, "id"),
        Column("确认日期", "past-day", "必"),
        Column("确认依据", "text", "必", 254),
        Column("承包方编码", "cbf"),
        sealed("备注", "可", 254),
    ),
)  # fmt: skip
SHARES = Part(
    "股权台账", shape="", required=False, belongs=("发包方编码", "承包方编码"),
    columns=(
        Column("发包方编码", "fbf", "必"),
        sealed("股东姓名", "必", 100),
        Column("证件类型", "list", "必", sealed=True, allowed=ID_TYPES),
        sealed("证件号码", "必", 30, "id"),
        Column("份数", "shares", "必"),
        Column("总股数", "shares", "必"),
        Column("承包方编码", "cbf"),
        Column("股权证号", "text", "宜", 60),
        Column("登记日期", "past-day", "必"),
        sealed("备注", "可", 254),
    ),
)  # fmt: skip
BASES = ("地块", "畜群", "农户", "个人")
BENEFITS = Part(
    "惠农牧补贴", shape="", required=False, belongs=("发包方编码", "承包方编码", "地块代码"),
    columns=(
        Column("发包方编码", "fbf", "必"),
        Column("政策", "text", "必", 100),
        listed("计发依据", "必", BASES),
        Column("承包方编码", "cbf"),
        sealed("姓名", "可", 50),
        sealed("证件号码", "可", 30, "id"),
        Column("地块代码", "dk"),
        Column("计发数量", "number", "必"),
        listed("计发单位", "必", ("亩", "羊单位", "头", "户", "人")),
        Column("标准", "number"),
        Column("金额", "number"),
        Column("年度", "year", "必"),
        Column("起始日期", "past-day", "必"),
        Column("截止日期", "day"),
        Column("文号", "text", "宜", 100),
    ),
)  # fmt: skip
HUKOU = Part(
    "户籍", shape="", required=False, belongs=("区划代码",),
    columns=(
        Column("户号", "text", "必", 60),
        sealed("户主姓名", "必", 50),
        sealed("姓名", "必", 50),
        sealed("证件号码", "必", 30, "id"),
        listed("与户主关系", "必", RELATIONS),
        sealed("住址", "必", 200),
        Column("区划代码", "division", "必"),
        listed("户口类别", "必", ("居民", "农业", "非农业")),
        listed("原户口类别", "可", ("农业", "非农业")),
        listed("户别", "可", ("家庭户", "集体户")),
        Column("登记日期", "past-day", "必"),
        Column("登记事由", "text", "可", 100),
    ),
)  # fmt: skip
SEIZURE, MORTGAGE, GRAZING_BAN, STOCKING_LIMIT = "查封", "抵押", "禁牧", "草畜平衡"
BURDENS = Part(
    "限制与义务", shape="", required=False, belongs=("标的代码",),
    columns=(
        listed("类别", "必", (SEIZURE, MORTGAGE, GRAZING_BAN, STOCKING_LIMIT)),
        Column("标的代码", "object", "必"),
        sealed("权利人或机关", "必", 100),
        Column("机构代码", "text", "可", 18),
        Column("金额", "number"),
        Column("顺位", "whole"),
        Column("文号", "text", "必", 100),
        Column("登记日期", "past-day", "必"),
        Column("截止日期", "day"),
        Column("数量", "number"),
        listed("单位", "可", ("羊单位",)),
        sealed("备注", "可", 254),
    ),
)  # fmt: skip

EXCEPTIONS = Part(
    "例外说明", shape="", required=False, expected=False, belongs=("代码",),
    columns=(
        Column("错误", "text", "必", 60),
        listed("图层", "必", tuple(KEY_OF)),
        Column("代码", "text", "必", 28),
        sealed("理由", "必", 254),
        Column("照片", "text", "必", 100),
        Column("签字件", "text", "必", 100),
        sealed("签字人", "必", 50),
        Column("日期", "past-day", "必"),
    ),
)  # fmt: skip

CORE = (DK, CJQY, ZD, FW, LH, FBF, CBF, CBF_JTCY, CBDKXX, CBHT, MEMBERS, SHARES, BENEFITS, HUKOU, BURDENS, EXCEPTIONS)
PARTS = (*CORE, *KEPT)
PART_OF_NAME = {part.name: part for part in PARTS}
