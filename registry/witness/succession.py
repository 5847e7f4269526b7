"""May a log go on where another one, which this witness has cosigned, lost entries?

Only by the inspector's word (`witness successor`), and only for what can have been lost: the head that the loss names is signed by
the old log and not older than the one cosigned here, and the entries that are left are those cosigned here. All entries of the
successor are judged from the first on, so no state is taken over on trust. The old log is cosigned no further.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from registry.ledger.verify.note import parse_note, verified
from registry.ledger.verify.replay import Failure, Loss
from registry.ledger.verify.strict import VerifyError
from registry.witness.judging import Judged
from registry.witness.settings import Settings, Watched
from registry.witness.store import Change, Head

RULE: Final = "LOSS"


def judged(change: Change, settings: Settings, log: Watched, head: Head | None, found: Judged) -> Judged:
    """What was judged, with what is wrong about the losses that the entries name, and with what a receipt must say of them."""
    begins = head is None or not head.size
    failures: list[Failure] = []
    if begins and log.succeeds and (not found.losses or found.losses[-1].origin != log.succeeds):
        failures.append(
            _failure(0, f"没有写明接续 {log.succeeds} 丢了什么", f"it does not name what {log.succeeds}, which it succeeds, lost")
        )
    before = settings.before(log)
    for loss in found.losses:
        if not begins or loss.origin not in before:
            failures.append(
                _failure(
                    loss.first,
                    f"没有监督人的话, 不接 {loss.origin} 的续账: witness successor",
                    f"no successor of {loss.origin} without the inspector's word: witness successor",
                )
            )
        else:
            failures += _contradictions(change, before[loss.origin], log, loss)
    said = tuple(_said(loss, change.head(loss.origin)) for loss in found.losses)
    return replace(found, failures=(*found.failures, *failures), said=said)


def ended_by(change: Change, settings: Settings, log: Watched) -> str:
    """The origin of the log that has succeeded this one, empty where none has."""
    heads = ((other.origin, change.head(other.origin)) for other in settings.logs.values() if other.succeeds == log.origin)
    return next((origin for origin, head in heads if head is not None and head.size), "")


def _contradictions(change: Change, old: Watched, log: Watched, loss: Loss) -> Iterator[Failure]:
    try:
        signed = verified(parse_note(loss.note), old.vkeys)
    except VerifyError:
        signed = ()
    if not signed:
        yield _failure(loss.first, f"所写 {old.origin} 的账头没有旧账的签名", f"the head of {old.origin} is not signed by it")
    ours = change.head(old.origin)
    if ours is None:
        return
    if ours.size > loss.size:
        yield _failure(
            loss.first,
            f"说旧账签到第 {loss.size} 条, 我们签过 {ours.size} 条: 多出的被瞒下了",
            f"the old log is said to end at {loss.size}, we cosigned {ours.size}: entries are hidden",
        )
    if ours.size == loss.size and ours.root != loss.root:
        yield _failure(loss.first, f"旧账在第 {loss.size} 条处有两个根", f"the old log has two roots at size {loss.size}")
    size = min(ours.size, loss.first)
    pairs = zip(change.leaves(old.origin, size), change.handed(log.origin, 0, size), strict=True)
    for index, (leaf, handed) in enumerate(pairs):
        if leaf != handed.leaf:
            yield _failure(index, "不是我们签过的那一条", "it is not the entry that we cosigned")
            return


def _said(loss: Loss, ours: Head | None) -> tuple[str, str]:
    zh, en = loss.said
    size = 0 if ours is None else ours.size
    if size <= loss.first:
        return f"{zh}。我们没有签过丢失的账目", f"{en}; we cosigned none of the lost entries"
    return (
        f"{zh}。其中第 {loss.first} 至 {min(size, loss.size) - 1} 条我们签过, 留有副本",
        f"{en}; of these we cosigned {loss.first} to {min(size, loss.size) - 1} and have kept them",
    )


def _failure(index: int, zh: str, en: str) -> Failure:
    return Failure(index, RULE, f"第 {index} 条：{zh}", f"entry {index}: {en}")
