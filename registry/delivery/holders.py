"""Whose is it: which household holds a parcel, plot or contract, as the delivery's own tables say?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import masks
from registry.delivery.faults import shown

if TYPE_CHECKING:
    from registry.delivery.read import Delivery


class Holders:
    """Households by what they hold, and the name of each one's head. A name leaves only through `shown`."""

    def __init__(self, delivery: Delivery) -> None:
        """Read CBDKXX, ZD, CBHT and CBF of a delivery."""
        self._household = (
            self._of(delivery, "CBDKXX", "DKBM", "CBFBM")
            | self._of(delivery, "ZD", "BDCDYH", "QLRCBFBM")
            | self._of(delivery, "CBHT", "CBHTBM", "CBFBM")
        )
        self._name = self._of(delivery, "CBF", "CBFBM", "CBFMC")

    @staticmethod
    def _of(delivery: Delivery, part: str, key: str, value: str) -> dict[str, str]:
        frame = delivery.part(part)
        return {} if frame is None else dict(zip(frame.values(key), frame.values(value), strict=True))

    def household(self, code: str) -> str:
        """The household (CBFBM) that holds a parcel, plot or contract, "" where nobody does."""
        return self._household.get(code, "")

    def head(self, code: str) -> str:
        """The name of who holds it. To compare with, never to show."""
        return self._name.get(self.household(code), "")

    def shown(self, household: str) -> str:
        """A household as a report may name it: its code and the masked name of its head."""
        head = masks.shown("name", self._name.get(household, ""))
        return f"{shown(household, sealed=False)} {head}".strip()
