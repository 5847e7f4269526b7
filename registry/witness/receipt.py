"""What does the inspector print and file for each cosignature, and for each refusal? Plain text, Chinese then English.

No personal data: the log holds none, and of the private pairs only their number is said.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from registry.ledger.verify.note import Checkpoint, VerifierKey
from registry.ledger.verify.replay import UNPROVED
from registry.witness.judging import Judged
from registry.witness.store import Evidence
from registry.witness.words import STATEMENT_EN, STATEMENT_ZH

_CHINA: Final = timezone(timedelta(hours=8))
_CLASSES: Final = {
    "R": "权利行为 acts on rights",
    "H": "户籍类事件 household-status events",
    "S": "状态 states",
    "K": "密钥 keys",
    "E": "清除 erasures",
    "C": "办件步骤 steps of cases",
}


def cosigned(key: VerifierKey, checkpoint: Checkpoint, time: int, line: str, judged: Judged | None, since: int) -> str:
    """The receipt of a cosignature: what was checked, what is stated, the line itself; of a mere check where there is no line."""
    facts = [
        ("监督机构 witness", f"{key.name} ({key.key_id.hex()})"),
        ("账本 log", checkpoint.origin),
        ("条数 size", f"{checkpoint.size} (上次 before: {since})"),
        ("根 root", b64encode(checkpoint.root).decode("ascii")),
        ("签于 cosigned" if line else "查于 checked", moment(time)),
    ]
    if judged is not None:
        counts = [f"{judged.classes[cls]} {name}" for cls, name in _CLASSES.items() if judged.classes[cls]]
        facts.append(("本次核对 checked now", ", ".join(counts) or "0"))
    return _page(
        "监督签名回执 RECEIPT OF A COSIGNATURE" if line else "查过, 没有签 CHECKED, NOT SIGNED",
        [
            *(f"{name}: {value}" for name, value in facts),
            *(f"⚠ 丢失 LOST: {zh}\n  {en}" for zh, en in (() if judged is None else judged.said)),
            "",
            STATEMENT_ZH,
            STATEMENT_EN,
            "",
            "没有证明的 not shown by it:",
            *(f"  {zh} / {en}" for zh, en in UNPROVED[1:2]),
            "",
            line.rstrip("\n"),
            "",
            "监督人 inspector: ____________________    盖章 seal:",
        ],
    )


def refused(key: VerifierKey, checkpoint: Checkpoint, time: int, told: str, *, kept: bool) -> str:
    """The receipt of a refusal: nothing was signed, and why; `kept` where evidence of it is."""
    return _page(
        "不予签名 REFUSED, NOTHING WAS SIGNED",
        [
            f"监督机构 witness: {key.name} ({key.key_id.hex()})",
            f"账本 log: {checkpoint.origin}",
            f"条数 size: {checkpoint.size}",
            f"时间 time: {moment(time)}",
            "",
            *told.rstrip("\n").split("\n"),
            "",
            *(["证据已留存 the evidence is kept: witness evidence"] if kept else []),
            "监督人 inspector: ____________________    盖章 seal:",
        ],
    )


def of_evidence(found: Evidence) -> str:
    """One refusal as it is handed on: both notes word for word."""
    return _page(
        f"证据 EVIDENCE {found.number}: {found.kind}",
        [
            f"账本 log: {found.origin}",
            f"时间 time: {moment(found.time)}",
            found.zh,
            found.en,
            "",
            "我们签过的最后检查点 the last head that we cosigned:",
            found.ours.decode(),
            "送来而被拒的 the head that was refused:",
            found.theirs.decode(),
        ],
    )


def moment(time: int) -> str:
    """A POSIX time as the clock on the wall in China shows it, and in UTC."""
    here = datetime.fromtimestamp(time, tz=_CHINA)
    return f"{here:%Y-%m-%d %H:%M:%S} (北京时间) = {here.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _page(title: str, lines: list[str]) -> str:
    return "\n".join([title, "=" * 60, *lines, ""])
