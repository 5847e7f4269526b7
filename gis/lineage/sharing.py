"""How is a recorded area divided among parts so that nothing of it is lost?

A recorded figure is a fact (NY/T 2539-2016: two decimals) and is divided as it stands, m² and 亩 each on its own, by the
measured sizes of the parts. What rounding leaves over goes openly to one part, the largest.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from gis.areas import NotAnArea
from gis.lineage.cutting import CutError

if TYPE_CHECKING:
    from collections.abc import Sequence


class TooSmallToShare(CutError):
    """Raised when a recorded area leaves a part nothing: 0.23 亩 has no hundredth for a fiftieth of the land."""

    def __init__(self, recorded: str) -> None:
        """The recorded area."""
        super().__init__(
            f"记录的面积 {recorded} 太小，按图形分下去有一块连最后一位小数也分不到：请让每块都大一些，或先更正面积",
            f"the recorded area {recorded} is too small: one part would get none of its last decimal. Make every part larger, "
            "or correct the area first",
        )


@dataclass(frozen=True, slots=True)
class Shared:
    """Texts of the parts, in order, which together are the whole; the remainder and the part that took it."""

    parts: tuple[str, ...]
    remainder: str
    taken_by: int


def share(recorded: str, sizes: Sequence[float], *, may_be_none: bool = False) -> Shared:
    """Divide a recorded area in proportion to measured sizes above zero; an area that was not recorded stays so.

    >>> share("175.00", [1.0, 1.0, 1.0]).parts
    ('58.34', '58.33', '58.33')
    >>> share("", [2.0, 1.0]).parts
    ('', '')

    The figure's own decimals are kept: one with three is shared in thousandths. An area of zero gives every part zero;
    a part of any other gets zero only where it `may_be_none`. Raises `NotAnArea` for what is no decimal number of at
    least zero, `TooSmallToShare`.
    """
    largest = max(range(len(sizes)), key=lambda at: (sizes[at], -at))
    if recorded == "":
        return Shared(("",) * len(sizes), "", largest)
    whole = _decimal(recorded)
    step = Decimal(1).scaleb(min(int(whole.as_tuple().exponent), -2))
    total = sum((Fraction(size) for size in sizes), Fraction(0))
    parts = [_rounded(Fraction(whole) * Fraction(size) / total, step) for size in sizes]
    remainder = whole - sum(parts)
    parts[largest] += remainder
    if whole > 0 and (min(parts) < 0 or (min(parts) == 0 and not may_be_none)):
        raise TooSmallToShare(recorded)
    return Shared(tuple(f"{part:f}" for part in parts), f"{remainder:f}", largest)


def _decimal(recorded: str) -> Decimal:
    whole = Decimal(recorded) if recorded.replace(".", "", 1).isdecimal() and recorded.isascii() else None
    if whole is None or len(recorded) > 40:  # noqa: PLR2004  (far past any land)
        raise NotAnArea(recorded)
    return whole


def _rounded(exact: Fraction, step: Decimal) -> Decimal:
    in_steps = exact / Fraction(step)
    # Half up on the exact fraction: a decimal division before it would already have rounded once.
    return Decimal((2 * in_steps.numerator + in_steps.denominator) // (2 * in_steps.denominator)) * step
