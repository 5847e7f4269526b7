"""What do all sheets of the register have in common: reference system, foot, seal boxes, words of the trade?"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gis.cartography import LAND_USE_STYLES
from gis.crs import RegisterCrs
from registry import masks
from registry.store.settings import REGISTER_CRS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gis.sheets import Pair
    from registry.rights.read import RightLine
    from registry.sheets.land import Holder, Land, Plot

DASH = "—"
SEALS = ("发包方（盖章）", "登记机构（盖章）")
PLOT_SEALS = ("权籍调查单位（盖章）", "登记机构（盖章）")
BOOKS = {"realty-platform": "不动产登记平台", "contract-book": "农牧局承包合同簿", "collective": "集体台账"}
NOT_THE_BOOK = "本页由登记簿生成，盖章后使用；权属以权威登记簿为准。印章由机构手工加盖，从不印制。"
MASKED = "姓名已隐去：带姓名的图只在登记机构本机上制作，每次制作记用途。"
_SHOWN = 12
_DIGITS = 5
_PLOT_NUMBER = slice(12, 19)
"""Where in the 28 characters of a 不动产单元号 the number of the plot stands (JC00001)."""


def crs_label() -> str:
    """The register's reference system, as it is written on a sheet."""
    crs = RegisterCrs.of(REGISTER_CRS)
    return f"2000国家大地坐标系 {crs.label} (EPSG:{crs.epsg})，单位 米"


def foot(land: Land) -> str:
    """As of when, and at which state of the log."""
    head = land.head
    return (
        f"{land.store.settings.banner_name} · 登记内容截至 {land.day} · "
        f"登记账 {head.size} 条，校验值 {head.root[:_SHOWN]}"
    )


def notes(land: Land) -> tuple[str, ...]:
    """The small print that every sheet has."""
    return (NOT_THE_BOOK,) if masks.sees("name", land.reader) else (NOT_THE_BOOK, MASKED)


def land_use(plot: Plot) -> str:
    """The use of a parcel in Chinese."""
    return LAND_USE_STYLES[plot.state.land_use].zh


def short_code(plot: Plot) -> str:
    """By what people in a village know a parcel: the last five digits, of a homestead the plot's number."""
    return plot.state.code[_PLOT_NUMBER] if plot.state.land_use == "homestead" else plot.state.code[-_DIGITS:]


def broken_code(plot: Plot) -> str:
    """The whole code, over two lines where it has 28 characters: a narrow column holds 19."""
    code = plot.state.code
    return f"{code[: _PLOT_NUMBER.start]}\n{code[_PLOT_NUMBER.start :]}" if plot.state.land_use == "homestead" else code


def both(m2: str, mu: str) -> str:
    """An area as recorded, in both units."""
    return f"{m2} m²（{mu} 亩）" if m2 and mu else f"{m2} m²" if m2 else f"{mu} 亩" if mu else DASH


def summed(texts: Iterable[str]) -> str:
    """The sum of recorded areas as they are printed: exact, two decimals; a dash where nothing is recorded."""
    given = [Decimal(text) for text in texts if text]
    return f"{sum(given, Decimal(0)):.2f}" if given else DASH


def term(line: RightLine) -> str:
    """The term of a right."""
    return f"{line.term_start or '…'} 至 {line.term_end or '长期'}" if line.term_start or line.term_end else DASH


def authority(lines: Iterable[RightLine]) -> str:
    """Whose book decides, and the number there."""
    said = [f"{BOOKS[line.book]}{f'（{line.book_number}）' if line.book_number else ''}" for line in lines]
    return "、".join(dict.fromkeys(said)) or DASH


def people(holders: Iterable[Holder]) -> str:
    """Every co-holder, each once."""
    names = [name for holder in holders for name in holder.co_holders]
    return f"{'、'.join(names)}（{len(names)} 人）" if names else DASH


def bounds(plot: Plot) -> list[Pair]:
    """The four 四至 as they are registered; none of them on a sheet without names."""
    words = (("东至", "east"), ("南至", "south"), ("西至", "west"), ("北至", "north"))
    return [(zh, plot.texts.get(name, "") or DASH) for zh, name in words]
