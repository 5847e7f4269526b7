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
    "CBFBM": ("承包方", "contracting household"),
    "CBFMC": ("承包方代表", "representative"),
    "CBFS": ("承包方式", "way of contracting"),
    "CBFZJHM": ("代表证件号", "representative's ID number"),
    "CBHTBM": ("承包合同", "contract"),
    "CBDKZS": ("地块总数", "number of parcels"),
    "CBJSSJ": ("承包期止", "end of the term"),
    "CBMJ": ("承包面积(亩)", "contract area, 亩"),
    "CBQSSJ": ("承包期起", "start of the term"),
    "CBQXQ": ("承包期起", "start of the term"),
    "CBQXZ": ("承包期止", "end of the term"),
    "CYXM": ("家庭成员", "member of the household"),
    "DKBM": ("承包地块", "contracted parcel"),
    "FBFBM": ("发包方", "issuer"),
    "FBFDM": ("发包方", "issuer"),
    "HTMJ": ("合同面积(m²)", "contract area, m²"),
    "HTMJM": ("合同面积(亩)", "contract area, 亩"),
    "HTZMJ": ("合同总面积(m²)", "total contract area, m²"),
    "QDSJ": ("签订时间", "day of signing"),
    "QSZT": ("权属状态", "state of the right"),
    "SFGYR": ("是否共有人", "co-holder or not"),
    "SYQJSSJ": ("使用期止", "end of use"),
    "SYQMJ": ("使用权面积(m²)", "area of the right, m²"),
    "SYQQSSJ": ("使用期起", "start of use"),
    "YHZGX": ("与户主关系", "relation to the head"),
    "ZDMJ": ("宗地面积(m²)", "area of the plot, m²"),
    "ZDSZB": ("北至", "north of it"),
    "ZDSZD": ("东至", "east of it"),
    "ZDSZN": ("南至", "south of it"),
    "ZDSZX": ("西至", "west of it"),
    "ZL": ("坐落", "address of the plot"),
}


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
    """Rights of this book by the 12 digits of the villages of which the dump has no row: not compared, and said so."""
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
