"""Do the lines of every sealed allotment still make exactly one, all by one act, over their common denominator?"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from registry.audit.rows import Stored, disagreement, stored
from registry.rights.model import ALLOTMENT_LINE, ALLOTMENT_SEALED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Connection

    from registry.ledger.check import Disagreement


def judge_allotments(connection: Connection) -> Iterator[Disagreement]:
    """Every allotment whose lines do not make one, and every line of none. Shares of rights are keys to lines."""
    lines: dict[str, list[Stored]] = defaultdict(list)
    for row in stored(connection, ALLOTMENT_LINE):
        lines[row["allotment_id"]].append(row)
    for seal in stored(connection, ALLOTMENT_SEALED):
        own = lines.pop(seal["allotment_id"], [])
        if not _makes_one(own, seal["common"]):
            for row in own:
                zh, en = "所在的份额表合计不是 1", "the lines of its allotment do not make one"
                yield disagreement(ALLOTMENT_LINE, row, row["cause_idx"], ("numerator", "denominator"), zh, en)
            zh, en = "各份额合计不是 1, 或公分母不对", "its lines do not make one, or not over this denominator"
            yield disagreement(ALLOTMENT_SEALED, seal, seal["cause_idx"], ("common",), zh, en)
        for row in own:
            if row["cause_idx"] != seal["cause_idx"]:
                zh, en = "与其份额表不是同一行为所记", "it is not by the act that sealed its allotment"
                yield disagreement(ALLOTMENT_LINE, row, row["cause_idx"], ("cause_idx",), zh, en)
                yield disagreement(ALLOTMENT_SEALED, seal, seal["cause_idx"], ("cause_idx",), zh, en)
    for own in lines.values():
        for row in own:
            zh, en = "份额表没有封存", "its allotment was never sealed"
            yield disagreement(ALLOTMENT_LINE, row, row["cause_idx"], ("allotment_id",), zh, en)


def _makes_one(lines: Sequence[Stored], common: int) -> bool:
    parts = [(row["numerator"], row["denominator"]) for row in lines]
    if not all(isinstance(n, int) and isinstance(d, int) and n > 0 and d > 0 for n, d in parts):
        return False
    return sum(Fraction(n, d) for n, d in parts) == 1 and common == lcm(*(d for _, d in parts))
