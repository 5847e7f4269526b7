"""What refuses a dossier of one person?"""

from __future__ import annotations

from registry.errors import SanquanError


class NothingListedError(SanquanError):
    """Raised when a dossier is asked for of somebody whom no list ever named: there is nothing to set down."""

    def __init__(self) -> None:
        """What to do instead: it is no proof that they have no right."""
        super().__init__(
            "登记簿的名单上从来没有这个人, 做不出卷宗。这不说明没有权利: 没登记上的可以申请漏登补登",
            "no list of the register ever named this person, so there is no dossier. It proves no want of a right: who was left "
            "out at first registration may ask to be entered",
        )
