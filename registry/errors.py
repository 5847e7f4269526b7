"""What does a refusal look like? One class for each, beside the rule it guards, all under `SanquanError`."""

from __future__ import annotations

from typing import Any


class SanquanError(Exception):
    """The base of every refusal: what is wrong, where, and what to do, in Chinese and in English.

    `zh` and `en` are whole sentences without personal data; `str()` joins them as "中文 / English".
    Subclasses are built from domain values and write their own two sentences; callers never format.
    """

    def __init__(self, zh: str, en: str) -> None:
        """Keep both sentences."""
        super().__init__(zh, en)
        self.zh = zh
        self.en = en

    def __str__(self) -> str:
        """Chinese first, English second."""
        return f"{self.zh} / {self.en}"

    def __reduce__(self) -> tuple[Any, ...]:
        """A refusal keeps its words on its way from one process to another: a subclass is not built a second time."""
        return _again, (type(self), self.args, dict(self.__dict__))


def _again(kind: type[SanquanError], args: tuple[Any, ...], state: dict[str, Any]) -> SanquanError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error
