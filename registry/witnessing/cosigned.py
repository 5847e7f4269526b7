"""Which witnesses have cosigned which head, and where does their line go?

Each head that a witness was asked about is kept in `ledger/cosigned/<size>`, public as the log is, with every line that came back.
Where that head is still the published one, `ledger/checkpoint` gets the line too. Only a line of a witness that the log names
(`trust`) is taken, and only over a head that this log has signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.errors import SanquanError
from registry.ledger.log import tree_of
from registry.ledger.publishing import PublisherBusyError, policy_text
from registry.ledger.publishing.appending import append_keys
from registry.ledger.publishing.head import CHECKPOINT_FILE, COSIGNED_FOLDER, parse_head
from registry.ledger.publishing.publisher import LOCK_FILE
from registry.ledger.signing import line, note
from registry.ledger.verify.note import (
    COSIGNATURE,
    Note,
    Policy,
    PolicyError,
    SignatureLine,
    check,
    parse_policy,
    parse_vkey,
    verified,
)
from registry.ledger.verify.strict import VerifyError
from registry.store import durable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.ledger.publishing.head import Head
    from registry.ledger.verify.note import VerifierKey
    from registry.store.engines import Store



class CosignatureRefusedError(SanquanError):
    """The base of why what a witness gave back is not taken."""


class NoWitnessError(CosignatureRefusedError):
    """Raised when a line comes from a witness that this log does not name, or the log names none."""

    def __init__(self) -> None:
        """What to do."""
        super().__init__(
            "账本上没有这个监督机构: 先从监察局取得公钥, 运行 sanquan ledger witness trust 公钥",
            "the log names no such witness: get its key from the bureau, then run sanquan ledger witness trust VKEY",
        )


class NoWitnessKeyError(SanquanError):
    """Raised when a key of another kind is named as a witness."""

    def __init__(self) -> None:
        """What is one."""
        super().__init__(
            "这不是监督签名的公钥: 请监察局运行 witness about, 把那一行发来",
            "this is no key of a witness: ask the bureau for the line that witness about prints",
        )


class LineRefusedError(CosignatureRefusedError):
    """Raised when what came back is no signed note, or a signature under it does not hold."""

    def __init__(self, why: VerifyError) -> None:
        """What the reader of notes said."""
        super().__init__(f"带回的签名不能用: {why.zh}", f"what came back can't be used: {why.en}")


class NotOurHeadError(CosignatureRefusedError):
    """Raised when what a witness gave back is over a head that this log never had."""

    def __init__(self) -> None:
        """What to do."""
        super().__init__(
            "带回的签名不是对本账本的账头签的: 核对是不是拿错了文件夹, 并通知监察局",
            "what came back was not signed over a head of this log: check the folder, and tell the bureau",
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a line: the size that it covers, the witnesses over it, when each signed, whether the published head has it."""

    size: int
    witnesses: tuple[tuple[str, int], ...]
    published: bool
    note: bytes


def trust(store: Store, vkey: str, name: str, *, quorum: bool) -> VerifierKey:
    """Name a witness on the log (one K entry); `quorum` asks verifiers for its signature. Raises
    KeyRefusedError, NoWitnessKeyError, PolicyError.
    """
    key = parse_vkey(vkey)
    if key.kind != COSIGNATURE:
        raise NoWitnessKeyError
    with store.reading() as connection:
        text = policy_text(connection)
    added = [f"witness {name} {key}", *([f"quorum {name}"] if quorum else [])]
    *others, last = text.rstrip("\n").split("\n")
    # As a verifier will read it: a name that stands already, or a log without a key, is refused before it is written.
    parse_policy("\n".join([*others, added[0], *(added[1:] or [last]), ""]))
    append_keys(store, added)
    return key


def policy(store: Store) -> Policy:
    """Whose lines are taken. NoWitnessError where the log names no witness."""
    with store.reading() as connection:
        text = policy_text(connection)
    found = parse_policy(text) if text else None
    if found is None or not found.witnesses:
        raise NoWitnessError
    return found


def remember(store: Store, head: Head) -> None:
    """Keep the head about which a witness is asked: published heads go, an answer may come days later."""
    file = _folder(store) / str(head.checkpoint.size)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        durable.write(file, head.raw, durable=store.settings.durable)


def take(store: Store, raw: bytes) -> Taken:
    """Keep what a witness gave back: a note over one of our heads with its line.

    1. Its text is a head that this log has: same origin, the root that our entries give at that size.
    2. The log's own signature holds, and a witness's that the log names.
    3. The lines are added to those kept for that size, a newer one of the same key in the place of the older.

    LineRefusedError, NoWitnessError, NotOurHeadError, PublisherBusyError.
    """
    whose = policy(store)
    try:
        given = parse_head(raw)
        # 1
        _refuse_foreign(store, given, whose)
        # 2
        if not verified(given.note, whose.witnesses.values()):
            raise NoWitnessError
    except VerifyError as broken:
        raise LineRefusedError(broken) from broken
    # 3
    store.settings.signing.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with durable.alone(store.settings.signing / LOCK_FILE):
            return _added(store, given, whose)
    except durable.HeldElsewhereError as held:
        raise PublisherBusyError from held


def witnesses(store: Store, known_at: int) -> list[tuple[str, VerifierKey, int, int | None]]:
    """Each witness that the log names up to a size: its name there, its key, up to which size it has cosigned, when."""
    with store.reading() as connection:
        text = policy_text(connection, known_at)
    found = []
    for name, key in (parse_policy(text).witnesses if text else {}).items():
        signed = ((head.checkpoint.size, by[0].time) for head in kept_heads(store) if (by := verified(head.note, [key])))
        found.append((name, key, *next(signed, (0, None))))
    return found


def cosigned_size(store: Store) -> int:
    """Up to which size the newest line of a witness goes; 0 where there is none, or the log names no witness."""
    try:
        keys = list(policy(store).witnesses.values())
    except NoWitnessError:
        return 0
    return next((head.checkpoint.size for head in kept_heads(store) if verified(head.note, keys)), 0)


def best(store: Store) -> bytes:
    """The newest note of this log that has all the signatures its policy asks for. PolicyError where there is none."""
    with store.reading() as connection:
        asked = parse_policy(policy_text(connection))
    published = _read(store.settings.published / CHECKPOINT_FILE)
    for head in (published, *kept_heads(store)):
        if head is None:
            continue
        try:
            check(head.raw, asked)
        except PolicyError:
            continue
        return head.raw
    raise PolicyError("还没有签名足数的检查点", "no checkpoint has the signatures that the policy asks for yet")


def _refuse_foreign(store: Store, given: Head, whose: Policy) -> None:
    told = given.checkpoint
    if all(key.name != told.origin for key in whose.logs):
        raise NotOurHeadError
    with store.reading() as connection:
        tree = tree_of(store, connection)
    if told.size > tree.size or tree.root(told.size) != told.root:
        raise NotOurHeadError


def _added(store: Store, given: Head, whose: Policy) -> Taken:
    size = given.checkpoint.size
    file = _folder(store) / str(size)
    published = store.settings.published / CHECKPOINT_FILE
    ours = [head.note for head in map(_read, (published, file)) if head is not None and head.note.text == given.note.text]
    whole = _joined(given.note, ours, whose)
    check(whole, Policy(whose.logs, whose.witnesses, until=whose.until))
    file.parent.mkdir(parents=True, exist_ok=True)
    durable.write(file, whole, durable=store.settings.durable)
    shown = _read(published)
    is_published = shown is not None and shown.note.text == given.note.text
    if is_published:
        durable.write(published, whole, durable=store.settings.durable)
    signed = verified(parse_head(whole).note, whose.witnesses.values())
    return Taken(size, tuple((each.key.name, each.time or 0) for each in signed), is_published, whole)


def _joined(given: Note, ours: list[Note], whose: Policy) -> bytes:
    """One note: the log's lines as we had them (what we do not know among them too), of each witness the latest."""
    known = {(key.name, key.key_id): key for key in (*whose.logs, *whose.witnesses.values())}
    kept = ours[0].lines if ours else [each for each in given.lines if (each.name, each.key_id) in known]
    witnesses = {(key.name, key.key_id) for key in whose.witnesses.values()}
    newest: dict[VerifierKey, tuple[int, SignatureLine]] = {}
    for each in (given, *ours):
        by = {(one.name, one.key_id): one for one in each.lines}
        for signed in verified(each, whose.witnesses.values()):
            time = signed.time or 0
            if signed.key not in newest or newest[signed.key][0] < time:
                newest[signed.key] = time, by[signed.key.name, signed.key.key_id]
    lines = [each for each in kept if (each.name, each.key_id) not in witnesses]
    lines += [one for _, one in newest.values()]
    return note(given.text, [line(each.name, each.key_id, each.signature) for each in lines])


def _read(file: Path) -> Head | None:
    """The note in a file, None where there is none."""
    try:
        return parse_head(file.read_bytes())
    except (OSError, VerifyError):
        return None


def kept_heads(store: Store) -> Iterator[Head]:
    """Heads that witnesses were asked about, newest first; a file that is none is passed over."""
    folder = _folder(store)
    sizes = sorted((int(file.name) for file in folder.glob("*") if file.name.isdecimal()), reverse=True)
    yield from (head for head in (_read(folder / str(size)) for size in sizes) if head is not None)


def _folder(store: Store) -> Path:
    return store.settings.published / COSIGNED_FOLDER
