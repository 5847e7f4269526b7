"""Is a month's sample the one that the public log gives? For strangers: the published log and a policy, no database.

What it can't show: over http, that no other head was cosigned earlier in that month (a folder shows it); that the list has
every family that settled; that a witness asked for the first head that it could.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.ledger import drawing
from registry.ledger.drawing import Reveal, Seal
from registry.ledger.published import Folder, leaves, read_published
from registry.ledger.verify.note import MAX_NOTE_BYTES, check, parse_checkpoint, parse_note, verified
from registry.ledger.verify.replay import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.ledger.published import Place, Sentence
    from registry.ledger.verify.note import Checkpoint, Note, Policy

_MOST_LIST_BYTES = 44 * 1_000_000
_COSIGNED = "cosigned"


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What a stranger finds: the lines of the log, the ids in the order of the draw, what does not hold, what can't be shown."""

    month: str
    seal: Seal | None
    reveal: Reveal | None
    drawn: tuple[str, ...]
    faults: tuple[Sentence, ...]
    unproved: tuple[Sentence, ...]

    @property
    def ok(self) -> bool:
        """Whether it was drawn and everything holds."""
        return self.reveal is not None and not self.faults


def redraw(log: Place, month: str, policy: Policy) -> Redrawn:
    """Draw a month again.

    1. The log holds together and is signed as the policy asks (`read_published`).
    2. One number was sealed for the month, in the month before; one was revealed, in the month; it is the one that was sealed.
    3. The head that was drawn by is of this log, signed by it, and by a witness in that month; the log has its root at its size.
    4. In a folder: no other head that has the seal in it was cosigned earlier in that month.
    5. The list is the one that was sealed.
    6. The draw (`drawing.draw`).

    VerifyError where a file can't be read or has not its form.
    """
    # 1
    published = read_published(log, policy)
    faults = [*published.faults, *((failure.zh, failure.en) for failure in published.report.failures)]
    # 2
    said = [one for one in _lines(log, published.checkpoint.size) if one.month == month]
    seals = [one for one in said if isinstance(one, Seal)]
    reveals = [one for one in said if isinstance(one, Reveal)]
    seal, reveal = next(iter(seals), None), next(iter(reveals), None)
    faults += _order(month, seals, reveals)
    if seal is None or reveal is None:
        return Redrawn(month, seal, reveal, (), tuple(faults), ())
    # 3
    raw = log.read(f"{drawing.FOLDER}/{month}.checkpoint", MAX_NOTE_BYTES)
    note = parse_note(raw)
    faults += _head(log, check(raw, policy).checkpoint, note, reveal, policy)
    # 4
    unproved: list[Sentence] = []
    if isinstance(log, Folder):
        faults += _earlier(log, note, seal, policy)
    else:
        unproved.append(("这个月没有更早被监督签过的账头(放在文件夹里的账本才查得到)", "that no other head was cosigned earlier"))
    unproved += [
        ("名单包含每一户已落户的人家", "that the list has every family that settled"),
        ("监察局没有故意晚签", "that the witness did not put off signing"),
    ]
    # 5
    ids = drawing.read_list(log.read(f"{drawing.FOLDER}/{month}", _MOST_LIST_BYTES), seal)
    if ids is None:
        faults.append(("名单不是封存的那一份", "the list is not the one that was sealed"))
        return Redrawn(month, seal, reveal, (), tuple(faults), tuple(unproved))
    # 6
    places = drawing.draw(note.text.encode(), reveal.number, seal.n, seal.k)
    return Redrawn(month, seal, reveal, tuple(ids[place] for place in places), tuple(faults), tuple(unproved))


def _lines(log: Place, size: int) -> Iterator[Seal | Reveal]:
    for idx, leaf in enumerate(leaves(log, size)):
        if b'"cls":"K"' in leaf:
            entry = json.loads(leaf)
            yield from drawing.read_lines(idx, entry["at"], entry["vkeys"])


def _order(month: str, seals: list[Seal], reveals: list[Reveal]) -> Iterator[Sentence]:
    if not seals:
        yield f"账本上没有为 {month} 封存过数", f"no number is sealed for {month} in the log"
        return
    if len(seals) > 1:
        yield f"{month} 封存过 {len(seals)} 个数", f"{len(seals)} numbers are sealed for {month}"
    if not seals[0].in_time:
        yield f"{month} 的数不是在上一个月封存的", f"the number of {month} was not sealed in the month before"
    if not reveals:
        yield f"{month} 的数还没有公开: 还没有抽", f"the number of {month} is not revealed: nothing was drawn yet"
        return
    if len(reveals) > 1:
        yield f"{month} 抽过 {len(reveals)} 次", f"{month} was drawn {len(reveals)} times"
    if not reveals[0].opens(seals[0]):
        yield "公开的数不是封存的那个, 或不在那个月", "the number is not the one that was sealed, or was not told in its month"


def _head(log: Place, checkpoint: Checkpoint, note: Note, reveal: Reveal, policy: Policy) -> Iterator[Sentence]:
    if checkpoint.size != reveal.size:
        yield "抽签用的账头不是公开时写明的那个", "the head is not the one that was named"
        return
    walk = Walk()
    for leaf in leaves(log, reveal.size):
        walk.take(leaf)
    if walk.root != checkpoint.root:
        yield "抽签用的账头不是这本账的", "the head is not of this log"
    if not _months(note, policy, reveal.month):
        yield f"没有监督机构在 {reveal.month} 签过这个账头", f"no witness signed that head in {reveal.month}"


def _earlier(log: Folder, note: Note, seal: Seal, policy: Policy) -> Iterator[Sentence]:
    times = _months(note, policy, seal.month)
    for file in sorted((log.root / _COSIGNED).glob("*")):
        if not file.name.isdecimal():
            continue
        other = parse_note(log.read(f"{_COSIGNED}/{file.name}", MAX_NOTE_BYTES))
        size = parse_checkpoint(other.text).size
        before = [time for time in _months(other, policy, seal.month) if times and time < min(times)]
        if before and size > seal.idx and other.text != note.text:
            yield f"第 {size} 条的账头在那个月签得更早", f"the head at size {size} was cosigned earlier in that month"


def _months(note: Note, policy: Policy, month: str) -> list[int]:
    """When witnesses of the policy signed a note in this month of China."""
    times = (signed.time or 0 for signed in verified(note, policy.witnesses.values()))
    return [time for time in times if drawing.month_of(drawing.instant(time)) == month]

