"""What can be looked at, and what is it called: one word each, closed; in words of the person, not of the log."""

from __future__ import annotations

from typing import Literal, get_args

What = Literal[
    "lookup", "statement", "rights", "registrations", "entitlements", "permit", "guarantee", "certificate", "sheet-household",
    "answer", "membership-answer", "looks", "source", "case", "dossier", "refused",
]  # fmt: skip
WHATS: tuple[What, ...] = get_args(What)
SAID: dict[What, tuple[str, str]] = {
    "lookup": ("按证件号查到了您", "found you by the number of your ID"),
    "statement": ("看了您的权益保留证明", "read your retained-rights statement"),
    "rights": ("看了您家的地和别的权利", "read your land and other rights"),
    "registrations": ("看了您的户口登记", "read your household registration"),
    "entitlements": ("看了您能享受的服务", "read the services you are entitled to"),
    "permit": ("看了您的居住证", "read your residence permit"),
    "guarantee": ("看了您的权利迁前迁后的比对", "read the comparison of your rights before and after the move"),
    "certificate": ("给您的权利出了一份证明", "made a certificate of your rights"),
    "sheet-household": ("打印了您家的地块图", "printed the sheet of your household's land"),
    "answer": ("问了您的落户、居住证、年龄, 得到是或不是", "asked whether you settled, hold a permit or are a minor"),
    "membership-answer": ("看了集体对您的成员身份的答复", "read what the collective answered about your membership"),
    "looks": ("看了“谁看过您”这份记录", "read this list of who looked"),
    "source": ("打开了一份材料", "opened a paper kept as evidence"),
    "case": ("看了涉及您家的案件", "read cases that touch you"),
    "dossier": ("把涉及您家的一个案件做成了卷宗", "made the dossier of a case that touches you"),
    "refused": ("想改您家的权利, 没有办成, 什么都没有变", "tried to touch a right of yours and was refused; nothing changed"),
}
