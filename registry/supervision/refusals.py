"""Why a month's sample can't be sealed or drawn; nothing was written then."""

from __future__ import annotations

from registry.errors import SanquanError


class SampleRefusedError(SanquanError):
    """The base of why a sample can't be sealed or drawn."""


class SampleMalformedError(SampleRefusedError):
    """Raised when a month, a number or a hash has not its form."""

    def __init__(self) -> None:
        """Show valid ones; nothing of what was typed."""
        super().__init__(
            "月份写成 2026-12, 数和它的 SHA-256 各是 64 位十六进制(0-9 a-f)",
            "a month is written 2026-12, a number and its SHA-256 are 64 hexadecimal digits (0-9 a-f) each",
        )


class NotTheMonthBeforeError(SampleRefusedError):
    """Raised when a number is to be sealed for another month than the next."""

    def __init__(self, month: str, now: str) -> None:
        """Which month it is."""
        super().__init__(
            f"{month} 抽签的数要在上一个月封存, 现在是 {now}: 过了的月份补不了, 更早的还没有到",
            f"the number of {month} is sealed in the month before, and now it is {now}: a month can't be made up for",
        )


class SealedAlreadyError(SampleRefusedError):
    """Raised when a second number would be sealed for a month."""

    def __init__(self, month: str) -> None:
        """Which month."""
        super().__init__(f"{month} 已经封存过一个数, 不能换", f"a number is sealed for {month} already: there is no second one")


class NotSealedError(SampleRefusedError):
    """Raised when a month is drawn for which no number was sealed in the month before."""

    def __init__(self, month: str) -> None:
        """Which month."""
        super().__init__(
            f"{month} 没有在上个月封存过数: 这个月不抽", f"no number was sealed for {month} in the month before: nothing is drawn"
        )


class AnotherNumberError(SampleRefusedError):
    """Raised when the number that is revealed is not the one that was sealed."""

    def __init__(self) -> None:
        """Nothing of the number: it would be known."""
        super().__init__("这不是封存的那个数", "this is not the number that was sealed")


class NothingCosignedError(SampleRefusedError):
    """Raised when no head was cosigned in the month yet, or it is another month."""

    def __init__(self, month: str, now: str) -> None:
        """What to do."""
        super().__init__(
            f"{month} 还没有监督签过的检查点, 或者现在({now})不是这个月: 先请监察局签名",
            f"no checkpoint was cosigned in {month} yet, or it is {now} now: have one cosigned first",
        )


class DrawnAlreadyError(SampleRefusedError):
    """Raised when a month would be drawn twice."""

    def __init__(self, month: str) -> None:
        """Which month."""
        super().__init__(f"{month} 已经抽过了, 只抽一次", f"{month} was drawn already: once and no more")


class ListGoneError(SampleRefusedError):
    """Raised when the list of a month is gone or not the one that was sealed."""

    def __init__(self, month: str) -> None:
        """From where to restore it."""
        super().__init__(
            f"{month} 的名单不见了或被改过: 从公布的副本恢复 ledger/sample/{month}",
            f"the list of {month} is gone or was altered: restore ledger/sample/{month} from what was published",
        )
