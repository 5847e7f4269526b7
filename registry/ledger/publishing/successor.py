"""How does a log go on after a loss, so that nobody can use it to forget an entry in silence?

The database is an older copy: entries that were signed are gone from it. To go on under the same name would be a fork. A
*successor* goes on under another name and another key: it keeps the entries that are left, so that what they prove can still be
proved; a K then names the old log, its last signed head, the missing range and the reason, and an S repeats the state. Numbers do
not move.

What keeps it honest: the first missing entry is the place of that K, the last one stands under the old log's own signature, so the
range can't be told too small without naming an older head; whoever kept a newer one (a witness, a certificate) has the proof that
more was hidden. The old log's files and its head are put aside, never removed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from registry.errors import SanquanError
from registry.ledger import read
from registry.ledger.log import tree_of
from registry.ledger.merkle import Tree, leaf_hash
from registry.ledger.published import Folder, leaves
from registry.ledger.publishing import key_files, sm2
from registry.ledger.publishing.appending import append_loss
from registry.ledger.publishing.head import (
    HEAD_FILE,
    DatabaseForkedError,
    HeadUnreadableError,
    read_head,
)
from registry.ledger.publishing.keys import prepared
from registry.ledger.publishing.keys_on_log import LOG, keys_on_log, losses_on_log
from registry.ledger.publishing.publisher import LOCK_FILE, PublisherBusyError, publish
from registry.ledger.verify.note import parse_vkey, verified
from registry.ledger.verify.replay import read_entry, read_loss
from registry.ledger.verify.strict import VerifyError, b64_text
from registry.store import durable

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from registry.ledger.publishing.head import Head
    from registry.ledger.publishing.publisher import Published
    from registry.ledger.verify.note import VerifierKey
    from registry.ledger.verify.replay import Loss
    from registry.store.engines import Store
    from registry.store.settings import Settings

_LONGEST_REASON: Final = 200
# A year and an amount have fewer digits in a row; a phone number, an ID number and a contract's code have more.
_NUMBER_OF_SOMEBODY: Final = re.compile(r"[0-9]{6}")


class NothingLostError(SanquanError):
    """Raised when a successor is asked for where the database has everything that was signed."""

    def __init__(self) -> None:
        """What to do instead."""
        super().__init__(
            "数据库不比已签名的账头旧, 什么也没丢: 不需要续账。照常 sanquan ledger publish",
            "the database is not behind its signed head, nothing is lost: no successor is needed. Go on with sanquan ledger "
            "publish",
        )


class LossNotSaidError(SanquanError):
    """Raised when the missing range is not given, or is another one: it must be said word for word."""

    def __init__(self, lost: Lost) -> None:
        """What is missing."""
        super().__init__(
            f"缺第 {lost.first} 至 {lost.last} 条(从 0 数)。先找更新的备份; 确实没有, 再加 --lost {lost.first}-{lost.last}",
            f"entries {lost.first} to {lost.last} are missing (counted from 0). Look for a newer backup first; if there is none, "
            f"add --lost {lost.first}-{lost.last}",
        )


class ReasonRefusedError(SanquanError):
    """Raised when the reason is empty, too long, or has a number in it that may be somebody's."""

    def __init__(self) -> None:
        """What it must be."""
        super().__init__(
            f"原因要写一句话(最多 {_LONGEST_REASON} 字), 会永远公开: 不写姓名, 不写六位以上的号码",
            f"the reason is one sentence of at most {_LONGEST_REASON} characters and public for good: no name, no number of six "
            "digits",
        )


class NameTakenError(SanquanError):
    """Raised when a successor is to bear the name of a log that was, or another one than the one that was begun."""

    def __init__(self, name: str) -> None:
        """Which name stands."""
        super().__init__(
            f"名称不能用: 续账要一个没用过的名称; 已经开始的续账只能用它自己的({name})",
            f"that name can't be taken: a successor has a name never used before, one that was begun its own ({name})",
        )


@dataclass(frozen=True, slots=True)
class Lost:
    """What is missing: entries `first` to before the size of the signed `head`.

    `begun`: a successor was begun for this very head and stopped midway; the name that it bears. `classes` counts the missing
    entries by class where their public files are still there, else None; then it is not known either whether the entries that
    are left are those that were signed.
    """

    head: Head
    first: int
    begun: str
    classes: Counter[str] | None

    @property
    def last(self) -> int:
        """The last entry that is missing."""
        return self.head.checkpoint.size - 1


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The loss as the successor names it, what was missing, what stands published now."""

    loss: Loss
    lost: Lost
    published: Published


def address(origin: str) -> str:
    """By which name the old log's files are kept: hex SHA-256 of its origin, as witnesses name it."""
    return sha256(origin.encode()).hexdigest()


def lost(store: Store) -> Lost:
    """What this database lacks of what was signed; nothing is written.

    NothingLostError; DatabaseForkedError where the entries that are left are not those that were signed, so far as the published
    files show it; HeadUnreadableError where no key of the log signed the head.
    """
    head = read_head(store.settings)
    if head is None:
        raise NothingLostError
    signed = head.checkpoint
    with store.reading() as connection:
        has = read.size(connection)
        named = [loss for loss in losses_on_log(connection) if loss.note == _bare(store, connection, head)]
        first = named[-1].first if named else has
        tree = tree_of(store, connection, first)
        begun = keys_on_log(connection)[-1].key.name if named else ""
        _refuse_unsigned(store, connection, head)
    if not named and has >= signed.size:
        raise NothingLostError if tree.root(signed.size) == signed.root else DatabaseForkedError(signed.size)
    still = _still_published(store.settings, head)
    if still is not None and Tree(map(leaf_hash, still[:first])).root(first) != tree.root(first):
        raise DatabaseForkedError(first)
    classes = None if still is None else Counter(entry.cls for entry in map(read_entry, still[first:]) if entry is not None)
    return Lost(head, first, begun, classes)


def succeed(store: Store, origin: str, because: str, said: str, passphrase: bytes | None = None) -> Succeeded:
    """Go on under the name `origin` where the database lost entries; `said` is the missing range, as `first-last`.

    1. What is missing is judged, and must be what was said.
    2. A new key is sealed; K and S are appended in one transaction.
    3. The old log's files go to `ledger-before/ADDRESS`, its head to `head.ADDRESS`; from here on the database is written again.
    4. The successor is published.

    Stopped anywhere it is done again with the same words. Raises what `lost` and `publish` raise, LossNotSaidError,
    ReasonRefusedError, NameTakenError, KeyRefusedError.
    """
    settings = store.settings
    reason = normalize("NFC", because.strip())
    if not reason or len(reason) > _LONGEST_REASON or not reason.isprintable() or _NUMBER_OF_SOMEBODY.search(reason):
        raise ReasonRefusedError
    settings.signing.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with durable.alone(settings.signing / LOCK_FILE):
            # 1
            found = lost(store)
            if said != f"{found.first}-{found.last}":
                raise LossNotSaidError(found)
            # 2
            if not found.begun:
                _append(store, origin, reason, found, passphrase)
            elif found.begun != origin:
                raise NameTakenError(found.begun)
            # 3
            _put_aside(settings, found.head)
    except durable.HeldElsewhereError as held:
        raise PublisherBusyError from held
    # 4
    published = publish(store, passphrase)
    with store.reading() as connection:
        return Succeeded(losses_on_log(connection)[-1], found, published)


def _append(store: Store, origin: str, reason: str, found: Lost, passphrase: bytes | None) -> None:
    signed = found.head.checkpoint
    with store.reading() as connection:
        known = {each.key for each in keys_on_log(connection)}
        old = _keys_of(store, connection, signed.origin)
    by = {each.key for each in verified(found.head.note, old)}
    if origin == signed.origin or any(key.name == origin for key in known):
        raise NameTakenError(signed.origin)
    _, lines = prepared(store, origin, passphrase)
    lines = [
        f"succeeds {signed.origin} {signed.size} {b64_text(signed.root)}",
        f"lost {found.first}-{found.last}",
        *_signature_lines(found.head, by),
        f"because {reason}",
        # A key that came in the lost range signed this head, and is on no other entry any more.
        *(f"{LOG} {each}" for each in old if each in by and each not in known),
        *lines,
    ]
    # As anybody will read it: what would be taken for no loss is not written.
    if read_loss(found.first, lines) is None:
        raise ReasonRefusedError
    # What is refused before a first write is what was judged above, and is named in what is written.
    store.before_writing = None
    append_loss(store, found.first, lines)


def _put_aside(settings: Settings, head: Head) -> None:
    """The files first: while the head lies in its place, nothing but this is written."""
    where = address(head.checkpoint.origin)
    if settings.published.exists():
        settings.published_before.mkdir(exist_ok=True)
        settings.published.rename(settings.published_before / where)
    if settings.durable:
        durable.sync_folders([settings.folder])
    (settings.signing / HEAD_FILE).rename(settings.signing / f"{HEAD_FILE}.{where}")
    if settings.durable:
        durable.sync_folders([settings.signing])


def _refuse_unsigned(store: Store, connection: Connection, head: Head) -> None:
    """A head that no key of the old log signed proves nothing."""
    try:
        if verified(head.note, _keys_of(store, connection, head.checkpoint.origin)):
            return
    except VerifyError as forged:
        raise HeadUnreadableError(store.settings.signing / HEAD_FILE) from forged
    raise HeadUnreadableError(store.settings.signing / HEAD_FILE)


def _keys_of(store: Store, connection: Connection, origin: str) -> list[VerifierKey]:
    """Every key that signed as this log: those on the entries that are left, then those whose private half lies here."""
    texts = [str(each.key) for each in keys_on_log(connection)]
    texts += [file.vkey for file in key_files.key_files(store) if not sm2.is_sm2(file.vkey)]
    keys = dict.fromkeys(map(parse_vkey, texts))
    return [key for key in keys if key.name == origin]


def _bare(store: Store, connection: Connection, head: Head) -> bytes:
    """The head with the lines of the log's own keys alone, as a K names it."""
    by = {each.key for each in verified(head.note, _keys_of(store, connection, head.checkpoint.origin))}
    lines = (line.removeprefix("signed ") for line in _signature_lines(head, by))
    return (head.note.text + "\n" + "".join(f"— {line}\n" for line in lines)).encode()


def _signature_lines(head: Head, keys: set[VerifierKey]) -> list[str]:
    ids = {(key.name, key.key_id) for key in keys}
    lines = [line for line in head.note.lines if (line.name, line.key_id) in ids]
    return [f"signed {line.name} {b64_text(line.key_id + line.signature)}" for line in lines]


def _still_published(settings: Settings, head: Head) -> list[bytes] | None:
    """Every entry as the old log published it, None where not all are there."""
    size = head.checkpoint.size
    where = settings.published_before / address(head.checkpoint.origin)
    try:
        found = list(leaves(Folder(where if where.exists() else settings.published), size))
    except VerifyError:
        return None
    return found if Tree(map(leaf_hash, found)).root(size) == head.checkpoint.root else None
