"""What are the tables of each figure called, and which columns have they?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.statistics.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

PEOPLE = Column("people", "人数", "people")
_M2 = "m2"
_BY_SETTLED = (
    Column("settled", "落户镇上的人", "settled in a town"),
    Column("others", "其他人", "others"),
    Column("all", "合计", "all"),
)
_CROSSED = tuple(column.id for column in _BY_SETTLED)
_LET = (
    Column("settled", "出租户里有人落户", "somebody of the household settled"),
    Column("others", "没有人落户", "nobody settled"),
    Column("all", "合计", "all"),
    Column(_M2, "面积（平方米）", "m²", beside="all"),
    Column("mu", "面积（亩）", "mu", beside="all"),
)


def head(
    name: str, zh: str, en: str, *columns: Column, crossed: tuple[str, ...] = ()
) -> Table:
    """An empty table."""
    return Table(name, zh, en, columns, [], [], crossed)


def population() -> Table:
    """Figure 1."""
    return head("population", "户籍人口", "registered in the banner", PEOPLE)


def ages() -> Table:
    """Figure 2, by age."""
    return head("ages", "按年龄", "by age", PEOPLE)


def sexes() -> Table:
    """Figure 2, by sex."""
    return head("sexes", "按性别", "by sex", PEOPLE)


def households() -> Table:
    """Figure 2, by size of the hukou book."""
    # No number of people beside it: books times their size would give a hidden one away.
    return head("households", "户口簿，按人数", "hukou books by their people", Column("books", "户口簿", "hukou books"))


def nationalities() -> Table:
    """Figure 2, by nationality."""
    return head("nationalities", "按民族", "by nationality", *_BY_SETTLED, crossed=_CROSSED)


def educations() -> Table:
    """Figure 2, by level of education."""
    return head("educations", "按文化程度", "by education", *_BY_SETTLED, crossed=_CROSSED)


def places() -> Table:
    """Figure 3, by registration."""
    return head("places", "按户口所在地", "by place of registration", PEOPLE)


def lived_in() -> Table:
    """Figure 3, by where people really live."""
    return head("lived-in", "按实际居住地（记录过的人）", "by where they really live (where recorded)", PEOPLE)


def transferred() -> Table:
    """Figure 4."""
    columns = (
        Column("settled", "已落户镇上", "settled in a town"),
        Column("permit", "持有效居住证", "permit in force"),
        Column("neither", "都不是", "neither"),
        Column("elsewhere", "户口在外旗且不持证", "registered elsewhere, no permit"),
        Column("all", "合计", "all"),
    )
    crossed = tuple(column.id for column in columns)
    return head("transferred", "农牧业转移人口", "people of rural origin", *columns, crossed=crossed)


def fiscal_base() -> Table:
    """Figure 5: hukou or not, by permit in force or not; the last cell is the base, each person once."""
    columns = (
        Column("permit", "持有效居住证", "permit in force"),
        Column("none", "不持证", "no permit in force"),
        Column("all", "合计（每人一次）", "all, each once"),
    )
    crossed = tuple(column.id for column in columns)
    return head("fiscal-base", "财政基数", "fiscal base", *columns, crossed=crossed)


def suspended() -> Table:
    """Figure 5: permits whose use is suspended, not counted."""
    return head("suspended", "居住证功能中止（不计入）", "permits suspended (not counted)", PEOPLE)


def confirmation(use: str, zh: str, en: str) -> Table:
    """Figure 7, of one land use."""
    columns = (
        Column("households", "户次", "households"),
        Column("disputed", "有争议的地块", "disputed parcels"),
        Column("noticed", "公示中的地块", "parcels in public notice"),
        Column("unheld", "待确权地块", "parcels without a right", beside="households"),
        Column("uncertified", "已登记未发证", "no certificate yet", beside="households"),
        Column("certified", "已发证", "certified", beside="households"),
        Column("all", "地块合计", "parcels", beside="households"),
        Column(_M2, "实测面积（平方米）", "surveyed m²", beside="households"),
        Column("mu", "实测面积（亩）", "surveyed mu", beside="households"),
    )
    return head(f"confirmation-{use}", zh, en, *columns)


def retained() -> Table:
    """Figure 8, people."""
    return head("retained", "落户的人", "people who settled", PEOPLE)


def retained_rights(thing: str, zh: str, en: str) -> Table:
    """Figure 8, rights of one kind: nothing is added over kinds of land."""
    columns = (
        Column("rights", "权利数", "rights"),
        Column(_M2, "登记面积（平方米）", "recorded m²", beside="rights"),
        Column("mu", "登记面积（亩）", "recorded mu", beside="rights"),
    )
    return head(f"retained-{thing}", zh, en, *columns)


def let() -> Table:
    """Figure 9, by term."""
    return head("let", "流转中的经营权，按期限", "operating rights let, by term", *_LET, crossed=_CROSSED)


def rents() -> Table:
    """Figure 9, by land and rent."""
    return head("rents", "流转中的经营权，按地类和租金", "operating rights let, by land and rent", *_LET, crossed=_CROSSED)


def exits() -> Table:
    """Figure 10, acts."""
    columns = (
        Column("acts", "件数", "acts"),
        Column("price", "补偿中位数（元）", "median price, yuan", beside="acts"),
    )
    return head("exits", "登记的退出", "exits registered", *columns)


def cases() -> Table:
    """Figure 10, cases."""
    columns = (
        Column("cases", "件数", "cases"),
        Column("days", "提交以来天数（中位数）", "days since submission, median", beside="cases"),
    )
    return head("cases", "案件，按种类和状态", "cases, by kind and state", *columns)


def breaches() -> Table:
    """Figure 11."""
    columns = (Column("open", "未结", "open"), Column("closed", "已结", "closed"))
    return head("breaches", "违反保证的记录", "breaches", *columns)


def first_registrations() -> Table:
    """Figure 12."""
    return head("first-registrations", "首次落户", "first registrations", PEOPLE)


def unregistered_waiting() -> Table:
    """Figure 12, applications that wait, by the class of 国办发〔2015〕96号 that was stated."""
    return head("unregistered-waiting", "排队的申请", "applications that wait", Column("applications", "件数", "applications"))


def minors_by_year() -> Table:
    """Figure 13, by year of birth."""
    return head("minors-by-year", "按出生年", "by year of birth", PEOPLE)


def minors_by_place() -> Table:
    """Figure 13, by community."""
    return head("minors-by-place", "按社区", "by community", PEOPLE)


def minors_by_district(years: Sequence[str]) -> Table:
    """Figure 13, by school district and year of birth."""
    columns = (*(Column(f"born-{year}", f"{year} 年", year) for year in years), Column("all", "合计", "all"))
    crossed = tuple(column.id for column in columns)
    return head("minors-by-district", "按学区和出生年", "by school district and year of birth", *columns, crossed=crossed)


def served(service: str, zh: str, en: str) -> Table:
    """Figure 6, of one service."""
    columns = (
        Column("served", "部门报来", "reported by the bureau"),
        Column("others", "没有报来", "not reported"),
        Column("all", "合计", "all"),
    )
    return head(f"served-{service}", zh, en, *columns, crossed=tuple(column.id for column in columns))
