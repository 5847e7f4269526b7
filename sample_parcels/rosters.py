"""What stands in the banner's five rosters: members, shares, benefits, hukou, restrictions and duties?

Columns are those of docs/delivery.md section 4. Addresses are personal. Nothing here derives a hukou
household from a contracting household: that they agree for most people in 2016 is how this sample begins.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from sample_parcels.land import CENT, Village, in_mu
from sample_parcels.people import Person, credit_code
from sample_parcels.tables import Delivery, Family, Row, address, parcel_code

GRASS_AWARD, ARABLE_SUBSIDY, EWE_SUBSIDY, TRAINING = (
    "草畜平衡奖励",
    "耕地地力保护补贴",
    "基础母羊补贴",
    "农牧民技能培训补贴",
)
_MU_PER_SHEEP = 20  # 亩 of natural pasture that a sheep unit needs here: a figure for the sample only
_YUAN = {GRASS_AWARD: Decimal("2.50"), ARABLE_SUBSIDY: Decimal("37.00"), EWE_SUBSIDY: Decimal("30.00")}
_HUSBAND_REGISTERED, _DIVORCED, _LEFT_AFTER = "20080516", "20190820", "离婚分户"
_RESTRICTION_COLUMNS = "类别 标的代码 权利人或机关 机构代码 金额 顺位 文号 登记日期 截止日期 数量 单位 备注"
_SPOUSES = ("11", "12", "38")


def add_village(delivery: Delivery, village: Village, families: list[Family]) -> None:
    """Append the village's rows to the five rosters."""
    for family in families:
        _add_members(delivery.tables["成员名册"], village, family)
        _add_registrations(delivery.tables["户籍"], village, family)
    if village.settings["shares"]:
        _add_shares(delivery.tables["股权台账"], village, families)
    _add_benefits(delivery.tables["惠农牧补贴"], village, families)
    _add_duties(delivery.tables["限制与义务"], village, families)


def add_restrictions(delivery: Delivery, villages: dict[str, tuple[Village, list[Family]]]) -> None:
    """Append one seizure, two mortgages and one grazing ban, none of them on the story's family."""
    _, gacha = villages["布日都嘎查"]
    _, farmers = villages["巴图湾村"]
    pasture_village, _ = villages["呼和陶勒盖嘎查"]
    ban = next(plot for plot in pasture_village.plots if plot.use == "pasture" and plot.holder == 4)  # noqa: PLR2004
    rows = delivery.tables["限制与义务"]
    seizure = {"类别": "查封", "标的代码": farmers[11].arable + "J", "权利人或机关": "示例区人民法院"}
    rows.append(
        _restriction(seizure, 文号="（2020）内0699执123号", 登记日期="20200318", 截止日期="20230317", 备注="首次查封")
    )
    for number, (code, amount, day, until) in enumerate(
        (
            (farmers[3].arable + "J", "60000.00", "20190522", "20220521"),
            (gacha[7].grass + "J", "150000.00", "20200611", "20250610"),
        ),
        start=1,
    ):
        mortgage = {
            "类别": "抵押",
            "标的代码": code,
            "权利人或机关": "示例农村商业银行",
            "金额": amount,
            "顺位": "1",
        }
        mortgage["机构代码"] = credit_code("91150699000000011")
        rows.append(_restriction(mortgage, 文号=f"示农商抵字第{number:03d}号", 登记日期=day, 截止日期=until))
    rows.append(
        _restriction(
            {
                "类别": "禁牧",
                "标的代码": parcel_code(pasture_village, ban),
                "权利人或机关": "乌审旗林业和草原局",
            },
            文号="乌林草禁〔2017〕5号",
            登记日期="20170101",
            截止日期="20261231",
        )
    )


def _add_members(rows: list[Row], village: Village, family: Family) -> None:
    rows += [
        {
            "发包方编码": village.issuer,
            "姓名": one.name,
            "证件类型": "1",
            "证件号码": one.number,
            "确认日期": village.settings["signed"],
            "确认依据": f"{village.settings['name']}成员大会决议〔2016〕1号",
            "承包方编码": family.arable,
            "备注": "",
        }
        for one in family.people
        if one.alive
    ]


def _add_registrations(rows: list[Row], village: Village, family: Family) -> None:
    book = f"{village.code}{family.place + 1:04d}"
    for one in family.people:
        if one.alive:
            since = _HUSBAND_REGISTERED if one.name == "斯琴" and one.relation in _SPOUSES else _since(one, family)
            reason = "婚迁" if one.relation in _SPOUSES else "出生登记"
            rows.append(_registration(one, book, family.head, address(village, family), village.code, since, reason))
    divorced = next((one for one in family.people if one.name == "斯琴"), None)
    if divorced is not None:  # the later row holds from its day on; her place in the contract is not touched by it
        own = Person(divorced.name, divorced.sex, divorced.number, "02")
        where = address(village, family).replace("号", "号附1")
        rows.append(_registration(own, f"{village.code}0101", own, where, village.code, _DIVORCED, _LEFT_AFTER))


def _since(person: Person, family: Family) -> str:
    """Since birth, or since the wedding for who married in."""
    if person.relation in _SPOUSES:
        return f"{max(person.born.year, family.head.born.year) + 24}0601"
    return f"{person.born:%Y%m%d}"


def _registration(person: Person, book: str, head: Person, where: str, division: str, since: str, reason: str) -> Row:
    return {
        "户号": book,
        "户主姓名": head.name,
        "姓名": person.name,
        "证件号码": person.number,
        "与户主关系": person.relation,
        "住址": where,
        "区划代码": division,
        "户口类别": "居民",
        "原户口类别": "农业",
        "户别": "家庭户",
        "登记日期": since,
        "登记事由": reason,
    }


def _add_shares(rows: list[Row], village: Village, families: list[Family]) -> None:
    total, each, left = village.settings["shares"], village.settings["share_each"], village.settings["shares"]
    number = 0
    for family in families:
        for one in family.people:
            if one.alive:
                number += 1
                left -= each
                rows.append(_share(village, one.name, one.number, each, total, family.arable, number))
    name = f"乌审旗{village.settings['town']}{village.settings['name']}股份经济合作社"
    collective = credit_code(f"N2150699{village.code[3:]}")
    rows.append(_share(village, name, collective, left, total, "", number + 1))
    rows[-1] |= {"证件类型": "3", "备注": "集体股，含本次未交农户的份额"}


def _share(village: Village, name: str, number: str, shares: int, total: int, household: str, serial: int) -> Row:
    return {
        "发包方编码": village.issuer,
        "股东姓名": name,
        "证件类型": "1",
        "证件号码": number,
        "份数": str(shares),
        "总股数": str(total),
        "承包方编码": household,
        "股权证号": f"乌股{village.code[8:]}-{serial:04d}",
        "登记日期": village.settings["signed"],
        "备注": "",
    }


def _add_benefits(rows: list[Row], village: Village, families: list[Family]) -> None:
    for plot in village.plots:
        if plot.use == "pasture" and plot.holder is not None:
            family = families[plot.holder]
            mu = in_mu(plot.contracted)
            rows.append(_benefit(village, GRASS_AWARD, "地块", family.grass, f"{mu}", "亩"))
            rows[-1]["地块代码"] = parcel_code(village, plot)
    for family in families[1:]:
        fields = [p for p in village.plots if p.use in ("irrigated", "dry") and p.holder == family.place]
        mu = in_mu(sum((plot.contracted for plot in fields), Decimal(0)))
        if mu:
            rows.append(_benefit(village, ARABLE_SUBSIDY, "农户", family.arable, f"{mu}", "亩"))
        if family.grass and family.place % 4 == 1:
            rows.append(_benefit(village, EWE_SUBSIDY, "畜群", family.grass, str(60 + 5 * family.place), "头"))
    for family in families[2::9]:
        rows.append(_benefit(village, TRAINING, "个人", "", "1", "人"))
        rows[-1] |= {"姓名": family.head.name, "证件号码": family.head.number}


def _benefit(village: Village, policy: str, basis: str, household: str, quantity: str, unit: str) -> Row:
    rate = _YUAN.get(policy, Decimal("600.00"))
    return {
        "发包方编码": village.issuer,
        "政策": policy,
        "计发依据": basis,
        "承包方编码": household,
        "姓名": "",
        "证件号码": "",
        "地块代码": "",
        "计发数量": quantity,
        "计发单位": unit,
        "标准": f"{rate}",
        "金额": f"{(rate * Decimal(quantity)).quantize(CENT, ROUND_HALF_UP)}",
        "年度": "2016",
        "起始日期": village.settings["signed"],
        "截止日期": "",
        "文号": "乌农牧发〔2016〕32号",
    }


def _add_duties(rows: list[Row], village: Village, families: list[Family]) -> None:
    """A stocking limit on every third pasture contract, the first household's among them."""
    for family in families[::3]:
        mu = in_mu(
            sum(
                (p.contracted for p in village.plots if p.use == "pasture" and p.holder == family.place),
                Decimal(0),
            )
        )
        if mu:
            limit = {"类别": "草畜平衡", "标的代码": family.grass + "J", "权利人或机关": "乌审旗农牧业局"}
            limit |= {"数量": str(int(mu / _MU_PER_SHEEP)), "单位": "羊单位"}
            day = village.settings["signed"]
            rows.append(_restriction(limit, 文号=f"草畜平衡责任书{family.grass[6:]}", 登记日期=day))


def _restriction(row: Row, **more: str) -> Row:
    return {column: (row | more).get(column, "") for column in _RESTRICTION_COLUMNS.split()}
