"""What does a refusal look like? One class for each, beside the rule it guards, all under `SanquanError`."""

from __future__ import annotations


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
