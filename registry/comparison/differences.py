"""What is one difference between the register and a book, and what is it called?

A value that can name or reach a person is masked here, before it goes anywhere; two different names may then look alike,
and the line still says that they differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from registry import masks

if TYPE_CHECKING:

    from registry.comparison.dump import Dump
    from registry.masks import Field

NOTHING = "–"
DIFFERS: Final = "differs"
NOT_IN_REGISTER: Final = "not-in-register"
NOT_IN_BOOK: Final = "not-in-book"
WORDS = {
    "BDCDYH": ("不动产单元号", "unit code"),
    "BDCQZH": ("不动产权证号", "certificate number"),
    "CBDKZS": ("地块总数", "number of parcels"),
    "CBFBM": ("承包方编码", "code of the contracting household"),
    "CBFCYSL": ("成员数量", "number of members"),
    "CBFLX": ("承包方类型", "kind of household"),
    "CBFMC": ("承包方代表", "representative"),
    "CBFS": ("承包方式", "way of contracting"),
    "CBFZJHM": ("代表证件号", "representative's ID number"),
    "CBFZJLX": ("代表证件类型", "kind of the representative's ID"),
    "CBHTBM": ("承包合同代码", "contract"),
    "CBJSSJ": ("承包期止", "end of the term"),
    "CBJYQQDFS": ("承包经营权取得方式", "way of acquiring"),
    "CBJYQZBM": ("承包经营权证代码", "certificate"),
    "CBMJ": ("承包面积(亩)", "contract area, 亩"),
    "CBQSSJ": ("承包期起", "start of the term"),
    "CBQXQ": ("承包期起", "start of the term"),
    "CBQXZ": ("承包期止", "end of the term"),
    "CYXB": ("成员性别", "member's sex"),
    "CYXM": ("家庭成员", "member of the household"),
    "CYZJHM": ("成员证件号", "member's ID number"),
    "CYZJLX": ("成员证件类型", "kind of the member's ID"),
    "DKBM": ("地块代码", "contracted parcel"),
    "FBFBM": ("发包方编码", "issuer"),
    "FBFDM": ("发包方代码", "issuer"),
    "HTMJ": ("合同面积(平方米)", "contract area, m²"),
    "HTMJM": ("合同面积(亩)", "contract area, 亩"),
    "HTZMJ": ("合同总面积(平方米)", "total contract area, m²"),
    "MJDW": ("面积单位", "unit of the area"),
    "QDSJ": ("签订时间", "day of signing"),
    "QLLX": ("权利类型", "kind of right"),
    "QSZT": ("权属状态", "state of the right"),
    "SFGYR": ("是否共有人", "co-holder or not"),
    "SYQJSSJ": ("使用期止", "end of use"),
    "SYQMJ": ("使用权面积(平方米)", "area of the right, m²"),
    "SYQQSSJ": ("使用期起", "start of use"),
    "YHZGX": ("与户主关系", "relation to the head"),
    "ZDDM": ("宗地代码", "plot code"),
    "ZDMJ": ("宗地面积(平方米)", "area of the plot, m²"),
    "ZDSZB": ("北至", "north of it"),
    "ZDSZD": ("东至", "east of it"),
    "ZDSZN": ("南至", "south of it"),
    "ZDSZX": ("西至", "west of it"),
    "ZL": ("坐落", "address of the plot"),
}
"""Every column that a comparison reads, of either book, in words: a column of a table that is not here is not read."""


class Row(NamedTuple):
    """A row of a dump: `at` counts from 0 in its frame, `number` as a spreadsheet does (a dbf from 1)."""

    dump: Dump
    table: str
    at: int

    @property
    def number(self) -> int:
        """Where a clerk looks."""
        return int(self.dump.frames[self.table].row[self.at])

    def value(self, column: str) -> str:
        """A cell as it came."""
        return self.dump.frames[self.table].values(column)[self.at]

    def day(self, column: str) -> str:
        """A day as YYYY-MM-DD, "" where it is blank."""
        return self.dump.frames[self.table].day(column)[self.at]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the two say differently, or only one of them says.

    `rights` are the ids that it is counted for; `row` as a spreadsheet counts it, None where the book has no row;
    `register` and `book` as they may be shown, "–" for nothing.
    """

    rights: tuple[str, ...]
    code: str
    table: str
    row: int | None
    field: str
    kind: Literal["differs", "not-in-register", "not-in-book"]
    register: str
    book: str


@dataclass(slots=True)
class Findings:
    """What a comparison found: every difference, the rights that were compared, and what was left alone."""

    differences: list[Difference] = field(default_factory=list)
    compared: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    untouched: dict[str, int] = field(default_factory=dict)
    """Rights of this book that were not compared: by the 12 digits of a village of which the dump has no row, or by a table
    that it has not.
    """
    skipped: dict[str, int] = field(default_factory=dict)
    """Rows of the dump that say nothing of these rights (history, other kinds of right), by table."""

    def differs(
        self,
        at: Row,
        code: str,
        rights: tuple[str, ...],
        column: str,
        pair: tuple[str, str],
        field: Field | None = None,
    ) -> None:
        """A column of a row with the values of the register and of the book, where they are not the same.

        `field`: which personal field it holds, if any.
        """
        if pair[0] != pair[1]:
            shown = [(masks.shown(field, value) if field else value) if value else NOTHING for value in pair]
            self.differences.append(Difference(rights, code, at.table, at.number, column, DIFFERS, shown[0], shown[1]))

    def only_in_book(self, at: Row, code: str, rights: tuple[str, ...], column: str, said: str) -> None:
        """Something that the register does not have."""
        self.differences.append(Difference(rights, code, at.table, at.number, column, NOT_IN_REGISTER, NOTHING, said))

    def only_in_register(self, table: str, code: str, rights: tuple[str, ...], column: str, said: str) -> None:
        """Something that the book does not have."""
        self.differences.append(Difference(rights, code, table, None, column, NOT_IN_BOOK, said, NOTHING))

    def outcomes(self) -> dict[str, str]:
        """By right: "equal", "differs N" or "absent"."""
        counts: dict[str, int] = {}
        for difference in self.differences:
            for right in difference.rights:
                counts[right] = counts.get(right, 0) + 1
        said = {right: f"differs {counts[right]}" if right in counts else "equal" for right in self.compared}
        return said | dict.fromkeys(self.absent, "absent")


def area(text: str) -> str:
    """An area with two decimals, so that 31000 and 31000.00 are the same; more decimals are kept.

    >>> area("31000"), area("31000.5"), area("1.125"), area("")
    ('31000.00', '31000.50', '1.125', '')
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    cents = value.quantize(Decimal("0.01"))
    return f"{cents if cents == value else value.normalize():f}"
