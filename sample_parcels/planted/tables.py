"""Which faults are of codes, references and sums, where more than one cell, or whole rows, must be changed?"""

from __future__ import annotations

from decimal import Decimal

from sample_parcels.land import in_mu
from sample_parcels.planted.case import Plant, plants, twin
from sample_parcels.planted.ground import COUNTY, FARMERS, GACHA, OTHER_GACHA, PAPER, PHOTO, square
from sample_parcels.tables import Row


@plants("key-twice")
def _rows_again(plant: Plant) -> None:
    """The same row once more, at the end of its table; a second number for a square."""
    for part, village, column in (
        ("成员名册", GACHA, "证件号码"),
        ("户籍", FARMERS, "证件号码"),
        ("惠农牧补贴", OTHER_GACHA, "政策"),
        ("限制与义务", FARMERS, "标的代码"),
        ("FW", GACHA, "BDCDYH"),
        ("CBHT", FARMERS, "CBHTBM"),
    ):
        row = twin(plant.rows(part, village)[1])
        plant.rows(part)  # a table of the delivery, whose list is this very one
        plant.delivery.tables[part].append(row)
        plant.said("key-twice", part, row, column)
    first, later = square(plant.delivery, 5, 5)[0], square(plant.delivery, 6, 5)[0]
    plant.put("key-twice", "DK", later, "DKBM", first["DKBM"])


@plants("village-code-structure")
def _limits_of_no_village(plant: Plant) -> None:
    for village, code in ((OTHER_GACHA, "15062610120X"), (FARMERS, "1506261042")):
        row = plant.rows("CJQY", village)[0]
        row["CJQYDM"] = code
        plant.said("village-code-structure", "CJQY", row, "CJQYDM", "")


@plants("limit-code-structure")
def _limits_of_nothing(plant: Plant) -> None:
    for part, column, code, village in (
        ("XJXZQ", "XZQDM", COUNTY[:5], ""), ("XJQY", "XJQYDM", "15062610", ""), ("ZJQY", "ZJQYDM", f"{FARMERS}0", FARMERS),
    ):  # fmt: skip
        row = plant.rows(part)[-1]
        row[column] = code
        plant.said("limit-code-structure", part, row, column, village)


@plants("issuer-prefix-differs")
def _of_another_issuer(plant: Plant) -> None:
    """A contract, a parcel of a contract, a homestead and a share under another village's code: said where the row goes then."""
    for part, village, column, value in (
        ("CBHT", FARMERS, "FBFBM", f"{GACHA}00"),
        ("CBDKXX", OTHER_GACHA, "FBFBM", f"{GACHA}00"),
        ("ZD", OTHER_GACHA, "FBFBM", f"{GACHA}00"),
        ("LH", OTHER_GACHA, "CBFBM", f"{GACHA}004002"),
    ):
        row = plant.rows(part, village)[1]
        row[column] = value
        plant.said("issuer-prefix-differs", part, row, column, OTHER_GACHA if part == "LH" else GACHA)


@plants("contract-code-differs")
def _other_letter_or_household(plant: Plant) -> None:
    contract = plant.rows("CBHT", GACHA)[2]
    plant.put("contract-code-differs", "CBHT", contract, "CBHTBM", contract["CBHTBM"], CBFS="121")
    row = plant.rows("CBDKXX", FARMERS)[0]
    plant.put("contract-code-differs", "CBDKXX", row, "CBHTBM", row["CBHTBM"], CBFBM=f"{FARMERS}000009")


@plants("issuer-unknown")
def _of_no_issuer(plant: Plant) -> None:
    for part, village in (("成员名册", GACHA), ("股权台账", OTHER_GACHA)):
        row = plant.rows(part, village)[3]
        plant.put("issuer-unknown", part, row, "发包方编码", f"{village}01", 承包方编码="")
    _total_again(plant, OTHER_GACHA)


def _total_again(plant: Plant, village: str) -> None:
    """The shares that are left make the total."""
    rows = [row for row in plant.rows("股权台账") if row["发包方编码"] == f"{village}00"]
    total = sum(int(row["份数"]) for row in rows)
    for row in plant.rows("股权台账"):
        if row["发包方编码"].startswith(village):
            own = row["发包方编码"] == f"{village}00"
            row["总股数"] = str(total) if own else row["份数"]


@plants("household-unknown")
def _left_out(plant: Plant) -> None:
    """A household that other lists name and that has no row in CBF any more."""
    code = f"{FARMERS}000020"
    plant.delivery.tables["CBF"] = [row for row in plant.rows("CBF") if row["CBFBM"] != code]
    for part, column in (("CBF_JTCY", "CBFBM"), ("CBDKXX", "CBFBM"), ("CBHT", "CBFBM"), ("ZD", "QLRCBFBM"),
                         ("成员名册", "承包方编码"), ("股权台账", "承包方编码"), ("惠农牧补贴", "承包方编码")):  # fmt: skip
        for row in plant.rows(part):
            if row[column] == code:
                plant.said("household-unknown", part, row, column)


@plants("contract-unknown")
def _contract_left_out(plant: Plant) -> None:
    code = f"{GACHA}000003J"
    plant.delivery.tables["CBHT"] = [row for row in plant.rows("CBHT") if row["CBHTBM"] != code]
    for row in plant.rows("CBDKXX"):
        if row["CBHTBM"] == code:
            plant.said("contract-unknown", "CBDKXX", row, "CBHTBM")


@plants("parcel-unknown")
def _shape_left_out(plant: Plant) -> None:
    """A parcel at the rim of its block, so that nobody encloses the land that it leaves."""
    contracted = next(row for row in plant.rows("CBDKXX") if row["CBFBM"] == f"{FARMERS}000005")
    layer = plant.delivery.layers["DK"]
    at = next(n for n, row in enumerate(layer.rows) if row["DKBM"] == contracted["DKBM"])
    del layer.rows[at], layer.shapes[at]
    plant.said("parcel-unknown", "CBDKXX", contracted, "DKBM")


@plants("parcel-uncontracted")
def _of_nobody(plant: Plant) -> None:
    reserve = next(row for row in plant.rows("DK", FARMERS) if row["DKLB"] == "22")
    for row in (reserve, square(plant.delivery, 3, 3)[0]):
        plant.put("parcel-uncontracted", "DK", row, "DKLB", "10")
        plant.faults[-1] = type(plant.faults[-1])(
            "parcel-uncontracted", "DK", row, "DKBM", row["DKBM"][:12], ""
        )


@plants("parcel-contracted-twice")
def _two_contracts(plant: Plant) -> None:
    for village in (GACHA, FARMERS):
        mine, other = plant.rows("CBDKXX", f"{village}000002")[0], plant.rows("CBDKXX", f"{village}000004")[0]
        again = twin(mine, DKBM=other["DKBM"], HTMJ=other["HTMJ"], HTMJM=other["HTMJM"], YHTMJ="", YHTMJM="")
        plant.delivery.tables["CBDKXX"].append(again)
        _settle(plant, mine["CBHTBM"])
        plant.said("parcel-contracted-twice", "CBDKXX", again, "DKBM")


def _settle(plant: Plant, code: str) -> None:
    """Totals of a contract, as its rows make them."""
    rows = [row for row in plant.rows("CBDKXX") if row["CBHTBM"] == code]
    total = sum((Decimal(row["HTMJ"]) for row in rows), Decimal(0))
    contract = next(row for row in plant.rows("CBHT") if row["CBHTBM"] == code)
    contract |= {"HTZMJ": str(total), "HTZMJM": str(in_mu(total)), "CBDKZS": str(len(rows))}


@plants("parcel-kind-contracted")
def _reserve_under_contract(plant: Plant) -> None:
    for village, kind in ((GACHA, "22"), (FARMERS, "99")):
        row = next(row for row in plant.rows("DK", village) if row["DKLB"] == "10")
        plant.put("parcel-kind-contracted", "DK", row, "DKLB", kind)


@plants("contract-without-parcels")
def _of_no_land(plant: Plant) -> None:
    for village in (GACHA, OTHER_GACHA):
        code = f"{village}000001"
        row = twin(plant.rows("CBHT", code)[0], CBHTBM=f"{code}Q", CBFS="121")
        plant.delivery.tables["CBHT"].append(row)
        plant.said("contract-without-parcels", "CBHT", row, "CBHTBM")


@plants("contract-area-sum")
def _another_total(plant: Plant) -> None:
    for village, more in ((GACHA, "1000"), (FARMERS, "-0.01")):
        row = plant.rows("CBHT", village)[1]
        total = Decimal(row["HTZMJ"]) + Decimal(more)
        plant.put("contract-area-sum", "CBHT", row, "HTZMJ", str(total), HTZMJM=str(in_mu(total)))


@plants("contract-area-differs")
def _another_area_in_the_contract(plant: Plant) -> None:
    for village, factor in ((GACHA, "1.2"), (FARMERS, "0.9")):
        row = plant.rows("CBDKXX", village)[1]
        area = (Decimal(_parcel(plant, row["DKBM"])["SCMJ"]) * Decimal(factor)).quantize(Decimal("0.01"))
        plant.put("contract-area-differs", "CBDKXX", row, "HTMJ", str(area), HTMJM=str(in_mu(area)))
        _settle(plant, row["CBHTBM"])


@plants("area-not-of-shape")
def _of_another_parcel(plant: Plant) -> None:
    for row, factor in ((square(plant.delivery, 2, 2)[0], "1.06"), (square(plant.delivery, 4, 2)[0], "0.90")):
        area = Decimal(row["SCMJ"]) * Decimal(factor)
        plant.put("area-not-of-shape", "DK", row, "SCMJ", f"{area:.2f}", SCMJM=str(in_mu(area)))
    home = plant.rows("ZD", GACHA)[1]
    plant.put("area-not-of-shape", "ZD", home, "ZDMJ", f"{Decimal(home['ZDMJ']) * 2}")


@plants("area-differs")
def _of_another_survey(plant: Plant) -> None:
    for row, factor in ((square(plant.delivery, 2, 2)[0], "1.01"), (square(plant.delivery, 4, 2)[0], "0.98")):
        area = Decimal(row["SCMJ"]) * Decimal(factor)
        plant.put("area-differs", "DK", row, "SCMJ", f"{area:.2f}", SCMJM=str(in_mu(area)))


def _parcel(plant: Plant, code: str) -> Row:
    return next(row for row in plant.rows("DK") if row["DKBM"] == code)


@plants("shares-sum")
def _shares_that_make_no_total(plant: Plant) -> None:
    shares = plant.rows("股权台账", GACHA)
    shares[5]["份数"] = str(int(shares[5]["份数"]) + 3)
    plant.said("shares-sum", "股权台账", shares[0], "总股数")
    joint = plant.rows("LH", OTHER_GACHA)
    joint[1]["FE"] = "2"
    plant.said("shares-sum", "LH", joint[0], "ZFE")


@plants("signed-after-term")
def _signed_when_it_was_over(plant: Plant) -> None:
    for village in (GACHA, FARMERS):
        row = plant.rows("CBHT", village)[0]
        plant.put("signed-after-term", "CBHT", row, "QDSJ", "20251130", CBQXQ="19950101", CBQXZ="20241231")


@plants("homestead-mortgaged")
def _mortgage_of_a_home(plant: Plant) -> None:
    row = next(row for row in plant.rows("限制与义务") if row["类别"] == "抵押")
    code = plant.rows("ZD", OTHER_GACHA)[2]["BDCDYH"]
    row["标的代码"] = code
    plant.said("homestead-mortgaged", "限制与义务", row, "标的代码", OTHER_GACHA)


def exceptions(plant: Plant, *lines: tuple[str, str, str, str, str]) -> list[Row]:
    """Rows of 例外说明: fault, layer, code, photo, signed paper."""
    rows = [
        {"错误": fault, "图层": layer, "代码": code, "理由": "实地如此", "照片": photo, "签字件": paper, "签字人": "指界人甲",
         "日期": "20161201"}
        for fault, layer, code, photo, paper in lines
    ]  # fmt: skip
    plant.delivery.tables["例外说明"] = rows
    return rows


@plants("exception-not-allowed")
def _what_cannot_be_true(plant: Plant) -> None:
    codes = [square(plant.delivery, at, 7)[0]["DKBM"] for at in (1, 2)]
    for row in exceptions(plant, *((fault, "DK", code, PHOTO, PAPER) for fault, code in zip(
            ("shape-crosses-itself", "of-no-rule"), codes, strict=True))):  # fmt: skip
        plant.said("exception-not-allowed", "例外说明", row, "错误")


@plants("exception-without-evidence")
def _papers_that_are_not_there(plant: Plant) -> None:
    code = square(plant.delivery, 1, 7)[0]["DKBM"]
    rows = exceptions(plant, ("gap-narrow", "DK", code, "没有.jpg", PAPER), ("gap-narrow", "DK", code, PHOTO, "../签字件.pdf"))
    for row, column in zip(rows, ("照片", "签字件"), strict=True):
        plant.said("exception-without-evidence", "例外说明", row, column)


@plants("exception-without-fault")
def _nothing_to_except(plant: Plant) -> None:
    code = square(plant.delivery, 1, 7)[0]["DKBM"]
    for row in exceptions(plant, ("gap-narrow", "DK", code, PHOTO, PAPER), ("parcels-overlap", "DK", code, PHOTO, PAPER)):
        plant.said("exception-without-fault", "例外说明", row, "代码")
