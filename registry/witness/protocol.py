"""What is answered to a log that asks for a cosignature? c2sp.org/tlog-witness, and P1 to P6 before the signature.

`add_checkpoint` answers as the standard says. What the standard does not know: entries and pairs come first (`deposit`); without
them 428, and 422 where one breaks a rule. A signed head that contradicts one cosigned before, goes back, or holds an unlawful entry
is kept as evidence together with our own last head.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from registry.ledger.signing import Signer
from registry.ledger.signing import line as line_of
from registry.ledger.signing import note as note_of
from registry.ledger.verify.note import (
    MAX_NOTE_BYTES,
    Checkpoint,
    SignatureError,
    SignatureLine,
    VerifierKey,
    parse_checkpoint,
    parse_note,
    verified,
)
from registry.ledger.verify.proofs import HASH_BYTES, ProofFailedError, consistent, leaf_hash
from registry.ledger.verify.replay import Failure
from registry.ledger.verify.strict import MalformedError, VerifyError, b64, number, utf8
from registry.ledger.verify.tiles import joined
from registry.witness import succession
from registry.witness.judging import Judged, judge
from registry.witness.material import Handed
from registry.witness.refusals import MaterialError, NotWatchedError
from registry.witness.settings import Settings, Watched
from registry.witness.store import Head, Store

MAX_HASHES: Final = 63
MAX_REQUEST_BYTES: Final = MAX_NOTE_BYTES + 64 * 45 + 32
SIZE_TYPE: Final = "text/x.tlog.size"
_TEXT_TYPE: Final = "text/plain; charset=utf-8"
_SHOWN: Final = 20
"""How many failures an answer names; evidence holds the note, and the check can be repeated."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a status of HTTP, a body, its type. `judged`: what was found, where entries were judged.

    `kept`: whether evidence is.
    """

    status: int
    body: bytes
    kind: str = _TEXT_TYPE
    judged: Judged | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in its parts: the size that the log believes us to have, the proof, the note and its checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes
    checkpoint: Checkpoint


class _Refused(Exception):
    """Carries an answer out of a transaction that is undone, and what is to be kept of it: kind, words, our last note."""

    def __init__(self, answer: Answer, kind: str = "", words: tuple[str, str] = ("", ""), ours: bytes = b"") -> None:
        super().__init__(kind)
        self.answer = answer
        self.kind = kind
        self.words = words
        self.ours = ours


@dataclass(frozen=True, slots=True)
class Witness:
    """One witness at work. `now` is the clock, in POSIX seconds."""

    settings: Settings
    store: Store
    signer: Signer
    now: Callable[[], int] = field(default=lambda: int(time.time()))

    def add_checkpoint(self, raw: bytes, *, keep: bool = True) -> Answer:
        """Cosign a head, or say why not.

        1. 400 what is no request; 404 a log that is not watched; 403 no signature of one of its keys.
        2. 400 old > size; 409 old is not the size that we have (the body says it); 422 a proof that does not hold.
        3. 428 where entries are missing, 422 where the entries do not make this head, break P1 to P6, name a loss that is none, or
           go on for a log that another one has succeeded.
        4. The head is saved, in the same transaction as 2 and 3, and is on the disk before its line is answered.

        `keep` False judges and undoes everything: what would be answered.
        """
        # 1
        try:
            asked = parse_request(raw)
        except VerifyError as broken:
            return _said(400, broken.zh, broken.en)
        log = self.settings.logs.get(asked.checkpoint.origin)
        if log is None:
            return _said(404, *_words(NotWatchedError()))
        try:
            lines = _signed_by(log, asked.note)
        except VerifyError as broken:
            return _said(403, broken.zh, broken.en)
        try:
            with self.store.changing() as change:
                head = change.head(log.origin)
                # 2
                _refuse_size(asked, head, lambda size: joined([leaf_hash(each) for each in change.leaves(log.origin, size)]))
                stamp = self.now()
                line = self.signer.cosign(str(asked.checkpoint), stamp)
                note = note_of(str(asked.checkpoint), [*lines, line])
                judged = None
                if head is not None and head.size == asked.checkpoint.size:
                    change.sign_again(log.origin, note)
                else:
                    # 3
                    _refuse_ended(succession.ended_by(change, self.settings, log), head)
                    start = 0 if head is None else head.size
                    have = change.deposited(log.origin)
                    if have < asked.checkpoint.size:
                        raise _Refused(_said(428, f"第 {have} 条起的账目还没有交来", f"entries from {have} on are missing"))
                    state = change.state(log.origin)
                    handed = change.handed(log.origin, start, asked.checkpoint.size)
                    judged = judge(None if head is None else head.standing, state, handed)
                    judged = succession.judged(change, self.settings, log, head, judged)
                    _refuse_entries(asked, change.head(log.succeeds) if head is None and log.succeeds else head, judged)
                    # 4
                    change.sign(log.origin, Head(asked.checkpoint.size, asked.checkpoint.root, note, judged.standing), stamp, state)
                if not keep:
                    raise _Refused(Answer(200, b"", judged=judged))
        except _Refused as refused:
            if keep and refused.kind:
                self._keep(log, refused, asked)
                return replace(refused.answer, kept=True)
            return refused.answer
        return Answer(200, line.encode(), judged=judged)

    def deposit(self, origin: str, start: int, entries: Iterable[Handed]) -> Answer:
        """Take entries and pairs from index `start` on: 200 with the size that is here now, 409 with it where there is a gap."""
        if origin not in self.settings.logs:
            return _said(404, *_words(NotWatchedError()))
        try:
            with self.store.changing() as change:
                head = change.head(origin)
                if not (0 if head is None else head.size) <= start <= change.deposited(origin):
                    return Answer(409, f"{change.deposited(origin)}\n".encode(), SIZE_TYPE)
                change.deposit(origin, start, entries)
                return Answer(200, f"{change.deposited(origin)}\n".encode(), SIZE_TYPE)
        except MaterialError as broken:
            return _said(400, broken.zh, broken.en)

    def origin_of(self, address: str) -> str:
        """The origin whose hash stands in a path; empty where we watch no such log."""
        return next((log.origin for log in self.settings.logs.values() if log.address == address), "")

    def checkpoint(self, origin: str) -> Answer:
        """The last cosigned note of a log; 404 where there is none."""
        with self.store.reading() as change:
            head = change.head(origin)
        return _said(404, "还没有签过", "nothing was cosigned yet") if head is None else Answer(200, head.note)

    def _keep(self, log: Watched, refused: _Refused, asked: Asked) -> None:
        with self.store.changing() as change:
            change.refused(log.origin, self.now(), refused.kind, refused.words, (refused.ours, asked.note))
            if refused.kind == "other-entries":
                change.drop_deposit(log.origin)


def parse_request(raw: bytes) -> Asked:
    """`old <size>`, up to 63 hashes, an empty line, the note. MalformedError."""
    if len(raw) > MAX_REQUEST_BYTES:
        raise MalformedError("请求太长", "the request is too long")
    top, gap, note = raw.partition(b"\n\n")
    first, *hashes = utf8(top).split("\n")
    if not gap or not first.startswith("old ") or len(hashes) > MAX_HASHES:
        raise MalformedError("不是 add-checkpoint 请求", "not a request to add a checkpoint")
    return Asked(
        number(first.removeprefix("old ")),
        tuple(b64(each, HASH_BYTES) for each in hashes),
        note,
        parse_checkpoint(parse_note(note).text),
    )


def request(old: int, proof: Iterable[bytes], note: bytes) -> bytes:
    """The body of a request."""
    return "".join([f"old {old}\n", *(f"{_b64(each)}\n" for each in proof), "\n"]).encode() + note


def _signed_by(log: Watched, raw: bytes) -> list[str]:
    """The signature lines of the log's own keys, as they are sent on. SignatureError."""
    note = parse_note(raw)
    signed = {each.key for each in verified(note, log.vkeys)}
    if not signed:
        raise SignatureError("没有登记机构的签名", "the log's own signature is missing")
    return [line_of(line.name, line.key_id, line.signature) for line in note.lines if _names_one_of(line, signed)]


def _names_one_of(line: SignatureLine, keys: Iterable[VerifierKey]) -> bool:
    return any((line.name, line.key_id) == (key.name, key.key_id) for key in keys)


def _refuse_size(asked: Asked, head: Head | None, root_at: Callable[[int], bytes]) -> None:
    """Step 2: the standard's own answers; beside them, what the log's signature under this head proves against it."""
    size = 0 if head is None else head.size
    ours = b"" if head is None else head.note
    new = asked.checkpoint
    kind, words = "", ("", "")
    if new.size <= size and new.root != root_at(new.size):
        kind, words = "fork", (f"分叉: {new.size} 条处有两个根", f"a fork: two roots at size {new.size}")
    elif new.size < size:
        # A late message looks the same; the inspector decides by asking the registry for its present head.
        kind, words = "rollback", (f"由 {size} 条退到 {new.size} 条", f"back from size {size} to {new.size}")

    def refused(answer: Answer) -> _Refused:
        return _Refused(answer, kind, words, ours)

    if asked.old > new.size:
        raise refused(_said(400, "old 大于检查点的条数", "old is larger than the checkpoint"))
    if asked.old != size:
        raise refused(Answer(409, f"{size}\n".encode(), SIZE_TYPE))
    if kind:
        raise refused(_said(422, *words))
    if asked.proof and asked.old in {0, new.size}:
        raise refused(_said(422, "这里不需要证明", "no proof is needed here"))
    if head is not None and 0 < size < new.size:
        try:
            consistent(size, new.size, asked.proof, head.root, new.root)
        except ProofFailedError as failed:
            # Anybody can send a true note with a false proof: kept, but not as proof of a fork.
            kind, words = "no-proof", ("接续证明不成立", "the consistency proof does not hold")
            raise refused(_said(422, *words)) from failed


def _refuse_entries(asked: Asked, head: Head | None, judged: Judged) -> None:
    """Step 3: the entries must make this very head, and each must be lawful."""
    ours = b"" if head is None else head.note
    if judged.root != asked.checkpoint.root:
        words = "交来的账目算不出这个根", "the entries handed over do not give this root"
        raise _Refused(_said(422, *words), "other-entries", words, ours)
    if judged.failures and asked.checkpoint.size:
        raise _Refused(
            Answer(422, _told(judged.failures).encode(), judged=judged),
            "hidden" if any(each.rule == succession.RULE for each in judged.failures) else "unlawful",
            (_joined(each.zh for each in judged.failures), _joined(f"{each.rule} {each.en}" for each in judged.failures)),
            ours,
        )


def _refuse_ended(successor: str, head: Head | None) -> None:
    """Two logs that both go on would be two histories."""
    if successor:
        words = f"这本账已由 {successor} 接续, 不再签", f"the log {successor} has succeeded this one, which is cosigned no further"
        raise _Refused(_said(422, *words), "ended", words, b"" if head is None else head.note)


def _told(failures: tuple[Failure, ...]) -> str:
    return "".join(f"{each.rule} {each.zh} / {each.en}\n" for each in failures[:_SHOWN])


def _joined(sentences: Iterable[str]) -> str:
    return "; ".join(list(sentences)[:_SHOWN])


def _said(status: int, zh: str, en: str) -> Answer:
    return Answer(status, f"{zh} / {en}\n".encode())


def _words(refusal: VerifyError) -> tuple[str, str]:
    return refusal.zh, refusal.en


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")
