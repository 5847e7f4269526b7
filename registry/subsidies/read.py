"""What does a subsidy list hold, and is it one that may be checked at all?

The columns are those of the roster 惠农牧补贴 (docs/delivery.md 4). A list with a column about the household registration is
refused: no basis of a policy reads it (2016 plan II.3.1-g, invariant I11), so a list that carries it is a list that somebody
means to cut by it. Faults are those of a delivery, all named, and the list is refused whole.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from registry.delivery.containers import Unreadable
from registry.delivery.faults import MOST_OF_A_TABLE, Fault, Faults, TooManyFaults
from registry.delivery.frames import set_villages
from registry.delivery.parts import BENEFITS
from registry.delivery.read_tables import frame_of
from registry.delivery.tables_apart import cells_apart
from registry.delivery.values import check_values
from registry.errors import SanquanError
from registry.law.deciding import keeps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from registry.delivery.frames import Frame
    from registry.delivery.read_tables import Cells

SUFFIXES = (".csv", ".xlsx")
HUKOU = re.compile("户口|户籍|户别|城镇|城乡|落户|进城|农转非|非农|迁入|迁出|hukou", re.IGNORECASE)


class HukouColumnError(SanquanError):
    """Raised when a list has a column about the household registration. Nothing of the list was looked at."""

    def __init__(self, columns: list[tuple[int, str]]) -> None:
        """The place of each such column, and the word that gave it away."""
        zh = "、".join(f"第 {place} 列（{word}）" for place, word in columns)
        en = ", ".join(f"column {place} ({word})" for place, word in columns)
        super().__init__(
            f"名单里有与户口有关的列: {zh}。惠农牧补贴只按政策自己的依据（地块、畜群、农户、个人）发放, 不看户口"
            "（2016 年方案二（三）1: 各项惠农牧政策不变）: 删去这些列再核对",
            f"the list has columns about the household registration: {en}. Subsidies follow the policy's own basis (parcel, herd, "
            "household, person), never the registration (2016 plan II.3.1): take these columns out and check again",
        )


class ListRefusedError(SanquanError):
    """Raised when a list can't be checked; `faults` are all that were found, names masked."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Every fault, or as many as are looked for."""
        least = ("至少", "at least ") if len(faults) >= MOST_OF_A_TABLE else ("", "")
        super().__init__(
            f"名单有{least[0]} {len(faults)} 处错误, 没有核对: 改正后再交",
            f"the list has {least[1]}{len(faults)} faults: correct them first",
        )
        self.faults = tuple(faults)


@keeps("WS-2016/II.3.1-g")
def read_list(path: Path, county: str, today: str) -> tuple[str, Frame]:
    """The list's year and its rows. HukouColumnError, ListRefusedError."""
    ((_, cells),) = cells_apart([path])
    header = [] if isinstance(cells, Unreadable) else cells.header
    found = [(place, match[0]) for place, name in enumerate(header, start=1) if (match := HUKOU.search(name))]
    if found:
        raise HukouColumnError(found)
    faults = Faults(most=MOST_OF_A_TABLE)
    try:
        year, frame = _checked(path, cells, county, today, faults)
    except TooManyFaults:
        raise ListRefusedError(faults.found) from None
    if faults.found or frame is None:
        raise ListRefusedError(faults.found)
    return year, frame


def _checked(path: Path, cells: Cells | Unreadable, county: str, today: str, faults: Faults) -> tuple[str, Frame | None]:
    frame = frame_of(BENEFITS, path.name, cells, faults)
    if frame is None:
        return "", None
    set_villages(frame, frozenset())
    check_values(frame, county, today, faults)
    year = _one_year(frame, faults)
    if not len(frame):
        faults.whole("file-unreadable", path.name, "", reason=("没有一行", "it has no row"))
    return year, frame


def _one_year(frame: Frame, faults: Faults) -> str:
    """The year of most rows; a row of another year is a fault: last year's is read from the register."""
    years = frame.values("年度")
    year = Counter(years).most_common(1)[0][0] if years else ""
    other = frame.good("年度") & np.asarray([each != year for each in years], dtype=np.bool_)
    faults.rows("value-not-in-list", frame, other, "年度", value=years, allowed=year)
    return year
