"""Do these entries, after those judged before, keep P1 to P6?

P1, P2, P3, P5, P6 and the form of each entry are those of `registry.ledger.verify.replay`. P4 needs what the public log hides: for
each version that an act made, the map key of its thing. Then for every act the digests handed over are exactly those that its
entry names, and at every state the root over the witness's own copy of the map is the one that the entry states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from registry.ledger.verify.replay import Failure, Loss, Standing, Walk
from registry.ledger.verify.strict import b64u_text
from registry.witness.material import Handed
from registry.witness.state import StateMap

SIGNABLE: Final = frozenset({"S", "H"})
"""The classes of entry at which a head may end: after any other the state is not said."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found over some entries: where the walk stands now, its root, what broke a rule, how many entries of each class.

    `losses` are what these entries say was lost; the caller MUST have `succession` judge them, which adds what is to be `said`.
    """

    standing: Standing
    root: bytes
    failures: tuple[Failure, ...]
    classes: Counter[str]
    losses: tuple[Loss, ...] = ()
    said: tuple[tuple[str, str], ...] = ()


def judge(standing: Standing | None, held: StateMap, entries: Iterable[Handed]) -> Judged:
    """Walk on from where an earlier walk stood (None: from entry 0); `held` follows the entries."""
    walk = Walk() if standing is None else Walk.after(standing)
    found: list[Failure] = []
    classes: Counter[str] = Counter()
    last = ""
    for each in entries:
        index = walk.size
        entry = walk.take(each.leaf)
        last = "" if entry is None else entry.cls
        classes[last] += 1
        if entry is not None and entry.cls == "R":
            if sorted(digest for _, digest in each.pairs) != entry.rv:
                found.append(
                    _failure(
                        index,
                        f"交来的 {len(each.pairs)} 个版本与账目写明的 {len(entry.rv)} 个不同",
                        f"the {len(each.pairs)} versions handed over are not the {len(entry.rv)} that the entry names",
                    )
                )
            for key, digest in each.pairs:
                held.put(key, digest)
        elif each.pairs:
            found.append(_failure(index, "不是权利行为却交来版本", "versions were handed over for what is no act"))
        if entry is not None and entry.cls == "S" and entry.st != f'"{b64u_text(held.root())}"':
            found.append(
                _failure(
                    index,
                    f"写明的状态根 {entry.st} 不是这些行为得出的",
                    f"the state root {entry.st} does not follow from the acts",
                )
            )
    if classes and last not in SIGNABLE:
        found.append(
            _failure(walk.size - 1, "账本停在 S 或 H 以外的账目上", "the head ends at an entry that is neither S nor H")
        )
    report = walk.report()
    return Judged(walk.standing, report.root, (*report.failures, *found), classes, report.losses)


def _failure(index: int, zh: str, en: str) -> Failure:
    return Failure(index, "P4", f"第 {index} 条：{zh}", f"entry {index}: {en}")
