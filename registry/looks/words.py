"""What can be looked at, and what is it called: one word each, closed; in words of the person, not of the log."""

from __future__ import annotations

from typing import Literal, get_args

What = Literal[
    "lookup", "name-lookup", "statement", "rights", "registrations", "entitlements", "permit", "guarantee", "certificate",
    "sheet-household", "answer", "membership-answer", "looks", "source", "case", "dossier", "refused",
    "roster", "payment-list", "export", "place-export", "sheets", "map", "place-map", "search", "neighbours", "found",
    "waiting-list", "list-check", "listings", "person-dossier", "explanation", "everything",
]  # fmt: skip
WHATS: tuple[What, ...] = get_args(What)
SAID: dict[What, tuple[str, str]] = {
    "lookup": ("按证件号查到了您", "found you by the number of your ID"),
    "name-lookup": ("按姓名查到了您", "found you by your name"),
    "statement": ("看了您的权益保留证明", "read your retained-rights statement"),
    "rights": ("看了您家的地和别的权利", "read your land and other rights"),
    "registrations": ("看了您的户口登记", "read your household registration"),
    "entitlements": ("看了您能享受的服务", "read the services you are entitled to"),
    "permit": ("看了您的居住证", "read your residence permit"),
    "guarantee": ("看了您的权利迁前迁后的比对", "read the comparison of your rights before and after the move"),
    "certificate": ("给您的权利出了一份证明", "made a certificate of your rights"),
    "sheet-household": ("打印了您家的地块图", "printed the sheet of your household's land"),
    "answer": (
        "问了您的落户、居住证、年龄或成员身份(问的哪样看用途), 得到是或不是",
        "asked about your settling, permit, age or membership (which, the purpose says), and got yes or no",
    ),
    "membership-answer": ("看了集体对您的成员身份的答复", "read what the collective answered about your membership"),
    "looks": ("看了“谁看过您”这份记录", "read this list of who looked"),
    "source": ("打开了一份材料", "opened a paper kept as evidence"),
    "case": ("看了涉及您家的案件", "read cases that touch you"),
    "dossier": ("把涉及您家的一个案件做成了卷宗", "made the dossier of a case that touches you"),
    "roster": ("看了集体的成员名册, 您可能在上面", "read the roster of the collective, on which you may stand"),
    "payment-list": ("看了补贴发放名单, 您可能在上面", "read the payment list, on which you may stand"),
    "export": ("把您家的地导出成了文件", "exported your household's land as a file"),
    "place-export": ("把一片地导出成了文件, 您家的可能在里面", "exported the land of a place as a file; yours may be in it"),
    "sheets": ("制作了一片地的图和表, 您家的可能在上面", "made the sheets of a place; yours may be on them"),
    "map": ("在地图上看了您家的地", "looked at your household's land on the map"),
    "place-map": ("在地图上看了一个村的地, 您家的可能在里面", "looked at the land of a village on the map; yours may be in it"),
    "neighbours": ("看了一块地的四至, 您家可能挨着", "read who lies around a parcel; you may be one of them"),
    "found": ("在办公桌上找人, 看到了您遮着的姓名和出生年", "searched at a desk and saw your masked name and year of birth"),
    "search": ("查了一片地上的权利, 您家的可能在里面", "searched the rights of a place; yours may be among them"),
    "waiting-list": ("看了落户排队和待核对的名单, 您可能在上面", "read the list of who waits or fits nobody; you may stand on it"),
    "list-check": ("拿一份名单和登记库核对过, 您可能在上面", "checked a list against the register; you may stand on it"),
    "listings": ("看了您哪天上了名单、哪天不在了、凭什么", "read when you were listed, when no longer, and on what"),
    "person-dossier": ("把您在登记簿上的经过做成了卷宗", "made a dossier of what the register has of you"),
    "explanation": ("把您家的地登记过的事做成了情况说明", "made an account of what was registered of your land"),
    "everything": ("看了登记簿上关于您的全部", "read everything that the register has of you"),
    "refused": ("想改您家的权利, 没有办成, 什么都没有变", "tried to touch a right of yours and was refused; nothing changed"),
}
