"""Why can a sheet not be made? Each refusal says what was asked, and what to check."""

from __future__ import annotations

from registry.errors import SanquanError


class SheetError(SanquanError):
    """Raised when a sheet can't be made of what was asked."""


class NoSuchParcel(SheetError):
    """Raised when no parcel of this code stands on the day."""

    def __init__(self, code: str, day: str) -> None:
        """A code is a place."""
        super().__init__(
            f"{day} 这一天没有编码为“{code[:40]}”的地块: 核对编码(19 位地块编码, 宅基地 28 位)和日期",
            f"no parcel has the code “{code[:40]}” on {day}: check the code (19 characters, 28 for a homestead) and the day",
        )


class NothingOfThisCode(SheetError):
    """Raised when nothing ever had the code of what is to be explained."""

    def __init__(self) -> None:
        """The code may be anything that was typed, so it is not repeated."""
        super().__init__(
            "没有地块、合同、宅基地或承包方有过这个编码: 核对编码",
            "no parcel, contract, homestead or household ever had this code: check it",
        )


class NoSuchHousehold(SheetError):
    """Raised when no contracting household of this code holds land on the day."""

    def __init__(self, code: str, day: str) -> None:
        """A code is a place and a number."""
        super().__init__(
            f"{day} 这一天没有编码为“{code[:40]}”的承包方, 或名下没有地: 核对承包方编码(18 位)和日期",
            f"no contracting household has the code “{code[:40]}” and land on {day}: check the code (18 digits) and the day",
        )


class NothingToShow(SheetError):
    """Raised when a village, or the whole registry, has no parcel on the day."""

    def __init__(self, day: str) -> None:
        """Which day."""
        super().__init__(
            f"{day} 这一天这里没有地块, 没有制图: 核对村码和日期",
            f"no parcel stands here on {day}, no sheet was made: check the village's code and the day",
        )


class RoundMalformed(SheetError):
    """Raised when a round of public notice is none of those there are."""

    def __init__(self) -> None:
        """Show the rounds."""
        super().__init__("公示轮次是 1、2 或 3", "a round of public notice is 1, 2 or 3")
