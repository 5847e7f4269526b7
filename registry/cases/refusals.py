"""When is a case not opened, not shown or not moved on? Nothing was written where one of these is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import masks
from registry.errors import SanquanError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gis.errors import GisError
    from registry.case_files import Step


class CaseError(SanquanError):
    """The base of every refusal of a case."""


class NoSuchKindError(CaseError):
    """Raised when a case of an unknown kind is to be opened."""

    def __init__(self, known: tuple[str, ...]) -> None:
        """The kinds that there are."""
        super().__init__(
            f"没有这种案件; 有: {'、'.join(known)}", f"there is no such kind of case; there are {', '.join(known)}"
        )


class NoSuchCaseError(CaseError):
    """Raised when there is no case of this id, or it is not this reader's to see: the two are never told apart."""

    def __init__(self) -> None:
        """What to check."""
        super().__init__("没有这个案件, 或还没有提交: 核对编号", "there is no such case, or it was not submitted: check the id")


class SaidMalformedError(CaseError):
    """Raised when what a case asks for, or what a step says, is not as its kind wants it. No value is repeated."""

    def __init__(self, field: str, zh: str, en: str) -> None:
        """The field and what is wanted there."""
        super().__init__(f"{field}: {zh}; 这一步没有记", f"{field}: {en}; this step was not recorded")
        self.field, self.why = field, (zh, en)


class CaseMovedError(CaseError):
    """Raised when somebody else took a step since the caller looked: what happened, by whom, when."""

    def __init__(self, step: Step, zh: str, en: str) -> None:
        """The step that was taken, with its names."""
        who = f"{step.desk[2]} {masks.shown('name', step.desk[1])}" if step.desk else "*"
        super().__init__(
            f"别人先办了一步: {who} 于 {step.at} 办了“{zh}”(第 {step.n} 步)。请重新查看, 再决定; 这次什么都没有记",
            f"somebody came first: {who} took step {step.n} ({en}) at {step.at}. Look at the case again, then decide; "
            "nothing was recorded",
        )


class StepNotOpenError(CaseError):
    """Raised when a step can't be taken now: what is missing, or which steps are open instead."""

    def __init__(self, step: str, reasons: Sequence[tuple[str, str]], instead: Sequence[str]) -> None:
        """The step's word, why not, and what is open."""
        zh = "; ".join(reason for reason, _ in reasons) or "现在不到这一步"
        en = "; ".join(reason for _, reason in reasons) or "the case has not come to it"
        offered = "、".join(instead) or "没有 none"
        super().__init__(
            f"{step} 现在不能办: {zh}。现在可以办: {offered}; 什么都没有记",
            f"{step} is not possible now: {en}. Open now: {offered}; nothing was recorded",
        )


class ActRefusedError(CaseError):
    """Raised when the register itself refuses what a case would write: the act's own check, in its own words."""

    def __init__(self, refusal: SanquanError | GisError) -> None:
        """What was refused."""
        super().__init__(f"登记不成: {refusal.zh}; 什么都没有记", f"not registered: {refusal.en}; nothing was recorded")


class NotByYouError(CaseError):
    """Raised when a step is open, but not to this actor: another role's, or four eyes, or a stake of their own."""

    def __init__(self, step: str, reasons: Sequence[tuple[str, str]]) -> None:
        """The step's word and why."""
        super().__init__(
            f"{step} 不能由您办: {'; '.join(zh for zh, _ in reasons)}; 什么都没有记",
            f"{step} is not yours to take: {'; '.join(en for _, en in reasons)}; nothing was recorded",
        )
