"""Which faults are one cell's: a value that is missing, malformed, or not of its list?

Each line is one slip: layer or table, village, which of its rows (from 0), column, what is written there instead.
"""

from __future__ import annotations

from sample_parcels.people import id_number
from sample_parcels.planted.case import CASES, Plant
from sample_parcels.planted.ground import FARMERS, GACHA, OTHER_GACHA, code_of

Cell = tuple[str, str, int, str, str]

CELLS: dict[str, tuple[Cell, ...]] = {
    "value-missing": (
        ("CBF", GACHA, 0, "CBFMC", ""),
        ("CBHT", OTHER_GACHA, 2, "QDSJ", ""),
        ("DK", FARMERS, 4, "DKMC", ""),
        ("ZD", GACHA, 3, "DJRQ", ""),
        ("成员名册", FARMERS, 7, "确认日期", ""),
        ("惠农牧补贴", OTHER_GACHA, 1, "起始日期", ""),
        ("限制与义务", FARMERS, 0, "文号", ""),
        ("FW", GACHA, 0, "JZMJ", ""),
    ),
    "value-expected": (
        ("FBF", GACHA, 0, "FBFDZ", ""),
        ("CBF", OTHER_GACHA, 5, "YZBM", ""),
        ("DK", FARMERS, 2, "DLDJ", ""),
        ("DK", GACHA, 9, "ZJRXM", ""),
        ("股权台账", GACHA, 4, "股权证号", ""),
        ("惠农牧补贴", FARMERS, 3, "文号", ""),
    ),
    "value-not-number": (
        ("CBDKXX", GACHA, 0, "HTMJ", "四十"),
        ("CBHT", FARMERS, 1, "HTZMJM", "77,70"),
        ("惠农牧补贴", OTHER_GACHA, 2, "金额", "二百元"),
        ("CBF", FARMERS, 2, "CBFCYSL", "3人"),
        ("FW", FARMERS, 0, "ZCS", "一"),
    ),
    "value-not-positive": (
        ("CBHT", GACHA, 0, "YHTZMJ", "-1"),
        ("CBDKXX", FARMERS, 3, "YHTMJ", "-5.00"),
        ("股权台账", OTHER_GACHA, 3, "份数", "0"),
        ("惠农牧补贴", GACHA, 2, "标准", "-2.50"),
    ),
    "value-not-date": (
        ("CBHT", GACHA, 0, "QDSJ", "20161131"),
        ("CBF", OTHER_GACHA, 4, "CBFDCRQ", "2016年"),
        ("户籍", FARMERS, 6, "登记日期", "19880230"),
        ("惠农牧补贴", GACHA, 4, "年度", "16"),
        ("限制与义务", OTHER_GACHA, 1, "登记日期", "2016/11/30"),
    ),
    "value-not-in-list": (
        ("CBF_JTCY", GACHA, 0, "YHZGX", "80"),
        ("DK", FARMERS, 6, "SYQXZ", "99"),
        ("CBHT", OTHER_GACHA, 3, "CBFS", "11"),
        ("户籍", GACHA, 3, "户口类别", "城镇"),
        ("惠农牧补贴", FARMERS, 5, "计发单位", "斤"),
        ("JZD", "", 2, "JZDLX", "x"),
    ),
    "value-too-long": (
        ("CBF", GACHA, 0, "YZBM", "0173000"),
        ("CBHT", FARMERS, 2, "YCBHTBM", "1506261042130000021J"),
        ("FBF", OTHER_GACHA, 0, "LXDH", "1000000000000000"),
        ("成员名册", FARMERS, 2, "确认依据", "依" * 255),
    ),
    "value-rounded": (
        ("CBF_JTCY", GACHA, 1, "CYZJHM", "1.50699E+17"),
        ("CBF", FARMERS, 3, "LXDH", "1.5E+10"),
        ("成员名册", OTHER_GACHA, 5, "证件号码", "1.50699E+17"),
    ),
    "value-is-formula": (
        ("FBF", GACHA, 0, "FBFMC", "=1+1"),
        ("CBF", FARMERS, 1, "CBFDZ", "@SUM(1)"),
        ("成员名册", OTHER_GACHA, 2, "确认依据", "＝1+1"),
        ("股权台账", GACHA, 6, "股权证号", "+SUM(1)"),
    ),
    "fbf-code-structure": (
        ("成员名册", GACHA, 0, "发包方编码", "1506261002100"),
        ("惠农牧补贴", FARMERS, 2, "发包方编码", "150626104213000"),
        ("CBDKXX", OTHER_GACHA, 4, "FBFBM", "1506261012060O"),
    ),
    "cbf-code-structure": (
        ("股权台账", GACHA, 0, "承包方编码", "15062610021000001"),
        ("成员名册", FARMERS, 3, "承包方编码", "15062610421300002O"),
        ("ZD", OTHER_GACHA, 2, "QLRCBFBM", "15062610120600003"),
    ),
    "dk-code-structure": (
        ("限制与义务", GACHA, -1, "标的代码", "150626100210000401"),
        ("惠农牧补贴", FARMERS, 0, "地块代码", "15062610421300040019"),
        ("CBDKXX", OTHER_GACHA, 5, "DKBM", "150626101206000000"),
    ),
    "cbht-code-structure": (
        ("CBDKXX", GACHA, 2, "CBJYQZBM", "150626100210000003X"),
        ("CBDKXX", FARMERS, 6, "CBJYQZBM", "150626104213000003"),
        ("QSLYZLFJ", OTHER_GACHA, 0, "CBJYQZBM", "150626101206000001j"),
    ),
    "unit-code-structure": (
        ("ZD", OTHER_GACHA, 7, "BDCDYH", "150626101206JC00008F0001001"),
        ("FW", FARMERS, 1, "BDCDYH", "150626104213JB00001F00010001"),
    ),
    "plot-code-differs": (
        ("ZD", GACHA, 4, "ZDDM", "150626100210JC00006"),
        ("ZD", FARMERS, 8, "ZDDM", "150626104213JC00001"),
    ),
    "division-code-structure": (
        ("户籍", GACHA, 0, "区划代码", "15062610021"),
        ("户籍", FARMERS, 4, "区划代码", "15062610421X"),
    ),
    "serial-range": (("CBF", FARMERS, 15, "CBFLX", "2"), ("CBF", GACHA, 2, "CBFLX", "3")),
    "certificate-code-differs": (
        ("CBDKXX", GACHA, 3, "CBJYQZBM", "150626100210000001Q"),
        ("CBDKXX", FARMERS, 9, "CBJYQZBM", "150626104213000099J"),
    ),
    "household-unknown": (
        ("成员名册", GACHA, 0, "承包方编码", "150626100210000999"),
        ("ZD", FARMERS, 7, "QLRCBFBM", "150626104213000097"),
        ("股权台账", OTHER_GACHA, 2, "承包方编码", "150626101206000998"),
        ("LH", GACHA, 1, "CBFBM", "150626100210004099"),
    ),
    "contract-unknown": (
        ("QSLYZLFJ", GACHA, 0, "CBJYQZBM", "150626100210000099J"),
        ("QSLYZLFJ", FARMERS, 0, "CBJYQZBM", "150626104213000099J"),
    ),
    "parcel-unknown": (
        ("惠农牧补贴", GACHA, 0, "地块代码", "1506261002100009999"),
        ("JZD", "", 0, "DKBM", f"{code_of(0)}/{GACHA}0009998"),
    ),
    "object-unknown": (
        ("限制与义务", FARMERS, 0, "标的代码", "150626104213004099J"),
        ("限制与义务", GACHA, -1, "标的代码", "1506261002100009999"),
        ("FW", OTHER_GACHA, 1, "BDCDYH", "150626101206JC00099F00010001"),
    ),
    "contract-way-differs": (
        ("CBDKXX", GACHA, 0, "CBJYQQDFS", "121"),
        ("CBDKXX", FARMERS, 12, "CBJYQQDFS", "300"),
    ),
    "joint-without-lead": (("LH", GACHA, 0, "CBFBM", "150626100210004003"),),
    "member-count": (("CBF", GACHA, 4, "CBFCYSL", "9"), ("CBF", FARMERS, 6, "CBFCYSL", "1")),
    "parcel-count": (("CBHT", GACHA, 0, "CBDKZS", "3"), ("CBHT", OTHER_GACHA, 5, "CBDKZS", "9")),
    "mu-twin": (
        ("DK", OTHER_GACHA, 3, "SCMJM", "1.00"),
        ("CBDKXX", FARMERS, 4, "HTMJM", "0.01"),
        ("CBHT", GACHA, 3, "HTZMJM", "9999.00"),
    ),
    "shares-total-differs": (("股权台账", GACHA, 1, "总股数", "6001"), ("LH", OTHER_GACHA, 1, "ZFE", "5")),
    "shares-not-whole": (
        ("股权台账", OTHER_GACHA, 1, "份数", "12.5"),
        ("LH", GACHA, 1, "FE", "2.5"),
    ),
    "term-reversed": (
        ("CBHT", FARMERS, 2, "CBQXZ", "19271231"),
        ("限制与义务", GACHA, 2, "截止日期", "20150101"),
        ("惠农牧补贴", OTHER_GACHA, 3, "截止日期", "20100101"),
    ),
    "day-in-future": (
        ("CBHT", GACHA, 0, "QDSJ", "20270101"),
        ("成员名册", FARMERS, 9, "确认日期", "20991231"),
        ("户籍", OTHER_GACHA, 9, "登记日期", "20300101"),
    ),
    "term-unusual": (
        ("CBHT", GACHA, 0, "CBQXZ", "20281231"),
        ("CBHT", f"{OTHER_GACHA}0040", 1, "CBQXZ", "20171231"),
    ),
    "mortgage-before-2019": (("限制与义务", OTHER_GACHA, -1, "登记日期", "20180611"),),
    "id-check-digit": (
        ("成员名册", GACHA, 0, "证件号码", "150699197403186955"),
        ("FBF", GACHA, 0, "FZRZJHM", "150699195406023239"),
    ),
    "id-fifteen-digits": (
        ("成员名册", GACHA, 0, "证件号码", "150699740318695"),
        ("户籍", FARMERS, 1, "证件号码", "150699880318695"),
    ),
    "id-structure": (
        ("成员名册", GACHA, 0, "证件号码", "15069919740318"),
        ("户籍", FARMERS, 1, "证件号码", "15069919740318695Z"),
    ),
    "id-birth-impossible": (
        ("成员名册", GACHA, 0, "证件号码", id_number("15069919740230695")),
        ("户籍", FARMERS, 1, "证件号码", id_number("15069919881301123")),
    ),
    "id-sex-differs": (("CBF_JTCY", GACHA, 0, "CYXB", "2"), ("CBF_JTCY", OTHER_GACHA, 2, "CYXB", "")),
    "co-holder-blank": (("CBF_JTCY", GACHA, 2, "SFGYR", ""), ("CBF_JTCY", FARMERS, 8, "SFGYR", "")),
}


def _case(rule: str, cells: tuple[Cell, ...]) -> None:
    def cells_changed(plant: Plant) -> None:
        chosen = [(part, plant.rows(part, village)[at], column, value) for part, village, at, column, value in cells]
        for part, row, column, value in chosen:
            plant.put(rule, part, row, column, value or _other_of(rule, row, column))

    CASES.setdefault(rule, []).append(("cells", cells_changed))


def _other_of(rule: str, row: dict[str, str], column: str) -> str:
    """Blank, or the other of two."""
    return {"1": "2", "2": "1"}[row[column]] if rule == "id-sex-differs" else ""


for _rule, _cells in CELLS.items():
    _case(_rule, _cells)
