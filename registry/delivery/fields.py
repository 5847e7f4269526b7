"""What is a layer or table of a delivery made of: its columns, what each must be, which codes it may hold?

*Need*: 必 required, 宜 expected, 可 optional. A *sealed* field can name or reach a person: its value is masked in every
report. Lengths count characters, those of numbers the point too. Code lists: NY/T 2539-2016 appendix C.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Need = Literal["必", "宜", "可"]
Kind = Literal[
    "text", "number", "positive", "whole", "shares", "day", "past-day", "list", "id",
    "fbf", "cbf", "dk", "dks", "cbht", "unit", "village", "division", "object", "plot", "year", "county", "town", "group",
]  # fmt: skip
ShapeKind = Literal["", "point", "line", "polygon"]

FOREVER = "9999-01-01"
"""The end of a term that runs for ever (长久不变), delivered as 99990101."""

YES_NO = ("1", "2")
WAYS = ("100", "110", "120", "121", "122", "123", "129", "200", "300", "900")
FAMILY_WAYS = ("100", "110")
"""Ways of contracting whose contract code ends in J (家庭承包); all others end in Q."""
ID_TYPES = ("1", "2", "3", "4", "5", "9")
PURPOSES = ("1", "2", "3", "4", "5")
RELATIONS = tuple(
    f"{n:02d}" for n in (1, 2, 10, 11, 12, *range(20, 80), *range(81, 98), 99)
)
HOUSEHOLD, INDIVIDUAL, UNIT = "1", "2", "3"
SERIALS = {HOUSEHOLD: (1, 8000), INDIVIDUAL: (8001, 9000), UNIT: (9001, 9999)}


@dataclass(frozen=True, slots=True)
class Column:
    """One field: its name as delivered, what it must be, and how long at most (0: no limit of its own).

    `standard` has the codes of a list that is too long to be told.
    """

    name: str
    kind: Kind
    need: Need = "可"
    length: int = 0
    sealed: bool = False
    allowed: tuple[str, ...] = ()
    standard: str = "GB/T 4761"


@dataclass(frozen=True, slots=True)
class Part:
    """One layer or table. `belongs` are the columns whose code says to which village a row belongs, best first.

    A row of a part without such a column belongs to the county. `shape` is what a layer holds, "" for a table. `kept`:
    the rows are kept as they were delivered (`registry.delivery.records`), for no guarded noun has a place for them.
    `standard`: the standard asks for it, and it is said when it was not delivered. `expected`: its absence is a note.
    """

    name: str
    shape: ShapeKind
    required: bool
    columns: tuple[Column, ...]
    belongs: tuple[str, ...]
    kept: bool = False
    standard: bool = False
    expected: bool = True

    @property
    def is_layer(self) -> bool:
        """Whether it comes as a Shapefile."""
        return self.shape != ""

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)


def sealed(name: str, need: Need, length: int = 0, kind: Kind = "text") -> Column:
    """A column that can name or reach a person."""
    return Column(name, kind, need, length, sealed=True)


def listed(name: str, need: Need, allowed: tuple[str, ...]) -> Column:
    """A column whose values are those of a code list."""
    return Column(name, "list", need, allowed=allowed)
