"""When is a delivery not withdrawn? Nothing was changed where one of these is raised."""

from __future__ import annotations

from registry.errors import SanquanError


class WithdrawalError(SanquanError):
    """The base of every refusal of a withdrawal."""


class HashMalformed(WithdrawalError):
    """Raised when what is to name a delivery is no content hash."""

    def __init__(self) -> None:
        """Show where one stands."""
        super().__init__(
            "成果用内容摘要指明: 64 位十六进制, 见回执、导入报告或 sanquan delivery list",
            "a delivery is named by its content hash: 64 hexadecimal digits, as receipt, report and sanquan delivery list say it",
        )


class DeliveryNotRegistered(WithdrawalError):
    """Raised when no village of this delivery was registered."""

    def __init__(self, content_hash: str) -> None:
        """The hash that was asked for."""
        super().__init__(
            f"没有登记过内容摘要为 {content_hash} 的成果: 核对回执, 或看 sanquan delivery list",
            f"no delivery of content hash {content_hash} was registered: see its receipt, or sanquan delivery list",
        )


class VillageNotInDelivery(WithdrawalError):
    """Raised when the delivery registered nothing of the village that is named."""

    def __init__(self, village: str, there: list[str]) -> None:
        """The village, and those that the delivery registered."""
        super().__init__(
            f"这份成果没有登记 {village}: 它登记的村是 {', '.join(there)}",
            f"this delivery registered nothing of {village}, but of {', '.join(there)}",
        )


class NothingToWithdraw(WithdrawalError):
    """Raised when no village of the delivery can be withdrawn: each stands on something later, or was withdrawn before."""

    def __init__(self, villages: list[str]) -> None:
        """The villages."""
        super().__init__(
            f"没有可撤回的村: {', '.join(villages)} 已撤回或有后来的登记, 预览逐条列出",
            f"no village can be withdrawn: {', '.join(villages)} were before, or later acts build on them; the preview lists each",
        )


class WithdrawalMovedOn(WithdrawalError):
    """Raised when a withdrawal would end another number of things than was shown."""

    def __init__(self, expected: int, found: int) -> None:
        """Both numbers."""
        super().__init__(
            f"预览时要撤 {expected} 项, 现在是 {found} 项: 重新预览, 再决定",
            f"{expected} things were to end when it was shown, now {found}: look at the preview again, then decide",
        )
