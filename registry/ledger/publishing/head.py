"""Which head was signed last, and does this database still begin with it?

A restored backup, a second copy, a database rebuilt under another history: each looks whole from inside. The head lies
outside, beside the private keys, so that none of them is written on: it would give two histories under one signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.errors import SanquanError
from registry.ledger import read
from registry.ledger.log import tree_of
from registry.ledger.verify.note import Checkpoint, Note, parse_checkpoint, parse_note
from registry.ledger.verify.strict import VerifyError

if TYPE_CHECKING:
    from pathlib import Path

    from registry.store.engines import Store
    from registry.store.settings import Settings

HEAD_FILE = "head"
CHECKPOINT_FILE = "checkpoint"
COSIGNED_FOLDER = "cosigned"
"""Beside the checkpoint: heads that witnesses were asked about, named by their size, with the lines that came back."""


class HeadUnreadableError(SanquanError):
    """Raised when the head file is damaged, or gone although a checkpoint was published."""

    def __init__(self, path: Path) -> None:
        """Where it lies."""
        super().__init__(
            f"读不出最后一次签名的账头 {path}: 从备份恢复它, 或核对后把已公布的 checkpoint 复制到这里。在此之前不写入",
            f"the last signed head can't be read: {path}. Restore it from its backup, or copy the published checkpoint there "
            "once you have checked it; nothing is written before",
        )


class DatabaseBehindError(SanquanError):
    """Raised when the database has fewer entries than were signed: an older copy was restored."""

    def __init__(self, has: int, signed: int) -> None:
        """How many entries it has, and how many the head covers."""
        super().__init__(
            f"数据库只有 {has} 条账目, 已签名的有 {signed} 条: 缺第 {has} 至 {signed - 1} 条(从 0 数)。"
            "这是较旧的备份: 请恢复更新的备份, 在此之前不写入。确实没有更新的, 才用 sanquan ledger succeed 公开写明丢了什么",
            f"the database has {has} entries, {signed} were signed: entries {has} to {signed - 1} are missing (counted from 0). "
            "It is an older copy: restore a newer one; nothing is written before. Only where there is none: sanquan ledger "
            "succeed, which says in public what was lost",
        )


class DatabaseForkedError(SanquanError):
    """Raised when the database has another history than the one that was signed."""

    def __init__(self, signed: int) -> None:
        """How many entries the head covers."""
        super().__init__(
            f"前 {signed} 条账目与已签名的账头不符: 这个数据库是另一段历史。恢复对的数据库, 用 sanquan audit 查出哪一条不同",
            f"the first {signed} entries are not those of the signed head: this database has another history. Restore the right "
            "one; sanquan audit names what differs",
        )


@dataclass(frozen=True, slots=True)
class Head:
    """A signed checkpoint: its bytes, its note, what it says."""

    raw: bytes
    note: Note
    checkpoint: Checkpoint


def parse_head(raw: bytes) -> Head:
    """A checkpoint note, its signatures not verified. VerifyError."""
    note = parse_note(raw)
    return Head(raw, note, parse_checkpoint(note.text))


def read_head(settings: Settings) -> Head | None:
    """The last head that was signed, None before the first. HeadUnreadableError."""
    path = settings.signing / HEAD_FILE
    try:
        return parse_head(path.read_bytes())
    except FileNotFoundError:
        if (settings.published / CHECKPOINT_FILE).exists():
            raise HeadUnreadableError(path) from None
        return None
    except VerifyError as broken:
        raise HeadUnreadableError(path) from broken


def refuse_behind(store: Store) -> None:
    """Refuse a database that does not begin with the last signed head. Asked before the first write of each process.

    DatabaseBehindError, DatabaseForkedError, HeadUnreadableError.
    """
    head = read_head(store.settings)
    if head is None:
        return
    signed = head.checkpoint
    with store.reading() as connection:
        has = read.size(connection)
        if has < signed.size:
            raise DatabaseBehindError(has, signed.size)
        if tree_of(store, connection, signed.size).root(signed.size) != signed.root:
            raise DatabaseForkedError(signed.size)
