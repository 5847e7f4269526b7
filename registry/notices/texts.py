"""What is written to one person? Sentences of ours with few words put in: a reference, a counter, a telephone, a day.

A line to a telephone is read by whoever holds it, and by the carrier: no name, no number, no area, nothing of what it is
about. Who wants to know comes to the counter, or signs in.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, get_args

from registry.errors import SanquanError
from registry.notices.fit import fit

MessageKind = Literal["step", "consent-asked", "notice-posted", "not-on-roster"]
MESSAGE_KINDS: tuple[MessageKind, ...] = get_args(MessageKind)
SAYS: dict[MessageKind, str] = {
    "step": "您家的一件事有了进展，编号{reference}。到{counter}问，电话{telephone}。没有看到这条短信，权利也不会少。",
    "consent-asked": "有一件事要您本人同意，编号{reference}。{day}前带身份证到{counter}，电话{telephone}。没有人能替您同意。",
    "notice-posted": "村里贴了和您家有关的公示，编号{reference}，{day}为止可以提异议。公示栏和{counter}能看，电话{telephone}。",
    "not-on-roster": "延包名册上少了一户，要请您来看，编号{reference}。到{counter}，电话{telephone}。您家登记的权利没有变。",
}
_REFERENCE = re.compile(r"[0-9A-Za-z-]{1,40}")
_TELEPHONE = re.compile(r"0\d{2,3}-\d{7,8}|12345")
_LONGEST_COUNTER = 30


class MessageMalformedError(SanquanError):
    """Raised when what is put into a message has not its form."""

    def __init__(self) -> None:
        """Show valid ones."""
        super().__init__(
            "编号用字母、数字和 -, 电话写柜台的座机(0477-1234567), 日子写 2026-12-15",
            "a reference has letters, digits and -; the telephone is the counter's (0477-1234567); a day is 2026-12-15",
        )


@dataclass(frozen=True, slots=True)
class Words:
    """What is put in. `day` is "" where the kind names none."""

    reference: str
    counter: str
    telephone: str
    day: str = ""


def says(kind: MessageKind, words: Words) -> str:
    """The message. Raises `MessageMalformedError`, `UnfitWordsError`.

    >>> says("step", Words("A-17", "农牧局柜台", "0477-7581234"))[:19]
    '您家的一件事有了进展，编号A-17。'
    """
    wants_day = "{day}" in SAYS[kind]
    if not (_REFERENCE.fullmatch(words.reference) and _TELEPHONE.fullmatch(words.telephone)) or wants_day != bool(words.day):
        raise MessageMalformedError
    day = ""
    if words.day:
        try:
            given = dt.date.fromisoformat(words.day)
        except ValueError as malformed:
            raise MessageMalformedError from malformed
        day = f"{given.year}年{given.month}月{given.day}日"
    counter = fit(words.counter, _LONGEST_COUNTER, area=False)
    return SAYS[kind].format(reference=words.reference, counter=counter, telephone=words.telephone, day=day)
